import { describe, expect, it } from "vitest";
import { createByteCache } from "../../src/source/git/byte-cache.ts";

function counting() {
  const loads: string[] = [];
  const cache = createByteCache<string>(400);
  const get = (key: string, bytes = 100) =>
    cache.get(key, async () => {
      loads.push(key);
      return { value: `value of ${key}`, bytes };
    });
  return { cache, loads, get };
}

describe("the cache of git objects", () => {
  it("loads a key once, also for callers at the same time", async () => {
    const { loads, get } = counting();
    expect(await Promise.all([get("a"), get("a")])).toEqual(["value of a", "value of a"]);
    await get("a");
    expect(loads).toEqual(["a"]);
  });

  it("forgets what was not used longest when the budget is used up", async () => {
    const { loads, get } = counting();
    for (const key of ["a", "b", "c", "d", "a", "e"]) await get(key);
    for (const key of ["a", "c", "d", "e"]) await get(key);
    expect(loads).toEqual(["a", "b", "c", "d", "e"]);
    await get("b");
    expect(loads).toEqual(["a", "b", "c", "d", "e", "b"]);
  });

  it("does not let one large value push out all others", async () => {
    const { loads, get } = counting();
    await get("a");
    await get("large", 399);
    await get("a");
    await get("large", 399);
    expect(loads).toEqual(["a", "large", "large"]);
  });

  it("does not keep a failure", async () => {
    const { cache, get } = counting();
    const broken = () => {
      throw new Error("broken");
    };
    await expect(cache.get("a", broken)).rejects.toThrow("broken");
    expect(await get("a")).toBe("value of a");
  });
});
