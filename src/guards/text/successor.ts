// One apiVersion that Kubernetes took away, and its successor from a closed table.
import { isSucceeded, successorOf } from "../../cluster/api-successors.ts";
import { type KubeObject, refOf, sameRef } from "../../cluster/objects.ts";
import { succeeded } from "../../source/slips/api-version-lines.ts";
import { onlyLine } from "./reference.ts";

/** Whether all that differs is one apiVersion line, and that it names the successor of what the kind of the document around it had. */
export function isSuccessor(before: string | undefined, after: string): boolean {
  const line = before === undefined ? undefined : onlyLine(before, after);
  return before !== undefined && line !== undefined && succeeded(before, line.at) === after;
}

/** The objects that the successor does not take as they are, or that would mean something else in it. */
export function notSucceeded(before: readonly KubeObject[], after: readonly KubeObject[]): KubeObject[] {
  const isOld = (object: KubeObject) => before.some((old) => inSuccessor(old) !== old && sameRef(refOf(inSuccessor(old)), refOf(object)));
  return after.filter((object) => isOld(object) && !isSucceeded(object));
}

/** An object as it is in the version that succeeds its own, or where its kind is at home; itself where that is its own. */
export function inSuccessor(object: KubeObject): KubeObject {
  const apiVersion = successorOf(object.kind, object.apiVersion);
  return apiVersion === undefined ? object : { ...object, apiVersion };
}
