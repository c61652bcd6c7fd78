import type { RenderSettings } from "../cluster/delivery.ts";
import type { JsonObject } from "../cluster/objects.ts";
import { type Reach, reachOf, readKustomization } from "./kustomization-files.ts";
import { hasKustomizeSettings, unsupportedSettings, withSettings } from "./kustomize-settings.ts";
import type { ManifestReader } from "./manifests.ts";
import { MISSING_KUSTOMIZE, type Renderer } from "./renderers.ts";
import type { RepositoryTree } from "./repository.ts";
import { indexOf, joinPath, kustomizationIn } from "./repository-paths.ts";
import { runRenderer } from "./run-renderer.ts";
import type { RenderOutcome, SourceRefusal } from "./workspace.ts";

export interface KustomizeBuild {
  tree: RepositoryTree;
  folder: string;
  settings: RenderSettings;
  renderer: Renderer | undefined;
  reader: ManifestReader;
  /** Where the folder has no kustomization and the tool makes one. */
  generated?: JsonObject;
}

/** Builds a folder with the real kustomize, over a scratch copy of the files that it reads. */
export async function renderKustomize(build: KustomizeBuild): Promise<RenderOutcome> {
  const { tree, folder, settings, renderer, reader } = build;
  const unsupported = unsupportedSettings(settings);
  if (unsupported) return unsupported;
  const file = kustomizationIn(tree, folder) ?? (folder === "" ? "kustomization.yaml" : `${folder}/kustomization.yaml`);
  const own = build.generated ?? (await readKustomization(tree, file));
  const isChanged = build.generated !== undefined || (settings.namespaceMode === "force" && settings.namespace !== "") || hasKustomizeSettings(settings);
  const changed = own && isChanged ? withSettings(own, settings, (path) => indexOf(tree).folders.has(joinPath(folder, path) ?? "..")) : undefined;
  const reach = await reachOf(tree, folder, changed ? new Map([[folder, changed]]) : new Map());
  const refusal = outside(reach);
  if (refusal) return refusal;
  const files = new Map<string, string>();
  for (const path of reach.files) {
    const text = await tree.read(path);
    if (text !== undefined) files.set(path, text);
  }
  const inputs = [...files.keys()].sort();
  if (changed) files.set(file, JSON.stringify(changed));
  if (!renderer) return { kind: "refused", code: "renderer-missing", message: MISSING_KUSTOMIZE, candidates: [] };
  const restrictor = settings.tool === "flux" ? ["--load-restrictor", "LoadRestrictionsNone"] : [];
  const outcome = await runRenderer(renderer, [...restrictor, folder === "" ? "." : folder], files);
  if (outcome.kind === "exceeded") return { kind: "refused", code: "too-large", message: outcome.message, candidates: [] };
  if (outcome.kind === "failed") return { kind: "failed", message: outcome.message, inputs };
  const objects = reader.output(outcome.text);
  return objects.kind === "invalid" ? { kind: "failed", message: objects.message, inputs } : { kind: "rendered", objects: objects.objects, inputs };
}

const WHY = {
  remote: "is outside the repository: Kube AutoFix renders without a network. Vendor it, or fix this failure by hand",
  link: "is a symlink or a submodule, which Kube AutoFix does not follow",
  chart: "inflates a Helm chart, which kustomize does only with plugins enabled",
};

function outside({ outside }: Reach): SourceRefusal | undefined {
  const first = outside[0];
  if (!first) return undefined;
  const candidates = outside.map(({ file, reference }) => `${file}: ${reference}`);
  return { kind: "refused", code: "unsupported-layout", message: `${first.reference} in ${first.file} ${WHY[first.why]}`, candidates };
}
