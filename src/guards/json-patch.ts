import { isObject, type Json, textAt } from "../cluster/objects.ts";
import { type FieldChange, type FieldPath, sameJson } from "../source/edit/field-path.ts";
import { pointerSteps } from "../source/plan/json-patches.ts";

/** A list of operations as RFC 6902 has them. */
export function isJsonPatch(value: Json): value is Json[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => isObject(one) && typeof one.op === "string" && typeof one.path === "string");
}

/** Whether a change is of what an operation does and where, or of which operations there are: only what they give may change. */
export function isOfOrder(document: Json, { path }: FieldChange): boolean {
  return isJsonPatch(document) && (typeof path[0] !== "number" || path[1] !== "value");
}

/** The positions of the operations that a JSON patch no longer has; undefined where it changes in anything else. */
export function droppedOperations(before: Json | undefined, after: Json | undefined): number[] | undefined {
  if (before === undefined || !isJsonPatch(before) || !Array.isArray(after) || after.length >= before.length) return undefined;
  const dropped: number[] = [];
  let kept = 0;
  for (const [i, operation] of before.entries()) {
    if (sameJson(operation, after[kept])) kept++;
    else dropped.push(i);
  }
  return kept === after.length ? dropped : undefined;
}

/**
 * A change of what an operation gives as the change of the field that it is given to: what is dangerous is known by its field's name, which stands in the operation's
 * path. Any other change as it is.
 */
export function asGiven(document: Json, change: FieldChange): FieldChange {
  const [index, key, ...rest] = change.path;
  const operation = isJsonPatch(document) && typeof index === "number" && key === "value" ? document[index] : undefined;
  return operation === undefined ? change : { ...change, path: [...givenTo(textAt(operation, "path")), ...rest] };
}

function givenTo(pointer: string): FieldPath {
  return pointerSteps(pointer).map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
