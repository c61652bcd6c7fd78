import { createHash } from "node:crypto";

/** One of `n` recordings, told by the hash of its id, so that `npm test` stays short; all of them with `PLAY_ALL`. */
export function isSampled(id: string, n: number): boolean {
  return process.env.PLAY_ALL !== undefined || byHash(id, n) === 0;
}

/** In how many recordings one is told in this way, if all are not played. */
export interface Way {
  oneOf: number;
}

/**
 * In which ways a recording is played. `PLAY_ALL=1` takes every recording in one of its ways, as `.ci/run` does: two slow cores have half an hour for everything;
 * `PLAY_ALL=every-way` takes each in all of them.
 */
export function sampledWays<Some extends Way>(id: string, ways: readonly Some[]): readonly Some[] {
  if (process.env.PLAY_ALL === "every-way") return ways;
  if (process.env.PLAY_ALL !== undefined) return [ways[byHash(id, ways.length)] as Some];
  return ways.filter(({ oneOf }) => byHash(id, oneOf) === 0);
}

function byHash(id: string, n: number): number {
  return createHash("sha256").update(id).digest().readUInt8() % n;
}
