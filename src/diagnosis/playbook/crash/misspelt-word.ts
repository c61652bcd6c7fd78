import type { Hunk } from "../../../source/edit/hunks.ts";
import { nearMatch } from "../../near-match.ts";
import { namesWord } from "../words.ts";

const UNKNOWN =
  /unknown|unrecogni[sz]ed|unsupported|unexpected (?:key|option|directive|property|field|argument)|(?:invalid|no such) (?:key|option|directive|property|field|setting|parameter)|field \S{1,60} not found in type|extra (?:fields|inputs)|not (?:recogni[sz]ed|supported|allowed|permitted|known|an? (?:valid|known))/i;
/** Shorter words are too near to too many others. */
const SHORTEST = 6;

/** A word of a settings file, and how the same file spells it elsewhere. */
export interface Misspelt {
  wrong: string;
  right: string;
  /** The whole file with that one word spelt right. */
  wanted: string;
}

/**
 * The complaint quotes a word that it does not know, of lines that came with the commit; the file has one other word that is nearly the same. What the lines were
 * meant to say is kept that way. A line that was there before in right spelling has a value that worked: it goes back instead.
 */
export function misspeltWord(today: string, hunk: Hunk, complaint: string): Misspelt | undefined {
  if (!UNKNOWN.test(complaint.slice(0, 1000))) return undefined;
  const come = new Set(wordsIn(hunk.after.join("")));
  const all = wordsIn(today);
  const unknown = [...come].filter(
    (word) =>
      word.length >= SHORTEST && namesWord(complaint, word) && all.filter((one) => one === word).length === 1 && !wordsIn(hunk.before.join("")).includes(word),
  );
  const [wrong, ...more] = unknown;
  if (wrong === undefined || more.length > 0) return undefined;
  const right = nearMatch(
    wrong,
    all.filter((word) => word.length >= SHORTEST),
  );
  return right === undefined || wordsIn(hunk.before.join("")).includes(right)
    ? undefined
    : { wrong, right, wanted: today.split(new RegExp(`(?<![\\w.-])${escaped(wrong)}(?![\\w-])`)).join(right) };
}

function wordsIn(text: string): string[] {
  return text.match(/[A-Za-z_][\w.-]*\w/g) ?? [];
}

function escaped(word: string): string {
  return word.replaceAll(/[.-]/g, "\\$&");
}
