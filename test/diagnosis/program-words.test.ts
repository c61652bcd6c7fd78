import { describe, expect, test } from "vitest";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

interface Told {
  variable?: string;
  /** What its only variable held, and what it holds. */
  had?: string;
  has?: string;
  /** More of the container since the commit. */
  more?: string;
  lines: readonly string[];
}

/** What the playbook puts back in shop-67 with another commit, after which its program says these lines. */
async function putBack({ variable = "CONFIG_FILE", had = "a", has = had, more = "", lines }: Told): Promise<string[]> {
  const recording = loadRecording("shop-67");
  const file = "deploy/deployment.yaml";
  const container = (value: string, own: string) => ({
    ...recording.before,
    [file]: (recording.before[file] ?? "")
      .replace("CONFIG_FILE", variable)
      .replace("/etc/shop/app.conf", value)
      .replace("          env:\n", `${own}          env:\n`),
  });
  const said = lines.map((line, i) => `2026-11-23T00:24:5${i}.000000000Z ${line}\n`).join("");
  const input = await caseOf({
    ...recording,
    objects: JSON.parse(JSON.stringify(recording.objects).replaceAll("/etc/shop/app.conf", had).replaceAll("CONFIG_FILE", variable)),
    before: container(had, ""),
    after: container(has, more),
    logs: Object.fromEntries(Object.keys(recording.logs).map((name) => [name, said])),
  });
  const { finding } = (input && consultPlaybook(input)[0]) ?? {};
  if (finding?.action.kind !== "fix") return [`${finding?.action.kind}: ${finding?.rootCause}`];
  return finding.action.changes.map(({ path, after }) => `${String(path.at(-1))} ${JSON.stringify(after ?? null)}`);
}

const TURBO = '          args: ["--turbo"]\n';

describe("an argument that a program does not know", () => {
  test("goes where the program names it", async () => {
    expect(await putBack({ more: TURBO, lines: ["unknown flag: --turbo"] })).toEqual(["args null"]);
  });

  test.each([
    ["a library only warns", "Ignoring invalid configuration option passed to Connection: collate. This is currently a warning"],
    ["the system's EINVAL is none", "WARN write /tmp/state: invalid argument"],
  ])("stays where none is spoken of: %s", async (_, line) => {
    const lines = [line, "Error: getaddrinfo ENOTFOUND mysql-2.example"];
    expect(await putBack({ had: "mysql.example", has: "mysql-2.example", more: TURBO, lines })).toEqual(['value "mysql.example"']);
  });
});

describe("a heap that is full", () => {
  const lines = ['Exception in thread "main" java.lang.OutOfMemoryError: Java heap space'];

  test("gets back what it had", async () => {
    expect(await putBack({ had: "-Xmx384m", has: "-Xmx96m", lines })).toEqual(['value "-Xmx384m"']);
  });

  test("does not get less than it has", async () => {
    const [said] = await putBack({ had: "-Xmx96m", has: "-Xmx384m", lines });
    expect(said).toMatch(/^escalate: .+ has a limit for its heap that its runtime cannot work with/);
  });
});

describe("a host that cannot be reached", () => {
  test.each([
    ["MySQL", [`pymysql.err.OperationalError: (2003, "Can't connect to MySQL server on 'order-mysql' ([Errno -2] Name or service not known)")`]],
    ["redis", ["Could not connect to Redis at order-mysql:3306: Name or service not known"]],
    ["libpq", ["could not connect to server: Connection refused", 'Is the server running on host "order-mysql" (10.96.7.1) and accepting']],
    ["a general farewell", ["dial tcp: lookup order-mysql on 10.96.0.10:53: no such host", "FATAL: could not connect to database, exiting"]],
  ])("is found in the words of %s", async (_, lines) => {
    expect(await putBack({ had: "orders-mysql", has: "order-mysql", lines })).toEqual(['value "orders-mysql"']);
  });
});

test("levels that a complaint lists make it no harmless line", async () => {
  const lines = ["ValueError: 'VERBOSE' is not one of DEBUG, INFO, WARNING, ERROR"];
  expect(await putBack({ had: "DEBUG", has: "VERBOSE", more: TURBO, lines })).toEqual(['value "DEBUG"']);
});

test("a program that lacks what another way of working needs is left to people", async () => {
  const told = { had: "development", has: "production", lines: ["ArgumentError: Missing `secret_key_base` for 'production' environment"] };
  expect(await putBack(told)).toEqual(['value "development"']);
  const [said] = await putBack({ ...told, variable: "RAILS_ENV" });
  expect(said).toMatch(/^escalate: .+ lacks what RAILS_ENV production needs: /);
});
