import { type KubeObject, objectAt, refOf } from "../../cluster/objects.ts";
import { buildEnvironment } from "../delivery/argo-environment.ts";
import { renderArgoHelm } from "../delivery/argo-helm.ts";
import { type Resolved, resolveSource } from "../delivery/delivery-manifest.ts";
import { hasKustomizeSettings, unsupportedSettings } from "../delivery/kustomize-settings.ts";
import { withOverrides } from "../delivery/source-override.ts";
import { behindLink } from "../git/links.ts";
import type { RepositoryTree } from "../git/repository.ts";
import { indexOf, joinPath, kustomizationIn } from "../git/repository-paths.ts";
import { refused } from "../refusal.ts";
import type { FileChange, GitSource, RenderOutcome, SourceRefusal } from "../workspace.ts";
import { renderHelmRelease } from "./helm-release.ts";
import { renderKustomize } from "./kustomize.ts";
import type { ManifestReader } from "./manifests.ts";
import { withNamespaces } from "./namespaces.ts";
import { argoFiles, fluxResources, renderPlain } from "./plain.ts";
import type { Renderers } from "./renderers.ts";
import { substituteAll } from "./variables.ts";

export interface RenderParts {
  renderers: Renderers;
  reader: ManifestReader;
  /** What differs between the tree and the commit. */
  changed: readonly FileChange[];
  /** What other deliveries, by their source, render at the commit. */
  parents: Map<GitSource, Promise<RenderOutcome>>;
  /** The delivery's own manifest, where it is not in this repository. */
  liveManifest?: string;
}

/** What the delivery's tool makes of a tree: finds the layout as the tool does, renders it, and does what the tool does to the result. */
export async function renderSource(tree: RepositoryTree, source: GitSource, parts: RenderParts): Promise<RenderOutcome> {
  const resolved = await resolveSource(tree, source, parts, renderSource);
  if (resolved.kind === "refused") return resolved;
  const outcome = await renderAll(tree, resolved, parts);
  if (outcome.kind === "refused" || resolved.inputs.length === 0) return outcome;
  return { ...outcome, inputs: [...new Set([...outcome.inputs, ...resolved.inputs])].sort() };
}

/** Several sources one after the other: of the same object the last one counts (Argo CD, RepeatedResourceWarning). */
async function renderAll(tree: RepositoryTree, { source, beside, ...resolved }: Resolved, parts: RenderParts): Promise<RenderOutcome> {
  let all = await renderResolved(tree, { ...resolved, source, beside }, parts);
  for (const { path, settings } of source.also ?? []) {
    const next = await renderResolved(tree, { ...resolved, source: { ...source, path, settings }, beside }, parts);
    if (all.kind !== "rendered" || next.kind !== "rendered") return all.kind === "rendered" ? next : all;
    const objects = new Map([...all.objects, ...next.objects].map((object) => [JSON.stringify(refOf(object)), object]));
    const chart = all.chart ?? next.chart;
    all = { kind: "rendered", objects: [...objects.values()], inputs: [...new Set([...all.inputs, ...next.inputs])].sort(), ...(chart ? { chart } : {}) };
  }
  return all;
}

async function renderResolved(tree: RepositoryTree, { source, beside }: Resolved, parts: RenderParts): Promise<RenderOutcome> {
  const folder = joinPath("", source.path);
  if (folder === undefined || !indexOf(tree).folders.has(folder)) return behindLink(tree, folder ?? "") ?? missing(source.path);
  const { settings } = source;
  const rendered = await (settings.tool === "argocd" ? renderArgo(tree, folder, source, parts) : renderFlux(tree, folder, source, parts));
  if (rendered.kind !== "rendered") return rendered;
  const placed = { ...rendered, objects: withNamespaces(rendered.objects, settings) };
  if (settings.tool === "argocd") return placed;
  const built = afterBuild(placed, source, beside);
  if (built.kind !== "rendered" || !settings.helmRelease) return built;
  return renderHelmRelease({ tree, renderers: parts.renderers, reader: parts.reader }, { kustomization: built, beside }, settings);
}

