// A reference (ConfigMap, Secret, key, claim, service account, pull secret, class) is corrected to something that exists and is called
// nearly the same, or to what it was at the last good revision. What exists is what the delivery renders or the cluster was seen to hold.
import { configMapKeys } from "../../cluster/config-map.ts";
import { isObject, type Json, type KubeObject, objectAt, refOf, textAt } from "../../cluster/objects.ts";
import { thenAndNow } from "../../source/delivery/manifests-beside.ts";
import { type FieldChange, getIn, sameJson, samePath } from "../../source/edit/field-path.ts";
import { isSameFile, keepsMost } from "../../source/meant/alike.ts";
import { followedKey } from "../../source/meant/followed-key.ts";
import { lostFile } from "../../source/meant/lost-file.ts";
import { isToldFile } from "../../source/meant/mounted-files.ts";
import { movedReference } from "../../source/meant/moved-reference.ts";
import { renamedAccount, renamedClaim, renamedConfigMap, renamedPriorityClass, renamedRuntimeClass } from "../../source/meant/renamed.ts";
import { mayHaveKeys, renamedSecret, renamedSecretKey, secretMakers, secretNameOf } from "../../source/meant/renamed-secret.ts";
import { variableAt, variableKey } from "../../source/meant/variable-key.ts";
import { withoutHash } from "../../source/plan/differences.ts";
import { affixesOf, withoutAffixes } from "../../source/render/affixes.ts";
import { baselineOf, evidenceNames, type Grounds, isFromHistory, loggedLines, type Objection, objection, rendered } from "../grounds.ts";
import { isNearName } from "../nearness.ts";
import { containersOf } from "../pod-template.ts";
import { findTarget, isAffixed } from "../target-match.ts";

export function configMapObjection(grounds: Grounds, change: FieldChange): Objection {
  return isRenamedMap(grounds, change) || isRenamed(grounds, change, renamedConfigMap) ? undefined : nameObjection(grounds, change, "ConfigMap", ["ConfigMap"]);
}

/** The new name is that of a map that holds what the one of the old name held at the last good revision (or most of it), and that has not been there before. */
function isRenamedMap({ input }: Grounds, { before, after }: FieldChange): boolean {
  const named = (objects: readonly KubeObject[], name: string) =>
    objects.filter((object) => object.kind === "ConfigMap" && isAffixed(withoutHash(textAt(object, "metadata", "name")), withoutHash(name)));
  if (typeof before !== "string" || typeof after !== "string" || named(input.rendered, before).length > 0) return false;
  const [old, ...more] = named(input.lastGood ?? [], before);
  const [now, ...others] = named(input.rendered, after);
  return (
    old !== undefined &&
    now !== undefined &&
    more.length + others.length === 0 &&
    named(input.lastGood ?? [], after).length === 0 &&
    keepsMost(old.data, now.data)
  );
}

/** The old name is that of the only object of its kind that went, the new one that of the only one that came, and they are alike (source/meant/renamed.ts). */
function isRenamed(grounds: Grounds, { before, after }: FieldChange, renaming: typeof renamedConfigMap): boolean {
  const renamed = renaming(...thenAndNow(grounds.input.lastGood, grounds.input), grounds.object.namespace);
  const isCalled = (one: KubeObject, name: Json | undefined) =>
    typeof name === "string" && isAffixed(withoutHash(textAt(one, "metadata", "name")), withoutHash(name));
  return renamed !== undefined && isCalled(renamed.from, before) && isCalled(renamed.to, after);
}

/** A Secret is known by its manifest or by what makes one; its values are never looked at. */
export function secretObjection(grounds: Grounds, change: FieldChange): Objection {
  if (lacksKey(grounds, change)) return objection("reference-key", `Secret ${String(change.after).slice(0, 80)} does not have the key that is asked for.`);
  if (isRenamedSecret(grounds, change) || isMovedAlong(grounds, change)) return undefined;
  return nameObjection(grounds, change, "Secret", ["Secret", "SealedSecret", "ExternalSecret"]);
}

/** All others of the delivery that read the Secret of the old name went to the one of the new name (source/meant/moved-reference.ts). */
function isMovedAlong({ input, object }: Grounds, { before, after }: FieldChange): boolean {
  if (typeof before !== "string" || typeof after !== "string") return false;
  return movedReference(input.lastGood ?? [], input.rendered, { kind: "Secret", name: before, namespace: object.namespace }) === after;
}

