import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { Octokit } from "@octokit/rest";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createGitHub, type GitHub } from "../../src/source/git/github-client.ts";
import { startEmulatedGitHub } from "./emulated-github/start.ts";
import { type GitHubStandIn, startGitHub } from "./github.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const place = { owner: "acme", repo: "shop" };

/** Both are the same GitHub to a client. */
const STAND_INS = [
  { name: "the fake", start: startGitHub },
  { name: "emulate", start: startEmulatedGitHub },
];

describe.each(STAND_INS)("$name", ({ start }) => {
  let github: GitHubStandIn;
  let app: GitHub;
  let octokit: Octokit;

  beforeEach(async () => {
    github = await start({ repositories: ["acme/shop"], foreign: ["other/thing"], people: { ada: "write", mallory: "read", eve: "none" } });
    const { appId, privateKey } = github.appCredentials;
    app = createGitHub({ appId, privateKey, baseUrl: github.url, log: quiet, throttle: false, retries: 0 });
    await github.commit({ "apps/web.yaml": "image: web:1\n", "README.md": "# Shop\n" }, { message: "Begin" });
    octokit = await installed();
  });
  afterEach(() => github.stop());

  async function installed(): Promise<Octokit> {
    const client = await app.repository("acme/shop");
    if (!client) throw new Error("not installed");
    return client;
  }

  /** As the bot: a branch with one changed file, and a pull request for it. */
  async function propose(text = "image: web:2\n"): Promise<number> {
    const head = await moveBranch(text);
    await octokit.rest.git.createRef({ ...place, ref: "refs/heads/autofix/web", sha: head });
    const { data } = await octokit.rest.pulls.create({ ...place, title: "Fix web", head: "autofix/web", base: "main", body: "why" });
    return data.number;
  }

  async function moveBranch(text: string, from = "main"): Promise<string> {
    const { data: ref } = await octokit.rest.git.getRef({ ...place, ref: `heads/${from}` });
    const { data: parent } = await octokit.rest.git.getCommit({ ...place, commit_sha: ref.object.sha });
    const entry = { path: "apps/web.yaml", mode: "100644", type: "blob", content: text } as const;
    const { data: tree } = await octokit.rest.git.createTree({ ...place, base_tree: parent.tree.sha, tree: [entry] });
    const { data } = await octokit.rest.git.createCommit({ ...place, message: "Fix web", tree: tree.sha, parents: [ref.object.sha] });
    return data.sha;
  }

  function statusOf(request: Promise<unknown>): Promise<number> {
    return request.then(
      () => 200,
      (failure: { status?: number }) => failure.status ?? 0,
    );
  }

  describe("the App's client", () => {
    it("acts as the installation, under the App's own name", async () => {
      expect(await app.botLogin()).toBe("kube-autofix[bot]");
      const number = await propose();
      expect((await github.pull(number)).user.login).toBe("kube-autofix[bot]");
    });

    it("is refused with a token that nobody was given", async () => {
      expect((await fetch(`${github.url}/repos/acme/shop`, { headers: { authorization: "Bearer made-up" } })).status).toBe(401);
    });

    it("is not installed on other owners' repositories", async () => {
      expect(await app.repository("other/thing")).toBeUndefined();
      expect(await app.repository("acme/none")).toBeUndefined();
    });
  });

  describe("git", () => {
    it("gives commits the SHA that git gives them", async () => {
      const person = { name: "Ada", email: "ada@example.com", date: "2026-01-02T03:04:05Z" };
      const sha = await github.commit({ a: "a\n" }, { branch: "other", message: "One\n", author: person, replace: true });
      expect(sha).toBe("69be1f78f86835656a4cbcbc6c889f8c0e59f48d");
      expect(await github.tree("other")).toEqual({ a: "a\n" });
    });

    it("takes a commit by the name that a cluster reports, in paths, queries, bodies and answers", async () => {
      const real = "1234567890123456789012345678901234567890";
      await github.commit({ "apps/web.yaml": "image: web:9 # 1234567890123456789012345678901234567890\n" }, { message: "Break", sha: real });
      expect(await github.branch("main")).toBe(real);
      const { data: commits } = await octokit.rest.repos.listCommits({ ...place, sha: real });
      expect(commits.map((one) => one.sha)[0]).toBe(real);
      const { data: made } = await octokit.rest.git.createCommit({ ...place, message: "Next", tree: commits[0]?.commit.tree.sha ?? "", parents: [real] });
      expect(made.parents[0]?.sha).toBe(real);
      expect(made.parents[0]?.url).toContain(real);
      expect((await github.tree())["apps/web.yaml"]).toContain(real);
      const { data: run } = await octokit.rest.checks.create({ ...place, name: "check", head_sha: real, status: "in_progress" });
      expect(run.head_sha).toBe(real);
      expect(await github.checkRuns(real)).toHaveLength(1);
    });

    it("signs the App's own commits, and nobody else's", async () => {
      const mine = await octokit.rest.git.getCommit({ ...place, commit_sha: await moveBranch("image: web:2\n") });
      const theirs = await octokit.rest.git.getCommit({ ...place, commit_sha: (await github.branch("main")) ?? "" });
      expect([mine, theirs].map(({ data }) => data.verification.verified)).toEqual([true, false]);
    });
  });

  describe("pull requests", () => {
    it("refuses the second one for a branch, one for no branch, and one without commits", async () => {
      await propose();
      const create = (head: string) => octokit.rest.pulls.create({ ...place, title: "Again", head, base: "main" });
      await expect(create("autofix/web")).rejects.toThrow(/A pull request already exists for acme:autofix\/web/);
      expect(await statusOf(create("autofix/none"))).toBe(422);
      await octokit.rest.git.createRef({ ...place, ref: "refs/heads/same", sha: (await github.branch("main")) ?? "" });
      expect(await statusOf(create("same"))).toBe(422);
      expect(await github.branches()).toEqual(["autofix/web", "main", "same"]);
    });

    it("has a head that follows its branch while it is open, and lists its files and commits", async () => {
      const number = await propose();
      const second = await github.commit({ "apps/web.yaml": "image: web:3\n", "apps/new.yaml": "a: 1\n" }, { branch: "autofix/web", message: "By hand" });
      expect((await github.pull(number)).head.sha).toBe(second);
      const { data: files } = await octokit.rest.pulls.listFiles({ ...place, pull_number: number });
      expect(files.map((file) => `${file.status} ${file.filename}`)).toEqual(["added apps/new.yaml", "modified apps/web.yaml"]);
      const { data: commits } = await octokit.rest.pulls.listCommits({ ...place, pull_number: number });
      expect(commits.map((one) => one.author?.login)).toEqual(["kube-autofix[bot]", "ada"]);
      await github.close(number);
      await github.commit({ "apps/web.yaml": "image: web:4\n" }, { branch: "autofix/web" });
      expect(await github.pull(number)).toMatchObject({ state: "closed", merged: false, head: { sha: second } });
    });

    it("merges what the branches are now, and moves the base there", async () => {
      const number = await propose();
      await github.commit({ "apps/web.yaml": "image: web:3\n" }, { branch: "autofix/web" });
      const meanwhile = await github.commit({ "README.md": "# The shop\n" }, { message: "Meanwhile" });
      const merged = await github.merge(number);
      expect(await github.tree()).toEqual({ "README.md": "# The shop\n", "apps/web.yaml": "image: web:3\n" });
      expect(await github.branch("main")).toBe(merged);
      expect(await github.pull(number)).toMatchObject({ merged: true, state: "closed", merge_commit_sha: merged, merged_by: { login: "ada" } });
      expect((await octokit.rest.git.getCommit({ ...place, commit_sha: merged })).data.parents[0]?.sha).toBe(meanwhile);
    });

    it("does not merge over a file that the base changed too", async () => {
      const number = await propose();
      await github.commit({ "apps/web.yaml": "image: web:7\n" });
      expect(await statusOf(github.merge(number))).toBe(405);
      expect((await github.pull(number)).state).toBe("open");
    });

    it("is closed by the deletion of its branch", async () => {
      const number = await propose();
      await github.deleteBranch("autofix/web");
      expect((await github.pull(number)).state).toBe("closed");
      expect(await statusOf(github.reopen(number))).toBe(422);
    });

    it("ignores a filter for the head that names no owner, as GitHub does", async () => {
      await propose();
      const count = async (head: string) => (await octokit.rest.pulls.list({ ...place, head, state: "all" })).data.length;
      expect(await Promise.all([count("acme:autofix/web"), count("acme:none"), count("none")])).toEqual([1, 0, 1]);
    });
  });

  describe("checks, comments and permissions", () => {
    it("enforces GitHub's limits, adds annotations up, and says which pull request a run belongs to", async () => {
      const number = await propose();
      const head_sha = (await github.pull(number)).head.sha;
      const annotation = { path: "a", start_line: 1, end_line: 1, annotation_level: "notice", message: "m" } as const;
      const create = (count: number, summary: string) =>
        octokit.rest.checks.create({ ...place, name: "check", head_sha, output: { title: "t", summary, annotations: Array(count).fill(annotation) } });
      expect(await statusOf(create(51, ""))).toBe(422);
      expect(await statusOf(create(1, "x".repeat(65_536)))).toBe(422);
      github.takeViolations();
      expect(await statusOf(octokit.rest.checks.create({ ...place, name: "check", head_sha: "f".repeat(40) }))).toBe(422);
      const { data: run } = await create(50, "fine");
      await octokit.rest.checks.update({ ...place, check_run_id: run.id, output: { title: "t", summary: "s", annotations: [annotation] } });
      const [seen] = await github.checkRuns(head_sha);
      expect(seen).toMatchObject({ output: { annotations_count: 51 }, app: { id: github.appCredentials.appId }, pull_requests: [{ number }] });
      expect((await octokit.rest.checks.listAnnotations({ ...place, check_run_id: run.id, per_page: 100 })).data).toHaveLength(51);
    });

    it("keeps reactions, one of a kind for each user", async () => {
      const number = await propose();
      const comment = await github.comment(number, "/autofix retry");
      const react = () => octokit.rest.reactions.createForIssueComment({ ...place, comment_id: comment.id, content: "eyes" });
      expect([(await react()).status, (await react()).status]).toEqual([201, 200]);
      expect((await github.reactions(comment.id)).map((one) => [one.content, one.user?.login])).toEqual([["eyes", "kube-autofix[bot]"]]);
    });

    it("shows a comment as changed only once somebody has changed it", async () => {
      const number = await propose();
      const times = async () => (await github.comments(number)).map((comment) => comment.updated_at === comment.created_at);
      const { id } = await github.comment(number, "/autofix retry");
      for (let more = 0; more < 20; more++) await github.comment(number, "me too");
      expect(await times()).toEqual(Array(21).fill(true));
      await octokit.rest.issues.updateComment({ ...place, comment_id: id, body: "never mind" });
      expect(await times()).toEqual([false, ...Array(20).fill(true)]);
    });

    it("answers everybody's permission in GitHub's words", async () => {
      const ask = async (username: string) => (await octokit.rest.repos.getCollaboratorPermissionLevel({ ...place, username })).data.permission;
      expect(await Promise.all(["ada", "mallory", "eve"].map(ask))).toEqual(["write", "read", "none"]);
      expect(await statusOf(ask("nobody"))).toBe(404);
    });
  });

  describe("webhooks", () => {
    it("reach the app signed, with a GUID and the installation, once each", async () => {
      const received: { headers: IncomingMessage["headers"]; body: string }[] = [];
      const server = createServer(async (request, response) => {
        let body = "";
        for await (const chunk of request) body += chunk;
        received.push({ headers: request.headers, body });
        response.writeHead(202).end();
      });
      const port = await new Promise<number>((resolve) => server.listen(0, "127.0.0.1", () => resolve(Number(Object(server.address()).port))));
      github.deliverTo(`http://127.0.0.1:${port}/api/github/webhooks`);
      const number = await propose();
      await github.commit({ "apps/web.yaml": "image: web:3\n" }, { branch: "autofix/web" });
      await github.comment(number, "/autofix retry");
      await github.merge(number);
      await expect
        .poll(() => received.map(({ headers, body }) => `${headers["x-github-event"]} ${JSON.parse(body).action ?? JSON.parse(body).ref}`).sort())
        .toEqual([
          "issue_comment created",
          "pull_request closed",
          "pull_request opened",
          "pull_request synchronize",
          "push refs/heads/autofix/web",
          "push refs/heads/autofix/web",
          "push refs/heads/main",
        ]);
      await github.settled();
      for (const { headers, body } of received) {
        expect(headers["x-hub-signature-256"]).toBe(`sha256=${createHmac("sha256", github.appCredentials.webhookSecret).update(body).digest("hex")}`);
        expect(headers["x-github-delivery"]).toMatch(/^[0-9a-f-]{36}$/);
        expect(JSON.parse(body)).toMatchObject({ installation: { id: 100 }, repository: { full_name: "acme/shop" }, sender: { login: expect.any(String) } });
      }
      const comment = github.deliveries.find((one) => one.event === "issue_comment");
      expect(comment?.payload).toMatchObject({ issue: { number, pull_request: { url: expect.any(String) } }, comment: { user: { login: "ada" } } });
      const closed = github.deliveries.find((one) => one.action === "closed");
      expect(closed?.payload).toMatchObject({ pull_request: { merged: true, merge_commit_sha: await github.branch("main") } });
      await github.redeliver(comment?.id ?? "");
      expect(received.filter(({ headers }) => headers["x-github-delivery"] === comment?.id)).toHaveLength(2);
      server.close();
    });

    it("tell a re-requested check run with its branch", async () => {
      const number = await propose();
      const { data: run } = await octokit.rest.checks.create({ ...place, name: "check", external_id: "1", head_sha: (await github.pull(number)).head.sha });
      await github.rerun(run.id);
      await expect
        .poll(() => github.deliveries.filter((one) => one.event === "check_run"))
        .toMatchObject([
          {
            action: "rerequested",
            payload: { check_run: { check_suite: { head_branch: "autofix/web" }, pull_requests: [{ number }] }, sender: { login: "ada" } },
          },
        ]);
    });
  });

  describe("the front", () => {
    it("records what clients ask, not what the stand-in does itself", async () => {
      await octokit.rest.repos.get(place);
      github.requests.length = 0;
      await octokit.rest.repos.get(place);
      await github.pulls();
      expect(github.requests).toEqual([{ method: "GET", path: "/repos/acme/shop", status: 200 }]);
    });

    it("fails once on demand, before or after doing what was asked", async () => {
      github.failNext("POST", "/repos/acme/shop/issues", 502);
      const open = () => octokit.rest.issues.create({ ...place, title: "Help" });
      expect(await statusOf(open())).toBe(502);
      github.failNext("POST", "/repos/acme/shop/issues", "timeout-after");
      expect(await statusOf(open())).toBe(500);
      expect(await statusOf(open())).toBe(200);
      expect(await github.issues()).toHaveLength(2);
    });
  });
});
