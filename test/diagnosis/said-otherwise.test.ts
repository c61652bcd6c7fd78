import { describe, expect, test } from "vitest";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

type Edits = readonly (readonly [from: string, to: string])[];

const WORKLOAD = "deploy/deployment.yaml";
const MAP = "deploy/conf.yaml";

const edited = (text: string, edits: Edits) =>
  edits.reduce((made, [from, to]) => {
    if (!made.includes(from)) throw new Error(`there is no ${from}`);
    return made.replace(from, to);
  }, text);

interface Told {
  /** How the manifest of shop-67, and the text of its ConfigMap, were at the good revision. */
  was?: Edits;
  /** What the commit made of that. */
  is?: Edits;
  /** The files of the ConfigMap, before and after. */
  files?: readonly [before: string, after: string];
  says: string;
}

/** What goes back of a commit to shop-67: the class, and the fields with their values; the reason where people are asked. */
async function putBack({ was = [], is = [], files, says }: Told): Promise<string[]> {
  const recording = loadRecording("shop-67");
  const good = edited(recording.before[WORKLOAD] ?? "", was);
  const [then, now] = files ?? [];
  const map = (text: string | undefined): Record<string, string> => (text === undefined ? {} : { [MAP]: text });
  const before = { ...recording.before, [WORKLOAD]: good, ...map(then) };
  const after = { ...before, [WORKLOAD]: edited(good, is), ...map(now) };
  const logs = Object.fromEntries(
    Object.keys(recording.logs).map((name) => [
      name,
      says
        .split("\n")
        .map((line) => `2026-11-23T00:24:55.000000000Z ${line}\n`)
        .join(""),
    ]),
  );
  const input = await caseOf({ ...recording, before, after, logs });
  const finding = input && consultPlaybook(input)[0]?.finding;
  const action = finding?.action;
  if (action?.kind !== "fix") return [`${action?.kind}`];
  return action.changes.map(({ path, after: value }) => {
    const last = path.at(-1);
    const item = path.findLast((step) => typeof step === "object");
    const name = typeof last === "object" ? last.value : last === "value" && typeof item === "object" ? item.value : String(last);
    return `${name} ${JSON.stringify(value)}`;
  });
}

const NEWER: Edits = [["checkout:1.4.1", "checkout:1.4.2"]];
const env = (...items: readonly [string, string][]): Edits => [
  ["          env:\n", `          env:\n${items.map(([name, value]) => `            - name: ${name}\n              value: "${value}"\n`).join("")}`],
];
const value = (from: string, to: string): Edits => [[`value: "${from}"`, `value: "${to}"`]];

describe("of several changes the one goes back that a complaint is about, though it does not quote all of it", () => {
  test.each<[string, Told, string[]]>([
    [
      "a word that its value has to have",
      {
        was: env(["DB", "jdbc:postgresql://pg/shop"], ["POOL", "10"]),
        is: [...NEWER, ...value("jdbc:postgresql://pg/shop", "postgresql://pg/shop"), ...value("10", "20")],
        says: "Error: 'url' attribute is not valid: URL must start with 'jdbc'",
      },
      ['DB "jdbc:postgresql://pg/shop"'],
    ],
    [
      "the scheme of an address",
      {
        was: env(["BROKER", "redis://cache:6379/1"], ["POOL", "10"]),
        is: [...NEWER, ...value("redis://cache:6379/1", "rediss://cache:6379/1"), ...value("10", "20")],
        says: "ValueError: A rediss:// URL must have parameter ssl_cert_reqs and this must be set to CERT_REQUIRED, CERT_OPTIONAL, or CERT_NONE",
      },
      ['BROKER "redis://cache:6379/1"'],
    ],
    [
      "its name in words, with the value",
      {
        was: env(["INVOICE_DAY", "5"], ["POOL", "10"]),
        is: [...NEWER, ...value("5", "31"), ...value("10", "20")],
        says: "ImproperlyConfigured: invoice day must be between 1 and 28, got 31",
      },
      ['INVOICE_DAY "5"'],
    ],
    [
      "a name of one word, with the value behind it",
      {
        was: env(["CONCURRENCY", "8"], ["QUEUE", "mails"]),
        is: [...NEWER, ...value("8", "200"), ...value("mails", "mails-v2")],
        says: "mailer: concurrency 200 exceeds the maximum of 64",
      },
      ['CONCURRENCY "8"'],
    ],
    [
      "a value in brackets",
      {
        was: env(["HTTP_PORT", "8080"], ["POOL", "10"]),
        is: [...NEWER, ...value("8080", "80800"), ...value("10", "20")],
        says: "Caused by: java.lang.IllegalArgumentException: The specified port [80800] is invalid, must be between 0 and 65535",
      },
      ['HTTP_PORT "8080"'],
    ],
    [
      "a word in quotes within the quotes of a logger",
      {
        was: env(["PROVIDERS", "stripe,adyen"], ["POOL", "10"]),
        is: [...NEWER, ...value("stripe,adyen", "stripe,adyen,klarnaa"), ...value("10", "20")],
        says: 'level=fatal msg="setup failed" err="payment: unknown provider \\"klarnaa\\" (have: adyen, klarna, stripe)"',
      },
      ['PROVIDERS "stripe,adyen"'],
    ],
  ])("%s", async (_, told, back) => {
    expect(await putBack(told)).toEqual(back);
  });

  test("and nothing where it only shares such words with everything", async () => {
    const is = [...NEWER, ...value("stripe,adyen", "stripe,adyen,klarna"), ...value("10", "20")];
    expect(await putBack({ was: env(["PROVIDERS", "stripe,adyen"], ["POOL", "10"]), is, says: "Error: no route to the ledger" })).toEqual(["escalate"]);
    const sized: Told = { was: env(["POOL_SIZE", "10"], ["QUEUE", "a"]), is: [...NEWER, ...value("10", "20"), ...value("a", "b")], says: "" };
    expect(await putBack({ ...sized, says: "error: connection pool of size 20: dial tcp 10.2.0.9:5432: connect: connection refused" })).toEqual(["escalate"]);
    expect(await putBack({ was: env(["PROVIDERS", "stripe,adyen"], ["POOL", "10"]), is, says: "Error: value must be 'adyen' or 'stripe'" })).toEqual([
      "escalate",
    ]);
  });
});

