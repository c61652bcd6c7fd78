import { apart, hunksBetween } from "../source/edit/hunks.ts";
import { formedText } from "../source/meant/formed-line.ts";
import { applyChanges, differences } from "../source/plan/differences.ts";
import { readTextBasis } from "../source/slips/text-basis.ts";
import type { FileChange } from "../source/workspace.ts";
import type { DiagnosisInput, Finding } from "./diagnosis.ts";

/** Renderings that the search may cost. */
const TRIES = 8;

/**
 * The file in which what a line says today gets the form that it had, where exactly the wanted objects come of it: of files that templates take as they are, and
 * of texts in values.
 */
export async function formText({ workspace, lastGood, rendered }: DiagnosisInput, { action, quotes }: Finding): Promise<FileChange[] | undefined> {
  const wanted = action.kind === "fix" ? applyChanges(rendered, action.changes) : undefined;
  if (!lastGood || !Array.isArray(wanted)) return undefined;
  const complaint = quotes.map(({ quote }) => quote).join("\n");
  const { files } = await readTextBasis(workspace, lastGood.workspace);
  const meant = files.flatMap(({ path, text: before, lastGood: then }) => {
    const hunks = before === undefined || then === undefined ? [] : hunksBetween(path, then, before).flatMap(apart);
    return hunks.flatMap((hunk): FileChange[] => {
      const after = formedText(before ?? "", hunks, [hunk], complaint);
      return before === undefined || after === undefined ? [] : [{ path, before, after }];
    });
  });
  for (const change of meant.slice(0, TRIES)) {
    const outcome = await workspace.renderWith([change]);
    if (outcome.kind === "rendered" && differences(outcome.objects, wanted).size === 0) return [change];
  }
  return undefined;
}
