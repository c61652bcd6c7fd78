import { afterEach, describe, expect, test } from "vitest";
import { GITHUBS } from "../world/githubs.ts";
import { healedState } from "../world/healed.ts";
import { loadRecording } from "../world/recording.ts";
import { startWorld, type Told, type World } from "../world/world.ts";

let world: World;

afterEach(() => world.close());

const ended = ({ ending }: Told) => ending.kind === "proposed" || ending.kind === "handed-over";

describe.each(GITHUBS)("a deployment that recovers without the bot, $name", ({ start }) => {
  test("its pull request is closed with the reason, and reopened when the same failure comes back", async () => {
    const recording = loadRecording("shop-01");
    world = await startWorld(recording, { startGitHub: start });
    await world.ending(ended);
    world.cluster.set(healedState(recording, recording.scenario.good));
    await world.ending(({ ending }) => ending.kind === "quiet" && ending.why === "recovered");
    expect(await world.repository.pulls()).toMatchObject([{ number: 1, state: "closed", merged: false }]);
    expect(await world.botSaid(1)).toEqual([
      expect.stringMatching(/^Deployment shop-01\/checkout works again at [0-9a-f\u200b]{7,8} without this change, so I take it back\.$/),
    ]);

    const from = world.endings.length;
    world.cluster.set(recording.objects);
    await world.ending(ended, from);
    expect(await world.repository.pulls()).toMatchObject([{ number: 1, state: "open" }]);
  });

  test("its issue is closed with the reason", async () => {
    const recording = loadRecording("shop-07");
    world = await startWorld(recording, { startGitHub: start });
    await world.ending(ended);
    world.cluster.set(healedState(recording, recording.scenario.good));
    await world.ending(({ ending }) => ending.kind === "quiet" && ending.why === "recovered");
    expect(await world.repository.issues()).toMatchObject([{ number: 1, state: "closed" }]);
    expect(await world.botSaid(1)).toEqual([expect.stringMatching(/^The deployment works again at [0-9a-f\u200b]{7,8}\.$/)]);
  });

  test("an issue that a person closed stays closed while it fails", async () => {
    world = await startWorld(loadRecording("shop-07"), { startGitHub: start });
    await world.ending(ended);
    await world.repository.closeIssue(1);
    await world.restart();
    await world.lookAgain();
    expect(await world.repository.issues()).toMatchObject([{ number: 1, state: "closed" }]);
  });
});

describe.each(GITHUBS)("a failure that becomes another, $name", ({ start }) => {
  test("the newer pull request takes over from the older one", async () => {
    const recording = loadRecording("shop-01");
    world = await startWorld(recording, { startGitHub: start });
    await world.ending(ended);
    const worse = { ...recording.scenario, good: recording.scenario.bad, bad: "b".repeat(40) };
    const again = (text: string) => text.replaceAll("acme/checkout:1.4.7", "acme/checkout:1.4.8").replaceAll(recording.scenario.bad, worse.bad);
    const files = Object.fromEntries(Object.entries(recording.after).map(([path, text]) => [path, again(text)]));
    await world.repository.commit(files, { message: "Try 1.4.8", sha: worse.bad });
    const from = world.endings.length;
    world.cluster.set(JSON.parse(again(JSON.stringify(recording.objects))));
    await world.ending(ended, from);
    expect(await world.repository.pulls()).toMatchObject([
      { number: 1, state: "closed" },
      { number: 2, state: "open" },
    ]);
    expect(await world.botSaid(1)).toEqual(["The failure has become another one: pull request 2 takes over."]);
  });
});
