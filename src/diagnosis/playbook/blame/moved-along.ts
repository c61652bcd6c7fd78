import { isObject, type Json, textAt } from "../../../cluster/objects.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import { variableOf } from "./named-change.ts";

/** Numbers and switches stand at many variables; an address or a path that is at another one now has moved there. */
const LEAST = 6;

/**
 * Variables that changed together with others, because a value went from the one to the other: a patch that counts the items of the list meets the next one, after
 * one was put before them.
 */
export function movedAlong(changed: readonly FieldChange[], blamed: readonly FieldChange[]): FieldChange[] {
  const others = changed.filter((change) => !blamed.includes(change) && variableOf(change.path) !== undefined);
  const hasMoved = (from: FieldChange, to: FieldChange) => valueIn(from.before).length >= LEAST && valueIn(from.before) === valueIn(to.after);
  return others.filter((other) => blamed.some((one) => hasMoved(one, other) || hasMoved(other, one)));
}

function valueIn(value: Json | undefined): string {
  return typeof value === "string" ? value : isObject(value) ? textAt(value, "value") : "";
}
