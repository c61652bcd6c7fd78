import { at, type KubeObject, numberAt, objectAt, refOf, sameRef, textAt } from "../../../cluster/objects.ts";
import { isOwnedBy } from "../../../incident/workload-view.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { DiagnosisInput } from "../../diagnosis.ts";
import { changedBelow, type Past } from "../../history.ts";

/**
 * What a commit changed about how a Deployment is rolled out, where the old pod went before the new one came until then, and stays now until the new one is
 * ready: the old pod is still there, and keeps what only one pod of a node can have. Nothing where more pods are asked for than before.
 */
export function oldPodStays(input: DiagnosisInput, past: Past | undefined, now: KubeObject): FieldChange[] {
  if (past?.from !== "revision" || now.kind !== "Deployment" || past.object.kind !== "Deployment") return [];
  if (!leavesFirst(past.object) || leavesFirst(now) || replicasOf(now) > replicasOf(past.object)) return [];
  return hasOldPod(input, now) ? changedBelow(past, now, ["spec", "strategy"]) : [];
}

/** `Recreate`, or a rolling update that takes a pod away and adds none (Deployment.spec.strategy; 25% each, rounded against unavailability, where nothing is said). */
function leavesFirst(deployment: KubeObject): boolean {
  const strategy = objectAt(deployment, "spec", "strategy");
  if (textAt(strategy, "type") === "Recreate") return true;
  const surge = at(strategy, "rollingUpdate", "maxSurge");
  return surge !== undefined && /^0+%?$/.test(String(surge));
}

function replicasOf(deployment: KubeObject): number {
  return numberAt(deployment, "spec", "replicas") ?? 1;
}

/** An earlier ReplicaSet of the Deployment still has a pod that is ready: what the API server last rolled out is the newest. */
function hasOldPod({ observation }: DiagnosisInput, now: KubeObject): boolean {
  const live = observation.objects.find((object) => sameRef(refOf(object), refOf(now)));
  const sets = observation.objects.filter((object) => object.kind === "ReplicaSet" && live !== undefined && isOwnedBy(object, live));
  const revision = (set: KubeObject) => Number(objectAt(set, "metadata", "annotations")["deployment.kubernetes.io/revision"]) || 0;
  const newest = Math.max(0, ...sets.map(revision));
  return sets.some((set) => revision(set) < newest && (numberAt(set, "status", "readyReplicas") ?? 0) > 0);
}
