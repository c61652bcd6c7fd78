import { variablesOf } from "../../environment.ts";
import type { CrashCase } from "../crash/crash-case.ts";
import { namesWord } from "../words.ts";

/** Whether a list that the program is given names a variable together with one that it misses: it wants them all, and says so one at a time. */
export function isListedWith({ input, now, found }: Pick<CrashCase, "input" | "now" | "found">, name: string, missed: readonly string[]): boolean {
  return variablesOf(input, now, found).some(({ value }) => namesWord(value, name) && missed.some((one) => namesWord(value, one)));
}
