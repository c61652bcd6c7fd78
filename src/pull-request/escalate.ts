import type { Octokit } from "@octokit/rest";
import type { DeliveryKey } from "../cluster/delivery.ts";
import { commentOnce } from "./comment.ts";
import { prose } from "./escape.ts";
import { renderEscalation, renderEscalationTitle, substanceOf } from "./issue.ts";
import { type Marker, parseMarker, replaceMarker } from "./marker.ts";
import type { Attempt, Escalation } from "./pull.ts";
import { coordinates, createOnce, NO_RETRIES } from "./requests.ts";

/** By this label the issues are found again. */
const ESCALATION_LABEL = "autofix:escalation";

/** One of the bot's own issues. `recovered`: the bot closed it; closed without that means that a person did. */
export interface OurIssue {
  repository: string;
  number: number;
  url: string;
  state: "open" | "closed";
  recovered: boolean;
  delivery: DeliveryKey;
  fingerprint: string;
  attempts: Attempt[];
  body: string;
}

/** How escalating ended; `closed-by-human`: somebody knows already, nothing was written. */
export interface Escalated {
  kind: "opened" | "updated" | "unchanged" | "reopened" | "closed-by-human";
  number: number;
  url: string;
}

/** The bot's issues in any state, among the newest 100; newest first. One request. */
export async function findEscalations(octokit: Octokit, repository: string, botLogin: string): Promise<OurIssue[]> {
  const { data } = await octokit.rest.issues.listForRepo({ ...coordinates(repository), labels: ESCALATION_LABEL, state: "all", per_page: 100 });
  return data.flatMap((issue): OurIssue[] => {
    const marker = issue.user?.login === botLogin && !issue.pull_request ? parseMarker(issue.body ?? "") : undefined;
    if (!marker) return [];
    const { delivery, fingerprint, attempts } = marker;
    const state = issue.state === "open" ? "open" : "closed";
    const recovered = marker.verdict === "healed";
    return [{ repository, number: issue.number, url: issue.html_url, state, recovered, delivery, fingerprint, attempts, body: issue.body ?? "" }];
  });
}

/** One issue for one incident: opened, brought up to date, or reopened after a recovery. A person's close is left alone. */
export async function escalate(octokit: Octokit, escalation: Escalation, botLogin: string): Promise<Escalated> {
  const { repository, incident } = escalation;
  const find = async () => (await findEscalations(octokit, repository, botLogin)).find((issue) => issue.fingerprint === incident.fingerprint);
  const existing = await find();
  if (existing) return update(octokit, escalation, existing);
  const content = { title: renderEscalationTitle(escalation), body: renderEscalation(escalation), labels: [ESCALATION_LABEL] };
  const create = async () => {
    const { data } = await octokit.rest.issues.create({ ...coordinates(repository), ...content, request: NO_RETRIES });
    return { number: data.number, url: data.html_url };
  };
  const { number, url } = await createOnce("the issue", create, find);
  return { kind: "opened", number, url };
}

async function update(octokit: Octokit, escalation: Escalation, existing: OurIssue): Promise<Escalated> {
  const { number, url } = existing;
  if (existing.state === "closed" && !existing.recovered) return { kind: "closed-by-human", number, url };
  const reopens = existing.state === "closed";
  if (!reopens && parseMarker(existing.body)?.substance === substanceOf(escalation)) return { kind: "unchanged", number, url };
  const content = { title: renderEscalationTitle(escalation), body: renderEscalation(escalation), ...(reopens ? { state: "open" as const } : {}) };
  await octokit.rest.issues.update({ ...coordinates(escalation.repository), issue_number: number, ...content });
  return { kind: reopens ? "reopened" : "updated", number, url };
}

/**
 * The deployment recovered: said once, and closed. The close comes last, so that an issue which is still open is always tried again.
 * @param words one sentence on what healed it, plain text
 */
export async function closeRecovered(octokit: Octokit, issue: OurIssue, botLogin: string, words: string): Promise<void> {
  const marker = parseMarker(issue.body);
  if (issue.state === "closed" || !marker) return;
  await commentOnce(octokit, { repository: issue.repository, number: issue.number, botLogin }, "recovered", prose(words, 1000));
  const healed: Marker = { ...marker, verdict: "healed" };
  const body = replaceMarker(issue.body, healed);
  await octokit.rest.issues.update({ ...coordinates(issue.repository), issue_number: issue.number, body, state: "closed", state_reason: "completed" });
}
