// Lines that got to another depth, so that they say it of something else: `replicas: 3` two columns further belongs to the key above it.

import { hunksBetween, linesOf } from "../edit/hunks.ts";
import { columnOf, contentOf, indentOf, moved, touchedLines } from "../edit/indentation.ts";
import { parseYaml } from "../edit/yaml-documents.ts";
import { depthsOfKey, isSlip, neighbourDepths } from "./depths.ts";
import { type BasisFile, isPlainYaml } from "./text-basis.ts";

/** Helm's words for keys that a chart's schema does not have at some place: `at '/image': additional properties 'replicas' not allowed`. */
const NOT_THERE = /additional properties ((?:'[^'\n]{1,100}'(?:, )?){1,20}) not allowed/g;
const KEY = /^[ \t]*["']?([\w./-]{1,100})["']?:(?:\s|$)/;
/** The key of a text over several lines (YAML 1.2, 8.1.1). */
const TEXT = /:\s+[|>][-+\d]*\s*(?:#.*)?$/;
/** More places than this are no slip of one hand. */
const MOST = 12;

/**
 * The file's texts with some lines that came or changed since the last good revision at another depth: where their key stood before, whatever its value is now; or, of
 * a new key of which the error says that nothing is called so at its place, where its neighbours are. Empty for a file that cannot be read.
 */
export function linesMoved({ path, text, lastGood }: BasisFile, error: string): string[] {
  if (text === undefined || lastGood === undefined || !isPlainYaml(path) || parseYaml(text).kind !== "parsed") return [];
  const lines = linesOf(text);
  const hunks = hunksBetween(path, lastGood, text);
  const touched = touchedLines(hunks);
  const gone = hunks.flatMap(({ before }) => before);
  const unknown = keysNotThere(error);
  const texts = [...touched].flatMap((from) => {
    const line = lines[from] ?? "";
    const key = KEY.exec(line)?.[1];
    if (key === undefined || indentOf(line).includes("\t")) return [];
    const before = depthsOfKey(gone, line);
    const near = () => neighbourDepths(lines, from, from + 1).filter((depth) => isSlip(line, depth));
    const depths = before ?? (unknown.has(key) ? near() : []);
    return depths
      .filter((depth) => depth !== columnOf(line, 1) && !leavesText(lines, from, depth))
      .flatMap((depth) => {
        const ends = blocksAt(lines, from, touched);
        const whole = before && ends.findLast((to) => stoodAt(lines.slice(from, to), gone, depth));
        return (whole === undefined ? ends : [whole]).flatMap((to) => replaced(lines, from, to, depth));
      });
  });
  return [...new Set(texts)].slice(0, MOST);
}

/** Whether all keys with which lines begin stood at one depth before: none of them is meant to stay behind. */
function stoodAt(block: readonly string[], gone: readonly string[], depth: number): boolean {
  const column = columnOf(block[0] ?? "", 1);
  const beside = block.filter((line) => contentOf(line) !== "" && !contentOf(line).startsWith("#") && columnOf(line, 1) === column);
  return beside.every((line) => depthsOfKey(gone, line)?.includes(depth));
}

function keysNotThere(error: string): Set<string> {
  return new Set([...error.slice(0, 20_000).matchAll(NOT_THERE)].flatMap(([, list = ""]) => [...list.matchAll(/'([^']+)'/g)].map(([, key = ""]) => key)));
}

/** A text (`values.yaml: |`) keeps its lines: one that moves as far out as the key of the text is no longer of it. */
function leavesText(lines: readonly string[], from: number, depth: number): boolean {
  const column = columnOf(lines[from] ?? "", 1);
  const above = lines.slice(0, from).filter((line) => contentOf(line) !== "" && columnOf(line, 1) < column);
  const [key = ""] = above.slice(-1);
  return TEXT.test(contentOf(key)) && depth <= columnOf(key, 1);
}

/** Where what begins at a line ends: behind all that stands below it, and behind what follows beside it. Only lines of the commit go with it. */
function blocksAt(lines: readonly string[], from: number, touched: ReadonlySet<number>): number[] {
  const depth = columnOf(lines[from] ?? "", 1);
  const endOf = (isIn: (line: string, at: number) => boolean) => {
    let to = from + 1;
    while (to < lines.length && (contentOf(lines[to] ?? "") === "" || isIn(lines[to] ?? "", to))) to++;
    while (contentOf(lines[to - 1] ?? "") === "") to--;
    return to;
  };
  const below = endOf((line) => columnOf(line, 1) > depth);
  const beside = endOf((line, at) => columnOf(line, 1) >= depth && touched.has(at));
  return [...new Set([below, beside])].filter((to) => lines.slice(from, to).every((_, i) => touched.has(from + i)));
}

function replaced(lines: readonly string[], from: number, to: number, depth: number): string[] {
  const block = moved(lines.slice(from, to), depth, 1);
  return block ? [[...lines.slice(0, from), ...block, ...lines.slice(to)].join("")] : [];
}
