import { applyPatch, createTwoFilesPatch } from "diff";
import type { CommitObject, FileEntry, GitObjects } from "./git-objects.ts";

/** A file that differs between two trees. A file that moved unchanged is one renamed file, as GitHub shows it. */
export interface FileDifference {
  path: string;
  previous?: string;
  status: "added" | "removed" | "modified" | "renamed";
  sha: string;
  before: FileEntry | undefined;
  after: FileEntry | undefined;
}

/** A commit and everything before it. */
export function ancestorsOf(git: GitObjects, commit: string): Set<string> {
  const seen = new Set<string>();
  const waiting = [commit];
  for (let sha = waiting.pop(); sha !== undefined; sha = waiting.pop()) {
    if (seen.has(sha)) continue;
    seen.add(sha);
    waiting.push(...(git.commits.get(sha)?.parents ?? []));
  }
  return seen;
}

/** Newest first; a commit comes before its parents. */
export function logOf(git: GitObjects, commits: Iterable<string>): CommitObject[] {
  const known = [...commits].flatMap((sha) => git.commits.get(sha) ?? []);
  const inLog = new Set(known.map(({ sha }) => sha));
  const depth = new Map<string, number>();
  const depthOf = (sha: string): number => {
    const found = depth.get(sha);
    if (found !== undefined) return found;
    const parents = (git.commits.get(sha)?.parents ?? []).filter((parent) => inLog.has(parent));
    const own = parents.length === 0 ? 0 : Math.max(...parents.map(depthOf)) + 1;
    depth.set(sha, own);
    return own;
  };
  return known.sort((a, b) => depthOf(b.sha) - depthOf(a.sha));
}

/** The newest commit that both have; undefined for unrelated histories. */
export function mergeBase(git: GitObjects, a: string, b: string): string | undefined {
  const ours = ancestorsOf(git, a);
  return logOf(
    git,
    [...ancestorsOf(git, b)].filter((sha) => ours.has(sha)),
  )[0]?.sha;
}

export function differences(git: GitObjects, from: string, to: string): FileDifference[] {
  const [old, now] = [git.filesAt(from), git.filesAt(to)];
  const all: FileDifference[] = [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((path): FileDifference[] => {
    const [before, after] = [old.get(path), now.get(path)];
    if (before?.sha === after?.sha && before?.mode === after?.mode) return [];
    const status = before === undefined ? "added" : after === undefined ? "removed" : "modified";
    return [{ path, status, sha: (after ?? before)?.sha ?? "", before, after }];
  });
  return withRenames(all);
}

function withRenames(all: readonly FileDifference[]): FileDifference[] {
  const gone = new Set<string>();
  const found = all.map((file): FileDifference => {
    const from = file.status === "added" ? all.find((other) => other.status === "removed" && other.sha === file.sha && !gone.has(other.path)) : undefined;
    if (!from) return file;
    gone.add(from.path);
    return { ...file, status: "renamed", previous: from.path, before: from.before };
  });
  return found.filter((file) => file.status !== "removed" || !gone.has(file.path));
}

/** The patch of one file as GitHub shows it: hunks only. */
export function patchOf(git: GitObjects, { path, before, after }: FileDifference): { patch: string; additions: number; deletions: number } {
  const text = createTwoFilesPatch(path, path, before ? git.textOf(before.sha) : "", after ? git.textOf(after.sha) : "", undefined, undefined, { context: 3 });
  const start = text.indexOf("@@ ");
  const patch = start < 0 ? "" : text.slice(start).trimEnd();
  const count = (sign: string) => patch.split("\n").filter((line) => line.startsWith(sign)).length;
  return { patch, additions: count("+"), deletions: count("-") };
}

/** The files after a merge, or "conflict": what only one side changed is taken, what both changed has to fit line by line. */
export function mergedFiles(git: GitObjects, base: string, ours: string, theirs: string): Map<string, FileEntry> | "conflict" {
  const [old, mine, other] = [git.filesAt(base), git.filesAt(ours), git.filesAt(theirs)];
  const merged = new Map(mine);
  for (const path of new Set([...old.keys(), ...other.keys()])) {
    const [was, here, there] = [old.get(path), mine.get(path), other.get(path)];
    if (there?.sha === was?.sha && there?.mode === was?.mode) continue;
    if (here?.sha === there?.sha) continue;
    if (here?.sha === was?.sha) {
      if (there) merged.set(path, there);
      else merged.delete(path);
      continue;
    }
    const text = here && there && was ? mergedText(git, was, here, there) : undefined;
    if (text === undefined || !here) return "conflict";
    merged.set(path, { mode: here.mode, sha: git.addBlob(Buffer.from(text)) });
  }
  return merged;
}

/** Git puts changes together that do not touch; a patch with one line around it and no tolerance is as strict. */
function mergedText(git: GitObjects, was: FileEntry, here: FileEntry, there: FileEntry): string | undefined {
  const patch = createTwoFilesPatch("a", "a", git.textOf(was.sha), git.textOf(there.sha), undefined, undefined, { context: 1 });
  const result = applyPatch(git.textOf(here.sha), patch, { fuzzFactor: 0 });
  return result === false ? undefined : result;
}
