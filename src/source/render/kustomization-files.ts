import { isObject, type Json, type JsonObject, listAt, textAt } from "../../cluster/objects.ts";
import { AutofixError } from "../../errors.ts";
import { parseYaml } from "../edit/yaml-documents.ts";
import { behindLink } from "../git/links.ts";
import type { RepositoryTree, TreeFile } from "../git/repository.ts";
import { folderOf, indexOf, isKustomizationFile, joinPath, kustomizationIn } from "../git/repository-paths.ts";

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
 * Follows a kustomization to every file of the repository that it may read. Which fields hold paths is not listed: every text in a kustomization that names a
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
    const value = replaced.get(next);
    const direct = value ? follow(tree, next, kustomizationIn(tree, next), value) : await directReach(tree, next);
    for (const file of direct.files) reach.files.add(file);
    reach.outside.push(...direct.outside);
    waiting.push(...direct.folders);
  }
  return reach;
}

const direct = new WeakMap<RepositoryTree, Map<string, Promise<Reach>>>();

/** What the kustomization of one folder names itself; remembered as long as the tree. */
function directReach(tree: RepositoryTree, folder: string): Promise<Reach> {
  const known = direct.get(tree) ?? new Map<string, Promise<Reach>>();
  direct.set(tree, known);
  const reach = known.get(folder) ?? readDirect(tree, folder);
  known.set(folder, reach);
  reach.catch(() => known.delete(folder));
  return reach;
}

async function readDirect(tree: RepositoryTree, folder: string): Promise<Reach> {
  const file = kustomizationIn(tree, folder);
  const value = file ? await readKustomization(tree, file) : undefined;
  return value ? follow(tree, folder, file, value) : { files: new Set(file ? [file] : []), folders: new Set(), outside: [] };
}

/** Kustomizations that were parsed, by blob; by the entry of the tree where that names no blob. Who builds a file is asked of all of them, again and again. */
const byBlob = new Map<string, JsonObject | undefined>();
const byEntry = new WeakMap<TreeFile, JsonObject | undefined>();
const MAX_KEPT = 20_000;

/** The mapping in a kustomization file; undefined where it cannot be parsed (the renderer will say why). */
export async function readKustomization(tree: RepositoryTree, file: string): Promise<JsonObject | undefined> {
  const entry = indexOf(tree).files.get(file);
  const { sha } = entry ?? {};
  if (sha !== undefined && byBlob.has(sha)) return byBlob.get(sha);
  if (entry && byEntry.has(entry)) return byEntry.get(entry);
  const value = await parseKustomization(tree, file);
  if (entry) byEntry.set(entry, value);
  if (sha === undefined) return value;
  if (byBlob.size >= MAX_KEPT) byBlob.clear();
  byBlob.set(sha, value);
  return value;
}

async function parseKustomization(tree: RepositoryTree, file: string): Promise<JsonObject | undefined> {
  const text = await tree.read(file);
  const outcome = text === undefined ? undefined : parseYaml(text);
  const value = outcome?.kind === "parsed" ? outcome.documents.find((document) => document.value !== null)?.value : undefined;
  return isObject(value) ? value : undefined;
}

function follow(tree: RepositoryTree, folder: string, own: string | undefined, kustomization: JsonObject): Reach {
  const { files, folders } = indexOf(tree);
  const reach: Reach = { files: new Set(own ? [own] : []), folders: new Set(), outside: [] };
  const file = own ?? folder;
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
      } else if (folders.has(path) && kustomizationIn(tree, path)) reach.folders.add(path);
    }
  }
  for (const reference of references(kustomization)) {
    const path = joinPath(folder, reference);
    if (path !== undefined && (files.has(path) || folders.has(path))) continue;
    if (path !== undefined && behindLink(tree, path)) reach.outside.push({ file, reference, why: "link" });
    else if (isRemote(reference)) reach.outside.push({ file, reference, why: "remote" });
  }
  return reach;
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
  if (!isKustomizationFile(file) || !isObject(kustomization)) return [];
  return references(kustomization).filter((reference) => {
    const path = joinPath(folderOf(file), reference);
    return reference !== "" && (path === undefined || !paths.has(path)) && !isRemote(reference);
  });
}

/** Whether a generator of this kustomization takes a file under its own name: another file would become another key of what is generated. */
export function isKeyOfGenerator(kustomization: Json, file: string): boolean {
  const generators = ["configMapGenerator", "secretGenerator"].flatMap((key) => listAt(kustomization, key));
  return generators.some((generator) => listAt(generator, "files").includes(file));
}

/** `key=path` in a generator's files. */
function keyLength(text: string): number {
  const key = /^[\w.-]+=(?!=)/.exec(text)?.[0] ?? "";
  return text.startsWith("ref=") ? 0 : key.length;
}

/** Whether kustomize would take this for a URL or a git repository (its repospec), were there no such file. */
export function isRemote(reference: string): boolean {
  if (/^[\w+.-]+:\/\/|^git::|^[\w.-]+@[\w.-]+:|[?&](?:ref|version|timeout|submodules)=|\.git(?:\/|$|\?)|\/\/|^gh:|_git\//.test(reference)) return true;
  return /^(?:www\.)?[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|dev|de|eu|cloud|local|internal)[:/]/i.test(reference);
}

/** The folders with a kustomization, other than those of `own`, that build one of `files` too; only the outermost ones are named. */
export async function otherBuildersOf(tree: RepositoryTree, files: ReadonlySet<string>, own: ReadonlySet<string>): Promise<string[]> {
  const kustomizations = tree.files.map(({ path }) => path).filter((path) => isKustomizationFile(path));
  await tree.prefetch?.(kustomizations);
  const folders = [...new Set(kustomizations.map(folderOf))];
  const reaches = await Promise.all(folders.map(async (folder) => ({ folder, reach: await directReach(tree, folder) })));
  const namedBy = new Map<string, string[]>();
  for (const { folder, reach } of reaches) for (const inner of reach.folders) namedBy.set(inner, [...(namedBy.get(inner) ?? []), folder]);
  const builders = new Set<string>();
  const waiting = reaches.filter(({ reach }) => [...files].some((file) => reach.files.has(file))).map(({ folder }) => folder);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (builders.has(next)) continue;
    builders.add(next);
    waiting.push(...(namedBy.get(next) ?? []));
  }
  const others = [...builders].filter((folder) => !own.has(folder));
  const isNamed = (folder: string) => (namedBy.get(folder) ?? []).some((outer) => builders.has(outer) && !own.has(outer));
  return others
    .filter((folder) => !isNamed(folder))
    .map((folder) => folder || ".")
    .sort();
}
