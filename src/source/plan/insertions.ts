import { at, isObject, type Json, listAt, type ObjectRef, textAt } from "../../cluster/objects.ts";
import { type FieldPath, formatPath, getIn, type Segment, samePath } from "../edit/field-path.ts";
import { folderOf, nameOf } from "../git/repository-paths.ts";
import { type InputDocument, isKustomization } from "../input-documents.ts";
import type { DocumentEdit } from "../workspace.ts";
import { inOrder, inOrderWithTargeted, pathsIn, walk } from "./candidates.ts";
import { withoutHash } from "./differences.ts";
import { jsonPatchInsertions, jsonPatchRemovals, withoutJsonRemovals } from "./json-patches.ts";
import { documentText, heldOf, inlinePatches, listedObjects, type ObjectText } from "./object-texts.ts";
import { absenceOf } from "./patch-statements.ts";

/**
 * Where a field that is nowhere may be added, the likeliest first: what a patch orders to be away, patches on the object, its document, what JSON patches give
 * it, the files and literals of its generator.
 */
export function insertionsFor(documents: readonly InputDocument[], object: ObjectRef, path: FieldPath, value: Json, folder: string): DocumentEdit[] {
  // A patch that only its target leads to the object takes what belongs to an item that it has.
  const item = path.slice(0, path.findLastIndex((segment) => typeof segment === "object") + 1);
  const targeted = inOrderWithTargeted(documents, object).filter(
    ({ role, value: patch }) => role === "patch" && item.length > 0 && getIn(patch, item) !== undefined,
  );
  const plain = inOrder(documents, object);
  const own = [...plain, ...targeted.filter((document) => !plain.includes(document))];
  const placed = placesOf(documents, own, object, { path, folder }).map((text) => text.edit(path, value));
  const key = path[1];
  const isData = object.kind === "ConfigMap" && path[0] === "data" && path.length === 2 && typeof key === "string" && typeof value === "string";
  const files = isData ? fileInsertions(documents, object, key) : [];
  const literals = isData ? [...files, ...literalInsertions(documents, object, `${key}=${value}`), ...pairInsertions(documents, key, value)] : [];
  return [
    ...orderRemovals(own, path),
    ...withoutJsonRemovals(documents, object, path),
    ...placed,
    ...jsonPatchInsertions(documents, object, path, value),
    ...literals,
    ...itemInsertions(documents, path, value),
    ...valueInsertions(documents, path, value),
  ];
}

/** Patches and documents of the object, what lies in the delivery's folder first, and of the patches there the one that has most of the path already. */
function placesOf(
  documents: readonly InputDocument[],
  own: readonly InputDocument[],
  object: ObjectRef,
  { path, folder }: { path: FieldPath; folder: string },
): ObjectText[] {
  const patches = [...own.filter(({ role }) => role === "patch").map(documentText), ...inlinePatches(documents, object)];
  const ordered = patches.map((patch) => ({ patch, held: heldOf(patch.value, path) })).sort((a, b) => b.held - a.held);
  const objects = [...own.filter(({ role }) => role === "object").map(documentText), ...listedObjects(documents, object)];
  const near = ({ file }: ObjectText) => (folderOf(file) === folder ? 0 : 1);
  return [...ordered.map(({ patch }) => patch), ...objects].sort((a, b) => near(a) - near(b));
}

/**
 * Orders of strategic merge patches (`$patch: replace` in a list or mapping) by which nothing of the base is left where the field is to be
 * (https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/).
 */
function orderRemovals(own: readonly InputDocument[], path: FieldPath): DocumentEdit[] {
  const isOrder = (value: Json) => textAt(value, "$patch") === "replace";
  return own
    .filter(({ role }) => role === "patch")
    .flatMap(({ file, index, value }) =>
      path.flatMap((_, depth): DocumentEdit[] => {
        const above = path.slice(0, depth);
        const here = getIn(value, above);
        if (isObject(here) && isOrder(here)) return [{ file, document: index, path: [...above, "$patch"], value: undefined }];
        const order = Array.isArray(here) ? here.findIndex((item) => isObject(item) && Object.keys(item).length === 1 && isOrder(item)) : -1;
        return order < 0 ? [] : [{ file, document: index, path: [...above, order], value: undefined }];
      }),
    );
}

