import type { Clock } from "../../src/queue/clock.ts";

/** Time that passes only when told. */
export interface ManualClock extends Clock {
  /** Lets time pass timer by timer, and whatever each of them set off come to rest. */
  pass(milliseconds: number): Promise<void>;
}

export function createManualClock(): ManualClock {
  const timers = new Set<{ at: number; run: () => void }>();
  let now = 1_000_000;
  const rest = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    now: () => now,
    after(milliseconds, run) {
      const timer = { at: now + milliseconds, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async pass(milliseconds) {
      const end = now + milliseconds;
      await rest();
      for (;;) {
        const next = [...timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers.delete(next);
        now = Math.max(now, next.at);
        next.run();
        await rest();
      }
      now = end;
    },
  };
}
