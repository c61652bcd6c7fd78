import { describe, expect, test } from "vitest";
import { parseProposalYaml, parseYaml } from "../../src/source/edit/yaml-documents.ts";

function valuesOf(text: string) {
  const outcome = parseYaml(text);
  return outcome.kind === "parsed" ? outcome.documents.map(({ value }) => value) : outcome;
}

describe("scalars mean what Kubernetes makes of them (goyaml.v2)", () => {
  test.each([
    ["y", true],
    ["On", true],
    ["off", false],
    ["NO", false],
    ["0644", 420],
    ["0o644", 420],
    ["0x1F", 31],
    ["0b11", 3],
    ["1_000", 1000],
    ["089", 89],
    ["1e3", 1000],
    [".5", 0.5],
    ["-7", -7],
    ["22:22", "22:22"],
    ["2026-11-22", "2026-11-22"],
    ["1.4.1", "1.4.1"],
    ["~", null],
    ["", null],
    ["'y'", "y"],
    ['"0644"', "0644"],
    ["!!str 5", "5"],
  ])("%s", (text, value) => {
    expect(valuesOf(`a: ${text}`)).toEqual([{ a: value }]);
  });

  test("keys become text", () => expect(valuesOf("8080: a\non: b")).toEqual([{ "8080": "a", true: "b" }]));
});

describe("what is refused, with its rule and line", () => {
  test.each([
    ["a: 1\nb: 2\na: 3", "duplicate-key", 3],
    ["a:\n\tb: 1", "syntax", 2],
    ["a: !Foo 1", "unknown-tag", 1],
    ["a: .inf", "not-json", 1],
    ["x: 1\n__proto__: {a: 1}", "prototype-key", 2],
    ["? [a]\n: b", "complex-key", 1],
    ["a: *nowhere", "anchor", 1],
    ["a: b: c", "syntax", 1],
    ["```yaml\na: 1\n```", "syntax", 1],
    [`${"a:\n ".repeat(0)}${"[".repeat(80)}${"]".repeat(80)}`, "too-deep", 1],
    ["x".repeat(2_000_001), "too-large", 1],
  ])("%j", (text, rule, line) => {
    expect(parseYaml(text)).toMatchObject({ kind: "refused", rule, line });
  });

  test("nesting that exhausts the stack is refused, not thrown", () => expect(parseYaml("[".repeat(50_000)).kind).toBe("refused"));

  test("aliases that expand to millions of nodes", () => {
    const levels = ["a", "b", "c", "d", "e", "f"].map(
      (name, i, all) =>
        `${name}: &${name} [${Array(10)
          .fill(i === 0 ? "x" : `*${all[i - 1]}`)
          .join(",")}]`,
    );
    expect(parseYaml(levels.join("\n"))).toMatchObject({ kind: "refused", rule: "too-large" });
  });
});

test("anchors and merge keys are read in a repository and refused in a proposal", () => {
  const text = "base: &base {cpu: 1}\nown:\n  <<: *base\n  memory: 2\n";
  expect(valuesOf(text)).toEqual([{ base: { cpu: 1 }, own: { cpu: 1, memory: 2 } }]);
  expect(parseProposalYaml(text)).toEqual({ kind: "refused", rule: "anchor", message: "line 1: anchors and aliases are not accepted here" });
  expect(parseProposalYaml("a: !!str 1")).toMatchObject({ kind: "refused", rule: "unknown-tag" });
  expect(parseProposalYaml("a:\n  <<: {b: 1}\n")).toMatchObject({ kind: "refused", rule: "merge-key" });
  expect(parseProposalYaml("a: 1\n---\nb: 2\n")).toEqual({ kind: "parsed", documents: [{ a: 1 }, { b: 2 }] });
});

test("each document knows its text, whatever the line ends", () => {
  const text = "\uFEFF# head\r\n---\r\na: 1\r\n# tail of a\r\n---\r\n---\r\nb: 2\r\n";
  const outcome = parseYaml(text);
  const texts = outcome.kind === "parsed" ? outcome.documents.map(({ start, end }) => text.slice(start, end)) : [];
  expect(texts).toEqual(["a: 1\r\n# tail of a\r\n", "", "b: 2\r\n"]);
});
