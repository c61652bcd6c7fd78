import { missedValues, pathsMissed } from "../../source/slips/missed-values.ts";
import { movedReads } from "../../source/slips/moved-reads.ts";
import { neededValues } from "../../source/slips/needed-values.ts";
import { isAlikeKey } from "../near-match.ts";
import { type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/** The same before anything is taken back, where the commit let the template read the value elsewhere: whoever followed already needs it there. */
export async function followedRead(sources: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const { files } = sources.basis;
  const wanted = pathsMissed(files, sources.message).map((path) => path.join("."));
  return [...movedReads(files).values()].some((to) => wanted.includes(to)) ? missedValue(sources, renders) : undefined;
}

/** The one value that a template needs and that git sets where nobody reads it, at its right place, if everything renders then. */
export async function missedValue({ basis, message, workspace }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const [change, ...more] = missedValues(basis.files, message, isAlikeKey);
  if (!change || more.length > 0) return undefined;
  return (await renders.try(workspace, [change])) ? repairOf("value", change.path, change.before ?? "", change.after) : undefined;
}

/** The one value that went to another place, where some templates read it, comes back for those that read it where it was, if everything renders then. */
export async function neededValue({ basis, message, workspace }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const [change, ...more] = neededValues(basis.files, message);
  if (!change || more.length > 0) return undefined;
  return (await renders.try(workspace, [change])) ? repairOf("needed", change.path, change.before ?? "", change.after) : undefined;
}
