import { columnOf, contentOf, indentOf } from "../edit/indentation.ts";

/** Neighbours before and behind a line whose indentation is taken as an example. */
const NEIGHBOURS = 6;
/** More columns than this are no slip of a finger. */
const SLIP = 2;

/** Whether a line may have got to where it is by a slip: tabs say nothing about how far it was meant to be. */
export function isSlip(line: string, depth: number): boolean {
  return indentOf(line).includes("\t") || Math.abs(depth - columnOf(line, 1)) <= SLIP;
}

/** Where the neighbours of some lines begin; below the dash of an item its first key counts as well. */
export function neighbourDepths(lines: readonly string[], from: number, to: number): number[] {
  const near = [...lines.slice(Math.max(0, from - NEIGHBOURS), from), ...lines.slice(to, to + NEIGHBOURS)].filter(isExample);
  return [...new Set(near.flatMap((line) => [columnOf(line, 1), keyColumn(line)]))];
}

/** Where the key of a line that only got another value stood before; undefined where it was in no line, or in several. */
export function depthsOfKey(before: readonly string[], line: string): number[] | undefined {
  const key = keyOf(line);
  const known = key === undefined ? [] : before.filter((one) => keyOf(one) === key && !indentOf(one).includes("\t"));
  return known.length === 1 ? known.map((one) => columnOf(one, 1)) : undefined;
}

function keyOf(line: string): string | undefined {
  return /^[ \t]*((?:- +)*[^\s:#]{1,200}):(?:\s|$)/.exec(line)?.[1];
}

/**
 * Where the line before says that the next one begins: beside it; below it, where it opens a block; beside the last item, where the next one is an item.
 */
export function likelyDepths(lines: readonly string[], at: number): number[] {
  const above = lines.slice(0, at).reverse().filter(isExample);
  const [before] = above;
  if (before === undefined) return [0];
  const isItem = isDash(lines[at] ?? "");
  if (/:\s*(?:#.*)?$/.test(before)) {
    const inside = keyColumn(before);
    const next = lines.slice(at + 1).find(isExample);
    const child = next !== undefined && columnOf(next, 1) > inside ? columnOf(next, 1) : inside + 2;
    return isItem && next !== undefined && isDash(next) ? [columnOf(next, 1)] : [child];
  }
  const item = isItem ? above.find((line) => isDash(line) && columnOf(line, 1) <= columnOf(before, 1)) : undefined;
  return [item === undefined ? keyColumn(before) : columnOf(item, 1)];
}

function isExample(line: string): boolean {
  return contentOf(line) !== "" && !contentOf(line).startsWith("#") && !indentOf(line).includes("\t");
}

function isDash(line: string): boolean {
  return /^[ \t]*-\s/.test(line);
}

/** Where the first key of a line begins. */
function keyColumn(line: string): number {
  return (/^ *(?:- +)*/.exec(line)?.[0] ?? "").length;
}
