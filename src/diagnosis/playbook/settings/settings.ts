import { describeRef, type KubeObject } from "../../../cluster/objects.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import { apart, type Hunk, hunksBetween, putBack } from "../../../source/edit/hunks.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { DiagnosisInput, Finding } from "../../diagnosis.ts";
import type { LogLine } from "../../pods.ts";
import { changedSettings, type SettingChange } from "../../settings.ts";
import type { ContainerAt } from "../../workload.ts";
import { TAKEN } from "../addresses/taken.ts";
import { UNREACHED } from "../addresses/unreached.ts";
import { hostOrPort } from "../blame/alongside.ts";
import { decisive } from "../blame/decisive.ts";
import { isInnocent } from "../blame/innocent.ts";
import { messageIn } from "../blame/log-message.ts";
import { isQuoted, isSetAfterAll, saysInWords } from "../blame/named-change.ts";
import { tellsNativeCrash } from "../blame/native-crash.ts";
import { asVariable, heirsOf, lostTogether, settingsAlong, settingsBeside } from "../blame/settings-along.ts";
import { unreadableFor } from "../blame/syntax-blame.ts";
import { isAboutTalk, isTalk } from "../blame/talk.ts";
import { touches } from "../blame/touched.ts";
import { isAboutParts, newPathsIn } from "../blame/value-parts.ts";
import { type CrashCase, complaints, lastWords, withLine } from "../crash/crash-case.ts";
import { type Misspelt, misspeltWord } from "../crash/misspelt-word.ts";
import { CONFIDENCE, fix, orElse, place, restoringAll, shown } from "../entry.ts";
import { isFollowed } from "../files/followed-file.ts";
import { namesVariable, namesWord } from "../words.ts";
import { calledShortly } from "./called-shortly.ts";
import { namesSettingWord } from "./common-keys.ts";
import { namesKeyPath } from "./key-path.ts";
import { namesEntry } from "./named-entry.ts";
import { reportsValue } from "./reported-value.ts";

/** What of a setting the log blames: the whole value of a variable, or some lines of a file. */
interface Blamed {
  setting: SettingChange;
  /** The value with what is blamed put back, and the rest as it is today. */
  wanted: ObjectChange["after"];
  line: LogLine;
  /** The first line that is wrong or missing, for people. */
  words: string;
  /** The one word that is wrong, where only that has to change. */
  misspelt?: Misspelt;
}

/**
 * The program complains about a setting that it reads from a ConfigMap, and that changed there. Only what the complaint names goes back: a variable, or lines of a
 * file, by their words or by their number. Where a complaint names the file alone, its only change is to blame.
 */
export function settingBlamed(crashCase: CrashCase): Finding | undefined {
  const { input, now, found, past, statement } = crashCase;
  const settings = past?.from === "revision" ? changedSettings(input, now, found).filter((setting) => !isFollowed(input, setting)) : [];
  // Whose port it is is for the whole pod to say.
  if (!past || settings.length === 0 || TAKEN.test(lastWords(crashCase)?.text ?? "")) return undefined;
  const isMeant = meant(crashCase, settings);
  const blamed = decisiveSettings(settings.flatMap((setting) => blame(setting, complaints(crashCase), isMeant) ?? []));
  const [first] = blamed;
  if (!first) return undefined;
  const named = blamed.map((one) => one.setting);
  const along = settingsAlong(crashCase, settings, named);
  const { setting, line, words } = first;
  const what = setting.file === undefined ? setting.key : `${setting.key} (${setting.file})`;
  const rootCause = `${place(statement.object, statement.container)} stops because of ${what} in ${describeRef(setting.map)}, where ${words}.`;
  const failureClass = isUnreached(first) ? "dependency-address" : statement.failureClass;
  const said = withLine(crashCase, line, { ...statement, failureClass, rootCause, confidence: CONFIDENCE.likely });
  if (along === "half") return hostOrPort(said);
  if (first.misspelt && blamed.length === 1) {
    const { wrong, right } = first.misspelt;
    const change = { object: setting.map, path: ["data", setting.key], before: setting.after, after: first.wanted };
    return fix({ ...said, confidence: CONFIDENCE.suggested }, [change], [`Spell ${shown(wrong)} ${right}, as ${setting.key} has it elsewhere`]);
  }
  const back = [...blamed, ...[...along, ...settingsBeside(crashCase, settings, named)].map((one) => ({ setting: one, wanted: one.before }))];
  const changes = back.map(({ setting: { map, key, after }, wanted }): ObjectChange => ({ object: map, path: ["data", key], before: after, after: wanted }));
  const heirs = heirsOf(settings, named);
  const narrow = restoringAll(said, past, changes);
  const wider = heirs.length > 0 ? heirs : lostTogether(settings, [...named, ...back.map((one) => one.setting)]);
  return wider.length > 0 ? orElse(narrow, restoringAll(said, past, [...changes, ...wider])) : narrow;
}

