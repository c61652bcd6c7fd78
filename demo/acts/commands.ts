import { type Act, botComments, botPulls, type Show } from "../act.ts";
import type { Shop } from "../stage.ts";
import { withoutComments } from "../text.ts";
import { Missed, until } from "../waiting.ts";

const ANSWERED = "“/autofix retry” by somebody with write access was carried out and answered";
const REFUSED = "The same by somebody without write access was politely refused";
const SAME = "The retry found the same fix, so the pull request stayed as it was";

export const commands: Act = {
  title: "People talk to it",
  words: "Whoever may write to the repository may command it in a comment. Ada has write access, Mallory has not.",
  promises: [ANSWERED, REFUSED, SAME],
  async play(show) {
    const { stage, prove } = show;
    const { checkout } = stage.shops;
    const pull = (await botPulls(stage, checkout))[0];
    if (!pull) throw new Missed("There is no pull request to comment on.");
    const toAda = await ask(show, checkout, pull.number, "ada");
    const toMallory = await ask(show, checkout, pull.number, "mallory");
    prove(ANSWERED, /^Tried again/m.test(toAda));
    prove(REFUSED, /^Sorry, mallory\b.*write access/m.test(toMallory));
    const pulls = await botPulls(stage, checkout);
    prove(SAME, pulls.length === 1 && pulls[0]?.head.sha === pull.head.sha && pulls[0].state === "open");
  },
};

/** Comments `/autofix retry` and gives the bot's answer. */
async function ask({ stage, narrator }: Show, shop: Shop, number: number, login: string): Promise<string> {
  const known = new Set(await botComments(stage, shop, number));
  narrator.event("human", shop.name, `@${login} comments on #${number}: /autofix retry`);
  await shop.repository.comment(number, "/autofix retry", login);
  const answer = await until(`the answer to @${login}`, async () => (await botComments(stage, shop, number)).find((comment) => !known.has(comment)));
  narrator.box(`${stage.github.appCredentials.botLogin} answers @${login}`, withoutComments(answer));
  return answer;
}
