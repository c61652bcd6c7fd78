import { type Advisers, judgeWithCluster } from "./ask-cluster.ts";
import { isKubeObject, type KubeObject, refOf, sameRef } from "./cluster/objects.ts";
import type { Cluster, Observation } from "./cluster/observation.ts";
import type { Bounds } from "./config/bounds.ts";
import type { Policy } from "./config/policies.ts";
import { type Considered, consider } from "./diagnosis/considered.ts";
import type { Diagnosis, DiagnosisInput, ModelOutcome, Proposal } from "./diagnosis/diagnosis.ts";
import { collectEvidence } from "./evidence/collect.ts";
import type { Evidence } from "./evidence/evidence.ts";
import { knownImages } from "./evidence/known-images.ts";
import { permittedFields } from "./guards/class-paths.ts";
import { type ApprovedChange, type GateInput, guardChange, guardProposal, type MadeChange } from "./guards/gate.ts";
import { changedObjects } from "./guards/rendered-diff.ts";
import type { GuardFinding, InvariantReport } from "./guards/report.ts";
import { refused } from "./guards/report.ts";
import type { Incident } from "./incident/incident.ts";
import { provenChanges } from "./proven-changes.ts";
import { markedByPolicy } from "./source/delivery/image-updater.ts";
import { manifestsBeside } from "./source/delivery/manifests-beside.ts";
import { tryEditFiles } from "./source/edit/document-edits.ts";
import { isBuildFile } from "./source/git/repository-paths.ts";
import type { History } from "./source/history.ts";
import { objectsDiff } from "./source/object-diff.ts";
import { readTextBasis } from "./source/slips/text-basis.ts";
import type { FileChange, OfferedDocument, Place, RenderOutcome, Workspace } from "./source/workspace.ts";

export type FixDiagnosis = Extract<Diagnosis, { kind: "fix" }>;

/** How the search for a fix ends. Only from `approved` can a pull request be made; the others are for a human to read. */
export type Repair = { evidence: Evidence; earlier: readonly FailedTry[] } & (
  | ({ kind: "approved"; diagnosis: FixDiagnosis; change: ApprovedChange; report: InvariantReport } & Consequences)
  | { kind: "refused"; diagnosis: FixDiagnosis; report: InvariantReport; considered: Considered }
  | { kind: "no-fix"; diagnosis: Exclude<Diagnosis, FixDiagnosis>; considered: Considered }
);

/** What else an approved change means, for people. */
export interface Consequences {
  /** Unified diff of the rendered objects; "" where the files' own diff says it all. */
  effect: string;
  /** Other deliveries that render one of the files. */
  alsoAffects: readonly string[];
}

/** An answer of the model that led to nothing, before the one that counts: kept for the report. */
export interface FailedTry {
  outcome: "refused" | "no-fix";
  author: string;
  /** What was wrong with it, in one line. */
  summary: string;
}

/** Everything known before the search begins. */
export interface RepairCase {
  incident: Incident;
  observation: Observation;
  /** The branch's head: a fix is based on it. */
  workspace: Workspace;
  history: History;
  /** Digests of changes that were tried and did not heal. */
  tried: readonly string[];
  hint?: string;
}

export interface RepairParts extends Advisers {
  cluster: Pick<Cluster, "logs"> & Advisers["cluster"];
  diagnose(input: DiagnosisInput): Promise<Diagnosis>;
  bounds: Bounds;
  /** The team's own rules; none unless given. */
  policies?: readonly Policy[];
  now(): Date;
}

/** How often a model may answer one incident, with the guards' violations fed back. The playbook would only repeat itself. */
const MODEL_ATTEMPTS = 3;

/** Asking the same endpoint again at once would end alike. */
const HOPELESS: ReadonlySet<ModelOutcome> = new Set(["unreachable", "budget"]);

