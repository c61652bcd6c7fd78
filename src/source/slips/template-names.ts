// Names in a chart's templates that lead nowhere, by helm's own error: of a template, of a function, of a value.

import { isObject, type Json, objectAt, textAt } from "../../cluster/objects.ts";
import { getIn } from "../edit/field-path.ts";
import { linesOf, withLineAt } from "../edit/hunks.ts";
import { yamlDocuments } from "../edit/yaml-documents.ts";
import { isInTemplates, nameOf } from "../git/repository-paths.ts";
import type { FileChange } from "../workspace.ts";
import { presentFiles, type TextFile } from "./edited-file.ts";
import { renamedTemplate } from "./renamed-template.ts";
import { reshapedValue } from "./reshaped-values.ts";
import type { BasisFile } from "./text-basis.ts";

/** Whether a name is a likely correction of another one. */
export type IsAlmost = (wrong: string, right: string) => boolean;

/** The functions that charts use most (Helm's and Sprig's). */
const FUNCTIONS =
  "include tpl toYaml fromYaml toJson toPrettyJson fromJson required lookup default quote squote indent nindent trim trimSuffix trimPrefix trunc upper lower title replace contains hasPrefix hasSuffix printf print b64enc b64dec sha256sum dict list set merge mergeOverwrite get hasKey keys values first last join split splitList ternary empty coalesce int int64 float64 toString add sub mul div mod max min and or not eq ne lt le gt ge range with index len kindIs typeOf fail date now uuidv4 randAlphaNum regexMatch regexReplaceAll semverCompare".split(
    " ",
  );

/**
 * The files in which one name of a template is written as what it was surely meant to be, where helm says that it leads nowhere: a template that no file
 * defines, a function that does not exist, a value whose key nobody sets; or in which a value stands in the group in which the template looks for it. Empty where
 * several could be meant, or none.
 */
export function templateNames(files: readonly BasisFile[], error: string, isAlmost: IsAlmost): FileChange[] {
  const templates = presentFiles(files).filter(({ path }) => isInTemplates(path));
  const reshaped = reshapedValue(files, error);
  if (reshaped) return [reshaped];
  return namedTemplate(files, templates, error, isAlmost) ?? calledFunction(templates, error, isAlmost) ?? readValue(files, templates, error, isAlmost) ?? [];
}

