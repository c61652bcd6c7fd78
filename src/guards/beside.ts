import type { ObjectRef } from "../cluster/objects.ts";
import { type FieldChange, type FieldPath, getIn, sameJson, samePath } from "../source/edit/field-path.ts";
import { otherBeginning } from "../source/image-reference.ts";
import type { GateInput } from "./gate.ts";
import { inContainer } from "./pod-template.ts";
import { findTarget } from "./target-match.ts";

/**
 * Whether a field goes back together with what the API server refused in another object: labels that one line gives to all objects (kustomize `commonLabels:`), and
 * the target port of a Service that names a container's port. Only to what the last good revision had.
 */
export function goesBackBeside({ proposal, lastGood }: Pick<GateInput, "proposal" | "lastGood">, object: ObjectRef, change: FieldChange): boolean {
  const mayGo = isLabel(change.path) || (object.kind === "Service" && change.path.at(-1) === "targetPort");
  return proposal.failureClass === "invalid-manifest" && mayGo && goesBack(lastGood, object, change);
}

/** Whether pods get a label back that they had at the last good revision, and by which the Service that leads nowhere selects them. */
export function labelComesBack({ proposal, lastGood, rendered, target }: GateInput, object: ObjectRef, change: FieldChange): boolean {
  const service = findTarget(rendered, target);
  const [key, list, ...above] = [...change.path].reverse();
  const isOfPods = list === "labels" && above.includes("template") && typeof key === "string" && change.before === undefined;
  const isAsked = isOfPods && service?.kind === "Service" && getIn(service, ["spec", "selector", key]) === change.after;
  return proposal.failureClass === "service-no-endpoints" && isAsked && object.namespace === target.namespace && goesBack(lastGood, object, change);
}

/**
 * Whether another object changes in the very way that the failing one does, and both to what the last good revision had: one patch for several (a component's,
 * of every Deployment), or one helper for the containers of a chart, is put back for all of them or for none. Of another kind only what stands in a container, and the
 * key of a ConfigMap from which the value is copied.
 */
export function goesBackAlike(
  { lastGood, target }: Pick<GateInput, "lastGood" | "target">,
  object: ObjectRef,
  change: FieldChange,
  own: readonly FieldChange[],
): boolean {
  const isOfKind = object.kind === target.kind && object.group === target.group;
  const inside = inContainer(object.kind, change.path)?.rest;
  const isSource = object.kind === "ConfigMap" && object.group === "" && change.path[0] === "data" && change.path.length === 2;
  const isThere = ({ path }: FieldChange) =>
    isSource || (isOfKind && samePath(path, change.path)) || (inside !== undefined && samePath(inContainer(target.kind, path)?.rest ?? [], inside));
  const twin = own.find((one) => isThere(one) && sameJson(one.before, change.before) && sameJson(one.after, change.after));
  return object.namespace === target.namespace && twin !== undefined && goesBack(lastGood, object, change) && goesBack(lastGood, target, twin);
}

/**
 * Whether another workload stops running the very image that is missing for the failing one, and gets the same in its place: one entry of kustomize's `images:`
 * decides for all of them, and what cannot be pulled is no better anywhere else.
 */
export function followsImage(
  { proposal, target }: { proposal: Pick<GateInput["proposal"], "failureClass">; target: ObjectRef },
  object: ObjectRef,
  change: FieldChange,
  own: readonly FieldChange[],
): boolean {
  const isImage = ({ path }: FieldChange) => path.at(-1) === "image";
  const isMissing = proposal.failureClass === "image-not-found" || proposal.failureClass === "image-registry";
  const twin = own.find((one) => isImage(one) && typeof one.before === "string" && (isSameChange(one, change) || hasSameBeginning(one, change)));
  return isMissing && isImage(change) && object.namespace === target.namespace && twin !== undefined;
}

/**
 * Whether another container of the very image that runs out of memory gets the same limit in the place of the same one: one value of a chart says how much all that the
 * program is started as may use.
 */
export function followsMemory(
  { proposal, target, rendered }: Pick<GateInput, "target" | "rendered"> & { proposal: Pick<GateInput["proposal"], "failureClass"> },
  object: ObjectRef,
  change: FieldChange,
  own: readonly FieldChange[],
): boolean {
  const isLimit = ({ path }: FieldChange) => path.at(-1) === "memory" && path.at(-2) === "limits";
  const imageOf = (ref: ObjectRef, { path }: FieldChange) => {
    const [workload, container] = [findTarget(rendered, ref), inContainer(ref.kind, path)?.container];
    return workload && container && getIn(workload, [...container, "image"]);
  };
  const image = imageOf(object, change);
  const twin = own.find((one) => isLimit(one) && isSameChange(one, change) && imageOf(target, one) === image);
  return proposal.failureClass === "out-of-memory" && isLimit(change) && object.namespace === target.namespace && image !== undefined && twin !== undefined;
}

/** Whether a reference at the same place in another object leaves the same missing ConfigMap for the same one that is there: one patch gave it to both. */
export function followsReference(
  { proposal, target, rendered }: Pick<GateInput, "target" | "rendered"> & { proposal: Pick<GateInput["proposal"], "failureClass"> },
  object: ObjectRef,
  change: FieldChange,
  own: readonly FieldChange[],
): boolean {
  const isThere = (name: FieldChange["after"]) =>
    findTarget(rendered, { group: "", kind: "ConfigMap", namespace: target.namespace, name: String(name) }) !== undefined;
  const isReference = change.path.at(-1) === "name" && /^configMap(?:Ref|KeyRef)?$/.test(String(change.path.at(-2)));
  const twin = own.find((one) => samePath(one.path, change.path) && isSameChange(one, change));
  const isAlike = twin !== undefined && object.kind === target.kind && object.namespace === target.namespace;
  return proposal.failureClass === "config-missing" && isReference && isAlike && !isThere(change.before) && isThere(change.after);
}

function isSameChange(one: FieldChange, other: FieldChange): boolean {
  return one.before === other.before && one.after === other.after;
}

/** Another repository, whose registry changes in the same way and nothing else of it. */
function hasSameBeginning(one: FieldChange, other: FieldChange): boolean {
  const [a, b] = [one, other].map(({ before, after }) => (typeof before === "string" && typeof after === "string" ? otherBeginning(before, after) : undefined));
  return a !== undefined && b !== undefined && a.from === b.from && a.to === b.to;
}

function goesBack(lastGood: GateInput["lastGood"], object: ObjectRef, { path, after }: FieldChange): boolean {
  const then = findTarget(lastGood ?? [], object);
  return then !== undefined && sameJson(getIn(then, path), after);
}

const LABELS: ReadonlySet<unknown> = new Set(["labels", "matchLabels", "selector"]);

/** A label, or all of an object. */
function isLabel(path: FieldPath): boolean {
  return LABELS.has(path.at(-1)) || LABELS.has(path.at(-2));
}
