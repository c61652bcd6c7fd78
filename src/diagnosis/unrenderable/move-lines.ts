import { parseYaml } from "../../source/edit/yaml-documents.ts";
import { linesMoved } from "../../source/slips/moved-lines.ts";
import { isFolded } from "./folded.ts";
import { type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/**
 * Lines of the commit that can be read and stand at a wrong depth, with which nothing renders: moved to where their key was, or belongs, everything does. What they
 * say stays. Undefined where they could go to several places.
 */
export async function moveLines({ basis, message, workspace }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  if (!basis.hasLastGood) return undefined;
  const found = new Map<string, TextRepair>();
  for (const file of basis.files)
    for (const text of linesMoved(file, message)) {
      const outcome = parseYaml(text);
      const repair = repairOf("depth", file.path, file.text ?? "", text);
      const lines = repair.hunks.flatMap(({ after }) => after);
      if (outcome.kind !== "parsed" || isFolded(outcome.documents, lines)) continue;
      const objects = await renders.valid(workspace, repair.files);
      const key = JSON.stringify(objects);
      if (objects && !found.has(key)) found.set(key, repair);
    }
  const [only, ...more] = found.values();
  return more.length === 0 ? only : undefined;
}
