import { describeRef, isKubeObject, isObject, type Json, type KubeObject, type ObjectRef, refOf, sameRef, textAt } from "../../cluster/objects.ts";
import { diffFields, type FieldPath, formatPath } from "../edit/field-path.ts";
import { setIn } from "../edit/set-in.ts";
import type { ObjectChange } from "../workspace.ts";
import { withoutChecksums } from "./checksums.ts";

/** One field in which rendered objects differ from the wanted ones. */
export interface Difference {
  object: ObjectRef;
  path: FieldPath;
  is: Json | undefined;
  wanted: Json | undefined;
}

/** `Deployment shop/checkout spec.replicas`, for people. */
export function describeField(object: ObjectRef, path: FieldPath): string {
  return `${formatPath(path)} of ${describeRef(object)}`;
}

/** Every difference between two renderings, by a key that is the same only for the same difference. The order of keyed lists does not count, nor a hash of content. */
export function differences(objects: readonly KubeObject[], wanted: readonly KubeObject[]): Map<string, Difference> {
  const [is, should] = [comparable(objects), comparable(wanted)];
  const found = new Map<string, Difference>();
  for (const id of new Set([...is.keys(), ...should.keys()])) {
    const object = is.get(id) ?? should.get(id);
    if (!object) continue;
    for (const { path, before, after } of diffFields(is.get(id), should.get(id))) {
      found.set(JSON.stringify([id, path, before, after]), { object: refOf(object), path, is: before, wanted: after });
    }
  }
  return found;
}

function comparable(objects: readonly KubeObject[]): Map<string, KubeObject> {
  return byRef(withoutHashes(objects).map(withoutChecksums));
}

function byRef(objects: readonly KubeObject[]): Map<string, KubeObject> {
  return new Map(objects.map((object) => [JSON.stringify(refOf(object)), object]));
}

/** Whether nothing new differs, and something that differed does no more. */
export function isProgress(before: ReadonlyMap<string, Difference>, after: ReadonlyMap<string, Difference>): boolean {
  return after.size < before.size && [...after.keys()].every((key) => before.has(key));
}

/** The objects as the changes want them; a change of an object that is not there, and that it does not bring as a whole. */
export function applyChanges(objects: readonly KubeObject[], changes: readonly ObjectChange[]): KubeObject[] | ObjectChange {
  const changed = [...objects];
  const positions = changes.map((change) => changed.findIndex((object) => sameRef(refOf(object), change.object)));
  for (const change of removalsLast(changes.map((change, i) => ({ ...change, position: positions[i] ?? -1 })))) {
    const before = changed[change.position];
    if (!before && change.path.length === 0 && isKubeObject(change.after)) {
      changed.push(change.after);
      continue;
    }
    if (!before) return change;
    changed[change.position] = setIn(before, change.path, change.after) as KubeObject;
  }
  return changed;
}

function removalsLast<T extends ObjectChange>(changes: readonly T[]): T[] {
  return [...changes.filter(({ after }) => after !== undefined), ...changes.filter(({ after }) => after === undefined).reverse()];
}

/** kustomize's hash of a generated ConfigMap or Secret: ten characters of a reduced alphabet. */
const HASH = /-[2456789bcdfghkmt]{10}$/;

/** The name of a generated object without its hash. */
export function withoutHash(name: string): string {
  return name.replace(HASH, "");
}

/** Whether two names are of one generated object with other content. */
export function isOtherHash(before: Json | undefined, after: Json | undefined): boolean {
  if (typeof before !== "string" || typeof after !== "string") return false;
  return HASH.test(before) && HASH.test(after) && withoutHash(before) === withoutHash(after);
}

/** Names of generated objects follow from their content: they are replaced, with all references to them, by one that does not change. */
export function withoutHashes(objects: readonly KubeObject[]): KubeObject[] {
  const generated = new Map<string, string>();
  for (const object of objects) {
    const name = textAt(object, "metadata", "name");
    if (isGenerated(object)) generated.set(name, `${withoutHash(name)}-#`);
  }
  return generated.size === 0 ? [...objects] : objects.map((object) => renamed(object, generated) as KubeObject);
}

/**
 * The objects of a second rendering with the names that generated objects have in the first: content decides such a name, so that without this every object that
 * refers to one would differ as well.
 */
export function withNamesOf(before: readonly KubeObject[], after: readonly KubeObject[]): KubeObject[] {
  const old = new Map(before.filter(isGenerated).map((object) => [stableName(object), textAt(object, "metadata", "name")]));
  const there = new Set(before.map((object) => textAt(object, "metadata", "name")));
  const names = new Map<string, string>();
  for (const object of after.filter(isGenerated)) {
    const [name, was] = [textAt(object, "metadata", "name"), old.get(stableName(object))];
    if (was !== undefined && was !== name && !there.has(name)) names.set(name, was);
  }
  return names.size === 0 ? [...after] : after.map((object) => renamed(object, names) as KubeObject);
}

function isGenerated(object: KubeObject): boolean {
  return ["ConfigMap", "Secret"].includes(object.kind) && HASH.test(textAt(object, "metadata", "name"));
}

function stableName(object: KubeObject): string {
  return JSON.stringify([object.kind, textAt(object, "metadata", "namespace"), withoutHash(textAt(object, "metadata", "name"))]);
}

function renamed(value: Json, names: ReadonlyMap<string, string>): Json {
  if (typeof value === "string") return names.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => renamed(item, names));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, renamed(item, names)]));
  return value;
}
