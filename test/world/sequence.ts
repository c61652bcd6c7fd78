import { setTimeout as sleep } from "node:timers/promises";
import type { GitHubStandIn } from "../standins/github.ts";
import { breakAt } from "./observe-recording.ts";
import type { Recording } from "./recording.ts";
import { pushBreakingCommit, startWorld, type World } from "./world.ts";

/** Recorded seconds that pass in one. */
const SPEED = 20;
/** What starting a world may take, in milliseconds: the recording's time begins after it. */
const START = 10_000;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z/g;

export interface Watched {
  world: World;
  /** Ends when the whole sequence was played. */
  played: Promise<void>;
}

/**
 * A recording as an App lives through it that was there before the breaking push: everything that was recorded, in order, all times and waiting windows
 * shortened alike. Logs of pods that were gone when the recorder collected logs have to be given.
 */
export async function watchRecording(recording: Recording, github: GitHubStandIn, logs: Recording["logs"] = {}): Promise<Watched> {
  const begin = Date.now() + START;
  const quick = shortened(recording, begin);
  const environment = { AUTOFIX_WINDOW_SCALE: String(1 / SPEED) };
  const world = await startWorld(quick, { github, state: "good", keepTimes: true, environment });
  world.cluster.setLogs({ ...recording.logs, ...logs });
  return { world, played: play(world, quick, begin) };
}

async function play(world: World, recording: Recording, begin: number): Promise<void> {
  await sleep(Math.max(0, begin - Date.now()));
  await pushBreakingCommit(world.repository, recording);
  for (const event of recording.sequence) {
    if (event.seconds < 0) continue;
    const due = begin + (event.seconds * 1000) / SPEED - Date.now();
    if (due > 0) await sleep(due);
    world.cluster.apply(event);
  }
}

/** The same recording with all times moved and shortened, so that the breaking push is at `begin`. */
function shortened(recording: Recording, begin: number): Recording {
  const pushed = breakAt(recording).getTime();
  const text = JSON.stringify({ objects: recording.objects, sequence: recording.sequence });
  const moved = text.replaceAll(TIME, (time) => new Date(begin + (Date.parse(time) - pushed) / SPEED).toISOString());
  const { objects, sequence } = JSON.parse(moved);
  return { ...recording, objects, sequence };
}
