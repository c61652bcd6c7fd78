import { afterEach, describe, expect, test } from "vitest";
import type { KubeObject } from "../../src/cluster/objects.ts";
import { documentsIn, evidenceIn, modelAnswer, type ScriptedModel, startScriptedModel } from "../standins/scripted-model.ts";
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

describe("with a model, asked again", () => {
  let model: ScriptedModel;
  let knows = true;

  afterEach(() => model.close());

  async function startWithModel(): Promise<Recording> {
    knows = true;
    model = await startScriptedModel(({ user }) => ({
      kind: "content",
      content: knows ? backTo141(user) : modelAnswer({ action: "escalate", root_cause: "I cannot tell" }),
    }));
    const environment = { AUTOFIX_ENGINE: "model", OPENAI_BASE_URL: model.url, OPENAI_MODEL: "scripted", OPENAI_API_KEY: "key-of-a-test" };
    return startProposed({ environment });
  }

  test("where the base moved under the change and there is no fix any more, it is taken back, and people are told", async () => {
    await startWithModel();
    knows = false;
    await changeMain((text) => text.replace("# keep in step with the changelog", "# see the changelog"));
    await world.ending(({ ending }) => ending.kind === "handed-over");
    await world.lookAgain();
    expect(await world.repository.pulls()).toMatchObject([{ number: 1, state: "closed" }]);
    expect(await world.botSaid(1)).toEqual([
      "The base has changed under this fix, and for what is there now I know no safe one. So I take it back, and tell people in an issue.",
    ]);
    expect(await world.repository.issues()).toMatchObject([{ state: "open" }]);
  });

  test("where the incident shows a new kind of symptom, and only then; the same fix is not written again", async () => {
    const recording = await startWithModel();
    expect(model.calls).toHaveLength(1);
    await world.lookAgain();
    expect(model.calls).toHaveLength(1);
    world.cluster.set(withWaiting(recording.objects, { reason: "CrashLoopBackOff", message: "back-off 5m0s restarting failed container" }));
    await expect.poll(() => model.calls.length, { timeout: 20_000 }).toBe(2);
    await world.lookAgain();
    expect(model.calls).toHaveLength(2);
    expect(world.writes()).toEqual([]);
  });
});

function backTo141(prompt: string): string {
  const document = documentsIn(prompt).find(({ text }) => text.includes("acme/checkout:1.4.7"));
  const evidence = evidenceIn(prompt).find(({ text }) => text.includes("1.4.7: not found"));
  return modelAnswer({
    root_cause: "The tag 1.4.7 was never pushed",
    failure_class: "image-not-found",
    confidence_score: 0.9,
    evidence_quotes: [{ evidence_id: evidence?.id ?? "", quote: "docker.io/acme/checkout:1.4.7: not found" }],
    action: "fix",
    corrected_documents: [{ document_id: document?.id ?? "", corrected_yaml: (document?.text ?? "").replace("1.4.7", "1.4.1") }],
    changes_made: ["Back to 1.4.1"],
  });
}

function withWaiting(objects: readonly KubeObject[], waiting: { reason: string; message: string }): KubeObject[] {
  return JSON.parse(JSON.stringify(objects).replaceAll(/"waiting":\{[^}]*\}/g, `"waiting":${JSON.stringify(waiting)}`));
}

/** What the cluster shows when the pod template refers to a Secret that nobody made. */
function withEnvFrom(objects: KubeObject[], waiting: { reason: string; message: string }): KubeObject[] {
  const text = JSON.stringify(objects).replaceAll(
    '"image":"acme/checkout:1.4.7",',
    '"image":"acme/checkout:1.4.7","envFrom":[{"secretRef":{"name":"payments"}}],',
  );
  return withWaiting(JSON.parse(text), waiting);
}
