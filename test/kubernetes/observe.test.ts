import { afterEach, describe, expect, it } from "vitest";
import { connect } from "../../src/cluster/client.ts";
import type { DeliveryKey } from "../../src/cluster/delivery.ts";
import { type KubeObject, objectAt, textAt } from "../../src/cluster/objects.ts";
import type { Cluster, Observation } from "../../src/cluster/observation.ts";
import { clusterThrough } from "../../src/cluster/observe.ts";
import { type ReplayCluster, type ReplayOptions, startReplayCluster } from "../standins/replay-cluster.ts";
import { loadRecording, type Recording, recordingIds } from "../world/recording.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const servers: ReplayCluster[] = [];

/** A cluster that holds what was recorded. However a test uses it: at the end nothing but GET may have come in. */
async function replay(
  id: string | Recording,
  options: Omit<ReplayOptions, "objects" | "logs"> & { also?: KubeObject[] } = {},
): Promise<{ server: ReplayCluster; cluster: Cluster }> {
  const { objects, logs } = typeof id === "string" ? loadRecording(id) : id;
  const server = await startReplayCluster({ objects: [...objects, ...(options.also ?? [])], logs, ...options });
  servers.push(server);
  return { server, cluster: clusterThrough(connect(server.kubeconfig), { log: silent, now: () => new Date("2026-11-22T23:00:00Z") }) };
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    expect(new Set(server.requests.map(({ method }) => method))).toEqual(new Set(server.requests.length > 0 ? ["GET"] : []));
    expect(server.requests.filter(({ path }) => path.includes("/secrets"))).toEqual([]);
    await server.close();
  }
});

async function observed(cluster: Cluster, key: DeliveryKey): Promise<Observation> {
  const observation = await cluster.observe(key);
  if (!observation) throw new Error("there is no such delivery");
  return observation;
}

