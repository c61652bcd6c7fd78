import { describe, expect, test } from "vitest";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import type { DiagnosisInput } from "../../src/diagnosis/diagnosis.ts";
import { toldPath } from "../../src/diagnosis/playbook/probes/told-path.ts";
import { containerOf } from "../../src/diagnosis/workload.ts";

const settings: KubeObject = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings", namespace: "shop" }, data: { READY_PATH: "/health/ready" } };
const READY = { name: "READY_PATH", value: "/health/ready" };

/** What a readiness probe that asks /health/readiness is to ask, of a program with these variables. */
function told(container: JsonObject, field: "readinessProbe" | "livenessProbe" = "readinessProbe"): unknown {
  const spec = { template: { spec: { containers: [{ name: "web", [field]: { httpGet: { path: "/health/readiness", port: 8080 } }, ...container }] } } };
  const now: KubeObject = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: "shop" }, spec };
  const found = containerOf(now, "web");
  const input = { rendered: [now, settings] } as unknown as DiagnosisInput;
  const statement = { object: { group: "apps", kind: "Deployment", namespace: "shop", name: "web" } } as Parameters<typeof toldPath>[0]["statement"];
  return found && toldPath({ input, now, found, statement }, field)?.after;
}

describe("a probe is to ask where the program was told to answer", () => {
  test.each<[string, JsonObject]>([
    ["by a variable", { env: [READY, { name: "DATA_PATH", value: "/var/lib/web" }] }],
    ["by a ConfigMap", { envFrom: [{ configMapRef: { name: "settings" } }] }],
  ])("%s", (_, container) => expect(told(container)).toBe("/health/ready"));

  test("of its own kind only", () => expect(told({ env: [READY] }, "livenessProbe")).toBeUndefined());
});

describe("nothing is known", () => {
  test.each<[string, JsonObject]>([
    ["where it is told nothing of the kind", { env: [{ name: "DATA_PATH", value: "/health/ready" }] }],
    ["where it is told no path", { env: [{ name: "READY_PATH", value: "health" }] }],
    ["where it is told two", { env: [READY, { name: "WEB_READINESS_ENDPOINT", value: "/readyz" }] }],
    ["where it is told what the probe asks, too", { env: [READY, { name: "HEALTH_PATH", value: "/health/readiness" }] }],
  ])("%s", (_, container) => expect(told(container)).toBeUndefined());
});
