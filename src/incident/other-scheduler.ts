import { type KubeObject, listAt, textAt } from "../cluster/objects.ts";

/** What places pods where they name no other (core/v1 PodSpec.schedulerName). */
export const DEFAULT_SCHEDULER = "default-scheduler";

const UNSEEN = "No scheduler has looked at this pod: it asks for ";

/** What to say of a pod that names another scheduler, and that none has looked at: the cluster itself never says so. Undefined for every other pod. */
export function unseenByScheduler(pod: KubeObject): string | undefined {
  const scheduler = textAt(pod, "spec", "schedulerName") || DEFAULT_SCHEDULER;
  const isSeen = textAt(pod, "spec", "nodeName") !== "" || listAt(pod, "status", "conditions").some((c) => textAt(c, "type") === "PodScheduled");
  return scheduler === DEFAULT_SCHEDULER || isSeen || textAt(pod, "status", "phase") !== "Pending" ? undefined : `${UNSEEN}${scheduler}`;
}

/** Whether a symptom's message is {@link unseenByScheduler}'s. */
export function isUnseen(message: string): boolean {
  return message.startsWith(UNSEEN);
}
