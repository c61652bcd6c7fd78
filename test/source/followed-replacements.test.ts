import { expect, test } from "vitest";
import { followedReplacements } from "../../src/source/slips/followed-replacements.ts";

const DEPLOYMENT = "kind: Deployment\nspec:\n  env:\n    - name: BASE_URL\n      value: http://localhost\n";
const REPLACEMENT = `source: {kind: ConfigMap, name: site, fieldPath: data.url}
targets:
  - select: {kind: Deployment}
    fieldPaths:
      - spec.env.[name=BASE_URL].value # the site
`;

/** What becomes of the replacements after the variable has got another line. */
function followed(line: string, [path, text, kustomization] = ["prod/site.yaml", REPLACEMENT, "replacements:\n  - path: site.yaml\n"]): string[] {
  const files = [
    { path: "base/app.yaml", text: DEPLOYMENT.replace("    - name: BASE_URL\n", line), lastGood: DEPLOYMENT },
    { path: "prod/kustomization.yaml", text: kustomization, lastGood: kustomization },
  ];
  const other = path === "prod/kustomization.yaml" ? [] : [{ path, text, lastGood: text }];
  return followedReplacements([...files, ...other]).map(({ file }) => file.after);
}

test("a replacement in a file of its own follows the name of what it is for", () => {
  expect(followed("    - name: PUBLIC_URL\n")).toEqual([REPLACEMENT.replace("BASE_URL", "PUBLIC_URL")]);
});

test("one that stands in the kustomization does too", () => {
  const inline = `replacements:\n  - ${REPLACEMENT.trimEnd().replaceAll("\n", "\n    ")}\n`;
  expect(followed("    - name: PUBLIC_URL\n", ["prod/kustomization.yaml", "", inline])).toEqual([inline.replace("BASE_URL", "PUBLIC_URL")]);
});

test("not where it went, or stayed", () => {
  expect(followed("")).toEqual([]);
  expect(followed("    - name: BASE_URL\n")).toEqual([]);
});
