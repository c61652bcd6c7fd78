import { asItWas, declared, onlyFitting, type PatchName, strayPatchNames, successorOf } from "../../source/slips/patch-names.ts";
import type { BasisFile } from "../../source/slips/text-basis.ts";
import { nearOrKindred } from "../near-match.ts";
import { comesBack, type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/**
 * A patch, or a generator that merges, is for something that is not there under this name: it is led to the only object of its kind that is surely meant, if
 * everything renders then.
 */
export async function retarget({ basis, message, workspace }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const [stray, ...others] = strayPatchNames(basis.files).filter(({ name }) => message.includes(name));
  const meant = stray && others.length === 0 ? meantBy(stray, basis.files) : undefined;
  const [way] = stray && meant !== undefined ? stray.rename(meant) : [];
  if (!stray || meant === undefined || !way) return undefined;
  const { kind, name } = stray;
  const past = basis.files.map(asItWas);
  const isThen = (one: string) => declared(past, kind).some((object) => object.name === one);
  const reference = { kind, wrong: name, right: meant, isRename: isThen(name) && !isThen(meant) };
  const repair = { ...repairOf("reference", way.path, way.before ?? "", way.after), reference };
  // What the patch was called at the last good revision is put back instead.
  if (comesBack(repair, basis)) return undefined;
  return (await renders.try(workspace, repair.files)) ? repair : undefined;
}

/** By its name, else the only one that has the containers of which the patch speaks, else what its object is called now. */
function meantBy(patch: PatchName, files: readonly BasisFile[]): string | undefined {
  const known = declared(files, patch.kind);
  const near = nearOrKindred(
    patch.name,
    known.map(({ name }) => name),
  );
  return near ?? (onlyFitting(patch, known) ?? successorOf(patch, files))?.name;
}
