import { groupOf, isKubeObject, isObject, type Json, listAt, type ObjectRef, textAt } from "../cluster/objects.ts";
import { AutofixError } from "../errors.ts";
import { isYamlFile, type TextFormat, textAsYaml, textValue } from "./edit/plain-text.ts";
import type { RepositoryTree } from "./git/repository.ts";
import { folderOf, isInside, isInTemplates, isKustomizationFile, joinPath, nameOf } from "./git/repository-paths.ts";
import type { ManifestReader } from "./render/manifests.ts";
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
  /** The file is no YAML: `text` and `value` are what it stands for. */
  format?: TextFormat;
}

/**
 * The documents of these files that can be parsed, and what generators and templates make ConfigMaps of; chart templates and other text are no documents, and no
 * value is searched in what a chart is called.
 */
export async function readInputs(tree: RepositoryTree, inputs: readonly string[], reader: ManifestReader): Promise<InputDocument[]> {
  const documents: InputDocument[] = [];
  for (const file of inputs.filter((path) => isYamlFile(path) && nameOf(path) !== "Chart.yaml")) {
    const text = await tree.read(file);
    const outcome = text === undefined ? undefined : reader.parse(text);
    if (text === undefined || outcome?.kind !== "parsed") continue;
    for (const { index, value, start, end } of outcome.documents) {
      if (value === null) continue;
      const role = isObjectDocument(file, value) ? "object" : "settings";
      documents.push({ file, index, role, text: text.slice(start, end), value, secret: isSecret(value) });
    }
  }
  const kustomizations = documents.filter(isKustomization);
  const patches = new Set(kustomizations.flatMap(patchFiles));
  const secrets = new Set(kustomizations.flatMap((document) => generatorFiles(document, "secretGenerator").map(({ file }) => file)));
  const known = documents.map(
    (document): InputDocument => ({
      ...document,
      role: document.role === "object" && patches.has(document.file) ? "patch" : document.role,
      secret: document.secret || secrets.has(document.file),
    }),
  );
  return [...known, ...(await textDocuments(tree, kustomizations, inputs, secrets)), ...(await chartTexts(tree, inputs))];
}

const MOST_TEXTS = 40;
const LARGEST_TEXT = 100_000;

/** The files beside a chart's templates that are no YAML, which templates can write out by `.Files` (https://helm.sh/docs/chart_template_guide/accessing_files/). */
async function chartTexts(tree: RepositoryTree, inputs: readonly string[]): Promise<InputDocument[]> {
  const charts = inputs.filter((path) => nameOf(path) === "Chart.yaml").map(folderOf);
  const isText = (path: string) => !isYamlFile(path) && !isInTemplates(path) && !/\.(?:tgz|prov|lock|md)$|(?:^|\/)\.helmignore$/.test(path);
  const paths = new Set(inputs.filter((path) => isText(path) && charts.some((folder) => isInside(path, folder))));
  const files = tree.files.filter(({ path, size }) => paths.has(path) && size < LARGEST_TEXT).slice(0, MOST_TEXTS);
  const found: InputDocument[] = [];
  for (const { path: file } of files) {
    const text = await readable(tree, file);
    if (text === undefined) continue;
    const value = textValue(file, text, "text");
    found.push({ file, index: 0, role: "settings", text: textAsYaml(value), value, secret: false, format: "text" });
  }
  return found;
}

/** The files of ConfigMap generators that are no YAML. What a Secret is made of as well is left out. */
async function textDocuments(
  tree: RepositoryTree,
  kustomizations: readonly InputDocument[],
  inputs: readonly string[],
  secrets: ReadonlySet<string>,
): Promise<InputDocument[]> {
  const formats = new Map(kustomizations.flatMap((document) => generatorFiles(document, "configMapGenerator").map(({ file, format }) => [file, format])));
  const found: InputDocument[] = [];
  for (const [file, format] of formats) {
    if (isYamlFile(file) || secrets.has(file) || !inputs.includes(file)) continue;
    const text = await readable(tree, file);
    if (text === undefined) continue;
    const value = textValue(file, text, format);
    found.push({ file, index: 0, role: "settings", text: textAsYaml(value), value, secret: false, format });
  }
  return found;
}

/** Undefined for what is no text: a generator may be given pictures. */
async function readable(tree: RepositoryTree, file: string): Promise<string | undefined> {
  try {
    return await tree.read(file);
  } catch (thrown) {
    if (thrown instanceof AutofixError && thrown.code === "source/not-text") return undefined;
    throw thrown;
  }
}

function generatorFiles({ file, value }: InputDocument, generator: "configMapGenerator" | "secretGenerator"): { file: string; format: TextFormat }[] {
  const resolve = (path: string, format: TextFormat) => {
    const joined = joinPath(folderOf(file), path);
    return joined === undefined || path === "" ? [] : [{ file: joined, format }];
  };
  return listAt(value, generator).flatMap((entry) => [
    ...[...listAt(entry, "envs").map(String), textAt(entry, "env")].flatMap((path) => resolve(path, "pairs")),
    ...listAt(entry, "files").flatMap((named) => resolve(String(named).replace(/^[^=/]+=/, ""), "text")),
  ]);
}

/** A HelmRelease counts as settings: what it decides is the chart's objects. */
function isObjectDocument(file: string, value: Json): boolean {
  return isKubeObject(value) && value.kind !== "HelmRelease" && !isKustomizationFile(file);
}

export function isKustomization({ file }: { file: string }): boolean {
  return isKustomizationFile(file);
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
export function isAbout(document: InputDocument, object: ObjectRef): boolean {
  const name = textAt(document.value, "metadata", "name");
  return isOfKind(document, object) && name !== "" && object.name.includes(name);
}

/** Whether a document or patch is of an object of this kind, whatever its name. */
export function isOfKind({ role, value }: InputDocument, object: ObjectRef): boolean {
  return role !== "settings" && textAt(value, "kind") === object.kind && groupOf(textAt(value, "apiVersion")) === object.group;
}
