import { type KubeObject, type ObjectRef, refOf } from "../cluster/objects.ts";
import { type FieldChange, sameJson } from "../source/edit/field-path.ts";
import { withChecksumsOf } from "../source/plan/checksums.ts";
import { withNamesOf } from "../source/plan/differences.ts";
import { leafChanges } from "./leaf-changes.ts";

/** One rendered object that is not the same any more. */
export interface ChangedObject {
  ref: ObjectRef;
  before: KubeObject | undefined;
  after: KubeObject | undefined;
  changes: FieldChange[];
}

/** Which rendered objects differ, appear or vanish. Objects are told apart by group, kind, namespace and name. */
export function changedObjects(before: readonly KubeObject[], after: readonly KubeObject[]): ChangedObject[] {
  // kustomize names a generated object after its content: the same object has another name where its content changed.
  const [old, now] = [byRef(before), byRef(withNamesOf(before, after))];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key): ChangedObject[] => {
    const [was, made] = [old.get(key), now.get(key)];
    // A hash of what a pod reads follows from that, and says nothing by itself.
    const is = was && made ? withChecksumsOf(was, made) : made;
    const any = is ?? was;
    if (!any || sameJson(was, is)) return [];
    return [{ ref: refOf(any), before: was, after: is, changes: was && is ? leafChanges(was, is) : [] }];
  });
}

/** Two objects of one name are kept apart by their position, so that a duplicate is seen as an added object. */
function byRef(objects: readonly KubeObject[]): Map<string, KubeObject> {
  const map = new Map<string, KubeObject>();
  for (const object of objects) {
    const { group, kind, namespace, name } = refOf(object);
    let key = JSON.stringify([group, kind, namespace, name]);
    while (map.has(key)) key += "+";
    map.set(key, object);
  }
  return map;
}
