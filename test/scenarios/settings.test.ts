import { afterEach, describe, expect, test, vi } from "vitest";
import { type ScriptedModel, startScriptedModel } from "../standins/scripted-model.ts";
import { loadRecording } from "../world/recording.ts";
import { pushBreakingCommit, recordedKey, startWorld, type Told, type World, type WorldOptions } from "../world/world.ts";
import { RENDERERS } from "./unrenderable.ts";

// Several looks of the whole App each; machines that are busy need longer.
vi.setConfig({ testTimeout: 120_000 });

let world: World;

afterEach(() => world.close());

/** The recorded failure in a repository with these settings. */
async function worldWith(settings: string, options: WorldOptions & { id?: string } = {}): Promise<World> {
  world = await startWorld(loadRecording(options.id ?? "shop-01"), { ...options, files: { ".github/autofix.yml": settings } });
  return world;
}

const first = () => world.ending(({ ending }: Told) => ending.kind !== "waiting");

async function lookAgain(id = "shop-01"): Promise<Told> {
  await world.github.settled();
  const from = world.endings.length;
  world.app.look(recordedKey(loadRecording(id)));
  return world.ending(() => true, from);
}

const writes = () => world.github.requests.filter(({ method, path }) => method !== "GET" && !path.includes("access_tokens"));

describe("what the settings switch off", () => {
  test.each([
    ["the whole repository", "enabled: false\n"],
    ["this delivery", "deliveries: {never: ['Application/argocd/shop-*']}\n"],
    ["every delivery but another", "deliveries: {only: [argocd/other]}\n"],
    ["its path", "paths: {never: [deploy]}\n"],
    ["every path but another", "paths: {only: ['apps/**']}\n"],
    ["the kind that fails", "kinds: {never: [Deployment]}\n"],
    ["the class of the failure", "classes: {never: [image-not-found]}\n"],
    ["every class but others", "classes: {only: [out-of-memory, unknown]}\n"],
  ])("%s: the ending says so, and nothing is written", async (_, settings) => {
    await worldWith(settings);
    expect((await first()).ending).toMatchObject({ kind: "switched-off", why: expect.stringContaining("switched off") });
    expect(writes()).toEqual([]);
  });

  test("a class without a fix is not escalated either", async () => {
    await worldWith("classes: {only: [image-not-found]}\n", { id: "shop-07" });
    expect((await first()).ending).toMatchObject({ kind: "switched-off" });
    expect(writes()).toEqual([]);
  });

  test("a file that a fix would change, although the delivery is looked after", async () => {
    await worldWith("paths: {never: [deploy/deployment.yaml]}\n");
    expect((await first()).ending).toMatchObject({ kind: "switched-off", why: "the fix would change deploy/deployment.yaml, which is switched off (paths)" });
    expect(writes()).toEqual([]);
  });

  test.skipIf(RENDERERS.kind === "unavailable").each([
    ["kinds: {only: [Deployment]}\n", "switched-off"],
    ["kinds: {never: [ConfigMap]}\n", "proposed"],
  ])("a repair of a kustomization.yaml, which is none of the kinds: with %j it is %s", async (settings, kind) => {
    await worldWith(settings, { id: "shop-29" });
    expect((await first()).ending.kind).toBe(kind);
  });

  test("the operator's own lists count too, and everything goes on when the settings change", async () => {
    await worldWith("kinds: {only: [Service]}\n", { environment: { AUTOFIX_KINDS: "Deployment, Service" } });
    expect((await first()).ending.kind).toBe("switched-off");
    await world.repository.commit({ ".github/autofix.yml": "kinds: {only: [Service, Deployment]}\n" });
    expect((await lookAgain()).ending.kind).toBe("proposed");
  });

  test("settings on a branch do not count, whoever's it is", async () => {
    await worldWith("enabled: true\n");
    await world.repository.commit({ ".github/autofix.yml": "enabled: false\n" }, { branch: "autofix/evil", as: "ada" });
    expect((await first()).ending.kind).toBe("proposed");
  });
});

