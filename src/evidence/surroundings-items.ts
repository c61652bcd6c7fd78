import { configMapKeys } from "../cluster/config-map.ts";
import { describeRef, type JsonObject, type KubeObject, listAt, objectAt, refOf, textAt } from "../cluster/objects.ts";
import type { Observation } from "../cluster/observation.ts";
import type { Incident, Symptom, SymptomReason } from "../incident/incident.ts";
import { type Draft, RANK } from "./draft.ts";
import { outline, pick } from "./outline.ts";

/** Which kinds around a workload can explain which symptom. */
const TELLING: Partial<Record<SymptomReason, readonly string[]>> = {
  "container-config": ["ConfigMap"],
  "container-start": ["ConfigMap"],
  crash: ["ConfigMap"],
  unschedulable: ["Node"],
  node: ["Node"],
  volume: ["PersistentVolumeClaim", "StorageClass", "ConfigMap"],
  backend: ["Service", "IngressClass"],
  render: ["ConfigMap"],
};
/** A refusal says itself what stood in the way. */
const REFUSING: readonly [RegExp, string][] = [
  [/quota/i, "ResourceQuota"],
  [/per (?:Container|Pod) is|must specify|LimitRange/i, "LimitRange"],
  [/serviceaccount/i, "ServiceAccount"],
];
const OBJECTS = 12;

/** Objects around the incident that may explain it: of ConfigMaps names and keys only, of nodes what they offer. */
export function surroundingsItems(incident: Incident, observation: Observation): Draft[] {
  const kinds = new Set(incident.symptoms.flatMap(kindsFor));
  const namespaces = new Set([incident.target.namespace, ...observation.managed.map(({ namespace }) => namespace), ""]);
  const all = [...observation.surroundings, ...observation.objects];
  return [...kinds].flatMap((kind): Draft[] => {
    const found = all.filter((object) => object.kind === kind && namespaces.has(textAt(object, "metadata", "namespace")));
    if (found.length === 0) return [];
    const lines = found.slice(0, OBJECTS).map(describe);
    const more = found.length > OBJECTS ? [`… ${found.length - OBJECTS} more`] : [];
    return [{ rank: RANK.surroundings, kind: "surroundings", source: `${kind}s around it`, text: [...lines, ...more].join("\n") }];
  });
}

function kindsFor({ reason, message }: Symptom): readonly string[] {
  if (reason !== "create-refused") return TELLING[reason] ?? [];
  const said = message.slice(0, 4096);
  return REFUSING.flatMap(([words, kind]) => (words.test(said) ? [kind] : []));
}

function describe(object: KubeObject): string {
  const name = describeRef(refOf(object));
  switch (object.kind) {
    case "ConfigMap": {
      const keys = configMapKeys(object);
      return `${name} has keys: ${keys.join(", ") || "none"}`;
    }
    case "Node":
      return `${name}\n${outline(nodeFacts(object), "  ")}`;
    case "ResourceQuota":
      return `${name}\n${outline({ hard: objectAt(object, "spec", "hard"), used: objectAt(object, "status", "used") }, "  ")}`;
    case "LimitRange":
      return `${name}\n${outline(listAt(object, "spec", "limits"), "  ")}`;
    case "PersistentVolumeClaim":
      return `${name} is ${textAt(object, "status", "phase")}\n${outline(pick(objectAt(object, "spec"), ["storageClassName", "accessModes", "resources", "volumeName", "selector"]), "  ")}`;
    default:
      return name;
  }
}

function nodeFacts(node: KubeObject): JsonObject {
  const unready = listAt(node, "status", "conditions").filter((c) => textAt(c, "type") === "Ready" && textAt(c, "status") !== "True");
  return {
    labels: objectAt(node, "metadata", "labels"),
    allocatable: pick(objectAt(node, "status", "allocatable"), ["cpu", "memory", "pods", "nvidia.com/gpu"]),
    ...(listAt(node, "spec", "taints").length > 0 ? { taints: listAt(node, "spec", "taints") } : {}),
    ...(unready.length > 0 ? { notReady: textAt(unready[0], "message") } : {}),
  };
}
