// Where the fields of an object may stand that is no document of its own: strategic merge patches that are text inside of a kustomization (kustomize:
// `patches[].patch`, `patchesStrategicMerge`), and items of a List.
import { groupOf, isObject, type Json, type JsonObject, listAt, type ObjectRef, textAt } from "../../cluster/objects.ts";
import { type FieldPath, getIn } from "../edit/field-path.ts";
import { parseYaml } from "../edit/yaml-documents.ts";
import { type InputDocument, isAbout, isKustomization } from "../input-documents.ts";
import type { DocumentEdit } from "../workspace.ts";
import { mayTarget } from "./json-patches.ts";

/** A document or patch of an object, to which the paths of the rendered object apply as they are. */
export interface ObjectText {
  file: string;
  value: Json;
  edit(path: FieldPath, value: Json | undefined): DocumentEdit;
}

/** A document as such a text. */
export function documentText({ file, index, value }: InputDocument): ObjectText {
  return { file, value, edit: (path, wanted) => ({ file, document: index, path, value: wanted }) };
}

/** Objects of this kind and name that are items of a `kind: List`. */
export function listedObjects(documents: readonly InputDocument[], object: ObjectRef): ObjectText[] {
  const lists = documents.filter(({ value, secret }) => !secret && textAt(value, "apiVersion") === "v1" && textAt(value, "kind") === "List");
  return lists.flatMap(({ file, index, value: list, ...document }) =>
    listAt(list, "items").flatMap((value, i): ObjectText[] => {
      if (!isAbout({ ...document, file, index, role: "object", value }, object)) return [];
      return [{ file, value, edit: (path, wanted) => ({ file, document: index, path: ["items", i, ...path], value: wanted }) }];
    }),
  );
}

/** The patches in kustomizations that are, or may be, about this object; whether they are is proven by rendering. */
export function inlinePatches(documents: readonly InputDocument[], object: ObjectRef): ObjectText[] {
  return documents
    .filter((document) => !document.secret && isKustomization(document))
    .flatMap(({ file, index, value: kustomization }) =>
      patchTexts(kustomization).flatMap(({ place, value, target }): ObjectText[] => {
        if (!isMeant(value, target, object)) return [];
        return [{ file, value, edit: (path, wanted) => ({ file, document: index, path: place, within: path, value: wanted }) }];
      }),
    );
}

/** A strategic merge patch that is text in a kustomization, where it stands there, and what the kustomization says that it is for. */
interface PatchText {
  place: FieldPath;
  value: JsonObject;
  target: Json | undefined;
}

/** The texts of `patches[].patch`, and those in `patchesStrategicMerge` that are no paths. */
export function patchTexts(kustomization: Json): PatchText[] {
  const patches = listAt(kustomization, "patches").map((entry, i) => {
    const target = isObject(entry) ? entry.target : undefined;
    return { place: ["patches", i, "patch"], text: textAt(entry, "patch"), target };
  });
  const listed = listAt(kustomization, "patchesStrategicMerge").map((entry, i) => {
    return { place: ["patchesStrategicMerge", i], text: typeof entry === "string" && entry.includes("\n") ? entry : "", target: undefined };
  });
  return [...patches, ...listed].flatMap(({ place, text, target }) => {
    const value = text === "" ? undefined : patchIn(text);
    return value ? [{ place, value, target }] : [];
  });
}

/** The one object that a text holds; undefined where it holds something else, or several. */
export function patchIn(text: string): JsonObject | undefined {
  const outcome = parseYaml(text);
  const [document, ...more] = outcome.kind === "parsed" ? outcome.documents : [];
  return document && more.length === 0 && isObject(document.value) ? document.value : undefined;
}

/** With a target, the name in the patch says nothing. */
function isMeant(patch: JsonObject, target: Json | undefined, object: ObjectRef): boolean {
  if (target !== undefined) return mayTarget(target, object);
  const name = textAt(patch, "metadata", "name");
  return textAt(patch, "kind") === object.kind && groupOf(textAt(patch, "apiVersion")) === object.group && name !== "" && object.name.includes(name);
}

/** How much of a path a value has already. */
export function heldOf(value: Json, path: FieldPath): number {
  let depth = 0;
  while (depth < path.length && getIn(value, path.slice(0, depth + 1)) !== undefined) depth++;
  return depth;
}
