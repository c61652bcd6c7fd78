import { type KubeObject, listAt, textAt } from "../cluster/objects.ts";
import type { Observation } from "../cluster/observation.ts";
import { dateAt } from "./events.ts";
import type { Symptom } from "./incident.ts";
import { createdAt, isReadyPod, ownedBy, seenAt, type WorkloadView } from "./workload-view.ts";

/** Evictions of one workload within this time that are no single accident any more. */
const EVICTIONS = 3;
const RECENT_MILLISECONDS = 900_000;
/** The kubelet's words for a pod that went beyond a limit of its own (pkg/kubelet/eviction): its replacement will as well, however well it is until then. */
export const OWN_LIMIT = /exceeds the limit|exceeds the total limit of containers|exceeded its local ephemeral storage limit/;

/** Pods that cannot run, or cannot go, because their node is lost; and pods that nodes throw out again and again. */
export function nodeSymptoms(observation: Observation, view: WorkloadView): Symptom[] {
  const nodes = [...observation.surroundings, ...observation.objects].filter(({ kind }) => kind === "Node");
  const all = ownedBy(observation, view.maker ?? view.object, "Pod", "also those that are being deleted");
  const lost = all.filter((pod) => !isReadyPod(pod)).flatMap((pod) => onLostNode(view, pod, nodes));
  return [...lost, ...evicted(observation, view, all)];
}

/** Node condition Ready is False, or Unknown where its kubelet says nothing any more. */
function onLostNode({ ref }: WorkloadView, pod: KubeObject, nodes: readonly KubeObject[]): Symptom[] {
  const node = nodes.find((candidate) => textAt(candidate, "metadata", "name") === textAt(pod, "spec", "nodeName"));
  const unready = listAt(node, "status", "conditions").find((c) => textAt(c, "type") === "Ready" && textAt(c, "status") !== "True");
  if (!node || !unready) return [];
  const name = textAt(pod, "metadata", "name");
  const message = `node ${textAt(node, "metadata", "name")}, to which pod ${name} belongs, is not ready: ${textAt(unready, "message") || textAt(unready, "reason")}`;
  return [{ reason: "node", object: ref, pod: name, message, decided: false, since: dateAt(unready, "lastTransitionTime") ?? createdAt(pod) }];
}

/** Only while the workload lacks ready pods: an eviction whose replacement runs is over, unless limits of its own are the reason. */
function evicted(observation: Observation, view: WorkloadView, all: readonly KubeObject[]): Symptom[] {
  const isWell = view.pods.length > 0 && view.pods.every(isReadyPod);
  const recent = all.filter((pod) => {
    const isEvicted = textAt(pod, "status", "phase") === "Failed" && textAt(pod, "status", "reason") === "Evicted";
    if (isWell && !OWN_LIMIT.test(textAt(pod, "status", "message").slice(0, 1000))) return false;
    return isEvicted && seenAt(observation, pod).getTime() - createdAt(pod).getTime() < RECENT_MILLISECONDS;
  });
  const [first] = recent;
  if (!first || recent.length < EVICTIONS) return [];
  const message = `${recent.length} pods were evicted: ${textAt(first, "status", "message")}`;
  // Limits of its own throw out each replacement as well: there is no node to wait for.
  const decided = recent.every((pod) => OWN_LIMIT.test(textAt(pod, "status", "message").slice(0, 1000)));
  return [{ reason: "node", object: view.ref, message, decided, since: createdAt(first) }];
}
