import type { CrashCase } from "../crash/crash-case.ts";

/** Whether a variable, or an option, says how much a program says, and in which form. */
export function isTalk(name: string): boolean {
  return /(?:^|_)(?:LOG|LOGS|LOGGING|VERBOSE|VERBOSITY|TRACING)(?:_|$)/i.test(name) || /^-{1,2}(?:log|logging|verbos)/.test(name);
}

/** Whether the program ends for that, or without a word. */
export function isAboutTalk({ log }: Pick<CrashCase, "log">): boolean {
  return log.length === 0 || log.some(({ text }) => /logg(?:er|ing)|log[-_ .]?(?:level|format)|verbos|appender|logback|log4j/i.test(text.slice(0, 1000)));
}
