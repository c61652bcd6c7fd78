import { describe, expect, test } from "vitest";
import { type KubeObject, textAt } from "../../src/cluster/objects.ts";
import type { Observation } from "../../src/cluster/observation.ts";
import { DEFAULT_BUDGET } from "../../src/evidence/budget.ts";
import { collectEvidence } from "../../src/evidence/collect.ts";
import type { Evidence } from "../../src/evidence/evidence.ts";
import { identify } from "../../src/incident/identify.ts";
import { all, endOfRecording, newestPods, only, set } from "../incident/world.ts";
import { loadRecording } from "../world/recording.ts";

const NO_GIT = { commits: [], diff: "", renderDiff: "" };

async function collect(observation: Observation, log: (pod: string, container: string, previous: boolean) => Promise<string>, git = NO_GIT): Promise<Evidence> {
  const [incident] = identify(observation);
  if (!incident) throw new Error("nothing fails");
  const cluster = { logs: (pod: { name: string }, container: string, { previous }: { previous: boolean }) => log(pod.name, container, previous) };
  return collectEvidence({ incident, observation, cluster, git, now: observation.at });
}

function collectRecorded(id: string): Promise<Evidence> {
  const { logs } = loadRecording(id);
  return collect(endOfRecording(id), async (pod, container, previous) => logs[`${pod}.${container}${previous ? ".previous" : ""}`] ?? "");
}

/** What an engineer would quote, and among how many of the first items it has to be. */
const QUOTED: [string, string, number][] = [
  ["shop-01", 'acme/checkout:1.4.7": failed to resolve reference', 1],
  ["shop-02", "docker.io/acme/catalogue:1.4.0: not found", 1],
  ["shop-03", "InvalidImageName", 1],
  ["shop-04", "terminated, OOMKilled, exit code 137", 1],
  ["shop-05", 'configmap "cart-settings" not found', 1],
  ["shop-06", "couldn't find key baseCurrency in ConfigMap shop-06/rates", 1],
  ["shop-07", 'secret "ledger-credentials" not found', 1],
  ["shop-08", "Liveness probe failed: HTTP probe failed with statuscode: 404", 3],
  ["shop-09", "Readiness probe failed", 4],
  ["shop-10", "Liveness probe failed", 4],
  ["shop-11", "no such file or directory", 2],
  ["shop-12", 'shop: unknown command "server"', 8],
  ["shop-13", "Insufficient cpu", 1],
  ["shop-14", "didn't match Pod's node affinity/selector", 1],
  ["shop-15", 'storageclass.storage.k8s.io "fast-ssd" not found', 4],
  ["shop-16", "the Service selects app=review; the ready pods of Deployment reviews has app=reviews", 1],
  ["shop-17", "targetPort web", 1],
  ["shop-18", "DATABASE_URL", 6],
  ["shop-19", "container has runAsNonRoot and image will run as root", 1],
  ["shop-20", "read-only file system", 6],
  ["shop-21", "DATABASE_URL", 6],
  ["shop-22", "exceeded quota: team", 1],
  ["shop-23", "field is immutable", 1],
  ["shop-24", "field is immutable", 1],
  ["shop-26", "does not contain declared merge key: containerPort", 1],
  ["shop-27", "did not find expected '-' indicator", 1],
  ["shop-28", "found character that cannot start any token", 1],
  ["shop-29", "svc.yaml", 1],
  ["shop-30", "nil pointer evaluating", 1],
  ["shop-31", "panic", 6],
  ["shop-32", "acme/worker:1.5.0: not found", 1],
  ["shop-33", 'shop: unknown command "migrat"', 4],
  ["shop-34", "acme/checkout:1.4.9: not found", 1],
  ["shop-35", "maximum memory usage per Container is 256Mi, but limit is 512Mi", 1],
  ["shop-36", 'violates PodSecurity "baseline:latest"', 1],
  ["shop-37", "expected string, got &value.valueUnstructured", 1],
  ["shop-38", "acme/payments:1.6.0: not found", 3],
  ["shop-39", 'spec.containers[name=shop].resources.limits.memory: "256Mi" → "64Mi"', 6],
  ["shop-40", "shop/templates/service.yaml:9:35", 1],
  ["shop-41", 'configmaps "tower-values" not found', 1],
  ["shop-42", "HARBOUR", 8],
];