/** What the delivery makes says all its keys, and the variable asks for none of them. */
function lacksKey({ input, object, after: document }: Grounds, { path, after }: FieldChange): boolean {
  const reference = path.slice(0, -1);
  const target = findTarget(input.rendered, object);
  const key = textAt(getIn(document, reference) ?? null, "key") || textAt((target && getIn(target, reference)) ?? null, "key");
  const maker = secretMakers(input.rendered, object.namespace).find((one) => secretNameOf(one) === after);
  return path.at(-1) === "name" && key !== "" && maker !== undefined && !mayHaveKeys(maker, [key]);
}

/** The old name is that of the only Secret that is made no longer, the new one that of the only one that came, with all its keys (source/meant/renamed-secret.ts). */
function isRenamedSecret(grounds: Grounds, { before, after }: FieldChange): boolean {
  const renamed = renamedSecret(...thenAndNow(grounds.input.lastGood, grounds.input), grounds.object.namespace);
  const isCalled = (full: string, name: Json | undefined) => typeof name === "string" && isAffixed(withoutHash(full), withoutHash(name));
  return renamed !== undefined && isCalled(renamed.from, before) && isCalled(renamed.to, after);
}

/** A key that a volume gives out as a file of its own name is renamed, and the file with it, where the program is told the new name and not the old one. */
export function filePathObjection(grounds: Grounds, change: FieldChange): Objection {
  const { path, before, after } = change;
  const key = grounds.changes.find((other) => samePath(other.path, [...path.slice(0, -1), "key"]));
  const workload = findTarget(grounds.input.rendered, grounds.object);
  const containers = workload ? containersOf(workload).map(({ container }) => container) : [];
  const isTold = (name: Json | undefined) => typeof name === "string" && isToldFile(containers, name);
  const isRenamed = key !== undefined && sameJson(key.before, before) && sameJson(key.after, after);
  return isRenamed && isTold(after) && !isTold(before) ? undefined : historyObjection(grounds, change);
}

export function claimObjection(grounds: Grounds, change: FieldChange): Objection {
  return isRenamed(grounds, change, renamedClaim) ? undefined : nameObjection(grounds, change, "PersistentVolumeClaim", ["PersistentVolumeClaim"]);
}

/** An ephemeral volume's class: one that a PersistentVolume or StorageClass has, with a name like the one that is asked for. */
export function storageClassObjection(grounds: Grounds, change: FieldChange): Objection {
  if (isFromHistory(grounds, change)) return undefined;
  const [before, after] = [baselineOf(grounds, change), change.after];
  const classes = [
    ...rendered(grounds, "PersistentVolume").map((volume) => textAt(volume, "spec", "storageClassName")),
    ...rendered(grounds, "StorageClass").map((one) => textAt(one, "metadata", "name")),
  ];
  const isKnown = typeof after === "string" && (classes.includes(after) || evidenceNames(grounds, after, "surroundings"));
  if (isKnown && typeof before === "string" && isNearName(before, after)) return undefined;
  return objection("reference-unknown", `Nothing shows a storage class ${String(after).slice(0, 80)} that could be meant.`);
}

export function serviceAccountObjection(grounds: Grounds, change: FieldChange): Objection {
  const renaming: typeof renamedConfigMap = (then, now, namespace) => renamedAccount(then, now, namespace, String(change.before));
  return isRenamed(grounds, change, renaming) ? undefined : nameObjection(grounds, change, "ServiceAccount", ["ServiceAccount"], false);
}

/** Classes that pods ask for: by which field, what follows one under its name of today, and the API server's words where there is none. */
const CLASSES: Readonly<Record<string, { kind: string; renaming: typeof renamedPriorityClass; missing: (name: string) => string }>> = {
  priorityClassName: { kind: "PriorityClass", renaming: renamedPriorityClass, missing: (name) => `no PriorityClass with name ${name} was found` },
  runtimeClassName: { kind: "RuntimeClass", renaming: renamedRuntimeClass, missing: (name) => `RuntimeClass "${name}" not found` },
};

/** Whether pods follow a class to its name of today, all that it says being as it was; or ask for one that the delivery has under a name like the one that is not there. */
export function followsPodClass(grounds: Grounds, change: FieldChange): boolean {
  const { path, before, after } = change;
  const own = Object.entries(CLASSES).find(([field]) => field === path.at(-1))?.[1];
  if (!own || typeof before !== "string" || typeof after !== "string") return false;
  if (isRenamed(grounds, change, (then, now) => own.renaming(then, now, before))) return true;
  const { input } = grounds;
  const names = input.rendered.filter(({ kind }) => kind === own.kind).map((one) => textAt(one, "metadata", "name"));
  const isMissing = input.evidence.items.some(({ kind, text }) => kind !== "log" && text.includes(own.missing(before)));
  return isMissing && names.includes(after) && isNearName(before, after);
}

