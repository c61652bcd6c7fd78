import { isObject, type Json, listAt, type ObjectRef, textAt } from "../../cluster/objects.ts";
import { type FieldPath, getIn, type Segment, sameJson } from "../edit/field-path.ts";
import { parseYaml } from "../edit/yaml-documents.ts";
import { folderOf, joinPath } from "../git/repository-paths.ts";
import { type InputDocument, isKustomization } from "../input-documents.ts";
import type { DocumentEdit } from "../workspace.ts";

/** Operations of a JSON patch (RFC 6902), and where they are written. */
interface JsonPatch {
  operations: readonly Json[];
  /** The edit of a place within the operations. */
  edit(path: FieldPath, value: Json | undefined): DocumentEdit;
}

/**
 * A JSON patch that gives a whole mapping decides every field in it: one that it lacks can be added to what it gives. Whether the operation really is about this object
 * is proven by rendering, as always.
 */
export function jsonPatchInsertions(documents: readonly InputDocument[], object: ObjectRef, path: FieldPath, value: Json): DocumentEdit[] {
  return patchesOn(documents, object).flatMap(({ operations, edit }) =>
    operations.flatMap((operation, i): DocumentEdit[] => {
      const rest = ["add", "replace"].includes(textAt(operation, "op")) ? behindPointer(textAt(operation, "path"), path) : undefined;
      const given = isObject(operation) ? operation.value : undefined;
      const isFree = rest !== undefined && rest.length > 0 && typeof given === "object" && given !== null && getIn(given, rest) === undefined;
      return isFree ? [edit([i, "value", ...rest], value)] : [];
    }),
  );
}

/** Operations without which a field comes back that they take away. */
export function withoutJsonRemovals(documents: readonly InputDocument[], object: ObjectRef, path: FieldPath): DocumentEdit[] {
  return operationsAt(documents, object, path, ["remove"]).flatMap(({ rest, drop }) => (rest.length === 0 ? [drop] : []));
}

/** Operations without which a field goes that they give, and nothing else. Which of the items one adds is told by its value. */
export function jsonPatchRemovals(documents: readonly InputDocument[], object: ObjectRef, path: FieldPath, before: Json | undefined): DocumentEdit[] {
  return operationsAt(documents, object, path, ["add", "replace"]).flatMap(({ rest, given, drop }) => {
    const isIt = rest.length === 0 && (typeof path.at(-1) !== "object" || sameJson(given, before));
    return isIt ? [drop] : [];
  });
}

interface Operation {
  /** What is left of the field's path behind the operation's. */
  rest: FieldPath;
  given: Json | undefined;
  drop: DocumentEdit;
}

function operationsAt(documents: readonly InputDocument[], object: ObjectRef, path: FieldPath, kinds: readonly string[]): Operation[] {
  return patchesOn(documents, object).flatMap(({ operations, edit }) =>
    operations.flatMap((operation, i): Operation[] => {
      const rest = kinds.includes(textAt(operation, "op")) ? behindPointer(textAt(operation, "path"), path) : undefined;
      if (rest === undefined) return [];
      const given = isObject(operation) ? operation.value : undefined;
      return [{ rest, given, drop: edit([i], undefined) }];
    }),
  );
}

/** The JSON patches whose target may be this object: files of their own, and texts inside of a kustomization. */
function patchesOn(documents: readonly InputDocument[], object: ObjectRef): JsonPatch[] {
  const open = documents.filter(({ secret }) => !secret);
  return open.filter(isKustomization).flatMap((kustomization) =>
    ["patches", "patchesJson6902"].flatMap((list) =>
      listAt(kustomization.value, list).flatMap((entry, i) => {
        if (!isObject(entry) || !mayTarget(entry.target, object)) return [];
        const file = joinPath(folderOf(kustomization.file), textAt(entry, "path"));
        const files = textAt(entry, "path") === "" ? [] : open.filter((document) => document.file === file);
        return [...files.flatMap(patchFile), ...inlinePatch(kustomization, [list, i, "patch"], textAt(entry, "patch"))];
      }),
    ),
  );
}

function patchFile({ file, index, value }: InputDocument): JsonPatch[] {
  return Array.isArray(value) ? [{ operations: value, edit: (path, wanted) => ({ file, document: index, path, value: wanted }) }] : [];
}

function inlinePatch({ file, index }: InputDocument, place: FieldPath, text: string): JsonPatch[] {
  const outcome = text === "" ? undefined : parseYaml(text);
  const [document, ...more] = outcome?.kind === "parsed" ? outcome.documents : [];
  if (!document || more.length > 0 || !Array.isArray(document.value)) return [];
  return [{ operations: document.value, edit: (path, wanted) => ({ file, document: index, path: place, within: path, value: wanted }) }];
}

/** Kustomize takes the names of a target as regular expressions, before names are prefixed; what is no plain name is left to the proof. */
export function mayTarget(target: Json | undefined, object: ObjectRef): boolean {
  if (!isObject(target)) return false;
  const [kind, name] = [textAt(target, "kind"), textAt(target, "name")];
  return (!isPlain(kind) || kind === object.kind) && (!isPlain(name) || object.name.includes(name));
}

function isPlain(name: string): boolean {
  return /^[\w-]+$/.test(name);
}

/** What is left of a path behind a JSON pointer; undefined where the pointer leads elsewhere. Items are counted there and named here, which the proof tells apart. */
function behindPointer(pointer: string, path: FieldPath): FieldPath | undefined {
  if (!pointer.startsWith("/")) return undefined;
  const steps = pointerSteps(pointer);
  return steps.length <= path.length && steps.every((step, i) => leadsTo(step, path[i] as Segment)) ? path.slice(steps.length) : undefined;
}

function leadsTo(step: string, segment: Segment): boolean {
  return typeof segment === "string" ? step === segment : /^(?:\d+|-)$/.test(step);
}

/** The steps of a JSON pointer (RFC 6901). */
export function pointerSteps(pointer: string): string[] {
  const steps = pointer.split("/").slice(1);
  return steps.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}
