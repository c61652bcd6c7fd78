import { at, isObject, type JsonObject, type KubeObject, listAt, numberAt, type ObjectRef, objectAt, refOf, textAt } from "../cluster/objects.ts";
import type { Observation } from "../cluster/observation.ts";
import { dateAt, type EventView, earliest, eventsOf, isAbout } from "./events.ts";
import { canonicalJson, stableTemplate } from "./fingerprint.ts";

/** One workload as it is being rolled out now: what older revisions left behind is not in it. */
export interface WorkloadView {
  ref: ObjectRef;
  object: KubeObject;
  /** The pod template of the current revision. */
  template: JsonObject;
  /** The ReplicaSet or Job that makes the current pods, where one stands between. */
  maker?: KubeObject;
  /** Pods of the current revision that are meant to run: neither being deleted nor Succeeded. */
  pods: KubeObject[];
  /** Events older than this belong to earlier revisions. */
  since: Date;
  /** True where Helm took the current revision back after it failed: its pods are gone, its ReplicaSet is still there. */
  rolledBack: boolean;
}

/** Set by Flux on what a HelmRelease installs: such objects belong to the HelmRelease's key, not to that of the Kustomization around it. */
const HELM_LABEL = "helm.toolkit.fluxcd.io/name";
const KINDS = new Set(["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Rollout", "ReplicaSet", "Pod"]);

/** The workloads at the top of each ownership chain. Objects that are being deleted, and paused or suspended ones, do not count. */
export function workloadsOf(observation: Observation): WorkloadView[] {
  return observation.objects
    .filter((object) => KINDS.has(object.kind) && !ownerIn(observation, object) && !isDeleting(object) && !isPaused(object))
    .filter((object) => observation.key.kind === "HelmRelease" || textAt(object, "metadata", "labels", HELM_LABEL) === "")
    .map((object) => viewOf(observation, object));
}

function viewOf(observation: Observation, object: KubeObject): WorkloadView {
  const base = { ref: refOf(object), object, since: createdAt(object), rolledBack: false };
  if (object.kind === "Deployment" || object.kind === "Rollout") return { ...base, ...ofReplicaSets(observation, object) };
  if (object.kind === "CronJob") return { ...base, ...ofNewestJob(observation, object) };
  if (object.kind === "Pod") return { ...base, template: { spec: at(object, "spec") ?? null }, pods: isRunnable(object) ? [object] : [] };
  const template = objectAt(object, "spec", "template");
  const put = takenBack(observation, object);
  if (put) return { ...base, ...put };
  const pods = ownedBy(observation, object, "Pod").filter((pod) => isRunnable(pod) && isOfCurrentRevision(object, pod));
  const since = object.kind === "Job" ? base.since : earliest(pods.map(createdAt), base.since);
  return { ...base, template, pods, since, ...(object.kind === "Job" ? { maker: object } : {}) };
}

/** The newest ReplicaSet, if it was already made from the Deployment's present template. */
function ofReplicaSets(observation: Observation, deployment: KubeObject): Omit<WorkloadView, "ref" | "object"> {
  const template = objectAt(deployment, "spec", "template");
  const sets = ownedBy(observation, deployment, "ReplicaSet").sort((a, b) => revisionOf(b) - revisionOf(a));
  const [newest, previous] = sets;
  if (newest && previous && isRolledBack(observation, newest, previous)) {
    return {
      template: objectAt(previous, "spec", "template"),
      maker: previous,
      pods: podsOf(observation, previous),
      since: createdAt(previous),
      rolledBack: true,
    };
  }
  const isCurrent = newest && canonicalJson(stableTemplate(objectAt(newest, "spec", "template"))) === canonicalJson(stableTemplate(template));
  if (!isCurrent) return { template, pods: [], since: observation.at, rolledBack: false };
  return { template, maker: newest, pods: podsOf(observation, newest), since: createdAt(newest), rolledBack: false };
}

