import type { DeliveryKey } from "./cluster/delivery.ts";
import { type Press, pressKey, pressWords, readPress } from "./pull-request/buttons.ts";
import { ANSWERS_AN_HOUR, HOUR, pendingCommands } from "./pull-request/commands.ts";
import { type CommentSeen, commentOnce, listComments } from "./pull-request/comment.ts";
import type { Home, ReconcileParts } from "./reconcile.ts";

type PressParts = Pick<ReconcileParts, "ours" | "turns" | "now">;

/**
 * Notes in a comment that a button was pressed: from there on it is a command like those that people write, with the same permission, allowance and answer, and a restart
 * finds it. What is closed has no buttons that do anything.
 * @returns the deliveries to look at
 */
export async function notePress(
  { ours, turns, now }: PressParts,
  { octokit, repository, botLogin }: Home,
  branch: string,
  press: Press,
): Promise<DeliveryKey[]> {
  ours.forget(repository);
  const pulls = (await ours.of(repository)).pulls.filter((pull) => pull.state === "open" && pull.branch === branch);
  const [pull] = pulls;
  if (!pull) return [];
  const where = { repository, number: pull.number, botLogin };
  await turns.take(`presses of ${repository}#${pull.number}`, async () => {
    const comments = await listComments(octokit, repository, pull.number);
    if (isWanted(comments, botLogin, press, now())) await commentOnce(octokit, where, pressKey(press), pressWords(press), comments);
  });
  ours.forget(repository);
  return pulls.map(({ delivery }) => delivery);
}

/** Not twice for one webhook, nor for impatience; and whoever may press but not command must not fill the page. */
function isWanted(comments: readonly CommentSeen[], botLogin: string, { button, login, delivery }: Press, now: Date): boolean {
  const noted = comments.flatMap((comment) => {
    const press = comment.login === botLogin ? readPress(comment.body) : undefined;
    return press ? [{ ...press, id: comment.id, createdAt: comment.createdAt }] : [];
  });
  const waiting = new Set(pendingCommands(comments, botLogin, now).map(({ commentId }) => commentId));
  const lately = noted.filter(({ createdAt }) => now.getTime() - createdAt.getTime() < HOUR);
  const isKnown = noted.some((one) => one.delivery === delivery || (one.button === button && one.login === login && waiting.has(one.id)));
  return !isKnown && lately.length < ANSWERS_AN_HOUR;
}
