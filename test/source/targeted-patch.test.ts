import { expect, test } from "vitest";
import type { ObjectRef } from "../../src/cluster/objects.ts";
import { isTargetedAt } from "../../src/source/plan/targeted-patch.ts";

const WEB: ObjectRef = { group: "apps", kind: "Deployment", namespace: "shop", name: "web" };

/** Whether components/spread/spread.yaml, which is called `any`, is a patch of Deployment web, by this entry of its kustomization. */
function targeted(entry: object): boolean {
  const patch = { file: "components/spread/spread.yaml", value: { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "any" } } };
  const list = { file: "components/spread/kustomization.yaml", value: { patches: [JSON.parse(JSON.stringify(entry))] } };
  return isTargetedAt(patch, WEB, [list, patch]);
}

test.each<[string, object]>([
  ["by its kind", { path: "spread.yaml", target: { kind: "Deployment" } }],
  ["by its name", { path: "spread.yaml", target: { name: "web" } }],
  ["by any name", { path: "./spread.yaml", target: { kind: "Deployment", name: ".*" } }],
])("an object is meant %s", (_, entry) => expect(targeted(entry)).toBe(true));

test.each<[string, object]>([
  ["of another kind", { path: "spread.yaml", target: { kind: "StatefulSet" } }],
  ["of another name", { path: "spread.yaml", target: { kind: "Deployment", name: "worker" } }],
  ["by no target", { path: "spread.yaml" }],
  ["by an empty target", { path: "spread.yaml", target: {} }],
  ["by another file", { path: "other.yaml", target: { kind: "Deployment" } }],
])("it is not meant %s", (_, entry) => expect(targeted(entry)).toBe(false));
