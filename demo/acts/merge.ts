import { type Act, botComments, botPulls } from "../act.ts";
import { glimpse } from "../glimpse.ts";
import { withoutComments } from "../text.ts";
import { wordsOf } from "../timeline.ts";
import { Missed, until } from "../waiting.ts";

const MERGED = "A human merged the first pull request, and main is as it was before the breaking commit";
const PATIENT = "The App gave no verdict before the merge was delivered";
const HEALED = "After the rollout the App said on the pull request that the deployment is healthy";

export const merge: Act = {
  title: "A human merges",
  words:
    "Merging is the approval: Kube AutoFix cannot write to the cluster. Argo CD sees the merge and rolls it out; the App watches whether that really healed the deployment, and says so.",
  promises: [MERGED, PATIENT, HEALED],
  async play({ stage, narrator, prove }) {
    const { checkout } = stage.shops;
    const { name, key, playback, repository } = checkout;
    const pull = (await botPulls(stage, checkout))[0];
    if (!pull) throw new Missed("There is no pull request to merge.");
    const known = new Set(await botComments(stage, checkout, pull.number));
    const said = async () => (await botComments(stage, checkout, pull.number)).find((comment) => !known.has(comment));

    const from = stage.endings.length;
    const sha = await repository.merge(pull.number, "ada");
    narrator.event("human", name, `@ada merges #${pull.number}: ${sha.slice(0, 7)} is main now`);
    const restored = JSON.stringify(Object.entries(await repository.tree("main")).sort()) === JSON.stringify(Object.entries(playback.recording.before).sort());
    prove(MERGED, (await repository.pull(pull.number)).merged && restored);

    const waits = await stage.ending("the App to notice the merge", ({ delivery, ending }) => delivery === key && ending.kind === "waiting", from);
    if (waits.ending.kind === "waiting") narrator.event("autofix", name, `waits: ${waits.ending.why}`);
    prove(PATIENT, (await said()) === undefined);

    const seen = playback.showHealed(sha).flatMap((object) => glimpse(object) ?? []);
    narrator.event("cluster", name, `Argo CD delivers ${sha.slice(0, 7)}: ${seen.join("; ")}`);
    const verdict = await stage.ending("the App's verdict", ({ delivery, ending }) => delivery === key && ending.kind === "verdict", from);
    narrator.event("autofix", name, wordsOf(verdict.ending) ?? "");
    const comment = await until("the comment with the verdict", said);
    narrator.box(`${stage.github.appCredentials.botLogin} comments on #${pull.number}`, withoutComments(comment));
    prove(HEALED, verdict.ending.kind === "verdict" && verdict.ending.verdict === "healed" && comment.startsWith("✅"));
  },
};
