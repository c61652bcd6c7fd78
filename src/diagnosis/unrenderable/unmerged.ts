import { mergedGenerators, unmergedGenerator } from "../../source/slips/unmerged-generator.ts";
import { onlyRendering, type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/**
 * A generator that is merged into nothing any more makes its ConfigMap by itself, where it says all of it and everything renders then. One that came beside the base's
 * own is merged into that.
 */
export async function unmerged({ basis, message, workspace }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const change = unmergedGenerator(basis.files, message);
  if (change) return (await renders.try(workspace, [change])) ? repairOf("generator", change.path, change.before ?? "", change.after) : undefined;
  const ways = mergedGenerators(basis.files, message).map(({ path, before, after }) => repairOf("generator", path, before ?? "", after));
  return ways.length > 0 ? onlyRendering(workspace, ways, renders) : undefined;
}
