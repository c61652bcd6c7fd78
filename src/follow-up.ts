import type { Observation } from "./cluster/observation.ts";
import { obey } from "./commands.ts";
import type { Quiet } from "./config/quiet-hours.ts";
import type { Rules } from "./config/rules.ts";
import type { Incident } from "./incident/incident.ts";
import { COMMANDS_COUNT_FOR } from "./pull-request/commands.ts";
import { type Ours, readAgain, VERDICT_WITHIN } from "./pull-request/ours.ts";
import type { OurIssue, OurPull } from "./pull-request/pull.ts";
import { recordVerdict } from "./pull-request/record.ts";
import { quietEnding } from "./quiet.ts";
import type { Ending, Home, ReconcileParts } from "./reconcile.ts";
import { validateHead } from "./validate.ts";
import { budgetOf } from "./verification/budget.ts";
import { readContains } from "./verification/contains.ts";
import { verify } from "./verification/verify.ts";

/** What is there already: the delivery's pull requests and issues, and how the delivery is now. */
export interface Standing {
  home: Home;
  observation: Observation;
  incidents: readonly Incident[];
  rules: Rules;
  /** Set during quiet hours: nothing is written then that notifies people, other than answers to what they ask for. */
  quiet: Quiet | undefined;
}

/** Looks after what is there already: commands, validation of heads, and the verdict after a merge. */
export async function followUp(parts: ReconcileParts, standing: Standing, own: Ours): Promise<Ending[]> {
  const endings: Ending[] = [];
  for (const pull of own.pulls) {
    if (pull.state === "merged") endings.push(...(await giveVerdict(parts, standing, pull)));
  }
  const threads = [...own.pulls.filter((pull, i, all) => all.findIndex(({ number }) => number === pull.number) === i), ...own.issues];
  for (const thread of threads) {
    endings.push(...(await obeyIfNew(parts, standing, thread)));
    if ("headSha" in thread && thread.headSha !== "") await validateHead(parts, standing, thread);
  }
  return endings;
}

/** GitHub tells in its list whether anything about a thread changed; until then there is nothing new to read. */
async function obeyIfNew(parts: ReconcileParts, standing: Standing, thread: OurPull | OurIssue): Promise<Ending[]> {
  const isRecent = parts.now().getTime() - Date.parse(thread.updatedAt) < COMMANDS_COUNT_FOR;
  if (thread.comments === 0 || !isRecent || !parts.memory.isNew(thread)) return [];
  const endings = await parts.turns.take(`${thread.repository}#${thread.number}`, () => obey(parts, standing, thread));
  // Commands that wait for their hour are looked at again although nothing changes.
  if (endings.length === 0) parts.memory.seen(thread);
  return endings;
}

async function giveVerdict(parts: ReconcileParts, { home, observation, quiet }: Standing, pull: OurPull): Promise<Ending[]> {
  if (pull.verdict || !pull.mergeCommit || !pull.mergedAt || parts.now().getTime() - pull.mergedAt.getTime() > VERDICT_WITHIN) return [];
  const isDescendant = await readContains(home.octokit, { repository: home.repository, commit: pull.mergeCommit, observation });
  const verdict = verify({ pull, observation, isDescendant, now: parts.now(), budget: budgetOf(observation, { soak: parts.soak }) });
  if (verdict.kind === "not-yet") return [{ kind: "waiting", why: `#${pull.number} is merged: ${verdict.why}`, again: verdict.again }];
  if (quiet) return [quietEnding(quiet)];
  const words = verdict.kind === "healed" ? verdict.words : `Not healed: ${verdict.why}`;
  await parts.turns.take(home.repository, async () => {
    const fresh = await readAgain(home.octokit, pull, home.botLogin);
    if (fresh) await recordVerdict(home.octokit, fresh, home.botLogin, verdict.kind, words);
    parts.ours.forget(home.repository);
  });
  return [{ kind: "verdict", pull: pull.number, verdict: verdict.kind }];
}
