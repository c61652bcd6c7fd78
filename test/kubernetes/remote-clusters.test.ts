import { afterEach, describe, expect, it } from "vitest";
import { connect } from "../../src/cluster/client.ts";
import { type DeliveryKey, formatKey } from "../../src/cluster/delivery.ts";
import { type KubeObject, objectAt, refOf } from "../../src/cluster/objects.ts";
import type { Observation } from "../../src/cluster/observation.ts";
import { clusterThrough } from "../../src/cluster/observe.ts";
import { remoteClusters } from "../../src/cluster/remote-clusters.ts";
import { type ClusterWatch, watchCluster } from "../../src/cluster/watch.ts";
import { collectEvidence } from "../../src/evidence/collect.ts";
import { identify } from "../../src/incident/identify.ts";
import { type ReplayCluster, startReplayCluster } from "../standins/replay-cluster.ts";
import { loadRecording } from "../world/recording.ts";

const KEY: DeliveryKey = { kind: "Application", namespace: "argocd", name: "shop-12" };
const SERVER = "https://10.0.0.1:6443";
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const now = new Date("2026-11-22T23:00:00Z");
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** An Argo CD hub whose Application deploys to another cluster, and that cluster. */
async function hubAndSpoke(): Promise<{ hub: ReplayCluster; spoke: ReplayCluster }> {
  const { objects, logs } = loadRecording("shop-12");
  const isOfHub = (object: KubeObject) => object.kind === "Application" || (object.kind === "Event" && objectAt(object, "regarding").kind === "Application");
  const hub = await startReplayCluster({ objects: objects.filter(isOfHub).map(elsewhere) });
  const spoke = await startReplayCluster({ objects: objects.filter((object) => !isOfHub(object)), logs, kinds: [] });
  closing.push(
    () => hub.close(),
    () => spoke.close(),
  );
  return { hub, spoke };
}

function elsewhere(object: KubeObject): KubeObject {
  if (object.kind !== "Application") return object;
  return { ...object, spec: { ...objectAt(object, "spec"), destination: { server: SERVER, namespace: "shop-12" } } };
}

async function observed(hub: ReplayCluster, settings: ReadonlyMap<string, string>) {
  const cluster = clusterThrough(connect(hub.kubeconfig), { log: silent, now: () => now, remotes: remoteClusters(settings, hub.kubeconfig) });
  const observation = await cluster.observe(KEY);
  if (!observation) throw new Error("there is no such delivery");
  const [incident] = identify(observation);
  if (!incident) throw new Error("nothing fails");
  const git = { commits: [], diff: "", renderDiff: "" };
  return { observation, incident, evidence: await collectEvidence({ incident, observation, cluster, git, now }) };
}

function names({ objects }: Observation): string[] {
  return objects.map((object) => `${object.kind}/${refOf(object).name}`).sort();
}

describe("a delivery to another cluster", () => {
  it("is seen there, with logs and events, through that cluster's own kubeconfig", async () => {
    const { hub, spoke } = await hubAndSpoke();
    const alone = await startReplayCluster(loadRecording("shop-12"));
    closing.push(() => alone.close());
    const here = await observed(alone, new Map());
    const there = await observed(hub, new Map([[`${SERVER}/`, `file:${spoke.kubeconfig}`]]));
    expect(there.observation.on).toBe(SERVER);
    expect(names(there.observation)).toEqual(names(here.observation));
    expect(there.observation.events.length).toBe(here.observation.events.length);
    expect(there.incident.target).toEqual(here.incident.target);
    expect(there.evidence.items.filter(({ kind }) => kind === "log")).toEqual(here.evidence.items.filter(({ kind }) => kind === "log"));
    expect(hub.requests.map(({ path }) => path).filter((path) => /pods|deployments|replicasets/.test(path))).toEqual([]);
    expect(spoke.requests.filter(({ method, path }) => method !== "GET" || path.includes("/secrets"))).toEqual([]);
  });

  it("shows its own status only where that cluster is not known, and says so", async () => {
    const { hub, spoke } = await hubAndSpoke();
    const { observation, evidence } = await observed(hub, new Map([["https://10.0.0.2:6443", `file:${spoke.kubeconfig}`]]));
    expect(observation).toMatchObject({ unseen: SERVER, objects: [] });
    expect(evidence.gaps).toEqual([expect.stringContaining(`another cluster (${SERVER})`)]);
    expect(spoke.requests).toEqual([]);
  });

  it("stops the start where a context is in no kubeconfig", async () => {
    const { hub } = await hubAndSpoke();
    expect(() => remoteClusters(new Map([[SERVER, "nowhere"]]), hub.kubeconfig)).toThrow(expect.objectContaining({ code: "cluster/unreachable" }));
  });

  it("is looked at when something changes there", async () => {
    const { hub, spoke } = await hubAndSpoke();
    const told: string[] = [];
    const remotes = [connect(spoke.kubeconfig)];
    const watch: ClusterWatch = watchCluster(connect(hub.kubeconfig), { log: silent, onChange: (key) => told.push(formatKey(key)), remotes });
    closing.push(() => watch.stop());
    const watches = () => spoke.requests.filter(({ path, query }) => path.endsWith("/pods") && query.watch === "true").length;
    while (watches() === 0 || !told.includes(formatKey(KEY))) await new Promise((done) => setTimeout(done, 5));
    told.length = 0;
    const pod = loadRecording("shop-12").objects.find(({ kind }) => kind === "Pod");
    if (!pod) throw new Error("the recording has no pod");
    spoke.apply({ type: "MODIFIED", object: { ...pod, status: { ...objectAt(pod, "status"), phase: "Failed" } } });
    while (!told.includes(formatKey(KEY))) await new Promise((done) => setTimeout(done, 5));
  });
});
