// A field that the schema does not know where it stands moves to the one place near by where it does: the API server refuses it there, or drops it without a word.

import { misplacedFields } from "../cluster/misplaced-fields.ts";
import type { ObjectRef } from "../cluster/objects.ts";
import { type FieldChange, type FieldPath, getIn, sameJson } from "../source/edit/field-path.ts";
import type { GateInput } from "./gate.ts";
import { findTarget } from "./target-match.ts";

/**
 * Whether a difference is a part of such a move: all of the field goes, or all or a part of it comes. @param all differences of the object, among which the
 * other half has to be
 */
export function isMisplacedMove(
  { rendered }: Pick<GateInput, "rendered">,
  object: ObjectRef,
  { path, before, after }: FieldChange,
  all: readonly FieldChange[],
): boolean {
  const workload = findTarget(rendered, object);
  const moved = workload ? (misplacedFields(workload) ?? []) : [];
  return moved.some(({ from, to, value }) => {
    const isGone = (one: FieldChange) => one.after === undefined && namesOf(one.path) === withoutNumbers(from) && sameJson(one.before ?? null, value);
    const isCome = (one: FieldChange) => depthOf(one.path, to) >= 0 && one.before === undefined;
    if (after === undefined) return isGone({ path, before, after }) && all.some(isCome);
    const depth = depthOf(path, to);
    return depth >= 0 && all.some(isGone) && sameJson(getIn(value, path.slice(depth + 1)) ?? null, after);
  });
}

/** Where in a path a place is reached; -1 where it is not on the way. */
function depthOf(path: FieldPath, place: readonly string[]): number {
  return path.findIndex((_, i) => namesOf(path.slice(0, i + 1)) === withoutNumbers(place) && typeof path[i] === "string");
}

function namesOf(path: FieldPath): string {
  return path.filter((step) => typeof step === "string").join(".");
}

function withoutNumbers(keys: readonly string[]): string {
  return keys.filter((key) => !/^\d+$/.test(key)).join(".");
}
