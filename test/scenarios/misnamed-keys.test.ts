import { describe, expect, test } from "vitest";
import { badgesFix, literals, mapsRead, type Program } from "./badges.ts";
import { RENDERERS } from "./unrenderable.ts";

const URL = "postgres://shop@10.20.0.5/shop";
const MISSING = 'level=ERROR msg="required environment variable is not set" name=DATABASE_URL';
const reads = (settings: { [key: string]: string }, more: Program = {}): Program => ({
  envFrom: mapsRead("settings"),
  ...more,
  maps: { settings: { ...settings, REGION: "eu" }, ...more.maps },
});

describe.skipIf(RENDERERS.kind === "unavailable")("a first release that misses a variable, and reads a ConfigMap as a whole", () => {
  test.each(["DATABASE_URI", "DB_URL", "database_url", "DATABSAE_URL"])("finds it there as %s, which gets its name", async (key) => {
    expect(await badgesFix({ bad: reads({ [key]: URL }), says: MISSING })).toEqual(["crash-on-start", `- ${key}: ${URL}`, `+ DATABASE_URL: ${URL}`]);
  });

  const volumes = [{ name: "settings", configMap: { name: "settings" } }];
  test.each<[string, Program]>([
    ["nothing is called alike", reads({ SHOP_DATABASE: URL })],
    ["two are called alike", reads({ DB_URL: URL, DATABASE_URI: URL })],
    ["only a number tells them apart", reads({ DATABASE2_URL: URL })],
    ["somebody else has the file of it", reads({ DB_URL: URL }, { pod: { volumes } })],
    ["the program reads it by that name as well", reads({ DB_URL: URL }, { env: literals({ REQUIRED_ENV: "DB_URL,DATABASE_URL" }) })],
  ])("is left to people where %s", async (_, bad) => {
    expect(await badgesFix({ bad, says: MISSING })).toEqual([expect.stringMatching(/^people: /)]);
  });
});

test.skipIf(RENDERERS.kind === "unavailable")("a number is no number with a blank behind it", async () => {
  const says = 'level=ERROR msg="invalid setting" name=CACHE_MB error="strconv.Atoi: parsing \\"64 \\": invalid syntax"';
  expect(await badgesFix({ bad: { env: literals({ CACHE_MB: "64 " }) }, says })).toEqual(["crash-on-start", '- value: "64 "', '+ value: "64"']);
});
