import { listedWrongly } from "../../source/slips/listed-wrongly.ts";
import { type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/** An entry of a kustomization that has one reading is written in the form that kustomize takes, or goes where another entry brings the same, if everything renders then. */
export async function relist({ basis, message, workspace }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const [change, ...more] = listedWrongly(basis.files, message);
  if (!change || more.length > 0) return undefined;
  return (await renders.try(workspace, [change])) ? repairOf("listing", change.path, change.before ?? "", change.after) : undefined;
}
