import type { RenderSettings } from "../../cluster/delivery.ts";
import { type KubeObject, refOf } from "../../cluster/objects.ts";
import { matchesGlob } from "../git/glob.ts";
import type { RepositoryTree, TreeFile } from "../git/repository.ts";
import { folderOf, isInside, isKustomizationFile, nameOf } from "../git/repository-paths.ts";
import { refused } from "../refusal.ts";
import type { RenderOutcome } from "../workspace.ts";
import type { ManifestReader } from "./manifests.ts";

/** The manifests of an Argo CD directory source: `spec.source.directory` with recurse, include and exclude. */
export function argoFiles(tree: RepositoryTree, path: string, { recurse, include, exclude }: RenderSettings["directory"]): TreeFile[] {
  return tree.files.filter((file) => {
    if (!isInside(file.path, path) || !/\.(?:yaml|yml|json|jsonnet)$/.test(file.path)) return false;
    if (!recurse && folderOf(file.path) !== path) return false;
    const relative = path === "" ? file.path : file.path.slice(path.length + 1);
    if (exclude !== "" && matchesGlob(relative, exclude)) return false;
    return include === "" || matchesGlob(relative, include);
  });
}

/** What Flux's source-controller leaves out of an artifact by default, as far as it is YAML. */
const FLUX_IGNORED =
  /^(?:\.git|\.github|\.circleci)\/|^(?:\.travis\.yml|\.gitlab-ci\.yml|appveyor\.yml|\.drone\.yml|cloudbuild\.yaml|codeship-(?:services|steps)\.yml)$/;
const FLUX_IGNORED_NAMES = new Set([".goreleaser.yml", ".goreleaser.yaml", ".sops.yaml", ".flux.yaml"]);

/**
 * What Flux's generator puts into the kustomization of a folder that has none: every YAML file below it, and folders with a kustomization of
 * their own as they are.
 */
export function fluxResources(tree: RepositoryTree, path: string): { files: TreeFile[]; folders: string[] } {
  const below = tree.files.filter((file) => isInside(file.path, path) && !FLUX_IGNORED.test(file.path) && !FLUX_IGNORED_NAMES.has(nameOf(file.path)));
  const all = below.filter((file) => isKustomizationFile(file.path)).map((file) => folderOf(file.path));
  const folders = [...new Set(all)].filter((folder) => !all.some((other) => other !== folder && isInside(folder, other))).sort();
  const files = below.filter((file) => /\.ya?ml$/.test(file.path) && !folders.some((folder) => isInside(file.path, folder)));
  return { files, folders };
}

/** Reads manifests as they are. A broken one fails the whole, as it does in Argo CD and Flux. */
export async function renderPlain(
  tree: RepositoryTree,
  files: readonly TreeFile[],
  reader: ManifestReader,
  tool: RenderSettings["tool"],
): Promise<RenderOutcome> {
  const inputs = files.map(({ path }) => path).sort();
  const objects: KubeObject[] = [];
  for (const path of inputs) {
    if (path.endsWith(".jsonnet")) {
      return refused("jsonnet", `${path} is Jsonnet, which is not evaluated here: change it by hand, or deliver plain YAML, Kustomize or Helm`, [path]);
    }
    const text = await tree.read(path);
    if (text === undefined || (tool === "argocd" && text.includes("+argocd:skip-file-rendering"))) continue;
    const outcome = reader.objects(text);
    if (outcome.kind === "invalid") return { kind: "failed", message: `${path}: ${outcome.message}`, inputs };
    objects.push(...outcome.objects);
  }
  const unique = new Map(objects.map((object) => [JSON.stringify(refOf(object)), object]));
  if (tool === "flux" && unique.size < objects.length) {
    return { kind: "failed", message: `may not add resource with an already registered id: ${duplicate(objects)}`, inputs };
  }
  return { kind: "rendered", objects: [...unique.values()], inputs };
}

function duplicate(objects: readonly KubeObject[]): string {
  const seen = new Set<string>();
  for (const object of objects) {
    const { kind, name, namespace } = refOf(object);
    const key = JSON.stringify(refOf(object));
    if (seen.has(key)) return `${kind}.${object.apiVersion}/${name}.${namespace || "[noNs]"}`;
    seen.add(key);
  }
  return "";
}
