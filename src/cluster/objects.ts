/** Plain data as JSON and YAML know it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** A Kubernetes object as the API server sends it or a manifest holds it. */
export interface KubeObject extends JsonObject {
  apiVersion: string;
  kind: string;
  metadata: JsonObject;
}

/** Names one object without its version: `group` is "" for the core group, `namespace` "" for cluster-scoped kinds. */
export interface ObjectRef {
  group: string;
  kind: string;
  namespace: string;
  name: string;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value below `value` at these keys and indexes, or undefined where anything on the way is missing. */
export function at(value: Json | undefined, ...keys: readonly (string | number)[]): Json | undefined {
  let here = value;
  for (const key of keys) {
    if (Array.isArray(here) && typeof key === "number") here = here[key];
    else if (isObject(here) && typeof key === "string" && Object.hasOwn(here, key)) here = here[key];
    else return undefined;
  }
  return here;
}

/** Like {@link at}, but only a string counts: "" where there is none. */
export function textAt(value: Json | undefined, ...keys: readonly (string | number)[]): string {
  const found = at(value, ...keys);
  return typeof found === "string" ? found : "";
}

/** Like {@link at}, but only a number counts. */
export function numberAt(value: Json | undefined, ...keys: readonly (string | number)[]): number | undefined {
  const found = at(value, ...keys);
  return typeof found === "number" ? found : undefined;
}

/** Like {@link at}, but only a list counts: empty where there is none. */
export function listAt(value: Json | undefined, ...keys: readonly (string | number)[]): Json[] {
  const found = at(value, ...keys);
  return Array.isArray(found) ? found : [];
}

/** Like {@link at}, but only a mapping counts: empty where there is none. */
export function objectAt(value: Json | undefined, ...keys: readonly (string | number)[]): JsonObject {
  const found = at(value, ...keys);
  return isObject(found) ? found : {};
}

/** Whether a value has the three fields without which nothing is a Kubernetes object. */
export function isKubeObject(value: Json | undefined): value is KubeObject {
  return isObject(value) && textAt(value, "apiVersion") !== "" && textAt(value, "kind") !== "" && isObject(value.metadata);
}

export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

export function refOf(object: KubeObject): ObjectRef {
  return {
    group: groupOf(object.apiVersion),
    kind: object.kind,
    namespace: textAt(object, "metadata", "namespace"),
    name: textAt(object, "metadata", "name"),
  };
}

export function sameRef(a: ObjectRef, b: ObjectRef): boolean {
  return a.group === b.group && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}

/** `Deployment shop/checkout`, for people. */
export function describeRef(ref: ObjectRef): string {
  return `${ref.kind} ${ref.namespace === "" ? "" : `${ref.namespace}/`}${ref.name}`;
}

/** `{}`: nothing stands in it, so that it is as whole as a scalar (`emptyDir: {}`). */
export function isEmptyMapping(value: Json | undefined): boolean {
  return value !== undefined && isObject(value) && Object.keys(value).length === 0;
}

/** The scalar strings anywhere below a value. */
export function stringsIn(value: Json | undefined): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  return isObject(value) ? Object.values(value).flatMap(stringsIn) : [];
}
