import { at, isObject, type Json, type JsonObject } from "../../cluster/objects.ts";
import { type FieldPath, getIn, sameJson, startsWith } from "../edit/field-path.ts";
import { setIn } from "../edit/set-in.ts";
import type { DocumentEdit, ObjectChange } from "../workspace.ts";
import { pathsIn } from "./candidates.ts";
import { type ValueLayer, valueEdit } from "./value-layers.ts";

/** Most edits that are tried for one field; each costs a rendering. */
const MAX_TRIED = 12;
/** How many of the keys above a value an item may repeat: `resources.limits.memory`. */
const DEEPEST = 3;

/**
 * Charts that make several of one thing give each what all have, unless it says otherwise itself: `merge $one.probes $.Values.probes`,
 * `$one.resources | default $.Values.resources`. Edits by which the item that is called like the object says otherwise, with the one value or with the whole group
 * that holds it. Nothing here is proven yet.
 */
export function groupOverrides(layers: readonly ValueLayer[], change: ObjectChange): DocumentEdit[] {
  const { object, before, after } = change;
  if (after === undefined) return [];
  const items = itemsOf(layers, object.name);
  if (before === undefined) return items.flatMap((one) => additionsTo(one, change)).slice(0, MAX_TRIED);
  const shared = layers.flatMap((layer) => pathsIn(layer.value, (node) => sameJson(node, before)).map((path) => ({ layer, path })));
  const edits = shared.flatMap(({ layer: from, path }) =>
    items.flatMap(({ layer, item }) => tails(path).flatMap(({ top, tail }) => overridesIn({ layer, item, tail }, getIn(from.value, top), after))),
  );
  return edits.slice(0, MAX_TRIED);
}

/**
 * The same where a value that all have could be changed as well, since every other item says otherwise itself at the moment: it stays what all have.
 * None where the value is one item's own, or where there is one item only.
 */
export function ownOverrides(layers: readonly ValueLayer[], change: ObjectChange, { file, path }: { file: string; path: FieldPath }): DocumentEdit[] {
  const all = itemsOf(layers, change.object.name);
  const isOwn = all.some(({ layer, item }) => layer.document.file === file && startsWith(path, [...layer.root, ...item]));
  const isOneOfSeveral = all.some(({ item }) => layers.some(({ value }) => Object.keys(objectAtPath(value, item.slice(0, -1))).length > 1));
  return isOwn || !isOneOfSeveral ? [] : groupOverrides(layers, change);
}

interface Item {
  layer: ValueLayer;
  item: FieldPath;
}

/** The items that are called like an object; those among the chart's own defaults last, as its layer is. */
function itemsOf(layers: readonly ValueLayer[], name: string): Item[] {
  return layers.flatMap((layer) => pathsIn(layer.value, isNamed(name)).map((item) => ({ layer, item })));
}

function objectAtPath(value: Json, path: FieldPath): JsonObject {
  const there = getIn(value, path);
  return isObject(there) ? there : {};
}

/** What no item has yet: by the field's own name, or below that of what holds it; a variable as a key of a mapping, or as an item. */
function additionsTo({ layer, item }: Item, { path, after }: ObjectChange): DocumentEdit[] {
  const [parent, last] = [path.at(-2), path.at(-1)];
  if (after === undefined || last === undefined || typeof last === "number") return [];
  const places: [FieldPath, Json | undefined][] =
    typeof last === "string"
      ? [[[last], after], ...(typeof parent === "string" ? [[[parent, last], after] satisfies [FieldPath, Json]] : [])]
      : typeof parent === "string"
        ? [
            [[parent, last.value], at(after, "value")],
            [[parent], [after]],
          ]
        : [];
  return places.flatMap(([place, value]) => {
    const isFree = getIn(layer.value, [...item, ...place]) === undefined;
    return isFree && value !== undefined ? [valueEdit(layer, [...item, ...place], value)] : [];
  });
}

/** What names an item: all of an object's name, or its last word behind the release's. */
function isNamed(name: string): (node: Json, path: FieldPath) => boolean {
  return (node, path) => {
    const key = path.at(-1);
    return isObject(node) && path.length > 1 && typeof key === "string" && (name === key || name.endsWith(`-${key}`));
  };
}

/** The last keys of a path, and the path of the first of them. */
function tails(path: FieldPath): { top: FieldPath; tail: FieldPath }[] {
  const most = Math.min(DEEPEST, path.length);
  return Array.from({ length: most }, (_, i) => path.length - most + i).map((first) => ({ top: path.slice(0, first + 1), tail: path.slice(first) }));
}

interface Spot extends Item {
  tail: FieldPath;
}

function overridesIn({ layer, item, tail }: Spot, group: Json | undefined, after: Json): DocumentEdit[] {
  const first = [...item, ...tail.slice(0, 1)];
  if (getIn(layer.value, [...item, ...tail]) !== undefined) return [];
  const there = getIn(layer.value, first);
  const alone = there === undefined || isObject(there) ? [valueEdit(layer, [...item, ...tail], after)] : [];
  const whole = there === undefined && tail.length > 1 && group !== undefined ? setIn(group, tail.slice(1), after) : undefined;
  return whole === undefined ? alone : [...alone, valueEdit(layer, first, whole)];
}
