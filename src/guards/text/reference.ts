// One word of one line that led nowhere: where it leads now, and what that brings to the delivery.
import { isObject, type Json, listAt, textAt } from "../../cluster/objects.ts";
import { repositoryPath } from "../../cluster/reading.ts";
import { linesOf } from "../../source/edit/hunks.ts";
import { parseYaml } from "../../source/edit/yaml-documents.ts";
import { folderOf, isKustomizationFile, joinPath, nameOf } from "../../source/git/repository-paths.ts";
import { type BasisFile, isPlainYaml, type TextBasis } from "../../source/slips/text-basis.ts";
import { EDITABLE_KINDS } from "../scope.ts";

export interface Line {
  /** Position, from 0. */
  at: number;
  before: string;
  after: string;
}

/** The one line that differs; undefined where more do. */
export function onlyLine(before: string, after: string): Line | undefined {
  const [old, now] = [linesOf(before), linesOf(after)];
  if (old.length !== now.length) return undefined;
  const differing = old.flatMap((line, i) => (line === now[i] ? [] : [{ at: i, before: line, after: now[i] ?? "" }]));
  return differing.length === 1 ? differing[0] : undefined;
}

/** One word of one line: a path of a kustomization that led nowhere and now leads to a file of the repository; the name of a ConfigMap, or the path of a chart, in a HelmRelease. */
export function isReference(basis: TextBasis, path: string, text: string, line: Line): boolean {
  const changed = changedWord(line);
  if (!changed || !/^[\w./-]{1,300}$/.test(changed.right)) return false;
  const { wrong, right } = changed;
  if (isKustomizationFile(path)) {
    const leadsTo = (word: string) => basis.paths.has(joinPath(folderOf(path), word) ?? "..");
    return right !== "" && leadsTo(right) && !leadsTo(wrong);
  }
  if (!/^kind: *["']?HelmRelease\b/m.test(text)) return false;
  const isChart = (word: string) => basis.paths.has(`${repositoryPath(word)}/Chart.yaml`);
  if (/^[ \t]*chart: /.test(line.before)) return isChart(right) && !isChart(wrong);
  const isRelease = /^[ \t]*(?:- )?name: /.test(line.before);
  return isRelease && basis.configMaps.has(right) && !basis.configMaps.has(wrong);
}

/** Kinds that a corrected reference, or the name of a template, may bring although no fix edits them: nothing gets a right by them. */
export const HARMLESS: ReadonlySet<string> = new Set(["PodDisruptionBudget"]);

/**
 * The kinds of what a corrected reference of a kustomization brings, where no last good revision is known and they are not harmless. With one, the rendered objects
 * say what is new (not-worse.ts); without one a file that nobody looked into may bring anything.
 */
export function broughtKinds(basis: TextBasis, { path, text: before }: BasisFile, after: string): string[] {
  const target = before === undefined || basis.hasLastGood ? undefined : referredTo(basis, path, before, after);
  // No manifests: the text of a generator.
  if (target === undefined || (/\.\w+$/.test(target) && !isPlainYaml(target))) return [];
  const outcome = parseYaml(broughtText(basis, target) ?? "");
  if (outcome.kind !== "parsed" || outcome.documents.length === 0) return ["file or folder that nobody looked into"];
  const kinds = outcome.documents.flatMap(({ value }) => objectsIn(value)).map((value) => textAt(value, "kind"));
  return [...new Set(kinds)].filter((kind) => kind !== "" && !EDITABLE_KINDS.has(kind) && !HARMLESS.has(kind));
}

function objectsIn(value: Json): Json[] {
  return isObject(value) && Array.isArray(value.items) ? listAt(value, "items") : [value];
}

/** The file of the repository to which a repair makes a kustomization refer; undefined where it does no such thing. */
export function referredTo(basis: TextBasis, path: string, before: string, after: string): string | undefined {
  const line = isKustomizationFile(path) ? onlyLine(before, after) : undefined;
  const changed = line && isReference(basis, path, before, line) ? changedWord(line) : undefined;
  return changed && joinPath(folderOf(path), changed.right);
}

export function broughtText({ files, beside }: TextBasis, path: string): string | undefined {
  return files.find((file) => file.path === path)?.text ?? beside.get(path);
}

/** The one word that another took the place of; a file of a generator may keep its key: `app.conf` becomes `app.conf=shop.conf`. */
function changedWord({ before, after }: Line): { wrong: string; right: string } | undefined {
  const [old, all] = [words(before), words(after)];
  const key = all.findIndex((word, i) => word === "=" && old[i - 1] !== undefined && nameOf(old[i - 1] ?? "") === all[i - 1] && old[i] !== "=");
  const now = key < 0 ? all : all.toSpliced(key - 1, 2);
  const [index, ...more] = old.flatMap((word, i) => (word === now[i] ? [] : [i]));
  if (index === undefined || more.length > 0 || old.length !== now.length) return undefined;
  return { wrong: old[index] ?? "", right: now[index] ?? "" };
}

function words(line: string): string[] {
  return line.split(/([\s"',[\]{}=]+)/);
}
