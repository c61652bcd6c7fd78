import { describe, expect, test } from "vitest";
import { badgesFix, literals, type Program } from "./badges.ts";

// The words in which programs of many ecosystems say what they lack or refuse. Each time more changed than what they mean.

const URL = "postgres://shop@10.20.0.5/shop";
const env = (values: { [name: string]: string }): Program => ({ env: literals(values) });

const MISSING = (name: string): string[] => [
  `decouple.UndefinedValueError: ${name} not found. Declare it as envvar or define a default value.`,
  `django.core.exceptions.ImproperlyConfigured: Set the ${name} environment variable`,
  `panic: required key ${name} missing value`,
  `thread 'main' panicked at src/main.rs:14:42:\n${name} must be set: NotPresent`,
  `Error: environment variable ${name} not found`,
  `** (System.EnvError) could not fetch environment variable "${name}" because it is not set`,
  `/app/run: line 3: ${name}: unbound variable`,
  `AssertionError [ERR_ASSERTION]: ${name} must be provided`,
  `java.lang.IllegalArgumentException: Could not resolve placeholder '${name}' in value "\${${name}}"`,
  `Unhandled exception. System.InvalidOperationException: Environment variable '${name}' is not configured.`,
  `fatal: please set ${name}`,
  `[FATAL] You must specify ${name}`,
  `FATAL: expected environment variable ${name} to be set`,
  `error: --database-url or ${name} is needed`,
  `Configuration property "${name}" is mandatory`,
  `error: the following required arguments were not provided:\n  --database-url <DATABASE_URL> [env: ${name}=]`,
  `PHP Fatal error:  Uncaught RuntimeException: Environment variable not found: "${name}".`,
  `missing value for field ${name.toLowerCase()}`,
  `1 validation error for Settings\n${name.toLowerCase()}\n  Field required [type=missing, input_value={}, input_type=dict]`,
];

describe("a variable that a program misses", () => {
  const [good, bad] = [env({ DATABASE_URL: URL, THEME: "light" }), env({ THEME: "dark", BANNER: "winter" })];

  test.each(MISSING("DATABASE_URL"))("comes back where the commit took it: %s", async (says) => {
    expect(await badgesFix({ good, bad, says })).toEqual(["crash-on-start", "+ - name: DATABASE_URL", `+ value: ${URL}`]);
  });

  test.each(MISSING("DATABASE_URL"))("takes the value of the one that is called alike, in a first release: %s", async (says) => {
    const fix = await badgesFix({ bad: env({ DB_URL: URL, THEME: "dark" }), says });
    expect(fix[0]).toBe("crash-on-start");
    expect(fix).toContain("- - name: DB_URL");
    expect(fix).toContain("+ - name: DATABASE_URL");
  });

  test.each(MISSING("DATABASE_URL"))("is not invented: %s", async (says) => {
    expect((await badgesFix({ bad, says }))[0]).toMatch(/^people: crash-on-start/);
  });
});

describe("an address that leads nowhere", () => {
  const [good, bad] = [env({ STOCK_URL: "http://stock.acme:8080", THEME: "light" }), env({ STOCK_URL: "http://stocks.acme:8080", THEME: "dark" })];

  test.each([
    "java.net.UnknownHostException: stocks.acme: Name or service not known",
    "socket.gaierror: [Errno -2] Name or service not known: 'stocks.acme'",
    "error trying to connect: dns error: failed to lookup address information: Name or service not known (stocks.acme)",
    "** (DBConnection.ConnectionError) tcp connect (stocks.acme:8080): non-existing domain - :nxdomain",
    "php_network_getaddresses: getaddrinfo for stocks.acme failed: Name or service not known",
    "rpc error: code = Unavailable desc = name resolver error: produced zero addresses for stocks.acme",
  ])("goes back: %s", async (says) => {
    expect(await badgesFix({ good, bad, says })).toEqual(["dependency-address", "- value: http://stocks.acme:8080", "+ value: http://stock.acme:8080"]);
  });
});

describe("a value that a program does not take", () => {
  const of = (POOL_SIZE: string, LOG_LEVEL: string, THEME: string) => env({ POOL_SIZE, LOG_LEVEL, THEME });

  test.each([
    "thread 'main' panicked at src/config.rs:22:10:\ncalled `Result::unwrap()` on an `Err` value: ParseIntError { kind: InvalidDigit }",
    "** (ArgumentError) errors were found at the given arguments:\n  * 1st argument: not a textual representation of an integer",
  ])("is the only number that is none any more: %s", async (says) => {
    const fix = await badgesFix({ good: of("20", "warn", "light"), bad: of("twenty", "info", "dark"), says });
    expect(fix).toEqual(["crash-on-start", "- value: twenty", '+ value: "20"']);
  });

  test("is none where two numbers became texts", async () => {
    const says = "Error: ParseIntError { kind: InvalidDigit }";
    const fix = await badgesFix({ good: of("20", "3", "light"), bad: of("twenty", "three", "dark"), says });
    expect(fix[0]).toMatch(/^people/);
  });

  test.each(["ValueError: Unknown level: 'VERBOSE'", "expected log level to be one of debug, info, warn but got verbose"])("is a level: %s", async (says) => {
    const fix = await badgesFix({ good: of("20", "warn", "light"), bad: of("40", "verbose", "dark"), says });
    expect(fix).toEqual(["crash-on-start", "- value: verbose", "+ value: warn"]);
  });
});

