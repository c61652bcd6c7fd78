import type { DeliveryKey, DeliveryKind, DeliveryState } from "../../src/cluster/delivery.ts";
import { type Json, type KubeObject, listAt, objectAt, refOf, textAt } from "../../src/cluster/objects.ts";
import type { Observation } from "../../src/cluster/observation.ts";
import type { Recording } from "./recording.ts";

/**
 * A recording as an Observation, without the cluster room: rooms below it are tested against what the cluster held, not against how it was read.
 * The delivery's state is read from its status in the plainest way.
 */
export function observe(recording: Recording, objects: readonly KubeObject[], at: Date, kind?: DeliveryKind): Observation | undefined {
  const delivery = objects.find((object) => (kind ? object.kind === kind : object.kind === recording.scenario.delivery.kind) && isDelivery(object));
  if (!delivery) return undefined;
  const ref = refOf(delivery);
  const key: DeliveryKey = {
    kind: isHelm(delivery) ? "HelmRelease" : delivery.kind === "Application" ? "Application" : "Kustomization",
    namespace: ref.namespace,
    name: ref.name,
  };
  const live = objects.filter((object) => object.kind !== "Event" && object !== delivery && !SURROUNDINGS.has(object.kind));
  return {
    key,
    at,
    delivery,
    state: stateOf(delivery, at),
    source: { kind: "refused", code: "no-source", message: "not looked at" },
    revisions: {},
    managed: live.filter((object) => listAt(object, "metadata", "ownerReferences").length === 0).map(refOf),
    objects: live,
    events: objects.filter((object) => object.kind === "Event"),
    surroundings: objects.filter((object) => SURROUNDINGS.has(object.kind)),
  };
}

/** What the cluster held at every change after the breaking push, as observations. */
export function* replay(recording: Recording, kind?: DeliveryKind): Generator<{ seconds: number; observation: Observation }> {
  const world = new Map<string, KubeObject>();
  for (const object of recording.objects) if (object.kind === "Node") world.set(name(object), object);
  const start = breakAt(recording);
  for (const { seconds, type, object } of recording.sequence) {
    if (type === "DELETED") world.delete(name(object));
    else world.set(name(object), object);
    if (seconds < 0) continue;
    const observation = observe(recording, [...world.values()], new Date(start.getTime() + seconds * 1000), kind);
    if (observation) yield { seconds, observation };
  }
}

/** The time of the breaking push, from the first recorded event about an object that was just created. */
export function breakAt(recording: Recording): Date {
  const born = recording.sequence.filter((event) => event.type === "ADDED" && event.object.kind === "Pod" && event.seconds > -600).at(-1);
  const reference = born ?? recording.sequence[0];
  if (!reference) throw new Error(`recording ${recording.id} has no sequence`);
  return new Date(Date.parse(textAt(reference.object, "metadata", "creationTimestamp")) - reference.seconds * 1000);
}

/** The end of the recording. */
export function endOf(recording: Recording): Date {
  return new Date(breakAt(recording).getTime() + (recording.sequence.at(-1)?.seconds ?? 0) * 1000);
}

const SURROUNDINGS = new Set(["ConfigMap", "ResourceQuota", "LimitRange", "ServiceAccount", "PersistentVolumeClaim", "Node"]);

function isDelivery(object: KubeObject): boolean {
  return ["argoproj.io", "kustomize.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io"].some((group) => object.apiVersion.startsWith(group));
}

function isHelm(object: KubeObject): boolean {
  return object.kind === "HelmRelease";
}

function name(object: KubeObject): string {
  const ref = refOf(object);
  return `${ref.group}/${ref.kind}/${ref.namespace}/${ref.name}`;
}

function stateOf(delivery: KubeObject, at: Date): DeliveryState {
  return delivery.kind === "Application" ? argoState(delivery, at) : fluxState(delivery, at);
}

function failing(phase: "render" | "apply" | "health", reason: string, message: string, decided: boolean, since: string, at: Date): DeliveryState {
  return { kind: "failing", phase, reason, message, decided, since: since === "" ? at : new Date(since) };
}

function argoState(delivery: KubeObject, at: Date): DeliveryState {
  const status = objectAt(delivery, "status");
  const operation = objectAt(status, "operationState");
  if (["Failed", "Error"].includes(textAt(operation, "phase"))) {
    return failing("apply", "SyncFailed", textAt(operation, "message"), true, textAt(operation, "finishedAt"), at);
  }
  const condition = listAt(status, "conditions").find((c) => ["ComparisonError", "InvalidSpecError"].includes(textAt(c, "type")));
  if (condition) return failing("render", textAt(condition, "type"), textAt(condition, "message"), true, textAt(condition, "lastTransitionTime"), at);
  const health = textAt(status, "health", "status");
  if (health === "Degraded") return failing("health", "Degraded", "", false, textAt(status, "health", "lastTransitionTime"), at);
  return health === "Healthy" ? { kind: "healthy" } : { kind: "progressing", message: health };
}

const FLUX_PHASES: Record<string, "render" | "apply" | "health"> = {
  BuildFailed: "render",
  ArtifactFailed: "render",
  ValuesError: "render",
  ReconciliationFailed: "apply",
};

function fluxState(delivery: KubeObject, at: Date): DeliveryState {
  const of = (type: string): Json | undefined => listAt(delivery, "status", "conditions").find((c) => textAt(c, "type") === type);
  const ready = of("Ready");
  if (textAt(ready, "status") === "True") return { kind: "healthy" };
  if (textAt(ready, "status") !== "False") return { kind: "progressing", message: textAt(ready, "message") };
  const released = of("Released");
  const told = textAt(released, "status") === "False" ? released : ready;
  const phase = FLUX_PHASES[textAt(ready, "reason")] ?? "health";
  const decided = phase !== "health" || textAt(of("Stalled"), "status") === "True";
  return failing(phase, textAt(told, "reason"), textAt(told, "message"), decided, textAt(told, "lastTransitionTime"), at);
}
