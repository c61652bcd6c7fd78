import { isObject, type Json, textAt } from "../cluster/objects.ts";
import { type FieldChange, formatPath, sameJson } from "../source/edit/field-path.ts";
import { joinPath } from "../source/git/repository-paths.ts";
import { isKustomization } from "../source/input-documents.ts";
import type { OfferedDocument } from "../source/workspace.ts";
import { permittedFields } from "./class-paths.ts";
import type { GateInput } from "./gate.ts";
import { findTarget } from "./target-match.ts";

/**
 * What an overlay needs in order to decide a field of a base that others share: its kustomization.yaml may name a new patch (which is judged as a document of its
 * own), or give the image an entry in `images` where the failure class permits the image. What that does is judged on the rendered objects.
 */
export function overlayPermitted(input: GateInput, document: OfferedDocument, change: FieldChange): boolean {
  if (!isKustomization(document) || !/^(?:kustomize\.config\.k8s\.io\/|$)/.test(textAt(document.value, "apiVersion"))) return false;
  // Kustomize takes a kustomization.yaml without a kind for one.
  if (!["", "Kustomization"].includes(textAt(document.value, "kind"))) return false;
  return addsPatch(input.offered, document, change) || addsImage(input, change);
}

function addsPatch(offered: readonly OfferedDocument[], { file }: OfferedDocument, { path, before, after }: FieldChange): boolean {
  const [key, position] = path;
  if (key !== "patches" || path.length > 2) return false;
  const [old, now] = path.length === 1 ? [before ?? [], after ?? []] : [[], [after ?? null]];
  if (!Array.isArray(old) || !Array.isArray(now) || (path.length === 2 && (typeof position !== "number" || before !== undefined))) return false;
  const kept = now.slice(0, old.length);
  return sameJson(kept, old) && now.length > old.length && now.slice(old.length).every((entry) => namesNewPatch(offered, file, entry));
}

function namesNewPatch(offered: readonly OfferedDocument[], kustomization: string, entry: Json): boolean {
  if (!isObject(entry) || Object.keys(entry).length !== 1) return false;
  const folder = kustomization.slice(0, Math.max(0, kustomization.lastIndexOf("/")));
  const file = joinPath(folder, textAt(entry, "path"));
  return offered.some((document) => document.isNew === true && document.role === "patch" && document.file === file);
}

function addsImage({ proposal, rendered, target }: GateInput, { path, before, after }: FieldChange): boolean {
  const [key, entry, part] = path;
  if (key !== "images" || typeof entry !== "object" || entry.key !== "name" || path.length !== 3 || before !== undefined || typeof after !== "string")
    return false;
  if (part === "name" ? after !== entry.value : part !== "newTag" && part !== "digest") return false;
  const failing = findTarget(rendered, target);
  const fields = failing ? permittedFields(proposal.failureClass, failing, proposal.target.container) : [];
  return fields.some((field) => formatPath(field).endsWith(".image"));
}