describe("a line of a file that a program does not take", () => {
  /** Badges with a file of a ConfigMap. */
  const reading = (file: string, text: string): Program => {
    const at = file.lastIndexOf("/");
    return {
      container: { volumeMounts: [{ name: "conf", mountPath: file.slice(0, at) }] },
      pod: { volumes: [{ name: "conf", configMap: { name: "badges" } }] },
      maps: { badges: { [file.slice(at + 1)]: text } },
    };
  };

  test.each<[name: string, file: string, good: string, bad: string, says: string, fix: string[]]>([
    [
      "haproxy",
      "/etc/haproxy/haproxy.cfg",
      "defaults\n  mode http\nfrontend web\n  bind :8080\n",
      "defaults\n  mode http\n  option httplog2\nfrontend web\n  bind :8080\n  maxconn 200\n",
      "[ALERT]    (1) : config : parsing [/etc/haproxy/haproxy.cfg:3] : unknown option 'httplog2'.",
      ["- option httplog2"],
    ],
    [
      "Redis",
      "/etc/redis/redis.conf",
      "port 6379\nmaxmemory-policy allkeys-lru\n",
      "port 6379\nmaxmemory-polcy allkeys-lru\nappendonly yes\n",
      "*** FATAL CONFIG FILE ERROR (Redis 7.2.4) ***\n>>> 'maxmemory-polcy allkeys-lru'\nBad directive or wrong number of arguments",
      ["- maxmemory-polcy allkeys-lru", "+ maxmemory-policy allkeys-lru"],
    ],
    [
      "Prometheus",
      "/etc/prometheus/prometheus.yml",
      "global:\n  scrape_interval: 15s\nscrape_configs:\n  - job_name: shop\n",
      "global:\n  scrape_interval: 15sec\nscrape_configs:\n  - job_name: shop\n  - job_name: edge\n",
      'level=error msg="Error loading config" err="not a valid duration string: \\"15sec\\""',
      ["- scrape_interval: 15sec", "+ scrape_interval: 15s"],
    ],
    [
      "Go's JSON",
      "/etc/app/app.json",
      '{\n  "pool": 8,\n  "theme": "light"\n}\n',
      '{\n  "pool": "8",\n  "theme": "dark"\n}\n',
      "json: cannot unmarshal string into Go struct field Config.pool of type int",
      ['- "pool": "8",', '+ "pool": 8,'],
    ],
    [
      "a key that is required",
      "/etc/app/app.yaml",
      "listen: :8080\ndatabase: postgres://shop@10.20.0.5/shop\ntheme: light\n",
      "listen: :8080\ntheme: dark\nbanner: winter\n",
      "FATAL config: database is required",
      ["+ database: postgres://shop@10.20.0.5/shop"],
    ],
    [
      "OpenTelemetry's collector",
      "/etc/otel/config.yaml",
      "service:\n  pipelines:\n    traces:\n      receivers: [otlp]\n      exporters: [debug]\n",
      "service:\n  pipelines:\n    traces:\n      receivers: [otlp]\n      exporters: [logging]\n    logs:\n      receivers: [otlp]\n      exporters: [debug]\n",
      'Error: invalid configuration: service::pipelines::traces: references exporter "logging" which is not configured',
      ["- exporters: [logging]", "+ exporters: [debug]"],
    ],
    [
      "Apache",
      "/usr/local/apache2/conf/httpd.conf",
      "Listen 8080\nServerName shop\nDocumentRoot /srv\n",
      "Listen 8080\nServerNam shop\nDocumentRoot /www\n",
      "AH00526: Syntax error on line 2 of /usr/local/apache2/conf/httpd.conf:\nInvalid command 'ServerNam', perhaps misspelled",
      ["- ServerNam shop", "+ ServerName shop"],
    ],
    [
      "ZooKeeper",
      "/conf/zoo.cfg",
      "tickTime=2000\ndataDir=/data\n",
      "tickTime=two\ndataDir=/data\nadmin.enableServer=false\n",
      'Caused by: java.lang.NumberFormatException: For input string: "two"',
      ["- tickTime=two", "+ tickTime=2000"],
    ],
  ])("goes back, and what else came stays: %s", async (_, file, good, bad, says, fix) => {
    expect((await badgesFix({ good: reading(file, good), bad: reading(file, bad), says })).slice(1)).toEqual(fix);
  });
});