test.each(QUOTED)("%s: what an engineer would quote (%s) is among the first %i items", async (id, quote, rank) => {
  const { items } = await collectRecorded(id);
  expect(items.slice(0, rank).some(({ text }) => text.includes(quote))).toBe(true);
});

test("evidence reads well", async () => {
  const { items } = await collectRecorded("shop-04");
  const page = items.filter(({ kind }) => kind !== "workload").map(({ id, kind, source, text }) => `${id} [${kind}] ${source}\n${text}`);
  expect(page.join("\n\n")).toMatchInlineSnapshot(`
    "E1 [container] pod search-c586bbf6-k8f86 container search
    state: waiting, CrashLoopBackOff
    back-off 5m0s restarting failed container=search pod=search-c586bbf6-k8f86_shop-04(21b9dc7a-8082-4f2f-8f85-93c76714c825)
    last state: terminated, OOMKilled, exit code 137, startedAt 2026-11-22T22:11:56Z, finishedAt 2026-11-22T22:11:57Z
    ready: false, restarts: 6
    image: acme/catalog:1.4.1

    E3 [event] event Unhealthy on Pod search-c586bbf6-k8f86
    Liveness probe failed: Get "http://10.244.0.94:8080/healthz": dial tcp 10.244.0.94:8080: connect: connection refused

    E4 [event] event Unhealthy on Pod search-c586bbf6-k8f86, 3 times
    Readiness probe failed: Get "http://10.244.0.94:8080/readyz": dial tcp 10.244.0.94:8080: connect: connection refused

    E5 [event] event BackOff on Pod search-c586bbf6-k8f86, 22 times
    Back-off restarting failed container search in pod search-c586bbf6-k8f86_shop-04(21b9dc7a-8082-4f2f-8f85-93c76714c825)

    E6 [log] pod search-c586bbf6-k8f86 container search, previous log
    time=2026-11-22T22:11:56.771Z level=INFO msg=starting version=dev pid=1
    time=2026-11-22T22:11:56.878Z level=INFO msg="warming cache" mb=64

    E7 [replica-set] ReplicaSets of Deployment shop-04/search: what the failing one changed
    search-75586b9478 (revision 1, created 2026-11-22T22:04:46Z): 2 of 2 ready
    search-c586bbf6 (revision 2, created 2026-11-22T22:06:17Z): 0 of 1 ready
    spec.containers[name=search].resources.limits.memory: "256Mi" → "96Mi"

    E9 [event] event ScalingReplicaSet on Deployment search
    Scaled up replica set search-c586bbf6 from 0 to 1

    E10 [delivery] status of Kustomization/flux-system/shop-04
    failing (health), HealthCheckFailed: health check failed after 57.948768ms: failed early due to stalled resources: [Deployment/shop-04/search status: 'Failed']
    Healthy is False, HealthCheckFailed: failed early due to stalled resources: [Deployment/shop-04/search status: 'Failed']
    attempted revision: a0804830631f883dc39d45b5efecbbf9411a0b3c
    last good revision: e1382628e3fcc746f2367a6cbfafe207f20d3cc8"
  `);
});

describe("a workload of fifty pods that all fail", () => {
  function fifty(): Observation {
    const observation = endOfRecording("shop-12");
    const [pod] = newestPods(observation);
    if (!pod) throw new Error("no pod");
    const name = textAt(pod, "metadata", "name");
    for (let n = 0; n < 49; n++) observation.objects.push(JSON.parse(JSON.stringify(pod).replaceAll(name, `${name}${n}`)));
    return observation;
  }

  test("is told by one of them, and costs few requests", async () => {
    let requests = 0;
    const { items } = await collect(fifty(), async () => `line ${requests++}`);
    expect(items.filter(({ kind }) => kind === "container").map(({ source }) => source)).toEqual([expect.stringContaining("(50 pods show the same)")]);
    expect(requests).toBe(2);
  });
});

