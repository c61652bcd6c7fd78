import type { FieldChange } from "../../../source/edit/field-path.ts";
import { type CrashCase, complaints, isComplaint } from "../crash/crash-case.ts";
import { namesVariable } from "../words.ts";
import { messageIn } from "./log-message.ts";
import { variableOf } from "./named-change.ts";

/**
 * Other variables with a new value that a report of several errors complains of by name, each in a line of its own: pydantic, zod and envalid tell all at once, and
 * with one of them mended the program ends for the next.
 */
export function alsoBlamed(crashCase: CrashCase, known: readonly string[]): FieldChange[] {
  const lines = complaints(crashCase).map(({ text }) => messageIn(text));
  return crashCase.changed.filter(({ path, before, after }) => {
    const name = variableOf(path);
    if (name === undefined || known.includes(name) || before === undefined || after === undefined) return false;
    return lines.some((line) => isAbout(line, name, known));
  });
}

/** The line is the name alone, or complains, and names none of those that are known to be wrong. */
function isAbout(line: string, name: string, known: readonly string[]): boolean {
  if (!namesVariable(line, name) || known.some((other) => namesVariable(line, other))) return false;
  return isComplaint(line) || /^["'\s]*[\w.-]+["':,\s]*$/.test(line.slice(0, 300));
}
