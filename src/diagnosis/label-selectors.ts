import { refOf, sameRef } from "../cluster/objects.ts";
import { getIn, sameJson } from "../source/edit/field-path.ts";
import { differences } from "../source/plan/differences.ts";
import { withoutSelectors } from "../source/slips/label-selectors.ts";
import { readTextBasis } from "../source/slips/text-basis.ts";
import type { FileChange, ObjectChange } from "../source/workspace.ts";
import type { DiagnosisInput } from "./diagnosis.ts";

/**
 * A label that a commit wanted and that cannot go into selectors which exist: it stays, and is left out of these. Undefined where that does not do what is
 * wanted of the selectors, or more.
 */
export async function leaveSelectors(input: DiagnosisInput, changes: readonly ObjectChange[]): Promise<FileChange[] | undefined> {
  const { workspace, lastGood, rendered } = input;
  const selectors = changes.filter(({ path }) => path.includes("selector"));
  if (!lastGood || selectors.length === 0 || changes.some(({ after }) => after !== undefined)) return undefined;
  const file = withoutSelectors((await readTextBasis(workspace, lastGood.workspace)).files);
  const outcome = file ? await workspace.renderWith([file]) : undefined;
  if (!file || outcome?.kind !== "rendered") return undefined;
  const made = [...differences(rendered, outcome.objects).values()];
  const isBack = made.every(({ object, path, wanted }) => {
    const then = lastGood.objects.find((one) => one.kind === object.kind && one.metadata.name === object.name);
    return then !== undefined && sameJson(getIn(then, path) ?? null, wanted ?? null);
  });
  const isDone = selectors.every(({ object, path }) => {
    const now = outcome.objects.find((one) => sameRef(refOf(one), object));
    return now !== undefined && getIn(now, path) === undefined;
  });
  return made.length > 0 && isBack && isDone ? [file] : undefined;
}
