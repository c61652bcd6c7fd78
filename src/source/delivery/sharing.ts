import { at, isObject, type Json, type KubeObject, listAt, type ObjectRef, objectAt, refOf, sameRef, textAt } from "../../cluster/objects.ts";
import { BUILT_IN } from "../../cluster/schema-errors.ts";
import { sameJson } from "../edit/field-path.ts";
import { withLinks } from "../git/links.ts";
import { type RepositoryTree, withFiles } from "../git/repository.ts";
import { folderOf, isInside, isKustomizationFile, joinPath } from "../git/repository-paths.ts";
import { type Difference, differences, withoutHashes } from "../plan/differences.ts";
import { otherBuildersOf, reachOf } from "../render/kustomization-files.ts";
import { renderKustomize } from "../render/kustomize.ts";
import { type RenderParts, renderSource } from "../render/render.ts";
import type { FileChange, GitSource, RenderOutcome } from "../workspace.ts";
import { resolveSource } from "./delivery-manifest.ts";
import { manifestRefs, parentPaths } from "./manifest-refs.ts";
import { type Neighbours, type OtherDelivery, otherReaders } from "./other-deliveries.ts";
import { changedSiblings } from "./siblings.ts";

/** Most kustomizations, and most other deliveries, that are rendered to see whether a change reaches them. */
const MAX_RENDERED = 20;
const NEUTRAL: GitSource["settings"] = { namespace: "", namespaceMode: "default", tool: "flux", directory: { recurse: true, include: "", exclude: "" } };

export interface SharingParts {
  tree: RepositoryTree;
  source: GitSource;
  neighbours: Neighbours | undefined;
  /** The delivery's own manifest is not in this repository. */
  isOutside: boolean;
  render(changed: readonly FileChange[]): RenderParts;
}

interface Sibling {
  name: string;
  generated: boolean;
}

/** What something renders without and with files changed. */
type BeforeAfter = [before: RenderOutcome, after: RenderOutcome];

/** Who else is built from some files of one delivery: kustomizations of the repository, deliveries of the cluster, deliveries whose manifests are made beside this one's. */
export class Sharing {
  readonly #parts: SharingParts;
  readonly #renders = new Map<string, Promise<RenderOutcome>>();
  readonly #wanted = new Map<string, Promise<boolean>>();

  constructor(parts: SharingParts) {
    this.#parts = parts;
  }

  /** All of them, by name, whether or not these changes make a difference there. */
  async readers(files: readonly FileChange[]): Promise<string[]> {
    const { deliveries, folders, siblings } = await this.#others(files);
    return [...new Set([...folders, ...[...deliveries, ...siblings].map(({ name }) => name)])];
  }

