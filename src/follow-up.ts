import type { Observation } from "./cluster/observation.ts";
import { obey } from "./commands.ts";
import type { Quiet } from "./config/quiet-hours.ts";
import type { Rules } from "./config/rules.ts";
import type { Incident } from "./incident/incident.ts";
import { invite, isUninvited } from "./pull-request/invite.ts";
import type { OurPull } from "./pull-request/pull.ts";
import { recordVerdict } from "./pull-request/record.ts";
import { quietEnding } from "./quiet.ts";
import type { Ending, Home, ReconcileParts } from "./reconcile.ts";
import { validateHead } from "./validate.ts";
import { budgetOf } from "./verification/budget.ts";
import { readContains } from "./verification/contains.ts";
import { verify } from "./verification/verify.ts";

/** What is there already: the delivery's pull requests, and how the delivery is now. */
export interface Standing {
  home: Home;
  observation: Observation;
  incidents: readonly Incident[];
  rules: Rules;
  /** Set during quiet hours: nothing is written then that notifies people, other than answers to what they ask for. */
  quiet?: Quiet;
}

/** A merge this long ago is history: whoever restarts the bot after a week wants no verdicts on last week's pull requests. */
const VERDICT_WITHIN = 24 * 3_600_000;
/** Quiet hours may last a long weekend, and the verdict comes after them. */
const VERDICT_WITHIN_QUIET_HOURS = 6 * VERDICT_WITHIN;

/** Looks after pull requests that are there already: commands, validation of their heads, and the verdict after a merge. */
export async function followUp(parts: ReconcileParts, standing: Standing, pulls: readonly OurPull[]): Promise<Ending[]> {
  const endings: Ending[] = [];
  for (const pull of pulls) {
    if (pull.state === "merged") endings.push(...(await giveVerdict(parts, standing, pull)));
    // The list is read anew when GitHub says that something changed; until then there is nothing new to see.
    else if (parts.memory.isNew(pull)) {
      if (pull.state === "open" && isUninvited(pull, parts.now())) await finish(parts, standing, pull);
      await obey(parts, standing, pull);
      if (pull.state === "open") await validateHead(parts, standing, pull);
    }
  }
  return endings;
}

/** The process ended between opening a pull request and the last of what belongs to it. */
async function finish(parts: ReconcileParts, { home, rules }: Standing, { number, failureClass }: OurPull): Promise<void> {
  await invite(home.octokit, home, { number, failureClass, wishes: rules.pullRequests });
  parts.pulls.forget(home.repository);
}

async function giveVerdict(parts: ReconcileParts, { home, observation, rules, quiet }: Standing, pull: OurPull): Promise<Ending[]> {
  const within = rules.quietHours ? VERDICT_WITHIN_QUIET_HOURS : VERDICT_WITHIN;
  if (pull.verdict || !pull.mergeCommit || !pull.mergedAt || parts.now().getTime() - pull.mergedAt.getTime() > within) return [];
  const isDescendant = await readContains(home.octokit, { repository: home.repository, commit: pull.mergeCommit, observation });
  const verdict = verify({ pull, observation, isDescendant, now: parts.now(), budget: budgetOf(observation, { soak: parts.soak }) });
  if (verdict.kind === "not-yet") return [{ kind: "waiting", why: `#${pull.number} is merged: ${verdict.why}`, again: verdict.again }];
  if (quiet) return [quietEnding(quiet)];
  await recordVerdict(home.octokit, pull, home.botLogin, verdict.kind, verdict.kind === "healed" ? verdict.words : `Not healed: ${verdict.why}`);
  parts.pulls.forget(home.repository);
  return [{ kind: "verdict", pull: pull.number, verdict: verdict.kind }];
}
