import { isObject, type Json, type JsonObject, type KubeObject, listAt, numberAt, objectAt, sameRef, textAt } from "../cluster/objects.ts";
import { PROBE_DEFAULTS } from "../cluster/probe-defaults.ts";
import { type EventView, eventsOf, isAbout } from "../incident/events.ts";
import { containerStatuses } from "../incident/pods.ts";
import { eventsAbout, type WorkloadView, workloadsOf } from "../incident/workload-view.ts";
import type { DiagnosisInput } from "./diagnosis.ts";

/** Why a container does not work, as its status and events say; one trouble a container, the first that applies. */
export type ContainerTrouble = "image" | "config" | "start" | "memory" | "liveness" | "startup" | "crash" | "not-ready";

interface Ending {
  reason: string;
  message: string;
  exitCode: number | undefined;
  /** For how many seconds it ran; undefined where that is not known. */
  lasted: number | undefined;
}

export interface TroubledContainer {
  trouble: ContainerTrouble;
  name: string;
  /** As the pod really runs it. */
  image: string;
  waiting: { reason: string; message: string };
  /** The current or last termination, where there was one. */
  ended: Ending | undefined;
  /** Events about this container or its pod, newest first. */
  events: EventView[];
  /** Names of the pods that show the same trouble in the same container. */
  pods: ReadonlySet<string>;
}

/** The failing workload as it is rolled out now; undefined where something else fails. */
export function failingWorkload(input: DiagnosisInput): WorkloadView | undefined {
  return workloadsOf(input.observation).find((view) => sameRef(view.ref, input.incident.target));
}

/** Events of the failing workload's current revision, newest first. */
export function failingEvents(input: DiagnosisInput): EventView[] {
  const view = failingWorkload(input);
  return view ? eventsAbout(view, eventsOf(input.observation)).reverse() : [];
}

/** Containers of the failing workload that do not work, one for each container name and trouble. */
export function troubledContainers(input: DiagnosisInput): TroubledContainer[] {
  const view = failingWorkload(input);
  const events = failingEvents(input);
  if (view?.rolledBack && view.pods.length === 0) return troublesFromEvents(events);
  const found = new Map<string, TroubledContainer & { pods: Set<string> }>();
  for (const pod of view?.pods ?? []) {
    const about = events.filter((event) => isAbout(event, pod));
    for (const container of containerStatuses(pod).flatMap((status) => troublesOf(pod, status, about, input.observation.at))) {
      const key = `${container.name} ${container.trouble}`;
      const pods = found.get(key)?.pods ?? new Set();
      found.set(key, { ...(found.get(key) ?? container), pods: pods.add(textAt(pod, "metadata", "name")) });
    }
  }
  return [...found.values()];
}

function troublesOf(pod: KubeObject, status: JsonObject, about: readonly EventView[], now: Date): Omit<TroubledContainer, "pods">[] {
  const name = textAt(status, "name");
  const specs = [...listAt(pod, "spec", "initContainers"), ...listAt(pod, "spec", "containers")];
  const spec = specs.find((item) => textAt(item, "name") === name);
  const facts = {
    name,
    image: textAt(spec, "image"),
    waiting: { reason: textAt(status, "state", "waiting", "reason"), message: textAt(status, "state", "waiting", "message") },
    ended: endingOf(status),
    events: about.filter(({ container }) => container === "" || container === name),
  };
  const trouble = troubleOf(status, spec, facts, now);
  return trouble ? [{ ...facts, trouble }] : [];
}

function endingOf(status: JsonObject): Ending | undefined {
  const terminated = [objectAt(status, "state", "terminated"), objectAt(status, "lastState", "terminated")].find((state) => Object.keys(state).length > 0);
  if (!terminated) return undefined;
  const [from, to] = [time(terminated, "startedAt"), time(terminated, "finishedAt")];
  const lasted = from > 0 && to >= from ? (to - from) / 1000 : undefined;
  return { reason: textAt(terminated, "reason"), message: textAt(terminated, "message"), exitCode: numberAt(terminated, "exitCode"), lasted };
}

/** Helm took the failing revision back and its pods are gone: events are all that is left of them, and say less. */
function troublesFromEvents(events: readonly EventView[]): TroubledContainer[] {
  const names = new Set(events.filter(({ warning, container }) => warning && container !== "").map(({ container }) => container));
  return [...names].flatMap((name): TroubledContainer[] => {
    const about = events.filter(({ container }) => container === name);
    const pods = new Set(about.map(({ regarding }) => regarding.name));
    const failed = about.find(({ reason, note }) => reason === "Failed" && !/^Error: (?:ErrImagePull|ImagePullBackOff)$/.test(note))?.note ?? "";
    const image = /^Failed to (?:pull|inspect) image "([^"]{1,500})"/.exec(failed)?.[1] ?? "";
    const facts = { name, image, waiting: { reason: "", message: failed.replace(/^Error: /, "") }, ended: undefined, events: about, pods };
    const killed = about.find(({ reason, note }) => reason === "Killing" && note.includes("probe, will be restarted"))?.note;
    const looped = about.some(({ reason, note }) => reason === "BackOff" && note.includes("restarting failed container"));
    if (image !== "") return [{ ...facts, trouble: "image" }];
    if (/configmap|secret|runAsNonRoot|non-root policy/i.test(failed)) return [{ ...facts, trouble: "config" }];
    if (/unable to start container process|executable file not found/.test(failed)) return [{ ...facts, trouble: "start" }];
    if (killed) return [{ ...facts, trouble: killed.includes("startup") ? "startup" : "liveness" }];
    return looped ? [{ ...facts, trouble: "crash" }] : [];
  });
}

