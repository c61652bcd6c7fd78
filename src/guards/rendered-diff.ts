import { type KubeObject, type ObjectRef, refOf } from "../cluster/objects.ts";
import { withoutHashes } from "../source/differences.ts";
import { type FieldChange, getIn, sameJson } from "../source/field-path.ts";
import { leafChanges } from "./leaf-changes.ts";

/** One rendered object that is not the same any more. */
export interface ChangedObject {
  ref: ObjectRef;
  before: KubeObject | undefined;
  after: KubeObject | undefined;
  changes: FieldChange[];
}

/**
 * Which rendered objects differ, appear or vanish. Objects are told apart by group, kind, namespace and name; the names of generated ones follow from their
 * content, so that they and the references to them are compared without the hash.
 */
export function changedObjects(before: readonly KubeObject[], after: readonly KubeObject[]): ChangedObject[] {
  const [old, now] = [byRef(before), byRef(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key): ChangedObject[] => {
    const [was, is] = [old.get(key), now.get(key)];
    const any = is ?? was;
    if (!any || sameJson(was?.plain, is?.plain)) return [];
    return [
      {
        ref: refOf(any.object),
        before: was?.object,
        after: is?.object,
        changes: was && is ? leafChanges(was.plain, is.plain).map((change) => withHashes(change, was.object, is.object)) : [],
      },
    ];
  });
}

/** The values as they really are: a reference to a generated object with its hash. */
function withHashes(change: FieldChange, was: KubeObject, is: KubeObject): FieldChange {
  const [before, after] = [getIn(was, change.path), getIn(is, change.path)];
  return typeof change.before === "string" && typeof before === "string" && typeof after === "string" ? { ...change, before, after } : change;
}

/** As it is, and without the hashes of generated names. */
interface Named {
  object: KubeObject;
  plain: KubeObject;
}

/** Two objects of one name are kept apart by their position, so that a duplicate is seen as an added object. */
function byRef(objects: readonly KubeObject[]): Map<string, Named> {
  const map = new Map<string, Named>();
  for (const [i, plain] of withoutHashes(objects).entries()) {
    const { group, kind, namespace, name } = refOf(plain);
    let key = JSON.stringify([group, kind, namespace, name]);
    while (map.has(key)) key += "+";
    map.set(key, { object: objects[i] ?? plain, plain });
  }
  return map;
}
