import { at, isKubeObject, isObject, type Json, type JsonObject, type KubeObject, listAt, objectAt, textAt } from "../../cluster/objects.ts";
import { parseYaml } from "../edit/yaml-documents.ts";
import { matchesPath } from "../git/glob.ts";
import type { RepositoryTree } from "../git/repository.ts";
import { folderOf, indexOf, nameOf } from "../git/repository-paths.ts";
import { mergeValues } from "../render/merge-values.ts";
import { normalized } from "./go-expression.ts";
import { fillTemplate, type Parameters, Undecidable } from "./set-template.ts";

export type Generated = { kind: "generated"; applications: KubeObject[]; inputs: string[] } | { kind: "undecidable"; why: string };

/** Whether a repository and branch are the ones of the tree. */
type IsThisTree = (url: string, branch: string) => boolean;

/** Most Applications of one set that are followed. */
const MAX_APPLICATIONS = 2000;
const TEMPLATE_FIELDS = ["metadata", "spec"];
const GIT_FIELDS = ["repoURL", "revision", "directories", "files", "requeueAfterSeconds", "values", "pathParamPrefix"];

/**
 * What an ApplicationSet generates (Argo CD docs, "Generators"): list and git generators, a matrix of two or a merge of several of them, templates with plain
 * parameters. Anything that would need the cluster or more of a template language is undecidable, never guessed.
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
  if (kind === "merge") return mergeParameters(scope, settings);
  throw new Undecidable(`its ${kind || "empty"} generator is not followed`);
}

function listParameters(settings: JsonObject, go: boolean): Parameters[] {
  const odd = Object.keys(settings).filter((key) => key !== "elements");
  if (odd.length > 0) throw new Undecidable(`its list generator sets ${odd.join(", ")}`);
  return listAt(settings, "elements").map((element) => (go ? objectAt(element) : flat(objectAt(element))));
}

/** The second generator may use the parameters of the first. */
async function matrixParameters(scope: Scope, settings: JsonObject): Promise<Parameters[]> {
  const [first, second, ...more] = listAt(settings, "generators").map((generator) => objectAt(generator));
  if (!first || !second || more.length > 0 || Object.keys(settings).length > 1) throw new Undecidable("its matrix is not one of two plain generators");
  const all: Parameters[] = [];
  for (const one of await parametersOf(scope, first)) {
    const filled = JSON.stringify(second).includes("{{") ? objectAt(fillTemplate(second, one, scope.go)) : second;
    for (const other of await parametersOf(scope, filled)) all.push({ ...one, ...other });
    if (all.length > MAX_APPLICATIONS) throw new Undecidable(`it generates more than ${MAX_APPLICATIONS} Applications`);
  }
  return all;
}

/** The first generator's sets of parameters, each with what later generators have for the same keys on top (Argo CD docs, "Merge Generator"). */
async function mergeParameters(scope: Scope, settings: JsonObject): Promise<Parameters[]> {
  const odd = Object.keys(settings).filter((key) => key !== "generators" && key !== "mergeKeys");
  if (odd.length > 0) throw new Undecidable(`its merge generator sets ${odd.join(", ")}`);
  const keys = listAt(settings, "mergeKeys").map(String);
  const keyOf = (parameters: Parameters) => JSON.stringify(keys.map((key) => at(parameters, ...(scope.go ? key.split(".") : [key])) ?? null));
  const [first, ...others] = listAt(settings, "generators").map((generator) => objectAt(generator));
  if (!first || keys.length === 0) throw new Undecidable("its merge generator names no generators or no mergeKeys");
  const merged = new Map((await parametersOf(scope, first)).map((parameters) => [keyOf(parameters), parameters]));
  for (const other of others) {
    for (const parameters of await parametersOf(scope, other)) {
      const below = merged.get(keyOf(parameters));
      if (below) merged.set(keyOf(parameters), scope.go ? mergeValues(below, parameters) : { ...below, ...parameters });
    }
  }
  return [...merged.values()];
}

