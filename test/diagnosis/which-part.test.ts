import { describe, expect, test } from "vitest";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

type Pairs = Record<string, string>;

interface Commit {
  /** Variables of the container, before the commit and since. */
  env?: [Pairs, Pairs];
  /** Arguments of the container. */
  args?: [string[], string[]];
  /** The ConfigMap `settings`, which the container reads whole. */
  map?: [Pairs, Pairs];
  /** Where it is mounted; without it, it gives variables. */
  mounted?: string;
  /** What the program says at its end. */
  says: string;
}

const listed = (pairs: Pairs) => Object.entries(pairs).map(([name, value]) => `            - { name: ${name}, value: ${JSON.stringify(value)} }\n`);

/** What the playbook puts back of a commit in shop-67, field by field as `name = value`; the reason where it leaves it to people. */
async function putBack({ env = [{}, {}], args = [[], []], map = [{}, {}], mounted, says }: Commit): Promise<string[]> {
  const recording = loadRecording("shop-67");
  const file = "deploy/deployment.yaml";
  const reads = mounted ? "" : "          envFrom: [{ configMapRef: { name: settings } }]\n";
  const manifest = (own: Pairs) =>
    (recording.before[file] ?? "").replace(
      / {10}env:\n(?: {12}.*\n)+/,
      `          env:\n            - { name: KEPT, value: "1" }\n${listed(own).join("")}${reads}`,
    );
  const withMap = (text: string) =>
    mounted
      ? text
          .replace(/ {10}volumeMounts:\n/, `          volumeMounts:\n            - { name: own, mountPath: ${mounted} }\n`)
          .replace(/ {6}volumes:\n/, "      volumes:\n        - { name: own, configMap: { name: settings } }\n")
      : text;
  const settings = (data: Pairs) => JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" }, data });
  const files = (own: Pairs, data: Pairs) => ({ ...recording.before, [file]: withMap(manifest(own)), "deploy/settings.yaml": settings(data) });
  const withArgs = (all: Record<string, string>, list: string[]) =>
    list.length === 0 ? all : { ...all, [file]: (all[file] ?? "").replace("          env:\n", `          args: ${JSON.stringify(list)}\n          env:\n`) };
  const said = says.split("\n").map((line, i) => `2026-11-23T00:24:5${Math.min(i, 9)}.000000000Z ${line}\n`);
  const objects = recording.objects.map((object) => {
    const isOld = object.kind !== "Deployment" && JSON.stringify(object.metadata).includes("57c84d459");
    const own = Object.entries({ KEPT: "1", ...env[isOld ? 0 : 1] }).map(([name, value]) => ({ name, value }));
    return JSON.parse(
      JSON.stringify(object).replaceAll(/"env":\[[^\]]*\]/g, () => `"args":${JSON.stringify(args[isOld ? 0 : 1])},"env":${JSON.stringify(own)}`),
    );
  });
  const input = await caseOf({
    ...recording,
    objects,
    before: withArgs(files(env[0], map[0]), args[0]),
    after: withArgs(files(env[1], map[1]), args[1]),
    logs: Object.fromEntries(Object.keys(recording.logs).map((name) => [name, said.join("")])),
  });
  const { finding } = (input && consultPlaybook(input)[0]) ?? {};
  if (finding?.action.kind !== "fix") return [`${finding?.action.kind}: ${finding?.action.kind === "escalate" ? finding.action.reason : ""}`];
  return finding.action.changes.map(({ path, after }) => {
    const item = path.find((segment, i) => typeof segment === "object" && path[i - 1] === "env");
    return `${typeof item === "object" ? item.value : String(path.at(-1))} = ${typeof after === "string" ? after : JSON.stringify(after ?? null)}`;
  });
}

