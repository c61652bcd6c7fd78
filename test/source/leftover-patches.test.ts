import { expect, test } from "vitest";
import { patchMovedOver, patchMovedTo, withoutPatchOf } from "../../src/source/slips/leftover-patches.ts";

const LIST = "overlays/prod/kustomization.yaml";
const op = (path: string, more = "") => `- op: replace\n  path: ${path}\n  value: 1\n${more}`;
const FIRST = "/spec/template/spec/containers/0/resources/limits/memory";
const ITEM = "/spec/template/spec/containers/1";
const SECOND = "/spec/template/spec/containers/1/resources/limits/memory";

function without(pointer: string, patch: string, more = ""): string[] {
  const kustomization = `resources:\n  - ../../base\npatches:\n  - target: {kind: Deployment}\n    path: patch.yaml\n${more}`;
  const files = [
    { path: LIST, text: kustomization, lastGood: kustomization },
    { path: "overlays/prod/patch.yaml", text: patch, lastGood: patch },
  ];
  return withoutPatchOf(files, pointer).map(({ path, after }) => `${path}\n${after}`);
}

test("a patch of nothing else goes with its list", () => {
  expect(without(SECOND, op(SECOND))).toEqual([`${LIST}\nresources:\n  - ../../base\n`]);
});

test("and without it where there are others", () => {
  const other = "  - path: other.yaml\n";
  expect(without(SECOND, op(SECOND), other)).toEqual([`${LIST}\nresources:\n  - ../../base\npatches:\n${other}`]);
});

test("of a patch that changes more, what changes that container goes", () => {
  const more = op("/spec/template/spec/containers/1/image");
  expect(without(SECOND, op(FIRST) + op(SECOND) + more)).toEqual([`overlays/prod/patch.yaml\n${op(FIRST)}`]);
});

test("also where it is written in the kustomization, as a whole", () => {
  const inline = (patch: string) => `resources:\n  - ../../base\npatches:\n  - target: {kind: Deployment}\n    patch: '${patch}'\n`;
  const made = (patch: string) => withoutPatchOf([{ path: LIST, text: inline(patch), lastGood: inline(patch) }], SECOND).map(({ after }) => after);
  expect(made(`[{op: remove, path: ${SECOND}}]`)).toEqual(["resources:\n  - ../../base\n"]);
  expect(made(`[{op: remove, path: ${FIRST}}]`)).toEqual([]);
});

test.each([
  ["another container", "/spec/template/spec/containers/2/image"],
  ["a variable", "/spec/template/spec/containers/1/env/0/value"],
  ["no item at all", "/spec/replicas"],
])("nothing goes for %s", (_, pointer) => {
  expect(without(pointer, op(SECOND) + op("/spec/template/spec/containers/1/env/0/value") + op("/spec/replicas"))).toEqual([]);
});

test("what changes an item by its number is led to another number, wherever that is written", () => {
  const files = [
    { path: LIST, text: "patches:\n  - path: patch.yaml\n", lastGood: undefined },
    { path: "overlays/prod/patch.yaml", text: op(SECOND) + op(FIRST), lastGood: undefined },
  ];
  const [inFile] = patchMovedTo(files, ITEM, 0);
  expect(inFile).toMatchObject({ path: "overlays/prod/patch.yaml", after: op(FIRST) + op(FIRST) });
  const inline = `resources: [web.yaml]\npatches:\n  - patch: |-\n      - op: replace\n        path: ${SECOND}\n        value: 1\n`;
  const [within] = patchMovedTo([{ path: LIST, text: inline, lastGood: inline }], ITEM, 0);
  expect(within?.after).toBe(inline.replace(SECOND, FIRST));
  expect(patchMovedTo([{ path: LIST, text: inline, lastGood: inline }], "/spec/template/spec/volumes/1", 0)).toEqual([]);
});

test("a patch is led to the container that a sidecar became", () => {
  const files = [
    { path: LIST, text: "resources: [../../base]\npatches:\n  - path: patch.yaml\n", lastGood: undefined },
    { path: "overlays/prod/patch.yaml", text: op(SECOND) + op(FIRST), lastGood: undefined },
  ];
  const moved = patchMovedOver(files, ITEM, 0).map(({ after }) => after);
  expect(moved).toEqual([op(SECOND.replace("containers/1", "initContainers/0")) + op(FIRST)]);
  expect(patchMovedOver(files, "/spec/template/spec/volumes/0", 0)).toEqual([]);
});