/** Charts also write items out as the values have them (`toYaml .Values.sidecars`): a field of one goes to the item of its name there. */
function itemInsertions(documents: readonly InputDocument[], path: FieldPath, value: Json): DocumentEdit[] {
  const last = path.findLastIndex((segment) => typeof segment === "object");
  const [item, rest] = [path[last], path.slice(last + 1)];
  if (typeof item !== "object" || rest.length === 0 || !rest.every((segment) => typeof segment === "string")) return [];
  const lists = placesIn(layersOf(documents), (node) => Array.isArray(node) && isObject(getIn(node, [item])));
  return lists.map(({ path: list, ...place }) => ({ ...place, path: [...list, item, ...rest], value }));
}

/** Most places among values that are tried for one added field. */
const MAX_VALUE_PLACES = 12;

/**
 * Charts mostly call values what Kubernetes calls the fields, or put in front whose it is (`podSecurityContext`): a mapping of the same name as the field's parent
 * is tried in every layer of values, the layers of this delivery before the chart's own. `env[name=A]` may be the key A of a mapping there.
 */
function valueInsertions(documents: readonly InputDocument[], path: FieldPath, value: Json): DocumentEdit[] {
  const last = path.at(-1);
  const parent = path.at(-2);
  if (last === undefined || typeof last === "number" || typeof parent !== "string") return [];
  const [key, item] = typeof last === "string" ? [last, value] : [last.value, at(value, "value")];
  const ordered = layersOf(documents);
  if (item === undefined) return listInsertions(ordered, parent, last, value);
  const isAlike = (name: Segment | undefined) => typeof name === "string" && name.toLowerCase().endsWith(parent.toLowerCase());
  const parents = new Map<string, FieldPath>();
  for (const layer of ordered) {
    walk(getIn(layer.value, rootOf(layer)) ?? null, [], (node, at) => {
      if (isAlike(at.at(-1)) && (node === null || isObject(node))) parents.set(formatPath(at), at);
    });
  }
  const likeliest = [...parents.values()].sort((a, b) => Number(b.at(-1) === parent) - Number(a.at(-1) === parent));
  const places = ordered.flatMap((layer) => likeliest.map((at) => ({ layer, path: [...rootOf(layer), ...at, key] })));
  const free = places.filter(({ layer, path }) => getIn(layer.value, path) === undefined);
  const keyed = free.slice(0, MAX_VALUE_PLACES).map(({ layer, path }) => ({ file: layer.file, document: layer.index, path, value: item }));
  return [...listInsertions(ordered, parent, last, value), ...keyed];
}

/**
 * As an item of a list that is called like the field's parent, or that has the item in another layer: what a layer sets replaces the list of the layers before it,
 * and has to name all.
 */
function listInsertions(layers: readonly InputDocument[], parent: string, last: Segment, value: Json): DocumentEdit[] {
  if (typeof last !== "object") return [];
  const holding = layers.flatMap((layer) => pathsIn(getIn(layer.value, rootOf(layer)) ?? null, (node) => Array.isArray(node) && isObject(getIn(node, [last]))));
  const isOne = (at: FieldPath) => at.at(-1) === parent || holding.some((other) => samePath(other, at));
  const lists = placesIn(layers, (node, at) => Array.isArray(node) && getIn(node, [last]) === undefined && isOne(at));
  return lists.map(({ path, ...place }) => ({ ...place, path: [...path, last], value }));
}

/** The first places in layers of values that are such. @param isIt by what stands there, and the path from where the values begin */
function placesIn(layers: readonly InputDocument[], isIt: (node: Json, at: FieldPath) => boolean): Pick<DocumentEdit, "file" | "document" | "path">[] {
  const found = layers.flatMap((layer) =>
    pathsIn(getIn(layer.value, rootOf(layer)) ?? null, isIt).map((at) => ({ file: layer.file, document: layer.index, path: [...rootOf(layer), ...at] })),
  );
  return found.slice(0, MAX_VALUE_PLACES);
}

/** The layers of values, those of this delivery before the chart's own. */
function layersOf(documents: readonly InputDocument[]): InputDocument[] {
  const layers = documents.filter((document) => !document.secret && document.role === "settings" && !isKustomization(document) && isObject(document.value));
  return [...layers.filter(({ file }) => nameOf(file) !== "values.yaml"), ...layers.filter(({ file }) => nameOf(file) === "values.yaml")];
}

/** Where the values begin in a layer. */
function rootOf({ value }: InputDocument): FieldPath {
  return textAt(value, "kind") === "HelmRelease" ? ["spec", "values"] : [];
}

