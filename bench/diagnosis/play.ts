import { connect } from "../../src/cluster/client.ts";
import { type KubeObject, textAt } from "../../src/cluster/objects.ts";
import type { Cluster, Observation } from "../../src/cluster/observation.ts";
import { clusterThrough } from "../../src/cluster/observe.ts";
import type { Diagnosis } from "../../src/diagnosis/diagnosis.ts";
import { Keepsake, remembering } from "../../src/evidence/keepsake.ts";
import { identify } from "../../src/incident/identify.ts";
import type { Incident } from "../../src/incident/incident.ts";
import { decideWindow } from "../../src/incident/window.ts";
import { findRepair, type RepairParts } from "../../src/repair.ts";
import { readHistory } from "../../src/source/history.ts";
import { openSource } from "../../src/source/open.ts";
import { openWorkspace } from "../../src/source/open-workspace.ts";
import type { Renderers } from "../../src/source/renderers.ts";
import type { Repository, RepositoryTree } from "../../src/source/repository.ts";
import type { FileChange, RenderOutcome } from "../../src/source/workspace.ts";
import { treeOf } from "../../test/source/tree.ts";
import { startReplayCluster } from "../../test/standins/replay-cluster.ts";
import { replay } from "../../test/world/observe-recording.ts";
import type { Recording } from "../../test/world/recording.ts";

/** What came out of a case: rendered before the breaking commit, after it, and with the fix. */
export type Played =
  | { kind: "silence"; why: string }
  | { kind: "escalate"; failureClass: string; why: string }
  | {
      kind: "fix";
      failureClass: string;
      files: readonly FileChange[];
      target: Incident["target"];
      before: RenderOutcome;
      broken: RenderOutcome;
      fixed: RenderOutcome;
    };

export interface Player {
  parts: Pick<RepairParts, "bounds" | "diagnose">;
  renderers: Renderers;
  /** False: git says nothing about the last good revision. */
  history: boolean;
}

/** The cluster as it was at the end of the recording, seen by one who watched, through the rooms that the App uses, guards included. */
export async function play(recording: Recording, player: Player): Promise<Played> {
  const replayed = await startReplayCluster({ objects: recording.objects, logs: recording.logs });
  try {
    const now = endOf(recording.objects);
    const silent = () => undefined;
    const log = { debug: silent, info: silent, warn: silent, error: silent };
    const live = clusterThrough(connect(replayed.kubeconfig), { log, now: () => now });
    const cluster = remembering(live, await watched(recording, now));
    return await firstOutcome(recording, player, cluster, now);
  } finally {
    await replayed.close();
  }
}

/** Who watched a release before Helm took it back; logs of pods that were gone at the end were not recorded. */
async function watched(recording: Recording, now: Date): Promise<Keepsake> {
  const keepsake = new Keepsake(() => now);
  if (!recording.objects.some(({ kind }) => kind === "HelmRelease") || recording.sequence.length === 0) return keepsake;
  for (const { observation } of replay(recording, "HelmRelease")) await keepsake.keep(observation, async () => "");
  return keepsake;
}

async function firstOutcome(recording: Recording, player: Player, cluster: Cluster, now: Date): Promise<Played> {
  let best: Played = { kind: "silence", why: "nothing fails" };
  for (const key of await cluster.deliveries()) {
    const observation = await cluster.observe(key);
    for (const incident of observation ? identify(observation) : []) {
      if (!observation) continue;
      const played = await settle(recording, player, { cluster, observation, incident, now });
      if (played.kind === "fix") return played;
      if (best.kind === "silence") best = played;
    }
  }
  return best;
}

interface Situation {
  cluster: Cluster;
  observation: Observation;
  incident: Incident;
  now: Date;
}

async function settle(recording: Recording, player: Player, { cluster, observation, incident, now }: Situation): Promise<Played> {
  const window = decideWindow(incident, observation, now, { scale: 1 });
  if (window.kind === "wait") return { kind: "silence", why: window.why };
  const { renderers, parts } = player;
  const repository = repositoryOf(recording);
  const opener = {
    repository: async () => repository,
    workspace: (tree: RepositoryTree, source: Parameters<typeof openWorkspace>[0]["source"]) => openWorkspace({ tree, source, renderers }),
  };
  const source = await openSource(observation.source, opener);
  if (source.kind === "refused") return { kind: "escalate", failureClass: "unknown", why: source.message };
  const lastGood = player.history ? observation.revisions.lastGood : undefined;
  const history = await readHistory({ repository, head: source.head, target: incident.target, lastGood, open: source.open });
  const repair = await findRepair({ ...parts, cluster, now: () => now }, { incident, observation, workspace: source.head, history, tried: [] });
  if (repair.kind === "no-fix") return { kind: "escalate", failureClass: classOf(repair.diagnosis), why: reasonOf(repair.diagnosis) };
  const { failureClass } = repair.diagnosis.proposal;
  if (repair.kind === "refused") return { kind: "escalate", failureClass, why: repair.report.findings.map(({ guard, rule }) => `${guard}/${rule}`).join(", ") };
  const { files } = repair.change;
  const before = await source.open(await repository.tree(recording.scenario.good)).render();
  return { kind: "fix", failureClass, files, target: incident.target, before, broken: await source.head.render(), fixed: await source.head.renderWith(files) };
}

function classOf(diagnosis: Exclude<Diagnosis, { kind: "fix" }>): string {
  return diagnosis.kind === "escalate" ? diagnosis.failureClass : "unusable";
}

function reasonOf(diagnosis: Exclude<Diagnosis, { kind: "fix" }>): string {
  return diagnosis.kind === "escalate" ? diagnosis.reason : diagnosis.detail;
}

/** The newest time in the recording: it was made then. */
function endOf(objects: readonly KubeObject[]): Date {
  const times = JSON.stringify(objects).match(/20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d/g) ?? [];
  return new Date(`${times.sort().at(-1)}Z`);
}

/** Two commits: the good one and the bad one, which is the branch's head. */
function repositoryOf({ id, scenario, before, after }: Recording): Repository {
  const trees = new Map([treeOf(before, scenario.good), treeOf(after, scenario.bad)].map((tree) => [tree.commit, tree]));
  const branch = textAt(scenario.delivery, "spec", "source", "targetRevision") || "main";
  const commits = [
    { sha: scenario.bad, author: "dana", date: new Date(0), subject: scenario.subject },
    { sha: scenario.good, author: "robin", date: new Date(0), subject: "First release" },
  ];
  return {
    name: `acme/${id}`,
    defaultBranch: async () => branch,
    resolve: async (ref) => (trees.has(ref) ? ref : [branch, "main", "master", "HEAD"].includes(ref) ? scenario.bad : undefined),
    tree: async (commit) => trees.get(commit) ?? treeOf({}, commit),
    commits: async ({ limit }) => commits.slice(0, limit),
  };
}
