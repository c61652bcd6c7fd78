import type { ObjectRef } from "../cluster/objects.ts";
import type { EventView } from "../incident/events.ts";
import { normaliseMessage } from "../incident/fingerprint.ts";
import { type Draft, RANK } from "./draft.ts";

/** Normal events that explain something: who killed, what the autoscaler thinks, what was rolled out. */
const EXPLAINING = new Set(["Killing", "TriggeredScaleUp", "NotTriggerScaleUp", "Preempted", "Evicted"]);
const TELLING = new Set([...EXPLAINING, "ScalingReplicaSet"]);
const EVENTS = 14;
/** Warnings that only repeat what a container's state says already. */
const ECHO = /^(?:Error: (?:ErrImagePull|ImagePullBackOff|CrashLoopBackOff)|Back-off (?:pulling|restarting))/;

/** Events of this incident, those that say the same told once with a count, warnings first and the most frequent of them. */
export function eventItems(events: readonly EventView[]): Draft[] {
  const groups = new Map<string, EventView[]>();
  for (const event of events.filter(({ warning, reason }) => warning || TELLING.has(reason))) {
    const same = `${event.regarding.kind}/${event.reason}/${event.container}/${normaliseMessage(withoutName(event))}`;
    groups.set(same, [...(groups.get(same) ?? []), event]);
  }
  return [...groups.values()]
    .map(draftOf)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, EVENTS);
}

function draftOf(events: readonly EventView[]): Draft {
  const sorted = [...events].sort((a, b) => a.last.getTime() - b.last.getTime());
  const newest = sorted.at(-1) ?? events[0];
  if (!newest) return { rank: RANK.normalEvent, kind: "event", source: "event", text: "" };
  const times = events.reduce((sum, { count }) => sum + count, 0);
  const { kind, namespace, name } = newest.regarding;
  const objects = new Set(events.map(({ regarding }) => regarding.name)).size;
  const object: ObjectRef = { group: groupOfKind(kind), kind, namespace, name };
  return {
    rank: rankOf(newest),
    kind: "event",
    source: `event ${newest.reason} on ${kind} ${name}${objects > 1 ? ` (and ${objects - 1} more)` : ""}${times > 1 ? `, ${times} times` : ""}`,
    object,
    ...(newest.container === "" ? {} : { container: newest.container }),
    at: newest.last,
    text: newest.note,
  };
}

function rankOf({ warning, reason, note }: EventView): number {
  if (warning) return RANK.event + (ECHO.test(note) ? 2 : 0);
  return EXPLAINING.has(reason) ? RANK.event + 1 : RANK.normalEvent;
}

/** Notes that name their own pod, or one that should have been made, say the same about the next pod. */
function withoutName({ note, regarding }: EventView): string {
  if (regarding.name === "") return note;
  return note
    .split(regarding.name)
    .map((part, i) => (i === 0 ? part : part.replace(/^-[a-z0-9]{1,10}\b/, "")))
    .join("");
}

function groupOfKind(kind: string): string {
  if (["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"].includes(kind)) return "apps";
  return ["Job", "CronJob"].includes(kind) ? "batch" : "";
}
