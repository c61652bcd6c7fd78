import type { DeliveryKey } from "../cluster/delivery.ts";
import type { Diagnosis } from "../diagnosis/diagnosis.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { ApprovedChange } from "../guards/gate.ts";
import type { InvariantReport } from "../guards/report.ts";
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
  state: "open" | "merged" | "closed";
  branch: string;
  headSha: string;
  base: string;
  /** Set when merged. */
  mergeCommit?: string;
  mergedAt?: Date;
  delivery: DeliveryKey;
  fingerprint: string;
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
}