describe("one line names several values that the commit changed", () => {
  const says = 'psycopg2.OperationalError: connection to server at "pg-rw.data.svc" (10.96.7.3), port 5432 failed: FATAL:  database "order" does not exist';
  const changed: [Pairs, Pairs] = [
    { DB_HOST: "pg", DB_NAME: "orders" },
    { DB_HOST: "pg-rw.data.svc", DB_NAME: "order" },
  ];

  test("its last clause says which is wrong: variables", async () => {
    expect(await putBack({ env: changed, says })).toEqual(["DB_NAME = orders"]);
  });

  test("its last clause says which is wrong: a ConfigMap", async () => {
    expect(await putBack({ map: changed, says })).toEqual(["DB_NAME = orders"]);
  });

  test("a word within a longer value is not another value", async () => {
    const env: [Pairs, Pairs] = [
      { DJANGO_SETTINGS_MODULE: "shop.settings.prod", SENTRY_ENVIRONMENT: "staging" },
      { DJANGO_SETTINGS_MODULE: "shop.settings.production", SENTRY_ENVIRONMENT: "production" },
    ];
    expect(await putBack({ env, says: "ModuleNotFoundError: No module named 'shop.settings.production'" })).toEqual([
      "DJANGO_SETTINGS_MODULE = shop.settings.prod",
    ]);
  });

  test("fields that a logger puts beside the message are where it happened", async () => {
    const env: [Pairs, Pairs] = [
      { KAFKA_TOPIC: "stamps", KAFKA_GROUP: "counters" },
      { KAFKA_TOPIC: "stamps.events", KAFKA_GROUP: "counters-2" },
    ];
    const line = (error: string) => JSON.stringify({ level: "fatal", error, topic: "stamps.events", group: "counters-2", msg: "consumer failed" });
    expect(await putBack({ env, says: line("Unknown Topic Or Partition: it does not exist on this broker") })).toEqual(["KAFKA_TOPIC = stamps"]);
    expect((await putBack({ env, says: line("unexpected end of stream") }))[0]).toMatch(/^escalate/);
  });

  test("the message says what kind of thing is wrong", async () => {
    const env: [Pairs, Pairs] = [
      { BUCKET: "stamps-eu-west-1", REGION: "eu-west-1" },
      { BUCKET: "stamps-eu-central-1", REGION: "eu-central-1" },
    ];
    const says = "NoSuchBucket: The specified bucket does not exist: https://s3.eu-central-1.example/stamps-eu-central-1";
    expect(await putBack({ env, says })).toEqual(["BUCKET = stamps-eu-west-1"]);
  });

  test("a port is named behind the address at which the program listens", async () => {
    const env: [Pairs, Pairs] = [
      { PORT: "8080", BATCH: "5" },
      { PORT: "80", BATCH: "9" },
    ];
    expect(await putBack({ env, says: "Error: listen EACCES: permission denied 0.0.0.0:80" })).toEqual(["PORT = 8080"]);
  });

  test("what is wrong is named by its variable, what would be right by its value", async () => {
    const env: [Pairs, Pairs] = [
      { LOG_FORMAT: "json", MAIL_BODY: "html" },
      { LOG_FORMAT: "yaml", MAIL_BODY: "text" },
    ];
    expect(await putBack({ env, says: "ValueError: LOG_FORMAT must be one of json, text" })).toEqual(["LOG_FORMAT = json"]);
  });
});

describe("a value is named by a part of it", () => {
  test.each([
    [
      "amqp://rabbit:5672/shop",
      "amqp://rabbit:5672/shop-prod",
      'Handshake terminated by server: 530 (NOT-ALLOWED) with message "NOT_ALLOWED - vhost shop-prod not found"',
    ],
    ["postgresql://pg/shop", "pgsql://pg/shop", "Could not load the 'pgsql' Active Record adapter. Ensure that the adapter is spelled correctly"],
    ["-Xss1m -XX:+UseG1GC", "-Xss1m -XX:+UseConcMarkSweepGC", "Unrecognized VM option 'UseConcMarkSweepGC'"],
  ])("%s became %s", async (had, has, says) => {
    const env: [Pairs, Pairs] = [
      { TARGET: had, PREFETCH: "10" },
      { TARGET: has, PREFETCH: "20" },
    ];
    expect(await putBack({ env, says })).toEqual([`TARGET = ${had}`]);
  });
});

