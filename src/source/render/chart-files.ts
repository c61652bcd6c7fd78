import { type Json, listAt, textAt } from "../../cluster/objects.ts";
import { parseYaml } from "../edit/yaml-documents.ts";
import { behindLink } from "../git/links.ts";
import type { RepositoryTree } from "../git/repository.ts";
import { folderOf, indexOf, isInside, joinPath, nameOf } from "../git/repository-paths.ts";
import { refused } from "../refusal.ts";
import type { SourceRefusal } from "../workspace.ts";

/** What helm reads of a chart. */
export interface ChartFiles {
  /** Under which path helm looks for a file, and where that is in the repository. They differ for charts that are depended on as `file://`. */
  files: ReadonlyMap<string, string>;
  /** Folders in the repository of charts that came from elsewhere: the next `helm dependency update` overwrites what is edited there. */
  vendored: readonly string[];
}

/** One entry of `dependencies` in Chart.yaml (or of requirements.yaml, as charts of Helm 2 have it). */
export interface ChartDependency {
  name: string;
  /** Under which key the parent gives it values. */
  alias: string;
  repository: string;
}

/** What every chart is made of (Helm docs, "The Chart File Structure"); other files are read only through `.Files`. */
const STANDARD = /^(?:Chart\.(?:yaml|lock)|requirements\.(?:yaml|lock)|values\.yaml|values\.schema\.json|\.helmignore|(?:templates|charts|crds)\/.*)$/;
const MAX_FILES = 5000;
const MAX_DEPTH = 5;

/**
 * The files of a chart and of the charts that it depends on: vendored below `charts/`, or beside it in the repository (`file://`), which Argo CD and Flux copy
 * there as `helm dependency build` does. Anything that would have to be fetched is refused.
 */
export async function readChart(tree: RepositoryTree, folder: string): Promise<ChartFiles | SourceRefusal> {
  const collection = { tree, files: new Map<string, string>(), vendored: [] };
  return (await collect(collection, folder, folder, 0)) ?? collection;
}

interface Collection {
  tree: RepositoryTree;
  files: Map<string, string>;
  vendored: string[];
}

/** Adds the chart in `folder` as if it were at `place`. */
async function collect(collection: Collection, folder: string, place: string, depth: number): Promise<SourceRefusal | undefined> {
  const { tree, files } = collection;
  const link = tree.files.find((file) => isInside(file.path, folder) && (file.mode === "symlink" || file.mode === "submodule"));
  if (link) return behindLink(tree, link.path);
  const own = await filesOf(tree, folder);
  for (const relative of own) files.set(under(place, relative), under(folder, relative));
  if (files.size > MAX_FILES) return refused("too-large", `The chart ${folder || "."} has more than ${MAX_FILES} files`, [folder]);
  const present = await chartsBelow(tree, folder);
  const absent: ChartDependency[] = [];
  for (const dependency of await dependenciesOf(tree, folder)) {
    const there = present.get(dependency.name);
    if (there !== undefined && /^(?:https?:|oci:|@|alias:)/.test(dependency.repository)) collection.vendored.push(there);
    if (there !== undefined) continue;
    const local = localFolder(dependency, folder);
    if (local === undefined || depth >= MAX_DEPTH || !indexOf(tree).files.has(under(local, "Chart.yaml"))) absent.push(dependency);
    else {
      const refusal = await collect(collection, local, under(place, `charts/${dependency.name}`), depth + 1);
      if (refusal) return refusal;
    }
  }
  if (absent.length === 0) return undefined;
  const names = absent.map(({ name, repository }) => (repository === "" ? name : `${name} (${repository})`));
  const message = `The chart ${folder || "."} depends on ${names.join(", ")}, which is not below ${under(folder, "charts")}: nothing is fetched here. Commit what helm dependency build puts there, or fix this failure by hand`;
  return refused("chart-dependency", message, names);
}

/** Paths relative to the chart's folder. */
async function filesOf(tree: RepositoryTree, folder: string): Promise<string[]> {
  const start = folder === "" ? 0 : folder.length + 1;
  const all = tree.files.filter(({ path }) => isInside(path, folder) && path.length > start).map(({ path }) => path.slice(start));
  const standard = all.filter((path) => STANDARD.test(path));
  if (standard.length === all.length) return all;
  for (const path of standard) {
    if (/^(?:templates|charts)\/.*\.(?:ya?ml|tpl|txt)$/.test(path) && (await tree.read(under(folder, path)))?.includes(".Files")) return all;
  }
  return standard;
}

/** The dependencies that a chart names, whether or not they are there. */
export async function dependenciesOf(tree: RepositoryTree, folder: string): Promise<ChartDependency[]> {
  const found: ChartDependency[] = [];
  for (const name of ["Chart.yaml", "requirements.yaml"]) {
    const text = await tree.read(under(folder, name));
    const outcome = text === undefined ? undefined : parseYaml(text);
    for (const item of outcome?.kind === "parsed" ? listAt(outcome.documents[0]?.value, "dependencies") : []) {
      found.push({ name: textAt(item, "name"), alias: valuesKeyOf(item), repository: textAt(item, "repository") });
    }
  }
  return found;
}

/** Under which key a parent gives values to what one item of its `dependencies` is. */
export function valuesKeyOf(dependency: Json): string {
  return textAt(dependency, "alias") || textAt(dependency, "name");
}

/** Where in the repository a `file://` dependency is; undefined for any other. */
export function localFolder({ repository }: ChartDependency, folder: string): string | undefined {
  return repository.startsWith("file://") ? joinPath(folder, repository.slice("file://".length)) : undefined;
}

/** The charts below `charts/` by name, with their folders or archives; helm goes by the name in Chart.yaml. */
async function chartsBelow(tree: RepositoryTree, folder: string): Promise<Map<string, string>> {
  const charts = under(folder, "charts");
  const found = new Map<string, string>();
  for (const { path } of tree.files) {
    if (!isInside(path, charts) || path === charts) continue;
    const [inner = "", file, ...deeper] = path.slice(charts.length + 1).split("/");
    const packed = file === undefined ? /^(.+?)-v?\d[^/]*\.tgz$/.exec(inner)?.[1] : undefined;
    if (packed !== undefined) found.set(packed, path);
    if (file === "Chart.yaml" && deeper.length === 0) found.set(await chartName(tree, path), folderOf(path));
  }
  return found;
}

async function chartName(tree: RepositoryTree, path: string): Promise<string> {
  const outcome = parseYaml((await tree.read(path)) ?? "");
  return (outcome.kind === "parsed" && textAt(outcome.documents[0]?.value, "name")) || nameOf(folderOf(path));
}

function under(folder: string, relative: string): string {
  return folder === "" ? relative : `${folder}/${relative}`;
}
