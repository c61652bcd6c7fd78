// A block of a Helm template that somebody opened and did not close: `{{- with .Values.podAnnotations }}` without its `{{- end }}` (Go, text/template: actions).
import { adjacent, type Hunk, hunksBetween, linesOf } from "../edit/hunks.ts";
import { isInTemplates } from "../git/repository-paths.ts";
import type { BasisFile } from "./text-basis.ts";

const ACTION = /\{\{(-?)\s*(\/\*|[a-z]+\b)?/g;
const OPENS: ReadonlySet<string> = new Set(["if", "with", "range", "define", "block"]);

/** An opened block by its line, counted from 0 in the lines that were read. */
interface Open {
  at: number;
  /** As its `end` begins: with a dash where it has one. */
  trims: boolean;
}

/** What some lines open and do not close, and how many blocks they close that others opened. */
function blocksIn(lines: readonly string[]): { open: Open[]; ends: number } {
  const open: Open[] = [];
  let ends = 0;
  for (const [at, line] of lines.entries())
    for (const [, dash = "", word = ""] of line.slice(0, 2000).matchAll(ACTION)) {
      if (OPENS.has(word)) open.push({ at, trims: dash !== "" });
      else if (word === "end" && open.pop() === undefined) ends++;
    }
  return { open, ends };
}

/**
 * The template with the `end` of the one block that lines which came since the last good revision open and do not close: behind these lines, as deep as its
 * beginning; behind everything, where it begins before everything. Undefined where the file closes all its blocks, several are open, or the block has nothing in it yet: nobody knows then where it was to end.
 */
export function blockClosed({ path, text, lastGood }: BasisFile): string | undefined {
  if (text === undefined || lastGood === undefined || !isInTemplates(path)) return undefined;
  const lines = linesOf(text);
  const whole = blocksIn(lines);
  if (whole.open.length !== 1 || whole.ends > 0) return undefined;
  const isPartOfBlock = ({ after }: Pick<Hunk, "after">) => blocksIn(after).open.length > 0 || blocksIn(after).ends > 0;
  const [run, ...others] = adjacent(hunksBetween(path, lastGood, text))
    .map(joined)
    .filter(isPartOfBlock);
  const { open, ends } = blocksIn(run?.after ?? []);
  const [only, ...more] = open;
  if (!run || others.length > 0 || !only || more.length > 0 || ends > 0 || blocksIn(run.before).ends > 0) return undefined;
  const isWhole = isBeginning(lines, run.at + only.at);
  if (only.at === run.after.length - 1 && !isWhole) return undefined;
  const [indent = ""] = /^[ \t]*/.exec(run.after[only.at] ?? "") ?? [];
  const to = isWhole ? lines.length : run.at + run.after.length;
  if (isWhole && !lines.at(-1)?.endsWith("\n")) return undefined;
  return [...lines.slice(0, to), `${indent}{{${only.trims ? "-" : ""} end }}\n`, ...lines.slice(to)].join("");
}

/** Whether a condition comes before everything that a file says: `{{- if .Values.ingress.enabled }}` is about the whole of it then. */
function isBeginning(lines: readonly string[], at: number): boolean {
  return /^\s*\{\{-?\s*if\b/.test(lines[at] ?? "") && lines.slice(0, at).every((line) => /^\s*(?:#.*)?$/.test(line));
}

/** The lines of the changes next to each other, as one change. */
function joined(block: readonly Hunk[]): Pick<Hunk, "at" | "before" | "after"> {
  return { at: block[0]?.at ?? 0, before: block.flatMap(({ before }) => before), after: block.flatMap(({ after }) => after) };
}
