import { at } from "../../cluster/objects.ts";
import type { FieldPath } from "../../source/field-path.ts";
import type { Finding } from "../diagnosis.ts";
import { nearMatch } from "../near-match.ts";
import { type CrashCase, withLine } from "./crash-case.ts";
import { CONFIDENCE, escalate, fix, place, restoring } from "./entry.ts";

const UNKNOWN =
  /(?:unknown|unrecognized|unrecognised|unexpected|invalid|undefined|no such|not a valid|bad) (?:sub)?(?:command|argument|arguments|flag|option|shorthand flag|long flag|choice)|flag provided but not defined|is not a (?:\S{1,40} )?command|unknown flag/i;
const WORD = /[A-Za-z0-9][\w./=-]{0,60}/g;

/** The program does not know one of its arguments, and says so. */
export function argumentUnknown(crashCase: CrashCase): Finding | undefined {
  const { log, found, changed, past, statement } = crashCase;
  const complaint = log.find(({ text }) => UNKNOWN.test(text.slice(0, 500)));
  if (!complaint) return undefined;
  const given = (["args", "command"] as const).flatMap((field) => {
    const list = at(found.value, field);
    return Array.isArray(list) ? list.flatMap((value, i) => (typeof value === "string" ? [{ field, i, value }] : [])) : [];
  });
  const words: string[] = complaint.text.slice(0, 500).match(WORD) ?? [];
  const blamed = given.filter(({ value }) => words.includes(value.replace(/^-+/, "")) || words.includes(value.replace(/^-+/, "").split("=")[0] ?? ""));
  const [wrong] = blamed;
  const rootCause = `${place(statement.object, statement.container)} ends because it does not know its argument${wrong ? ` "${wrong.value}"` : "s"}.`;
  const said = withLine(crashCase, complaint, { ...statement, rootCause });
  const runs = changed.filter(({ path }) => path.includes("args") || path.includes("command"));
  if (past && runs.length > 0) return restoring(said, past, runs);
  if (!wrong || blamed.length > 1)
    return changed.length > 0 ? undefined : escalate(said, "no arguments are known that worked here", "Correct the container's args.");
  const offered = usageWords(log.map(({ text }) => text));
  const meant = nearMatch(wrong.value, offered);
  if (meant === undefined)
    return escalate(said, "no arguments are known that worked here", `Replace the argument "${wrong.value}" by one that the program knows.`);
  const path: FieldPath = [...found.path, wrong.field, wrong.i];
  return fix(
    { ...said, confidence: CONFIDENCE.suggested },
    [{ object: statement.object, path, before: wrong.value, after: meant }],
    [`Give the argument "${meant}" instead of "${wrong.value}": the program's own usage names it`],
  );
}

/** Words of the usage text that a program prints with such an error. */
function usageWords(lines: readonly string[]): string[] {
  const from = lines.findIndex((line) => /usage|available commands|commands:|did you mean|possible values|valid/i.test(line.slice(0, 200)));
  return from < 0 ? [] : lines.slice(from, from + 40).flatMap((line) => line.slice(0, 500).match(WORD) ?? []);
}