  /** Those that these changes would change although nothing fails there in the same way. */
  async unwilling(files: readonly FileChange[]): Promise<string[]> {
    const { deliveries, folders, siblings } = await this.#others(files);
    return [
      ...(folders.length > MAX_RENDERED ? folders : await this.#changedFolders(folders, files)),
      ...(deliveries.length > MAX_RENDERED ? deliveries.map(({ name }) => name) : await this.#unwillingDeliveries(deliveries, files)),
      ...siblings.filter(({ generated }) => !generated).map(({ name }) => name),
    ];
  }

  /** Those that render as things are and would not with these changes, as far as so many are rendered. */
  async breaks(files: readonly FileChange[]): Promise<string[]> {
    const { deliveries, folders } = await this.#others(files);
    const broken: string[] = [];
    for (const { name, source } of deliveries.slice(0, MAX_RENDERED)) if (isBroken(await this.#delivery(source, files))) broken.push(name);
    for (const folder of folders.slice(0, MAX_RENDERED)) if (isBroken(await this.#folder(folder, files))) broken.push(folder);
    return broken;
  }

  /** A folder that a delivery has is named by the delivery. */
  async #others(files: readonly FileChange[]): Promise<{ deliveries: OtherDelivery[]; folders: string[]; siblings: Sibling[] }> {
    const deliveries = await this.#deliveries(files);
    const paths = new Set(deliveries.map(({ source }) => joinPath("", source.path) ?? ""));
    const folders = (await this.#builders(files)).filter((folder) => !paths.has(folder === "." ? "" : folder));
    return { deliveries, folders, siblings: await this.#siblings(files) };
  }

  async #builders(files: readonly FileChange[]): Promise<string[]> {
    const { tree, source } = this.#parts;
    const linked = await withLinks(tree, source.settings.tool);
    const own = new Set<string>();
    for (const folder of [source.path, ...(source.also ?? []).map(({ path }) => path), ...parentPaths(source)]) {
      const reach = await reachOf(linked.tree, joinPath("", folder) ?? "");
      for (const part of reach.folders) own.add(part);
      for (const file of reach.files) if (isKustomizationFile(file)) own.add(folderOf(linked.real(file)));
    }
    return otherBuildersOf(tree, new Set(files.map(({ path }) => path)), own);
  }

  /** Deliveries that read one of the files; of HelmReleases beside each other only those whose manifest or values change. */
  async #deliveries(files: readonly FileChange[]): Promise<OtherDelivery[]> {
    const { tree, source, neighbours } = this.#parts;
    if (!neighbours) return [];
    const paths = files.map(({ path }) => path);
    const found: OtherDelivery[] = [];
    for (const other of await otherReaders(tree, source, await neighbours.deliveries(), paths)) {
      if (await this.#concerns(other, files)) found.push(other);
    }
    return found;
  }

  /** Rendering a chart is dear, and many releases may be in one folder: what their Kustomization renders tells whether a release can change. */
  async #concerns({ source }: OtherDelivery, files: readonly FileChange[]): Promise<boolean> {
    const { helmRelease: release, ...settings } = source.settings;
    if (!release || files.some(({ path }) => isInside(path, release.chartPath))) return true;
    const [before, after] = await this.#delivery({ ...source, settings }, files);
    if (before.kind !== "rendered" || after.kind !== "rendered") return true;
    const maps = new Set(listAt(release.spec, "valuesFrom").map((from) => textAt(from, "name")));
    return [...differences(before.objects, after.objects).values()].some(
      ({ object }) => (object.kind === "HelmRelease" && object.name === release.name) || (object.kind === "ConfigMap" && maps.has(object.name)),
    );
  }

  #delivery(source: GitSource, files: readonly FileChange[]): Promise<BeforeAfter> {
    const { tree, render } = this.#parts;
    return this.#beforeAfter(source, files, (changed) => renderSource(changedTree(tree, changed), source, { ...render(changed), parents: new Map() }));
  }

  #folder(folder: string, files: readonly FileChange[]): Promise<BeforeAfter> {
    const { tree, render } = this.#parts;
    const { renderers, reader } = render([]);
    const build = { folder: folder === "." ? "" : folder, settings: NEUTRAL, renderer: renderers.kustomize, reader };
    return this.#beforeAfter(folder, files, (changed) => renderKustomize({ ...build, tree: changedTree(tree, changed) }));
  }

  /** One after the other; a guard asks for what the planner asked for before it. */
  async #beforeAfter(
    of: GitSource | string,
    files: readonly FileChange[],
    render: (files: readonly FileChange[]) => Promise<RenderOutcome>,
  ): Promise<BeforeAfter> {
    const known = (changed: readonly FileChange[]) => {
      const key = JSON.stringify([of, changed.map(({ path, after }) => [path, after])]);
      const rendered = this.#renders.get(key) ?? render(changed);
      this.#renders.set(key, rendered);
      return rendered;
    };
    return [await known([]), await known(files)];
  }

  async #unwillingDeliveries(deliveries: readonly OtherDelivery[], files: readonly FileChange[]): Promise<string[]> {
    const { source } = this.#parts;
    const { decides } = manifestRefs(source);
    const unwilling: string[] = [];
    for (const other of deliveries) {
      const [before, after] = await this.#delivery(other.source, files);
      if (before.kind !== "rendered" || after.kind !== "rendered") {
        // What cannot be rendered as it is cannot get worse; what cannot be rendered afterwards does.
        if (before.kind === "rendered") unwilling.push(other.name);
        continue;
      }
      const changed = changedObjects(before.objects, after.objects).filter(({ kind, name }) => !decides({ kind, metadata: { name } }));
      if (changed.length > 0 && !(await this.#wants(other, changed))) unwilling.push(other.name);
    }
    return unwilling;
  }

  async #wants({ key }: OtherDelivery, objects: readonly ObjectRef[]): Promise<boolean> {
    const asked = JSON.stringify([key, objects]);
    const known = this.#wanted.get(asked) ?? Promise.resolve(this.#parts.neighbours?.wants(key, objects) ?? false);
    this.#wanted.set(asked, known);
    return known;
  }

  /** Those of the kustomizations that render something else, or cannot be rendered, with these files changed. */
  async #changedFolders(folders: readonly string[], files: readonly FileChange[]): Promise<string[]> {
    const affected: string[] = [];
    for (const folder of folders) {
      const [before, after] = await this.#folder(folder, files);
      // What cannot be rendered as it is cannot get worse.
      if (before.kind !== "rendered") continue;
      const isRendered = after.kind === "rendered";
      const changes = isRendered ? [...differences(before.objects, after.objects).values()] : [];
      const isWanted = (change: Difference) =>
        isRendered && (isMended(before.objects, change) || faultsOf(after.objects, change.object) < faultsOf(before.objects, change.object));
      if (!isRendered || !changes.every(isWanted)) affected.push(folder);
    }
    return affected;
  }

  /** Other deliveries whose manifests change with these files: what renders this delivery's manifest renders theirs. */
  async #siblings(files: readonly FileChange[]): Promise<Sibling[]> {
    const { tree, source, render, isOutside } = this.#parts;
    const { manifest } = source;
    if (!manifest || isOutside) return [];
    const before = await resolveSource(tree, source, render([]), renderSource);
    const after = await resolveSource(changedTree(tree, files), source, render(files), renderSource);
    if (before.kind === "refused" || after.kind === "refused") return [];
    const changed = changedSiblings(manifest.object, manifestRefs(source), before.beside, after.beside);
    const generated = manifest.from.kind === "application-set";
    return changed.map((name) => ({ name, generated }));
  }
}