/** A rollback reuses the old ReplicaSet under a new revision number: then the newest revision is older than the one before it. */
function isRolledBack(observation: Observation, newest: KubeObject, previous: KubeObject): boolean {
  const failing = observation.key.kind === "HelmRelease" && observation.state.kind === "failing";
  return failing && createdAt(newest) < createdAt(previous);
}

function ofNewestJob(observation: Observation, cronJob: KubeObject): Omit<WorkloadView, "ref" | "object"> {
  const template = objectAt(cronJob, "spec", "jobTemplate", "spec", "template");
  const jobs = ownedBy(observation, cronJob, "Job").sort((a, b) => createdAt(b).getTime() - createdAt(a).getTime());
  const wanted = canonicalJson(stableTemplate(template));
  const current = jobs.filter((job) => canonicalJson(stableTemplate(objectAt(job, "spec", "template"))) === wanted);
  // While a new Job still tries, the one before it has the last word, unless its pods cannot even start, or be made.
  const [first] = current;
  const newest = first && !hasEnded(first) && getsNowhere(observation, first) ? first : (current.find(hasEnded) ?? first);
  if (!newest) return { template, pods: [], since: observation.at, rolledBack: false };
  return { template, maker: newest, pods: podsOf(observation, newest), since: createdAt(newest), rolledBack: false };
}

function getsNowhere(observation: Observation, job: KubeObject): boolean {
  const pods = podsOf(observation, job);
  return pods.length > 0 ? pods.some(cannotStart) : eventsOf(observation).some((event) => event.reason === "FailedCreate" && isAbout(event, job));
}

/** A container waits for something that is wrong: anything but being created. */
function cannotStart(pod: KubeObject): boolean {
  const statuses = [...listAt(pod, "status", "initContainerStatuses"), ...listAt(pod, "status", "containerStatuses")];
  return statuses.some((status) => /^Err|Error$|BackOff$|^Invalid/.test(textAt(status, "state", "waiting", "reason")));
}

/** Job conditions Complete and Failed: the Job controller makes no more pods. */
function hasEnded(job: KubeObject): boolean {
  return listAt(job, "status", "conditions").some((c) => ["Complete", "Failed"].includes(textAt(c, "type")) && textAt(c, "status") === "True");
}

/** StatefulSet `status.updateRevision` and DaemonSet template generation against the pod's labels; without them every pod counts. */
export function isOfCurrentRevision(object: KubeObject, pod: KubeObject): boolean {
  if (object.kind === "StatefulSet") {
    const wanted = textAt(object, "status", "updateRevision");
    return wanted === "" || textAt(pod, "metadata", "labels", "controller-revision-hash") === wanted;
  }
  if (object.kind !== "DaemonSet") return true;
  const wanted = textAt(object, "metadata", "annotations", "deprecated.daemonset.template.generation");
  const has = textAt(pod, "metadata", "labels", "pod-template-generation");
  return wanted === "" || has === "" || wanted === has;
}

/** A StatefulSet or DaemonSet that Helm put back, as it was while the pods failed that it made then; undefined where nobody saw them. */
function takenBack(observation: Observation, object: KubeObject): Pick<WorkloadView, "template" | "pods" | "since" | "rolledBack"> | undefined {
  const { remembered } = observation;
  const then = remembered?.failed.get(textAt(object, "metadata", "uid"));
  if (!remembered || !then || !isPutBack(observation, object)) return undefined;
  const seen = ownedBy(observation, object, "Pod").filter((pod) => remembered.seen.has(textAt(pod, "metadata", "uid")));
  const pods = seen.filter((pod) => isOfCurrentRevision(then, pod) && !isOfCurrentRevision(object, pod));
  const since = earliest(pods.map(createdAt), observation.at);
  return pods.length > 0 ? { template: objectAt(then, "spec", "template"), pods, since, rolledBack: true } : undefined;
}

/** Whether Helm may have put this StatefulSet or DaemonSet back as it was: it makes its pods itself, and keeps nothing of a revision that failed. */
export function isPutBack({ key, state }: Observation, { kind }: KubeObject): boolean {
  return key.kind === "HelmRelease" && state.kind === "failing" && (kind === "StatefulSet" || kind === "DaemonSet");
}

