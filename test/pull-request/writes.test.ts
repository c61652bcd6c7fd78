import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isDescendant } from "../../src/pull-request/ancestry.ts";
import { Book } from "../../src/pull-request/book.ts";
import { renderCheck } from "../../src/pull-request/check.ts";
import { CHECK_NAME, publishCheck } from "../../src/pull-request/check-run.ts";
import { commentOnce, listComments } from "../../src/pull-request/comment.ts";
import { escalate, withdrawIssue } from "../../src/pull-request/escalate.ts";
import { findOurs } from "../../src/pull-request/ours.ts";
import { publish } from "../../src/pull-request/publish.ts";
import { joinPull, recordAttempt, recordVerdict } from "../../src/pull-request/record.ts";
import { draft, escalation, INCIDENT, REPORT, recordedFiles } from "./drafts.ts";
import { AT, BOT, type GitHubWorld, LOSSES, PEOPLE, REPOSITORY, startGitHub } from "./github.ts";

let github: GitHubWorld;
let head: string;

beforeEach(async () => {
  github = await startGitHub(recordedFiles().broken);
  head = await github.commit({ "notes.txt": "x\n" });
  github.requests.length = 0;
});

afterEach(() => github.close());

const writes = () => github.requests.filter((request) => !request.startsWith("GET "));

describe("a check run", () => {
  const approved = renderCheck({ kind: "approved", report: REPORT });
  const refused = renderCheck({ kind: "refused", report: REPORT });
  const runs = async () => (await github.as(PEOPLE.owner).rest.checks.listForRef({ ...AT, ref: head, filter: "all" })).data.check_runs;

  it("is written once, and again only when the verdict is another", async () => {
    const first = await publishCheck(github.octokit, REPOSITORY, head, approved);
    expect(first.kind).toBe("created");
    expect(github.requests).toEqual(["GET /repos/acme/shop/commits/SHA/check-runs", "POST /repos/acme/shop/check-runs"]);
    expect(await publishCheck(github.octokit, REPOSITORY, head, approved)).toMatchObject({ kind: "unchanged", id: first.id });
    expect(await publishCheck(github.octokit, REPOSITORY, head, refused)).toMatchObject({ kind: "updated", id: first.id });
    expect(await runs()).toMatchObject([{ name: CHECK_NAME, conclusion: "failure", status: "completed" }]);
  });

  it("with annotations is followed by a new run, since GitHub would append them", async () => {
    const remark = { path: "deploy/deployment.yaml", startLine: 3, endLine: 3, level: "failure", message: "no" } as const;
    await publishCheck(github.octokit, REPOSITORY, head, { ...refused, annotations: [remark] });
    expect((await publishCheck(github.octokit, REPOSITORY, head, approved)).kind).toBe("created");
  });

  it("does not touch another App's run of the same name", async () => {
    const other = { name: CHECK_NAME, head_sha: head, status: "completed", conclusion: "success", output: { title: "theirs", summary: "s" } } as const;
    await github.as(PEOPLE.writer).rest.checks.create({ ...AT, ...other });
    expect((await publishCheck(github.octokit, REPOSITORY, head, refused)).kind).toBe("created");
  });

  it.each(LOSSES)("is one although the %s was lost", async (loss) => {
    github.lose(1, loss);
    await publishCheck(github.octokit, REPOSITORY, head, approved).catch(() => undefined);
    await publishCheck(github.octokit, REPOSITORY, head, approved);
    expect(await runs()).toHaveLength(1);
  });
});

