import { type Hunk, hunksBetween, linesOf } from "../../source/edit/hunks.ts";
import { columnOf, contentOf, indentOf, moved, TAB_WIDTHS, touchedLines } from "../../source/edit/indentation.ts";
import { parseYaml } from "../../source/edit/yaml-documents.ts";
import { depthsOfKey, isSlip, likelyDepths, neighbourDepths } from "../../source/slips/depths.ts";
import { isFolded } from "./folded.ts";
import { AROUND, onlyBroken } from "./layout.ts";
import { type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/** Longest block that is moved as one, in lines. */
const MOST_LINES = 12;
/** Readings of the file that are rendered: the other searches need renderings too. */
const MOST_READINGS = 8;

/** One way to move a block of lines. */
interface Move {
  text: string;
  /** The lines of the block. */
  lines: string[];
  /** Whether the block goes to where the line before it says that it belongs. */
  isLikely: boolean;
}

/**
 * Lines that came since the last good revision, and that are only indented wrongly: with the indentation of a neighbour the file can be read. Of several readings
 * that render differently the one counts that follows the line before; undefined where that does not tell them apart, or nothing new would be kept.
 */
export async function indentAdded(sources: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const broken = onlyBroken(sources.basis);
  if (!sources.basis.hasLastGood || broken?.lastGood === undefined) return undefined;
  const found = new Map<string, Move>();
  for (const move of readings(movesOf(broken.text, broken.lastGood, broken.line))) {
    const objects = await renders.valid(sources.workspace, repairOf("layout", broken.path, broken.text, move.text).files);
    if (!objects) continue;
    const key = JSON.stringify(objects);
    if (!found.get(key)?.isLikely) found.set(key, move);
  }
  const all = [...found.values()];
  const likely = all.filter(({ isLikely }) => isLikely);
  const [only, ...more] = all.length > 1 ? likely : all;
  return only && more.length === 0 ? repairOf("layout", broken.path, broken.text, only.text) : undefined;
}

/** Of the moves that make the file readable one for everything that it can then say, the likeliest first. */
function readings(moves: readonly Move[]): Move[] {
  const found = new Map<string, Move>();
  for (const move of moves) {
    const outcome = parseYaml(move.text);
    if (outcome.kind !== "parsed" || isFolded(outcome.documents, move.lines)) continue;
    const key = JSON.stringify(outcome.documents.map(({ value }) => value));
    if (!found.has(key) || (move.isLikely && !found.get(key)?.isLikely)) found.set(key, move);
  }
  return [...found.values()].sort((a, b) => Number(b.isLikely) - Number(a.isLikely)).slice(0, MOST_READINGS);
}

function movesOf(text: string, lastGood: string, line: number): Move[] {
  const lines = linesOf(text);
  const hunks = hunksBetween("", lastGood, text);
  const gone = hunks.flatMap(({ before }) => before);
  return blocksOf(lines, hunks, line).flatMap(({ from, to }) => {
    const block = lines.slice(from, to);
    const likely = depthsOfKey(gone, block[0] ?? "") ?? likelyDepths(lines, from);
    const widths = block.some((one) => indentOf(one).includes("\t")) ? TAB_WIDTHS : [1];
    const depths = [...new Set([...likely, ...neighbourDepths(lines, from, to).filter((depth) => isSlip(block[0] ?? "", depth))])];
    return depths.flatMap((depth) =>
      widths.flatMap((width): Move[] => {
        const changed = depth === columnOf(block[0] ?? "", width) && width === 1 ? undefined : moved(block, depth, width);
        return changed ? [{ text: [...lines.slice(0, from), ...changed, ...lines.slice(to)].join(""), lines: changed, isLikely: likely.includes(depth) }] : [];
      }),
    );
  });
}

/** Blocks of touched lines around the one that the parser names, the longest first; each says something that the last good revision did not. */
function blocksOf(lines: readonly string[], hunks: readonly Hunk[], line: number): { from: number; to: number }[] {
  const touched = touchedLines(hunks);
  const known = new Set(hunks.flatMap(({ before }) => before.map(contentOf)));
  const isNew = (at: number) => contentOf(lines[at] ?? "") !== "" && !known.has(contentOf(lines[at] ?? ""));
  const blocks: { from: number; to: number }[] = [];
  for (let from = Math.max(0, line - AROUND); from <= line + AROUND; from++) {
    if (contentOf(lines[from] ?? "") === "") continue;
    let hasNew = false;
    for (let to = from; to < from + MOST_LINES && touched.has(to); to++) {
      hasNew ||= isNew(to);
      if (hasNew && contentOf(lines[to] ?? "") !== "") blocks.push({ from, to: to + 1 });
    }
  }
  return blocks.sort((a, b) => b.to - b.from - (a.to - a.from));
}
