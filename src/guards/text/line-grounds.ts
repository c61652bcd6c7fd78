import { apart, hunksBetween, hunksPutBack } from "../../source/edit/hunks.ts";
import { punctuated } from "../../source/slips/punctuation.ts";
import { oldKeyNewValue } from "../../source/slips/renamed-key.ts";
import type { BasisFile, TextBasis } from "../../source/slips/text-basis.ts";
import { isBlockMoved } from "./layout.ts";
import { isPutIntoQuotes, isRetyped } from "./quotes.ts";
import { isReference, onlyLine } from "./reference.ts";

/** What may bring a line. */
export type Ground =
  | "last-good"
  | "reference"
  | "layout"
  | "punctuation"
  | "quotes"
  | "key"
  | "successor"
  | "leftover"
  | "recount"
  | "word"
  | "entry"
  | "expression"
  | "merged"
  | "component"
  | "generator"
  | "listing"
  | "block"
  | "action"
  | "name"
  | "selector"
  | "content";

/** What brings the lines of a file that differ from the base, where the file and its last good state alone can tell. */
export function groundOf(basis: TextBasis, { path, text: before, lastGood }: BasisFile, after: string): Ground | undefined {
  if (basis.hasLastGood && lastGood !== undefined) {
    const changed = hunksBetween(path, lastGood, before);
    const put = hunksPutBack(changed, before ?? "", after) ?? hunksPutBack(changed.flatMap(apart), before ?? "", after);
    if (put !== undefined && put.length > 0) return "last-good";
  }
  if (before === undefined) return undefined;
  if (basis.hasLastGood && punctuated({ path, text: before, lastGood }).includes(after)) return "punctuation";
  const line = onlyLine(before, after);
  if (!line) return isBlockMoved(basis, { path, text: before, lastGood }, after) ? "layout" : undefined;
  const changed = basis.hasLastGood && lastGood !== undefined ? hunksBetween(path, lastGood, before) : [];
  if (changed.some((hunk) => hunk.at === line.at && oldKeyNewValue(hunk) === line.after)) return "key";
  if (line.before.trim() !== "" && line.before.trimStart() === line.after.trimStart() && /^ *(?=[^\s])/.test(line.after)) return "layout";
  if (isPutIntoQuotes(basis, { path, text: before, lastGood }, after, line)) return "quotes";
  if (isRetyped(basis, { path, text: before, lastGood }, line)) return "quotes";
  return isReference(basis, path, before, line) ? "reference" : undefined;
}
