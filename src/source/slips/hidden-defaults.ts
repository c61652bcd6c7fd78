// Lists among a chart's values are replaced as a whole (https://helm.sh/docs/chart_template_guide/values_files/): what a default list has, and the one in its place has not.
import { isObject, type Json, type JsonObject, listAt, textAt } from "../../cluster/objects.ts";
import { getIn } from "../edit/field-path.ts";
import { chartReads } from "../render/chart-reads.ts";
import type { FileChange } from "../workspace.ts";
import { edited } from "./edited-file.ts";
import { type Layer, layersIn } from "./given-values.ts";
import type { BasisFile } from "./text-basis.ts";

/** A variable of a chart's default list, and the values whose list in its place lacks it. */
export interface HiddenDefault {
  /** Of the list, from the root of the values. */
  list: string;
  change: FileChange;
}

/** How deep lists are looked for. */
const DEEPEST = 3;

/** Where the one chart of a delivery has this variable, written out, in a list by default, and values have another list there: the variable comes to each of these. */
export function hiddenDefaults(files: readonly BasisFile[], variable: string): HiddenDefault[] {
  const chart = chartReads(files);
  if (!chart) return [];
  return files
    .flatMap(({ path, text }) => layersIn(chart, path, text))
    .flatMap((layer) =>
      listsIn(layer.values, []).flatMap(({ path, items }): HiddenDefault[] => {
        const item = listAt(chart.defaultAt(path) ?? null).find((one) => textAt(one, "name") === variable);
        const isPlain = isObject(item) && Object.keys(item).sort().join() === "name,value";
        if (!isPlain || items.some((one) => textAt(one, "name") === variable)) return [];
        return withItem(layer, path, items, item).map((change) => ({ list: path.join("."), change }));
      }),
    );
}

function withItem({ path, text, document, root }: Layer, list: readonly string[], items: readonly Json[], item: JsonObject): FileChange[] {
  return edited({ path, text }, [{ document: document.index, path: [...root, ...list, items.length], value: item }]);
}

function listsIn(values: JsonObject, path: readonly string[]): { path: string[]; items: Json[] }[] {
  if (path.length >= DEEPEST) return [];
  const here = getIn(values, path);
  return Object.entries(isObject(here) ? here : {}).flatMap(([key, value]) => {
    if (Array.isArray(value)) return [{ path: [...path, key], items: value }];
    return isObject(value) ? listsIn(values, [...path, key]) : [];
  });
}
