import type { HelmReleaseSettings } from "../cluster/delivery.ts";
import { isObject, type Json, type JsonObject, type KubeObject, listAt, objectAt, textAt } from "../cluster/objects.ts";
import { type HelmParts, refusedHelm, templateChart } from "./helm.ts";
import type { RenderOutcome, SourceRefusal } from "./workspace.ts";
import { parseYaml } from "./yaml-documents.ts";

type Rendered = Extract<RenderOutcome, { kind: "rendered" }>;

/** What helm-controller makes of a HelmRelease that a Kustomization renders: the chart's objects, with values from the rendered manifest. */
export async function renderHelmRelease(parts: HelmParts, kustomization: Rendered, settings: HelmReleaseSettings): Promise<RenderOutcome> {
  const release = kustomization.objects.find(
    (object) =>
      object.kind === "HelmRelease" &&
      textAt(object, "metadata", "name") === settings.name &&
      ["", settings.namespace].includes(textAt(object, "metadata", "namespace")),
  );
  if (!release) return refusedHelm("object-not-rendered", `The source does not render HelmRelease ${settings.namespace}/${settings.name}`, []);
  const unsupported = unsupportedFields(release);
  if (unsupported) return unsupported;
  const values = mergedValues(release, kustomization.objects, settings.namespace);
  if (values.kind !== "merged") return values.kind === "failed" ? { ...values, inputs: kustomization.inputs } : values;
  const target = textAt(release, "spec", "targetNamespace");
  const rendered = await templateChart(parts, {
    chart: settings.chartPath,
    release: textAt(release, "spec", "releaseName") || (target ? `${target}-${settings.name}` : settings.name),
    namespace: target || settings.namespace,
    valueFiles: [],
    values: values.values,
    args: [],
  });
  if (rendered.kind === "refused") return rendered;
  const inputs = [...new Set([...kustomization.inputs, ...rendered.inputs])].sort();
  if (rendered.kind === "failed") return { ...rendered, inputs };
  return {
    ...rendered,
    inputs,
    objects: rendered.objects.map((object) => ({ ...object, metadata: { namespace: target || settings.namespace, ...object.metadata } })),
  };
}

function unsupportedFields(release: KubeObject): SourceRefusal | undefined {
  const found = [
    ...(listAt(release, "spec", "postRenderers").length > 0 ? ["spec.postRenderers"] : []),
    ...(listAt(release, "spec", "chart", "spec", "valuesFiles").length > 0 ? ["spec.chart.spec.valuesFiles"] : []),
    ...(listAt(release, "spec", "valuesFrom").some((from) => textAt(from, "targetPath") !== "") ? ["spec.valuesFrom[].targetPath"] : []),
  ];
  if (found.length === 0) return undefined;
  return refusedHelm("unsupported-setting", `The HelmRelease sets ${found.join(", ")}, which Kube AutoFix does not render yet`, found);
}

type Values = { kind: "merged"; values: JsonObject } | { kind: "failed"; message: string } | SourceRefusal;

/** `valuesFrom` in order, then `values`; the later wins. */
function mergedValues(release: KubeObject, objects: readonly KubeObject[], namespace: string): Values {
  let merged: JsonObject = {};
  for (const from of listAt(release, "spec", "valuesFrom")) {
    const [kind, name] = [textAt(from, "kind"), textAt(from, "name")];
    if (kind === "Secret") return refusedHelm("secret-data", `The HelmRelease takes values from Secret ${name}, which Kube AutoFix does not read`, [name]);
    const found = objects.find((object) => object.kind === "ConfigMap" && textAt(object, "metadata", "name") === name);
    const text = textAt(objectAt(found, "data"), textAt(from, "valuesKey") || "values.yaml");
    const isOptional = objectAt(from).optional === true;
    if (!found && !isOptional) return { kind: "failed", message: `could not find ConfigMap '${namespace}/${name}'` };
    const outcome = parseYaml(text);
    if (outcome.kind === "refused") return { kind: "failed", message: `ConfigMap ${name}: ${outcome.message}` };
    merged = merge(merged, objectAt(outcome.documents[0]?.value));
  }
  return { kind: "merged", values: merge(merged, objectAt(release, "spec", "values")) };
}

function merge(under: JsonObject, over: JsonObject): JsonObject {
  const merged: { [key: string]: Json } = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = Object.hasOwn(merged, key) ? merged[key] : undefined;
    merged[key] = isObject(value) && isObject(below) ? merge(below, value) : value;
  }
  return merged;
}
