import { afterEach, describe, expect, test } from "vitest";
import type { KubeObject } from "../../src/cluster/objects.ts";
import { GITHUBS } from "../world/githubs.ts";
import { healedState } from "../world/healed.ts";
import { loadRecording, type Recording } from "../world/recording.ts";
import { startWorld, type Told, type World, type WorldOptions } from "../world/world.ts";

const FILE = "deploy/deployment.yaml";
const HOUR = 3_600_000;

let world: World;
let ahead = 0;

afterEach(async () => {
  ahead = 0;
  await world.close();
});

const ended = ({ ending }: Told) => ending.kind === "proposed" || ending.kind === "handed-over";

/** shop-01, an image tag that was never pushed, with its pull request. */
async function startProposed(options: WorldOptions = {}): Promise<Recording> {
  const recording = loadRecording("shop-01");
  world = await startWorld(recording, { clock: () => Date.now() + ahead, ...options });
  await world.ending(ended);
  await world.lookAgain();
  world.writes();
  return recording;
}

async function textAt(ref: string): Promise<string> {
  return (await world.repository.tree(ref))[FILE] ?? "";
}

async function changeMain(change: (text: string) => string): Promise<string> {
  return world.repository.commit({ [FILE]: change(await textAt("main")) }, { message: "Something else", as: "ada" });
}

/** The same state of the cluster, delivered from another commit. */
function deliveredFrom({ objects, scenario }: Recording, sha: string): KubeObject[] {
  return JSON.parse(JSON.stringify(objects).replaceAll(scenario.bad, sha));
}

describe.each(GITHUBS)("when the base moves, $name", ({ start }) => {
  test("under the change: the pull request is renewed in place, and the first commit is kept", async () => {
    await startProposed({ startGitHub: start });
    const branch = (await world.repository.pull(1)).head.ref;
    await changeMain((text) => text.replace("# keep in step with the changelog", "# see the changelog"));
    await world.lookAgain();
    expect(await textAt(branch)).toContain("image: acme/checkout:1.4.1   # see the changelog");
    expect(await world.repository.commitsOf(1)).toHaveLength(2);
    const [run] = await world.repository.checkRuns((await world.repository.pull(1)).head.sha);
    expect(run).toMatchObject({ conclusion: "success" });
    world.writes();
    await world.lookAgain();
    await world.restart();
    await world.lookAgain();
    expect(world.writes()).toEqual([]);
    expect(await world.repository.pulls()).toMatchObject([{ number: 1, state: "open" }]);
  });

  test("elsewhere in the file, and in other files: a merge still does what was approved, so nothing is written", async () => {
    await startProposed({ startGitHub: start });
    await changeMain((text) => text.replace("# checkout: owned by team storefront", "# checkout: owned by team checkout"));
    await world.repository.commit({ "README.md": "# Changed\n" }, { as: "ada" });
    await world.lookAgain();
    await world.restart();
    await world.lookAgain();
    expect(world.writes()).toEqual([]);
  });

  test("with the repair in it: its delivery comes first, and the pull request is closed once that works", async () => {
    const recording = await startProposed({ startGitHub: start });
    const sha = await changeMain((text) => text.replace("1.4.7", "1.4.1"));
    await world.lookAgain();
    expect(world.writes()).toEqual([]);
    world.cluster.set(healedState(recording, sha));
    await world.ending(({ ending }) => ending.kind === "quiet" && ending.why === "recovered");
    expect(await world.repository.pulls()).toMatchObject([{ number: 1, state: "closed", merged: false }]);
  });

  test("while a person works on the branch: their commit is kept, and the bot says once that it stops", async () => {
    await startProposed({ startGitHub: start });
    const branch = (await world.repository.pull(1)).head.ref;
    const mine = await world.repository.commit({ "NOTES.md": "mine\n" }, { branch, as: "ada" });
    await world.lookAgain();
    await changeMain((text) => text.replace("# keep in step with the changelog", "# see the changelog"));
    await world.lookAgain();
    await world.restart();
    await world.lookAgain();
    expect(await world.repository.branch(branch)).toBe(mine);
    expect(await world.botSaid(1)).toEqual([
      "Somebody else has committed to this branch, so I leave it to you from here: I will not push to it or edit it any more.",
    ]);
  });
});

describe("a failure that comes back after a merge that healed it", () => {
  test("gets a pull request of its own", async () => {
    const recording = await startProposed();
    const broken = await textAt("main");
    const merge = await world.repository.merge(1);
    world.cluster.set(healedState(recording, merge));
    await world.ending(({ ending }) => ending.kind === "verdict" && ending.verdict === "healed");
    const again = await changeMain(() => broken);
    const from = world.endings.length;
    world.cluster.set(deliveredFrom(recording, again));
    await world.ending(ended, from);
    expect(await world.repository.pulls()).toMatchObject([
      { number: 1, merged: true },
      { number: 2, state: "open" },
    ]);
  });
});

describe("a fix that was merged and did not heal", () => {
  test("is not proposed again: people are told, with what was tried", async () => {
    const recording = await startProposed();
    const broken = await textAt("main");
    const merge = await world.repository.merge(1);
    world.cluster.set(deliveredFrom(recording, merge));
    ahead = HOUR;
    await world.lookAgain();
    expect(await world.botSaid(1)).toEqual([expect.stringMatching(/^❌ Not healed: Deployment shop-01\/checkout/)]);
    const from = world.endings.length;
    const again = await changeMain(() => broken);
    world.cluster.set(deliveredFrom(recording, again));
    await world.ending(({ ending }) => ending.kind === "handed-over" && ending.why.includes("plausible"), from);
    const [issue, ...more] = await world.repository.issues();
    expect(more).toEqual([]);
    expect(issue?.body).toContain("The same change was merged before and did not heal.");
    expect(await world.repository.pulls()).toHaveLength(1);
  });
});

describe("a failure that becomes one without a safe fix", () => {
  test("its pull request is closed with a pointer to the issue", async () => {
    const recording = await startProposed();
    const sha = await changeMain((text) => text.replace("          ports:", "          envFrom: [{secretRef: {name: payments}}]\n          ports:"));
    const waiting = { reason: "CreateContainerConfigError", message: 'secret "payments" not found' };
    world.cluster.set(withEnvFrom(deliveredFrom(recording, sha), waiting));
    const from = world.endings.length;
    await world.ending(({ ending }) => ending.kind === "handed-over", from);
    await world.lookAgain();
    expect(await world.repository.pulls()).toMatchObject([{ number: 1, state: "closed" }]);
    expect(await world.botSaid(1)).toEqual(["The failure has become another one: an issue tells of it now."]);
  });
});

/** What the cluster shows when the pod template refers to a Secret that nobody made. */
function withEnvFrom(objects: KubeObject[], waiting: { reason: string; message: string }): KubeObject[] {
  const text = JSON.stringify(objects).replaceAll(
    '"image":"acme/checkout:1.4.7",',
    '"image":"acme/checkout:1.4.7","envFrom":[{"secretRef":{"name":"payments"}}],',
  );
  return JSON.parse(text.replaceAll(/"waiting":\{[^}]*\}/g, `"waiting":${JSON.stringify(waiting)}`));
}
