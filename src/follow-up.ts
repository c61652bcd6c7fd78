import type { Observation } from "./cluster/observation.ts";
import { obey } from "./commands.ts";
import type { Incident } from "./incident/incident.ts";
import type { OurPull } from "./pull-request/pull.ts";
import { recordVerdict } from "./pull-request/record.ts";
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
}

/** A merge this long ago is history: whoever restarts the bot after a week wants no verdicts on last week's pull requests. */
const VERDICT_WITHIN = 24 * 3_600_000;

/** Looks after pull requests that are there already: commands, validation of their heads, and the verdict after a merge. */
export async function followUp(parts: ReconcileParts, standing: Standing, pulls: readonly OurPull[]): Promise<Ending[]> {
  const endings: Ending[] = [];
  for (const pull of pulls) {
    if (pull.state === "merged") endings.push(...(await giveVerdict(parts, standing, pull)));
    // The list is read anew when GitHub says that something changed; until then there is nothing new to see.
    else if (parts.memory.isNew(pull)) {
      await obey(parts, standing, pull);
      if (pull.state === "open") await validateHead(parts, standing, pull);
    }
  }
  return endings;
}

async function giveVerdict(parts: ReconcileParts, { home, observation }: Standing, pull: OurPull): Promise<Ending[]> {
  if (pull.verdict || !pull.mergeCommit || !pull.mergedAt || parts.now().getTime() - pull.mergedAt.getTime() > VERDICT_WITHIN) return [];
  const isDescendant = await readContains(home.octokit, { repository: home.repository, commit: pull.mergeCommit, observation });
  const verdict = verify({ pull, observation, isDescendant, now: parts.now(), budget: budgetOf(observation, { soak: parts.soak }) });
  if (verdict.kind === "not-yet") return [{ kind: "waiting", why: `#${pull.number} is merged: ${verdict.why}`, again: verdict.again }];
  await recordVerdict(home.octokit, pull, home.botLogin, verdict.kind, verdict.kind === "healed" ? verdict.words : `Not healed: ${verdict.why}`);
  parts.pulls.forget(home.repository);
  return [{ kind: "verdict", pull: pull.number, verdict: verdict.kind }];
}
