import { describeRef, sameRef } from "./cluster/objects.ts";
import type { Standing } from "./follow-up.ts";
import type { Incident } from "./incident/incident.ts";
import { withdrawIssue } from "./pull-request/escalate.ts";
import { type Ours, readAgain } from "./pull-request/ours.ts";
import type { OurIssue, OurPull } from "./pull-request/pull.ts";
import { withdrawPull } from "./pull-request/record.ts";
import { quietEnding } from "./quiet.ts";
import type { Ending, Home, ReconcileParts } from "./reconcile.ts";
import { readiness } from "./verification/ready.ts";

/** Closes pull requests and issues of a delivery that works again without them. */
export async function takeBack(parts: ReconcileParts, { home, observation, incidents, quiet }: Standing, own: Ours): Promise<Ending[]> {
  if (incidents.length > 0 || observation.state.kind !== "healthy") return [];
  const open = openOnes(own);
  if (open.pulls.length + open.issues.length === 0) return [];
  const left = lasting(parts, observation);
  if (left === undefined) return [];
  if (left > 0) return [{ kind: "waiting", why: "recovered, and watched whether it stays so", again: left }];
  if (quiet) return [quietEnding(quiet)];
  const { attempted } = observation.revisions;
  const at = attempted ? ` at ${attempted.slice(0, 7)}` : "";
  await withdraw(parts, home, open, {
    pull: ({ target }) => `${describeRef(target)} works again${at} without this change, so I take it back.`,
    issue: () => `The deployment works again${at}.`,
  });
  return [{ kind: "quiet", why: "recovered" }];
}

/** Closes what is open for the same object: its failure has become another, and `by` says how. An issue is answered by a pull request for the same failure. */
export async function supersede(
  parts: Pick<ReconcileParts, "ours" | "turns">,
  home: Home,
  own: Ours,
  incident: Incident,
  by: { url: string; number?: number },
): Promise<void> {
  const { pulls, issues } = openOnes(own);
  const isSame = ({ fingerprint }: { fingerprint: string }) => fingerprint === incident.fingerprint;
  const isOlder = (one: Pick<OurPull, "target" | "fingerprint">) => sameRef(one.target, incident.target) && !isSame(one);
  const older = { pulls: pulls.filter(isOlder), issues: issues.filter((issue) => isOlder(issue) || (by.number !== undefined && isSame(issue))) };
  if (older.pulls.length + older.issues.length === 0) return;
  const words = `The failure has become another one: ${by.number === undefined ? "an issue tells of it now" : `pull request ${by.number} takes over`}.`;
  const issueWords = (issue: OurIssue) => (isSame(issue) ? `There is a fix now: pull request ${by.number}.` : words);
  await withdraw(parts, home, older, { pull: () => words, issue: issueWords });
}

function openOnes({ pulls, issues }: Ours): Ours {
  return { pulls: pulls.filter(({ state, verdict }) => state === "open" && !verdict), issues: issues.filter(({ state }) => state === "open") };
}

/** What is closed now is read afresh: somebody may have merged it since. */
async function withdraw(
  parts: Pick<ReconcileParts, "ours" | "turns">,
  home: Home,
  { pulls, issues }: Ours,
  words: { pull(pull: OurPull): string; issue(issue: OurIssue): string },
): Promise<void> {
  await parts.turns.take(home.repository, async () => {
    for (const pull of pulls) {
      const fresh = await readAgain(home.octokit, pull, home.botLogin);
      if (fresh) await withdrawPull(home.octokit, fresh, home.botLogin, words.pull(fresh));
    }
    for (const issue of issues) await withdrawIssue(home.octokit, issue, home.botLogin, words.issue(issue));
    parts.ours.forget(home.repository);
  });
}

/** Milliseconds until the recovery has lasted; undefined where there is none. */
function lasting(parts: ReconcileParts, observation: Standing["observation"]): number | undefined {
  const ready = readiness(observation);
  if (ready.kind === "not-ready") return undefined;
  return ready.since ? Math.max(0, ready.since.getTime() + parts.soak - parts.now().getTime()) : 0;
}
