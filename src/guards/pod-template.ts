import { isObject, type JsonObject, listAt, textAt } from "../cluster/objects.ts";
import { type FieldPath, getIn } from "../source/edit/field-path.ts";

/** Where each kind keeps its pod spec (Kubernetes API, workload resources). */
const POD_SPECS: Readonly<Record<string, string>> = {
  Deployment: "spec.template.spec",
  StatefulSet: "spec.template.spec",
  DaemonSet: "spec.template.spec",
  ReplicaSet: "spec.template.spec",
  Job: "spec.template.spec",
  CronJob: "spec.jobTemplate.spec.template.spec",
  Pod: "spec",
  // Argo Rollouts: the same as a Deployment, but for its strategy.
  Rollout: "spec.template.spec",
};

/** The three lists of containers in a pod spec; sidecars are init containers that restart always. */
export const CONTAINER_LISTS = ["containers", "initContainers", "ephemeralContainers"] as const;

/** `spec.template.spec` and the like, or undefined for kinds without pods. */
export function podSpecPath(kind: string): string | undefined {
  return Object.hasOwn(POD_SPECS, kind) ? POD_SPECS[kind] : undefined;
}

/** The pod spec of a workload or of a patch for one; empty where there is none. */
export function podSpecOf(object: JsonObject): JsonObject {
  const path = podSpecPath(textAt(object, "kind"));
  const found = path === undefined ? undefined : getIn(object, path.split("."));
  return isObject(found) ? found : {};
}

/** Labels of the pods that a workload makes. */
export function podLabelsOf(object: JsonObject): JsonObject {
  const path = podSpecPath(textAt(object, "kind"))?.split(".").slice(0, -1) ?? [];
  const found = getIn(object, [...path, "metadata", "labels"]);
  return isObject(found) ? found : {};
}

export interface ContainerAt {
  list: (typeof CONTAINER_LISTS)[number];
  name: string;
  container: JsonObject;
}

/** All containers of a workload: normal, init (sidecars too) and ephemeral. */
export function containersOf(object: JsonObject): ContainerAt[] {
  const spec = podSpecOf(object);
  return CONTAINER_LISTS.flatMap((list) =>
    listAt(spec, list).flatMap((container, i): ContainerAt[] => (isObject(container) ? [{ list, name: textAt(container, "name") || `#${i}`, container }] : [])),
  );
}

/** The container (of the target object) that a path lies in, and the path below it; undefined outside of containers. */
export function inContainer(kind: string, path: FieldPath): { list: string; name: string; container: FieldPath; rest: FieldPath } | undefined {
  const prefix = podSpecPath(kind)?.split(".");
  if (!prefix?.every((key, i) => path[i] === key)) return undefined;
  const list = path[prefix.length];
  const item = path[prefix.length + 1];
  if (!CONTAINER_LISTS.some((known) => known === list) || typeof list !== "string" || typeof item !== "object") return undefined;
  return { list, name: item.value, container: path.slice(0, prefix.length + 2), rest: path.slice(prefix.length + 2) };
}
