// A value that a chart's template has to have and does not find (helm: `required`, or a nil pointer on the way to it), and that git sets at a place which no
// template reads.
import { isObject, type Json, textAt } from "../../cluster/objects.ts";
import { getIn, startsWith } from "../edit/field-path.ts";
import { linesOf } from "../edit/hunks.ts";
import { isInTemplates } from "../git/repository-paths.ts";
import { type ChartReads, chartReads } from "../render/chart-reads.ts";
import { isRead } from "../render/entered-values.ts";
import { referencesIn } from "../render/value-references.ts";
import type { FileChange } from "../workspace.ts";
import { type Layer, layersIn, renamed, withValueAt } from "./given-values.ts";
import { misnamedValues } from "./misnamed-values.ts";
import type { BasisFile } from "./text-basis.ts";

type Path = readonly string[];

/**
 * The ways in which a value that nobody reads becomes the one that a template misses: its group, or its own key, is called alike (by the given judgement), or it
 * stands a level too deep or too high; or one that the chart's schema refuses goes to where the chart reads it. Empty for a chart of which is not known what it reads.
 */
export function missedValues(files: readonly BasisFile[], error: string, isAlike: (wrong: string, right: string) => boolean): FileChange[] {
  const chart = chartReads(files);
  if (!chart) return [];
  const refused = keyRefused(error);
  if (refused !== undefined) return misnamedValues(files, isAlike).flatMap(({ wrong, change }) => (wrong.split(".").includes(refused) ? [change] : []));
  const layers = files.flatMap(({ path, text }) => layersIn(chart, path, text));
  // Each of several releases has its own values.
  const isRelease = ({ document }: Layer) => textAt(document.value, "kind") === "HelmRelease";
  const [releases, common] = [layers.filter(isRelease), layers.filter((layer) => !isRelease(layer))];
  const sets = (path: Path) => (layer: Layer) => (getIn(layer.values, path) ?? "") !== "";
  const isSet = (path: Path) => (chart.defaultAt(path) ?? "") !== "" || common.some(sets(path)) || (releases.length > 0 && releases.every(sets(path)));
  const missed = pathsMissed(files, error).filter((path) => !isSet(path));
  const [wanted, ...more] = new Set(missed.map((path) => path.join(".")));
  if (wanted === undefined || more.length > 0) return [];
  const all = layers.flatMap((layer) => unreadIn(chart, layer).flatMap((path) => moved(chart, layer, { path, wanted: wanted.split("."), isAlike })));
  return all.filter((one, i) => all.findIndex(({ path, after }) => path === one.path && after === one.after) === i);
}

/** The one key that a chart's schema does not know (JSON Schema: additionalProperties), in the words of helm 3.18 and of those before. */
function keyRefused(error: string): string | undefined {
  const said = [...error.slice(0, 8000).matchAll(/additional propert(?:ies '([\w.-]{1,100})'|y ([\w.-]{1,100}) is) not allowed/gi)];
  const [key, ...more] = new Set(said.map(([, now, then]) => now ?? then));
  return more.length === 0 ? key : undefined;
}

/** The value that a template misses: what the error says itself, or what the line reads of which it speaks. */
export function pathsMissed(files: readonly BasisFile[], error: string): string[][] {
  const said = /at <\$?\.Values\.([\w.]{1,200})>:\s{0,20}nil pointer evaluating/.exec(error)?.[1];
  if (said !== undefined) return [said.split(".")];
  const [, place = "", line = ""] = /execution error at \([\w.-]{1,100}\/(templates\/[\w./-]{1,200}):(\d{1,6}):\d{1,6}\)/.exec(error) ?? [];
  const named = files.filter(({ path, text }) => place !== "" && text !== undefined && isInTemplates(path) && path.endsWith(`/${place}`));
  const text = named.length === 1 ? linesOf(named[0]?.text ?? "")[Number(line) - 1] : undefined;
  return text?.includes("required") ? referencesIn(text).map((path) => [...path]) : [];
}

/** The values of a layer that no template reads, nor the chart knows. */
function unreadIn({ read, defaultAt }: ChartReads, { values }: Layer): string[][] {
  return leavesOf(values).filter((path) => path[0] !== "global" && !isRead(read, path) && defaultAt(path) === undefined);
}

