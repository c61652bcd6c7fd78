import { isObject, type Json, type JsonObject } from "../cluster/objects.ts";
import { diffFields, type FieldChange, type FieldPath, getIn, listKey, type Segment, sameJson, startsWith } from "../source/edit/field-path.ts";

/**
 * The differences of two values, an added mapping or keyed list taken apart into its scalars, so that a permitted addition does not
 * carry a forbidden one with it. Removed parts stay whole: what is gone is one thing.
 */
export function leafChanges(before: Json | undefined, after: Json | undefined): FieldChange[] {
  return itemChanges(before, after).flatMap((change) =>
    change.before === undefined && change.after !== undefined ? leaves(change.path, change.after).map((leaf) => ({ ...leaf, before: undefined })) : [change],
  );
}

/** The differences of two values, each of the smallest part: see {@link aligned}. */
export function itemChanges(before: Json | undefined, after: Json | undefined): FieldChange[] {
  return aligned(before, diffFields(before, after));
}

/**
 * Where the field that tells a list's items apart is itself corrected (a mounted `key`, a `containerPort`), one item seems to go and one to come:
 * they are the same item. Items with names are never taken for one another, but for mounts at the same path: their name is that of the volume.
 */
function aligned(before: Json | undefined, changes: readonly FieldChange[]): FieldChange[] {
  return changes.flatMap((change) => {
    const step = change.path.at(-1);
    if (typeof step !== "object" || (step.key === "name" && change.path.at(-2) !== "volumeMounts")) return [change];
    const list = change.path.slice(0, -1);
    const siblings = changes.filter(({ path }) => path.length === change.path.length && startsWith(path, list));
    const [gone, ...moreGone] = siblings.filter((one) => one.after === undefined);
    const [come, ...moreCome] = siblings.filter((one) => one.before === undefined);
    if (!gone || !come || moreGone.length + moreCome.length > 0) return [change];
    if (step.key === "name" && !sameJson(getIn(gone.before, ["mountPath"]), getIn(come.after, ["mountPath"]))) return [change];
    if (change === come) return [];
    const items = getIn(before, list);
    const index = Array.isArray(items) ? items.findIndex((item) => sameJson(item, gone.before)) : -1;
    return change === gone && index >= 0 ? diffFields(gone.before, come.after, [...list, index]) : [change];
  });
}

/** Every scalar, empty mapping and list without natural keys of a value, with its path. */
export function leaves(path: FieldPath, value: Json): { path: FieldPath; after: Json }[] {
  if (isObject(value) && Object.keys(value).length > 0) return Object.entries(keyFirst(path, value)).flatMap(([key, child]) => leaves([...path, key], child));
  const key = Array.isArray(value) && value.length > 0 ? listKey(value) : undefined;
  if (!Array.isArray(value) || !key) return [{ path, after: value }];
  return value.flatMap((item) => leaves([...path, { key, value: isObject(item) ? String(item[key]) : "" }], item));
}

/** What tells an item apart first: with it the item is made anew, and by it the other fields find the item. */
function keyFirst(path: FieldPath, value: JsonObject): JsonObject {
  const step = path.at(-1);
  return typeof step === "object" && Object.hasOwn(value, step.key) ? { [step.key]: value[step.key] ?? null, ...value } : value;
}

/** A copy of `value` with these changes made. Items and mappings on the way are created where they are missing. */
export function applyChanges(value: Json | undefined, changes: readonly FieldChange[]): Json | undefined {
  return changes.reduce<Json | undefined>((made, change) => setIn(made, change.path, change.after), value);
}

function setIn(value: Json | undefined, path: FieldPath, wanted: Json | undefined): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return wanted;
  if (typeof step === "string") return setKey(value, step, rest, wanted);
  return setItem(value, step, rest, wanted);
}

function setKey(value: Json | undefined, key: string, rest: FieldPath, wanted: Json | undefined): Json {
  const old = isObject(value) ? value : {};
  const child = setIn(Object.hasOwn(old, key) ? old[key] : undefined, rest, wanted);
  const kept = Object.entries(old).map(([k, v]): [string, Json | undefined] => [k, k === key ? child : v]);
  if (!Object.hasOwn(old, key)) kept.push([key, child]);
  return Object.fromEntries(kept.flatMap(([k, v]): [string, Json][] => (v === undefined ? [] : [[k, v]])));
}

function setItem(value: Json | undefined, step: Exclude<Segment, string>, rest: FieldPath, wanted: Json | undefined): Json {
  const items = Array.isArray(value) ? value : [];
  const index =
    typeof step === "number" ? step : items.findIndex((item) => isObject(item) && Object.hasOwn(item, step.key) && String(item[step.key]) === step.value);
  const child = setIn(index < 0 ? undefined : items[index], rest, wanted);
  const made = index < 0 || index >= items.length ? [...items, child] : items.map((item, i) => (i === index ? child : item));
  return made.flatMap((item) => (item === undefined ? [] : [item]));
}
