import { listAt, textAt } from "../cluster/objects.ts";
import { unpackChart } from "./packed-chart.ts";
import type { RepositoryTree } from "./repository.ts";
import { folderOf, isInTemplates } from "./repository-paths.ts";
import type { RenderedChart } from "./workspace.ts";
import { parseYaml } from "./yaml-documents.ts";

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
    const prefix = prefixOf(template, texts);
    for (const path of referencesIn(text)) {
      const whole = path[0] === "global" ? path : [...prefix, ...path];
      found.set(JSON.stringify([whole, template]), { path: whole, template });
    }
  }
  return [...found.values()];
}

/** The values that the text of a template reads, as paths. */
export function referencesIn(text: string): string[][] {
  const dotted = [...text.matchAll(DOTTED)].map((match) => (match[1] ?? "").slice(1).split("."));
  const indexed = [...text.matchAll(INDEXED)].map((match) => (match[1] ?? "").match(/[^"\s]+/g) ?? []);
  return [...dotted, ...indexed];
}

/** Under which keys the root gives values to the chart of a template: a name, or the alias that its parent gives it, for every `charts/` on the way. */
function prefixOf(template: string, texts: ReadonlyMap<string, string>): string[] {
  const prefix: string[] = [];
  const parts = template.split("/");
  for (let i = 0; parts[i] === "charts"; i += 2) {
    const parent = parts.slice(0, i);
    const own = [...parts.slice(0, i + 2)];
    const name = textAt(read(texts, [...own, "Chart.yaml"]), "name") || (parts[i + 1] ?? "");
    const named = ["Chart.yaml", "requirements.yaml"].flatMap((file) => listAt(read(texts, [...parent, file]), "dependencies"));
    const alias = named.filter((dependency) => textAt(dependency, "name") === name).map((dependency) => textAt(dependency, "alias"))[0];
    prefix.push(alias || name);
  }
  return prefix;
}

function read(texts: ReadonlyMap<string, string>, parts: readonly string[]) {
  const outcome = parseYaml(texts.get(parts.join("/")) ?? "");
  return outcome.kind === "parsed" ? outcome.documents[0]?.value : undefined;
}
