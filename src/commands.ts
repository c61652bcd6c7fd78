import { explain } from "./explain.ts";
import type { Standing } from "./follow-up.ts";
import { nextNumber, propose, wordsOf } from "./hand-over.ts";
import { pastOf } from "./incident/earlier-revisions.ts";
import { whyRepairIsOff } from "./permission.ts";
import {
  acknowledge,
  allowance,
  answer,
  helpWords,
  mayCommand,
  type PendingCommand,
  pendingCommands,
  refusalWords,
  sayLimited,
} from "./pull-request/commands.ts";
import { listComments } from "./pull-request/comment.ts";
import { closeIssue, escalate, reopenIssue } from "./pull-request/escalate.ts";
import { prose } from "./pull-request/escape.ts";
import { proposedBy } from "./pull-request/ours.ts";
import type { Attempt, OurIssue, OurPull } from "./pull-request/pull.ts";
import { closePull, recordAttempt } from "./pull-request/record.ts";
import { ISSUE_COMMANDS_HELP } from "./pull-request/sections.ts";
import type { Ending, ReconcileParts } from "./reconcile.ts";
import { findRepair, type Repair } from "./repair.ts";
import { readHistory } from "./source/history.ts";
import { openSource } from "./source/open.ts";
import { supersede } from "./take-back.ts";

type Thread = OurPull | OurIssue;

function isPull(thread: Thread): thread is OurPull {
  return "branch" in thread;
}

/** Carries out the commands of a pull request or an issue that nobody has answered yet, and answers each. Tells when to come back where too many wait. */
export async function obey(parts: ReconcileParts, standing: Standing, thread: Thread): Promise<Ending[]> {
  const { octokit, repository, botLogin } = standing.home;
  const where = { repository, number: thread.number, botLogin };
  const comments = await listComments(octokit, repository, thread.number);
  const pending = pendingCommands(comments, botLogin, parts.now());
  const { left, more } = allowance(comments, botLogin, parts.now());
  for (const one of pending.slice(0, left)) {
    if (!one.isPress) await acknowledge(octokit, repository, one.commentId);
    const words = (await mayCommand(octokit, repository, one.login)) ? await carryOut(parts, standing, thread, one) : refusalWords(one.login);
    await answer(octokit, where, one, words, comments);
  }
  if (pending.length > 0 && left > 0) parts.ours.forget(repository);
  const [waiting] = pending.slice(left);
  if (!waiting) return [];
  await sayLimited(octokit, where, comments, waiting, parts.now());
  return [
    { kind: "waiting", why: `more commands on #${thread.number} than are answered in an hour`, again: Math.max(1000, more.getTime() - parts.now().getTime()) },
  ];
}

async function carryOut(parts: ReconcileParts, standing: Standing, thread: Thread, { command }: PendingCommand): Promise<string> {
  switch (command.kind) {
    case "retry":
      return retry(parts, standing, thread, { hint: command.hint, refresh: false });
    case "explain":
      return explain(parts, standing, thread);
    case "close":
      return close(standing, thread);
    case "reopen":
      return isPull(thread) ? retry(parts, standing, thread, { hint: "", refresh: true }) : reopen(standing, thread);
    case "rebase":
      return isPull(thread) ? retry(parts, standing, thread, { hint: "", refresh: true }) : "An issue has no branch. `/autofix retry` looks again.";
    case "help":
    case "unknown":
      return isPull(thread) ? helpWords(command) : helpWords(command, ISSUE_COMMANDS_HELP);
  }
}

async function close({ home }: Standing, thread: Thread): Promise<string> {
  if (thread.state !== "open") return "It is closed already.";
  if (isPull(thread)) await closePull(home.octokit, thread);
  else await closeIssue(home.octokit, thread);
  return "Closed. I take it as a no: this failure is left alone until `/autofix reopen`, or until something else is deployed.";
}

async function reopen({ home, incidents }: Standing, issue: OurIssue): Promise<string> {
  if (!incidents.some(({ fingerprint }) => fingerprint === issue.fingerprint)) return NOTHING_FAILS;
  await reopenIssue(home.octokit, issue);
  return "Opened again: it is kept up to date from now on.";
}

