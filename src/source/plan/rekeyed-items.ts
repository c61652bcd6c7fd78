import { isObject, type Json, type JsonObject, type KubeObject, refOf, sameRef } from "../../cluster/objects.ts";
import { getIn, sameJson, samePath } from "../edit/field-path.ts";
import type { ObjectChange } from "../workspace.ts";

/** An item of a list that goes and one that comes, which differ only in what tells the items apart: one scalar becomes another. */
export interface RekeyedItem {
  gone: ObjectChange;
  come: ObjectChange;
  /** The scalar, by the item's position in the rendered list. */
  change: ObjectChange & { before: Json; after: Json };
}

/** The same changes, where one sets what tells the items of its list apart: the item under its old key goes, and comes under the new one. */
export function asItems(objects: readonly KubeObject[], changes: readonly ObjectChange[]): ObjectChange[] {
  return changes.flatMap((change): ObjectChange[] => {
    const { path, after } = change;
    const [step, field] = path.slice(-2);
    const object = objects.find((one) => sameRef(refOf(one), change.object));
    const item = object && getIn(object, path.slice(0, -1));
    if (typeof step !== "object" || field !== step.key || !isObject(item) || (typeof after !== "string" && typeof after !== "number")) return [change];
    const list = path.slice(0, -2);
    return [
      { object: change.object, path: [...list, step], before: item, after: undefined },
      { object: change.object, path: [...list, { key: step.key, value: String(after) }], before: undefined, after: { ...item, [step.key]: after } },
    ];
  });
}

/** Such items among changes: `containerPort: 8080` that becomes 9090 shows as one port gone and one new. */
export function rekeyedItems(objects: readonly KubeObject[], changes: readonly ObjectChange[]): RekeyedItem[] {
  return changes.flatMap((gone) => {
    const step = gone.path.at(-1);
    const object = objects.find((one) => sameRef(refOf(one), gone.object));
    if (gone.after !== undefined || typeof step !== "object" || !isObject(gone.before) || !object) return [];
    const { key } = step;
    const list = gone.path.slice(0, -1);
    const [come, ...more] = changes.filter((other) => isNewIn(other, gone) && sameJson(without(other.after, key), without(gone.before, key)));
    const items = getIn(object, list);
    const position = Array.isArray(items) ? items.findIndex((item) => sameJson(item, gone.before)) : -1;
    const [before, after] = [gone.before[key], isObject(come?.after) ? come.after[key] : undefined];
    if (!come || more.length > 0 || position < 0 || before === undefined || after === undefined) return [];
    return [{ gone, come, change: { object: gone.object, path: [...list, position, key], before, after } }];
  });
}

function isNewIn(other: ObjectChange, gone: ObjectChange): boolean {
  return other.before === undefined && isObject(other.after) && sameRef(other.object, gone.object) && samePath(other.path.slice(0, -1), gone.path.slice(0, -1));
}

function without(item: Json | undefined, key: string): JsonObject {
  const { [key]: _, ...rest } = isObject(item) ? item : {};
  return rest;
}
