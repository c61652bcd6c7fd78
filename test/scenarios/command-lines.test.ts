import { describe, expect, test } from "vitest";
import { badgesFix, literals, type Program, unready } from "./badges.ts";

// What is wrong on a program's command line, and what says so without the very word of it. Each time more changed.

const args = (THEME: string, ...words: string[]): Program => ({ env: literals({ THEME }), container: { args: words } });
const shell = (THEME: string, script: string): Program => ({ env: literals({ THEME }), container: { command: ["/bin/sh", "-c", script] } });

describe("a script on the command line that its shell cannot read", () => {
  const [good, bad] = [shell("light", "exec /app/run --title 'Shop'"), shell("dark", "exec /app/run --title 'Shop")];

  test.each([
    "/bin/sh: 1: Syntax error: Unterminated quoted string",
    "sh: syntax error: unterminated quoted string",
    "bash: -c: line 1: unexpected EOF while looking for matching `''",
    "/bin/bash: line 1: syntax error near unexpected token `('",
  ])("goes back: %s", async (says) => {
    expect(await badgesFix({ good, bad, says })).toEqual(["crash-on-start", "- - exec /app/run --title 'Shop", "+ - exec /app/run --title 'Shop'"]);
  });

  test.each(["/scripts/run.sh: 1: Syntax error: Unterminated quoted string", 'ERROR:  syntax error at or near "badges"', "SyntaxError: Unexpected token '}'"])(
    "stays where another reader says so: %s",
    async (says) => {
      expect((await badgesFix({ good, bad, says }))[0]).toMatch(/^people/);
    },
  );

  test("stays where it has many lines that changed", async () => {
    const [long, longer] = ["set -e\necho warm\nexec /app/run\n", "set -e\necho 'warm\nexec /app/run --theme dark\n"];
    const fix = await badgesFix({ good: shell("light", long), bad: shell("dark", longer), says: "/bin/sh: 4: Syntax error: Unterminated quoted string" });
    expect(fix[0]).toMatch(/^people/);
  });
});

describe("an option and its value in one argument", () => {
  const says = "Error: unknown flag: --config /etc/badges/app.conf";

  test.each<[string, string[], string[]]>([
    ["are two again", ["serve", "--config", "/etc/badges/app.conf"], ["- - --config /etc/badges/app.conf", "+ - --config", "+ - /etc/badges/app.conf"]],
    ["are one with `=` again", ["serve", "--config=/etc/badges/app.conf"], ["- - --config /etc/badges/app.conf", "+ - --config=/etc/badges/app.conf"]],
  ])("%s, and the new argument behind them stays", async (_, before, lines) => {
    const bad = args("dark", "serve", "--config /etc/badges/app.conf", "--access-log");
    expect(await badgesFix({ good: args("light", ...before), bad, says })).toEqual(["crash-on-start", ...lines]);
  });

  test.each<[string, string[]]>([
    ["where the option is new", ["serve"]],
    ["where it had no value", ["serve", "--config", "--verbose"]],
  ])("are not taken apart %s", async (_, before) => {
    const bad = args("dark", "serve", "--config /etc/badges/app.conf", "--access-log");
    expect(await badgesFix({ good: args("light", ...before), bad, says })).not.toContain("+ - /etc/badges/app.conf");
  });
});

describe("an option that is quoted without its dashes", () => {
  const says =
    "*** FATAL CONFIG FILE ERROR (Redis 7.4.0) ***\nReading the configuration file, at line 2\n>>> 'maxmemry \"48mb\"'\nBad directive or wrong number of arguments";

  test("goes back where it is one of before but for a letter", async () => {
    const fix = await badgesFix({
      good: args("light", "--maxmemory", "48mb", "--appendonly", "no"),
      bad: args("dark", "--maxmemry", "48mb", "--appendonly", "yes"),
      says,
    });
    expect(fix).toEqual(["crash-on-start", "- - --maxmemry", "+ - --maxmemory"]);
  });

  test("stays where it is one of before", async () => {
    const [good, bad] = [args("light", "--maxmemory", "48mb"), args("dark", "--maxmemory", "96mb")];
    const fix = await badgesFix({ good, bad, says: "TypeError: themes.map is not a function\nat load (\"maxmemory\", '48mb')" });
    expect(fix[0]).toMatch(/^people/);
  });
});

