import { isObject, type Json, listAt, textAt } from "../../cluster/objects.ts";
import type { Edit } from "../edit/edit.ts";
import type { FieldPath } from "../edit/field-path.ts";
import { yamlDocuments } from "../edit/yaml-documents.ts";
import { folderOf, isKustomizationFile, joinPath } from "../git/repository-paths.ts";
import type { FileChange } from "../workspace.ts";
import { edited, presentFiles, type TextFile } from "./edited-file.ts";
import { type BasisFile, isPlainYaml } from "./text-basis.ts";

/** What a patch, a generator that merges, or a number of replicas says that it is for: kustomize looks it up among the objects of the base. */
export interface PatchName {
  kind: string;
  name: string;
  /** The containers that it speaks of. */
  containers: string[];
  /** Where the name is written. */
  file: TextFile;
  /** The same for an object of another name. */
  edit(to: string): Edit;
  /** The files without it; only for an entry of `patches` that is for one object. */
  withdraw?(): FileChange[];
}

/** Patches, each with another name of what it is for: each file once. */
export function renamedPatches(renames: readonly { patch: PatchName; to: string }[]): FileChange[] {
  return [...new Set(renames.map(({ patch }) => patch.file.path))].flatMap((path) => {
    const own = renames.filter(({ patch }) => patch.file.path === path);
    const edits = own.map(({ patch, to }) => patch.edit(to));
    return own[0] ? edited(own[0].patch.file, edits) : [];
  });
}

/** Patches by what they ask for. */
export function byTarget(patches: readonly PatchName[]): PatchName[][] {
  const asked = (patch: PatchName) => `${patch.kind} ${patch.name}`;
  return [...new Set(patches.map(asked))].map((one) => patches.filter((patch) => asked(patch) === one));
}

/** Patches that ask for the same, as one: it speaks of the containers of all of them. */
export function asOnePatch([first, ...others]: readonly PatchName[]): Pick<PatchName, "kind" | "name" | "containers"> | undefined {
  return first && { kind: first.kind, name: first.name, containers: [...new Set([first, ...others].flatMap(({ containers }) => containers))] };
}

/** The names in patches and merging generators that no manifest or generator of these files declares: kustomize finds nothing to patch. */
export function strayPatchNames(files: readonly BasisFile[]): PatchName[] {
  const texts = textsOf(files);
  return kustomizationsIn(texts)
    .flatMap((kustomization) => [...patchesIn(kustomization, texts), ...mergesIn(kustomization), ...countsIn(kustomization, files)])
    .filter(({ kind, name }) => name !== "" && !declared(files, kind).some((one) => one.name === name));
}

/** What an object that can be patched is called, and the containers that it has. */
export interface Declared {
  name: string;
  containers: string[];
}

/** The objects of a kind that these files declare, by their names before prefix and hash. */
export function declared(files: readonly BasisFile[], kind: string): Declared[] {
  const texts = textsOf(files);
  const kustomizations = kustomizationsIn(texts);
  const patches = new Set(kustomizations.flatMap((one) => entriesOf(one).map(({ path }) => path)));
  const manifests = texts.filter(({ path }) => !patches.has(path)).flatMap(({ text }) => valuesIn(text));
  const written = manifests.filter((value) => textAt(value, "kind") === kind).map((value) => ({ name: nameIn(value), containers: containerNames(value) }));
  const generated = kind !== "ConfigMap" ? [] : kustomizations.flatMap(({ value }) => listAt(value, "configMapGenerator").filter((one) => !isMerge(one)));
  return [...written, ...generated.map((one) => ({ name: textAt(one, "name"), containers: [] }))];
}

/** The only one of some objects that has all containers of which a patch speaks; undefined for a patch that speaks of none. */
export function onlyFitting({ containers }: Pick<PatchName, "containers">, known: readonly Declared[]): Declared | undefined {
  const fitting = containers.length === 0 ? [] : known.filter((one) => containers.every((container) => one.containers.includes(container)));
  return fitting.length === 1 ? fitting[0] : undefined;
}

/**
 * What the object of a patch is called now: the only one of its kind that came since the last good revision, where its own was the only one that went. With all
 * containers of which the patch speaks.
 */
export function successorOf({ kind, name, containers }: Pick<PatchName, "kind" | "name" | "containers">, files: readonly BasisFile[]): Declared | undefined {
  const [now, then] = [declared(files, kind), declared(files.map(asItWas), kind)];
  const [gone, ...went] = then.filter((one) => !now.some((other) => other.name === one.name));
  const [fresh, ...came] = now.filter((one) => !then.some((other) => other.name === one.name));
  const isOnly = went.length + came.length === 0 && gone?.name === name;
  return isOnly && containers.every((container) => fresh?.containers.includes(container)) ? fresh : undefined;
}

/** A file as it was at the last good revision. */
export function asItWas({ path, lastGood }: BasisFile): BasisFile {
  return { path, text: lastGood, lastGood };
}

