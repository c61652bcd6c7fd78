import { isKubeObject, type Json, type KubeObject, listAt, type ObjectRef, objectAt, refOf, textAt } from "../../src/cluster/objects.ts";
import type { Bounds } from "../../src/config/bounds.ts";
import type { Proposal } from "../../src/diagnosis/diagnosis.ts";
import type { Evidence, EvidenceItem, EvidenceKind } from "../../src/evidence/evidence.ts";
import { type ChangeVerdict, type GateInput, guardChange, guardProposal, type MadeChange, type ProposalVerdict } from "../../src/guards/gate.ts";
import type { InvariantReport } from "../../src/guards/report.ts";
import { editDocument } from "../../src/source/edit/edit.ts";
import { unifiedDiff } from "../../src/source/edit/patch.ts";
import { parseYaml } from "../../src/source/edit/yaml-documents.ts";
import type { FileChange, OfferedDocument, RenderOutcome } from "../../src/source/workspace.ts";
import { loadRecording, recordingIds, truthOf } from "../world/recording.ts";

export const BOUNDS: Bounds = { minimumConfidence: 0.6, memoryFactor: 4, maxMemoryGi: 64, cpuFactor: 4, maxCpu: 16, probeSeconds: 300, deadlineFactor: 4 };

type Files = Readonly<Record<string, string>>;

/** A failing delivery as the gate meets it. */
export interface Situation {
  files: Files;
  target: ObjectRef;
  offered: OfferedDocument[];
  evidence: Evidence;
  rendered: KubeObject[];
  lastGood: KubeObject[];
  knownImages: string[];
  render(files: Files): KubeObject[];
}

/** The recording of a scenario, as plain manifests: every YAML document with a kind is rendered as it is. */
export function recorded(scenario: string, target: { kind: string; name?: string }): Situation {
  const id = recordingIds().find((one) => truthOf(one).scenario === scenario);
  if (!id) throw new Error(`no recording of ${scenario}`);
  const recording = loadRecording(id);
  const files = manifests(recording.after);
  return situation({
    files,
    good: manifests(recording.before),
    namespace: id,
    target,
    items: [
      ...recording.objects
        .filter(({ kind }) => kind === "Event")
        .map((event) => item("event", `${textAt(event, "reason")}: ${textAt(event, "note") || textAt(event, "message")}`)),
      ...recording.objects.filter(({ kind }) => kind === "Pod").map((pod) => item("pod", JSON.stringify(pod.status))),
      ...recording.objects
        .filter(({ kind }) => ["Application", "Kustomization", "HelmRelease"].includes(kind))
        .map((delivery) => item("delivery", JSON.stringify(delivery.status ?? {}))),
      ...recording.objects.filter(({ kind }) => ["Service", "EndpointSlice"].includes(kind)).map((object) => item("service", JSON.stringify(object))),
      ...recording.objects
        .filter(({ kind }) => ["ConfigMap", "LimitRange", "Node"].includes(kind))
        .map((object) => item("surroundings", JSON.stringify({ ...object, status: null }))),
      ...Object.entries(recording.logs).map(([name, text]) => item("log", `${name}\n${text.slice(-4000)}`)),
    ],
    images: recording.objects
      .flatMap((object) => (object.kind === "Pod" ? listAt(object, "status", "containerStatuses") : []))
      .filter((status) => objectAt(status).ready === true)
      .map((status) => textAt(status, "image")),
  });
}

interface Written {
  files: Files;
  good: Files;
  namespace: string;
  target: { kind: string; name?: string };
  items: Omit<EvidenceItem, "id">[];
  images?: string[];
}

/** A situation written out by a test; `good` is what the last working revision had. */
export function situation({ files, good, namespace, target, items, images = [] }: Written): Situation {
  const render = (tree: Files) =>
    documentsOf(tree)
      .map(({ value }) => value)
      .filter(isKubeObject);
  const rendered = render(files);
  const lastGood = render(good);
  const found = rendered.find(({ kind, metadata }) => kind === target.kind && (target.name === undefined || metadata.name === target.name));
  if (!found) throw new Error(`no ${target.kind} is rendered`);
  const changes = [...new Set([...Object.keys(files), ...Object.keys(good)])]
    .map((path): FileChange => ({ path, before: good[path] ?? "", after: files[path] ?? "" }))
    .filter(({ before, after }) => before !== after);
  const all = changes.length > 0 ? [...items, item("git-diff", unifiedDiff(changes))] : items;
  return {
    files,
    target: { ...refOf(found), namespace: textAt(found, "metadata", "namespace") || namespace },
    offered: documentsOf(files).map(({ file, index, value, text }, i) => ({ id: `D${i + 1}`, file, index, value, text, role: "object" })),
    evidence: { items: all.map((one, i) => ({ ...one, id: `E${i + 1}` })), omitted: 0, redactions: {} },
    rendered,
    lastGood,
    knownImages: [...images, ...lastGood.flatMap(imagesIn)],
    render,
  };
}