const NOTHING_FAILS = "There is nothing to do: what this is about does not fail (any more) in the cluster.";

/** A new attempt at the incident of a pull request or an issue, with the history kept. */
async function retry(parts: ReconcileParts, standing: Standing, thread: Thread, { hint, refresh }: { hint: string; refresh: boolean }): Promise<string> {
  const { observation } = standing;
  const incident = standing.incidents.find(({ fingerprint }) => fingerprint === thread.fingerprint);
  if (!incident) return NOTHING_FAILS;
  const source = await openSource(observation.source, parts.opener);
  if (source.kind === "refused") return `I cannot read the source: ${prose(source.message, 500)}`;
  const { repository, head, open } = source;
  parts.memory.forget(incident);
  const history = await readHistory({ repository, head, ...pastOf(observation, incident.target, incident.since), open });
  const repair = await findRepair(parts, { incident, observation, workspace: head, history, tried: [], ...(hint ? { hint } : {}) });
  const off = whyRepairIsOff(standing.rules, repair);
  if (off) return `Tried again, but the settings of this repository do not want the result: ${prose(off, 500)}.`;
  if (repair.kind !== "approved") return inVain(parts, standing, thread, { incident, repair, hint });
  const proposing = { incident, observation, source, history, repair, attempts: thread.attempts, hint, refresh };
  return isPull(thread) ? renewed(parts, standing, thread, proposing) : found(parts, standing, thread, proposing);
}

type Proposing = Parameters<typeof propose>[2];

async function renewed(parts: ReconcileParts, { home, rules }: Standing, pull: OurPull, proposing: Proposing): Promise<string> {
  const published = await propose(parts, home, { ...proposing, existing: pull }, rules.pullRequests);
  if (published.kind === "taken-over") return "Somebody else has committed to this branch, so I leave it to you.";
  const elsewhere = published.number === pull.number ? "" : ` It is in #${published.number}, since this pull request cannot be opened again.`;
  return proposing.repair.change.digest === proposedBy(pull)
    ? `Tried again with fresh evidence: the fix stays the same.${elsewhere}`
    : `Tried again: there is a new fix. The earlier one is in the table of attempts.${elsewhere}`;
}

/** For an issue: there is a fix after all. */
async function found(parts: ReconcileParts, { home, rules }: Standing, issue: OurIssue, proposing: Proposing): Promise<string> {
  const proposed = await propose(parts, home, proposing, rules.pullRequests);
  if (proposed.kind === "declined")
    return `The fix that I would propose was closed by somebody: #${proposed.number}. \`/autofix reopen\` there takes it up again.`;
  await supersede(parts, home, { pulls: [], issues: [issue] }, proposing.incident, proposed);
  return `Looked again, and found a fix: #${proposed.number}.`;
}

async function inVain(
  parts: ReconcileParts,
  { home }: Standing,
  thread: Thread,
  { incident, repair, hint }: { incident: Proposing["incident"]; repair: Exclude<Repair, { kind: "approved" }>; hint: string },
): Promise<string> {
  const words = wordsOf(incident, repair);
  const attempt = failedAttempt(thread, repair, hint, words.reason);
  if (isPull(thread)) await recordAttempt(home.octokit, thread, attempt);
  else await escalate(home.octokit, { incident, repository: home.repository, ...words, attempts: [attempt] }, home.botLogin);
  parts.ours.forget(home.repository);
  return `Tried again; there is no ${isPull(thread) ? "better" : "safe"} fix that I would stand for. ${prose(words.reason, 800)}`;
}

function failedAttempt(thread: Thread, repair: Exclude<Repair, { kind: "approved" }>, hint: string, summary: string): Attempt {
  return {
    number: nextNumber(thread.attempts),
    digest: "",
    outcome: repair.kind === "refused" ? "refused" : "no-fix",
    engine: repair.diagnosis.provenance.author,
    hint,
    summary,
  };
}
