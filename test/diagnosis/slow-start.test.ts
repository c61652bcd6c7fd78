import { expect, test } from "vitest";
import type { Json, JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import { startupProbeGone } from "../../src/diagnosis/playbook/probes/slow-start.ts";
import { type ContainerAt, containersOf } from "../../src/diagnosis/workload.ts";
import { answerFor, edited, noted, type Retold } from "./retold.ts";

const REFUSED = 'Liveness probe failed: Get "http://10.244.0.97:8080/healthz": dial tcp 10.244.0.97:8080: connect: connection refused';
const SLOW = 'Liveness probe failed: Get "http://10.244.0.97:8080/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)';

/** shop-10, whose liveness probe kills after 10 s, with a last run of this length and another release. */
function killed(seconds: number, note: string, said: string): Retold {
  const finished = Date.parse("2026-11-22T22:13:00Z");
  const ran = (pod: KubeObject): Json => {
    const times = { startedAt: new Date(finished - seconds * 1000).toISOString(), finishedAt: new Date(finished).toISOString() };
    const status = JSON.parse(JSON.stringify(pod.status));
    for (const one of status.containerStatuses) if (one.lastState.terminated) Object.assign(one.lastState.terminated, times);
    return status;
  };
  return {
    id: "shop-10",
    bad: edited("base/deployment.yaml", "image: acme/catalog ", "image: acme/catalog:1.5.0 "),
    live: (object) => noted(/^Liveness probe failed/, note)(object.kind === "Pod" ? { ...object, status: ran(object) } : object),
    said,
  };
}

const LATER = ["[name=reports].livenessProbe.initialDelaySeconds = 50"];

test.each<[string, Retold, unknown]>([
  ["is killed while it starts gets more time", killed(11, REFUSED, 'level=INFO msg="loading catalogue" seconds=40'), LATER],
  ["had worked for minutes is left to people", killed(480, SLOW, 'level=INFO msg="GET /items 200"\nlevel=WARN msg="pool exhausted"'), "escalate"],
  ["waits for something else is left to people", killed(11, REFUSED, 'level=ERROR msg="orders-db:5432: connection refused, retrying"'), "escalate"],
])("a program that %s", async (_, story, answer) => expect(await answerFor(story)).toEqual(answer));

test("the startup probe that a container had is gone where it has none, and not where it has another one", () => {
  const web = (probes: JsonObject): KubeObject => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: { template: { spec: { containers: [{ name: "web", livenessProbe: {}, ...probes }] } } },
  });
  const past = { object: web({ startupProbe: { periodSeconds: 5 } }), from: "revision" as const, words: "" };
  const goneIn = (now: KubeObject) => startupProbeGone(past, now, containersOf(now)[0] as ContainerAt).map(({ path }) => path.at(-1));
  expect(goneIn(web({}))).toEqual(["startupProbe"]);
  expect(goneIn(web({ startupProbe: { periodSeconds: 9 } }))).toEqual([]);
});
