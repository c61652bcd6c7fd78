import { type JsonObject, listAt, objectAt, textAt } from "../../cluster/objects.ts";
import { repositoryPath } from "../../cluster/reading.ts";
import { parseYaml } from "../edit/yaml-documents.ts";
import type { RepositoryTree } from "../git/repository.ts";
import { joinPath } from "../git/repository-paths.ts";
import { mergeValues } from "./merge-values.ts";

/**
 * What source-controller packs as the chart's values.yaml where `valuesFiles` are named (HelmChart docs, "Values files"): these files merged, relative to the root of
 * the repository; the chart's own values.yaml counts only if it is one of them. Undefined where none are named.
 */
export async function chartDefaults(
  tree: RepositoryTree,
  chart: string,
  spec: JsonObject,
): Promise<{ kind: "merged"; text: string; files: string[] } | { kind: "failed"; message: string } | undefined> {
  const named = [...listAt(spec, "valuesFiles").map(String), textAt(spec, "valuesFile")].filter((name) => name !== "");
  if (named.length === 0) return undefined;
  let merged: JsonObject = {};
  const files: string[] = [];
  for (const name of named) {
    // A bare `values.yaml` is the chart's.
    const path = name === "values.yaml" ? joinPath(chart, name) : joinPath("", repositoryPath(name));
    const text = path === undefined ? undefined : await tree.read(path);
    if (path === undefined || text === undefined) {
      if (spec.ignoreMissingValuesFiles === true) continue;
      return { kind: "failed", message: `no values file found at path '${name}'` };
    }
    const outcome = parseYaml(text);
    if (outcome.kind === "refused") return { kind: "failed", message: `${path}: ${outcome.message}` };
    merged = mergeValues(merged, objectAt(outcome.documents[0]?.value));
    files.push(path);
  }
  return { kind: "merged", text: JSON.stringify(merged), files };
}
