import type { Annotation, Check } from "./check.ts";
import { clean, code, fence, prose, shorten } from "./escape.ts";

/** What is held against a change, or remarked on it; the message may quote what somebody wrote. */
export interface ReviewRemark {
  verdict: "refused" | "remarked";
  message: string;
  /** A line of a file that the pull request changes; counts from 1. */
  place?: { file: string; line: number };
}

/** What a pull request makes of one delivery. */
export type ReviewedDelivery = { name: string } & (
  | { kind: "judged"; effect: string[]; diff: string; remarks: ReviewRemark[] }
  /** It rendered before, and does no more. */
  | { kind: "broken"; why: string; place?: ReviewRemark["place"] }
  | { kind: "not-judged"; why: string }
);

/** GitHub's caps: 65,535 characters for summary and text each (docs.github.com/rest/checks/runs). What is escaped is longer than what it says, so each part has a share. */
const MOST_SUMMARY = 60_000;
const MOST_TEXT = 60_000;
const MOST_NAMED = 20;

const ABOUT =
  "Rendered where this branch left its base, and at its head. What the cluster would not take, and what the team's policies forbid, fails; what is worse than before is remarked only.";

/** The check of somebody's pull request. `left` counts deliveries beyond those that are looked at. */
export function renderReview(deliveries: readonly ReviewedDelivery[], left: number): Check {
  if (deliveries.length === 0) {
    const summary = "Nothing that is delivered from the base branch reads what this pull request changes.";
    return { conclusion: "neutral", title: "Nothing to validate", summary, text: "", annotations: [] };
  }
  const remarks = deliveries.flatMap(remarksOf);
  const refused = remarks.filter(({ verdict }) => verdict === "refused").length;
  const isWhole = left === 0 && deliveries.every(({ kind }) => kind !== "not-judged");
  const conclusion = refused > 0 ? "failure" : remarks.length > 0 || !isWhole ? "neutral" : "success";
  const sections = fitting([ABOUT, ...deliveries.map(sectionOf), ...(left > 0 ? [`${left} more deliveries were not looked at.`] : [])], MOST_SUMMARY);
  return { conclusion, title: titleOf(deliveries, remarks.length, refused), summary: sections, text: textOf(deliveries), annotations: annotationsOf(remarks) };
}

function remarksOf(delivery: ReviewedDelivery): ReviewRemark[] {
  if (delivery.kind === "judged") return delivery.remarks;
  if (delivery.kind === "not-judged") return [];
  const { name, why, place } = delivery;
  return [{ verdict: "refused", message: `${name} cannot be rendered any more: ${why}`, ...(place ? { place } : {}) }];
}

function titleOf(deliveries: readonly ReviewedDelivery[], remarks: number, refused: number): string {
  if (refused > 0) return `${count(refused, "problem")} in what would be delivered`;
  if (remarks > 0) return `${count(remarks, "remark")}, nothing that fails`;
  const judged = deliveries.filter(({ kind }) => kind === "judged").length;
  return judged < deliveries.length
    ? `${count(deliveries.length - judged, "delivery", "deliveries")} could not be judged`
    : `${count(judged, "delivery", "deliveries")} in order`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return number === 1 ? `One ${one}` : `${number} ${many}`;
}

function sectionOf(delivery: ReviewedDelivery): string {
  const head = `### ${code(delivery.name, 300)}`;
  if (delivery.kind === "not-judged") return `${head}\n\n⚪ Not judged: ${prose(delivery.why, 1000)}`;
  if (delivery.kind === "broken") return `${head}\n\n❌ It cannot be rendered any more:\n\n${fence(delivery.why, { max: 2000, lines: 30 })}`;
  const { effect, remarks } = delivery;
  const named = effect.slice(0, MOST_NAMED).map((one) => code(one, 200));
  const more = effect.length > MOST_NAMED ? ` and ${effect.length - MOST_NAMED} more` : "";
  const changes = effect.length === 0 ? "Nothing of what it renders changes." : `${count(effect.length, "object")} would change: ${named.join(", ")}${more}.`;
  const list = remarks.slice(0, MOST_NAMED).map((one) => `- ${one.verdict === "refused" ? "❌" : "⚠️"} ${prose(one.message, 600)}${whereOf(one)}`);
  const others = remarks.length > MOST_NAMED ? [`- … ${remarks.length - MOST_NAMED} more`] : [];
  return [head, `${remarks.length === 0 ? "✅ " : ""}${changes}`, [...list, ...others].join("\n")].filter(Boolean).join("\n\n");
}

function whereOf({ place }: ReviewRemark): string {
  return place ? ` (${code(place.file, 200)}, line ${place.line})` : "";
}

/** As many parts as there is room for; the others are counted. */
function fitting(parts: readonly string[], most: number): string {
  const kept: string[] = [];
  let length = 0;
  for (const part of parts) {
    length += part.length + 2;
    if (length > most) return [...kept, `… and ${parts.length - kept.length} more`].join("\n\n");
    kept.push(part);
  }
  return kept.join("\n\n");
}

function textOf(deliveries: readonly ReviewedDelivery[]): string {
  const changed = deliveries.flatMap((one) => (one.kind === "judged" && one.diff !== "" ? [one] : []));
  const share = Math.floor(MOST_TEXT / Math.max(1, changed.length)) - 1000;
  return fitting(
    changed.map(({ name, diff }) => `### What changes in ${code(name, 300)}\n\n${fence(diff, { max: share, lines: 1000, language: "diff" })}`),
    MOST_TEXT,
  );
}

/** Refusals first, since GitHub takes 50; the same remark of several deliveries once. */
function annotationsOf(remarks: readonly ReviewRemark[]): Annotation[] {
  const all = remarks.flatMap(({ verdict, message, place }): Annotation[] => {
    if (!place) return [];
    const level = verdict === "refused" ? "failure" : "warning";
    return [{ path: place.file, startLine: place.line, endLine: place.line, level, message: shorten(clean(message), 1500) }];
  });
  const sorted = [...all.filter(({ level }) => level === "failure"), ...all.filter(({ level }) => level === "warning")];
  return sorted.filter((one, i) => sorted.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === i).slice(0, 50);
}
