import { describe, expect, test } from "vitest";
import { badgesFix, literals, mapsRead } from "./badges.ts";
import { RENDERERS } from "./unrenderable.ts";

const URL = "postgres://shop@10.20.0.5/shop";
const missing = (name: string) => `level=ERROR msg="required environment variable is not set" name=${name}`;
const noNumber = (name: string, value: string) => `level=ERROR msg="invalid setting" name=${name} error="strconv.Atoi: parsing \\"${value}\\": invalid syntax"`;

describe.skipIf(RENDERERS.kind === "unavailable")("a ConfigMap that a container does not read any more", () => {
  const maps = { settings: { REGION: "eu" }, database: { DATABASE_URL: URL } };

  test("is read again where the program misses what it gave, and the rest of the commit stays", async () => {
    const good = { envFrom: mapsRead("settings", "database"), maps };
    const bad = { envFrom: mapsRead("settings"), env: literals({ THEME: "dark" }), maps: { ...maps, settings: { REGION: "us" } } };
    expect(await badgesFix({ good, bad, says: missing("DATABASE_URL") })).toEqual(["crash-on-start", "+ - configMapRef:", "+ name: database"]);
  });

  test("stands where it stood: of two that have a variable the last one counts", async () => {
    const good = { envFrom: mapsRead("database", "settings"), maps };
    const bad = { envFrom: mapsRead("settings"), maps, env: literals({ THEME: "dark" }) };
    const fix = await badgesFix({ good, bad, says: missing("DATABASE_URL") });
    expect(fix.filter((line) => line.startsWith("+")).join(" ")).toMatch(/database/);
    expect(fix[0]).toBe("crash-on-start");
  });

  test.each([
    ["another one came in its place", { envFrom: mapsRead("database-v2"), maps: { ...maps, "database-v2": { REGION: "eu" } } }],
    ["it went itself", { maps: { settings: { REGION: "eu" } }, envFrom: mapsRead("settings") }],
    [
      "the container has some of it one by one",
      {
        env: [{ name: "POOL", valueFrom: { configMapKeyRef: { name: "database", key: "POOL" } } }],
        maps: { ...maps, database: { DATABASE_URL: URL, POOL: "5" } },
      },
    ],
  ])("is left to people where %s", async (_, bad) => {
    const good = { envFrom: mapsRead("database"), maps: { ...maps, database: { DATABASE_URL: URL, POOL: "5" } } };
    expect(await badgesFix({ good, bad, says: missing("DATABASE_URL") })).toEqual([expect.stringMatching(/^people: /)]);
  });
});

describe.skipIf(RENDERERS.kind === "unavailable")("a variable that a container has from several places", () => {
  test("is mended where it counts: the container's own entry comes before a ConfigMap", async () => {
    const good = { envFrom: mapsRead("settings"), maps: { settings: { CACHE_MB: "32" } } };
    const bad = { envFrom: mapsRead("settings"), env: literals({ CACHE_MB: "lots" }), maps: { settings: { CACHE_MB: "48" } } };
    expect(await badgesFix({ good, bad, says: noNumber("CACHE_MB", "lots") })).toEqual(["crash-on-start", "- env:", "- - name: CACHE_MB", "- value: lots"]);
  });

  test("is mended where it counts: the later ConfigMap comes before the earlier one", async () => {
    const good = { envFrom: mapsRead("base", "team"), maps: { base: { CACHE_MB: "32" }, team: { REGION: "eu" } } };
    const bad = { envFrom: mapsRead("base", "team"), maps: { base: { CACHE_MB: "48" }, team: { REGION: "us", CACHE_MB: "48MB" } } };
    expect(await badgesFix({ good, bad, says: noNumber("CACHE_MB", "48MB") })).toEqual(["crash-on-start", "- CACHE_MB: 48MB"]);
  });

  test("is mended where it is now: it moved into a ConfigMap, and is not gone", async () => {
    const good = { env: literals({ CACHE_MB: "32" }) };
    const bad = { envFrom: mapsRead("settings"), maps: { settings: { CACHE_MB: "48Mi", REGION: "eu" } } };
    expect(await badgesFix({ good, bad, says: noNumber("CACHE_MB", "48Mi") })).toEqual(["crash-on-start", "- CACHE_MB: 48Mi", '+ CACHE_MB: "32"']);
  });
});

test.skipIf(RENDERERS.kind === "unavailable")("what a reference names too late is written out with today's value, and not set back", async () => {
  const good = { env: literals({ SIZE: "32", CACHE_MB: "$(SIZE)" }) };
  const bad = { env: literals({ CACHE_MB: "$(SIZE)", SIZE: "48" }) };
  expect(await badgesFix({ good, bad, says: noNumber("CACHE_MB", "$(SIZE)") })).toEqual(["crash-on-start", "- value: $(SIZE)", '+ value: "48"']);
});

