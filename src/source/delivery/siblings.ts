import { describeRef, type KubeObject, listAt, refOf, sameRef, textAt } from "../../cluster/objects.ts";
import { differences } from "../plan/differences.ts";
import type { ManifestRefs } from "./manifest-refs.ts";

/**
 * Other deliveries that change where what makes this delivery's manifest is rendered differently: their own manifests change, or a ConfigMap from which they take
 * variables or values too. Other objects that change are named as well.
 */
export function changedSiblings(own: KubeObject, refs: ManifestRefs, before: readonly KubeObject[], after: readonly KubeObject[]): string[] {
  const changed = new Map([...differences(before, after).values()].map(({ object }) => [describeRef(object), object]));
  const names = [...changed].flatMap(([name, object]) => {
    if (object.kind === own.kind && object.name === refOf(own).name) return [];
    const found = before.find((candidate) => sameRef(refOf(candidate), object));
    if (object.kind !== "ConfigMap" || !found || !refs.decides(found)) return [name];
    return before.filter((other) => takesFrom(other, object.name) && refOf(other).name !== refOf(own).name).map((other) => describeRef(refOf(other)));
  });
  return [...new Set(names)];
}

function takesFrom(delivery: KubeObject, configMap: string): boolean {
  const sources = [...listAt(delivery, "spec", "postBuild", "substituteFrom"), ...listAt(delivery, "spec", "valuesFrom")];
  return sources.some((from) => textAt(from, "kind") === "ConfigMap" && textAt(from, "name") === configMap);
}
