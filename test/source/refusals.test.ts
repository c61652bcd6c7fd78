import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SOURCE_REFUSAL_CODES } from "../../src/cluster/delivery.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Codes that no layout ends in: a file of tests that does. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "no-source": "test/kubernetes/sources.test.ts",
  "sync-window": "test/kubernetes/rendering-facts.test.ts",
  "chart-elsewhere": "test/kubernetes/sources.test.ts",
  "repository-not-installed": "test/source/workspace.test.ts",
  "renderer-missing": "test/source/workspace.test.ts",
  "too-large": "test/source/run-renderer.test.ts",
};

test("docs/refusals.md tells of every code, in order, and of no other", () => {
  const rows = [...readFileSync(join(ROOT, "docs/refusals.md"), "utf8").matchAll(/^\| `([\w-]+)` \| (.+) \| (.+) \|$/gm)];
  expect(rows.map(([, code]) => code)).toEqual([...SOURCE_REFUSAL_CODES]);
  for (const [, , when = "", advice = ""] of rows) expect([when.length > 20, advice.length > 10]).toEqual([true, true]);
});

test("every code is what some test ends in", () => {
  const folder = join(ROOT, "test/layouts");
  const inLayouts = new Set(readdirSync(folder).map((name) => String(JSON.parse(readFileSync(join(folder, name, "layout.json"), "utf8")).refusal)));
  const untested = SOURCE_REFUSAL_CODES.filter((code) => {
    const file = ELSEWHERE[code];
    return !inLayouts.has(code) && !(file && readFileSync(join(ROOT, file), "utf8").includes(`"${code}"`));
  });
  expect(untested).toEqual([]);
});
