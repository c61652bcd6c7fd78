import { createHash } from "node:crypto";
import { nameOf, withoutName } from "./body.ts";
import { code, plainLine, prose } from "./escape.ts";
import { renderMarker } from "./marker.ts";
import type { Escalation } from "./pull.ts";
import {
  attemptsTable,
  deliveryWords,
  details,
  evidenceSection,
  percent,
  refWords,
  reportSummary,
  reportTables,
  type Section,
  symptomList,
  timeWords,
  withinLimit,
} from "./sections.ts";

/** `Needs a human: shop/checkout: secret "payments" does not exist`. */
export function renderEscalationTitle({ incident, rootCause }: Escalation): string {
  return plainLine(`Needs a human: ${nameOf(incident.target)}: ${withoutName(rootCause.replace(/[.\s]+$/, ""), incident.target)}`, 140);
}

/** The body: why there is no pull request, what to do, and what is known. */
export function renderEscalation(escalation: Escalation): string {
  const { incident } = escalation;
  const marker = renderMarker({
    delivery: incident.key,
    fingerprint: incident.fingerprint,
    target: incident.target,
    failureClass: escalation.failureClass,
    attempts: escalation.attempts,
    baseSha: "",
    substance: substanceOf(escalation),
  });
  return withinLimit(sections(escalation), marker);
}

function sections(escalation: Escalation): Section[] {
  const { report, reason, advice } = escalation;
  const evidence = evidenceSection(escalation.quotes, escalation.evidence);
  const attempts = attemptsTable(escalation.attempts);
  const symptoms = symptomList(escalation.incident);
  const footer = "This issue is kept up to date, and closed when the deployment recovers. Closing it by hand keeps it closed.";
  return [
    { name: "summary", text: `**${prose(escalation.rootCause, 1000)}**\n\n${summary(escalation)}`, dispensable: 0 },
    { name: "reason", text: `### Why there is no pull request\n\n${prose(reason, 1500)}`, dispensable: 0 },
    { name: "advice", text: advice && `### What to do\n\n${prose(advice, 1500)}`, dispensable: 0 },
    { name: "symptoms", text: symptoms && `### What the cluster shows\n\n${symptoms}`, dispensable: 2 },
    { name: "evidence", text: evidence && `### Evidence\n\n${evidence}`, dispensable: 3 },
    { name: "guards", text: report ? details(`<b>What the guards said</b>: ${reportSummary(report)}`, reportTables(report)) : "", dispensable: 4 },
    { name: "attempts", text: attempts && `### Attempts\n\n${attempts}`, dispensable: 1 },
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