export function item(kind: EvidenceKind, text: string): Omit<EvidenceItem, "id"> {
  return { kind, source: kind, text };
}

function manifests(files: Files): Files {
  return Object.fromEntries(Object.entries(files).filter(([path]) => /\.ya?ml$/.test(path) && !path.endsWith("kustomization.yaml")));
}

function documentsOf(files: Files): { file: string; index: number; value: Json; text: string }[] {
  return Object.entries(files).flatMap(([file, whole]) => {
    const parsed = parseYaml(whole);
    if (parsed.kind === "refused") return [];
    return parsed.documents
      .filter(({ value }) => isKubeObject(value))
      .map(({ index, value, start, end }) => ({ file, index, value, text: whole.slice(start, end) }));
  });
}

/** Every image that something rendered asks for. */
export function imagesIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(imagesIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => (key === "image" && typeof child === "string" ? [child] : imagesIn(child)));
}

/** A proposal that corrects one document; by default with a quote that is there. */
export function proposal(
  world: Situation,
  given: Partial<Proposal> & Pick<Proposal, "failureClass"> & { yaml?: string; container?: string; quote?: string },
): Proposal {
  const { yaml, container, quote, ...rest } = given;
  return {
    origin: "model",
    rootCause: "The workload fails since the last commit.",
    target: { object: world.target, ...(container ? { container } : {}) },
    confidence: 0.9,
    quotes: quote === undefined ? [] : [quoteOf(world, quote)],
    documents: yaml === undefined ? [] : [{ id: targetDocument(world).id, yaml }],
    words: ["puts the field right"],
    ...rest,
  };
}

/** A quote of the first evidence item, not a log if possible, that holds the text. */
export function quoteOf({ evidence }: Situation, text: string): { evidenceId: string; quote: string } {
  const holding = evidence.items.filter((one) => one.text.includes(text));
  const found = holding.find(({ kind }) => kind !== "log") ?? holding[0];
  if (!found) throw new Error(`no evidence holds ${text}`);
  return { evidenceId: found.id, quote: text };
}

/** The document that is the failing object. */
export function targetDocument(world: Situation): OfferedDocument {
  return documentOf(world, world.target);
}

export function documentOf({ offered }: Situation, { kind, name }: { kind: string; name: string }): OfferedDocument {
  const found = offered.find(({ value }) => textAt(value, "kind") === kind && textAt(value, "metadata", "name") === name);
  if (!found) throw new Error(`${kind} ${name} was not offered`);
  return found;
}

export interface Judged {
  proposal: ProposalVerdict;
  change: ChangeVerdict | undefined;
  report: InvariantReport;
  /** What would be committed; undefined where refused. */
  files: readonly FileChange[] | undefined;
}

/** The whole gate with the real editor, as reconcile runs it. */
export function judge(world: Situation, written: Proposal, changes: Partial<GateInput> = {}): Judged {
  const input: GateInput = {
    proposal: written,
    target: world.target,
    evidence: world.evidence,
    offered: world.offered,
    permitted: [],
    rendered: world.rendered,
    knownImages: world.knownImages,
    lastGood: world.lastGood,
    tried: [],
    bounds: BOUNDS,
    ...changes,
  };
  const verdict = guardProposal(input);
  if (verdict.kind === "refused") return { proposal: verdict, change: undefined, report: verdict.report, files: undefined };
  const made = make(world, verdict.edits);
  const change = guardChange(input, verdict, made);
  return { proposal: verdict, change, report: change.report, files: change.kind === "approved" ? change.change.files : undefined };
}

/** The edits made by the real editor, and rendered. */
export function make(world: Situation, edits: Extract<ProposalVerdict, { kind: "edits" }>["edits"]): MadeChange {
  const files = [...new Set(edits.map(({ file }) => file))].map((path): FileChange => {
    const before = world.files[path] ?? "";
    const outcome = editDocument(
      before,
      edits.filter(({ file }) => file === path),
    );
    if (outcome.kind === "refused") throw new Error(`${path} cannot be edited: ${outcome.message}`);
    return { path, before, after: outcome.text };
  });
  const after = { ...world.files, ...Object.fromEntries(files.map(({ path, after: text }) => [path, text])) };
  return { files, before: outcomeOf(world.rendered), after: outcomeOf(world.render(after)), alsoAffects: [] };
}

function outcomeOf(objects: KubeObject[]): RenderOutcome {
  return { kind: "rendered", objects, inputs: [] };
}

/** `guard/rule` of every finding, for assertions. */
export function rules({ report }: Judged): string[] {
  return report.findings.map(({ guard, rule }) => `${guard}/${rule}`);
}
