import { type KubeObject, refOf, textAt } from "../cluster/objects.ts";
import { tryEditFiles } from "../source/edit/document-edits.ts";
import { isKustomization } from "../source/input-documents.ts";
import { differences } from "../source/plan/differences.ts";
import { listingsOf } from "../source/slips/unlisted.ts";
import type { DiagnosisInput } from "./diagnosis.ts";
import { configMapIn, renderedNow } from "./history.ts";
import { referencesOf } from "./playbook/references/references.ts";

/** A ConfigMap that the failing workload needs, and that one line of a kustomization would bring. */
export interface Unlisted {
  /** As it would be rendered. */
  object: KubeObject;
  kustomization: string;
  entry: string;
}

/** ConfigMaps that are asked for, that are nowhere, and that a file in git writes out which nothing lists: where listing it brings just that, and nothing else. */
export async function lookForUnlisted(input: Pick<DiagnosisInput, "incident" | "observation" | "workspace" | "rendered">): Promise<Unlisted[]> {
  const { incident, observation, workspace, rendered } = input;
  const now = renderedNow(input, incident.target);
  const { namespace } = incident.target;
  const isThere = (name: string) => [rendered, observation.surroundings].some((objects) => configMapIn(objects, namespace, name));
  const needed = now ? referencesOf(now).filter(({ kind, name, optional }) => kind === "ConfigMap" && !optional && !isThere(name)) : [];
  if (needed.length === 0) return [];
  const outcome = await workspace.render();
  const documents = outcome.kind === "rendered" ? await workspace.documentsIn(outcome.inputs.filter((file) => isKustomization({ file }))) : [];
  const found: Unlisted[] = [];
  for (const name of new Set(needed.map((reference) => reference.name))) {
    const [edit, ...more] = await listingsOf(workspace.tree, documents, name);
    if (!edit || more.length > 0) continue;
    const edited = await tryEditFiles(workspace.tree, [edit]);
    const after = edited.kind === "edited" ? await workspace.renderWith(edited.files) : undefined;
    if (after?.kind !== "rendered") continue;
    const [added, ...others] = differences(rendered, after.objects).values();
    const object = after.objects.find((one) => one.kind === "ConfigMap" && textAt(one, "metadata", "name") === name);
    const isOnly = added && others.length === 0 && added.path.length === 0 && added.is === undefined;
    if (isOnly && object && refOf(object).name === added.object.name) found.push({ object, kustomization: edit.file, entry: String(edit.value) });
  }
  return found;
}
