// `$patch: delete` in an item of a strategic merge patch: how an overlay does without an item that a base has and others keep.
import { type Json, textAt } from "../cluster/objects.ts";
import { type FieldChange, getIn } from "../source/edit/field-path.ts";
import { CONTAINER_LISTS } from "./pod-template.ts";

/** Whether a change orders one item of a list to go, which no patch said before; never a container. Any other order is for nobody to give. */
export function isItemOrder({ path, before, after }: FieldChange): boolean {
  const list = path.at(-3);
  const isItem = path.at(-1) === "$patch" && typeof path.at(-2) === "object" && !CONTAINER_LISTS.some((known) => known === list);
  return isItem && before === undefined && after === "delete";
}

/** Whether a change is within an item that its patch orders to go: what goes by that shows, and is judged, in the rendered objects. */
export function isOfGoneItem(final: Json, { path }: FieldChange): boolean {
  return path.some((segment, i) => typeof segment === "object" && textAt(getIn(final, path.slice(0, i + 1)) ?? null, "$patch") === "delete");
}
