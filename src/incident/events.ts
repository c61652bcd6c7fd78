import { type KubeObject, numberAt, type ObjectRef, textAt } from "../cluster/objects.ts";
import type { Observation } from "../cluster/observation.ts";

/** One Event of the cluster (events.k8s.io/v1), reduced to what is read here. `note` is untrusted text. */
export interface EventView {
  warning: boolean;
  reason: string;
  note: string;
  regarding: { kind: string; namespace: string; name: string; uid: string };
  /** From `regarding.fieldPath`, `spec.containers{app}`: "" where the event is about the whole object. */
  container: string;
  count: number;
  first: Date;
  last: Date;
}

const NEVER = new Date(0);
/** What the client's aggregator puts before the message of events that it counts together (client-go, events_cache.go). */
const COMBINED = /^\(combined from similar events\): /;

/** Reads an Event object. Times come from whichever field its author filled in: series, deprecated timestamps, eventTime, creation. */
function eventOf(object: KubeObject): EventView {
  const created = dateAt(object, "metadata", "creationTimestamp");
  const first = dateAt(object, "deprecatedFirstTimestamp") ?? dateAt(object, "eventTime") ?? created ?? NEVER;
  const last = dateAt(object, "series", "lastObservedTime") ?? dateAt(object, "deprecatedLastTimestamp") ?? dateAt(object, "eventTime") ?? first;
  return {
    warning: textAt(object, "type") === "Warning",
    reason: textAt(object, "reason"),
    note: (textAt(object, "note") || textAt(object, "message")).replace(COMBINED, ""),
    regarding: {
      kind: textAt(object, "regarding", "kind"),
      namespace: textAt(object, "regarding", "namespace"),
      name: textAt(object, "regarding", "name"),
      uid: textAt(object, "regarding", "uid"),
    },
    container: /\{([^{}]{1,253})\}$/.exec(textAt(object, "regarding", "fieldPath"))?.[1] ?? "",
    count: Math.max(1, numberAt(object, "series", "count") ?? numberAt(object, "deprecatedCount") ?? 1),
    first,
    last,
  };
}

/** All events of an observation, oldest first. */
export function eventsOf(observation: Observation): EventView[] {
  return observation.events.map(eventOf).sort((a, b) => a.last.getTime() - b.last.getTime());
}

/** Whether an event is about this object: by UID where both are known, else by kind and name. */
export function isAbout(event: EventView, object: KubeObject): boolean {
  const uid = textAt(object, "metadata", "uid");
  if (uid !== "" && event.regarding.uid !== "") return event.regarding.uid === uid;
  return isAboutRef(event, { kind: object.kind, namespace: textAt(object, "metadata", "namespace"), name: textAt(object, "metadata", "name") });
}

function isAboutRef(event: EventView, ref: Pick<ObjectRef, "kind" | "namespace" | "name">): boolean {
  return event.regarding.kind === ref.kind && event.regarding.namespace === ref.namespace && event.regarding.name === ref.name;
}

/** A valid date at a path, or undefined. */
export function dateAt(value: KubeObject | KubeObject[string], ...keys: readonly (string | number)[]): Date | undefined {
  const text = textAt(value, ...keys);
  const date = new Date(text);
  return text === "" || Number.isNaN(date.getTime()) ? undefined : date;
}

/** The earliest of some dates; `otherwise` where there is none. */
export function earliest(dates: readonly (Date | undefined)[], otherwise: Date): Date {
  const known = dates.flatMap((date) => (date ? [date.getTime()] : []));
  return known.length === 0 ? otherwise : new Date(Math.min(...known));
}

/** The latest of some dates; `otherwise` where there is none. */
export function latest(dates: readonly (Date | undefined)[], otherwise: Date): Date {
  const known = dates.flatMap((date) => (date ? [date.getTime()] : []));
  return known.length === 0 ? otherwise : new Date(Math.max(...known));
}
