import { type KubeObject, listAt, objectAt, textAt } from "../cluster/objects.ts";
import { renderArgoHelm } from "./argo-helm.ts";
import { renderHelmRelease } from "./helm-release.ts";
import { renderKustomize } from "./kustomize.ts";
import { hasKustomizeSettings, unsupportedSettings } from "./kustomize-settings.ts";
import type { ManifestReader } from "./manifests.ts";
import { withNamespaces } from "./namespaces.ts";
import { argoFiles, fluxResources, renderPlain } from "./plain.ts";
import type { Renderers } from "./renderers.ts";
import type { RepositoryTree } from "./repository.ts";
import { indexOf, joinPath, kustomizationIn } from "./repository-paths.ts";
import { substitute } from "./substitution.ts";
import type { GitSource, RenderOutcome, SourceRefusal } from "./workspace.ts";

export interface RenderParts {
  renderers: Renderers;
  reader: ManifestReader;
}

/** What the delivery's tool makes of a tree: finds the layout as the tool does, renders it, and does what the tool does to the result. */
export async function renderSource(tree: RepositoryTree, source: GitSource, parts: RenderParts): Promise<RenderOutcome> {
  const folder = joinPath("", source.path);
  if (folder === undefined || !indexOf(tree).folders.has(folder)) return missing(source.path);
  const { settings } = source;
  const rendered = await (settings.tool === "argocd" ? renderArgo(tree, folder, source, parts) : renderFlux(tree, folder, source, parts));
  if (rendered.kind !== "rendered") return rendered;
  const placed = { ...rendered, objects: withNamespaces(rendered.objects, settings) };
  if (settings.tool === "argocd") return placed;
  const built = afterBuild(placed, source);
  if (built.kind !== "rendered" || !settings.helmRelease) return built;
  return renderHelmRelease({ tree, renderer: parts.renderers.helm, reader: parts.reader }, built, settings.helmRelease);
}

function missing(path: string): SourceRefusal {
  return { kind: "refused", code: "path-missing", message: `The repository has no folder ${path}, which the delivery points at`, candidates: [path] };
}

/** Argo CD: a setting decides, else Chart.yaml, else a kustomization, else plain manifests. */
async function renderArgo(tree: RepositoryTree, folder: string, source: GitSource, { renderers, reader }: RenderParts): Promise<RenderOutcome> {
  const { settings } = source;
  const within = (name: string) => (folder === "" ? name : `${folder}/${name}`);
  const { files } = indexOf(tree);
  const override = tree.files.find(({ path }) => path.startsWith(within(".argocd-source")) && path.endsWith(".yaml"));
  if (override) {
    const message = `${override.path} overrides the Application's source, which Kube AutoFix does not render yet`;
    return { kind: "refused", code: "unsupported-setting", message, candidates: [override.path] };
  }
  const explicit = settings.helm ? "helm" : settings.kustomize ? "kustomize" : undefined;
  if (explicit === "helm" || (!explicit && files.has(within("Chart.yaml")))) {
    return renderArgoHelm({ tree, renderer: renderers.helm, reader }, folder, settings);
  }
  if (explicit === "kustomize" || kustomizationIn(tree, folder)) return renderKustomize({ tree, folder, settings, renderer: renderers.kustomize, reader });
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
function afterBuild(rendered: Extract<RenderOutcome, { kind: "rendered" }>, { settings }: GitSource): RenderOutcome {
  const { flux } = settings;
  const substituted = flux?.postBuild === undefined ? undefined : substituteAll(rendered.objects, settings.flux ?? {});
  if (substituted?.kind === "refused") return substituted;
  if (substituted?.kind === "failed") return { kind: "failed", message: substituted.message, inputs: rendered.inputs };
  const objects = substituted?.objects ?? rendered.objects;
  return { ...rendered, objects: flux?.commonMetadata === undefined ? objects : objects.map((object) => withMetadata(object, flux)) };
}

/** `substituteFrom` can be followed only where the ConfigMap is among the rendered objects; inline variables win. */
function substituteAll(objects: readonly KubeObject[], flux: NonNullable<GitSource["settings"]["flux"]>): ReturnType<typeof substitute> | SourceRefusal {
  const variables = new Map<string, string>();
  for (const from of listAt(flux, "postBuild", "substituteFrom")) {
    const name = textAt(from, "name");
    const found = objects.find((object) => object.kind === "ConfigMap" && textAt(from, "kind") === "ConfigMap" && textAt(object, "metadata", "name") === name);
    if (!found) {
      const message = `spec.postBuild.substituteFrom takes variables from ${textAt(from, "kind")} ${name}, which is not in this source`;
      return { kind: "refused", code: "unsupported-setting", message, candidates: [`spec.postBuild.substituteFrom: ${name}`] };
    }
    for (const [key, value] of Object.entries(objectAt(found, "data"))) variables.set(key, String(value));
  }
  for (const [key, value] of Object.entries(objectAt(flux, "postBuild", "substitute"))) variables.set(key, String(value));
  return substitute(objects, variables);
}

function withMetadata(object: KubeObject, flux: NonNullable<GitSource["settings"]["flux"]>): KubeObject {
  const metadata = { ...object.metadata };
  for (const key of ["labels", "annotations"]) {
    const added = objectAt(flux, "commonMetadata", key);
    if (Object.keys(added).length > 0) metadata[key] = { ...objectAt(metadata, key), ...added };
  }
  return { ...object, metadata };
}
