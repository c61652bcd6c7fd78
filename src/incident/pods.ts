import { isObject, type Json, type JsonObject, type KubeObject, listAt, numberAt, type ObjectRef, objectAt, textAt } from "../cluster/objects.ts";
import { dateAt, type EventView, earliest, isAbout, latest } from "./events.ts";
import type { Symptom, SymptomReason } from "./incident.ts";
import { unseenByScheduler } from "./other-scheduler.ts";
import { createdAt, isReadyPod } from "./workload-view.ts";

/** Container waiting reasons as kubelet names them (pkg/kubelet/images, pkg/kubelet/kuberuntime); anything else in Err… or …BackOff is a failed start. */
const WAITING: Readonly<Record<string, SymptomReason>> = {
  ErrImagePull: "image",
  ImagePullBackOff: "image",
  InvalidImageName: "image",
  ErrImageNeverPull: "image",
  ImageInspectError: "image",
  RegistryUnavailable: "image",
  SignatureValidationFailed: "image",
  CreateContainerConfigError: "container-config",
  CreateContainerError: "container-start",
  RunContainerError: "container-start",
  PreCreateHookError: "container-start",
  PreStartHookError: "container-start",
  PostStartHookError: "container-start",
  CrashLoopBackOff: "crash",
};
/** Terminations that mean that the container's process never ran. */
const NEVER_RAN = new Set(["StartError", "ContainerCannotRun"]);
/** kubelet forgets a container's back-off after it ran this long; a crash after that is not a loop. */
const BACK_OFF_RESET_MILLISECONDS = 600_000;

/** What the containers of one pod show, and the pod's own conditions. */
export function podSymptoms(object: ObjectRef, pod: KubeObject, events: readonly EventView[], at: Date): Symptom[] {
  const about = events.filter((event) => isAbout(event, pod));
  const ofContainers = containerStatuses(pod).flatMap((status) => containerSymptom(object, pod, status, about, at));
  const before = [...scheduling(object, pod), ...mounting(object, pod, about)];
  if (before.length + ofContainers.length > 0) return [...before, ...ofContainers];
  return notReadyPod(object, pod);
}

/** Statuses of init containers, sidecars and containers, in that order. */
export function containerStatuses(pod: KubeObject): JsonObject[] {
  return [...listAt(pod, "status", "initContainerStatuses"), ...listAt(pod, "status", "containerStatuses")].filter(isObject);
}

/** The container of a pod (or pod template) spec with this name; init containers too. */
export function containerSpec(podSpec: Json | undefined, name: string): { spec: JsonObject; oneShot: boolean } | undefined {
  const init = listAt(podSpec, "initContainers").find((container) => textAt(container, "name") === name);
  if (isObject(init)) return { spec: init, oneShot: textAt(init, "restartPolicy") !== "Always" };
  const spec = listAt(podSpec, "containers").find((container) => textAt(container, "name") === name);
  return isObject(spec) ? { spec, oneShot: false } : undefined;
}

function containerSymptom(object: ObjectRef, pod: KubeObject, status: JsonObject, events: readonly EventView[], at: Date): Symptom[] {
  const container = textAt(status, "name");
  const mine = events.filter((event) => event.warning && event.container === container);
  const make = (reason: SymptomReason, message: string, since: Date | undefined, decided = false): Symptom[] => [
    {
      reason,
      object,
      pod: textAt(pod, "metadata", "name"),
      container,
      message,
      decided,
      since: earliest([since, ...mine.map((e) => e.first)], createdAt(pod)),
    },
  ];
  const waiting = objectAt(status, "state", "waiting");
  const reason = waitingReason(textAt(waiting, "reason"), status);
  if (reason) return make(reason, waitingMessage(status), undefined, isDecided(reason, waiting));
  const ended = objectAt(status, "state", "terminated");
  if (isBadEnd(ended, pod, container)) return make(endReason(ended), endMessage(ended), dateAt(ended, "finishedAt"));
  return running(pod, status, at, make);
}

type Make = (reason: SymptomReason, message: string, since: Date | undefined) => Symptom[];

function running(pod: KubeObject, status: JsonObject, at: Date, make: Make): Symptom[] {
  const startedAt = dateAt(status, "state", "running", "startedAt");
  if (!startedAt) return [];
  const last = objectAt(status, "lastState", "terminated");
  const name = textAt(status, "name");
  const oneShot = containerSpec(pod.spec, name)?.oneShot ?? false;
  if (isBadEnd(last, pod, name) && !hasRecovered(status, last, startedAt, at)) return make(endReason(last), endMessage(last), dateAt(last, "finishedAt"));
  if (oneShot || status.ready === true) return [];
  const unready = latest([startedAt, readyChange(pod)], startedAt);
  return [...make("not-ready", `container ${name} is running but not ready`, undefined).map((symptom) => ({ ...symptom, since: unready }))];
}

/** A container that crashed has recovered when it is ready and has run clearly longer than the time before. */
function hasRecovered(status: JsonObject, last: JsonObject, startedAt: Date, at: Date): boolean {
  if (status.ready !== true) return ranFor(last) >= BACK_OFF_RESET_MILLISECONDS;
  return at.getTime() - startedAt.getTime() >= Math.min(BACK_OFF_RESET_MILLISECONDS, 60_000 + 2 * ranFor(last)) || ranFor(last) >= BACK_OFF_RESET_MILLISECONDS;
}

/** How long a terminated container had run, in milliseconds; 0 where it never did. */
function ranFor(terminated: JsonObject): number {
  const from = dateAt(terminated, "startedAt");
  const to = dateAt(terminated, "finishedAt");
  return from && to && from.getTime() > 0 ? Math.max(0, to.getTime() - from.getTime()) : 0;
}

