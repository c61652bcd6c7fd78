// One apiVersion that Kubernetes took away, and its successor from a closed table.
import { inSuccessor, isSucceeded } from "../../cluster/api-successors.ts";
import { type KubeObject, refOf, sameRef } from "../../cluster/objects.ts";
import { hunksBetween } from "../../source/edit/hunks.ts";
import { succeeded } from "../../source/slips/api-version-lines.ts";

/** Whether all that differs is one document, in the successor of the version that the kind had there. */
export function isSuccessor(before: string | undefined, after: string): boolean {
  const [first] = before === undefined ? [] : hunksBetween("", before, after);
  return before !== undefined && first !== undefined && succeeded(before, first.at) === after;
}

/** The objects that the successor does not take as they are, or that would mean something else in it. */
export function notSucceeded(before: readonly KubeObject[], after: readonly KubeObject[]): KubeObject[] {
  const isOld = (object: KubeObject) => before.some((old) => inSuccessor(old) !== old && sameRef(refOf(inSuccessor(old)), refOf(object)));
  return after.filter((object) => isOld(object) && !isSucceeded(object));
}
