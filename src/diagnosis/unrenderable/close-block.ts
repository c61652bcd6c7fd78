import { blockClosed } from "../../source/slips/template-blocks.ts";
import { type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/** The `end` of the one block of a template that the commit opened and did not close, if everything renders with it: what the block says is wanted. */
export async function closeBlock({ basis, workspace }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  if (!basis.hasLastGood) return undefined;
  const closed = basis.files.flatMap((file) => {
    const text = blockClosed(file);
    return text === undefined ? [] : [repairOf("block", file.path, file.text ?? "", text)];
  });
  const [repair, ...others] = closed;
  return repair && others.length === 0 && (await renders.try(workspace, repair.files)) ? repair : undefined;
}
