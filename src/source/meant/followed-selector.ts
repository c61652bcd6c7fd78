import { type Json, type JsonObject, type KubeObject, type ObjectRef, objectAt, refOf, sameRef, textAt } from "../../cluster/objects.ts";
import { renamedWorkload } from "./alike.ts";

/** One pair of a selector that fits no more, and the label of today that stands for it. */
export interface FollowedLabel {
  from: readonly [key: string, value: string];
  to: readonly [key: string, value: string];
}

export interface OldSelector {
  namespace: string;
  selector: JsonObject;
}

/** Where the labels of a workload's pods stand (Kubernetes API, workload resources; Argo Rollouts). */
const TEMPLATE = ["spec", "template", "metadata", "labels"];
const LABELS: ReadonlyMap<string, readonly string[]> = new Map([
  ...["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "Rollout"].map((kind): [string, string[]] => [kind, TEMPLATE]),
  ["CronJob", ["spec", "jobTemplate", ...TEMPLATE]],
  ["Pod", ["metadata", "labels"]],
]);

/**
 * What a selector is to select by now: it fitted the pods of one workload alone, whose labels were renamed since (another value of the same key, or the same
 * value under a key that is new), and with the new labels it fits those pods again, and no others. No pair is ever left out: that would select more.
 */
export function followedSelector(then: readonly KubeObject[], now: readonly KubeObject[], { namespace, selector }: OldSelector): FollowedLabel[] | undefined {
  const strayed = strayedFrom(then, now, { namespace, selector });
  if (!strayed) return undefined;
  const { today, old, labels, wrong } = strayed;
  const followed = wrong.flatMap(([key, value]) => renamedLabel([key, value], old, labels));
  const selected = selectedBy(now, namespace, withFollowed(selector, followed));
  const isSure = followed.length === wrong.length && new Set(followed.map(({ to }) => to[0])).size === followed.length;
  return isSure && selected.length === 1 && selected[0] === today ? followed : undefined;
}

/** A workload whose pods a selector served alone, then and now. */
interface Served {
  served: KubeObject;
  today: KubeObject;
}

/** Undefined where the selector served several workloads, or none that is there still. */
export function servedBefore(then: readonly KubeObject[], now: readonly KubeObject[], { namespace, selector }: OldSelector): Served | undefined {
  const [served, ...more] = selectedBy(then, namespace, selector);
  const today = served && more.length === 0 ? successor(then, now, refOf(served)) : undefined;
  return served && today ? { served, today } : undefined;
}

/** A selector that fits nothing any more, with its pairs that are to blame for it. */
interface Strayed extends Served {
  old: JsonObject;
  labels: JsonObject;
  wrong: [key: string, value: Json][];
}

function strayedFrom(then: readonly KubeObject[], now: readonly KubeObject[], { namespace, selector }: OldSelector): Strayed | undefined {
  const found = servedBefore(then, now, { namespace, selector });
  if (!found || selectedBy(now, namespace, selector).length > 0) return undefined;
  const [old, labels] = [labelsOf(found.served), labelsOf(found.today)];
  return { ...found, old, labels, wrong: Object.entries(selector).filter(([key, value]) => labels[key] !== value) };
}

/**
 * The keys of a selector whose labels the pods of the one workload that it selected have no more, under any key: without them it selects those pods again, and no
 * others; and so it would have when they still had the labels, but for workloads that are gone. Undefined where it would select more.
 */
export function lostKeys(then: readonly KubeObject[], now: readonly KubeObject[], { namespace, selector }: OldSelector): string[] | undefined {
  const strayed = strayedFrom(then, now, { namespace, selector });
  if (!strayed) return undefined;
  const { served, today, old, labels, wrong } = strayed;
  const isLost = ([key, value]: [string, unknown]) => !Object.hasOwn(labels, key) && renamedLabel([key, value], old, labels).length === 0;
  const left = Object.fromEntries(Object.entries(selector).filter(([key]) => !wrong.some(([lost]) => lost === key)));
  // A workload that is gone needs no telling apart any more: the canary beside the stable pods.
  const isGone = (other: KubeObject) => successor(then, now, refOf(other)) === undefined;
  const others = selectedBy(then, namespace, left).filter((one) => one !== served);
  const [only, ...more] = selectedBy(now, namespace, left);
  return wrong.every(isLost) && others.every(isGone) && only === today && more.length === 0 ? wrong.map(([key]) => key) : undefined;
}

/** The selector with the labels of today in the place of those that fit no more. */
export function withFollowed(selector: JsonObject, followed: readonly FollowedLabel[]): JsonObject {
  const pairs = Object.entries(selector).map(([key, value]) => followed.find(({ from }) => from[0] === key)?.to ?? [key, value]);
  return Object.fromEntries(pairs);
}

function renamedLabel([key, value]: [string, unknown], old: JsonObject, labels: JsonObject): FollowedLabel[] {
  if (typeof value !== "string") return [];
  const today = labels[key];
  if (typeof today === "string") return [{ from: [key, value], to: [key, today] }];
  const [fresh, ...others] = Object.keys(labels).filter((other) => !Object.hasOwn(old, other) && labels[other] === value);
  return fresh !== undefined && others.length === 0 ? [{ from: [key, value], to: [fresh, value] }] : [];
}

/** The same workload today, under its own name or the one that it was given. */
function successor(then: readonly KubeObject[], now: readonly KubeObject[], ref: ObjectRef): KubeObject | undefined {
  const name = renamedWorkload(then, now, ref) ?? ref.name;
  return now.find((object) => sameRef(refOf(object), { ...ref, name }));
}

/** The workloads of a namespace whose pods a selector fits. */
function selectedBy(objects: readonly KubeObject[], namespace: string, selector: JsonObject): KubeObject[] {
  return objects.filter((object) => isWorkloadIn(object, namespace) && fitsPods(selector, object));
}

/** Whether it makes pods, or is one, in this namespace, also where that is filled in later. */
export function isWorkloadIn(object: KubeObject, namespace: string): boolean {
  return LABELS.has(object.kind) && [namespace, ""].includes(textAt(object, "metadata", "namespace"));
}

/** Whether a selector fits the pods of a workload (core/v1 ServiceSpec.selector); an empty one fits none. */
export function fitsPods(selector: JsonObject, workload: KubeObject): boolean {
  const [pairs, labels] = [Object.entries(selector), labelsOf(workload)];
  return pairs.length > 0 && pairs.every(([key, value]) => labels[key] === value);
}

function labelsOf(object: KubeObject): JsonObject {
  return objectAt(object, ...(LABELS.get(object.kind) ?? ["metadata", "labels"]));
}
