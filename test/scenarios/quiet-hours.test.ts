import { afterEach, describe, expect, test, vi } from "vitest";
import { healedState } from "../world/healed.ts";
import { loadRecording } from "../world/recording.ts";
import { pushBreakingCommit, recordedKey, startWorld, type Told, type World, type WorldOptions } from "../world/world.ts";

// Several looks of the whole App each; machines that are busy need longer.
vi.setConfig({ testTimeout: 120_000 });

let world: World;
/** Milliseconds by which the App's clock is ahead: at 0 it is quiet, three hours later it is not. */
let ahead = 0;
const AFTER = 3 * 3_600_000;

afterEach(async () => {
  ahead = 0;
  await world.close();
});

const recording = loadRecording("shop-01");

async function start(options: WorldOptions = {}): Promise<void> {
  const hour = (later: number) => `${new Date(Date.now() + later * 3_600_000).toISOString().slice(11, 13)}:00`;
  const settings = `quietHours:\n  windows:\n    - from: ${hour(-1)}\n      to: ${hour(2)}\n`;
  world = await startWorld(recording, { ...options, clock: () => Date.now() + ahead, files: { ".github/autofix.yml": settings } });
}

async function lookUntil(fits: (told: Told) => boolean): Promise<Told> {
  await world.github.settled();
  const from = world.endings.length;
  world.app.look(recordedKey(recording));
  return world.ending(fits, from);
}

const isQuiet = ({ ending }: Told) => ending.kind === "waiting" && ending.why.startsWith("quiet hours until ");
const writes = () => world.github.requests.filter(({ method, path }) => method !== "GET" && !path.includes("access_tokens"));
const botSaid = async () => (await world.repository.comments(1)).filter(({ user }) => user?.type === "Bot").map(({ body }) => (body ?? "").split("\n").at(-3));

describe("in quiet hours", () => {
  test("a failure is watched and nothing is written; its pull request comes afterwards", async () => {
    await start();
    await world.ending(isQuiet);
    await world.restart();
    await lookUntil(isQuiet);
    expect(writes()).toEqual([]);
    ahead = AFTER;
    await lookUntil(({ ending }) => ending.kind === "proposed");
    expect(await world.repository.pulls()).toMatchObject([{ state: "open" }]);
  });

  test("a failure that passes by itself is never mentioned", async () => {
    await start();
    await world.ending(isQuiet);
    world.cluster.set(healedState(recording, recording.scenario.good));
    ahead = AFTER;
    await lookUntil(({ ending }) => ending.kind === "quiet");
    expect(writes()).toEqual([]);
  });

  test("what people ask for is answered; what nobody asked for waits: the recovery", async () => {
    ahead = AFTER;
    await start();
    await world.ending(({ ending }) => ending.kind === "proposed");
    ahead = 0;
    await world.repository.comment(1, "/autofix explain");
    await expect.poll(botSaid, { timeout: 60_000 }).toHaveLength(1);
    world.cluster.set(healedState(recording, recording.scenario.good));
    await lookUntil(isQuiet);
    expect(await world.repository.pull(1)).toMatchObject({ state: "open" });
    ahead = AFTER;
    await lookUntil(({ ending }) => ending.kind === "quiet" && ending.why === "recovered");
    expect(await world.repository.pull(1)).toMatchObject({ state: "closed" });
  });

  test("heads are checked, and the verdict after a merge waits", async () => {
    ahead = AFTER;
    await start({ state: "good" });
    await pushBreakingCommit(world.repository, recording);
    world.cluster.set(recording.objects);
    await world.ending(({ ending }) => ending.kind === "proposed");
    ahead = 0;
    const { head } = await world.repository.pull(1);
    const pushed = await world.repository.commit({ "README.md": "# by hand\n" }, { branch: head.ref, as: "ada" });
    await expect.poll(() => world.repository.checkRuns(pushed), { timeout: 60_000 }).toHaveLength(1);
    const merge = await world.repository.merge(1);
    world.cluster.set(healedState(recording, merge));
    await lookUntil(isQuiet);
    expect(await botSaid()).toEqual([]);
    ahead = AFTER;
    await lookUntil(({ ending }) => ending.kind === "verdict");
    expect(await botSaid()).toEqual(["✅ Deployment shop-01/checkout is healthy again."]);
  });
});
