import { valuesKeyMeant } from "../../source/slips/values-key.ts";
import { type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/** A release asks its ConfigMap for a key that is not there: for the only one that there is, if everything renders then. */
export async function valuesKey({ basis, message, workspace }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const [only, ...more] = valuesKeyMeant(basis.files, message);
  if (!only || more.length > 0) return undefined;
  const { wrong, right, change } = only;
  const repair = { ...repairOf("reference", change.path, change.before ?? "", change.after), reference: { kind: "key", wrong, right, isRename: false } };
  return (await renders.try(workspace, repair.files)) ? repair : undefined;
}
