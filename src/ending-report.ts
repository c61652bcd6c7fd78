import { type DeliveryKey, formatKey } from "./cluster/delivery.ts";
import type { Outcome } from "./queue/queue.ts";
import type { Ending } from "./reconcile.ts";
import type { Log } from "./telemetry/log.ts";

/** Endings that an operator wants to see; the others say that there was nothing to do. */
const NEWS: ReadonlySet<Ending["kind"]> = new Set(["proposed", "handed-over", "queued", "settings-invalid", "verdict"]);

/** Logs how a look at a delivery ended. */
export function logEnding(log: Log, key: DeliveryKey, ending: Ending): void {
  const line = [{ delivery: formatKey(key), ...ending }, `looked at ${formatKey(key)}: ${ending.kind}`] as const;
  if (NEWS.has(ending.kind)) log.info(...line);
  else log.debug(...line);
}

/** When to look again. */
export function soonest(endings: readonly Ending[]): Outcome {
  const times = endings.flatMap((ending) => ("again" in ending ? [ending.again] : []));
  return times.length > 0 ? { again: "after", milliseconds: Math.min(...times) } : { again: "when-something-happens" };
}
