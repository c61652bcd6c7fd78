import { keepNotice, type NoticeRole, type NoticeText } from "./pull-request/notice.ts";
import type { Home, ReconcileParts } from "./reconcile.ts";

/** What writing a notice takes. */
export type TellingParts = Pick<ReconcileParts, "notices" | "turns" | "memory">;

/**
 * Writes one of the bot's notices, one at a time in a repository, and not where the repository is known to have no issues. `text` is made when the turn has
 * come, from what GitHub holds then.
 * @returns the notice's address, if there is one
 */
export async function tell(parts: TellingParts, home: Home, role: NoticeRole, text: () => Promise<NoticeText>): Promise<string | undefined> {
  const { octokit, repository } = home;
  return parts.turns.take(repository, async () => {
    if (!parts.memory.hasIssues(repository)) return undefined;
    parts.notices.forget(repository);
    const url = await keepNotice(octokit, home, role, await text());
    parts.notices.forget(repository);
    if (!url) parts.memory.hasNoIssues(repository);
    return url;
  });
}
