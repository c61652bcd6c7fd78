import { type KubeObject, listAt, refOf, sameRef, textAt } from "../../cluster/objects.ts";
import { diffFields, getIn } from "../edit/field-path.ts";
import { pathsIn } from "../plan/candidates.ts";
import { withoutHash } from "../plan/differences.ts";

/**
 * What a key of a ConfigMap, or of a Secret, is called now: to which one other readers went since, that asked for this key of it at the last good revision, or which
 * one they give out as a file of this name. Undefined where none did, or where they do not agree.
 */
export function followedKey(
  then: readonly KubeObject[],
  now: readonly KubeObject[],
  name: string,
  key: string,
  reference: "configMapKeyRef" | "secretKeyRef" = "configMapKeyRef",
): string | undefined {
  const given = (object: KubeObject) => (reference === "configMapKeyRef" ? keysGivenOutAs(key, object, name) : []);
  const [only, ...others] = new Set(now.flatMap((object) => [...keysFollowed(then, object, { name, key, reference }), ...given(object)]));
  return others.length === 0 ? only : undefined;
}

/** Keys of the ConfigMap that a volume has under another one's name (KeyToPath). */
function keysGivenOutAs(key: string, object: KubeObject, name: string): string[] {
  return pathsIn(object, (node, path) => path.at(-1) === "configMap" && withoutHash(textAt(node, "name")) === withoutHash(name))
    .flatMap((path) => listAt(getIn(object, path) ?? null, "items"))
    .filter((item) => textAt(item, "path") === key && textAt(item, "key") !== key)
    .map((item) => textAt(item, "key"));
}

function keysFollowed(then: readonly KubeObject[], object: KubeObject, { name, key, reference }: { name: string; key: string; reference: string }): string[] {
  const before = then.find((one) => sameRef(refOf(one), refOf(object)));
  if (!before) return [];
  return diffFields(before, object, []).flatMap(({ path, before: old, after }) => {
    const isOfMap = path.at(-2) === reference && withoutHash(textAt(getIn(object, [...path.slice(0, -1), "name"]))) === withoutHash(name);
    return path.at(-1) === "key" && isOfMap && old === key && typeof after === "string" ? [after] : [];
  });
}
