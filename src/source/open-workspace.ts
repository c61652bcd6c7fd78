import { type ObjectRef, refOf, sameRef } from "../cluster/objects.ts";
import { AutofixError } from "../errors.ts";
import { inputsOf } from "./compare.ts";
import { resolveSource } from "./delivery/delivery-manifest.ts";
import { markedByPolicy, updatedImage } from "./delivery/image-updater.ts";
import { type LiveManifest, liveManifest, outsideGit, withLive } from "./delivery/live-manifest.ts";
import { manifestRefs } from "./delivery/manifest-refs.ts";
import type { Neighbours } from "./delivery/other-deliveries.ts";
import { changedTree, Sharing } from "./delivery/sharing.ts";
import { type FieldPath, getIn } from "./edit/field-path.ts";
import { withLinks, withRealPaths } from "./git/links.ts";
import type { RepositoryTree } from "./git/repository.ts";
import { isInside, joinPath } from "./git/repository-paths.ts";
import { type InputDocument, readInputs } from "./input-documents.ts";
import { locateField } from "./plan/locator.ts";
import { offeredDocuments } from "./plan/offered-documents.ts";
import { ownPatch, type Permissions, planInstead } from "./plan/plan-instead.ts";
import { type PlanParts, planChanges, renderFailure } from "./plan/planner.ts";
import { asItems } from "./plan/rekeyed-items.ts";
import { refused } from "./refusal.ts";
import { ManifestReader } from "./render/manifests.ts";
import { type RenderParts, renderSource } from "./render/render.ts";
import type { Renderers } from "./render/renderers.ts";
import type { FileChange, GitSource, ObjectChange, OfferedDocument, Place, RenderOutcome, SourceRefusal, Workspace } from "./workspace.ts";

export interface WorkspaceParts {
  tree: RepositoryTree;
  source: GitSource;
  renderers: Renderers;
  /** Other deliveries of the cluster, where it is known. */
  neighbours?: Neighbours;
}

/** A delivery's source at one commit. Nothing is read or rendered before it is asked for; renderings are remembered by content. */
export function openWorkspace(parts: WorkspaceParts): Workspace {
  return new SourceWorkspace(parts);
}

/** What a program needs is its own: no reason to give it to all that one patch is for. */
function isOfOne({ path }: ObjectChange): boolean {
  return path.includes("resources");
}

type Rendered = Extract<RenderOutcome, { kind: "rendered" }>;

class SourceWorkspace implements Workspace {
  readonly tree: RepositoryTree;
  readonly source: GitSource;
  readonly #renderers: Renderers;
  readonly #reader = new ManifestReader();
  readonly #rendered = new Map<string, Promise<RenderOutcome>>();
  readonly #parents: RenderParts["parents"] = new Map();
  readonly #neighbours: Neighbours | undefined;
  #manifest: Promise<LiveManifest | undefined> | undefined;
  #shares: Promise<Sharing> | undefined;

  constructor({ tree, source, renderers, neighbours }: WorkspaceParts) {
    this.#neighbours = neighbours;
    this.tree = tree;
    this.source = source;
    this.#renderers = renderers;
  }

  render(): Promise<RenderOutcome> {
    return this.renderWith([]);
  }