/** Whether a line is about a variable by a name that only its program has for it, or by its field in a report. */
function meant(crashCase: CrashCase, settings: readonly SettingChange[]): (line: LogLine, setting: SettingChange) => boolean {
  const isCalled = calledShortly(crashCase);
  const isHeld = (value: SettingChange["before"]) => settings.some((one) => one.before === undefined && one.after === value);
  return (line, { key, variable = key, before, after }) => {
    const text = messageIn(line.text);
    if (before === undefined || isSetAfterAll(text, after)) return false;
    if (typeof after === "string" && reportsValue(crashCase.log, line, variable, after)) return true;
    return isCalled(text, variable, after !== undefined ? "changed" : isHeld(before) ? "renamed" : "gone");
  };
}

/** Of several variables that one line names, those that it is about. What lines of a file are at fault is known already. */
function decisiveSettings(blamed: readonly Blamed[]): Blamed[] {
  const variables = decisive(blamed.flatMap((one) => (one.setting.file === undefined ? [{ one, line: one.line, change: asVariable(one.setting) }] : [])));
  return blamed.filter((one) => one.setting.file !== undefined || variables.some((variable) => variable.one === one));
}

/** What is told to the program is an address that it does not reach, by its own words. */
function isUnreached({ setting: { before, after }, line }: Blamed): boolean {
  if (typeof after !== "string" || after.length < 4 || !UNREACHED.test(line.text.slice(0, 2000))) return false;
  return line.text.includes(after) || (typeof before === "string" && isAboutParts(line.text, [after], [before]));
}

/**
 * Nothing names what is wrong, and one setting is all that changed of this container: only the time speaks for it.
 * @param isOfOther whether the log speaks of something else: then only a line goes back whose number it says
 */
export function onlySetting(crashCase: CrashCase, isOfOther: boolean): Finding | undefined {
  const { input, now, found, past, changed, statement } = crashCase;
  const settings = past?.from === "revision" ? changedSettings(input, now, found) : [];
  const [only, ...others] = settings;
  const lines = only?.file !== undefined && typeof only.after === "string" ? only.after.split("\n") : [];
  if (complaints(crashCase).some(({ text }) => isPrinted(text, lines))) return undefined;
  if (!past || !only || others.length > 0 || changed.some((change) => !isReference(change.path) && !isInnocent(change, found.path.length))) return undefined;
  // Where a file changed at several places, or only how much the program says, the time speaks against none of it, but for a line whose number is said.
  const after = withoutWanted(only, complaints(crashCase));
  if (after === undefined && only.before !== undefined) return undefined;
  const texts = only.file === undefined ? [only.key, JSON.stringify([only.before ?? "", only.after ?? ""])] : ["config settings parse properties option"];
  const isNumberSaid = only.file !== undefined && after !== only.before;
  if (!isNumberSaid && (isOfOther || !touches(crashCase, texts))) return undefined;
  if (only.file === undefined && isTalk(only.variable ?? only.key) && !isAboutTalk(crashCase)) return undefined;
  const rootCause = `${statement.rootCause.replace(/\.$/, "")}; it worked before, and all that changed for it is ${only.key} in ${describeRef(only.map)}.`;
  const change: ObjectChange = { object: only.map, path: ["data", only.key], before: only.after, after };
  return restoringAll({ ...statement, rootCause, confidence: CONFIDENCE.circumstantial }, past, [change]);
}