describe("a path in an option of a runtime", () => {
  test.each<[name: string, good: string, bad: string, says: string]>([
    [
      "JAVA_TOOL_OPTIONS",
      "-javaagent:/otel/opentelemetry-javaagent.jar",
      "-javaagent:/otel/javaagent.jar",
      "Picked up JAVA_TOOL_OPTIONS: -javaagent:/otel/javaagent.jar\nError opening zip file or JAR manifest missing : /otel/javaagent.jar",
    ],
    [
      "JAVA_OPTS",
      "-Xmx96m -Dlogback.configurationFile=/etc/badges/logback.xml",
      "-Xmx96m -Dlogback.configurationFile=/etc/badges/log.xml",
      "FATAL could not read /etc/badges/log.xml",
    ],
    ["NODE_OPTIONS", "--require=/otel/register.js", "--require=/otel/registr.js", "Error: Cannot find module '/otel/registr.js'"],
  ])("goes back: %s", async (name, good, bad, says) => {
    const of = (value: string, THEME: string) => ({ env: literals({ [name]: value, THEME }) });
    expect(await badgesFix({ good: of(good, "light"), bad: of(bad, "dark"), says })).toEqual(["crash-on-start", `- value: ${bad}`, `+ value: ${good}`]);
  });

  test("stays where another one is missed", async () => {
    const of = (value: string, THEME: string) => ({ env: literals({ JAVA_OPTS: value, THEME }) });
    const [good, bad] = [of("-Dlog.file=/var/log/a.log", "light"), of("-Dlog.file=/var/log/b.log", "dark")];
    expect((await badgesFix({ good, bad, says: "FATAL could not read /var/lib/badges/themes" }))[0]).toMatch(/^people/);
  });
});

describe("a script of a package that is told by another name", () => {
  test.each([
    'npm error Missing script: "start:prd"\nnpm error\nnpm error Did you mean this?\nnpm error   npm run start:prod # run the "start:prod" package script',
    'error Command "start:prd" not found. Did you mean "start:prod"?',
  ])("is the one that the program means, in a first release: %s", async (says) => {
    const bad: Program = { env: literals({ THEME: "dark" }), container: { command: ["npm"], args: ["run", "start:prd"] } };
    expect(await badgesFix({ bad, says })).toEqual(["crash-on-start", "- - start:prd", "+ - start:prod"]);
  });

  test("is not guessed where the program means none", async () => {
    const bad: Program = { env: literals({ THEME: "dark" }), container: { command: ["npm"], args: ["run", "start:prd"] } };
    expect((await badgesFix({ bad, says: 'npm error Missing script: "start:prd"' }))[0]).toMatch(/^people/);
  });
});

describe("a port of a pair of arguments", () => {
  const REFUSED = 'Readiness probe failed: Get "http://10.244.0.9:8080/readyz": dial tcp 10.244.0.9:8080: connect: connection refused';
  const gunicorn = (THEME: string, bind: string, ...more: string[]) => args(THEME, "gunicorn", "-b", bind, "shop.wsgi", ...more);

  test("goes back where the program listens elsewhere than it is asked, and the other arguments stay", async () => {
    const says = "[INFO] Starting gunicorn 22.0.0\n[INFO] Listening at: http://0.0.0.0:8000 (1)";
    const [good, bad] = [gunicorn("light", "0.0.0.0:8080"), gunicorn("dark", "0.0.0.0:8000", "--preload")];
    expect(await badgesFix({ good, bad, says, live: unready(REFUSED) })).toEqual(["readiness-probe", "- - 0.0.0.0:8000", "+ - 0.0.0.0:8080"]);
  });

  test("stays where only other arguments came", async () => {
    const [good, bad] = [gunicorn("light", "0.0.0.0:8080"), gunicorn("dark", "0.0.0.0:8080", "--preload")];
    expect((await badgesFix({ good, bad, says: "[INFO] Starting gunicorn 22.0.0", live: unready(REFUSED) }))[0]).toMatch(/^people/);
  });
});
