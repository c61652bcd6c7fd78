// Documents that give values to a delivery's chart, and their texts with a value at another place.
import { isObject, type Json, type JsonObject } from "../../cluster/objects.ts";
import type { Edit } from "../edit/edit.ts";
import { type FieldPath, getIn } from "../edit/field-path.ts";
import { type YamlDocument, yamlDocuments } from "../edit/yaml-documents.ts";
import { offsetOf } from "../edit/yaml-lines.ts";
import { isBuildFile, isInside, joinPath } from "../git/repository-paths.ts";
import { valuesRoot } from "../plan/value-layers.ts";
import type { ChartReads } from "../render/chart-reads.ts";
import type { FileChange } from "../workspace.ts";
import { edited } from "./edited-file.ts";
import { isPlainYaml } from "./text-basis.ts";

/** One document that gives values to the chart. */
export interface Layer {
  path: string;
  text: string;
  document: YamlDocument;
  /** Where in it the values are. */
  root: FieldPath;
  values: JsonObject;
}

/** What a file gives to the chart, but for the chart's own defaults. */
export function layersIn({ folder }: ChartReads, path: string, text: string | undefined): Layer[] {
  return isDefaults(folder, path) ? [] : valuesIn(path, text);
}

/** What a file gives to a chart, its own defaults as well. */
export function valuesIn(path: string, text: string | undefined): Layer[] {
  if (text === undefined || !isPlainYaml(path) || isBuildFile(path)) return [];
  return yamlDocuments(text).flatMap((document): Layer[] => {
    const root = valuesRoot(document.value);
    const values = root && getIn(document.value, root);
    return root && isObject(values) ? [{ path, text, document, root, values }] : [];
  });
}

/** What the chart, or one that it depends on, has of its own. */
function isDefaults(folder: string, path: string): boolean {
  return path === joinPath(folder, "values.yaml") || isInside(path, joinPath(folder, "charts") ?? "");
}

/** The text with another key in its place; undefined where the key is not written as a plain word. */
export function renamed({ text, document, root }: Layer, path: readonly string[], key: string): string | undefined {
  const { offset, depth } = document.node ? offsetOf(document.node, [...root, ...path]) : { offset: 0, depth: 0 };
  const wrong = path.at(-1) ?? "";
  if (depth !== root.length + path.length || !/^[A-Za-z_]\w*$/.test(key) || !text.slice(offset).startsWith(`${wrong}:`)) return undefined;
  return text.slice(0, offset) + key + text.slice(offset + wrong.length);
}

/** The text with a value where there is none yet, with the groups that it needs; what stood at `gone`, if anywhere, goes. */
export function withValueAt(
  { path, text, document, root, values }: Layer,
  to: readonly string[],
  { value, gone }: { value: Json; gone?: readonly string[] },
): FileChange[] {
  const depth = to.findIndex((_, i) => getIn(values, to.slice(0, i + 1)) === undefined);
  const set = to.slice(depth + 1).reduceRight<Json>((inner, key) => ({ [key]: inner }), value);
  const at = (place: readonly string[], now: Json | undefined): Edit => ({ document: document.index, path: [...root, ...place], value: now });
  return edited({ path, text }, [at(to.slice(0, depth + 1), set), ...(gone ? [at(gone, undefined)] : [])]);
}
