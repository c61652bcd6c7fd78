import { at, isObject, type Json, type JsonObject } from "../../cluster/objects.ts";
import { type FieldPath, getIn, sameJson } from "../edit/field-path.ts";
import { yamlDocuments } from "../edit/yaml-documents.ts";
import { imageParts } from "../image-reference.ts";
import type { DocumentEdit, ObjectChange } from "../workspace.ts";
import { pathsIn } from "./candidates.ts";
import { type ValueLayer, valueEdit } from "./value-layers.ts";

/** Most edits that are tried for one field; each costs a rendering. */
const MAX_TRIED = 8;

/** The texts of files at the last good revision, of those that changed since; undefined where a file came. */
export type Past = ReadonlyMap<string, string | undefined>;

/**
 * Edits that give back to a chart, in the very layer and under the very key, what stood there at the last good revision and does not stand there any more. No other
 * layer may have it instead: what one environment said is not what all others have, nor is a value of all the last environment's own. Nothing here is proven yet.
 */
export function lostPlaces(layers: readonly ValueLayer[], past: Past, { path, after }: ObjectChange): DocumentEdit[] {
  if (after === undefined) return [];
  const wanted = wantedValues(after, path.at(-1) === "image");
  const edits = layers.flatMap((layer): DocumentEdit[] => {
    const { document, root, value: now, isText } = layer;
    const text = isText ? undefined : past.get(document.file);
    const then = text === undefined ? undefined : getIn(yamlDocuments(text)[document.index]?.value, root);
    if (!isObject(then)) return [];
    const lost = pathsIn(then, (node, at) => at.every((step) => typeof step === "string") && wanted.some((one) => isSame(one, node)));
    // A group that went as a whole, or got another name, does not come back in parts.
    const isOpen = (at: FieldPath) => {
      const [here, there] = [getIn(now, at.slice(0, -1)), getIn(then, at.slice(0, -1))];
      return isObject(here) && isObject(there) && getIn(now, at) === undefined && !isHeldOtherwise(here, there, getIn(then, at));
    };
    return lost.filter(isOpen).map((at) => valueEdit(layer, at, getIn(then, at)));
  });
  return edits.slice(0, MAX_TRIED);
}

/** What a key held came beside it under another one: it has another name, and does not come back beside that. */
function isHeldOtherwise(now: JsonObject, then: JsonObject, value: Json | undefined): boolean {
  return Object.entries(now).some(([key, held]) => !Object.hasOwn(then, key) && sameJson(held, value));
}

/** What values may have held of a field: all of it, the value of a variable, or a part of an image. */
function wantedValues(after: Json, isImage: boolean): Json[] {
  const { name = null, tag = null } = isImage ? imageParts(String(after)) : {};
  return [after, at(after, "value") ?? null, name, tag].filter((one) => one !== null && one !== "");
}

/** Templates put scalars into quotes that values have without. */
function isSame(wanted: Json, held: Json): boolean {
  const isPlain = (value: Json) => value !== null && typeof value !== "object";
  return sameJson(wanted, held) || (isPlain(wanted) && isPlain(held) && String(wanted) === String(held));
}
