import type { RenderSettings } from "../../cluster/delivery.ts";
import type { JsonObject } from "../../cluster/objects.ts";
import { hasKustomizeSettings, unsupportedSettings, withSettings } from "../delivery/kustomize-settings.ts";
import { sameJson } from "../edit/field-path.ts";
import type { RepositoryTree } from "../git/repository.ts";
import { indexOf, joinPath, kustomizationIn } from "../git/repository-paths.ts";
import { refused } from "../refusal.ts";
import type { RenderOutcome, SourceRefusal } from "../workspace.ts";
import { asFluxReads } from "./flux-texts.ts";
import { type Reach, reachOf, readKustomization } from "./kustomization-files.ts";
import type { ManifestReader } from "./manifests.ts";
import { withPluginFiles } from "./plugin-files.ts";
import { renderOnce } from "./render-once.ts";
import { MISSING_KUSTOMIZE, type Renderer } from "./renderers.ts";

export interface KustomizeBuild {
  tree: RepositoryTree;
  folder: string;
  settings: RenderSettings;
  renderer: Renderer | undefined;
  reader: ManifestReader;
  /** Where the folder has no kustomization and the tool makes one. */
  generated?: JsonObject;
  /** Argo CD's build environment. */
  environment?: ReadonlyMap<string, string>;
}

/** Builds a folder with the real kustomize, over a scratch copy of the files that it reads. */
export async function renderKustomize(build: KustomizeBuild): Promise<RenderOutcome> {
  const { tree, folder, settings, renderer, reader } = build;
  const unsupported = unsupportedSettings(settings);
  if (unsupported) return unsupported;
  const file = kustomizationIn(tree, folder) ?? (folder === "" ? "kustomization.yaml" : `${folder}/kustomization.yaml`);
  const inGit = build.generated ?? (await readKustomization(tree, file));
  const own = inGit && settings.tool === "flux" ? asFluxReads(inGit) : inGit;
  const isChanged =
    build.generated !== undefined ||
    !sameJson(inGit, own) ||
    (settings.namespaceMode === "force" && settings.namespace !== "") ||
    hasKustomizeSettings(settings);
  const exists = (path: string) => indexOf(tree).folders.has(joinPath(folder, path) ?? "..");
  const changed = own && isChanged ? withSettings(own, settings, { exists, environment: build.environment ?? new Map() }) : undefined;
  const reach = await withPluginFiles(tree, folder, await reachOf(tree, folder, changed ? new Map([[folder, changed]]) : new Map()));
  const refusal = outside(reach);
  if (refusal) return refusal;
  const files = new Map<string, string | Uint8Array>();
  for (const path of reach.files) {
    const content = await tree.bytes(path);
    if (content !== undefined) files.set(path, content);
  }
  const inputs = [...files.keys()].sort();
  if (changed) files.set(file, JSON.stringify(changed));
  if (!renderer) return refused("renderer-missing", MISSING_KUSTOMIZE);
  const restrictor = settings.tool === "flux" || settings.unrestricted === true ? ["--load-restrictor", "LoadRestrictionsNone"] : [];
  const outcome = await renderOnce(renderer, [...restrictor, folder === "" ? "." : `./${folder}`], files);
  if (outcome.kind === "exceeded") return refused("too-large", outcome.message);
  if (outcome.kind === "failed") return { kind: "failed", message: outcome.message, inputs };
  const objects = reader.output(outcome.text);
  return objects.kind === "invalid" ? { kind: "failed", message: objects.message, inputs } : { kind: "rendered", objects: objects.objects, inputs };
}

const WHY = {
  remote: ["remote-base", "is outside the repository, and nothing is fetched here: vendor it, or fix this failure by hand"],
  link: ["outside-link", "is a submodule, or a symlink that leaves the repository: put the files themselves there"],
  chart: ["kustomize-helm", "inflates a Helm chart, which kustomize does only with plugins enabled: commit what it renders, or fix this failure by hand"],
} as const;

function outside({ outside }: Reach): SourceRefusal | undefined {
  const first = outside[0];
  if (!first) return undefined;
  const [code, why] = WHY[first.why];
  return refused(
    code,
    `${first.reference} in ${first.file} ${why}`,
    outside.map(({ file, reference }) => `${file}: ${reference}`),
  );
}