function namedTemplate(files: readonly BasisFile[], templates: readonly TextFile[], error: string, isAlmost: IsAlmost): FileChange[] | undefined {
  const wrong = undefinedTemplate(error);
  if (wrong === undefined) return undefined;
  const renamed = renamedTemplate(files, wrong);
  if (renamed !== undefined) return templates.flatMap((file) => replaced(file, `"${wrong}"`, `"${renamed}"`));
  const defined = templates.flatMap(({ text }) => [...text.matchAll(/\{\{-?\s*define\s+"([\w./-]{1,120})"/g)].map(([, name = ""]) => name));
  const almost = only(defined, (name) => isAlmost(wrong, name));
  const right = almost ?? ofAnotherChart(wrong, defined);
  if (right === undefined) return [];
  return almost === undefined ? underOtherPrefix(templates, wrong, right, defined) : templates.flatMap((file) => replaced(file, `"${wrong}"`, `"${right}"`));
}

/** The template of which helm says that no file defines it. */
function undefinedTemplate(error: string): string | undefined {
  return /no template \\*"([\w./-]{1,120})\\*" associated with template/.exec(error)?.[1];
}

/** Whether the template that a call does not find has another name since the last good revision. */
export function wasRenamed(files: readonly BasisFile[], error: string): boolean {
  const wrong = undefinedTemplate(error);
  return wrong !== undefined && renamedTemplate(files, wrong) !== undefined;
}

/** `shop.labels` where only `ledger.labels` is defined, and nothing of `shop`: charts name their templates after themselves (Helm docs, "Named Templates"). */
function ofAnotherChart(wrong: string, defined: readonly string[]): string | undefined {
  const [prefix, part] = [wrong.slice(0, wrong.lastIndexOf(".")), wrong.slice(wrong.lastIndexOf("."))];
  if (!wrong.includes(".") || defined.some((name) => name.startsWith(`${prefix}.`))) return undefined;
  return only(defined, (name) => name.slice(name.lastIndexOf(".")) === part);
}

/** What else a template calls by the old prefix is defined by the new one too: all of it follows. */
function underOtherPrefix(templates: readonly TextFile[], wrong: string, right: string, defined: readonly string[]): FileChange[] {
  const [from, to] = [wrong, right].map((name) => name.slice(0, name.lastIndexOf(".") + 1));
  const called = new RegExp(`"${(from ?? "").replaceAll(".", "\\.")}([\\w-]{1,100})"`, "g");
  const isWhole = templates.every(({ text }) => [...text.matchAll(called)].every(([, part = ""]) => defined.includes(`${to}${part}`)));
  if (!isWhole) return templates.flatMap((file) => replaced(file, `"${wrong}"`, `"${right}"`));
  return templates.flatMap((file) => {
    const after = file.text.replaceAll(called, (_, part: string) => `"${to}${part}"`);
    return after === file.text ? [] : [changed(file, after)];
  });
}

function calledFunction(templates: readonly TextFile[], error: string, isAlmost: IsAlmost): FileChange[] | undefined {
  const {
    file = "",
    line = "",
    wrong,
  } = /\((?<file>[\w./-]{1,300}):(?<line>\d{1,6})\): function \\*"(?<wrong>\w{1,60})\\*" not defined/.exec(error)?.groups ?? {};
  if (wrong === undefined) return undefined;
  const right = only(FUNCTIONS, (name) => isAlmost(wrong, name));
  return right === undefined ? [] : onceInLine(templates, { file, line }, new RegExp(`\\b${wrong}\\b`), right);
}

/** Whether the value that a template does not find was there at the last good revision, in a group that is elsewhere now, or in none. */
export function hasMoved(files: readonly BasisFile[], error: string): boolean {
  if (reshapedValue(files, error)) return true;
  const path = readPath(error);
  if (!path) return false;
  const given = valuesIn(files);
  const depth = depthOfMissing(given, path);
  const then = valuesIn(files.map((file) => ({ ...file, text: file.lastGood })));
  return depth >= 0 && movedTo(given, path, depth) !== undefined && then.some((values) => getIn(values, path) !== undefined);
}

/** Whether the value that a template does not find is there, and only not below `.`: the line stands in a `range` or a `with`. */
export function isOutOfScope(files: readonly BasisFile[], error: string): boolean {
  const path = readPath(error);
  return path !== undefined && depthOfMissing(valuesIn(files), path) < 0;
}

function readPath(error: string): string[] | undefined {
  return /at <\$?\.Values\.([\w.]{1,200})>:\s{0,20}nil pointer evaluating/.exec(error)?.[1]?.split(".");
}

/** The first key of a path that nobody sets; -1 where somebody sets all of it. */
function depthOfMissing(given: readonly Json[], path: readonly string[]): number {
  return path.findIndex((_, i) => given.every((values) => getIn(values, path.slice(0, i + 1)) === undefined));
}

function readValue(files: readonly BasisFile[], templates: readonly TextFile[], error: string, isAlmost: IsAlmost): FileChange[] | undefined {
  const path = readPath(error);
  if (!path) return undefined;
  const given = valuesIn(files);
  const depth = depthOfMissing(given, path);
  const wrong = path[depth];
  if (wrong === undefined) return fromRoot(templates, error, path);
  if (depth === path.length - 1) return [];
  const keys = given.flatMap((values) => Object.entries(objectAt(values, ...path.slice(0, depth))).flatMap(([key, value]) => (isObject(value) ? [key] : [])));
  const right = only(keys, (key) => isAlmost(wrong, key));
  const moved = right === undefined ? movedTo(given, path, depth) : [...path.slice(0, depth), right];
  if (!moved) return [];
  const before = `.Values.${path.slice(0, depth + 1).join(".")}.`;
  return templates.flatMap((file) => replaced(file, before, `.Values.${moved.join(".")}.`));
}

/** The only group elsewhere in the values that is called alike and holds what is read: `global.image` for `image`. */
function movedTo(given: readonly Json[], path: readonly string[], depth: number): string[] | undefined {
  const group = path.slice(depth, -1);
  const groups = given.flatMap((values) =>
    groupsIn(values).filter((at) => at.length >= group.length && getIn(values, [...at, ...path.slice(-1)]) !== undefined),
  );
  const found = only(
    groups.map((at) => at.join(".")),
    (at) => `.${at}`.endsWith(`.${group.join(".")}`),
  );
  return found?.split(".").slice(0, found.split(".").length - group.length + 1);
}

/** The paths of all maps in values, as deep as people write them. */
function groupsIn(values: Json, at: readonly string[] = []): string[][] {
  if (!isObject(values) || at.length > 8) return [];
  return [[...at], ...Object.entries(values).flatMap(([key, value]) => groupsIn(value, [...at, key]))];
}

/** The value is there, and `.` is something else in a `range` or a `with` (text/template): `$` is the root everywhere. In the one line of which helm speaks. */
function fromRoot(templates: readonly TextFile[], error: string, path: readonly string[]): FileChange[] {
  const { file = "", line = "" } =
    /(?<file>[\w./-]{1,300}):(?<line>\d{1,6}):\d{1,6}\s{0,10}:?\s{0,10}executing "[^"\n]{1,300}" at <\.Values\./.exec(error)?.groups ?? {};
  const value = path.join(".");
  return onceInLine(templates, { file, line }, new RegExp(`(?<![$\\w])\\.Values\\.${value.replaceAll(".", "\\.")}(?![\\w.])`), `$.Values.${value}`);
}

/** What stands once in the line that helm names, as something else. @param at the template as helm calls it, with the chart's name before it, and the line from 1 */
function onceInLine(templates: readonly TextFile[], at: { file: string; line: string }, wrong: RegExp, right: string): FileChange[] {
  const place = at.file.slice(at.file.indexOf("templates/"));
  const [template, ...more] = templates.filter(({ path }) => at.file.includes("templates/") && path.endsWith(place));
  if (!template || more.length > 0) return [];
  const lines = linesOf(template.text);
  const parts = (lines[Number(at.line) - 1] ?? "").split(wrong);
  return parts.length === 2 ? [changed(template, withLineAt(lines, Number(at.line) - 1, parts.join(right)))] : [];
}

/** What git gives to charts: their defaults, values files, values of HelmReleases. */
function valuesIn(files: readonly BasisFile[]): Json[] {
  return files.filter(mayHoldValues).flatMap(({ text }) => yamlDocuments(text).flatMap(({ value }) => valuesOf(value)));
}

function mayHoldValues({ path }: BasisFile): boolean {
  return /\.ya?ml$/.test(path) && !isInTemplates(path) && nameOf(path) !== "Chart.yaml";
}

function valuesOf(document: Json): Json[] {
  if (textAt(document, "kind") === "HelmRelease") return [objectAt(document, "spec", "values")];
  return isObject(document) && document.kind === undefined ? [document] : [];
}

function only(names: readonly string[], isIt: (name: string) => boolean): string | undefined {
  const [found, ...more] = new Set(names.filter(isIt));
  return more.length === 0 ? found : undefined;
}

function replaced(file: TextFile, before: string, after: string): FileChange[] {
  return file.text.includes(before) ? [changed(file, file.text.replaceAll(before, after))] : [];
}

function changed({ path, text }: TextFile, after: string): FileChange {
  return { path, before: text, after };
}
