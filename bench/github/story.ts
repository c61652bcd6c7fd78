import { healedState } from "../../test/world/healed.ts";
import { loadRecording, type Recording } from "../../test/world/recording.ts";
import { startWorld, type Told, type World } from "../../test/world/world.ts";
import { type Count, countOf } from "./count.ts";

const FILE = "deploy/deployment.yaml";
const BROKEN = "acme/checkout:1.4.7";
const LATER = 5 * 60_000;

export interface Step {
  name: string;
  /** What the step may cost. */
  limit?: { writes: number; reads?: number };
  count: Count;
}

interface Scene {
  world: World;
  recording: Recording;
  /** Lets time pass for the App. */
  pass(milliseconds: number): void;
}

interface Part {
  name: string;
  limit?: Step["limit"];
  happens(scene: Scene): Promise<void>;
  /** Until the App has done what is due. */
  until(scene: Scene, from: number): Promise<unknown>;
}

const PARTS: readonly Part[] = [
  { name: "first pull request", limit: { writes: 6, reads: 12 }, happens: breakAgain, until: ({ world }, from) => world.ending(proposed, from) },
  { name: "a look, nothing changed", limit: { writes: 0 }, happens: async () => {}, until: ({ world }) => world.lookAgain() },
  { name: "the same, 5 minutes later", limit: { writes: 0 }, happens: async ({ pass }) => pass(LATER), until: ({ world }) => world.lookAgain() },
  {
    name: "/autofix retry",
    happens: async ({ world }) => void (await world.repository.comment(2, "/autofix retry", "ada")),
    until: ({ world }) => world.lookAgain(),
  },
  { name: "verdict after the merge", happens: mergeAndHeal, until: ({ world }, from) => world.ending(verdict, from) },
];

const proposed = ({ ending }: Told) => ending.kind === "proposed";
const verdict = ({ ending }: Told) => ending.kind === "verdict";

/**
 * One failure from its pull request to the verdict after the merge, in a repository of which the App has read the files before, since it repaired another
 * failure there. Told naively, the App is started anew for each part: then it keeps nothing in memory.
 */
export async function tellStory(how: "as it is" | "naively"): Promise<Step[]> {
  const recording = loadRecording("shop-01");
  let ahead = 0;
  const world = await startWorld(recording, { clock: () => Date.now() + ahead });
  const scene: Scene = {
    world,
    recording,
    pass(milliseconds) {
      ahead += milliseconds;
    },
  };
  try {
    await world.ending(proposed);
    await mergeAndHeal({ ...scene, number: 1 });
    await world.ending(verdict);
    await world.lookAgain();
    const steps: Step[] = [];
    for (const { name, limit, happens, until } of PARTS) {
      const count = await countOf(world, async () => {
        const from = world.endings.length;
        if (how === "naively") await world.restart(() => happens(scene));
        else await happens(scene);
        await until(scene, from);
      });
      steps.push({ name, count, ...(limit ? { limit } : {}) });
    }
    return steps;
  } finally {
    await world.close();
  }
}

async function mergeAndHeal({ world, recording, number = 2 }: Scene & { number?: number }): Promise<void> {
  world.cluster.set(healedState(recording, await world.repository.merge(number, "ada")));
}

/** Another tag that was never pushed. */
async function breakAgain({ world, recording }: Scene): Promise<void> {
  const tag = "acme/checkout:1.4.8";
  const text = (recording.after[FILE] ?? "").replace(BROKEN, tag);
  const sha = await world.repository.commit({ [FILE]: text }, { message: "Release 1.4.8", as: "ada" });
  world.cluster.set(JSON.parse(JSON.stringify(recording.objects).replaceAll(recording.scenario.bad, sha).replaceAll(BROKEN, tag)));
}

/** The parts that cost more than they may. */
export function overLimit(steps: readonly Step[]): Step[] {
  return steps.filter(({ count, limit }) => limit && (count.writes > limit.writes || count.reads > (limit.reads ?? Number.POSITIVE_INFINITY)));
}
