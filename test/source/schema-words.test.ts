import { describe, expect, test } from "vitest";
import { withWord, wordOf, wordsAllowed } from "../../src/source/meant/schema-words.ts";
import { isOfWrongType } from "../../src/source/slips/retyped-value.ts";

const SAID = `values don't meet the specifications of the schema(s) in the following chart(s):
web:
- at '/logLevel': value must be one of 'error', 'warning', 'info'
- at '/web/replicaCount': got string, want integer`;

describe("what a chart's schema says of a line of values", () => {
  test.each([
    ["logLevel: warn\n", ["error", "warning", "info"]],
    ["  logLevel: 'warn' # quieter\n", ["error", "warning", "info"]],
    ["level: warn\n", []],
    ["logLevel: {{ .Values.level }}\n", []],
  ])("the words for %s", (line, words) => expect(wordsAllowed(SAID, line)).toEqual(words));

  test.each([
    ["logLevel: warn\n", "logLevel: warning\n"],
    ["  logLevel: 'warn' # quieter\n", "  logLevel: 'warning' # quieter\n"],
    ['- "logLevel": "warn"\r\n', '- "logLevel": "warning"\r\n'],
  ])("another word in %s", (line, after) => {
    expect(wordOf(line)).toBe("warn");
    expect(withWord(line, "warning")).toBe(after);
  });

  test.each([
    ['  replicaCount: "2"\n', true],
    ["  logLevel: warn\n", false],
    ["  replicaCount:\n", false],
  ])("the type of %s", (line, wrong) => expect(isOfWrongType(SAID, line)).toBe(wrong));
});
