import { isObject, type JsonObject } from "../../cluster/objects.ts";
import { getIn } from "../edit/field-path.ts";
import { nameOf } from "../git/repository-paths.ts";
import type { FileChange } from "../workspace.ts";
import { type Layer, renamed, valuesIn } from "./given-values.ts";
import type { BasisFile } from "./text-basis.ts";

/** A key of values that is spelt otherwise since the last good revision. */
export interface RespeltKey {
  /** From the root of the values: `config.DB_HOTS`. */
  wrong: string;
  right: string;
  change: FileChange;
}

/**
 * Keys of values that came since the last good revision, in the very mapping of the very file from which the one key went that they are surely a misspelling of. A
 * chart that takes whatever is there (`range .Values.config`) knows no wrong key, and what the chart or another layer has under the right one comes back unnoticed.
 */
export function respeltKeys(files: readonly BasisFile[], isAlmost: (wrong: string, right: string) => boolean): RespeltKey[] {
  if (!files.some(({ path }) => nameOf(path) === "Chart.yaml")) return [];
  return files.flatMap(({ path, text, lastGood }) => {
    const then = valuesIn(path, lastGood);
    return text === lastGood ? [] : valuesIn(path, text).flatMap((layer, i) => respeltIn(layer, then[i]?.values, [], isAlmost));
  });
}

function respeltIn(layer: Layer, then: JsonObject | undefined, parent: readonly string[], isAlmost: (wrong: string, right: string) => boolean): RespeltKey[] {
  const [now, old] = [getIn(layer.values, parent), getIn(then, parent)];
  if (!isObject(now) || !isObject(old)) return [];
  const gone = Object.keys(old).filter((key) => !Object.hasOwn(now, key));
  return Object.entries(now).flatMap(([key, value]): RespeltKey[] => {
    const path = [...parent, key];
    if (Object.hasOwn(old, key)) return respeltIn(layer, then, path, isAlmost);
    const [right, ...more] = gone.filter((one) => isAlmost(key, one) && isObject(old[one]) === isObject(value));
    const after = right === undefined || more.length > 0 ? undefined : renamed(layer, path, right);
    if (right === undefined || after === undefined) return [];
    return [{ wrong: path.join("."), right: [...parent, right].join("."), change: { path: layer.path, before: layer.text, after } }];
  });
}
