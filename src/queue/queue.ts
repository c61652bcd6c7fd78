/** Why a key should be looked at again; undefined means never mind until something happens. */
export type Outcome = { again: "after"; milliseconds: number } | { again: "when-something-happens" };

/** A work queue of keys: at most one run per key at a time, many additions of a waiting key are one, retries back off. */
export interface Queue {
  /** Adds a key, to be run after `delayMilliseconds` at the earliest; an earlier time for a waiting key wins. */
  add(key: string, delayMilliseconds?: number): void;
  /** Stops taking keys and waits for the running ones; what waited is found again at the next start. */
  drain(): Promise<void>;
}
