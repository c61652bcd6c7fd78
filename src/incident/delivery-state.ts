import { groupOf, type Json, type KubeObject, listAt, type ObjectRef, objectAt, refOf, textAt } from "../cluster/objects.ts";
import type { Observation } from "../cluster/observation.ts";
import { earliest, eventsOf, isAbout } from "./events.ts";
import { canonicalJson, normaliseMessage } from "./fingerprint.ts";
import type { Symptom } from "./incident.ts";

const PHASES = { render: "render", apply: "apply", health: "delivery" } as const;

/** What the delivery says of itself when it fails; `since` is the first event of the same error, since the tools' own times start again with every retry. */
export function deliverySymptoms(observation: Observation): Symptom[] {
  const { state } = observation;
  if (state.kind !== "failing") return [];
  const said = deliveryError(observation);
  const error = normaliseMessage(said);
  const same = eventsOf(observation).filter((e) => e.warning && isAbout(e, observation.delivery) && normaliseMessage(e.note) === error);
  const since = earliest(
    same.map((event) => event.first),
    state.since,
  );
  return [
    {
      reason: PHASES[state.phase],
      object: deliveryRef(observation),
      message: state.reason === "" ? said : `${state.reason}: ${said}`,
      decided: state.decided,
      since,
    },
  ];
}

/**
 * The error of a failing delivery. While Flux tries again its conditions say no more than that, and the error is only in the newest event with the
 * same reason.
 */
export function deliveryError(observation: Observation): string {
  const { state, delivery } = observation;
  if (state.kind !== "failing") return "";
  if (!/^\w+ in progress\b|^Running health checks/.test(state.message)) return state.message;
  const told = eventsOf(observation).findLast((event) => event.warning && event.reason === state.reason && isAbout(event, delivery));
  return told?.note ?? state.message;
}

export function deliveryRef({ key, delivery }: Observation): ObjectRef {
  return { group: groupOf(delivery.apiVersion), kind: key.kind, namespace: key.namespace, name: key.name };
}

/** Kinds that are deliveries themselves: they have keys, and so incidents, of their own. */
const DELIVERIES = ["Application", "Kustomization", "HelmRelease"];
/** How Flux names objects in health messages: `[Deployment/shop/api status: 'Failed']`. */
const NAMED = /\b([A-Z]\w{1,62})\/([a-z0-9.-]{1,253})\/([a-z0-9.-]{1,253}) status\b/g;

/** Whether this delivery is ill only because another delivery, which it manages, is. */
export function failsThroughChild(observation: Observation): boolean {
  const { state } = observation;
  if (state.kind !== "failing" || state.phase !== "health") return false;
  const named = namedObjects(deliveryError(observation));
  if (named.length > 0) return named.every(({ kind }) => DELIVERIES.includes(kind));
  const own = refOf(observation.delivery);
  return observation.objects.some((object) => DELIVERIES.includes(object.kind) && refOf(object).name !== own.name && isUnhealthy(object));
}

/**
 * Whether a sync of Argo CD failed only because of its hooks, and each of them says itself why it fails. While the sync is tried again a hook may just have
 * been made anew, and says nothing yet.
 */
export function failsThroughHooks({ state, delivery, objects }: Observation, symptoms: readonly Symptom[]): boolean {
  if (state.kind !== "failing" || state.phase !== "apply") return false;
  const results = listAt(delivery, "status", "operationState", "syncResult", "resources");
  const hooks = results.filter((result) => ["Failed", "Error"].includes(textAt(result, "hookPhase")));
  const isHook = (hook: Json, { kind, namespace, name }: ObjectRef) =>
    textAt(hook, "kind") === kind && textAt(hook, "namespace") === namespace && textAt(hook, "name") === name;
  const speaks = (hook: Json) =>
    symptoms.some(({ object }) => isHook(hook, object)) || (!state.decided && objects.some((object) => isHook(hook, refOf(object))));
  return hooks.length > 0 && hooks.every(speaks) && !results.some((result) => textAt(result, "status") === "SyncFailed");
}

function namedObjects(message: string): { kind: string; namespace: string; name: string }[] {
  return [...message.slice(0, 4096).matchAll(NAMED)].map(([, kind = "", namespace = "", name = ""]) => ({ kind, namespace, name }));
}

function isUnhealthy(object: KubeObject): boolean {
  if (textAt(object, "status", "health", "status") === "Degraded") return true;
  return listAt(object, "status", "conditions").some(
    (c) => ["Ready", "Available", "Established"].includes(textAt(c, "type")) && textAt(c, "status") === "False",
  );
}

/**
 * What is broken about a delivery, in a form that stays the same over retries: the error without numbers and hashes where it could not be rendered or applied;
 * the objects that it waits for, as they are specified, where it was applied and does not work; for a HelmRelease what it was asked to install.
 */
export function brokenDelivery(observation: Observation): string {
  const { state, delivery, key } = observation;
  if (state.kind !== "failing") return "";
  const error = deliveryError(observation);
  if (state.phase !== "health") return normaliseMessage(error);
  if (key.kind === "HelmRelease") return canonicalJson(["health", releaseSpec(delivery)]);
  const named = namedObjects(error);
  const isNamed = (ref: ObjectRef) => named.some((n) => n.kind === ref.kind && n.namespace === ref.namespace && n.name === ref.name);
  const ill = observation.objects.filter((object) => object !== delivery && (named.length > 0 ? isNamed(refOf(object)) : isUnhealthy(object)));
  const specs = ill.map((object) => canonicalJson([{ ...refOf(object) }, objectAt(object, "spec")])).sort();
  return canonicalJson(["health", ...specs]);
}

/** How Helm says that it gave up waiting: the words differ from try to try and say nothing about the cause. */
const GAVE_UP = /timeout|timed out|deadline|rate limiter|rate: Wait/i;

/** The parts of a HelmRelease's spec that decide what is installed (intervals and timeouts do not), and Helm's error where it names a cause. */
function releaseSpec(release: KubeObject): string {
  const spec = objectAt(release, "spec");
  const released = listAt(release, "status", "conditions").find((c) => textAt(c, "type") === "Released" && textAt(c, "status") === "False");
  const error = textAt(released, "message").slice(0, 4096);
  return canonicalJson(
    ["chart", "chartRef", "values", "valuesFrom", "postRenderers", "targetNamespace"]
      .map((key) => spec[key] ?? null)
      .concat(GAVE_UP.test(error) ? "" : normaliseMessage(error)),
  );
}
