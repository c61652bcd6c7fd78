// The quotes around one value that YAML did not take as the text, or as the number, that it was meant as.
import { hunksBetween, linesOf } from "../source/hunks.ts";
import { touchedLines } from "../source/indentation.ts";
import { mayLackQuotes, QUOTABLE, quotedForms, quotedTextAt } from "../source/quoted-value.ts";
import { retypedForm } from "../source/retyped-value.ts";
import { type BasisFile, isPlainYaml, type TextBasis } from "../source/text-basis.ts";
import { parseYaml } from "../source/yaml-documents.ts";
import type { Line } from "./text-reference.ts";

/**
 * Whether all that differs is that one value stands in quotes, and is now exactly the text that stood there: in a file that is no YAML without them and is YAML
 * with them, on a line that came or changed since the last good revision, where one is known.
 */
export function isPutIntoQuotes({ hasLastGood }: TextBasis, file: BasisFile, after: string, { at, before, after: now }: Line): boolean {
  const outcome = file.text !== undefined && isPlainYaml(file.path) ? parseYaml(file.text) : undefined;
  if (outcome?.kind !== "refused" || !QUOTABLE.includes(outcome.rule)) return false;
  const form = quotedForms(before).find(({ line }) => line === now);
  if (!form || !mayLackQuotes(hasLastGood, file, at, form)) return false;
  const start = linesOf(after).slice(0, at).join("").length;
  return quotedTextAt(after, start + form.at) === form.value;
}

/** Whether all that differs is that the same characters are read as the other type, text instead of number or the reverse, on a line that came or changed since the last good revision. */
export function isRetyped({ hasLastGood }: TextBasis, { path, text, lastGood }: BasisFile, { at, before, after }: Line): boolean {
  if (!hasLastGood || text === undefined || lastGood === undefined || !isPlainYaml(path)) return false;
  return retypedForm(before)?.line === after && touchedLines(hunksBetween(path, lastGood, text)).has(at);
}
