// What the templates of the one chart of a delivery read, with those of the charts that it depends on.
import { type Json, listAt, textAt } from "../../cluster/objects.ts";
import { getIn, startsWith } from "../edit/field-path.ts";
import { yamlDocuments } from "../edit/yaml-documents.ts";
import { folderOf, isInside, isInTemplates, joinPath, nameOf } from "../git/repository-paths.ts";
import type { BasisFile } from "../slips/text-basis.ts";
import { valuesKeyOf } from "./chart-files.ts";
import { type ValuesRead, valuesRead } from "./entered-values.ts";
import { usesOf } from "./value-references.ts";

export interface ChartReads {
  folder: string;
  read: ValuesRead;
  /** What a chart has by default at a path of all values. */
  defaultAt: (path: readonly string[]) => Json | undefined;
  /** What the keys of dependencies that were called otherwise at the last good revision are called now. */
  aliases: ReadonlyMap<string, string>;
  /** The keys under which its dependencies find their values. */
  dependencies: readonly string[];
}

/** Undefined where there are several charts, where one that is depended on is not there, or where templates read all values at once. */
export function chartReads(files: readonly BasisFile[]): ChartReads | undefined {
  const folder = rootChart(files);
  if (folder === undefined) return undefined;
  const texts = textsBelow(files, folder);
  const templates = [...texts].filter(([path]) => isInTemplates(path));
  if (!hasAllDependencies(texts) || templates.some(([, text]) => readsAll(text))) return undefined;
  const defaults = [...texts].filter(([path]) => nameOf(path) === "values.yaml" && isChart(texts, folderOf(path)));
  const layers = defaults.flatMap(([path, text]) => usesOf(path, texts).map(({ prefix }) => ({ prefix, value: yamlDocuments(text)[0]?.value ?? null })));
  layers.sort((a, b) => a.prefix.length - b.prefix.length);
  return {
    folder,
    read: readBy(templates, texts),
    defaultAt: (path) => defaultIn(layers, path),
    aliases: renamedAliases(files, folder),
    dependencies: keysOfDependencies(texts),
  };
}

/** By their paths in the chart. */
function textsBelow(files: readonly BasisFile[], folder: string): ReadonlyMap<string, string> {
  const start = folder === "" ? 0 : folder.length + 1;
  const own = files.filter(({ path }) => isInside(path, folder));
  return new Map(own.flatMap(({ path, text }): [string, string][] => (text === undefined ? [] : [[path.slice(start), text]])));
}

/** Of each chart that is depended on, the one key that went with the one that came. */
function renamedAliases(files: readonly BasisFile[], folder: string): ReadonlyMap<string, string> {
  const chart = files.find(({ path }) => path === joinPath(folder, "Chart.yaml"));
  const [then, now] = [chart?.lastGood, chart?.text].map((text) => listAt(yamlDocuments(text)[0]?.value, "dependencies"));
  const names = new Set(now?.map((dependency) => textAt(dependency, "name")));
  const moves = [...names].flatMap((name): [string, string][] => {
    const [old, today] = [then, now].map((all = []) => all.filter((dependency) => textAt(dependency, "name") === name).map(valuesKeyOf));
    const [from, ...went] = (old ?? []).filter((key) => !today?.includes(key));
    const [to, ...came] = (today ?? []).filter((key) => !old?.includes(key));
    return from !== undefined && to !== undefined && went.length + came.length === 0 ? [[from, to]] : [];
  });
  return new Map(moves);
}

/** The folder of the one chart that no other one holds. */
function rootChart(files: readonly BasisFile[]): string | undefined {
  const folders = files.filter(({ path, text }) => nameOf(path) === "Chart.yaml" && text !== undefined).map(({ path }) => folderOf(path));
  const [root, ...more] = folders.filter((folder) => !folders.some((other) => other !== folder && isInside(folder, joinPath(other, "charts") ?? "")));
  return more.length === 0 ? root : undefined;
}

function isChart(texts: ReadonlyMap<string, string>, folder: string): boolean {
  return texts.has(folder === "" ? "Chart.yaml" : `${folder}/Chart.yaml`);
}

function hasAllDependencies(texts: ReadonlyMap<string, string>): boolean {
  const charts = [...texts].filter(([path]) => nameOf(path) === "Chart.yaml");
  const names = new Set(charts.map(([, text]) => textAt(yamlDocuments(text)[0]?.value, "name")));
  return dependencies(texts).every((dependency) => names.has(textAt(dependency, "name")) && getIn(dependency, ["import-values"]) === undefined);
}

function dependencies(texts: ReadonlyMap<string, string>): Json[] {
  const files = [...texts].filter(([path]) => ["Chart.yaml", "requirements.yaml"].includes(nameOf(path)));
  return files.flatMap(([, text]) => listAt(yamlDocuments(text)[0]?.value, "dependencies"));
}

function keysOfDependencies(texts: ReadonlyMap<string, string>): string[] {
  return listAt(yamlDocuments(texts.get("Chart.yaml"))[0]?.value, "dependencies").map(valuesKeyOf);
}

function readsAll(text: string): boolean {
  return /\.Values\b(?!\.[A-Za-z_])/.test(text.replaceAll(/\bindex\s+\$?\.Values(?=\s+")/g, ""));
}

/** From the root's values: what a dependency calls `image` its parent calls `search.image`. Conditions of dependencies are read as well. */
function readBy(templates: readonly (readonly [path: string, text: string])[], texts: ReadonlyMap<string, string>): ValuesRead {
  const placed = templates.flatMap(([path, text]) => usesOf(path, texts).map(({ prefix }) => ({ prefix, text })));
  const read: ValuesRead = { paths: [], entered: [] };
  for (const { prefix, text } of placed) {
    const whole = (path: readonly string[]) => (path[0] === "global" ? path : [...prefix, ...path]);
    const own = valuesRead([text]);
    read.paths.push(...own.paths.map(whole));
    read.entered.push(...own.entered.map((group) => ({ ...group, path: whole(group.path) })));
  }
  const conditions = dependencies(texts).flatMap((dependency) => textAt(dependency, "condition").split(","));
  read.paths.push(...conditions.filter((one) => one.trim() !== "").map((one) => one.trim().split(".")));
  return read;
}

/** What a parent says of a dependency's values wins. */
function defaultIn(layers: readonly { prefix: readonly string[]; value: Json }[], path: readonly string[]): Json | undefined {
  const found = layers.map(({ prefix, value }) => (startsWith(path, prefix) ? getIn(value, path.slice(prefix.length)) : undefined));
  return found.find((value) => value !== undefined);
}
