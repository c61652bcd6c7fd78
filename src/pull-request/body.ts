import { createHash } from "node:crypto";
import { describeRef, type ObjectRef, sameRef } from "../cluster/objects.ts";
import { unifiedDiff } from "../source/edit/patch.ts";
import { code, fence, plainLine, prose } from "./escape.ts";
import { type MarkedIncident, renderMarker } from "./marker.ts";
import type { Affected, Attempt, Draft, Verdict } from "./pull.ts";
import {
  attemptsTable,
  COMMANDS_HELP,
  confidenceWords,
  deliveryWords,
  details,
  engineWords,
  evidenceDetails,
  refWords,
  reportSummary,
  reportTables,
  type Section,
  timeWords,
  withinLimit,
} from "./sections.ts";

const ATTEMPTS_START = "<!-- autofix:attempts -->";
const ATTEMPTS_END = "<!-- /autofix:attempts -->";
const AFFECTED_START = "<!-- autofix:affected -->";
const AFFECTED_END = "<!-- /autofix:affected -->";

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

/** The whole body, at most 58,000 characters: the summary first, then the change, long parts collapsed, the marker last. */
export function renderBody(draft: Draft): string {
  const { incident, diagnosis, affected = [], attempts, base, baseSha } = draft;
  const own: MarkedIncident = { delivery: incident.key, fingerprint: incident.fingerprint, target: incident.target, ...blame(draft) };
  const [first = own, ...also] = affected.map((one) => (one.fingerprint === incident.fingerprint ? own : markedOf(one)));
  const tail = renderMarker({
    ...first,
    ...(also.length > 0 ? { also } : {}),
    failureClass: diagnosis.proposal.failureClass,
    attempts,
    base,
    baseSha,
    head: draft.headSha ?? "",
    substance: substanceOf(draft),
  });
  return withinLimit(sections(draft), tail);
}

/** An incident as the marker keeps it. */
export function markedOf({ changes, target, ...rest }: Affected): MarkedIncident {
  const blamed = sameRef(changes.object, target) ? {} : { blamed: changes.object };
  return { ...rest, target, ...blamed, ...(changes.container ? { container: changes.container } : {}) };
}

function blame({ incident, diagnosis }: Draft): Pick<MarkedIncident, "blamed" | "container"> {
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
  return replaceBetween(body, ATTEMPTS_START, ATTEMPTS_END, attemptsSection(attempts));
}

/** The body with its list of incidents written anew. */
export function replaceAffected(body: string, affected: readonly Affected[]): string {
  return replaceBetween(body, AFFECTED_START, AFFECTED_END, affectedSection(affected));
}

function replaceBetween(body: string, startMark: string, endMark: string, text: string): string {
  const start = body.indexOf(startMark);
  const end = body.indexOf(endMark, start);
  return start < 0 || end < 0 ? body : body.slice(0, start) + text + body.slice(end + endMark.length);
}

function sections(draft: Draft): Section[] {
  const { diagnosis, evidence, report, incident, effect = "" } = draft;
  const { quotes } = diagnosis.proposal;
  return [
    { name: "summary", text: summary(draft), dispensable: 0 },
    { name: "incidents", text: affectedSection(draft.affected ?? []), dispensable: 0 },
    { name: "change", text: changeSection(draft), dispensable: 0 },
    { name: "rendered diff", text: effectSection(effect), dispensable: 3 },
    { name: "after the merge", text: `### After the merge\n\n${afterMerge(draft)}`, dispensable: 0 },
    { name: "evidence", text: evidenceDetails(incident, quotes, evidence), dispensable: 4 },
    { name: "invariant report", text: details(`<b>Invariant report</b>: ${reportSummary(report)}`, reportTables(report)), dispensable: 5 },
    { name: "attempts", text: attemptsSection(draft.attempts), dispensable: 1 },
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

/** A diff of more lines than this fills more than a phone. */
const SHORT_DIFF = 40;

function changeSection(draft: Draft): string {
  const words = draft.diagnosis.proposal.words.slice(0, 12).map((word) => `- ${prose(word, 300)}`);
  const text = unifiedDiff(draft.change.files);
  const diff = fence(text, { max: 20_000, lines: 300, language: "diff" });
  const lines = text.split("\n").length;
  return ["### The change", ...(words.length > 0 ? [words.join("\n")] : []), lines > SHORT_DIFF ? details(`<b>Diff</b>: ${lines} lines`, diff) : diff].join(
    "\n\n",
  );
}

/** Where the change is in a value or a patch, people want to see what becomes of the objects. */
function effectSection(effect: string): string {
  return effect && details("<b>Rendered diff</b>: what changes in the cluster", fence(effect, { max: 15_000, lines: 200, language: "diff" }));
}

function attemptsSection(attempts: readonly Attempt[]): string {
  const table = attemptsTable(attempts);
  return [ATTEMPTS_START, ...(table ? [details(`<b>Attempts</b>: ${attempts.length}`, table)] : []), ATTEMPTS_END].join("\n\n");
}

const BECAME: Record<Verdict, string> = { healed: " ✅ healthy again", "not-healed": " ❌ not healed", withdrawn: " (works again without it)" };

/** Only worth saying when there are several. */
function affectedSection(affected: readonly Affected[]): string {
  const lines = affected.map((one) => `- ${refWords(one.target)}, delivered by ${deliveryWords(one.delivery)}${one.verdict ? BECAME[one.verdict] : ""}`);
  const list = lines.length < 2 ? [] : [`**One cause, ${lines.length} failures.** This pull request is for all of them:\n\n${lines.join("\n")}`];
  return [AFFECTED_START, ...list, AFFECTED_END].join("\n\n");
}

function afterMerge({ incident, autoSync, alsoAffects = [] }: Draft): string {
  const delivery = deliveryWords(incident.key);
  const others = alsoAffects.slice(0, 20).map((name) => code(name, 300));
  const more = alsoAffects.length > others.length ? ` and ${alsoAffects.length - others.length} more` : "";
  return [
    "- Merging is the approval: this bot has no write access to the cluster.",
    autoSync === false
      ? `- ${delivery} does not sync by itself: somebody has to sync it.`
      : `- ${delivery} picks it up by itself, at its next poll or interval.`,
    "- When containers are ready and Services have endpoints, or when that takes too long, it says so here.",
    ...(others.length > 0 ? [`- The changed file is also rendered by ${others.join(", ")}${more}.`] : []),
    "- Closing it without a merge is a no: this failure is then left alone.",
  ].join("\n");
}

/** `shop/checkout`, or the bare name of a cluster-scoped object. */
export function nameOf(ref: ObjectRef): string {
  return ref.namespace === "" ? ref.name : `${ref.namespace}/${ref.name}`;
}
