import type { FieldChange } from "../../../source/edit/field-path.ts";
import { variableOf } from "../blame/named-change.ts";
import { withoutUnit } from "./units.ts";

/**
 * Of other variables those that got the same slip in the same commit, where one is blamed for it: they were bare numbers, and have the unit in the value now that their
 * name has already. The program names the first that it reads.
 */
export function unitsAlong(changed: readonly FieldChange[], blamed: readonly FieldChange[]): FieldChange[] {
  return blamed.some(hasGotUnit) ? changed.filter((change) => !blamed.includes(change) && hasGotUnit(change)) : [];
}

function hasGotUnit({ path, before, after }: FieldChange): boolean {
  const name = variableOf(path);
  return name !== undefined && typeof after === "string" && /^\d+$/.test(String(before)) && withoutUnit(name, after) !== undefined;
}
