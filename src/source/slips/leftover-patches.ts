import { isObject, type Json, listAt, textAt } from "../../cluster/objects.ts";
import type { Edit } from "../edit/edit.ts";
import type { FieldPath } from "../edit/field-path.ts";
import { yamlDocuments } from "../edit/yaml-documents.ts";
import { folderOf, isKustomizationFile, joinPath } from "../git/repository-paths.ts";
import type { FileChange } from "../workspace.ts";
import { edited, presentFiles, type TextFile } from "./edited-file.ts";
import type { BasisFile } from "./text-basis.ts";

/** kustomize's words for a JSON patch that finds nothing at its place; an error within an error is quoted, once or more. */
const NOTHING_THERE = /operation does not apply: doc is missing (?:path|key): \\*"?(\/[\w./~-]{1,500})/g;

/** The JSON pointers at which, by the renderer's own error, patches find nothing to change. */
export function placesNotFound(error: string): string[] {
  return [...error.matchAll(NOTHING_THERE)].map(([, pointer = ""]) => pointer);
}

/**
 * The container or volume in which a JSON pointer leads to something: to take one of these away is nobody's slip. Undefined for smaller items (a variable),
 * which an overlay that changes them may well need.
 */
export function patchedItem(pointer: string): string | undefined {
  const item = /^.*\/\d+(?=\/|$)/.exec(pointer)?.[0];
  return item !== undefined && /\/(?:containers|initContainers|volumes)\/\d+$/.test(item) ? item : undefined;
}

/**
 * The ways to take out of the kustomizations' JSON patches what changes this place (RFC 6902), or anything in the same container or volume: the operations, or
 * the whole entry where the patch does nothing else. None for a place in neither.
 */
export function withoutPatchOf(files: readonly BasisFile[], pointer: string): FileChange[] {
  const item = patchedItem(pointer);
  if (item === undefined) return [];
  return patchesOf(files, item).flatMap(({ list, at, isOnly, kustomization, file, operation, operations, meant }): FileChange[] => {
    const isAll = meant.length === operations.length;
    return isAll
      ? edited(kustomization, [{ document: 0, path: isOnly ? [list] : [list, at], value: undefined }])
      : edited(
          file,
          meant.map((i) => operation(i)),
        );
  });
}

/** The items of lists on the way of a JSON pointer, by their number in the list: the innermost first. */
export function countedItems(pointer: string): string[] {
  return [...pointer.matchAll(/\/\d+(?=\/|$)/g)].map(({ index, 0: step }) => pointer.slice(0, index + step.length)).reverse();
}

/**
 * The ways to lead what changes an item of a list, or anything in it, to the item of another index: the list is another one now, and the item is still in it.
 *
 * @param item as a JSON pointer
 */
export function patchMovedTo(files: readonly BasisFile[], item: string, index: number): FileChange[] {
  return patchLedTo(files, item, `${listOf(item)}/${index}`);
}

/** The same to an item of a pod's other list of containers: a sidecar that became an init container, or the other way round. */
export function patchMovedOver(files: readonly BasisFile[], item: string, index: number): FileChange[] {
  const list = otherContainers(item);
  return list === undefined ? [] : patchLedTo(files, item, `${list}/${index}`);
}

/** The other list of a pod's containers than that in which an item is; both as JSON pointers. */
export function otherContainers(item: string): string | undefined {
  const [, pod, list] = /^(.*)\/(containers|initContainers)$/.exec(listOf(item)) ?? [];
  return list === undefined ? undefined : `${pod}/${list === "containers" ? "initContainers" : "containers"}`;
}

function listOf(item: string): string {
  return item.slice(0, item.lastIndexOf("/"));
}

function patchLedTo(files: readonly BasisFile[], item: string, moved: string): FileChange[] {
  return patchesOf(files, item).flatMap(({ file, operation, operations, meant }) =>
    edited(
      file,
      meant.map((i) => operation(i, `${moved}${textAt(operations[i], "path").slice(item.length)}`)),
    ),
  );
}

