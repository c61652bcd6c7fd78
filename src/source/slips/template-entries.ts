// Entries that a chart's template writes out: whole lines of plain YAML, outside of its actions. No value of the chart decides them.
import { isObject, type Json } from "../../cluster/objects.ts";
import { hunksBetween, linesOf } from "../edit/hunks.ts";
import { yamlText } from "../edit/yaml-text.ts";
import { isTemplate, LONGEST } from "./template-quotes.ts";

/** Lines that a repair may bring or take away in one template. */
const MOST_LINES = 60;

/** Some lines of a template, and what stands there instead. */
export interface OtherLines {
  at: number;
  count: number;
  lines: string;
}

/** A key of a template's line, alone or as the first of an item: its indentation, its dash, what is written behind it. */
interface Entry {
  at: number;
  lead: string;
  dash: string;
  rest: string;
}

/** Where a template may take one more entry of a mapping, in plain YAML: beside one that is there, those first whose value stands on the line. */
export function placesForKey(text: string, siblings: { [key: string]: Json }, key: string, value: Json): OtherLines[] {
  const lines = linesOf(text);
  const places = Object.entries(siblings).flatMap(([sibling, its]) => entriesOf(lines, sibling).map((entry) => ({ entry, isSaid: isSaidOf(entry, its) })));
  return [...places.filter(({ isSaid }) => isSaid), ...places.filter(({ isSaid }) => !isSaid)].flatMap(({ entry: { at, lead, dash, rest } }) => {
    const written = block(text, { [key]: value }, lead + " ".repeat(dash.length));
    if (written === undefined) return [];
    // Behind the first key of an item only where its value ends on its line.
    if (dash !== "") return /^[^\s{[|>]/.test(rest) ? [{ at, count: 1, lines: withEnd(lines[at]) + written }] : [];
    return [{ at, count: 1, lines: written + (lines[at] ?? "") }];
  });
}

/** Where a template may take one more item of a list: before one of those that are there. */
export function placesForItem(text: string, siblings: readonly Json[], item: Json): OtherLines[] {
  const lines = linesOf(text);
  return siblings.flatMap((sibling) =>
    itemLines(lines, sibling).flatMap(({ at, lead }) => {
      const written = block(text, [item], lead);
      return written === undefined ? [] : [{ at, count: 1, lines: written + (lines[at] ?? "") }];
    }),
  );
}

/** Where a template writes out this entry of a mapping, in plain YAML, without which it would be. */
export function placesOfKey(text: string, key: string): OtherLines[] {
  const lines = linesOf(text);
  return entriesOf(lines, key).flatMap(({ at, lead, dash }) => (dash === "" ? without(lines, at, lead, true) : []));
}

/** Where a template writes out a mapping, in plain YAML, that would be empty. */
export function placesOfMapping(text: string, key: string): OtherLines[] {
  const lines = linesOf(text);
  return entriesOf(lines, key).flatMap(({ at, lead, dash }) =>
    dash === "" ? without(lines, at, lead, false).map((place) => ({ ...place, lines: `${lead}${key}: {}\n` })) : [],
  );
}

/** Where a template writes out this item of a list, in plain YAML, without which it would be. */
export function placesOfItem(text: string, item: Json): OtherLines[] {
  const lines = linesOf(text);
  return itemLines(lines, item).flatMap(({ at, lead }) => without(lines, at, lead, false));
}

/** Whether all that differs between two versions of a template is that whole lines of plain YAML came or went. */
export function hasOtherEntries(path: string, before: string | undefined, after: string): boolean {
  if (before === undefined || before === after || !isTemplate(path)) return false;
  const differing = changedLines(path, before, after);
  return differing.length <= MOST_LINES && differing.every(isPlain);
}

/** The words of the lines in which two versions of a template differ. */
export function entryWords(path: string, before: string, after: string): string[] {
  return changedLines(path, before, after).flatMap((line) => line.match(/[\w./@-]*\w[\w./@-]*/g) ?? []);
}

function changedLines(path: string, before: string, after: string): string[] {
  return hunksBetween(path, before, after).flatMap((hunk) => [...hunk.before, ...hunk.after]);
}

/** Neither an action nor a comment, nor anything that begins another document or says what an object is. */
function isPlain(line: string): boolean {
  return line.length <= LONGEST && line.trim() !== "" && !/\{\{|\}\}|^\s*#|^---|^\.\.\.|^["']?(?:kind|apiVersion|metadata)["']?\s*:/.test(line);
}

function entriesOf(lines: readonly string[], key: string): Entry[] {
  return lines.flatMap((line, at) => {
    const [, lead = "", dash = "", named, rest = ""] = /^( *)((?:- +)?)([\w./-]{1,200}):(?:[ \t]+([^\n]*?))?[ \t]*\r?\n?$/.exec(line.slice(0, LONGEST)) ?? [];
    return named === key ? [{ at, lead, dash, rest }] : [];
  });
}

function isSaidOf({ rest }: Entry, value: Json): boolean {
  return !isObject(value) && !Array.isArray(value) && rest.includes(String(value));
}

/** The first lines of an item: a text of its own, or a mapping's first key with its value. */
function itemLines(lines: readonly string[], item: Json): Entry[] {
  if (!isObject(item)) return [];
  return Object.entries(item).flatMap(([key, value]) => entriesOf(lines, key).filter((entry) => entry.dash !== "" && isSaidOf(entry, value)));
}

/** The lines of one entry or item, taken out; a list may stand as deep as the key that it belongs to. */
function without(lines: readonly string[], at: number, lead: string, mayHoldList: boolean): OtherLines[] {
  const isWithin = (line: string) => line.startsWith(`${lead} `) || (mayHoldList && line.startsWith(`${lead}- `));
  let end = at + 1;
  while (end < lines.length && isWithin(lines[end] ?? "")) end++;
  return lines.slice(at, end).every(isPlain) ? [{ at, count: end - at, lines: "" }] : [];
}

/** Plain YAML in the manner of the file; undefined where a template would read an action in it. */
function block(text: string, value: Json, lead: string): string | undefined {
  const isFlush = /^( *)[\w./-]+: *\r?\n\1- /m.test(text);
  const written = linesOf(yamlText(value, { indentSeq: !isFlush })).map((line) => `${lead}${line}`);
  return written.every(isPlain) ? written.join("") : undefined;
}

function withEnd(line = ""): string {
  return line.endsWith("\n") ? line : `${line}\n`;
}
