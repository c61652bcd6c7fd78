import { expect, test } from "vitest";
import type { Json, KubeObject } from "../../src/cluster/objects.ts";
import type { DiagnosisInput } from "../../src/diagnosis/diagnosis.ts";
import { withTwins } from "../../src/diagnosis/twins.ts";
import { formatPath } from "../../src/source/edit/field-path.ts";

const env = (value: string): Json => [{ name: "LOG_LEVEL", value }];
const shop = (level: string): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "shop", namespace: "prod" },
  spec: { template: { spec: { containers: [{ name: "shop", env: env(level) }], initContainers: [{ name: "migrate", env: env(level) }] } } },
});
const params = (level: string, hash: string): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: `params-${hash}`, namespace: "prod" },
  data: { level, other: "1" },
});

test("what one anchor or one ConfigMap gives to several goes back in all of them", () => {
  const rendered = [shop("verbose"), params("verbose", "9hcg25795m")];
  const lastGood = { objects: [shop("info"), params("info", "52gm869k68")] };
  const object = { group: "apps", kind: "Deployment", namespace: "prod", name: "shop" };
  const item = { key: "name", value: "LOG_LEVEL" };
  const path = ["spec", "template", "spec", "containers", { key: "name", value: "shop" }, "env", item, "value"];
  const twins = withTwins({ rendered, lastGood } as unknown as DiagnosisInput, [{ object, path, before: "verbose", after: "info" }]);
  expect(twins.map((one) => `${one.object.kind} ${formatPath(one.path.slice(-3))}`)).toEqual([
    "Deployment env[name=LOG_LEVEL].value",
    "Deployment env[name=LOG_LEVEL].value",
    "ConfigMap data.level",
  ]);
});

test("and in the ConfigMap from which a part of it was copied", () => {
  const metrics = (retention: string): KubeObject => ({
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "metrics", namespace: "prod" },
    spec: { template: { spec: { containers: [{ name: "metrics", args: [`--retention=${retention}`] }] } } },
  });
  const settings = (retention: string): KubeObject => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "settings", namespace: "prod" },
    data: { retention, label: `for ${retention}` },
  });
  const object = { group: "apps", kind: "StatefulSet", namespace: "prod", name: "metrics" };
  const path = ["spec", "template", "spec", "containers", { key: "name", value: "metrics" }, "args", 0];
  const input = { rendered: [metrics("30 days"), settings("30 days")], lastGood: { objects: [metrics("15d"), settings("15d")] } };
  const twins = withTwins(input as unknown as DiagnosisInput, [{ object, path, before: "--retention=30 days", after: "--retention=15d" }]);
  expect(twins.map((one) => `${one.object.kind} ${formatPath(one.path.slice(-2))}`)).toEqual(["StatefulSet args[0]", "ConfigMap data.retention"]);
});