describe("what is left out", () => {
  test("a flood of events and endless logs stay within the budget", async () => {
    const observation = endOfRecording("shop-12");
    const [event] = observation.events.filter((e) => e.reason === "BackOff");
    if (!event) throw new Error("no event to copy");
    const letters = (n: number) => [...String(n)].map((digit) => "abcdefghij"[Number(digit)]).join("");
    for (let n = 0; n < 500; n++) observation.events.push({ ...event, note: `flood ${letters(n)} ${"x ".repeat(3000)}` });
    const { items, omitted } = await collect(observation, async () => `${"noise ".repeat(200)}\n`.repeat(2000));
    expect(items.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)).toBeLessThanOrEqual(DEFAULT_BUDGET.bytes);
    expect(items.every(({ text }) => Buffer.byteLength(text) <= DEFAULT_BUDGET.itemBytes)).toBe(true);
    expect(items.map(({ id }) => id)).toEqual(items.map((_, i) => `E${i + 1}`));
    expect(omitted).toBeGreaterThan(0);
  });

  test("logs that cannot be read are counted, and nothing fails", async () => {
    const { items, omitted } = await collect(endOfRecording("shop-12"), () => Promise.reject(new Error("gone")));
    expect(items.some(({ kind }) => kind === "log")).toBe(false);
    expect(omitted).toBe(2);
  });

  test("events of an earlier revision", async () => {
    const observation = endOfRecording("shop-12");
    const [event] = observation.events.filter((e) => e.reason === "BackOff");
    if (!event) throw new Error("no event to copy");
    const old = "2026-11-01T00:00:00Z";
    observation.events.push({ ...event, note: "something of last month", deprecatedFirstTimestamp: old, deprecatedLastTimestamp: old });
    const { items } = await collect(observation, async () => "");
    expect(items.filter(({ text }) => text.includes("last month"))).toEqual([]);
  });
});

describe("secrets", () => {
  test("in logs, events, variables and diffs are hidden, and counted", async () => {
    const observation = endOfRecording("shop-12");
    const secret = "hunter2";
    set(only(observation, "Deployment"), ["spec", "template", "spec", "containers", 0, "env"], [{ name: "DB_PASSWORD", value: secret }]);
    for (const rs of all(observation, "ReplicaSet").slice(1))
      set(rs, ["spec", "template", "spec", "containers", 0, "env"], [{ name: "DB_PASSWORD", value: secret }]);
    const git = {
      ...NO_GIT,
      diff: `--- a/x.yaml\n+++ b/x.yaml\n@@ -1,2 +1,2 @@\n         - name: DB_PASSWORD\n-          value: old\n+          value: ${secret}`,
    };
    const evidence = await collect(observation, async () => `2026-11-22T22:12:13.747354073Z   password: ${secret}\n`, git);
    expect(JSON.stringify(evidence)).not.toContain(secret);
    expect(evidence.items.find(({ kind }) => kind === "log")?.text).toBe("  password: [redacted: named-secret]");
    expect(evidence.redactions).toMatchObject({ "named-secret": expect.any(Number), "env-value": expect.any(Number) });
  });

  test("of a private key whose first line is out of sight are hidden too", async () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${"MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n".repeat(60)}`;
    const { items } = await collect(endOfRecording("shop-12"), async () => key);
    expect(items.map(({ text }) => text).join("\n")).not.toContain("MIIEvQ");
  });

  test("of Secret objects never become text", async () => {
    const observation = endOfRecording("shop-05");
    const planted: KubeObject = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "db", namespace: "shop-05" },
      data: { user: "c2hvcA==" },
      stringData: { user: "shopkeeper" },
    };
    observation.objects.push(planted);
    observation.surroundings.push(planted);
    expect(JSON.stringify(await collect(observation, async () => ""))).not.toMatch(/c2hvcA|shopkeeper/);
  });
});