/** How much of an object Kubernetes' own schemas do not take. */
function faultsOf(objects: readonly KubeObject[], ref: ObjectRef): number {
  return objects.filter((object) => sameRef(refOf(object), ref)).reduce((sum, object) => sum + BUILT_IN.errors(object).length, 0);
}

/** Fields of the Kubernetes API by which an object is asked for by its name. */
const ASKED: ReadonlySet<unknown> = new Set(["name", "claimName", "secretName", "serviceAccountName", "serviceName"]);

/** Whether a name that leads nowhere among these objects either becomes that of one of them: what is shared was broken for all. */
function isMended(objects: readonly KubeObject[], { path, is, wanted }: Difference): boolean {
  if (path[0] === "metadata") return false;
  const names = withoutHashes(objects).map((object) => textAt(object, "metadata", "name"));
  const isThere = (name: string) => names.includes(name);
  const leads = (key: unknown, from: Json | undefined, to: Json | undefined): boolean => {
    if (from !== undefined && to !== undefined && sameJson(from, to)) return true;
    // Lists whose items nothing tells apart differ as a whole.
    if (Array.isArray(from) && Array.isArray(to)) return from.length === to.length && from.every((item, i) => leads(i, item, to[i]));
    if (isObject(from ?? null) && isObject(to ?? null))
      return Object.keys({ ...objectAt(from ?? null), ...objectAt(to ?? null) }).every((name) => leads(name, at(from ?? null, name), at(to ?? null, name)));
    return ASKED.has(key) && typeof from === "string" && typeof to === "string" && !isThere(from) && isThere(to);
  };
  return leads(path.at(-1), is, wanted);
}

function isBroken([before, after]: BeforeAfter): boolean {
  return before.kind === "rendered" && after.kind !== "rendered";
}

function changedObjects(before: readonly KubeObject[], after: readonly KubeObject[]): ObjectRef[] {
  return [...new Map([...differences(before, after).values()].map(({ object }) => [JSON.stringify(object), object])).values()];
}

export function changedTree(tree: RepositoryTree, files: readonly FileChange[]): RepositoryTree {
  return files.length === 0 ? tree : withFiles(tree, new Map(files.map(({ path, after }) => [path, after])));
}
