import { applyChanges, differences } from "../source/plan/differences.ts";
import { withoutDoubledKey } from "../source/slips/doubled-key.ts";
import type { FileChange, ObjectChange } from "../source/workspace.ts";
import type { DiagnosisInput } from "./diagnosis.ts";

/** The file of values in which a mapping that stands twice made what is wanted disappear, with one of both: exactly these changes come of it. */
export async function mergeDoubledKey({ workspace, rendered }: DiagnosisInput, changes: readonly ObjectChange[]): Promise<FileChange[] | undefined> {
  const outcome = await workspace.render();
  const wanted = applyChanges(rendered, changes);
  if (outcome.kind !== "rendered" || !outcome.chart || !Array.isArray(wanted)) return undefined;
  for (const path of outcome.chart.valueFiles) {
    const before = await workspace.tree.read(path);
    const after = before === undefined ? undefined : withoutDoubledKey(before);
    if (after === undefined) continue;
    const made = await workspace.renderWith([{ path, before, after }]);
    if (made.kind === "rendered" && differences(made.objects, wanted).size === 0) return [{ path, before, after }];
  }
  return undefined;
}
