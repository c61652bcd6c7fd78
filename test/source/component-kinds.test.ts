import { expect, test } from "vitest";
import { componentRepair } from "../../src/source/slips/component-kinds.ts";

const FOLDER = "components/metrics/kustomization.yaml";
const LIST = "overlays/prod/kustomization.yaml";
const NOT_COMPONENT =
  "accumulating components: accumulateDirectory: \"expected kind 'Component' for path '/tmp/x/components/metrics' but got 'Kustomization'\"";
const IS_COMPONENT = "accumulating resources: accumulateDirectory: \"expected kind != 'Component' for path '/tmp/x/components/metrics'\"";
const KUSTOMIZATION = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization   # like the others\n";

function repaired(folder: string, list: string, error: string) {
  const texts = { [FOLDER]: folder, [LIST]: list };
  const files = Object.entries(texts).map(([path, text]) => ({ path, text, lastGood: undefined }));
  const change = componentRepair(files, error);
  return change && `${change.path}\n${change.after}`;
}

test("a folder that only patches becomes a component", () => {
  const patches = "patches:\n  - path: exporter.yaml\n";
  expect(repaired(KUSTOMIZATION + patches, "resources: [../../base]\ncomponents: [../../components/metrics]\n", NOT_COMPONENT)).toBe(
    `${FOLDER}\napiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component   # like the others\n${patches}`,
  );
});

test("one that brings resources is listed as a resource", () => {
  const list = "resources:\n  - ../../base\ncomponents:\n  - ../../components/metrics\n";
  expect(repaired(`${KUSTOMIZATION}resources: [exporter.yaml]\n`, list, NOT_COMPONENT)).toBe(
    `${LIST}\nresources:\n  - ../../base\n  - ../../components/metrics\n`,
  );
});

test("a component is listed as a component", () => {
  const component = KUSTOMIZATION.replace("v1beta1", "v1alpha1").replace("Kustomization", "Component");
  const list = "resources:\n  - ../../base\n  - ../../components/metrics\n";
  expect(repaired(component, list, IS_COMPONENT)).toBe(`${LIST}\nresources:\n  - ../../base\ncomponents:\n  - ../../components/metrics\n`);
});

test("nothing is done for another error, or another folder", () => {
  expect(repaired(KUSTOMIZATION, "components: [../../components/metrics]\n", "yaml: line 3")).toBeUndefined();
  expect(repaired(KUSTOMIZATION, "components: [../../components/metrics]\n", NOT_COMPONENT.replace("metrics", "traces"))).toBeUndefined();
});
