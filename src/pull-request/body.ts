import { createHash } from "node:crypto";
import { describeRef, type ObjectRef, sameRef } from "../cluster/objects.ts";
import { unifiedDiff } from "../source/patch.ts";
import { code, fence, plainLine, prose } from "./escape.ts";
import { type Marker, renderMarker } from "./marker.ts";
import type { Attempt, Draft } from "./pull.ts";
import {
  attemptsTable,
  COMMANDS_HELP,
  confidenceWords,
  deliveryWords,
  details,
  engineWords,
  evidenceSection,
  refWords,
  reportSummary,
  reportTables,
  type Section,
  symptomList,
  timeWords,
  withinLimit,
} from "./sections.ts";

const ATTEMPTS_START = "<!-- autofix:attempts -->";
const ATTEMPTS_END = "<!-- /autofix:attempts -->";

/** `fix(shop/checkout): the image tag 1.4.7 does not exist`, at most 120 characters. Also the first line of the commit. */
export function renderTitle(draft: Pick<Draft, "diagnosis" | "incident">): string {
  const { target } = draft.incident;
  const cause = plainLine(draft.diagnosis.proposal.rootCause, 300).replace(/[.\s]+$/, "");
  return plainLine(`fix(${nameOf(target)}): ${withoutName(cause, target)}`, 120);
}

/** The cause without the name that stands before it anyway: titles are cut off early, on phones and in lists. */
export function withoutName(cause: string, target: ObjectRef): string {
  const short = cause.replace(` of ${describeRef(target)}`, "");
  return short.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());
}

/** The commit's message: squash merges and `git blame` show it long after the pull request is forgotten. */
export function renderCommitMessage(draft: Draft): string {
  const words = draft.diagnosis.proposal.words.slice(0, 20).map((word) => `- ${plainLine(word, 200)}`);
  const fingerprint = `Autofix-Fingerprint: ${draft.incident.fingerprint}`;
  return [renderTitle(draft), ...(words.length > 0 ? [words.join("\n")] : []), fingerprint].join("\n\n");
}

/** The whole body, at most 58,000 characters: the summary first, long parts collapsed, the marker last. */
export function renderBody(draft: Draft): string {
  const tail = renderMarker({
    delivery: draft.incident.key,
    fingerprint: draft.incident.fingerprint,
    target: draft.incident.target,
    ...blame(draft),
    failureClass: draft.diagnosis.proposal.failureClass,
    attempts: draft.attempts,
    baseSha: draft.baseSha,
    substance: substanceOf(draft),
  });
  return withinLimit(sections(draft), tail);
}

function blame({ incident, diagnosis }: Draft): Pick<Marker, "blamed" | "container"> {
  const { object, container } = diagnosis.proposal.target;
  return { ...(sameRef(object, incident.target) ? {} : { blamed: object }), ...(container ? { container } : {}) };
}

/**
 * Hash of everything in a draft that is worth a new body. Evidence is not in it: restart counts and log lines move on while nothing changes,
 * and an update is a notification.
 */
export function substanceOf(draft: Draft): string {
  const { proposal } = draft.diagnosis;
  const files = draft.change.files.map(({ path, before, after }) => [path, before ?? null, after]);
  const said = [proposal.failureClass, proposal.rootCause, proposal.words, draft.attempts, draft.autoSync ?? null, draft.alsoAffects ?? []];
  return createHash("sha256")
    .update(JSON.stringify([renderTitle(draft), files, said]))
    .digest("hex");
}

/** The body with its table of attempts written anew, for an attempt that changed nothing else. */
export function replaceAttempts(body: string, attempts: readonly Attempt[]): string {
  const start = body.indexOf(ATTEMPTS_START);
  const end = body.indexOf(ATTEMPTS_END, start);
  return start < 0 || end < 0 ? body : body.slice(0, start) + attemptsSection(attempts) + body.slice(end + ATTEMPTS_END.length);
}

