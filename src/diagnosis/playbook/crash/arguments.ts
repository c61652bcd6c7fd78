import { at, type Json, type KubeObject, listAt } from "../../../cluster/objects.ts";
import { type FieldChange, type FieldPath, formatPath, getIn } from "../../../source/edit/field-path.ts";
import { type Hunk, hunksBetween, linesOf, putBack } from "../../../source/edit/hunks.ts";
import type { Finding } from "../../diagnosis.ts";
import { kindred, nearMatch } from "../../near-match.ts";
import { changedSettings } from "../../settings.ts";
import { containerOf } from "../../workload.ts";
import { CONFIDENCE, escalate, fix, place, restoring } from "../entry.ts";
import { type CrashCase, withLine } from "./crash-case.ts";

const UNKNOWN =
  /(?:unknown|unrecognized|unrecognised|unexpected|invalid|undefined|no such|not a valid|bad|illegal|unsupported|ambiguous) (?:\w{1,20} )?(?:sub)?(?:command|argument|arguments|flag|option|options|vm option|shorthand flag|long flag|choice|parameter|switch)|flag provided but not defined|is not a (?:\S{1,40} )?command|could not find command|unknown flag|no such option|from flags: field not found|\bmissing script\b|\bcommand "[^"]{1,80}" not found/i;