function leavesOf(value: Json, at: Path = []): string[][] {
  if (!isObject(value) || Object.keys(value).length === 0 || at.length > DEEPEST) return [[...at]];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...at, key]));
}

const DEEPEST = 6;

interface Move {
  path: Path;
  wanted: Path;
  isAlike: (wrong: string, right: string) => boolean;
}

/** Keys of one meaning that are not alike. */
const SYNONYMS: readonly (readonly string[])[] = [
  ["tag", "version"],
  ["url", "uri"],
  ["user", "username"],
];

function moved(chart: ChartReads, layer: Layer, { path, wanted, isAlike }: Move): FileChange[] {
  // As `--set` has it, which in a file is one key with a dot.
  if (path.join(".") === wanted.join(".")) return shifted(layer, path, wanted);
  const common = commonEnd(path, wanted);
  const [wrong, right] = [path.slice(0, path.length - common), wanted.slice(0, wanted.length - common)];
  const [from, to] = [wrong.at(-1), right.at(-1)];
  if (from !== undefined && to !== undefined) {
    const isBeside = wrong.length === right.length && startsWith(wrong, right.slice(0, -1));
    const isSynonym = SYNONYMS.some((words) => words.includes(from) && words.includes(to));
    // A value of its own has to be called so but for a letter: `namespace` is no `name`. Of a group, what it holds tells as well.
    const isOwn = common === 0 && typeof getIn(layer.values, path) !== "object" && Math.abs(from.length - to.length) <= 1 && isAlike(from, to);
    const isMeant = isSynonym || isOwn || (common > 0 && (isAlike(from, to) || isShort(from, to)));
    const isFree = getIn(layer.values, right) === undefined && !isRead(chart.read, wrong);
    const after = isBeside && isMeant && isFree ? renamed(layer, wrong, to) : undefined;
    return after === undefined ? [] : [{ path: layer.path, before: layer.text, after }];
  }
  const isDeep = to === undefined && wrong.length === 1 && common >= 2;
  const isHigh = from === undefined && right.length === 1 && common === 1 && !isEndOfAnother(chart, wanted);
  return isDeep ? shifted(layer, [...wrong, wanted[0] ?? ""], wanted.slice(0, 1)) : isHigh ? shifted(layer, path, wanted) : [];
}

/** `db` and `database`: the one that templates read is named by the error, so that two letters are enough. */
function isShort(from: string, to: string): boolean {
  const [short = "", long = ""] = [from, to].map((key) => key.toLowerCase()).sort((a, b) => a.length - b.length);
  let at = 0;
  for (const letter of long) if (letter === short[at]) at++;
  return short.length >= 2 && short.length < long.length && short[0] === long[0] && at === short.length;
}

/** Another value that templates read ends with the same key: a value further up may be meant for that one. */
function isEndOfAnother({ read }: ChartReads, wanted: Path): boolean {
  return read.paths.some((path) => path.at(-1) === wanted.at(-1) && path.join(".") !== wanted.join("."));
}

function commonEnd(a: Path, b: Path): number {
  let common = 0;
  while (common < Math.min(a.length, b.length) && a.at(-1 - common) === b.at(-1 - common)) common++;
  return common;
}

/** `1.20` is read as 1.2, and would be written so. */
function hasFraction(value: Json): boolean {
  if (Array.isArray(value)) return value.some(hasFraction);
  return isObject(value) ? Object.values(value).some(hasFraction) : typeof value === "number" && !Number.isInteger(value);
}

/** What stands at one place stands at the other, and what only held it goes. */
function shifted(layer: Layer, from: Path, to: Path): FileChange[] {
  const value = getIn(layer.values, from);
  if (value === undefined || getIn(layer.values, to) !== undefined || hasFraction(value)) return [];
  const holder = getIn(layer.values, from.slice(0, -1));
  const gone = from.length > 1 && isObject(holder) && Object.keys(holder).length === 1 ? from.slice(0, -1) : from;
  return withValueAt(layer, to, { value, gone });
}
