// Plausible: the fix changes something, was not tried before, and every value in it has a ground (plausible/values.ts). Judged on the corrected
// documents, and once more on what they render to, where values files and overlays show their true effect.
import { type FieldChange, sameJson } from "../source/edit/field-path.ts";
import { withDefaults } from "../source/render/substitution.ts";
import type { ComparedDocument, Comparison } from "./compare.ts";
import { isCopiedFrom } from "./copied-from.ts";
import type { GateInput } from "./gate.ts";
import { type Grounds, groundsFor, isFromHistory } from "./grounds.ts";
import { isNewInPatch } from "./new-in-patch.ts";
import { isOfGoneItem } from "./patch-orders.ts";
import { plausibleValues } from "./plausible/values.ts";
import type { ChangedObject } from "./rendered-diff.ts";
import { type GuardFinding, type GuardResult, refused } from "./report.ts";
import { refOfDocument } from "./target-match.ts";

/** @param isTried whether exactly these edits were merged before and did not heal */
export function plausible(input: GateInput, { documents, edits }: Comparison, isTried: boolean): GuardResult {
  const findings = isTried ? [alreadyTried()] : [];
  if (edits.length === 0) findings.push(refused("plausible", "no-op", "Nothing is left of the proposal that would change anything."));
  return { findings: [...findings, ...documents.flatMap((document) => valuesOf(input, document)).flatMap(plausibleValues)] };
}

/** The same on rendered objects. */
export function plausibleChange(input: GateInput, changed: readonly ChangedObject[], isTried: boolean): GuardResult {
  const grounds = changed.flatMap(({ ref, before, after, changes }) => (before && after ? [groundsFor(input, ref, { before, after, changes })] : []));
  return { findings: [...(isTried ? [alreadyTried()] : []), ...grounds.flatMap(plausibleValues)] };
}

/** Whether every change of a manifest or patch puts back what the last good revision had. What a patch orders to go only the rendered objects tell. */
export function areFromHistory(input: GateInput, { documents }: Comparison): boolean {
  if (documents.some(({ kept, final }) => kept.some((change) => isOfGoneItem(final, change)))) return false;
  const objects = documents.flatMap((document) => valuesOf(input, document));
  return objects.length > 0 && objects.every((one) => one.changes.every((change) => isFromHistory(one, change)));
}

function alreadyTried(): GuardFinding {
  return refused("plausible", "already-tried", "The same change was merged before and did not heal.");
}

/** A manifest's (or patch's) changes as those of the object that it decides; empty for settings, which are judged by what they render to. */
function valuesOf(input: GateInput, { offered, isTarget, kept, final }: ComparedDocument): Grounds[] {
  if (offered.role === "settings" || kept.length === 0) return [];
  const object = isTarget ? input.target : refOfDocument(offered, input.target.namespace);
  const isJudgedLater = (change: FieldChange) => isNewInPatch(input, offered, change) || (!isTarget && isCopiedFrom(input, offered, change));
  // Flux fills in variables later; what that makes of them is judged on the rendered objects.
  const judged = kept.filter((change) => !isOrderGone(change) && !isOfGoneItem(final, change) && !isJudgedLater(change));
  const changes = judged.map(({ path, before, after }) => ({ path, before: before && withDefaults(before), after: after && withDefaults(after) }));
  return [groundsFor(input, object, { before: withDefaults(offered.value), after: withDefaults(final), changes, isDocument: true })];
}

/** A patch without its order to replace a list: what comes back by it shows, and is judged, in the rendered objects. */
function isOrderGone({ before, after }: FieldChange): boolean {
  if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length + 1) return false;
  return sameJson(
    before.filter((item) => !sameJson(item, { $patch: "replace" })),
    after,
  );
}
