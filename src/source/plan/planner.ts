import type { Json, KubeObject } from "../../cluster/objects.ts";
import { tryEditFiles } from "../edit/document-edits.ts";
import { startsWith } from "../edit/field-path.ts";
import { byMergeKey } from "../edit/merge-keys.ts";
import { imageParts } from "../image-reference.ts";
import type { InputDocument } from "../input-documents.ts";
import { refused } from "../refusal.ts";
import { type ValueReference, valueReferences } from "../render/value-references.ts";
import { listingsOf } from "../slips/unlisted.ts";
import type { DocumentEdit, FileChange, ObjectChange, RenderedChart, RenderOutcome, SourceRefusal, Workspace } from "../workspace.ts";
import { type Candidate, candidatesFor, describePlace } from "./candidates.ts";
import { dataInsertions } from "./data-values.ts";
import { applyChanges, type Difference, describeField, differences, isProgress, withoutHash } from "./differences.ts";
import { groupOverrides, ownOverrides } from "./group-overrides.ts";
import { insertionsFor, removalsFor } from "./insertions.ts";
import { lostPlaces, type Past } from "./lost-places.ts";
import { type NotEditable, nothingDecides } from "./nothing-decides.ts";
import { overrideEdits } from "./overrides.ts";
import { namesIn, proposals } from "./proposals.ts";
import { type RekeyedItem, rekeyedItems } from "./rekeyed-items.ts";
import { removedValues } from "./removed-values.ts";
import { type ValueLayer, valueLayers } from "./value-layers.ts";

export interface PlanParts {
  workspace: Pick<Workspace, "tree" | "renderWith">;
  /** The source's folder, without leading or trailing slash. */
  folder: string;
  /** Rendered as it is now. */
  objects: readonly KubeObject[];
  documents: readonly InputDocument[];
  /** Where helm rendered them. */
  chart?: RenderedChart;
  /** Files in which something may have been lost: what comes is looked for there first. */
  touched?: Past;
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
  for (const item of rekeyedItems(parts.objects, changes)) await search.rekey(item);
  return (await satisfyAll(search, changes)) ?? search.result();
}

