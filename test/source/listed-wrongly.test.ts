import { expect, test } from "vitest";
import { listedWrongly } from "../../src/source/slips/listed-wrongly.ts";

const NAMED = "json: cannot unmarshal string into Go struct field Kustomization.patches of type types.Patch";
const WITH_PATH = "json: cannot unmarshal object into Go struct field Kustomization.patchesStrategicMerge of type types.PatchStrategicMerge";
const TWICE = "may not add resource with an already registered id: Deployment.v1.apps/shop.[noNs]";

function corrected(texts: Record<string, string>, error: string): string[] {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text, lastGood: undefined }));
  return listedWrongly(files, error).map(({ path, after }) => `${path}: ${after}`);
}

test("patches are written in the form of their list", () => {
  expect(corrected({ "kustomization.yaml": "patches:\n  - a.yaml\n  - path: b.yaml\n" }, NAMED)).toEqual([
    "kustomization.yaml: patches:\n  - path: a.yaml\n  - path: b.yaml\n",
  ]);
  expect(corrected({ "kustomization.yaml": "patchesStrategicMerge:\n  - path: a.yaml\n" }, WITH_PATH)).toEqual([
    "kustomization.yaml: patchesStrategicMerge:\n  - a.yaml\n",
  ]);
  expect(corrected({ "kustomization.yaml": "patchesStrategicMerge:\n  - {path: a.yaml, target: {kind: Deployment}}\n" }, WITH_PATH)).toEqual([]);
  expect(corrected({ "kustomization.yaml": "patches:\n  - a.yaml\n" }, "json: unknown field")).toEqual([]);
});

test("what another entry brings is listed once", () => {
  const base = { "base/kustomization.yaml": "resources:\n  - shop.yaml\n" };
  expect(corrected({ ...base, "prod/kustomization.yaml": "resources:\n  - ../base\n  - ../base/shop.yaml\n" }, TWICE)).toEqual([
    "prod/kustomization.yaml: resources:\n  - ../base\n",
  ]);
  expect(corrected({ ...base, "prod/kustomization.yaml": "resources:\n  - ../base\n  - extra.yaml\n  - ../base/\n" }, TWICE)).toEqual([
    "prod/kustomization.yaml: resources:\n  - ../base\n  - extra.yaml\n",
  ]);
});

test("of two files with the same object nobody knows which one is meant", () => {
  expect(corrected({ "kustomization.yaml": "resources:\n  - shop.yaml\n  - shop-copy.yaml\n" }, TWICE)).toEqual([]);
});

test("an object that moved into the base is no longer listed from its old file, which says the very same", () => {
  const budget = "kind: PodDisruptionBudget\nmetadata: {name: shop}\nspec: {minAvailable: 1}\n";
  const files = (own: string) => ({
    "base/kustomization.yaml": "resources:\n  - budget.yaml\n",
    "base/budget.yaml": budget,
    "prod/kustomization.yaml": "resources:\n  - ../base\n  - budget.yaml\n",
    "prod/budget.yaml": own,
  });
  expect(corrected(files(`# ours\n${budget}`), TWICE)).toEqual(["prod/kustomization.yaml: resources:\n  - ../base\n"]);
  expect(corrected(files(budget.replace("1", "2")), TWICE)).toEqual([]);
});
