import { refused } from "../refusal.ts";
import type { RenderOutcome, SourceRefusal } from "../workspace.ts";
import type { RepositoryTree, TreeFile } from "./repository.ts";
import { folderOf, indexOf, isInside, joinPath } from "./repository-paths.ts";

/** Most links of a repository that are followed, most files that they may stand for, and how often a link may lead to a link. */
const MAX = { links: 200, files: 20_000, hops: 5 };

/** A tree as the delivery's tool sees it, and where its files really are. */
export interface LinkedTree {
  tree: RepositoryTree;
  real(path: string): string;
}

/**
 * Argo CD follows links that stay in the repository; Flux leaves all links out of its artifacts (source-controller, Storage.Archive). Links that lead out of the
 * repository stay what they are: whoever comes across one refuses.
 */
export async function withLinks(tree: RepositoryTree, tool: "argocd" | "flux"): Promise<LinkedTree> {
  const links = tree.files.filter(({ mode }) => mode === "symlink");
  if (links.length === 0) return { tree, real: (path) => path };
  if (tool === "flux") return { tree: { ...tree, files: tree.files.filter(({ mode }) => mode !== "symlink") }, real: (path) => path };
  if (links.length > MAX.links) return { tree, real: (path) => path };
  const targets = new Map<string, string>();
  for (const { path } of links) {
    const target = await tree.target?.(path);
    const place = target === undefined || target.startsWith("/") ? undefined : joinPath(folderOf(path), target);
    if (place !== undefined && !isInside(path, place)) targets.set(path, place);
  }
  return expanded(tree, targets);
}

function expanded(tree: RepositoryTree, targets: ReadonlyMap<string, string>): LinkedTree {
  const places = new Map<string, string>();
  let files = tree.files.filter(({ path }) => !targets.has(path));
  let open = [...targets];
  for (let hop = 0; hop < MAX.hops && open.length > 0; hop++) {
    const added = open.flatMap(([path, target]) => aliases(files, path, target));
    const done = new Set(added.map(({ link }) => link));
    for (const { file, from } of added) places.set(file.path, places.get(from) ?? from);
    files = [...files, ...added.map(({ file }) => file)];
    open = open.filter(([path]) => !done.has(path));
    if (done.size === 0 || files.length > tree.files.length + MAX.files) break;
  }
  // What leads nowhere is still a link.
  const dangling = new Set(open.map(([path]) => path));
  const all = [...files, ...tree.files.filter(({ path }) => dangling.has(path))];
  const real = (path: string) => places.get(path) ?? path;
  return { tree: { ...tree, files: all, read: (path) => tree.read(real(path)), bytes: (path) => tree.bytes(real(path)) }, real };
}

/** The files that a link stands for: one, or all of a folder. */
function aliases(files: readonly TreeFile[], link: string, target: string): { link: string; from: string; file: TreeFile }[] {
  return files
    .filter((file) => isInside(file.path, target) && !isInside(file.path, link))
    .map((file) => ({ link, from: file.path, file: { ...file, path: link + file.path.slice(target.length) } }));
}

/** The outcome with files named by where they really are. */
export function withRealPaths(outcome: RenderOutcome, real: (path: string) => string): RenderOutcome {
  if (outcome.kind === "refused") return outcome;
  const inputs = [...new Set(outcome.inputs.map(real))].sort();
  if (outcome.kind === "failed" || !outcome.chart) return { ...outcome, inputs };
  const { chart } = outcome;
  const files = new Map([...chart.files].map(([place, path]) => [place, real(path)]));
  return { ...outcome, inputs, chart: { ...chart, files, valueFiles: chart.valueFiles.map(real) } };
}

/** The refusal where a path lies in a submodule, or behind a link that is not followed. */
export function behindLink(tree: RepositoryTree, path: string): SourceRefusal | undefined {
  const { files } = indexOf(tree);
  for (let place = path; place !== ""; place = folderOf(place)) {
    const file = files.get(place);
    if (file?.mode !== "submodule" && file?.mode !== "symlink") continue;
    const what = file.mode === "submodule" ? "a submodule, whose files are in another repository" : "a symlink that leaves the repository";
    return refused("outside-link", `${place} is ${what}: correct it there, or put the files themselves here`, [place]);
  }
  return undefined;
}
