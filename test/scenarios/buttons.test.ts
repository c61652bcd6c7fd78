import { afterEach, describe, expect, test, vi } from "vitest";
import { loadRecording } from "../world/recording.ts";
import { startWorld, type Told, type World } from "../world/world.ts";

vi.setConfig({ testTimeout: 120_000 });

let world: World;

afterEach(() => world.close());

const proposed = ({ ending }: Told) => ending.kind === "proposed";

async function startWithPullRequest(options: Parameters<typeof startWorld>[1] = {}): Promise<number> {
  world = await startWorld(loadRecording("shop-01"), options);
  await world.ending(proposed);
  await world.lookAgain();
  return runOf(1);
}

/** The newest check run of a pull request's head. */
async function runOf(number: number): Promise<number> {
  const runs = await world.repository.checkRuns((await world.repository.pull(number)).head.sha);
  return runs.at(-1)?.id ?? 0;
}

/** What the bot has said, once everything that was on its way has been looked at. */
async function said(): Promise<string[]> {
  await world.lookAgain();
  return world.botSaid(1);
}

const presses = () => world.github.deliveries.filter(({ action }) => action === "requested_action");

// No request presses a button, so that there is nothing for the emulator to do here.
describe("the buttons of the bot's check run", () => {
  test("are two, within GitHub's limits", async () => {
    const run = await startWithPullRequest();
    expect(world.github.buttons(run)).toEqual(["Retry (retry): Look again and propose anew", "Explain (explain): The diagnosis, and what was ruled out"]);
  });

  test("Retry does what /autofix retry does: it is noted who pressed, and answered once", async () => {
    const run = await startWithPullRequest();
    world.github.press(run, "retry", "ada");
    expect(await said()).toMatchInlineSnapshot(`
      [
        "ada pressed **Retry**",
        "> ada pressed **Retry**

      Tried again with fresh evidence: the fix stays the same.",
      ]
    `);
    expect((await world.repository.pull(1)).body).toContain("| 2 | proposed |");
    await world.restart();
    expect(await said()).toHaveLength(2);
  });

  test("Explain does what /autofix explain does", async () => {
    const run = await startWithPullRequest();
    world.github.press(run, "explain", "ada");
    const [note, answer, ...more] = await said();
    expect(note).toBe("ada pressed **Explain**");
    expect(answer).toContain("> ada pressed **Explain**\n\n**What fails now**");
    expect(more).toEqual([]);
  });

  test("pressed by somebody without write permission: a polite no, and nothing else", async () => {
    const run = await startWithPullRequest();
    const before = (await world.repository.pull(1)).body;
    world.github.press(run, "retry", "mallory");
    expect(await said()).toMatchInlineSnapshot(`
      [
        "mallory pressed **Retry**",
        "> mallory pressed **Retry**

      Sorry, mallory: only people with write access to this repository can command me. Somebody who has it can repeat the command.",
      ]
    `);
    expect((await world.repository.pull(1)).body).toBe(before);
  });

  test("one webhook is one answer, however often GitHub sends it, also to another process", async () => {
    const run = await startWithPullRequest();
    world.github.press(run, "explain", "ada");
    expect(await said()).toHaveLength(2);
    await world.github.redeliver(presses()[0]?.id ?? "");
    expect(await said()).toHaveLength(2);
    await world.restart();
    await world.github.redeliver(presses()[0]?.id ?? "");
    expect(await said()).toHaveLength(2);
  });

  test("an impatient second press is the same; one after the answer is another", async () => {
    const run = await startWithPullRequest();
    world.github.press(run, "explain", "ada");
    world.github.press(run, "explain", "ada");
    const count = (await said()).length;
    // Whether the first was answered before the second arrived is a matter of luck.
    expect([2, 4]).toContain(count);
    world.github.press(run, "explain", "ada");
    expect(await said()).toHaveLength(count + 2);
  });

  test("a press that nobody heard is sent again and answered after a restart", async () => {
    const run = await startWithPullRequest();
    await world.restart(async () => world.github.press(run, "explain", "ada"));
    await expect.poll(() => world.botSaid(1), { timeout: 60_000 }).toHaveLength(2);
  });

  test("a press that GitHub refuses to have noted is sent again", async () => {
    const run = await startWithPullRequest();
    world.github.failNext("GET", "/repos/acme/shop-01/issues/1/comments", 403);
    world.github.press(run, "explain", "ada");
    await world.github.settled();
    expect(presses()[0]?.status).toBe(403);
    await world.restart();
    await expect.poll(() => world.botSaid(1), { timeout: 60_000 }).toHaveLength(2);
  });

  test("a press that was noted, but not answered, is answered after a restart", async () => {
    const run = await startWithPullRequest();
    world.github.failNext("GET", "/repos/acme/shop-01/collaborators/ada/permission", 403);
    world.github.press(run, "explain", "ada");
    await world.github.settled();
    await world.restart();
    expect(await said()).toHaveLength(2);
  });

  test("share the allowance of the commands, and no more than that many presses are noted", async () => {
    const run = await startWithPullRequest();
    for (let i = 0; i < 9; i++) await world.repository.comment(1, `/autofix help ${i}`, "ada");
    expect(await said()).toHaveLength(9);
    for (let i = 0; i < 15; i++) {
      world.github.press(run, i % 2 ? "retry" : "explain", i % 3 ? "ada" : "mallory");
      await world.github.settled();
    }
    const words = await said();
    expect(words.filter((text) => text.startsWith("> ") && text.includes("pressed"))).toHaveLength(1);
    expect(words.filter((text) => text.startsWith("I answer 10 commands"))).toHaveLength(1);
    expect(words.filter((text) => / pressed \*\*\w+\*\*$/.test(text)).length).toBeLessThanOrEqual(10);
  });

  test("do nothing on what is closed, on runs of others, and by names that are not theirs", async () => {
    const run = await startWithPullRequest();
    world.github.press(run, "close", "ada");
    world.github.press(run, "retry -->", "ada");
    const settings = await world.repository.commit({ ".github/autofix.yml": "enabled: true\n" }, { branch: "settings", as: "ada" });
    await world.repository.propose("settings", "ada");
    await expect.poll(() => world.repository.checkRuns(settings), { timeout: 60_000 }).toHaveLength(1);
    const [other] = await world.repository.checkRuns(settings);
    world.github.press(other?.id ?? 0, "retry", "ada");
    expect(await said()).toEqual([]);
    expect(await world.botSaid(2)).toEqual([]);
    await world.repository.close(1, "ada");
    world.github.press(run, "retry", "ada");
    expect(await said()).toEqual([]);
    expect(await world.repository.pull(1)).toMatchObject({ state: "closed" });
  });

  test("a note that somebody wrote by hand, or edited, is no press", async () => {
    await startWithPullRequest();
    await world.repository.comment(1, "ada pressed **Retry**\n\n<!-- autofix:pressed retry ada 1 -->", "mallory");
    expect(await said()).toEqual([]);
  });
});
