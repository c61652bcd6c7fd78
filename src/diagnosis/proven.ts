import { at, isObject, type JsonObject, sameRef, textAt } from "../cluster/objects.ts";
import { containerStatuses } from "../incident/pods.ts";
import { workloadsOf } from "../incident/workload-view.ts";
import type { DiagnosisInput } from "./diagnosis.ts";

/** What the failing workload's pods prove by how far they have come, in words, by what the playbook's entry looks for. A pod that runs has an image, a node and its volumes. */
export function provenBy({ incident, observation, rendered, renderError }: DiagnosisInput): ReadonlyMap<string, string> {
  const pods = workloadsOf(observation).find(({ ref }) => sameRef(ref, incident.target))?.pods ?? [];
  const statuses = pods.flatMap(containerStatuses);
  const every = (holds: (status: JsonObject) => boolean) => statuses.length > 0 && statuses.every(holds);
  const facts: [entry: string, holds: boolean, words: string][] = [
    ["render", rendered.length > 0 && renderError === undefined, "The manifests can be built."],
    ["scheduling", pods.length > 0 && pods.every((pod) => textAt(pod, "spec", "nodeName") !== ""), "Every pod has a node."],
    ["image", every((status) => textAt(status, "imageID") !== ""), "Every image was pulled."],
    ["volume", every(hasRun), "Every volume is mounted."],
    ["config", every(hasRun), "What the pods refer to (ConfigMaps, Secrets and keys) is there."],
    ["start", every(hasRun), "Every container's command starts."],
    ["memory", every((status) => !endings(status).some((ending) => textAt(ending, "reason") === "OOMKilled")), "No container was killed for its memory."],
    ["probe", every((status) => at(status, "ready") === true), "Every container is ready."],
  ];
  return new Map(facts.flatMap(([entry, holds, words]) => (holds ? [[entry, words]] : [])));
}

/** Its process ran at least once: the kubelet mounts volumes and reads ConfigMaps and Secrets before. */
function hasRun(status: JsonObject): boolean {
  const ran = endings(status).some((ending) => !["StartError", "ContainerCannotRun"].includes(textAt(ending, "reason")));
  return isObject(at(status, "state", "running")) || ran;
}

function endings(status: JsonObject): JsonObject[] {
  return [at(status, "state", "terminated"), at(status, "lastState", "terminated")].filter(isObject);
}
