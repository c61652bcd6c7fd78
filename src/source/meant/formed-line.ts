// A line of settings whose new value was wanted, and of which only the form is wrong: as the line was written before, with what it says today.
import { apart, type Hunk, hunksBetween, linesOf } from "../edit/hunks.ts";
import { oldKeyNewValue } from "../slips/renamed-key.ts";

/** Longer lines are no settings that anybody writes by hand. */
const LONGEST = 500;

/**
 * The line that was meant: under the key that the program knows, as deep as it stood, or its number without the blank that the old one was written without. Undefined
 * where the complaint is about nothing of that, or where it would be the old line.
 */
export function formedLine({ before, after }: Pick<Hunk, "before" | "after">, complaint: string): string | undefined {
  const [old, now] = [before[0], after[0]];
  if (old === undefined || now === undefined || before.length + after.length > 2 || old.length + now.length > LONGEST) return undefined;
  const said = complaint.slice(0, 2000);
  const meant = asDeep(old, now) ?? underOldKey({ before, after }, said) ?? inOldForm(old, now, said);
  return meant === old || meant === now ? undefined : meant;
}

/** The text in which each of these hunks says what it meant, and what slid with them stands as deep as before; undefined where one of them means nothing else. */
export function formedText(today: string, all: readonly Hunk[], chosen: readonly Hunk[], complaint: string): string | undefined {
  const lines = linesOf(today);
  const slid = alongside(all, chosen);
  const meant = [...chosen, ...slid].map((hunk) => ({ hunk, line: formedLine(hunk, complaint) ?? (isSlid(hunk) ? hunk.before[0] : undefined) }));
  if (chosen.length === 0 || meant.some(({ line }) => line === undefined)) return undefined;
  const isNew = meant.some(({ hunk, line }) => line !== hunk.before[0]);
  for (const { hunk, line } of meant) if (line !== undefined) lines[hunk.at] = line;
  return isNew ? lines.join("") : undefined;
}

/** Whether a text is today's with nothing but lines in the form that they had, of which the complaint is about one. */
export function isFormedText(then: string, today: string, text: string, complaint: string): boolean {
  const [now, wanted] = [linesOf(today), linesOf(text)];
  const differing = now.flatMap((line, i) => (line === wanted[i] ? [] : [i]));
  if (now.length !== wanted.length || differing.length === 0) return false;
  const hunks = hunksBetween("", then, today).flatMap(apart);
  return differing.every((at) => {
    const hunk = hunks.find((one) => one.at === at && one.before.length === 1 && one.after.length === 1);
    return hunk !== undefined && (formedLine(hunk, complaint) === wanted[at] || (isSlid(hunk) && hunk.before[0] === wanted[at]));
  });
}

/** What slid in the same way, right above or below. */
function alongside(all: readonly Hunk[], chosen: readonly Hunk[]): Hunk[] {
  const slid = all.filter(isSlid);
  const found = chosen.filter(isSlid);
  for (let i = 0; i < found.length; i++) {
    const one = found[i];
    found.push(...slid.filter((other) => one && Math.abs(other.at - one.at) === 1 && shiftOf(other) === shiftOf(one) && !found.includes(other)));
  }
  return found.filter((hunk) => !chosen.includes(hunk));
}

/** The same key in another depth. */
function isSlid({ before, after }: Hunk): boolean {
  const [old = "", now = ""] = [before[0], after[0]];
  return before.length === 1 && after.length === 1 && leadOf(old) !== leadOf(now) && keyOf(old) !== undefined && keyOf(old) === keyOf(now);
}

function shiftOf({ before, after }: Hunk): string {
  return `${leadOf(before[0])}>${leadOf(after[0])}`;
}

function leadOf(line = ""): string {
  return /^\s*/.exec(line)?.[0] ?? "";
}

function keyOf(line: string): string | undefined {
  return /^\s*([\w.-]{1,100}):(?=\s)/.exec(line)?.[1];
}

function asDeep(old: string, now: string): string | undefined {
  return isSlid({ path: "", at: 0, before: [old], after: [now] }) ? leadOf(old) + now.trimStart() : undefined;
}

const UNKNOWN =
  /\bunknown|\bunrecogni[sz]ed|\bunsupported|\bunexpected|\bnot (?:recogni[sz]ed|supported|allowed|known)|\binvalid (?:key|option|field|setting)/i;

/** The complaint does not know the new key, of a value that is another one too. */
function underOldKey(hunk: Pick<Hunk, "before" | "after">, complaint: string): string | undefined {
  const key = keyOf(hunk.after[0] ?? "");
  const isNamed = key !== undefined && key.length >= 3 && UNKNOWN.test(complaint) && isWordOf(complaint, key);
  return isNamed && keyOf(hunk.before[0] ?? "") !== key ? oldKeyNewValue(hunk) : undefined;
}

/** Numbers alone tell the lines apart, but for blanks: the old line with the numbers of today. Which unit a bare number was meant in, nobody can tell. */
export function inOldForm(old: string, now: string, complaint: string): string | undefined {
  const [then, today] = [numbersIn(old), numbersIn(now)];
  if (then.length !== 1 || today.length !== 1 || !isAboutNumber(complaint, now)) return undefined;
  const [a, b] = [old.replaceAll(NUMBER, "#"), now.replaceAll(NUMBER, "#")];
  const isBlank = a !== b && a.replaceAll(/\s/g, "") === b.replaceAll(/\s/g, "");
  return isBlank ? old.replaceAll(NUMBER, () => today[0] ?? "") : undefined;
}

const NUMBER = /\d+(?:\.\d+)?/g;

function numbersIn(text: string): string[] {
  return text.match(NUMBER) ?? [];
}

/** The complaint quotes the value, from its number on. */
function isAboutNumber(complaint: string, line: string): boolean {
  const value = /\d[^"'#]*$/.exec(line.trimEnd().replace(/["']$/, ""))?.[0].trim();
  return value !== undefined && isWordOf(complaint, value);
}

function isWordOf(text: string, word: string): boolean {
  for (let i = text.indexOf(word); i >= 0; i = text.indexOf(word, i + 1)) {
    if (!/\w/.test(text[i - 1] ?? "") && !/\w/.test(text[i + word.length] ?? "")) return true;
  }
  return false;
}