/** The same words about something else: a function's arguments (Python), a library's settings, EINVAL of the system, and what is only warned of. */
const OTHERWISE =
  /(?:keyword|positional) argument|configuration (?:option|parameter|key)|:\s*invalid argument\W*$|EINVAL|os error 22|\[?errno 22|\bwarn(?:ing)?\b|\bignor(?:ing|ed)\b/i;
const WORD = /[A-Za-z0-9][\w./=:-]{0,80}/g;
/** What programs print before words that they do know. */
const OFFER = /usage|available commands|commands:|did you mean|similar|possible values|valid|options:|flags:|expected one of/i;

const WANTED =
  /(?:required|missing)\b.{0,60}(?:flag|option|argument|parameter|switch)|(?:flag|option|argument|parameter|switch)\S{0,4} .{0,80}(?:required|missing|not set|not provided|must be (?:set|given|specified))/i;

/** The program misses an option that it was given before: that one comes back, with its value. */
export function argumentGone(crashCase: CrashCase): Finding | undefined {
  const { log, found, past, statement } = crashCase;
  const complaint = log.findLast(({ text }) => WANTED.test(text.slice(0, 500)) && !/^\s*usage:/i.test(text));
  const then = past?.from === "revision" ? containerOf(past.object, found.name)?.value : undefined;
  if (!past || !complaint || !then) return undefined;
  const words = wordsIn(complaint.text);
  const back = (["args", "command"] as const).flatMap((field) => {
    const [before, today] = [listAt(then, field), listAt(found.value, field)];
    const gone = before.filter((item) => isOption(item) && names(words, String(item)) && !today.some((one) => flagOf(one) === flagOf(item)));
    const after = gone.reduce<Json[]>((list, item) => withOption(list, before, item), [...today]);
    return gone.length > 0 ? [{ path: [...found.path, field], before: after, after: [...today] }] : [];
  });
  if (back.length === 0) return undefined;
  const rootCause = `${place(statement.object, statement.container)} needs an argument that it no longer gets.`;
  return restoring(withLine(crashCase, complaint, { ...statement, rootCause }), past, back);
}

/** Changes of a container in which a list whose items only moved is one change, not one of each place. */
export function asLists(changed: readonly FieldChange[], { path, value }: CrashCase["found"], then: CrashCase["found"] | undefined): FieldChange[] {
  const shifted = ["command", "args"].filter((field) => {
    const own = changed.filter((change) => isItemOf(change, field));
    return own.some(({ after }) => own.some(({ before }) => after !== undefined && after === before));
  });
  const whole = shifted.map((field): FieldChange => ({ path: [...path, field], before: listAt(then?.value ?? null, field), after: listAt(value, field) }));
  return [...changed.filter((change) => !shifted.some((field) => isItemOf(change, field))), ...whole];
}

function isItemOf({ path }: FieldChange, field: string): boolean {
  return path.at(-2) === field && typeof path.at(-1) === "number";
}

function isOption(item: Json | undefined): boolean {
  return typeof item === "string" && item.startsWith("-");
}

function flagOf(item: Json): string {
  return String(item).split("=")[0] ?? "";
}

/** A list with an option of an earlier one, and its value, behind what stood before it and still is there. */
function withOption(list: readonly Json[], before: readonly Json[], item: Json): Json[] {
  const at = before.indexOf(item);
  const next = before[at + 1];
  const own = String(item).includes("=") || next === undefined || isOption(next) ? [item] : [item, next];
  const previous = before.slice(0, at).findLast((one) => list.some((other) => flagOf(other) === flagOf(one)));
  let place = previous === undefined ? 0 : list.findIndex((other) => flagOf(other) === flagOf(previous)) + 1;
  const hasValue = isOption(previous) && !String(previous).includes("=") && place < list.length && !isOption(list[place]);
  if (hasValue) place++;
  return [...list.slice(0, place), ...own, ...list.slice(place)];
}

/** The program does not know one of its arguments, and says so. */
export function argumentUnknown(crashCase: CrashCase): Finding | undefined {
  const { log, found, changed, past, statement } = crashCase;
  const given = (["args", "command"] as const).flatMap((field) => {
    const list = at(found.value, field);
    return Array.isArray(list) ? list.flatMap((value, i) => (typeof value === "string" ? [{ field, i, value }] : [])) : [];
  });
  const isOne = (text: string) => UNKNOWN.test(text) && (!OTHERWISE.test(text) || given.some(({ value }) => names(wordsIn(text), value)));
  const complaint = log.find(({ text }) => isOne(text.slice(0, 500)));
  if (!complaint) return undefined;
  const words = wordsIn(complaint.text);
  const all = given.filter(({ value }) => names(words, value));
  // A program puts its own name before what it says.
  const blamed = all.length > 1 ? all.filter(({ field, i }) => field === "args" || i > 0) : all;
  const [wrong] = blamed;
  const rootCause = `${place(statement.object, statement.container)} ends because it does not know its argument${wrong ? ` "${wrong.value}"` : "s"}.`;
  const said = withLine(crashCase, complaint, { ...statement, rootCause });
  const runs = changed.filter(({ path }) => path.includes("args") || path.includes("command"));
  // What the complaint names goes back; the other arguments of the same commit may be wanted.
  const isNamed = (value: Json | undefined) => textsOf(value).some((text) => names(words, text));
  const named = runs.filter(({ after }) => isNamed(after)).map((change) => ({ ...change, before: putBackItems(change, isNamed) }));
  if (past && named.some((change) => losesValue(change, past.object, crashCase.now))) return undefined;
  if (past && named.length > 0) return restoring(said, past, named);
  if (past && runs.length > 0) return undefined;
  // What it does not know may stand in a file that it reads.
  if (!wrong && changedSettings(crashCase.input, crashCase.now, found).length > 0) return undefined;
  if (!wrong || blamed.length > 1)
    return changed.length > 0 ? undefined : escalate(said, "no arguments are known that worked here", "Correct the container's args.");
  const [flag = "", ...value] = wrong.value.split("=");
  const meant = nearFlag(flag, offeredWords(log.map(({ text }) => text)));
  if (meant === undefined)
    return escalate(said, "no arguments are known that worked here", `Replace the argument "${wrong.value}" by one that the program knows.`);
  const after = [meant, ...value].join("=");
  const path: FieldPath = [...found.path, wrong.field, wrong.i];
  return fix(
    { ...said, confidence: CONFIDENCE.suggested },
    [{ object: statement.object, path, before: wrong.value, after }],
    [`Give the argument "${after}" instead of "${wrong.value}": the program itself names it`],
  );
}

/** An option that comes back to its place while its value, which stood behind it, does not: it would take the next argument for it. */
function losesValue({ path, before }: FieldChange, then: KubeObject, now: KubeObject): boolean {
  const [list, index] = [path.slice(0, -1), path.at(-1)];
  if (typeof index !== "number" || !isOption(before) || String(before).includes("=")) return false;
  const [value, next] = [then, now].map((object) => getIn(object, [...list, index + 1]));
  return value !== undefined && !isOption(value) && value !== next;
}

function wordsIn(text: string): Set<string> {
  return new Set(text.slice(0, 500).match(WORD) ?? []);
}

/** A list that got longer or shorter, as it is today but for the items that are blamed. */
export function putBackItems({ path, before, after }: FieldChange, isBlamed: (item: Json) => boolean): Json | undefined {
  if (!Array.isArray(before) || !Array.isArray(after)) return before;
  const all = hunksOf(path, before, after);
  const hunks = all.filter((hunk) => items(hunk.after).some(isBlamed));
  // Options that came behind what was there, of which some are blamed.
  const isAdded = (hunk: Hunk) => hunk.after.length > hunk.before.length && !items(hunk.after.slice(0, hunk.before.length)).some(isBlamed);
  // What was only put behind an item that is blamed stays.
  const narrow = hunks.map((hunk) => {
    const head = hunk.after.slice(0, hunk.before.length);
    const isWhole = head.length === hunk.before.length && items(head).every(isBlamed) && !items(hunk.after.slice(head.length)).some(isBlamed);
    if (isWhole) return { ...hunk, after: head };
    return isAdded(hunk) ? { ...hunk, before: linesOf(text(withoutOptions(items(hunk.after), isBlamed))) } : hunk;
  });
  // What is blamed was there before: it is not known without the one thing that went.
  const gone = all.filter((hunk) => hunk.after.length === 0);
  if (hunks.length === 0 && all.length > 1 && gone.length === 1) return items(linesOf(putBack(text(after), gone)));
  return hunks.length === 0 ? before : items(linesOf(putBack(text(after), narrow)));
}

/** A list as it is today, with the places put back of which this is true: what stood there, and what stands there now. */
export function putBackWhere({ path, before, after }: FieldChange, isMeant: (gone: readonly Json[], come: readonly Json[]) => boolean): Json[] | undefined {
  if (!Array.isArray(before) || !Array.isArray(after)) return undefined;
  const hunks = hunksOf(path, before, after).filter((hunk) => isMeant(items(hunk.before), items(hunk.after)));
  return hunks.length === 0 ? undefined : items(linesOf(putBack(text(after), hunks)));
}

/** A list that got longer or shorter may have changed at several places, which are as many changes. */
export function isOnePlace({ path, before, after }: FieldChange): boolean {
  if (!Array.isArray(before) || !Array.isArray(after)) return true;
  return hunksOf(path, before, after).length <= 1;
}

/** The places at which a list changed, an item as a line. */
function hunksOf(path: FieldPath, before: readonly Json[], after: readonly Json[]): Hunk[] {
  return hunksBetween(formatPath(path), text(before), text(after));
}

function items(lines: readonly string[]): Json[] {
  return lines.map((line) => JSON.parse(line));
}

function text(list: readonly Json[]): string {
  return list.map((item) => `${JSON.stringify(item)}\n`).join("");
}

/** Items without the options that are blamed and their values. */
function withoutOptions(list: readonly Json[], isBlamed: (item: Json) => boolean): Json[] {
  const isTaken = (item: Json, i: number) => isBlamed(item) || (i > 0 && isTakenOption(list[i - 1]) && !isOption(item));
  const isTakenOption = (item: Json | undefined) => item !== undefined && isOption(item) && !String(item).includes("=") && isBlamed(item);
  return list.filter((item, i) => !isTaken(item, i));
}

/** Whether a complaint's words name an argument: without its dashes, with or without its value. */
function names(words: ReadonlySet<string>, argument: string): boolean {
  const bare = argument.replace(/^-+/, "");
  return words.has(bare) || words.has(bare.split("=")[0] ?? "");
}

function textsOf(value: Json | undefined): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.flatMap(textsOf) : [];
}

