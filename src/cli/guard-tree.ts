import { isKubeObject, type KubeObject } from "../cluster/objects.ts";
import { AutofixError } from "../errors.ts";
import { openCheckout } from "../source/git/checkout.ts";
import { withFiles } from "../source/git/repository.ts";
import { isInside, joinPath } from "../source/git/repository-paths.ts";
import { type InputDocument, readInputs } from "../source/input-documents.ts";
import { openWorkspace } from "../source/open-workspace.ts";
import { ManifestReader } from "../source/render/manifests.ts";
import { findRenderers, type RendererSettings } from "../source/render/renderers.ts";
import type { FileChange, GitSource, OfferedDocument, RenderOutcome, Workspace } from "../source/workspace.ts";

/** A folder as the gate needs it: its documents, and what they become. */
export interface OfflineTree {
  workspace: Workspace;
  /** Everything that a fix may edit, in the order of files. */
  documents: OfferedDocument[];
  objects: KubeObject[];
  /** How the objects came about, in words. */
  rendering: string;
  renderWith(files: readonly FileChange[]): Promise<RenderOutcome>;
}

/** A folder on disk, rendered as a delivery of `path` in it would be. Where that cannot be, its documents are judged as they are. */
export async function openOffline(folder: string, path: string, renderers: RendererSettings): Promise<OfflineTree> {
  const repository = await openCheckout(folder);
  const commit = await repository.resolve("HEAD");
  if (!commit) throw new AutofixError("cli/usage", `${folder} has nothing to read.`);
  const tree = await repository.tree(commit);
  const workspace = openWorkspace({ tree, source: sourceAt(path), renderers: findRenderers(renderers) });
  const outcome = await workspace.render();
  const inputs = outcome.kind === "rendered" ? outcome.inputs : filesBelow(tree, path);
  const documents = offer(await workspace.documentsIn(inputs));
  if (outcome.kind === "rendered") {
    const rendering = "what Argo CD would make of this folder";
    return { workspace, documents, objects: outcome.objects, rendering, renderWith: (files) => workspace.renderWith(files) };
  }
  const asTheyAre = async (files: readonly FileChange[]): Promise<KubeObject[]> => {
    const changed = withFiles(tree, new Map(files.map((file) => [file.path, file.after])));
    return (await readInputs(changed, inputs, new ManifestReader())).flatMap(({ role, value }) => (role === "object" && isKubeObject(value) ? [value] : []));
  };
  return {
    workspace,
    documents,
    objects: await asTheyAre([]),
    rendering: `the documents as they are, since the folder cannot be rendered: ${outcome.message.slice(0, 300)}`,
    renderWith: async (files) => ({ kind: "rendered", objects: await asTheyAre(files), inputs }),
  };
}

function sourceAt(path: string): GitSource {
  const directory = { recurse: true, include: "", exclude: "" };
  return { kind: "git", url: "", branch: "HEAD", path, settings: { namespace: "", namespaceMode: "default", tool: "argocd", directory } };
}

function filesBelow(tree: Workspace["tree"], path: string): string[] {
  const folder = joinPath("", path) ?? "";
  return tree.files.map((file) => file.path).filter((file) => isInside(file, folder));
}

function offer(documents: readonly InputDocument[]): OfferedDocument[] {
  const open = documents.filter(({ secret }) => !secret);
  return open.map(({ file, index, role, text, value }, i) => ({ id: `D${i + 1}`, file, index, role, text, value }));
}
