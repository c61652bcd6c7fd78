import type { Narrator } from "./narrator.ts";
import type { Shop, Stage } from "./stage.ts";

/** What an act needs to play. */
export interface Show {
  stage: Stage;
  narrator: Narrator;
  /** Says whether a promise of the act was kept, by what GitHub or the App says now. */
  prove(promise: string, holds: boolean): void;
}

/** One part of the demo. Whatever it promises and does not prove counts as missing. */
export interface Act {
  title: string;
  /** What happens and why it matters. */
  words: string;
  promises: readonly string[];
  /** @throws Missed where something did not come in time; the demo ends there */
  play(show: Show): Promise<void>;
}

/** The bot's pull requests of a shop, as GitHub has them. */
export async function botPulls(stage: Stage, { repository }: Shop) {
  return (await repository.pulls()).filter((pull) => pull.user.login === stage.github.appCredentials.botLogin);
}

/** The bot's comments on an issue or pull request, as GitHub has them. */
export async function botComments(stage: Stage, { repository }: Shop, number: number): Promise<string[]> {
  const comments = await repository.comments(number);
  return comments.flatMap(({ user, body }) => (user?.login === stage.github.appCredentials.botLogin ? (body ?? "") : []));
}
