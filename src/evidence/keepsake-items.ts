import { isObject, type KubeObject, listAt, numberAt, objectAt, textAt } from "../cluster/objects.ts";
import type { Observation, Remembered } from "../cluster/observation.ts";
import { eventsOf } from "../incident/events.ts";
import { containerStatuses, podSymptoms } from "../incident/pods.ts";
import { eventsAbout, workloadsOf } from "../incident/workload-view.ts";

/** A log that was read when a container ended badly; `restarts` tells after which end. */
export interface KeptLog {
  kind: "log";
  id: string;
  at: Date;
  restarts: number;
  text: string;
}

/** One thing that was seen while a delivery failed. The id of an object is its UID; `telling` ranks how much a state says. */
export type Kept =
  | { kind: "object"; id: string; at: Date; telling: number; object: KubeObject }
  | { kind: "event"; id: string; at: Date; object: KubeObject }
  | { kind: "said"; id: string; at: Date; text: string }
  | KeptLog;

/** A container that ended badly, whose log should be read before it is gone. */
interface Ended {
  id: string;
  pod: KubeObject;
  container: string;
  previous: boolean;
  restarts: number;
}

/** Pods of one workload that are kept: they fail alike. */
const PODS = 4;
const SAID_CHARACTERS = 1_500;
const EVENT_BYTES = 4_000;

/** What fails about a delivery now: its failing pods with what made them and the events about them, and what the delivery says of itself. */
export function troublesNow(live: Observation): { items: Kept[]; ended: Ended[] } {
  const items: Kept[] = [];
  const ended: Ended[] = [];
  const events = eventsOf(live);
  for (const view of workloadsOf(live)) {
    const about = eventsAbout(view, events);
    const failing = view.pods.flatMap((pod) => {
      const symptoms = podSymptoms(view.ref, pod, about, live.at);
      return symptoms.length === 0 ? [] : [{ pod, telling: symptoms.some(({ reason }) => reason !== "not-ready") ? 2 : 1 }];
    });
    const kept = failing.sort((a, b) => b.telling - a.telling).slice(0, PODS);
    if (kept.length === 0) continue;
    const telling = Math.max(...kept.map((one) => one.telling));
    for (const object of [view.object, ...(view.maker && view.maker !== view.object ? [view.maker] : [])]) items.push(objectItem(object, live.at, telling));
    for (const one of kept) items.push(objectItem(one.pod, live.at, one.telling));
    ended.push(...kept.flatMap(({ pod }) => containerStatuses(pod).flatMap((status) => endedOf(pod, status))));
    const uids = new Set([view.object, ...(view.maker ? [view.maker] : []), ...kept.map(({ pod }) => pod)].map((object) => textAt(object, "metadata", "uid")));
    items.push(...live.events.filter((event) => isTelling(event, uids)).map((event) => eventItem(event, live.at)));
  }
  return { items: [...items, ...saidItems(live)], ended };
}

function objectItem(object: KubeObject, at: Date, telling: number): Kept {
  return { kind: "object", id: textAt(object, "metadata", "uid"), at, telling, object };
}

function eventItem(object: KubeObject, at: Date): Kept {
  return { kind: "event", id: `event/${textAt(object, "metadata", "uid")}`, at, object };
}

function isTelling(event: KubeObject, uids: ReadonlySet<string>): boolean {
  const isWarning = textAt(event, "type") === "Warning" || textAt(event, "reason") === "Killing";
  return isWarning && uids.has(textAt(event, "regarding", "uid")) && Buffer.byteLength(textAt(event, "note")) <= EVENT_BYTES;
}

function endedOf(pod: KubeObject, status: KubeObject["status"]): Ended[] {
  const restarts = numberAt(status, "restartCount") ?? 0;
  const code = numberAt(status, "state", "terminated", "exitCode") ?? numberAt(status, "lastState", "terminated", "exitCode");
  if (code === undefined || (code === 0 && restarts === 0)) return [];
  const previous = isObject(objectAt(status, "state").running);
  const container = textAt(status, "name");
  return [{ id: `${textAt(pod, "metadata", "uid")}/${container}`, pod, container, previous, restarts }];
}

/** What a failing delivery says: a rollback replaces it soon by its own success. */
function saidItems(live: Observation): Kept[] {
  return wordsOf(live).map((text) => ({ kind: "said", id: `said/${text}`, at: live.at, text }));
}

function wordsOf({ state, delivery, key }: Observation): string[] {
  const failing = state.kind === "failing" && state.message !== "" ? [`${state.reason}: ${state.message}`] : [];
  const conditions = key.kind === "Application" ? [] : listAt(delivery, "status", "conditions");
  const failed = conditions.filter(
    (c) => textAt(c, "status") === "False" && ["Ready", "Released"].includes(textAt(c, "type")) && !/Succeeded$|^Progressing/.test(textAt(c, "reason")),
  );
  const told = failed.map((c) => `${textAt(c, "reason")}: ${textAt(c, "message")}`);
  return [...new Set([...failing, ...told])].map((text) => text.slice(0, SAID_CHARACTERS));
}

/** What was said and is not said now; the newest few. */
export function earlierWords(live: Observation, known: readonly Kept[]): Remembered["said"] {
  const now = new Set(wordsOf(live));
  return known.flatMap((item) => (item.kind === "said" && !now.has(item.text) ? [{ at: item.at, text: item.text }] : [])).slice(-4);
}
