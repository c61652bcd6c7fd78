import { describeRef } from "./cluster/objects.ts";
import type { Observation } from "./cluster/observation.ts";
import { syncsItself } from "./cluster/syncs-itself.ts";
import type { Rules } from "./config/rules.ts";
import { digestOf } from "./guards/gate.ts";
import type { FailureClass } from "./incident/failure-class.ts";
import type { Incident } from "./incident/incident.ts";
import { switchedOff, whyRepairIsOff } from "./permission.ts";
import { renderCheck } from "./pull-request/check.ts";
import { publishCheck } from "./pull-request/check-run.ts";
import { escalate } from "./pull-request/escalate.ts";
import { type Ours, proposedBy } from "./pull-request/ours.ts";
import { type Published, publish } from "./pull-request/publish.ts";
import type { Attempt, Draft, Escalation, OurPull } from "./pull-request/pull.ts";
import { hasRoom, joinPull } from "./pull-request/record.ts";
import type { Case, Ending, Home, ReconcileParts } from "./reconcile.ts";
import type { FailedTry, Repair } from "./repair.ts";
import type { History } from "./source/history.ts";
import type { OpenedSource } from "./source/open.ts";
import type { SourceRefusal } from "./source/workspace.ts";
import { supersede } from "./take-back.ts";

type Approved = Extract<Repair, { kind: "approved" }>;

export interface Proposing {
  incident: Incident;
  observation: Observation;
  source: OpenedSource;
  history: History;
  repair: Approved;
  /** Earlier attempts at this incident, oldest first. */
  attempts: readonly Attempt[];
  hint?: string;
  existing?: OurPull;
  /** Bring the branch up to date with its base even where the fix stays the same. */
  refresh?: boolean;
}

/** How long an incident that a human has to solve is left alone before it is looked at again without any event. */
const LATER = 10 * 60_000;

/** The draft of a pull request: pure data, also for the dry run. */
export function draftOf(proposing: Proposing): Draft {
  const { incident, observation, source, history, repair, hint } = proposing;
  const attempts = withFailed(proposing.attempts, repair.earlier);
  const attempt: Attempt = {
    number: nextNumber(attempts),
    digest: digestOf(repair.change.files),
    outcome: "proposed",
    engine: repair.diagnosis.provenance.author,
    hint: hint ?? "",
    summary: repair.diagnosis.proposal.words.join("; "),
  };
  const { change, report, evidence, diagnosis, effect, alsoAffects } = repair;
  return {
    incident,
    diagnosis,
    evidence,
    change,
    report,
    attempts: [...attempts, attempt],
    repository: source.repository.name,
    base: source.branch,
    baseSha: source.head.tree.commit,
    ...(history.introducedBy ? { introducedBy: history.introducedBy } : {}),
    autoSync: syncsItself(observation.delivery),
    effect,
    alsoAffects,
    ...(proposing.existing ? { affected: proposing.existing.affected } : {}),
  };
}

/** The attempts, and behind them what a model answered in vain. */
function withFailed(attempts: readonly Attempt[], failed: readonly FailedTry[]): Attempt[] {
  const first = nextNumber(attempts);
  return [
    ...attempts,
    ...failed.map(({ outcome, author, summary }, i): Attempt => ({ number: first + i, digest: "", outcome, engine: author, hint: "", summary })),
  ];
}

/** The number of the attempt that follows these. */
export function nextNumber(attempts: readonly Attempt[]): number {
  return (attempts.at(-1)?.number ?? 0) + 1;
}

/** How proposing ended. `joined`: the same change is proposed already, for another incident. */
export type Proposed = Pick<Published, "number" | "url"> & { kind: Published["kind"] | "joined" };

/**
 * Makes the approved change a pull request, with its check run, or joins the one that makes the same change already. Safe to repeat: each step looks before it
 * creates. One at a time in a repository: two deliveries that fail for one cause are looked at at the same time.
 */
export function propose(
  parts: Pick<ReconcileParts, "ours" | "turns" | "memory">,
  home: Home,
  proposing: Proposing,
  wishes: Rules["pullRequests"],
): Promise<Proposed> {
  const { octokit, repository, botLogin } = home;
  return parts.turns.take(repository, async () => {
    parts.ours.forget(repository);
    const known = await parts.ours.of(repository);
    parts.ours.forget(repository);
    const draft = { ...draftOf(proposing), repository };
    const same = proposing.existing ? undefined : samePull(known, draft);
    if (same) return join(home, same, draft);
    const { existing, repair, refresh = false, source } = proposing;
    const filesOf = async (commit: string) => (await source.repository.tree(commit)).files;
    const published = await publish(octokit, draft, { botLogin, refresh, wishes, filesOf, ...(existing ? { existing } : {}) });
    const { kind, headSha, isNewHead } = published;
    if (kind === "opened" || kind === "updated" || kind === "unchanged") {
      await publishCheck(octokit, repository, headSha, renderCheck({ kind: "approved", report: repair.report }), { isNewHead, hasButtons: true });
      parts.memory.checked(repository, headSha);
    }
    return published;
  });
}

