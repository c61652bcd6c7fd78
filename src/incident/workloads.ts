import { type Json, type KubeObject, listAt, numberAt, textAt } from "../cluster/objects.ts";
import type { Observation } from "../cluster/observation.ts";
import { endlessInits } from "./endless-init.ts";
import { dateAt, type EventView, earliest, eventsOf, isAbout } from "./events.ts";
import { withHopelessProbes } from "./hopeless-probe.ts";
import type { Symptom } from "./incident.ts";
import { nodeSymptoms } from "./nodes.ts";
import { podSymptoms } from "./pods.ts";
import { createdAt, eventsAbout, isObserved, seenAt, type WorkloadView } from "./workload-view.ts";

/** What one workload shows: its pods, what its controller says in conditions, and pods that were never made. */
export function workloadSymptoms(observation: Observation, view: WorkloadView): Symptom[] {
  if (!isObserved(view.object) || isFinished(view)) return [];
  const events = eventsAbout(view, eventsOf(observation));
  const shown = view.pods.flatMap((pod) => podSymptoms(view.ref, pod, events, seenAt(observation, pod)));
  const ofPods = withHopelessProbes(shown, view, events);
  if (view.rolledBack) return [...ofPods, ...rolledBack(observation, view, events)];
  const failed = jobFailed(view);
  const stuck = rolloutStuck(view);
  const endless = stuck.length > 0 && ofPods.length === 0 ? endlessInits(view) : [];
  return [...failed, ...createRefused(view, events), ...ofPods, ...endless, ...nodeSymptoms(observation, view), ...stuck];
}

function condition(object: KubeObject | undefined, type: string, status = "True"): Json | undefined {
  return listAt(object, "status", "conditions").find((c) => textAt(c, "type") === type && textAt(c, "status") === status);
}

/** A Job that completed, or the newest Job of a CronJob that did: whatever its pods went through. */
function isFinished(view: WorkloadView): boolean {
  return view.maker?.kind === "Job" && condition(view.maker, "Complete") !== undefined;
}

/** Job condition Failed: BackoffLimitExceeded, DeadlineExceeded, PodFailurePolicy. The Job controller does not try again. */
function jobFailed(view: WorkloadView): Symptom[] {
  if (view.maker?.kind !== "Job") return [];
  const failed = condition(view.maker, "Failed") ?? condition(view.maker, "FailureTarget");
  if (!failed) return [];
  const since = dateAt(failed, "lastTransitionTime") ?? createdAt(view.maker);
  return [{ reason: "job-failed", object: view.ref, message: `${textAt(failed, "reason")}: ${textAt(failed, "message")}`, decided: true, since }];
}

/** Deployment condition Progressing=False: its own deadline is over, or it cannot make a ReplicaSet. */
function rolloutStuck(view: WorkloadView): Symptom[] {
  const progressing = condition(view.object, "Progressing", "False");
  if (!progressing || textAt(progressing, "reason") !== "ProgressDeadlineExceeded") return [];
  const since = dateAt(progressing, "lastUpdateTime") ?? view.since;
  return [{ reason: "rollout-stuck", object: view.ref, message: textAt(progressing, "message"), decided: true, since }];
}

/** Refusals that only a changed manifest (or policy) turns: the API server answers the same thing each time. */
const DECIDED_REFUSAL = /violates PodSecurity|per Container is|per Pod is|must specify|is invalid:/;

/** Pods that the API server refuses to create: condition ReplicaFailure, or FailedCreate events while pods are missing. */
function createRefused(view: WorkloadView, events: readonly EventView[]): Symptom[] {
  const failure = condition(view.object, "ReplicaFailure") ?? condition(view.maker, "ReplicaFailure");
  const makers = [view.object, ...(view.maker ? [view.maker] : [])];
  const refused = events.filter((event) => event.reason === "FailedCreate" && makers.some((maker) => isAbout(event, maker)));
  const newest = refused.at(-1);
  if (!failure && !(newest && lacksPods(view))) return [];
  const message = failure ? textAt(failure, "message") : (newest?.note ?? "");
  const since = earliest([dateAt(failure ?? null, "lastTransitionTime"), ...refused.map((event) => event.first)], view.since);
  return [{ reason: "create-refused", object: view.ref, message, decided: DECIDED_REFUSAL.test(message.slice(0, 2000)), since }];
}

function lacksPods({ object, maker, pods }: WorkloadView): boolean {
  const counted = maker ?? object;
  if (object.kind === "DaemonSet") return (numberAt(object, "status", "desiredNumberScheduled") ?? 0) > pods.length;
  if (counted.kind === "Job") return pods.length === 0 && (numberAt(counted, "status", "succeeded") ?? 0) === 0;
  return (numberAt(counted, "spec", "replicas") ?? 1) > (numberAt(counted, "status", "replicas") ?? 0);
}

/** Helm put the previous revision back, so that nothing fails any more but the release: its own message and the events of the gone pods are what is left. */
function rolledBack({ state }: Observation, view: WorkloadView, events: readonly EventView[]): Symptom[] {
  if (state.kind !== "failing") return [];
  const warnings = events.filter((event) => event.warning);
  const refused = view.pods.length === 0 ? warnings.findLast(({ reason }) => reason === "FailedCreate") : undefined;
  const said = [state.message, ...warnings.slice(-2).map((event) => event.note)].filter((text) => text !== "");
  const since = earliest(
    warnings.map((event) => event.first),
    state.since,
  );
  // Of pods that the API server never created nothing else was to be seen.
  if (refused) return [{ reason: "create-refused", object: view.ref, message: refused.note, decided: state.decided, since }];
  return [{ reason: "rollout-stuck", object: view.ref, message: said.join("; "), decided: state.decided, since }];
}