/** Maps of names and texts, which an object may have or not. */
const MAPS = /\/(?:annotations|labels|nodeSelector)$/;

/**
 * The ways to let a patch make the list to which it adds an item (`/env/-`) and that is not there (any more), or the map of an object's annotations: one
 * operation more, before it.
 *
 * @param end the place behind the last item, or the new key, as a JSON pointer
 */
export function patchMakingList(files: readonly BasisFile[], end: string): FileChange[] {
  const group = end.slice(0, end.lastIndexOf("/"));
  const isMap = MAPS.test(group);
  if (!isMap && !end.endsWith("/-")) return [];
  return entriesOf(files).flatMap(({ file, operations, all, target }) => {
    const first = operations.findIndex((one) => textAt(one, "op") === "add" && textAt(one, "path") === end);
    const made: Json = { op: "add", path: group, value: isMap ? {} : [] };
    // Of several objects one may have the map already, and would lose what is in it.
    const isOfOne = !isMap || textAt(target, "name") !== "";
    return first < 0 || !isOfOne ? [] : edited(file, [all([...operations.slice(0, first), made, ...operations.slice(first)])]);
  });
}

/** The JSON patches with operations, by their index, on this item of a list, or on something in it. */
function patchesOf(files: readonly BasisFile[], item: string): (Entry & { meant: number[] })[] {
  return entriesOf(files).flatMap((entry) => {
    const meant = entry.operations.flatMap((operation, i) => (`${textAt(operation, "path")}/`.startsWith(`${item}/`) ? [i] : []));
    return meant.length > 0 ? [{ ...entry, meant }] : [];
  });
}

/** An entry of `patches` that is a JSON patch, and where its operations are written. */
export interface Entry {
  kustomization: TextFile;
  list: string;
  at: number;
  isOnly: boolean;
  file: TextFile;
  operations: readonly Json[];
  /** What the entry says that it is for; null where it does not. */
  target: Json;
  /** Takes one operation out, or gives it another place. */
  operation(index: number, path?: string): Edit;
  /** Makes these the operations. */
  all(operations: Json[]): Edit;
}

export function entriesOf(files: readonly BasisFile[]): Entry[] {
  const texts = presentFiles(files);
  return texts
    .filter(({ path }) => isKustomizationFile(path))
    .flatMap((kustomization) => {
      const value = parsedValue(kustomization.text);
      return ["patches", "patchesJson6902"].flatMap((list) =>
        listAt(value, list).flatMap((entry, at, every) => {
          const target = isObject(entry) ? (entry.target ?? null) : null;
          return entriesIn(entry, texts, { kustomization, list, at, isOnly: every.length === 1, target });
        }),
      );
    });
}

/** The operations of one entry: in a file of their own, or as a text in the kustomization. */
function entriesIn(entry: Json, texts: readonly TextFile[], place: Pick<Entry, "kustomization" | "list" | "at" | "isOnly" | "target">): Entry[] {
  const { kustomization, list, at } = place;
  const named = joinPath(folderOf(kustomization.path), textAt(entry, "path"));
  const file = textAt(entry, "path") === "" ? undefined : texts.find(({ path }) => path === named);
  const inPatch = (path: FieldPath, value: Json | undefined): Edit =>
    file ? { document: 0, path, value } : { document: 0, path: [list, at, "patch"], within: path, value };
  return operationsIn(file?.text ?? textAt(entry, "patch")).map((operations) => ({
    ...place,
    file: file ?? kustomization,
    operations,
    operation: (i, to) => inPatch(to === undefined ? [i] : [i, "path"], to),
    all: (made) => inPatch([], made),
  }));
}

function operationsIn(text: string): Json[][] {
  const value = text === "" ? null : parsedValue(text);
  return Array.isArray(value) && value.every((one) => isObject(one) && textAt(one, "op") !== "") ? [value] : [];
}

function parsedValue(text: string): Json {
  const [document, ...more] = yamlDocuments(text);
  return document && more.length === 0 ? document.value : null;
}
