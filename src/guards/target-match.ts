import { groupOf, isObject, type Json, type KubeObject, listAt, type ObjectRef, objectAt, refOf, sameRef, textAt } from "../cluster/objects.ts";
import { withoutHash } from "../source/plan/differences.ts";
import { isTargetedAt } from "../source/plan/targeted-patch.ts";
import type { OfferedDocument } from "../source/workspace.ts";
import { containersOf, podSpecOf, podSpecPath } from "./pod-template.ts";

/**
 * Whether a manifest or patch is the source of a rendered object: the same kind and name, in the same namespace where it names one.
 * A kustomization may name the target of a patch itself. Kustomize may have put a prefix or suffix around the name: then it must be the only offered document that
 * fits.
 */
export function isSourceOf(document: OfferedDocument, target: ObjectRef, offered: readonly OfferedDocument[]): boolean {
  if (!couldBe(document.value, target)) return false;
  const name = textAt(document.value, "metadata", "name");
  if (name === target.name || (document.role === "patch" && isTargetedAt(document, target, offered))) return true;
  const rivals = offered.filter((other) => couldBe(other.value, target)).map((other) => textAt(other.value, "metadata", "name"));
  return isAffixed(target.name, name) && rivals.every((rival) => rival === name || (rival.length < name.length && rival !== target.name));
}

/** What a document is of, in the namespace of what fails. */
export function refOfDocument({ value }: Pick<OfferedDocument, "value">, namespace: string): ObjectRef {
  return { group: groupOf(textAt(value, "apiVersion")), kind: textAt(value, "kind"), namespace, name: textAt(value, "metadata", "name") };
}

function couldBe(value: Json, target: ObjectRef): boolean {
  const namespace = textAt(value, "metadata", "namespace");
  return (
    isObject(value) &&
    textAt(value, "kind") === target.kind &&
    groupOf(textAt(value, "apiVersion")) === target.group &&
    (namespace === "" || target.namespace === "" || namespace === target.namespace)
  );
}

/** `prod-checkout-v2` is `checkout` with affixes; `checkouts` is not. */
export function isAffixed(full: string, name: string): boolean {
  return name !== "" && `-${full}-`.includes(`-${name}-`);
}

/**
 * The object among rendered ones, by its name; where Argo CD fills the namespace in later, one without a namespace fits too, and of a generated ConfigMap the
 * one with another hash.
 */
export function findTarget(objects: readonly KubeObject[], target: ObjectRef): KubeObject | undefined {
  return (
    objects.find((object) => sameRef(refOf(object), target)) ??
    objects.find((object) => sameRef({ ...refOf(object), namespace: target.namespace }, target) && textAt(object, "metadata", "namespace") === "") ??
    generatedTwin(objects, target)
  );
}

/**
 * What went when this object came: a workload of another kind with its name and its pod template at the same place; else the only one of its kind that the earlier
 * objects have and the later ones have not, and whose containers are still there. Other than a Job, it must be the only one of its kind that came, too.
 */
export function predecessorOf(earlier: readonly KubeObject[], later: readonly KubeObject[], now: KubeObject | undefined): KubeObject | undefined {
  const place = now && podSpecPath(now.kind);
  if (!now || place === undefined) return undefined;
  const gone = earlier.filter((object) => podSpecPath(object.kind) === place && !later.some((other) => sameRef(refOf(other), refOf(object))));
  const namesake = gone.find((object) => object.kind !== now.kind && sameRef({ ...refOf(object), kind: now.kind }, refOf(now)));
  if (namesake) return namesake;
  const came = later.filter((object) => object.kind === now.kind && !earlier.some((other) => sameRef(refOf(other), refOf(object))));
  if (now.kind !== "Job" && came.length !== 1) return undefined;
  const names = new Set(containersOf(now).map(({ name }) => name));
  const renamed = gone.filter((object) => object.kind === now.kind && containersOf(object).every(({ name }) => names.has(name)));
  return renamed.length === 1 ? renamed[0] : undefined;
}

function generatedTwin(objects: readonly KubeObject[], target: ObjectRef): KubeObject | undefined {
  const name = withoutHash(target.name);
  if (target.kind !== "ConfigMap" || name === target.name) return undefined;
  const twins = objects.filter((object) => {
    const ref = refOf(object);
    return withoutHash(ref.name) !== ref.name && sameRef({ ...ref, name: withoutHash(ref.name) }, { ...target, name });
  });
  return twins.length === 1 ? twins[0] : undefined;
}

/** Whether this is one of the ConfigMaps that the failing workload reads; a namesake in another namespace is not. */
export function isOwnConfigMap(value: Json, target: ObjectRef, names: ReadonlySet<string>): boolean {
  const namespace = textAt(value, "metadata", "namespace");
  return (
    textAt(value, "kind") === "ConfigMap" &&
    textAt(value, "apiVersion") === "v1" &&
    names.has(textAt(value, "metadata", "name")) &&
    (namespace === "" || target.namespace === "" || namespace === target.namespace)
  );
}

/** Names of the ConfigMaps that a workload reads, by reference in its pod spec. */
export function configMapsOf(workload: KubeObject | undefined): Set<string> {
  if (!workload) return new Set();
  const inContainers = containersOf(workload).flatMap(({ container }) => [
    ...listAt(container, "envFrom").map((from) => textAt(from, "configMapRef", "name")),
    ...listAt(container, "env").map((env) => textAt(env, "valueFrom", "configMapKeyRef", "name")),
  ]);
  const inVolumes = listAt(podSpecOf(workload), "volumes").flatMap((volume) => [
    textAt(volume, "configMap", "name"),
    ...listAt(objectAt(volume, "projected"), "sources").map((source) => textAt(source, "configMap", "name")),
  ]);
  return new Set([...inContainers, ...inVolumes].filter((name) => name !== ""));
}
