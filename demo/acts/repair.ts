import { unifiedDiff } from "../../src/source/edit/patch.ts";
import { type Act, botPulls, type Show } from "../act.ts";
import { SPEED } from "../playback.ts";
import type { Shop } from "../stage.ts";
import { withoutComments } from "../text.ts";
import { breakShop } from "../timeline.ts";
import { Missed } from "../waiting.ts";

const UNHEALTHY = "An Argo CD Application and a Flux Kustomization turned unhealthy";
const PROPOSED = "The App opened one pull request for each of them";
const RESTORES = "Each pull request changes nothing but what the breaking commit broke";
const CHECKED = "Every guard passed: the check run on each pull request succeeded";
const SPARED = "The healthy delivery was left alone";

export const repair: Act = {
  title: "Two releases break",
  words: `Two commits reach main. Both look harmless, both fail in the cluster. Kube AutoFix waits as long as waiting can still help; then it finds the line in git, and proposes the smallest fix there is. (What the cluster says was recorded from real controllers. The clock shows its seconds; they pass ${SPEED} times faster here.)`,
  promises: [UNHEALTHY, PROPOSED, RESTORES, CHECKED, SPARED],
  async play(show) {
    const { stage, narrator, prove } = show;
    const { checkout, profile, catalog } = stage.shops;
    const broken = await Promise.all([breakShop(stage, narrator, checkout), breakShop(stage, narrator, profile)]);
    prove(
      UNHEALTHY,
      broken.every(({ unhealthy }) => unhealthy),
    );

    const first = await readPull(show, checkout);
    narrator.say("\nThe first pull request, as people find it on GitHub:");
    narrator.box(`#${first.pull.number} ${first.pull.title}`, withoutComments(first.pull.body ?? ""));
    narrator.say("All that merging it would change:");
    narrator.box(`${first.pull.head.ref} → ${first.pull.base.ref}`, first.diff, "diff");
    tellCheck(show, first);

    const second = await readPull(show, profile);
    narrator.say("\nThe second one: another tool, another kind of failure. Its title, and all that it changes:");
    narrator.box(`#${second.pull.number} ${second.pull.title}`, second.diff, "diff");
    tellCheck(show, second);
    narrator.say("");

    prove(PROPOSED, broken.every(({ ending }) => ending.kind === "proposed") && first.count === 1 && second.count === 1);
    prove(RESTORES, first.restores && second.restores);
    prove(
      CHECKED,
      [first, second].every(({ check }) => check?.conclusion === "success"),
    );
    prove(SPARED, (await botPulls(stage, catalog)).length === 0 && (await catalog.repository.issues()).length === 0);
  },
};

type PullSeen = Awaited<ReturnType<typeof readPull>>;

/** A shop's newest pull request with its diff and its check run, as GitHub has them. */
async function readPull({ stage }: Show, shop: Shop) {
  const pulls = await botPulls(stage, shop);
  const pull = pulls.at(-1);
  if (!pull) throw new Missed(`There is no pull request in ${shop.repository.fullName}.`);
  const [before, after] = [await shop.repository.tree(pull.base.ref), await shop.repository.tree(pull.head.sha)];
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const diff = unifiedDiff(paths.map((path) => ({ path, before: before[path], after: after[path] ?? "" })));
  const good = shop.playback.recording.before;
  const restores = Object.keys(good).every((path) => good[path] === after[path]) && paths.every((path) => path in good);
  return { pull, diff, restores, count: pulls.length, check: (await shop.repository.checkRuns(pull.head.sha)).at(-1) };
}

function tellCheck({ narrator }: Show, { check, pull }: PullSeen): void {
  if (check) narrator.say(`Check run “${check.name}” on ${pull.head.sha.slice(0, 7)}: ${check.conclusion}. ${check.output.title}.`);
}
