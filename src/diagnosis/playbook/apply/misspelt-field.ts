import { at, isObject, type Json, type KubeObject, type ObjectRef, refOf } from "../../../cluster/objects.ts";
import { BUILT_IN } from "../../../cluster/schema-errors.ts";
import { type FieldPath, formatPath, getIn, listKey } from "../../../source/edit/field-path.ts";
import { placeOf } from "../../../source/meant/named-place.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import { nearMatch } from "../../near-match.ts";
import type { Refusal } from "./refusal.ts";

/** Fields of one object that are spelt as the schema has them; their values stay. */
export interface Spelt {
  object: ObjectRef;
  changes: ObjectChange[];
  words: string[];
}

interface Rename {
  path: FieldPath;
  wrong: string;
  right: string;
  value: Json;
}

/** What the refused fields of one of these objects were surely meant to be; undefined where that is not clear for every field that the message names. */
export function misspelt(suspects: readonly KubeObject[], refused: Refusal): Spelt | undefined {
  if (refused.why !== "unknown field") return undefined;
  const found = suspects.map((object) => ({ object, renames: renamesOf(object, refused) })).filter(({ renames }) => renames.length > 0);
  const [only] = found;
  if (!only || found.length > 1) return undefined;
  return {
    object: refOf(only.object),
    changes: only.renames.flatMap((rename) => changesOf(refOf(only.object), rename)),
    words: only.renames.map(({ path, wrong, right }) => `Spell ${formatPath([...path, wrong])} as ${right}`),
  };
}

function changesOf(object: ObjectRef, { path, wrong, right, value }: Rename): ObjectChange[] {
  return [
    { object, path: [...path, right], before: undefined, after: value },
    { object, path: [...path, wrong], before: value, after: undefined },
  ];
}

function renamesOf(object: KubeObject, { fields }: Refusal): Rename[] {
  const [right] = fields;
  const missing = right !== undefined && fields.length === 1 && !right.includes(".") ? keysLike(object, right, []) : [];
  if (missing.length > 0) return missing.length === 1 ? missing : [];
  const unknown = unknownFields(object);
  return unknown.every((rename) => rename !== undefined) ? unknown : [];
}

/** Every field that the schema does not know, with the only field of its place that is spelt almost alike and not set; undefined where there is none. */
function unknownFields(object: KubeObject): (Rename | undefined)[] {
  return BUILT_IN.errors(object).flatMap(({ path: pointer, unknown: wrong, known = [] }) => {
    if (!wrong) return [];
    const path = placeOf(object, pointer);
    const parent = path && getIn(object, path);
    const value = isObject(parent) ? parent[wrong] : undefined;
    const right = nearMatch(wrong, known);
    const isFree = isObject(parent) && right !== undefined && !Object.hasOwn(parent, right);
    return [path && right && isFree && value !== undefined ? { path, wrong, right, value } : undefined];
  });
}

/** The message names a field that is missing: the keys of the object that differ from it by their case alone. */
function keysLike(value: Json, right: string, path: FieldPath): Rename[] {
  if (Array.isArray(value)) {
    const key = listKey(value);
    return value.flatMap((item, i) => keysLike(item, right, [...path, key ? { key, value: String(at(item, key)) } : i]));
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([wrong, inner]) => {
    const here = wrong !== right && wrong.toLowerCase() === right.toLowerCase() && !Object.hasOwn(value, right) ? [{ path, wrong, right, value: inner }] : [];
    return [...here, ...keysLike(inner, right, [...path, wrong])];
  });
}
