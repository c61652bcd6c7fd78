import { isObject, type Json, type ObjectRef, objectAt, refOf, textAt } from "../../../cluster/objects.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { DiagnosisInput } from "../../diagnosis.ts";
import { configMapIn } from "../../history.ts";
import { pastOfMap } from "../../settings.ts";

/** Keys of ConfigMaps that went together with the variables that were taken from them: without its key a variable leads nowhere, and the pod would not even start. */
export function keysAlong(input: DiagnosisInput, { namespace }: Pick<ObjectRef, "namespace">, back: readonly FieldChange[]): ObjectChange[] {
  const items = back.flatMap(({ before }) => (Array.isArray(before) ? before : [before ?? null]));
  return items.flatMap((item) => keyOf(input, namespace, item) ?? []);
}

function keyOf(input: DiagnosisInput, namespace: string, item: Json): ObjectChange | undefined {
  const reference = isObject(item) ? objectAt(item, "valueFrom", "configMapKeyRef") : {};
  const [name, key] = [textAt(reference, "name"), textAt(reference, "key")];
  const now = name === "" ? undefined : configMapIn(input.rendered, namespace, name);
  const before = now && objectAt(pastOfMap(input, now), "data")[key];
  const isThere = now !== undefined && Object.hasOwn(objectAt(now, "data"), key);
  return now && before !== undefined && !isThere ? { object: refOf(now), path: ["data", key], before: undefined, after: before } : undefined;
}
