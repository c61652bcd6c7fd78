// A Service selects the pods of one workload of the delivery that it nearly selected before; its targetPort is a port of those pods. An Ingress
// backend and an autoscaler's target are objects that the delivery renders. Nothing is broadened.
import { isObject, type Json, type JsonObject, type KubeObject, listAt, objectAt, textAt } from "../../cluster/objects.ts";
import { type FieldChange, getIn, sameJson } from "../../source/edit/field-path.ts";
import { renamedWorkload } from "../../source/meant/alike.ts";
import { followedSelector, lostKeys, servedBefore, withFollowed } from "../../source/meant/followed-selector.ts";
import { isLabelledAlike } from "../../source/meant/own-label.ts";
import { renamedServices } from "../../source/meant/renamed-service.ts";
import { unlabelledKeys } from "../../source/meant/unlabelled-keys.ts";
import { workloadBeside } from "../../source/meant/workload-beside.ts";
import { affixesOf, withAffixes, withoutAffixes } from "../../source/render/affixes.ts";
import { baselineOf, type Grounds, isFromHistory, type Objection, objection, rendered } from "../grounds.ts";
import { isNearName } from "../nearness.ts";
import { containersOf, podLabelsOf } from "../pod-template.ts";
import { findTarget } from "../target-match.ts";

const WORKLOADS = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod", "Rollout"];

export function selectorObjection(grounds: Grounds, change: FieldChange): Objection {
  const before = objectAt(grounds.before, "spec", "selector");
  const after = objectAt(grounds.after, "spec", "selector");
  if (Object.keys(after).length === 0 && !isLeftByOthers(grounds, change))
    return objection("selector-broadened", "A Service without selector selects nothing, or everything.");
  if (isFromHistory(grounds, change)) return undefined;
  if (isLost(grounds, before, after) || isUnlabelled(grounds, before, after)) return undefined;
  if (Object.keys(after).length < Object.keys(before).length) return objection("selector-broadened", "The Service would select more pods than before.");
  const selected = selectedBy(grounds, after);
  if (selected.length === 0) return objection("selector-empty", "No workload of the delivery has these labels.");
  if (selected.length > 1) return objection("selector-several", "The Service would select the pods of several workloads.");
  const old = baselineOf(grounds, change);
  if (isFollowed(grounds, before, after)) return undefined;
  const near = (typeof old === "string" && typeof change.after === "string" && isNearName(old, change.after)) || sameJson(valuesOf(before), valuesOf(after));
  const own = selected.some(
    (workload) =>
      textAt(workload, "metadata", "name") === grounds.object.name || isBeside(grounds, workload, before, after) || isMeantByLabel(grounds, workload),
  );
  return near || own || isServedAgain(grounds, selected) ? undefined : objection("selector-hijack", "The Service would select the pods of another program.");
}

/** The pods are those that the Service selected at the last good revision. */
function isServedAgain({ input, object, lastGood }: Grounds, [selected]: readonly KubeObject[]): boolean {
  const selector = objectAt(lastGood, "spec", "selector");
  return selected !== undefined && servedBefore(input.lastGood ?? [], input.rendered, { namespace: object.namespace, selector })?.today === selected;
}

/** The workload stands beside the Service in git, nobody selects it, and of several pairs one differs. */
function isBeside({ input, object }: Grounds, workload: KubeObject, before: JsonObject, after: JsonObject): boolean {
  const kept = Object.keys(before).filter((key) => before[key] === after[key]);
  return kept.length > 0 && workloadBeside(input.offered, input.rendered, object) === workload;
}

/** The one value that the Service does not find at these pods is its own label (source/meant/own-label.ts). */
function isMeantByLabel({ input, object }: Grounds, workload: KubeObject): boolean {
  const service = findTarget(input.rendered, object);
  return service !== undefined && isLabelledAlike(service, podLabelsOf(workload));
}

/** A patch that said one key of a selector says none any more: the Service keeps the keys that its other files give it. */
function isLeftByOthers({ input, object }: Grounds, { path }: FieldChange): boolean {
  const rendered = objectAt(findTarget(input.rendered, object), "spec", "selector");
  return path.length === 3 && Object.keys(rendered).some((key) => key !== path.at(-1));
}

/** What is asked for, under whatever keys. */
function valuesOf(selector: JsonObject): string[] {
  return Object.values(selector).map(String).sort();
}

/** The very selector that follows from how the labels of the one workload changed that the Service selected at the last good revision. */
function isFollowed({ input, object }: Grounds, before: JsonObject, after: JsonObject): boolean {
  const followed = followedSelector(input.lastGood ?? [], input.rendered, { namespace: object.namespace, selector: before });
  return followed !== undefined && sameJson(withFollowed(before, followed), after);
}

/** Only labels that the pods lost are asked for no more, and the Service selects the same pods without them. A patch has a part of its selector. */
function isLost({ input, object }: Grounds, before: JsonObject, after: JsonObject): boolean {
  const selector = objectAt(findTarget(input.rendered, object), "spec", "selector");
  const lost = lostKeys(input.lastGood ?? [], input.rendered, { namespace: object.namespace, selector });
  return lost !== undefined && sameJson(Object.fromEntries(Object.entries(before).filter(([key]) => !lost.includes(key))), after);
}