describe("a variable that went is named in other words", () => {
  test.each([
    ["APP_KEY", "RuntimeException: No application encryption key has been specified."],
    ["SPRING_DATASOURCE_URL", "Failed to configure a DataSource: 'url' attribute is not specified and no embedded datasource could be configured."],
    [
      "Kafka__BootstrapServers",
      "OptionsValidationException: validation failed for 'KafkaOptions' members: 'BootstrapServers' with the error: The BootstrapServers field is required.",
    ],
  ])("%s", async (name, says) => {
    const env: [Pairs, Pairs] = [
      { [name]: "a-value", CACHE_DRIVER: "file" },
      { CACHE_DRIVER: "redis", QUEUE_DRIVER: "redis" },
    ];
    expect(await putBack({ env, says })).toEqual([`${name} = ${JSON.stringify({ name, value: "a-value" })}`]);
  });
});

describe("only the time speaks against a change", () => {
  const says = "panic: send on closed channel";

  test("one change goes back", async () => {
    expect(await putBack({ env: [{ CHANNEL_SIZE: "60" }, { CHANNEL_SIZE: "120" }], says })).toEqual(["CHANNEL_SIZE = 60"]);
  });

  test.each<[string, Omit<Commit, "says">]>([
    [
      "several variables",
      {
        env: [
          { CACHE_TTL: "60", BATCH: "5" },
          { CACHE_TTL: "120", BATCH: "9" },
        ],
      },
    ],
    ["one of which the program says no word", { env: [{ CACHE_TTL: "60" }, { CACHE_TTL: "120" }] }],
    ["the same in a ConfigMap", { map: [{ CACHE_TTL: "60" }, { CACHE_TTL: "120" }] }],
    ["how much the program says", { env: [{ LOG_LEVEL: "info" }, { LOG_LEVEL: "debug" }] }],
    ["how much the program says, in a ConfigMap", { map: [{ LOG_LEVEL: "info" }, { LOG_LEVEL: "debug" }] }],
    ["a file at several places", { map: [{ "app.conf": "ttl 60\nkept 1\nsize 5\n" }, { "app.conf": "ttl 90\nkept 1\nsize 9\n" }], mounted: "/etc/own" }],
  ])("people decide: %s", async (_, commit) => {
    expect((await putBack({ ...commit, says }))[0]).toMatch(/^escalate/);
  });

  test.each([
    "amqp.exceptions.AccessRefused: (0, 0): (403) ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN.",
    "botocore.exceptions.ClientError: An error occurred (ExpiredToken) when calling the PutObject operation: The provided token has expired.",
    'level=ERROR msg="migration failed" err="ERROR: could not extend file \\"base/16384\\": No space left on device (SQLSTATE 53100)"',
    "Error: Migration lock: can't take lock to run migrations: Migration table is already locked",
    "MongoServerError: you are over your space quota, using 515 MB of 512 MB",
    'level=fatal msg="cannot load rates" err="GET http://rates/v1/latest: 500 Internal Server Error"',
    "FATAL: license expired on 2026-11-22, contact sales",
  ])("the state of something else does not: %s", async (line) => {
    expect((await putBack({ env: [{ CACHE_TTL: "60" }, { CACHE_TTL: "120" }], says: line }))[0]).toMatch(/^escalate/);
  });
});

