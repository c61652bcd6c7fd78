// The white space in front of lines: of one line anywhere, and of several only where they came together, broke the file and move together.
import { hunksBetween, linesOf } from "../../source/edit/hunks.ts";
import { columnOf, contentOf, moved, TAB_WIDTHS, touchedLines } from "../../source/edit/indentation.ts";
import { parseYaml } from "../../source/edit/yaml-documents.ts";
import { type BasisFile, isPlainYaml, type TextBasis } from "../../source/slips/text-basis.ts";

/** More lines than this are no slip of one hand. */
const MOST_LINES = 20;

/**
 * Whether all that differs is how far some lines that follow each other are indented: lines that all came or changed since the last good revision, in a file that is
 * no YAML as it is. Their indentation against each other stays, so that they say to each other what they said.
 */
export function isBlockMoved({ hasLastGood }: TextBasis, { path, text: before, lastGood }: BasisFile, after: string): boolean {
  if (!hasLastGood || before === undefined || lastGood === undefined || !isPlainYaml(path) || parseYaml(before).kind !== "refused") return false;
  const [old, now] = [linesOf(before), linesOf(after)];
  const differing = old.flatMap((line, i) => (line === now[i] ? [] : [i]));
  const [first = 0, last = 0] = [differing[0], differing.at(-1)];
  if (old.length !== now.length || differing.length === 0 || last - first >= MOST_LINES) return false;
  const touched = touchedLines(hunksBetween(path, lastGood, before));
  const [gone, come] = [old.slice(first, last + 1), now.slice(first, last + 1)];
  return gone.every((_, i) => touched.has(first + i)) && gone.some((line) => contentOf(line) !== "") && isSameBlock(gone, come);
}

function isSameBlock(gone: readonly string[], come: readonly string[]): boolean {
  const to = columnOf(come[0] ?? "", 1);
  return TAB_WIDTHS.some((tab) => moved(gone, to, tab)?.every((line, i) => line === come[i]));
}
