import { renamedVolume, volumesOf } from "../../../cluster/mounted-volumes.ts";
import { at, isObject, type Json, type KubeObject, listAt, refOf, textAt } from "../../../cluster/objects.ts";
import { type Allowed, allowedInstead, asQuantity, type Complaint, complaintsIn, isNoGroup, isNoVolume, limitMeant } from "../../../cluster/refused-values.ts";
import { type FieldChange, type FieldPath, formatPath, getIn, listKey, sameJson, samePath } from "../../../source/edit/field-path.ts";
import { placeIn } from "../../../source/meant/named-place.ts";
import { namesMeant } from "../../../source/meant/refused-names.ts";
import { rivalsGone } from "../../../source/meant/rival-fields.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { DiagnosisInput } from "../../diagnosis.ts";
import { isAlmost, nearMatch, nearOrKindred } from "../../near-match.ts";
import { containersOf, podSpecOf } from "../../workload.ts";
import { shown } from "../entry.ts";

/** What the API server's own words say that refused fields have to be. */
export interface Told {
  changes: ObjectChange[];
  words: string[];
}

/** What is known beside the object itself, and the object as it was at the last good revision, for what can only be told from what was there before. */
export interface Around extends Pick<DiagnosisInput, "rendered" | "documents"> {
  past?: KubeObject | undefined;
}

/** Undefined where they do not say it of every field that they complain about. */
export function toldValues(object: KubeObject, message: string, around: Around): Told | undefined {
  const complaints = complaintsIn(message).filter((complaint) => !isOfOther(object, complaint));
  const meant = complaints.map((complaint) => changesFor(object, complaint, around));
  const all = meant.flat().map((change): ObjectChange => ({ object: refOf(object), ...change }));
  const changes = all.filter((change, i) => all.findIndex(({ path }) => samePath(path, change.path)) === i);
  const isClear = all.every(({ path, after }) => changes.some((change) => samePath(change.path, path) && sameJson(change.after ?? null, after ?? null)));
  return changes.length > 0 && isClear && meant.every((some) => some.length > 0) ? { changes, words: changes.map(wordsFor) } : undefined;
}

/** A mount of a volume that the pods have, which the API server does not count as it refuses the volume. */
function isOfOther(object: KubeObject, complaint: Complaint): boolean {
  const place = isNoVolume(complaint) ? placeIn(object, complaint) : undefined;
  const name = place && getIn(object, place);
  return typeof name === "string" && volumesOf({ object, spec: podSpecOf(object) }).names.includes(name);
}

/** All that has to change for one complaint; empty where that is not clear. */
function changesFor(object: KubeObject, complaint: Complaint, { rendered, documents, past }: Around): FieldChange[] {
  const several = [...namesMeant(object, complaint, rendered, isAlmost), ...rivalsGone({ past, now: object, documents }, complaint)];
  const path = placeIn(object, complaint);
  if (several.length > 0 || !path) return several;
  const before = getIn(object, path);
  const allowed = allowedInstead(complaint, before);
  const volume = typeof before === "string" && isNoVolume(complaint) ? volumeMeant(object, before, past) : undefined;
  const own = volume ?? (isNoGroup(complaint) ? versionOfTarget(object, rendered) : undefined);
  const after = own === undefined ? allowed && chosen(allowed, before, rendered, path) : { value: own };
  return after ? [{ path, before, after: after.value }] : [];
}

/** The volume that a mount means whose name no volume of the pods has: what it is called now, else one with a name like it, else the only one that nothing mounts. */
function volumeMeant(object: KubeObject, wrong: string, past: KubeObject | undefined): string | undefined {
  const pods = { object, spec: podSpecOf(object) };
  const renamed = past && renamedVolume({ object: past, spec: podSpecOf(past) }, pods, wrong);
  const { names, unmounted } = volumesOf(pods);
  return renamed ?? nearOrKindred(wrong, names) ?? (unmounted.length === 1 ? unmounted[0] : undefined);
}

/** The version of the one workload of the delivery that an autoscaler names by kind and name. */
function versionOfTarget(object: KubeObject, rendered: readonly KubeObject[]): string | undefined {
  const [kind, name] = ["kind", "name"].map((field) => textAt(object, "spec", "scaleTargetRef", field));
  const [only, ...more] = rendered.filter((one) => one.kind === kind && one.metadata.name === name);
  return more.length === 0 ? only?.apiVersion : undefined;
}

