import type { KubeObject, ObjectRef } from "../cluster/objects.ts";
import type { Observation } from "../cluster/observation.ts";
import type { Evidence, Quote } from "../evidence/evidence.ts";
import type { FailureClass } from "../incident/failure-class.ts";
import type { Incident } from "../incident/incident.ts";
import type { Beside } from "../source/delivery/manifests-beside.ts";
import type { Commit } from "../source/git/repository.ts";
import type { KnownRevision } from "../source/history.ts";
import type { FileChange, ObjectChange, OfferedDocument, Workspace } from "../source/workspace.ts";
import type { Unlisted } from "./unlisted.ts";
import type { Unrenderable } from "./unrenderable/unrenderable.ts";

/** Everything that a diagnosis may look at. */
export interface DiagnosisInput {
  incident: Incident;
  observation: Observation;
  evidence: Evidence;
  /** The branch's head: what a fix would be based on. */
  workspace: Workspace;
  /** Rendered at the branch's head; empty where it cannot be rendered (`renderError` says why). */
  rendered: KubeObject[];
  renderError?: string;
  /** What was found out about the files of a head that cannot be rendered; filled in by the diagnostician. */
  unrenderable?: Unrenderable;
  /** ConfigMaps that the failing workload needs and that a file which nothing lists would bring; filled in by the diagnostician. */
  unlisted?: readonly Unlisted[];
  /** Rendered at the last good revision; undefined where that is not known or could not be rendered. */
  lastGood?: KnownRevision;
  /** What other deliveries of the repository bring, as far as it changed since then. */
  beside?: Beside;
  /** Revisions that were delivered before that one: the value to put back may have been lost earlier. */
  older?: readonly KnownRevision[];
  /** Commits after the last good one that touch the delivery's files, newest first. */
  commits: Commit[];
  /** Documents that the model may see and correct. */
  documents: OfferedDocument[];
  /** Violations of earlier attempts of this incident, for the model to learn from. */
  feedback: string[];
  /** Text of a person's `/autofix retry hint`; untrusted. */
  hint?: string;
}

/** What a playbook entry concludes from the evidence, in terms of rendered objects. */
export interface Finding {
  failureClass: FailureClass;
  /** One sentence that a tired engineer understands. */
  rootCause: string;
  target: { object: ObjectRef; container?: string };
  quotes: Quote[];
  /** 0–1; what the signals allow to be said. */
  confidence: number;
  action: /**
   * `restores`: every change puts a value of the last good revision back. `orElse`: what is changed where no place in git decides these alone. `isFormed`: only the
   * form is that of the last good revision.
   */
    | {
        kind: "fix";
        changes: ObjectChange[];
        words: string[];
        restores?: true;
        isFormed?: true;
        orElse?: { changes: ObjectChange[]; words: string[]; restores?: true };
      }
    /** For a source that cannot be rendered: whole texts of files, since there are no documents to speak of. */
    | { kind: "repair"; files: FileChange[]; words: string[] }
    | { kind: "escalate"; reason: string; advice: string };
}

/** Corrected documents, as the playbook or the model wrote them. Not trusted: only guards/gate.ts can make something of it. */
export interface Proposal {
  origin: "playbook" | "model";
  failureClass: FailureClass;
  rootCause: string;
  target: { object: ObjectRef; container?: string };
  /** As the author claims; the guards cap it. */
  confidence: number;
  quotes: Quote[];
  documents: { id: string; yaml: string }[];
  /** Whole corrected texts of files of a source that cannot be rendered, instead of documents. Only the playbook may do that, and the guards trace every line. */
  files?: { path: string; text: string }[];
  /** What was changed, in words. */
  words: string[];
}

export type Diagnosis =
  /** `lastGood`: the revision that the fix goes back to, where it is an older one. */
  | { kind: "fix"; proposal: Proposal; documents: OfferedDocument[]; provenance: Provenance; lastGood?: KnownRevision }
  | {
      kind: "escalate";
      failureClass: FailureClass;
      rootCause: string;
      confidence: number;
      quotes: Quote[];
      reason: string;
      advice: string;
      provenance: Provenance;
    }
  /** The model's answer could not be used; the reason is closed and shown. */
  | { kind: "unusable"; outcome: ModelOutcome; detail: string; provenance: Provenance };

/** Who diagnosed, so that the pull request can say it. */
export interface Provenance {
  engine: "playbook" | "model";
  /** Playbook entry, or model name. */
  author: string;
  /** Version of the prompt file; "" for the playbook. */
  prompt: string;
  inputTokens: number;
  outputTokens: number;
}

/** How a request to a model can end other than with an answer in the asked shape. */
export type ModelOutcome =
  | "refused"
  | "truncated"
  | "filtered"
  | "empty"
  | "fenced"
  | "thinking"
  | "not-json"
  | "out-of-schema"
  | "unknown-document"
  | "repeated-document"
  | "unreachable"
  | "budget";
