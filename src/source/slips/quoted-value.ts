import { visit } from "yaml";
import { type Hunk, hunksBetween, linesOf } from "../edit/hunks.ts";
import { touchedLines } from "../edit/indentation.ts";
import { parseYaml, type YamlRule } from "../edit/yaml-documents.ts";
import { doubleQuoted } from "../edit/yaml-scalars.ts";
import type { BasisFile } from "./text-basis.ts";

/** What a text without quotes that needs them makes of a file: nested mappings, an alias to nothing, a tag that nobody knows, a mapping as a key. */
export const QUOTABLE: readonly YamlRule[] = ["syntax", "anchor", "unknown-tag", "complex-key"];

/** A line with its value in quotes. */
export interface QuotedLine {
  line: string;
  /** Where in the line the opening quote is. */
  at: number;
  /** The text that stood there. */
  value: string;
}

const LONGEST = 2000;
const DASHES = /^[ \t]*(?:- +)*/;
const KEY = /^(?:[\w./][\w./-]{0,200}|"[\w./-]{1,200}"|'[\w./-]{1,200}')[ \t]*:[ \t]+/;

/** The ways to put what a line says into quotes: the value of its key, or the whole item of a list. A comment stays outside. */
export function quotedForms(line: string): QuotedLine[] {
  if (line.length > LONGEST) return [];
  const dashes = DASHES.exec(line)?.[0] ?? "";
  const key = KEY.exec(line.slice(dashes.length))?.[0];
  const starts = [...(key === undefined ? [] : [dashes.length + key.length]), ...(dashes.includes("-") ? [dashes.length] : [])];
  return starts.flatMap((at) => {
    const value = plainText(line.slice(at).trimEnd());
    const closed = value === undefined ? closedForm(line, at) : undefined;
    if (value === undefined) return closed ? [closed] : [];
    return [{ line: `${line.slice(0, at)}${doubleQuoted(value)}${line.slice(at + value.length)}`, at, value }];
  });
}

/** A text that begins with a quotation mark and has no other one gets it at its end. */
function closedForm(line: string, at: number): QuotedLine | undefined {
  const rest = line.slice(at).trimEnd();
  const [mark, value] = [rest[0] ?? "", rest.slice(1)];
  if (!/^["']$/.test(mark) || value === "" || value.includes(mark) || /\\|[ \t]#/.test(value)) return undefined;
  return { line: `${line.slice(0, at)}${rest}${mark}${line.slice(at + rest.length)}`, at, value };
}

/** Whether a line begins a text in quotes and does not end it. */
export function lacksClosingQuote(line: string): boolean {
  return quotedForms(line).some(({ at }) => /["']/.test(line[at] ?? ""));
}

/** The text that stands there without quotes, without a comment behind it; undefined where it was meant as something else. */
function plainText(rest: string): string | undefined {
  if (rest === "" || /^["'#]|^[|>][-+\d]{0,2}(?:\s|$)/.test(rest)) return undefined;
  const comment = rest.search(/[ \t]#/);
  const said = comment < 0 ? rest : rest.slice(0, comment).trimEnd();
  // A bracket that nobody closed was meant as one, and within brackets that are closed behind it a `#` begins no comment.
  if (!/^[[{]/.test(rest) || isClosed(said)) return said;
  return isClosed(rest) ? rest : undefined;
}

function isClosed(text: string): boolean {
  const count = (character: string) => text.split(character).length;
  return count("[") === count("]") && count("{") === count("}");
}

/**
 * Whether a line's value may be a text that lacks quotes: it came or changed since the last good revision, where one is known, was no number or list there, and is no
 * alias of a file that has anchors, and no placeholder in place of a value.
 */
export function mayLackQuotes(hasLastGood: boolean, { path, text, lastGood }: BasisFile, at: number, { value }: QuotedLine): boolean {
  if (text === undefined || isPartedImage(text, at) || (/^\*[\w-]+$/.test(value) && /(?:^|[\s[{,])&[\w-]/m.test(text))) return false;
  if (!hasLastGood || lastGood === undefined) return true;
  const hunks = hunksBetween(path, lastGood, text);
  return touchedLines(hunks).has(at) && hunks.every((hunk) => hunk.at !== at || (wasText(hunk) && !isUnfilled(hunk, value)));
}

/** With quotes around it, an image with a blank in it is no better. */
function isPartedImage(text: string, at: number): boolean {
  return /^[ \t]*(?:- +)*image: +[^\s"'#]+[ \t]+[^\s#]/.test(linesOf(text)[at] ?? "");
}

/** A placeholder of some template where a value stood: as a text it would be what nobody meant. */
function isUnfilled({ before }: Hunk, value: string): boolean {
  return /^\{\{.*\}\}$/.test(value) && before.length === 1 && !before[0]?.includes("{{");
}

/** What stood behind the same key, as YAML reads it alone, was a text or nothing. */
function wasText({ before, after }: Hunk): boolean {
  const [old, now] = [before[0] ?? "", after[0] ?? ""].map((line) => /^(\s*(?:- +)*[^\s:]+[ \t]*:)[ \t]+(\S[^\n]*)/.exec(line));
  if (before.length !== 1 || !old || old[1] !== now?.[1]) return true;
  const outcome = parseYaml(`value: ${old[2]}\n`);
  const value = outcome.kind === "parsed" ? outcome.documents[0]?.value : undefined;
  return typeof value === "object" && value !== null && "value" in value && (value.value === null || typeof value.value === "string");
}

/** What a text says in quotes from this offset on, as the value of a key or an item; undefined where no such value begins there. */
export function quotedTextAt(text: string, offset: number): string | undefined {
  const outcome = parseYaml(text);
  let found: string | undefined;
  for (const { node } of outcome.kind === "parsed" ? outcome.documents : []) {
    visit(node, {
      Scalar: (role, { range, type, value }) => {
        if (role !== "key" && (type === "QUOTE_DOUBLE" || type === "QUOTE_SINGLE") && range?.[0] === offset) found = String(value);
      },
    });
  }
  return found;
}
