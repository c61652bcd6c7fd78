// The quotes around one value that YAML did not take as the text, or as the number, that it was meant as; and one word that a chart's schema spells otherwise.
import { hunksBetween, linesOf } from "../../source/edit/hunks.ts";
import { touchedLines } from "../../source/edit/indentation.ts";
import { parseYaml } from "../../source/edit/yaml-documents.ts";
import { withWord, wordOf, wordsAllowed } from "../../source/meant/schema-words.ts";
import { mayLackQuotes, QUOTABLE, quotedForms, quotedTextAt } from "../../source/slips/quoted-value.ts";
import { isOfWrongType, retypedForm, withoutUnit } from "../../source/slips/retyped-value.ts";
import { type BasisFile, isPlainYaml, type TextBasis } from "../../source/slips/text-basis.ts";
import type { GateInput } from "../gate.ts";
import { isNearName } from "../nearness.ts";
import { type Line, onlyLine } from "./reference.ts";

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

/** The same on any line, where the renderer's own error says that what it sets is of the wrong type. */
export function isRetypedAsSaid(input: Said, file: { path: string; text: string }): boolean {
  const line = lineOf(input, file);
  const forms = line ? [retypedForm(line.before)?.line, withoutUnit(line.before)] : [];
  return line !== undefined && forms.includes(line.after) && errorsOf(input).some((error) => isOfWrongType(error, line.before));
}

/** Whether one value is now the word that it almost was, of those that the renderer's own error lists for it. */
export function isSpeltAsSaid(input: Said, file: { path: string; text: string }): boolean {
  const line = lineOf(input, file);
  const [wrong, right] = [wordOf(line?.before ?? ""), wordOf(line?.after ?? "")];
  if (!line || wrong === undefined || right === undefined || withWord(line.before, right) !== line.after || !isNearName(wrong, right)) return false;
  return errorsOf(input).some((error) => wordsAllowed(error, line.before).includes(right));
}

type Said = Pick<GateInput, "texts" | "evidence">;

/** The one line of a file of values that a repair changes. */
function lineOf({ texts }: Said, { path, text: after }: { path: string; text: string }): Line | undefined {
  const before = texts?.files.find((file) => file.path === path)?.text;
  return before !== undefined && isPlainYaml(path) ? onlyLine(before, after) : undefined;
}

function errorsOf({ evidence }: Said): string[] {
  return evidence.items.filter(({ kind }) => kind === "render-error" || kind === "delivery").map(({ text }) => text);
}
