import { isObject, type Json, type JsonObject, type KubeObject, type ObjectRef, refOf, sameRef } from "../cluster/objects.ts";
import { applyChanges } from "./differences.ts";
import { type FieldPath, getIn, samePath } from "./field-path.ts";
import type { ObjectChange } from "./workspace.ts";

/** What a strategic merge patch says of one field. */
export interface Statement {
  object: ObjectRef;
  path: FieldPath;
  value: Json;
  /** The field is to be away. */
  isGone: boolean;
}

/**
 * Wanted changes as strategic merge patches say them: a list of plain values as a whole, what goes as null, and an item that goes by an order
 * (https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/). Undefined where one cannot be said: mappings
 * that nothing tells apart would all have to be repeated, and whether Kubernetes replaces or merges them is not known here.
 */
export function inPatches(objects: readonly KubeObject[], changes: readonly ObjectChange[]): Statement[] | undefined {
  const wanted = applyChanges(objects, changes);
  if (!Array.isArray(wanted)) return undefined;
  const statements: Statement[] = [];
  for (const change of changes) {
    const statement = statementOf(wanted, change);
    if (!statement) return undefined;
    if (!statements.some(({ object, path }) => sameRef(object, statement.object) && samePath(path, statement.path))) statements.push(statement);
  }
  return statements;
}

function statementOf(wanted: readonly KubeObject[], { object, path, before, after }: ObjectChange): Statement | undefined {
  const list = path.findIndex((segment) => typeof segment === "number");
  if (list >= 0) {
    const whole = getIn(
      wanted.find((one) => sameRef(refOf(one), object)),
      path.slice(0, list),
    );
    const isPlain = Array.isArray(whole) && whole.every((item) => typeof item !== "object");
    return isPlain ? { object, path: path.slice(0, list), value: whole, isGone: false } : undefined;
  }
  const value = path.length === 0 ? undefined : (after ?? absenceOf(path, before));
  return value === undefined ? undefined : { object, path, value, isGone: after === undefined };
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
