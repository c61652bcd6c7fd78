import {
  at,
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
  listAt,
  numberAt,
  type ObjectRef,
  objectAt,
  refOf,
  sameRef,
  textAt,
} from "../cluster/objects.ts";
import type { Observation } from "../cluster/observation.ts";
import { milli } from "../cluster/quantity.ts";
import { diffFields, type FieldChange, sameJson } from "../source/edit/field-path.ts";
import type { HistoryQuestion, Weigh } from "../source/history.ts";
import { renamedSecret } from "../source/meant/renamed-secret.ts";
import { prefixOf, renamedServices } from "../source/meant/renamed-service.ts";
import { isOtherHash, withoutHash } from "../source/plan/differences.ts";
import { deliveryRef } from "./delivery-state.ts";
import { dateAt, eventsOf } from "./events.ts";
import { stableTemplate } from "./fingerprint.ts";
import { isOwnedBy, isReadyPod, type WorkloadView, workloadsOf } from "./workload-view.ts";

/** A revision of which nothing says more than that it was another one. */
const UNPROVEN = 0.5;

/** Something that ran this long had worked: when it fails later, the commit that brought it is not the cause. */
const WORKED_MILLISECONDS = 3_600_000;
/** A failure that began so soon after a revision was delivered came with it. */
const SOON_MILLISECONDS = 1_800_000;

/** What source/history.ts has to know of an incident to find the revision that worked. `since`: when the failure began. */
export function pastOf(observation: Observation, target: ObjectRef, since: Date | undefined): Pick<HistoryQuestion, "target" | "earlier" | "weigh"> {
  return { target, earlier: observation.revisions.earlier ?? [], weigh: weighRevisions(observation, target, since) };
}

/**
 * How much speaks against an earlier revision having worked. Tools name what they delivered, not what worked: after two bad commits in a row the newest revision
 * before the failing one is bad as well. The pods that still run show what works: the fewer fields a revision had otherwise, the better. Where none run, a
 * revision counts that rendered something else than now, unless its image is known not to exist. What failed only long after it was delivered worked before:
 * nothing is to be found in older revisions then.
 */
function weighRevisions(observation: Observation, target: ObjectRef, since: Date | undefined): Weigh {
  const view = workloadsOf(observation).find(({ ref }) => sameRef(ref, target));
  const proof = view && runningSpec(observation, view);
  const missing = imagesNotPulled(observation);
  const otherwise = checksHealth(observation) ? 0 : UNPROVEN;
  const worked = view !== undefined && since !== undefined && hasWorked(observation, view, since);
  const endedLate = view !== undefined && isEndedLate(observation, view);
  return (then, now, at) => {
    if (!now) return 0;
    const [was, is] = [then, now].map((objects) => objects.find((object) => sameRef(refOf(object), target)));
    if (!was || !is) return sameRef(target, deliveryRef(observation)) && sameJson([...then], [...now]) ? Number.POSITIVE_INFINITY : UNPROVEN;
    const [before, after] = [podSpecOf(was), podSpecOf(is)];
    const isSame =
      before && after
        ? sameTemplates(was, is) && !(endedLate && !sameJson(deadlineOf(was), deadlineOf(is)))
        : sameJson(was.spec, is.spec) && sameJson(neighbours(then), neighbours(now));
    const isFedOtherwise = before && after && (!sameJson(settingsOf(then, before), settingsOf(now, after)) || asksForRenamed(then, now, after));
    if (isSame && !isFedOtherwise) return cameWith(at, since) ? Number.POSITIVE_INFINITY : 0;
    if (isSame || !before || !after) return otherwise;
    if (worked) return Number.POSITIVE_INFINITY;
    if (proof) return weightOf(disagreements(proof, before), disagreements(proof, after));
    return imagesIn(before).some((image) => missing.has(image)) ? Number.POSITIVE_INFINITY : otherwise;
  };
}

