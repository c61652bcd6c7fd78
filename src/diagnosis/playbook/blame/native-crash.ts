import type { CrashCase } from "../crash/crash-case.ts";

/** How systems, shells and C libraries tell that a program died of a fault in its own code. */
const DIED = [
  /\b(?:segmentation fault|bus error|illegal instruction|floating point exception|breakpoint trap|core dumped)\b/i,
  /\bSIG(?:SEGV|BUS|ILL|ABRT|FPE)\b/,
  /\bterminate called\b|\bterminating (?:due to|with) uncaught exception\b|\bpure virtual method called\b/,
  /\bdouble free\b|\bstack smashing detected\b|\b(?:malloc|free|realloc)\(\): |\bmunmap_chunk\(\)|\bcorrupted size vs\b|\bAddressSanitizer\b/,
  /^\s*Aborted\s*$/,
];

/** Exit codes of programs that die of their own faults: SIGILL, SIGBUS, SIGFPE, SIGSEGV (128 and the signal's number). */
export const FAULTS: ReadonlyMap<number, string> = new Map([
  [132, "an illegal instruction"],
  [135, "a bus error"],
  [136, "an arithmetic fault"],
  [139, "a segmentation fault"],
]);

/** Whether a line tells such an end. What else it says is whose end it was: the process, and how a shell called it. */
export function tellsNativeCrash(text: string): boolean {
  return DIED.some((words) => words.test(text.slice(0, 1000)));
}

/** Whether the program died like that, by a line of its log or by its exit code. */
export function diedNatively({ container, log }: Pick<CrashCase, "container" | "log">): boolean {
  return FAULTS.has(container.ended?.exitCode ?? 0) || log.some(({ text }) => tellsNativeCrash(text));
}

/** What C++ says of an exception that nobody caught, below the line that tells the end. */
export function isWhat(text: string): boolean {
  return /^\s*what\(\): /.test(text);
}
