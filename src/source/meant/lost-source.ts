import { configMapKeys } from "../../cluster/config-map.ts";
import { isObject, type Json, type JsonObject, type KubeObject, listAt, textAt } from "../../cluster/objects.ts";
import { sameJson } from "../edit/field-path.ts";
import { withoutHash } from "../plan/differences.ts";

/** What is rendered in the workload's namespace, today and at the last good revision. */
export interface Manifests {
  now: readonly KubeObject[];
  past: readonly KubeObject[];
}

/**
 * The sources of a container's variables as they are, with those back that the last good revision had and that would give what is missed. Where none is left, all
 * come back: they went together. Undefined where others came in their place (somebody wanted that), or where what they name went too.
 */
export function sourcesBack(now: Json, then: Json, missed: readonly string[], manifests: Manifests): JsonObject[] | undefined {
  const [kept, old] = [listAt(now, "envFrom"), listAt(then, "envFrom")].map((list) => list.filter(isObject)) as [JsonObject[], JsonObject[]];
  const lost = old.filter((source) => !kept.some((one) => isSame(one, source)));
  const hasOthers = kept.some((source) => !old.some((one) => isSame(one, source)));
  const own = listAt(now, "env").map((item) => textAt(item, "name"));
  const open = missed.filter((name) => !own.includes(name) && !kept.some((source) => gives(source, name, manifests.now)));
  const giving = lost.filter((source) => open.some((name) => gives(source, name, manifests.now)));
  // What a Secret holds is not for manifests to say: it gives what is missed where nothing else can.
  const [secret, ...more] = lost.filter((source) => isObject(source.secretRef));
  const found = giving.length > 0 ? giving : secret && open.length > 0 && more.length === 0 && lost.length === 1 ? [secret] : [];
  const back = kept.length === 0 && found.length > 0 ? lost : found;
  if (back.length === 0 || hasOthers || back.some((source) => isTakenApart(source, now, then, manifests.now))) return undefined;
  const today = back.map((source) => asToday(source, manifests));
  return today.includes(undefined) ? undefined : inOrder(old, kept, back, today as JsonObject[]);
}

/** Whether the container has some of what a source gave one by one now: then that it is not read as a whole was wanted. */
function isTakenApart(source: JsonObject, now: Json, then: Json, objects: readonly KubeObject[]): boolean {
  const [own, old] = [now, then].map((container) => listAt(container, "env").map((item) => textAt(item, "name"))) as [string[], string[]];
  return own.some((name) => !old.includes(name) && gives(source, name, objects));
}

/** Whether both lists have the same sources, in the same order. */
export function sameSources(one: Json, other: Json): boolean {
  const [a, b] = [listAt(one), listAt(other)];
  const isAlike = (source: Json, beside: Json | undefined) => isObject(source) && isObject(beside) && isSame(source, beside);
  return a.length === b.length && a.every((source, i) => isAlike(source, b[i]));
}

/** Whether both name the same ConfigMap or Secret, a generated one by whatever hash, with the same prefix. */
function isSame(one: JsonObject, other: JsonObject): boolean {
  return sameJson(stable(one), stable(other));
}

function stable(source: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(source).map(([key, value]) => [key, isObject(value) ? { ...value, name: withoutHash(textAt(value, "name")) } : value]),
  );
}

function gives(source: JsonObject, variable: string, objects: readonly KubeObject[]): boolean {
  const prefix = textAt(source, "prefix");
  const map = variable.startsWith(prefix) ? objectOf(source, objects) : undefined;
  return map?.kind === "ConfigMap" && configMapKeys(map).includes(variable.slice(prefix.length));
}

/** What a source names, a generated object by whatever hash. */
function objectOf(source: JsonObject, objects: readonly KubeObject[]): KubeObject | undefined {
  const [kind, name] = isObject(source.configMapRef) ? ["ConfigMap", textAt(source, "configMapRef", "name")] : ["Secret", textAt(source, "secretRef", "name")];
  const alike = objects.filter((object) => object.kind === kind);
  return alike.find((object) => object.metadata.name === name) ?? alike.find((object) => withoutHash(textAt(object, "metadata", "name")) === withoutHash(name));
}

/** The source with the name that its object has today; undefined where the delivery made that and makes it no more. */
function asToday(source: JsonObject, { now, past }: Manifests): JsonObject | undefined {
  const today = objectOf(source, now);
  const field = isObject(source.configMapRef) ? "configMapRef" : "secretRef";
  const reference = source[field];
  if (today) return { ...source, [field]: { ...(isObject(reference) ? reference : {}), name: textAt(today, "metadata", "name") } };
  return objectOf(source, past) ? undefined : source;
}

/** Each before the first of those that stayed which it stood before: of several sources of one variable the last one counts. */
function inOrder(old: readonly JsonObject[], kept: readonly JsonObject[], back: readonly JsonObject[], today: readonly JsonObject[]): JsonObject[] {
  const list = [...kept];
  for (const [i, source] of back.entries()) {
    const later = old.slice(old.indexOf(source) + 1);
    const at = list.findIndex((one) => later.some((other) => isSame(one, other)));
    const item = today[i] ?? source;
    list.splice(at < 0 ? list.length : at, 0, item);
  }
  return list;
}
