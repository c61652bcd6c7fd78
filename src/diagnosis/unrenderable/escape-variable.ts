import { escapedVariables } from "../../source/slips/escaped-variable.ts";
import { type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/** A variable of the program's that the commit brought into a script, and that Flux took for one of its own: it stays the program's, and what the script does is wanted. */
export async function escapeVariable({ basis, message, workspace }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const [only, ...more] = escapedVariables(basis.files, message);
  if (!only || more.length > 0 || !(await renders.valid(workspace, [only]))) return undefined;
  return repairOf("action", only.path, only.before ?? "", only.after);
}
