import { patchedItem, placesNotFound, withoutPatchOf } from "../../source/leftover-patches.ts";
import { type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/** Whether all that would make a JSON patch apply again is to put back a container or volume that the commit took away. */
export function isPatchLeftBehind({ how, hunks }: TextRepair, error: string): boolean {
  const [pointer] = placesNotFound(error);
  return how === "restored" && pointer !== undefined && patchedItem(pointer) !== undefined && hunks.every(({ before }) => before.length === 0);
}

/** The commit took away what a JSON patch changes, and left the patch: it goes too, where there is one way to take it out with which everything renders. */
export async function takeOutPatch({ basis, workspace, message }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const [pointer] = placesNotFound(message);
  const ways = pointer === undefined || !basis.hasLastGood ? [] : withoutPatchOf(basis.files, pointer);
  const found: TextRepair[] = [];
  for (const { path, before = "", after } of ways) {
    const repair = repairOf("leftover", path, before, after);
    if (await renders.try(workspace, repair.files)) found.push(repair);
  }
  return found.length === 1 ? found[0] : undefined;
}
