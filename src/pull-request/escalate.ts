import type { Octokit } from "@octokit/rest";
import { commentOnce } from "./comment.ts";
import { prose } from "./escape.ts";
import { renderEscalation, renderEscalationTitle, substanceOf } from "./issue.ts";
import { parseMarker, replaceMarker } from "./marker.ts";
import { findOurs, LABEL } from "./ours.ts";
import type { Attempt, Escalation, OurIssue } from "./pull.ts";
import { coordinates, createOnce, NO_RETRIES } from "./requests.ts";

/** People tell by it what needs them. */
const ESCALATION_LABEL = "autofix:escalation";

/** How escalating ended; `closed-by-human`: somebody knows already, nothing was written. */
export interface Escalated {
  kind: "opened" | "updated" | "unchanged" | "reopened" | "closed-by-human";
  number: number;
  url: string;
}

/** One issue for one incident: opened, brought up to date, or reopened after a recovery. A person's close is left alone. */
export async function escalate(octokit: Octokit, escalation: Escalation, botLogin: string): Promise<Escalated> {
  const { repository, incident } = escalation;
  const find = async () => (await findOurs(octokit, repository, botLogin)).issues.find((issue) => issue.fingerprint === incident.fingerprint);
  const existing = await find();
  if (existing) return update(octokit, { ...escalation, attempts: withEarlier(existing, escalation) }, existing);
  const content = { title: renderEscalationTitle(escalation), body: renderEscalation(escalation), labels: [LABEL, ESCALATION_LABEL] };
  const create = async () => {
    const { data } = await octokit.rest.issues.create({ ...coordinates(repository), ...content, request: NO_RETRIES });
    return { number: data.number, url: data.html_url };
  };
  const { number, url } = await createOnce("the issue", create, find);
  return { kind: "opened", number, url };
}

/** What people asked for stays in the history; what a model answered in vain lately is as it is now. */
function withEarlier({ attempts }: OurIssue, { attempts: now }: Escalation): Attempt[] {
  const kept = attempts.filter(({ hint, number }) => hint !== "" && !now.some((one) => one.number === number && one.hint === hint));
  const last = Math.max(0, ...kept.map(({ number }) => number));
  return [...kept, ...now.map((one, i) => ({ ...one, number: last + 1 + i }))];
}

async function update(octokit: Octokit, escalation: Escalation, existing: OurIssue): Promise<Escalated> {
  const { number, url } = existing;
  if (existing.state === "closed" && !existing.verdict) return { kind: "closed-by-human", number, url };
  const reopens = existing.state === "closed";
  if (!reopens && parseMarker(existing.body)?.substance === substanceOf(escalation)) return { kind: "unchanged", number, url };
  const round = (parseMarker(existing.body)?.round ?? 1) + (reopens ? 1 : 0);
  const body = renderEscalation(escalation, round);
  const content = { title: renderEscalationTitle(escalation), body, ...(reopens ? { state: "open" as const } : {}) };
  await octokit.rest.issues.update({ ...coordinates(escalation.repository), issue_number: number, ...content });
  return { kind: reopens ? "reopened" : "updated", number, url };
}

/**
 * Nobody has to look at it any more: said once, and closed. The close comes last, so that an issue which is still open is always tried again.
 * @param words one sentence on why, plain text
 */
export async function withdrawIssue(octokit: Octokit, issue: OurIssue, botLogin: string, words: string): Promise<void> {
  const marker = parseMarker(issue.body);
  if (issue.state === "closed" || !marker) return;
  await commentOnce(octokit, { repository: issue.repository, number: issue.number, botLogin }, `withdrawn ${marker.round ?? 1}`, prose(words, 1000));
  const body = replaceMarker(issue.body, { ...marker, verdict: "withdrawn" });
  await octokit.rest.issues.update({ ...coordinates(issue.repository), issue_number: issue.number, body, state: "closed", state_reason: "completed" });
}

/** A person asked for it by a command. That is a no: it stays closed while it fails. */
export async function closeIssue(octokit: Octokit, issue: OurIssue): Promise<void> {
  if (issue.state === "closed") return;
  await octokit.rest.issues.update({ ...coordinates(issue.repository), issue_number: issue.number, state: "closed", state_reason: "not_planned" });
}

export async function reopenIssue(octokit: Octokit, issue: OurIssue): Promise<void> {
  if (issue.state === "open") return;
  await octokit.rest.issues.update({ ...coordinates(issue.repository), issue_number: issue.number, state: "open", state_reason: "reopened" });
}
