import { sameRef } from "./cluster/objects.ts";
import type { Standing } from "./follow-up.ts";
import { nextNumber, propose, wordsOf } from "./hand-over.ts";
import { pastOf } from "./incident/earlier-revisions.ts";
import { whyRepairIsOff } from "./permission.ts";
import { acknowledge, answer, helpWords, mayCommand, type PendingCommand, pendingCommands, refusalWords } from "./pull-request/commands.ts";
import { listComments } from "./pull-request/comment.ts";
import { prose } from "./pull-request/escape.ts";
import type { Attempt, OurPull } from "./pull-request/pull.ts";
import { closePull, recordAttempt } from "./pull-request/record.ts";
import type { ReconcileParts } from "./reconcile.ts";
import { findRepair, type Repair } from "./repair.ts";
import { readHistory } from "./source/history.ts";
import { openSource } from "./source/open.ts";

/** Carries out the commands of a pull request that nobody has answered yet, and answers each. */
export async function obey(parts: ReconcileParts, standing: Standing, pull: OurPull): Promise<void> {
  const { octokit, repository, botLogin } = standing.home;
  const pending = pendingCommands(await listComments(octokit, repository, pull.number), botLogin);
  for (const one of pending) {
    await acknowledge(octokit, repository, one.commentId);
    const words = (await mayCommand(octokit, repository, one.login)) ? await carryOut(parts, standing, pull, one) : refusalWords(one.login);
    await answer(octokit, { repository, number: pull.number, botLogin }, one, words);
  }
  if (pending.length > 0) parts.pulls.forget(repository);
}

async function carryOut(parts: ReconcileParts, standing: Standing, pull: OurPull, { command, login }: PendingCommand): Promise<string> {
  switch (command.kind) {
    case "retry":
      return retry(parts, standing, pull, { hint: command.hint, refresh: false });
    case "explain":
      return explain(standing, pull);
    case "close":
      await closePull(standing.home.octokit, pull, standing.home.botLogin, `Closed because ${login} asked for it.`);
      return "Closed. I take it as a no: this failure stays without a pull request until `/autofix reopen` or until something else is deployed.";
    case "reopen":
    case "rebase":
      return retry(parts, standing, pull, { hint: "", refresh: true });
    case "help":
    case "unknown":
      return helpWords(command);
  }
}

/** A new attempt at the incident of a pull request, with the history kept. */
async function retry(parts: ReconcileParts, standing: Standing, pull: OurPull, { hint, refresh }: { hint: string; refresh: boolean }): Promise<string> {
  const { home, observation, rules } = standing;
  const incident = standing.incidents.find(({ target, fingerprint }) => sameRef(target, pull.target) && fingerprint === pull.fingerprint);
  if (!incident) return "There is nothing to retry: what this pull request is for does not fail (any more) in the cluster.";
  const source = await openSource(observation.source, parts.opener);
  if (source.kind === "refused") return `I cannot read the source: ${prose(source.message, 500)}`;
  const { repository, head, open } = source;
  const history = await readHistory({ repository, head, ...pastOf(observation, incident.target, incident.since), open });
  const repair = await findRepair(parts, { incident, observation, workspace: head, history, tried: [], ...(hint ? { hint } : {}) });
  const off = whyRepairIsOff(rules, repair);
  if (off) return `Tried again, but the settings of this repository do not want the result: ${prose(off, 500)}.`;
  if (repair.kind !== "approved") {
    const { reason } = wordsOf(incident, repair);
    await recordAttempt(home.octokit, pull, failedAttempt(pull, repair, hint, reason));
    return `Tried again; there is no better fix that I would stand for. ${prose(reason, 800)}`;
  }
  const proposing = { incident, observation, source, history, repair, attempts: pull.attempts, hint, existing: pull, refresh };
  const published = await propose(home, proposing, rules.pullRequests);
  if (published.kind === "taken-over") return "Somebody else has committed to this branch, so I leave it to you.";
  const before = pull.attempts.at(-1)?.digest;
  const now = repair.change.digest;
  return before === now
    ? "Tried again with fresh evidence: the fix stays the same."
    : "Tried again: the pull request has a new fix. The earlier one is in the table of attempts.";
}

function failedAttempt(pull: OurPull, repair: Exclude<Repair, { kind: "approved" }>, hint: string, summary: string): Attempt {
  return {
    number: nextNumber(pull.attempts),
    digest: "",
    outcome: repair.kind === "refused" ? "refused" : "no-fix",
    engine: repair.diagnosis.provenance.author,
    hint,
    summary,
  };
}

function explain({ incidents }: Standing, pull: OurPull): string {
  const incident = incidents.find(({ target }) => sameRef(target, pull.target));
  const now = incident
    ? incident.symptoms.map((symptom) => `- ${prose(symptom.message || symptom.reason, 300)}`).join("\n")
    : "It does not fail at the moment.";
  const attempts = pull.attempts.map(({ number, engine, summary }) => `- attempt ${number} (${prose(engine, 100)}): ${prose(summary, 300)}`).join("\n");
  return `What the cluster shows now:\n\n${now}\n\nWhat I proposed:\n\n${attempts}\n\nThe evidence and every guard's verdict are in the description above.`;
}
