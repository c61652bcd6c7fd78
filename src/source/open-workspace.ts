import type { ObjectRef } from "../cluster/objects.ts";
import { differences } from "./differences.ts";
import type { FieldPath } from "./field-path.ts";
import { type InputDocument, readInputs } from "./input-documents.ts";
import { otherBuildersOf, reachOf } from "./kustomization-files.ts";
import { renderKustomize } from "./kustomize.ts";
import { locateField } from "./locator.ts";
import { ManifestReader } from "./manifests.ts";
import { offeredDocuments } from "./offered-documents.ts";
import { planChanges, renderFailure } from "./planner.ts";
import { renderSource } from "./render.ts";
import type { Renderers } from "./renderers.ts";
import { type RepositoryTree, withFiles } from "./repository.ts";
import { joinPath } from "./repository-paths.ts";
import type { FileChange, GitSource, ObjectChange, OfferedDocument, Place, RenderOutcome, SourceRefusal, Workspace } from "./workspace.ts";

export interface WorkspaceParts {
  tree: RepositoryTree;
  source: GitSource;
  renderers: Renderers;
}

/** A delivery's source at one commit. Nothing is read or rendered before it is asked for; renderings are remembered by content. */
export function openWorkspace(parts: WorkspaceParts): Workspace {
  return new SourceWorkspace(parts);
}

class SourceWorkspace implements Workspace {
  readonly tree: RepositoryTree;
  readonly source: GitSource;
  readonly #renderers: Renderers;
  readonly #reader = new ManifestReader();
  readonly #rendered = new Map<string, Promise<RenderOutcome>>();

  constructor({ tree, source, renderers }: WorkspaceParts) {
    this.tree = tree;
    this.source = source;
    this.#renderers = renderers;
  }

  render(): Promise<RenderOutcome> {
    return this.renderWith([]);
  }

  renderWith(files: readonly FileChange[]): Promise<RenderOutcome> {
    const changed = files.filter(({ before, after }) => before !== after);
    const key = JSON.stringify(changed.map(({ path, after }) => [path, after]).sort());
    const known = this.#rendered.get(key);
    if (known) return known;
    const tree = changed.length === 0 ? this.tree : withFiles(this.tree, new Map(changed.map(({ path, after }) => [path, after])));
    const outcome = renderSource(tree, this.source, { renderers: this.#renderers, reader: this.#reader });
    this.#rendered.set(key, outcome);
    // What could not be read now may be readable at the next try.
    outcome.catch(() => this.#rendered.delete(key));
    return outcome;
  }

  async locate(object: ObjectRef, path: FieldPath): Promise<Place | SourceRefusal> {
    const outcome = await this.render();
    if (outcome.kind !== "rendered") return renderFailure(outcome);
    return locateField(await this.#parts(outcome), object, path);
  }

  async plan(changes: readonly ObjectChange[]): ReturnType<Workspace["plan"]> {
    const outcome = await this.render();
    if (outcome.kind !== "rendered") return renderFailure(outcome);
    const planned = await planChanges(await this.#parts(outcome), changes);
    if (planned.kind === "refused") return planned;
    return (await this.#shared(planned.files)) ?? { kind: "planned", edits: planned.edits };
  }

  async documentsFor(object: ObjectRef): Promise<OfferedDocument[]> {
    const outcome = await this.render();
    if (outcome.kind === "refused") return [];
    return offeredDocuments(await this.#documents(outcome.inputs), object, joinPath("", this.source.path) ?? "");
  }

  async #parts({ objects, inputs }: Extract<RenderOutcome, { kind: "rendered" }>) {
    return { workspace: this, folder: joinPath("", this.source.path) ?? "", objects, documents: await this.#documents(inputs) };
  }

  #documents(inputs: readonly string[]): Promise<InputDocument[]> {
    return readInputs(this.tree, inputs, this.#reader);
  }

  /** A file that other kustomizations of the repository build too is theirs as well: it may change only where it changes nothing for them. */
  async #shared(files: readonly FileChange[]): Promise<SourceRefusal | undefined> {
    const folder = joinPath("", this.source.path) ?? "";
    const own = (await reachOf(this.tree, folder)).folders;
    const others = await otherBuildersOf(this.tree, new Set(files.map(({ path }) => path)), own);
    const affected = others.length > MAX_BUILDERS ? others : await this.#affected(others, files);
    if (affected.length === 0) return undefined;
    const names = files.map(({ path }) => path).join(", ");
    const message = `${names} is shared: ${affected.join(", ")} would change with it. Change it there together, or override the field in ${folder || "."}`;
    return { kind: "refused", code: "shared-base", message, candidates: affected };
  }

  /** Those of the kustomizations that render something else, or cannot be rendered, with these files changed. */
  async #affected(folders: readonly string[], files: readonly FileChange[]): Promise<string[]> {
    const changed = withFiles(this.tree, new Map(files.map(({ path, after }) => [path, after])));
    const affected: string[] = [];
    for (const folder of folders) {
      const build = { folder: folder === "." ? "" : folder, settings: NEUTRAL, renderer: this.#renderers.kustomize, reader: this.#reader };
      const [before, after] = [await renderKustomize({ ...build, tree: this.tree }), await renderKustomize({ ...build, tree: changed })];
      const isSame = before.kind === "rendered" && after.kind === "rendered" && differences(before.objects, after.objects).size === 0;
      if (!isSame) affected.push(folder);
    }
    return affected;
  }
}

/** Most other kustomizations that are rendered to see whether a change reaches them. */
const MAX_BUILDERS = 20;
const NEUTRAL: GitSource["settings"] = { namespace: "", namespaceMode: "default", tool: "flux", directory: { recurse: true, include: "", exclude: "" } };
