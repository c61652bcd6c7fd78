import { AutofixError } from "../../errors.ts";
import type { RepositoryTree, TreeFile } from "./repository.ts";

/** `base` + `relative`, without `.` and `..`; undefined where it leaves the repository. The root is "". */
export function joinPath(base: string, relative: string): string | undefined {
  const parts: string[] = [];
  for (const part of `${base}/${relative}`.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/");
}

/** The folder of a file; "" for the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Whether `path` is `folder` or lies in it. */
export function isInside(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

/** The names of a kustomization, in the order in which kustomize looks for them. */
const KUSTOMIZATION_NAMES: readonly string[] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** Whether a file is a kustomization. */
export function isKustomizationFile(path: string): boolean {
  return KUSTOMIZATION_NAMES.includes(nameOf(path));
}

/** Whether a file lies in a chart's folder of templates, which are no YAML before they are rendered. */
export function isInTemplates(path: string): boolean {
  return /(?:^|\/)templates\//.test(path);
}

/** Whether a file makes its folder something that kustomize or Helm builds. */
export function isBuildFile(path: string): boolean {
  return isKustomizationFile(path) || nameOf(path) === "Chart.yaml";
}

/** What a tree holds, for quick look-ups: made once a tree. */
export interface TreeIndex {
  files: ReadonlyMap<string, TreeFile>;
  folders: ReadonlySet<string>;
}

const indexes = new WeakMap<RepositoryTree, TreeIndex>();

export function indexOf(tree: RepositoryTree): TreeIndex {
  const known = indexes.get(tree);
  if (known) return known;
  const folders = new Set<string>([""]);
  for (const { path } of tree.files) for (let folder = folderOf(path); !folders.has(folder); folder = folderOf(folder)) folders.add(folder);
  const index = { files: new Map(tree.files.map((file) => [file.path, file])), folders };
  indexes.set(tree, index);
  return index;
}

/** The path of the kustomization of a folder, if it has one. */
export function kustomizationIn(tree: RepositoryTree, folder: string): string | undefined {
  const { files } = indexOf(tree);
  return KUSTOMIZATION_NAMES.map((name) => (folder === "" ? name : `${folder}/${name}`)).find((path) => files.has(path));
}

/** Largest file that is read, in bytes: nothing that a person edits comes near it. Packed charts are read too, by helm alone. */
const MAX_BYTES = { text: 1024 * 1024, archive: 8 * 1024 * 1024 };

/** @throws AutofixError `source/too-large` for a file that is not read */
export function refuseLarge(path: string, size: number, limit = path.endsWith(".tgz") ? MAX_BYTES.archive : MAX_BYTES.text): void {
  if (size > limit) throw new AutofixError("source/too-large", `${path} has ${size} bytes; files above ${limit} are not read.`);
}
