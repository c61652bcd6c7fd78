import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SOURCE_REFUSAL_CODES } from "../../src/cluster/delivery.ts";

const ROOT = join(import.meta.dirname, "../..");

test("docs/refusals.md tells of every code, in order, and of no other", () => {
  const rows = [...readFileSync(join(ROOT, "docs/refusals.md"), "utf8").matchAll(/^\| `([\w-]+)` \| (.+) \| (.+) \|$/gm)];
  expect(rows.map(([, code]) => code)).toEqual([...SOURCE_REFUSAL_CODES]);
  for (const [, , when = "", advice = ""] of rows) expect([when.length > 10, advice.length > 10]).toEqual([true, true]);
});
