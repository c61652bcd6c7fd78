import { type ObjectRef, refOf, sameRef } from "../cluster/objects.ts";
import { type FieldPath, sameJson, samePath } from "../source/edit/field-path.ts";
import { type Difference, differences } from "../source/plan/differences.ts";
import { recounted } from "../source/slips/recounted-patches.ts";
import { type StrayContainer, strayContainers } from "../source/slips/stray-items.ts";
import { readTextBasis } from "../source/slips/text-basis.ts";
import type { FileChange, ObjectChange } from "../source/workspace.ts";
import type { DiagnosisInput } from "./diagnosis.ts";

/**
 * Patches led back to the items that they were for, where that does what is wanted: the item before them that came or went stays as it is, and no other value is written
 * to the place that they hit by mistake. Undefined where they lead where they did, or something else would change.
 */
export async function leadPatchesBack(input: DiagnosisInput, changes: readonly ObjectChange[]): Promise<FileChange[] | undefined> {
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
    (one) => isStrayGone(one) || ![...left.values()].some(({ object, path }) => sameRef(one.object, object) && samePath(one.path, path)),
  );
  const isDone = changes.every((change) =>
    made.some(({ object, path, wanted }) => sameRef(object, change.object) && samePath(path, change.path) && sameJson(wanted ?? null, change.after ?? null)),
  );
  return made.length > 0 && isBack && isDone ? files : undefined;
}

/** A container that a patch makes by the name that another one had. */
function isStray({ object, list, from }: StrayContainer, ref: ObjectRef, path: FieldPath): boolean {
  return sameRef(refOf(object), ref) && samePath(path, [...list, { key: "name", value: from }]);
}
