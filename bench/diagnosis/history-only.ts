import { describeRef, refOf, sameRef } from "../../src/cluster/objects.ts";
import type { Diagnosis, DiagnosisInput } from "../../src/diagnosis/diagnosis.ts";
import { restore } from "../../src/diagnosis/history.ts";
import { type FixFinding, propose } from "../../src/diagnosis/propose.ts";
import type { FailureClass } from "../../src/incident/failure-class.ts";
import type { SymptomReason } from "../../src/incident/incident.ts";
import { diffFields } from "../../src/source/edit/field-path.ts";

/** A class that lets the guards look at what a symptom is about; without reading evidence there is no better one. */
const CLASS: Partial<Record<SymptomReason, FailureClass>> = {
  image: "image-not-found",
  "container-config": "config-missing",
  "container-start": "command-not-found",
  crash: "crash-on-start",
  "not-ready": "readiness-probe",
  unschedulable: "unschedulable-resources",
  volume: "volume-mount",
  "create-refused": "limit-range",
  "no-endpoints": "service-no-endpoints",
  "job-failed": "job-failed",
  apply: "invalid-manifest",
};

/** The baseline: puts the failing object back to what it was at the last good revision, without looking at any evidence but the symptom's kind. */
export async function historyOnly(input: DiagnosisInput): Promise<Diagnosis> {
  const { incident, lastGood } = input;
  const provenance = { engine: "playbook", author: "history", prompt: "", inputTokens: 0, outputTokens: 0 } as const;
  const rootCause = `${describeRef(incident.target)} changed.`;
  const failureClass = CLASS[incident.symptoms[0]?.reason ?? "delivery"] ?? "unknown";
  const item = input.evidence.items.find(({ text }) => text.trim().length >= 4);
  const quotes = item ? [{ evidenceId: item.id, quote: item.text.split("\n")[0] ?? "" }] : [];
  const now = input.rendered.find((object) => sameRef(refOf(object), incident.target));
  const then = lastGood?.objects.find((object) => sameRef(refOf(object), incident.target));
  const changed = now && then ? diffFields(then, now) : [];
  const said = { failureClass, rootCause, confidence: 0.9, quotes };
  const escalated = (reason: string): Diagnosis => ({ kind: "escalate", ...said, reason, advice: "", provenance });
  if (changed.length === 0) return escalated("git shows no difference");
  const finding: FixFinding = {
    ...said,
    target: { object: incident.target },
    action: { kind: "fix", changes: restore(incident.target, changed), words: ["Restore the object"] },
  };
  const proposed = await propose(input, finding);
  return proposed.kind === "proposed" ? { kind: "fix", proposal: proposed.proposal, documents: proposed.documents, provenance } : escalated(proposed.reason);
}
