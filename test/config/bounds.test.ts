import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { areSensible, type Bounds, boundsSettings, rangeOf, tighten } from "../../src/config/bounds.ts";

const NAMES = ["minimumConfidence", "memoryFactor", "maxMemoryGi", "cpuFactor", "maxCpu", "probeSeconds", "deadlineFactor"] as const;
const operator: Bounds = { minimumConfidence: 0.6, memoryFactor: 4, maxMemoryGi: 64, cpuFactor: 4, maxCpu: 16, probeSeconds: 600, deadlineFactor: 4 };

describe("a repository's bounds", () => {
  it("make the operator's tighter", () => {
    expect(tighten(operator, { minimumConfidence: 0.9, memoryFactor: 2, maxMemoryGi: 2, probeSeconds: 120 })).toEqual({
      minimumConfidence: 0.9,
      memoryFactor: 2,
      maxMemoryGi: 2,
      cpuFactor: 4,
      maxCpu: 16,
      probeSeconds: 120,
      deadlineFactor: 4,
    });
  });

  it("change nothing where they are looser, absent or no numbers", () => {
    expect(tighten(operator, { minimumConfidence: 0, memoryFactor: 64, maxMemoryGi: 4096, cpuFactor: 64, maxCpu: 1024, probeSeconds: 3600 })).toEqual(operator);
    expect(tighten(operator, { memoryFactor: Number.NaN })).toEqual(operator);
    expect(tighten(operator, undefined)).toEqual(operator);
  });

  it("are never looser than the operator's, whatever they are", () => {
    const wanted = fc.record(Object.fromEntries(NAMES.map((name) => [name, fc.option(fc.double(), { nil: undefined })])), { requiredKeys: [] });
    fc.assert(
      fc.property(wanted, (repository) => {
        const made = tighten(operator, repository);
        for (const name of NAMES) {
          if (name === "minimumConfidence") expect(made[name]).toBeGreaterThanOrEqual(operator[name]);
          else expect(made[name]).toBeLessThanOrEqual(operator[name]);
        }
      }),
    );
  });

  it("are read strictly: unknown names and values out of range are errors", () => {
    expect(boundsSettings.safeParse({ memoryFactor: 2 }).success).toBe(true);
    expect(boundsSettings.safeParse({}).success).toBe(true);
    for (const wrong of [{ memoryfactor: 2 }, { memoryFactor: "2" }, { memoryFactor: 0.5 }, { minimumConfidence: 2 }, { probeSeconds: 0 }, [], null, "tight"])
      expect(boundsSettings.safeParse(wrong).success).toBe(false);
  });

  it("have defaults that make sense; bounds that do not are found", () => {
    const defaults = Object.fromEntries(NAMES.map((name) => [name, rangeOf(name).otherwise]));
    expect(areSensible({ ...operator, ...defaults })).toBe(true);
    for (const name of NAMES)
      for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, -1]) expect(areSensible({ ...operator, [name]: wrong }), `${name} ${wrong}`).toBe(false);
  });
});
