// What decides a field may not be for this delivery alone to change: others read the file, or the chart came from elsewhere.

import type { DocumentEdit, FileChange, ObjectChange } from "../workspace.ts";
import { overlayEdits } from "./overlay-patch.ts";
import { inOwnLayers } from "./own-layer.ts";
import { type PlanOutcome, type PlanParts, planChanges, proveEdits } from "./planner.ts";

type Planned = Extract<PlanOutcome, { kind: "planned" }>;

/** What of a plan is for this delivery to change. */
export interface Permissions {
  mayChange(files: readonly FileChange[]): Promise<boolean>;
  isOutside(edits: readonly DocumentEdit[]): boolean;
}

/**
 * The same changes by places that are this delivery's own: others that decide as well, among them values that nothing gives yet; the very values that decide, given
 * by a layer of its own; and where a base is shared its overlay.
 */
export async function planInstead(
  parts: PlanParts,
  changes: readonly ObjectChange[],
  planned: Planned,
  permissions: Permissions,
): Promise<readonly DocumentEdit[] | undefined> {
  const elsewhere = await planChanges(parts, changes, (files) => permissions.mayChange(files));
  if (elsewhere.kind === "planned" && !permissions.isOutside(elsewhere.edits)) return elsewhere.edits;
  const foreign = new Set<string>();
  for (const file of planned.files) if (!(await permissions.mayChange([file]))) foreign.add(file.path);
  return firstProven(parts, changes, [...inOwnLayers(parts, planned.edits, (file) => foreign.has(file)), ...overlayEdits(parts, changes)], permissions);
}

/** The same changes by a patch of the overlay's for these objects alone, where what decides them decides others as well (a patch of every Deployment). */
export function ownPatch(parts: PlanParts, changes: readonly ObjectChange[], permissions: Permissions): Promise<readonly DocumentEdit[] | undefined> {
  return firstProven(parts, changes, overlayEdits(parts, changes), permissions);
}

async function firstProven(
  parts: PlanParts,
  changes: readonly ObjectChange[],
  ways: readonly DocumentEdit[][],
  permissions: Permissions,
): Promise<readonly DocumentEdit[] | undefined> {
  for (const edits of ways) {
    const files = permissions.isOutside(edits) ? undefined : await proveEdits(parts, changes, edits);
    if (files && (await permissions.mayChange(files))) return edits;
  }
  return undefined;
}
