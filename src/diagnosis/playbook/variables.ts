import { at, isObject, textAt } from "../../cluster/objects.ts";
import type { FieldChange, FieldPath } from "../../source/field-path.ts";
import type { Finding } from "../diagnosis.ts";
import type { LogLine } from "../pods.ts";
import { type CrashCase, complaints, withLine } from "./crash-case.ts";
import { CONFIDENCE, escalate, place, restoring, shown } from "./entry.ts";
import { namesVariable, namesWord } from "./words.ts";

const VARIABLE = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|\b[A-Z]{4,}\b/g;
const UNSET =
  /required|missing|not set|unset|undefined|must be set|not defined|not provided|empty|KeyError|no value|key not found|NotPresent|not been initiali[sz]ed/i;
const LEVELS = new Set(["ERROR", "FATAL", "WARN", "WARNING", "INFO", "DEBUG", "PANIC", "CRITICAL", "TRACE", "EMERG", "NULL", "TRUE", "FALSE", "ENOENT"]);

/** An environment variable that is gone, and that the program misses by name. Its value comes back from history only. */
export function variableGone(crashCase: CrashCase): Finding | undefined {
  const { statement, changed, past } = crashCase;
  const lines = complaints(crashCase);
  const missed = changed.flatMap(goneVariables).flatMap(({ name, difference }) => {
    const line = lines.findLast(({ text }) => namesVariable(text, name));
    return line ? [{ name, difference, line }] : [];
  });
  const [first] = missed;
  if (!past || !first) return undefined;
  const names = missed.map(({ name }) => name).join(", ");
  const rootCause = `${place(statement.object, statement.container)} needs ${missed.length > 1 ? "the environment variables" : "environment variable"} ${names}, which ${missed.length > 1 ? "are" : "is"} no longer set.`;
  return restoring(withLine(crashCase, first.line, { ...statement, rootCause }), past, together(missed.map(({ difference }) => difference)));
}

/** The variables that a difference took away: an item, or the whole list; in the latter case each by itself. */
function goneVariables({ path, before, after }: FieldChange): { name: string; difference: FieldChange }[] {
  const last = path.at(-1);
  if (typeof last === "object" && path.at(-2) === "env" && after === undefined) return [{ name: last.value, difference: { path, before, after } }];
  if (last !== "env" || !Array.isArray(before) || after !== undefined) return [];
  return before.map((item) => ({ name: textAt(item, "name"), difference: { path, before: [item], after } }));
}

/** Items of one list that went as a whole come back as one list. */
function together(differences: readonly FieldChange[]): FieldChange[] {
  const [first] = differences;
  if (first?.path.at(-1) !== "env") return [...differences];
  return [{ ...first, before: differences.flatMap(({ before }) => (Array.isArray(before) ? before : [])) }];
}

/** A variable that the program needs and that nobody ever set. */
export function variableNeverSet(crashCase: CrashCase): Finding | undefined {
  const { statement, changed, found } = crashCase;
  const named = complaints(crashCase)
    .filter(({ text }) => UNSET.test(text.slice(0, 1000)))
    .flatMap((line) => (line.text.slice(0, 1000).match(VARIABLE) ?? []).map((name) => ({ name, line })))
    .filter(({ name }) => !LEVELS.has(name) && !holds(found.value, name) && !changed.some(({ path }) => namesItem(path, name)));
  const last = named.at(-1);
  if (!last) return undefined;
  const rootCause = `${place(statement.object, statement.container)} needs environment variable ${last.name}, which is not set.`;
  return escalate(
    withLine(crashCase, last.line, { ...statement, rootCause, confidence: CONFIDENCE.likely }),
    `no revision is known in which ${last.name} was set`,
    `Set ${last.name}; the bot invents no values.`,
  );
}

function holds(container: CrashCase["found"]["value"], name: string): boolean {
  const list = at(container, "env");
  return Array.isArray(list) && list.some((item) => textAt(item, "name") === name);
}

function namesItem(path: FieldPath, name: string): boolean {
  return path.some((segment) => typeof segment === "object" && segment.value === name);
}

/** Environment, arguments and the like whose name or new value the complaints name word for word: those, and nothing else of the commit. */
export function namedByLog(crashCase: CrashCase): Finding | undefined {
  const { changed, past, statement } = crashCase;
  const lines = complaints(crashCase);
  const named = changed.flatMap((change) => {
    const line = isRun(change.path) ? lines.findLast(({ text }) => names(text, change)) : undefined;
    return line ? [{ change, line }] : [];
  });
  const [first] = named;
  if (!past || !first) return undefined;
  const what = variableOf(first.change.path) ?? "its arguments";
  const rootCause = `${place(statement.object, statement.container)} does not accept ${what}: ${shown(first.line.text)}.`;
  return restoring(
    withLine(crashCase, first.line, { ...statement, rootCause: rootCause.replace(/\.{2,}$/, "."), confidence: CONFIDENCE.likely }),
    past,
    named.map(({ change }) => change),
  );
}

function names(text: LogLine["text"], { path, after }: FieldChange): boolean {
  const variable = variableOf(path);
  if (variable !== undefined && namesVariable(text, variable)) return true;
  return strings(after).some((value) => value.length >= 4 && !/^\d{1,5}$/.test(value) && namesWord(text, value));
}

function variableOf(path: FieldPath): string | undefined {
  const item = path.find((segment, i) => typeof segment === "object" && path[i - 1] === "env");
  return typeof item === "object" ? item.value : undefined;
}

function strings(value: FieldChange["after"]): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(strings);
  return isObject(value) ? strings(at(value, "value")) : [];
}

/** Fields that decide what the program does (and that guards/class-paths.ts opens for this class). */
export function isRun(path: FieldPath): boolean {
  return path.some((segment, i) => typeof path[i - 1] === "object" && ["command", "args", "env", "image"].includes(String(segment)));
}
