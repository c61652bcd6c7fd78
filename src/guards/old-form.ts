import { objectAt } from "../cluster/objects.ts";
import type { FieldChange } from "../source/edit/field-path.ts";
import { oldForm } from "../source/meant/old-form.ts";
import type { Grounds } from "./grounds.ts";

/**
 * Whether a key comes back into a ConfigMap with what the map holds today in another form: as variables, as a file, or under another key (source/meant/old-form.ts). Only
 * the form is that of the last good revision.
 */
export function isInOldForm({ before: map, lastGood }: Grounds, { path, before, after }: FieldChange): boolean {
  const [field, key, ...more] = path;
  if (before !== undefined || field !== "data" || typeof key !== "string" || more.length > 0) return false;
  const [then, now] = [objectAt(lastGood, "data"), objectAt(map, "data")];
  return Object.keys(then).some((gone) => {
    const come = oldForm(then, now, gone)?.come ?? {};
    return Object.hasOwn(come, key) && come[key] === after;
  });
}
