import { type Json, textAt } from "../../cluster/objects.ts";
import { type FieldPath, getIn, type Segment, sameJson } from "../edit/field-path.ts";

/**
 * Where an earlier state of an object has what stands at this path now. Items without a natural key are counted, and one that came or went before them moves them:
 * they are found again by what is around them, or by what tells them apart: the `path` of Ingress rules and of KeyToPath, the source of `envFrom`. Undefined where
 * the item is new.
 */
export function alignedPath(then: Json, now: Json, path: FieldPath): FieldPath | undefined {
  if (!path.some((segment) => typeof segment === "number")) return path;
  const aligned: Segment[] = [];
  for (const [i, segment] of path.entries()) {
    const [old, today] = [getIn(then, aligned), getIn(now, path.slice(0, i))];
    const isCounted = typeof segment === "number" && Array.isArray(old) && Array.isArray(today) && segment < today.length;
    const step = isCounted ? alignedIndex(old, today, segment) : segment;
    if (step === undefined) return undefined;
    aligned.push(step);
  }
  return aligned;
}

function alignedIndex(then: readonly Json[], now: readonly Json[], index: number): number | undefined {
  const found = byIdentity(then, now, index);
  if (found !== undefined) return found;
  const same = (i: number, j: number) => i >= 0 && j >= 0 && i < then.length && j < now.length && sameJson(then[i], now[j]);
  const shorter = Math.min(then.length, now.length);
  let [before, behind] = [0, 0];
  while (before < shorter && same(before, before)) before++;
  while (behind < shorter - before && same(then.length - 1 - behind, now.length - 1 - behind)) behind++;
  if (index < before) return index;
  if (index >= now.length - behind) return index + then.length - now.length;
  // What is left of both lists was changed in its place where it is as long, and otherwise nobody knows which is which.
  return then.length === now.length && isFree(then, now, index) ? index : undefined;
}

function byIdentity(then: readonly Json[], now: readonly Json[], index: number): number | undefined {
  const at = (items: readonly Json[], identity: string) => items.flatMap((item, i) => (identityOf(item) === identity ? [i] : []));
  const identity = identityOf(now[index] ?? null);
  const [old, ...more] = identity === "" ? [] : at(then, identity);
  return more.length === 0 && at(now, identity).length === 1 ? old : undefined;
}

function identityOf(item: Json): string {
  const [map, secret] = [textAt(item, "configMapRef", "name"), textAt(item, "secretRef", "name")];
  return textAt(item, "path") || (map && `configMap ${map}`) || (secret && `secret ${secret}`);
}

/** Whether the item's place in the earlier list is free for it: not that of an item which is found elsewhere now. */
function isFree(then: readonly Json[], now: readonly Json[], index: number): boolean {
  const old = then[index] ?? null;
  const identity = identityOf(old);
  return !now.some((item, i) => i !== index && (sameJson(item, old) || (identity !== "" && identityOf(item) === identity)));
}
