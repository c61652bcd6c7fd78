import { describe, expect, test } from "vitest";
import type { Json } from "../../src/cluster/objects.ts";
import { badgesFix, literals } from "./badges.ts";
import { RENDERERS } from "./unrenderable.ts";

const noNumber = (name: string, value: string) => `level=ERROR msg="invalid setting" name=${name} error="strconv.Atoi: parsing \\"${value}\\": invalid syntax"`;
const twice = (first: string, last: string): Json[] => [
  { name: "CACHE_MB", value: first },
  { name: "REGION", value: "eu" },
  { name: "CACHE_MB", value: last },
];

describe.skipIf(RENDERERS.kind === "unavailable")("a variable that is there twice", () => {
  test("loses the entry that came, and the rest of the commit stays", async () => {
    const good = { env: literals({ CACHE_MB: "32" }) };
    const fix = await badgesFix({ good, bad: { env: twice("32", "many") }, says: noNumber("CACHE_MB", "many") });
    expect(fix).toEqual(["crash-on-start", "- - name: CACHE_MB", "- value: many"]);
  });

  test("loses the later entry in a first release, which is the one that counts", async () => {
    const fix = await badgesFix({ bad: { env: twice("32", "64M") }, says: noNumber("CACHE_MB", "64M") });
    expect(fix).toEqual(["crash-on-start", "- - name: CACHE_MB", "- value: 64M"]);
  });

  test("is left to people where the later entry is the one that worked", async () => {
    const good = { env: literals({ CACHE_MB: "32" }) };
    const [said] = await badgesFix({ good, bad: { env: twice("64", "32") }, says: noNumber("CACHE_MB", "32") });
    expect(said).not.toBe("crash-on-start");
  });
});

describe.skipIf(RENDERERS.kind === "unavailable")("a number", () => {
  test("that is a word in a first release is no port because the container has one", async () => {
    const [said] = await badgesFix({ bad: { env: literals({ CACHE_MB: "many" }) }, says: noNumber("CACHE_MB", "many") });
    expect(said).toMatch(/^people: /);
  });

  test.each(["32.0", " 32"])("that is written as %j is written with its digits", async (value) => {
    const fix = await badgesFix({ bad: { env: literals({ CACHE_MB: value }) }, says: noNumber("CACHE_MB", value) });
    expect(fix.at(-1)).toMatch(/^\+ value: "32"$/);
  });

  test.each([
    ["8080/tcp", ": lookup tcp/8080/tcp: unknown port"],
    ['"8080"', ': lookup tcp/\\"8080\\": unknown port'],
  ])("of a port is the declared one without what stands around it: %s", async (value, error) => {
    const says = `level=ERROR msg="cannot listen" error="listen tcp${error}"`;
    const fix = await badgesFix({ bad: { env: literals({ PORT: value }) }, says });
    expect(fix.at(-1)).toMatch(/^\+ value: ["']8080["']$/);
  });
});
