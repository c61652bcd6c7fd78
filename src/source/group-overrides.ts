import { isObject, type Json } from "../cluster/objects.ts";
import { pathsIn } from "./candidates.ts";
import { type FieldPath, getIn, sameJson } from "./field-path.ts";
import { setIn } from "./set-in.ts";
import { type ValueLayer, valueEdit } from "./value-layers.ts";
import type { DocumentEdit, ObjectChange } from "./workspace.ts";

/** Most edits that are tried for one field; each costs a rendering. */
const MAX_TRIED = 12;
/** How many of the keys above a value an item may repeat: `resources.limits.memory`. */
const DEEPEST = 3;

/**
 * Charts that make several of one thing give each what all have, unless it says otherwise itself: `merge $one.probes $.Values.probes`,
 * `$one.resources | default $.Values.resources`. Edits by which the item that is called like the object says otherwise, with the one value or with the whole group
 * that holds it. Nothing here is proven yet.
 */
export function groupOverrides(layers: readonly ValueLayer[], { object, before, after }: ObjectChange): DocumentEdit[] {
  if (before === undefined || after === undefined) return [];
  const shared = layers.flatMap((layer) => pathsIn(layer.value, (node) => sameJson(node, before)).map((path) => ({ layer, path })));
  const items = layers.filter(({ isDefault }) => !isDefault).flatMap((layer) => pathsIn(layer.value, isNamed(object.name)).map((item) => ({ layer, item })));
  const edits = shared.flatMap(({ layer: from, path }) =>
    items.flatMap(({ layer, item }) => tails(path).flatMap(({ top, tail }) => overridesIn({ layer, item, tail }, getIn(from.value, top), after))),
  );
  return edits.slice(0, MAX_TRIED);
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
  return Array.from({ length: most }, (_, i) => path.length - most + i).map((at) => ({ top: path.slice(0, at + 1), tail: path.slice(at) }));
}

interface Spot {
  layer: ValueLayer;
  item: FieldPath;
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
