import { describe, expect, test } from "vitest";
import { badgesFix, literals, mapsRead, type Program } from "./badges.ts";

// Programs call a variable by the name of their own setting: without the prefix of all their variables, in small letters, with dashes or dots.

type Values = { [name: string]: string };
const env = (values: Values): Program => ({ env: literals(values) });
const fromMap = (values: Values): Program => ({ envFrom: mapsRead("badges"), maps: { badges: values } });

describe("a variable that went or was renamed", () => {
  test.each<[says: string, name: string, value: string, good: Values, bad: Values]>([
    [
      "[main.go:59] invalid configuration:\n  provider missing setting: client-id",
      "OAUTH2_PROXY_CLIENT_ID",
      "shop",
      { OAUTH2_PROXY_CLIENT_ID: "shop", OAUTH2_PROXY_PROVIDER: "oidc" },
      { OAUTH2_CLIENT_ID: "shop", OAUTH2_PROXY_PROVIDER: "oidc", OAUTH2_PROXY_REVERSE_PROXY: "true" },
    ],
    [
      "ERROR: hostname is not configured; either configure hostname, or set hostname-strict to false",
      "KC_HOSTNAME",
      "id.acme",
      { KC_HOSTNAME: "id.acme", KC_LOG_LEVEL: "info" },
      { KC_HOST: "id.acme", KC_LOG_LEVEL: "warn" },
    ],
    [
      'FATAL "base.path" must be provided',
      "SHOP_BASE_PATH",
      "/shop",
      { SHOP_BASE_PATH: "/shop", SHOP_THEME: "light" },
      { SHOP_THEME: "dark", SHOP_BANNER: "winter" },
    ],
    [
      "NoRegionError: You must specify a region.",
      "AWS_DEFAULT_REGION",
      "eu-central-1",
      { AWS_DEFAULT_REGION: "eu-central-1", BUCKET: "shop" },
      { AWS_REGIO: "eu-central-1", BUCKET: "shop-v2" },
    ],
  ])("comes back: %s", async (says, name, value, good, bad) => {
    expect(await badgesFix({ good: env(good), bad: env(bad), says })).toContain(`+ - name: ${name}`);
    expect(await badgesFix({ good: fromMap(good), bad: fromMap(bad), says })).toContain(`+ ${name}: ${value}`);
  });

  test.each<[why: string, says: string, good: Values, bad: Values]>([
    ["it is a request that lacks something", "400: name is required", { SHOP_NAME: "shop", SHOP_THEME: "light" }, { SHOP_THEME: "dark", BANNER: "winter" }],
    ["no other variable shows the prefix", "hostname is not configured", { KC_HOSTNAME: "id.acme", THEME: "light" }, { THEME: "dark", BANNER: "winter" }],
    [
      "one that stayed may be meant",
      "client-id is missing",
      { GITHUB_CLIENT_ID: "a", GITHUB_ORG: "acme", GOOGLE_CLIENT_ID: "b", THEME: "light" },
      { GITHUB_ORG: "acme", GOOGLE_CLIENT_ID: "b", THEME: "dark" },
    ],
    [
      "two that went may be meant",
      "client-id is missing",
      { GITHUB_CLIENT_ID: "a", GITHUB_ORG: "acme", GOOGLE_CLIENT_ID: "b", GOOGLE_ORG: "acme", THEME: "light" },
      { GITHUB_ORG: "acme", GOOGLE_ORG: "acme", THEME: "dark" },
    ],
    [
      "it is only told to be so",
      "INFO hostname is not configured, using badges\nFATAL no licence",
      { KC_HOSTNAME: "id.acme", KC_LOG_LEVEL: "info" },
      { KC_LOG_LEVEL: "warn", BANNER: "winter" },
    ],
  ])("stays away where %s", async (_, says, good, bad) => {
    expect((await badgesFix({ good: env(good), bad: env(bad), says }))[0]).toMatch(/^people/);
    expect((await badgesFix({ good: fromMap(good), bad: fromMap(bad), says }))[0]).toMatch(/^people/);
  });
});

