import { isObject, listAt, textAt } from "../cluster/objects.ts";
import { inputsOf } from "./compare.ts";
import { ManifestReader } from "./manifests.ts";
import { indexOf } from "./repository-paths.ts";
import type { Workspace } from "./workspace.ts";

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
  return {
    files,
    paths: new Set([...there.keys(), ...folders]),
    configMaps: new Set(files.flatMap(({ path, text }) => configMapsIn(path, text).map(({ name }) => name))),
    hasLastGood: lastGood !== undefined,
  };
}

/** The ConfigMaps that a file of manifests writes out. */
export function configMapsIn(path: string, text: string | undefined): { name: string; data: string }[] {
  if (text === undefined || !isPlainYaml(path)) return [];
  const outcome = new ManifestReader().parse(text);
  if (outcome.kind !== "parsed") return [];
  return outcome.documents
    .flatMap(({ value }) => (isObject(value) && Array.isArray(value.items) ? listAt(value, "items") : [value]))
    .filter((value) => textAt(value, "kind") === "ConfigMap")
    .map((value) => ({
      name: textAt(value, "metadata", "name"),
      data: JSON.stringify(isObject(value) ? [value.data ?? null, value.binaryData ?? null] : null),
    }))
    .filter(({ name }) => name !== "");
}

/** YAML that has to parse as it is: chart templates become YAML only when they are rendered. */
export function isPlainYaml(path: string): boolean {
  return /\.(?:ya?ml|json)$|(?:^|\/)Kustomization$/.test(path) && !/(?:^|\/)templates\//.test(path);
}
