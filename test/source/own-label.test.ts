import { expect, test } from "vitest";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import { isLabelledAlike } from "../../src/source/meant/own-label.ts";

const service = (labels: JsonObject, selector: JsonObject): KubeObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "gateway-internal", labels },
  spec: { selector },
});

test("a Service means the pods that are labelled like itself", () => {
  const labelled = service({ component: "front" }, { app: "gateway", component: "edge" });
  expect(isLabelledAlike(labelled, { app: "gateway", component: "front" })).toBe(true);
  expect(isLabelledAlike(labelled, { app: "gateway", component: "admin" })).toBe(false);
  expect(isLabelledAlike(labelled, { app: "shop", component: "front" })).toBe(false);
});

test("a Service for pods that are yet to come means no others", () => {
  const canary = service({ app: "gateway", track: "canary" }, { app: "gateway", track: "canary" });
  expect(isLabelledAlike(canary, { app: "gateway", track: "stable" })).toBe(false);
  expect(isLabelledAlike(service({ track: "stable" }, { track: "canary" }), { track: "stable" })).toBe(false);
});
