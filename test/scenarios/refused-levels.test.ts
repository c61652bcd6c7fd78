import { describe, expect, test } from "vitest";
import { badgesFix, literals, type Program } from "./badges.ts";

// A level that a program does not take stands in its complaint like the level of a line.

const of = (LOG_LEVEL: string, THEME: string): Program => ({ env: literals({ LOG_LEVEL, THEME }) });

describe("a level that is refused", () => {
  test.each([
    'panic: unrecognized level: "warning"',
    'fatal: unknown log level: "warning"',
    "Error: invalid log.level: warning",
    "error: --log-level=warning: invalid choice",
    'LOG_LEVEL: "warning" is not supported',
    "could not parse level: warning",
    "ValueError: Unknown level: 'warning'",
    '{"level":"fatal","msg":"unrecognized level: \\"warning\\""}',
  ])("goes back: %s", async (says) => {
    expect(await badgesFix({ good: of("warn", "light"), bad: of("warning", "dark"), says })).toEqual(["crash-on-start", "- value: warning", "+ value: warn"]);
  });

  test.each(["ValueError: Unknown level: 'WARNING '", "unsupported level 'WARNING '"])("goes back without its blank: %s", async (says) => {
    const fix = await badgesFix({ good: of("WARNING", "light"), bad: of("WARNING ", "dark"), says });
    expect(fix).toEqual(["crash-on-start", '- value: "WARNING "', expect.stringMatching(/^\+ value: "?WARNING"?$/)]);
  });

  test.each([
    'level=warning msg="unknown setting ignored" key=THEME value=dark\npanic: no licence',
    '{"level":"warning","msg":"invalid THEME dark, using light"}\npanic: no licence',
    "2026-11-23 WARNING invalid THEME 'dark', using 'light'\nFATAL no licence",
    "[unknown] level=warning theme=dark is invalid\npanic: no licence",
    'msg="unknown theme dark" level=warning\npanic: no licence',
    '{"msg":"unsupported theme dark","level":"warning"}\npanic: no licence',
    "log level: warning\ntheme: dark\npanic: no licence",
  ])("is none where it is the level of the line: %s", async (says) => {
    expect((await badgesFix({ good: of("warn", "light"), bad: of("warning", "dark"), says }))[0]).toMatch(/^people/);
  });
});