/** When an object was as it is here: a pod that is only remembered is judged by the time at which it was last seen. */
export function seenAt({ at, remembered }: Observation, object: KubeObject): Date {
  return remembered?.seen.get(textAt(object, "metadata", "uid")) ?? at;
}

function podsOf(observation: Observation, maker: KubeObject): KubeObject[] {
  return ownedBy(observation, maker, "Pod").filter(isRunnable);
}

/** Objects of a kind whose controller this is; those that are being deleted only on demand. */
export function ownedBy(observation: Observation, owner: KubeObject, kind: string, which?: "also those that are being deleted"): KubeObject[] {
  const uid = textAt(owner, "metadata", "uid");
  return observation.objects.filter(
    (object) => object.kind === kind && uid !== "" && controllerUid(object) === uid && (which !== undefined || !isDeleting(object)),
  );
}

function ownerIn(observation: Observation, object: KubeObject): boolean {
  const uid = controllerUid(object);
  return uid !== "" && observation.objects.some((other) => KINDS.has(other.kind) && textAt(other, "metadata", "uid") === uid);
}

/** Whether an owner reference of the object is to this one (`metadata.ownerReferences[].uid`). */
export function isOwnedBy(object: KubeObject, owner: KubeObject | undefined): boolean {
  const uid = textAt(owner, "metadata", "uid");
  return uid !== "" && listAt(object, "metadata", "ownerReferences").some((reference) => textAt(reference, "uid") === uid);
}

function controllerUid(object: KubeObject): string {
  const owners = listAt(object, "metadata", "ownerReferences");
  return textAt(owners.find((owner) => isObject(owner) && owner.controller === true) ?? owners[0], "uid");
}

function revisionOf(set: KubeObject): number {
  const annotations = objectAt(set, "metadata", "annotations");
  const text = textAt(annotations, "deployment.kubernetes.io/revision") || textAt(annotations, "rollout.argoproj.io/revision");
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

/** Whether the controller has seen the present spec; before that its status speaks of the previous one. */
export function isObserved(object: KubeObject): boolean {
  const generation = numberAt(object, "metadata", "generation");
  const observed = numberAt(object, "status", "observedGeneration");
  return generation === undefined || observed === undefined || observed >= generation;
}

/** Events of this workload's current revision: about it, its ReplicaSet or Job, its pods (those that are gone too), not older than the revision. */
export function eventsAbout(view: WorkloadView, events: readonly EventView[]): EventView[] {
  const { maker } = view;
  const goneFrom = maker ? `${textAt(maker, "metadata", "name")}-` : undefined;
  const isGonePod = ({ regarding }: EventView) =>
    goneFrom !== undefined && regarding.kind === "Pod" && regarding.namespace === view.ref.namespace && regarding.name.startsWith(goneFrom);
  const parts = [view.object, ...(maker ? [maker] : []), ...view.pods];
  return events.filter((event) => event.last >= view.since && (parts.some((part) => isAbout(event, part)) || isGonePod(event)));
}

export function isDeleting(object: KubeObject): boolean {
  return textAt(object, "metadata", "deletionTimestamp") !== "";
}

function isPaused(object: KubeObject): boolean {
  return at(object, "spec", "paused") === true || at(object, "spec", "suspend") === true;
}

/** A Failed pod that would always be restarted was evicted or lost with its node: its controller has already replaced it. */
function isRunnable(pod: KubeObject): boolean {
  const phase = textAt(pod, "status", "phase");
  const wasEvicted = phase === "Failed" && (textAt(pod, "spec", "restartPolicy") || "Always") === "Always";
  return !isDeleting(pod) && phase !== "Succeeded" && !wasEvicted;
}

/** Pod condition Ready. */
export function isReadyPod(pod: KubeObject): boolean {
  return listAt(pod, "status", "conditions").some((c) => textAt(c, "type") === "Ready" && textAt(c, "status") === "True");
}

export function createdAt(object: KubeObject): Date {
  return dateAt(object, "metadata", "creationTimestamp") ?? new Date(0);
}
