import { isObject, listAt, objectAt, textAt } from "../../cluster/objects.ts";
import { inputsOf } from "../compare.ts";
import { parseYaml } from "../edit/yaml-documents.ts";
import type { TreeFile } from "../git/repository.ts";
import { folderOf, indexOf, isInTemplates, isKustomizationFile, joinPath, kustomizationIn } from "../git/repository-paths.ts";
import { missingReferences } from "../render/kustomization-files.ts";
import { ManifestReader } from "../render/manifests.ts";
import type { Workspace } from "../workspace.ts";

/** One file that a delivery reads: as it is at the base of a fix, and as it was at the last good revision; undefined where it is not there. */
export interface BasisFile {
  path: string;
  text: string | undefined;
  lastGood: string | undefined;
}

/** What a repair of text is judged by, where the source cannot be rendered: two versions of its files, and what references can point at. */
export interface TextBasis {
  files: BasisFile[];
  /** Files and folders of the base. */
  paths: ReadonlySet<string>;
  /** Texts of the YAML files that lie where references of kustomizations lead nowhere, or in a folder there, and that the delivery does not read: one of them may be what is meant. */
  beside: ReadonlyMap<string, string>;
  /** Names of the ConfigMaps that the source's documents at the base hold. */
  configMaps: ReadonlySet<string>;
  /** Whether `lastGood` texts are those of a revision that renders. */
  hasLastGood: boolean;
}

/** Reads every file that the delivery reads at the base or read at the last good revision. */
export async function readTextBasis(base: Workspace, lastGood: Workspace | undefined): Promise<TextBasis> {
  const outcomes = [await base.render(), ...(lastGood ? [await lastGood.render()] : [])];
  const inputs = new Set(outcomes.flatMap(inputsOf));
  const files = await Promise.all(
    [...inputs].sort().map(async (path): Promise<BasisFile> => ({ path, text: await base.tree.read(path), lastGood: await lastGood?.tree.read(path) })),
  );
  const { files: there, folders } = indexOf(base.tree);
  const paths = new Set([...there.keys(), ...folders]);
  return {
    files,
    paths,
    beside: await readBeside(base, files, paths),
    configMaps: new Set(files.flatMap(({ path, text }) => configMapsIn(path, text).map(({ name }) => name))),
    hasLastGood: lastGood !== undefined,
  };
}

/** What the files that are rendered said at the last good revision, of those that changed since; undefined where one came. */
export async function touchedFiles(base: Workspace, lastGood: Workspace | undefined): Promise<Map<string, string | undefined>> {
  if (!lastGood) return new Map();
  const inputs = inputsOf(await base.render());
  const texts = await Promise.all(inputs.map(async (path) => ({ path, now: await base.tree.read(path), old: await lastGood.tree.read(path) })));
  return new Map(texts.filter(({ now, old }) => now !== old).map(({ path, old }) => [path, old]));
}

/** Bounds on what is read to find what a reference is meant for. */
const MOST_BESIDE = 60;
const LARGEST_BESIDE = 200_000;

async function readBeside({ tree }: Workspace, files: readonly BasisFile[], paths: ReadonlySet<string>): Promise<Map<string, string>> {
  const folders = new Set(
    files.flatMap(({ path, text }) => {
      const outcome = text !== undefined && isKustomizationFile(path) ? parseYaml(text) : undefined;
      const value = outcome?.kind === "parsed" ? outcome.documents[0]?.value : undefined;
      return missingReferences(path, value ?? null, paths).map((wrong) => joinPath(folderOf(path), folderOf(wrong)));
    }),
  );
  const isFree = (path: string) => !files.some((file) => file.path === path && file.text !== undefined);
  const isNear = (folder: string) => folders.has(folder) || (folder !== "" && folders.has(folderOf(folder)) && kustomizationIn(tree, folder) !== undefined);
  const near = tree.files.filter(
    ({ path, mode, size }) => isPlainYaml(path) && isNear(folderOf(path)) && isFree(path) && isRead(mode) && size < LARGEST_BESIDE,
  );
  const read = near.length > MOST_BESIDE ? near.filter(({ path }) => folders.has(folderOf(path))) : near;
  if (read.length > MOST_BESIDE) return new Map();
  const texts = await Promise.all(read.map(async ({ path }) => [path, await tree.read(path)] as const));
  return new Map(texts.flatMap(([path, text]) => (text === undefined ? [] : [[path, text]])));
}

function isRead(mode: TreeFile["mode"]): boolean {
  return mode === "file" || mode === "executable";
}

/** The ConfigMaps that a file of manifests writes out. */
export function configMapsIn(path: string, text: string | undefined): { name: string; keys: string[]; data: string }[] {
  if (text === undefined || !isPlainYaml(path)) return [];
  const outcome = new ManifestReader().parse(text);
  if (outcome.kind !== "parsed") return [];
  return outcome.documents
    .flatMap(({ value }) => (isObject(value) && Array.isArray(value.items) ? listAt(value, "items") : [value]))
    .filter((value) => textAt(value, "kind") === "ConfigMap")
    .map((value) => ({
      name: textAt(value, "metadata", "name"),
      keys: [...Object.keys(objectAt(value, "data")), ...Object.keys(objectAt(value, "binaryData"))].sort(),
      data: JSON.stringify(isObject(value) ? [value.data ?? null, value.binaryData ?? null] : null),
    }))
    .filter(({ name }) => name !== "");
}

/** YAML that has to parse as it is: chart templates become YAML only when they are rendered. */
export function isPlainYaml(path: string): boolean {
  return /\.(?:ya?ml|json)$|(?:^|\/)Kustomization$/.test(path) && !isInTemplates(path);
}
