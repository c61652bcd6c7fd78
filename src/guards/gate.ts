import { createHash } from "node:crypto";
import type { DryRunOutcome } from "../cluster/dry-run.ts";
import type { KubeObject, ObjectRef } from "../cluster/objects.ts";
import type { SchemaBook } from "../cluster/schema-errors.ts";
import type { Bounds } from "../config/bounds.ts";
import type { Policy } from "../config/policies.ts";
import type { Proposal } from "../diagnosis/diagnosis.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { Beside } from "../source/delivery/manifests-beside.ts";
import { formatPath } from "../source/edit/field-path.ts";
import type { TextBasis } from "../source/slips/text-basis.ts";
import type { DocumentEdit, FileChange, OfferedDocument, Place, RenderOutcome } from "../source/workspace.ts";
import { runChangeGuards } from "./change-guards.ts";
import { compare } from "./compare.ts";
import { envelope } from "./envelope.ts";
import { grounding } from "./grounding.ts";
import { areFromHistory, plausible } from "./plausible.ts";
import { type GuardFinding, type InvariantReport, refused } from "./report.ts";
import { emptyReport, failClosed, GuardRun } from "./run.ts";
import { scope } from "./scope.ts";
import { addedLines } from "./secrets.ts";
import { judgeText } from "./text/gate.ts";
import type { TracedFile } from "./text/trace.ts";
import { yaml } from "./yaml.ts";

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
  /** Rendered objects at the last good revision, where known: what they say is a ground for putting it back. */
  lastGood?: readonly KubeObject[];
  /** What other deliveries of the repository bring, as far as it changed since then. */
  beside?: Beside;
  /** For a proposal of whole files: what their lines are traced to. */
  texts?: TextBasis;
  /** Digests (digestOf) of changes of earlier attempts that did not heal. */
  tried: readonly string[];
  bounds: Bounds;
  /** The team's own rules; none by default. */
  policies?: readonly Policy[];
  /** Whether nothing is approved without the cluster's own dry run. */
  dryRun?: "required";
}

export type ProposalVerdict =
  | { kind: "refused"; report: InvariantReport }
  /** `files`: what is left of a proposal of whole files, which has no edits. */
  | { kind: "edits"; edits: DocumentEdit[]; files?: TracedFile[]; report: InvariantReport };

/** What the edits did, computed by source/, and what the cluster says of it: the guards look at it once more before anything is approved. */
export interface MadeChange {
  files: readonly FileChange[];
  before: RenderOutcome;
  after: RenderOutcome;
  /** Other deliveries that render one of the files, for people. */
  alsoAffects: readonly string[];
  /** Those of them that would not be rendered any more. */
  breaks?: readonly string[];
  /** The cluster's own schemas, where it could be asked. */
  schemas?: SchemaBook;
  /** What the cluster said when it tried the change. */
  dryRun?: DryRunOutcome;
}

export type ChangeVerdict = { kind: "refused"; report: InvariantReport } | { kind: "approved"; change: ApprovedChange; report: InvariantReport };

let mint: (files: readonly FileChange[]) => ApprovedChange;

/**
 * File contents before and after that passed every guard. The private field makes the type nominal: nothing outside this file can make one,
 * and a pull request can be made of nothing else.
 */
export class ApprovedChange {
  static {
    mint = (files) => new ApprovedChange(files);
  }

  /** Whether it came out of this gate, and is not only shaped as if: what `JSON.parse` gives has every type. */
  static isGenuine(change: object): boolean {
    return #approved in change;
  }

  readonly #approved = true;
  readonly files: readonly FileChange[];
  /** {@link digestOf} the files, for the record of attempts. */
  readonly digest: string;
  private constructor(files: readonly FileChange[]) {
    this.files = Object.freeze(files.map((file) => Object.freeze({ ...file })));
    this.digest = digestOf(files);
    void this.#approved;
  }
}

/** Verdicts that guardProposal made: guardChange takes no others. */
const genuine = new WeakSet<ProposalVerdict>();

/** The guards that need only the proposal and what was offered: what is left of it as edits, or why nothing is. Never throws. */
export function guardProposal(input: GateInput): ProposalVerdict {
  return failClosed(() => judgeProposal(input));
}

