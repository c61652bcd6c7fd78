import { isObject, type Json, type JsonObject, type KubeObject, type ObjectRef, refOf, sameRef } from "../../cluster/objects.ts";
import { diffFields, type FieldPath, getIn, samePath } from "../edit/field-path.ts";
import { byMergeKey } from "../edit/merge-keys.ts";
import type { ObjectChange } from "../workspace.ts";
import { applyChanges } from "./differences.ts";

/** What a strategic merge patch says of one field. */
export interface Statement {
  object: ObjectRef;
  path: FieldPath;
  value: Json;
  /** The field is to be away. */
  isGone: boolean;
}

/** How a change within a list is said whose items are mappings: by the items that come and go, or by the list as a whole. */
export type ListForm = "items" | "whole";

/** Longest list that a patch repeats, as JSON. */
const MAX_LIST = 3000;

/**
 * Wanted changes as strategic merge patches say them: a list of plain values as a whole, what goes as null, and an item that goes by an order
 * (https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/). Undefined where one cannot be said. Whether Kubernetes replaces or
 * merges a list of mappings depends on its kind: both forms are for the proof.
 */
export function inPatches(objects: readonly KubeObject[], changes: readonly ObjectChange[], form: ListForm): Statement[] | undefined {
  const wanted = applyChanges(objects, changes);
  if (!Array.isArray(wanted)) return undefined;
  const statements: Statement[] = [];
  for (const change of changes.flatMap((one) => byMergeKey(objects, one))) {
    const said = statementsOf({ objects, wanted, form }, change);
    if (said.length === 0) return undefined;
    for (const one of said) if (!statements.some(({ object, path }) => sameRef(object, one.object) && samePath(path, one.path))) statements.push(one);
  }
  return statements;
}

interface Sides {
  objects: readonly KubeObject[];
  wanted: readonly KubeObject[];
  form: ListForm;
}

function statementsOf({ objects, wanted, form }: Sides, change: ObjectChange): Statement[] {
  const { object } = change;
  const list = change.path.findIndex((segment) => typeof segment === "number");
  if (list < 0) return statementOf(change) ?? [];
  const path = change.path.slice(0, list);
  const [was, whole] = [objects, wanted].map((all) =>
    getIn(
      all.find((one) => sameRef(refOf(one), object)),
      path,
    ),
  );
  if (!Array.isArray(whole) || JSON.stringify(whole).length > MAX_LIST) return [];
  if (form === "whole" || whole.every((item) => typeof item !== "object")) return [{ object, path, value: whole, isGone: false }];
  const items = diffFields(was, whole, path).map((one): ObjectChange => ({ object, ...one }));
  const said = items.flatMap((one) => (one.path.some((segment) => typeof segment === "number") ? [] : (statementOf(one) ?? [])));
  return said.flat().length === items.length ? said.flat() : [];
}

function statementOf({ object, path, before, after }: ObjectChange): Statement[] | undefined {
  const value = path.length === 0 ? undefined : (after ?? absenceOf(path, before));
  return value === undefined ? undefined : [{ object, path, value, isGone: after === undefined }];
}

/** How a patch says that a field is to be away: null, and of an item an order. Undefined where it cannot. */
export function absenceOf(path: FieldPath, before: Json | undefined): Json | undefined {
  const last = path.at(-1);
  if (typeof last === "string") return null;
  return typeof last === "object" && isObject(before) ? { ...keysOf(before), $patch: "delete" } : undefined;
}

/** By which Kubernetes tells items apart: the name, and of mounts and ports also where they are. */
function keysOf(item: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(item).filter(([key]) => ["name", "mountPath", "containerPort", "port", "protocol"].includes(key)));
}
