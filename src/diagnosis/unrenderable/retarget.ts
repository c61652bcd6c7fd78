import { hunksBetween } from "../../source/edit/hunks.ts";
import {
  asItWas,
  asOnePatch,
  byTarget,
  declared,
  onlyFitting,
  type PatchName,
  renamedPatches,
  strayPatchNames,
  successorOf,
} from "../../source/slips/patch-names.ts";
import type { BasisFile } from "../../source/slips/text-basis.ts";
import { nearOrKindred } from "../near-match.ts";
import { comesBack, type Renders, type Sources, type TextRepair } from "./text-repair.ts";

/**
 * Patches, or a generator that merges, are for something that is not there under this name: all of them are led to the only object of its kind that is surely meant,
 * if everything renders then. kustomize names the first of several things that a commit renamed: all patches that are left behind follow.
 */
export async function retarget({ basis, message, workspace }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const groups = byTarget(strayPatchNames(basis.files)).map((patches) => ({ patches, patch: asOnePatch(patches) }));
  const named = groups.find(({ patch }) => patch && message.includes(patch.name))?.patch;
  const renames = groups.flatMap(({ patches, patch }) => {
    const to = patch && meantBy(patch, basis.files);
    return to === undefined ? [] : patches.map((one) => ({ patch: one, to }));
  });
  const right = renames.find(({ patch }) => patch.kind === named?.kind && patch.name === named.name)?.to;
  const files = renamedPatches(renames);
  if (!named || right === undefined || files.length === 0) return undefined;
  const { kind, name } = named;
  const past = basis.files.map(asItWas);
  const isThen = (one: string) => declared(past, kind).some((object) => object.name === one);
  const reference = { kind, wrong: name, right, isRename: isThen(name) && !isThen(right) };
  const hunks = files.flatMap(({ path, before, after }) => hunksBetween(path, before, after));
  const repair: TextRepair = { how: "reference", files, hunks, reference };
  // What the patch was called at the last good revision is put back instead.
  if (comesBack(repair, basis)) return undefined;
  return (await renders.try(workspace, repair.files)) ? repair : undefined;
}

/** By its name, else the only one that has the containers of which the patch speaks, else what its object is called now. */
function meantBy(patch: Pick<PatchName, "kind" | "name" | "containers">, files: readonly BasisFile[]): string | undefined {
  const known = declared(files, patch.kind);
  const near = nearOrKindred(
    patch.name,
    known.map(({ name }) => name),
  );
  return near ?? (onlyFitting(patch, known) ?? successorOf(patch, files))?.name;
}
