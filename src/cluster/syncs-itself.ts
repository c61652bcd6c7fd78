import { at, type KubeObject } from "./objects.ts";

/** Argo CD `spec.syncPolicy.automated`, where `enabled: false` (since 3.1) means the same as its absence. Flux always applies by itself. */
export function syncsItself(delivery: KubeObject): boolean {
  if (delivery.kind !== "Application") return true;
  const automated = at(delivery, "spec", "syncPolicy", "automated");
  return automated !== undefined && automated !== null && at(automated, "enabled") !== false;
}