/** A revision that is no nearer to what runs than the failing one is none that worked. Another hash tells revisions apart, and does not speak against one by itself. */
function weightOf(against: readonly FieldChange[], againstNow: readonly FieldChange[]): number {
  const weigh = (changes: readonly FieldChange[]) => changes.reduce((sum, { before, after }) => sum + (isOtherHash(before, after) ? HASH : 1), 0);
  const [then, now] = [weigh(against), weigh(againstNow)];
  return then >= 1 && then >= now ? Number.POSITIVE_INFINITY : then;
}

/** How much the hash in a generated name counts against a revision, beside a field with another value. */
const HASH = 0.001;

/** Whether a failure began soon after the revision was delivered that first had what fails. Without times nobody knows. */
function cameWith(at: Date | undefined, since: Date | undefined): boolean {
  return at !== undefined && since !== undefined && since.getTime() - at.getTime() <= SOON_MILLISECONDS;
}

/** Whether what is delivered now ran well for long before the failure began; of a CronJob whether a Job of it succeeded. */
function hasWorked({ revisions: { attemptedAt }, objects }: Observation, { object, rolledBack }: WorkloadView, since: Date): boolean {
  if (!attemptedAt || rolledBack || object.kind === "Job") return false;
  if (object.kind === "CronJob") return (lastSuccess(object, objects)?.getTime() ?? 0) > attemptedAt.getTime();
  return since.getTime() - attemptedAt.getTime() > WORKED_MILLISECONDS;
}

/** When the Job was started that succeeded last: one of before a revision may end after it. When it ended, where the Job is gone. */
function lastSuccess(cronJob: KubeObject, objects: readonly KubeObject[]): Date | undefined {
  const ended = dateAt(cronJob, "status", "lastSuccessfulTime");
  if (!ended) return undefined;
  const isIt = (job: KubeObject) => job.kind === "Job" && isOwnedBy(job, cronJob) && dateAt(job, "status", "completionTime")?.getTime() === ended.getTime();
  const job = objects.find(isIt);
  return (job && dateAt(job, "status", "startTime")) ?? ended;
}

/** Flux calls a revision applied only after its objects are healthy, where it waits for them. */
function checksHealth({ key, delivery }: Observation): boolean {
  if (key.kind !== "Kustomization") return false;
  return isObject(delivery.spec) && (delivery.spec.wait === true || listAt(delivery, "spec", "healthChecks").length > 0);
}

/** The pod spec that ready pods of an older revision run with: of a ReplicaSet, or of a pod of a StatefulSet or DaemonSet. */
function runningSpec({ objects }: Observation, { object, maker, pods }: WorkloadView): JsonObject | undefined {
  const owned = objects.filter((other) => other !== maker && isOwnedBy(other, object));
  const sets = owned.filter((other) => other.kind === "ReplicaSet" && (numberAt(other, "status", "readyReplicas") ?? 0) > 0);
  const [set, ...more] = sets;
  if (set && more.length === 0) return objectAt(set, "spec", "template", "spec");
  const pod = owned.find((other) => other.kind === "Pod" && isReadyPod(other) && !pods.includes(other));
  return pod && objectAt(pod, "spec");
}

function podSpecOf(object: KubeObject): JsonObject | undefined {
  const spec = [objectAt(object, "spec", "template", "spec"), objectAt(object, "spec", "jobTemplate", "spec", "template", "spec")];
  return spec.find((one) => Object.keys(one).length > 0);
}

function sameTemplates(a: KubeObject, b: KubeObject): boolean {
  const template = (object: KubeObject) =>
    stableTemplate(object.kind === "CronJob" ? objectAt(object, "spec", "jobTemplate", "spec", "template") : objectAt(object, "spec", "template"));
  return sameJson(template(a), template(b));
}

