// Files of manifests that lie beside the others of a kustomization and that no kustomization lists: somebody wrote them and forgot the line.
import { type Json, listAt } from "../../cluster/objects.ts";
import type { RepositoryTree } from "../git/repository.ts";
import { folderOf, nameOf } from "../git/repository-paths.ts";
import { isKustomization } from "../input-documents.ts";
import { otherBuildersOf } from "../render/kustomization-files.ts";
import type { DocumentEdit } from "../workspace.ts";
import { configMapsIn, isPlainYaml } from "./text-basis.ts";

/** Bounds on what is looked into. */
const MOST_BESIDE = 60;
const LARGEST = 200_000;

/** A kustomization that the delivery reads. */
export interface ReadKustomization {
  file: string;
  index: number;
  value: Json;
}

/** The lines that would list a file which nothing lists and which writes out a ConfigMap of this name. */
export async function listingsOf(tree: RepositoryTree, kustomizations: readonly ReadKustomization[], name: string): Promise<DocumentEdit[]> {
  const found: DocumentEdit[] = [];
  for (const { file, index, value } of kustomizations.filter(isKustomization)) {
    const resources = listAt(value, "resources");
    if (resources.length === 0) continue;
    const isNear = (path: string) => folderOf(path) === folderOf(file) && isPlainYaml(path) && !isKustomization({ file: path });
    const beside = tree.files.filter(({ path, mode, size }) => isNear(path) && mode === "file" && size < LARGEST);
    for (const { path } of beside.length > MOST_BESIDE ? [] : beside) {
      const isMeant = configMapsIn(path, await tree.read(path)).some((map) => map.name === name);
      if (!isMeant || (await otherBuildersOf(tree, new Set([path]), new Set())).length > 0) continue;
      found.push({ file, document: index, path: ["resources", resources.length], value: nameOf(path) });
    }
  }
  return found;
}
