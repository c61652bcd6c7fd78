import { isObject, type Json } from "../../cluster/objects.ts";

/**
 * One step into a document. Lists whose items carry a natural key are walked by it (`{ key: "name", value: "app" }`), since
 * positions differ between a base, a patch and the rendered object; other lists by index.
 */
export type Segment = string | number | { key: string; value: string };
export type FieldPath = readonly Segment[];

/** One difference between two values of the same document; undefined means that the field is not there. */
export interface FieldChange {
  path: FieldPath;
  before: Json | undefined;
  after: Json | undefined;
}

/** `spec.template.spec.containers[name=app].args[0]`, the way paths are shown to people. */
export function formatPath(path: FieldPath): string {
  let text = "";
  for (const segment of path) {
    if (typeof segment === "number") text += `[${segment}]`;
    else if (typeof segment === "object") text += `[${segment.key}=${segment.value}]`;
    else if (/^[\w-]+$/.test(segment)) text += text === "" ? segment : `.${segment}`;
    else text += `[${JSON.stringify(segment)}]`;
  }
  return text;
}

export function sameSegment(a: Segment, b: Segment): boolean {
  if (typeof a === "object" && typeof b === "object") return a.key === b.key && a.value === b.value;
  return a === b;
}

export function samePath(a: FieldPath, b: FieldPath): boolean {
  return a.length === b.length && startsWith(a, b);
}

export function startsWith(path: FieldPath, prefix: FieldPath): boolean {
  return prefix.every((segment, i) => i < path.length && sameSegment(path[i] as Segment, segment));
}

/** The value at a path, or undefined where anything on the way is missing. */
export function getIn(value: Json | undefined, path: FieldPath): Json | undefined {
  let here = value;
  for (const segment of path) {
    if (typeof segment === "number") here = Array.isArray(here) ? here[segment] : undefined;
    else if (typeof segment === "string") here = isObject(here) && Object.hasOwn(here, segment) ? here[segment] : undefined;
    else here = Array.isArray(here) ? here.find((item) => isObject(item) && keyText(item[segment.key]) === segment.value) : undefined;
    if (here === undefined) return undefined;
  }
  return here;
}

/** Structural equality; the order of keys does not matter, the order of items does. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]));
}

/** The key by which the items of a list are told apart, where every item of both lists has it and no two share it. */
export function listKey(...lists: readonly Json[][]): string | undefined {
  return ["name", "mountPath", "containerPort", "port", "id"].find((key) =>
    lists.every((list) => {
      const values = list.map((item) => (isObject(item) ? keyText(item[key]) : undefined));
      return values.every((v) => v !== undefined) && new Set(values).size === values.length;
    }),
  );
}

function keyText(value: Json | undefined): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** The smallest differences that turn `before` into `after`: scalars, and whole values where a field appears or goes. */
export function diffFields(before: Json | undefined, after: Json | undefined, path: FieldPath = []): FieldChange[] {
  if (sameJson(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => diffFields(own(before, key), own(after, key), [...path, key]));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const key = before.length + after.length > 0 ? listKey(before, after) : undefined;
    if (key) {
      const values = new Set([...before, ...after].map((item) => keyText(isObject(item) ? item[key] : undefined) as string));
      return [...values].flatMap((value) => {
        const step: FieldPath = [{ key, value }];
        return diffFields(getIn(before, step), getIn(after, step), [...path, ...step]);
      });
    }
    if (before.length === after.length) return before.flatMap((item, i) => diffFields(item, after[i], [...path, i]));
  }
  return [{ path, before, after }];
}

function own(value: { [key: string]: Json }, key: string): Json | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}
