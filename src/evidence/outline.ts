import { isObject, type Json, type JsonObject } from "../cluster/objects.ts";

const DEPTH = 12;
/** Lists and mappings longer than this are cut, with a note. */
const MEMBERS = 60;

/** A value as indented text in the manner of YAML: for people and models to read, not to be parsed. */
export function outline(value: Json, indent = ""): string {
  if (indent.length > DEPTH * 2) return `${indent}…`;
  if (Array.isArray(value)) return members(value, indent, (item) => `${indent}- ${outline(item, `${indent}  `).trimStart()}`);
  if (!isObject(value)) return `${indent}${scalar(value)}`;
  return members(Object.entries(value), indent, ([key, field]) => line(key, field, indent));
}

function line(key: string, field: Json, indent: string): string {
  const isEmpty = isObject(field) ? Object.keys(field).length === 0 : Array.isArray(field) && field.length === 0;
  if (isEmpty) return `${indent}${key}: ${Array.isArray(field) ? "[]" : "{}"}`;
  return typeof field === "object" && field !== null ? `${indent}${key}:\n${outline(field, `${indent}  `)}` : `${indent}${key}: ${scalar(field)}`;
}

function members<T>(items: readonly T[], indent: string, show: (item: T) => string): string {
  const shown = items.slice(0, MEMBERS).map(show);
  return [...shown, ...(items.length > MEMBERS ? [`${indent}… ${items.length - MEMBERS} more`] : [])].join("\n");
}

/** Strings stay bare where they cannot be taken for something else. */
function scalar(value: Json): string {
  if (typeof value !== "string") return JSON.stringify(value);
  return /^[A-Za-z/][\w ./:@%+-]*$/.test(value) && !/: |^(?:true|false|null)$/.test(value) ? value : JSON.stringify(value);
}

/** Only these fields of an object, in this order; those that are missing are left out. */
export function pick(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.flatMap((key) => (object[key] === undefined ? [] : [[key, object[key]]])));
}
