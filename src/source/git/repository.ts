/** One entry of a commit's tree. Only `file` and `executable` can be read; the others are named in refusals. */
export interface TreeFile {
  path: string;
  size: number;
  mode: "file" | "executable" | "symlink" | "submodule";
  /** The blob's SHA, where the tree knows it: two files with one SHA have one content. */
  sha?: string;
}

/** A repository at one commit. Reading is lazy: a blob is fetched when it is first asked for. */
export interface RepositoryTree {
  readonly commit: string;
  readonly files: readonly TreeFile[];
  /** The text of one file, or undefined where there is no such file. Throws `source/too-large` above the cap, `source/not-text` where it is not UTF-8. */
  read(path: string): Promise<string | undefined>;
  /** Fetches many files at once where that is cheaper than one by one; reading them afterwards costs nothing. */
  prefetch?(paths: readonly string[]): Promise<void>;
  /** Where a symlink leads, as it is written; left out by trees that have none. */
  target?(path: string): Promise<string | undefined>;
  /** The bytes of one file, for those that need not be text (packed charts); throws only `source/too-large`. */
  bytes(path: string): Promise<Uint8Array | undefined>;
}

export interface Commit {
  sha: string;
  author: string;
  date: Date;
  /** First line of the message; untrusted text. */
  subject: string;
}

/** A git repository, read only: GitHub's Git Data API, or a checkout on disk for `kube-autofix diagnose`. */
export interface Repository {
  /** `owner/name`, or the folder of a checkout. */
  readonly name: string;
  defaultBranch(): Promise<string>;
  /** The commit that a branch, tag or SHA names now, or undefined where there is none. */
  resolve(ref: string): Promise<string | undefined>;
  tree(commit: string): Promise<RepositoryTree>;
  /** Newest first, starting at `until`, at most `limit`; with `path` only those that touched it. */
  commits(options: { until: string; path?: string; limit: number }): Promise<Commit[]>;
}

/** The same tree with some files replaced (or removed, where the text is undefined) in memory. */
export function withFiles(tree: RepositoryTree, replaced: ReadonlyMap<string, string | undefined>): RepositoryTree {
  const kept = tree.files.filter((file) => !replaced.has(file.path));
  const added = [...replaced].flatMap(([path, text]): TreeFile[] => (text === undefined ? [] : [{ path, size: Buffer.byteLength(text), mode: "file" }]));
  return {
    ...tree,
    files: [...kept, ...added],
    read: async (path) => (replaced.has(path) ? replaced.get(path) : tree.read(path)),
    bytes: async (path) => (replaced.has(path) ? encoded(replaced.get(path)) : tree.bytes(path)),
  };
}

function encoded(text: string | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : new TextEncoder().encode(text);
}
