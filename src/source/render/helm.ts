import type { Capabilities } from "../../cluster/delivery.ts";
import type { JsonObject } from "../../cluster/objects.ts";
import type { RepositoryTree } from "../git/repository.ts";
import { refused } from "../refusal.ts";
import type { RenderOutcome } from "../workspace.ts";
import { readChart } from "./chart-files.ts";
import type { ManifestReader } from "./manifests.ts";
import { renderOnce } from "./render-once.ts";
import { MISSING_HELM, type Renderer } from "./renderers.ts";

export interface HelmParts {
  tree: RepositoryTree;
  renderer: Renderer | undefined;
  reader: ManifestReader;
}

export interface HelmTemplate {
  /** The chart's folder in the repository. */
  chart: string;
  release: string;
  namespace: string;
  /** Value files in the repository, the last one wins. */
  valueFiles: readonly string[];
  /** Files in the repository that are read besides: those of `--set-file`. */
  otherFiles?: readonly string[];
  /** Values over those of the files. */
  values: JsonObject | undefined;
  /** Stands in for the chart's own values.yaml: text that `defaultFiles` gave. */
  defaults?: { text: string; files: readonly string[] };
  /** What the cluster can do, for charts that ask. */
  capabilities: Capabilities | undefined;
  /** More arguments, such as `--set` and what follows it. */
  args: readonly string[];
}

/** A file of ours in the scratch folder; no repository has such a name. */
const INLINE = ".kube-autofix-values.json";

/** Runs `helm template` over a chart of the repository. */
export async function templateChart({ tree, renderer, reader }: HelmParts, template: HelmTemplate): Promise<RenderOutcome> {
  const chart = await readChart(tree, template.chart);
  if ("kind" in chart) return chart;
  const places = new Map([...chart.files, ...[...template.valueFiles, ...(template.otherFiles ?? [])].map((path): [string, string] => [path, path])]);
  const files = new Map<string, string | Uint8Array>();
  const inputs = new Set<string>(template.defaults?.files);
  const ownDefaults = template.chart === "" ? "values.yaml" : `${template.chart}/values.yaml`;
  if (template.defaults) places.delete(ownDefaults);
  for (const [place, path] of places) {
    const content = await tree.bytes(path);
    if (content === undefined) continue;
    files.set(place, content);
    inputs.add(path);
  }
  if (template.defaults) files.set(ownDefaults, template.defaults.text);
  if (template.values) files.set(INLINE, JSON.stringify(template.values));
  if (!renderer) return refused("renderer-missing", MISSING_HELM);
  const outcome = await renderOnce(renderer, argumentsOf(template), files);
  if (outcome.kind === "exceeded") return refused("too-large", outcome.message);
  const read = [...inputs].sort();
  if (outcome.kind === "failed") return { kind: "failed", message: outcome.message, inputs: read };
  const printed = reader.output(outcome.text);
  if (printed.kind === "invalid") return { kind: "failed", message: printed.message, inputs: read };
  const { chart: folder, valueFiles } = template;
  return { kind: "rendered", objects: printed.objects, inputs: read, chart: { folder, ...chart, valueFiles, templates: printed.sources } };
}

/** `--name=value` throughout: what a repository names is never taken for an option. */
function argumentsOf({ chart, release, namespace, valueFiles, values, capabilities, args }: HelmTemplate): string[] {
  const files = [...valueFiles, ...(values ? [INLINE] : [])].map((path) => `--values=${path}`);
  const cluster = capabilities ? [`--kube-version=${capabilities.kubeVersion}`, ...capabilities.apiVersions.map((version) => `--api-versions=${version}`)] : [];
  return ["template", `--namespace=${namespace}`, ...files, ...cluster, ...args, "--", release, `./${chart}`];
}
