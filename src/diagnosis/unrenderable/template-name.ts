import { hasMoved, isOutOfScope, templateNames } from "../../source/slips/template-names.ts";
import { isAlmost } from "../near-match.ts";
import { type Renders, repairOf, type Sources, type TextRepair, wasThere } from "./text-repair.ts";

/**
 * A name in a template of which helm says that it leads nowhere, written as the only one that is almost the same, if everything renders then. Not where the
 * template worked as it is: what changed since is put back, unless it is a value that moved to another group, or a block that came around the line.
 */
export async function templateName({ basis, message, workspace }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const [file, ...more] = templateNames(basis.files, message, isAlmost);
  const repair = file && more.length === 0 ? repairOf("name", file.path, file.before ?? "", file.after) : undefined;
  if (!repair || (wasThere(repair, basis) && !hasMoved(basis.files, message) && !isOutOfScope(basis.files, message))) return undefined;
  return (await renders.try(workspace, repair.files)) ? repair : undefined;
}