describe("an issue for an incident without a safe fix", () => {
  const issues = async () => (await github.as(PEOPLE.owner).rest.issues.listForRepo({ ...AT, state: "all" })).data.filter((issue) => !issue.pull_request);

  it("is one, brought up to date when the diagnosis changes, and nothing is written otherwise", async () => {
    const first = await escalate(github.octokit, escalation(), BOT);
    expect(first.kind).toBe("opened");
    github.requests.length = 0;
    expect(await escalate(github.octokit, escalation(), BOT)).toEqual({ ...first, kind: "unchanged" });
    expect(writes()).toEqual([]);
    expect(await escalate(github.octokit, escalation({ reason: "Something else." }), BOT)).toEqual({ ...first, kind: "updated" });
    expect(await issues()).toMatchObject([
      { number: first.number, labels: [{ name: "autofix" }, { name: "autofix:escalation" }], body: expect.stringContaining("Something else") },
    ]);
  });

  it("is closed on recovery, and reopened when the same incident comes back", async () => {
    const { number } = await escalate(github.octokit, escalation(), BOT);
    const [issue] = (await findOurs(github.octokit, REPOSITORY, BOT)).issues;
    if (!issue) throw new Error("no issue");
    await withdrawIssue(github.octokit, issue, BOT, "The deployment recovered.");
    await withdrawIssue(github.octokit, issue, BOT, "The deployment recovered.");
    expect(await issues()).toMatchObject([{ number, state: "closed" }]);
    expect(await listComments(github.octokit, REPOSITORY, number)).toHaveLength(1);
    expect(await escalate(github.octokit, escalation(), BOT)).toMatchObject({ kind: "reopened", number });
    expect(await issues()).toMatchObject([{ number, state: "open" }]);
  });

  it("stays closed when a person closed it", async () => {
    const { number } = await escalate(github.octokit, escalation(), BOT);
    await github.as(PEOPLE.writer).rest.issues.update({ ...AT, issue_number: number, state: "closed" });
    github.requests.length = 0;
    expect(await escalate(github.octokit, escalation({ reason: "New." }), BOT)).toMatchObject({ kind: "closed-by-human", number });
    expect(writes()).toEqual([]);
  });

  it("is not believed from anybody else", async () => {
    await escalate(github.octokit, escalation(), BOT);
    const [mine] = await issues();
    await github.as(PEOPLE.writer).rest.issues.create({ ...AT, title: "x", body: mine?.body ?? "", labels: ["autofix", "autofix:escalation"] });
    expect((await findOurs(github.octokit, REPOSITORY, BOT)).issues).toHaveLength(1);
  });

  it.each(LOSSES)("is one although the %s was lost", async (loss) => {
    github.lose(1, loss);
    await escalate(github.octokit, escalation(), BOT).catch(() => undefined);
    await escalate(github.octokit, escalation(), BOT);
    expect(await issues()).toHaveLength(1);
  });
});