const IMAGE = new Set(["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError", "RegistryUnavailable"]);
const CONFIG = new Set(["CreateContainerConfigError", "CreateContainerError"]);
const NEVER_RAN = new Set(["StartError", "ContainerCannotRun"]);
/** Shells end with these where a command is missing or cannot be executed (POSIX, "Exit Status for Commands"). */
const SHELL_NOT_FOUND = new Set([126, 127]);

function troubleOf(
  status: JsonObject,
  spec: Json | undefined,
  { waiting, ended, events }: Pick<TroubledContainer, "waiting" | "ended" | "events">,
  now: Date,
): ContainerTrouble | undefined {
  if (IMAGE.has(waiting.reason)) return "image";
  if (CONFIG.has(waiting.reason)) return "config";
  const restarts = numberAt(status, "restartCount") ?? 0;
  if (status.ready === true && restarts === 0) return undefined;
  if (ended?.reason === "OOMKilled" || ended?.message.includes("OOM-killed")) return "memory";
  if (waiting.reason === "RunContainerError" || (ended && NEVER_RAN.has(ended.reason))) return "start";
  if (restarts > 0) {
    const killed = (probe: string) =>
      events.some(({ reason, note }) => reason === "Killing" && note.includes(`failed ${probe} probe`)) &&
      !isOver(status, objectAt(spec, `${probe}Probe`), now);
    if (killed("startup")) return "startup";
    if (killed("liveness")) return "liveness";
  }
  if (ended?.exitCode !== undefined && SHELL_NOT_FOUND.has(ended.exitCode)) return "start";
  if (waiting.reason === "CrashLoopBackOff" || (ended && ended.exitCode !== 0)) return "crash";
  return isObject(status.state) && isObject(status.state.running) && status.ready !== true ? "not-ready" : undefined;
}

/** How programs end that somebody else stopped: by themselves when asked to, by SIGKILL, by SIGTERM. */
const STOPPED = new Set([0, 137, 143]);

/**
 * Whether a kill by this probe is history: the last run ended by an error of the program's own sooner than the probe can kill, or the present one has lasted clearly
 * longer than that. A node under pressure leaves such kills behind; when they were is no help, since the node reports only some of many alike.
 */
function isOver(status: JsonObject, probe: JsonObject, now: Date): boolean {
  const tries = (numberAt(probe, "failureThreshold") ?? PROBE_DEFAULTS.failureThreshold) - 1;
  const soonest = ((numberAt(probe, "initialDelaySeconds") ?? 0) + tries * (numberAt(probe, "periodSeconds") ?? PROBE_DEFAULTS.periodSeconds)) * 1000;
  const running = time(objectAt(status, "state", "running"), "startedAt");
  if (running > 0) return status.ready !== true && now.getTime() - running > 60_000 + 2 * soonest;
  const last = [objectAt(status, "state", "terminated"), objectAt(status, "lastState", "terminated")].find((state) => Object.keys(state).length > 0);
  return last !== undefined && !STOPPED.has(numberAt(last, "exitCode") ?? 0) && time(last, "finishedAt") - time(last, "startedAt") + 1000 < soonest;
}

/** Milliseconds since 1970, 0 where there is none. */
function time(state: JsonObject, field: string): number {
  return Date.parse(textAt(state, field)) || 0;
}

export interface LogLine {
  /** Without the timestamp. */
  text: string;
  /** As the evidence holds it. */
  quoted: string;
}

/** What stands for lines that are left out (evidence/log-excerpt.ts). */
const LEFT_OUT = /^\[… .{1,60} …\]$/;

/** Log lines of a container's failing pods from the evidence (so: redacted), each text once, oldest first, at most the last 200. */
export function logLines(input: DiagnosisInput, { name, pods }: Pick<TroubledContainer, "name" | "pods">): LogLine[] {
  const lines = new Map<string, LogLine>();
  for (const item of input.evidence.items) {
    const other = (item.container ?? name) !== name || (item.object?.kind === "Pod" && !pods.has(item.object.name));
    if (item.kind !== "log" || other) continue;
    for (const quoted of item.text.split("\n")) {
      const text = quoted.replace(/^\d{4}-\d\d-\d\dT[\d:.]{8,20}Z /, "").trim();
      if (text !== "" && !LEFT_OUT.test(text)) lines.set(text, { text, quoted: quoted.trim() });
    }
  }
  return [...lines.values()].slice(-200);
}
