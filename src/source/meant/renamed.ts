// What a commit renamed: the only object of its kind that went, and the only one that came, where they are alike in what others use them for. What still asks for
// the old name is led to the new one.
import { configMapKeys } from "../../cluster/config-map.ts";
import { at, type Json, type KubeObject, listAt, objectAt, textAt } from "../../cluster/objects.ts";
import { sameJson } from "../edit/field-path.ts";
import { withoutHash } from "../plan/differences.ts";

export interface Renamed {
  from: KubeObject;
  to: KubeObject;
}

/** What is called by this name no more, under its name of today. */
export function calledNow(renamed: Renamed | undefined, name: string): string | undefined {
  return textAt(renamed?.from, "metadata", "name") === name ? textAt(renamed?.to, "metadata", "name") : undefined;
}

/**
 * What the one ConfigMap that went is called now, where exactly one came: it holds all its keys, or all but one of them. What it holds in them may have changed
 * with its name. Names are compared without a generator's hash.
 */
export function renamedConfigMap(then: readonly KubeObject[], now: readonly KubeObject[], namespace: string): Renamed | undefined {
  const renamed = onlyRenamed(then, now, { kind: "ConfigMap", namespace });
  if (!renamed) return undefined;
  const [old, today] = [renamed.from, renamed.to].map((map) => new Set(configMapKeys(map)));
  if (!old || !today || old.size === 0) return undefined;
  const kept = [...old].filter((key) => today.has(key));
  const isOne = kept.length === old.size || (kept.length === old.size - 1 && today.size <= old.size);
  return kept.length > 0 && isOne ? renamed : undefined;
}

interface Kind {
  kind: string;
  namespace: string;
}

/** The only object of a kind that went from a namespace, and the only one that came. */
function onlyRenamed(then: readonly KubeObject[], now: readonly KubeObject[], kind: Kind): Renamed | undefined {
  const { went, came } = moved(then, now, kind);
  const [[from, ...gone], [to, ...more]] = [went, came];
  return from && to && gone.length + more.length === 0 && from.apiVersion === to.apiVersion ? { from, to } : undefined;
}

/** What of a kind went from a namespace, and what came. */
function moved(then: readonly KubeObject[], now: readonly KubeObject[], { kind, namespace }: Kind): { went: KubeObject[]; came: KubeObject[] } {
  const here = (objects: readonly KubeObject[]) =>
    objects.filter((object) => object.kind === kind && [namespace, ""].includes(textAt(object, "metadata", "namespace")));
  const isAmong = (objects: readonly KubeObject[], object: KubeObject) =>
    objects.some((other) => withoutHash(textAt(other, "metadata", "name")) === withoutHash(textAt(object, "metadata", "name")));
  const [old, today] = [here(then), here(now)];
  return { went: old.filter((object) => !isAmong(today, object)), came: today.filter((object) => !isAmong(old, object)) };
}

/** A claim for the same: whatever asks for the old one gets as much of the same storage. What was in the old one is not in it. */
export function renamedClaim(then: readonly KubeObject[], now: readonly KubeObject[], namespace: string): Renamed | undefined {
  const renamed = onlyRenamed(then, now, { kind: "PersistentVolumeClaim", namespace });
  return renamed && sameJson(renamed.from.spec, renamed.to.spec) ? renamed : undefined;
}

/**
 * An account that is the same but for its name (annotations give some clouds' rights), and to which no role is bound that was not bound to the old one. Of several
 * that were made one, all were the same. @param name which of them is asked for
 */
export function renamedAccount(then: readonly KubeObject[], now: readonly KubeObject[], namespace: string, name?: string): Renamed | undefined {
  const { went, came } = moved(then, now, { kind: "ServiceAccount", namespace });
  const [to, ...more] = came;
  const from = went.length === 1 ? went[0] : went.find((account) => textAt(account, "metadata", "name") === name);
  if (!from || !to || more.length > 0 || !went.every((account) => sameJson(contentOf(account), contentOf(to)))) return undefined;
  const old = rolesOf(then, from, namespace);
  return rolesOf(now, to, namespace).every((role) => old.includes(role)) ? { from, to } : undefined;
}

function contentOf(account: KubeObject): Json {
  return { ...account, metadata: objectAt(account, "metadata", "annotations") };
}

/** The roles that are bound to an account, each with where it holds. */
function rolesOf(objects: readonly KubeObject[], account: KubeObject, namespace: string): string[] {
  const isAccount = (subject: Parameters<typeof textAt>[0]) =>
    textAt(subject, "kind") === "ServiceAccount" &&
    textAt(subject, "name") === textAt(account, "metadata", "name") &&
    [namespace, ""].includes(textAt(subject, "namespace"));
  const bindings = objects.filter((object) => ["RoleBinding", "ClusterRoleBinding"].includes(object.kind) && listAt(object, "subjects").some(isAccount));
  return bindings.map((binding) =>
    JSON.stringify([binding.kind, textAt(binding, "metadata", "namespace"), rolePart(binding, "kind"), rolePart(binding, "name")]),
  );
}

function rolePart(binding: KubeObject, field: string): string {
  return textAt(objectAt(binding, "roleRef"), field);
}

/** A priority class that is the same but for its name (scheduling.k8s.io/v1): pods that ask for it go before others as they did. @param name which one is asked for */
export function renamedPriorityClass(then: readonly KubeObject[], now: readonly KubeObject[], name: string): Renamed | undefined {
  return renamedClass(then, now, { kind: "PriorityClass", fields: ["value", "globalDefault", "preemptionPolicy"], name });
}

/** A runtime class that is the same but for its name (node.k8s.io/v1): pods that ask for it run as they did. @param name which one is asked for */
export function renamedRuntimeClass(then: readonly KubeObject[], now: readonly KubeObject[], name: string): Renamed | undefined {
  return renamedClass(then, now, { kind: "RuntimeClass", fields: ["handler", "overhead", "scheduling"], name });
}

/** Of several that were renamed at once, those that say the same are one. */
function renamedClass(
  then: readonly KubeObject[],
  now: readonly KubeObject[],
  { kind, fields, name }: { kind: string; fields: readonly string[]; name: string },
): Renamed | undefined {
  const { went, came } = moved(then, now, { kind, namespace: "" });
  const isSame = (one: KubeObject, other: KubeObject) => fields.every((field) => sameJson(at(one, field) ?? null, at(other, field) ?? null));
  const from = went.find((one) => textAt(one, "metadata", "name") === name);
  const [to, ...more] = from ? came.filter((one) => one.apiVersion === from.apiVersion && isSame(from, one)) : [];
  const isOnly = to !== undefined && more.length === 0 && went.filter((one) => isSame(one, to)).length === 1;
  return from && isOnly ? { from, to } : undefined;
}
