import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { branchOf } from "../../src/incident/incident.ts";
import { findOurs } from "../../src/pull-request/ours.ts";
import { publish } from "../../src/pull-request/publish.ts";
import type { Draft } from "../../src/pull-request/pull.ts";
import { withdrawPull } from "../../src/pull-request/record.ts";
import { approved, DEPLOYMENT, draft, INCIDENT, recordedFiles } from "./drafts.ts";
import { AT, BOT, type GitHubWorld, LOSSES, PEOPLE, REPOSITORY, startGitHub } from "./github.ts";

const BRANCH = branchOf(INCIDENT);
let github: GitHubWorld;
let ours: Draft;

beforeEach(async () => {
  github = await startGitHub(recordedFiles().broken);
  ours = draft({ baseSha: await tip("main") });
  github.requests.length = 0;
});

afterEach(() => github.close());

const options = { botLogin: BOT, wishes: { labels: [], reviewers: [], assignees: [], draft: false } };

async function findPulls() {
  return (await findOurs(github.octokit, REPOSITORY, BOT)).pulls;
}

async function tip(branch: string): Promise<string> {
  return (await github.as(PEOPLE.owner).rest.git.getRef({ ...AT, ref: `heads/${branch}` })).data.object.sha;
}

async function text(path: string, ref: string): Promise<string> {
  const { data } = await github.as(PEOPLE.owner).rest.repos.getContent({ ...AT, path, ref });
  if (!("content" in data)) throw new Error(`${path} is no file`);
  return Buffer.from(data.content, "base64").toString("utf8");
}

async function pulls() {
  return (await github.as(PEOPLE.owner).rest.pulls.list({ ...AT, state: "all" })).data;
}

async function commitsOfBranch(): Promise<string[]> {
  const { data } = await github.as(PEOPLE.owner).rest.repos.compareCommitsWithBasehead({ ...AT, basehead: `main...${BRANCH}` });
  return data.commits.map((commit) => commit.commit.message.split("\n")[0] ?? "");
}

const writes = () => github.requests.filter((request) => !request.startsWith("GET "));

describe("a first pull request", () => {
  it("has one commit with exactly the approved change, labels, and a marker that finds it again", async () => {
    const published = await publish(github.octokit, ours, options);
    expect(published.kind).toBe("opened");
    expect(await commitsOfBranch()).toEqual(["fix(shop-01/checkout): the image tag acme/checkout:1.4.7 does not exist in the registry"]);
    expect(await text(DEPLOYMENT, BRANCH)).toBe(recordedFiles().good[DEPLOYMENT]);
    expect(published.headSha).toBe(await tip(BRANCH));
    const { data } = await github.as(PEOPLE.owner).rest.git.getCommit({ ...AT, commit_sha: published.headSha });
    expect(data.verification.verified).toBe(true);
    const [pull] = await pulls();
    expect(pull?.labels.map((label) => label.name)).toEqual(["autofix", "autofix:image-not-found"]);
    const [found] = await findPulls();
    expect(found).toMatchObject({ number: published.number, state: "open", branch: BRANCH, base: "main", fingerprint: INCIDENT.fingerprint });
    expect(found).toMatchObject({ delivery: INCIDENT.key, target: INCIDENT.target, attempts: ours.attempts, baseSha: ours.baseSha });
  });

  it("costs at most six writes and twelve reads", async () => {
    await publish(github.octokit, ours, options);
    expect(github.requests).toMatchInlineSnapshot(`
      [
        "GET /repos/acme/shop/pulls",
        "GET /repos/acme/shop/git/ref/heads/autofix/shop-01-4f1c9a07",
        "GET /repos/acme/shop/commits/SHA",
        "GET /repos/acme/shop/git/trees/SHA",
        "POST /repos/acme/shop/git/trees",
        "POST /repos/acme/shop/git/commits",
        "POST /repos/acme/shop/git/refs",
        "POST /repos/acme/shop/pulls",
        "POST /repos/acme/shop/issues/1/labels",
      ]
    `);
    expect(writes().length).toBeLessThanOrEqual(5);
  });

  it("is not made twice, and nothing is written when nothing changed", async () => {
    const first = await publish(github.octokit, ours, options);
    github.requests.length = 0;
    const second = await publish(github.octokit, ours, options);
    expect(second).toEqual({ ...first, kind: "unchanged", isNewHead: false });
    expect(writes()).toEqual([]);
  });

  it("is not made twice by two who do it at the same time", async () => {
    const both = await Promise.allSettled([publish(github.octokit, ours, options), publish(github.octokit, ours, options)]);
    expect(both.some((result) => result.status === "fulfilled")).toBe(true);
    await publish(github.octokit, ours, options);
    expect(await commitsOfBranch()).toHaveLength(1);
  });

  it("keeps an executable file executable", async () => {
    const entry = { path: "deploy/run.yaml", mode: "100755", type: "blob", content: "a: 1\n" } as const;
    const admin = github.as(PEOPLE.owner).rest;
    const { data: head } = await admin.git.getCommit({ ...AT, commit_sha: await tip("main") });
    const { data: tree } = await admin.git.createTree({ ...AT, base_tree: head.tree.sha, tree: [entry] });
    const { data: commit } = await admin.git.createCommit({ ...AT, message: "x", tree: tree.sha, parents: [head.sha] });
    await admin.git.updateRef({ ...AT, ref: "heads/main", sha: commit.sha });
    await publish(github.octokit, { ...ours, baseSha: commit.sha, change: approved([{ path: entry.path, before: "a: 1\n", after: "a: 2\n" }]) }, options);
    const { data: after } = await admin.git.getTree({ ...AT, tree_sha: BRANCH, recursive: "1" });
    expect(after.tree.find(({ path }) => path === entry.path)?.mode).toBe("100755");
  });
});

