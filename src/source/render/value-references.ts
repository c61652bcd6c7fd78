import { listAt, textAt } from "../../cluster/objects.ts";
import { parseYaml } from "../edit/yaml-documents.ts";
import type { RepositoryTree } from "../git/repository.ts";
import { folderOf, isInTemplates } from "../git/repository-paths.ts";
import type { RenderedChart } from "../workspace.ts";
import { valuesKeyOf } from "./chart-files.ts";
import { unpackChart } from "./packed-chart.ts";

/** A value that a template reads, from the root of the values of the whole chart. */
export interface ValueReference {
  path: readonly string[];
  /** The template, as helm names it. */
  template: string;
}

/** Longest template that is looked through, in characters. */
const MAX_TEMPLATE = 200_000;
const DOTTED = /\.Values((?:\.[A-Za-z_]\w*)+)/g;
const INDEXED = /\bindex\s+\$?\.Values((?:\s+"[^"\s]+")+)/g;

/**
 * The values that the templates of a chart and of its dependencies read, whether or not anything sets them. What a template calls `image.tag` a parent calls
 * `dependency.image.tag`.
 */
export async function valueReferences(tree: RepositoryTree, { folder, files }: RenderedChart): Promise<ValueReference[]> {
  const texts = new Map<string, string>();
  for (const [place, path] of files) {
    const name = folder === "" ? place : place.slice(folder.length + 1);
    if (/\.tgz$/.test(name)) for (const [inner, text] of await unpackChart(await tree.bytes(path))) texts.set(`${folderOf(name)}/${inner}`, text);
    else if (/(?:^|\/)templates\/|(?:^|\/)(?:Chart|requirements)\.yaml$/.test(name)) texts.set(name, (await tree.read(path)) ?? "");
  }
  const found = new Map<string, ValueReference>();
  for (const [template, text] of texts) {
    if (!isInTemplates(template) || text.length > MAX_TEMPLATE) continue;
    const read = referencesIn(text);
    for (const { prefix: place, template: printed } of usesOf(template, texts)) {
      const prefix = isOfLibrary(template, texts) ? place.slice(0, -1) : place;
      for (const path of read) {
        const whole = path[0] === "global" ? path : [...prefix, ...path];
        found.set(JSON.stringify([whole, printed]), { path: whole, template: printed });
      }
    }
  }
  return [...found.values()];
}

/** The values that the text of a template reads, as paths. */
export function referencesIn(text: string): string[][] {
  const dotted = [...unbracketed(text).matchAll(DOTTED)].map((match) => (match[1] ?? "").slice(1).split("."));
  const indexed = [...text.matchAll(INDEXED)].map((match) => (match[1] ?? "").match(/[^"\s]+/g) ?? []);
  return [...dotted, ...indexed];
}

/** `((.Values.probe).path)` and `(.Values.probe | default dict).path` read what `.Values.probe.path` reads, where that is there. */
function unbracketed(text: string): string {
  const inner = /\(\s*(\$?\.Values(?:\.\w+)*)(?:\s*\|\s*default\s+(?:dict|\(dict\)))?\s*\)(?=\.\w)/g;
  const once = text.replaceAll(inner, "$1");
  return once === text ? text : unbracketed(once);
}

/** A file of a chart in one of the places where another chart depends on it. */
export interface Use {
  /** Under which keys the root gives it values. */
  prefix: string[];
  /** As helm names it there: `charts/search/templates/deployment.yaml`, by the alias. */
  template: string;
}

/** Most places that one chart is depended on in. */
const MAX_USES = 32;

/** Helm takes a chart as often as its parent names it, each time under another alias. Paths are relative to the root chart, whose files' texts are given. */
export function usesOf(file: string, texts: ReadonlyMap<string, string>): Use[] {
  const parts = file.split("/");
  let prefixes: string[][] = [[]];
  let depth = 0;
  for (; parts[depth] === "charts"; depth += 2) {
    const names = namesOf(parts.slice(0, depth), parts[depth + 1] ?? "", texts);
    prefixes = prefixes.flatMap((prefix) => names.map((name) => [...prefix, name])).slice(0, MAX_USES);
  }
  const rest = parts.slice(depth);
  return prefixes.map((prefix) => ({ prefix, template: [...prefix.flatMap((name) => ["charts", name]), ...rest].join("/") }));
}

/** A library chart has no values of its own: its templates are filled in by the chart that depends on it (https://helm.sh/docs/topics/library_charts/). */
function isOfLibrary(file: string, texts: ReadonlyMap<string, string>): boolean {
  const chart = file.slice(0, file.lastIndexOf("templates/")).split("/").slice(0, -1);
  return textAt(read(texts, [...chart, "Chart.yaml"]), "type") === "library";
}

/** What a chart calls the chart in one of its folders: by its name, or by the aliases that it gives it. */
function namesOf(parent: readonly string[], folder: string, texts: ReadonlyMap<string, string>): string[] {
  const name = textAt(read(texts, [...parent, "charts", folder, "Chart.yaml"]), "name") || folder;
  const named = ["Chart.yaml", "requirements.yaml"].flatMap((file) => listAt(read(texts, [...parent, file]), "dependencies"));
  const names = named.filter((dependency) => textAt(dependency, "name") === name).map(valuesKeyOf);
  return names.length > 0 ? names : [name];
}

function read(texts: ReadonlyMap<string, string>, parts: readonly string[]) {
  const outcome = parseYaml(texts.get(parts.join("/")) ?? "");
  return outcome.kind === "parsed" ? outcome.documents[0]?.value : undefined;
}
