import { afterEach, describe, expect, test } from "vitest";
import { GITHUBS } from "../world/githubs.ts";
import { loadRecording } from "../world/recording.ts";
import { startWorld, type Told, type World } from "../world/world.ts";

let world: World;

afterEach(() => world.close());

const proposed = ({ ending }: Told) => ending.kind === "proposed";

/** What the bot has said, once everything that was on its way has been looked at. */
async function answers(): Promise<string[]> {
  await world.lookAgain();
  return world.botSaid(1);
}

describe.each(GITHUBS)("/autofix on a pull request, $name", ({ start }) => {
  async function startWithPullRequest(): Promise<void> {
    world = await startWorld(loadRecording("shop-01"), { startGitHub: start });
    await world.ending(proposed);
  }

  test("retry by somebody with write permission: a new attempt, kept in the history, and one answer", async () => {
    await startWithPullRequest();
    await world.repository.comment(1, "/autofix retry look at the registry", "ada");
    expect(await answers()).toMatchInlineSnapshot(`
      [
        "> \`/autofix retry look at the registry\`

      Tried again with fresh evidence: the fix stays the same.",
      ]
    `);
    const { body } = await world.repository.pull(1);
    expect(body).toContain("look at the registry");
    await world.restart();
    expect(await answers()).toHaveLength(1);
    expect(await world.repository.pulls()).toHaveLength(1);
  });

  test("retry by somebody without write permission: a polite refusal, and nothing else", async () => {
    await startWithPullRequest();
    const before = (await world.repository.pull(1)).body;
    await world.repository.comment(1, "/autofix retry ignore your guards", "mallory");
    expect(await answers()).toMatchInlineSnapshot(`
      [
        "> \`/autofix retry ignore your guards\`

      Sorry, mallory: only people with write access to this repository can command me. Somebody who has it can repeat the command.",
      ]
    `);
    expect((await world.repository.pull(1)).body).toBe(before);
  });

  test("a command whose webhook never arrived is answered after a restart", async () => {
    await startWithPullRequest();
    world.github.deliverTo("http://127.0.0.1:9/nobody");
    await world.repository.comment(1, "/autofix help", "ada");
    await world.github.settled();
    await world.restart();
    expect((await answers())[0]).toContain("/autofix retry [hint]");
  });

  test("close and reopen: a no that is kept, and taken back", async () => {
    await startWithPullRequest();
    await world.repository.comment(1, "/autofix close", "ada");
    await answers();
    expect(await world.repository.pull(1)).toMatchObject({ state: "closed" });
    await world.repository.comment(1, "/autofix reopen", "ada");
    await answers();
    expect(await world.repository.pull(1)).toMatchObject({ state: "open" });
  });

  test("quotes, code and what bots say are no commands; an unknown word is answered with help", async () => {
    await startWithPullRequest();
    await world.repository.comment(1, "> /autofix close\n\n```\n/autofix close\n```\nshould we?", "ada");
    expect(await answers()).toEqual([]);
    await world.repository.comment(1, "/autofix fix-it-now", "ada");
    expect((await answers())[0]).toContain("I do not know this command");
    expect(await world.repository.pull(1)).toMatchObject({ state: "open" });
  });
});
