import { afterEach, describe, expect, test, vi } from "vitest";
import { SETTINGS_SCHEMA } from "../../src/settings.ts";
import { loadRecording } from "../world/recording.ts";
import { recordedKey, startWorld, type Told, type World } from "../world/world.ts";

// Several looks of the whole App each; machines that are busy need longer.
vi.setConfig({ testTimeout: 120_000 });

let world: World;

afterEach(() => world.close());

const FILE = ".github/autofix.yml";
const WRONG = "# ours\nenabled: true\npullRequests:\n  maxOpen: many\n  reviewer: ada\n";

async function lookAgain(): Promise<Told> {
  await world.github.settled();
  const from = world.endings.length;
  world.app.look(recordedKey(loadRecording("shop-01")));
  return world.ending(() => true, from);
}

async function lookUntil(kind: Told["ending"]["kind"]): Promise<void> {
  await world.github.settled();
  const from = world.endings.length;
  world.app.look(recordedKey(loadRecording("shop-01")));
  await world.ending(({ ending }) => ending.kind === kind, from);
}

async function start(files: Record<string, string>): Promise<Told> {
  world = await startWorld(loadRecording("shop-01"), { files });
  return world.ending(() => true);
}

const writes = () => world.github.requests.filter(({ method, path }) => method !== "GET" && !path.includes("access_tokens"));

describe("settings on the default branch that are not valid", () => {
  test("stop the bot for this repository; one issue says why and is closed when they are mended", async () => {
    expect((await start({ [FILE]: WRONG })).ending).toMatchObject({ kind: "settings-invalid", why: expect.stringContaining(`${FILE}, line 4`) });
    await lookAgain();
    await world.restart();
    await lookAgain();
    expect(await world.repository.pulls()).toEqual([]);
    const [issue, ...more] = await world.repository.issues();
    expect(more).toEqual([]);
    expect(issue).toMatchObject({ state: "open", title: `Kube AutoFix stands still: ${FILE} is not valid`, labels: [{ name: "autofix:notice" }] });
    expect(issue?.body).toMatchInlineSnapshot(`
      "\`.github/autofix.yml\` on the default branch is not valid. Until it is, Kube AutoFix does nothing for this repository: no pull requests, no checks, no answers to commands. It never falls back to defaults.

      - \`.github/autofix.yml\`, line 4: pullRequests.maxOpen must be a whole number from 1 to 100.
      - \`.github/autofix.yml\`, line 5: pullRequests.reviewer is no setting. pullRequests has: labels, reviewers, assignees, draft, maxOpen, maxPerHour.

      A pull request that changes the file gets a check with these remarks at their lines. With this as its first line, editors show such errors while you type:

      \`\`\`yaml
      # yaml-language-server: $schema=https://raw.githubusercontent.com/kube-autofix/kube-autofix/main/schema/autofix.schema.json
      \`\`\`

      This issue is kept up to date, and closed when the file is valid.

      <!-- autofix:notice settings on -->"
    `);
    expect(writes()).toHaveLength(1);

    await world.repository.commit({ [FILE]: WRONG.replace("many", "3") });
    await lookAgain();
    expect((await world.repository.issues())[0]?.body).not.toContain("line 4");

    await world.repository.commit({ [FILE]: "pullRequests: {maxOpen: 3}\n" });
    await lookUntil("proposed");
    expect(await world.repository.issues()).toMatchObject([{ number: 1, state: "closed" }]);
    expect(await world.repository.comments(1)).toEqual([]);
  });

  test("are never taken for defaults: no command is obeyed and no head checked while they last", async () => {
    await start({});
    await world.ending(({ ending }) => ending.kind === "proposed");
    // A look that is under way goes on with the settings that it began with.
    await lookUntil("standing");
    await world.repository.commit({ [FILE]: WRONG });
    await world.github.settled();
    await world.repository.comment(1, "/autofix explain");
    await lookUntil("settings-invalid");
    expect(await world.repository.comments(1)).toHaveLength(1);
    await world.repository.commit({ [FILE]: "enabled: true\n" });
    await lookUntil("standing");
    expect(await world.repository.comments(1)).toHaveLength(2);
  });

  test("are told of without any failure, as soon as they are pushed", async () => {
    world = await startWorld(loadRecording("shop-01"), { state: "good" });
    await world.allLookedAt();
    await world.repository.commit({ [FILE]: "enabled: maybe\n" });
    await expect.poll(() => world.repository.issues(), { timeout: 60_000 }).toMatchObject([{ state: "open" }]);
    await world.repository.commit({ [FILE]: "enabled: true\n" });
    await expect.poll(() => world.repository.issues(), { timeout: 60_000 }).toMatchObject([{ state: "closed" }]);
  });

  test("an issue that a person closed stays closed", async () => {
    await start({ [FILE]: WRONG });
    await world.repository.closeIssue(1);
    await world.restart();
    await lookAgain();
    await world.repository.commit({ [FILE]: "enabled: 3\n" });
    await lookAgain();
    expect(await world.repository.issues()).toMatchObject([{ number: 1, state: "closed", body: expect.stringContaining("line 1") }]);
  });

  test("a repository without issues is left in peace", async () => {
    world = await startWorld(loadRecording("shop-01"), { state: "good" });
    await world.allLookedAt();
    world.github.failNext("POST", "/repos/acme/shop-01/issues", 410);
    await world.repository.commit({ [FILE]: WRONG });
    const tried = () => writes().filter(({ path }) => path.endsWith("/issues"));
    await expect.poll(tried, { timeout: 60_000 }).toMatchObject([{ status: 410 }]);
    expect((await lookAgain()).ending).toMatchObject({ kind: "settings-invalid" });
    expect(tried()).toHaveLength(1);
  });

  test("editors get the schema from the App itself", async () => {
    await start({});
    const answer = await fetch(`${world.app.url}/schema/autofix.json`);
    expect(answer.headers.get("content-type")).toContain("application/schema+json");
    expect(await answer.json()).toEqual(SETTINGS_SCHEMA);
    expect((await fetch(`${world.app.url}/schema/autofix.json`, { method: "POST" })).status).toBe(404);
  });

  test("the name with .yaml counts as a mistake", async () => {
    expect((await start({ ".github/autofix.yaml": "enabled: false\n" })).ending).toMatchObject({ kind: "settings-invalid" });
  });
});

