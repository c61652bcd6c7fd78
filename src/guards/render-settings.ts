import { type Json, textAt } from "../cluster/objects.ts";
import type { FieldChange } from "../source/edit/field-path.ts";
import type { OfferedDocument } from "../source/workspace.ts";
import type { GateInput } from "./gate.ts";
import { isNearName, namesToken } from "./nearness.ts";
import { matchesPattern, pathPattern } from "./path-pattern.ts";

/** Where a kustomization.yaml names files (Kustomize: resources, components, patches, generators). */
const FILE_NAMES = [
  "resources[*]",
  "components[*]",
  "patches[*].path",
  "patchesStrategicMerge[*]",
  "configMapGenerator[*].files[*]",
  "configMapGenerator[*].envs[*]",
].map((text) => pathPattern(text));

/**
 * Nothing can be probed while a tree does not render. Then a kustomization.yaml may differ in one thing: a file name that the error itself
 * names becomes a near name inside of the repository. Whether the file exists shows when the result is rendered.
 */
export function renderSettingPermitted(input: GateInput, document: OfferedDocument, change: FieldChange): boolean {
  if (input.proposal.failureClass !== "render-failed" || textAt(document.value, "kind") !== "Kustomization") return false;
  if (!textAt(document.value, "apiVersion").startsWith("kustomize.config.k8s.io/") || !FILE_NAMES.some((pattern) => matchesPattern(pattern, change.path)))
    return false;
  return isFileName(change.before) && isFileName(change.after) && namedByError(input, change.before) && isNearFile(change.before, change.after);
}

function isFileName(value: Json | undefined): value is string {
  return typeof value === "string" && /^(\.\.?\/)*[\w-][\w./-]{0,200}$/.test(value);
}

function namedByError({ evidence }: GateInput, file: string): boolean {
  return evidence.items.some(({ kind, text }) => (kind === "render-error" || kind === "delivery") && namesToken(text, file.replace(/^(\.\.?\/)+/, "")));
}

function isNearFile(before: string, after: string): boolean {
  const stem = (file: string) => (file.split("/").at(-1) ?? "").replace(/\.ya?ml$/, "");
  const [a, b] = [stem(before), stem(after)];
  return (
    before.split("/").slice(0, -1).join("/") === after.split("/").slice(0, -1).join("/") && (isNearName(a, b) || isAbbreviation(a, b) || isAbbreviation(b, a))
  );
}

/** `svc` for `service`: the letters of one appear in the other in order, beginning alike. */
function isAbbreviation(short: string, long: string): boolean {
  let at = 0;
  for (const letter of short) {
    at = long.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return short[0] === long[0];
}
