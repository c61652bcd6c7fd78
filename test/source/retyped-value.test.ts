import { expect, test } from "vitest";
import { withoutUnit } from "../../src/source/slips/retyped-value.ts";

test.each([
  ["  sizeMb: 64Mi\n", "  sizeMb: 64\n"],
  ['cacheMB: "64M" # of it\n', "cacheMB: 64 # of it\n"],
  ["  timeoutSeconds: 30s\n", "  timeoutSeconds: 30\n"],
  ["interval_ms: 250ms\n", "interval_ms: 250\n"],
])("the unit that a key has already is left out of %j", (line, bare) => {
  expect(withoutUnit(line)).toBe(bare);
});

test.each(["sizeMb: 2Gi\n", "size: 64Mi\n", "timeoutSeconds: 5m\n", "timeoutSeconds: 30\n"])("%j says something else", (line) => {
  expect(withoutUnit(line)).toBeUndefined();
});
