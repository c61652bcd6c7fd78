import { describeRef, type KubeObject, objectAt, refOf, sameRef } from "../cluster/objects.ts";
import type { Observation } from "../cluster/observation.ts";
import { brokenDelivery, deliveryRef, failsThroughChild, failsThroughHooks } from "./delivery-state.ts";
import { earliest } from "./events.ts";
import { canonicalJson, fingerprintOf, stableService, stableTemplate } from "./fingerprint.ts";
import type { Incident, Symptom, SymptomReason } from "./incident.ts";
import { symptomsOf } from "./symptoms.ts";
import { isDeleting, workloadsOf } from "./workload-view.ts";

/** More failing objects than this at once have one cause elsewhere, and nobody reads so many pull requests. */
const INCIDENTS = 3;

/** What stops a delivery comes first, then what keeps a workload from starting, then what makes it limp. */
const SEVERITY: Record<SymptomReason, number> = {
  render: 0,
  apply: 1,
  "create-refused": 2,
  image: 3,
  "container-config": 3,
  "container-start": 3,
  crash: 4,
  "job-failed": 4,
  volume: 5,
  unschedulable: 5,
  node: 5,
  "rollout-stuck": 6,
  "not-ready": 7,
  "no-endpoints": 8,
  backend: 8,
  autoscaler: 9,
  delivery: 10,
};

/** The failing objects of a delivery, one incident each, the most severe first. None while it is suspended, waits for another delivery, or goes away. */
export function identify(observation: Observation): Incident[] {
  const { state, delivery } = observation;
  if (state.kind === "suspended" || state.kind === "waiting-for-dependency" || isDeleting(delivery)) return [];
  const symptoms = symptomsOf(observation).sort((a, b) => SEVERITY[a.reason] - SEVERITY[b.reason]);
  const own = deliveryRef(observation);
  const explained = failsThroughChild(observation) || symptoms.some((symptom) => !sameRef(symptom.object, own));
  const isHooks = failsThroughHooks(observation, symptoms);
  const kept = symptoms.filter(({ reason }) => (reason !== "delivery" || !explained) && (reason !== "apply" || !isHooks));
  return groupByObject(kept)
    .slice(0, INCIDENTS)
    .map((group) => incidentOf(observation, group));
}

/** Groups keep the order of their most severe symptom. */
function groupByObject(symptoms: readonly Symptom[]): Symptom[][] {
  const groups = new Map<string, Symptom[]>();
  for (const symptom of symptoms) {
    const name = `${symptom.object.group}/${describeRef(symptom.object)}`;
    groups.set(name, [...(groups.get(name) ?? []), symptom]);
  }
  return [...groups.values()];
}

function incidentOf(observation: Observation, symptoms: Symptom[]): Incident {
  const target = symptoms[0]?.object ?? deliveryRef(observation);
  return {
    key: observation.key,
    target,
    symptoms,
    fingerprint: fingerprintOf(observation.key, target, brokenThing(observation, target)),
    since: earliest(
      symptoms.map((symptom) => symptom.since),
      observation.at,
    ),
  };
}

/** The spec that is broken, as text: it changes when another value is shipped, and not when a symptom turns into another. */
function brokenThing(observation: Observation, target: Incident["target"]): string {
  if (sameRef(target, deliveryRef(observation))) return brokenDelivery(observation);
  const workload = workloadsOf(observation).find((view) => sameRef(view.ref, target));
  if (workload) return canonicalJson(stableTemplate(workload.template));
  const object: KubeObject | undefined = observation.objects.find((candidate) => sameRef(refOf(candidate), target));
  if (!object) return "";
  return canonicalJson(object.kind === "Service" ? stableService(object) : objectAt(object, "spec"));
}