describe("what a pull request remembers", () => {
  const opened = async () => {
    const { number } = await publish(github.octokit, draft({ baseSha: head }), {
      botLogin: BOT,
      wishes: { labels: [], reviewers: [], assignees: [], draft: false },
    });
    return number;
  };
  const read = async (number: number) => {
    const pull = (await findOurs(github.octokit, REPOSITORY, BOT)).pulls.find((one) => one.number === number);
    if (!pull) throw new Error("not ours");
    return pull;
  };

  it.each([1, 2])("the verdict after the merge, said once, wherever write %s was interrupted", async (write) => {
    const number = await opened();
    const before = await read(number);
    github.lose(write, "answer");
    await recordVerdict(github.octokit, before, BOT, "healed", "Deployment shop-01/checkout is healthy again.").catch(() => undefined);
    await recordVerdict(github.octokit, await read(number), BOT, "healed", "Deployment shop-01/checkout is healthy again.");
    expect((await read(number)).verdict).toBe("healed");
    const comments = await listComments(github.octokit, REPOSITORY, number);
    expect(comments.map((comment) => comment.body)).toMatchInlineSnapshot(`
      [
        "✅ Deployment shop-01/checkout is healthy again.

      <!-- autofix:verdict -->",
      ]
    `);
  });

  it("what the cluster said in a verdict is only text", async () => {
    const number = await opened();
    await recordVerdict(github.octokit, await read(number), BOT, "not-healed", "Not healed: ask @acme/all, see #1 <b>");
    const [comment] = await listComments(github.octokit, REPOSITORY, number);
    expect(comment?.body).not.toMatch(/@acme|#1|<b>/);
  });

  it("attempts that led to nothing new, in the table and in the marker, without doubling one", async () => {
    const number = await opened();
    const attempt = { number: 2, digest: "", outcome: "refused", engine: "gpt", hint: "", summary: "scope: a new ClusterRoleBinding" } as const;
    await recordAttempt(github.octokit, await read(number), attempt);
    await recordAttempt(github.octokit, await read(number), attempt);
    const pull = await read(number);
    expect(pull.attempts.map((one) => one.number)).toEqual([1, 2]);
    expect(pull.body.match(/a new ClusterRoleBinding \|/g)).toHaveLength(1);
  });
});

describe("reading", () => {
  it("the book of pull requests asks once while its page is fresh, and again after it was told to forget", async () => {
    let time = 0;
    const book = new Book((repository) => findOurs(github.octokit, repository, BOT), { now: () => time, milliseconds: 1000 });
    await Promise.all([book.of(REPOSITORY), book.of(REPOSITORY)]);
    expect(github.requests).toHaveLength(1);
    book.forget(REPOSITORY);
    await book.of(REPOSITORY);
    time = 1001;
    await book.of(REPOSITORY);
    expect(github.requests).toHaveLength(3);
  });

  it("the book does not keep a failure", async () => {
    let calls = 0;
    const book = new Book(async () => (++calls === 1 ? Promise.reject(new Error("down")) : []), { now: () => 0 });
    await expect(book.of(REPOSITORY)).rejects.toThrow("down");
    expect(await book.of(REPOSITORY)).toEqual([]);
  });

  it("a commit contains what came before it, and not what came after", async () => {
    const later = await github.commit({ "notes.txt": "y\n" });
    expect(await isDescendant(github.octokit, REPOSITORY, head, later)).toBe(true);
    expect(await isDescendant(github.octokit, REPOSITORY, later, head)).toBe(false);
    expect(await isDescendant(github.octokit, REPOSITORY, head, head)).toBe(true);
    expect(await isDescendant(github.octokit, REPOSITORY, head, "f".repeat(40))).toBeUndefined();
  });
});

describe("a comment", () => {
  it("with the same key is rewritten in place", async () => {
    const { data } = await github.as(PEOPLE.owner).rest.issues.create({ ...AT, title: "x" });
    const place = { repository: REPOSITORY, number: data.number, botLogin: BOT };
    const said = [];
    for (const words of ["One.", "One.", "Two."]) said.push(await commentOnce(github.octokit, place, "status", words));
    expect(said).toEqual(["said", "unchanged", "changed"]);
    expect(await listComments(github.octokit, REPOSITORY, data.number)).toMatchObject([{ body: expect.stringContaining("Two.") }]);
  });
});

describe("a pull request that another incident joins", () => {
  const other = { delivery: { kind: "Application", namespace: "argocd", name: "twin" }, fingerprint: "ab".repeat(32), target: INCIDENT.target } as const;

  it.each(LOSSES)("names it once although the %s was lost, and keeps what a person wrote", async (loss) => {
    await publish(github.octokit, draft({ baseSha: head }), { botLogin: BOT, wishes: { labels: [], reviewers: [], assignees: [], draft: false } });
    const [pull] = (await findOurs(github.octokit, REPOSITORY, BOT)).pulls;
    if (!pull) throw new Error("no pull request");
    const noted = { ...pull, body: `Note from Vera.\n\n${pull.body}` };
    github.lose(1, loss);
    for (let i = 0; i < 2; i++) await joinPull(github.octokit, noted, { ...other, changes: { object: other.target } }).catch(() => undefined);
    const { pulls } = await findOurs(github.octokit, REPOSITORY, BOT);
    expect(pulls.map(({ delivery, number }) => [delivery.name, number])).toEqual([
      ["shop-01", pull.number],
      ["twin", pull.number],
    ]);
    expect(pulls[0]?.body).toMatch(/^Note from Vera\./);
    expect(pulls[0]?.body.match(/delivered by Argo CD Application `argocd\/twin`/g)).toHaveLength(1);
    expect(pulls[1]?.branch).toBe(pulls[0]?.branch);
  });
});