/** The setting as it was, or with the lines put back whose numbers the program complains of; undefined where several lines of a file changed, and no more is known. */
function withoutWanted({ key, before, after, file }: SettingChange, lines: readonly LogLine[]): ObjectChange["after"] {
  if (file === undefined || typeof before !== "string" || typeof after !== "string") return before;
  const hunks = hunksBetween(key, before, after).flatMap(apart);
  if (hunks.length < 2) return before;
  const telling = lines.filter(({ text }) => !tellsNativeCrash(text));
  const said = new Set(telling.flatMap(({ text }) => numbersIn([messageIn(text).slice(0, 1000)])));
  const isSaid = (hunk: Hunk) => numbersIn(hunk.after).some((number) => said.has(number) && !numbersIn(hunk.before).includes(number));
  const blamed = hunks.filter(isSaid);
  return blamed.length === 1 ? putBack(after, blamed) : undefined;
}

function numbersIn(lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.match(/\d{2,}/g) ?? []);
}

/** Settings of these containers that hold a word now and did not before: what puts those lines, or a whole variable, back. */
export function settingsThatCame(input: DiagnosisInput, now: KubeObject, containers: readonly ContainerAt[], word: string): ObjectChange[] {
  const settings = containers.flatMap((container) => changedSettings(input, now, container));
  return settings.flatMap(({ map, key, before, after, file }): ObjectChange[] => {
    if (typeof before !== "string" || typeof after !== "string") return [];
    const holds = (lines: readonly string[]) => lines.some((line) => namesWord(line, word));
    const hunks = file === undefined ? [] : hunksBetween(key, before, after).filter((hunk) => holds(hunk.after) && !holds(hunk.before));
    const wanted = file === undefined && holds([after]) && !holds([before]) ? before : putBack(after, hunks);
    return wanted === after ? [] : [{ object: map, path: ["data", key], before: after, after: wanted }];
  });
}

/** References to generated ConfigMaps change with the content: they say nothing of their own. */
function isReference(path: ObjectChange["path"]): boolean {
  return path.includes("configMapRef") || path.includes("configMapKeyRef");
}

function blame(setting: SettingChange, lines: readonly LogLine[], isMeant: (line: LogLine, setting: SettingChange) => boolean): Blamed | undefined {
  const { key, before, after, file, variable = key } = setting;
  if (file === undefined || typeof before !== "string" || typeof after !== "string") {
    const isNamed = (text: string) => (namesVariable(text, key) || namesVariable(text, variable)) && !isSetAfterAll(text, after);
    const isSaid = (text: string) => typeof after === "string" && saysInWords(text, variable, after);
    const isAbout = (text: string) => isNamed(text) || isSaid(text) || isValueNamed(text, before, after);
    const isTold = (line: LogLine) => (file === undefined ? isMeant(line, setting) : namesFile(line.text, setting));
    const line = lines.findLast((one) => isAbout(messageIn(one.text)) || isTold(one));
    const gone = after === undefined ? "it is no longer set" : before === undefined ? "it is new" : `it was changed to ${shown(after)}`;
    return line && { setting, wanted: before, line, words: gone };
  }
  const unreadable = unreadableFor(file, before, after);
  const last = lines.at(-1);
  if (unreadable && last) {
    const words = `line ${unreadable.at + 1} cannot be read: ${shown((unreadable.after[0] ?? "").trim())}`;
    return { setting, wanted: putBack(after, [unreadable]), line: lines.findLast(({ text }) => namesFile(text, setting)) ?? last, words };
  }
  return blameLines(setting, hunksBetween(key, before, after), after, lines);
}

