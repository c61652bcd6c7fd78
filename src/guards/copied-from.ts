import { textAt } from "../cluster/objects.ts";
import { type FieldChange, samePath } from "../source/edit/field-path.ts";
import type { OfferedDocument } from "../source/workspace.ts";
import type { GateInput } from "./gate.ts";

/**
 * The key of a ConfigMap from which a field that the class permits is copied (kustomize `replacements:` and `vars:`), as probing found. Its value is judged where it
 * is copied to, and where the ConfigMap itself is rendered.
 */
export function isCopiedFrom({ permitted }: GateInput, document: OfferedDocument, { path, after }: FieldChange): boolean {
  const isKey = textAt(document.value, "kind") === "ConfigMap" && path.length === 2 && path[0] === "data" && typeof after === "string";
  return isKey && permitted.some((place) => place.file === document.file && place.document === document.index && !place.within && samePath(place.path, path));
}
