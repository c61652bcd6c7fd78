import type { Json, ObjectRef } from "../cluster/objects.ts";

export const GUARDS = [
  "envelope",
  "yaml",
  "scope",
  "invariants",
  "class-paths",
  "grounding",
  "plausible",
  "schema",
  "not-worse",
  "blast-radius",
  "secrets",
  "server-dry-run",
] as const;
export type GuardName = (typeof GUARDS)[number];

/** One thing that a guard did or found. `restored`: the proposal's value was put back to the baseline's; `refused`: the proposal is dead. */
export interface GuardFinding {
  guard: GuardName;
  verdict: "restored" | "refused";
  /** Stable name of the rule, for tests and for feedback to a model. */
  rule: string;
  /** One sentence for people. */
  message: string;
  /** The rendered object that it is about. */
  object?: ObjectRef;
  document?: string;
  path?: string;
  /** The field below `path` that the schema does not know. */
  unknown?: string;
  before?: Json;
  proposed?: Json;
  final?: Json;
}

/** Every guard's verdict on one proposal, in the order in which they ran. */
export interface InvariantReport {
  verdicts: { guard: GuardName; verdict: "passed" | "restored" | "refused" | "skipped"; note: string }[];
  findings: GuardFinding[];
  confidence: { claimed: number; final: number; cappedBy: string[] };
}

/** What one guard says: its findings, and a note for people where it passed or was skipped. */
export interface GuardResult {
  findings: GuardFinding[];
  note?: string;
  skipped?: boolean;
}

type Detail = Omit<GuardFinding, "guard" | "verdict" | "rule" | "message">;

export function refused(guard: GuardName, rule: string, message: string, detail: Detail = {}): GuardFinding {
  return { guard, verdict: "refused", rule, message, ...detail };
}

export function restored(guard: GuardName, rule: string, message: string, detail: Detail = {}): GuardFinding {
  return { guard, verdict: "restored", rule, message, ...detail };
}

/** Whether any finding means that the proposal is dead. */
function isRefused(findings: readonly GuardFinding[]): boolean {
  return findings.some((finding) => finding.verdict === "refused");
}

/** The worst verdict among one guard's findings. */
export function verdictOf(result: GuardResult): "passed" | "restored" | "refused" | "skipped" {
  if (isRefused(result.findings)) return "refused";
  if (result.findings.length > 0) return "restored";
  return result.skipped ? "skipped" : "passed";
}
