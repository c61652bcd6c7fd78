import { createHash } from "node:crypto";
import { nameOf, withoutName } from "./body.ts";
import { code, plainLine, prose } from "./escape.ts";
import { renderMarker } from "./marker.ts";
import type { Escalation } from "./pull.ts";
import {
  attemptsTable,
  deliveryWords,
  details,
  evidenceDetails,
  ISSUE_COMMANDS_HELP,
  percent,
  refWords,
  reportSummary,
  reportTables,
  ruledOut,
  type Section,
  timeWords,
  withinLimit,
} from "./sections.ts";

/** `Needs a human: shop/checkout: secret "payments" does not exist`. */
export function renderEscalationTitle({ incident, rootCause }: Escalation): string {
  return plainLine(`Needs a human: ${nameOf(incident.target)}: ${withoutName(rootCause.replace(/[.\s]+$/, ""), incident.target)}`, 140);
}

/**
 * The issue's body: why there is no pull request, what to do, and what is known.
 * @param round how often it was opened
 */
export function renderEscalation(escalation: Escalation, round = 1): string {
  const { incident } = escalation;
  const marker = renderMarker({
    delivery: incident.key,
    fingerprint: incident.fingerprint,
    target: incident.target,
    failureClass: escalation.failureClass,
    attempts: escalation.attempts,
    base: "",
    baseSha: "",
    head: "",
    substance: substanceOf(escalation),
    ...(round > 1 ? { round } : {}),
  });
  return withinLimit(sections(escalation), marker);
}

function sections(escalation: Escalation): Section[] {
  const { incident, report, reason, advice, considered } = escalation;
  const attempts = attemptsTable(escalation.attempts);
  const footer = "This issue is kept up to date, and closed when the deployment recovers. Closing it by hand keeps it closed.";
  return [
    { name: "summary", text: `**${prose(escalation.rootCause, 1000)}**\n\n${summary(escalation)}`, dispensable: 0 },
    { name: "reason", text: `### Why there is no pull request\n\n${prose(reason, 1500)}`, dispensable: 0 },
    { name: "advice", text: advice && `### What to do\n\n${prose(advice, 1500)}`, dispensable: 0 },
    { name: "evidence", text: evidenceDetails(incident, escalation.quotes, escalation.evidence), dispensable: 3 },
    { name: "ruled out", text: considered ? details("<b>What was ruled out</b>", ruledOut(considered, escalation.rootCause)) : "", dispensable: 2 },
    { name: "guards", text: report ? details(`<b>What the guards said</b>: ${reportSummary(report)}`, reportTables(report)) : "", dispensable: 4 },
    { name: "attempts", text: attempts && details(`<b>Attempts</b>: ${escalation.attempts.length}`, attempts), dispensable: 1 },
    { name: "commands", text: details("<b>Commands</b>", ISSUE_COMMANDS_HELP), dispensable: 0 },
    { name: "footer", text: footer, dispensable: 0 },
  ];
}

/** Hash of what makes an issue worth writing again; symptoms and evidence move on without anything having changed. */
export function substanceOf(escalation: Escalation): string {
  const { failureClass, rootCause, reason, advice, attempts } = escalation;
  return createHash("sha256")
    .update(JSON.stringify([failureClass, rootCause, reason, advice, attempts]))
    .digest("hex");
}

function summary({ incident, failureClass, confidence, engine }: Escalation): string {
  return [
    `- **Failing:** ${refWords(incident.target)}, delivered by ${deliveryWords(incident.key)}`,
    `- **Since:** ${timeWords(incident.since)}`,
    `- **Class:** ${code(failureClass, 60)}, diagnosed by ${code(engine, 100)} with a confidence of ${percent(confidence)}`,
  ].join("\n");
}
