// A field that the schema does not know where it stands moves to the one place near by where it does: the API server refuses it there, or drops it without a word.

import { type Misplaced, misplacedFields, valueAt } from "../cluster/misplaced-fields.ts";
import type { Json, ObjectRef } from "../cluster/objects.ts";
import { type FieldChange, type FieldPath, getIn, sameJson } from "../source/edit/field-path.ts";
import type { GateInput } from "./gate.ts";
import { applyChanges } from "./leaf-changes.ts";
import { findTarget } from "./target-match.ts";

/**
 * Whether a difference is a part of such a move: all of the field goes and comes, or a part of it comes. @param all differences of the object, among which the
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
    if (after === undefined) return isGone({ path, before, after }) && sameJson(comeTo(all, to) ?? null, value);
    const depth = depthOf(path, to);
    return depth >= 0 && all.some(isGone) && sameJson(getIn(value, path.slice(depth + 1)) ?? null, after);
  });
}

/** What comes to a place, from all differences that are a part of it. */
function comeTo(all: readonly FieldChange[], place: readonly string[]): Json | undefined {
  const parts = all.flatMap(({ path, before, after }): FieldChange[] => {
    const depth = depthOf(path, place);
    return depth < 0 || before !== undefined || after === undefined ? [] : [{ path: path.slice(depth + 1), before, after }];
  });
  return applyChanges(undefined, parts);
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

/** Whether a field is taken away that only stands where the schema does not know it, and that the last good revision, where one is known, had at its place. */
export function losesMisplaced({ rendered }: Pick<GateInput, "rendered">, object: ObjectRef, path: FieldPath, lastGood: Json | undefined): boolean {
  const workload = findTarget(rendered, object);
  const moved = workload ? (misplacedFields(workload) ?? []) : [];
  const isIt = ({ from }: Misplaced) => typeof path.at(-1) === "string" && namesOf(path) === withoutNumbers(from);
  return moved.some((one) => isIt(one) && (lastGood === undefined || valueAt(lastGood, one.to) !== undefined));
}
