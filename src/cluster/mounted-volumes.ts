import { isObject, type Json, type KubeObject, listAt, objectAt, textAt } from "./objects.ts";

/** The pod template of a workload, its claim templates among its volumes. */
interface Pods {
  object: KubeObject;
  /** `spec.template.spec`, or what stands in its place. */
  spec: Json;
}

/**
 * What the volume is called now that pods had under this name: the only one that came when it went as the only one, of the same type. Undefined where none is, or
 * where one of both is a claim template.
 */
export function renamedVolume(then: Pods, now: Pods, wrong: string): string | undefined {
  const [old, today] = [then, now].map(({ spec }) => listAt(spec, "volumes"));
  const isAmong = (volumes: readonly Json[] | undefined, volume: Json) => volumes?.some((other) => textAt(other, "name") === textAt(volume, "name")) ?? false;
  const [gone, ...went] = old?.filter((volume) => !isAmong(today, volume)) ?? [];
  const [come, ...came] = today?.filter((volume) => !isAmong(old, volume)) ?? [];
  const isOnly = textAt(gone, "name") === wrong && come !== undefined && went.length + came.length === 0;
  return isOnly && typeOf(gone) === typeOf(come) ? textAt(come, "name") : undefined;
}

/** Whether a volume of pods is an empty directory of their own (Kubernetes API: EmptyDirVolumeSource). */
export function isEmptyDir(spec: Json, volume: string): boolean {
  return listAt(spec, "volumes").some((one) => textAt(one, "name") === volume && isObject(objectAt(one).emptyDir));
}

/** `emptyDir`, `configMap`: the one field beside the name (Kubernetes API: VolumeSource). */
function typeOf(volume: Json | undefined): string {
  return isObject(volume)
    ? Object.keys(volume)
        .filter((field) => field !== "name")
        .join()
    : "";
}

/** Names of the volumes that pods have, and of those that no container of them mounts (Kubernetes API: PodSpec, StatefulSetSpec). */
export function volumesOf({ object, spec }: Pods): { names: string[]; unmounted: string[] } {
  const templates = object.kind === "StatefulSet" ? listAt(object, "spec", "volumeClaimTemplates").map((template) => textAt(template, "metadata", "name")) : [];
  const names = [...listAt(spec, "volumes").map((volume) => textAt(volume, "name")), ...templates];
  const containers = ["containers", "initContainers"].flatMap((list) => listAt(spec, list));
  const mounted = new Set(containers.flatMap((container) => listAt(container, "volumeMounts").map((mount) => textAt(mount, "name"))));
  return { names, unmounted: names.filter((name) => !mounted.has(name)) };
}