describe("arguments", () => {
  const args = (...words: string[]): string => `          args: ${JSON.stringify(words)}\n          ports:\n`;
  const called = (...words: string[]): Edits => [["          ports:\n", args(...words)]];
  const calledNow = (was: string[], is: string[]): Edits => [[args(...was), args(...is)]];

  test("go back where an option's value is refused by the option's name", async () => {
    const [was, is] = [
      ["--upstream=http://catalog", "--timeout=5s"],
      ["--upstream=http://catalog", "--timeout=5"],
    ];
    const says = 'invalid value "5" for flag -timeout: parse error\nUsage of gateway:\n  -timeout duration\n    \tupstream timeout (default 3s)';
    expect(await putBack({ was: called(...was), is: [...NEWER, ...calledNow(was, is)], says })).toEqual(['1 "--timeout=5s"']);
  });

  const USAGE = "Ledger keeps the books.\n\nUsage:\n  ledger [command]\n\nAvailable Commands:\n  migrate     Migrate the database\n  serve       Serve the API";

  test("go back where the program only prints its usage, of which a word is missing", async () => {
    const [was, is] = [
      ["serve", "--config", "/etc/shop/app.conf"],
      ["--config", "/etc/shop/app.conf", "--verbose"],
    ];
    const back = await putBack({ was: called(...was), is: [...NEWER, ...calledNow(was, is)], says: USAGE });
    expect(back).toEqual(['args ["serve","--config","/etc/shop/app.conf","--verbose"]']);
  });

  test("but not where it complains of something else before that", async () => {
    const [was, is] = [["serve"], ["--verbose"]];
    const says = `fatal: ledger.db is locked by pid 7\n${USAGE}`;
    expect(await putBack({ was: called(...was), is: [...NEWER, ...calledNow(was, is)], says })).toEqual(["escalate"]);
  });

  const shell = (script: string): Edits => [["          ports:\n", `          command: ["/bin/sh", "-c", ${JSON.stringify(script)}]\n          ports:\n`]];
  const renamed: Edits = [...NEWER, ["name: QUEUE\n", "name: QUEUE_NAME\n"]];
  const says = 'mailer: --queue: expected a value, got "--concurrency"';

  test("that a shell fills in get the variable back that went", async () => {
    const was = [...shell("exec /app/mailer --queue $QUEUE --concurrency 8"), ...env(["QUEUE", "mails"])];
    expect((await putBack({ was, is: renamed, says })).toSorted()).toEqual(['QUEUE {"name":"QUEUE","value":"mails"}', "QUEUE_NAME undefined"]);
  });

  test.each(["exec /app/mailer --queue ${QUEUE:-mails}", "QUEUE=mails; exec /app/mailer --queue $QUEUE", "exec /app/mailer --queue $QUEUES"])(
    "but not in %s",
    async (script) => {
      expect(await putBack({ was: [...shell(script), ...env(["QUEUE", "mails"])], is: renamed, says })).toEqual(["escalate"]);
    },
  );
});

test("a setting that the program does not know goes, with the old one's coming back", async () => {
  const was = env(["xpack.security.enabled", "false"], ["POOL", "10"]);
  const is = [...NEWER, ["name: xpack.security.enabled", "name: xpack.security.enable"] as const, ...value("10", "20")];
  const back = await putBack({ was, is, says: "fatal exception: unknown setting [xpack.security.enable] did you mean [xpack.security.enabled]?" });
  expect(back.toSorted()).toEqual(["xpack.security.enable undefined", 'xpack.security.enabled {"name":"xpack.security.enabled","value":"false"}']);
});

