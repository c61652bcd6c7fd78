import type { RenderSettings } from "../cluster/delivery.ts";
import { isObject, type JsonObject, listAt, objectAt, textAt } from "../cluster/objects.ts";
import { type HelmParts, refusedHelm, templateChart } from "./helm.ts";
import type { RepositoryTree } from "./repository.ts";
import { indexOf, joinPath } from "./repository-paths.ts";
import type { RenderOutcome, SourceRefusal } from "./workspace.ts";
import { parseYaml } from "./yaml-documents.ts";

const SUPPORTED = [
  "valueFiles",
  "values",
  "valuesObject",
  "parameters",
  "releaseName",
  "namespace",
  "skipCrds",
  "ignoreMissingValueFiles",
  "version",
  "passCredentials",
];

/** `helm template` as Argo CD runs it: value files in order, then `valuesObject` or `values`, then `parameters`. */
export async function renderArgoHelm(parts: HelmParts, folder: string, settings: RenderSettings): Promise<RenderOutcome> {
  const helm = settings.helm ?? {};
  const unknown = Object.keys(helm).filter((key) => !SUPPORTED.includes(key));
  if (unknown.length > 0) {
    const names = unknown.map((key) => `spec.source.helm.${key}`);
    return refusedHelm("unsupported-setting", `The delivery sets ${names.join(", ")}, which Kube AutoFix does not render yet`, names);
  }
  const values = valueFiles(parts.tree, folder, settings);
  if ("kind" in values) return values;
  const inline = inlineValues(helm);
  if (inline.kind === "failed") return { kind: "failed", message: inline.message, inputs: [] };
  return templateChart(parts, {
    chart: folder,
    release: textAt(helm, "releaseName") || settings.name || "release-name",
    namespace: textAt(helm, "namespace") || settings.namespace || "default",
    valueFiles: values.paths,
    values: inline.value,
    args: [...(helm.skipCrds === true ? [] : ["--include-crds"]), ...parameters(helm)],
  });
}

function valueFiles(tree: RepositoryTree, folder: string, { helm = {}, refs = {} }: RenderSettings): { paths: string[] } | SourceRefusal {
  const { files } = indexOf(tree);
  const paths: string[] = [];
  for (const item of listAt(helm, "valueFiles")) {
    const name = typeof item === "string" ? item : "";
    const found = pathOf(name, folder, refs);
    if (typeof found !== "string") return found;
    if (files.has(found) || helm.ignoreMissingValueFiles !== true) paths.push(found);
  }
  return { paths };
}

/** A value file's path in the repository: relative to the chart, from the root (`/`), or from the root of another source (`$ref/`). */
function pathOf(name: string, folder: string, refs: NonNullable<RenderSettings["refs"]>): string | SourceRefusal {
  if (/:\/\//.test(name)) {
    return refusedHelm("value-file-elsewhere", `The value file ${name} is fetched from a URL: change it there, or move it into the repository`, [name]);
  }
  if (/[*?[{]/.test(name)) {
    const message = `The value file ${name} is a pattern, whose order Kube AutoFix does not follow: name the files one by one, or fix this failure by hand`;
    return refusedHelm("value-file-pattern", message, [name]);
  }
  const [, ref, rest = ""] = /^\$(\w[\w-]*)\/(.*)$/.exec(name) ?? [];
  if (ref !== undefined) {
    const lender = Object.hasOwn(refs, ref) ? refs[ref] : undefined;
    if (lender !== true) {
      const where = lender === undefined ? `no source has ref ${ref}` : `it is in ${lender.replace(/\/\/[^/@]*@/, "//")}`;
      return refusedHelm("value-file-elsewhere", `The value file ${name} is outside this repository and branch (${where}): change it there`, [name]);
    }
  }
  if (name.includes("$ARGOCD_"))
    return refusedHelm("unsupported-setting", `The value file ${name} depends on the build environment: name the file itself`, [name]);
  const path = ref === undefined ? joinPath(name.startsWith("/") ? "" : folder, name) : joinPath("", rest);
  return path ?? refusedHelm("unsupported-setting", `The value file ${name} lies outside the repository: move it into it`, [name]);
}

/** `valuesObject` replaces `values` where both are set. */
function inlineValues(helm: JsonObject): { kind: "read"; value: JsonObject | undefined } | { kind: "failed"; message: string } {
  if (isObject(helm.valuesObject)) return { kind: "read", value: helm.valuesObject };
  const outcome = parseYaml(textAt(helm, "values"));
  if (outcome.kind === "refused") return { kind: "failed", message: `spec.source.helm.values: ${outcome.message}` };
  const value = outcome.documents[0]?.value;
  return { kind: "read", value: isObject(value) ? value : undefined };
}

function parameters(helm: JsonObject): string[] {
  return listAt(helm, "parameters").flatMap((parameter) => {
    const flag = objectAt(parameter).forceString === true ? "--set-string" : "--set";
    return [flag, `${textAt(parameter, "name")}=${textAt(parameter, "value").replaceAll(/(?<!\\),/g, "\\,")}`];
  });
}
