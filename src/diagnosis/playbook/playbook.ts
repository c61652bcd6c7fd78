import { sameRef } from "../../cluster/objects.ts";
import { sameJson, startsWith } from "../../source/edit/field-path.ts";
import type { ObjectChange } from "../../source/workspace.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { admission } from "./admission.ts";
import { autoscaler } from "./autoscaler.ts";
import { config } from "./config.ts";
import { crash } from "./crash.ts";
import { CONFIDENCE, type PlaybookEntry } from "./entry.ts";
import { image } from "./image.ts";
import { ingress } from "./ingress.ts";
import { job } from "./job.ts";
import { manifest } from "./manifest.ts";
import { memory } from "./memory.ts";
import { node } from "./node.ts";
import { probe } from "./probe.ts";
import { render } from "./render.ts";
import { root } from "./root.ts";
import { scheduling } from "./scheduling.ts";
import { service } from "./service.ts";
import { start } from "./start.ts";
import { volume } from "./volume.ts";
import { wait } from "./wait.ts";

/** What must work first comes first: of two equally sure findings the earlier one is the cause of the later. */
const ENTRIES: readonly PlaybookEntry[] = [
  ...[render, manifest, admission, scheduling, node, volume, image, config, root, start],
  ...[memory, probe, wait, job, crash, service, ingress, autoscaler],
];

/** What is looked for, in that order. */
export const TOPICS: readonly Pick<PlaybookEntry, "name" | "topic">[] = ENTRIES;

export interface Ranked {
  entry: string;
  finding: Finding;
}

/** All findings of the playbook, the surest first. Two fixes that contradict each other are worth no more than a guess. */
export function consultPlaybook(input: DiagnosisInput): Ranked[] {
  const found = ENTRIES.flatMap((entry) => entry.diagnose(input).map((finding) => ({ entry: entry.name, finding })));
  const judged = found.map((ranked, i) => {
    const rival = found.find((other, j) => i !== j && contradicts(ranked.finding, other.finding));
    return rival ? { ...ranked, finding: doubted(ranked.finding, rival.finding) } : ranked;
  });
  return judged.sort((a, b) => b.finding.confidence - a.finding.confidence);
}

/** Two findings about the same field with different values, or a fix for what the other says no manifest can fix. */
function contradicts(a: Finding, b: Finding): boolean {
  if (a.action.kind !== "fix" || b.action.kind !== "fix") return false;
  const { changes } = b.action;
  return a.action.changes.some((change) => changes.some((other) => touches(change, other) && !sameJson(change.after, other.after)));
}

function touches(a: ObjectChange, b: ObjectChange): boolean {
  return sameRef(a.object, b.object) && (startsWith(a.path, b.path) || startsWith(b.path, a.path));
}

function doubted(finding: Finding, rival: Finding): Finding {
  return {
    ...finding,
    confidence: Math.min(finding.confidence, CONFIDENCE.guess),
    action: {
      kind: "escalate",
      reason: `two findings contradict each other: ${finding.failureClass} and ${rival.failureClass}`,
      advice: `Decide between them: ${finding.rootCause} Or: ${rival.rootCause}`,
    },
  };
}
