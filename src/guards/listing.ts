// A file that git has and that no kustomization lists: one line may bring it, where it brings nothing but the ConfigMap that the failing workload asks for.
import { type KubeObject, textAt } from "../cluster/objects.ts";
import { type FieldChange, sameJson } from "../source/edit/field-path.ts";
import { isKustomization } from "../source/input-documents.ts";
import type { OfferedDocument } from "../source/workspace.ts";
import type { GateInput } from "./gate.ts";
import { configMapsOf, findTarget, isOwnConfigMap } from "./target-match.ts";

/** One more file of its own folder at the end of a kustomization's resources. What that brings is judged on the rendered objects (blast-radius.ts). */
export function listingPermitted({ proposal }: GateInput, document: OfferedDocument, { path, before, after }: FieldChange): boolean {
  if (proposal.failureClass !== "config-missing" || !isKustomization(document) || path.length !== 1 || path[0] !== "resources") return false;
  if (!Array.isArray(before) || !Array.isArray(after) || !sameJson(after.slice(0, -1), before)) return false;
  const entry = after.at(-1);
  return typeof entry === "string" && /^\w[\w.-]{0,200}\.(?:ya?ml|json)$/.test(entry) && !before.includes(entry);
}

/** Whether an object that appears is the ConfigMap that the failing workload refers to, that was not rendered before, and that the cluster says is not there. */
export function isMissedMap({ proposal, target, rendered, evidence }: GateInput, object: KubeObject): boolean {
  const name = textAt(object, "metadata", "name");
  const isSaid = evidence.items.some(
    ({ kind, text }) => kind !== "log" && [`configmap "${name}" not found`, `configmap \\"${name}\\" not found`].some((words) => text.includes(words)),
  );
  return proposal.failureClass === "config-missing" && isSaid && isOwnConfigMap(object, target, configMapsOf(findTarget(rendered, target)));
}
