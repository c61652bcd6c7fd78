import { type Json, type KubeObject, listAt, textAt } from "../cluster/objects.ts";
import { affixesOf } from "./affixes.ts";
import { type Candidate, candidatesFor, describePlace } from "./candidates.ts";
import { applyChanges, type Difference, describeField, differences, isProgress, withoutHash } from "./differences.ts";
import { tryEditFiles } from "./document-edits.ts";
import { sameJson, startsWith } from "./field-path.ts";
import { groupOverrides, ownOverrides } from "./group-overrides.ts";
import { type InputDocument, isKustomization } from "./input-documents.ts";
import { insertionsFor, removalsFor } from "./insertions.ts";
import { type NotEditable, nothingDecides } from "./nothing-decides.ts";
import { overrideEdits } from "./overrides.ts";
import { type KustomizeNames, proposedValues } from "./proposed-values.ts";
import { refused } from "./refusal.ts";
import { removedValues } from "./removed-values.ts";
import { listingsOf } from "./unlisted.ts";
import { type ValueLayer, valueLayers } from "./value-layers.ts";
import { type ValueReference, valueReferences } from "./value-references.ts";
import type { DocumentEdit, FileChange, ObjectChange, RenderedChart, RenderOutcome, SourceRefusal, Workspace } from "./workspace.ts";

export interface PlanParts {
  workspace: Pick<Workspace, "tree" | "renderWith">;
  /** The source's folder, without leading or trailing slash. */
  folder: string;
  /** Rendered as it is now. */
  objects: readonly KubeObject[];
  documents: readonly InputDocument[];
  /** Where helm rendered them. */
  chart?: RenderedChart;
}

/** Whether files may change in this way; others may render them too. */
export type Acceptable = (files: readonly FileChange[]) => Promise<boolean>;

export type PlanOutcome = { kind: "planned"; edits: DocumentEdit[]; files: FileChange[] } | SourceRefusal;

/**
 * Searches edits that make the rendered objects differ in exactly the wanted ways. Every step is proven by rendering: an edit counts only if what differs from
 * the wanted objects gets less and nothing else changes.
 */
export async function planChanges(parts: PlanParts, changes: readonly ObjectChange[], acceptable: Acceptable = async () => true): Promise<PlanOutcome> {
  const wanted = applyChanges(parts.objects, changes);
  if (!Array.isArray(wanted)) return refused("object-not-rendered", `${describeField(wanted.object, wanted.path)}: the source does not render this object`);
  const secret = changes.find(({ object }) => object.kind === "Secret");
  if (secret) return refused("secret-data", `${describeField(secret.object, secret.path)} is secret data, which Kube AutoFix never edits`);
  const search = new Search(parts, wanted, acceptable);
  for (const change of changes) {
    const refusal = await search.satisfy(change);
    if (refusal) return refusal;
  }
  return search.result();
}

/** Whether these edits make the rendered objects differ in exactly the wanted ways; undefined where not. */
export async function proveEdits(parts: PlanParts, changes: readonly ObjectChange[], edits: readonly DocumentEdit[]): Promise<FileChange[] | undefined> {
  const wanted = applyChanges(parts.objects, changes);
  const edited = await tryEditFiles(parts.workspace.tree, edits);
  if (!Array.isArray(wanted) || edited.kind === "refused") return undefined;
  const rendered = await parts.workspace.renderWith(edited.files);
  return rendered.kind === "rendered" && differences(rendered.objects, wanted).size === 0 ? edited.files : undefined;
}

interface Step {
  edits: DocumentEdit[];
  files: FileChange[];
  remaining: Map<string, Difference>;
}

class Search {
  readonly #parts: PlanParts;
  readonly #wanted: readonly KubeObject[];
  readonly #acceptable: Acceptable;
  #state: Step;
  #notEditable: NotEditable[] = [];
  #references: Promise<ValueReference[]> | undefined;

  constructor(parts: PlanParts, wanted: readonly KubeObject[], acceptable: Acceptable) {
    this.#parts = parts;
    this.#wanted = wanted;
    this.#acceptable = acceptable;
    this.#state = { edits: [], files: [], remaining: differences(parts.objects, wanted) };
  }

