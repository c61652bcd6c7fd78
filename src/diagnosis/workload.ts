import { isObject, type JsonObject, type KubeObject, listAt, objectAt, textAt } from "../cluster/objects.ts";
import { type FieldPath, getIn, listKey } from "../source/edit/field-path.ts";

/** Where each kind keeps its pod template (Kubernetes API, workload resources). */
const TEMPLATES: ReadonlyMap<string, FieldPath> = new Map([
  ["Deployment", ["spec", "template"]],
  ["StatefulSet", ["spec", "template"]],
  ["DaemonSet", ["spec", "template"]],
  ["ReplicaSet", ["spec", "template"]],
  ["Job", ["spec", "template"]],
  ["CronJob", ["spec", "jobTemplate", "spec", "template"]],
  ["Pod", []],
]);

export interface ContainerAt {
  name: string;
  init: boolean;
  path: FieldPath;
  value: JsonObject;
}

/** Whether pods come from this kind of object. */
export function isWorkload(kind: string): boolean {
  return TEMPLATES.has(kind);
}

/** `spec.template.spec` and the like; undefined for kinds without pods. */
export function podSpecPath(kind: string): FieldPath | undefined {
  const template = TEMPLATES.get(kind);
  return template && [...template, "spec"];
}

/** The pod spec of a workload; empty where there is none. */
export function podSpecOf(object: KubeObject): JsonObject {
  const path = podSpecPath(object.kind);
  const found = path && getIn(object, path);
  return isObject(found) ? found : {};
}

/** The labels that a workload's pods carry. */
export function podLabelsOf(object: KubeObject): JsonObject {
  const path = TEMPLATES.get(object.kind);
  return path ? objectAt(getIn(object, path), "metadata", "labels") : {};
}

/** Normal and init containers (sidecars among them), with their paths in the object. */
export function containersOf(object: KubeObject): ContainerAt[] {
  const spec = podSpecPath(object.kind);
  if (!spec) return [];
  return (["containers", "initContainers"] as const).flatMap((list) =>
    listAt(podSpecOf(object), list).flatMap((value): ContainerAt[] => {
      const name = textAt(value, "name");
      return isObject(value) && name !== "" ? [{ name, init: list === "initContainers", path: [...spec, list, { key: "name", value: name }], value }] : [];
    }),
  );
}

/** The mount of a container at this place of its list, with its path: by what tells the mounts apart, where anything does. */
export function mountPathAt({ path, value }: ContainerAt, index: number): FieldPath {
  const mounts = listAt(value, "volumeMounts");
  const key = listKey(mounts);
  return [...path, "volumeMounts", key === undefined ? index : { key, value: textAt(mounts[index], key) }];
}

/** One container of a workload by name. */
export function containerOf(object: KubeObject | undefined, name: string): ContainerAt | undefined {
  return object && containersOf(object).find((container) => container.name === name);
}
