// A patch, or operations of one, that change what the commit took away.
import {
  countedItems,
  patchedItem,
  patchMakingList,
  patchMovedOver,
  patchMovedTo,
  placesNotFound,
  withoutPatchOf,
} from "../../source/slips/leftover-patches.ts";
import { withoutOrphan } from "../../source/slips/orphan-patches.ts";
import type { FileChange } from "../../source/workspace.ts";
import type { GateInput } from "../gate.ts";
import { renderErrors } from "../render-errors.ts";

/** Places that one error can name: more are no slip of one commit. */
const MOST_PLACES = 5;

/** As far in a list as the item that a patch is for may have moved. */
const MOST_ITEMS = 20;

/**
 * Whether all that goes, or is led to another item of that list, is a patch, or operations of one, that the renderer's own error says have nothing to
 * change. What that does to the rendered objects, against the last good revision, has to follow from what the commit took away.
 */
export function isLeftover({ texts, evidence }: Pick<GateInput, "texts" | "evidence">, path: string, after: string): boolean {
  if (!texts?.hasLastGood) return false;
  const errors = renderErrors({ evidence });
  const places = [...new Set(errors.flatMap(placesNotFound))].slice(0, MOST_PLACES);
  const isSame = (way: FileChange) => way.path === path && way.after === after;
  if (errors.flatMap((error) => withoutOrphan(texts.files, error)).some(isSame)) return true;
  return places.some((pointer) => {
    const moved = countedItems(pointer).flatMap((item) => otherItems(item).flatMap((index) => patchMovedTo(texts.files, item, index)));
    const item = patchedItem(pointer);
    const over = item === undefined ? [] : Array.from({ length: MOST_ITEMS }, (_, i) => patchMovedOver(texts.files, item, i)).flat();
    const ways = [...withoutPatchOf(texts.files, pointer), ...moved, ...over, ...patchMakingList(texts.files, pointer)];
    return ways.some(isSame);
  });
}

function otherItems(item: string): number[] {
  const place = Number(item.split("/").at(-1));
  return Array.from({ length: Math.min(place, MOST_ITEMS) + MOST_ITEMS }, (_, i) => i).filter((index) => index !== place);
}