/** One value may decide several fields, of which the first alone could not change: what is refused is tried again behind the others. */
async function satisfyAll(search: Search, changes: readonly ObjectChange[]): Promise<SourceRefusal | undefined> {
  let open: { change: ObjectChange; refusal?: SourceRefusal }[] = changes.map((change) => ({ change }));
  for (;;) {
    const left: typeof open = [];
    for (const { change, refusal: earlier } of open) {
      const refusal = await search.satisfy(change);
      if (refusal) left.push({ change, refusal: earlier ?? refusal });
    }
    if (left.length === 0 || left.length === open.length) return left[0]?.refusal;
    open = left;
  }
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

type SetChange = ObjectChange & { before: Json; after: Json };

const FOR_OTHERS = "What has to come back would change the chart's own default, which did not change, and which other environments have too";

interface Winner {
  candidate: Candidate;
  step: Step;
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
    const { before, after } = change;
    return before === undefined || after === undefined ? this.#addOrRemove(change, after) : this.#set({ ...change, before, after });
  }

  /** Tries to change what tells an item apart as the one scalar that it is. */
  async rekey({ gone, come, change }: RekeyedItem): Promise<void> {
    if (!this.#isOpen(gone, this.#state.remaining)) return;
    const notEditable = [...this.#notEditable];
    const { winners } = await this.#winners(change, [gone, come]);
    this.#notEditable = notEditable;
    const [winner, other] = winners;
    if (winner && !other) this.#state = winner.step;
  }

  #isOpen(change: ObjectChange, remaining: ReadonlyMap<string, Difference>): boolean {
    return [...remaining.values()].some((left) => isOf(left, change) && (startsWith(left.path, change.path) || startsWith(change.path, left.path)));
  }

  async #addOrRemove(change: ObjectChange, after: Json | undefined): Promise<SourceRefusal | undefined> {
    const { documents, folder, touched } = this.#parts;
    const { object, path } = change;
    if (path.length === 0) return this.#addObject(change);
    // A patch need not name an item that it merges into: `- containerPort: 9100` (https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/).
    const unnamed = byMergeKey(this.#parts.objects, change).filter((one) => one.path.length === path.length);
    const paths = [path, ...unnamed.map((one) => one.path)];
    const removals = () => [...paths.flatMap((one) => removalsFor(documents, object, one, change.before)), ...removedValues(this.#layers(), change)];
    const edits = after === undefined ? removals() : insertionsFor(documents, object, path, after, folder);
    const isWhereLost = ({ file }: DocumentEdit) => after !== undefined && touched?.has(file) === true;
    const [there, elsewhere] = [edits.filter(isWhereLost), edits.filter((edit) => !isWhereLost(edit))];
    // What a commit took away comes to a file that it changed, before any other that could have it as well: a shared base, the chart's own values.
    const isLostThere = after !== undefined && touched !== undefined && touched.size > 0 && elsewhere.length > 0;
    const found =
      (await this.#takesLost(change)) ||
      (await this.#takesFirst(there, change)) ||
      (isLostThere && (await this.#takesOverride(change, isWhereLost))) ||
      (await this.#takesFirst(elsewhere, change)) ||
      (after !== undefined && (await this.#takesOverride(change)));
    return found ? undefined : this.#nothing(change, edits.map(describePlace));
  }

  /** An object as a whole comes from a file that lies there, and that nothing lists. */
  async #addObject(change: ObjectChange): Promise<SourceRefusal | undefined> {
    const { documents, workspace } = this.#parts;
    const edits = change.after !== undefined && change.object.kind === "ConfigMap" ? await listingsOf(workspace.tree, documents, change.object.name) : [];
    return (await this.#takesFirst(edits, change)) ? undefined : this.#nothing(change, edits.map(describePlace));
  }

  /** The object's own document is authoritative where it has an effect; of all other places exactly one may have it. */
  async #set(change: SetChange): Promise<SourceRefusal | undefined> {
    if (await this.#takesLost(change)) return undefined;
    const { winners, candidates } = await this.#winners(change, [change]);
    const [winner, other] = winners;
    if (winner && !other && this.#isForOthers(winner.candidate)) {
      const own = await this.#takesOverride(change, ({ file }) => this.#parts.touched?.has(file) === true);
      return own ? undefined : refused("several-places", FOR_OTHERS, [describePlace(winner.candidate)]);
    }
    const places = winners.map(({ candidate }) => describePlace(candidate));
    if (other) return refused("several-places", `${describeField(change.object, change.path)} could be changed in several places`, places);
    if (winner) this.#state = (await this.#ofItem(change, winner.candidate)) ?? winner.step;
    else if (!(await this.#takesOverride(change))) return this.#nothing(change, candidates.map(describePlace));
    return undefined;
  }

  /** The places of a scalar that make the wanted changes, and all that were looked at. */
  async #winners({ object, path, before, after }: SetChange, wanted: readonly ObjectChange[]): Promise<{ winners: Winner[]; candidates: Candidate[] }> {
    const { documents } = this.#parts;
    // An entry of kustomize's images is by name: where the document got another one, the entry would do nothing any more.
    const isOtherName = path.at(-1) === "image" && imageParts(String(before)).name !== imageParts(String(after)).name;
    const all = candidatesFor(documents, object, path, before);
    const candidates = isOtherName ? [...all.filter(({ how }) => how === "image"), ...all.filter(({ how }) => how !== "image")] : all;
    const winners: Winner[] = [];
    for (const { candidate, edits } of proposals(candidates, before, after, namesIn(documents))) {
      const step = await this.#try(edits, ...wanted);
      if (!step) continue;
      winners.push({ candidate, step });
      if (candidate.how === "document" || (isOtherName && candidate.how === "image")) break;
    }
    return { winners, candidates };
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
  async #takesOverride(change: ObjectChange, isAmong: (edit: DocumentEdit) => boolean = () => true): Promise<boolean> {
    const notEditable = [...this.#notEditable];
    const found = await this.#takesFirst((await this.#overrides(change)).filter(isAmong), change);
    this.#notEditable = notEditable;
    return found;
  }

  /** Gives back to the layer of values that had it what a commit took away there. */
  async #takesLost(change: ObjectChange): Promise<boolean> {
    const { touched } = this.#parts;
    if (!touched || touched.size === 0) return false;
    const notEditable = [...this.#notEditable];
    const found = await this.#takesFirst(lostPlaces(this.#layers(), touched, change), change);
    this.#notEditable = notEditable;
    return found;
  }

  /** Whether a place is the chart's own default, which was the same when all was well: what came since is a matter of the layers above it. */
  #isForOthers({ file }: Candidate): boolean {
    const { touched } = this.#parts;
    const layers = this.#layers();
    const isDefault = layers.some((layer) => layer.isDefault && layer.document.file === file);
    return isDefault && layers.some((layer) => !layer.isDefault) && touched !== undefined && touched.size > 0 && !touched.has(file);
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
    return [
      ...overrideEdits(layers, await this.#references, change, template),
      ...groupOverrides(layers, change),
      ...dataInsertions(layers, this.#parts.objects, change),
    ];
  }

  /** Renders with the edits made so far and these; undefined where that is not progress on these changes, or files change that must not. */
  async #try(edits: readonly DocumentEdit[], ...changes: readonly ObjectChange[]): Promise<Step | undefined> {
    const all = [...this.#state.edits, ...edits];
    const edited = await tryEditFiles(this.#parts.workspace.tree, all);
    if (edited.kind === "refused") {
      this.#notEditable.push(...edits.map((edit) => ({ place: describePlace(edit), code: edited.code, message: edited.message })));
      return undefined;
    }
    const rendered = await this.#parts.workspace.renderWith(edited.files);
    if (rendered.kind !== "rendered") return undefined;
    const remaining = differences(rendered.objects, this.#wanted);
    if (!isProgress(this.#state.remaining, remaining) || changes.some((change) => this.#isOpen(change, remaining))) return undefined;
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

export function renderFailure(outcome: Exclude<RenderOutcome, { kind: "rendered" }>): SourceRefusal {
  if (outcome.kind === "refused") return outcome;
  return outcome.refusal ?? refused("render-failed", `The source cannot be rendered: ${outcome.message}. Correct that by hand`, outcome.inputs);
}
