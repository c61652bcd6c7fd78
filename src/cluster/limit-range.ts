import { type KubeObject, listAt, textAt } from "./objects.ts";

/** The memory limit that a namespace gives to containers without one (core/v1 LimitRangeItem, `default`); undefined where none does, or several do. */
export function defaultMemoryLimit(objects: readonly KubeObject[], namespace: string): string | undefined {
  const ranges = objects.filter((object) => object.kind === "LimitRange" && textAt(object, "metadata", "namespace") === namespace);
  const entries = ranges.flatMap((range) => listAt(range, "spec", "limits")).filter((entry) => textAt(entry, "type") === "Container");
  const [given, ...more] = new Set(entries.map((entry) => textAt(entry, "default", "memory")).filter((limit) => limit !== ""));
  return more.length === 0 ? given : undefined;
}
