import { linesOf } from "../edit/hunks.ts";
import type { FileChange } from "../workspace.ts";
import { type BasisFile, isPlainYaml } from "./text-basis.ts";

/** A mapping in a file: its line, and those below it. */
interface Block {
  key: string;
  /** The line of the mapping that holds it; -1 at the top. */
  parent: number;
  at: number;
  end: number;
}

/** The files in which a mapping stands twice since the last good revision, each with one of both. */
export function doubledKeys(files: readonly BasisFile[]): { key: string; change: FileChange }[] {
  return files.flatMap(({ path, text, lastGood }) => {
    if (text === undefined || lastGood === undefined || text === lastGood || !isPlainYaml(path)) return [];
    const merged = merge(text);
    return merged === undefined || merge(lastGood) !== undefined ? [] : [{ key: merged.key, change: { path, before: text, after: merged.after } }];
  });
}

/**
 * A file of values in which one mapping stands twice, as one: Helm takes the last one without a word, and what only the first one holds is lost. It comes to the last
 * one, which says more lately what is wanted. Undefined where nothing stands twice, or more than one thing, or not as a mapping over several lines.
 */
export function withoutDoubledKey(text: string): string | undefined {
  return merge(text)?.after;
}

function merge(text: string): { key: string; after: string } | undefined {
  const lines = linesOf(text);
  const blocks = blocksIn(lines);
  const isTwin = (a: Block, b: Block) => a.key === b.key && a.parent === b.parent;
  const doubled = blocks.filter((block) => blocks.some((other) => other !== block && isTwin(block, other)));
  const [first, last, ...more] = doubled;
  if (!first || !last || more.length > 0 || !isTwin(first, last)) return undefined;
  const [old, now] = [first, last].map(({ at, end }) => entriesIn(lines.slice(at + 1, end))) as [Entries, Entries];
  if (!old || !now) return undefined;
  const isAsDeep = columnOf(lines[first.at + 1]) === columnOf(lines[last.at + 1]);
  const lost = [...old].filter(([key]) => !now.has(key)).flatMap(([, own]) => own);
  if (lost.length > 0 && !isAsDeep) return undefined;
  const gap = lines[first.end]?.trim() === "" ? 1 : 0;
  const kept = [...lines.slice(0, first.at), ...lines.slice(first.end + gap, last.at + 1), ...lost, ...lines.slice(last.at + 1)];
  return { key: first.key, after: kept.join("") };
}

/** The mappings of a file, but for what is text there. */
function blocksIn(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  const open: { at: number; depth: number }[] = [];
  let text = Number.POSITIVE_INFINITY;
  for (const [at, line] of lines.entries()) {
    const depth = columnOf(line);
    if (line.trim() === "" || line.trimStart().startsWith("#") || depth > text) continue;
    text = BLOCK_TEXT.test(line.trimEnd()) ? depth : Number.POSITIVE_INFINITY;
    while ((open.at(-1)?.depth ?? -1) >= depth) open.pop();
    const key = /^([A-Za-z_][\w.-]{0,100}):\s*(?:#.*)?$/.exec(line.trim())?.[1];
    let end = at + 1;
    while (end < lines.length && isDeeper(lines[end] ?? "", depth)) end++;
    if (key !== undefined && end > at + 1) blocks.push({ key, parent: open.at(-1)?.at ?? -1, at, end });
    open.push({ at, depth });
  }
  return blocks;
}

/** What follows is text: `config: |`. */
const BLOCK_TEXT = /[:-] +[|>][-+\d]{0,2}$/;

function isDeeper(line: string, depth: number): boolean {
  return /^\s+\S/.test(line) && columnOf(line) > depth;
}

function columnOf(line = ""): number {
  return line.length - line.trimStart().length;
}

type Entries = ReadonlyMap<string, readonly string[]> | undefined;

/** The lines of each entry of a mapping, by its key; undefined where it is none. */
function entriesIn(lines: readonly string[]): Entries {
  const depth = /^ */.exec(lines[0] ?? "")?.[0].length ?? 0;
  const entries = new Map<string, string[]>();
  let open: string[] | undefined;
  for (const line of lines) {
    const [, indent = "", key] = /^( *)["']?([\w./-]{1,200})["']?:(?:\s|$)/.exec(line) ?? [];
    if (key !== undefined && indent.length === depth) {
      if (entries.has(key)) return undefined;
      open = [line];
      entries.set(key, open);
    } else if (open && line.startsWith(" ".repeat(depth + 1))) open.push(line);
    else return undefined;
  }
  return entries;
}