function judgeProposal(input: GateInput): ProposalVerdict {
  const run = new GuardRun(emptyReport(input.proposal.confidence));
  run.run("envelope", () => envelope(input));
  if (run.isRefused) return { kind: "refused", report: run.report() };
  if (input.proposal.files) return textVerdict(run, input);
  const read = run.run("yaml", () => yaml(input));
  if (read) run.run("scope", () => scope(read.documents));
  if (!read) return { kind: "refused", report: run.report() };
  // Refused or not, the comparison goes on: the report, and a model's next attempt, need everything that is wrong at once.
  const compared = run.run("invariants", () => compare(input, read.documents));
  run.run("class-paths", () => ({ findings: halves(input, compared?.findings ?? []) }));
  if (!compared) return { kind: "refused", report: run.report() };
  const grounded = run.run("grounding", () => grounding(input, areFromHistory(input, compared)));
  if (grounded) run.confidence(grounded.confidence);
  run.run("plausible", () => plausible(input, compared, wasTried(input, compared.edits)));
  if (run.isRefused) return { kind: "refused", report: run.report() };
  const verdict: ProposalVerdict = { kind: "edits", edits: compared.edits, report: run.report() };
  genuine.add(verdict);
  return verdict;
}

/** Every field of the playbook's own fix is a part of it: where one of them had to be put back, what is left would be half a fix. A model may write more than it needs. */
function halves({ proposal }: GateInput, findings: readonly GuardFinding[]): GuardFinding[] {
  const [left] = proposal.origin === "playbook" ? findings.filter(({ verdict }) => verdict === "restored") : [];
  if (!left) return [];
  return [refused("class-paths", "half", `Without ${left.path ?? "what was put back"} the rest of this fix would be half of one, so it is left to people.`)];
}

function textVerdict(run: GuardRun, input: GateInput): ProposalVerdict {
  const files = judgeText(run, input);
  const grounded = run.run("grounding", () =>
    grounding(
      input,
      files.every(({ ground }) => ground === "last-good"),
    ),
  );
  if (grounded) run.confidence(grounded.confidence);
  if (run.isRefused) return { kind: "refused", report: run.report() };
  const verdict: ProposalVerdict = { kind: "edits", edits: [], files, report: run.report() };
  genuine.add(verdict);
  return verdict;
}

/** The guards that need what the edits did to the files and to what is rendered. Only here is an approved change made. Never throws. */
export function guardChange(input: GateInput, verdict: Extract<ProposalVerdict, { kind: "edits" }>, made: MadeChange): ChangeVerdict {
  return failClosed(() => judgeChange(input, verdict, made));
}

function judgeChange(input: GateInput, verdict: Extract<ProposalVerdict, { kind: "edits" }>, made: MadeChange): ChangeVerdict {
  const run = new GuardRun(verdict.report);
  if (!genuine.has(verdict)) run.run("envelope", () => ({ findings: [refused("envelope", "forged-verdict", "The proposal did not pass this gate.")] }));
  const subject = verdict.files ? { files: verdict.files } : { edits: verdict.edits };
  runChangeGuards(run, input, subject, made, wasTried(input, made.files));
  const report = run.report();
  return run.isRefused ? { kind: "refused", report } : { kind: "approved", change: mint(made.files), report };
}

function wasTried({ tried }: GateInput, change: readonly DocumentEdit[] | readonly FileChange[]): boolean {
  return tried.length > 0 && tried.includes(digestOf(change));
}

/**
 * A stable SHA-256 (hex) of a change, to know it again: of edits, or of files by the lines that go and come, so that a file's other
 * lines may change meanwhile.
 */
export function digestOf(change: readonly DocumentEdit[] | readonly FileChange[]): string {
  const parts = change.map((one) =>
    "after" in one
      ? ["file", one.path, addedLines(one.after, one.before ?? ""), addedLines(one.before ?? "", one.after)]
      : ["edit", one.file, one.document, formatPath(one.path), one.value ?? null, one.value === undefined],
  );
  return createHash("sha256")
    .update(JSON.stringify(parts.map((part) => JSON.stringify(part)).sort()))
    .digest("hex");
}
