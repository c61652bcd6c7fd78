import { createHash } from "node:crypto";

/**
 * One of `n` recordings, told by the hash of its id, so that `npm test` stays short. `PLAY_ALL=1` takes all of them, as `.ci/run` does, or as many as one of `most`: two
 * slow cores have half an hour for everything.
 */
export function isSampled(id: string, n: number, most = 1): boolean {
  return createHash("sha256").update(id).digest().readUInt8() % (process.env.PLAY_ALL === "1" ? most : n) === 0;
}
