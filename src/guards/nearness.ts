import { GENERIC_WORDS } from "../source/meant/generic-words.ts";

/** Levenshtein distance, or Infinity above `most` or for texts too long to be names. */
export function editDistance(a: string, b: string, most: number): number {
  if (a === b) return 0;
  if (Math.abs(a.length - b.length) > most || a.length > 128 || b.length > 128) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  const distance = row[b.length] ?? Number.POSITIVE_INFINITY;
  return distance <= most ? distance : Number.POSITIVE_INFINITY;
}

/**
 * Whether one name may be a misspelling or renaming of the other: two edits apart, the same first or last word of several, or all telling words of the shorter
 * one.
 */
export function isNearName(a: string, b: string): boolean {
  const [plainA, plainB] = [plain(a), plain(b)];
  if (plainA === "" || plainB === "") return false;
  if (editDistance(plainA, plainB, plainA.length > 4 && plainB.length > 4 ? 2 : 1) <= 2) return true;
  const [wordsA, wordsB] = [words(a), words(b)];
  if (wordsA.length === 1 && wordsB.length === 1 && haveOneStem(plainA, plainB)) return true;
  if (isPartOf(wordsA, wordsB) || isPartOf(wordsB, wordsA)) return true;
  return (
    wordsA.length + wordsB.length > 2 && (wordsA[0] === wordsB[0] || (wordsA.length > 1 && wordsA.length === wordsB.length && wordsA.at(-1) === wordsB.at(-1)))
  );
}

/** Whether all words of a name that tell which one it is are words of the other. */
function isPartOf(some: readonly string[], all: readonly string[]): boolean {
  const telling = some.filter((word) => !GENERIC_WORDS.has(word));
  return telling.length > 0 && telling.every((word) => all.includes(word));
}

/** Whether two words are forms of one, `housekeeping` and `housekeeper`: at least two thirds of the longer one are the beginning of both. */
function haveOneStem(a: string, b: string): boolean {
  let common = 0;
  while (common < Math.min(a.length, b.length) && a[common] === b[common]) common++;
  const rest = Math.max(a.length, b.length) - common;
  return common >= 5 && rest <= 3 && common >= 2 * rest;
}

/** Lower case without separators: `baseCurrency` and `base-currency` are the same. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** The words of a name, one and several of a thing alike. */
function words(name: string): string[] {
  return name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "")
    .map((word) => (word.length > 3 ? word.replace(/s$/, "") : word));
}

/** Whether `text` holds `token` as a word of its own. Linear in the text. */
export function namesToken(text: string, token: string): boolean {
  if (token === "") return false;
  for (let i = text.indexOf(token); i >= 0; i = text.indexOf(token, i + 1)) {
    if (!isWordCharacter(text[i - 1]) && !isWordCharacter(text[i + token.length])) return true;
  }
  return false;
}

function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && /[A-Za-z0-9_]/.test(character);
}

/** Near as names are, or the one a beginning or a shortened form of the other, of three letters at least. */
export function isNearKey(one: string, other: string): boolean {
  const [short = "", long = ""] = [one, other].map((key) => key.toLowerCase()).sort((a, b) => a.length - b.length);
  let at = 0;
  for (const letter of long) if (letter === short[at]) at++;
  const words = [one, other].map((key) => key.replaceAll(/([a-z])([A-Z])/g, "$1-$2").replaceAll(/s(?=-|$)/g, ""));
  return isNearName(one, other) || isNearName(words[0] ?? "", words[1] ?? "") || (short.length >= 3 && short[0] === long[0] && at === short.length);
}
