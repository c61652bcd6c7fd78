import { isObject, type Json, listAt, type ObjectRef, textAt } from "../../cluster/objects.ts";
import { type FieldPath, formatPath, getIn, listKey, type Segment, sameJson } from "../edit/field-path.ts";
import { parseYaml } from "../edit/yaml-documents.ts";
import { imageParts } from "../image-reference.ts";
import { type InputDocument, isAbout, isKustomization, isOfKind } from "../input-documents.ts";
import { digitsOf } from "../meant/float-number.ts";
import type { Place } from "../workspace.ts";
import { isTargetedAt } from "./targeted-patch.ts";
import { fillsTemplate, hasVariables } from "./template-text.ts";
import { sharesLine } from "./text-parts.ts";

/** A place that could decide a rendered field. Whether it does is proven by rendering. */
export interface Candidate extends Place {
  /** `document`: the same field of the object's own document or of a patch on it. `image`: an entry of kustomize's `images`. */
  how: "document" | "image" | "equal" | "contained" | "containing" | "templated" | "lines";
  /** What stands there now. */
  value: Json;
}

/** Most candidates of one field that are tried; each costs a rendering. */
const MAX_CANDIDATES = 24;

/** Everything in the inputs that could decide a field of a rendered object, the most likely first. */
export function candidatesFor(documents: readonly InputDocument[], object: ObjectRef, path: FieldPath, rendered: Json): Candidate[] {
  const own = inOrder(documents, object).flatMap(({ file, index, value }): Candidate[] => {
    const there = getIn(value, path);
    return there === undefined ? [] : [{ file, document: index, path, part: "whole", how: "document", value: there }];
  });
  const open = documents.filter((document) => !document.secret);
  const images =
    path.at(-1) === "image" ? open.filter(isKustomization).flatMap((document) => imageCandidates(document, imageParts(String(rendered)).name)) : [];
  const others = open
    .flatMap((document) => nodeCandidates(document, rendered, path.at(-1) === "image"))
    .sort((a, b) => HOW.indexOf(a.how) - HOW.indexOf(b.how));
  const all = [...own, ...images, ...others];
  return all.filter((candidate, i) => all.findIndex((other) => sameSpot(other, candidate)) === i).slice(0, MAX_CANDIDATES);
}

const HOW = ["document", "image", "equal", "contained", "containing", "templated", "lines"];

function sameSpot(a: Candidate, b: Candidate): boolean {
  return a.document === b.document && describePlace(a) === describePlace(b);
}

/** `overlays/prod/kustomization.yaml images[name=shop].newTag`, for people. A path in YAML that is text there follows behind an arrow. */
export function describePlace({ file, path, within }: Pick<Place, "file" | "path" | "within">): string {
  return `${file} ${formatPath(path)}${within ? ` → ${formatPath(within)}` : ""}`;
}

/** The documents and patches of an object: patches first, since they win. */
export function inOrder(documents: readonly InputDocument[], object: ObjectRef): InputDocument[] {
  const own = documents.filter((document) => !document.secret && isAbout(document, object));
  const exact = own.filter(({ value }) => textAt(value, "metadata", "name") === object.name);
  const chosen = exact.length > 0 ? exact : own;
  return [...chosen.filter(({ role }) => role === "patch"), ...chosen.filter(({ role }) => role === "object")];
}

/** The same, and after them patches of its kind that have another name, and a `target` that is the object. */
export function inOrderWithTargeted(documents: readonly InputDocument[], object: ObjectRef): InputDocument[] {
  const own = inOrder(documents, object);
  const targeted = documents.filter(
    (document) =>
      document.role === "patch" && !document.secret && isOfKind(document, object) && !own.includes(document) && isTargetedAt(document, object, documents),
  );
  return [...own, ...targeted];
}

function imageCandidates({ file, index, value }: InputDocument, rendered: string): Candidate[] {
  const images = listAt(value, "images");
  const isKeyed = images.length > 0 && listKey(images) === "name";
  return images.flatMap((image, i) => {
    if (!isObject(image)) return [];
    const step: Segment = isKeyed ? { key: "name", value: String(image.name) } : i;
    const parts = [
      ["newTag", "image-tag"],
      ["digest", "image-digest"],
      ["newName", "image-name"],
    ] as const;
    return parts.flatMap(([key, part]): Candidate[] => {
      // Without a newName an entry leaves the name as it is.
      const kept = key === "newName" && image.name === rendered ? rendered : undefined;
      const there = Object.hasOwn(image, key) ? image[key] : kept;
      return there === undefined || there === null ? [] : [{ file, document: index, path: ["images", step, key], part, how: "image", value: there }];
    });
  });
}

