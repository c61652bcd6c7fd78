import { at, isObject, listAt, numberAt, sameRef, textAt } from "../cluster/objects.ts";
import type { Observation } from "../cluster/observation.ts";
import { moreThan } from "../cluster/quantity.ts";
import { parseDuration } from "./durations.ts";
import { eventsOf } from "./events.ts";
import { hopelesslyAnswered } from "./hopeless-probe.ts";
import type { Incident, Symptom } from "./incident.ts";
import { isUnseen } from "./other-scheduler.ts";
import { containerStatuses } from "./pods.ts";
import { withinProbesUntil } from "./probe-budget.ts";
import { eventsAbout, type WorkloadView, workloadsOf } from "./workload-view.ts";

/** Whether a failure has lasted long enough to count. `milliseconds` says when to look again, `why` tells people what is being waited for. */
export type WindowDecision = { kind: "over" } | { kind: "wait"; milliseconds: number; why: string };

/** How long one symptom may last by itself: from `since` on, or without end where only a change of state decides. */
interface Patience {
  seconds: number;
  why: string;
}

/** Kubernetes' default for `spec.progressDeadlineSeconds`; also used where a kind has none, but for those of {@link ONE_POD_SECONDS}. */
const PROGRESS_DEADLINE_SECONDS = 600;
/** StatefulSets and DaemonSets have no deadline, and replace one pod after the other: a pod that is given this long holds up all others. */
const ONE_POD_SECONDS = 300;
/** `progressDeadlineSeconds` above this means "none". */
const NO_DEADLINE_SECONDS = 86_400;
/** How soon to look again at what time alone does not decide. */
const LOOK_AGAIN_SECONDS = 30;
/** Restarts after which the next crash makes a loop. */
const CRASHES = 2;

/**
 * Looks at every symptom with the patience that its state deserves; the first one whose time is over decides.
 * `scale` multiplies every duration: 1 in production, less in a demo.
 */
export function decideWindow(incident: Incident, observation: Observation, now: Date, { scale }: { scale: number }): WindowDecision {
  const view = workloadsOf(observation).find((workload) => sameRef(workload.ref, incident.target));
  const decisions = incident.symptoms.map((symptom) => decide(symptom, view, observation, now, scale));
  const waits = decisions.flatMap((decision) => (decision.kind === "wait" ? [decision] : []));
  const [first, ...others] = waits;
  if (!first || waits.length < decisions.length) return { kind: "over" };
  return others.reduce((soonest, wait) => (wait.milliseconds < soonest.milliseconds ? wait : soonest), first);
}

function decide(symptom: Symptom, view: WorkloadView | undefined, observation: Observation, now: Date, scale: number): WindowDecision {
  const starting = symptom.reason === "rollout-stuck" || symptom.reason === "not-ready" ? startingUntil(symptom, view) : undefined;
  if (starting) {
    const left = remaining(symptom.since, starting.getTime() - symptom.since.getTime(), now, scale);
    if (left > 0) return wait(left, "its probes still give it time to start");
  }
  if (symptom.decided) return { kind: "over" };
  if (symptom.reason === "crash" || symptom.reason === "container-start") {
    const looping = crashLoop(symptom, view, observation);
    if (looping === "yes") return { kind: "over" };
    if (looping === "not-yet") return wait(LOOK_AGAIN_SECONDS * 1000 * scale, "a crash is no crash loop yet");
  }
  if (symptom.reason === "no-endpoints" && observation.state.kind === "progressing" && !isAppliedAgain(observation)) {
    return wait(LOOK_AGAIN_SECONDS * 1000 * scale, "the delivery is still being applied");
  }
  if (NEVER_STARTS.has(symptom.reason) && view && hasReplacedJobs(view, observation)) return { kind: "over" };
  const { seconds, why } = patience(symptom, view, observation);
  const left = remaining(symptom.since, seconds * 1000, now, scale);
  if (left <= 0) return { kind: "over" };
  const mayBeDecided = view && hopelesslyAnswered(symptom, view, eventsAbout(view, eventsOf(observation))) !== undefined;
  return wait(mayBeDecided ? Math.min(left, LOOK_AGAIN_SECONDS * 1000 * scale) : left, why);
}