describe("a pull request that changes the settings", () => {
  async function proposeSettings(files: Record<string, string | null>, branch = "settings"): Promise<string> {
    const sha = await world.repository.commit(files, { branch, as: "ada" });
    await world.repository.propose(branch, "ada");
    return sha;
  }

  /** The check of a head, once it is there. */
  async function checkOf(sha: string) {
    await expect.poll(() => world.repository.checkRuns(sha), { timeout: 60_000 }).not.toEqual([]);
    const [run] = await world.repository.checkRuns(sha);
    return run;
  }

  async function quietWorld(files: Record<string, string> = {}): Promise<void> {
    world = await startWorld(loadRecording("shop-01"), { state: "good", files, environment: { AUTOFIX_MAX_OPEN: "5" } });
    await world.allLookedAt();
  }

  test("gets a failing check with remarks at the lines, which the next push mends", async () => {
    await quietWorld();
    const run = await checkOf(await proposeSettings({ [FILE]: WRONG }));
    expect(run).toMatchObject({
      name: "kube-autofix / settings",
      status: "completed",
      conclusion: "failure",
      output: { title: "The settings are not valid: 2 problems" },
    });
    expect(await world.repository.annotations(run?.id ?? 0)).toMatchInlineSnapshot(`
      [
        ".github/autofix.yml:4 failure: pullRequests.maxOpen must be a whole number from 1 to 100.",
        ".github/autofix.yml:5 failure: pullRequests.reviewer is no setting. pullRequests has: labels, reviewers, assignees, draft, maxOpen, maxPerHour.",
      ]
    `);
    expect(run?.output.summary).toMatchInlineSnapshot(`
      "On the default branch this would stop Kube AutoFix for this repository: it works with valid settings or not at all.

      - \`.github/autofix.yml\`, line 4: pullRequests.maxOpen must be a whole number from 1 to 100.
      - \`.github/autofix.yml\`, line 5: pullRequests.reviewer is no setting. pullRequests has: labels, reviewers, assignees, draft, maxOpen, maxPerHour.

      With this as its first line, editors show such errors while you type:

      \`\`\`yaml
      # yaml-language-server: $schema=https://raw.githubusercontent.com/kube-autofix/kube-autofix/main/schema/autofix.schema.json
      \`\`\`"
    `);
    const mended = await checkOf(await world.repository.commit({ [FILE]: "enabled: true\n" }, { branch: "settings", as: "ada" }));
    expect(mended).toMatchObject({ conclusion: "success", output: { title: "The settings are valid", annotations_count: 0 } });
    expect(await world.repository.issues()).toEqual([]);
  });

  test("is told what has no effect", async () => {
    await quietWorld();
    const run = await checkOf(await proposeSettings({ [FILE]: "pullRequests:\n  maxOpen: 50\n" }));
    expect(run?.conclusion).toBe("success");
    expect(await world.repository.annotations(run?.id ?? 0)).toMatchInlineSnapshot(`
      [
        ".github/autofix.yml:2 notice: pullRequests.maxOpen has no effect: the operator's configuration is stricter, and 5 counts.",
      ]
    `);
  });

  test("may remove them, and may not rename them", async () => {
    await quietWorld({ [FILE]: "enabled: true\n" });
    expect(await checkOf(await proposeSettings({ [FILE]: null }, "remove"))).toMatchObject({ conclusion: "success" });
    const renamed = await checkOf(await proposeSettings({ [FILE]: null, ".github/autofix.yaml": "enabled: true\n" }, "rename"));
    expect(renamed).toMatchObject({ conclusion: "failure" });
    expect(await world.repository.annotations(renamed?.id ?? 0)).toEqual([expect.stringMatching(/^\.github\/autofix\.yaml:1 failure: This file is not read/)]);
  });

  test("the check runs again when somebody asks for it, and says the same", async () => {
    await quietWorld();
    const sha = await proposeSettings({ [FILE]: WRONG });
    const run = await checkOf(sha);
    await world.repository.rerun(run?.id ?? 0);
    await expect.poll(() => world.repository.checkRuns(sha), { timeout: 60_000 }).toHaveLength(2);
    expect((await world.repository.checkRuns(sha)).at(-1)).toMatchObject({ conclusion: "failure", output: { title: run?.output.title } });
  });

  test("one that does not touch them gets nothing", async () => {
    await quietWorld({ [FILE]: "enabled: true\n" });
    const other = await proposeSettings({ "README.md": "# other\n" }, "other");
    await checkOf(await proposeSettings({ [FILE]: "enabled: false\n" }));
    expect(await world.repository.checkRuns(other)).toEqual([]);
  });

  test("nothing of it holds before the merge", async () => {
    await start({});
    await world.ending(({ ending }) => ending.kind === "proposed");
    const number = 2;
    await checkOf(await proposeSettings({ [FILE]: "enabled: false\n" }));
    expect((await lookAgain()).ending.kind).toBe("standing");
    await world.repository.merge(number, "ada");
    await lookUntil("switched-off");
  });
});
