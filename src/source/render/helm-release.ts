import type { HelmReleaseSettings, RenderSettings } from "../../cluster/delivery.ts";
import { type JsonObject, type KubeObject, listAt, objectAt, textAt } from "../../cluster/objects.ts";
import { repositoryPath } from "../../cluster/reading.ts";
import { refused } from "../refusal.ts";
import type { RenderOutcome, SourceRefusal } from "../workspace.ts";
import { type HelmParts, templateChart } from "./helm.ts";
import { chartDefaults } from "./helm-release-defaults.ts";
import { releaseValues } from "./helm-release-values.ts";
import { postRender } from "./post-render.ts";
import type { Renderers } from "./renderers.ts";

type Rendered = Extract<RenderOutcome, { kind: "rendered" }>;

export interface ReleaseParts extends Omit<HelmParts, "renderer"> {
  renderers: Renderers;
}

/** What the Kustomization makes, and what is rendered beside the Kustomization's own manifest: ConfigMaps of both may hold values. */
export interface ReleaseSurroundings {
  kustomization: Rendered;
  beside: readonly KubeObject[];
}

/** What helm-controller makes of a HelmRelease that a Kustomization renders: the chart's objects, with values from the rendered manifest. */
export async function renderHelmRelease(parts: ReleaseParts, { kustomization, beside }: ReleaseSurroundings, settings: RenderSettings): Promise<RenderOutcome> {
  const { helmRelease: own, capabilities } = settings;
  const release = own && kustomization.objects.find((object) => isRelease(object, own));
  if (!own || !release) return refused("object-not-rendered", `The source does not render HelmRelease ${own?.namespace}/${own?.name}`);
  const objects = [...kustomization.objects, ...beside];
  const chart = chartOf(release, objects, own);
  if ("kind" in chart) return chart;
  const values = releaseValues(release, objects, own.namespace);
  if (values.kind === "refused") return values;
  if (values.kind === "failed") return { ...values, inputs: kustomization.inputs };
  const defaults = await chartDefaults(parts.tree, chart.path, chart.spec);
  if (defaults?.kind === "failed") return { ...defaults, inputs: kustomization.inputs };
  const namespace = textAt(release, "spec", "targetNamespace") || own.namespace;
  const rendered = await templateChart(
    { ...parts, renderer: parts.renderers.helm },
    {
      chart: chart.path,
      release: releaseName(release, own.name),
      namespace,
      valueFiles: [],
      values: values.values,
      ...(defaults ? { defaults } : {}),
      capabilities,
      args: values.args,
    },
  );
  const processed =
    rendered.kind === "rendered" ? await postRender(parts.renderers.kustomize, parts.reader, rendered, listAt(release, "spec", "postRenderers")) : rendered;
  if (processed.kind === "refused") return processed;
  const inputs = [...new Set([...kustomization.inputs, ...processed.inputs])].sort();
  if (processed.kind === "failed") return { ...processed, inputs };
  return { ...processed, inputs, objects: processed.objects.map((object) => ({ ...object, metadata: { namespace, ...object.metadata } })) };
}

function isRelease(object: KubeObject, { name, namespace }: HelmReleaseSettings): boolean {
  return object.kind === "HelmRelease" && textAt(object, "metadata", "name") === name && ["", namespace].includes(textAt(object, "metadata", "namespace"));
}

/** Where the chart is, as the rendered manifest says it: a fix may change that. Which repository it is in was looked up in the cluster. */
function chartOf(release: KubeObject, objects: readonly KubeObject[], { chartPath }: HelmReleaseSettings): { path: string; spec: JsonObject } | SourceRefusal {
  const ref = objectAt(release, "spec", "chartRef");
  const named = objects.find((object) => object.kind === "HelmChart" && textAt(object, "metadata", "name") === textAt(ref, "name"));
  const spec = Object.keys(ref).length > 0 ? objectAt(named, "spec") : objectAt(release, "spec", "chart", "spec");
  const isGit = ["", "GitRepository"].includes(textAt(spec, "sourceRef", "kind"));
  if (!isGit) return refused("helm-repository", `The chart of HelmRelease ${textAt(release, "metadata", "name")} is not in a GitRepository`);
  const path = textAt(spec, "chart") === "" ? chartPath : repositoryPath(textAt(spec, "chart"));
  return { path, spec };
}

/** helm-controller's default: `targetNamespace-name`, shortened by a hash where that is too long for Helm (which then has no say here). */
function releaseName(release: KubeObject, name: string): string {
  const target = textAt(release, "spec", "targetNamespace");
  return textAt(release, "spec", "releaseName") || (target ? `${target}-${name}` : name);
}