/** Flux goes over a revision again at each interval that it has applied before (Kustomization: `status.lastAppliedRevision`): nothing new is coming. */
function isAppliedAgain({ delivery }: Observation): boolean {
  const [applied, attempted] = ["lastAppliedRevision", "lastAttemptedRevision"].map((field) => textAt(delivery, "status", field));
  return applied !== "" && applied === attempted;
}

/** What keeps a container from ever starting. */
const NEVER_STARTS: ReadonlySet<Symptom["reason"]> = new Set(["container-config", "container-start", "image", "volume"]);

/**
 * A CronJob with `concurrencyPolicy: Replace` makes a new Job while the one before still cannot start: each is young, and the failure is as old as all of them.
 * Its controller says so in events (SuccessfulDelete).
 */
function hasReplacedJobs({ object }: WorkloadView, observation: Observation): boolean {
  if (object.kind !== "CronJob" || textAt(object, "spec", "concurrencyPolicy") !== "Replace") return false;
  return eventsOf(observation).some(({ reason, regarding }) => reason === "SuccessfulDelete" && regarding.uid === textAt(object, "metadata", "uid"));
}

function remaining(since: Date, milliseconds: number, now: Date, scale: number): number {
  return since.getTime() + milliseconds * scale - now.getTime();
}

function wait(milliseconds: number, why: string): WindowDecision {
  return { kind: "wait", milliseconds: Math.max(1, Math.ceil(milliseconds)), why };
}

/** A pod that is within its startup probe can still become healthy, even after the rollout's deadline; an unready one also within its readiness probe. */
function startingUntil(symptom: Symptom, view: WorkloadView | undefined): Date | undefined {
  const pods = (view?.pods ?? []).filter((pod) => symptom.pod === undefined || textAt(pod, "metadata", "name") === symptom.pod);
  const ends = pods.flatMap((pod) => withinProbesUntil(pod, symptom.reason === "rollout-stuck")?.getTime() ?? []);
  return ends.length === 0 ? undefined : new Date(Math.max(...ends));
}

/**
 * `yes`: it crashed again after a restart. `by-time`: too few crashes to call it a loop, but it does not work either; a Job counts its own failures and gives up
 * by itself, and a pod that is gone recovers no more. `not-yet`: it runs, and may be recovering.
 */
function crashLoop(symptom: Symptom, view: WorkloadView | undefined, { remembered }: Observation): "yes" | "not-yet" | "by-time" {
  const pod = view?.pods.find((candidate) => textAt(candidate, "metadata", "name") === symptom.pod);
  const status = pod && containerStatuses(pod).find((s) => textAt(s, "name") === symptom.container);
  if (!status || view?.maker?.kind === "Job" || remembered?.seen.has(textAt(pod, "metadata", "uid"))) return "by-time";
  const isRunning = isObject(at(status, "state", "running"));
  const restarts = numberAt(status, "restartCount") ?? 0;
  if (restarts > CRASHES || (restarts === CRASHES && !isRunning)) return "yes";
  return isRunning ? "not-yet" : "by-time";
}

function patience(symptom: Symptom, view: WorkloadView | undefined, observation: Observation): Patience {
  const message = symptom.message.slice(0, 4096);
  switch (symptom.reason) {
    case "image":
      return /not found|manifest unknown|unauthorized|forbidden|denied|invalid/i.test(message)
        ? { seconds: 60, why: "an image may be pushed shortly after its manifest" }
        : { seconds: 300, why: "the registry may come back" };
    case "container-config":
      return { seconds: 60, why: "a Secret may still be written by its controller" };
    case "container-start":
      return { seconds: 60, why: "the container runtime tries again" };
    case "crash":
      return view?.maker?.kind === "Job"
        ? { seconds: PROGRESS_DEADLINE_SECONDS, why: "the Job tries again until its backoff limit" }
        : { seconds: 180, why: "a crash is no crash loop yet" };
    case "not-ready":
      return { seconds: progressDeadline(view), why: "the rollout is within its progress deadline" };
    case "unschedulable":
      return isUnseen(message) ? { seconds: 120, why: "its scheduler may still start" } : scheduling(view, observation, message);
    case "volume":
      return /Multi-Attach|FailedAttach|AttachVolume/i.test(message)
        ? { seconds: 420, why: "a volume may still be attached to another node" }
        : { seconds: 120, why: "the volume may still be provisioned" };
    case "node":
      return { seconds: 300, why: "the node may come back" };
    case "create-refused":
      return refusal(message);
    case "backend":
      return { seconds: 120, why: "the Service may still be created" };
    case "no-endpoints":
      return { seconds: 60, why: "endpoints follow pods and Services with a delay" };
    case "autoscaler":
      return /FailedGetScale|unable to get the target's current scale/.test(message)
        ? { seconds: 120, why: "the target may still be created" }
        : { seconds: 300, why: "metrics of new pods take a while" };
    case "rollout-stuck":
      return { seconds: 120, why: "Helm may try again" };
    case "render":
    case "apply":
      return { seconds: reconcileSeconds(observation), why: "the delivery is tried again with its next reconcile" };
    case "delivery":
      return { seconds: Math.max(300, 2 * reconcileSeconds(observation)), why: "health checks are repeated with the next reconcile" };
    case "job-failed":
      return { seconds: 0, why: "" };
  }
}

