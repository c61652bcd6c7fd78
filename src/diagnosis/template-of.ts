import type { ObjectRef } from "../cluster/objects.ts";
import { templateFileOf } from "../source/plan/template-file.ts";
import type { Workspace } from "../source/workspace.ts";

/** The template of the repository's own chart that makes an object, with its text; undefined where no template does, or one of a chart that came from elsewhere. */
export async function templateOf(workspace: Workspace, object: ObjectRef): Promise<{ path: string; text: string } | undefined> {
  const outcome = await workspace.render();
  const chart = outcome.kind === "rendered" ? outcome.chart : undefined;
  const template = chart && templateFileOf(chart, object);
  const text = template && !template.isForeign ? await workspace.tree.read(template.file) : undefined;
  return template && text !== undefined ? { path: template.file, text } : undefined;
}
