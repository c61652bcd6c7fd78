import type { Octokit } from "@octokit/rest";
import { AutofixError } from "../../errors.ts";
import { asAutofixError } from "./github-client.ts";
import type { TreeFile } from "./repository.ts";

/** A file of a commit and the SHA under which its content can be fetched. */
export interface GitEntry extends TreeFile {
  sha: string;
}

/** A repository that needs more calls than this for its list of files is not one that we can look after within GitHub's limits. */
const MAX_CALLS = 150;

interface RawEntry {
  path: string;
  mode: string;
  type: string;
  sha: string;
  size?: number;
}

/**
 * All files of a commit. One call, unless the tree is too large for one answer (`truncated`: above 100,000 entries or 7 MB,
 * docs.github.com/rest/git/trees): then directory by directory, each as deep as one answer holds.
 */
export async function readTree(octokit: Octokit, place: { owner: string; repo: string }, commit: string): Promise<GitEntry[]> {
  let calls = 0;

  async function list(sha: string, recursive: boolean): Promise<{ entries: RawEntry[]; truncated: boolean }> {
    if (++calls > MAX_CALLS) throw new AutofixError("source/too-large", `${place.owner}/${place.repo} has more files than GitHub lists in ${MAX_CALLS} calls.`);
    try {
      const { data } = await octokit.rest.git.getTree({ ...place, tree_sha: sha, ...(recursive ? { recursive: "1" } : {}) });
      return { entries: data.tree, truncated: data.truncated };
    } catch (thrown) {
      throw asAutofixError("source/unreadable", `list the files of ${place.owner}/${place.repo} at ${commit}`, thrown);
    }
  }

  async function walk(sha: string, prefix: string): Promise<GitEntry[]> {
    const all = await list(sha, true);
    if (!all.truncated) return toFiles(all.entries, prefix);
    const level = await list(sha, false);
    if (level.truncated) throw new AutofixError("source/too-large", `The folder "${prefix}" has more entries than GitHub lists.`);
    const files = toFiles(level.entries, prefix);
    for (const entry of level.entries) {
      if (entry.type === "tree") files.push(...(await walk(entry.sha, `${prefix}${entry.path}/`)));
    }
    return files;
  }

  return walk(commit, "");
}

function toFiles(entries: readonly RawEntry[], prefix: string): GitEntry[] {
  return entries.flatMap((entry) => {
    const mode = modeOf(entry);
    return mode ? [{ path: prefix + entry.path, size: entry.size ?? 0, mode, sha: entry.sha }] : [];
  });
}

function modeOf(entry: RawEntry): TreeFile["mode"] | undefined {
  if (entry.type === "tree") return undefined;
  if (entry.type === "commit") return "submodule";
  if (entry.mode === "120000") return "symlink";
  return entry.mode === "100755" ? "executable" : "file";
}
