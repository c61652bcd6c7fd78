import { textAt } from "../cluster/objects.ts";
import { dateAt } from "./events.ts";
import type { Symptom } from "./incident.ts";
import { containerSpec, containerStatuses } from "./pods.ts";
import type { WorkloadView } from "./workload-view.ts";

/**
 * Init containers that still run when their rollout's time is over: they are no failure by themselves, and what the rollout waits for. Their log is the only
 * one that can say why.
 */
export function endlessInits({ ref, pods }: WorkloadView): Symptom[] {
  return pods.flatMap((pod) =>
    containerStatuses(pod).flatMap((status): Symptom[] => {
      const container = textAt(status, "name");
      const since = dateAt(status, "state", "running", "startedAt");
      if (!since || containerSpec(pod.spec, container)?.oneShot !== true) return [];
      const message = `init container ${container} runs and does not end`;
      return [{ reason: "not-ready", object: ref, pod: textAt(pod, "metadata", "name"), container, message, decided: false, since }];
    }),
  );
}
