// A JSON patch, or operations of one, that change what the commit took away.
import { countedItems, patchMakingList, patchMovedTo, placesNotFound, withoutPatchOf } from "../../source/slips/leftover-patches.ts";
import type { GateInput } from "../gate.ts";
import { renderErrors } from "../render-errors.ts";

/** Places that one error can name: more are no slip of one commit. */
const MOST_PLACES = 5;

/** Items of a list that may stand before the one that a patch is for. */
const MOST_ITEMS = 20;

/**
 * Whether all that goes, or is led to an item that stands before it, is a JSON patch, or operations of one, that the renderer's own error says have nothing to
 * change. What that does to the rendered objects, against the last good revision, has to follow from what the commit took away.
 */
export function isLeftover({ texts, evidence }: Pick<GateInput, "texts" | "evidence">, path: string, after: string): boolean {
  if (!texts?.hasLastGood) return false;
  const errors = renderErrors({ evidence });
  const places = [...new Set(errors.flatMap(placesNotFound))].slice(0, MOST_PLACES);
  return places.some((pointer) => {
    const moved = countedItems(pointer).flatMap((item) => itemsBefore(item).flatMap((index) => patchMovedTo(texts.files, item, index)));
    const ways = [...withoutPatchOf(texts.files, pointer), ...moved, ...patchMakingList(texts.files, pointer)];
    return ways.some((way) => way.path === path && way.after === after);
  });
}

function itemsBefore(item: string): number[] {
  return Array.from({ length: Math.min(Number(item.split("/").at(-1)), MOST_ITEMS) }, (_, i) => i);
}
