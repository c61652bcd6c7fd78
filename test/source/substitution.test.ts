import { describe, expect, test } from "vitest";
import type { Json } from "../../src/cluster/objects.ts";
import { substitute } from "../../src/source/render/substitution.ts";

function substituted(value: Json, variables: Record<string, string> = {}) {
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x" }, value };
  const outcome = substitute([object], new Map(Object.entries(variables)));
  return outcome.kind === "substituted" ? outcome.objects[0]?.value : outcome.message;
}

describe("Flux post-build substitution", () => {
  test.each<[Json, Json]>([
    ["${region}", "eu"],
    ["in ${region}, ${region}", "in eu, eu"],
    ["${gone:=8}", 8],
    ["${gone:-eight}", "eight"],
    ["${region:=us}", "eu"],
    ["port: ${count}", "port: 3"],
    ["${count}", 3],
    ["$${region}", "${region}"],
    ["$region", "$region"],
    ["${region^^}", "EU"],
    ["${region:0:1}", "e"],
    [{ list: ["${count}"] }, { list: [3] }],
  ])("%j becomes %j", (text, value) => expect(substituted(text, { region: "eu", count: "3" })).toEqual(value));

  test("what Flux cannot evaluate fails the build", () => {
    expect(substituted("${gone}")).toBe('post build failed: variable not set (strict mode): "gone"');
    expect(substituted("${open")).toContain("missing closing brace");
    expect(substituted("${a-b c}", { a: "1" })).toBe(1);
    expect(substituted("${x}", { x: "a: b: c" })).toContain("no valid YAML");
  });

  test("an object may opt out", () => {
    const object = { apiVersion: "v1", kind: "X", metadata: { name: "x", annotations: { "kustomize.toolkit.fluxcd.io/substitute": "disabled" } }, a: "${b}" };
    expect(substitute([object], new Map())).toEqual({ kind: "substituted", objects: [object] });
  });
});
