import { expect, test } from "vitest";
import { valuesKeyMeant } from "../../src/source/slips/values-key.ts";

const RELEASE = "kind: HelmRelease\nmetadata: {name: web}\nspec:\n  valuesFrom:\n    - kind: ConfigMap\n      name: web-values\n";
const ERROR = "could not resolve ConfigMap chart values reference 'shop/web-values' with key 'values.yaml': key not found";
const map = (data: string) => `kind: ConfigMap\nmetadata: {name: web-values}\ndata: ${data}\n`;

function meant(texts: Record<string, string>, error = ERROR): string[] {
  const files = Object.entries({ "web.yaml": RELEASE, ...texts }).map(([path, text]) => ({ path, text, lastGood: undefined }));
  return valuesKeyMeant(files, error).map(({ right }) => right);
}

test("the only key of the ConfigMap is meant, written out or made by a generator", () => {
  expect(meant({ "values.yaml": map('{prod.yaml: "replicas: 2"}') })).toEqual(["prod.yaml"]);
  expect(meant({ "kustomization.yaml": "configMapGenerator:\n  - name: web-values\n    files: [values/prod.yaml]\n" })).toEqual(["prod.yaml"]);
});

test("not one of two keys, another ConfigMap's, or where the tool says something else", () => {
  expect(meant({ "values.yaml": map('{prod.yaml: "", base.yaml: ""}') })).toEqual([]);
  expect(meant({ "values.yaml": map('{prod.yaml: ""}').replace("web-values", "other") })).toEqual([]);
  expect(meant({ "values.yaml": map('{prod.yaml: ""}') }, "timed out")).toEqual([]);
});

test("of several keys the one for which nobody asks", () => {
  const second = "    - kind: ConfigMap\n      name: web-values\n      valuesKey: base.yaml\n";
  expect(meant({ "web.yaml": RELEASE + second, "values.yaml": map('{prod.yaml: "", base.yaml: ""}') })).toEqual(["prod.yaml"]);
});
