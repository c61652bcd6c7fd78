import { isObject, type Json, type JsonObject } from "../../cluster/objects.ts";
import { getIn, sameJson, startsWith } from "../edit/field-path.ts";
import { type ChartReads, chartReads } from "../render/chart-reads.ts";
import { isRead, isReadWhole, keysRead } from "../render/entered-values.ts";
import type { FileChange } from "../workspace.ts";
import { type Layer, layersIn, renamed, withValueAt } from "./given-values.ts";
import { movedReads } from "./moved-reads.ts";
import type { BasisFile } from "./text-basis.ts";

/** Values under a key that no template of the chart reads, and the key that was surely meant. */
export interface MisnamedValue {
  /** From the root of the chart's values: `environment`, `image.version`. */
  wrong: string;
  right: string;
  change: FileChange;
}

/** How deep keys are compared; what stands deeper is seldom a key that the chart knows. */
const DEEPEST = 3;

/**
 * Keys of the values that git gives to the one chart of a delivery, which neither a template reads nor the chart's defaults know, where exactly one key that
 * templates read, which nobody sets there, is alike by the given judgement, is read instead since the last good revision, or is what the dependency is called now. None for a chart whose templates
 * also read all values at once, or of whose dependencies not all are there.
 */
export function misnamedValues(files: readonly BasisFile[], isAlike: (wrong: string, right: string) => boolean): MisnamedValue[] {
  const chart = chartReads(files);
  if (!chart) return [];
  const moved = movedReads(files);
  return files.flatMap(({ path, text, lastGood }) => {
    const then = layersIn(chart, path, lastGood);
    return layersIn(chart, path, text).flatMap((layer, i) => misnamedIn({ chart, layer, good: then[i]?.values, moved, isAlike }, []));
  });
}

interface Search {
  chart: ChartReads;
  layer: Layer;
  /** What the layer gave at the last good revision. */
  good: JsonObject | undefined;
  /** Where templates read values now that they read elsewhere before. */
  moved: ReadonlyMap<string, string>;
  isAlike: (wrong: string, right: string) => boolean;
}

function misnamedIn(search: Search, parent: readonly string[]): MisnamedValue[] {
  const { chart, layer, isAlike } = search;
  const here = getIn(layer.values, parent);
  if (!isObject(here) || parent.length >= DEEPEST) return [];
  return Object.entries(here).flatMap(([key, value]): MisnamedValue[] => {
    const path = [...parent, key];
    if (isRead(chart.read, path)) return isReadWhole(chart.read, path) ? [] : misnamedIn(search, path);
    if (key === "global" || chart.defaultAt(path) !== undefined) return [];
    const alias = parent.length === 0 ? (chart.aliases.get(key) ?? dependencyMeant(chart, layer, value) ?? heldBefore(search, value)) : undefined;
    const nested =
      alias === undefined
        ? (readElsewhere(search, path, value) ??
          regrouped(chart, layer, path, value) ??
          astray(chart, layer, path, value) ??
          astrayIn(chart, layer, path, value))
        : undefined;
    if (nested) return [nested];
    const fitting = keysRead(chart.read, parent).filter((name) => isAlike(key, name) && fits(value, chart.defaultAt([...parent, name])));
    const free = (alias === undefined ? fitting : [alias]).filter((name) => !Object.hasOwn(here, name));
    const [right, ...more] = free;
    const after = right !== undefined && more.length === 0 ? renamed(layer, path, right) : undefined;
    if (right === undefined || after === undefined) return [];
    return [{ wrong: path.join("."), right: [...parent, right].join("."), change: { path: layer.path, before: layer.text, after } }];
  });
}

/** The one key that templates read, and that is gone from the layer, under which at least one of these values stood when all was well. */
function heldBefore({ chart: { read }, layer, good = {} }: Search, value: Json): string | undefined {
  if (!isObject(value)) return undefined;
  const isSame = (held: Json) => isObject(held) && Object.entries(held).some(([name, one]) => Object.hasOwn(value, name) && sameJson(value[name], one));
  const gone = Object.entries(good).filter(([key, held]) => !Object.hasOwn(layer.values, key) && isRead(read, [key]) && isSame(held));
  return gone.length === 1 ? gone[0]?.[0] : undefined;
}

/** The one dependency that gets no values there, and whose templates read all that stands under a key that nobody reads: it was called so once. */
function dependencyMeant({ dependencies, read }: ChartReads, { values }: Layer, value: Json): string | undefined {
  const leaves = isObject(value) ? leavesOf(value) : [];
  const isWhole = (key: string) => leaves.every((path) => isRead(read, [key, ...path]));
  const [only, ...more] = dependencies.filter((key) => !Object.hasOwn(values, key) && isWhole(key));
  return leaves.length >= LEAST_LEAVES && more.length === 0 ? only : undefined;
}

/** A single value is too little to know a chart by. */
const LEAST_LEAVES = 2;

