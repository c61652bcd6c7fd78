// A lifecycle hook is a program that runs in the container: none is added. One that the last good revision had, word for word, ran there already.
import { type FieldChange, getIn, sameJson } from "../source/edit/field-path.ts";
import type { Danger } from "./dangerous.ts";
import type { GateInput } from "./gate.ts";
import { findTarget } from "./target-match.ts";

/** Whether what looks like a new hook is the old one, or a part of it, of the failing object. */
export function isOldHook({ lastGood, target }: GateInput, { path, after }: FieldChange, danger: Danger | undefined): boolean {
  const then = findTarget(lastGood ?? [], target);
  return danger?.rule === "lifecycle-hook" && then !== undefined && after !== undefined && sameJson(getIn(then, path), after);
}