/** @param kinds that make such an object, here or in what other deliveries of the repository brought; `seen` whether one that only the cluster shows counts as well */
function nameObjection(grounds: Grounds, change: FieldChange, what: string, kinds: readonly string[], seen = true): Objection {
  if (isFromHistory(grounds, change)) return undefined;
  const { after } = change;
  if (typeof after !== "string" || !/^[a-z0-9][a-z0-9.-]{0,252}$/.test(after)) return objection("reference", `The name of a ${what} is missing or invalid.`);
  const made = [...rendered(grounds, ...kinds), ...(grounds.input.beside?.now ?? []).filter(({ kind }) => kinds.includes(kind))];
  const exists = made.some((object) => isAffixed(producedName(object), after)) || (seen && evidenceNames(grounds, after, "surroundings", "git-diff"));
  if (!exists) return objection("reference-unknown", `Nothing shows a ${what} called ${after}.`);
  const before = baselineOf(grounds, change);
  const names = [after, ...withoutAffixes(after, affixesOf(grounds.input.offered))];
  if (typeof before === "string" && names.some((name) => isNearName(before, name))) return undefined;
  return objection("reference-far", `${after} is not a likely correction of ${typeof before === "string" ? before : "nothing"}.`);
}

function producedName(object: KubeObject): string {
  return textAt(object, "spec", "target", "name") || textAt(object, "metadata", "name");
}

export function configMapKeyObjection(grounds: Grounds, change: FieldChange): Objection {
  const parent = getIn(grounds.after, change.path.slice(0, -1));
  const inItems = getIn(grounds.after, change.path.slice(0, -3));
  const name =
    textAt(parent, "name") ||
    textAt(inItems, "name") ||
    textAt(baselineOf(grounds, { ...change, path: [...change.path.slice(0, -1), "name"], before: undefined }));
  const keys = rendered(grounds, "ConfigMap")
    .filter((object) => name === "" || isAffixed(textAt(object, "metadata", "name"), name))
    .flatMap(configMapKeys);
  if (isRenamedKey(grounds, change, name) || isFollowedKey(grounds, change, name) || isOfVariable(grounds, change, { name, keys })) return undefined;
  return keyObjection(grounds, change, keys);
}

/** The key from which variables of that name are taken in this delivery (source/meant/variable-key.ts). */
function isOfVariable({ input, object }: Grounds, { path, after }: FieldChange, map: { name: string; keys: readonly string[] }): boolean {
  const variable = variableAt(path);
  const here = input.rendered.filter(({ metadata }) => metadata.namespace === (object.namespace || input.target.namespace));
  const containers = here.flatMap(containersOf).map(({ container }) => container);
  return variable !== undefined && typeof after === "string" && variableKey(variable, map, containers) === after;
}

/** Other readers of the map went from the one key to the other since the last good revision. */
function isFollowedKey({ input }: Grounds, { before, after }: FieldChange, name: string): boolean {
  return typeof before === "string" && typeof after === "string" && followedKey(input.lastGood ?? [], input.rendered, name, before) === after;
}

/** The new key holds what the old one held at the last good revision (or most of that file), which is gone; and it was not there before. */
function isRenamedKey({ input }: Grounds, { before, after }: FieldChange, name: string): boolean {
  const named = (objects: readonly KubeObject[]) =>
    objects.filter((object) => object.kind === "ConfigMap" && isAffixed(withoutHash(textAt(object, "metadata", "name")), withoutHash(name)));
  const [[old, ...more], [now, ...others]] = [named(input.lastGood ?? []), named(input.rendered)];
  if (typeof before !== "string" || typeof after !== "string" || name === "" || !old || !now || more.length + others.length > 0) return false;
  const [then, today] = [objectAt(old, "data"), objectAt(now, "data")];
  const moved = Object.hasOwn(then, before) && !Object.hasOwn(today, before) && Object.hasOwn(today, after) && !Object.hasOwn(then, after);
  return moved && (sameJson(then[before], today[after]) || isSameFile(then[before], today[after]));
}

