import { describe, expect, test } from "vitest";
import type { Json } from "../../src/cluster/objects.ts";
import { alignedPath } from "../../src/source/meant/aligned-path.ts";

/** The index that the item had which has this one today. */
function indexThen(then: Json[], now: Json[], index: number): unknown {
  return alignedPath({ items: then }, { items: now }, ["items", index])?.at(-1);
}

const to = (path: string, service: string) => ({ path, backend: { service: { name: service } } });

describe("an item of a list without a natural key", () => {
  test("is where it was while nothing came before it", () => {
    expect(indexThen(["a", "b"], ["a", "c"], 1)).toBe(1);
    expect(indexThen(["a", "b"], ["a", "b", "c"], 1)).toBe(1);
  });

  test("is found again behind what came or went before it", () => {
    expect(indexThen(["a", "b"], ["new", "a", "b"], 2)).toBe(1);
    expect(indexThen(["a", "b", "c"], ["c"], 0)).toBe(2);
  });

  test("has no past where it is new, or nobody can tell which it was", () => {
    expect(indexThen(["a", "b"], ["new", "a", "b"], 0)).toBeUndefined();
    expect(indexThen(["a", "b"], ["a", "x", "y", "z"], 2)).toBeUndefined();
  });

  test("is known by its path, or by what it takes variables from", () => {
    expect(indexThen([to("/", "shop")], [to("/api", "apii"), to("/", "store")], 1)).toBe(0);
    expect(indexThen([to("/", "shop")], [to("/api", "apii"), to("/", "shop")], 0)).toBeUndefined();
    const from = (name: string, more: { prefix?: string } = {}) => ({ ...more, configMapRef: { name } });
    expect(indexThen([from("db")], [from("db", { prefix: "T_" }), from("tracing")], 0)).toBe(0);
    expect(indexThen([from("db")], [from("flags"), from("db", { prefix: "T_" })], 0)).toBeUndefined();
  });
});
