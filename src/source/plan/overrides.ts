import { at, isEmptyMapping, isObject, type Json } from "../../cluster/objects.ts";
import { type FieldPath, getIn, type Segment } from "../edit/field-path.ts";
import { type ImageParts, imageParts } from "../image-reference.ts";
import type { ValueReference } from "../render/value-references.ts";
import type { DocumentEdit, ObjectChange } from "../workspace.ts";
import { type ValueLayer, valueEdit } from "./value-layers.ts";

/** Most values that are tried for one field; each costs a rendering. */
const MAX_TRIED = 16;

/** A value of a chart that may decide a field, by what templates read and how charts name things. */
interface Suggestion {
  path: readonly string[];
  value: Json;
  /** How much of the field's path the value's path repeats; more is likelier. */
  likeness: number;
}

/**
 * Edits that give a chart a value which nothing gives it yet (or which is empty), so that a rendered field becomes the wanted one: where the field comes from a
 * default that is not ours to change, from the chart's version, or from nothing. The likeliest first; nothing here is proven yet.
 */
export function overrideEdits(
  layers: readonly ValueLayer[],
  references: readonly ValueReference[],
  change: ObjectChange,
  template: string | undefined,
): DocumentEdit[] {
  const own = template?.slice(template.indexOf("/") + 1);
  const ranked = references
    .flatMap((reference) => suggestionsFor(reference.path, change).map((suggestion) => ({ ...suggestion, isOwn: reference.template === own })))
    .sort((a, b) => b.likeness - a.likeness || Number(b.isOwn) - Number(a.isOwn) || a.path.length - b.path.length);
  const unique = new Map(ranked.map((suggestion) => [JSON.stringify([suggestion.path, suggestion.value]), suggestion]));
  const edits = [...unique.values()].flatMap(({ path, value }) =>
    [...layers]
      .filter((layer) => isFree(layer, path))
      .sort((a, b) => Number(a.isDefault) - Number(b.isDefault) || reach(b, path) - reach(a, path))
      .map((layer) => valueEdit(layer, path, value)),
  );
  return edits.slice(0, MAX_TRIED);
}

function isFree({ value }: ValueLayer, path: FieldPath): boolean {
  if (!isEmpty(getIn(value, path))) return false;
  const parent = path.slice(0, -1).findIndex((_, i) => {
    const above = getIn(value, path.slice(0, i + 1));
    return above !== undefined && above !== null && !isObject(above);
  });
  return parent < 0;
}

/** Charts write out what may be given: `volumes: []`, `resources: {}`, `nameOverride: ""`. */
function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === "") return true;
  return Array.isArray(value) ? value.length === 0 : isEmptyMapping(value);
}

/** How many of the mappings on the way a layer has already. */
function reach({ value }: ValueLayer, path: readonly string[]): number {
  let depth = 0;
  while (depth < path.length && isObject(at(value, ...path.slice(0, depth + 1)))) depth++;
  return depth;
}

function suggestionsFor(reference: readonly string[], { path, before, after }: ObjectChange): Suggestion[] {
  const last = reference.at(-1) ?? "";
  if (path.at(-1) === "image" && typeof after === "string")
    return imageSuggestions(reference, last, typeof before === "string" ? imageParts(before) : undefined, after);
  return [
    ...fieldSuggestions(reference, path, after),
    ...environmentSuggestions(reference, last, path, after),
    ...replicaSuggestions(reference, last, path, after),
  ];
}

/** The value is called what Kubernetes calls the field, or a mapping above it. */
function fieldSuggestions(reference: readonly string[], path: FieldPath, after: Json | undefined): Suggestion[] {
  if (after === undefined) return [];
  return path.flatMap((segment, i): Suggestion[] => {
    const rest = path.slice(i + 1);
    if (typeof segment !== "string" || !isCalled(reference, segment.toLowerCase()) || !rest.every((key) => typeof key === "string")) return [];
    return [{ path: [...reference, ...rest], value: after, likeness: rest.length + 1 + likeness(reference, path.slice(0, i)) }];
  });
}

/**
 * Also with its kind above it, or whose it is in front: `probes.startup` is the startupProbe, `securityContext.pod` and `podSecurityContext` the pod's securityContext,
 * `serviceAccount.name` the serviceAccountName.
 */
export function isCalled(reference: readonly string[], field: string): boolean {
  const [name = "", kind] = reference
    .slice(-2)
    .toReversed()
    .map((key) => key.toLowerCase());
  return (
    [field, `pod${field}`, `container${field}`].includes(name) || (kind !== undefined && [`${name}${kind.replace(/s$/, "")}`, `${kind}${name}`].includes(field))
  );
}

/** How many further names, going up from the field, the value's path has too. */
function likeness(reference: readonly string[], above: readonly Segment[]): number {
  const names = above.map((segment) => (typeof segment === "object" ? segment.value : String(segment)).toLowerCase());
  return reference.slice(0, -1).filter((key) => names.includes(key.toLowerCase())).length;
}

/** `env[name=A].value` is often the key A of a mapping, and that of DATABASE_URL the value `database.url`. */
function environmentSuggestions(reference: readonly string[], last: string, path: FieldPath, after: Json | undefined): Suggestion[] {
  const item = path.at(-1) === "value" ? path.at(-2) : path.at(-1);
  const value = path.at(-1) === "value" ? after : at(after, "value");
  if (typeof item !== "object" || item.key !== "name" || value === undefined) return [];
  if (plain(reference.join("_")) === plain(item.value)) return [{ path: reference, value, likeness: 3 }];
  return /^(?:extra)?(?:env|environment)(?:vars?|variables)?$/i.test(last) ? [{ path: [...reference, item.value], value, likeness: 3 }] : [];
}

/** `databaseUrl` and `DATABASE_URL` are one name. */
function plain(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]/g, "").toLowerCase();
}

function replicaSuggestions(reference: readonly string[], last: string, path: FieldPath, after: Json | undefined): Suggestion[] {
  const fits = path.at(-1) === "replicas" && /^replicas?(?:count)?$/i.test(last) && last !== "replicas" && after !== undefined;
  return fits ? [{ path: reference, value: after, likeness: 2 }] : [];
}

/** Charts put images together from a registry, a repository, a tag and a digest; the image as a whole is a value too. */
function imageSuggestions(reference: readonly string[], last: string, before: ImageParts | undefined, after: string): Suggestion[] {
  const { name, tag, digest } = imageParts(after);
  const sameName = before === undefined || before.name === name;
  const found: Suggestion[] = [];
  const add = (path: readonly string[], value: string | undefined, weight: number) => {
    if (value !== undefined) found.push({ path, value, likeness: weight + (reference.some((key) => /image/i.test(key)) ? 2 : 0) });
  };
  if (/^(?:image)?tag$/i.test(last)) add(reference, sameName ? tag : undefined, 3);
  if (/^(?:image)?version$/i.test(last)) add(reference, sameName ? tag : undefined, 1);
  if (/^(?:image)?digest$/i.test(last)) add(reference, sameName ? digest : undefined, 3);
  if (/^(?:repository|name)$/i.test(last) && before?.tag === tag) add(reference, name, 2);
  if (/image$/i.test(last)) {
    add([...reference, "tag"], sameName ? tag : undefined, 2);
    add([...reference, "digest"], sameName ? digest : undefined, 2);
    add(reference, after, 1);
  }
  return found;
}
