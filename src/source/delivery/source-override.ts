import type { RenderSettings } from "../../cluster/delivery.ts";
import { isObject, type Json, type JsonObject } from "../../cluster/objects.ts";
import { parseYaml } from "../edit/yaml-documents.ts";
import type { RepositoryTree } from "../git/repository.ts";
import { indexOf } from "../git/repository-paths.ts";
import type { RenderOutcome } from "../workspace.ts";

type Failed = Extract<RenderOutcome, { kind: "failed" }>;

/**
 * `.argocd-source.yaml` and `.argocd-source-<application>.yaml` in the source's folder, merged over the Application's source as JSON merge patches (Argo CD docs,
 * "Parameter Overrides"). Repository, revision, path and chart cannot be overridden.
 */
export async function withOverrides(
  tree: RepositoryTree,
  folder: string,
  settings: RenderSettings,
): Promise<{ kind: "merged"; settings: RenderSettings; inputs: string[] } | Failed> {
  const { files } = indexOf(tree);
  const names = [".argocd-source.yaml", `.argocd-source-${settings.name ?? ""}.yaml`];
  const inputs = names.map((name) => (folder === "" ? name : `${folder}/${name}`)).filter((path) => files.has(path));
  const { helm, kustomize, ...rest } = settings;
  let source: JsonObject = { ...(helm ? { helm } : {}), ...(kustomize ? { kustomize } : {}) };
  for (const path of inputs) {
    const outcome = parseYaml((await tree.read(path)) ?? "");
    if (outcome.kind === "refused") return { kind: "failed", message: `${path}: ${outcome.message}`, inputs };
    source = merged(source, outcome.documents[0]?.value ?? {});
  }
  if (inputs.length === 0) return { kind: "merged", settings, inputs };
  const [ownHelm, ownKustomize] = [source.helm, source.kustomize];
  return {
    kind: "merged",
    inputs,
    settings: { ...rest, ...(isObject(ownHelm) ? { helm: ownHelm } : {}), ...(isObject(ownKustomize) ? { kustomize: ownKustomize } : {}) },
  };
}

/** RFC 7386 for two mappings: null removes, mappings merge, all else replaces. */
function merged(under: JsonObject, over: Json): JsonObject {
  const result = new Map(Object.entries(under));
  for (const [key, value] of Object.entries(isObject(over) ? over : {})) {
    const below = result.get(key);
    if (value === null) result.delete(key);
    else result.set(key, isObject(value) ? merged(isObject(below) ? below : {}, value) : value);
  }
  return Object.fromEntries(result);
}