function missing(path: string): SourceRefusal {
  return refused(
    "path-missing",
    `The repository has no folder ${path}, which the delivery points at: correct the path in its manifest, or bring the folder back`,
    [path],
  );
}

/** Argo CD: a setting decides, else Chart.yaml, else a kustomization, else plain manifests. */
async function renderArgo(tree: RepositoryTree, folder: string, source: GitSource, parts: RenderParts): Promise<RenderOutcome> {
  const overridden = await withOverrides(tree, folder, source.settings);
  if (overridden.kind === "failed") return overridden;
  const outcome = await renderArgoTool(tree, folder, { ...source, settings: overridden.settings }, parts);
  return outcome.kind === "refused" ? outcome : { ...outcome, inputs: [...new Set([...outcome.inputs, ...overridden.inputs])].sort() };
}

async function renderArgoTool(tree: RepositoryTree, folder: string, source: GitSource, { renderers, reader }: RenderParts): Promise<RenderOutcome> {
  const { settings } = source;
  const within = (name: string) => (folder === "" ? name : `${folder}/${name}`);
  const explicit = settings.helm ? "helm" : settings.kustomize ? "kustomize" : undefined;
  if (explicit === "helm" || (!explicit && indexOf(tree).files.has(within("Chart.yaml")))) {
    return renderArgoHelm({ tree, renderer: renderers.helm, reader }, folder, source);
  }
  if (explicit === "kustomize" || kustomizationIn(tree, folder)) {
    return renderKustomize({ tree, folder, settings, renderer: renderers.kustomize, reader, environment: buildEnvironment(source, tree.commit) });
  }
  return renderPlain(tree, argoFiles(tree, folder, settings.directory), reader, "argocd");
}

/** Flux: a kustomization, or one generated over every YAML file; without anything for kustomize to do, those are read as they are. */
async function renderFlux(tree: RepositoryTree, folder: string, { settings }: GitSource, { renderers, reader }: RenderParts): Promise<RenderOutcome> {
  const build = { tree, folder, settings, renderer: renderers.kustomize, reader };
  if (kustomizationIn(tree, folder)) return renderKustomize(build);
  const { files, folders } = fluxResources(tree, folder);
  if (folders.length === 0 && !hasKustomizeSettings(settings)) return unsupportedSettings(settings) ?? renderPlain(tree, files, reader, "flux");
  const relative = (path: string) => (folder === "" ? path : path.slice(folder.length + 1));
  const resources = [...files.map(({ path }) => relative(path)), ...folders.map(relative)].sort();
  return renderKustomize({ ...build, generated: { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", resources } });
}

/** Flux's own steps behind kustomize: variables, then common labels and annotations. */
function afterBuild(rendered: Extract<RenderOutcome, { kind: "rendered" }>, { settings }: GitSource, beside: readonly KubeObject[]): RenderOutcome {
  const { flux } = settings;
  const substituted = flux?.postBuild === undefined ? undefined : substituteAll(rendered.objects, flux, beside);
  if (substituted?.kind === "refused") return substituted;
  if (substituted?.kind === "failed") return { kind: "failed", message: substituted.message, inputs: rendered.inputs };
  const objects = substituted?.objects ?? rendered.objects;
  return { ...rendered, objects: flux?.commonMetadata === undefined ? objects : objects.map((object) => withMetadata(object, flux)) };
}

function withMetadata(object: KubeObject, flux: NonNullable<GitSource["settings"]["flux"]>): KubeObject {
  const metadata = { ...object.metadata };
  for (const key of ["labels", "annotations"]) {
    const added = objectAt(flux, "commonMetadata", key);
    if (Object.keys(added).length > 0) metadata[key] = { ...objectAt(metadata, key), ...added };
  }
  return { ...object, metadata };
}