function counted(objects: readonly KubeObject[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of objects) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

describe("observing a delivery", () => {
  it("sees all that was recorded of every delivery, in about a dozen requests", async () => {
    for (const id of recordingIds()) {
      const recording = loadRecording(id);
      const recorded = recording.objects;
      const { server, cluster } = await replay(recording);
      for (const key of await cluster.deliveries()) {
        const before = server.requests.length;
        const { objects } = await observed(cluster, key);
        expect(server.requests.length - before).toBeLessThanOrEqual(16);
        if (key.kind === "Kustomization" && objects.some(({ kind }) => kind === "HelmRelease")) continue;
        for (const kind of ["Deployment", "StatefulSet", "Job", "ReplicaSet", "Pod", "Service", "EndpointSlice"]) {
          const names = (all: readonly KubeObject[]) => all.filter((object) => object.kind === kind).map((object) => textAt(object, "metadata", "name"));
          expect([id, kind, names(objects).sort()]).toEqual([id, kind, names(recorded).sort()]);
        }
      }
    }
  });

  it("costs few requests: nine for a healthy Kustomization, eleven for a failing one", async () => {
    for (const [id, expected] of [
      ["shop-45", 9],
      ["shop-02", 11],
    ] as const) {
      const { server, cluster } = await replay(id);
      await observed(cluster, { kind: "Kustomization", namespace: "flux-system", name: id });
      expect([id, server.requests.length]).toEqual([id, expected]);
    }
  });

  it("leaves out other people's objects, and pods that only share a name", async () => {
    const [pod] = loadRecording("shop-01").objects.filter(({ kind }) => kind === "Pod");
    const stray: KubeObject = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { ...pod?.metadata, name: "checkout-689bd656ff-zzzzz", uid: "other", ownerReferences: [] },
    };
    const { cluster } = await replay("shop-01", { also: [stray] });
    const { objects } = await observed(cluster, { kind: "Application", namespace: "argocd", name: "shop-01" });
    expect(counted(objects)).toEqual({ Deployment: 1, EndpointSlice: 1, Pod: 3, ReplicaSet: 2, Service: 1 });
  });

  it("keeps the events of pods that are gone after a rollback", async () => {
    const { cluster } = await replay("shop-38");
    const { events, objects } = await observed(cluster, { kind: "HelmRelease", namespace: "shop-38", name: "vault" });
    const alive = new Set(objects.map((object) => textAt(object, "metadata", "uid")));
    const aboutGone = events.filter((event) => textAt(event, "regarding", "kind") === "Pod" && !alive.has(textAt(event, "regarding", "uid")));
    expect(aboutGone.map((event) => textAt(event, "reason"))).toContain("Failed");
    expect(events.some((event) => textAt(event, "regarding", "kind") === "HelmRelease")).toBe(true);
  });

  it("makes a failing HelmRelease the incident, and its Kustomization wait for it", async () => {
    const { cluster } = await replay("shop-40");
    expect((await observed(cluster, { kind: "HelmRelease", namespace: "shop-40", name: "kiosk" })).state).toMatchObject({ kind: "failing", phase: "render" });
    // Recorded in the middle of a retry, when the Kustomization's status names nobody.
    const parent = await observed(cluster, { kind: "Kustomization", namespace: "flux-system", name: "shop-40" });
    expect(parent.state).toMatchObject({ kind: "waiting-for-dependency", on: "HelmRelease/shop-40/kiosk" });
  });

  it("finds a HelmRelease's objects by their labels where it keeps no inventory", async () => {
    const { server, cluster } = await replay("shop-39");
    for (const object of loadRecording("shop-39").objects.filter(({ kind }) => kind === "HelmRelease")) {
      const { inventory: _, ...status } = objectAt(object, "status");
      server.apply({ type: "MODIFIED", object: { ...object, status } });
    }
    const { objects, managed } = await observed(cluster, { kind: "HelmRelease", namespace: "shop-39", name: "depot" });
    expect(managed.map((ref) => ref.kind).sort()).toEqual(["Deployment", "Service"]);
    expect(counted(objects)).toEqual({ Deployment: 1, EndpointSlice: 1, Pod: 2, ReplicaSet: 2, Service: 1 });
  });

  it("brings the surroundings that the failure asks for: nodes, claims, quotas, the keys of ConfigMaps without values", async () => {
    const around = async (id: string, key: DeliveryKey) => {
      const { cluster } = await replay(id);
      const { objects, surroundings } = await observed(cluster, key);
      return { kinds: Object.keys(counted(surroundings)), all: [...objects, ...surroundings] };
    };
    const node = await around("shop-13", { kind: "Kustomization", namespace: "flux-system", name: "shop-13" });
    expect(node.kinds).toEqual(["Node"]);
    expect(node.all.find(({ kind }) => kind === "Node")?.status).not.toHaveProperty("images");
    const { all } = await around("shop-06", { kind: "Kustomization", namespace: "flux-system", name: "shop-06" });
    const data = objectAt(
      all.find(({ kind }) => kind === "ConfigMap"),
      "data",
    );
    expect(Object.keys(data).length).toBeGreaterThan(0);
    expect(new Set(Object.values(data))).toEqual(new Set([""]));
  });

  it("reads custom kinds through discovery, and does without those that it may not read", async () => {
    const application = loadRecording("shop-01").objects.find(({ kind }) => kind === "Application");
    const { server, cluster } = await replay("shop-01", { forbidden: ["services", "resourcequotas", "limitranges"] });
    const resources = [
      { group: "", version: "v1", kind: "Service", namespace: "shop-01", name: "checkout" },
      { group: "example.com", version: "v1", kind: "Widget", namespace: "shop-01", name: "x" },
    ];
    server.apply({ type: "MODIFIED", object: { ...application, status: { ...objectAt(application, "status"), resources } } as KubeObject });
    const { objects, managed } = await observed(cluster, { kind: "Application", namespace: "argocd", name: "shop-01" });
    expect(managed.map((ref) => ref.kind)).toEqual(["Service", "Widget"]);
    expect(objects).toEqual([]);
    expect(server.requests.map(({ path }) => path)).toContain("/apis/example.com/v1");
  });

  it("says which rule is missing where pods may not be read", async () => {
    const { cluster } = await replay("shop-01", { forbidden: ["pods"] });
    await expect(cluster.observe({ kind: "Application", namespace: "argocd", name: "shop-01" })).rejects.toMatchObject({
      code: "cluster/forbidden",
      message: 'The bot may not list pods: its role needs {apiGroups: [""], resources: ["pods"], verbs: ["list"]}.',
    });
  });

  it("says that a delivery is gone, and which ones there are", async () => {
    const { cluster } = await replay("shop-38", { kinds: ["Kustomization", "HelmRelease", "GitRepository"] });
    expect(await cluster.observe({ kind: "Kustomization", namespace: "flux-system", name: "gone" })).toBeUndefined();
    expect(await cluster.deliveries()).toEqual([
      { kind: "Kustomization", namespace: "flux-system", name: "shop-38" },
      { kind: "HelmRelease", namespace: "shop-38", name: "vault" },
    ]);
  });

  it("is unreachable, not wrong, where nobody answers", async () => {
    const { server, cluster } = await replay("shop-01");
    server.pause();
    await expect(cluster.deliveries()).rejects.toMatchObject({ code: "cluster/unreachable", retry: "later" });
    server.resume();
    expect(await cluster.deliveries()).toHaveLength(1);
    expect(() => connect("/nowhere/kubeconfig")).toThrow(expect.objectContaining({ code: "cluster/unreachable" }));
  });
});