function leavesOf(value: JsonObject): string[][] {
  return Object.entries(value).flatMap(([key, inner]) => (isObject(inner) ? leavesOf(inner).map((path) => [key, ...path]) : [[key]]));
}

/** The place from which templates read now what they read here before: one value, or all that a group holds. */
function readElsewhere({ chart, layer, moved }: Search, path: readonly string[], value: Json): MisnamedValue | undefined {
  const right = moved.get(path.join("."))?.split(".") ?? groupRead(moved, path, value);
  const isFree = right !== undefined && getIn(layer.values, right) === undefined && fits(value, chart.defaultAt(right));
  if (!isFree || startsWith(right, path)) return undefined;
  const isBeside = right.length === path.length && startsWith(right, path.slice(0, -1));
  const after = isBeside ? renamed(layer, path, right.at(-1) ?? "") : undefined;
  if (after === undefined) return movedTo(layer, { path, inner: value }, right);
  return { wrong: path.join("."), right: right.join("."), change: { path: layer.path, before: layer.text, after } };
}

/** The one group in which templates read every value of another one now, under its own name. */
function groupRead(moved: ReadonlyMap<string, string>, path: readonly string[], value: Json): string[] | undefined {
  const leaves = isObject(value) ? leavesOf(value) : [];
  const groups = leaves.map((leaf) => {
    const to = moved.get([...path, ...leaf].join("."));
    return to?.endsWith(`.${leaf.join(".")}`) ? to.slice(0, -leaf.join(".").length - 1) : undefined;
  });
  const [only, ...more] = new Set(groups);
  return more.length === 0 ? only?.split(".") : undefined;
}

/** `imageTag` where templates read `image.tag`, and the other way round: the same words, with a level more or less. */
function regrouped(
  { read: { paths }, defaultAt }: ChartReads,
  { path: file, text, document, root, values }: Layer,
  path: readonly string[],
  value: Json,
): MisnamedValue | undefined {
  const parent = path.slice(0, -1);
  const leaves = isObject(value) ? Object.entries(value).map(([key, inner]) => ({ path: [...path, key], inner })) : [{ path, inner: value }];
  const [leaf, ...more] = leaves;
  if (!leaf || more.length > 0 || typeof leaf.inner === "object") return undefined;
  const isSame = (one: readonly string[]) =>
    one.length !== leaf.path.length && startsWith(one, parent) && wordsOf(one.slice(parent.length)) === wordsOf(leaf.path.slice(parent.length));
  const [right, ...others] = paths.filter((one, i) => isSame(one) && paths.findIndex((other) => other.join(".") === one.join(".")) === i);
  if (!right || others.length > 0 || getIn(values, right) !== undefined || (typeof defaultAt(right) === "object" && defaultAt(right) !== null))
    return undefined;
  return movedTo({ path: file, text, document, root, values }, leaf, right, path);
}

/**
 * What stands a level too high or too deep, or below another group: templates read that very key of the one group of this layer that has none, or at the root of the
 * values. What they read of several groups (`image`, `resources`) could be of any of them.
 */
function astray({ read: { paths, entered }, defaultAt }: ChartReads, layer: Layer, path: readonly string[], value: Json): MisnamedValue | undefined {
  const places = [...paths, ...entered.map((group) => group.path)].filter((one) => one.at(-1) === path.at(-1));
  const [right, ...others] = places.filter((one, i) => places.findIndex((other) => other.join(".") === one.join(".")) === i);
  if (!right || others.length > 0 || right.length === path.length || startsWith(right, path)) return undefined;
  const isFree = isObject(getIn(layer.values, right.slice(0, -1))) && getIn(layer.values, right) === undefined;
  return isFree && fits(value, defaultAt(right)) ? movedTo(layer, { path, inner: value }, right) : undefined;
}

/** The one value of a group that no template reads which belongs to another one. */
function astrayIn(chart: ChartReads, layer: Layer, path: readonly string[], value: Json): MisnamedValue | undefined {
  const inside = isObject(value) ? Object.entries(value).flatMap(([key, inner]) => astray(chart, layer, [...path, key], inner) ?? []) : [];
  return inside.length === 1 ? inside[0] : undefined;
}

interface Leaf {
  path: readonly string[];
  inner: Json;
}

/** The layer with a value in another place, and what held it gone. */
function movedTo(layer: Layer, leaf: Leaf, right: readonly string[], gone = leaf.path): MisnamedValue | undefined {
  const [change] = withValueAt(layer, right, { value: leaf.inner, gone });
  return change && { wrong: leaf.path.join("."), right: right.join("."), change };
}

/** `image.tag` and `imageTag` are `image tag`. */
function wordsOf(path: readonly string[]): string {
  return path.map((key) => key.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase()).join(" ");
}

/** What the chart has by default there, if anything, is of the same form. */
function fits(value: Json, byDefault: Json | undefined): boolean {
  if (byDefault === undefined || byDefault === null) return true;
  return isObject(value) === isObject(byDefault) && Array.isArray(value) === Array.isArray(byDefault);
}
