import { hasMoved, isOutOfScope, templateNames, wasRenamed } from "../../source/slips/template-names.ts";
import { isAlmost } from "../near-match.ts";
import { type Renders, repairOf, type Sources, type TextRepair, wasThere } from "./text-repair.ts";

/**
 * A name in a template of which helm says that it leads nowhere, written as the only one that is almost the same, if everything renders then. Not where the
 * template worked as it is: what changed since is put back, unless it is a value that moved to another group, a block that came around the line, or a template of which all other calls have the new name.
 */
export async function templateName({ basis, message, workspace }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const [file, ...more] = templateNames(basis.files, message, isAlmost);
  const repair = file && more.length === 0 ? repairOf("name", file.path, file.before ?? "", file.after) : undefined;
  const isMeant = [hasMoved, isOutOfScope, wasRenamed].some((is) => is(basis.files, message));
  if (!repair || (wasThere(repair, basis) && !isMeant)) return undefined;
  return (await renders.try(workspace, repair.files)) ? repair : undefined;
}
