import { isObject, type JsonObject, listAt, objectAt, textAt } from "../../cluster/objects.ts";
import { parseYaml } from "../edit/yaml-documents.ts";
import { refused } from "../refusal.ts";
import { type HelmParts, templateChart } from "../render/helm.ts";
import type { GitSource, RenderOutcome } from "../workspace.ts";
import { buildEnvironment, expandEnvironment } from "./argo-environment.ts";
import { argoValueFiles, fileParameters } from "./argo-value-files.ts";

/** The fields of `spec.source.helm` (ApplicationSourceHelm); those that decide nothing of the result among them. */
const SUPPORTED = [
  "valueFiles",
  "values",
  "valuesObject",
  "parameters",
  "fileParameters",
  "releaseName",
  "namespace",
  "skipCrds",
  "skipTests",
  "skipSchemaValidation",
  "ignoreMissingValueFiles",
  "kubeVersion",
  "apiVersions",
  "version",
  "passCredentials",
];

/** `helm template` as Argo CD runs it: value files in order, then `valuesObject` or `values`, then `parameters`. */
export async function renderArgoHelm(parts: HelmParts, folder: string, source: GitSource): Promise<RenderOutcome> {
  const { settings } = source;
  const helm = settings.helm ?? {};
  const unknown = Object.keys(helm).filter((key) => !SUPPORTED.includes(key));
  if (unknown.length > 0) {
    const names = unknown.map((key) => `spec.source.helm.${key}`);
    return refused("unsupported-setting", `The delivery sets ${names.join(", ")}, which Kube AutoFix does not render yet`, names);
  }
  const environment = buildEnvironment(source, parts.tree.commit);
  const question = { tree: parts.tree, folder, settings, environment };
  const values = argoValueFiles(question, listAt(helm, "valueFiles").map(String));
  if (values.kind !== "found") return values;
  const fromFiles = fileParameters(question);
  if (fromFiles.kind === "refused") return fromFiles;
  const inline = inlineValues(helm);
  if (inline.kind === "failed") return { kind: "failed", message: inline.message, inputs: [] };
  const capabilities = settings.capabilities ?? { kubeVersion: "", apiVersions: [] };
  const kubeVersion = textAt(helm, "kubeVersion") || capabilities.kubeVersion;
  const apiVersions = listAt(helm, "apiVersions").length > 0 ? listAt(helm, "apiVersions").map(String) : capabilities.apiVersions;
  return templateChart(parts, {
    chart: folder,
    release: textAt(helm, "releaseName") || settings.name || "release-name",
    namespace: textAt(helm, "namespace") || settings.namespace || "default",
    valueFiles: values.paths,
    otherFiles: fromFiles.files.map(({ path }) => path),
    values: inline.value,
    capabilities: kubeVersion === "" && apiVersions.length === 0 ? undefined : { kubeVersion, apiVersions },
    args: [...switches(helm), ...parameters(helm, environment), ...fromFiles.files.map(({ name, path }) => `--set-file=${name}=${path}`)],
  });
}

function switches(helm: JsonObject): string[] {
  const asked = [
    ["skipTests", "--skip-tests"],
    ["skipSchemaValidation", "--skip-schema-validation"],
  ] as const;
  return [...(helm.skipCrds === true ? [] : ["--include-crds"]), ...asked.flatMap(([key, option]) => (helm[key] === true ? [option] : []))];
}

/** `valuesObject` replaces `values` where both are set. */
function inlineValues(helm: JsonObject): { kind: "read"; value: JsonObject | undefined } | { kind: "failed"; message: string } {
  if (isObject(helm.valuesObject)) return { kind: "read", value: helm.valuesObject };
  const outcome = parseYaml(textAt(helm, "values"));
  if (outcome.kind === "refused") return { kind: "failed", message: `spec.source.helm.values: ${outcome.message}` };
  const value = outcome.documents[0]?.value;
  return { kind: "read", value: isObject(value) ? value : undefined };
}

/** Commas separate values for helm; Argo CD escapes them, but not in `{a,b}`. */
function parameters(helm: JsonObject, environment: ReadonlyMap<string, string>): string[] {
  return listAt(helm, "parameters").map((parameter) => {
    const value = expandEnvironment(textAt(parameter, "value"), environment);
    const escaped = /^\{.*\}$/s.test(value) ? value : value.replaceAll(/(?<!\\),/g, "\\,");
    return `${objectAt(parameter).forceString === true ? "--set-string" : "--set"}=${textAt(parameter, "name")}=${escaped}`;
  });
}