/** A value is named where the complaint quotes it, or a path that is new in it; short ones stand in too many lines. */
function isValueNamed(text: string, before: SettingChange["before"], value: SettingChange["after"]): boolean {
  if (typeof value !== "string" || value.includes("\n")) return false;
  if (value.length < 4) return isQuoted(text, value);
  // Quotes that are a part of the value are escaped by loggers: `lookup tcp/\"8085\"`.
  if (/^(["']).+\1$/.test(value)) return namesWord(text.replaceAll("\\", ""), value);
  const then = typeof before === "string" ? [before] : [];
  return (then.length > 0 && isAboutParts(text, [value], then)) || [value, ...newPathsIn([value], then)].some((one) => namesWord(text, one));
}

function blameLines(setting: SettingChange, hunks: readonly Hunk[], today: string, lines: readonly LogLine[]): Blamed | undefined {
  const spoken = lines.map((line) => ({ line, message: messageIn(line.text) }));
  const all = hunks.flatMap(apart);
  const isAbout = (message: string, hunk: Hunk) =>
    namesLine(message, setting, hunk) ||
    namesEntry(message, hunk, all) ||
    namesKeyPath(message, hunk, today) ||
    missesWord(message, hunk) ||
    shortWords(hunk).some((word) => isQuoted(message, word)) ||
    quotesInOtherCase(message, hunk, today) ||
    ownWords(hunk, today).some((word) => namesSettingWord(message, word, today));
  const named = (hunk: Hunk) => spoken.find(({ message }) => isAbout(message, hunk))?.line;
  // What a script prints is no complaint about the line that prints it.
  if (hunks.some(({ after }) => lines.some(({ text }) => isPrinted(text, after)))) return undefined;
  const byPath = all.filter((hunk) => spoken.some(({ message }) => namesKeyPath(message, hunk, today)));
  const byName = decisiveLines(
    (byPath.length > 0 ? byPath : all).flatMap((hunk) => {
      const line = named(hunk);
      return line ? [{ hunk, line, change: { path: [], before: undefined, after: ownWords(hunk, today) } }] : [];
    }),
  );
  const aboutFile = lines.findLast(({ text }) => namesFile(text, setting) && !quotesKept(text, hunks, today));
  const chosen = byName.length > 0 ? byName : aboutFile && hunks.length === 1 ? hunks : [];
  const [first] = chosen;
  const line = first && (named(first) ?? aboutFile);
  if (!first || !line) return undefined;
  const wrong = (first.after[0] ?? "").trim();
  const misspelt = chosen.length === 1 ? misspeltWord(today, first, line.text) : undefined;
  const words = wrong === "" ? `a line is gone: ${shown((first.before[0] ?? "").trim())}` : `line ${first.at + 1} says ${shown(wrong)}`;
  return { setting, wanted: misspelt?.wanted ?? putBack(today, chosen), line, words, ...(misspelt ? { misspelt } : {}) };
}

/** Of several lines of a file that one complaint names, those that it is about; all of them where it does not say. */
function decisiveLines(named: readonly { hunk: Hunk; line: LogLine; change: FieldChange }[]): Hunk[] {
  const chosen = decisive(named);
  return (chosen.length > 0 ? chosen : named).map(({ hunk }) => hunk);
}

/** Whether one of these lines of a script says all that was logged: `echo 'ERROR: could not create unique index' >&2`. */
function isPrinted(text: string, lines: readonly string[]): boolean {
  const message = text.trim();
  return message.length >= 12 && lines.some((line) => /\b(?:echo|printf?|puts|raise|throw|log|die)\b/.test(line) && line.includes(message));
}

/** The complaint quotes a name of the file that no changed line has: what it is about was there before. */
function quotesKept(text: string, hunks: readonly Hunk[], today: string): boolean {
  const quoted = [...text.slice(0, 2000).matchAll(/(["'`])([A-Za-z_][\w.-]{2,100})\1/g)].map(([, , word = ""]) => word);
  const changed = hunks.flatMap(({ before, after }) => [...before, ...after]);
  const kept = today.split("\n").filter((line) => !changed.some((one) => one.trimEnd() === line.trimEnd()));
  return quoted.some((word) => kept.some((line) => namesWord(line, word)) && !changed.some((line) => namesWord(line, word)));
}

const NOT_FOUND =
  /unable to find|not found|could not find|cannot find|unknown|undefined|not defined|does not exist|no such|missing|(?:doesn't|does not) match any/i;

/** The complaint quotes a name that it does not find, and the lines that were there before had it: what it names went, or has another name now. */
function missesWord(text: string, { before, after }: Hunk): boolean {
  if (!NOT_FOUND.test(text.slice(0, 1000))) return false;
  const come = wordsOf(after);
  const gone = wordsOf(before).filter((word) => !come.includes(word));
  return gone.some((word) => [`'${word}'`, `"${word}"`, `\`${word}\``].some((quoted) => text.includes(quoted)));
}

/** `default.conf:8`, `config.yaml line 3`: the place that the complaint names lies in the changed lines. */
function namesLine(text: string, setting: SettingChange, { at, after }: Hunk): boolean {
  if (!namesFile(text, setting) && !/\bline:? \d/i.test(text)) return false;
  const numbers = [...text.slice(0, 2000).matchAll(/(?::|\blines?:? )(\d{1,5})\b/gi)].map((match) => Number(match[1]));
  return numbers.some((number) => number > at && number <= at + Math.max(1, after.length));
}

function namesFile(text: string, { file = "", key }: SettingChange): boolean {
  return namesWord(text, file) || namesWord(text, key) || (file.includes("/") && namesWord(text, file.slice(file.lastIndexOf("/") + 1)));
}

/** Words of the changed lines that stand in no line that stayed: identifiers and values, not what every file of the kind holds. */
function ownWords({ before, after }: Hunk, today: string): string[] {
  const kept = new Set(wordsOf(today.split("\n").filter((line) => !after.some((one) => one.trimEnd() === line.trimEnd()))));
  const [gone, come] = [wordsOf(before), wordsOf(after)];
  const differing = [...gone.filter((word) => !come.includes(word)), ...come.filter((word) => !gone.includes(word))];
  // Where only a value changed, the name before it is what a complaint names.
  const names = before.length > 0 && after.length > 0 ? gone.filter((word) => come.includes(word)) : [];
  return [...differing, ...names, ...names.flatMap(endOf)].filter((word) => word.length >= 4 && /[A-Za-z]/.test(word) && !kept.has(word));
}

/** The name of a setting that came, as programs quote it that read names without regard to case: `unknown configuration property 'hosst'` of `Hosst`. */
function quotesInOtherCase(message: string, hunk: Hunk, today: string): boolean {
  const gone = wordsOf(hunk.before);
  const come = ownWords(hunk, today).filter((word) => !gone.includes(word));
  const quoted = [...message.slice(0, 2000).matchAll(/(["'`])([A-Za-z][\w.-]{3,100})\1/g)].map(([, , word = ""]) => word);
  return NOT_FOUND.test(message.slice(0, 1000)) && quoted.some((word) => come.some((one) => one !== word && one.toLowerCase() === word.toLowerCase()));
}

/** A short word that came says nothing but in quotes: `For input string: "two"`. */
function shortWords({ before, after }: Hunk): string[] {
  const gone = wordsOf(before);
  return wordsOf(after).filter((word) => word.length < 4 && /[A-Za-z]/.test(word) && !gone.includes(word));
}

/** What a name is called within the part of the file, or the library, that it belongs to: `compression.type` of `kafka.compression.type`. */
function endOf(name: string): string[] {
  const parts = name.split(".");
  return parts.length > 2 ? [parts.slice(1).join("."), parts.slice(-2).join(".")] : [];
}

function wordsOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.slice(0, 1000).match(/\w[\w.-]*\w/g) ?? []);
}
