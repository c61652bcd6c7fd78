import { type Json, type KubeObject, listAt, textAt } from "./objects.ts";

/** The pod template of a workload, its claim templates among its volumes. */
interface Pods {
  object: KubeObject;
  /** `spec.template.spec`, or what stands in its place. */
  spec: Json;
}

/** Names of the volumes that pods have, and of those that no container of them mounts (Kubernetes API: PodSpec, StatefulSetSpec). */
export function volumesOf({ object, spec }: Pods): { names: string[]; unmounted: string[] } {
  const templates = object.kind === "StatefulSet" ? listAt(object, "spec", "volumeClaimTemplates").map((template) => textAt(template, "metadata", "name")) : [];
  const names = [...listAt(spec, "volumes").map((volume) => textAt(volume, "name")), ...templates];
  const containers = ["containers", "initContainers"].flatMap((list) => listAt(spec, list));
  const mounted = new Set(containers.flatMap((container) => listAt(container, "volumeMounts").map((mount) => textAt(mount, "name"))));
  return { names, unmounted: names.filter((name) => !mounted.has(name)) };
}
