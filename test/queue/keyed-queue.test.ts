import { describe, expect, it } from "vitest";
import { AutofixError } from "../../src/errors.ts";
import { createKeyedQueue, type KeyedQueueOptions } from "../../src/queue/keyed-queue.ts";
import { queueContract } from "./contract.ts";
import { createManualClock } from "./manual-clock.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

queueContract("the queue in memory", async (settings) => {
  const clock = createManualClock();
  const queue = createKeyedQueue({ ...settings, clock, random: () => 1, log: quiet });
  return { queue, pass: clock.pass, close: async () => {} };
});

function open(options: Pick<KeyedQueueOptions, "handle"> & Partial<KeyedQueueOptions>) {
  const clock = createManualClock();
  const logged: { level: string; fields: Record<string, unknown> }[] = [];
  const at = (level: string) => (fields: Record<string, unknown>) => void logged.push({ level, fields });
  const log = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  return { clock, logged, queue: createKeyedQueue({ clock, log, ...options }) };
}

describe("the queue in memory", () => {
  it("draws the wait after a failure at random, so that a crowd does not return together", async () => {
    const draws = [0.5, 0, 0.25];
    const backOff = { baseMilliseconds: 1_000, longestMilliseconds: 60_000 };
    const handle = async () => {
      throw new AutofixError("cluster/unreachable", "no answer", { retry: "later" });
    };
    const { clock, logged, queue } = open({ handle, backOff, random: () => draws.shift() ?? 1 });
    queue.add("a");
    await clock.pass(501);
    expect(logged.map(({ fields }) => [fields.failures, fields.retryInMilliseconds, fields.code])).toEqual([
      [1, 500, "cluster/unreachable"],
      [2, 0, "cluster/unreachable"],
      [3, 1_000, "cluster/unreachable"],
    ]);
  });

  it("logs a failure that cannot get better as an error", async () => {
    const handle = async () => {
      throw new AutofixError("config/invalid", "autofix.yml is invalid");
    };
    const { clock, logged, queue } = open({ handle });
    queue.add("a");
    await clock.pass(1);
    expect(logged).toEqual([{ level: "error", fields: { key: "a", code: "config/invalid", error: "autofix.yml is invalid" } }]);
  });

  it("does not wait longer than its deadline for a run that hangs, and names it", async () => {
    const { clock, logged, queue } = open({ handle: () => new Promise(() => {}), drainMilliseconds: 5_000 });
    queue.add("stuck");
    await clock.pass(1);
    const drained = queue.drain();
    await clock.pass(5_000);
    await drained;
    expect(logged).toEqual([{ level: "warn", fields: { keys: ["stuck"] } }]);
  });

  it("says how it is", async () => {
    const { clock, queue } = open({ handle: () => new Promise(() => {}), concurrency: 1, drainMilliseconds: 10 });
    queue.add("a");
    queue.add("b");
    await clock.pass(1);
    expect(queue.status()).toEqual({ waiting: 1, running: 1, draining: false });
    void queue.drain();
    expect(queue.status()).toEqual({ waiting: 0, running: 1, draining: true });
  });
});
