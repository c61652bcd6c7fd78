import type { Json } from "../../cluster/objects.ts";
import { type FieldPath, getIn, sameJson, sameSegment } from "../edit/field-path.ts";
import { setIn } from "../edit/set-in.ts";
import type { DocumentEdit, ObjectChange } from "../workspace.ts";
import { pathsIn } from "./candidates.ts";
import { isCalled } from "./overrides.ts";
import { mergedPart, type ValueLayer, valueEdit } from "./value-layers.ts";

/** Most edits that are tried for one field; each costs a rendering. */
const MAX_TRIED = 20;

interface Given {
  layer: ValueLayer;
  path: FieldPath;
  /** Less is likelier. */
  rank: number;
}

/**
 * Edits after which the values of a chart no longer give what a template writes out: the value or the list item goes where it stands. What others may read as well
 * is taken back above it, as Helm has it: by null, and of a list by the list without the item. Nothing here is proven yet.
 */
export function removedValues(layers: readonly ValueLayer[], change: ObjectChange): DocumentEdit[] {
  const given = layers.flatMap((layer) => placesIn(layer, change)).sort((a, b) => a.rank - b.rank);
  const there = given.map(({ layer, path }) => valueEdit(layer, path, undefined));
  const above = given.flatMap((one) => layers.filter((layer) => !layer.isDefault && layer !== one.layer).flatMap((layer) => without(layer, one)));
  return [...there.slice(0, MAX_TRIED), ...above.slice(0, MAX_TRIED)];
}

function placesIn(layer: ValueLayer, change: ObjectChange): Given[] {
  return pathsIn(layer.value, () => true).flatMap((path): Given[] => {
    const rank = rankOf(path, getIn(layer.value, path), change);
    return rank === undefined ? [] : [{ layer, path, rank }];
  });
}

/** What has the field's value as well is likelier than what is only called like it. */
function rankOf(path: FieldPath, value: Json | undefined, { path: field, before }: ObjectChange): number | undefined {
  const [last, wanted] = [path.at(-1), field.at(-1)];
  if (last === undefined || wanted === undefined) return undefined;
  const isSame = sameJson(value, before);
  // Of items that nothing tells apart.
  if (typeof last === "number") return typeof wanted === "number" && isSame ? 0 : undefined;
  if (typeof last === "object") return sameSegment(last, wanted) && (isSame || path.at(-2) === field.at(-2)) ? (isSame ? 0 : 1) : undefined;
  if (typeof last !== "string" || typeof wanted !== "string") return undefined;
  const names = path.filter((segment) => typeof segment === "string");
  return isCalled(names, wanted.toLowerCase()) ? (isSame ? 0 : 1) : undefined;
}

/** Another layer takes back what one gives. Which of the layers of a HelmRelease and its patches wins is left to the proof. */
function without(layer: ValueLayer, { layer: from, path }: Given): DocumentEdit[] {
  const [list, item] = mergedPart(path);
  if (item.length === 0) return [valueEdit(layer, path, null)];
  const rest = setIn(getIn(from.value, list), item, undefined);
  return rest === undefined || getIn(layer.value, list) !== undefined ? [] : [valueEdit(layer, list, rest)];
}
