import { type JsonObject, listAt, textAt } from "../cluster/objects.ts";
import type { ManifestReader } from "./manifests.ts";
import { MISSING_HELM, type Renderer } from "./renderers.ts";
import type { RepositoryTree } from "./repository.ts";
import { indexOf, isInside, joinPath } from "./repository-paths.ts";
import { runRenderer } from "./run-renderer.ts";
import type { RenderOutcome, SourceRefusal } from "./workspace.ts";
import { parseYaml } from "./yaml-documents.ts";

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
  /** Values over those of the files. */
  values: JsonObject | undefined;
  /** More arguments, such as `--set` and what follows it. */
  args: readonly string[];
}

/** A file of ours in the scratch folder; no repository has such a name. */
const INLINE = ".kube-autofix-values.json";

/** Runs `helm template` over a chart of the repository. */
export async function templateChart({ tree, renderer, reader }: HelmParts, template: HelmTemplate): Promise<RenderOutcome> {
  const chart = await chartFiles(tree, template.chart);
  if ("kind" in chart) return chart;
  const files = new Map<string, string>();
  for (const path of [...chart, ...template.valueFiles]) {
    const text = await tree.read(path);
    if (text !== undefined) files.set(path, text);
  }
  const inputs = [...files.keys()].sort();
  if (template.values) files.set(INLINE, JSON.stringify(template.values));
  if (!renderer) return refusedHelm("renderer-missing", MISSING_HELM, []);
  const values = [...template.valueFiles, ...(template.values ? [INLINE] : [])].flatMap((path) => ["--values", path]);
  const args = ["template", template.release, `./${template.chart}`, "--namespace", template.namespace, ...values, ...template.args];
  const outcome = await runRenderer(renderer, args, files);
  if (outcome.kind === "exceeded") return refusedHelm("too-large", outcome.message, []);
  if (outcome.kind === "failed") return { kind: "failed", message: outcome.message, inputs };
  const objects = reader.output(outcome.text);
  return objects.kind === "invalid" ? { kind: "failed", message: objects.message, inputs } : { kind: "rendered", objects: objects.objects, inputs };
}

export function refusedHelm(code: SourceRefusal["code"], message: string, candidates: string[]): SourceRefusal {
  return { kind: "refused", code, message, candidates };
}

async function chartFiles(tree: RepositoryTree, folder: string): Promise<string[] | SourceRefusal> {
  const inside = tree.files.filter((file) => isInside(file.path, folder));
  const link = inside.find(({ mode }) => mode === "symlink" || mode === "submodule");
  if (link) return refusedHelm("unsupported-layout", `${link.path} is a symlink or a submodule, which Kube AutoFix does not follow`, [link.path]);
  const archive = inside.find(({ path }) => path.endsWith(".tgz"));
  if (archive)
    return refusedHelm("unsupported-layout", `${archive.path} is a packed chart, which Kube AutoFix does not read: vendor it unpacked`, [archive.path]);
  const text = await tree.read(folder === "" ? "Chart.yaml" : `${folder}/Chart.yaml`);
  const outcome = text === undefined ? undefined : parseYaml(text);
  const dependencies = outcome?.kind === "parsed" ? listAt(outcome.documents[0]?.value, "dependencies") : [];
  const { folders } = indexOf(tree);
  const absent = dependencies.map((item) => textAt(item, "name")).filter((name) => !folders.has(joinPath(folder, `charts/${name}`) ?? ""));
  if (absent.length > 0)
    return refusedHelm("helm-repository", `The chart depends on ${absent.join(", ")}, which is not vendored under ${folder}/charts`, absent);
  return inside.map(({ path }) => path);
}
