// Values that a chart wants in a group now, where what git gives it still is the one value of before.
import { isObject, type Json } from "../../cluster/objects.ts";
import { getIn } from "../edit/field-path.ts";
import { yamlDocuments } from "../edit/yaml-documents.ts";
import { folderOf, isInTemplates, joinPath, nameOf } from "../git/repository-paths.ts";
import { valuesRoot } from "../plan/value-layers.ts";
import type { FileChange } from "../workspace.ts";
import { edited } from "./edited-file.ts";
import { type BasisFile, isPlainYaml } from "./text-basis.ts";

/**
 * The one file with `readiness: {path: /ready}` in place of `readiness: /ready`, where helm says that it finds no field `path` there, and the chart's own default
 * is a group with such a value in it. Undefined where that is not so, or where several files give the value.
 */
export function reshapedValue(files: readonly BasisFile[], error: string): FileChange | undefined {
  const path = pathAsked(error);
  const charts = files.filter((file) => nameOf(file.path) === "Chart.yaml" && file.text !== undefined);
  const [chart] = charts;
  if (!path || !chart || charts.length > 1) return undefined;
  const defaultsFile = joinPath(folderOf(chart.path), "values.yaml") ?? "";
  const defaults = yamlDocuments(files.find((file) => file.path === defaultsFile)?.text)[0]?.value ?? null;
  const [group, field = ""] = [path.slice(0, -1), path.at(-1)];
  const byDefault = isObject(getIn(defaults, group)) ? getIn(defaults, path) : undefined;
  if (byDefault === undefined || typeof byDefault === "object" || isOneOfSeveral(getIn(defaults, group), field)) return undefined;
  const [only, ...more] = files
    .filter((file) => isPlainYaml(file.path) && !isInTemplates(file.path) && ![defaultsFile, chart.path].includes(file.path))
    .flatMap((file) => inGroup(file, group, { field, type: typeof byDefault }));
  return more.length === 0 ? only : undefined;
}

/** Whether the group has other values beside this one: which of them the one value says, or several at once (`shop:1.4.2`), is anybody's guess. */
function isOneOfSeveral(group: Json | undefined, field: string): boolean {
  return isObject(group) && Object.entries(group).some(([key, value]) => key !== field && typeof value === "string");
}

/** `at <.Values.probes.readiness.path>: can't evaluate field path in type interface {}` (text/template). */
function pathAsked(error: string): string[] | undefined {
  const [, whole = "", field = ""] = /at <\$?\.Values\.([\w.]{1,200})>:\s{0,20}can't evaluate field (\w{1,60}) in type interface/.exec(error) ?? [];
  const keys = whole.split(".");
  return keys.length > 1 && keys.at(-1) === field ? keys : undefined;
}

function inGroup({ path, text }: BasisFile, group: readonly string[], { field, type }: { field: string; type: string }): FileChange[] {
  return yamlDocuments(text).flatMap(({ value }, document): FileChange[] => {
    const root = valuesRoot(value);
    const given = root && getIn(value, [...root, ...group]);
    if (!root || given === undefined || typeof given !== type || text === undefined) return [];
    return edited({ path, text }, [{ document, path: [...root, ...group], value: { [field]: given } }]);
  });
}
