import { isKubeObject, isObject, type Json, type JsonObject, type KubeObject, listAt, objectAt, textAt } from "../cluster/objects.ts";
import { matchesPath } from "./glob.ts";
import type { RepositoryTree } from "./repository.ts";
import { folderOf, indexOf, nameOf } from "./repository-paths.ts";
import { fillTemplate, type Parameters, Undecidable } from "./set-template.ts";
import { parseYaml } from "./yaml-documents.ts";

export type Generated = { kind: "generated"; applications: KubeObject[]; inputs: string[] } | { kind: "undecidable"; why: string };

/** Whether a repository and branch are the ones of the tree. */
type IsThisTree = (url: string, branch: string) => boolean;

/** Most Applications of one set that are followed. */
const MAX_APPLICATIONS = 2000;
const TEMPLATE_FIELDS = ["metadata", "spec"];
const GIT_FIELDS = ["repoURL", "revision", "directories", "files", "requeueAfterSeconds"];

/**
 * What an ApplicationSet generates (Argo CD docs, "Generators"): list and git generators and a matrix of two of them, templates with plain parameters. Anything that
 * would need the cluster or a template language is undecidable, never guessed.
 */
export async function generateApplications(tree: RepositoryTree, set: KubeObject, isThisTree: IsThisTree): Promise<Generated> {
  try {
    const { spec } = { spec: objectAt(set, "spec") };
    if (spec.templatePatch !== undefined) throw new Undecidable("it uses spec.templatePatch");
    const go = spec.goTemplate === true;
    const inputs = new Set<string>();
    const applications: KubeObject[] = [];
    for (const generator of listAt(spec, "generators")) {
      for (const parameters of await parametersOf({ tree, go, isThisTree, inputs }, objectAt(generator))) {
        if (applications.length >= MAX_APPLICATIONS) throw new Undecidable(`it generates more than ${MAX_APPLICATIONS} Applications`);
        const made = fillTemplate(templateOf(set), parameters, go);
        const application: Json = { apiVersion: "argoproj.io/v1alpha1", kind: "Application", ...objectAt(made) };
        if (isKubeObject(application)) applications.push(withNamespace(application, textAt(set, "metadata", "namespace")));
      }
    }
    return { kind: "generated", applications, inputs: [...inputs] };
  } catch (thrown) {
    if (thrown instanceof Undecidable) return { kind: "undecidable", why: thrown.message };
    throw thrown;
  }
}

function templateOf(set: KubeObject): JsonObject {
  const template = objectAt(set, "spec", "template");
  return Object.fromEntries(TEMPLATE_FIELDS.map((key): [string, Json] => [key, objectAt(template, key)]));
}

function withNamespace(application: KubeObject, namespace: string): KubeObject {
  return { ...application, metadata: { ...(namespace === "" ? {} : { namespace }), ...application.metadata } };
}

interface Scope {
  tree: RepositoryTree;
  go: boolean;
  isThisTree: IsThisTree;
  inputs: Set<string>;
}

async function parametersOf(scope: Scope, generator: JsonObject): Promise<Parameters[]> {
  const [kind = "", ...more] = Object.keys(generator);
  if (more.length > 0) throw new Undecidable(`a generator has ${more.join(", ")} beside ${kind}`);
  const settings = objectAt(generator, kind);
  if (kind === "list") return listParameters(settings, scope.go);
  if (kind === "git") return gitParameters(scope, settings);
  if (kind === "matrix") return matrixParameters(scope, settings);
  throw new Undecidable(`its ${kind || "empty"} generator is not followed`);
}

function listParameters(settings: JsonObject, go: boolean): Parameters[] {
  const odd = Object.keys(settings).filter((key) => key !== "elements");
  if (odd.length > 0) throw new Undecidable(`its list generator sets ${odd.join(", ")}`);
  return listAt(settings, "elements").map((element) => (go ? objectAt(element) : flat(objectAt(element))));
}

