import { isCollection, isMap, isScalar, isSeq, type ParsedNode, type Scalar, visit, type YAMLMap, type YAMLSeq } from "yaml";
import type { YamlStyle } from "./yaml-write.ts";

export type Container = YAMLMap.Parsed | YAMLSeq.Parsed;

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** Columns from the start of the line; a byte order mark is no column. */
export function columnOf(text: string, offset: number): number {
  const start = lineStart(text, offset);
  return offset - start - (text.charCodeAt(start) === 0xfeff ? 1 : 0);
}

/** Whether only spaces stand before this offset on its line. */
export function isFirstOnLine(text: string, offset: number): boolean {
  return /^\uFEFF? *$/.test(text.slice(lineStart(text, offset), offset));
}

/** The offset behind the last character of a value, whatever is nested in it; trailing comments are not part of it. */
export function deepEnd(node: ParsedNode): number {
  if (!isCollection(node) || node.flow) return node.range[1];
  const last = node.items.at(-1);
  if (!last) return node.range[1];
  if (!("key" in last)) return deepEnd(last as ParsedNode);
  const pair = last as YAMLMap.Parsed["items"][number];
  return pair.value ? deepEnd(pair.value) : pair.key.range[1];
}

/** The start of the line after a value, where only a comment may follow it on its line; undefined where something else does. */
export function nextLine(text: string, offset: number): number | undefined {
  if (offset > 0 && text[offset - 1] === "\n") return offset;
  const newline = text.indexOf("\n", offset);
  const end = newline < 0 ? text.length : newline;
  const rest = text.slice(offset, end).replace(/\r$/, "");
  if (!/^[ \t]*(?:[ \t]#.*)?$/.test(rest)) return undefined;
  return newline < 0 ? text.length : newline + 1;
}

export function isBlockScalar(node: ParsedNode): node is Scalar.Parsed {
  return isScalar(node) && (node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED");
}

/** How this document is laid out, by what is in it. */
export function styleOf(text: string, root: ParsedNode | null): YamlStyle {
  const style: YamlStyle = { eol: text.includes("\r\n") ? "\r\n" : "\n", step: 2, indentedLists: true, json: false };
  let step: number | undefined;
  let lists: boolean | undefined;
  visit(root, {
    Pair(_, pair) {
      const key = pair.key;
      const value = pair.value;
      if (!isScalar(key) || !key.range || !isCollection(value) || value.flow || !value.range) return;
      const by = columnOf(text, value.range[0]) - columnOf(text, key.range[0]);
      if (isMap(value) && by > 0) step ??= by;
      if (isSeq(value) && by >= 0) lists ??= by > 0;
      if (step !== undefined && lists !== undefined) return visit.BREAK;
    },
  });
  return { ...style, step: step ?? 2, indentedLists: lists ?? true };
}
