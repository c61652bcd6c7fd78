import { listAt, refOf, textAt } from "../cluster/objects.ts";
import type { Observation } from "../cluster/observation.ts";
import { dateAt } from "./events.ts";
import type { Symptom } from "./incident.ts";
import { createdAt, isDeleting } from "./workload-view.ts";

/** HorizontalPodAutoscalers that cannot work: AbleToScale or ScalingActive is False. `ScalingDisabled` means scaled to zero by intent. */
export function autoscalerSymptoms(observation: Observation): Symptom[] {
  const autoscalers = observation.objects.filter((object) => object.kind === "HorizontalPodAutoscaler" && !isDeleting(object));
  return autoscalers.flatMap((autoscaler): Symptom[] => {
    const broken = listAt(autoscaler, "status", "conditions").find(
      (c) => ["AbleToScale", "ScalingActive"].includes(textAt(c, "type")) && textAt(c, "status") === "False" && textAt(c, "reason") !== "ScalingDisabled",
    );
    if (!broken) return [];
    const since = dateAt(broken, "lastTransitionTime") ?? createdAt(autoscaler);
    return [{ reason: "autoscaler", object: refOf(autoscaler), message: `${textAt(broken, "reason")}: ${textAt(broken, "message")}`, decided: false, since }];
  });
}