function waitingReason(reason: string, status: JsonObject): SymptomReason | undefined {
  const known = Object.hasOwn(WAITING, reason) ? WAITING[reason] : undefined;
  if (known === "crash" && NEVER_RAN.has(textAt(status, "lastState", "terminated", "reason"))) return "container-start";
  return known ?? (/^Err|Error$|BackOff$/.test(reason) ? "container-start" : undefined);
}

/** The reasons that no waiting changes: nothing is tried again with another result, except where a Secret may be written later by another controller. */
function isDecided(reason: SymptomReason, waiting: JsonObject): boolean {
  if (reason === "container-config") return !/\bsecret\b/i.test(textAt(waiting, "message").slice(0, 500));
  return ["InvalidImageName", "ErrImageNeverPull"].includes(textAt(waiting, "reason"));
}

function waitingMessage(status: JsonObject): string {
  const waiting = objectAt(status, "state", "waiting");
  const last = objectAt(status, "lastState", "terminated");
  const before = textAt(last, "reason") === "" ? "" : `; last: ${endMessage(last)}`;
  return `${textAt(waiting, "reason")}: ${textAt(waiting, "message")}${before}`;
}

/** A container that ended although it should run. A clean exit counts only where the pod restarts it, and only of a main container. */
function isBadEnd(ended: JsonObject, pod: KubeObject, container: string): boolean {
  const code = numberAt(ended, "exitCode");
  if (code === undefined || textAt(ended, "reason") === "ContainerStatusUnknown") return false;
  if (code !== 0) return true;
  const always = (textAt(pod, "spec", "restartPolicy") || "Always") === "Always";
  return always && containerSpec(pod.spec, container)?.oneShot === false;
}

function endReason(ended: JsonObject): SymptomReason {
  return NEVER_RAN.has(textAt(ended, "reason")) ? "container-start" : "crash";
}

function endMessage(ended: JsonObject): string {
  const said = textAt(ended, "message");
  return `${textAt(ended, "reason") || "terminated"}, exit code ${numberAt(ended, "exitCode") ?? "unknown"}${said === "" ? "" : `: ${said}`}`;
}

/** `PodScheduled=False`, or no word about it where another scheduler is asked for; a claim that cannot be bound is told apart from a lack of nodes. */
function scheduling(object: ObjectRef, pod: KubeObject): Symptom[] {
  const condition = listAt(pod, "status", "conditions").find((c) => textAt(c, "type") === "PodScheduled" && textAt(c, "status") === "False");
  const unseen = unseenByScheduler(pod);
  if (unseen) return [{ reason: "unschedulable", object, pod: textAt(pod, "metadata", "name"), message: unseen, decided: false, since: createdAt(pod) }];
  if (!condition || textAt(condition, "reason") !== "Unschedulable") return [];
  const message = textAt(condition, "message");
  const reason = isAboutVolume(message.slice(0, 2000)) ? "volume" : "unschedulable";
  return [{ reason, object, pod: textAt(pod, "metadata", "name"), message, decided: false, since: dateAt(condition, "lastTransitionTime") ?? createdAt(pod) }];
}

/** Where the scheduler names other reasons as well, those decide: a node that the pod does not want has no volume for it either. */
function isAboutVolume(message: string): boolean {
  if (/persistentvolumeclaim|volume node affinity|volume binding/i.test(message)) return true;
  return /persistent volumes to bind|bound to non-existent pv/.test(message) && !/Insufficient|didn't match|free ports/.test(message);
}

const MOUNT_EVENTS = new Set(["FailedMount", "FailedAttachVolume", "FailedMapVolume", "FailedCreatePodSandBox"]);

/** Volumes that cannot be mounted leave the containers in ContainerCreating; only events say why. */
function mounting(object: ObjectRef, pod: KubeObject, events: readonly EventView[]): Symptom[] {
  const isCreating = containerStatuses(pod).some((s) => ["ContainerCreating", "PodInitializing"].includes(textAt(s, "state", "waiting", "reason")));
  const isRunning = containerStatuses(pod).some((s) => isObject(s.state) && ("running" in s.state || "terminated" in s.state));
  const failed = events.filter((event) => MOUNT_EVENTS.has(event.reason));
  const newest = failed.at(-1);
  if (!newest || !isCreating || isRunning) return [];
  const reason = newest.reason === "FailedCreatePodSandBox" ? "container-start" : "volume";
  return [
    {
      reason,
      object,
      pod: textAt(pod, "metadata", "name"),
      message: newest.note,
      decided: false,
      since: earliest(
        failed.map((e) => e.first),
        newest.first,
      ),
    },
  ];
}

/** Every container is ready and the pod is not: a readiness gate. */
function notReadyPod(object: ObjectRef, pod: KubeObject): Symptom[] {
  const isReady = isReadyPod(pod);
  const gates = listAt(pod, "spec", "readinessGates");
  if (isReady || gates.length === 0 || textAt(pod, "status", "phase") !== "Running") return [];
  const waitsFor = gates.map((gate) => textAt(gate, "conditionType")).join(", ");
  return [
    {
      reason: "not-ready",
      object,
      pod: textAt(pod, "metadata", "name"),
      message: `readiness gates not met: ${waitsFor}`,
      decided: false,
      since: readyChange(pod) ?? createdAt(pod),
    },
  ];
}

function readyChange(pod: KubeObject): Date | undefined {
  const condition = listAt(pod, "status", "conditions").find((c) => textAt(c, "type") === "Ready");
  return condition === undefined ? undefined : dateAt(condition, "lastTransitionTime");
}
