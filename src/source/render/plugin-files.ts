import { isObject, type Json, listAt, textAt } from "../../cluster/objects.ts";
import { parseYaml } from "../edit/yaml-documents.ts";
import type { RepositoryTree } from "../git/repository.ts";
import { folderOf, indexOf, joinPath } from "../git/repository-paths.ts";
import { isRemote, type Reach } from "./kustomization-files.ts";

/** Lists of kustomize's plugins: files, folders, or written out in place. */
const LISTS = ["transformers", "generators", "validators"];
/** Fields of the built-in plugins that kustomize loads as files, or as URLs. */
const FIELDS = ["path", "files", "envs", "env"];

/**
 * What the settings of kustomize's built-in plugins (`apiVersion: builtin`) load: files of the repository are added to the reach, URLs to what is outside. Plugins are
 * found by what they say, wherever they are, since whole folders of them can be named.
 */
export async function withPluginFiles(tree: RepositoryTree, folder: string, reach: Reach): Promise<Reach> {
  const files = new Set(reach.files);
  const outside = [...reach.outside];
  for (const file of reach.files) {
    const text = /\.ya?ml$|(?:^|\/)Kustomization$/.test(file) ? await tree.read(file) : undefined;
    if (!text?.includes("builtin")) continue;
    for (const plugin of pluginsIn(text)) {
      if (/^HelmChart/.test(textAt(plugin, "kind"))) outside.push({ file, reference: textAt(plugin, "kind"), why: "chart" });
      for (const reference of loadedBy(plugin)) {
        const places = [folderOf(file), folder].flatMap((base) => joinPath(base, reference) ?? []);
        const found = places.filter((place) => indexOf(tree).files.has(place));
        for (const place of found) files.add(place);
        if (found.length === 0 && isRemote(reference)) outside.push({ file, reference, why: "remote" });
      }
    }
  }
  return { ...reach, files, outside };
}

/** Documents that are plugins, and plugins that a kustomization writes out. */
function pluginsIn(text: string): Json[] {
  const outcome = parseYaml(text);
  const documents = outcome.kind === "parsed" ? outcome.documents.map(({ value }) => value) : [];
  const inline = documents
    .flatMap((value) => LISTS.flatMap((list) => listAt(value, list)))
    .flatMap((item) => (typeof item === "string" && item.includes("\n") ? pluginsIn(item) : []));
  return [...documents.filter((value) => textAt(value, "apiVersion") === "builtin"), ...inline];
}

function loadedBy(value: Json, field = ""): string[] {
  if (typeof value === "string") return FIELDS.includes(field) && !value.includes("\n") ? [value.replace(/^[\w.-]+=(?!=)/, "")] : [];
  if (Array.isArray(value)) return value.flatMap((item) => loadedBy(item, field));
  return isObject(value) ? Object.entries(value).flatMap(([key, item]) => loadedBy(item, key)) : [];
}
