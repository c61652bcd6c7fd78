// A patch, a generator that merges, or a replacement that was for something that is not there under its name.
import { followedReplacements } from "../../source/slips/followed-replacements.ts";
import { declared, onlyFitting, strayPatchNames, successorOf } from "../../source/slips/patch-names.ts";
import type { GateInput } from "../gate.ts";
import { isNearName } from "../nearness.ts";

/**
 * Whether all that changes in a file is the name of what one patch is for: nothing declares the old one, and an object of the same kind has the new one, with a
 * name like it or, as the only one, with all containers of which the patch speaks, or as the only one that came when the old one went. What a patch does to a
 * rendered object has to pass like any change (not-worse.ts).
 */
export function isRetargeted({ texts }: Pick<GateInput, "texts">, { path, text }: { path: string; text: string }): boolean {
  if (!texts) return false;
  return strayPatchNames(texts.files).some((patch) => {
    const known = declared(texts.files, patch.kind);
    const sure = [onlyFitting(patch, known), texts.hasLastGood ? successorOf(patch, texts.files) : undefined].map((one) => one?.name);
    const meant = known.filter(({ name }) => isNearName(patch.name, name) || sure.includes(name));
    return meant.some((one) => patch.rename(one.name).some((way) => way.path === path && way.after === text));
  });
}

/** Whether all that changes in a file is a name by which its replacements speak of something that has another one since the last good revision. */
export function isReplacementFollowed({ texts }: Pick<GateInput, "texts">, { path, text }: { path: string; text: string }): boolean {
  return texts?.hasLastGood === true && followedReplacements(texts.files).some(({ file }) => file.path === path && file.after === text);
}
