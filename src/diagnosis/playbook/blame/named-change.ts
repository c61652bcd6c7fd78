import { at, isObject, listAt, textAt } from "../../../cluster/objects.ts";
import type { FieldChange, FieldPath } from "../../../source/edit/field-path.ts";
import type { LogLine } from "../../pods.ts";
import { UNREACHED } from "../addresses/unreached.ts";
import type { CrashCase } from "../crash/crash-case.ts";
import { namesVariable, namesWord, speaksOf } from "../words.ts";
import { messageIn } from "./log-message.ts";
import { quotesMisspelt } from "./misspelt-option.ts";
import { isAboutParts, newPathsIn } from "./value-parts.ts";

const TWICE = /\bconflicts with\b|\bduplicate\b|already (?:registered|defined|exists|declared|been registered)/i;

/** Whether all that a line names of a change is a word that the container has elsewhere as well: its own name, a value that did not change. */
export function isStanding({ found, changed, statement }: CrashCase, { path, after }: FieldChange, { text }: LogLine): boolean {
  if (namesVariable(messageIn(text), variableOf(path) ?? "")) return false;
  const isChanged = (name: string) => changed.some((change) => variableOf(change.path) === name || isOfList(change, name));
  const kept = listAt(found.value, "env").filter((item) => !isChanged(textAt(item, "name")));
  const standing = [found.name, statement.object.name, ...kept.map((item) => textAt(item, "value"))];
  const own = strings(after).filter((value) => namesWord(text, value));
  // What there may be only once is to blame where it came a second time.
  if (TWICE.test(text.slice(0, 2000))) return false;
  return own.length > 0 && own.every((value) => standing.includes(value));
}

/** The container had no variables before, or another list of them: what is not in the old one is new. */
function isOfList({ path, before, after }: FieldChange, name: string): boolean {
  const holds = (list: FieldChange["after"]) => Array.isArray(list) && list.some((item) => textAt(item, "name") === name);
  return path.at(-1) === "env" && holds(after) && !holds(before);
}

/** Whether a line names a variable, its new value or a new path in it. */
export function names(text: LogLine["text"], { path, before, after }: FieldChange): boolean {
  const variable = variableOf(path);
  if (variable !== undefined && namesVariable(text, variable) && !(isValue(path) && isSetAfterAll(text, after))) return true;
  if (variable !== undefined && strings(after).some((value) => saysInWords(text, variable, value))) return true;
  if (strings(after).some((value) => value.includes("=") && refusesOption(text, value))) return true;
  return (
    quotesMisspelt(text, strings(after), strings(before)) ||
    isAboutParts(text, strings(after), strings(before)) ||
    [...strings(after), ...newPathsIn(strings(after), strings(before))].some((value) => namesValue(text, value))
  );
}

/** An option whose value the program does not take, by its name: `invalid value "5" for flag -timeout`, `argument -w/--workers: invalid int value`. */
export function refusesOption(text: string, option: string): boolean {
  const [, name = ""] = /^--?([A-Za-z][\w.-]{1,60})(?:=|$)/.exec(option) ?? [];
  const start = text.slice(0, 1000).trim();
  if (name === "" || /^-|^usage\b/i.test(start) || !REFUSES.test(start)) return false;
  return new RegExp(`(?<![\\w-])--?${name.replaceAll(".", "\\.")}(?![\\w-])`).test(start);
}

const REFUSES = /\b(?:invalid|error|bad|illegal|cannot|could not|must|expected|unable|not an?|out of range|parse|malformed)\b/i;

const NOT_SET = /\bnot set\b(?! to)|\bis unset\b|\bnot defined\b|\bis empty\b|\bnot provided\b|\bKeyError\b/i;

/** The line says that something is not set at all: no word against a variable that holds a text. What it misses may only be called alike. */
export function isSetAfterAll(text: string, after: FieldChange["after"]): boolean {
  const value = isObject(after) ? at(after, "value") : after;
  return typeof value === "string" && value !== "" && NOT_SET.test(text.slice(0, 1000));
}

/** The value of a variable, and not where it comes from. */
function isValue(path: FieldPath): boolean {
  return path.at(-1) === "value" || typeof path.at(-1) === "object";
}

/**
 * The name in words, and the value beside it: `invoice day must be between 1 and 28, got 31`. Not where something is not reached: such lines say all that they were
 * told, a pool's size as well.
 */
export function saysInWords(text: string, variable: string, value: string): boolean {
  if (value.length < 2 || value.length > 40 || !namesWord(text, value) || UNREACHED.test(text.slice(0, 2000))) return false;
  return speaksOf(text, variable) || standsBehind(text, variable, value);
}

/** Of a name of one word the value stands right behind it: `concurrency 200 exceeds the maximum of 64`. */
function standsBehind(text: string, variable: string, value: string): boolean {
  if (!/^[A-Za-z]{5,40}$/.test(variable)) return false;
  const quoted = value.replaceAll(/[^\w]/g, "\\$&");
  return new RegExp(`\\b${variable}["'\`]?[\\s:=(]{1,3}(?:of |is |value )?["'\`]?${quoted}(?![\\w.])`, "i").test(text.slice(0, 2000));
}

/** Small numbers and truth values stand in any line, and mean other things there, unless they are quoted: `not a valid duration string: "30"`. */
function namesValue(text: string, value: string): boolean {
  if (isQuoted(text, value) || isBracketed(text, value)) return true;
  // A port is named behind an address or the word for it; the same number behind a file is a line.
  if (
    /^\d{2,5}$/.test(value) &&
    new RegExp(
      `(?:\\d{1,3}(?:\\.\\d{1,3}){3}|\\]|\\*|::|localhost):${value}\\b|\\bport:? ${value}\\b|\\blisten(?:ing)? (?:on |tcp[46]? )?:?${value}\\b|\\baddress :?${value}: `,
      "i",
    ).test(text)
  )
    return true;
  if (value.length < 4 || /^(?:\d{1,5}|true|false|null|none)$/i.test(value)) return false;
  // Names of levels and modes are written in capitals by who looks for a constant of that name.
  return namesWord(text, value) || (/^[a-z]{5,40}$/.test(value) && namesWord(text, value.toUpperCase()));
}

/** A short value says nothing by itself, but in quotes: `parsing "4x": invalid syntax`. */
export function isQuoted(text: string, value: string): boolean {
  return /^[\w.-]{2,5}$/.test(value) && !/^(?:true|false|null|none)$/i.test(value) && [`"${value}"`, `'${value}'`].some((quoted) => text.includes(quoted));
}

/** Java puts values in brackets: `The specified port [80800] is invalid`. Other brackets hold threads and processes. */
function isBracketed(text: string, value: string): boolean {
  return (
    /^[\w.-]{2,40}$/.test(value) && new RegExp(`\\b[a-z]{4,20}:? \\[${value.replaceAll(".", "\\.")}\\] (?:is|was|must|of)\\b`, "i").test(text.slice(0, 2000))
  );
}

export function variableOf(path: FieldPath): string | undefined {
  const item = path.find((segment, i) => typeof segment === "object" && path[i - 1] === "env");
  return typeof item === "object" ? item.value : undefined;
}

export function strings(value: FieldChange["after"]): string[] {
  if (typeof value === "string") return [value, ...(/^--?[\w.-]+=(.+)$/.exec(value)?.slice(1) ?? [])];
  if (Array.isArray(value)) return value.flatMap(strings);
  return isObject(value) ? strings(at(value, "value")) : [];
}