describe("logs", () => {
  it("reads the tail of the current and the previous container, and nothing where there is none", async () => {
    const { cluster } = await replay("shop-12");
    const pod = { group: "", kind: "Pod", namespace: "shop-12", name: "gateway-5bbf987d7-l7tb8" };
    const previous = await cluster.logs(pod, "gateway", { previous: true, tailLines: 1 });
    expect(previous).toMatch(/^2026-11-22T\S+Z .+\n$/);
    expect(await cluster.logs(pod, "sidecar", { previous: false, tailLines: 10 })).toBe("");
    expect(await cluster.logs({ ...pod, name: "gone" }, "gateway", { previous: false, tailLines: 10 })).toBe("");
  });

  it("are empty where the role does not grant pods/log", async () => {
    const { cluster } = await replay("shop-12", { forbidden: ["pods"] });
    expect(
      await cluster.logs({ group: "", kind: "Pod", namespace: "shop-12", name: "gateway-5bbf987d7-l7tb8" }, "gateway", { previous: false, tailLines: 1 }),
    ).toBe("");
  });
});

describe("the replayed cluster", () => {
  it("moves recorded times to the present and rewrites texts", async () => {
    const { server, cluster } = await replay("shop-01", { shiftTime: true, rewrite: [["http://127.0.0.1:3099/shop-01.git", "https://github.com/acme/shop"]] });
    const { source, events } = await observed(cluster, { kind: "Application", namespace: "argocd", name: "shop-01" });
    expect(source).toMatchObject({ url: "https://github.com/acme/shop" });
    const newest = Math.max(...events.map((event) => Date.parse(textAt(event, "deprecatedLastTimestamp") || textAt(event, "metadata", "creationTimestamp"))));
    expect(newest).toBeGreaterThan(Date.parse("2026-11-22T22:13:00Z"));
    expect(Math.abs(Date.now() - newest)).toBeLessThan(600_000);
    expect(server.requests[0]).toMatchObject({ method: "GET" });
  });

  it("plays a sequence up to a moment", async () => {
    const { server, cluster } = await replay("shop-01");
    const { sequence } = loadRecording("shop-01");
    server.set([]);
    await server.play(sequence, { until: 0 });
    expect((await observed(cluster, { kind: "Application", namespace: "argocd", name: "shop-01" })).state.kind).toBe("healthy");
    await server.play(sequence.filter(({ seconds }) => seconds > 0));
    expect((await observed(cluster, { kind: "Application", namespace: "argocd", name: "shop-01" })).state.kind).toBe("failing");
  });
});
