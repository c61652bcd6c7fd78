import { expect, test } from "vitest";
import { withoutPlace } from "../../src/source/slips/label-selectors.ts";

const LIST = "overlays/prod/kustomization.yaml";
const labels = (on: boolean) => `resources: [../../base]\nlabels:\n  - pairs: {team: shop}\n    includeSelectors: ${on}   # as ever\n`;
const left = (text: string, lastGood: string | undefined, path = LIST) => withoutPlace([{ path, text, lastGood }], "includeSelectors")?.after;

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

test("and out of templates alone", () => {
  const templates = (on: boolean) => labels(true).replace("    includeSel", `    includeTemplates: ${on}\n    includeSel`);
  expect(withoutPlace([{ path: LIST, text: templates(true), lastGood: "" }], "includeTemplates")?.after).toBe(templates(false));
});
