import { at, type KubeObject, listAt, textAt } from "../src/cluster/objects.ts";

/** What a person would notice about a delivery or a pod, in a few words; undefined for everything else. */
export function glimpse(object: KubeObject): string | undefined {
  const name = textAt(object, "metadata", "name");
  if (object.kind === "Application") return `Application is ${textAt(object, "status", "sync", "status")}, ${textAt(object, "status", "health", "status")}`;
  if (object.kind === "Kustomization") return `Kustomization is ${readyWords(object)}`;
  if (object.kind !== "Pod") return undefined;
  const status = listAt(object, "status", "containerStatuses")[0];
  const waiting = textAt(status, "state", "waiting", "reason");
  if (waiting !== "") return waiting === "ContainerCreating" ? undefined : `pod ${name}: ${waiting}`;
  return status !== undefined && at(status, "ready") === false ? `pod ${name} runs, but is not ready` : undefined;
}

/** Whether the delivery says of itself that it fails. */
export function isUnhealthy(object: KubeObject): boolean {
  if (object.kind === "Application") return textAt(object, "status", "health", "status") === "Degraded";
  return object.kind === "Kustomization" && textAt(readyCondition(object), "status") === "False";
}

function readyWords(kustomization: KubeObject): string {
  const ready = readyCondition(kustomization);
  const status = textAt(ready, "status");
  if (status === "True") return "Ready";
  return status === "False" ? `not Ready: ${textAt(ready, "reason")}` : "reconciling";
}

function readyCondition(kustomization: KubeObject) {
  return listAt(kustomization, "status", "conditions").find((condition) => textAt(condition, "type") === "Ready");
}
