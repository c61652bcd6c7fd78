import { expect, test } from "vitest";
import { withoutSelectors } from "../../src/source/slips/label-selectors.ts";

const LIST = "overlays/prod/kustomization.yaml";
const labels = (on: boolean) => `resources: [../../base]\nlabels:\n  - pairs: {team: shop}\n    includeSelectors: ${on}   # as ever\n`;
const left = (text: string, lastGood: string | undefined, path = LIST) => withoutSelectors([{ path, text, lastGood }])?.after;

test("labels that came are left out of selectors", () => {
  expect(left(labels(true), "resources: [../../base]\n")).toBe(labels(false));
  expect(left(labels(true), undefined)).toBe(labels(false));
});

test("those that were in selectors stay there, and so does what is no kustomization or not one place", () => {
  expect(left(labels(true), labels(true))).toBeUndefined();
  expect(left(labels(false), "resources: [../../base]\n")).toBeUndefined();
  expect(left(labels(true), "", "base/labels.yaml")).toBeUndefined();
  expect(left(`${labels(true)}  - pairs: {a: b}\n    includeSelectors: true\n`, "")).toBeUndefined();
});
