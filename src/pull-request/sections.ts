import type { DeliveryKey } from "../cluster/delivery.ts";
import type { Json, ObjectRef } from "../cluster/objects.ts";
import type { Considered } from "../diagnosis/considered.ts";
import type { Provenance } from "../diagnosis/diagnosis.ts";
import type { Evidence, Quote } from "../evidence/evidence.ts";
import type { GuardFinding, InvariantReport } from "../guards/report.ts";
import type { Incident } from "../incident/incident.ts";
import { code, codeCell, fence, prose } from "./escape.ts";
import type { Attempt } from "./pull.ts";

/** The parts that pull requests, issues and check runs share. Each returns Markdown without a blank line at its ends; "" where there is nothing to say. */

/** GitHub refuses bodies above 65,536 characters; the rest is room for what people add. */
export const MAX_BODY = 58_000;

/** A part of a body, and when it goes if the body is too long: the larger `dispensable`, the earlier; 0 stays. */
export interface Section {
  name: string;
  text: string;
  dispensable: number;
}

/** The sections that are not empty, then the marker, in at most {@link MAX_BODY} characters; what had to go is named. */
export function withinLimit(all: readonly Section[], tail: string): string {
  let kept = all.filter((section) => section.text !== "");
  const left: string[] = [];
  for (;;) {
    const note = left.length === 0 ? [] : [`_Left out for length: ${left.join(", ")}._`];
    const body = [...kept.map((section) => section.text), ...note, tail].join("\n\n");
    const next = kept.toSorted((a, b) => b.dispensable - a.dispensable)[0];
    if (body.length <= MAX_BODY || !next || next.dispensable === 0) return body;
    kept = kept.filter((section) => section !== next);
    left.push(next.name);
  }
}

export function deliveryWords(key: DeliveryKey): string {
  const tool = key.kind === "Application" ? "Argo CD" : "Flux";
  return `${tool} ${key.kind} ${code(`${key.namespace}/${key.name}`, 300)}`;
}

export function refWords(ref: ObjectRef): string {
  return `${prose(ref.kind, 60)} ${code(ref.namespace === "" ? ref.name : `${ref.namespace}/${ref.name}`, 300)}`;
}

