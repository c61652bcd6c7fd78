import { describe, expect, test } from "vitest";
import { textAt } from "../../src/cluster/objects.ts";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { formatPath } from "../../src/source/edit/field-path.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

const FILE = "deploy/deployment.yaml";
const RAN = "badges-57c84d459";

interface Story {
  /** The variables that the container has, beside its others. */
  env: Readonly<Record<string, string>>;
  said: string;
  /** More manifests of the delivery. */
  more?: Record<string, string>;
}

/** The first release of shop-67, whose program ends with a complaint about a setting. */
async function answerFor({ env, said, more = {} }: Story): Promise<unknown> {
  const recording = loadRecording("shop-67");
  const items = Object.entries(env).map(([name, value]) => `            - ${JSON.stringify({ name, value })}\n`);
  const after = { ...recording.after, [FILE]: (recording.after[FILE] ?? "").replace("          env:\n", `          env:\n${items.join("")}`), ...more };
  const logs = Object.fromEntries(Object.keys(recording.logs).map((name) => [name, `2026-11-23T00:24:55.000000000Z ${said}\n`]));
  const objects = recording.objects.filter((object) => !JSON.stringify(object.metadata).includes(RAN) && !textAt(object, "regarding", "name").startsWith(RAN));
  const input = await caseOf({ ...recording, objects, logs, before: {}, after }, { lastGood: true });
  const finding = input && consultPlaybook(input)[0]?.finding;
  if (finding?.action.kind !== "fix") return finding?.action.kind;
  return finding.action.changes.map(({ path, after: now }) => `${formatPath(path.slice(path.indexOf("env")))} = ${JSON.stringify(now)}`);
}

describe("a setting that never worked, of which the program says what it takes", () => {
  test.each<[string, Story, unknown]>([
    [
      "a word of its list",
      { env: { LOG_LEVEL: "warning" }, said: 'ERROR invalid LOG_LEVEL "warning": must be one of debug, info, warn' },
      ['env[name=LOG_LEVEL].value = "warn"'],
    ],
    [
      "a boolean",
      { env: { FAST_PATH: "yes" }, said: 'FATAL FAST_PATH: strconv.ParseBool: parsing "yes": invalid syntax' },
      ['env[name=FAST_PATH].value = "true"'],
    ],
    ["nobody knows which", { env: { LOG_LEVEL: "loud" }, said: "ERROR invalid LOG_LEVEL: must be one of debug, info, warn" }, "escalate"],
  ])("%s", async (_, story, fix) => expect(await answerFor(story)).toEqual(fix));
});

describe("a variable that the program misses, and is given under another name", () => {
  const said = "FATAL migration aborted: DATABASE_URL is not set";
  const renamed = (wrong: string, value: string) => [
    `env[name=${wrong}] = undefined`,
    `env[name=DATABASE_URL] = ${JSON.stringify({ name: "DATABASE_URL", value })}`,
  ];

  test("a shortened one", async () => {
    expect(await answerFor({ env: { DB_URL: "postgres://db" }, said })).toEqual(renamed("DB_URL", "postgres://db"));
  });

  test("one that others of the delivery call as the program does", async () => {
    const container = { name: "other", image: "acme/other:1", env: [{ name: "DATABASE_URL", value: "postgres://db" }] };
    const other = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "other" }, spec: { template: { spec: { containers: [container] } } } };
    const more = { "deploy/other.yaml": JSON.stringify(other) };
    expect(await answerFor({ env: { PG: "postgres://db" }, said, more })).toEqual(renamed("PG", "postgres://db"));
  });

  test("but not where two could be meant", async () => {
    expect(await answerFor({ env: { DB_URL: "postgres://db", DBASE_URL: "postgres://db2" }, said })).toBe("escalate");
  });
});
