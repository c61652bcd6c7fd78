// Which changes of a commit the API server's refusal speaks of.
import type { KubeObject } from "../../../cluster/objects.ts";
import { type FieldChange, type FieldPath, getIn, sameJson, startsWith } from "../../../source/edit/field-path.ts";
import { pathIn, placeOf } from "../../../source/meant/named-place.ts";
import { names, type Refusal } from "./refusal.ts";
import { isAmount, QUANTITY } from "./told-values.ts";
import { wrongTypes } from "./typed-values.ts";

/** The differences that the message names, by name or by position; an item of a list that was renamed shows as one that went and one that came. */
export function blamedChanges(changed: readonly FieldChange[], object: KubeObject, refused: Refusal): FieldChange[] {
  const places = refused.fields.map((field) => pathIn(object, field) ?? itemLacking(object, field)).filter((place) => place !== undefined && place.length > 0);
  const near = changed.filter(({ path }) => places.some((place) => place && (startsWith(place, path) || startsWith(path, place))));
  const lost = near.filter(({ path, after }) => after === undefined && refused.fields.some((field) => field.endsWith(`.${String(path.at(-1))}`)));
  // Required fields that went: nothing else is blamed, and of several all have to come back.
  if (lost.length > 0 && lost.length < refused.fields.length && !refused.changeable) return [];
  const exact = lost.length > 0 ? lost : near;
  if (refused.why === "no quantity") return changed.filter(({ path, after }) => isAmount(path) && typeof after === "string" && !QUANTITY.test(after));
  if (refused.fields.length === 0 && refused.why === "wrong type") return ofWrongType(object, changed);
  const deciding = refused.isMissing ? changed.filter(({ path }) => path.at(-1) === refused.comparedWith) : [];
  if (deciding.length > 0) return deciding;
  const blamed = exact.length > 0 && !refused.changeable ? exact : changed.filter((change) => names(change, refused));
  const isTwin = (change: FieldChange) =>
    change.after === undefined &&
    blamed.some(({ path, before }) => before === undefined && path.length === change.path.length && startsWith(path, change.path.slice(0, -1)));
  return [...new Set([...blamed, ...changed.filter(isTwin), ...changed.filter((change) => wentAstray(change, blamed))])];
}

/** What came where the schema wants another type: the API server names no place. */
function ofWrongType(object: KubeObject, changed: readonly FieldChange[]): FieldChange[] {
  const places = wrongTypes(object).map(({ path }) => placeOf(object, path));
  return changed.filter(({ path, after }) => after !== undefined && places.some((place) => place && startsWith(place, path)));
}

/** The item of a list in which a required field is missing. */
function itemLacking(object: KubeObject, field: string): FieldPath | undefined {
  const place = pathIn(object, field.replace(/\.[^.[\]]+$/, ""));
  return typeof place?.at(-1) === "string" ? undefined : place;
}

/** What another item lost to one that is new: a patch that names an item that is not there makes one. */
function wentAstray({ path, before }: FieldChange, blamed: readonly FieldChange[]): boolean {
  return blamed.some((item) => {
    const depth = item.path.length - 1;
    if (before === undefined || item.before !== undefined || typeof item.path[depth] !== "object" || path.length <= depth + 1) return false;
    return startsWith(path, item.path.slice(0, depth)) && sameJson(getIn(item.after, path.slice(depth + 1)), before);
  });
}
