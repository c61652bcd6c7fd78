import { isObject, type Json, type KubeObject, objectAt, refOf, sameRef } from "../../cluster/objects.ts";
import { type FieldPath, formatPath, getIn } from "../edit/field-path.ts";
import type { DocumentEdit, ObjectChange } from "../workspace.ts";
import { pathsIn } from "./candidates.ts";
import { type ValueLayer, valueEdit } from "./value-layers.ts";

/** Most edits that are tried for one key; each costs a rendering. */
const MAX_TRIED = 8;

/**
 * A key that is new in a ConfigMap which a template makes of a mapping in values (`range $key, $value := .Values.config`): the mapping that holds other keys of the
 * ConfigMap with the same values, whatever it is called, in the layer that wins; nothing here is proven yet.
 */
export function dataInsertions(layers: readonly ValueLayer[], objects: readonly KubeObject[], { object, path, after }: ObjectChange): DocumentEdit[] {
  const [field, key, ...rest] = path;
  if (object.kind !== "ConfigMap" || field !== "data" || typeof key !== "string" || rest.length > 0 || typeof after !== "string") return [];
  const data = objectAt(
    objects.find((one) => sameRef(refOf(one), object)),
    "data",
  );
  const shared = (node: Json | undefined) => (isObject(node) ? Object.keys(node).filter((name) => isSame(node[name], data[name])).length : 0);
  const found = layers.flatMap((layer) => pathsIn(layer.value, (node, at) => at.every((step) => typeof step === "string") && shared(node) > 0));
  const mappings = [...new Map(found.map((at) => [formatPath(at), at])).values()];
  const most = (at: FieldPath) => Math.max(...layers.map(({ value }) => shared(getIn(value, at))));
  const ordered = mappings.sort((a, b) => most(b) - most(a));
  const holding = ordered.flatMap((at) => layers.filter(({ value }) => isObject(getIn(value, at))).map((layer) => ({ layer, at })));
  const above = ordered.flatMap((at) => layers.filter(({ value, isDefault }) => !isDefault && getIn(value, at) === undefined).map((layer) => ({ layer, at })));
  return [...holding, ...above].slice(0, MAX_TRIED).map(({ layer, at }) => valueEdit(layer, [...at, key], after));
}

function isSame(value: Json | undefined, rendered: Json | undefined): boolean {
  return value !== undefined && value !== null && typeof value !== "object" && String(value) === rendered;
}