describe("a file that cannot be read", () => {
  const json = (search: string, log: string) => `{\n  "features": {\n    ${search}\n  },\n  "log": "${log}"\n}\n`;

  test("gets back the one line that makes it so, though the program names another or none", async () => {
    const map: [Pairs, Pairs] = [{ "config.json": json('"search": true', "info") }, { "config.json": json('"search": true,', "debug") }];
    const says = "SyntaxError: Expected double-quoted property name in JSON at position 42 (line 4 column 3)";
    expect(await putBack({ map, mounted: "/etc/own", says })).toEqual([`config.json = ${json('"search": true', "debug")}`]);
  });

  test("a name that was there before speaks for no change", async () => {
    const map: [Pairs, Pairs] = [{ "app.yaml": "legacy_mode: true\n" }, { "app.yaml": "legacy_mode: true\ncache: 10\n" }];
    const says = 'fatal: /etc/own/app.yaml: unknown field "legacy_mode"';
    expect((await putBack({ env: [{ BATCH: "5" }, { BATCH: "9" }], map, mounted: "/etc/own", says }))[0]).toMatch(/^escalate/);
  });

  test("a word is no part of a longer name", async () => {
    const conf = (size: string, policy: string) => `maxmemory ${size}\nmaxmemory-policy ${policy}\nsave 900 1\n`;
    const map: [Pairs, Pairs] = [{ "redis.conf": conf("64mb", "allkeys-lru") }, { "redis.conf": conf("128mb", "allkeys-lfru") }];
    const says =
      "*** FATAL CONFIG FILE ERROR (Redis 7.2.4) ***\nReading the configuration file, at line 2\n>>> 'maxmemory-policy allkeys-lfru'\nargument(s) must be one of the following: volatile-lru";
    expect(await putBack({ map, mounted: "/etc/own", says })).toEqual([`redis.conf = ${conf("128mb", "allkeys-lru")}`]);
  });
});

describe("what belongs together goes back together", () => {
  test("a host with its port", async () => {
    const env: [Pairs, Pairs] = [
      { DB_HOST: "pg", DB_PORT: "5432", BATCH: "5" },
      { DB_HOST: "pgbouncer", DB_PORT: "6432", BATCH: "9" },
    ];
    const says = 'level=fatal msg="cannot connect" err="dial tcp: lookup pgbouncer on 10.96.0.10:53: no such host"';
    expect(await putBack({ env, says })).toEqual(["DB_HOST = pg", "DB_PORT = 5432"]);
  });

  test("variables that went as a group, of which the program names the first", async () => {
    const env: [Pairs, Pairs] = [{ DB_HOST: "pg", DB_NAME: "orders", LEGACY: "1" }, { BATCH: "9" }];
    const back = await putBack({ env, says: "KeyError: 'DB_HOST'" });
    expect(back.map((one) => one.split(" ")[0])).toEqual(["DB_HOST", "DB_NAME"]);
  });

  test("no group is what others of its kind were left of", async () => {
    const env: [Pairs, Pairs] = [{ DB_HOST: "pg", DB_TRACE: "on", DB_NAME: "orders" }, { DB_NAME: "orders" }];
    const back = await putBack({ env, says: "KeyError: 'DB_HOST'" });
    expect(back.map((one) => one.split(" ")[0])).toEqual(["DB_HOST"]);
  });
});

describe("arguments", () => {
  test.each<[string, string[], string[], string, string[]]>([
    [
      "one that is missed comes back with its value",
      ["--bucket", "a", "--region", "eu"],
      ["--region", "us"],
      "main.py: error: the following arguments are required: --bucket",
      ["--bucket", "a", "--region", "us"],
    ],
    [
      "one that is missed, in one word",
      ["--bucket=a", "--region=eu"],
      ["--region=us", "--metrics"],
      'Error: required flag(s) "bucket" not set',
      ["--bucket=a", "--region=us", "--metrics"],
    ],
    [
      "one of several that came goes",
      ["--region", "eu"],
      ["--region", "us", "--metrics", "--cache=1"],
      "error: unexpected argument '--metrics' found",
      ["--region", "us", "--cache=1"],
    ],
    [
      "what was known before is not known without the subcommand",
      ["serve", "--port=8080"],
      ["--port=8080", "--metrics"],
      "Error: unknown flag: --port",
      ["serve", "--port=8080", "--metrics"],
    ],
    [
      "one that is named by a part of it",
      ["app.main:app", "--port", "8080"],
      ["app.api:app", "--port", "8080", "--workers", "2"],
      'ERROR:    Error loading ASGI app. Could not import module "app.api".',
      ["app.main:app", "--port", "8080", "--workers", "2"],
    ],
  ])("%s", async (_, had, has, says, wanted) => {
    expect(await putBack({ args: [had, has], says })).toEqual([`args = ${JSON.stringify(wanted)}`]);
  });
});

