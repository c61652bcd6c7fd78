import type { DeliveryKey } from "../cluster/delivery.ts";
import type { ObjectRef } from "../cluster/objects.ts";
import type { Diagnosis } from "../diagnosis/diagnosis.ts";
import type { Evidence, Quote } from "../evidence/evidence.ts";
import type { ApprovedChange } from "../guards/gate.ts";
import type { InvariantReport } from "../guards/report.ts";
import type { FailureClass } from "../incident/failure-class.ts";
import type { Incident } from "../incident/incident.ts";

/** One try at fixing an incident, kept in the pull request's marker. */
export interface Attempt {
  number: number;
  /** digestOf(change), or "" where nothing was approved. */
  digest: string;
  outcome: "proposed" | "refused" | "no-fix" | "merged-not-healed";
  engine: string;
  /** A person's hint, shortened; "" without. */
  hint: string;
  /** One line for the table of attempts. */
  summary: string;
}

/** One of the bot's own pull requests, as GitHub has it now. The marker is trusted only since the author is the bot. */
export interface OurPull {
  repository: string;
  number: number;
  url: string;
  /** `closed` means closed without a merge: somebody said no, or the bot withdrew it. */
  state: "open" | "merged" | "closed";
  title: string;
  branch: string;
  headSha: string;
  base: string;
  createdAt: Date;
  labels: readonly string[];
  /** Set when merged. */
  mergeCommit?: string;
  mergedAt?: Date;
  delivery: DeliveryKey;
  fingerprint: string;
  target: ObjectRef;
  /** What the fix changes: the target, or the object to blame for a delivery's failure. */
  changes: { object: ObjectRef; container?: string };
  failureClass: FailureClass;
  /** Commit that the fix was made from. */
  baseSha: string;
  attempts: Attempt[];
  /** What was said about it after the merge: undefined until said. */
  verdict?: "healed" | "not-healed";
  body: string;
}

/** All that is needed to write one pull request; pure data, so that the body can be rendered without GitHub (`kube-autofix diagnose`). */
export interface Draft {
  incident: Incident;
  diagnosis: Extract<Diagnosis, { kind: "fix" }>;
  evidence: Evidence;
  change: ApprovedChange;
  report: InvariantReport;
  attempts: Attempt[];
  /** `owner/name` and the branch and commit that the fix is based on. */
  repository: string;
  base: string;
  baseSha: string;
  /** Commit that introduced the failure, where known. */
  introducedBy?: { sha: string; author: string; subject: string };
  /** False where the delivery does not apply a merge by itself (Argo CD without auto-sync); the body says so. */
  autoSync?: boolean;
  /** Other deliveries and kustomizations that read one of the changed files, for people. */
  alsoAffects?: readonly string[];
}

/** All that is needed to ask people for help: an incident without a safe fix. */
export interface Escalation {
  incident: Incident;
  failureClass: FailureClass;
  rootCause: string;
  confidence: number;
  quotes: Quote[];
  evidence: Evidence;
  /** Why there is no pull request, and what to do. */
  reason: string;
  advice: string;
  /** Who diagnosed: playbook entry or model. */
  engine: string;
  /** The guards' report, where a proposal was refused. */
  report?: InvariantReport;
  attempts: Attempt[];
  repository: string;
}
