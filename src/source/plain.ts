import type { RenderSettings } from "../cluster/delivery.ts";
import { type KubeObject, refOf } from "../cluster/objects.ts";
import type { ManifestReader } from "./manifests.ts";
import type { RepositoryTree, TreeFile } from "./repository.ts";
import { folderOf, isInside, KUSTOMIZATION_NAMES, nameOf } from "./repository-paths.ts";
import type { RenderOutcome } from "./workspace.ts";

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
  const all = below.filter((file) => KUSTOMIZATION_NAMES.includes(nameOf(file.path))).map((file) => folderOf(file.path));
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
      return { kind: "refused", code: "unsupported-layout", message: `${path} is Jsonnet, which Kube AutoFix does not evaluate`, candidates: [path] };
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

/** Argo CD's globs (gobwas without separators): `*` also crosses folders, `?` is one character, `{a,b}` are alternatives. */
function matchesGlob(text: string, glob: string): boolean {
  return alternatives(glob).some((pattern) => matchesWildcards(text, pattern));
}

function alternatives(glob: string): string[] {
  const open = glob.indexOf("{");
  const close = glob.indexOf("}", open);
  if (open < 0 || close < 0) return [glob];
  const inner = glob
    .slice(open + 1, close)
    .split(",")
    .slice(0, 50);
  return inner.flatMap((part) => alternatives(glob.slice(0, open) + part + glob.slice(close + 1))).slice(0, 200);
}

/** Greedy with one step back: linear in practice, never exponential. */
function matchesWildcards(text: string, pattern: string): boolean {
  let t = 0;
  let p = 0;
  let star = -1;
  let from = 0;
  while (t < text.length) {
    if (pattern[p] === "*") {
      star = p;
      while (pattern[p] === "*") p++;
      from = t;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      while (pattern[p] === "*") p++;
      t = ++from;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
