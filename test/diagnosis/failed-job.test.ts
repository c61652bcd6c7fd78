import { expect, test } from "vitest";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

const ENV = / +- \{name: DATABASE_URL.*\n/;
type Variables = Record<string, string>;

/** The Job of shop-33 with another image since the last commit, and with these variables before and after it. */
async function wordsFor(variables: { before: Variables; after: Variables }, said: string): Promise<readonly string[] | string | undefined> {
  const recording = loadRecording("shop-33");
  const path = "deploy/job.yaml";
  const text = recording.before[path] ?? "";
  const env = (all: Variables) =>
    Object.entries(all)
      .map(([name, value]) => `            - {name: ${name}, value: "${value}"}\n`)
      .join("");
  const before = text.replace(ENV, env(variables.before));
  const after = text.replace("import-1", "import-2").replace("worker:1.4.1", "worker:1.5.0").replace(ENV, env(variables.after));
  const logs = Object.fromEntries(Object.keys(recording.logs).map((name) => [name, `2026-11-22T22:07:21.685919373Z ${said}\n`]));
  const input = await caseOf({ ...recording, logs, before: { [path]: before }, after: { [path]: after } });
  const action = input && consultPlaybook(input)[0]?.finding.action;
  return action?.kind === "fix" ? action.words.map((word) => word.replace(/ of Job.*?(?= from|,|$)/, "").replace(/, as at .*/, "")) : action?.kind;
}

test("a failed Job whose log names the path within a new value: that variable goes back, and the release stays", async () => {
  const before = { SQL_LOCATIONS: "filesystem:/app/sql" };
  const after = { SQL_LOCATIONS: "filesystem:/app/sql/migrations", FEATURE_TRIAL: "true" };
  expect(await wordsFor({ before, after }, "ERROR: Location /app/sql/migrations not found (failOnMissingLocations=true)")).toEqual([
    "Set containers[name=import].env[name=SQL_LOCATIONS].value from filesystem:/app/sql/migrations to filesystem:/app/sql",
  ]);
});

test("one path of several in a list", async () => {
  const before = { CONFIG: "file:///etc/import/base.yaml", WORKERS: "2" };
  const after = { CONFIG: "file:///etc/import/base.yaml,file:///etc/import/extra.yaml", WORKERS: "4" };
  expect(await wordsFor({ before, after }, "fatal: open /etc/import/extra.yaml: no such file or directory")).toEqual([
    "Set containers[name=import].env[name=CONFIG].value from file:///etc/import/base.yaml,file:///etc/import/extra.yaml to file:///etc/import/base.yaml",
  ]);
});

test("a path that the value had before is not what the commit brought", async () => {
  const before = { SQL_LOCATIONS: "filesystem:/app/sql/migrations" };
  const after = { SQL_LOCATIONS: "classpath:/app/sql/migrations" };
  expect(await wordsFor({ before, after }, "ERROR: Location /app/sql/migrations not found")).toBe("escalate");
});

test("a single name within a value may stand in any line", async () => {
  const before = { DATABASE_URL: "postgres://import@db.internal/import", SQL_LOCATIONS: "filesystem:/sql" };
  const after = { DATABASE_URL: "postgres://import@db.internal/import", SQL_LOCATIONS: "filesystem:/import" };
  expect(await wordsFor({ before, after }, "panic: cannot start import: index out of range")).not.toContain("SQL_LOCATIONS");
});
