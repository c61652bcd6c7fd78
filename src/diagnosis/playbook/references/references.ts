import { at, isObject, type Json, type KubeObject, listAt, textAt } from "../../../cluster/objects.ts";
import type { FieldPath } from "../../../source/edit/field-path.ts";
import { containersOf, podSpecOf, podSpecPath } from "../../workload.ts";

/** One place where a pod template refers to a ConfigMap or Secret. */
export interface Reference {
  kind: "ConfigMap" | "Secret";
  name: string;
  namePath: FieldPath;
  key?: string;
  keyPath?: FieldPath;
  volume?: string;
  /** Whether the pod starts without it. */
  optional: boolean;
}

/** All references of a workload to ConfigMaps and Secrets: env, envFrom, volumes and projected volumes. */
export function referencesOf(object: KubeObject): Reference[] {
  const spec = podSpecPath(object.kind);
  if (!spec) return [];
  const environment = containersOf(object).flatMap(({ path, value }) => [
    ...listAt(value, "env").flatMap((item) => fromVariable(item, [...path, "env", { key: "name", value: textAt(item, "name") }])),
    ...listAt(value, "envFrom").flatMap((item, i) => fromSource(item, [...path, "envFrom", i])),
  ]);
  const volumes = listAt(podSpecOf(object), "volumes").flatMap((volume) => {
    const name = textAt(volume, "name");
    const path: FieldPath = [...spec, "volumes", { key: "name", value: name }];
    const projected = isObject(volume) ? listAt(volume, "projected", "sources") : [];
    return [...fromVolume(volume, path, name), ...projected.flatMap((source, i) => fromVolume(source, [...path, "projected", "sources", i], name))];
  });
  return [...environment, ...volumes];
}

function isOptional(item: Json, ...path: string[]): boolean {
  return at(item, ...path, "optional") === true;
}

const VARIABLE = [
  ["configMapKeyRef", "ConfigMap"],
  ["secretKeyRef", "Secret"],
] as const;

function fromVariable(item: Json, path: FieldPath): Reference[] {
  return VARIABLE.flatMap(([field, kind]) => {
    const name = textAt(item, "valueFrom", field, "name");
    const base: FieldPath = [...path, "valueFrom", field];
    if (name === "") return [];
    const key = textAt(item, "valueFrom", field, "key");
    return [{ kind, name, namePath: [...base, "name"], key, keyPath: [...base, "key"], optional: isOptional(item, "valueFrom", field) }];
  });
}

const SOURCE = [
  ["configMapRef", "ConfigMap"],
  ["secretRef", "Secret"],
] as const;

function fromSource(item: Json, path: FieldPath): Reference[] {
  return SOURCE.flatMap(([field, kind]) => {
    const name = textAt(item, field, "name");
    return name === "" ? [] : [{ kind, name, namePath: [...path, field, "name"], optional: isOptional(item, field) }];
  });
}

const VOLUME = [
  ["configMap", "name", "ConfigMap"],
  ["secret", "secretName", "Secret"],
  ["secret", "name", "Secret"],
] as const;

function fromVolume(item: Json, path: FieldPath, volume: string): Reference[] {
  return VOLUME.flatMap(([field, nameField, kind]) => {
    const name = textAt(item, field, nameField);
    if (name === "") return [];
    const whole = { kind, name, namePath: [...path, field, nameField], volume, optional: isOptional(item, field) };
    const items = listAt(item, field, "items").map((entry, i) => ({ ...whole, key: textAt(entry, "key"), keyPath: [...path, field, "items", i, "key"] }));
    return [whole, ...items];
  });
}
