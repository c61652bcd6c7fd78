import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AutofixError } from "../../src/errors.ts";
import type { Outcome, Queue } from "../../src/queue/queue.ts";

/** What an implementation brings, so that the same promises can be checked of each. */
export interface QueueUnderTest {
  queue: Queue;
  /** Lets this much of the queue's time pass, and everything begin that is due by then. */
  pass(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

export interface QueueSettings {
  handle(key: string): Promise<Outcome>;
  concurrency: number;
  /** Failures wait exactly `base × 2ⁿ⁻¹`: the jitter is switched off. */
  backOff: { baseMilliseconds: number; longestMilliseconds: number };
}

const SECOND = 1_000;
const idle: Outcome = { again: "when-something-happens" };

/** Every queue keeps these promises (src/queue/queue.ts). */
export function queueContract(name: string, open: (settings: QueueSettings) => Promise<QueueUnderTest>): void {
  describe(`${name} keeps the promises of a queue`, () => {
    let runs: string[];
    let answer: (key: string) => Promise<Outcome>;
    let release: Map<string, () => void>;
    let subject: QueueUnderTest;

    beforeEach(async () => {
      runs = [];
      release = new Map();
      answer = async () => idle;
      subject = await open({
        handle: (key) => {
          runs.push(key);
          return answer(key);
        },
        concurrency: 2,
        backOff: { baseMilliseconds: 10 * SECOND, longestMilliseconds: 30 * SECOND },
      });
    });
    afterEach(() => subject.close());

    const held = (key: string) => new Promise<Outcome>((resolve) => release.set(key, () => resolve(idle)));

    it("runs a key that was added many times once", async () => {
      for (let i = 0; i < 5; i++) subject.queue.add("a");
      await subject.pass(SECOND);
      expect(runs).toEqual(["a"]);
    });

    it("waits as long as asked, and the earlier time wins", async () => {
      subject.queue.add("a", 60 * SECOND);
      subject.queue.add("a", 20 * SECOND);
      subject.queue.add("a", 90 * SECOND);
      await subject.pass(19 * SECOND);
      expect(runs).toEqual([]);
      await subject.pass(2 * SECOND);
      expect(runs).toEqual(["a"]);
      await subject.pass(120 * SECOND);
      expect(runs).toEqual(["a"]);
    });

    it("never runs one key twice at a time, and once more when it was added meanwhile", async () => {
      answer = held;
      subject.queue.add("a");
      await subject.pass(SECOND);
      subject.queue.add("a");
      subject.queue.add("a");
      await subject.pass(SECOND);
      expect(runs).toEqual(["a"]);
      release.get("a")?.();
      await subject.pass(SECOND);
      expect(runs).toEqual(["a", "a"]);
      release.get("a")?.();
      await subject.pass(60 * SECOND);
      expect(runs).toEqual(["a", "a"]);
    });

    it("runs as many keys at a time as it may, the one that waited longest first", async () => {
      answer = held;
      for (const key of ["a", "b", "c", "d"]) subject.queue.add(key);
      await subject.pass(SECOND);
      expect(runs).toEqual(["a", "b"]);
      release.get("b")?.();
      await subject.pass(SECOND);
      expect(runs).toEqual(["a", "b", "c"]);
      for (const key of ["a", "c"]) release.get(key)?.();
      await subject.pass(SECOND);
      expect(runs).toEqual(["a", "b", "c", "d"]);
      release.get("d")?.();
    });

    it("looks again when the run asked for it", async () => {
      answer = async () => (runs.length < 3 ? { again: "after", milliseconds: 30 * SECOND } : idle);
      subject.queue.add("a");
      await subject.pass(29 * SECOND);
      expect(runs).toHaveLength(1);
      await subject.pass(2 * SECOND);
      expect(runs).toHaveLength(2);
      await subject.pass(300 * SECOND);
      expect(runs).toHaveLength(3);
    });

    it("tries again after a failure, later every time up to a longest wait, and forgets failures after a success", async () => {
      answer = async () => {
        if (runs.length === 5) return idle;
        throw new Error("connection reset");
      };
      subject.queue.add("a");
      const times: number[] = [];
      for (let second = 0; second < 200; second++) {
        const before = runs.length;
        await subject.pass(SECOND);
        if (runs.length > before) times.push(second);
      }
      expect(times).toEqual([0, 9, 29, 59, 89]);
      subject.queue.add("a");
      await subject.pass(11 * SECOND);
      expect(runs).toHaveLength(7);
    });

    it("does not try again what cannot get better, but takes the key when it is added anew", async () => {
      answer = async () => {
        throw new AutofixError("source/too-large", "too large");
      };
      subject.queue.add("a");
      await subject.pass(300 * SECOND);
      expect(runs).toHaveLength(1);
      subject.queue.add("a");
      await subject.pass(SECOND);
      expect(runs).toHaveLength(2);
    });

    it("goes on with other keys when one fails", async () => {
      answer = async (key) => {
        if (key === "a") throw new Error("connection reset");
        return idle;
      };
      for (const key of ["a", "b", "c"]) subject.queue.add(key);
      await subject.pass(SECOND);
      expect(runs).toEqual(["a", "b", "c"]);
    });

    it("is drained when what runs has ended, and starts nothing more", async () => {
      answer = held;
      for (const key of ["a", "b", "c"]) subject.queue.add(key);
      await subject.pass(SECOND);
      let drained = false;
      const draining = subject.queue.drain().then(() => {
        drained = true;
      });
      subject.queue.add("d");
      release.get("a")?.();
      await subject.pass(SECOND);
      expect(drained).toBe(false);
      release.get("b")?.();
      await subject.pass(SECOND);
      await draining;
      await subject.pass(60 * SECOND);
      expect(runs).toEqual(["a", "b"]);
    });
  });
}
