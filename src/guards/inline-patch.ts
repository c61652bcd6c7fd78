import { groupOf, textAt } from "../cluster/objects.ts";
import { type FieldChange, type FieldPath, sameJson } from "../source/edit/field-path.ts";
import { isKustomization } from "../source/input-documents.ts";
import { patchIn } from "../source/plan/object-texts.ts";
import type { OfferedDocument } from "../source/workspace.ts";
import { classPaths } from "./class-paths.ts";
import { dangerOf } from "./dangerous.ts";
import type { GateInput } from "./gate.ts";
import { leafChanges } from "./leaf-changes.ts";
import { isItemOrder } from "./patch-orders.ts";
import { matchesPattern } from "./path-pattern.ts";

/**
 * Whether a strategic merge patch that is text in a kustomization changes as one in a file of its own may: it stays about the failing object, and says nothing new
 * but what the failure class permits. What that does is judged on the rendered objects.
 */
export function inlinePatchPermitted(input: GateInput, document: OfferedDocument, { path, before, after }: FieldChange): boolean {
  const [old, now] = [before, after].map((text) => (typeof text === "string" ? patchIn(text) : undefined));
  if (!isKustomization(document) || !isPatchText(path) || !old || !now) return false;
  const isSame = ["apiVersion", "kind", "metadata"].every((key) => sameJson(old[key], now[key]));
  const isOfTarget = textAt(old, "kind") === input.target.kind && groupOf(textAt(old, "apiVersion")) === input.target.group;
  const { failureClass, target } = input.proposal;
  const patterns = classPaths(failureClass, { kind: input.target.kind, container: target.container });
  const changes = leafChanges(old, now);
  return isSame && isOfTarget && changes.every((change) => patterns.some((pattern) => matchesPattern(pattern, change.path)) && isHarmless(input, change));
}

function isHarmless({ proposal }: GateInput, change: FieldChange): boolean {
  return isItemOrder(change) || dangerOf(change, proposal.failureClass !== "invalid-manifest") === undefined;
}

function isPatchText([list, position, key]: FieldPath): boolean {
  if (typeof position !== "number") return false;
  return (list === "patches" && key === "patch") || (list === "patchesStrategicMerge" && key === undefined);
}