/** Values that are the rendered one, are part of it, hold it, or have lines of it. Parts count only in settings: they are too common elsewhere. */
function nodeCandidates({ file, index, role, value, format }: InputDocument, rendered: Json, isImage: boolean): Candidate[] {
  const found: Candidate[] = [];
  const visit = (node: Json, path: FieldPath, within?: FieldPath) => {
    const exact = relation(node, rendered);
    const isTagged = isImage && exact === undefined && holdsTag(node, String(rendered));
    const isFloat = isImage && exact === undefined && typeof node === "number" && digitsOf(imageParts(String(rendered)).tag ?? "") === String(node);
    const how = isTagged || isFloat ? "containing" : exact;
    const part = isTagged || isFloat ? "image-tag" : isImage && how === "contained" ? partOf(String(node), String(rendered)) : "whole";
    if (how && (how === "equal" || role === "settings")) found.push({ file, document: index, path, ...(within ? { within } : {}), part, how, value: node });
  };
  walk(value, [], (node, path) => {
    const inner = role === "settings" ? nestedYaml(node) : undefined;
    if (inner === undefined || format === "text") visit(node, path);
    if (inner !== undefined) walk(inner, [], (nested, within) => visit(nested, path, within));
  });
  return found;
}

/** Longest text that is looked into for YAML, in characters. */
const MAX_NESTED = 200_000;

/** The collection that a text of several lines holds as YAML; undefined for other text. */
function nestedYaml(value: Json): Json | undefined {
  if (typeof value !== "string" || !value.includes("\n") || value.length > MAX_NESTED) return undefined;
  const outcome = parseYaml(value);
  const [document, ...more] = outcome.kind === "parsed" ? outcome.documents : [];
  return document && more.length === 0 && typeof document.value === "object" && document.value !== null ? document.value : undefined;
}

/** Charts put images together from values for the name and the tag. */
function partOf(text: string, image: string): Place["part"] {
  const { name, tag, digest } = imageParts(image);
  return text === tag ? "image-tag" : text === digest ? "image-digest" : text === name ? "image-name" : "whole";
}

/** Something is done to the tag before it is put behind the name: `v1.4.1`, `shop-1.4.1`. */
function holdsTag(node: Json, image: string): boolean {
  const { tag = "" } = imageParts(image);
  return typeof node === "string" && tag.length > 2 && node.includes(tag);
}

function relation(node: Json, rendered: Json): Candidate["how"] | undefined {
  if (typeof node === "object" || typeof rendered === "object")
    return typeof rendered === "object" && isFilled(rendered) && sameJson(node, rendered) ? "equal" : undefined;
  const [text, wanted] = [String(node), String(rendered)];
  if (text === wanted || (typeof node === "number" && digitsOf(wanted) === text)) return "equal";
  if (text === "" || wanted === "" || typeof node === "boolean") return undefined;
  if (wanted.includes(text)) return "contained";
  if (text.includes(wanted)) return "containing";
  if (hasVariables(text) && fillsTemplate(text, wanted)) return "templated";
  return text.includes("\n") && sharesLine(text, wanted) ? "lines" : undefined;
}

function isFilled(value: Json): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

/** The paths of all that is such in a value, by what stands there and where. */
export function pathsIn(value: Json, isIt: (node: Json, path: FieldPath) => boolean): FieldPath[] {
  const found: FieldPath[] = [];
  walk(value, [], (node, path) => {
    if (isIt(node, path)) found.push(path);
  });
  return found;
}

/** Visits every value below this one, with its path. The very field that tells an item apart has the item's position in its path: it may change. */
export function walk(value: Json, path: Segment[], visit: (value: Json, path: FieldPath) => void): void {
  if (path.length > 0) visit(value, path);
  if (isObject(value)) for (const [key, item] of Object.entries(value)) walk(item, [...path, key], visit);
  if (!Array.isArray(value)) return;
  const key = value.length > 0 ? listKey(value) : undefined;
  for (const [i, item] of value.entries()) {
    if (!key || !isObject(item)) {
      walk(item, [...path, i], visit);
      continue;
    }
    const { [key]: name = null, ...rest } = item;
    visit(item, [...path, { key, value: String(name) }]);
    visit(name, [...path, i, key]);
    for (const [field, inner] of Object.entries(rest)) walk(inner, [...path, { key, value: String(name) }, field], visit);
  }
}
