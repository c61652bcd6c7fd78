// Grounding: every quote is a verbatim piece of the evidence item that it names, and there is at least one. The confidence that counts is the
// author's, capped by what code can confirm; below the operator's threshold the incident is escalated instead.
import type { GateInput } from "./gate.ts";
import { type GuardFinding, type GuardResult, type InvariantReport, refused } from "./report.ts";
import { signalOf } from "./signals.ts";

const SHORTEST_QUOTE = 4;
const CAPS = { noQuote: 0, noSignal: 0.5, gaps: 0.7, onlyLogs: 0.8, noHistory: 0.9 };

/** @param fromHistory whether every change puts back a value that was seen working */
export function grounding({ proposal, evidence, bounds }: GateInput, fromHistory: boolean): GuardResult & { confidence: InvariantReport["confidence"] } {
  const findings: GuardFinding[] = [];
  const quoted = proposal.quotes.flatMap(({ evidenceId, quote }) => {
    const item = evidence.items.find(({ id }) => id === evidenceId);
    const isVerbatim = item !== undefined && quote.trim().length >= SHORTEST_QUOTE && item.text.includes(quote);
    if (!isVerbatim) findings.push(refused("grounding", "quote-not-verbatim", `The quote ${shown(quote)} is not in evidence ${shown(evidenceId)}.`));
    return isVerbatim ? [item] : [];
  });
  if (proposal.quotes.length === 0) findings.push(refused("grounding", "no-quote", "The proposal quotes no evidence."));
  const caps: [reason: string, most: number][] = [];
  if (quoted.length === 0) caps.push(["no quote was found in the evidence", CAPS.noQuote]);
  const sign = signalOf(proposal.failureClass, evidence);
  // The class decides what may change at all, so it is never taken on the author's word, however low the operator's threshold is.
  if (sign === undefined) findings.push(refused("grounding", "class-without-sign", `The cluster shows no sign of ${proposal.failureClass}.`));
  if (sign === undefined) caps.push([`the cluster shows no sign of ${proposal.failureClass}`, CAPS.noSignal]);
  if (quoted.length > 0 && quoted.every(({ kind }) => kind === "log")) caps.push(["only logs are quoted, which anybody can write to", CAPS.onlyLogs]);
  if (!fromHistory) caps.push(["no earlier working revision confirms the values", CAPS.noHistory]);
  if (evidence.gaps && evidence.gaps.length > 0) caps.push(["what was there while it failed is not known any more", CAPS.gaps]);
  const claimed = Number.isFinite(proposal.confidence) ? proposal.confidence : 0;
  const final = Math.min(claimed, ...caps.map(([, most]) => most));
  const cappedBy = caps.filter(([, most]) => most < claimed).map(([reason, most]) => `${reason} (at most ${most})`);
  if (!(final >= bounds.minimumConfidence)) {
    findings.push(
      refused(
        "grounding",
        "confidence",
        `The confidence is ${final}, below the threshold of ${bounds.minimumConfidence}${cappedBy.length > 0 ? `: ${cappedBy.join("; ")}` : ""}.`,
      ),
    );
  }
  return { findings, confidence: { claimed, final, cappedBy } };
}

function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