/** From an incident to a change that every guard approved, or to the reason why there is none. Reads only; writes nothing anywhere. */
export async function findRepair(parts: RepairParts, repairCase: RepairCase): Promise<Repair> {
  const input = await diagnosisInput(parts, repairCase);
  const { evidence } = input;
  const feedback: string[] = [];
  const earlier: FailedTry[] = [];
  const failed = (diagnosis: Diagnosis, outcome: FailedTry["outcome"], reasons: readonly string[]) => {
    feedback.push(...reasons);
    earlier.push({ outcome, author: diagnosis.provenance.author, summary: reasons.join(" ") });
  };
  for (let attempt = 1; ; attempt++) {
    const diagnosis = await parts.diagnose({ ...input, feedback });
    const last = diagnosis.provenance.engine === "playbook" || attempt === MODEL_ATTEMPTS;
    if (diagnosis.kind !== "fix") {
      if (diagnosis.kind !== "unusable" || last || HOPELESS.has(diagnosis.outcome))
        return { kind: "no-fix", diagnosis, evidence, earlier, considered: consider(input) };
      failed(diagnosis, "no-fix", [`The answer could not be used (${diagnosis.outcome}): ${diagnosis.detail}`]);
      continue;
    }
    const judged = await judge(parts, repairCase, input, diagnosis);
    if (judged.kind === "approved") return { ...judged, diagnosis, evidence, earlier };
    if (last) return { kind: "refused", diagnosis, report: judged.report, evidence, earlier, considered: consider(input) };
    failed(diagnosis, "refused", violations(judged.report));
  }
}

/** Everything that a diagnosis looks at. */
export async function diagnosisInput(
  parts: Pick<RepairParts, "cluster" | "now">,
  { incident, observation, workspace, history, hint }: RepairCase,
): Promise<DiagnosisInput> {
  const outcome = await workspace.render();
  const renderError = renderErrorOf(outcome);
  const evidence = await gatherEvidence(parts, { incident, observation, workspace, history });
  return {
    incident,
    observation,
    evidence,
    workspace,
    rendered: outcome.kind === "rendered" ? outcome.objects : [],
    ...(renderError ? { renderError } : {}),
    ...(history.lastGood ? { lastGood: history.lastGood } : {}),
    beside: await manifestsBeside(workspace, history.lastGood?.workspace),
    ...(history.older ? { older: history.older } : {}),
    commits: history.commits,
    documents: await workspace.documentsFor(incident.target),
    feedback: [],
    ...(hint ? { hint } : {}),
  };
}

/** What the cluster and git say about an incident, as the search for a fix and the check of a branch's head see it. */
export async function gatherEvidence(
  { cluster, now }: Pick<RepairParts, "cluster" | "now">,
  { incident, observation, workspace, history }: Pick<RepairCase, "incident" | "observation" | "workspace" | "history">,
): Promise<Evidence> {
  const { commits, diff, renderDiff } = history;
  const renderError = renderErrorOf(await workspace.render());
  return collectEvidence({ incident, observation, cluster, git: { commits, diff, renderDiff, ...(renderError ? { renderError } : {}) }, now: now() });
}

function renderErrorOf(outcome: RenderOutcome): string | undefined {
  return outcome.kind === "rendered" ? undefined : outcome.message;
}

type Judged = ({ kind: "approved"; change: ApprovedChange; report: InvariantReport } & Consequences) | { kind: "refused"; report: InvariantReport };

