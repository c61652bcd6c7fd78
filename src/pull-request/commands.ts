import type { Octokit } from "@octokit/rest";
import { pressWords, readPress } from "./buttons.ts";
import { type CommentPlace, type CommentSeen, commentOnce, hiddenMark } from "./comment.ts";
import { code, prose, shorten } from "./escape.ts";
import { bestEffort, coordinates, unlessMissing } from "./requests.ts";
import { COMMANDS_HELP } from "./sections.ts";

const VERBS = ["explain", "rebase", "close", "reopen", "help"] as const;

/** What a person asks for; `unknown` is answered with help. `text` is the line as written, for quoting; untrusted. */
export type Command = { text: string } & (
  | { kind: "retry" /** Untrusted, at most 500 characters; "" without. */; hint: string }
  | { kind: (typeof VERBS)[number] }
  | { kind: "unknown" }
);

/** Older commands are left alone: whoever wrote them does not wait any more. GitHub keeps webhooks as long. */
export const COMMANDS_COUNT_FOR = 3 * 24 * 3_600_000;

/** Each answer is a notification for everybody who watches, and a hint may cost a model's tokens. */
export const ANSWERS_AN_HOUR = 10;
export const HOUR = 3_600_000;

/** A command that nobody has answered yet, with its comment and author. */
export interface PendingCommand {
  commentId: number;
  login: string;
  command: Command;
  /** A button was pressed: the bot's own comment notes it. */
  isPress: boolean;
  /** What the answer quotes, as Markdown. */
  quote: string;
}

/**
 * The first command of a comment: `/autofix …` at the start of a line, in any case. Quotes, code blocks and HTML comments are text about
 * commands, not commands. Undefined where there is none.
 */
export function parseCommand(body: string): Command | undefined {
  for (const line of spokenLines(body)) {
    const match = /^\/autofix(?:[ \t]+(\S+)(.*))?$/i.exec(line.trimEnd());
    if (!match) continue;
    const text = shorten(line.trim(), 500);
    const word = (match[1] ?? "help").toLowerCase();
    if (word === "retry") return { kind: "retry", hint: shorten((match[2] ?? "").trim(), 500), text };
    return { kind: VERBS.find((verb) => verb === word) ?? "unknown", text };
  }
  return undefined;
}

