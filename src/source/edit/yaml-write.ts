import { isObject, type Json } from "../../cluster/objects.ts";
import { doubleQuoted, isPlainSafe, scalarText } from "./yaml-scalars.ts";

/** How a file is laid out, so that what is added looks like what is there. */
export interface YamlStyle {
  eol: "\n" | "\r\n";
  /** Columns that a nested mapping is indented by. */
  step: number;
  /** Whether list items stand to the right of their key (`true`) or below it. */
  indentedLists: boolean;
  /** Quote keys and strings as JSON does. */
  json: boolean;
}

/** `{a: 1, b: [x]}` on one line. */
export function flowText(value: Json, json: boolean): string {
  if (Array.isArray(value)) return `[${value.map((item) => flowText(item, json)).join(", ")}]`;
  if (isObject(value)) {
    const pairs = Object.entries(value).map(([key, item]) => `${keyText(key, json)}: ${flowText(item, json)}`);
    return `{${pairs.join(", ")}}`;
  }
  return scalarText(value, json ? "double" : "plain");
}

/** A key as it may stand before a colon. */
export function keyText(key: string, json: boolean): string {
  return !json && isPlainSafe(key) ? key : doubleQuoted(key);
}

/** Whether a value needs lines of its own in block style. */
export function isNested(value: Json): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

/** `key: value` as lines, the first without indentation, the others indented relative to `column`. */
export function pairLines(key: string, value: Json, column: number, style: YamlStyle): string[] {
  const name = `${keyText(key, style.json)}:`;
  return isNested(value) ? [name, ...nestedLines(value, column, style)] : [`${name} ${flowText(value, style.json)}`];
}

/** The lines of a non-empty collection below a key at `column`, with full indentation. */
export function nestedLines(value: Json, column: number, style: YamlStyle): string[] {
  const inner = Array.isArray(value) && !style.indentedLists ? column : column + style.step;
  const lines = Array.isArray(value)
    ? value.flatMap((item) => withIndent(itemLines(item, inner, style), inner))
    : Object.entries(isObject(value) ? value : {}).flatMap(([key, item]) => withIndent(pairLines(key, item, inner, style), inner));
  return lines;
}

/** `- item` as lines, the first without indentation. */
export function itemLines(item: Json, column: number, style: YamlStyle): string[] {
  if (!isNested(item) || Array.isArray(item)) return [`- ${flowText(item, style.json)}`];
  const [first = "", ...rest] = Object.entries(isObject(item) ? item : {}).flatMap(([key, value]) => {
    const [head = "", ...tail] = pairLines(key, value, column + 2, style);
    return [`${" ".repeat(column + 2)}${head}`, ...tail];
  });
  return [`- ${first.trimStart()}`, ...rest];
}

/** Indents the first line only: the others of a pair or item carry their indentation already. */
function withIndent([first = "", ...rest]: string[], column: number): string[] {
  return [`${" ".repeat(column)}${first}`, ...rest];
}