function nearFlag(wrong: string, offered: readonly string[]): string | undefined {
  const dashes = /^-*/.exec(wrong)?.[0] ?? "";
  const bare = wrong.slice(dashes.length);
  const words = [...new Set(offered.map((word) => word.replace(/^-+/, "").split("=")[0] ?? ""))];
  const only = (isIt: (word: string) => boolean) => {
    const [found, ...more] = words.filter(isIt);
    return more.length === 0 ? found : undefined;
  };
  const near = nearMatch(bare, words) ?? only((word) => word.length >= 4 && kindred(bare, [word]) === word) ?? only((word) => beginsLike(bare, word));
  return near === undefined ? undefined : `${dashes}${near}`;
}

/** `migrations` and `migrate`: all but the ending of the shorter word. */
function beginsLike(wrong: string, word: string): boolean {
  let same = 0;
  while (same < word.length && wrong[same] === word[same]) same++;
  return same >= 5 && same >= Math.min(wrong.length, word.length) - 2 && wrong !== word;
}

/** Words, and names that are made of several (`start:prod`). */
const OFFERED = [/-{0,2}[A-Za-z0-9][\w./-]{0,60}/g, /[A-Za-z0-9][\w.-]{0,40}(?::[\w.-]{1,40}){1,3}/g];

/** Words of the usage text, or of the tip, that a program prints with such an error. */
function offeredWords(lines: readonly string[]): string[] {
  const from = lines.findIndex((line) => OFFER.test(line.slice(0, 200)));
  return from < 0 ? [] : lines.slice(from, from + 40).flatMap((line) => OFFERED.flatMap((word) => line.slice(0, 500).match(word) ?? []));
}
