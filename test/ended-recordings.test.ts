import { beforeAll, expect, test } from "vitest";
import { type BenchCase, ownCases } from "../bench/diagnosis/cases.ts";
import { judge } from "../bench/diagnosis/judge.ts";
import { type Player, play } from "../bench/diagnosis/play.ts";
import { parseOperatorConfig } from "../src/config/operator.ts";
import { createRepairParts } from "../src/parts.ts";
import { fetchRenderers } from "./standins/renderers.ts";
import { disguised } from "./world/disguise.ts";
import { endIds } from "./world/recording.ts";
import { sampledWays, type Way } from "./world/sample.ts";
import { amidWantedChanges, isPlain } from "./world/wanted-changes.ts";

/** What the playbook leaves to people although a manifest edit is the answer, and why. */
const LEFT_TO_PEOPLE: ReadonlyMap<string, string> = new Map([
  ["shop-137", "a larger disk in the claim templates of a StatefulSet that exists: it is wanted, and how the claims get it is for people"],
  ["shop-234", "the account's token was taken away: credentials are given by people"],
  ["shop-306", "capabilities were dropped: what hardens a pod is not loosened"],
  ["shop-307", "the pod runs as another user: what hardens a pod is not loosened"],
  ["shop-308", "a seccomp profile that is not on the node: what hardens a pod is not loosened"],
  ["shop-313", "the node was overloaded, and the recording ends before the window of what came afterwards"],
  ["shop-525", "a registry misspelt for the images of several charts: the other images were never seen in the right one"],
  ["shop-869", "a probe's command that is not in the image: what else to ask is for people"],
  ["shop-840", "a variable that nothing sets, where Flux takes variables from a ConfigMap that is not in git: nothing can be rendered"],
  ["shop-856", "a priority that only the system's own pods have: the guards give it to nobody"],
  ["shop-785", "a HelmRelease that depends on one which was renamed: what it depends on is in its own manifest, which is not edited for that"],
  ["shop-983", "the name of a port given to another one: which of both was meant, nobody can tell"],
  ["shop-1060", "the pod runs as another user: what hardens a pod is not loosened"],
  ["shop-1061", "capabilities were dropped: what hardens a pod is not loosened"],
  ["shop-1231", "capabilities were dropped: what hardens a pod is not loosened"],
  ["shop-1378", "a sidecar that is not told its port, where nothing in git shows by which variable its program is told one"],
  ["shop-1412", "a pod that no longer gets its account's token: credentials are given by people"],
  [
    "shop-1672",
    "a first release is told another port than it declares: the one in its own file, the other in a base that others share, and which is meant nobody can tell",
  ],
  ["shop-1750", "a port of a base that only its overlay's sidecar takes too: in a patch of that overlay it would have to go and come, which the guards refuse"],
  ["shop-1755", "a postStart hook that never worked: Kubernetes does not say why it failed"],
  ["shop-1782", "the account's token was taken away: credentials are given by people"],
  ["shop-1783", "a threshold that a template computes of two values, in whole numbers: which of them is meant, nobody can tell"],
  ["shop-1787", "a component's way of rolling out does not fit one of several workloads: an overlay of its own would have to say otherwise"],
  ["shop-1788", "a first release whose overlay lacks a component that another one has"],
  ["shop-1789", "a replacement takes the wrong part of a text: what kustomize copies is decided by a number of its options"],
  ["shop-1790", "a file that is numbered from 1 where Jobs count from 0: no log names it"],
  ["shop-1791", "ordinals that begin at 1 no more, among ten changes: no log names them"],
  ["shop-1853", "a first release whose volume in memory is too small for what a script copies there: how large it should be is for people"],
  ["shop-1855", "a label of the pods that a chart's values no longer give: what would give it again belongs to no fix of a Service"],
  ["shop-1876", "a Job that fails, and whose pods' logs were gone when it was recorded"],
  ["shop-1900", "an account whose file is listed no more: accounts are nothing that the bot brings"],
  ["shop-1945", "a pod that runs as another user now, who may not open the port: what hardens a pod is not loosened"],
  ["shop-1973", "a word of a NetworkPolicy that the API does not know: policies are nothing that the bot edits"],
  ["shop-1983", "an option that a program does not know, in a first release: no log says how it is called"],
  ["shop-2005", "an overlay that still makes a Secret under its old name: what makes Secrets is for people"],
  ["shop-2010", "an account that a chart's values no longer make: accounts are nothing that the bot brings"],
  ["shop-2011", "a values file that moved and changed, named by an Application that is not in the repository"],
  ["shop-2044", "a part of a chart that a value switched off, and that another part of it still needs: whether it comes back is for people"],
  ["shop-2108", "a release that Helm took back: the log that names one of several settings is gone"],
  ["shop-2120", "a template that takes files by another ending than the new one's: whether the file or the template is meant, nobody can tell"],
  ["shop-2135", "a hook that reads a ConfigMap of its own release: it would have to become a hook, or the template to write its variable again"],
  ["shop-2137", "a chart whose version was not raised, so that the old one is still installed: no rendering of git shows it"],
  ["shop-2141", "the name of a subchart's Service, which templates of its parent write out by themselves"],
  ["shop-2165", "a JSON patch for every Deployment, of which one needs a probe of its own"],
  ["shop-2172", "objects in a wave before their definition: Argo CD waits, and nothing has failed when the recording ends"],
  ["shop-2173", "a variable of the shell in a script, which Flux takes for one of its own"],
  ["shop-2174", "a folder that moved, which the Kustomization of another delivery asks for"],
  ["shop-2185", "the pod runs as another user: what hardens a pod is not loosened"],
  ["shop-2191", "a duration without quotes in a file of TOML, in a first release: nothing says that it worked otherwise"],
  ["shop-2198", "a port that a ConfigMap tells two workloads, of which one needs it"],
  ["shop-2202", "the template of a Job that has run: what it should be called is for people"],
  ["shop-2238", "a probe whose fields a template wrote beside it: when the recording ends nothing fails that could be seen"],
  ["shop-2245", "a JSON patch for several Deployments, of which a new one has nothing to add to"],
  ["shop-2247", "arguments of an overlay that take the place of the base's: no log names the one that is lost"],
  ["shop-2248", "a patch for every Deployment, of which a new one answers elsewhere"],
  ["shop-2249", "a replacement takes the wrong part of a text: what kustomize copies is decided by a number of its options"],
  ["shop-2253", "a health check of another object's name in the Kustomization of a delivery: Flux asks again with each reconcile"],
  ["shop-2261", "a path that moves all that a program answers, also on a port of its own"],
  ["shop-2262", "the mode of a file that a program takes for too open, which no line of its log says to be the cause"],
  ["shop-2265", "one of several files in a folder of settings, of which none is named"],
  ["shop-2269", "a port in a file that a template writes out, and that the probe asks as well"],
  ["shop-2297", "a class of pods that another commit renamed, which did not show until new pods were needed"],
  ["shop-2302", "a mount whose folder is named by a variable that has another name"],
  ["shop-2303", "a word that the definition of a custom resource does not know: custom resources are nothing that the bot edits"],
  ["shop-2313", "a call in a template that changes the values of all workloads, not a copy of them: what it should be is for people"],
  ["shop-2320", "a file that a chart does not pass through tpl any more: how a chart reads it is for people"],
  ["shop-2325", "a replacement takes the wrong part of a text: what kustomize copies is decided by a number of its options"],
  ["shop-2331", "a Kustomization that depends on one which was renamed: when the recording ends it still waits for it"],
  ["shop-2332", "a health check of another object's name in the Kustomization of a delivery: Flux asks again with each reconcile"],
  ["shop-2356", "a pod that runs as another user now, who may not open the port: what hardens a pod is not loosened"],
  ["shop-901", "whether a dependency's name is wrong, or what it names is missing, nobody can tell"],
]);