/** Keys of Secrets are known from what makes them; never from values. */
export function secretKeyObjection(grounds: Grounds, change: FieldChange): Objection {
  if (isRenamedSecretKey(grounds, change)) return undefined;
  const keys = rendered(grounds, "Secret", "SealedSecret").flatMap((object) =>
    [objectAt(object, "data"), objectAt(object, "stringData"), objectAt(object, "spec", "encryptedData")].filter(isObject).flatMap((data) => Object.keys(data)),
  );
  return keyObjection(grounds, change, keys);
}

/** The old key is the only one that its Secret has no longer, the new one the only one that came (source/meant/renamed-secret.ts). */
function isRenamedSecretKey(grounds: Grounds, { path, before, after }: FieldChange): boolean {
  const { input, object } = grounds;
  const parent = getIn(grounds.after, path.slice(0, -1)) ?? null;
  const volume = getIn(grounds.after, path.slice(0, -3)) ?? null;
  const name = textAt(parent, "name") || textAt(volume, "secretName") || textAt(volume, "name");
  if (typeof before !== "string" || name === "") return false;
  const makers = secretMakers(input.rendered, object.namespace).filter((maker) => isAffixed(withoutHash(secretNameOf(maker)), withoutHash(name)));
  const [then, now] = thenAndNow(input.lastGood, input);
  return makers.some((maker) => renamedSecretKey(then, now, object.namespace, { name: secretNameOf(maker), key: before }) === after);
}

function keyObjection(grounds: Grounds, change: FieldChange, keys: readonly string[]): Objection {
  if (isFromHistory(grounds, change)) return undefined;
  const { after } = change;
  const before = baselineOf(grounds, change);
  if (typeof after !== "string" || !/^[\w.-]{1,253}$/.test(after)) return objection("reference", "A key is missing or invalid.");
  if (!keys.includes(after) && !evidenceNames(grounds, after, "surroundings")) return objection("reference-unknown", `Nothing shows a key ${after}.`);
  return typeof before === "string" && isNearName(before, after)
    ? undefined
    : objection("reference-far", `${after} is not a likely correction of ${String(before).slice(0, 80)}.`);
}

/** A storage, ingress or priority class, an access mode: a word that the cluster itself shows. */
export function shownObjection(grounds: Grounds, change: FieldChange): Objection {
  if (isFromHistory(grounds, change)) return undefined;
  const words = Array.isArray(change.after) ? change.after : [change.after];
  const shown = words.length > 0 && words.every((word) => typeof word === "string" && evidenceNames(grounds, word, "surroundings"));
  return shown ? undefined : objection("reference-unknown", `Neither history nor the cluster shows ${JSON.stringify(change.after ?? null).slice(0, 80)}.`);
}

/**
 * The list of files of a ConfigMap's volume gets one entry back that it had at the last good revision, whose file a log names and whose key is there; nothing else of
 * the list changes (source/meant/lost-file.ts).
 */
export function listedFileObjection(grounds: Grounds, { path, before, after }: FieldChange): Objection {
  const { input, object, lastGood } = grounds;
  const volume = path.slice(0, path.findLastIndex((segment) => typeof segment === "object") + 1);
  const [then, now] = [lastGood, findTarget(input.rendered, object)].map((one) => one && getIn(one, volume));
  const known = Array.isArray(before) ? before : [];
  const files = (Array.isArray(after) ? after : []).flatMap((item) => (known.some((one) => sameJson(one, item)) ? [] : [textAt(item, "path")]));
  const mapsAmong = (objects: readonly KubeObject[]) =>
    objects.filter((one) => one.kind === "ConfigMap" && refOf(one).namespace === refOf(findTarget(input.rendered, object) ?? one).namespace);
  const maps = { today: mapsAmong(input.rendered), past: mapsAmong(input.lastGood ?? []) };
  const isBack = files.some((file) => {
    const back = then === undefined || now === undefined ? undefined : lostFile(then, now, maps, file);
    const isNamed = file !== "" && loggedLines(grounds).some((line) => line.includes(`/${file}`));
    return isNamed && back !== undefined && samePath([...volume, ...back.path], path) && sameJson(back.after, after) && sameJson(back.before, before);
  });
  return isBack
    ? undefined
    : objection(
        "not-from-history",
        "Of the files of a volume only one comes that a log names, and that the last good revision had or that is new in its ConfigMap.",
      );
}

/** For what only an earlier working revision may say. */
export function historyObjection(grounds: Grounds, change: FieldChange): Objection {
  return isFromHistory(grounds, change) ? undefined : objection("not-from-history", "Only the value of the last good revision may be put back here.");
}
