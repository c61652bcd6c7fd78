import { diffArrays } from "diff";
import { typingErrors } from "./typing-errors.ts";

/** Lines that one change of a file replaced, with their line ends. Replacements are taken apart line by line, where it is plain which line became which. */
export interface Hunk {
  path: string;
  /** Position of the first line at the head, from 0. */
  at: number;
  /** The lines as the earlier version has them. */
  before: string[];
  /** The lines as the head has them. */
  after: string[];
}

/** Edits beyond this are no slip that anybody looks for; the search for the shortest difference is quadratic. */
const MAX_EDIT = 2000;

/** The lines of a text with their ends. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** What changed between two versions of a file; one hunk over everything where too much did. A file that is not there counts as empty. */
export function hunksBetween(path: string, before: string | undefined, after: string | undefined): Hunk[] {
  const [old, now] = [linesOf(before ?? ""), linesOf(after ?? "")];
  if (before === after) return [];
  const changes = before === undefined || after === undefined ? undefined : diffArrays(old, now, { maxEditLength: MAX_EDIT });
  if (!changes) return [{ path, at: 0, before: old, after: now }];
  const hunks: Hunk[] = [];
  let at = 0;
  let open: Hunk | undefined;
  for (const { added, removed, value } of changes) {
    if (!added && !removed) {
      at += value.length;
      open = undefined;
      continue;
    }
    if (!open) {
      open = { path, at, before: [], after: [] };
      hunks.push(open);
    }
    if (removed) open.before.push(...value);
    else {
      open.after.push(...value);
      at += value.length;
    }
  }
  return hunks.flatMap((hunk) => slid(hunk, now)).flatMap(lineByLine);
}

/**
 * Lines that came before one like their first, which ends a block: that one changed, and the rest came behind it. A difference alone cannot tell, and takes the line that
 * changed for one that came with the next block.
 */
function slid(hunk: Hunk, now: readonly string[]): Hunk[] {
  const { path, at, before, after } = hunk;
  const [first, second, ...rest] = after;
  const kept = now[at + after.length];
  if (before.length > 0 || first === undefined || second === undefined || kept === undefined) return [hunk];
  const depth = (line: string) => line.length - line.trimStart().length;
  if (depth(second) >= depth(first) || !isAlike(first, kept)) return [hunk];
  return [
    { path, at, before: [kept], after: [first] },
    { path, at: at + 1, before: [], after: [second, ...rest, kept] },
  ];
}

/** Hunks whose lines stand next to each other at the head, together. */
export function adjacent(hunks: readonly Hunk[]): Hunk[][] {
  const blocks: Hunk[][] = [];
  for (const hunk of hunks) {
    const last = blocks.at(-1)?.at(-1);
    if (last && last.path === hunk.path && last.at + last.after.length === hunk.at) blocks.at(-1)?.push(hunk);
    else blocks.push([hunk]);
  }
  return blocks;
}

function lineByLine({ path, at, before, after }: Hunk): Hunk[] {
  const pairs = pairsOf(before, after) ?? (before.length === after.length ? before.map((_, i): [number, number] => [i, i]) : undefined);
  if (!pairs) return [{ path, at, before, after }];
  const hunks: Hunk[] = [];
  let [old, now] = [0, 0];
  const between = (nextOld: number, nextNow: number) => {
    if (nextOld > old || nextNow > now) hunks.push({ path, at: at + now, before: before.slice(old, nextOld), after: after.slice(now, nextNow) });
    [old, now] = [nextOld, nextNow];
  };
  for (const [i, j] of pairs) {
    between(i, j);
    between(i + 1, j + 1);
  }
  between(before.length, after.length);
  return hunks;
}

/** Which line became which, where every line of the shorter side has one alike on the other; the rest came, or went, beside them. */
function pairsOf(before: readonly string[], after: readonly string[]): [number, number][] | undefined {
  const [short, long] = before.length < after.length ? [before, after] : [after, before];
  const pairs: [number, number][] = [];
  let from = 0;
  for (const [i, line] of short.entries()) {
    const found = long.findIndex((other, j) => j >= from && isAlike(line, other));
    if (found < 0) return sameKeys(before, after);
    pairs.push(before.length < after.length ? [i, found] : [found, i]);
    from = found + 1;
  }
  return pairs.length > 0 ? pairs : undefined;
}