function sections(draft: Draft): Section[] {
  const { diagnosis, evidence, report, incident } = draft;
  const symptoms = symptomList(incident);
  const evidenceText = evidenceSection(diagnosis.proposal.quotes, evidence);
  return [
    { name: "summary", text: summary(draft), dispensable: 0 },
    { name: "symptoms", text: symptoms && `### What the cluster shows\n\n${symptoms}`, dispensable: 2 },
    { name: "evidence", text: evidenceText && `### Evidence\n\n${evidenceText}`, dispensable: 3 },
    { name: "change", text: changeSection(draft), dispensable: 0 },
    { name: "invariant report", text: details(`<b>Invariant report</b>: ${reportSummary(report)}`, reportTables(report)), dispensable: 4 },
    { name: "attempts", text: attemptsSection(draft.attempts), dispensable: 1 },
    { name: "after the merge", text: `### After the merge\n\n${afterMerge(draft)}`, dispensable: 0 },
    { name: "commands", text: details("<b>Commands</b>", COMMANDS_HELP), dispensable: 0 },
  ];
}

function summary(draft: Draft): string {
  const { diagnosis, incident, introducedBy } = draft;
  const { proposal, provenance } = diagnosis;
  const container = proposal.target.container ? `, container ${code(proposal.target.container, 100)}` : "";
  const commit = introducedBy && `${commitWords(introducedBy.sha)} “${prose(introducedBy.subject, 200)}” by ${prose(introducedBy.author, 100)}`;
  return [
    `**${prose(proposal.rootCause, 1000)}**`,
    [
      `- **Failing:** ${refWords(incident.target)}${container}, delivered by ${deliveryWords(incident.key)}`,
      `- **Since:** ${timeWords(incident.since)}${commit ? `, introduced by ${commit}` : ""}`,
      `- **Class:** ${code(proposal.failureClass, 60)}, diagnosed by ${engineWords(provenance)}`,
      `- **Confidence:** ${confidenceWords(draft.report)}`,
    ].join("\n"),
  ].join("\n\n");
}

/** A full SHA, bare: GitHub shortens and links it. */
function commitWords(sha: string): string {
  return /^[0-9a-f]{40}$/.test(sha) ? sha : code(sha, 60);
}

function changeSection(draft: Draft): string {
  const words = draft.diagnosis.proposal.words.slice(0, 20).map((word) => `- ${prose(word, 300)}`);
  const diff = fence(unifiedDiff(draft.change.files), { max: 20_000, lines: 300, language: "diff" });
  return ["### The change", ...(words.length > 0 ? [words.join("\n")] : []), diff].join("\n\n");
}

function attemptsSection(attempts: readonly Attempt[]): string {
  const table = attemptsTable(attempts);
  return [ATTEMPTS_START, ...(table ? [`### Attempts\n\n${table}`] : []), ATTEMPTS_END].join("\n\n");
}

function afterMerge({ incident, autoSync, alsoAffects = [] }: Draft): string {
  const delivery = deliveryWords(incident.key);
  const applies =
    autoSync === false
      ? `${delivery} does not sync by itself: somebody has to sync it after the merge.`
      : `${delivery} picks the merge up by itself, at its next poll or interval.`;
  const others = alsoAffects.slice(0, 20).map((name) => code(name, 300));
  const more = alsoAffects.length > others.length ? ` and ${alsoAffects.length - others.length} more` : "";
  return [
    "Merging is the approval: this bot has no write access to the cluster.",
    applies,
    "It then watches until the workload's containers are ready and its Services have endpoints, and says here whether the deployment healed.",
    ...(others.length > 0 ? [`The changed file is also rendered by ${others.join(", ")}${more}.`] : []),
    "Closing it without a merge is a no: this failure is then left alone.",
  ].join(" ");
}

/** `shop/checkout`, or the bare name of a cluster-scoped object. */
export function nameOf(ref: ObjectRef): string {
  return ref.namespace === "" ? ref.name : `${ref.namespace}/${ref.name}`;
}
