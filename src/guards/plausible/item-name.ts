import { isObject } from "../../cluster/objects.ts";
import { allowedInstead, complaintsIn } from "../../cluster/refused-values.ts";
import { type FieldChange, type FieldPath, getIn, sameJson, samePath, startsWith } from "../../source/edit/field-path.ts";
import type { Grounds } from "../grounds.ts";

/**
 * A part of an item that is known by its name, and gets the only one that the API server's complaint about names leaves: the item under its old name goes, and comes with
 * all that is in it under the other one.
 */
export function isItemRenamed(grounds: Pick<Grounds, "input" | "changes" | "after">, { path }: FieldChange): boolean {
  const texts = grounds.input.evidence.items.filter(({ kind }) => kind !== "log").map(({ text }) => text);
  const complaints = texts.flatMap(complaintsIn).filter(({ field }) => /\.\w+\[\d{1,4}\]\.name$/.test(field));
  return grounds.changes.some((gone) => {
    const [item, list] = [gone.path.at(-1), gone.path.slice(0, -1)];
    if (typeof item !== "object" || item.key !== "name" || gone.after !== undefined) return false;
    const allowed = complaints.filter(({ field }) => lastKey(list) === /\.(\w+)\[\d+\]\.name$/.exec(field)?.[1]).map((one) => allowedInstead(one, item.value));
    return allowed.some((one) => {
      if (one?.kind !== "is" || !isObject(gone.before)) return false;
      const right: FieldPath = [...list, { key: "name", value: String(one.value) }];
      const isSame = sameJson(getIn(grounds.after, right) ?? null, { ...gone.before, name: one.value });
      return isSame && (samePath(path, gone.path) || startsWith(path, right));
    });
  });
}

function lastKey(path: FieldPath): string | undefined {
  return path.findLast((segment) => typeof segment === "string");
}
