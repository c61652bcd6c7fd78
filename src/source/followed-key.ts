import { type KubeObject, refOf, sameRef, textAt } from "../cluster/objects.ts";
import { withoutHash } from "./differences.ts";
import { diffFields, getIn } from "./field-path.ts";

/**
 * To which key of a ConfigMap other readers went since, that asked for this key of it at the last good revision: what it is called now. Undefined where none did, or
 * where they do not agree.
 */
export function followedKey(then: readonly KubeObject[], now: readonly KubeObject[], name: string, key: string): string | undefined {
  const [only, ...others] = new Set(now.flatMap((object) => keysFollowed(then, object, name, key)));
  return others.length === 0 ? only : undefined;
}

function keysFollowed(then: readonly KubeObject[], object: KubeObject, name: string, key: string): string[] {
  const before = then.find((one) => sameRef(refOf(one), refOf(object)));
  if (!before) return [];
  return diffFields(before, object, []).flatMap(({ path, before: old, after }) => {
    const isOfMap = path.at(-2) === "configMapKeyRef" && withoutHash(textAt(getIn(object, [...path.slice(0, -1), "name"]))) === withoutHash(name);
    return path.at(-1) === "key" && isOfMap && old === key && typeof after === "string" ? [after] : [];
  });
}
