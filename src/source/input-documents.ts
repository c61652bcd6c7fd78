import { groupOf, isKubeObject, isObject, type Json, listAt, type ObjectRef, textAt } from "../cluster/objects.ts";
import type { ManifestReader } from "./manifests.ts";
import type { RepositoryTree } from "./repository.ts";
import { folderOf, joinPath, KUSTOMIZATION_NAMES, nameOf } from "./repository-paths.ts";
import type { DocumentRole } from "./workspace.ts";

/** One document of a file that the renderer read. */
export interface InputDocument {
  file: string;
  index: number;
  role: DocumentRole;
  text: string;
  value: Json;
  /** Holds secret values, plain or sealed: never edited, never shown. */
  secret: boolean;
}

/** The documents of these files that can be parsed; chart templates and other text are no documents. */
export async function readInputs(tree: RepositoryTree, inputs: readonly string[], reader: ManifestReader): Promise<InputDocument[]> {
  const documents: InputDocument[] = [];
  for (const file of inputs) {
    if (!/\.(?:ya?ml|json)$|(?:^|\/)Kustomization$/.test(file)) continue;
    const text = await tree.read(file);
    const outcome = text === undefined ? undefined : reader.parse(text);
    if (text === undefined || outcome?.kind !== "parsed") continue;
    for (const { index, value, start, end } of outcome.documents) {
      if (value === null) continue;
      documents.push({
        file,
        index,
        role: isObjectDocument(file, value) ? "object" : "settings",
        text: text.slice(start, end),
        value,
        secret: isSecret(value),
      });
    }
  }
  const patches = new Set(documents.filter(isKustomization).flatMap(patchFiles));
  return documents.map((document) => (document.role === "object" && patches.has(document.file) ? { ...document, role: "patch" } : document));
}

/** A HelmRelease counts as settings: what it decides is the chart's objects. */
function isObjectDocument(file: string, value: Json): boolean {
  return isKubeObject(value) && value.kind !== "HelmRelease" && !KUSTOMIZATION_NAMES.includes(nameOf(file));
}

export function isKustomization({ file }: { file: string }): boolean {
  return KUSTOMIZATION_NAMES.includes(nameOf(file));
}

function patchFiles({ file, value }: InputDocument): string[] {
  const named = ["patches", "patchesJson6902"].flatMap((key) => listAt(value, key)).map((patch) => textAt(patch, "path"));
  const listed = listAt(value, "patchesStrategicMerge").map((patch) => (typeof patch === "string" && !patch.includes("\n") ? patch : ""));
  return [...named, ...listed].flatMap((path) => (path === "" ? [] : [joinPath(folderOf(file), path) ?? ""]));
}

/** Secrets, sealed or encrypted secrets, and kustomizations that hold secret literals. */
function isSecret(value: Json): boolean {
  if (!isObject(value)) return false;
  if (["Secret", "SealedSecret"].includes(textAt(value, "kind")) || isObject(value.sops)) return true;
  return listAt(value, "secretGenerator").some((generator) => listAt(generator, "literals").length > 0);
}

/** Whether a manifest or patch may be this rendered object before names were prefixed, suffixed or hashed. */
export function isAbout({ role, value }: InputDocument, object: ObjectRef): boolean {
  if (role === "settings" || textAt(value, "kind") !== object.kind || groupOf(textAt(value, "apiVersion")) !== object.group) return false;
  const name = textAt(value, "metadata", "name");
  return name !== "" && object.name.includes(name);
}
