import { missedValues } from "../../source/slips/missed-values.ts";
import { neededValues } from "../../source/slips/needed-values.ts";
import { isAlikeKey } from "../near-match.ts";
import { type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/** The one value that a template needs and that git sets where nobody reads it, at its right place, if everything renders then. */
export async function missedValue({ basis, message, workspace }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const [change, ...more] = missedValues(basis.files, message, isAlikeKey);
  if (!change || more.length > 0) return undefined;
  return (await renders.try(workspace, [change])) ? repairOf("value", change.path, change.before ?? "", change.after) : undefined;
}

/** The one value that went to another place, where some templates read it, comes back for those that read it where it was, if everything renders then. */
export async function neededValue({ basis, message, workspace }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const [change, ...more] = neededValues(basis.files, message);
  if (!change || more.length > 0) return undefined;
  return (await renders.try(workspace, [change])) ? repairOf("needed", change.path, change.before ?? "", change.after) : undefined;
}