describe("a report of several errors", () => {
  const had = { DATABASE_URL: "postgres://db/shop", MAX_ITEMS: "40", PAGE_SIZE: "10", LOG_LEVEL: "INFO" };
  const missed = (given: string) => `pydantic_core._pydantic_core.ValidationError: 2 validation errors for Settings
database_url
  Field required [type=missing, input_value={${given}}, input_type=dict]`;

  test("has what is missed and what is wrong put back together", async () => {
    const { DATABASE_URL: _, ...kept } = had;
    const says = `${missed("'max_items': 'forty'")}
max_items
  Input should be a valid integer, unable to parse string as an integer [type=int_parsing, input_value='forty', input_type=str]`;
    const now = { ...kept, MAX_ITEMS: "forty", PAGE_SIZE: "20" };
    expect((await putBack({ env: [had, now], says })).sort()).toEqual([
      'DATABASE_URL = {"name":"DATABASE_URL","value":"postgres://db/shop"}',
      "MAX_ITEMS = 40",
    ]);
    expect((await putBack({ map: [had, now], says })).sort()).toEqual(["DATABASE_URL = postgres://db/shop", "MAX_ITEMS = 40"]);
  });

  test("is no word against what it shows that it was given", async () => {
    const { DATABASE_URL: _, ...kept } = had;
    const says = missed("'max_items': '60', 'page_size': '20'");
    expect(await putBack({ map: [had, { ...kept, MAX_ITEMS: "60", PAGE_SIZE: "20" }], says })).toEqual(["DATABASE_URL = postgres://db/shop"]);
  });

  test("complains of a level that is not among those that it lists", async () => {
    const says = ` Invalid environment variables:
    PAGE_SIZE: Invalid number input: "ten"
    LOG_LEVEL: Value "debug" not in choices [DEBUG,INFO,WARN]`;
    const now = { ...had, PAGE_SIZE: "ten", LOG_LEVEL: "debug", MAX_ITEMS: "60" };
    for (const commit of [{ env: [had, now] as [Pairs, Pairs] }, { map: [had, now] as [Pairs, Pairs] }])
      expect(await putBack({ ...commit, says })).toEqual(["PAGE_SIZE = 10", "LOG_LEVEL = INFO"]);
  });

  test("quotes a value that is too short to say anything elsewhere", async () => {
    expect(await putBack({ map: [had, { ...had, PAGE_SIZE: "4x", MAX_ITEMS: "60" }], says: 'strconv.Atoi: parsing "4x": invalid syntax' })).toEqual([
      "PAGE_SIZE = 10",
    ]);
  });
});

describe("a host that came with its port", () => {
  const both: [Pairs, Pairs] = [
    { DB_HOST: "orders-db", DB_PORT: "5432" },
    { DB_HOST: "pgbouncer", DB_PORT: "6543" },
  ];
  const refused = "FATAL: dial tcp 10.96.3.4:6543: connect: connection refused";
  const unknown = "FATAL: dial tcp: lookup pgbouncer on 10.96.0.10:53: no such host";

  test.each([["variables" as const], ["a ConfigMap" as const]])("goes back with it, and it does not go back alone: %s", async (where) => {
    const commit = where === "variables" ? { env: both } : { map: both };
    expect((await putBack({ ...commit, says: unknown })).sort()).toEqual(["DB_HOST = orders-db", "DB_PORT = 5432"]);
    expect(await putBack({ ...commit, says: refused })).toEqual(["escalate: host and port changed at once, and nothing says which of them is wrong"]);
  });
});