/** Memory limits without the unit that they were meant with, which requests exceed that have theirs. */
export function limitsMeant(object: KubeObject, message: string): Told | undefined {
  const changes = containersOf(object).flatMap(({ path }): ObjectChange[] => {
    const place: FieldPath = [...path, "resources", "limits", "memory"];
    const before = getIn(object, place);
    const after = limitMeant(message, before);
    return before === undefined || after === undefined ? [] : [{ object: refOf(object), path: place, before, after }];
  });
  return changes.length > 0 ? { changes, words: changes.map(wordsFor) } : undefined;
}

/** Amounts whose unit is only misspelt, where the API server says that some amount is no quantity and does not say which. */
export function quantitiesMeant(object: KubeObject): Told | undefined {
  const amounts = amountsIn(object, []).filter(({ text }) => !QUANTITY.test(text));
  const changes = amounts.flatMap(({ path, text }): ObjectChange[] => {
    const after = asQuantity(text);
    return after === undefined ? [] : [{ object: refOf(object), path, before: text, after }];
  });
  return changes.length > 0 && changes.length === amounts.length ? { changes, words: changes.map(wordsFor) } : undefined;
}

/** The texts that have to be quantities. */
function amountsIn(value: Json, path: FieldPath): { path: FieldPath; text: string }[] {
  if (typeof value === "string") return isAmount(path) ? [{ path, text: value }] : [];
  if (Array.isArray(value)) {
    const key = listKey(value);
    return value.flatMap((item, i) => amountsIn(item, [...path, key ? { key, value: String(at(item, key)) } : i]));
  }
  return isObject(value) ? Object.entries(value).flatMap(([key, inner]) => amountsIn(inner, [...path, key])) : [];
}

/** resource.Quantity of the Kubernetes API. */
export const QUANTITY = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;

/** Whether a field holds an amount, by its name or that of the map it is in. */
export function isAmount(path: FieldPath): boolean {
  return path.some((segment) => ["requests", "limits", "capacity", "sizeLimit", "divisor"].includes(String(segment)));
}

function chosen(allowed: Allowed, before: Json | undefined, rendered: readonly KubeObject[], path: FieldPath): { value: Json | undefined } | undefined {
  if (allowed.kind === "goes") return before === undefined ? undefined : { value: undefined };
  if (allowed.kind === "is") return { value: allowed.value };
  const spelt = typeof before === "string" ? nearMatch(before, allowed.values) : undefined;
  if (spelt !== undefined) return { value: spelt };
  const choice = allowed.isSpelling ? undefined : habit(allowed.values, rendered, path);
  return choice === undefined ? undefined : { value: choice };
}

/**
 * Where every choice would do, the one that others of the delivery made; else for a path of an Ingress the usual one (`Prefix`), and for a Job's pods the one
 * that leaves the logs of each attempt (`Never`).
 */
function habit(values: readonly string[], rendered: readonly KubeObject[], path: FieldPath): string | undefined {
  const field = String(path.at(-1));
  if (field === "pathType") {
    const rules = rendered.filter(({ kind }) => kind === "Ingress").flatMap((object) => listAt(object, "spec", "rules"));
    const others = rules.flatMap((rule) => listAt(rule, "http", "paths").map((one) => textAt(one, field)));
    return others.find((value) => values.includes(value)) ?? values[0];
  }
  if (field !== "restartPolicy") return undefined;
  const others = rendered.flatMap((object) => {
    const pods =
      object.kind === "CronJob" ? ["spec", "jobTemplate", "spec", "template", "spec"] : object.kind === "Job" ? ["spec", "template", "spec"] : undefined;
    return pods ? [textAt(object, ...pods, field)] : [];
  });
  return others.find((value) => values.includes(value)) ?? values.at(-1);
}

function wordsFor({ path, before, after }: ObjectChange): string {
  // An item is shown with its list.
  const field = formatPath(path.slice(typeof path.at(-3) === "object" ? -4 : -3));
  if (after === undefined) return `Take ${field} out, which does not go with the rest`;
  return before === undefined ? `Set ${field} to ${shown(after)}` : `Write ${field} as ${shown(after)} instead of ${shown(before)}`;
}
