import { AutofixError, messageOf } from "../errors.ts";
import type { Log } from "../telemetry/log.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Outcome, Queue } from "./queue.ts";

export interface KeyedQueueOptions {
  /** Looks at one key. What it throws is retried with back-off, unless it says that a retry cannot help. */
  handle(key: string): Promise<Outcome>;
  log: Log;
  /** How many keys run at the same time. */
  concurrency?: number;
  clock?: Clock;
  /** 0 ≤ value < 1. */
  random?: () => number;
  /** The n-th failure in a row waits a random time up to `base × 2ⁿ⁻¹`, at most `longest` (full jitter: aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter). */
  backOff?: { baseMilliseconds: number; longestMilliseconds: number };
  /** How long {@link Queue.drain} waits for what is running. */
  drainMilliseconds?: number;
}

export interface KeyedQueue extends Queue {
  /** For health routes and metrics. */
  status(): { waiting: number; running: number; draining: boolean };
}

/** The queue of a single replica, in memory: what waits is lost with the process and found again at the next start, since every delivery is looked at then. */
export function createKeyedQueue(options: KeyedQueueOptions): KeyedQueue {
  const { handle, log, concurrency = 4, clock = systemClock, random = Math.random, drainMilliseconds = 25_000 } = options;
  const { baseMilliseconds, longestMilliseconds } = options.backOff ?? { baseMilliseconds: 2_000, longestMilliseconds: 15 * 60_000 };
  /** When each waiting key is due; a running key is here too where it was added meanwhile. */
  const due = new Map<string, number>();
  const running = new Map<string, Promise<void>>();
  const failures = new Map<string, number>();
  let cancelTimer = () => {};
  let starting = false;
  let draining = false;

  function schedule(key: string, milliseconds: number): void {
    const at = clock.now() + Math.max(0, milliseconds);
    due.set(key, Math.min(at, due.get(key) ?? at));
  }

  /** Not at once, so that all that one event adds is one run. */
  function startSoon(): void {
    if (starting) return;
    starting = true;
    queueMicrotask(startDue);
  }

  function startDue(): void {
    starting = false;
    cancelTimer();
    if (draining) return;
    const startable = [...due].filter(([key]) => !running.has(key)).sort(([, a], [, b]) => a - b);
    for (const [key, at] of startable) {
      if (running.size >= concurrency) return;
      if (at > clock.now()) {
        cancelTimer = clock.after(at - clock.now(), startDue);
        return;
      }
      due.delete(key);
      running.set(key, run(key));
    }
  }

  async function run(key: string): Promise<void> {
    try {
      const outcome = await Promise.resolve(key).then(handle);
      failures.delete(key);
      if (outcome.again === "after") schedule(key, outcome.milliseconds);
    } catch (thrown) {
      fail(key, thrown);
    }
    running.delete(key);
    startDue();
  }

  function fail(key: string, thrown: unknown): void {
    const code = thrown instanceof AutofixError ? thrown.code : undefined;
    if (thrown instanceof AutofixError && thrown.retry === "never") {
      failures.delete(key);
      log.error({ key, code, error: thrown.message }, "This run failed, and a retry would fail the same way");
      return;
    }
    const count = (failures.get(key) ?? 0) + 1;
    failures.set(key, count);
    const wait = Math.round(random() * Math.min(longestMilliseconds, baseMilliseconds * 2 ** (count - 1)));
    log.warn({ key, code, failures: count, retryInMilliseconds: wait, error: messageOf(thrown) }, "This run failed and will be tried again");
    schedule(key, wait);
  }

  return {
    add(key, delayMilliseconds = 0) {
      if (draining) return log.debug({ key }, "Not taken: the queue is being drained");
      schedule(key, delayMilliseconds);
      startSoon();
    },
    async drain() {
      draining = true;
      cancelTimer();
      due.clear();
      const deadline = new Promise<"late">((resolve) => {
        cancelTimer = clock.after(drainMilliseconds, () => resolve("late"));
      });
      const ended = await Promise.race([Promise.all(running.values()), deadline]);
      cancelTimer();
      if (ended === "late") log.warn({ keys: [...running.keys()] }, "Stopped waiting for runs that did not end");
    },
    status: () => ({ waiting: due.size, running: running.size, draining }),
  };
}
