import { groupOf, isObject, type Json, type JsonObject, listAt, type ObjectRef, objectAt, refOf, textAt } from "../../cluster/objects.ts";
import { type FieldPath, getIn, sameJson } from "../edit/field-path.ts";
import { setIn } from "../edit/set-in.ts";
import { indexOf, isInside, joinPath, kustomizationIn } from "../git/repository-paths.ts";
import { imageParts } from "../image-reference.ts";
import type { InputDocument } from "../input-documents.ts";
import { affixesOf, withoutAffixes } from "../render/affixes.ts";
import type { DocumentEdit, ObjectChange } from "../workspace.ts";
import { inOrder } from "./candidates.ts";
import { withoutHash } from "./differences.ts";
import { documentText, heldOf, inlinePatches, type ObjectText } from "./object-texts.ts";
import { inPatches, type ListForm, type Statement } from "./patch-statements.ts";
import type { PlanParts } from "./planner.ts";

const FORMS: readonly ListForm[] = ["items", "whole"];

/**
 * Edits that make an overlay decide fields which a shared base decides now: an entry in `images`, a literal of its own generator that is merged into the base's, a
 * field in a patch that the overlay has, or a new patch file; with the patches that it has first, and with new ones alone.
 * None where the folder has no kustomization, or a patch cannot say what is wanted. Nothing here is proven yet.
 */
export function overlayEdits(parts: PlanParts, changes: readonly ObjectChange[]): DocumentEdit[][] {
  const file = kustomizationIn(parts.workspace.tree, parts.folder);
  const kustomization = parts.documents.find((document) => document.file === file && isObject(document.value));
  if (!kustomization) return [];
  const images = changes.filter(isImage);
  const generated = changes.filter((change) => isGenerated(parts, change));
  const others = changes.filter((change) => !isImage(change) && !generated.includes(change));
  const said = FORMS.flatMap((form) => {
    const statements = inPatches(parts.objects, others, form);
    return statements ? [statements.map((one) => ({ ...one, value: asGenerated(parts, one.value) }))] : [];
  });
  const literals = generated.map((change) => literalEntry(parts, kustomization, change));
  if (literals.includes(undefined)) return [];
  const patches = said.flatMap((statements) =>
    [true, false].flatMap((existing) => {
      const patched = patchEdits(parts, kustomization, statements, existing);
      return patched ? [patched] : [];
    }),
  );
  // By the name in the base's manifest, or by what the base's own kustomization makes of it.
  const ways = [nameInGit, renderedName].flatMap((nameOf) => {
    const entries = images.map((change) => imageEntry(kustomization, change, nameOf(parts, change)));
    const own = [...new Map([...entries, ...literals].flatMap((edit) => (edit ? [[JSON.stringify(edit), edit]] : []))).values()];
    return entries.includes(undefined) ? [] : patches.map((patched) => [...own, ...patched]);
  });
  return [...new Map(ways.map((edits) => [JSON.stringify(edits), edits])).values()];
}

function isImage({ path, before, after }: ObjectChange): boolean {
  return path.at(-1) === "image" && typeof before === "string" && typeof after === "string";
}

function nameInGit({ documents }: PlanParts, { object, path, before }: ObjectChange): string {
  const own = inOrder(documents, object).map((document) => getIn(document.value, path))[0];
  return imageParts(typeof own === "string" ? own : String(before)).name;
}

function renderedName(_: PlanParts, { before }: ObjectChange): string {
  return imageParts(String(before)).name;
}

/** What changes of the image, under the name that the base has: in a new entry, or of another name in the entry that is there. */
function imageEntry({ file, index, value }: InputDocument, { before, after }: ObjectChange, name: string): DocumentEdit | undefined {
  const [was, wanted] = [imageParts(String(before)), imageParts(String(after))];
  const isRenamed = was.name !== wanted.name;
  const isSameVersion = was.tag === wanted.tag && was.digest === wanted.digest;
  const place: FieldPath = ["images", { key: "name", value: name }];
  const listed = listAt(value, "images").find((entry) => textAt(entry, "name") === name);
  if (isObject(listed)) {
    const isFree = isRenamed && isSameVersion && listed.newName === undefined;
    return isFree ? { file, document: index, path: [...place, "newName"], value: wanted.name } : undefined;
  }
  if (!isSameVersion && (wanted.tag === undefined) === (wanted.digest === undefined)) return undefined;
  const version: JsonObject = isSameVersion ? {} : wanted.digest === undefined ? { newTag: wanted.tag ?? "" } : { digest: wanted.digest };
  const entry: JsonObject = { name, ...(isRenamed ? { newName: wanted.name } : {}), ...version };
  return Object.keys(entry).length === 1 ? undefined : { file, document: index, path: place, value: entry };
}

/** A value of one line in a ConfigMap that a kustomization makes. */
function isGenerated(parts: PlanParts, change: ObjectChange): boolean {
  const { object, path, after } = change;
  const isValue = object.kind === "ConfigMap" && path.length === 2 && path[0] === "data" && typeof after === "string" && !after.includes("\n");
  return isValue && generatorName(parts, object) !== undefined;
}

/** What the generator of a ConfigMap or Secret calls it, to which kustomizations put prefixes, suffixes and a hash. */
function generatorName({ documents }: PlanParts, object: ObjectRef): string | undefined {
  const rendered = withoutHash(object.name);
  const names = [rendered, ...withoutAffixes(rendered, affixesOf(documents))];
  const list = object.kind === "Secret" ? "secretGenerator" : "configMapGenerator";
  const generators = documents.flatMap(({ value }) => listAt(value, list)).map((generator) => textAt(generator, "name"));
  return names.find((name) => generators.includes(name));
}

