import type { FieldChange } from "../../../source/edit/field-path.ts";
import { apart, type Hunk, putBack } from "../../../source/edit/hunks.ts";
import { formedText } from "../../../source/meant/formed-line.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { LogLine } from "../../pods.ts";
import type { SettingChange } from "../../settings.ts";
import { decisive } from "../blame/decisive.ts";
import { messageIn } from "../blame/log-message.ts";
import { isQuoted } from "../blame/named-change.ts";
import { type Misspelt, misspeltWord } from "../crash/misspelt-word.ts";
import { shown } from "../entry.ts";
import { namesWord } from "../words.ts";
import { namesSettingWord } from "./common-keys.ts";
import { namesKeyPath } from "./key-path.ts";
import { namesEntry } from "./named-entry.ts";

/** What of a setting the log blames: the whole value of a variable, or some lines of a file. */
export interface Blamed {
  setting: SettingChange;
  /** The value with what is blamed put back, and the rest as it is today. */
  wanted: ObjectChange["after"];
  line: LogLine;
  /** The first line that is wrong or missing, for people. */
  words: string;
  /** What is wanted is new, and only its form is as before. */
  isFormed?: boolean;
  /** The one word that is wrong, where only that has to change. */
  misspelt?: Misspelt;
}

/** The lines of a file that a complaint is about, as they were. */
export function blameLines(setting: SettingChange, hunks: readonly Hunk[], today: string, lines: readonly LogLine[]): Blamed | undefined {
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
  const formed = misspelt ? undefined : formedText(today, all, chosen, messageIn(line.text));
  const words = wrong === "" ? `a line is gone: ${shown((first.before[0] ?? "").trim())}` : `line ${first.at + 1} says ${shown(wrong)}`;
  const wanted = misspelt?.wanted ?? formed ?? putBack(today, chosen);
  return { setting, wanted, line, words, ...(misspelt ? { misspelt } : {}), ...(formed === undefined ? {} : { isFormed: true }) };
}

/** Of several lines of a file that one complaint names, those that it is about; all of them where it does not say. */
function decisiveLines(named: readonly { hunk: Hunk; line: LogLine; change: FieldChange }[]): Hunk[] {
  const chosen = decisive(named);
  return (chosen.length > 0 ? chosen : named).map(({ hunk }) => hunk);
}

/** Whether one of these lines of a script says all that was logged: `echo 'ERROR: could not create unique index' >&2`. */
export function isPrinted(text: string, lines: readonly string[]): boolean {
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

export function namesFile(text: string, { file = "", key }: SettingChange): boolean {
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
