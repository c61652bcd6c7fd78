// What the API server's own words leave in the place of a value that it refuses: one of the words that it lists and that is spelt almost alike, the one value that
// its complaint allows, or nothing.
import { renamedVolume, volumesOf } from "../cluster/mounted-volumes.ts";
import { type Json, objectAt } from "../cluster/objects.ts";
import { allowedInstead, asQuantity, type Complaint, complaintsIn, isNoGroup, isNoVolume, limitMeant, NO_QUANTITY } from "../cluster/refused-values.ts";
import { type FieldChange, type FieldPath, sameJson, samePath } from "../source/edit/field-path.ts";
import { namesMeant } from "../source/meant/refused-names.ts";
import { rivalsGone } from "../source/meant/rival-fields.ts";
import { baselineOf, type Grounds } from "./grounds.ts";
import { isNearName } from "./nearness.ts";
import { podSpecOf } from "./pod-template.ts";
import { findTarget } from "./target-match.ts";

/** Whether a complaint about this very field, that is no program's log, allows the new value. */
export function isTold(grounds: Grounds, change: FieldChange): boolean {
  const before = baselineOf(grounds, change);
  const texts = grounds.input.evidence.items.filter(({ kind }) => kind !== "log").map(({ text }) => text);
  if (typeof before === "string" && typeof change.after === "string" && asQuantity(before) === change.after)
    return texts.some((text) => NO_QUANTITY.test(text));
  if (change.path.slice(-2).join(".") === "limits.memory" && texts.some((text) => limitMeant(text, before) === change.after && change.after !== undefined))
    return true;
  const complaints = texts.flatMap(complaintsIn);
  if (isMeantTogether(grounds, change, complaints) || followsVolume(change, before, complaints)) return true;
  return complaints.some((complaint) => {
    if (!isField(complaint, change.path)) return false;
    if (isNoGroup(complaint)) return isVersionOfTarget(grounds, change.after);
    if (isNoVolume(complaint)) return isVolumeMeant(grounds, before, change.after);
    const allowed = allowedInstead(complaint, before);
    if (allowed?.kind === "goes") return change.after === undefined;
    if (allowed?.kind === "is") return sameJson(allowed.value, change.after ?? null);
    if (allowed?.kind !== "one-of" || typeof change.after !== "string" || !allowed.values.includes(change.after)) return false;
    return allowed.isSpelling ? typeof before === "string" && isNearName(before, change.after) : true;
  });
}

/** A part of what a complaint leaves that more than one field makes up, or that shows by what was there before. */
function isMeantTogether({ input, object, lastGood }: Grounds, { path, after }: FieldChange, complaints: readonly Complaint[]): boolean {
  const target = findTarget(input.rendered, object);
  const meant = target
    ? complaints.flatMap((one) => [
        ...namesMeant(target, one, input.rendered, isNearName),
        ...rivalsGone({ past: lastGood, now: target, documents: input.offered }, one),
      ])
    : [];
  return meant.some((change) => samePath(change.path, path) && sameJson(change.after ?? null, after ?? null));
}

/** A mount asks for its volume by the name that the API server's words leave of that. */
function followsVolume({ path, after }: FieldChange, before: Json | undefined, complaints: readonly Complaint[]): boolean {
  if (path.at(-1) !== "name" || path.at(-3) !== "volumeMounts") return false;
  const allowed = complaints.filter(({ field }) => /\.volumes\[\d{1,4}\]\.name$/.test(field)).map((one) => allowedInstead(one, before));
  return allowed.some((one) => one?.kind === "is" && one.value === after);
}

/** The version of the workload that the autoscaler names. */
function isVersionOfTarget({ input, object }: Grounds, version: Json | undefined): boolean {
  const target = objectAt(findTarget(input.rendered, object), "spec", "scaleTargetRef");
  return input.rendered.some((one) => one.kind === target.kind && one.metadata.name === target.name && one.apiVersion === version);
}

/** A volume of the same pods: what the one that is not there is called now, one with a name like it, or the only one that nothing mounted. */
function isVolumeMeant({ input, object, lastGood }: Grounds, wrong: Json | undefined, right: Json | undefined): boolean {
  const rendered = findTarget(input.rendered, object);
  if (typeof right !== "string" || typeof wrong !== "string" || !rendered) return false;
  const pods = { object: rendered, spec: podSpecOf(rendered) };
  if (lastGood && renamedVolume({ object: lastGood, spec: podSpecOf(lastGood) }, pods, wrong) === right) return true;
  const { names, unmounted } = volumesOf(pods);
  return names.includes(right) && (isNearName(wrong, right) || (unmounted.length === 1 && unmounted[0] === right));
}

/** The API server counts the items of lists that are named here, and quotes a strategy whose type it does not know as a whole. */
function isField({ field, detail }: Complaint, path: FieldPath): boolean {
  const named = field.split(/[.[\]]+/).filter((part) => part !== "" && !/^\d+$/.test(part));
  const whole = path.filter((segment) => typeof segment === "string");
  const steps = whole.at(-1) === "type" && detail.includes('value: {"Type":"') ? whole.slice(0, -1) : whole;
  return named.length === steps.length && named.every((part, i) => part === steps[i]);
}