describe.skipIf(RENDERERS.kind === "unavailable")("a name in a list of what has to be set", () => {
  test("is spelt again as the variable that is set", async () => {
    const good = { env: literals({ REQUIRED_ENV: "DATABASE_URL", DATABASE_URL: URL }) };
    const bad = { env: literals({ REQUIRED_ENV: "DATABSE_URL,REGION", DATABASE_URL: URL, REGION: "eu" }) };
    expect(await badgesFix({ good, bad, says: missing("DATABSE_URL") })).toEqual([
      "crash-on-start",
      "- value: DATABSE_URL,REGION",
      "+ value: DATABASE_URL,REGION",
    ]);
  });

  test("takes no other one's value that the list asks for as well", async () => {
    const good = { env: literals({ REQUIRED_ENV: "DATABASE_URL", DATABASE_URL: URL }) };
    const bad = { env: literals({ REQUIRED_ENV: "DATABASE_URL,DB_URL", DATABASE_URL: URL }) };
    expect(await badgesFix({ good, bad, says: missing("DB_URL") })).toEqual([expect.stringMatching(/^people: /)]);
  });
});

test.skipIf(RENDERERS.kind === "unavailable")("a path that a program has twice is to blame where it came the second time", async () => {
  const good = { env: literals({ HEALTH_PATH: "/healthz", READY_PATH: "/readyz" }) };
  const bad = { env: literals({ HEALTH_PATH: "/healthz", READY_PATH: "/healthz", REGION: "eu" }) };
  const says = 'panic: pattern "/healthz" (registered at /src/main.go:103) conflicts with pattern "/healthz" (registered at /src/main.go:102)';
  expect(await badgesFix({ good, bad, says })).toEqual(["crash-on-start", "- value: /healthz", "+ value: /readyz"]);
});

describe.skipIf(RENDERERS.kind === "unavailable")("what a program misses by name", () => {
  const list = { REQUIRED_ENV: "DATABASE_URL,REDIS_URL" };
  const both = { DATABASE_URL: URL, REDIS_URL: "redis://cache" };

  test("is no value that is there: a name in its list is followed by a blank", async () => {
    const good = { env: literals({ REQUIRED_ENV: "DATABASE_URL", DATABASE_URL: URL, REGION: "eu" }) };
    const bad = { env: literals({ REQUIRED_ENV: "DATABASE_URL, REGION", DATABASE_URL: URL, REGION: "us" }) };
    expect(await badgesFix({ good, bad, says: missing('" REGION"') })).toEqual([expect.stringMatching(/^people: /)]);
  });

  test("comes back with what its list asks for as well, which it would miss next", async () => {
    const good = { env: literals({ ...list, ...both, LEGACY: "1" }) };
    const bad = { env: literals({ ...list, REGION: "eu" }) };
    const fix = await badgesFix({ good, bad, says: missing("DATABASE_URL") });
    expect(fix).toEqual(["crash-on-start", "+ - name: DATABASE_URL", `+ value: ${URL}`, "+ - name: REDIS_URL", "+ value: redis://cache"]);
  });

  test.each([
    ["its list asks for as well", list, { REGION: "eu" }],
    ["was renamed in the same way", {}, { SHOP_DATABASE_URL: URL, SHOP_REDIS_URL: "redis://cache" }],
  ])("comes back to its ConfigMap with what %s", async (_, env, settings) => {
    const good = { env: literals(env), envFrom: mapsRead("settings"), maps: { settings: { ...both, LEGACY: "1" } } };
    const bad = { env: literals(env), envFrom: mapsRead("settings"), maps: { settings } };
    expect(await badgesFix({ good, bad, says: missing("DATABASE_URL") })).toEqual(["crash-on-start", `+ DATABASE_URL: ${URL}`, "+ REDIS_URL: redis://cache"]);
  });
});

describe.skipIf(RENDERERS.kind === "unavailable")("a volume that a program writes to, under a root that is read-only", () => {
  const says = 'level=ERROR msg="cannot write state" error="open /var/lib/shop/state: read-only file system"';
  const pod = { volumes: [{ name: "state", emptyDir: {} }] };
  const container = (mountPath?: string) => ({
    securityContext: { readOnlyRootFilesystem: true },
    ...(mountPath === undefined ? {} : { volumeMounts: [{ name: "state", mountPath }] }),
  });

  test.each([
    ["was mounted elsewhere", "/var/lib/badges", ["- mountPath: /var/lib/badges", "+ mountPath: /var/lib/shop"]],
    ["was mounted no more", undefined, ["+ volumeMounts:", "+ - name: state", "+ mountPath: /var/lib/shop"]],
  ])("is mounted again where it was: it %s", async (_, mountPath, lines) => {
    const good = { pod, container: container("/var/lib/shop") };
    const bad = { pod, container: container(mountPath), env: literals({ REGION: "eu" }) };
    expect(await badgesFix({ good, bad, says })).toEqual(["volume-mount", ...lines]);
  });
});

