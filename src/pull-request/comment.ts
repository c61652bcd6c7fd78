import type { Octokit } from "@octokit/rest";
import { CONDITIONAL } from "../source/git/conditional.ts";
import { coordinates, createOnce, NO_RETRIES } from "./requests.ts";

/** A comment of a pull request or an issue, as far as it matters here. `body` is untrusted. */
export interface CommentSeen {
  id: number;
  login: string;
  isBot: boolean;
  edited: boolean;
  createdAt: Date;
  body: string;
  url: string;
}

/** Where to comment, and who we are: only the bot's own comments count as said. */
export interface CommentPlace {
  repository: string;
  /** Pull request or issue. */
  number: number;
  botLogin: string;
}

/** An HTML comment that GitHub does not show, by which a comment of ours is found again. `key` is of our own making. */
export function hiddenMark(key: string): string {
  return `<!-- autofix:${key} -->`;
}

/** The comments of one pull request or issue, oldest first, at most 1,000; one request a hundred. */
export async function listComments(octokit: Octokit, repository: string, number: number): Promise<CommentSeen[]> {
  const comments: CommentSeen[] = [];
  for (let page = 1; page <= 10; page++) {
    const { data } = await octokit.rest.issues.listComments({
      ...coordinates(repository),
      issue_number: number,
      per_page: 100,
      page,
      request: CONDITIONAL,
    });
    for (const { id, user, created_at, updated_at, body, html_url } of data) {
      const isBot = user?.type === "Bot";
      const edited = updated_at !== created_at;
      comments.push({ id, login: user?.login ?? "", isBot, edited, createdAt: new Date(created_at), body: body ?? "", url: html_url });
    }
    if (data.length < 100) break;
  }
  return comments;
}

/** Whether the bot has said something with this key. */
function isMarked({ login, body }: CommentSeen, botLogin: string, key: string): boolean {
  return login === botLogin && body.trimEnd().endsWith(hiddenMark(key));
}

/**
 * Says something once: a comment with this key is written, rewritten where it says something else, or left alone.
 * @param seen the comments as they were read a moment ago; read here where they are not given
 */
export async function commentOnce(
  octokit: Octokit,
  place: CommentPlace,
  key: string,
  markdown: string,
  seen?: readonly CommentSeen[],
): Promise<"said" | "changed" | "unchanged"> {
  const at = coordinates(place.repository);
  const body = `${markdown}\n\n${hiddenMark(key)}`;
  const list = () => listComments(octokit, place.repository, place.number);
  const existing = (seen ?? (await list())).find((comment) => isMarked(comment, place.botLogin, key));
  if (existing === undefined) {
    const create = () => octokit.rest.issues.createComment({ ...at, issue_number: place.number, body, request: NO_RETRIES });
    await createOnce<unknown>("the comment", create, async () => (await list()).find((comment) => isMarked(comment, place.botLogin, key)));
    return "said";
  }
  if (existing.body.trim() === body) return "unchanged";
  await octokit.rest.issues.updateComment({ ...at, comment_id: existing.id, body });
  return "changed";
}
