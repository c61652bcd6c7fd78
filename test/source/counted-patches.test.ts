import { describe, expect, test } from "vitest";
import { countedItems, patchMakingList, patchMovedTo, placesNotFound } from "../../src/source/slips/leftover-patches.ts";
import type { BasisFile } from "../../src/source/slips/text-basis.ts";

const ENV = "/spec/template/spec/containers/0/env";

function files(patch: string): BasisFile[] {
  const kustomization = "resources:\n  - ../../base\npatches:\n  - path: patch.yaml\n    target: {kind: Deployment, name: shop}\n";
  const basis = { "overlays/prod/kustomization.yaml": kustomization, "overlays/prod/patch.yaml": patch };
  return Object.entries(basis).map(([path, text]) => ({ path, text, lastGood: text }));
}

test("kustomize names a place with and without quotes", () => {
  const said = (place: string) => `Error: replace operation does not apply: doc is missing path: ${place}: missing value`;
  expect(placesNotFound(said(`${ENV}/2/value`))).toEqual([`${ENV}/2/value`]);
  expect(placesNotFound(said(`"${ENV}/-"`))).toEqual([`${ENV}/-`]);
});

test("the items that a pointer counts, the innermost first", () => {
  expect(countedItems(`${ENV}/2/value`)).toEqual([`${ENV}/2`, "/spec/template/spec/containers/0"]);
  expect(countedItems("/spec/replicas")).toEqual([]);
});

describe("a patch", () => {
  test("is led to another item, with all that it does there", () => {
    const patch = `- op: replace\n  path: ${ENV}/2/value # the cache\n  value: "20"\n- {op: remove, path: ${ENV}/2/valueFrom}\n- {op: replace, path: /spec/replicas, value: 2}\n`;
    const [way] = patchMovedTo(files(patch), `${ENV}/2`, 1);
    expect(way?.after).toBe(patch.replaceAll("env/2", "env/1"));
  });

  test("makes the list that is gone, and adds to it as before", () => {
    const patch = `- op: add\n  path: ${ENV}/-\n  value:\n    name: PAGE_SIZE\n    value: "48"\n`;
    const [way] = patchMakingList(files(patch), `${ENV}/-`);
    expect(way?.after).toMatchInlineSnapshot(`
      "- op: add
        path: /spec/template/spec/containers/0/env
        value: []
      - op: add
        path: /spec/template/spec/containers/0/env/-
        value:
          name: PAGE_SIZE
          value: "48"
      "
    `);
  });

  test("makes no list where it adds to none", () => {
    expect(patchMakingList(files(`- {op: add, path: ${ENV}/0, value: {name: A}}\n`), `${ENV}/-`)).toEqual([]);
    expect(patchMakingList(files(`- {op: add, path: ${ENV}/-, value: {name: A}}\n`), `${ENV}/2`)).toEqual([]);
  });
});
