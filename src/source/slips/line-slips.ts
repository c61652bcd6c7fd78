import { hunksBetween, linesOf, withLineAt } from "../edit/hunks.ts";
import { touchedLines } from "../edit/indentation.ts";
import { isInTemplates } from "../git/repository-paths.ts";
import { commasEscaped } from "./set-commas.ts";
import { actionMended, sleeperMended } from "./template-slips.ts";
import { type BasisFile, isPlainYaml } from "./text-basis.ts";

/** More places than this are no slip of one hand: actions of a template, and values for `--set`. */
const MOST_ACTIONS = 12;
const MOST_VALUES = 6;

/** The file's texts with one slip of a line mended, where that line came or changed since the last good revision, or may have said nothing until then. */
export function lineSlipsMended(file: BasisFile): string[] {
  if (isInTemplates(file.path)) return [...mended(file, actionMended), ...mended(file, sleeperMended, false)].slice(0, MOST_ACTIONS);
  return isPlainYaml(file.path) ? mended(file, commasEscaped).slice(0, MOST_VALUES) : [];
}

/** @param isTouched whether to look at the lines that came or changed, or at the others */
function mended({ path, text, lastGood }: BasisFile, mend: (line: string) => string[], isTouched = true): string[] {
  if (text === undefined || lastGood === undefined) return [];
  const lines = linesOf(text);
  const touched = touchedLines(hunksBetween(path, lastGood, text));
  return lines.flatMap((line, at) => (touched.has(at) === isTouched ? mend(line).map((one) => withLineAt(lines, at, one)) : []));
}
