// Words that a chart's template writes out, outside of its actions: no value of the chart decides them.
import { commonEnds } from "../edit/common-ends.ts";
import { linesOf } from "../edit/hunks.ts";
import { withoutPlus } from "./template-plus.ts";
import { isChangedBy, LONGEST } from "./template-quotes.ts";

const WORD = /[\w./:@-]/;

/** The line with one word in the place of another that it holds just once, as a whole word outside of actions; undefined where it does not. */
export function reworded(line: string, wrong: string, right: string): string | undefined {
  if (line.length > LONGEST || wrong === "" || line.trimStart().startsWith("#")) return undefined;
  const places = [...outside(line)].flatMap(({ from, to }) => placesOf(line, wrong, from, to));
  const [place, ...more] = places;
  return place === undefined || more.length > 0 ? undefined : `${line.slice(0, place)}${right}${line.slice(place + wrong.length)}`;
}

function placesOf(line: string, word: string, from: number, to: number): number[] {
  const found: number[] = [];
  for (let at = line.indexOf(word, from); at >= 0 && at + word.length <= to; at = line.indexOf(word, at + 1)) {
    const isWhole = ![line[at - 1], line[at + word.length]].some((beside) => beside !== undefined && WORD.test(beside));
    if (isWhole) found.push(at);
  }
  return found;
}

/** The parts of a line that are in no action; of one that ends on another line, what stands before it. */
function outside(line: string): { from: number; to: number }[] {
  const parts: { from: number; to: number }[] = [];
  let from = 0;
  for (const { index, 0: action } of line.matchAll(/\{\{.*?(?:\}\}|$)/g)) {
    parts.push({ from, to: index });
    from = index + action.length;
  }
  return [...parts, { from, to: line.length }];
}

/** Whether all that differs between two versions of a template is one word each of some lines, outside of actions, or a plus sign of the chart's version. */
export function isRewordedTemplate(path: string, before: string | undefined, after: string): boolean {
  return isChangedBy(path, before, after, (line, now) => newWord(line, now) !== undefined || withoutPlus(line) === now);
}

/** The word that took another's place in a line; undefined where more differs. */
function newWord(before: string, after: string): string | undefined {
  const { wrong, right } = wordsBetween(before, after);
  return /^[\w./:@-]{1,300}$/.test(right) && reworded(before, wrong, right) === after ? right : undefined;
}

/** The word in which a line differs from another, in both; more than one where words around it differ as well. */
export function wordsBetween(before: string, after: string): { wrong: string; right: string } {
  const { head, tail } = commonEnds(before, after);
  const start = wordStart(before, head);
  const end = wordEnd(before, before.length - tail);
  return { wrong: before.slice(start, end), right: after.slice(start, after.length - (before.length - end)) };
}

/** The words that took the place of others in a template, one for each line that differs. */
export function newWords(before: string, after: string): string[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  return old.flatMap((line, i) => (line === now[i] || withoutPlus(line) === now[i] ? [] : [newWord(line, now[i] ?? "") ?? line]));
}

function wordStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && WORD.test(text[start - 1] ?? "")) start--;
  return start;
}

function wordEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && WORD.test(text[end] ?? "")) end++;
  return end;
}
