import type { RenderSettings } from "../../cluster/delivery.ts";
import { objectAt, textAt } from "../../cluster/objects.ts";
import { matchesPath } from "../git/glob.ts";
import { behindLink } from "../git/links.ts";
import type { RepositoryTree } from "../git/repository.ts";
import { indexOf, joinPath } from "../git/repository-paths.ts";
import { refused } from "../refusal.ts";
import type { RenderOutcome, SourceRefusal } from "../workspace.ts";
import { expandEnvironment } from "./argo-environment.ts";

export interface ValueFilesQuestion {
  tree: RepositoryTree;
  /** The chart's. */
  folder: string;
  settings: RenderSettings;
  environment: ReadonlyMap<string, string>;
}

type Failed = Extract<RenderOutcome, { kind: "failed" }>;

/**
 * `spec.source.helm.valueFiles` as paths in the repository, the last one wins. Patterns stand for their matches in order; a file that is named itself keeps its own
 * position, and none is read twice (Argo CD docs, "Glob Patterns in Value Files").
 */
export function argoValueFiles(question: ValueFilesQuestion, names: readonly string[]): { kind: "found"; paths: string[] } | SourceRefusal | Failed {
  const { tree, settings } = question;
  const ignoresMissing = settings.helm?.ignoreMissingValueFiles === true;
  const places = names.map((name) => ({ name, path: argoFile(question, name) }));
  const explicit = new Set(places.flatMap(({ path }) => (typeof path === "string" && !isPattern(path) ? [path] : [])));
  const paths = new Set<string>();
  for (const { name, path } of places) {
    if (typeof path !== "string") return path;
    if (isPattern(path)) {
      const matches = matching(tree, path);
      if (matches.length === 0 && !ignoresMissing) return { kind: "failed", message: `values file glob "${name}" matched no files`, inputs: [] };
      for (const match of matches) if (!explicit.has(match)) paths.add(match);
      continue;
    }
    const link = behindLink(tree, path);
    if (link) return link;
    if (indexOf(tree).files.has(path) || !ignoresMissing) paths.add(path);
  }
  return { kind: "found", paths: [...paths] };
}

/** A file's path in the repository: relative to the chart, from the root (`/`), or from the root of another source (`$ref/`). */
function argoFile({ folder, settings, environment }: ValueFilesQuestion, name: string): string | SourceRefusal {
  const [first = "", ...rest] = name.split("/");
  const ref = first.startsWith("$") ? first.slice(1) : "";
  const refs = settings.refs ?? {};
  if (ref !== "" && Object.hasOwn(refs, ref)) {
    const lender = refs[ref];
    if (lender !== true) return elsewhere(name, `it is in ${String(lender).replace(/\/\/[^/@]*@/, "//")}`);
    return joinPath("", expandEnvironment(rest.join("/"), environment)) ?? outside(name);
  }
  if (ref !== "" && !environment.has(ref) && !/^\{/.test(ref)) return elsewhere(name, `no source has ref ${ref}`);
  const expanded = expandEnvironment(name, environment);
  if (/^[\w+.-]+:\/\//.test(expanded)) {
    return refused("value-file-elsewhere", `The value file ${name} is fetched from a URL: change it there, or move it into the repository`, [name]);
  }
  return joinPath(expanded.startsWith("/") ? "" : folder, expanded) ?? outside(name);
}

function elsewhere(name: string, where: string): SourceRefusal {
  return refused("value-file-elsewhere", `The value file ${name} is outside this repository and branch (${where}): change it there`, [name]);
}

function outside(name: string): SourceRefusal {
  return refused("value-file-elsewhere", `The value file ${name} lies outside the repository: move it into it`, [name]);
}

function isPattern(path: string): boolean {
  return /[*?[]/.test(path);
}

/** As doublestar walks: a folder's own files in order of name, then its folders. */
function matching(tree: RepositoryTree, pattern: string): string[] {
  return tree.files
    .filter(({ path, mode }) => (mode === "file" || mode === "executable") && matchesPath(path, pattern))
    .map(({ path }) => path)
    .sort((a, b) => compareWalk(a.split("/"), b.split("/")));
}

function compareWalk(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; ; i++) {
    const [one, other] = [a[i], b[i]];
    if (one === undefined || other === undefined) return a.length - b.length;
    if (one === other) continue;
    const [isFile, otherIsFile] = [i === a.length - 1, i === b.length - 1];
    if (isFile !== otherIsFile) return isFile ? -1 : 1;
    return one < other ? -1 : 1;
  }
}

/** `spec.source.helm.fileParameters`: values that are the text of a file. */
export function fileParameters(question: ValueFilesQuestion): { kind: "found"; files: { name: string; path: string }[] } | SourceRefusal {
  const files: { name: string; path: string }[] = [];
  const listed = objectAt(question.settings.helm).fileParameters;
  for (const parameter of Array.isArray(listed) ? listed : []) {
    const path = argoFile(question, textAt(parameter, "path"));
    if (typeof path !== "string") return path;
    files.push({ name: textAt(parameter, "name"), path });
  }
  return { kind: "found", files };
}
