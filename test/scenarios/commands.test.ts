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

  test("explain says what fails, what explains it, and what was ruled out, in few lines", async () => {
    await startWithPullRequest();
    await world.repository.comment(1, "/autofix explain", "ada");
    expect(await answers()).toMatchInlineSnapshot(`
      [
        "> \`/autofix explain\`

      **What fails now**

      - Deployment \`shop-01/checkout\`: \`ImagePullBackOff: Back-off pulling image "acme/checkout:1.4.7": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/acme/checkout:1.4.7": failed to resolve refe…\`
      - Deployment \`shop-01/checkout\`: \`ReplicaSet "checkout-775c869d6f" has timed out progressing.\`

      **What explains it** (\`image-not-found\`, 95 %)

      Container checkout of Deployment shop-01/checkout asks for image acme/checkout:1.4.7, which does not exist.

      **What speaks for it**

      - \`Back-off pulling image "acme/checkout:1.4.7": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/acme/checkout:1.4.7": failed to resolve reference "docker.io/a…\`

      **What was ruled out**

      - The manifests can be built.
      - Every pod has a node.
      - No container was killed for its memory.
      - Nothing in the evidence speaks for: fields that the API server refuses; quotas, limit ranges and admission rules; nodes in trouble; volumes and claims; missing ConfigMaps, Secrets and keys; the user that a container runs as; commands that cannot start; probes; init containers that wait for ever; deadlines of Jobs; crashes that a change explains; Services, ports and endpoints; Ingress classes and backends; autoscalers and their targets.

      **What was tried**

      - Attempt 1, by image: proposed. Set containers\\[name=checkout\\].image of Deployment shop-01/checkout from acme/checkout:1.4.7 to acme/checkout:1.4.1, as at 3e9​c3ab2, the last good revision

      All evidence, and every guard's verdict, are in the description above.",
      ]
    `);
  });
});

describe("more commands than anybody needs", () => {
  test("are answered ten times an hour, which is said once; the others have their turn", async () => {
    let ahead = 0;
    world = await startWorld(loadRecording("shop-01"), { clock: () => Date.now() + ahead });
    await world.ending(proposed);
    for (let i = 0; i < 13; i++) await world.repository.comment(1, `/autofix help ${i}`, i % 2 ? "ada" : "mallory");
    expect(await answers()).toHaveLength(11);
    expect((await answers()).at(-1)).toBe("I answer 10 commands an hour here, and have done so. The others wait their turn.");
    expect(await world.repository.pull(1)).toMatchObject({ state: "open" });
    ahead = 3_600_000;
    expect(await answers()).toHaveLength(14);
  });
});
