import { describe, expect, test } from "vitest";
import { type KubeObject, numberAt } from "../../src/cluster/objects.ts";
import { item, judge, proposal, rules, situation } from "../guards/situation.ts";
import { answerFor, edited, noted } from "./retold.ts";

const DEPLOYMENT = "base/deployment.yaml";
const LATE = 'Liveness probe failed: Get "http://10.244.0.9:8080/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
const limited = (cpu: string) => edited(DEPLOYMENT, /limits: \{.*\}/, `limits: {memory: 128Mi${cpu === "" ? "" : `, cpu: ${cpu}`}}`);
/** What the ReplicaSet whose pods are ready says of it. */
function ran(object: KubeObject, cpu: string): KubeObject {
  const isReady = object.kind === "ReplicaSet" && (numberAt(object, "status", "readyReplicas") ?? 0) > 0;
  return isReady && cpu !== "" ? JSON.parse(JSON.stringify(object).replaceAll('"limits":{', `"limits":{"cpu":"${cpu}",`)) : object;
}

describe("a program whose liveness probe is answered late (shop-10)", () => {
  const answer = (had: string, has: string, note = LATE) =>
    answerFor({
      id: "shop-10",
      good: limited(had),
      bad: limited(has),
      live: (object) => noted(/^Liveness probe failed/, note)(object).map((one) => ran(one, had)),
    });

  test("gets the CPU back that the commit took", async () => {
    expect(await answer("1", "50m")).toEqual(["resources.limits.cpu = 1"]);
  });

  test("is limited no more where it was not before", async () => {
    expect(await answer("", "20m")).toEqual(["resources.limits.cpu = undefined"]);
  });

  test("starts late with a quarter of what it had", async () => {
    const refused = 'Liveness probe failed: Get "http://10.244.0.9:8080/healthz": dial tcp 10.244.0.9:8080: connect: connection refused';
    expect(await answer("1", "100m", refused)).toEqual(["resources.limits.cpu = 1"]);
  });

  test("keeps a limit that is hardly another one", async () => {
    expect(await answer("500m", "400m")).not.toEqual(['resources.limits.cpu = "500m"']);
  });
});

test("under a probe's failure a limit of CPU only goes back to what it was", () => {
  const workload = (cpu: string) =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers: [{name: main, image: acme/web:1, resources: {limits: {cpu: ${cpu}}}}]\n`;
  const judged = (fixed: string) => {
    const files = (cpu: string) => ({ "web.yaml": workload(cpu) });
    const target = { kind: "Deployment", name: "web" };
    const world = situation({ files: files("50m"), good: files("800m"), namespace: "shop", target, items: [item("event", LATE)] });
    return rules(judge(world, proposal(world, { failureClass: "liveness-probe", container: "main", yaml: workload(fixed), quote: "Liveness probe failed" })));
  };
  expect(judged("800m")).toEqual([]);
  expect(judged("400m")).not.toEqual([]);
});
