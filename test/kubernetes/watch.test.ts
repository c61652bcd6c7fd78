import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connect } from "../../src/cluster/client.ts";
import type { Timer } from "../../src/cluster/collection-watch.ts";
import { formatKey } from "../../src/cluster/delivery.ts";
import { type KubeObject, textAt } from "../../src/cluster/objects.ts";
import { type ClusterWatch, watchCluster } from "../../src/cluster/watch.ts";
import { type ReplayCluster, type ReplayOptions, startReplayCluster } from "../standins/replay-cluster.ts";
import { loadRecording } from "../world/recording.ts";

/** A world of one replayed cluster and one watch, whose delays pass at once but are written down. */
interface World {
  server: ReplayCluster;
  told: string[];
  logged: string[];
  delays: number[];
  /** Waits until something holds; the test's own timeout is the limit. */
  until(holds: () => boolean): Promise<void>;
}

let world: World;
let watch: ClusterWatch;

async function begin(id: string, options: Omit<ReplayOptions, "objects"> = {}): Promise<void> {
  const server = await startReplayCluster({ objects: loadRecording(id).objects, ...options });
  const [told, logged, delays]: [string[], string[], number[]] = [[], [], []];
  const note = (level: string) => (fields: Record<string, unknown>, message: string) => void logged.push(`${level} ${fields.path}: ${message}`);
  const timer: Timer = (milliseconds, run) => {
    delays.push(milliseconds);
    const timeout = setTimeout(run, 5);
    return () => clearTimeout(timeout);
  };
  const log = { debug() {}, info: note("info"), warn: note("warn"), error: note("error") };
  watch = watchCluster(connect(server.kubeconfig), { log, timer, onChange: (key) => told.push(formatKey(key)) });
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise((done) => setTimeout(done, 5));
  };
  world = { server, told, logged, delays, until };
}

/** Watches that are connected now, by what was asked last. */
function watching(plural: string): number {
  return world.server.requests.filter(({ path, query }) => path.endsWith(`/${plural}`) && query.watch === "true").length;
}

function recorded(id: string, kind: string, name = ""): KubeObject {
  const found = loadRecording(id).objects.find((object) => object.kind === kind && (name === "" || textAt(object, "metadata", "name") === name));
  if (!found) throw new Error(`recording ${id} has no ${kind} ${name}`);
  return found;
}

/** Empties what was told, changes an object, and waits until the change is told. */
async function change(object: KubeObject, key: string, type: "MODIFIED" | "DELETED" = "MODIFIED"): Promise<void> {
  world.told.length = 0;
  world.server.apply({ type, object });
  await world.until(() => world.told.includes(key));
}

const ALL = ["applications", "kustomizations", "helmreleases", "gitrepositories", "deployments", "replicasets", "pods", "services", "endpointslices"];

async function allWatching(): Promise<void> {
  await world.until(() => ALL.every((plural) => watching(plural) > 0));
}

describe("watching an Argo CD Application", () => {
  const key = "Application/argocd/shop-01";
  beforeEach(async () => {
    await begin("shop-01");
    await allWatching();
  });

  it("tells of it at the start, and when it or anything that it owns changes", async () => {
    expect(world.told).toContain(key);
    for (const kind of ["Application", "Deployment", "Service", "ReplicaSet", "Pod", "EndpointSlice"]) await change(recorded("shop-01", kind), key);
    await change(recorded("shop-01", "Pod"), key, "DELETED");
    expect(new Set(world.told)).toEqual(new Set([key]));
  });

  it("goes on after the connections were cut, without listing all again", async () => {
    const lists = world.server.requests.filter(({ query }) => query.watch !== "true").length;
    const before = ALL.map(watching);
    world.server.dropConnections();
    await world.until(() => ALL.every((plural, i) => watching(plural) > (before[i] ?? 0)));
    await change(recorded("shop-01", "Pod"), key);
    expect(world.server.requests.filter(({ query }) => query.watch !== "true").length).toBe(lists);
  });

  it("lists again after 410 Gone, and tells what changed meanwhile", async () => {
    const listed = () => world.server.requests.filter(({ path, query }) => path.endsWith("/pods") && query.watch !== "true").length;
    const before = listed();
    world.told.length = 0;
    world.server.expire();
    world.server.apply({ type: "MODIFIED", object: recorded("shop-01", "Pod") });
    await world.until(() => listed() > before && world.told.includes(key));
  });

  it("tries later and later while the API server is away, says so once, and finds it again", async () => {
    world.server.pause();
    await world.until(() => world.delays.filter((delay) => delay >= 8_000).length > 3);
    expect(Math.max(...world.delays)).toBeLessThanOrEqual(60_000);
    world.server.resume();
    await change(recorded("shop-01", "Pod"), key);
    const warnings = world.logged.filter((line) => line.startsWith("warn /api/v1/pods"));
    expect(warnings).toEqual(["warn /api/v1/pods: the watch broke; it is started again"]);
  });

  it("is quiet after stop", async () => {
    await watch.stop();
    const requests = world.server.requests.length;
    world.told.length = 0;
    world.server.apply({ type: "MODIFIED", object: recorded("shop-01", "Pod") });
    world.server.dropConnections();
    await fetch(`${world.server.url}/version`);
    expect(world.told).toEqual([]);
    expect(world.server.requests.length).toBe(requests + 1);
  });
});

describe("watching Flux", () => {
  it("tells of the HelmRelease for what it installed, and of the Kustomization for the HelmRelease and the repository", async () => {
    await begin("shop-38");
    await allWatching();
    const [release, parent] = ["HelmRelease/shop-38/vault", "Kustomization/flux-system/shop-38"];
    await change(recorded("shop-38", "Pod"), release);
    expect(world.told).not.toContain(parent);
    await change(recorded("shop-38", "HelmRelease"), parent);
    expect(world.told).toContain(release);
    await change(recorded("shop-38", "GitRepository"), parent);
  });

  it("does without a kind that is not installed, says so once, and picks it up when it comes", async () => {
    await begin("shop-02", { kinds: ["Application"] });
    await world.until(() => world.delays.filter((delay) => delay === 30_000).length > 6);
    const said = world.logged.filter((line) => line.includes("kustomizations"));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain("info");
    for (const kind of ["Kustomization", "GitRepository"]) world.server.install(kind);
    await world.until(() => world.told.includes("Kustomization/flux-system/shop-02"));
    await change(recorded("shop-02", "Pod"), "Kustomization/flux-system/shop-02");
  });
});

afterEach(async () => {
  await watch.stop();
  expect(new Set(world.server.requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
  await world.server.close();
});
