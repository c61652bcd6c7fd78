import { connect } from "../../src/cluster/client.ts";
import type { KubeObject } from "../../src/cluster/objects.ts";
import type { Cluster, Observation } from "../../src/cluster/observation.ts";
import { clusterThrough } from "../../src/cluster/observe.ts";
import type { Diagnosis } from "../../src/diagnosis/diagnosis.ts";
import { Keepsake, remembering } from "../../src/evidence/keepsake.ts";
import { pastOf } from "../../src/incident/earlier-revisions.ts";
import { identify } from "../../src/incident/identify.ts";
import { type Incident, isDoubtful } from "../../src/incident/incident.ts";
import { decideWindow } from "../../src/incident/window.ts";
import { findRepair, type RepairParts } from "../../src/repair.ts";
import type { RepositoryTree } from "../../src/source/git/repository.ts";
import { readHistory } from "../../src/source/history.ts";
import { openSource } from "../../src/source/open.ts";
import { openWorkspace } from "../../src/source/open-workspace.ts";
import type { Renderers } from "../../src/source/render/renderers.ts";
import type { FileChange, RenderOutcome } from "../../src/source/workspace.ts";
import { startReplayCluster } from "../../test/standins/replay-cluster.ts";
import { replay } from "../../test/world/observe-recording.ts";
import type { Recording } from "../../test/world/recording.ts";
import { recordedRepository } from "./recorded-repository.ts";

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

/** The cluster as it was at the end of the recording, seen by one who watched, through the rooms that the App uses, guards included: what is said of each incident. */
export async function play(recording: Recording, player: Player): Promise<Played[]> {
  const replayed = await startReplayCluster({ objects: recording.objects, logs: recording.logs });
  try {
    const now = endOf(recording.objects);
    const silent = () => undefined;
    const log = { debug: silent, info: silent, warn: silent, error: silent };
    const live = clusterThrough(connect(replayed.kubeconfig), { log, now: () => now });
    const cluster = remembering(live, await watched(recording, now));
    return await outcomes(recording, player, cluster, now);
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

async function outcomes(recording: Recording, player: Player, cluster: Cluster, now: Date): Promise<Played[]> {
  const all: Played[] = [];
  for (const key of await cluster.deliveries()) {
    const observation = await cluster.observe(key);
    if (!observation) continue;
    for (const incident of identify(observation)) all.push(await settle(recording, player, { cluster, observation, incident, now }));
  }
  return all.length > 0 ? all : [{ kind: "silence", why: "nothing fails" }];
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
  const repository = recordedRepository(recording);
  const opener = {
    repository: async () => repository,
    workspace: (tree: RepositoryTree, source: Parameters<typeof openWorkspace>[0]["source"]) => openWorkspace({ tree, source, renderers }),
  };
  const source = await openSource(observation.source, opener);
  if (source.kind === "refused") return { kind: "escalate", failureClass: "unknown", why: source.message };
  const past = pastOf(observation, incident.target, incident.since);
  const history = await readHistory({ repository, head: source.head, ...past, ...(player.history ? {} : { earlier: [] }), open: source.open });
  const repair = await findRepair({ ...parts, cluster, now: () => now }, { incident, observation, workspace: source.head, history, tried: [] });
  if (repair.kind !== "approved" && isDoubtful(incident)) return { kind: "silence", why: "doubtful, and git shows no fix" };
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
