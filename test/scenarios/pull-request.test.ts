import { afterEach, describe, expect, test } from "vitest";
import { GITHUBS } from "../world/githubs.ts";
import { healedState } from "../world/healed.ts";
import { loadRecording } from "../world/recording.ts";
import { startWorld, type Told, type World } from "../world/world.ts";

let world: World;

afterEach(() => world.close());

const proposed = ({ ending }: Told) => ending.kind === "proposed";

describe.each(GITHUBS)("an image tag that was never pushed, $name", ({ start }) => {
  test("becomes one pull request with one commit, on the right file, labelled and validated", async () => {
    world = await startWorld(loadRecording("shop-01"), { startGitHub: start });
    await world.ending(proposed);
    const [pull, ...more] = await world.repository.pulls();
    expect(more).toEqual([]);
    expect(pull?.title).toBe("fix(shop-01/checkout): container checkout asks for image acme/checkout:1.4.7, which does not exist");
    expect(pull?.labels.map((label) => label.name).sort()).toEqual(["autofix", "autofix:image-not-found"]);
    expect(await world.repository.commitsOf(1)).toHaveLength(1);
    const [before, after] = [await world.repository.tree("main"), await world.repository.tree(pull?.head.ref)];
    const line = "          image: acme/checkout:1.4.1   # keep in step with the changelog";
    expect(after).toEqual({ ...before, "deploy/deployment.yaml": before["deploy/deployment.yaml"]?.replace(/^.*image: .*$/m, line) });
    const [run] = await world.repository.checkRuns(pull?.head.sha ?? "");
    expect(run).toMatchObject({ name: "kube-autofix / validation", conclusion: "success" });
  });

  test("stays one pull request however often it is looked at, restarted and told of", async () => {
    world = await startWorld(loadRecording("shop-01"), { startGitHub: start });
    await world.ending(proposed);
    const writes = () => world.github.requests.filter(({ method, path }) => method !== "GET" && !path.includes("access_tokens")).length;
    const written = writes();
    await world.lookAgain();
    await world.restart();
    await world.lookAgain();
    for (const { id } of world.github.deliveries) await world.github.redeliver(id);
    await world.lookAgain();
    expect(writes()).toBe(written);
    expect(await world.repository.pulls()).toHaveLength(1);
    expect((await world.repository.branches()).sort()).toEqual([expect.stringMatching(/^autofix\/shop-01-[0-9a-f]{8}$/), "main"]);
  });

  test("is not proposed again once a person has closed it", async () => {
    world = await startWorld(loadRecording("shop-01"), { startGitHub: start });
    await world.ending(proposed);
    await world.repository.close(1);
    await world.lookAgain();
    await world.restart();
    await world.lookAgain();
    expect(await world.repository.pulls()).toMatchObject([{ number: 1, state: "closed" }]);
    expect(await world.repository.issues()).toEqual([]);
  });

  test("is followed after the merge until it healed, which is said once", async () => {
    const recording = loadRecording("shop-01");
    world = await startWorld(recording, { startGitHub: start });
    await world.ending(proposed);
    const merge = await world.repository.merge(1);
    await world.lookAgain();
    expect(await world.repository.comments(1)).toEqual([]);
    world.cluster.set(healedState(recording, merge));
    await world.ending(({ ending }) => ending.kind === "verdict");
    await world.lookAgain();
    await world.restart();
    await world.lookAgain();
    const comments = await world.repository.comments(1);
    expect(comments.map(({ body }) => body?.split("\n")[0])).toEqual(["✅ Deployment shop-01/checkout is healthy again."]);
  });
});

describe.each(GITHUBS)("commits that people push to the branch, $name", ({ start }) => {
  test("a harmless one is approved, a dangerous one is refused, and the bot keeps its hands off", async () => {
    world = await startWorld(loadRecording("shop-01"), { startGitHub: start });
    await world.ending(proposed);
    const branch = (await world.repository.pull(1)).head.ref;
    const file = "deploy/deployment.yaml";
    const text = (await world.repository.tree(branch))[file] ?? "";

    const commented = await world.repository.commit({ [file]: text.replace("# keep in step", "# please keep in step") }, { branch, as: "ada" });
    expect(await conclusionOf(commented)).toBe("success");

    const privileged = text.replace("          ports:", "          securityContext: {privileged: true}\n          ports:");
    const dangerous = await world.repository.commit({ [file]: privileged }, { branch, as: "ada" });
    expect(await conclusionOf(dangerous)).toBe("failure");
    const [run] = await world.repository.checkRuns(dangerous);
    expect(run?.output.title).toContain("privileged");

    await world.lookAgain();
    expect(await world.repository.branch(branch)).toBe(dangerous);
  });

  test("the check runs again when somebody asks for it", async () => {
    world = await startWorld(loadRecording("shop-01"), { startGitHub: start });
    await world.ending(proposed);
    const { sha } = (await world.repository.pull(1)).head;
    const [first] = await world.repository.checkRuns(sha);
    await world.repository.rerun(first?.id ?? 0);
    await world.lookAgain();
    const runs = await world.repository.checkRuns(sha);
    expect(runs.at(-1)).toMatchObject({ conclusion: "success", status: "completed" });
    expect(runs.at(-1)?.output.summary).not.toBe(first?.output.summary);
  });
});

/** The validation of a head, once the App has looked at it. */
async function conclusionOf(sha: string): Promise<string | null | undefined> {
  await world.lookAgain();
  return (await world.repository.checkRuns(sha)).at(-1)?.conclusion;
}
