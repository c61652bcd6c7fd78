import { describe, expect, test } from "vitest";
import { withJoinedKey } from "../../src/source/slips/joined-key.ts";

const ENV = (second: string) =>
  `spec:\n  containers:\n    - name: app\n      env:\n        - name: URL\n          value: a\n      image: b\n      env:\n${second}`;

describe("a key that stands twice in a mapping", () => {
  test("holds both lists, as the first is written", () => {
    expect(withJoinedKey(ENV("      - name: SIZE\n        value: '4'\n"))).toBe(
      "spec:\n  containers:\n    - name: app\n      env:\n        - name: URL\n          value: a\n        - name: SIZE\n          value: '4'\n      image: b\n",
    );
  });

  test("holds both mappings", () => {
    expect(withJoinedKey("a:\n  b: 1\nc: 2\na:\n  d: 3\n")).toBe("a:\n  b: 1\n  d: 3\nc: 2\n");
  });

  test.each([
    ["once", "a:\n  b: 1\n"],
    ["with one name in both lists", ENV("        - name: URL\n          value: c\n")],
    ["with items without names", ENV("        - 4\n")],
    ["as a list and as a mapping", ENV("        SIZE: '4'\n")],
    ["three times", "a:\n  b: 1\na:\n  c: 2\na:\n  d: 3\n"],
    ["with plain values", "a: 1\na: 2\n"],
    ["on one line", "a: {b: 1}\na: {c: 2}\n"],
  ])("stays where it stands %s", (_, text) => expect(withJoinedKey(text)).toBeUndefined());
});
