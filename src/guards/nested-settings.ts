import type { FieldChange, FieldPath } from "../source/edit/field-path.ts";
import { samePath } from "../source/edit/field-path.ts";
import { parseYaml } from "../source/edit/yaml-documents.ts";
import type { Place } from "../source/workspace.ts";
import { droppedOperations, isOfOrder } from "./json-patch.ts";
import { leafChanges } from "./leaf-changes.ts";

/** Whether a text that holds YAML (Helm values, an inline patch) changes in nothing but places that probing found in it. */
export function nestedPermitted(
  places: readonly Place[],
  { path, before, after }: FieldChange,
  covers: (place: FieldPath, change: FieldChange) => boolean,
): boolean {
  const inside = places.flatMap(({ path: outer, within }) => (within && samePath(outer, path) ? [within] : []));
  if (inside.length === 0 || typeof before !== "string" || typeof after !== "string") return false;
  const [old, now] = [parseYaml(before), parseYaml(after)];
  if (old.kind === "refused" || now.kind === "refused" || old.documents.length !== 1 || now.documents.length !== 1) return false;
  const held = old.documents[0]?.value ?? null;
  const dropped = droppedOperations(held, now.documents[0]?.value);
  if (dropped) return dropped.every((i) => inside.some((place) => samePath(place, [i])));
  const changes = leafChanges(held, now.documents[0]?.value);
  if (changes.some((change) => isOfOrder(held, change))) return false;
  return changes.length > 0 && changes.every((change) => inside.some((place) => covers(place, change)));
}