/** Where lines became others of another kind: those that still set the same thing, as the only ones on either side that do. */
function sameKeys(before: readonly string[], after: readonly string[]): [number, number][] | undefined {
  const now = onlyPlaces(after);
  const pairs = [...onlyPlaces(before)].flatMap(([key, i]): [number, number][] => {
    const j = now.get(key);
    return j === undefined ? [] : [[i, j]];
  });
  const isInOrder = pairs.every(([, j], i) => i === 0 || j > (pairs[i - 1]?.[1] ?? 0));
  return pairs.length > 0 && isInOrder ? pairs : undefined;
}

/** Where each thing is set that is set only once, in the order of the lines. */
function onlyPlaces(lines: readonly string[]): Map<string, number> {
  const places = new Map<string, number>();
  const twice = new Set<string>();
  for (const [i, line] of lines.entries()) {
    const key = SETTING.exec(line)?.slice(1, 3).join("");
    if (key === undefined) continue;
    if (places.has(key)) twice.add(key);
    else places.set(key, i);
  }
  for (const key of twice) places.delete(key);
  return places;
}

const SETTING = /^(\s*(?:- )?)([^\s:=]{1,100})[\s:=]+(\S[^\n]{0,500}?)[\s;,]*$/;

/** Two lines at one depth that set the same thing, also misspelt, or something else to the same value. */
function isAlike(line: string, other: string): boolean {
  const [a, b] = [SETTING.exec(line), SETTING.exec(other)];
  if (a === null || b === null) return isRespelt(line, other);
  return a[1] === b[1] && (a[2] === b[2] || a[3] === b[3] || isRespelt(a[2] ?? "", b[2] ?? ""));
}

/** A word of some length with a letter or two otherwise. */
function isRespelt(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => text.trimEnd()) as [string, string];
  return Math.min(a.length, b.length) >= 6 && Math.max(a.length, b.length) <= 60 && typingErrors(a, b) <= 2;
}

/** Lines that came together, or went together, and stand at the same depth are no one thing: each can be taken out, or put back, alone. */
export function apart(hunk: Hunk): Hunk[] {
  const { before, after } = hunk;
  const lines = [...before, ...after];
  const depths = new Set(lines.map((line) => /^\s*/.exec(line)?.[0]));
  const isWhole = (before.length > 0 && after.length > 0) || depths.size !== 1 || lines.some((line) => /[[{(:,\\]\s*$|^\s*[\]})]/.test(line));
  if (isWhole) return [hunk];
  return after.length > 0 ? after.map((line, i) => ({ ...hunk, at: hunk.at + i, after: [line] })) : before.map((line) => ({ ...hunk, before: [line] }));
}

/** A text, by its lines, with one line in another's place. */
export function withLineAt(lines: readonly string[], at: number, line: string): string {
  return [...lines.slice(0, at), line, ...lines.slice(at + 1)].join("");
}

/** The head's text with these of its hunks put back to the earlier version. */
export function putBack(head: string, hunks: readonly Hunk[]): string {
  const lines = linesOf(head);
  // Lines that went stood before the line at whose position they are missed now.
  for (const { at, before, after } of [...hunks].reverse().sort((a, b) => b.at - a.at || b.after.length - a.after.length))
    lines.splice(at, after.length, ...before);
  return lines.join("");
}

/**
 * Whether a text is the head with some of its hunks put back to the earlier version and every other byte unchanged: those hunks, else undefined. Independent of
 * who made the text.
 */
export function hunksPutBack(hunks: readonly Hunk[], head: string, text: string): Hunk[] | undefined {
  const [now, wanted] = [linesOf(head), linesOf(text)];
  const dead = new Set<string>();
  const walk = (index: number, from: number, position: number): Hunk[] | undefined => {
    const key = `${index} ${position}`;
    if (dead.has(key)) return undefined;
    const hunk = hunks[index];
    const common = now.slice(from, hunk?.at);
    const next = position + common.length;
    let found: Hunk[] | undefined;
    if (matches(wanted, position, common)) {
      if (!hunk) found = next === wanted.length ? [] : undefined;
      else {
        const behind = hunk.at + hunk.after.length;
        if (matches(wanted, next, hunk.after)) found = walk(index + 1, behind, next + hunk.after.length);
        const rest = !found && matches(wanted, next, hunk.before) ? walk(index + 1, behind, next + hunk.before.length) : undefined;
        if (rest) found = [hunk, ...rest];
      }
    }
    if (!found) dead.add(key);
    return found;
  };
  return hunks.length > MAX_HUNKS ? undefined : walk(0, 0, 0);
}

/** Depth of the search; more hunks than this in one file are not looked at. */
const MAX_HUNKS = 500;

function matches(lines: readonly string[], position: number, wanted: readonly string[]): boolean {
  return position + wanted.length <= lines.length && wanted.every((line, i) => lines[position + i] === line);
}
