import { isMap, isScalar, isSeq, type Node } from "yaml";
import type { FieldPath, Segment } from "./field-path.ts";
import { keyName } from "./yaml-documents.ts";

/** Where the last part of a path that is there begins, at its key or at the entry of a list; and how many parts of the path are there. */
export function offsetOf(root: Node, path: FieldPath): { offset: number; depth: number } {
  let here: unknown = root;
  let offset = root.range?.[0] ?? 0;
  for (const [depth, part] of path.entries()) {
    const found = childOf(here, part);
    if (!found) return { offset, depth };
    offset = found.offset;
    here = found.value;
  }
  return { offset, depth: path.length };
}

/** Lines count from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function childOf(node: unknown, part: Segment): { offset: number; value: unknown } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && keyName(key) === part);
    return pair && isScalar(pair.key) && pair.key.range ? { offset: pair.key.range[0], value: pair.value } : undefined;
  }
  const item = isSeq(node) ? itemOf(node.items, part) : undefined;
  return isNode(item) && item.range ? { offset: item.range[0], value: item } : undefined;
}

function itemOf(items: readonly unknown[], part: Segment): unknown {
  if (typeof part !== "object") return typeof part === "number" ? items[part] : undefined;
  return items.find(
    (item) =>
      isMap(item) && item.items.some(({ key, value }) => isScalar(key) && keyName(key) === part.key && isScalar(value) && String(value.value) === part.value),
  );
}

function isNode(value: unknown): value is Node {
  return isMap(value) || isSeq(value) || isScalar(value);
}
