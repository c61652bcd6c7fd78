import { refOf, sameRef } from "../cluster/objects.ts";
import { getIn, sameJson } from "../source/edit/field-path.ts";
import { differences } from "../source/plan/differences.ts";
import { type LabelPlace, withoutPlace } from "../source/slips/label-selectors.ts";
import { readTextBasis } from "../source/slips/text-basis.ts";
import type { FileChange, ObjectChange } from "../source/workspace.ts";
import type { DiagnosisInput } from "./diagnosis.ts";

/** A label that a commit wanted and that cannot go where it went on objects that exist: what is left of it, in words. */
export interface LeftOut {
  files: FileChange[];
  words: string;
}

const SELECTORS = "Leave the new label out of selectors (includeSelectors: false): those of objects that exist cannot change; the label itself stays";
const TEMPLATES =
  "Leave the new label out of templates (includeTemplates: false): the claim templates of a StatefulSet that exists cannot change; the objects themselves keep the label";

/** Undefined where leaving the label out does not do what is wanted of the selectors or claim templates, or more. */
export async function leaveLabelOut(input: DiagnosisInput, changes: readonly ObjectChange[]): Promise<LeftOut | undefined> {
  if (changes.some(({ after }) => after !== undefined)) return undefined;
  const ofSelectors = changes.filter(({ path }) => path.includes("selector"));
  const ofClaims = changes.filter(({ path }) => path.includes("volumeClaimTemplates") && path.includes("labels"));
  const selectors = await leaving(input, "includeSelectors", ofSelectors);
  if (selectors) return { files: selectors, words: SELECTORS };
  const templates = await leaving(input, "includeTemplates", ofClaims);
  return templates && { files: templates, words: TEMPLATES };
}

async function leaving(
  { workspace, lastGood, rendered }: DiagnosisInput,
  place: LabelPlace,
  changes: readonly ObjectChange[],
): Promise<FileChange[] | undefined> {
  if (!lastGood || changes.length === 0) return undefined;
  const file = withoutPlace((await readTextBasis(workspace, lastGood.workspace)).files, place);
  const outcome = file ? await workspace.renderWith([file]) : undefined;
  if (!file || outcome?.kind !== "rendered") return undefined;
  const made = [...differences(rendered, outcome.objects).values()];
  const isBack = made.every(({ object, path, wanted }) => {
    const then = lastGood.objects.find((one) => one.kind === object.kind && one.metadata.name === object.name);
    return then !== undefined && sameJson(getIn(then, path) ?? null, wanted ?? null);
  });
  const isDone = changes.every(({ object, path }) => {
    const now = outcome.objects.find((one) => sameRef(refOf(one), object));
    return now !== undefined && getIn(now, path) === undefined;
  });
  return made.length > 0 && isBack && isDone ? [file] : undefined;
}
