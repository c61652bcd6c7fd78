import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acknowledge, answer, helpWords, mayCommand, parseCommand, pendingCommands, refusalWords } from "../../src/pull-request/commands.ts";
import { type CommentSeen, listComments } from "../../src/pull-request/comment.ts";
import { AT, BOT, type GitHubWorld, LOSSES, PEOPLE, REPOSITORY, startGitHub } from "./github.ts";

describe("what counts as a command", () => {
  it.each([
    ["/autofix retry", { kind: "retry", hint: "" }],
    ["/autofix retry  use 1.4.2, please ", { kind: "retry", hint: "use 1.4.2, please" }],
    ["/AutoFix Rebase", { kind: "rebase" }],
    ["Thanks!\r\n\r\n/autofix explain\r\n/autofix close", { kind: "explain" }],
    ["/autofix", { kind: "help" }],
    ["/autofix frobnicate", { kind: "unknown" }],
    ["> /autofix close\n\n/autofix reopen", { kind: "reopen" }],
    ["```\n/autofix close\n```\n/autofix help", { kind: "help" }],
    ["<!-- say\n/autofix close\n-->\n/autofix help", { kind: "help" }],
  ])("%j", (body, command) => {
    expect(parseCommand(body)).toMatchObject(command);
  });

  it.each([
    ["in a sentence", "please /autofix retry"],
    ["in a quote", "> /autofix retry"],
    ["in a block of code", "```sh\n/autofix retry\n```"],
    ["in a block of code that never ends", "~~~\n/autofix retry"],
    ["in a longer fence than the one inside", "````\n```\n/autofix close\n```\n````"],
    ["in indented code", "    /autofix retry"],
    ["in a hidden comment", "<!--\n/autofix retry\n-->"],
    ["another word", "/autofixes retry"],
    ["nothing", ""],
  ])("not %s", (_, body) => {
    expect(parseCommand(body)).toBeUndefined();
  });

  it("a long hint is shortened", () => {
    expect(parseCommand(`/autofix retry ${"x".repeat(60_000)}`)).toMatchObject({ kind: "retry", hint: `${"x".repeat(499)}…` });
  });
});

const NOW = new Date("2026-11-28T12:00:00Z");

describe("which commands wait for an answer", () => {
  const comment = (id: number, login: string, body: string, more: Partial<CommentSeen> = {}): CommentSeen => ({
    id,
    login,
    isBot: login.endsWith("[bot]"),
    edited: false,
    createdAt: NOW,
    body,
    url: "",
    ...more,
  });

  it("those of people that the bot has not answered; edits and other bots do not count", () => {
    const comments = [
      comment(1, "vera", "/autofix retry"),
      comment(2, "other[bot]", "/autofix close"),
      comment(3, "ravi", "looks good"),
      comment(4, "vera", "/autofix close", { edited: true }),
      comment(5, "ravi", "/autofix explain"),
      comment(6, BOT, "Done.\n\n<!-- autofix:answer 1 -->"),
    ];
    expect(pendingCommands(comments, BOT, NOW).map(({ commentId, login }) => [commentId, login])).toEqual([[5, "ravi"]]);
  });

  it("nobody but the bot can mark a command as answered, not even by having it quoted", () => {
    const comments = [
      comment(1, "vera", "/autofix retry"),
      comment(2, "mallory", "<!-- autofix:answer 1 -->"),
      comment(3, BOT, "> `/autofix <!-- autofix:answer 1 -->`\n\n<!-- autofix:answer 9 -->"),
    ];
    expect(pendingCommands(comments, BOT, NOW).map(({ commentId }) => commentId)).toEqual([1]);
  });
});

describe("on GitHub", () => {
  let github: GitHubWorld;
  let number: number;

  beforeEach(async () => {
    github = await startGitHub({ "a.txt": "a\n" });
    number = (await github.as(PEOPLE.owner).rest.issues.create({ ...AT, title: "A pull request's thread" })).data.number;
  });

  afterEach(() => github.close());

  it.each([
    [PEOPLE.owner, true],
    [PEOPLE.writer, true],
    [PEOPLE.reader, false],
    [PEOPLE.stranger, false],
    ["nobody-at-all", false],
  ])("%s may command: %s", async (login, allowed) => {
    expect(await mayCommand(github.octokit, REPOSITORY, login)).toBe(allowed);
  });

  it("a command is answered once, quoting it", async () => {
    await github.as(PEOPLE.writer).rest.issues.createComment({ ...AT, issue_number: number, body: "/autofix dance `@acme/all`" });
    const [pending] = pendingCommands(await listComments(github.octokit, REPOSITORY, number), BOT, new Date());
    if (!pending) throw new Error("no command");
    const where = { repository: REPOSITORY, number, botLogin: BOT };
    await answer(github.octokit, where, pending, helpWords(pending.command));
    await answer(github.octokit, where, pending, helpWords(pending.command));
    const comments = await listComments(github.octokit, REPOSITORY, number);
    expect(comments).toHaveLength(2);
    expect(pendingCommands(comments, BOT, new Date())).toEqual([]);
    expect(comments.at(-1)?.body.replace(String(pending.commentId), "ID")).toMatchInlineSnapshot(`
      "> \`\` /autofix dance \`@acme/all\` \`\`

      I do not know this command. What I understand:

      - \`/autofix retry [hint]\`: look again and propose anew; the hint goes to the diagnosis
      - \`/autofix explain\`: the diagnosis in detail, with what was ruled out
      - \`/autofix rebase\`: bring the branch up to date with its base
      - \`/autofix close\`: close it; this failure is left alone until \`reopen\`
      - \`/autofix reopen\`: take it up again
      - \`/autofix help\`: this list

      At the start of a line, by people with write access.

      <!-- autofix:answer ID -->"
    `);
  });

  it.each(LOSSES)("is answered once although the %s was lost", async (loss) => {
    const pending = { commentId: 7, login: "vera", command: { kind: "help", text: "/autofix help" }, isPress: false, quote: "help" } as const;
    const where = { repository: REPOSITORY, number, botLogin: BOT };
    github.lose(1, loss);
    await answer(github.octokit, where, pending, "Yes.").catch(() => undefined);
    await answer(github.octokit, where, pending, "Yes.");
    expect(await listComments(github.octokit, REPOSITORY, number)).toHaveLength(1);
  });

  it.each(LOSSES)("is acknowledged once although the %s was lost", async (loss) => {
    const { data } = await github.as(PEOPLE.writer).rest.issues.createComment({ ...AT, issue_number: number, body: "/autofix help" });
    github.lose(1, loss);
    await acknowledge(github.octokit, REPOSITORY, data.id);
    await acknowledge(github.octokit, REPOSITORY, data.id);
    const reactions = await github.as(PEOPLE.owner).rest.reactions.listForIssueComment({ ...AT, comment_id: data.id });
    expect(reactions.data.map(({ content }) => content)).toEqual(["eyes"]);
  });

  it("a reaction that GitHub refuses does no harm", async () => {
    expect(await acknowledge(github.octokit, REPOSITORY, 123_456)).toBe(false);
  });

  it("says no politely, without pinging", () => {
    expect(refusalWords("mallory")).toMatchInlineSnapshot(
      `"Sorry, mallory: only people with write access to this repository can command me. Somebody who has it can repeat the command."`,
    );
  });
});