/** A pull request of another incident that makes exactly this change, and is open, or was closed by a person: then that no is an answer to this one as well. */
function samePull({ pulls }: Ours, { incident, change, base }: Draft): OurPull | undefined {
  const same = pulls.filter((pull) => pull.fingerprint !== incident.fingerprint && pull.base === base && proposedBy(pull) === change.digest && hasRoom(pull));
  return same.find(({ state }) => state === "open") ?? same.find(({ state, verdict }) => state === "closed" && verdict === undefined);
}

async function join({ octokit }: Home, pull: OurPull, { incident, diagnosis }: Draft): Promise<Proposed> {
  const { key: delivery, fingerprint, target } = incident;
  await joinPull(octokit, pull, { delivery, fingerprint, target, changes: diagnosis.proposal.target });
  return { kind: pull.state === "open" ? "joined" : "declined", number: pull.number, url: pull.url };
}

/** Asks a human, in one issue per incident; without access to a repository only the log can say it. */
export async function handOver(
  parts: Pick<ReconcileParts, "ours" | "turns">,
  { incident, home, own, rules }: Pick<Case, "incident" | "home" | "own" | "rules">,
  why: SourceRefusal | Exclude<Repair, Approved>,
): Promise<Ending> {
  const off = whyRepairIsOff(rules, why);
  if (off) return switchedOff(off);
  const words = wordsOf(incident, why);
  if (!home) return { kind: "handed-over", why: words.reason, again: LATER };
  const { url } = await parts.turns.take(home.repository, async () => {
    parts.ours.forget(home.repository);
    return escalate(home.octokit, { incident, repository: home.repository, ...words }, home.botLogin);
  });
  await supersede(parts, home, own, incident, { url });
  return { kind: "handed-over", why: words.reason, url, again: LATER };
}

type Words = Omit<Escalation, "incident" | "repository">;

/** Why there is no pull request, for the issue and for the dry run. */
export function wordsOf(incident: Incident, why: SourceRefusal | Exclude<Repair, Approved>): Words {
  const evidence = "evidence" in why ? why.evidence : { items: [], omitted: 0, redactions: {} };
  const nothing = { failureClass: "unknown" as FailureClass, confidence: 0, quotes: [], evidence, engine: "kube-autofix" };
  const attempts = "earlier" in why ? withFailed([], why.earlier) : [];
  const considered = "considered" in why ? { considered: why.considered } : {};
  const symptom = incident.symptoms[0];
  const shown = `${describeRef(incident.target)} fails${symptom ? `: ${symptom.message}` : ""}`;
  if (!("evidence" in why)) {
    const places = why.candidates.length === 0 ? "" : ` Considered: ${why.candidates.join(", ")}.`;
    return { ...nothing, attempts, rootCause: shown, reason: `${why.message}${places}`, advice: "" };
  }
  const engine = why.diagnosis.provenance.author;
  if (why.kind === "refused") {
    const { proposal } = why.diagnosis;
    const refusals = why.report.findings.filter((finding) => finding.verdict === "refused").map((finding) => `${finding.guard}: ${finding.message}`);
    const { failureClass, quotes } = proposal;
    // What a refused model says is the cause is no better than its fix; what the cluster shows is true in any case.
    const rootCause = proposal.origin === "model" ? shown : proposal.rootCause;
    const reason = `A fix was proposed and the guards refused it. ${refusals.join(" ")}`;
    return {
      ...nothing,
      ...considered,
      attempts,
      failureClass,
      rootCause,
      confidence: why.report.confidence.final,
      quotes,
      engine,
      report: why.report,
      reason,
      advice: "",
    };
  }
  const { diagnosis } = why;
  if (diagnosis.kind === "unusable") {
    return {
      ...nothing,
      ...considered,
      attempts,
      engine,
      rootCause: shown,
      reason: `The model's answer could not be used (${diagnosis.outcome}): ${diagnosis.detail}`,
      advice: "",
    };
  }
  const { failureClass, rootCause, confidence, quotes, reason, advice } = diagnosis;
  return { ...considered, evidence, engine, attempts, failureClass, rootCause, confidence, quotes, reason, advice };
}
