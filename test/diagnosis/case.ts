import { connect } from "../../src/cluster/client.ts";
import type { DeliverySource } from "../../src/cluster/delivery.ts";
import { type KubeObject, refOf } from "../../src/cluster/objects.ts";
import type { Observation } from "../../src/cluster/observation.ts";
import { clusterThrough } from "../../src/cluster/observe.ts";
import type { DiagnosisInput } from "../../src/diagnosis/diagnosis.ts";
import { identify } from "../../src/incident/identify.ts";
import { openWorkspace } from "../../src/source/open-workspace.ts";
import { findRenderers } from "../../src/source/renderers.ts";
import type { RepositoryTree } from "../../src/source/repository.ts";
import type { GitSource } from "../../src/source/workspace.ts";
import { startReplayCluster } from "../standins/replay-cluster.ts";
import type { Recording } from "../world/recording.ts";
import { evidenceOf } from "./evidence.ts";

/** What of the case is withheld, to see what is left of the diagnosis. */
export interface Withheld {
  lastGood?: boolean;
}

/** A recording as the diagnosis sees it: the cluster read over HTTP by the cluster room, git rendered by the source room. Undefined where nothing is wrong. */
export async function caseOf(recording: Recording, withheld: Withheld = {}): Promise<DiagnosisInput | undefined> {
  const observation = await observe(recording);
  const incident = observation && identify(observation)[0];
  const source = observation?.source;
  if (!observation || !incident || source?.kind !== "git") return undefined;
  return inputOf(recording, observation, incident, source, withheld);
}

async function inputOf(
  recording: Recording,
  observation: Observation,
  incident: DiagnosisInput["incident"],
  source: GitSource,
  withheld: Withheld,
): Promise<DiagnosisInput> {
  const renderers = findRenderers({ path: process.env.PATH ?? "" });
  const { good, bad, subject } = recording.scenario;
  const workspace = openWorkspace({ tree: treeOf(bad, recording.after), source, renderers });
  const before = openWorkspace({ tree: treeOf(good, recording.before), source, renderers });
  const now = await workspace.render();
  const then = await before.render();
  return {
    incident,
    observation,
    evidence: evidenceOf(observation, incident, recording.logs),
    workspace,
    rendered: now.kind === "rendered" ? now.objects : [],
    ...(now.kind === "rendered" ? {} : { renderError: now.message }),
    ...(then.kind === "rendered" && !withheld.lastGood ? { lastGood: { commit: good, objects: then.objects, workspace: before } } : {}),
    commits: withheld.lastGood ? [] : [{ sha: bad, author: "dana", date: observation.at, subject }],
    documents: await workspace.documentsFor(incident.target),
    feedback: [],
  };
}

async function observe(recording: Recording): Promise<Observation | undefined> {
  const replay = await startReplayCluster({ objects: recording.objects, logs: recording.logs });
  try {
    const silent = () => undefined;
    const cluster = clusterThrough(connect(replay.kubeconfig), {
      log: { debug: silent, info: silent, warn: silent, error: silent },
      now: () => endOf(recording.objects),
    });
    const ref = refOf(recording.scenario.delivery);
    const deliveries = await cluster.deliveries();
    const observations = await Promise.all(deliveries.map((key) => cluster.observe(key)));
    const failing = observations.filter((observation) => observation !== undefined && identify(observation).length > 0);
    return failing.find((observation) => observation?.key.kind === ref.kind && observation.key.name === ref.name) ?? failing[0];
  } finally {
    await replay.close();
  }
}

/** The newest time in the recording, a minute on: the recording was made then. */
function endOf(objects: readonly KubeObject[]): Date {
  const times = JSON.stringify(objects).match(/20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d/g) ?? [];
  return new Date(Date.parse(`${times.sort().at(-1)}Z`));
}

export function treeOf(commit: string, files: Record<string, string>): RepositoryTree {
  return {
    commit,
    files: Object.entries(files).map(([path, text]) => ({ path, size: Buffer.byteLength(text), mode: "file" })),
    read: async (path) => files[path],
  };
}

export function gitSourceOf(source: DeliverySource): GitSource | undefined {
  return source.kind === "git" ? source : undefined;
}
