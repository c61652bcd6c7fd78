import { listAt, textAt } from "../../cluster/objects.ts";
import { repositoryPath } from "../../cluster/reading.ts";
import { sameJson } from "../../source/edit/field-path.ts";
import { hunksBetween, linesOf } from "../../source/edit/hunks.ts";
import { parseYaml } from "../../source/edit/yaml-documents.ts";
import type { RepositoryTree } from "../../source/git/repository.ts";
import { folderOf, indexOf, isKustomizationFile, joinPath, kustomizationIn, nameOf } from "../../source/git/repository-paths.ts";
import { isKeyOfGenerator, missingReferences, otherBuildersOf } from "../../source/render/kustomization-files.ts";
import { type BasisFile, configMapsIn, isPlainYaml } from "../../source/slips/text-basis.ts";
import { nearMatch } from "../near-match.ts";
import { type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/** A name in a file that leads nowhere. */
export interface Dangling {
  kind: "file" | "ConfigMap" | "chart";
  file: string;
  wrong: string;
  /** A file of a generator, which becomes a key by its name. */
  isKey?: boolean;
}

/** References of kustomizations to files that are not there, and of the HelmRelease to ConfigMaps that nothing writes out and to a chart that is not there. */
export function danglingReferences({ basis, workspace }: Sources): Dangling[] {
  const release = workspace.source.settings.helmRelease;
  return basis.files.flatMap(({ path, text }): Dangling[] => {
    if (text === undefined || !isPlainYaml(path)) return [];
    const outcome = parseYaml(text);
    if (outcome.kind !== "parsed") return [];
    const list = outcome.documents[0]?.value ?? null;
    const missing = missingReferences(path, list, basis.paths).map(
      (wrong): Dangling => ({
        ...{ kind: "file", file: path, wrong },
        isKey: isKeyOfGenerator(list, wrong),
      }),
    );
    const own = outcome.documents.filter(
      ({ value }) => release !== undefined && textAt(value, "kind") === "HelmRelease" && textAt(value, "metadata", "name") === release.name,
    );
    const charts = own
      .filter(({ value }) => textAt(value, "spec", "chart", "spec", "sourceRef", "kind") === "GitRepository")
      .map(({ value }) => textAt(value, "spec", "chart", "spec", "chart"))
      .filter((chart) => chart !== "" && !basis.paths.has(`${repositoryPath(chart)}/Chart.yaml`))
      .map((chart): Dangling => ({ kind: "chart", file: path, wrong: chart }));
    const maps = own
      .flatMap(({ value }) => listAt(value, "spec", "valuesFrom"))
      .filter((from) => textAt(from, "kind") === "ConfigMap" && !basis.configMaps.has(textAt(from, "name")))
      .map((from): Dangling => ({ kind: "ConfigMap", file: path, wrong: textAt(from, "name") }));
    return [...missing, ...charts, ...maps];
  });
}

/** What a commit renamed without its reference: the same content is there under another name. */
export function renamedReference(sources: Sources, renders: Renders): Promise<TextRepair | undefined> {
  return sources.basis.hasLastGood ? repaired(sources, renders, true) : Promise.resolve(undefined);
}

/** The only thing that exists with a name like the one that is asked for, and that nothing else refers to. */
export function nearReference(sources: Sources, renders: Renders): Promise<TextRepair | undefined> {
  return repaired(sources, renders, false);
}

/** The same where the reference came since the last good revision, which had neither name: to put that back would lose what the commit wanted to bring. */
export async function newReference(sources: Sources, renders: Renders): Promise<TextRepair | undefined> {
  if (!sources.basis.hasLastGood) return undefined;
  const found = await corrected(sources, false);
  const past = wordsOf(sources.basis.files.find(({ path }) => path === found?.file)?.lastGood ?? "");
  return found && !past.includes(found.wrong) && !past.includes(found.right) ? proven(sources, renders, found, false) : undefined;
}

async function repaired(sources: Sources, renders: Renders, isRename: boolean): Promise<TextRepair | undefined> {
  const found = await corrected(sources, isRename);
  return found && proven(sources, renders, found, isRename);
}

interface Correction extends Dangling {
  right: string;
}

async function corrected(sources: Sources, isRename: boolean): Promise<Correction | undefined> {
  const [only, ...more] = danglingReferences(sources);
  if (!only || more.length > 0) return undefined;
  const right = isRename ? await renamed(sources, only) : await near(sources, only);
  return right === undefined ? undefined : { ...only, right };
}

async function proven(sources: Sources, renders: Renders, correction: Correction, isRename: boolean): Promise<TextRepair | undefined> {
  const { kind, wrong, right, file } = correction;
  const text = sources.basis.files.find(({ path }) => path === file)?.text;
  const after = text === undefined ? undefined : withReference(text, wrong, isRename && keepsKey(sources, correction) ? `${nameOf(wrong)}=${right}` : right);
  if (text === undefined || after === undefined) return undefined;
  const repair = { ...repairOf("reference", file, text, after), reference: { kind, wrong, right, isRename } };
  return (await renders.try(sources.workspace, repair.files)) ? repair : undefined;
}

/** Whether the key stays what the pods know: nothing but the file's name changed, and nothing speaks of the new one. */
function keepsKey({ basis }: Sources, { isKey, wrong, right }: Correction): boolean {
  return isKey === true && nameOf(wrong) !== nameOf(right) && !basis.files.some(({ text }) => text !== undefined && wordsOf(text).includes(nameOf(right)));
}

async function renamed(sources: Sources, dangling: Dangling): Promise<string | undefined> {
  if (dangling.kind === "chart") return movedChart(sources, dangling);
  return dangling.kind === "file" ? renamedFile(sources, dangling) : renamedMap(sources.basis.files, dangling.wrong);
}

/** The one ConfigMap that was not there and holds what the missing one held; else the only one that came as only that one went, with its keys. */
function renamedMap(files: readonly BasisFile[], wrong: string): string | undefined {
  const past = files.flatMap(({ path, lastGood }) => configMapsIn(path, lastGood));
  const today = files.flatMap(({ path, text }) => configMapsIn(path, text));
  const held = past.find(({ name }) => name === wrong);
  if (!held) return undefined;
  const isAmong = (maps: typeof past, name: string) => maps.some((other) => other.name === name);
  const fresh = today.filter(({ name }) => !isAmong(past, name));
  const same = fresh.filter(({ data }) => data === held.data);
  if (same.length > 0) return same.length === 1 ? same[0]?.name : undefined;
  const [only, ...more] = fresh;
  const isOnlyGone = past.every(({ name }) => name === wrong || isAmong(today, name));
  return only && more.length === 0 && isOnlyGone && sameJson(only.keys, held.keys) ? only.name : undefined;
}

/** The one file that was not there and holds what the missing one held; for a folder, the one whose kustomization does. */
export async function renamedFile({ workspace, lastGood, basis }: Sources, { file, wrong }: Pick<Dangling, "file" | "wrong">): Promise<string | undefined> {
  const gone = joinPath(folderOf(file), wrong);
  if (!lastGood || gone === undefined || basis.paths.has(gone)) return undefined;
  const past = lastGood.workspace.tree;
  const list = kustomizationIn(past, gone);
  const held = await past.read(list ?? gone);
  if (held === undefined) return undefined;
  const known = new Set(past.files.map(({ path }) => path));
  const fresh = workspace.tree.files.filter(({ path, mode, size }) => !known.has(path) && (mode === "file" || mode === "executable") && size < 200_000);
  if (fresh.length > MOST_FRESH) return undefined;
  const isOfKind = (path: string) => (list === undefined ? isPlainYaml(path) === isPlainYaml(gone) : isKustomizationFile(path));
  const read = await Promise.all(fresh.filter(({ path }) => isOfKind(path)).map(async ({ path }) => ({ path, text: (await workspace.tree.read(path)) ?? "" })));
  const same = read.filter(({ text }) => text === held);
  // Of several that are alike the one that was only moved.
  const alike = (same.length > 0 ? same : read.filter(({ text }) => isAlike(held, text))).map(({ path }) => path);
  const [only] = alike;
  return only !== undefined && alike.length === 1 ? relativeTo(folderOf(file), list === undefined ? only : folderOf(only)) : undefined;
}

/** The folder of the one chart that came, where its description is that of the chart that went. */
async function movedChart({ workspace, lastGood }: Sources, { wrong }: Dangling): Promise<string | undefined> {
  const past = lastGood?.workspace.tree;
  const held = await past?.read(`${repositoryPath(wrong)}/Chart.yaml`);
  if (!past || held === undefined) return undefined;
  const known = new Set(past.files.map(({ path }) => path));
  const fresh = workspace.tree.files.map(({ path }) => path).filter((path) => nameOf(path) === "Chart.yaml" && !known.has(path));
  if (fresh.length > MOST_FRESH) return undefined;
  const alike: string[] = [];
  for (const path of fresh) if (isAlike(held, (await workspace.tree.read(path)) ?? "")) alike.push(folderOf(path));
  const [only, ...more] = alike;
  return only === undefined || more.length > 0 ? undefined : `${wrong.startsWith("./") ? "./" : ""}${only}`;
}

const MOST_FRESH = 50;

/** As git tells renames: at least half of the lines are the same. */
function isAlike(held: string, now: string): boolean {
  const changed = hunksBetween("", held, now).reduce((sum, { before }) => sum + before.length, 0);
  const all = linesOf(held).length;
  return held === now || (all > 2 && changed * 2 <= all && linesOf(now).length <= 2 * all);
}

function relativeTo(folder: string, path: string): string {
  const from = folder === "" ? [] : folder.split("/");
  const to = path.split("/");
  let common = 0;
  while (common < from.length && from[common] === to[common]) common++;
  return [...from.slice(common).map(() => ".."), ...to.slice(common)].join("/");
}

async function near({ basis, workspace }: Sources, { kind, file, wrong }: Dangling): Promise<string | undefined> {
  if (kind === "chart") return undefined;
  if (kind === "ConfigMap") return nearMatch(wrong, basis.configMaps);
  const folder = joinPath(folderOf(file), folderOf(wrong));
  const text = basis.files.find(({ path }) => path === file)?.text;
  if (folder === undefined || text === undefined) return undefined;
  const listed = new Set(wordsOf(text).map((word) => joinPath(folderOf(file), word)));
  const beside = workspace.tree.files.map(({ path }) => path).filter((path) => folderOf(path) === folder && path !== file && !listed.has(path));
  const name = nameOf(wrong);
  const likely = beside.map(nameOf).filter((other) => isShort(name, other) || isShort(other, name));
  const found =
    nearMatch(name, [...beside, ...foldersIn(workspace.tree, folder, listed)].map(nameOf)) ??
    (likely.length === 1 ? likely[0] : undefined) ??
    (await unlisted(workspace.tree, name, beside));
  return found === undefined ? undefined : `${wrong.slice(0, wrong.length - name.length)}${found}`;
}

/** The folders in this one that can be built and are not listed yet. */
function foldersIn(tree: RepositoryTree, folder: string, listed: ReadonlySet<string | undefined>): string[] {
  return [...indexOf(tree).folders].filter(
    (path) => path !== "" && folderOf(path) === folder && kustomizationIn(tree, path) !== undefined && !listed.has(path),
  );
}

/** Of some files the name of the only one with such a name that no kustomization lists: it was made to be listed. */
async function unlisted(tree: RepositoryTree, name: string, files: readonly string[]): Promise<string | undefined> {
  const alike: string[] = [];
  for (const path of files) if (sharesWords(name, nameOf(path)) || (await isCalledByKind(tree, name, path))) alike.push(path);
  const free: string[] = [];
  for (const path of alike) if ((await otherBuildersOf(tree, new Set([path]), new Set())).length === 0) free.push(path);
  const [only, ...more] = free;
  return only === undefined || more.length > 0 ? undefined : nameOf(only);
}

/** `pod-disruption-budget.yaml` for `disruption-budget.yaml`: all words of the shorter name, and the last one, which says what it is, in both; or the same words in another order. */
function sharesWords(one: string, other: string): boolean {
  const [a, b] = [stemOf(one), stemOf(other)];
  const [short = [], long = []] = [a, b].map(({ stem }) => namedWords(stem)).sort((x, y) => x.length - y.length);
  if (a.end !== b.end || short.length === 0 || !short.every((word) => long.includes(word))) return false;
  return short.length === long.length || short.at(-1) === long.at(-1);
}

/** `worker-deployment.yaml` for `worker.yaml`, which holds the Deployment: what the name says more is what the file is. */
async function isCalledByKind(tree: RepositoryTree, wrong: string, path: string): Promise<boolean> {
  const [a, b] = [stemOf(wrong), stemOf(nameOf(path))];
  const [asked, own] = [namedWords(a.stem), namedWords(b.stem)];
  const more = asked.slice(own.length).join("");
  if (a.end !== b.end || own.length === 0 || more === "" || own.some((word, i) => word !== asked[i])) return false;
  return new RegExp(`^kind: *["']?${more}["']?\\s*$`, "im").test((await tree.read(path)) ?? "");
}

function namedWords(name: string): string[] {
  const apart = name.replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();
  return apart.split(/[^a-z0-9]+/).filter((word) => word !== "");
}

/** `svc.yaml` for `service.yaml`, `deploy.yml` for `deployment.yaml`: the same first letter, and every other one in this order. Whole words are no short ones. */
function isShort(short: string, long: string): boolean {
  const [a, b] = [stemOf(short), stemOf(long)];
  if (namedWords(a.stem).every((word) => namedWords(b.stem).includes(word))) return false;
  if (a.end !== b.end || a.stem === "" || a.stem[0] !== b.stem[0]) return false;
  let at = 0;
  for (const letter of a.stem) {
    at = b.stem.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

function stemOf(name: string): { stem: string; end: string } {
  const dot = name.lastIndexOf(".");
  if (dot <= 0) return { stem: name, end: "" };
  const end = name.slice(dot + 1);
  return { stem: name.slice(0, dot), end: end === "yml" ? "yaml" : end };
}

/** The text with the one word replaced; undefined where it is there more than once. */
function withReference(text: string, wrong: string, right: string): string | undefined {
  if (!/^[\w./-]{1,300}$/.test(wrong) || !/^(?:[\w.-]{1,200}=)?[\w./-]{1,300}$/.test(right)) return undefined;
  const words = text.split(/([\s"',[\]{}=]+)/);
  const places = words.flatMap((word, i) => (word === wrong ? [i] : []));
  const [place, ...more] = places;
  if (place === undefined || more.length > 0) return undefined;
  return [...words.slice(0, place), right, ...words.slice(place + 1)].join("");
}

function wordsOf(text: string): string[] {
  return text.split(/[\s"',[\]{}=]+/);
}
