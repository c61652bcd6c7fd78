// A patch, a generator that merges, or a replacement that was for something that is not there under its name.
import { followedReplacements } from "../../source/slips/followed-replacements.ts";
import { asOnePatch, byTarget, declared, onlyFitting, renamedPatches, strayPatchNames, successorOf } from "../../source/slips/patch-names.ts";
import type { FileChange } from "../../source/workspace.ts";
import type { GateInput } from "../gate.ts";
import { isNearName } from "../nearness.ts";

/**
 * Whether all that changes in a file is the name of what its patches are for: nothing declares the old one, and an object of the same kind has the new one, with a
 * name like it or, as the only one, with all containers of which the patches speak, or as the only one that came when the old one went. What a patch does to a
 * rendered object has to pass like any change (not-worse.ts).
 */
export function isRetargeted(input: Pick<GateInput, "texts">, { path, text }: { path: string; text: string }): boolean {
  return retargetings(input).some((files) => files.some((way) => way.path === path && way.after === text));
}

/** Whether several files change, and all for the same: everything that asks for the old name asks for the new one. */
export function areRetargetedAlike(input: Pick<GateInput, "texts">, files: readonly { path: string; after: string }[]): boolean {
  return retargetings(input).some(
    (ways) => ways.length === files.length && files.every(({ path, after }) => ways.some((way) => way.path === path && way.after === after)),
  );
}

/** What may be written where patches ask for something in vain: all files that follow one name, for each that may be meant; and those that follow all, each its only one. */
function retargetings({ texts }: Pick<GateInput, "texts">): FileChange[][] {
  if (!texts) return [];
  const groups = byTarget(strayPatchNames(texts.files)).map((patches) => {
    const patch = asOnePatch(patches);
    const known = patch ? declared(texts.files, patch.kind) : [];
    const sure = patch ? [onlyFitting(patch, known), texts.hasLastGood ? successorOf(patch, texts.files) : undefined].map((one) => one?.name) : [];
    return known
      .filter(({ name }) => isNearName(patch?.name ?? "", name) || sure.includes(name))
      .map(({ name: to }) => patches.map((one) => ({ patch: one, to })));
  });
  const together = groups.every((ways) => ways.length === 1) ? [renamedPatches(groups.flatMap(([only]) => only ?? []))] : [];
  return [...groups.flatMap((ways) => ways.map(renamedPatches)), ...together];
}

/** Whether all that changes in a file is a name by which its replacements speak of something that has another one since the last good revision. */
export function isReplacementFollowed({ texts }: Pick<GateInput, "texts">, { path, text }: { path: string; text: string }): boolean {
  return texts?.hasLastGood === true && followedReplacements(texts.files).some(({ file }) => file.path === path && file.after === text);
}
