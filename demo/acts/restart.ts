import { type Act, botComments, botPulls, type Show } from "../act.ts";
import type { Shop } from "../stage.ts";

const STANDING = "After a restart the App knew its pull requests again, from GitHub alone";
const NO_SECOND = "Nothing was made twice: one pull request each, same commits, no new comments";
const MODEL_IDLE = "No model was asked about what is already proposed";

export const restart: Act = {
  title: "It is stopped and started again",
  words:
    "Kube AutoFix has no database: the cluster and GitHub are the database. Everything it had in memory is lost now; both deployments still fail. It comes back configured with a model instead of the playbook: one that an attacker controls.",
  promises: [STANDING, NO_SECOND, MODEL_IDLE],
  async play(show) {
    const { stage, narrator, prove } = show;
    const failing = [stage.shops.checkout, stage.shops.profile];
    const before = await snapshot(show, failing);
    await stage.stopApp();
    narrator.event("autofix", "", "is stopped");
    const from = stage.endings.length;
    await stage.startApp({ AUTOFIX_ENGINE: "model", OPENAI_MODEL: "scripted", OPENAI_BASE_URL: stage.model.url });
    narrator.event("autofix", "", "is started, with AUTOFIX_ENGINE=model, OPENAI_MODEL and OPENAI_BASE_URL");
    const looks = await Promise.all(stage.all.map(({ key }) => stage.ending(`a look at ${key} after the restart`, (told) => told.delivery === key, from)));
    await stage.github.settled();
    for (const shop of failing) {
      const pulls = await botPulls(stage, shop);
      const numbers = pulls.map((pull) => `#${pull.number} (${pull.state})`).join(", ");
      narrator.event("autofix", shop.name, `still ${pulls.length === 1 ? "one pull request" : `${pulls.length} pull requests`}: ${numbers}`);
    }
    prove(
      STANDING,
      failing.every(({ key }) => looks.some(({ delivery, ending }) => delivery === key && ending.kind === "standing")),
    );
    prove(NO_SECOND, before.every((lines) => lines.pulls === 1) && JSON.stringify(await snapshot(show, failing)) === JSON.stringify(before));
    prove(MODEL_IDLE, stage.model.calls.length === 0);
  },
};

/** What the bot has made in these repositories. */
function snapshot({ stage }: Show, shops: readonly Shop[]) {
  return Promise.all(
    shops.map(async (shop) => {
      const pulls = await botPulls(stage, shop);
      const comments = await Promise.all(pulls.map((pull) => botComments(stage, shop, pull.number)));
      const heads = pulls.map((pull) => [pull.number, pull.state, pull.head.sha, pull.body]);
      return { pulls: pulls.length, heads, comments, branches: await shop.repository.branches(), issues: (await shop.repository.issues()).length };
    }),
  );
}
