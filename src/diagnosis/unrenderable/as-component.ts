import { componentRepair } from "../../source/slips/component-kinds.ts";
import { type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/** A folder that is listed as a component of kustomize and is none, or the other way round, is made or listed as what it is, if everything renders then. */
export async function asComponent({ basis, message, workspace }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const change = componentRepair(basis.files, message);
  return change && (await renders.try(workspace, [change])) ? repairOf("component", change.path, change.before ?? "", change.after) : undefined;
}
