import type { ObjectRef } from "../cluster/objects.ts";
import { type FieldChange, type FieldPath, getIn, sameJson } from "../source/field-path.ts";
import type { GateInput } from "./gate.ts";
import { findTarget } from "./target-match.ts";

/**
 * Whether a field goes back together with what the API server refused in another object: labels that one line gives to all objects (kustomize `commonLabels:`), and
 * the target port of a Service that names a container's port. Only to what the last good revision had.
 */
export function goesBackBeside(
  { proposal, lastGood = [] }: Pick<GateInput, "proposal" | "lastGood">,
  object: ObjectRef,
  { path, after }: FieldChange,
): boolean {
  const then = findTarget(lastGood, object);
  const mayGo = isLabel(path) || (object.kind === "Service" && path.at(-1) === "targetPort");
  return proposal.failureClass === "invalid-manifest" && then !== undefined && mayGo && sameJson(getIn(then, path), after);
}

const LABELS: ReadonlySet<unknown> = new Set(["labels", "matchLabels", "selector"]);

/** A label, or all of an object. */
function isLabel(path: FieldPath): boolean {
  return LABELS.has(path.at(-1)) || LABELS.has(path.at(-2));
}