/** `2026-11-22 22:06 UTC`: readers sit in many time zones. */
export function timeWords(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

export function engineWords(provenance: Provenance): string {
  const { engine, author, prompt, inputTokens, outputTokens } = provenance;
  if (engine === "playbook") return `the built-in playbook (${code(author, 100)})`;
  return `the model ${code(author, 100)} (prompt ${code(prompt, 60)}, ${inputTokens + outputTokens} tokens)`;
}

/** What the author claims, what of it code confirms, and what capped it. */
export function confidenceWords({ confidence }: InvariantReport): string {
  const { claimed, final, cappedBy } = confidence;
  if (final >= claimed) return percent(final);
  const why = cappedBy.length === 0 ? "" : `: ${cappedBy.map((reason) => prose(reason, 200)).join("; ")}`;
  return `${percent(final)} (claimed ${percent(claimed)}, capped${why})`;
}

/** What the cluster shows, one line a symptom, without repeating itself. */
function symptomList(incident: Incident): string {
  const lines = incident.symptoms.map((symptom) => {
    const where = [refWords(symptom.object), ...(symptom.container ? [`container ${code(symptom.container, 100)}`] : [])].join(", ");
    return `- ${where}: ${code(symptom.message || symptom.reason, 400)}`;
  });
  return [...new Set(lines)].slice(0, 6).join("\n");
}

/** What the cluster shows, and the quotes that the diagnosis rests on. */
export function evidenceDetails(incident: Incident, quotes: readonly Quote[], evidence: Evidence): string {
  const [symptoms, quoted] = [symptomList(incident), quotedEvidence(quotes, evidence)];
  const count = Math.min(quotes.length, MAX_QUOTES);
  const words = count === 0 ? "what the cluster shows" : `${count} quote${count === 1 ? "" : "s"}`;
  const parts = [...(symptoms ? [`What the cluster shows:\n\n${symptoms}`] : []), ...(quoted ? [quoted] : [])];
  return parts.length === 0 ? "" : details(`<b>Evidence</b>: ${words}`, parts.join("\n\n"));
}

const MAX_QUOTES = 8;

/** Each quote with the item that it is a verbatim piece of. */
function quotedEvidence(quotes: readonly Quote[], evidence: Evidence): string {
  const shown = quotes.slice(0, MAX_QUOTES).map(({ evidenceId, quote }) => {
    const item = evidence.items.find((candidate) => candidate.id === evidenceId);
    const seen = item?.at ? `, ${timeWords(item.at)}` : "";
    return `${prose(evidenceId, 20)}: ${prose(item?.source ?? "unknown source", 300)}${seen}\n\n${fence(quote, { max: 1500, lines: 30 })}`;
  });
  const redactions = Object.entries(evidence.redactions).map(([rule, count]) => `${count} × ${prose(rule, 80)}`);
  const notes = [
    ...(redactions.length > 0 ? [`Redacted before anybody saw it: ${redactions.slice(0, 10).join(", ")}.`] : []),
    ...(evidence.omitted > 0 ? [`${evidence.omitted} further item${evidence.omitted === 1 ? " was" : "s were"} left out to keep the evidence short.`] : []),
  ];
  return [...shown, ...notes].join("\n\n");
}

const SIGNS = { passed: "✅ passed", restored: "♻️ restored", refused: "⛔ refused", skipped: "➖ skipped" } as const;

/** `10 guards passed, 1 restored, 1 skipped`. */
export function reportSummary(report: InvariantReport): string {
  const count = (verdict: keyof typeof SIGNS) => report.verdicts.filter((one) => one.verdict === verdict).length;
  const passed = `${count("passed")} guard${count("passed") === 1 ? "" : "s"} passed`;
  const others = (["restored", "refused", "skipped"] as const).flatMap((verdict) => (count(verdict) > 0 ? [`${count(verdict)} ${verdict}`] : []));
  return [passed, ...others].join(", ");
}

/** Every guard's verdict, and every value that was put back or refused. */
export function reportTables(report: InvariantReport): string {
  const verdicts = report.verdicts.map(({ guard, verdict, note }) => `| ${guard} | ${SIGNS[verdict]} | ${prose(note, 300)} |`);
  const tables = [["| Guard | Verdict | Note |", "|---|---|---|", ...verdicts].join("\n")];
  if (report.findings.length > 0) {
    const rows = report.findings.slice(0, 60).map(findingRow);
    const left = report.findings.length - rows.length;
    tables.push(["| Rule | Where | What | Before → proposed → final |", "|---|---|---|---|", ...rows].join("\n"));
    if (left > 0) tables.push(`… ${left} more.`);
  }
  return tables.join("\n\n");
}

function findingRow(finding: GuardFinding): string {
  const rule = codeCell(`${finding.guard}/${finding.rule}`, 100);
  const where = [finding.document, finding.path].filter((part) => part !== undefined).join(" ");
  const final = finding.verdict === "restored" ? valueCell(finding.final) : "⛔";
  const hasValues = finding.before !== undefined || finding.proposed !== undefined || finding.final !== undefined;
  const values = hasValues ? `${valueCell(finding.before)} → ${valueCell(finding.proposed)} → ${final}` : "";
  return `| ${rule} | ${codeCell(where, 200)} | ${prose(finding.message, 300)} | ${values} |`;
}

/** Findings say null where a field is not there, as Kubernetes does. */
function valueCell(value: Json | undefined): string {
  return value === undefined || value === null ? "(absent)" : codeCell(JSON.stringify(value), 80);
}

const OUTCOMES: Record<Attempt["outcome"], string> = {
  proposed: "proposed",
  refused: "refused by the guards",
  "no-fix": "no safe fix",
  "merged-not-healed": "merged, did not heal",
};

export function outcomeWords({ outcome }: Attempt): string {
  return OUTCOMES[outcome];
}

/** Only worth a table when there is more than one, or when a person gave a hint. */
export function attemptsTable(attempts: readonly Attempt[]): string {
  if (attempts.length < 2 && attempts.every((attempt) => attempt.hint === "")) return "";
  const rows = attempts.slice(-20).map((one) => {
    const hint = one.hint === "" ? "" : prose(one.hint, 200);
    return `| ${one.number} | ${OUTCOMES[one.outcome]} | ${prose(one.engine, 80)} | ${hint} | ${prose(one.summary, 300)} |`;
  });
  return ["| # | Outcome | By | Hint | Summary |", "|---|---|---|---|---|", ...rows].join("\n");
}

/** Collapsed: readers on a phone see the summary line. The blank lines make GitHub render Markdown inside. */
export function details(summary: string, content: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

/** What else it could have been, and why it is not that. */
export function ruledOut({ findings, proven, nothing }: Considered, chosen: string): string {
  const others = findings.filter(({ rootCause }) => rootCause !== chosen).slice(0, 5);
  const lines = others.map(
    ({ rootCause, confidence, failureClass }) => `- Less likely (${percent(confidence)}, ${code(failureClass, 60)}): ${prose(rootCause, 300)}`,
  );
  const topics = nothing.length === 0 ? [] : [`- Nothing in the evidence speaks for: ${nothing.join("; ")}.`];
  return [...lines, ...proven.map((fact) => `- ${fact}`), ...topics].join("\n");
}

const WHO_MAY = "At the start of a line, by people with write access.";

export const COMMANDS_HELP = [
  "- `/autofix retry [hint]`: look again and propose anew; the hint goes to the diagnosis",
  "- `/autofix explain`: the diagnosis in detail, with what was ruled out",
  "- `/autofix rebase`: bring the branch up to date with its base",
  "- `/autofix close`: close it; this failure is left alone until `reopen`",
  "- `/autofix reopen`: take it up again",
  "- `/autofix help`: this list",
  "",
  WHO_MAY,
].join("\n");

export const ISSUE_COMMANDS_HELP = [
  "- `/autofix retry [hint]`: look again, and open a pull request where that finds a safe fix; the hint goes to the diagnosis",
  "- `/autofix explain`: the diagnosis in detail, with what was ruled out",
  "- `/autofix close`: close it; this failure is left alone until `reopen`",
  "- `/autofix reopen`: take it up again",
  "- `/autofix help`: this list",
  "",
  WHO_MAY,
].join("\n");
