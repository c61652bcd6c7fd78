import { expect, test } from "vitest";
import { oldKeyNewValue } from "../../src/source/slips/renamed-key.ts";

test.each([
  ["  tag: 9.4.0\n", "  version: 9.4.1\n", "  tag: 9.4.1\n"],
  ["- replicas: 2", "- replicaCount: 3", "- replicas: 3"],
  ['port:  "8080"\n', 'httpPort: "9090"\n', 'port: "9090"\n'],
])("%j became %j: %j", (before, after, wanted) => {
  expect(oldKeyNewValue({ before: [before], after: [after] })).toBe(wanted);
});

test.each([
  ["another value under the same key", ["tag: 1"], ["tag: 2"]],
  ["another key with the same value", ["tag: 1"], ["version: 1"]],
  ["values of two forms", ["tag: 1.2"], ["policy: Always"]],
  ["words without a number", ["mode: fast"], ["kind: slow"]],
  ["another depth", ["  tag: 1"], ["    version: 2"]],
  ["a mapping", ["image:"], ["picture:"]],
  ["more than one line", ["tag: 1", "a: 1"], ["version: 2", "a: 1"]],
])("%s is nothing to guess from", (_, before, after) => {
  expect(oldKeyNewValue({ before, after })).toBeUndefined();
});

test("a new value keeps the anchor that its line lost", () => {
  expect(oldKeyNewValue({ before: ["  memory: &memory 128Mi\n"], after: ["  memory: 192Mi\n"] })).toBe("  memory: &memory 192Mi\n");
  expect(oldKeyNewValue({ before: ["  memory: &memory 128Mi"], after: ["  memory: *other"] })).toBeUndefined();
});