function progressDeadline(view: WorkloadView | undefined): number {
  const usual = view && ["StatefulSet", "DaemonSet"].includes(view.object.kind) ? ONE_POD_SECONDS : PROGRESS_DEADLINE_SECONDS;
  const seconds = numberAt(view?.object, "spec", "progressDeadlineSeconds") ?? usual;
  return seconds > NO_DEADLINE_SECONDS ? PROGRESS_DEADLINE_SECONDS : seconds;
}

/** New nodes take minutes; a cluster autoscaler says in events whether it tries (TriggeredScaleUp) or sees no way (NotTriggerScaleUp). */
function scheduling(view: WorkloadView | undefined, observation: Observation, message: string): Patience {
  const events = view ? eventsAbout(view, eventsOf(observation)) : [];
  const said = events.findLast((event) => ["TriggeredScaleUp", "NotTriggerScaleUp"].includes(event.reason))?.reason;
  if (said === "TriggeredScaleUp") return { seconds: 900, why: "the cluster autoscaler is adding a node" };
  if (said === "NotTriggerScaleUp") return { seconds: 60, why: "the cluster autoscaler may look again" };
  // Extended resources have a vendor's domain in front: nvidia.com/gpu.
  const [, resource] = /Insufficient (cpu\b|memory\b|[\w.-]+\/[\w.-]*\w)/.exec(message) ?? [];
  if (resource !== undefined && view && isBeyondEveryNode(view, observation, resource)) return { seconds: 120, why: "a larger node may be added" };
  // An autoscaler says within seconds that it adds a node, and room for what fits no node's labels does not become free.
  if (/didn't match Pod's node affinity\/selector|\(missing required label\)/.test(message) && resource === undefined)
    return { seconds: 180, why: "a node with these labels may be added" };
  // Who holds a port of the node stays, but for a pod that is just going.
  if (/didn't have free ports/.test(message) && resource === undefined) return { seconds: 180, why: "the port's holder may be on its way out" };
  return { seconds: 300, why: "a node may become free, or be added by an autoscaler" };
}

function refusal(message: string): Patience {
  if (/failed calling webhook|timeout|connection refused/i.test(message)) return { seconds: 300, why: "an admission webhook may come back" };
  if (/exceeded quota/i.test(message)) return { seconds: 120, why: "older pods may free their part of the quota" };
  return { seconds: 60, why: "what the pod needs may still be created" };
}

/** Flux: `spec.retryInterval` or `interval` plus `timeout`; Argo CD polls every 120 s with up to 60 s jitter. */
function reconcileSeconds({ key, delivery }: Observation): number {
  if (key.kind === "Application") return 180;
  const interval = parseDuration(textAt(delivery, "spec", "retryInterval")) ?? parseDuration(textAt(delivery, "spec", "interval")) ?? 60_000;
  const timeout = parseDuration(textAt(delivery, "spec", "timeout")) ?? interval;
  return (interval + timeout) / 1000;
}

/**
 * Whether one container alone requests more than the largest node that is known has (Node `status.allocatable`; what a node does not name it has none of): no pod
 * that goes makes room for that.
 */
function isBeyondEveryNode({ pods }: WorkloadView, { objects, surroundings }: Observation, resource: string): boolean {
  const nodes = [...surroundings, ...objects].filter(({ kind }) => kind === "Node").map((node) => textAt(node, "status", "allocatable", resource) || "0");
  const requests = pods.flatMap((pod) => listAt(pod, "spec", "containers")).map((container) => at(container, "resources", "requests", resource));
  return nodes.length > 0 && requests.some((request) => nodes.every((size) => moreThan(request, size)));
}
