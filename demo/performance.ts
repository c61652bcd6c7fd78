import { messageOf } from "../src/errors.ts";
import type { Act } from "./act.ts";
import { commands } from "./acts/commands.ts";
import { hostile } from "./acts/hostile.ts";
import { merge } from "./acts/merge.ts";
import { quiet } from "./acts/quiet.ts";
import { repair } from "./acts/repair.ts";
import { restart } from "./acts/restart.ts";
import type { Narrator } from "./narrator.ts";
import type { Stage } from "./stage.ts";
import { Missed } from "./waiting.ts";

const ACTS: readonly Act[] = [quiet, repair, commands, restart, hostile, merge];

/** Plays every act and sums up what was promised and what was proven. True where nothing is missing. */
export async function perform(stage: Stage, narrator: Narrator): Promise<boolean> {
  const kept = new Set<string>();
  const broken = new Set<string>();
  let failure: string | undefined;
  for (const [i, { title, words, play }] of ACTS.entries()) {
    await narrator.act(`${i + 1}/${ACTS.length}  ${title}`, words);
    const prove = (promise: string, holds: boolean) => void (holds ? kept : broken).add(promise);
    try {
      await play({ stage, narrator, prove });
    } catch (thrown) {
      failure = thrown instanceof Missed ? thrown.message : `Something went wrong that the demo did not expect: ${messageOf(thrown)}`;
      break;
    }
  }
  await narrator.act("What was shown", "Each line was checked against what GitHub and the App say.");
  const promises = ACTS.flatMap((act) => act.promises);
  for (const promise of promises) {
    const holds = kept.has(promise) && !broken.has(promise);
    narrator.proven(holds || broken.has(promise) ? promise : `${promise} (not reached)`, holds);
  }
  if (failure) narrator.proven(failure, false);
  return failure === undefined && promises.every((promise) => kept.has(promise) && !broken.has(promise));
}
