// By what Kubernetes tells the items of a list apart where it merges patches (x-kubernetes-patch-merge-key), where people tell them apart by their names.
import { isObject, type Json, type KubeObject, refOf, sameRef } from "../../cluster/objects.ts";
import type { ObjectChange } from "../workspace.ts";
import { getIn, type Segment } from "./field-path.ts";
import { setIn } from "./set-in.ts";

const KEYS: Readonly<Record<string, readonly string[]>> = { volumeMounts: ["mountPath"], ports: ["containerPort", "port"] };

/** A change within such an item, by the key that counts; where that key changes, one item goes and another one comes. */
export function byMergeKey(objects: readonly KubeObject[], change: ObjectChange): ObjectChange[] {
  const at = change.path.findIndex((segment, i) => typeof segment === "object" && segment.key === "name" && KEYS[String(change.path[i - 1])] !== undefined);
  if (at < 0) return [change];
  const object = objects.find((one) => sameRef(refOf(one), change.object));
  const before = getIn(object, change.path.slice(0, at + 1));
  const after = setIn(before, change.path.slice(at + 1), change.after);
  const names = KEYS[String(change.path[at - 1])] ?? [];
  const [was, is] = [keyed(before, names), keyed(after, names)];
  const place = (step: Segment) => [...change.path.slice(0, at), step];
  if (was && is && was.value === is.value) return [{ ...change, path: [...place(was), ...change.path.slice(at + 1)] }];
  const gone: ObjectChange[] = was ? [{ object: change.object, path: place(was), before, after: undefined }] : [];
  const come: ObjectChange[] = is ? [{ object: change.object, path: place(is), before: undefined, after }] : [];
  return gone.length + come.length > 0 ? [...gone, ...come] : [change];
}

function keyed(item: Json | undefined, names: readonly string[]): { key: string; value: string } | undefined {
  const key = isObject(item) ? names.find((name) => item[name] !== undefined) : undefined;
  return key === undefined || !isObject(item) ? undefined : { key, value: String(item[key]) };
}
