import { isObject, type Json, listAt, type ObjectRef, textAt } from "../cluster/objects.ts";
import { withoutHash } from "./differences.ts";
import { type FieldPath, formatPath, getIn, listKey, type Segment, sameJson } from "./field-path.ts";
import { type ImageParts, imageParts } from "./image-reference.ts";
import { type InputDocument, isAbout, isKustomization } from "./input-documents.ts";
import type { Place } from "./workspace.ts";
import { parseYaml } from "./yaml-documents.ts";

/** A place that could decide a rendered field. Whether it does is proven by rendering. */
export interface Candidate extends Place {
  /** `document`: the same field of the object's own document or of a patch on it. `image`: an entry of kustomize's `images`. */
  how: "document" | "image" | "equal" | "contained" | "containing";
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
  const images = path.at(-1) === "image" ? open.filter(isKustomization).flatMap(imageCandidates) : [];
  const others = open
    .flatMap((document) => nodeCandidates(document, rendered, path.at(-1) === "image"))
    .sort((a, b) => HOW.indexOf(a.how) - HOW.indexOf(b.how));
  const all = [...own, ...images, ...others];
  return all.filter((candidate, i) => all.findIndex((other) => sameSpot(other, candidate)) === i).slice(0, MAX_CANDIDATES);
}

const HOW = ["document", "image", "equal", "contained", "containing"];

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

function imageCandidates({ file, index, value }: InputDocument): Candidate[] {
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
      const there = Object.hasOwn(image, key) ? image[key] : undefined;
      return there === undefined || there === null ? [] : [{ file, document: index, path: ["images", step, key], part, how: "image", value: there }];
    });
  });
}

/** Values that are the rendered one, are part of it, or hold it. Parts count only in settings: they are too common elsewhere. */
function nodeCandidates({ file, index, role, value }: InputDocument, rendered: Json, isImage: boolean): Candidate[] {
  const found: Candidate[] = [];
  const visit = (node: Json, path: FieldPath, within?: FieldPath) => {
    const how = relation(node, rendered);
    const part = isImage && how === "contained" ? partOf(String(node), String(rendered)) : "whole";
    if (how && (how === "equal" || role === "settings")) found.push({ file, document: index, path, ...(within ? { within } : {}), part, how, value: node });
  };
  walk(value, [], (node, path) => {
    const inner = role === "settings" ? nestedYaml(node) : undefined;
    if (inner === undefined) visit(node, path);
    else walk(inner, [], (nested, within) => visit(nested, path, within));
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

function relation(node: Json, rendered: Json): Candidate["how"] | undefined {
  if (typeof node === "object" || typeof rendered === "object")
    return typeof rendered === "object" && isFilled(rendered) && sameJson(node, rendered) ? "equal" : undefined;
  const [text, wanted] = [String(node), String(rendered)];
  if (text === wanted) return "equal";
  if (text === "" || wanted === "" || typeof node === "boolean") return undefined;
  if (wanted.includes(text)) return "contained";
  return text.includes(wanted) ? "containing" : undefined;
}

function isFilled(value: Json): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

/** Visits every value below this one, with its path. */
export function walk(value: Json, path: Segment[], visit: (value: Json, path: FieldPath) => void): void {
  if (path.length > 0) visit(value, path);
  if (Array.isArray(value)) {
    const key = value.length > 0 ? listKey(value) : undefined;
    for (const [i, item] of value.entries()) walk(item, [...path, key && isObject(item) ? { key, value: String(item[key]) } : i], visit);
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) walk(item, [...path, key], visit);
  }
}

/**
 * What a candidate may become so that the rendered field goes from `before` to `after`, the smallest change first; empty where it cannot say that. `generators`:
 * the names that kustomize gives a hash; git refers to them without it, since the full name would break with the next edit.
 */
export function proposedValues(candidate: Candidate, before: Json, after: Json, generators: readonly string[] = []): Json[] {
  const { how, part, value, path } = candidate;
  const isImage = how === "document" && part === "whole" && path.at(-1) === "image";
  if (isImage && typeof value === "string" && typeof before === "string" && typeof after === "string") return proposedImages(value, before, after);
  if (how === "document" && typeof after === "string" && withoutHash(after) !== after)
    return generators.filter((name) => `-${withoutHash(after)}-`.includes(`-${name}-`));
  const proposed = proposedValue(candidate, before, after);
  return proposed === undefined ? [] : [proposed];
}

/**
 * Only the parts that change, and only where they come from here: `images:` in a kustomization may decide the others, and giving the image another name would
 * escape it.
 */
function proposedImages(value: string, before: string, after: string): string[] {
  const [own, was, wanted] = [imageParts(value), imageParts(before), imageParts(after)];
  if (own.name !== was.name && was.name !== wanted.name) return [];
  const name = was.name === wanted.name ? own.name : wanted.name;
  const text = ({ tag, digest }: Pick<ImageParts, "tag" | "digest">) =>
    `${name}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
  const variables = value.match(/\$\{[^}]*\}/g) ?? [];
  return [...new Set([text(own), text(wanted)])].filter((image) => image !== value && variables.every((variable) => image.includes(variable)));
}

function proposedValue({ how, part, value }: Candidate, before: Json, after: Json): Json | undefined {
  if (part !== "whole") return typeof after === "string" ? imagePart(part, after) : undefined;
  if (how === "document" && !(typeof value === "string" && value.includes("${"))) return after;
  if (typeof after === "object" || typeof before === "object" || typeof value === "object") return how === "equal" ? after : undefined;
  if (how === "equal") return inTypeOf(value, String(after), after);
  const [text, from, to] = [String(value), String(before), String(after)];
  if (how === "contained") return inTypeOf(value, middle(from, text, to), undefined);
  const at = text.indexOf(from);
  if (from === "" || at < 0 || text.indexOf(from, at + 1) >= 0) return undefined;
  return inTypeOf(value, text.slice(0, at) + to + text.slice(at + from.length), undefined);
}

function imagePart(part: Place["part"], image: string): string | undefined {
  const { name, tag, digest } = imageParts(image);
  return part === "image-tag" ? tag : part === "image-digest" ? digest : name;
}

/** `part` stands once in `before`; what stands between the same ends of `after`. */
function middle(before: string, part: string, after: string): string | undefined {
  const at = before.indexOf(part);
  if (at < 0 || before.indexOf(part, at + 1) >= 0) return undefined;
  const [head, tail] = [before.slice(0, at), before.slice(at + part.length)];
  const fits = after.length > head.length + tail.length && after.startsWith(head) && after.endsWith(tail);
  return fits ? after.slice(head.length, after.length - tail.length) : undefined;
}

/** A number stays a number where the text is one; text stays text. */
function inTypeOf(value: Json, text: string | undefined, exact: Json | undefined): Json | undefined {
  if (text === undefined) return undefined;
  if (typeof value === "string") return text;
  if (exact !== undefined && typeof exact === typeof value) return exact;
  if (typeof value === "number" && String(Number(text)) === text) return Number(text);
  return exact ?? text;
}
