import { unmergedGenerator } from "../../source/slips/unmerged-generator.ts";
import { type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/** A generator that is merged into nothing any more makes its ConfigMap by itself, where it says all of it and everything renders then. */
export async function unmerged({ basis, message, workspace }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const change = unmergedGenerator(basis.files, message);
  return change && (await renders.try(workspace, [change])) ? repairOf("generator", change.path, change.before ?? "", change.after) : undefined;
}