test("a heap that begins larger than it may become goes back, and the release stays", async () => {
  const is = [...NEWER, ...value("-Xms512m -Xmx512m", "-Xms1g -Xmx512m")];
  const says = "Error occurred during initialization of VM\nInitial heap size set to a larger value than the maximum heap size";
  expect(await putBack({ was: env(["APP_OPTS", "-Xms512m -Xmx512m"]), is, says })).toEqual(['APP_OPTS "-Xms512m -Xmx512m"']);
});

describe("what another container of the pod was told goes back", () => {
  const beside = (file: string): Edits => [
    ["      volumes:\n", `        - name: shipper\n          image: acme/shipper:1.2.0\n          args: ["--audit=${file}"]\n      volumes:\n`],
  ];
  const moved: Edits = [...NEWER, ["--audit=/var/audit/ledger.log", "--audit=/var/audit/audit.log"]];
  const says = "fatal: tail /var/audit/ledger.log: no such file";

  test("where this one misses the file", async () => {
    expect(await putBack({ was: beside("/var/audit/ledger.log"), is: moved, says })).toEqual(['0 "--audit=/var/audit/ledger.log"']);
  });

  test("but not where it misses another one", async () => {
    expect(await putBack({ was: beside("/var/audit/ledger.log"), is: moved, says: "fatal: tail /var/audit/other.log: no such file" })).toEqual(["escalate"]);
  });
});

describe("files of a ConfigMap", () => {
  const map = (name: string, key: string, lines: string[]) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  ${key}: |\n${lines.map((line) => `    ${line}\n`).join("")}`;
  const rules = (summer: number, staff: number, total = 2000) =>
    map("badges-conf", "app.conf", ["[summer]", `percent = ${summer}`, "[staff]", `percent = ${staff}`, "[cart]", `max_total = ${total}`]);
  const says = (text: string): Told => ({ is: NEWER, says: text });

  test("get the entry back whose key and value a complaint says, and not its namesakes", async () => {
    const back = await putBack({ ...says("error: rule staff: percent must be between 0 and 100, got 250"), files: [rules(10, 25), rules(15, 250)] });
    expect(back).toEqual([`app.conf ${JSON.stringify("[summer]\npercent = 15\n[staff]\npercent = 25\n[cart]\nmax_total = 2000\n")}`]);
  });

  test("or the only entry of that key which changed", async () => {
    const told = says("error: rule staff: percent must be between 0 and 100");
    expect(await putBack({ ...told, files: [rules(10, 25), rules(10, 250, 3000)] })).toEqual([
      `app.conf ${JSON.stringify("[summer]\npercent = 10\n[staff]\npercent = 25\n[cart]\nmax_total = 3000\n")}`,
    ]);
    expect(await putBack({ ...told, files: [rules(10, 25), rules(15, 250)] })).toEqual(["escalate"]);
  });

  const server = (page: string, timeout: string) =>
    `${rules(10, 25)}---\n${map("front", "default.conf", ["listen 8080;", `location ${page} {`, "  stub_status;", "}", `proxy_read_timeout ${timeout};`])}`;
  const front: Edits = [
    [
      "      volumes:\n",
      "        - name: front\n          image: nginx:1.27.1\n          volumeMounts:\n            - name: front\n              mountPath: /etc/nginx/conf.d\n      volumes:\n        - name: front\n          configMap:\n            name: front\n",
    ],
  ];

  test("get a line back by which another container of the pod answered", async () => {
    const text = "error: expected 200 response, got 404 from http://localhost:8080/stub_status";
    const back = await putBack({ was: front, is: NEWER, files: [server("/stub_status", "30s"), server("/nginx_status", "60s")], says: text });
    expect(back).toEqual([`default.conf ${JSON.stringify("listen 8080;\nlocation /stub_status {\n  stub_status;\n}\nproxy_read_timeout 60s;\n")}`]);
  });
});

describe("users and groups", () => {
  const user = (id: string): Edits => [["          ports:\n", `          securityContext:\n            ${id}\n          ports:\n`]];
  const says = "Error: EACCES: permission denied, open '/data/index.db'";

  test("go back where the program may not open its files any more", async () => {
    expect(await putBack({ was: user("runAsUser: 1000"), is: [...NEWER, ["runAsUser: 1000", "runAsUser: 10001"]], says })).toEqual(["runAsUser 1000"]);
  });

  test.each(["allowPrivilegeEscalation: true", "runAsUser: 0"])("but not %s", async (was) => {
    const [field = ""] = was.split(":");
    expect(await putBack({ was: user(was), is: [...NEWER, [was, field === "runAsUser" ? "runAsUser: 10001" : `${field}: false`]], says })).toEqual([
      "escalate",
    ]);
  });
});
