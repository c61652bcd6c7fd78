import { isObject, type Json } from "../../cluster/objects.ts";
import { EditRefused } from "./edit-refused.ts";
import { type FieldPath, formatPath, getIn, type Segment, sameJson } from "./field-path.ts";
import { keyed } from "./set-in.ts";

/** One splice that an edit needs, in the document as the ones before left it. */
export interface Operation {
  kind: "set" | "insert" | "remove";
  path: FieldPath;
  value: Json;
}

/**
 * The smallest operations that make the value at `path` the wanted one.
 * @throws EditRefused where that cannot be said
 */
export function operations(document: Json, path: FieldPath, value: Json | undefined): Operation[] {
  const before = getIn(document, path);
  if (value === undefined) {
    if (before === undefined) throw new EditRefused("not-found", `there is no ${formatPath(path)}`);
    return [{ kind: "remove", path, value: null }];
  }
  if (before === undefined) return [insertion(document, path, value)];
  return replacements(before, value, path);
}

function replacements(before: Json, after: Json, path: FieldPath): Operation[] {
  if (sameJson(before, after)) return [];
  if (isObject(before) && isObject(after) && Object.keys(before).length > 0 && Object.keys(after).length > 0) {
    const kept = Object.entries(before).flatMap(([key, value]) => {
      const next = Object.hasOwn(after, key) ? after[key] : undefined;
      return next === undefined ? [] : replacements(value, next, [...path, key]);
    });
    const added = Object.entries(after).filter(([key]) => !Object.hasOwn(before, key));
    const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
    return [
      ...kept,
      ...added.map(([key, value]): Operation => ({ kind: "insert", path: [...path, key], value })),
      ...gone.map((key): Operation => ({ kind: "remove", path: [...path, key], value: null })),
    ];
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length > 0 && after.length > 0) return listReplacements(before, after, path);
  return [{ kind: "set", path, value: after }];
}

/** Items that are the same at both ends stay; what is between is set, then added or removed. */
function listReplacements(before: readonly Json[], after: readonly Json[], path: FieldPath): Operation[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && sameJson(before[head], after[head])) head++;
  let tail = 0;
  while (tail < shorter - head && sameJson(before[before.length - 1 - tail], after[after.length - 1 - tail])) tail++;
  const middle = shorter - head - tail;
  const sets = before.slice(head, head + middle).flatMap((item, i) => replacements(item, after[head + i] ?? null, [...path, head + i]));
  const inserted = after
    .slice(head + middle, after.length - tail)
    .map((value, i): Operation => ({ kind: "insert", path: [...path, head + middle + i], value }));
  const removed = before
    .slice(head + middle, before.length - tail)
    .map((_, i): Operation => ({ kind: "remove", path: [...path, head + middle + i], value: null }));
  return [...sets, ...inserted, ...removed.reverse()];
}

/** Adds below the deepest part of the path that is there; what is missing on the way is added with it. */
function insertion(document: Json, path: FieldPath, value: Json): Operation {
  let depth = path.length - 1;
  while (depth > 0 && !isContainer(getIn(document, path.slice(0, depth)))) depth--;
  const first = path[depth];
  if (first === undefined) throw new EditRefused("unsupported", "the whole document cannot be added");
  const parent = getIn(document, path.slice(0, depth));
  const wrapped = path.slice(depth + 1).reduceRight<Json>(wrap, value);
  if (parent !== undefined && getIn(parent, [first]) === null) return { kind: "set", path: path.slice(0, depth + 1), value: wrapped };
  if (typeof first === "object") return { kind: "insert", path: [...path.slice(0, depth), listLength(parent)], value: keyed(first, wrapped) };
  if (typeof first === "number" && first > listLength(parent)) throw new EditRefused("not-found", `there is no item ${first} to add behind`);
  return { kind: "insert", path: path.slice(0, depth + 1), value: wrapped };
}

function isContainer(value: Json | undefined): boolean {
  return typeof value === "object" && value !== null;
}

function listLength(value: Json | undefined): number {
  if (!Array.isArray(value)) throw new EditRefused("not-found", "there is no list where one is expected");
  return value.length;
}

function wrap(value: Json, segment: Segment): Json {
  if (typeof segment === "string") return { [segment]: value };
  if (typeof segment === "object") return [keyed(segment, value)];
  if (segment !== 0) throw new EditRefused("not-found", "a new list begins with its first item");
  return [value];
}
