import type { FieldChange } from "../../../source/edit/field-path.ts";

/** Items of one list that went as a whole, each a change by itself, come back as one list. */
export function asWholeList(changes: readonly FieldChange[], list: string): FieldChange[] {
  const [first] = changes;
  if (first?.path.at(-1) !== list) return [...changes];
  return [{ ...first, before: changes.flatMap(({ before }) => (Array.isArray(before) ? before : [])) }];
}