/** Lines that a person says, as opposed to quotes: without fenced and indented code, block quotes and HTML comments. */
function* spokenLines(body: string): Generator<string> {
  let fence = "";
  let inComment = false;
  for (const line of body.slice(0, 65_536).split(/\r?\n/).slice(0, 2000)) {
    if (inComment) {
      inComment = !line.includes("-->");
      continue;
    }
    const ticks = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? "";
    if (fence !== "") {
      if (ticks.startsWith(fence) && /^[ `~]*$/.test(line)) fence = "";
      continue;
    }
    if (ticks !== "") fence = ticks;
    else if (line.trimStart().startsWith("<!--")) inComment = !line.includes("-->");
    else if (!/^(?: {4}|\t| {0,3}>)/.test(line)) yield line;
  }
}

/** The key of the hidden mark in the comment that answers another. */
function answerKey(commentId: number): string {
  return `answer ${commentId}`;
}

/**
 * Commands that have no answer yet, oldest first; nothing else remembers them, so a restart finds them again. Bots are ignored, and so are edited
 * comments: what a command was when it was written is what counts.
 */
export function pendingCommands(comments: readonly CommentSeen[], botLogin: string, now: Date): PendingCommand[] {
  const answers = comments.filter((comment) => comment.login === botLogin).map((comment) => comment.body);
  return comments.flatMap((comment): PendingCommand[] => {
    if (comment.edited || now.getTime() - comment.createdAt.getTime() > COMMANDS_COUNT_FOR) return [];
    const asked = comment.login === botLogin ? pressed(comment) : spoken(comment);
    const answered = answers.some((answer) => answer.trimEnd().endsWith(hiddenMark(answerKey(comment.id))));
    return asked && !answered ? [{ commentId: comment.id, ...asked }] : [];
  });
}

type Asked = Omit<PendingCommand, "commentId">;

function spoken({ login, isBot, body }: CommentSeen): Asked | undefined {
  const command = isBot ? undefined : parseCommand(body);
  return command && { login, command, isPress: false, quote: code(command.text, 300) };
}

/** A button does what the command of its name does, for whoever pressed it. */
function pressed({ body }: CommentSeen): Asked | undefined {
  const press = readPress(body);
  const command = press && parseCommand(`/autofix ${press.button}`);
  return press && command && { login: press.login, command, isPress: true, quote: pressWords(press) };
}

/** How many commands of a thread may be answered now, and when it will be one more. */
export function allowance(comments: readonly CommentSeen[], botLogin: string, now: Date): { left: number; more: Date } {
  const answers = comments.filter(({ login, body, createdAt }) => {
    return login === botLogin && ANSWER.test(body.trimEnd()) && now.getTime() - createdAt.getTime() < HOUR;
  });
  const first = Math.min(...answers.map(({ createdAt }) => createdAt.getTime()), now.getTime());
  return { left: Math.max(0, ANSWERS_AN_HOUR - answers.length), more: new Date(first + HOUR) };
}

const ANSWER = /<!-- autofix:answer \d+ -->$/;

/** Says that the allowance is used up, once in an hour. */
export async function sayLimited(octokit: Octokit, where: CommentPlace, comments: readonly CommentSeen[], waiting: PendingCommand, now: Date): Promise<void> {
  const said = comments.some(
    ({ login, body, createdAt }) => login === where.botLogin && LIMIT.test(body.trimEnd()) && now.getTime() - createdAt.getTime() < HOUR,
  );
  if (said) return;
  const words = `I answer ${ANSWERS_AN_HOUR} commands an hour here, and have done so. The others wait their turn.`;
  await commentOnce(octokit, where, `limit ${waiting.commentId}`, words, comments);
}

const LIMIT = /<!-- autofix:limit \d+ -->$/;

/**
 * Whether somebody may command the bot: write access to the repository, asked of the permission API. `author_association` is no answer: it
 * hides private membership (GitHub REST, "Get repository permissions for a user").
 */
export async function mayCommand(octokit: Octokit, repository: string, login: string): Promise<boolean> {
  const answer = await unlessMissing(() => octokit.rest.repos.getCollaboratorPermissionLevel({ ...coordinates(repository), username: login }));
  const allowed = ["admin", "maintain", "write"];
  return answer !== undefined && (allowed.includes(answer.data.permission) || allowed.includes(answer.data.role_name));
}

/** 👀 at once, so that the person knows it was read. Whether it worked does not matter. */
export function acknowledge(octokit: Octokit, repository: string, commentId: number): Promise<boolean> {
  return bestEffort(() => octokit.rest.reactions.createForIssueComment({ ...coordinates(repository), comment_id: commentId, content: "eyes" }));
}

/**
 * Answers a command once, however often it is called; {@link pendingCommands} then no longer lists it.
 * @param seen the comments as they were read before the command was carried out
 */
export function answer(octokit: Octokit, where: CommentPlace, pending: PendingCommand, words: string, seen?: readonly CommentSeen[]) {
  return commentOnce(octokit, where, answerKey(pending.commentId), `> ${pending.quote}\n\n${words}`, seen);
}

export function helpWords(command: Command, help = COMMANDS_HELP): string {
  const excuse = command.kind === "unknown" ? "I do not know this command. What I understand:\n\n" : "";
  return `${excuse}${help}`;
}

/** A polite no. */
export function refusalWords(login: string): string {
  return `Sorry, ${prose(login, 50)}: only people with write access to this repository can command me. Somebody who has it can repeat the command.`;
}