  async renderWith(files: readonly FileChange[]): Promise<RenderOutcome> {
    const live = await this.#live();
    const changed = files.filter(({ before, after }) => before !== after);
    const key = JSON.stringify(changed.map(({ path, after }) => [path, after]).sort());
    const known = this.#rendered.get(key);
    if (known) return known;
    const inGit = changed.filter(({ path }) => path !== live?.document.file);
    const manifest = changed.find(({ path }) => path === live?.document.file)?.after ?? live?.document.text;
    const outcome = this.#renderLinked(inGit, manifest);
    this.#rendered.set(key, outcome);
    // What could not be read now may be readable at the next try.
    outcome.catch(() => this.#rendered.delete(key));
    return outcome;
  }

  async #renderLinked(inGit: readonly FileChange[], manifest: string | undefined): Promise<RenderOutcome> {
    try {
      const { tree, real } = await withLinks(changedTree(this.tree, inGit), this.source.settings.tool);
      return withRealPaths(await renderSource(tree, this.source, this.#renderParts(inGit, manifest)), real);
    } catch (thrown) {
      if (thrown instanceof AutofixError && thrown.code === "source/too-large")
        return refused("too-large", `${thrown.message} Split the file, or fix this failure by hand.`);
      if (thrown instanceof AutofixError && thrown.code === "source/not-text") return { kind: "failed", message: thrown.message, inputs: [] };
      throw thrown;
    }
  }

  #renderParts(changed: readonly FileChange[], liveManifest?: string): RenderParts {
    const parts = { renderers: this.#renderers, reader: this.#reader, changed, parents: this.#parents };
    return liveManifest === undefined ? parts : { ...parts, liveManifest };
  }

  /** The delivery's manifest as the cluster has it, where it is not in this repository. */
  #live(): Promise<LiveManifest | undefined> {
    this.#manifest ??= this.#findManifest();
    this.#manifest.catch(() => {
      this.#manifest = undefined;
    });
    return this.#manifest;
  }

  async #findManifest(): Promise<LiveManifest | undefined> {
    const { manifest } = this.source;
    if (!manifest) return undefined;
    const resolved = await resolveSource(this.tree, this.source, this.#renderParts([]), renderSource);
    return resolved.kind === "refused" ? liveManifest(manifest.object, resolved) : undefined;
  }

  async locate(object: ObjectRef, path: FieldPath): Promise<Place | SourceRefusal> {
    const outcome = await this.render();
    if (outcome.kind !== "rendered") return renderFailure(outcome);
    const before = getIn(
      outcome.objects.find((rendered) => sameRef(refOf(rendered), object)),
      path,
    );
    const updated = updatedImage(this.source, [{ object, path, before }]);
    if (updated) return updated;
    const place = await locateField(await this.#parts(outcome), object, path);
    if ("kind" in place) return this.#named(place);
    return outsideGit(await this.#live(), [place]) ?? place;
  }

  async plan(changes: readonly ObjectChange[], touched: ReadonlyMap<string, string | undefined> = new Map()): ReturnType<Workspace["plan"]> {
    const outcome = await this.render();
    if (outcome.kind !== "rendered") return renderFailure(outcome);
    const updated = updatedImage(this.source, changes);
    if (updated) return updated;
    const planned = await planChanges({ ...(await this.#parts(outcome)), touched }, asItems(outcome.objects, changes));
    const live = await this.#live();
    const permissions: Permissions = {
      mayChange: async (files) => !this.#isVendored(outcome, files) && !markedByPolicy(files) && (await this.#shared(files)) === undefined,
      isOutside: (some) => outsideGit(live, some) !== undefined,
    };
    if (planned.kind === "refused") {
      const own = changes.every(isOfOne) ? await ownPatch(await this.#parts(outcome), changes, permissions) : undefined;
      return own ? { kind: "planned", edits: [...own] } : this.#named(planned);
    }
    const outside = outsideGit(live, planned.edits) ?? markedByPolicy(planned.files);
    if (outside) return outside;
    const shared = await this.#shared(planned.files);
    if (!shared && !this.#isVendored(outcome, planned.files)) return { kind: "planned", edits: planned.edits };
    const edits = await planInstead(await this.#parts(outcome), changes, planned, permissions);
    return edits ? { kind: "planned", edits: [...edits] } : (shared ?? vendoredRefusal(planned.files));
  }

  /** Whether files belong to a chart that came from elsewhere. */
  #isVendored({ chart }: Rendered, files: readonly FileChange[]): boolean {
    return files.some(({ path }) => chart?.vendored.some((folder) => isInside(path, folder)));
  }

  /** What this source does not render may come from one of the Application's other sources. */
  #named(refusal: SourceRefusal): SourceRefusal {
    const { elsewhere = [] } = this.source;
    if (refusal.code !== "object-not-rendered" || elsewhere.length === 0) return refusal;
    const message = `${refusal.message}; the Application renders ${elsewhere.join(", ")} as well, which cannot be followed here: correct it there, or split the Application`;
    return refused("multiple-sources", message, elsewhere);
  }

  async documentsFor(object: ObjectRef): Promise<OfferedDocument[]> {
    const outcome = await this.render();
    if (outcome.kind === "refused") return [];
    return offeredDocuments(await this.#documents(outcome.inputs), object, joinPath("", this.source.path) ?? "");
  }

  async #parts({ objects, inputs, chart }: Rendered): Promise<PlanParts> {
    const live = await this.#live();
    const workspace = { tree: withLive(this.tree, live), renderWith: (files: readonly FileChange[]) => this.renderWith(files) };
    const documents = [...(live ? [live.document] : []), ...(await this.#documents(inputs))];
    return { workspace, folder: joinPath("", this.source.path) ?? "", objects, documents, ...(chart ? { chart } : {}) };
  }

  /** The manifest of the delivery counts as settings, like all that decides how others are rendered; other deliveries' manifests do not count. */
  async #documents(inputs: readonly string[]): Promise<InputDocument[]> {
    const documents = await readInputs(this.tree, inputs, this.#reader);
    const refs = manifestRefs(
      this.source,
      documents.map(({ value }) => value),
    );
    return documents
      .filter(({ value }) => !refs.isForeign(value))
      .map((document): InputDocument => (refs.decides(document.value) && document.role === "object" ? { ...document, role: "settings" } : document));
  }

  async documentsIn(files: readonly string[]): Promise<InputDocument[]> {
    // What a file is (a patch, the text of a generator, of a Secret even) other files say.
    const inputs = new Set([...inputsOf(await this.render()), ...files]);
    return (await this.#documents([...inputs])).filter(({ file }) => files.includes(file));
  }

  async alsoAffects(files: readonly FileChange[]): Promise<string[]> {
    return (await this.#sharing()).readers(files);
  }

  async breaks(files: readonly FileChange[]): Promise<string[]> {
    return (await this.#sharing()).breaks(files);
  }

  #sharing(): Promise<Sharing> {
    this.#shares ??= this.#live().then(
      (live) =>
        new Sharing({
          tree: this.tree,
          source: this.source,
          neighbours: this.#neighbours,
          isOutside: live !== undefined,
          render: (changed) => this.#renderParts(changed),
        }),
    );
    this.#shares.catch(() => {
      this.#shares = undefined;
    });
    return this.#shares;
  }

  /** A file that others read too is theirs as well: it may change only where it changes nothing for them, or they fail in the same way. */
  async #shared(files: readonly FileChange[]): Promise<SourceRefusal | undefined> {
    const folder = joinPath("", this.source.path) ?? "";
    const others = await (await this.#sharing()).unwilling(files);
    if (others.length === 0) return undefined;
    const names = files.map(({ path }) => path).join(", ");
    const message = `${names} is shared: ${others.join(", ")} would change with it. Change it there together, or override the field in ${folder || "."}`;
    return refused("shared-base", message, others);
  }
}

function vendoredRefusal(files: readonly FileChange[]): SourceRefusal {
  const paths = files.map(({ path }) => path);
  const message = `${paths.join(", ")} belongs to a chart that came from elsewhere, and nothing else decides the field: give the chart the value from outside, or change it by hand`;
  return refused("chart-without-value", message, paths);
}
