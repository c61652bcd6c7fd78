import { typingErrors } from "../source/edit/typing-errors.ts";
import { GENERIC_WORDS } from "../source/meant/generic-words.ts";

/** Longer names are not compared: the distance is quadratic, and names come from outside. */
const LONGEST = 253;

/**
 * The one known name that a wrong name was most likely meant to be: the same but for case and separators, else a small number of typing errors.
 * Undefined where none or several fit equally well: a guess between two is no suggestion. `most`: typing errors that are tolerated, by default by its length.
 */
export function nearMatch(wrong: string, known: Iterable<string>, most = tolerated(wrong)): string | undefined {
  if (wrong.length > LONGEST) return undefined;
  const names = [...new Set(known)].filter((name) => name !== wrong && name !== "" && name.length <= LONGEST);
  const spelling = names.filter((name) => plain(name) === plain(wrong));
  if (spelling.length > 0) return spelling.length === 1 ? spelling[0] : undefined;
  const ranked = names.map((name) => ({ name, distance: typingErrors(wrong, name) })).sort((a, b) => a.distance - b.distance);
  const [best, second] = ranked;
  if (!best || best.distance > most) return undefined;
  return second?.distance === best.distance ? undefined : best.name;
}

/**
 * The one thing of its kind that there is at all, where its name shares the first word with the wrong one, or the last of as many: `tickets` for `tickets-web`.
 * Undefined where there are several: then only typing errors tell what was meant.
 */
export function onlyAlike(wrong: string, known: Iterable<string>): string | undefined {
  const [only, ...more] = new Set(known);
  if (only === undefined || only === wrong || more.length > 0 || wrong.length > LONGEST || only.length > LONGEST) return undefined;
  const [a, b] = [wordsOf(wrong), wordsOf(only)];
  const isAlike = a[0] !== undefined && (a[0] === b[0] || (a.length > 1 && a.length === b.length && a.at(-1) === b.at(-1)));
  return isAlike || haveOneStem(a, b) ? only : undefined;
}

/**
 * The one name that is made of the words of a wrong one: in another order or with another word for what it is (`data-media` for `media-storage`), else with more
 * of them (`shop-common` for `common-config`), else, where there is nothing else at all and that is asked for, with fewer. Undefined where several are.
 */
export function kindred(wrong: string, known: Iterable<string>, withFewer = true): string | undefined {
  if (wrong.length > LONGEST) return undefined;
  const names = [...new Set(known)].filter((name) => name !== wrong && name.length <= LONGEST);
  const asked = tellingWords(wrong);
  const isPart = (some: ReadonlySet<string>, all: ReadonlySet<string>) => some.size > 0 && [...some].every((word) => all.has(word));
  const longer = names.filter((name) => isPart(asked, tellingWords(name)));
  const same = longer.filter((name) => tellingWords(name).size === asked.size);
  const shorter = withFewer && names.length === 1 ? names.filter((name) => isPart(tellingWords(name), asked)) : [];
  const [only, ...more] = [same, longer, shorter].find((some) => some.length > 0) ?? [];
  return more.length > 0 ? undefined : only;
}

/** The name that a wrong one surely stands for: misspelt, else made of the same words. */
export function nearOrKindred(wrong: string, known: readonly string[]): string | undefined {
  return nearMatch(wrong, known) ?? kindred(wrong, known);
}

/** Whether a word is surely a misspelling of this one. */
export function isAlmost(wrong: string, right: string): boolean {
  return nearMatch(wrong, [right]) === right;
}

/** One and several of a thing are one word. */
function tellingWords(name: string): Set<string> {
  const words = wordsOf(name).filter((word) => !GENERIC_WORDS.has(word));
  return new Set(words.map((word) => (word.length > 3 ? word.replace(/s$/, "") : word)));
}

/** The words of a name, in lower case. */
export function wordsOf(name: string): string[] {
  return name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

/** The least that two words have in common that are forms of one: `housekeeping` and `housekeeper`. */
const STEM = 5;

/** Whether two names of one word each begin alike, but for their endings. */
function haveOneStem([a = "", ...more]: readonly string[], [b = "", ...others]: readonly string[]): boolean {
  if (more.length > 0 || others.length > 0) return false;
  let common = 0;
  while (common < Math.min(a.length, b.length) && a[common] === b[common]) common++;
  const rest = Math.max(a.length, b.length) - common;
  return common >= STEM && rest <= 3 && common >= 2 * rest;
}

/** Whether two names are one in two habits: `database-host` and `DATABASE_HOST`. */
export function isOneName(a: string, b: string): boolean {
  return plain(a) !== "" && plain(a) === plain(b);
}

/** `baseCurrency`, `base-currency` and `BASE_CURRENCY` are one name in three habits. */
export function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]/g, "");
}

function tolerated(name: string): number {
  if (name.length < 4) return 0;
  return name.length < 8 ? 1 : 2;
}

/**
 * Whether one word is the other without some of its letters, from the same first one on: `db` and `database`, `env` and `environment`. A single letter shortens
 * nothing.
 */
export function isShortFor(short: string, long: string): boolean {
  if (short.length < 2 || short.length >= long.length || short[0] !== long[0]) return false;
  let at = 0;
  for (const letter of long) if (letter === short[at]) at++;
  return at === short.length;
}

/** Whether two keys of settings are one in other words: misspelt, shortened, or with the same first word (`replicas` and `replicaCount`). */
export function isAlikeKey(one: string, other: string): boolean {
  const [a = "", b = ""] = [one, other].map((key) => (/^[A-Z]?[a-z]+/.exec(key)?.[0] ?? key).toLowerCase().replace(/s$/, ""));
  const [short, long] = [one, other].map((key) => key.toLowerCase()).sort((x, y) => x.length - y.length);
  return isAlmost(one, other) || (a.length >= 3 && a === b) || (short !== undefined && short.length >= 3 && isShortFor(short, long ?? ""));
}
