import { isObject, type Json } from "../../cluster/objects.ts";
import { getIn } from "../edit/field-path.ts";
import { chartReads } from "../render/chart-reads.ts";
import { isRead } from "../render/entered-values.ts";
import { type Layer, layersIn } from "./given-values.ts";
import type { MisnamedValue } from "./misnamed-values.ts";
import { linesMoved } from "./moved-lines.ts";
import type { BasisFile } from "./text-basis.ts";

/**
 * Values that a slip of white space gave to another group, of which a template takes whatever is there (`env`), so that nothing is unknown: where their key was at the
 * last good revision, and where templates read it. One for each place that their lines could go to.
 */
export function slidValues(files: readonly BasisFile[]): MisnamedValue[] {
  const chart = chartReads(files);
  if (!chart) return [];
  return files.flatMap((file) => {
    const { path, text: before } = file;
    const [layer, ...more] = layersIn(chart, path, before);
    const [good] = layersIn(chart, path, file.lastGood);
    if (!layer || !good || before === undefined || more.length > 0) return [];
    return linesMoved(file, "").flatMap((after): MisnamedValue[] => {
      const [meant] = layersIn(chart, path, after);
      const [right] = meant ? cameIn(layer, meant) : [];
      const [wrong] = meant ? cameIn(meant, layer) : [];
      const isBack = right && getIn(good.values, right) !== undefined && isRead(chart.read, right);
      return wrong && isBack ? [{ wrong: wrong.join("."), right: right.join("."), change: { path, before, after } }] : [];
    });
  });
}

/** The keys, down to the first that is not there, that one layer has and the other has not. */
function cameIn({ values: then }: Layer, { values: now }: Layer): string[][] {
  return newKeys(then, now, []);
}

function newKeys(then: Json | undefined, now: Json, path: readonly string[]): string[][] {
  if (!isObject(now)) return [];
  return Object.entries(now).flatMap(([key, value]) => {
    const old = isObject(then) ? then[key] : undefined;
    return old === undefined ? [[...path, key]] : newKeys(old, value, [...path, key]);
  });
}