/** In files of `KEY=value` lines that generators read. */
function pairInsertions(documents: readonly InputDocument[], key: string, value: Json): DocumentEdit[] {
  return documents.filter(({ format }) => format === "pairs").map(({ file, index }) => ({ file, document: index, path: [key], value }));
}

interface Generator {
  file: string;
  index: number;
  path: FieldPath;
  generator: Json;
}

/** The entries of kustomizations that generate a ConfigMap. */
function generatorsOf(documents: readonly InputDocument[], object: ObjectRef): Generator[] {
  return documents
    .filter((document) => !document.secret && isKustomization(document))
    .flatMap(({ file, index, value }) =>
      listAt(value, "configMapGenerator").flatMap((generator, i): Generator[] => {
        const name = textAt(generator, "name");
        return name !== "" && withoutHash(object.name).includes(name) ? [{ file, index, path: ["configMapGenerator", i], generator }] : [];
      }),
    );
}

/** The key under which a generator takes in a file: `app.yaml=config/app-prod.yaml`, or the path alone where that ends in the key. */
function fileInsertions(documents: readonly InputDocument[], object: ObjectRef, key: string): DocumentEdit[] {
  return generatorsOf(documents, object).flatMap(({ file, index, path, generator }) =>
    listAt(generator, "files").flatMap((entry, i): DocumentEdit[] => {
      const source = typeof entry === "string" ? entry.slice(entry.indexOf("=") + 1) : "";
      const named = nameOf(source) === key ? source : `${key}=${source}`;
      return source === "" ? [] : [{ file, document: index, path: [...path, "files", i], value: named }];
    }),
  );
}

function literalInsertions(documents: readonly InputDocument[], object: ObjectRef, literal: string): DocumentEdit[] {
  return generatorsOf(documents, object).flatMap(({ file, index, path, generator }): DocumentEdit[] => {
    const literals = listAt(generator, "literals");
    return literals.length === 0 ? [] : [{ file, document: index, path: [...path, "literals", literals.length], value: literal }];
  });
}

/** Where a field that is to go stands, and the patches that can say of it that it goes although their base has it too. */
export function removalsFor(documents: readonly InputDocument[], object: ObjectRef, path: FieldPath, before: Json | undefined): DocumentEdit[] {
  const own = inOrderWithTargeted(documents, object);
  const inline = inlinePatches(documents, object);
  const holding = [...own.map(documentText), ...inline, ...listedObjects(documents, object)].filter(({ value }) => getIn(value, path) !== undefined);
  const gone = absenceOf(path, before);
  const patches = [...own.filter(({ role }) => role === "patch").map(documentText), ...inline].filter((patch) =>
    holding.some(({ value }) => value === patch.value),
  );
  const direct = [...holding.map((text) => text.edit(path, undefined)), ...(gone === undefined ? [] : patches.map((patch) => patch.edit(path, gone)))];
  direct.push(...jsonPatchRemovals(documents, object, path, before));
  const key = path[1];
  if (object.kind !== "ConfigMap" || path[0] !== "data" || typeof key !== "string") return [...direct, ...valueRemovals(documents, path)];
  const pairs = documents.filter(({ format, value }) => format === "pairs" && getIn(value, [key]) !== undefined);
  return [
    ...direct,
    ...pairs.map(({ file, index }): DocumentEdit => ({ file, document: index, path: [key], value: undefined })),
    ...literalRemovals(documents, object, key),
  ];
}

/** Values that are called like the field, below something that is called like what holds it. */
function valueRemovals(documents: readonly InputDocument[], path: FieldPath): DocumentEdit[] {
  const last = path.at(-1);
  const [key, parent] = [typeof last === "object" ? last.value : last, path.at(-2)];
  if (typeof key !== "string" || typeof parent !== "string") return [];
  const found = placesIn(layersOf(documents), (_, at) => at.at(-1) === key && at.at(-2) === parent);
  return found.map((place) => ({ ...place, value: undefined }));
}

function literalRemovals(documents: readonly InputDocument[], object: ObjectRef, key: string): DocumentEdit[] {
  return generatorsOf(documents, object).flatMap(({ file, index, path, generator }) =>
    listAt(generator, "literals").flatMap((literal, i): DocumentEdit[] =>
      typeof literal === "string" && literal.startsWith(`${key}=`) ? [{ file, document: index, path: [...path, "literals", i], value: undefined }] : [],
    ),
  );
}