/** With the names that generators have for their ConfigMaps and Secrets: the hash of today would lead nowhere with the next change of their content. */
function asGenerated(parts: PlanParts, value: Json): Json {
  if (Array.isArray(value)) return value.map((one) => asGenerated(parts, one));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asGenerated(parts, one ?? null)]));
  const made = parts.objects.find((object) => ["ConfigMap", "Secret"].includes(object.kind) && object.metadata.name === value);
  return (made && generatorName(parts, refOf(made))) ?? value;
}

/** In the overlay's own generator of that ConfigMap, which is merged into the base's; a new one where it has none. */
function literalEntry(parts: PlanParts, { file, index, value }: InputDocument, { object, path, after }: ObjectChange): DocumentEdit | undefined {
  const name = generatorName(parts, object) ?? withoutHash(object.name);
  const [key, generators] = [String(path[1]), listAt(value, "configMapGenerator")];
  const position = generators.findIndex((generator) => textAt(generator, "name") === name);
  const own = generators[position];
  const literal = `${key}=${String(after)}`;
  const edit = (place: FieldPath, now: Json): DocumentEdit => ({ file, document: index, path: ["configMapGenerator", ...place], value: now });
  if (own === undefined) return edit([generators.length], { name, behavior: "merge", literals: [literal] });
  if (textAt(own, "behavior") !== "merge") return undefined;
  const literals = listAt(own, "literals");
  const known = literals.findIndex((one) => typeof one === "string" && one.startsWith(`${key}=`));
  return literals.length === 0 ? edit([position, "literals"], [literal]) : edit([position, "literals", known < 0 ? literals.length : known], literal);
}

function patchEdits(parts: PlanParts, kustomization: InputDocument, statements: readonly Statement[], existing: boolean): DocumentEdit[] | undefined {
  const edits: DocumentEdit[] = [];
  const created = new Map<string, DocumentEdit>();
  for (const { object, path, value, isGone } of statements) {
    const patch = existing ? ownPatch(parts, kustomization, object, path) : undefined;
    if (patch) {
      const [only, ...more] = isGone ? textsWith(parts, object, path) : [];
      const isOwn = only !== undefined && more.length === 0 && sameJson(only.value, patch.value);
      edits.push(patch.edit(path, isOwn ? undefined : value));
      continue;
    }
    const known = created.get(JSON.stringify(object));
    const made = known ?? newPatch(parts, object, created.size);
    if (!made) return undefined;
    made.value = setIn(made.value, path, value);
    created.set(JSON.stringify(object), made);
  }
  const next = listAt(kustomization.value, "patches").length;
  const entries = [...created.values()].map(({ file }, i): DocumentEdit => {
    const relative = parts.folder === "" ? file : file.slice(parts.folder.length + 1);
    return { file: kustomization.file, document: kustomization.index, path: ["patches", next + i], value: { path: relative } };
  });
  return [...edits, ...entries, ...created.values()];
}

/** The documents and patches of an object that have a field: what only one of them brings goes with it. */
function textsWith({ documents }: PlanParts, object: ObjectRef, path: FieldPath): ObjectText[] {
  const texts = [...inOrder(documents, object).map(documentText), ...inlinePatches(documents, object)];
  return texts.filter(({ value }) => getIn(value, path) !== undefined);
}

/** The overlay's patch on an object that has most of a path already. */
function ownPatch({ documents, folder }: PlanParts, kustomization: InputDocument, object: ObjectRef, path: FieldPath): ObjectText | undefined {
  const files = inOrder(documents, object).filter(({ role, file }) => role === "patch" && isInside(file, folder));
  const all = [...files.map(documentText), ...inlinePatches([kustomization], object)];
  const [most] = all.map((patch) => ({ patch, held: heldOf(patch.value, path) })).sort((a, b) => b.held - a.held);
  return most?.patch;
}

/** The whole of a new strategic merge patch on an object, by the name that it has before this overlay changes it. */
function newPatch({ workspace, folder, documents }: PlanParts, object: ObjectRef, number: number): DocumentEdit | undefined {
  const own = inOrder(documents, object).find(({ role }) => role === "object");
  if (!own || groupOf(textAt(own.value, "apiVersion")) !== object.group) return undefined;
  const name = textAt(own.value, "metadata", "name");
  const namespace = textAt(own.value, "metadata", "namespace");
  const { files } = indexOf(workspace.tree);
  const names = ["", ...Array.from({ length: 9 }, (_, i) => `-${i + 2}`)].map((suffix) => `${name}-${object.kind.toLowerCase()}-patch${suffix}.yaml`);
  const file = names.map((candidate) => joinPath(folder, candidate)).filter((path) => path !== undefined && !files.has(path))[number];
  const metadata: JsonObject = namespace === "" ? { name } : { name, namespace };
  return file === undefined ? undefined : { file, document: 0, path: [], value: { apiVersion: textAt(own.value, "apiVersion"), kind: object.kind, metadata } };
}

/** A new patch without its fields: the object that it names and the keyed items on the way. That is what a new patch is compared with. */
export function skeletonOf({ apiVersion = "", kind = "", metadata = {}, ...rest }: JsonObject): JsonObject {
  return { apiVersion, kind, metadata, ...bones(rest) };
}

function bones(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]): [string, Json][] => {
      const named = Array.isArray(item) ? item.filter((entry) => isObject(entry) && typeof entry.name === "string") : [];
      if (Array.isArray(item))
        return named.length === 0 || named.length < item.length
          ? []
          : [[key, named.map((entry) => ({ name: textAt(entry, "name"), ...bones(objectAt(entry)) }))]];
      const inner = isObject(item) ? bones(item) : {};
      return Object.keys(inner).length === 0 ? [] : [[key, inner]];
    }),
  );
}
