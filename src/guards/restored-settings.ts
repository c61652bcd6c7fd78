import { isObject, type Json, textAt } from "../cluster/objects.ts";
import { type FieldChange, getIn } from "../source/edit/field-path.ts";
import type { OfferedDocument } from "../source/workspace.ts";
import type { GateInput } from "./gate.ts";
import { namesToken } from "./nearness.ts";

/**
 * A key that is missing from values has no place that probing could find. It may come back with the very value that git shows was taken away, beside keys
 * that are still there; what that does to the rendered objects is judged like everything else, against the base or the last good revision.
 */
export function isRestoredSetting(input: GateInput, document: OfferedDocument, { path, before, after }: FieldChange): boolean {
  const key = path.at(-1);
  if (before !== undefined || typeof key !== "string" || after === undefined || after === null || typeof after === "object") return false;
  if (!isInValues(document.value, path) || (input.lastGood ?? []).length === 0) return false;
  return input.evidence.items.some(
    ({ kind, text }) =>
      kind === "git-diff" && text.split("\n").some((line) => line.startsWith("-") && namesToken(line, key) && namesToken(line, String(after))),
  );
}

/** In a values file (which has no kind), or below `spec.values` of a HelmRelease; the mapping around the key exists, or the one around that. */
function isInValues(value: Json, path: FieldChange["path"]): boolean {
  const isRelease = textAt(value, "kind") === "HelmRelease" && textAt(value, "apiVersion").startsWith("helm.toolkit.fluxcd.io/");
  const isValues = isObject(value) && value.kind === undefined && value.apiVersion === undefined;
  if (!isValues && !(isRelease && path[0] === "spec" && path[1] === "values")) return false;
  return [1, 2].some((up) => path.length >= up && isObject(getIn(value, path.slice(0, -up))));
}
