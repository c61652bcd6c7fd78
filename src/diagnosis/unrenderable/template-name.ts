import { templateNames } from "../../source/template-names.ts";
import { nearMatch } from "../near-match.ts";
import { type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/**
 * A name in a template of which helm says that it leads nowhere, written as the only one that is like it, if everything renders then. What the last good
 * revision had is put back instead.
 */
export async function templateName({ basis, message, workspace }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const [file, ...more] = templateNames(basis.files, message, (wrong, right) => nearMatch(wrong, [right]) === right);
  const past = basis.files.find(({ path }) => path === file?.path)?.lastGood;
  if (!file || more.length > 0 || past === file.after) return undefined;
  return (await renders.try(workspace, [file])) ? repairOf("name", file.path, file.before ?? "", file.after) : undefined;
}
