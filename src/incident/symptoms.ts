import type { Observation } from "../cluster/observation.ts";
import { autoscalerSymptoms } from "./autoscalers.ts";
import { deliverySymptoms } from "./delivery-state.ts";
import type { Symptom } from "./incident.ts";
import { ingressSymptoms } from "./ingresses.ts";
import { serviceSymptoms } from "./services.ts";
import { workloadsOf } from "./workload-view.ts";
import { workloadSymptoms } from "./workloads.ts";

/** Everything that looks wrong about a delivery now, by object. Argo CD and Flux call many of these healthy: docs of Argo CD #6527, Flux without `wait`. */
export function symptomsOf(observation: Observation): Symptom[] {
  const workloads = workloadsOf(observation).map((view) => ({ view, symptoms: workloadSymptoms(observation, view) }));
  const views = (isWell: boolean) => workloads.filter(({ symptoms }) => (symptoms.length === 0) === isWell).map(({ view }) => view);
  const ofDelivery = deliverySymptoms(observation);
  const refused = ofDelivery.filter(({ reason }) => reason === "apply").map(({ message }) => message);
  const isExplained = ({ object: { name } }: Symptom) => refused.some((message) => message.includes(`"${name}"`) || message.includes(`/${name} `));
  return [
    ...ofDelivery,
    ...workloads.flatMap(({ symptoms }) => symptoms),
    // What a Service is for may be what was refused: a workload of its name.
    ...serviceSymptoms(observation, views(true), views(false)).filter((symptom) => !isExplained(symptom)),
    ...ingressSymptoms(observation),
    ...autoscalerSymptoms(observation),
  ];
}
