import { afterEach, describe, expect, test } from "vitest";
import { GITHUBS, needing } from "../world/githubs.ts";
import { loadRecording } from "../world/recording.ts";
import { startWorld, type World } from "../world/world.ts";

let world: World;

afterEach(() => world.close());

const asksAgain = () => world.github.requests.filter(({ method, path }) => method === "POST" && path.endsWith("/attempts")).length;

describe.each(GITHUBS)("what happened while the App was away, $name", (github) => {
  async function startProposed(): Promise<number> {
    world = await startWorld(loadRecording("shop-01"), { startGitHub: github.start });
    await world.ending(({ ending }) => ending.kind === "proposed");
    await world.lookAgain();
    const [run] = await world.repository.checkRuns((await world.repository.pull(1)).head.sha);
    return run?.id ?? 0;
  }

  test("a command is found and answered", async () => {
    await startProposed();
    await world.restart(async () => void (await world.repository.comment(1, "/autofix help", "ada")));
    await world.lookAgain();
    expect(await world.botSaid(1)).toEqual([expect.stringContaining("/autofix retry [hint]")]);
  });

  needing(github, "hook deliveries")("a press of Re-run, which only its webhook tells of, is sent again, once, and nothing else is", async () => {
    const run = await startProposed();
    const summaries = async () => (await world.repository.checkRuns((await world.repository.pull(1)).head.sha)).map(({ output }) => output.summary);
    const [before] = await summaries();
    await world.restart(async () => {
      await world.repository.rerun(run);
      await world.repository.commit({ "README.md": "# Nothing to do with us\n" }, { as: "ada" });
    });
    await expect.poll(summaries, { timeout: 20_000 }).not.toEqual([before]);
    expect(asksAgain()).toBe(1);
    await world.restart();
    await world.lookAgain();
    expect(asksAgain()).toBe(1);
  });
});
