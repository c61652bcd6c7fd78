import { type JsonObject, type KubeObject, listAt, objectAt, textAt } from "../../cluster/objects.ts";
import { refused } from "../refusal.ts";
import type { SourceRefusal } from "../workspace.ts";
import { type SubstitutionOutcome, substitute } from "./substitution.ts";

/**
 * Flux `spec.postBuild`: variables of `substituteFrom` in order, then `substitute`, which wins. ConfigMaps are looked for among what this source renders and what
 * is rendered beside the Kustomization's own manifest.
 */
export function substituteAll(objects: readonly KubeObject[], flux: JsonObject, beside: readonly KubeObject[]): SubstitutionOutcome | SourceRefusal {
  const variables = new Map<string, string>();
  for (const from of listAt(flux, "postBuild", "substituteFrom")) {
    const [kind, name] = [textAt(from, "kind"), textAt(from, "name")];
    const isOptional = objectAt(from).optional === true;
    if (kind === "Secret") return secret(name);
    const found = [...objects, ...beside].find((object) => object.kind === "ConfigMap" && textAt(object, "metadata", "name") === name);
    if (!found && !isOptional) return unknown(kind, name);
    for (const [key, value] of Object.entries(objectAt(found, "data"))) variables.set(key, String(value));
  }
  for (const [key, value] of Object.entries(objectAt(flux, "postBuild", "substitute"))) variables.set(key, String(value));
  return substitute(objects, variables);
}

function secret(name: string): SourceRefusal {
  const message = `spec.postBuild.substituteFrom takes variables from Secret ${name}, which Kube AutoFix does not read: move what is not secret to a ConfigMap, or fix this failure by hand`;
  return refused("secret-data", message, [`spec.postBuild.substituteFrom: ${name}`]);
}

function unknown(kind: string, name: string): SourceRefusal {
  const message = `spec.postBuild.substituteFrom takes variables from ${kind} ${name}, which is neither in this source nor beside the Kustomization's manifest in the same repository: put it there, or fix this failure by hand`;
  return refused("variables-unknown", message, [`spec.postBuild.substituteFrom: ${name}`]);
}