async function matrixParameters(scope: Scope, settings: JsonObject): Promise<Parameters[]> {
  const [first, second, ...more] = listAt(settings, "generators").map((generator) => objectAt(generator));
  if (!first || !second || more.length > 0 || Object.keys(settings).length > 1) throw new Undecidable("its matrix is not one of two plain generators");
  if (JSON.stringify(second).includes("{{")) throw new Undecidable("its matrix's second generator depends on the first");
  const [left, right] = [await parametersOf(scope, first), await parametersOf(scope, second)];
  return left.flatMap((one) => right.map((other) => ({ ...one, ...other })));
}

async function gitParameters(scope: Scope, settings: JsonObject): Promise<Parameters[]> {
  const odd = Object.keys(settings).filter((key) => !GIT_FIELDS.includes(key));
  if (odd.length > 0) throw new Undecidable(`its git generator sets ${odd.join(", ")}`);
  if (!scope.isThisTree(textAt(settings, "repoURL"), textAt(settings, "revision"))) {
    throw new Undecidable(`its git generator reads ${textAt(settings, "repoURL")}, another repository or branch`);
  }
  const directories = listAt(settings, "directories");
  return directories.length > 0 ? directoryParameters(scope, directories) : fileParameters(scope, listAt(settings, "files"));
}

function directoryParameters({ tree, go }: Scope, directories: readonly Json[]): Parameters[] {
  const [excluded, included] = [true, false].map((exclude) =>
    directories.filter((entry) => (objectAt(entry).exclude === true) === exclude).map((entry) => textAt(entry, "path")),
  );
  const matches = (folder: string, globs: readonly string[] = []) => globs.some((glob) => matchesPath(folder, glob));
  const folders = [...indexOf(tree).folders].filter((folder) => folder !== "" && matches(folder, included) && !matches(folder, excluded));
  return folders.sort().map((folder) => pathParameters(folder, go));
}

async function fileParameters({ tree, go, inputs }: Scope, files: readonly Json[]): Promise<Parameters[]> {
  const globs = files.map((entry) => textAt(entry, "path"));
  const found = tree.files.filter(({ path }) => globs.some((glob) => matchesPath(path, glob))).sort((a, b) => (a.path < b.path ? -1 : 1));
  const all: Parameters[] = [];
  for (const { path } of found.slice(0, MAX_APPLICATIONS)) {
    const outcome = parseYaml((await tree.read(path)) ?? "");
    if (outcome.kind === "refused") throw new Undecidable(`${path} cannot be read: ${outcome.message}`);
    inputs.add(path);
    const value = outcome.documents[0]?.value ?? null;
    for (const element of Array.isArray(value) ? value : [value]) {
      const own = go ? objectAt(element) : flat(objectAt(element));
      all.push({ ...own, ...pathParameters(folderOf(path), go, nameOf(path)) });
    }
  }
  return all;
}

/** The parameters that the git generator adds (Argo CD docs, "Git Generator"). */
function pathParameters(folder: string, go: boolean, filename?: string): Parameters {
  const basename = nameOf(folder);
  const segments = folder.split("/");
  const plain = {
    path: folder,
    basename,
    basenameNormalized: normalized(basename),
    ...(filename ? { filename, filenameNormalized: normalized(filename) } : {}),
  };
  if (go) return { path: { ...plain, segments } };
  const { path, ...rest } = plain;
  const named = Object.entries(rest).map(([key, value]): [string, Json] => [`path.${key}`, value]);
  return Object.fromEntries([["path", path] as [string, Json], ...named, ...segments.map((segment, i): [string, Json] => [`path[${i}]`, segment])]);
}

function normalized(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9-.]/g, "-")
    .slice(0, 253);
}

/** Without Go templates nested keys are written with dots. */
function flat(value: JsonObject, prefix = ""): Parameters {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]): [string, Json][] =>
      isObject(item) ? Object.entries(flat(item, `${prefix}${key}.`)) : [[prefix + key, item]],
    ),
  );
}
