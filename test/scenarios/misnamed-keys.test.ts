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
  test.each(["DATABASE_URI", "DATABASE_DSN", "DB_URL", "database_url", "DATABSAE_URL"])("finds it there as %s, which gets its name", async (key) => {
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

describe.skipIf(RENDERERS.kind === "unavailable")("a ConfigMap that nobody reads", () => {
  const env = literals({ REQUIRED_ENV: "DATABASE_URL" });

  test("is read where it alone has what the program misses", async () => {
    const bad = { env, maps: { "badges-settings": { DATABASE_URL: URL, REGION: "eu" } } };
    expect(await badgesFix({ bad, says: MISSING })).toEqual(["crash-on-start", "+ envFrom:", "+ - configMapRef:", "+ name: badges-settings"]);
  });

  test.each<[string, Program]>([
    ["another one has it as well", { maps: { one: { DATABASE_URL: URL }, two: { DATABASE_URL: "postgres://other/shop" } } }],
    ["it holds files as well", { maps: { settings: { DATABASE_URL: URL, "app.conf": "A=1\n" } } }],
    [
      "another container reads it",
      { maps: { settings: { DATABASE_URL: URL } }, pod: { initContainers: [{ name: "a", image: "b:1", envFrom: mapsRead("settings") }] } },
    ],
  ])("is left alone where %s", async (_, more) => {
    expect(await badgesFix({ bad: { env, ...more }, says: MISSING })).toEqual([expect.stringMatching(/^people: /)]);
  });
});

describe.skipIf(RENDERERS.kind === "unavailable")("a file that a first release is told", () => {
  const pod = { volumes: [{ name: "conf", configMap: { name: "conf" } }] };
  const container = { volumeMounts: [{ name: "conf", mountPath: "/etc/shop" }] };
  const told = (file: string, ...keys: string[]): Program => ({
    env: literals({ CONFIG_FILE: file }),
    pod,
    container,
    maps: { conf: Object.fromEntries(keys.map((key) => [key, "A=1\n"])) },
  });

  test.each([
    ["is the one in the folder that it is told instead", "/etc/shop", "read /etc/shop: is a directory", ["app.conf"]],
    ["is the one of its name with another ending", "/etc/shop/app.config", "open /etc/shop/app.config: no such file or directory", ["app.conf", "log.conf"]],
  ])("%s", async (_, file, error, keys) => {
    const says = `level=ERROR msg="cannot read configuration" error="${error}"`;
    expect(await badgesFix({ bad: told(file, ...keys), says })).toEqual(["crash-on-start", `- value: ${file}`, "+ value: /etc/shop/app.conf"]);
  });

  test("is left to people where the folder has several", async () => {
    const says = 'level=ERROR msg="cannot read configuration" error="read /etc/shop: is a directory"';
    expect(await badgesFix({ bad: told("/etc/shop", "app.conf", "log.conf"), says })).toEqual([expect.stringMatching(/^people: /)]);
  });
});
