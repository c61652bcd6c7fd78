// What a patch says that it did not say before: only what comes of it and its base tells what changes (blast-radius.ts, plausible.ts).
import type { FieldChange, FieldPath } from "../source/edit/field-path.ts";
import type { OfferedDocument } from "../source/workspace.ts";
import type { GateInput } from "./gate.ts";
import { leadsTo, type PathPattern } from "./path-pattern.ts";
import { configMapsOf, findTarget, isOwnConfigMap, isSourceOf } from "./target-match.ts";

/** By which Kubernetes tells items apart, and how a patch orders one to go. */
const OF_ITEMS: readonly unknown[] = ["name", "mountPath", "containerPort", "port", "protocol", "$patch"];

/** Whether a patch on what fails, or on a ConfigMap that it reads, says something newly, in a source whose objects can be compared. */
export function isNewInPatch(input: GateInput, offered: OfferedDocument, { before }: FieldChange): boolean {
  if (offered.role !== "patch" || before !== undefined || input.rendered.length === 0) return false;
  const maps = configMapsOf(findTarget(input.rendered, input.target));
  return isSourceOf(offered, input.target, input.offered) || isOwnConfigMap(offered.value, input.target, maps);
}

/** Whether a patch has to say this for the sake of a field that may change: a list that is replaced as a whole, or which item is meant. */
export function leadsThere(patterns: readonly PathPattern[], path: FieldPath): boolean {
  const isOfItem = OF_ITEMS.includes(path.at(-1)) && typeof path.at(-2) === "object";
  return patterns.some((pattern) => leadsTo(pattern, path) || (isOfItem && leadsTo(pattern, path.slice(0, -1))));
}
