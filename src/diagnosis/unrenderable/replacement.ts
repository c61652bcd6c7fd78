import { followedReplacements } from "../../source/slips/followed-replacements.ts";
import { type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/** A replacement of kustomize finds nothing under a name that the commit changed: it follows, if everything renders then. */
export async function replacementFollows({ basis, message, workspace }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  if (!/replacement|nothing selected by/i.test(message)) return undefined;
  const [only, ...others] = followedReplacements(basis.files).filter(({ wrong }) => message.includes(wrong));
  if (!only || others.length > 0) return undefined;
  const { file, wrong, right } = only;
  const repair = { ...repairOf("reference", file.path, file.before ?? "", file.after), reference: { kind: "field", wrong, right, isRename: true } };
  return (await renders.try(workspace, repair.files)) ? repair : undefined;
}