/** Whether a Job (a hook's too, or one of a CronJob) was ended for its deadline, which stands beside the template: there a revision differs by that alone. */
function isEndedLate({ objects }: Observation, { object }: WorkloadView): boolean {
  const isEnded = (job: KubeObject) => listAt(job, "status", "conditions").some((condition) => textAt(condition, "reason") === "DeadlineExceeded");
  return objects.some((job) => job.kind === "Job" && (sameRef(refOf(job), refOf(object)) || isOwnedBy(job, object)) && isEnded(job));
}

function deadlineOf(object: KubeObject): Json {
  const path = object.kind === "CronJob" ? ["spec", "jobTemplate", "spec"] : ["spec"];
  return at(object, ...path, "activeDeadlineSeconds") ?? null;
}

/** The fields that git sets and that run otherwise; what only the API server fills in does not count, nor a digest that an admission controller put for a tag. */
function disagreements(running: JsonObject, rendered: JsonObject): FieldChange[] {
  return diffFields(running, rendered).filter(({ path, before, after }) => {
    if (after === undefined) return path.includes("env") || path.includes("args") || path.includes("command");
    if (path.at(-1) === "image" && typeof before === "string" && before.includes("@sha256:") && !String(after).includes("@")) return false;
    return !(path.includes("resources") && milli(before) !== undefined && milli(before) === milli(after));
  });
}

/** What a Service, an Ingress or an autoscaler refers to: names, labels, ports and requests of workloads, and Services. */
function neighbours(objects: readonly KubeObject[]): Json {
  return objects.flatMap((object): Json[] => {
    if (object.kind === "Service") return [{ ...refOf(object), spec: object.spec ?? null }];
    const spec = podSpecOf(object);
    const parts = listAt(spec, "containers").map((container) => [at(container, "ports") ?? null, at(container, "resources") ?? null]);
    return spec ? [{ ...refOf(object), labels: at(object, "spec", "template", "metadata", "labels") ?? null, parts }] : [];
  });
}

/** The values of the ConfigMaps that a pod spec names, by name without a generator's hash. */
function settingsOf(objects: readonly KubeObject[], spec: JsonObject): Json {
  const text = JSON.stringify(spec);
  const named = objects.filter(({ kind, metadata }) => kind === "ConfigMap" && text.includes(JSON.stringify(metadata.name)));
  return Object.fromEntries(named.map((map) => [withoutHash(textAt(map, "metadata", "name")), map.data ?? null]));
}

/** What pods ask for by name, and are not made without. */
const ASKED_FOR = ["ServiceAccount", "ConfigMap", "PersistentVolumeClaim"];

/** Whether a pod spec names a Secret that was renamed in between, or a Service, or reads a setting that does; or what went altogether. */
function asksForRenamed(then: readonly KubeObject[], now: readonly KubeObject[], spec: JsonObject): boolean {
  const text = JSON.stringify([spec, settingsOf(now, spec)]);
  const names = renamedServices(then, now).map(({ from }) => textAt(from, "metadata", "name"));
  const namespaces = new Set(now.map(({ metadata }) => textAt(metadata, "namespace")));
  const secrets = [...namespaces].flatMap((namespace) => renamedSecret(then, now, namespace)?.from ?? []).map(withoutHash);
  const went = then.filter((one) => ASKED_FOR.includes(one.kind) && !now.some((other) => sameRef(refOf(other), refOf(one))));
  const asked = [...secrets, ...went.map((one) => textAt(one, "metadata", "name"))];
  return asked.some((name) => text.includes(`"${name}"`)) || names.some((name) => text.includes(name) || text.includes(prefixOf(name)));
}

function imagesIn(spec: JsonObject): string[] {
  return [...listAt(spec, "initContainers"), ...listAt(spec, "containers")].map((container) => textAt(container, "image"));
}

/** Images that the cluster's events say could not be pulled, of pods that are gone too. */
function imagesNotPulled(observation: Observation): Set<string> {
  return new Set(eventsOf(observation).flatMap(({ warning, note }) => (warning ? (/^Failed to pull image "([^"]{1,500})"/.exec(note)?.[1] ?? []) : [])));
}