describe("wherever a first pull request is interrupted", () => {
  const losses = [1, 2, 3, 4, 5].flatMap((write) => LOSSES.map((loss) => ({ write, loss })));

  it.each(losses)("write $write, its $loss lost: the next try leaves one branch, one commit, one pull request, both labels", async ({ write, loss }) => {
    github.lose(write, loss);
    await publish(github.octokit, ours, options).catch(() => undefined);
    await publish(github.octokit, ours, options);
    expect(await commitsOfBranch()).toHaveLength(1);
    const all = await pulls();
    expect(all).toHaveLength(1);
    expect(all[0]?.labels).toHaveLength(2);
    github.requests.length = 0;
    expect((await publish(github.octokit, ours, options)).kind).toBe("unchanged");
    expect(writes()).toEqual([]);
  });
});

describe("an open pull request", () => {
  const second = () => approved([{ path: DEPLOYMENT, before: recordedFiles().broken[DEPLOYMENT], after: `${recordedFiles().good[DEPLOYMENT]}# 2\n` }]);

  it("is updated in place by another attempt, without losing the first commit", async () => {
    const first = await publish(github.octokit, ours, options);
    const attempts = [...ours.attempts, { number: 2, digest: "cd34", outcome: "proposed", engine: "m", hint: "use 1.4.2", summary: "again" } as const];
    const published = await publish(github.octokit, { ...ours, change: second(), attempts }, options);
    expect(published).toMatchObject({ kind: "updated", number: first.number });
    expect(await commitsOfBranch()).toHaveLength(2);
    expect(await text(DEPLOYMENT, BRANCH)).toMatch(/# 2\n$/);
    expect((await findPulls())[0]?.attempts).toEqual(attempts);
  });

  it("drops what an earlier attempt changed and this one does not", async () => {
    const both = [...ours.change.files, { path: "README.md", before: await text("README.md", "main"), after: "changed\n" }];
    await publish(github.octokit, { ...ours, change: approved(both) }, options);
    await publish(github.octokit, ours, options);
    expect(await text("README.md", BRANCH)).toBe(await text("README.md", "main"));
    expect(await text(DEPLOYMENT, BRANCH)).toBe(recordedFiles().good[DEPLOYMENT]);
  });

  it("follows a base that moved under the change, as a merge", async () => {
    await publish(github.octokit, ours, options);
    const before = `# moved\n${recordedFiles().broken[DEPLOYMENT]}`;
    const baseSha = await github.commit({ [DEPLOYMENT]: before, "other.txt": "new\n" });
    const after = `# moved\n${recordedFiles().good[DEPLOYMENT]}`;
    const published = await publish(github.octokit, { ...ours, baseSha, change: approved([{ path: DEPLOYMENT, before, after }]) }, options);
    expect(published.kind).toBe("updated");
    expect(await text("other.txt", BRANCH)).toBe("new\n");
    expect(await text(DEPLOYMENT, BRANCH)).toBe(after);
    const { data } = await github.as(PEOPLE.owner).rest.repos.compareCommitsWithBasehead({ ...AT, basehead: `main...${BRANCH}` });
    expect(data.files?.map((file) => file.filename)).toEqual([DEPLOYMENT]);
  });

  it("stays as it is when only the base moved, until somebody asks for a rebase", async () => {
    await publish(github.octokit, ours, options);
    const baseSha = await github.commit({ "other.txt": "new\n" });
    expect((await publish(github.octokit, { ...ours, baseSha }, options)).kind).toBe("unchanged");
    expect((await publish(github.octokit, { ...ours, baseSha }, { ...options, refresh: true })).kind).toBe("updated");
    expect(await text("other.txt", BRANCH)).toBe("new\n");
    github.requests.length = 0;
    expect((await publish(github.octokit, { ...ours, baseSha }, { ...options, refresh: true })).kind).toBe("unchanged");
    expect(writes()).toEqual([]);
  });

  it("is left to a person who committed to its branch; that is said once", async () => {
    const first = await publish(github.octokit, ours, options);
    const mine = await github.commit({ [DEPLOYMENT]: "mine\n" }, "I know better", { login: PEOPLE.writer, branch: BRANCH });
    for (let i = 0; i < 2; i++) {
      expect(await publish(github.octokit, { ...ours, change: second() }, options)).toMatchObject({ kind: "taken-over", number: first.number, headSha: mine });
    }
    expect(await tip(BRANCH)).toBe(mine);
    const { data } = await github.as(PEOPLE.owner).rest.issues.listComments({ ...AT, issue_number: first.number });
    expect(data.map((comment) => comment.body)).toMatchInlineSnapshot(`
      [
        "Somebody else has committed to this branch, so I leave it to you from here: I will not push to it or edit it any more.

      <!-- autofix:taken-over -->",
      ]
    `);
  });

  it("keeps what a person wrote into the body as long as nothing changed", async () => {
    const { number } = await publish(github.octokit, ours, options);
    const [pull] = await pulls();
    const body = `Note from Vera.\n\n${pull?.body}`;
    await github.as(PEOPLE.writer).rest.pulls.update({ ...AT, pull_number: number, body });
    expect((await publish(github.octokit, ours, options)).kind).toBe("unchanged");
    expect((await pulls())[0]?.body).toBe(body);
  });
});

describe("a pull request that is not open any more", () => {
  it("was closed by a person: that is a no, until somebody reopens it on purpose", async () => {
    const { number } = await publish(github.octokit, ours, options);
    await github.as(PEOPLE.writer).rest.pulls.update({ ...AT, pull_number: number, state: "closed" });
    github.requests.length = 0;
    expect(await publish(github.octokit, ours, options)).toMatchObject({ kind: "declined", number });
    expect(writes()).toEqual([]);
    const [existing] = await findPulls();
    expect(existing?.state).toBe("closed");
    expect(await publish(github.octokit, ours, { ...options, ...(existing ? { existing } : {}) })).toMatchObject({ kind: "updated", number });
    expect((await pulls()).map((pull) => pull.state)).toEqual(["open"]);
  });

  it.each(["merge", "squash"] as const)("was merged (%s): another one follows only for a caller who knows of it", async (merge_method) => {
    const { number } = await publish(github.octokit, ours, options);
    await github.as(PEOPLE.owner).rest.pulls.merge({ ...AT, pull_number: number, merge_method });
    expect(await publish(github.octokit, ours, options)).toMatchObject({ kind: "merged", number });
    const [existing] = await findPulls();
    expect(existing).toMatchObject({ state: "merged", mergeCommit: await tip("main") });
    const broken = recordedFiles().broken[DEPLOYMENT] ?? "";
    const baseSha = await github.commit({ [DEPLOYMENT]: broken }, "Break it again");
    const again = await publish(github.octokit, { ...ours, baseSha }, { ...options, ...(existing ? { existing } : {}) });
    expect(again.kind).toBe("opened");
    expect(again.number).not.toBe(number);
    const { data } = await github.as(PEOPLE.owner).rest.repos.compareCommitsWithBasehead({ ...AT, basehead: `main...${BRANCH}` });
    expect(data.behind_by).toBe(0);
    expect(data.files?.map((file) => file.filename)).toEqual([DEPLOYMENT]);
  });

  it("was closed by the bot, with its reason in a comment", async () => {
    await publish(github.octokit, ours, options);
    const [pull] = await findPulls();
    if (!pull) throw new Error("no pull request");
    await withdrawPull(github.octokit, pull, BOT, "The deployment recovered by itself.");
    await withdrawPull(github.octokit, pull, BOT, "The deployment recovered by itself.");
    const { data } = await github.as(PEOPLE.owner).rest.issues.listComments({ ...AT, issue_number: pull.number });
    expect(data).toHaveLength(1);
    expect((await pulls())[0]?.state).toBe("closed");
  });
});

describe("what is never written", () => {
  it.each([
    ".github/workflows/ci.yml",
    ".GitHub/Workflows/ci.yml",
    ".github/autofix.yml",
    ".github/Autofix.yaml",
    "../x.yaml",
    "a/.git/config",
    "/etc/x",
    "a\\b",
  ])("%s", async (path) => {
    const change = approved([{ path, before: undefined, after: "x\n" }]);
    await expect(publish(github.octokit, { ...ours, change }, options)).rejects.toMatchObject({ code: "github/forbidden-path" });
    expect(writes()).toEqual([]);
  });

  it("what is only shaped like an approved change", async () => {
    const change: Draft["change"] = JSON.parse(JSON.stringify(approved([{ path: DEPLOYMENT, before: recordedFiles().broken[DEPLOYMENT], after: "x\n" }])));
    await expect(publish(github.octokit, { ...ours, change }, options)).rejects.toMatchObject({ code: "github/unexpected" });
    expect(writes()).toEqual([]);
  });

  it("a change of nothing", async () => {
    const same = recordedFiles().broken[DEPLOYMENT] ?? "";
    const change = approved([{ path: DEPLOYMENT, before: same, after: same }]);
    await expect(publish(github.octokit, { ...ours, change }, options)).rejects.toMatchObject({ code: "github/unexpected" });
    expect(writes()).toEqual([]);
  });

  it("a change of a file that is not what the guards saw", async () => {
    await github.commit({ [DEPLOYMENT]: "somebody else's\n" });
    await expect(publish(github.octokit, { ...ours, baseSha: await tip("main") }, options)).rejects.toMatchObject({ code: "github/conflict", retry: "later" });
    expect(writes()).toEqual([]);
  });
});

describe("pull requests that are not ours", () => {
  it("have somebody else's author, whatever their branch and body say", async () => {
    await publish(github.octokit, ours, options);
    const [pull] = await pulls();
    const sha = await tip("main");
    await github.as(PEOPLE.writer).rest.git.createRef({ ...AT, ref: "refs/heads/autofix/mine", sha });
    await github.commit({ "x.txt": "x\n" }, "x", { login: PEOPLE.writer, branch: "autofix/mine" });
    await github.as(PEOPLE.writer).rest.pulls.create({ ...AT, title: "fix", head: "autofix/mine", base: "main", body: pull?.body ?? "" });
    expect((await findPulls()).map(({ number }) => number)).toEqual([pull?.number]);
  });
});
