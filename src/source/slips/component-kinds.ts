import { type Json, listAt } from "../../cluster/objects.ts";
import type { Edit } from "../edit/edit.ts";
import { yamlDocuments } from "../edit/yaml-documents.ts";
import { folderOf, isKustomizationFile, joinPath } from "../git/repository-paths.ts";
import type { FileChange } from "../workspace.ts";
import { edited, presentFiles, type TextFile } from "./edited-file.ts";
import type { BasisFile } from "./text-basis.ts";

/** kustomize's words for a folder that is listed as what it is not. */
const EXPECTED = /expected kind (?:'Component' for path '([^'\s]{1,300})' but got 'Kustomization'|!= 'Component' for path '([^'\s]{1,300})')/;

/** What makes of a kustomization a component (kustomize: components). */
const COMPONENT = { apiVersion: "kustomize.config.k8s.io/v1alpha1", kind: "Component" };

/**
 * The one way to make kustomize take a folder that, by its own error, is listed as a component and is none, or the other way round: a folder that only changes what
 * others bring becomes a component; one that brings resources, or is a component, is listed as what it is.
 */
export function componentRepair(files: readonly BasisFile[], error: string): FileChange | undefined {
  const [, asComponent, asResource] = EXPECTED.exec(error) ?? [];
  const path = asComponent ?? asResource;
  const lists = presentFiles(files).filter((file) => isKustomizationFile(file.path));
  const own = lists.filter((file) => path !== undefined && (folderOf(file.path) === path || path.endsWith(`/${folderOf(file.path)}`)));
  const [folder, ...more] = own.toSorted((a, b) => b.path.length - a.path.length).filter((file, _, all) => file.path.length === all[0]?.path.length);
  if (!folder || more.length > 0) return undefined;
  const brings = listAt(documentOf(folder), "resources").length > 0;
  if (asResource !== undefined) return listedIn(lists, folder, "resources", "components");
  if (brings) return listedIn(lists, folder, "components", "resources");
  const edits = Object.entries(COMPONENT).map(([field, value]): Edit => ({ document: 0, path: [field], value }));
  return edited(folder, edits)[0];
}

/** The entry of the one kustomization that lists the folder in one list, moved to the end of another. */
function listedIn(lists: readonly TextFile[], folder: TextFile, from: string, to: string): FileChange | undefined {
  const found = lists.flatMap((file) =>
    listAt(documentOf(file), from).flatMap((entry, at, all) =>
      typeof entry === "string" && joinPath(folderOf(file.path), entry) === folderOf(folder.path) ? [{ file, entry, at, all }] : [],
    ),
  );
  const [only, ...more] = found;
  if (!only || more.length > 0) return undefined;
  const there = listAt(documentOf(only.file), to);
  const moved: Edit = { document: 0, path: there.length > 0 ? [to, there.length] : [to], value: there.length > 0 ? only.entry : [only.entry] };
  return edited(only.file, [moved, { document: 0, path: only.all.length === 1 ? [from] : [from, only.at], value: undefined }])[0];
}

function documentOf({ text }: TextFile): Json {
  return yamlDocuments(text)[0]?.value ?? null;
}
