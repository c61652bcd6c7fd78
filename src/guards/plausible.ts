// Plausible: the fix changes something, was not tried before, and every value in it has a ground (plausible-values.ts). Judged on the corrected
// documents, and once more on what they render to, where values files and overlays show their true effect.
import { groupOf, textAt } from "../cluster/objects.ts";
import type { ComparedDocument, Comparison } from "./compare.ts";
import type { GateInput } from "./gate.ts";
import { type Grounds, groundsFor } from "./grounds.ts";
import { plausibleValues } from "./plausible-values.ts";
import type { ChangedObject } from "./rendered-diff.ts";
import { type GuardFinding, type GuardResult, refused } from "./report.ts";

/** @param isTried whether exactly these edits were merged before and did not heal */
export function plausible(comparison: Comparison, objects: readonly Grounds[], isTried: boolean): GuardResult {
  const findings: GuardFinding[] = [];
  if (comparison.edits.length === 0) findings.push(refused("plausible", "no-op", "Nothing is left of the proposal that would change anything."));
  if (isTried) findings.push(alreadyTried());
  return { findings: [...findings, ...objects.flatMap((one) => plausibleValues(one))] };
}

export function alreadyTried(): GuardFinding {
  return refused("plausible", "already-tried", "The same change was merged before and did not heal.");
}

/** A manifest's (or patch's) changes as those of the object that it decides; empty for settings, which are judged by what they render to. */
export function valuesOf(input: GateInput, { offered, isTarget, kept, final }: ComparedDocument): Grounds[] {
  if (offered.role === "settings" || kept.length === 0) return [];
  const ref = isTarget
    ? input.target
    : {
        group: groupOf(textAt(offered.value, "apiVersion")),
        kind: textAt(offered.value, "kind"),
        namespace: input.target.namespace,
        name: textAt(offered.value, "metadata", "name"),
      };
  return [groundsFor(input, ref, { before: offered.value, after: final, changes: kept })];
}

export function renderedValues(input: GateInput, { ref, before, after, changes }: ChangedObject): GuardFinding[] {
  return before && after ? plausibleValues(groundsFor(input, ref, { before, after, changes })) : [];
}
