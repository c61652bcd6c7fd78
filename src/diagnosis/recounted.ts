import { type ObjectRef, refOf, sameRef } from "../cluster/objects.ts";
import { type FieldPath, sameJson, samePath, startsWith } from "../source/edit/field-path.ts";
import { type Difference, differences } from "../source/plan/differences.ts";
import { recounted } from "../source/slips/recounted-patches.ts";
import { isOfStray, type StrayContainer, strayContainers } from "../source/slips/stray-items.ts";
import { readTextBasis } from "../source/slips/text-basis.ts";
import type { FileChange, ObjectChange } from "../source/workspace.ts";
import type { DiagnosisInput } from "./diagnosis.ts";

/** Patches that lead where they did, and whether that makes just the wanted changes; what was to go may stay instead. */
export interface LedBack {
  files: FileChange[];
  isExact: boolean;
}

/**
 * Patches led back to the items that they were for, where that does what is wanted: the item before them that came or went stays as it is, and no other value is written
 * to the place that they hit by mistake. Undefined where they lead where they did, or something else would change.
 */
export async function leadPatchesBack(input: DiagnosisInput, changes: readonly ObjectChange[]): Promise<LedBack | undefined> {
  const { workspace, lastGood, rendered } = input;
  if (!lastGood || !changes.some(({ path }) => path.some((step) => typeof step === "object"))) return undefined;
  const basis = await readTextBasis(workspace, lastGood.workspace);
  const files = recounted(basis.files, lastGood.objects, rendered);
  const outcome = files.length > 0 ? await workspace.renderWith(files) : undefined;
  if (outcome?.kind !== "rendered") return undefined;
  const made = [...differences(rendered, outcome.objects).values()];
  const left = differences(outcome.objects, lastGood.objects);
  const strays = strayContainers(lastGood.objects, rendered);
  const isStrayGone = ({ object, path, wanted }: Difference) => wanted === undefined && strays.some((stray) => isStray(stray, object, path));
  const isBack = made.every(
    (one) =>
      isStrayGone(one) ||
      isOfStray(strays, one.object, one.path, one.wanted) ||
      ![...left.values()].some(({ object, path }) => sameRef(one.object, object) && samePath(one.path, path)),
  );
  const ofObject = (change: ObjectChange) => made.filter(({ object }) => sameRef(object, change.object));
  const isMade = (change: ObjectChange) =>
    ofObject(change).some(({ path, wanted }) => samePath(path, change.path) && sameJson(wanted ?? null, change.after ?? null));
  // What an item is that came with the commit, a patch hides that was for another one: the item need not go.
  const isHidden = ({ after, path: whole, ...change }: ObjectChange) =>
    after === undefined && ofObject({ ...change, after, path: whole }).some(({ path }) => path.length > whole.length && startsWith(path, whole));
  const isDone = changes.every((change) => isMade(change) || isHidden(change));
  return made.length > 0 && isBack && isDone ? { files, isExact: changes.every(isMade) } : undefined;
}

/** A container that a patch makes by the name that another one had. */
function isStray({ object, list, from }: StrayContainer, ref: ObjectRef, path: FieldPath): boolean {
  return sameRef(refOf(object), ref) && samePath(path, [...list, { key: "name", value: from }]);
}
