import { expect, test } from "vitest";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import { unlabelledKeys } from "../../src/source/meant/unlabelled-keys.ts";

function workload(name: string, labels: JsonObject, kind = "Deployment"): KubeObject {
  return { apiVersion: "apps/v1", kind, metadata: { name, namespace: "shop" }, spec: { template: { metadata: { labels } } } };
}

const service: KubeObject = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "api", namespace: "shop" },
  spec: { selector: { app: "api", track: "stable" } },
};

test("a label that no pod has is asked for in vain", () => {
  expect(unlabelledKeys(service, [service, workload("api", { app: "api" }), workload("cart", { app: "cart" })])).toEqual(["track"]);
});

test.each<[string, KubeObject[]]>([
  ["where another workload has it", [workload("api", { app: "api" }), workload("api-canary", { app: "api", track: "canary" })]],
  ["where the rest fits several", [workload("api", { app: "api" }), workload("worker", { app: "api" })]],
  ["where the rest fits another program", [workload("cart", { app: "api" })]],
  ["where a controller may set it", [workload("api", { app: "api" }, "StatefulSet")]],
  ["where it is all there is", [workload("api", { component: "api" })]],
])("and not %s", (_, workloads) => expect(unlabelledKeys(service, workloads)).toBeUndefined());
