import type { KubeObject, ObjectRef } from "../cluster/objects.ts";
import type { Proposal } from "../diagnosis/diagnosis.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { DocumentEdit, FileChange, OfferedDocument, Place, RenderOutcome } from "../source/workspace.ts";
import type { InvariantReport } from "./report.ts";

/** How far a fix may go; the operator sets it, a repository may only tighten it. */
export interface Bounds {
  /** Below this the incident is escalated instead. */
  minimumConfidence: number;
  /** A memory limit may grow at most by this factor over the baseline. */
  memoryFactor: number;
  /** Upper bound in seconds for probe timings that a fix may set. */
  probeSeconds: number;
}

export interface GateInput {
  proposal: Proposal;
  /** The object that fails; class paths are relative to it. */
  target: ObjectRef;
  evidence: Evidence;
  /** The documents that were offered; their values are the baseline for every invariant. */
  offered: readonly OfferedDocument[];
  /** Places in `settings` documents that decide fields which the failure class permits; found by probing. */
  permitted: readonly Place[];
  /** Rendered objects at the base, as far as they can be rendered. */
  rendered: readonly KubeObject[];
  /** Image references seen working: last good render, ReplicaSets that were ready, other rendered objects. */
  knownImages: readonly string[];
  /** Digests (digestOf) of changes of earlier attempts that did not heal. */
  tried: readonly string[];
  bounds: Bounds;
}

export type ProposalVerdict = { kind: "refused"; report: InvariantReport } | { kind: "edits"; edits: DocumentEdit[]; report: InvariantReport };

/** What the edits did, computed by source/: the guards look at it once more before anything is approved. */
export interface MadeChange {
  files: readonly FileChange[];
  before: RenderOutcome;
  after: RenderOutcome;
  /** Other deliveries that render one of the files, for people. */
  alsoAffects: readonly string[];
}

export type ChangeVerdict = { kind: "refused"; report: InvariantReport } | { kind: "approved"; change: ApprovedChange; report: InvariantReport };

/**
 * File contents before and after that passed every guard. The private field makes the type nominal: nothing outside this file can make one,
 * and a pull request can be made of nothing else.
 */
export class ApprovedChange {
  readonly #approved = true;
  readonly files: readonly FileChange[];
  private constructor(files: readonly FileChange[]) {
    this.files = files;
    void this.#approved;
  }
}
