import { lineSlipsMended } from "../../source/slips/line-slips.ts";
import { comesBack, type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/**
 * One slip in an action of a template, or in a value for `--set`, that came with the commit, without which everything renders to objects that fit their schemas:
 * what it says was wanted. Undefined where several would do, or where the line was as it would be then: it is put back like any other.
 */
export async function mendSlip({ basis, workspace }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  if (!basis.hasLastGood) return undefined;
  const found = new Map<string, TextRepair>();
  for (const file of basis.files)
    for (const text of lineSlipsMended(file)) {
      const repair = repairOf("action", file.path, file.text ?? "", text);
      if (comesBack(repair, basis)) continue;
      const objects = await renders.valid(workspace, repair.files);
      const key = JSON.stringify(objects);
      if (objects && !found.has(key)) found.set(key, repair);
    }
  const [only, ...more] = found.values();
  return more.length === 0 ? only : undefined;
}