/** Of these not even the class is known: a chart that is not built anew, what Flux makes of a script, users that a class of pods would refuse, two that fit no class. */
const OTHER_CLASS: ReadonlySet<string> = new Set([
  "shop-2137",
  "shop-2173",
  "shop-2185",
  "shop-2252",
  "shop-2270",
  "shop-2297",
  "shop-2302",
  "shop-2332",
  "shop-2356",
]);

let player: Player;

beforeAll(async () => {
  const fetched = await fetchRenderers();
  if (fetched.kind !== "ready") throw new Error(fetched.reason);
  const parts = createRepairParts({ ...parseOperatorConfig({}), engine: "playbook" }, { cluster: { logs: async () => "" }, now: () => new Date() });
  player = { parts, renderers: fetched.renderers, history: true };
}, 120_000);

interface Telling extends Way {
  called: string;
  fits: (one: BenchCase) => boolean;
  tell: (one: BenchCase) => BenchCase;
}

const AS_RECORDED: Telling = { called: "as recorded", oneOf: 18, fits: () => true, tell: (one) => one };
const AMID_WANTED_CHANGES: Telling = {
  called: "amid wanted changes",
  oneOf: 30,
  // Where nothing is rendered, what stays of a commit is listed, and this is not.
  fits: ({ recording, expected }) => isPlain(recording) && !expected?.keep,
  tell: (one) => ({ ...one, recording: amidWantedChanges(one.recording) }),
};
const IN_DISGUISE: Telling = { called: "under other names amid noise", oneOf: 22, fits: () => true, tell: disguised };

function loaded(id: string): BenchCase {
  const [one] = ownCases([id]);
  if (one?.kind !== "loaded") throw new Error(one?.error);
  return one.case;
}

/** Each is read again when its turn comes: all of them at once are more than a small machine likes to hold. */
const PLAYED = endIds().flatMap((id) => {
  const one = loaded(id);
  const fitting = [AS_RECORDED, AMID_WANTED_CHANGES, IN_DISGUISE].filter(({ fits }) => fits(one));
  return sampledWays(id, fitting).map((telling) => [id, telling.called, telling] as const);
});

test.concurrent.each(PLAYED)("%s %s is judged rightly", { timeout: 180_000 }, async (id, _, { tell }) => {
  const told = tell(loaded(id));
  const judged = judge(told, await play(told.recording, player));
  expect(`${judged.verdict}: ${judged.detail}`).toMatch(LEFT_TO_PEOPLE.has(id) ? /^missed/ : /^right/);
  if (judged.classRight !== undefined) expect(judged.classRight).toBe(!OTHER_CLASS.has(id));
});