  result(): PlanOutcome {
    const [left] = this.#state.remaining.values();
    if (left) return nothingDecides(this.#parts, left, [], this.#notEditable);
    return { kind: "planned", edits: this.#state.edits, files: this.#state.files };
  }

  /** Finds the edits for one change, unless earlier ones did it already. */
  async satisfy(change: ObjectChange): Promise<SourceRefusal | undefined> {
    if (!this.#isOpen(change, this.#state.remaining)) return undefined;
    if (change.before === undefined || change.after === undefined) return this.#addOrRemove(change, change.after);
    return this.#set(change, change.before, change.after);
  }

  #isOpen(change: ObjectChange, remaining: ReadonlyMap<string, Difference>): boolean {
    return [...remaining.values()].some((left) => isOf(left, change) && (startsWith(left.path, change.path) || startsWith(change.path, left.path)));
  }

  async #addOrRemove(change: ObjectChange, after: Json | undefined): Promise<SourceRefusal | undefined> {
    const { documents, folder } = this.#parts;
    const { object, path } = change;
    if (path.length === 0) return this.#addObject(change);
    const removals = () => [...removalsFor(documents, object, path, change.before), ...removedValues(this.#layers(), change)];
    const edits = after === undefined ? removals() : insertionsFor(documents, object, path, after, folder);
    const found = (await this.#takesFirst(edits, change)) || (after !== undefined && (await this.#takesOverride(change)));
    return found ? undefined : this.#nothing(change, edits.map(describePlace));
  }

  /** An object as a whole comes from a file that lies there, and that nothing lists. */
  async #addObject(change: ObjectChange): Promise<SourceRefusal | undefined> {
    const { documents, workspace } = this.#parts;
    const edits = change.after !== undefined && change.object.kind === "ConfigMap" ? await listingsOf(workspace.tree, documents, change.object.name) : [];
    return (await this.#takesFirst(edits, change)) ? undefined : this.#nothing(change, edits.map(describePlace));
  }

  /** The object's own document is authoritative where it has an effect; of all other places exactly one may have it. */
  async #set(change: ObjectChange, before: Json, after: Json): Promise<SourceRefusal | undefined> {
    const candidates = candidatesFor(this.#parts.documents, change.object, change.path, before);
    const winners: { candidate: Candidate; step: Step }[] = [];
    for (const { candidate, edits } of proposals(candidates, before, after, namesIn(this.#parts.documents))) {
      const step = await this.#try(edits, change);
      if (!step) continue;
      winners.push({ candidate, step });
      if (candidate.how === "document") break;
    }
    const [winner, other] = winners;
    const places = winners.map(({ candidate }) => describePlace(candidate));
    if (other) return refused("several-places", `${describeField(change.object, change.path)} could be changed in several places`, places);
    if (winner) this.#state = (await this.#ofItem(change, winner.candidate)) ?? winner.step;
    else if (!(await this.#takesOverride(change))) return this.#nothing(change, candidates.map(describePlace));
    return undefined;
  }

  /** Where a value that all items of a chart have could change for this one alone, the item says otherwise itself: the next of them should not have it. */
  async #ofItem(change: ObjectChange, { file, path, how }: Candidate): Promise<Step | undefined> {
    for (const edit of how === "document" ? [] : ownOverrides(this.#layers(), change, { file, path })) {
      const step = await this.#try([edit], change);
      if (step) return step;
    }
    return undefined;
  }

  /** Takes the first of the values that nothing gives to the chart yet and that make progress. What cannot be edited there is no reason to refuse. */
  async #takesOverride(change: ObjectChange): Promise<boolean> {
    const notEditable = [...this.#notEditable];
    const found = await this.#takesFirst(await this.#overrides(change), change);
    this.#notEditable = notEditable;
    return found;
  }

  /** Takes the first of some edits that makes progress. */
  async #takesFirst(edits: readonly DocumentEdit[], change: ObjectChange): Promise<boolean> {
    for (const edit of edits) {
      const step = await this.#try([edit], change);
      if (!step) continue;
      this.#state = step;
      return true;
    }
    return false;
  }

  /** What gives values to the chart, where there is one. */
  #layers(): ValueLayer[] {
    const { chart, documents } = this.#parts;
    return chart ? valueLayers(chart, documents) : [];
  }

  /** Values that nothing gives to the chart yet. */
  async #overrides(change: ObjectChange): Promise<DocumentEdit[]> {
    const { chart, workspace } = this.#parts;
    if (!chart) return [];
    this.#references ??= valueReferences(workspace.tree, chart);
    const template = chart.templates.get(`${change.object.kind}/${change.object.name}`);
    const layers = this.#layers();
    return [...overrideEdits(layers, await this.#references, change, template), ...groupOverrides(layers, change)];
  }

  /** Renders with the edits made so far and these; undefined where that is not progress on this change, or files change that must not. */
  async #try(edits: readonly DocumentEdit[], change: ObjectChange): Promise<Step | undefined> {
    const all = [...this.#state.edits, ...edits];
    const edited = await tryEditFiles(this.#parts.workspace.tree, all);
    if (edited.kind === "refused") {
      this.#notEditable.push(...edits.map((edit) => ({ place: describePlace(edit), code: edited.code, message: edited.message })));
      return undefined;
    }
    const rendered = await this.#parts.workspace.renderWith(edited.files);
    if (rendered.kind !== "rendered") return undefined;
    const remaining = differences(rendered.objects, this.#wanted);
    if (!isProgress(this.#state.remaining, remaining) || this.#isOpen(change, remaining)) return undefined;
    return (await this.#acceptable(edited.files)) ? { edits: all, files: edited.files, remaining } : undefined;
  }

  #nothing(change: ObjectChange, tried: readonly string[]): SourceRefusal {
    return nothingDecides(this.#parts, change, tried, this.#notEditable);
  }
}

/** Whether a difference is of the object that a change is about. A rename shows as one object too many and one missing. */
function isOf({ object, path }: Difference, change: ObjectChange): boolean {
  if (object.kind !== change.object.kind || object.group !== change.object.group) return false;
  const isRename = path.length === 0 && change.path[0] === "metadata" && change.path.length === 2;
  return isRename || object.name === change.object.name || object.name === `${withoutHash(change.object.name)}-#`;
}

function namesIn(documents: readonly InputDocument[]): KustomizeNames {
  const generators = documents.filter(isKustomization).flatMap(({ value }) => ["configMapGenerator", "secretGenerator"].flatMap((key) => listAt(value, key)));
  return { generators: generators.map((generator) => textAt(generator, "name")).filter((name) => name !== ""), affixes: affixesOf(documents) };
}

interface Proposal {
  candidate: Candidate;
  edits: DocumentEdit[];
}

/** The proposals of each candidate; the parts of one image belong together, so that a name and a tag can change at once. */
function proposals(candidates: readonly Candidate[], before: Json, after: Json, names: KustomizeNames): Proposal[] {
  const parts = new Map<string, Proposal>();
  const all: Proposal[] = [];
  for (const candidate of candidates) {
    const { file, document, path, within } = candidate;
    const owner = describePlace(within ? { file, path, within: within.slice(0, -1) } : { file, path: path.slice(0, -1) });
    for (const value of proposedValues(candidate, before, after, names)) {
      if (sameJson(value, candidate.value)) continue;
      const edit = { file, document, path, ...(within ? { within } : {}), value };
      const group = candidate.part === "whole" ? undefined : parts.get(owner);
      if (group) group.edits.push(edit);
      else all.push({ candidate, edits: [edit] });
      const added = all.at(-1);
      if (!group && added && candidate.part !== "whole") parts.set(owner, added);
    }
  }
  return all;
}

export function renderFailure(outcome: Exclude<RenderOutcome, { kind: "rendered" }>): SourceRefusal {
  if (outcome.kind === "refused") return outcome;
  return outcome.refusal ?? refused("render-failed", `The source cannot be rendered: ${outcome.message}. Correct that by hand`, outcome.inputs);
}
