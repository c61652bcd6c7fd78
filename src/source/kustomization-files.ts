import { isObject, type Json, type JsonObject, listAt, textAt } from "../cluster/objects.ts";
import { AutofixError } from "../errors.ts";
import { behindLink } from "./links.ts";
import type { RepositoryTree } from "./repository.ts";
import { folderOf, indexOf, joinPath, KUSTOMIZATION_NAMES, kustomizationIn, nameOf } from "./repository-paths.ts";
import { parseYaml } from "./yaml-documents.ts";

/** Everything that building a kustomization reads. */
export interface Reach {
  /** Paths of files, the kustomizations among them. */
  files: Set<string>;
  /** Folders whose kustomization takes part. */
  folders: Set<string>;
  /** References that lead out of the repository: URLs, symlinks, submodules; as they are written. */
  outside: { file: string; reference: string; why: "remote" | "link" | "chart" }[];
}

const REFERENCE_LISTS = ["resources", "bases", "components", "crds", "configurations", "transformers", "generators", "validators", "patchesStrategicMerge"];
/** Bound on the files of one build. */
const MAX_FILES = 5000;

/**
 * Follows a kustomization to every file of the repository that it may read. Which fields hold paths is not listed: any text in a kustomization that names a
 * file counts, and one too many does no harm.
 * @param replaced kustomizations to be read instead of those in the tree, by folder
 */
export async function reachOf(tree: RepositoryTree, folder: string, replaced: ReadonlyMap<string, JsonObject> = new Map()): Promise<Reach> {
  const reach: Reach = { files: new Set(), folders: new Set(), outside: [] };
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (reach.folders.has(next)) continue;
    reach.folders.add(next);
    if (reach.files.size > MAX_FILES) throw new AutofixError("source/too-large", `The kustomization in ${folder} reads more than ${MAX_FILES} files`);
    const file = kustomizationIn(tree, next);
    if (file) reach.files.add(file);
    const value = replaced.get(next) ?? (file ? await readKustomization(tree, file) : undefined);
    if (value) follow(tree, next, file ?? next, value, reach, waiting);
  }
  return reach;
}

/** The mapping in a kustomization file; undefined where it cannot be parsed (the renderer will say why). */
export async function readKustomization(tree: RepositoryTree, file: string): Promise<JsonObject | undefined> {
  const text = await tree.read(file);
  const outcome = text === undefined ? undefined : parseYaml(text);
  const value = outcome?.kind === "parsed" ? outcome.documents.find((document) => document.value !== null)?.value : undefined;
  return isObject(value) ? value : undefined;
}

function follow(tree: RepositoryTree, folder: string, file: string, kustomization: JsonObject, reach: Reach, waiting: string[]): void {
  const { files, folders } = indexOf(tree);
  for (const key of ["helmCharts", "helmChartInflationGenerator"])
    if (listAt(kustomization, key).length > 0) reach.outside.push({ file, reference: key, why: "chart" });
  for (const text of stringsIn(kustomization)) {
    for (const reference of [text, text.slice(text.indexOf("=") + 1)]) {
      const path = joinPath(folder, reference);
      if (path === undefined) continue;
      const found = files.get(path);
      if (found) {
        reach.files.add(path);
        if (found.mode === "symlink" || found.mode === "submodule") reach.outside.push({ file, reference, why: "link" });
      } else if (folders.has(path) && kustomizationIn(tree, path)) waiting.push(path);
    }
  }
  for (const reference of references(kustomization)) {
    const path = joinPath(folder, reference);
    const known = path !== undefined && (files.has(path) || folders.has(path));
    if (known) continue;
    if (path !== undefined && behindLink(tree, path)) reach.outside.push({ file, reference, why: "link" });
    else if (isRemote(reference)) reach.outside.push({ file, reference, why: "remote" });
  }
}

function stringsIn(value: Json): string[] {
  if (typeof value === "string") return value.includes("\n") || value.length > 1000 || value === "" ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  return isObject(value) ? Object.values(value).flatMap(stringsIn) : [];
}

/** The texts that kustomize would load, from wherever they are. */
function references(kustomization: JsonObject): string[] {
  const listed = REFERENCE_LISTS.flatMap((key) => listAt(kustomization, key));
  const patches = ["patches", "patchesJson6902", "replacements"].flatMap((key) => listAt(kustomization, key)).map((item) => textAt(item, "path"));
  const generators = ["configMapGenerator", "secretGenerator"].flatMap((key) => listAt(kustomization, key));
  const sources = generators.flatMap((item) => [...listAt(item, "files"), ...listAt(item, "envs"), textAt(item, "env")]);
  const all = [...listed, ...patches, ...sources, textAt(kustomization, "openapi", "path")];
  return all.flatMap((item) =>
    typeof item === "string" && item !== "" && !item.includes("\n") ? [item.slice(item.startsWith("http") ? 0 : keyLength(item))] : [],
  );
}

/** References of a kustomization file to files and folders that are not there and that kustomize would not fetch either; none for any other file. */
export function missingReferences(file: string, kustomization: Json, paths: ReadonlySet<string>): string[] {
  if (!KUSTOMIZATION_NAMES.includes(nameOf(file)) || !isObject(kustomization)) return [];
  return references(kustomization).filter((reference) => {
    const path = joinPath(folderOf(file), reference);
    return reference !== "" && (path === undefined || !paths.has(path)) && !isRemote(reference);
  });
}

/** `key=path` in a generator's files. */
function keyLength(text: string): number {
  const key = /^[\w.-]+=(?!=)/.exec(text)?.[0] ?? "";
  return text.startsWith("ref=") ? 0 : key.length;
}

/** Whether kustomize would take this for a URL or a git repository (its repospec), were there no such file. */
function isRemote(reference: string): boolean {
  if (/^[\w+.-]+:\/\/|^git::|^[\w.-]+@[\w.-]+:|[?&](?:ref|version|timeout|submodules)=|\.git(?:\/|$|\?)|\/\/|^gh:|_git\//.test(reference)) return true;
  return /^(?:www\.)?[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|dev|de|eu|cloud|local|internal)[:/]/i.test(reference);
}

/** The folders with a kustomization, other than those of `own`, that build one of `files` too; only the outermost ones are named. */
export async function otherBuildersOf(tree: RepositoryTree, files: ReadonlySet<string>, own: ReadonlySet<string>): Promise<string[]> {
  const folders = [...new Set(tree.files.filter(({ path }) => KUSTOMIZATION_NAMES.includes(nameOf(path))).map(({ path }) => folderOf(path)))];
  const others = folders.filter((folder) => !own.has(folder));
  const reaches = await Promise.all(others.map(async (folder) => ({ folder, reach: await reachOf(tree, folder) })));
  const builders = reaches.filter(({ reach }) => [...reach.files].some((file) => files.has(file)));
  const inner = new Set(builders.flatMap(({ folder, reach }) => [...reach.folders].filter((other) => other !== folder)));
  return builders
    .filter(({ folder }) => !inner.has(folder))
    .map(({ folder }) => folder || ".")
    .sort();
}
