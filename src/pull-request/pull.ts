import type { DeliveryKey } from "../cluster/delivery.ts";
import type { ObjectRef } from "../cluster/objects.ts";
import type { Considered } from "../diagnosis/considered.ts";
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

/**
 * What became of an incident. `withdrawn`: the bot took its pull request or issue back, since the deployment recovered without it or its failure became
 * another; no person said no.
 */
export type Verdict = "healed" | "not-healed" | "withdrawn";

/** One incident that a pull request is for. */
export interface Affected {
  delivery: DeliveryKey;
  fingerprint: string;
  target: ObjectRef;
  /** What the fix changes: the target, or the object to blame for a delivery's failure. */
  changes: { object: ObjectRef; container?: string };
  /** Undefined until something was said about it. */
  verdict?: Verdict;
}

/**
 * One of the bot's own pull requests, as GitHub has it now, and as one of the incidents that it is for sees it. The marker is trusted only since the author
 * is the bot.
 */
export interface OurPull extends Affected {
  repository: string;
  number: number;
  url: string;
  /** `closed` means closed without a merge: somebody said no, or the bot withdrew it. */
  state: "open" | "merged" | "closed";
  title: string;
  branch: string;
  /** The branch's head while it is open; "" otherwise. */
  headSha: string;
  createdAt: Date;
  /** Set when merged, until a verdict was given. */
  mergeCommit?: string;
  mergedAt?: Date;
  /** When GitHub last changed anything about it, comments included. */
  updatedAt: string;
  comments: number;
  failureClass: FailureClass;
  /** Branch and commit that the fix was made from. */
  base: string;
  baseSha: string;
  /** The commit that the bot put at the branch's head; where `headSha` is another one, a person works on the branch. */
  ownHead: string;
  attempts: Attempt[];
  /** Every incident that it is for, this one included; the first has given the branch its name. */
  affected: Affected[];
  body: string;
}

/** One of the bot's own issues. `recovered` ones the bot closed; closed without that means that a person did. */
export interface OurIssue extends Affected {
  repository: string;
  number: number;
  url: string;
  state: "open" | "closed";
  updatedAt: string;
  comments: number;
  attempts: Attempt[];
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
  /** The branch's head, once there is one. */
  headSha?: string;
  /** Commit that introduced the failure, where known. */
  introducedBy?: { sha: string; author: string; subject: string };
  /** False where the delivery does not apply a merge by itself (Argo CD without auto-sync); the body says so. */
  autoSync?: boolean;
  /** Other deliveries and kustomizations that read one of the changed files, for people. */
  alsoAffects?: readonly string[];
  /** What the change makes of the rendered objects, as a unified diff; where the files' own diff does not show it. */
  effect?: string;
  /** For a pull request that is there already: the incidents that it is for, the one that made it first. */
  affected?: readonly Affected[];
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
  /** What else was looked for. */
  considered?: Considered;
  /** The guards' report, where a proposal was refused. */
  report?: InvariantReport;
  attempts: Attempt[];
  repository: string;
}