async function gitParameters(scope: Scope, settings: JsonObject): Promise<Parameters[]> {
  const odd = Object.keys(settings).filter((key) => !GIT_FIELDS.includes(key));
  if (odd.length > 0) throw new Undecidable(`its git generator sets ${odd.join(", ")}`);
  if (!scope.isThisTree(textAt(settings, "repoURL"), textAt(settings, "revision"))) {
    throw new Undecidable(`its git generator reads ${textAt(settings, "repoURL")}, another repository or branch`);
  }
  const directories = listAt(settings, "directories");
  const found = directories.length > 0 ? directoryParameters(scope, settings, directories) : await fileParameters(scope, settings);
  return found.map((parameters) => withValues(parameters, objectAt(settings, "values"), scope.go));
}

/** `values` of a generator: further parameters, which may use those of the generator. */
function withValues(parameters: Parameters, values: JsonObject, go: boolean): Parameters {
  const filled = Object.entries(values).map(([key, value]): [string, Json] => [key, fillTemplate(value, parameters, go)]);
  if (filled.length === 0) return parameters;
  return go
    ? { ...parameters, values: Object.fromEntries(filled) }
    : { ...parameters, ...Object.fromEntries(filled.map(([key, value]) => [`values.${key}`, value])) };
}

function directoryParameters({ tree, go }: Scope, settings: JsonObject, directories: readonly Json[]): Parameters[] {
  const [excluded, included] = [true, false].map((exclude) =>
    directories.filter((entry) => (objectAt(entry).exclude === true) === exclude).map((entry) => textAt(entry, "path")),
  );
  const matches = (folder: string, globs: readonly string[] = []) => globs.some((glob) => matchesPath(folder, glob));
  const folders = [...indexOf(tree).folders].filter((folder) => folder !== "" && matches(folder, included) && !matches(folder, excluded));
  return folders.sort().map((folder) => pathParameters(folder, go, settings));
}

async function fileParameters({ tree, go, inputs }: Scope, settings: JsonObject): Promise<Parameters[]> {
  const files = listAt(settings, "files");
  const [excluded, included] = [true, false].map((exclude) =>
    files.filter((entry) => (objectAt(entry).exclude === true) === exclude).map((entry) => textAt(entry, "path")),
  );
  const matches = (path: string, globs: readonly string[] = []) => globs.some((glob) => matchesPath(path, glob));
  const found = tree.files.filter(({ path }) => matches(path, included) && !matches(path, excluded)).sort((a, b) => (a.path < b.path ? -1 : 1));
  const all: Parameters[] = [];
  for (const { path } of found.slice(0, MAX_APPLICATIONS)) {
    const outcome = parseYaml((await tree.read(path)) ?? "");
    if (outcome.kind === "refused") throw new Undecidable(`${path} cannot be read: ${outcome.message}`);
    inputs.add(path);
    const value = outcome.documents[0]?.value ?? null;
    for (const element of Array.isArray(value) ? value : [value]) {
      const own = go ? objectAt(element) : flat(objectAt(element));
      all.push({ ...own, ...pathParameters(folderOf(path), go, settings, nameOf(path)) });
    }
  }
  return all;
}

/** The parameters that the git generator adds (Argo CD docs, "Git Generator"), below `pathParamPrefix` where one is given. */
function pathParameters(folder: string, go: boolean, settings: JsonObject, filename?: string): Parameters {
  const prefix = textAt(settings, "pathParamPrefix");
  const basename = nameOf(folder);
  const segments = folder.split("/");
  const plain = {
    path: folder,
    basename,
    basenameNormalized: normalized(basename),
    ...(filename ? { filename, filenameNormalized: normalized(filename) } : {}),
  };
  if (go) return prefix === "" ? { path: { ...plain, segments } } : { [prefix]: { path: { ...plain, segments } } };
  const under = prefix === "" ? "" : `${prefix}.`;
  const { path, ...rest } = plain;
  const named = Object.entries(rest).map(([key, value]): [string, Json] => [`${under}path.${key}`, value]);
  return Object.fromEntries([
    [`${under}path`, path] as [string, Json],
    ...named,
    ...segments.map((segment, i): [string, Json] => [`${under}path[${i}]`, segment]),
  ]);
}

/** Without Go templates nested keys are written with dots. */
function flat(value: JsonObject, prefix = ""): Parameters {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]): [string, Json][] =>
      isObject(item) ? Object.entries(flat(item, `${prefix}${key}.`)) : [[prefix + key, item]],
    ),
  );
}