interface Kustomization extends TextFile {
  value: Json;
}

function textsOf(files: readonly BasisFile[]): TextFile[] {
  return presentFiles(files).filter(({ path }) => isPlainYaml(path));
}

function kustomizationsIn(texts: readonly TextFile[]): Kustomization[] {
  return texts.filter(({ path }) => isKustomizationFile(path)).map((one) => ({ ...one, value: valuesIn(one.text)[0] ?? null }));
}

/** The entries of `patches` and `patchesStrategicMerge`: a file, or a text in the kustomization. */
function entriesOf({ path, value }: Kustomization): { path: string; text: string; within: FieldPath; own: FieldPath; isTargeted: boolean }[] {
  const inFile = (named: string) => joinPath(folderOf(path), named) ?? "";
  const ownOf = (list: string, at: number): FieldPath => (listAt(value, list).length === 1 ? [list] : [list, at]);
  const patches = listAt(value, "patches").map((entry, at) => {
    const isTargeted = isObject(entry) && isObject(entry.target);
    const place = { within: ["patches", at, "patch"], own: ownOf("patches", at) };
    return { path: inFile(textAt(entry, "path")), text: textAt(entry, "patch"), ...place, isTargeted };
  });
  const merges = listAt(value, "patchesStrategicMerge").flatMap((entry, at) =>
    typeof entry === "string" && !entry.includes("\n")
      ? [{ path: inFile(entry), text: "", within: [], own: ownOf("patchesStrategicMerge", at), isTargeted: false }]
      : [],
  );
  return [...patches, ...merges];
}

function patchesIn(kustomization: Kustomization, texts: readonly TextFile[]): PatchName[] {
  return entriesOf(kustomization).flatMap(({ path, text, within, own, isTargeted }): PatchName[] => {
    const file = text === "" ? texts.find((one) => one.path === path) : undefined;
    if (isTargeted || (text === "" && !file)) return [];
    return valuesIn(file?.text ?? text).flatMap((value, document, all): PatchName[] => {
      const edit = (to: string): Edit =>
        file ? { document, path: ["metadata", "name"], value: to } : { document: 0, path: within, within: ["metadata", "name"], value: to };
      const about = { kind: textAt(value, "kind"), name: nameIn(value), containers: containerNames(value) };
      const withdraw = () => edited(kustomization, [{ document: 0, path: own, value: undefined }]);
      return [{ ...about, file: file ?? kustomization, edit, ...(all.length === 1 ? { withdraw } : {}) }];
    });
  });
}

/** Generators with `behavior` merge or replace, which change one of the base. */
function mergesIn(kustomization: Kustomization): PatchName[] {
  return listAt(kustomization.value, "configMapGenerator").flatMap((one, at): PatchName[] => {
    if (!isMerge(one)) return [];
    const edit = (to: string): Edit => ({ document: 0, path: ["configMapGenerator", at, "name"], value: to });
    return [{ kind: "ConfigMap", name: textAt(one, "name"), containers: [], file: kustomization, edit }];
  });
}

/** What kustomize's `replicas` may be for (replicacount transformer). */
const COUNTED = ["Deployment", "StatefulSet", "ReplicaSet"];

/** The entries of `replicas`, which name a workload and no kind: the one that had this name at the last good revision, else any that is declared. */
function countsIn(kustomization: Kustomization, files: readonly BasisFile[]): PatchName[] {
  return listAt(kustomization.value, "replicas").flatMap((one, at): PatchName[] => {
    const name = textAt(one, "name");
    const isDeclared = (kind: string, among: readonly BasisFile[]) => declared(among, kind).some((object) => object.name === name);
    if (COUNTED.some((kind) => isDeclared(kind, files))) return [];
    const then = files.map(asItWas);
    const kind = COUNTED.find((kind) => isDeclared(kind, then)) ?? COUNTED.find((kind) => declared(files, kind).length > 0) ?? "Deployment";
    const edit = (to: string): Edit => ({ document: 0, path: ["replicas", at, "name"], value: to });
    return [{ kind, name, containers: [], file: kustomization, edit }];
  });
}

function isMerge(generator: Json): boolean {
  return ["merge", "replace"].includes(textAt(generator, "behavior"));
}

function nameIn(value: Json): string {
  return textAt(value, "metadata", "name");
}

function containerNames(value: Json): string[] {
  return containersIn(value).map((container) => textAt(container, "name"));
}

/** The containers of a workload's pods, or those before them; those of a CronJob a level deeper. */
export function containersIn(value: Json, list: "containers" | "initContainers" = "containers"): Json[] {
  return [listAt(value, "spec", "template", "spec", list), listAt(value, "spec", "jobTemplate", "spec", "template", "spec", list)].flat();
}

function valuesIn(text: string): Json[] {
  return yamlDocuments(text).map(({ value }) => value);
}
