import { readTextBasis, type TextBasis } from "../../source/slips/text-basis.ts";
import type { DiagnosisInput } from "../diagnosis.ts";
import { indentAdded } from "./added-layout.ts";
import { repairApiVersion } from "./api-version.ts";
import { asComponent } from "./as-component.ts";
import { closeBlock } from "./close-block.ts";
import { escapeVariable } from "./escape-variable.ts";
import { type Fault, findFault } from "./fault.ts";
import { joinKey } from "./join-key.ts";
import { repairLayout } from "./layout.ts";
import { followItem, isPatchLeftBehind, onlyItem, takeOutPatch, withdrawPatch } from "./leftover-patch.ts";
import { mendSlip } from "./mend-slip.ts";
import { followedRead, missedValue, neededValue } from "./missed-value.ts";
import { moveLines } from "./move-lines.ts";
import { putIntoQuotes } from "./needs-quotes.ts";
import { punctuate } from "./punctuate.ts";
import { nearReference, newReference, renamedReference } from "./references.ts";
import { relist } from "./relist.ts";
import { replacementFollows } from "./replacement.ts";
import { restore } from "./restore.ts";
import { retarget } from "./retarget.ts";
import { retype } from "./retype.ts";
import { spell } from "./spell.ts";
import { templateName } from "./template-name.ts";
import { Renders, type Sources, type TextRepair } from "./text-repair.ts";
import { unmerged } from "./unmerged.ts";
import { valuesKey } from "./values-key.ts";

/** Everything that is known about a source that cannot be rendered at the branch's head. */
export interface Unrenderable {
  basis: TextBasis;
  fault?: Fault;
  repair?: TextRepair;
}

/**
 * Searches a repair of text; undefined where the head renders (but for kinds that the cluster does not know), or where not the manifests but a limit of
 * ours is the reason that it does not.
 */
export async function lookIntoUnrenderable(input: DiagnosisInput): Promise<Unrenderable | undefined> {
  const { workspace, lastGood } = input;
  const outcome = await workspace.render();
  if (outcome.kind === "rendered") return repairApiVersion(input);
  if (outcome.kind !== "failed") return undefined;
  const basis = await readTextBasis(workspace, lastGood?.workspace);
  const said = input.incident.symptoms.map(({ message }) => message.slice(0, 6000));
  const sources: Sources = { message: [outcome.message, ...said].join("\n"), basis, workspace, lastGood };
  const renders = new Renders();
  const found =
    (await renamedReference(sources, renders)) ??
    // Before lines are taken out again: where only white space, quotes or a name is wrong with them, what they say is wanted.
    (await punctuate(sources, renders)) ??
    (await indentAdded(sources, renders)) ??
    (await putIntoQuotes(sources, renders)) ??
    (await retype(sources, renders)) ??
    (await relist(sources, renders)) ??
    (await joinKey(sources, renders)) ??
    (await newReference(sources, renders)) ??
    (await retarget(sources, renders)) ??
    (await replacementFollows(sources, renders)) ??
    (await asComponent(sources, renders)) ??
    (await followItem(sources, renders)) ??
    (await withdrawPatch(sources, renders)) ??
    (await onlyItem(sources, renders)) ??
    (await templateName(sources, renders)) ??
    (await closeBlock(sources, renders)) ??
    (await escapeVariable(sources, renders)) ??
    (await unmerged(sources, renders)) ??
    (await mendSlip(sources, renders)) ??
    (await moveLines(sources, renders)) ??
    (await spell(sources, renders)) ??
    (await valuesKey(sources, renders)) ??
    (await neededValue(sources, renders)) ??
    (await followedRead(sources, renders)) ??
    (await restore(sources, renders)) ??
    (await missedValue(sources, renders)) ??
    (await nearReference(sources, renders)) ??
    (await repairLayout(sources, renders));
  const repair = found && isPatchLeftBehind(found, sources.message) ? ((await takeOutPatch(sources, renders)) ?? found) : found;
  const fault = findFault(sources);
  return { basis, ...(fault ? { fault } : {}), ...(repair ? { repair } : {}) };
}
