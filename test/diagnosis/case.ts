import { connect } from "../../src/cluster/client.ts";
import { type KubeObject, refOf } from "../../src/cluster/objects.ts";
import type { Cluster, Observation } from "../../src/cluster/observation.ts";
import { clusterThrough } from "../../src/cluster/observe.ts";
import type { DiagnosisInput } from "../../src/diagnosis/diagnosis.ts";
import { collectEvidence } from "../../src/evidence/collect.ts";
import { pastOf } from "../../src/incident/earlier-revisions.ts";
import { identify } from "../../src/incident/identify.ts";
import type { Repository, RepositoryTree } from "../../src/source/git/repository.ts";
import { readHistory } from "../../src/source/history.ts";
import { openWorkspace } from "../../src/source/open-workspace.ts";
import { findRenderers } from "../../src/source/render/renderers.ts";
import type { GitSource } from "../../src/source/workspace.ts";
import { treeOf } from "../source/tree.ts";
import { fetchRenderers } from "../standins/renderers.ts";
import { startReplayCluster } from "../standins/replay-cluster.ts";
import type { Recording } from "../world/recording.ts";

/** What of the case is withheld, to see what is left of the diagnosis. */
export interface Withheld {
  lastGood?: boolean;
}

type CaseRenderers = ReturnType<typeof findRenderers>;

const fetched = await fetchRenderers();
const renderers = fetched.kind === "ready" ? fetched.renderers : findRenderers({ path: process.env.PATH ?? "" });
export const hasKustomize = renderers.kustomize !== undefined;
export const hasHelm = renderers.helm !== undefined;

/** A recording as the diagnosis sees it: the cluster read over HTTP, git rendered, evidence collected by the rooms that do so. Undefined where nothing is wrong. */
export async function caseOf(recording: Recording, withheld: Withheld = {}, rendering: CaseRenderers = renderers): Promise<DiagnosisInput | undefined> {
  const replay = await startReplayCluster({ objects: recording.objects, logs: recording.logs });
  try {
    const silent = () => undefined;
    const now = endOf(recording.objects);
    const cluster = clusterThrough(connect(replay.kubeconfig), { log: { debug: silent, info: silent, warn: silent, error: silent }, now: () => now });
    const observation = await failingOne(cluster, recording);
    const incident = observation && identify(observation)[0];
    if (!observation || !incident || observation.source.kind !== "git") return undefined;
    return await inputOf({ recording, cluster, observation, incident, source: observation.source, withheld, renderers: rendering });
  } finally {
    await replay.close();
  }
}

/** The scenario's own delivery where it fails, else one that it manages. */
async function failingOne(cluster: Cluster, recording: Recording): Promise<Observation | undefined> {
  const ref = refOf(recording.scenario.delivery);
  const observations = await Promise.all((await cluster.deliveries()).map((key) => cluster.observe(key)));
  const failing = observations.filter((observation) => observation !== undefined && identify(observation).length > 0);
  return failing.find((observation) => observation?.key.kind === ref.kind && observation.key.name === ref.name) ?? failing[0];
}

interface Parts {
  recording: Recording;
  cluster: Cluster;
  observation: Observation;
  incident: DiagnosisInput["incident"];
  source: GitSource;
  withheld: Withheld;
  renderers: CaseRenderers;
}

async function inputOf({ recording, cluster, observation, incident, source, withheld, renderers }: Parts): Promise<DiagnosisInput> {
  const open = (tree: RepositoryTree) => openWorkspace({ tree, source, renderers });
  const repository = repositoryOf(recording);
  const workspace = open(await repository.tree(recording.scenario.bad));
  const past = pastOf(observation, incident.target, incident.since);
  const earlier = withheld.lastGood ? [] : past.earlier.length > 0 ? past.earlier : [{ commit: recording.scenario.good }];
  const history = await readHistory({ repository, head: workspace, ...past, earlier, open });
  const outcome = await workspace.render();
  const renderError = outcome.kind === "rendered" ? {} : { renderError: outcome.message };
  const git = { commits: history.commits, diff: history.diff, renderDiff: history.renderDiff, ...renderError };
  return {
    incident,
    observation,
    evidence: await collectEvidence({ incident, observation, cluster, git, now: observation.at }),
    workspace,
    rendered: outcome.kind === "rendered" ? outcome.objects : [],
    ...renderError,
    ...(history.lastGood ? { lastGood: history.lastGood } : {}),
    commits: history.commits,
    documents: await workspace.documentsFor(incident.target),
    feedback: [],
  };
}

/** The newest time in the recording: it was made then. */
function endOf(objects: readonly KubeObject[]): Date {
  const times = JSON.stringify(objects).match(/20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d/g) ?? [];
  return new Date(`${times.sort().at(-1)}Z`);
}

/** Two commits: the good one and the bad one. */
function repositoryOf({ id, scenario, before, after }: Recording): Repository {
  const trees = new Map([treeOf(before, scenario.good), treeOf(after, scenario.bad)].map((tree) => [tree.commit, tree]));
  const commits = [
    { sha: scenario.bad, author: "dana", date: new Date(0), subject: scenario.subject },
    { sha: scenario.good, author: "dana", date: new Date(0), subject: "Start" },
  ];
  return {
    name: `acme/${id}`,
    defaultBranch: async () => "main",
    resolve: async (ref) => (trees.has(ref) ? ref : undefined),
    tree: async (commit) => trees.get(commit) ?? treeOf({}, commit),
    commits: async () => commits,
  };
}