/** The guards on the proposal, the edit in memory, and the guards on what the edit does. */
async function judge(parts: RepairParts, repairCase: RepairCase, input: DiagnosisInput, diagnosis: FixDiagnosis): Promise<Judged> {
  const { workspace, observation, history, tried } = repairCase;
  const { proposal, documents, lastGood = history.lastGood } = diagnosis;
  const gate: GateInput = {
    proposal,
    target: proposal.target.object,
    evidence: input.evidence,
    offered: documents,
    permitted: await permittedPlaces(workspace, proposal, documents, input.rendered),
    rendered: input.rendered,
    knownImages: knownImages(observation, [input.rendered, lastGood?.objects ?? []]),
    ...(lastGood ? { lastGood: lastGood.objects } : {}),
    // Since an older revision, on which a diagnosis can be based, other files changed.
    beside: (lastGood === history.lastGood ? input.beside : undefined) ?? (await manifestsBeside(workspace, lastGood?.workspace)),
    ...(proposal.files ? { texts: await readTextBasis(workspace, lastGood?.workspace) } : {}),
    tried,
    bounds: parts.bounds,
    policies: parts.policies ?? [],
    ...(parts.dryRun ? { dryRun: "required" as const } : {}),
  };
  const verdict = guardProposal(gate);
  if (verdict.kind === "refused") return verdict;
  const edited = verdict.files ? { kind: "edited" as const, files: verdict.files.map(asChange) } : await tryEditFiles(workspace.tree, verdict.edits);
  if (edited.kind === "refused") return { kind: "refused", report: withFinding(verdict.report, refused("yaml", `edit-${edited.code}`, edited.message)) };
  const { files } = edited;
  const updater = markedByPolicy(files);
  if (updater) return { kind: "refused", report: withFinding(verdict.report, refused("scope", updater.code, updater.message)) };
  const [before, after] = [await workspace.render(), await workspace.renderWith(files)];
  const made = { files, before, after, alsoAffects: await workspace.alsoAffects(files), breaks: await workspace.breaks(files) };
  const final = await judgeWithCluster(parts, observation, gate.target.namespace, made, (known) => guardChange(gate, verdict, known));
  return final.kind === "refused" ? final : { ...final, effect: await effectOf(workspace, made), alsoAffects: made.alsoAffects };
}

/** In a plain directory the files' own diff shows what becomes of the objects; what kustomize, Helm or a substitution makes of a change has to be rendered for that. */
async function effectOf(workspace: Workspace, { files, before, after }: MadeChange): Promise<string> {
  if (before.kind !== "rendered" || after.kind !== "rendered") return "";
  const edited = await workspace.documentsIn(files.map(({ path }) => path));
  const isShown = (object: KubeObject) =>
    edited.some(({ value }) => isKubeObject(value) && value.kind === object.kind && value.metadata.name === object.metadata.name);
  const changed = changedObjects(before.objects, after.objects).flatMap((one) => one.after ?? []);
  const isBuilt = [...before.inputs, ...after.inputs].some((path) => isBuildFile(path));
  return isBuilt || !changed.every(isShown) ? objectsDiff(before.objects, after.objects) : "";
}

function asChange({ path, before, after }: FileChange): FileChange {
  return { path, before, after };
}

/** Where the fields that this failure class permits are decided, as far as that is in documents which are no manifests themselves. */
export async function permittedPlaces(
  workspace: Workspace,
  proposal: Pick<Proposal, "failureClass" | "target" | "documents">,
  documents: readonly OfferedDocument[],
  rendered: readonly KubeObject[],
): Promise<Place[]> {
  const { failureClass, target } = proposal;
  const object = rendered.find((candidate) => sameRef(refOf(candidate), target.object));
  if (!object || documents.every((document) => document.role !== "settings")) return [];
  const places: Place[] = [];
  for (const field of permittedFields(failureClass, object, target.container)) {
    const place = await workspace.locate(target.object, field);
    if (!("kind" in place)) places.push(place);
  }
  return [...places, ...(await provenChanges(workspace, proposal, documents))];
}

/** What passed the guards can still be impossible to write without touching more than was approved (anchors, block scalars). */
function withFinding(report: InvariantReport, finding: GuardFinding): InvariantReport {
  return { ...report, findings: [...report.findings, finding] };
}

function violations(report: InvariantReport): string[] {
  return report.findings.map((finding) => `${finding.guard}/${finding.rule}: ${finding.message}`);
}