describe.skipIf(RENDERERS.kind === "unavailable")("what would lead nowhere alone", () => {
  const pod = { volumes: [{ name: "conf", configMap: { name: "conf" } }] };
  const container = { volumeMounts: [{ name: "conf", mountPath: "/etc/shop" }] };
  const told = (file: string) => literals({ CONFIG_FILE: `/etc/shop/${file}` });
  const says = (file: string) => `level=ERROR msg="cannot read configuration" error="open /etc/shop/${file}: no such file or directory"`;

  test("does not go back: the file of before is not there any more", async () => {
    const good = { env: told("app.conf"), pod, container, maps: { conf: { "app.conf": "A=1\n" } } };
    const bad = { env: told("badges.conf"), pod, container, maps: { conf: { "bagdes.conf": "A=1\nB=2\nC=3\n" } } };
    expect(await badgesFix({ good, bad, says: says("badges.conf") })).toEqual([
      "crash-on-start",
      "- value: /etc/shop/badges.conf",
      "+ value: /etc/shop/bagdes.conf",
    ]);
  });

  test("does not come back: the file was renamed on purpose, as another container knows", async () => {
    const other = { name: "agent", image: "acme/agent:1.0.0", env: told("settings.conf"), ...container };
    const good = { env: told("app.conf"), pod, container, maps: { conf: { "app.conf": "A=1\n" } } };
    const bad = { env: told("app.conf"), pod: { ...pod, initContainers: [other] }, container, maps: { conf: { "settings.conf": "A=1\nB=2\nC=3\n" } } };
    expect(await badgesFix({ good, bad, says: says("app.conf") })).toEqual([
      "crash-on-start",
      "- value: /etc/shop/app.conf",
      "+ value: /etc/shop/settings.conf",
    ]);
  });
});

test.skipIf(RENDERERS.kind === "unavailable")("the same slip in another variable of the commit goes with the one that the program names first", async () => {
  const good = { env: literals({ CACHE_MB: "32", START_SECONDS: "5", TIMEOUT: "5" }) };
  const bad = { env: literals({ CACHE_MB: "48Mi", START_SECONDS: "6s", TIMEOUT: "6s" }) };
  const fix = await badgesFix({ good, bad, says: noNumber("CACHE_MB", "48Mi") });
  expect(fix).toEqual(["crash-on-start", "- value: 48Mi", '+ value: "32"', "- value: 6s", '+ value: "5"']);
});

test.skipIf(RENDERERS.kind === "unavailable")("so it does in a ConfigMap", async () => {
  const bad = { envFrom: mapsRead("settings"), maps: { settings: { CACHE_MB: "48Mi", START_SECONDS: "6s", REGION: "us" } } };
  const good = { ...bad, maps: { settings: { CACHE_MB: "32", START_SECONDS: "5", REGION: "eu" } } };
  const fix = await badgesFix({ good, bad, says: noNumber("CACHE_MB", "48Mi") });
  expect(fix).toEqual(["crash-on-start", "- CACHE_MB: 48Mi", '+ CACHE_MB: "32"', "- START_SECONDS: 6s", '+ START_SECONDS: "5"']);
});

test.skipIf(RENDERERS.kind === "unavailable")("a variable comes back with the key that it is taken from, where both went", async () => {
  const item = (name: string, key: string) => ({ name, valueFrom: { configMapKeyRef: { name: "settings", key } } });
  const good = { env: [item("REGION", "region"), item("DATABASE_URL", "database")], maps: { settings: { region: "eu", database: URL } } };
  const bad = { env: [item("REGION", "region")], maps: { settings: { region: "us" } } };
  const fix = await badgesFix({ good, bad, says: missing("DATABASE_URL") });
  expect(fix).toContain(`+ database: ${URL}`);
  expect(fix).toContain("+ - name: DATABASE_URL");
});

test.skipIf(RENDERERS.kind === "unavailable")("a key from which a variable is taken that is empty goes back", async () => {
  const env = (key: string) => [{ name: "DATABASE_URL", valueFrom: { configMapKeyRef: { name: "database", key } } }];
  const maps = { database: { url: URL, empty: "" } };
  const fix = await badgesFix({
    good: { env: env("url"), maps },
    bad: { env: env("empty"), maps: { ...maps, other: { A: "b" } } },
    says: missing("DATABASE_URL"),
  });
  expect(fix).toEqual(["crash-on-start", "- key: empty", "+ key: url"]);
});
