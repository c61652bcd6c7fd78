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