describe("how far a fix may go", () => {
  test("below the repository's confidence people are told, with the reason", async () => {
    await worldWith("bounds: {minimumConfidence: 0.99}\n");
    expect((await first()).ending).toMatchObject({ kind: "handed-over", why: expect.stringContaining("confidence") });
    expect(await world.repository.pulls()).toEqual([]);
  });

  test("a fix that the team's own rules forbid goes to people, with the rule's message", async () => {
    const rule = `policies:\n  - name: no-old-patches\n    expression: "!object.spec.template.spec.containers.exists(c, c.image.endsWith('1.4.1'))"\n    message: 1.4.1 has a known hole\n`;
    await worldWith(rule);
    expect((await first()).ending).toMatchObject({ kind: "handed-over", why: expect.stringContaining("1.4.1 has a known hole") });
    expect(await world.repository.pulls()).toEqual([]);
  });

  test("the playbook alone: nothing is sent to the model that the operator has", async () => {
    const model: ScriptedModel = await startScriptedModel(() => {
      throw new Error("asked");
    });
    const environment = { AUTOFIX_ENGINE: "model", OPENAI_MODEL: "any", OPENAI_BASE_URL: model.url };
    await worldWith("engine: playbook\n", { environment });
    expect((await first()).ending.kind).toBe("proposed");
    expect(model.calls).toEqual([]);
    await model.close();
  });
});

describe("how a pull request is opened", () => {
  const settings = "pullRequests:\n  labels: [team/shop]\n  reviewers: [ada, acme/platform]\n  assignees: [ada]\n  draft: true\n";

  test("as a draft, with labels, reviewers and assignees, who are asked once", async () => {
    await worldWith(settings);
    await first();
    const pull = await world.repository.pull(1);
    expect(pull).toMatchObject({
      draft: true,
      requested_reviewers: [{ login: "ada" }],
      requested_teams: [{ slug: "platform" }],
      assignees: [{ login: "ada" }],
    });
    expect(pull.labels.map(({ name }) => name).sort()).toEqual(["autofix", "autofix:image-not-found", "team/shop"]);
    const written = writes().length;
    await world.restart();
    await lookAgain();
    expect(writes()).toHaveLength(written);
    expect(await world.repository.comments(1)).toEqual([]);
  });

  test("whom GitHub refuses does not cost the others, nor the pull request; a comment names them", async () => {
    await worldWith("pullRequests:\n  reviewers: [ada, ghost, acme/nobody]\n  assignees: [ada, ghost]\n");
    await first();
    expect(await world.repository.pull(1)).toMatchObject({ requested_reviewers: [{ login: "ada" }], requested_teams: [], assignees: [{ login: "ada" }] });
    const [comment, ...more] = await world.repository.comments(1);
    expect(more).toEqual([]);
    expect(comment?.body).toMatchInlineSnapshot(`
      "GitHub did not let me ask \`ghost\`, \`acme/nobody\`, whom the settings of this repository name: they need access to it, and for teams the App needs the organisation permission \`members: read\`. The pull request is not affected.

      <!-- autofix:invited -->"
    `);
  });

  test("a repository without drafts gets a pull request all the same", async () => {
    world = await startWorld(loadRecording("shop-01"), { state: "good", files: { ".github/autofix.yml": "pullRequests: {draft: true}\n" } });
    world.github.failNext("POST", "/repos/acme/shop-01/pulls", 422);
    await breakIt();
    await world.ending(({ ending }) => ending.kind === "proposed");
    expect(await world.repository.pulls()).toMatchObject([{ number: 1, draft: false }]);
  });

  test("what a restart interrupted is made up for: labels come last", async () => {
    world = await startWorld(loadRecording("shop-01"), { state: "good", files: { ".github/autofix.yml": settings } });
    for (let i = 0; i < 2; i++) world.github.failNext("POST", "/repos/acme/shop-01/issues/1/labels", 401);
    await breakIt();
    await expect.poll(() => world.github.requests.some(({ path }) => path.endsWith("/issues/1/labels")), { timeout: 60_000 }).toBe(true);
    await world.restart();
    await world.ending(({ ending }) => ending.kind === "standing");
    const pull = await world.repository.pull(1);
    expect(pull).toMatchObject({ requested_reviewers: [{ login: "ada" }], assignees: [{ login: "ada" }] });
    expect(pull.labels).toHaveLength(3);
  });

  test("labels that a person takes away stay away", async () => {
    await worldWith(settings);
    await first();
    await world.repository.unlabel(1, "team/shop");
    await lookAgain();
    expect((await world.repository.pull(1)).labels).toHaveLength(2);
  });
});

/** The breaking push, and the cluster as it was after it. */
async function breakIt(): Promise<void> {
  const recording = loadRecording("shop-01");
  await pushBreakingCommit(world.repository, recording);
  world.cluster.set(recording.objects);
}
