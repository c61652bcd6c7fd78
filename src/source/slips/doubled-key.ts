import { linesOf } from "../edit/hunks.ts";

/** A mapping at the top of a file: its line, and those below it. */
interface Block {
  key: string;
  at: number;
  end: number;
}

/**
 * A file of values in which one mapping stands twice, as one: Helm takes the last one without a word, and what only the first one holds is lost. It comes to the last
 * one, which says more lately what is wanted. Undefined where nothing stands twice, or more than one thing, or not as a mapping over several lines.
 */
export function withoutDoubledKey(text: string): string | undefined {
  const lines = linesOf(text);
  const blocks = blocksIn(lines);
  const doubled = blocks.filter(({ key }) => blocks.filter((other) => other.key === key).length > 1);
  const [first, last, ...more] = doubled;
  if (!first || !last || more.length > 0 || first.key !== last.key) return undefined;
  const [old, now] = [first, last].map(({ at, end }) => entriesIn(lines.slice(at + 1, end))) as [Entries, Entries];
  if (!old || !now) return undefined;
  const lost = [...old].filter(([key]) => !now.has(key)).flatMap(([, own]) => own);
  const gap = lines[first.end]?.trim() === "" ? 1 : 0;
  return [...lines.slice(0, first.at), ...lines.slice(first.end + gap, last.at + 1), ...lost, ...lines.slice(last.at + 1)].join("");
}

function blocksIn(lines: readonly string[]): Block[] {
  return lines.flatMap((line, at) => {
    const key = /^([A-Za-z_][\w.-]{0,100}):\s*(?:#.*)?$/.exec(line.trimEnd())?.[1];
    if (key === undefined) return [];
    let end = at + 1;
    while (end < lines.length && /^\s+\S/.test(lines[end] ?? "")) end++;
    return end > at + 1 ? [{ key, at, end }] : [];
  });
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
