import { withJoinedKey } from "../../source/slips/joined-key.ts";
import { isPlainYaml } from "../../source/slips/text-basis.ts";
import { type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/** One key that stands twice in a mapping, where both can be one: the commit wrote a second list beside the one that was there, and wants what it says. */
export async function joinKey({ basis, message, workspace }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  if (!/already (?:defined|set)|duplicate/i.test(message.slice(0, 8000))) return undefined;
  const found = basis.files.flatMap(({ path, text }) => {
    const after = text !== undefined && isPlainYaml(path) ? withJoinedKey(text) : undefined;
    return text === undefined || after === undefined ? [] : [repairOf("doubled", path, text, after)];
  });
  const [only, ...more] = found;
  return only && more.length === 0 && (await renders.valid(workspace, only.files)) ? only : undefined;
}
