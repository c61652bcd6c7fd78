// Entries of a kustomization that kustomize refuses as they are written, and that have one reading: a patch that is only named, and a file that is listed although
// it comes with another entry.
import { isObject, type Json, listAt, textAt } from "../../cluster/objects.ts";
import type { Edit } from "../edit/edit.ts";
import { sameJson } from "../edit/field-path.ts";
import { yamlDocuments } from "../edit/yaml-documents.ts";
import { folderOf, isKustomizationFile, joinPath } from "../git/repository-paths.ts";
import type { FileChange } from "../workspace.ts";
import { edited, presentFiles, type TextFile } from "./edited-file.ts";
import type { BasisFile } from "./text-basis.ts";

/** The one such file, corrected; several where more than one could be meant. */
export function listedWrongly(files: readonly BasisFile[], error: string): FileChange[] {
  const present = presentFiles(files);
  const lists = present.filter(({ path }) => isKustomizationFile(path));
  if (NAMED_ONLY.test(error)) return lists.flatMap((file) => patchesAs(file, "patches", (item) => (typeof item === "string" ? { path: item } : undefined)));
  if (WITH_PATH.test(error)) return lists.flatMap((file) => patchesAs(file, "patchesStrategicMerge", onlyPath));
  return TWICE.test(error) ? lists.flatMap((file) => withoutSecond(file, lists, present)) : [];
}

/** kustomize's words (sigs.k8s.io/yaml) for `patches: [memory.yaml]`, and for `patchesStrategicMerge: [{path: memory.yaml}]`. */
const NAMED_ONLY = /cannot unmarshal string into Go struct field Kustomization\.patches of type types\.Patch\b/;
const WITH_PATH = /cannot unmarshal object into Go struct field Kustomization\.patchesStrategicMerge of type/;
/** Its words for an object that comes twice, and for a file that lies outside of the folder (which nothing but a folder may). */
const TWICE = /already registered id|must build at directory|is not in or below/;

function patchesAs(file: TextFile, list: string, form: (item: Json) => Json | undefined): FileChange[] {
  const items = listAt(documentOf(file), list);
  const edits = items.flatMap((item, i): Edit[] => {
    const value = form(item);
    return value === undefined ? [] : [{ document: 0, path: [list, i], value }];
  });
  if (edits.length === 0) return [];
  return edited(file, edits).map((change) => (file.text.search(FLOW) >= 0 ? change : { ...change, after: change.after.replaceAll(FLOW, "$1path: $2") }));
}

/** As people write it in a list of lines. */
const FLOW = /^([ \t]*- )\{path: ([^\s{},"']+)\}/gm;

function onlyPath(item: Json): Json | undefined {
  return isObject(item) && Object.keys(item).join() === "path" && textAt(item, "path") !== "" ? textAt(item, "path") : undefined;
}

/** The list without an entry that another of its entries brings already: kustomize takes no object twice. */
function withoutSecond(file: TextFile, lists: readonly TextFile[], present: readonly TextFile[]): FileChange[] {
  const entries = listAt(documentOf(file), "resources").map((entry) => (typeof entry === "string" ? joinPath(folderOf(file.path), entry) : undefined));
  return entries.flatMap((path, at) => {
    if (path === undefined) return [];
    const copies = copiesOf(path, present);
    const isBrought = entries.some(
      (other, i) => other !== undefined && i !== at && (other === path ? i < at : [path, ...copies].some((one) => brings(other, one, lists))),
    );
    return isBrought ? edited(file, [{ document: 0, path: ["resources", at], value: undefined }]) : [];
  });
}

/** The files that say the very same: the object moved into a base, and its old file stayed. */
function copiesOf(path: string, present: readonly TextFile[]): string[] {
  const own = present.find((file) => file.path === path);
  if (!own || isKustomizationFile(path)) return [];
  const documents = valuesIn(own);
  return documents.length === 0 ? [] : present.flatMap((file) => (file.path !== path && sameJson(valuesIn(file), documents) ? [file.path] : []));
}

function valuesIn({ text }: TextFile): Json[] {
  return yamlDocuments(text).map(({ value }) => value);
}

/** Whether a folder's kustomization lists a file or folder, by itself or through what it lists. */
function brings(folder: string, path: string, lists: readonly TextFile[], depth = 0): boolean {
  const list = lists.find((one) => folderOf(one.path) === folder);
  if (!list || depth > DEEPEST) return false;
  return ["resources", "components"].some((field) =>
    listAt(documentOf(list), field).some((entry) => {
      const inner = typeof entry === "string" ? joinPath(folder, entry) : undefined;
      return inner !== undefined && (inner === path || brings(inner, path, lists, depth + 1));
    }),
  );
}

const DEEPEST = 8;

function documentOf({ text }: TextFile): Json {
  return yamlDocuments(text)[0]?.value ?? null;
}