/** Of a first release, the keys go that no workload has, where the rest selects the Service's own (source/meant/unlabelled-keys.ts). */
function isUnlabelled({ input, object }: Grounds, before: JsonObject, after: JsonObject): boolean {
  const service = findTarget(input.rendered, object);
  const gone = service && !input.lastGood ? unlabelledKeys(service, input.rendered) : undefined;
  return gone !== undefined && sameJson(Object.fromEntries(Object.entries(before).filter(([key]) => !gone.includes(key))), after);
}

function selectedBy({ input }: Grounds, selector: JsonObject): KubeObject[] {
  return input.rendered.filter((object) => {
    const labels = WORKLOADS.includes(object.kind) ? (object.kind === "Pod" ? objectAt(object, "metadata", "labels") : podLabelsOf(object)) : {};
    return Object.entries(selector).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
  });
}

export function targetPortObjection(grounds: Grounds, change: FieldChange): Objection {
  if (isFromHistory(grounds, change)) return undefined;
  const ports = selectedBy(grounds, objectAt(grounds.after, "spec", "selector")).flatMap((workload) =>
    containersOf(workload).flatMap(({ container }) => listAt(container, "ports")),
  );
  if (change.path.at(-1) === "protocol") {
    const wanted = textAt(change.after) || "TCP";
    const target = objectAt(getIn(grounds.after, change.path.slice(0, -1))).targetPort;
    const fits = ports.some(
      (port) => [objectAt(port).containerPort, textAt(port, "name")].some((one) => one === target) && (textAt(port, "protocol") || "TCP") === wanted,
    );
    return fits ? undefined : objection("protocol", "No container that the Service selects has this port with this protocol.");
  }
  const found = ports.some(
    (port) => objectAt(port).containerPort === change.after || (typeof change.after === "string" && textAt(port, "name") === change.after),
  );
  return found ? undefined : objection("target-port", `No container that the Service selects has port ${JSON.stringify(change.after ?? null).slice(0, 40)}.`);
}

/** A reference as it stands in a document, or as it is rendered, and the names that it has in the delivery. */
interface Naming {
  /** Whether an object is called so. */
  isCalled(full: string): boolean;
  /** Whether the object's name is a likely correction of the wrong one. */
  isNear(wrong: string, full: string): boolean;
  /** What the wrong name may have led to: a reference that leads nowhere gets no affixes, and has none to lose. */
  led(wrong: string): string[];
}

function namingOf({ input, isDocument }: Grounds, name: string): Naming {
  const affixes = affixesOf(input.offered);
  return {
    isCalled: (full) => full === name || (isDocument === true && withoutAffixes(full, affixes).includes(name)),
    isNear: (wrong, full) => [full, ...withoutAffixes(full, affixes)].some((one) => wrong === one || isNearName(wrong, one)),
    led: (wrong) => withAffixes(wrong, affixes),
  };
}

export function backendObjection(grounds: Grounds, change: FieldChange): Objection {
  if (isFromHistory(grounds, change)) return undefined;
  const depth = change.path.indexOf("service");
  const backend = getIn(grounds.after, change.path.slice(0, depth + 1));
  const { isCalled, isNear, led } = namingOf(grounds, textAt(backend, "name"));
  const service = rendered(grounds, "Service").find((candidate) => isCalled(textAt(candidate, "metadata", "name")));
  if (!service) return objection("backend-unknown", "The delivery renders no Service of this name.");
  const wanted = objectAt(backend, "port");
  const hasPort = listAt(service, "spec", "ports").some(
    (port) => isObject(port) && (wanted.number === port.port || (wanted.name !== undefined && wanted.name === port.name)),
  );
  if (!hasPort) return objection("backend-port", "The Service has no such port.");
  const before = textAt(getIn(grounds.before, change.path.slice(0, depth + 1)), "name");
  const name = textAt(service, "metadata", "name");
  const renamed = renamedServices(grounds.input.lastGood ?? [], grounds.input.rendered);
  const isRenamed = renamed.some(({ from, to }) => led(before).includes(textAt(from, "metadata", "name")) && textAt(to, "metadata", "name") === name);
  return isRenamed || isNear(before, name) ? undefined : objection("backend-far", `${name} is not a likely correction of ${before}.`);
}

export function scaleTargetObjection(grounds: Grounds, change: FieldChange): Objection {
  if (isFromHistory(grounds, change)) return undefined;
  const target = objectAt(grounds.after, "spec", "scaleTargetRef");
  const before: Json | undefined = objectAt(grounds.before, "spec", "scaleTargetRef").name;
  const { isCalled, isNear, led } = namingOf(grounds, textAt(target, "name"));
  const found = rendered(grounds, textAt(target, "kind")).find((one) => one.apiVersion === target.apiVersion && isCalled(textAt(one, "metadata", "name")));
  if (!found) return objection("scale-target-unknown", "The delivery renders no such workload.");
  const name = textAt(found, "metadata", "name");
  const old = { group: "apps", kind: textAt(target, "kind"), namespace: grounds.object.namespace };
  const { lastGood = [], rendered: now } = grounds.input;
  if (led(textAt(before)).some((one) => renamedWorkload(lastGood, now, { ...old, name: one }) === name)) return undefined;
  return typeof before === "string" && isNear(before, name) ? undefined : objection("scale-target-far", "The autoscaler would scale another program.");
}