describe("a variable that has another value", () => {
  const NAME = "KAFKA_INTER_BROKER_LISTENER_NAME";
  test.each<[says: string, good: Values, bad: Values, fix: string[]]>([
    [
      "inter.broker.listener.name must be a listener name defined in advertised.listeners. The valid options are INTERNAL,EXTERNAL",
      { [NAME]: "INTERNAL", KAFKA_ADVERTISED_LISTENERS: "INTERNAL://a:9092", KAFKA_NUM_PARTITIONS: "3" },
      { [NAME]: "INTERN", KAFKA_ADVERTISED_LISTENERS: "INTERNAL://b:9092", KAFKA_NUM_PARTITIONS: "6" },
      ["INTERN", "INTERNAL"],
    ],
    [
      "failed to configure TLS (sslmode is invalid)",
      { PGSSLMODE: "require", PGAPPNAME: "shop" },
      { PGSSLMODE: "required", PGAPPNAME: "badges" },
      ["required", "require"],
    ],
    [
      "invalid value for cookie-domain",
      { PROXY_COOKIE_DOMAIN: "shop.acme", PROXY_THEME: "light" },
      { PROXY_COOKIE_DOMAIN: "shop,acme", PROXY_THEME: "dark" },
      ["shop,acme", "shop.acme"],
    ],
  ])("gets its old one: %s", async (says, good, bad, [is = "", was = ""]) => {
    expect(await badgesFix({ good: env(good), bad: env(bad), says })).toEqual(["crash-on-start", `- value: ${is}`, `+ value: ${was}`]);
    const fix = await badgesFix({ good: fromMap(good), bad: fromMap(bad), says });
    expect(fix).toHaveLength(3);
    expect(fix[2]).toMatch(new RegExp(`: "?${was}"?$`));
  });

  test.each<[why: string, says: string]>([
    ["an everyday word is said", "FATAL invalid level in request 12"],
    ["it is not set at all for the program", "PANIC base-path is not set"],
    ["only its name stands there", "INFO base-path /store\nFATAL licence expired"],
  ])("keeps it where %s", async (_, says) => {
    const [good, bad] = [env({ SHOP_BASE_PATH: "/shop", SHOP_LEVEL: "warn" }), env({ SHOP_BASE_PATH: "/store", SHOP_LEVEL: "info" })];
    expect((await badgesFix({ good, bad, says }))[0]).toMatch(/^people/);
  });
});

describe("a host and a port that went together", () => {
  const [good, bad] = [env({ REDIS_HOST: "cache.acme", REDIS_PORT: "6379", THEME: "light" }), env({ THEME: "dark" })];

  test.each(['Config validation error: "REDIS_HOST" is required. "REDIS_PORT" is required', "KeyError: 'REDIS_HOST'", "KeyError: 'REDIS_PORT'"])(
    "come back together: %s",
    async (says) => {
      const [, ...fix] = await badgesFix({ good, bad, says });
      expect(fix.toSorted()).toEqual(["+ - name: REDIS_HOST", "+ - name: REDIS_PORT", '+ value: "6379"', "+ value: cache.acme"]);
    },
  );
});

describe("a value that a report names below its field", () => {
  const report = (field: string, value: string) =>
    `1 validation error for Settings\n${field}\n  Input should be greater than or equal to 1 [type=greater_than_equal, input_value='${value}', input_type=str]`;
  const of = (WORKERS: string, TIMEOUT: string): Values => ({ WORKERS, TIMEOUT });

  test("goes back", async () => {
    const says = report("workers", "0");
    expect(await badgesFix({ good: env(of("2", "30")), bad: env(of("0", "60")), says })).toEqual(["crash-on-start", '- value: "0"', '+ value: "2"']);
    expect((await badgesFix({ good: fromMap(of("2", "30")), bad: fromMap(of("0", "60")), says })).slice(1)).toEqual(['- WORKERS: "0"', '+ WORKERS: "2"']);
  });

  test("stays where it is another one's", async () => {
    expect((await badgesFix({ good: env(of("2", "30")), bad: env(of("0", "60")), says: report("retries", "0") }))[0]).toMatch(/^people/);
    expect((await badgesFix({ good: env(of("2", "30")), bad: env(of("0", "60")), says: report("workers", "-1") }))[0]).toMatch(/^people/);
  });
});
