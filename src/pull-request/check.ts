import { createHash } from "node:crypto";
import type { InvariantReport } from "../guards/report.ts";
import { plainLine, prose, shorten } from "./escape.ts";
import { confidenceWords, reportSummary, reportTables } from "./sections.ts";

/** GitHub's cap for summary and text of a check run's output. */
const MAX_OUTPUT = 65_535;

/** A remark at a line of a file; GitHub takes 50 in one request. */
export interface Annotation {
  path: string;
  startLine: number;
  endLine: number;
  level: "notice" | "warning" | "failure";
  message: string;
}

/** A check run's output, completed. Pure data; check-run.ts writes it. */
export interface Check {
  conclusion: "success" | "failure" | "neutral";
  title: string;
  summary: string;
  text: string;
  annotations: Annotation[];
}

/** What the gate said of a head: the same guards as before the pull request, on whatever the head is now. */
export type HeadVerdict = { kind: "approved" | "refused"; report: InvariantReport } | { kind: "not-applicable"; why: string };

/** The verdict as a check run: success, failure, or neutral where there was nothing to judge. */
export function renderCheck(verdict: HeadVerdict, annotations: readonly Annotation[] = []): Check {
  const remarks = annotations.slice(0, 50).map((one) => ({ ...one, message: shorten(one.message, 4000) }));
  if (verdict.kind === "not-applicable") {
    return { conclusion: "neutral", title: "Nothing to validate", summary: prose(verdict.why, 2000), text: "", annotations: remarks };
  }
  const { report } = verdict;
  const refusals = report.findings.filter((finding) => finding.verdict === "refused");
  const why = refusals.slice(0, 10).map((finding) => `- **${finding.guard}**: ${prose(finding.message, 500)}`);
  const summary = [
    `${reportSummary(report)}.${report.confidence.claimed > 0 ? ` Confidence: ${confidenceWords(report)}.` : ""}`,
    ...(why.length > 0 ? [why.join("\n")] : []),
  ].join("\n\n");
  const approved = verdict.kind === "approved";
  const first = refusals[0];
  return {
    conclusion: approved ? "success" : "failure",
    title: approved ? `Approved: ${reportSummary(report)}` : `Refused${first ? ` by ${first.guard}: ${plainLine(first.message, 120)}` : ""}`,
    summary: shorten(summary, MAX_OUTPUT),
    text: shorten(reportTables(report), MAX_OUTPUT),
    annotations: remarks,
  };
}

/** Short hash of a check's content: kept in its external_id, so that the same verdict is not written twice. */
export function digestOfCheck(check: Check): string {
  return createHash("sha256").update(JSON.stringify(check)).digest("hex").slice(0, 16);
}
