import { inFullForm } from "../cluster/field-shapes.ts";
import { type FieldChange, sameJson } from "../source/edit/field-path.ts";

/** Whether a shorthand that the API does not take is written in full (cluster/field-shapes.ts): nothing new is said. */
export function isFullForm({ path, before, after }: FieldChange): boolean {
  const full = before === undefined || before === null ? undefined : inFullForm(path, before, undefined);
  return full !== undefined && sameJson(full, after ?? null);
}
