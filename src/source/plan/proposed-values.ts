import type { Json } from "../../cluster/objects.ts";
import { type ImageParts, imageParts } from "../image-reference.ts";
import { digitsOf } from "../meant/float-number.ts";
import { type Affixes, withoutAffixes } from "../render/affixes.ts";
import type { Place } from "../workspace.ts";
import type { Candidate } from "./candidates.ts";
import { withoutHash } from "./differences.ts";
import { changeLiteral, hasVariables } from "./template-text.ts";
import { replacementsIn, withLineOf } from "./text-parts.ts";

/** What kustomize makes of names: git refers to them without it, since the full name would break with the next edit, or elsewhere. */
export interface KustomizeNames {
  /** Those that get a hash. */
  generators: readonly string[];
  affixes: readonly Affixes[];
}

/** What a candidate may become so that the rendered field goes from `before` to `after`, the smallest change first; empty where it cannot say that. */
export function proposedValues(
  candidate: Candidate,
  before: Json,
  after: Json,
  { generators, affixes }: KustomizeNames = { generators: [], affixes: [] },
): Json[] {
  const { how, part, value, path } = candidate;
  const isImage = how === "document" && part === "whole" && path.at(-1) === "image";
  if (isImage && typeof value === "string" && typeof before === "string" && typeof after === "string") return proposedImages(value, before, after);
  if (how === "document" && typeof after === "string" && withoutHash(after) !== after)
    return generators.filter((name) => `-${withoutHash(after)}-`.includes(`-${name}-`));
  if (how === "contained" && part === "whole") {
    const texts = replacementsIn(String(before), String(value), String(after));
    return texts.flatMap((text) => inTypeOf(value, text, undefined) ?? []);
  }
  const proposed = proposedValue(candidate, before, after);
  const bare = how === "document" && part === "whole" ? withoutAffixes(after, affixes) : [];
  return [...bare, ...(proposed === undefined ? [] : [proposed])];
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
  const variables = value.match(/\$\{[^}]*\}|\{\{.*?\}\}/g) ?? [];
  return [...new Set([text(own), text(wanted)])].filter((image) => image !== value && variables.every((variable) => image.includes(variable)));
}

function proposedValue({ how, part, value }: Candidate, before: Json, after: Json): Json | undefined {
  if (part !== "whole" && imagePart(part, String(before)) === imagePart(part, String(after))) return value;
  if (part !== "whole") return typeof after === "string" ? withPart(String(value), imagePart(part, String(before)), imagePart(part, after)) : undefined;
  const isTemplate = typeof value === "string" && hasVariables(value) && value !== before;
  if (how === "document" && !isTemplate) return after;
  if (typeof after === "object" || typeof before === "object" || typeof value === "object") return how === "equal" ? after : undefined;
  // A template writes the number as a float, and its digits where it is a text.
  if (how === "equal" && typeof value === "number" && digitsOf(String(before)) === String(after)) return after;
  if (how === "equal") return inTypeOf(value, String(after), after);
  const [text, from, to] = [String(value), String(before), String(after)];
  if (how === "lines") return inTypeOf(value, withLineOf(text, from, to), undefined);
  const changed = isTemplate ? changeLiteral(text, from, to) : undefined;
  if (changed !== undefined) return inTypeOf(value, changed, undefined);
  const at = text.indexOf(from);
  if (from === "" || at < 0 || text.indexOf(from, at + 1) >= 0) return isTemplate ? inTypeOf(value, withLineOf(text, from, to), undefined) : undefined;
  return inTypeOf(value, text.slice(0, at) + to + text.slice(at + from.length), undefined);
}

/** The part alone, or within what is around it. */
function withPart(text: string, from: string | undefined, to: string | undefined): string | undefined {
  return from === undefined || from === "" || to === undefined || !text.includes(from) ? to : text.replace(from, () => to);
}

function imagePart(part: Place["part"], image: string): string | undefined {
  const { name, tag, digest } = imageParts(image);
  return part === "image-tag" ? tag : part === "image-digest" ? digest : name;
}

/** A number stays a number where the text is one, and text stays text, unless the type is all that changes. */
function inTypeOf(value: Json, text: string | undefined, exact: Json | undefined): Json | undefined {
  if (text === undefined) return undefined;
  if (exact !== undefined && typeof exact !== typeof value && String(exact) === String(value)) return exact;
  if (typeof value === "string") return text;
  if (exact !== undefined && typeof exact === typeof value) return exact;
  if (typeof value === "number" && String(Number(text)) === text) return Number(text);
  if (typeof value === "boolean" && ["true", "false"].includes(text)) return text === "true";
  return exact ?? text;
}
