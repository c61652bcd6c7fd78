import { createHash } from "node:crypto";
import { lstat, readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import { AutofixError } from "../../errors.ts";
import { type Git, openGit } from "./git-command.ts";
import type { Commit, Repository, RepositoryTree, TreeFile } from "./repository.ts";
import { refuseLarge } from "./repository-paths.ts";
import { asText } from "./utf8.ts";
import { listFolder, readWorkingTree } from "./working-tree.ts";

/** What {@link RepositoryTree.commit} says of a folder without git. */
const NO_COMMIT = "working-tree";
/** Follows the SHA of `HEAD` where the working tree differs from it, so that nobody takes what was read for that commit. */
const UNCOMMITTED = "+uncommitted";

const OBJECT_NAME = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

interface ListedFile extends TreeFile {
  sha: string;
}

/**
 * A folder on disk as a repository, for `kube-autofix diagnose --checkout`. The branch that is checked out (and `HEAD`) is the working tree, uncommitted
 * changes and new files included, ignored ones not; everything else is read from git. A folder without `.git` works too, without history.
 */
export async function openCheckout(folder: string): Promise<Repository> {
  const root = await realpath(folder).catch((cause: unknown) => {
    throw new AutofixError("source/unreadable", `The folder ${folder} does not exist.`, { cause });
  });
  const marker = await lstat(join(root, ".git")).catch(() => undefined);
  return marker ? gitCheckout(root, openGit(root)) : plainFolder(root);
}

function plainFolder(root: string): Repository {
  return {
    name: root,
    defaultBranch: async () => "HEAD",
    resolve: async () => NO_COMMIT,
    tree: async () => readWorkingTree(root, NO_COMMIT, await listFolder(root)),
    commits: async () => [],
  };
}

function gitCheckout(root: string, git: Git): Repository {
  return {
    name: root,
    defaultBranch: () => currentBranch(git),
    async resolve(ref) {
      const head = await headCommit(git);
      if (ref === "HEAD" || ref === (await currentBranch(git))) return head && (await isDirty(root, git, head)) ? head + UNCOMMITTED : (head ?? NO_COMMIT);
      return resolveElsewhere(git, ref);
    },
    async tree(commit) {
      const inWorkingTree = commit === NO_COMMIT || commit.endsWith(UNCOMMITTED);
      return inWorkingTree ? readWorkingTree(root, commit, await workingPaths(git)) : committedTree(git, commit);
    },
    commits: ({ until, path, limit }) => readLog(git, until.replace(UNCOMMITTED, ""), path, limit),
  };
}

/** The branch's name, or "HEAD" where none is checked out. */
async function currentBranch(git: Git): Promise<string> {
  return (await git.text("symbolic-ref", "--quiet", "--short", "HEAD"))?.trim() || "HEAD";
}

/** Undefined before the first commit. */
function headCommit(git: Git): Promise<string | undefined> {
  return revParse(git, "HEAD^{commit}");
}

async function revParse(git: Git, revision: string): Promise<string | undefined> {
  const sha = (await git.text("rev-parse", "--verify", "--quiet", "--end-of-options", revision))?.trim() ?? "";
  return OBJECT_NAME.test(sha) ? sha : undefined;
}

/** A branch that is not checked out is what this clone last saw of it. */
async function resolveElsewhere(git: Git, ref: string): Promise<string | undefined> {
  if (OBJECT_NAME.test(ref)) return revParse(git, `${ref}^{commit}`);
  for (const place of ["refs/heads/", "refs/remotes/origin/", "refs/tags/"]) {
    const sha = await revParse(git, `${place}${ref}^{commit}`);
    if (sha) return sha;
  }
  return undefined;
}

/** What git knows and what it would offer to add. */
async function workingPaths(git: Git): Promise<string[]> {
  const listed = await git.text("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--full-name");
  if (listed === undefined)
    throw new AutofixError("source/unreadable", "git does not list this checkout's files: does the folder belong to you (git's safe.directory)?");
  return [...new Set(split(listed, "\0"))].sort();
}

/** Compares contents rather than asking `git status`, which may run filter programs that the repository configures. */
async function isDirty(root: string, git: Git, head: string): Promise<boolean> {
  const committed = new Map((await listCommitted(git, head)).map((file) => [file.path, file]));
  const tree = await readWorkingTree(root, head, await workingPaths(git));
  if (tree.files.length !== committed.size) return true;
  for (const file of tree.files) {
    const known = committed.get(file.path);
    if (!known || known.mode !== file.mode) return true;
    const readable = file.mode === "file" || file.mode === "executable";
    if (readable && (known.size !== file.size || (await blobName(root, file.path, known.sha.length)) !== known.sha)) return true;
  }
  return false;
}

/** The name that git gives to a file's content; SHA-256 in repositories of that format. */
async function blobName(root: string, path: string, length: number): Promise<string> {
  const bytes = await readFile(join(root, path));
  const hash = createHash(length === 64 ? "sha256" : "sha1");
  return hash.update(`blob ${bytes.byteLength}\0`).update(bytes).digest("hex");
}

async function committedTree(git: Git, commit: string): Promise<RepositoryTree> {
  const files = await listCommitted(git, commit);
  const byPath = new Map(files.map((file) => [file.path, file]));
  async function blob(path: string): Promise<Uint8Array | undefined> {
    const file = byPath.get(path);
    return !file || file.mode === "symlink" || file.mode === "submodule" ? undefined : content(path, file);
  }
  async function content(path: string, file: ListedFile): Promise<Uint8Array> {
    refuseLarge(path, file.size);
    const bytes = await git.bytes("cat-file", "blob", file.sha);
    if (!bytes) throw new AutofixError("source/unreadable", `This clone does not hold ${path} at ${commit}.`);
    return bytes;
  }
  return {
    commit,
    files,
    read: async (path) => asText(path, await blob(path)),
    bytes: blob,
    async target(path) {
      const file = byPath.get(path);
      return file?.mode === "symlink" ? asText(path, await content(path, file)) : undefined;
    },
  };
}

/** Lines of `ls-tree -l -z`: `<mode> <type> <sha> <size>\t<path>`, the size padded, "-" where there is none. */
async function listCommitted(git: Git, commit: string): Promise<ListedFile[]> {
  const listed = OBJECT_NAME.test(commit) ? await git.text("ls-tree", "-r", "-l", "-z", "--full-tree", commit) : undefined;
  if (listed === undefined) throw new AutofixError("source/unreadable", `This clone does not hold the commit ${commit}.`);
  return split(listed, "\0").flatMap((line) => {
    const match = /^(\d{6}) (\w+) ([0-9a-f]+) +(\d+|-)\t(.+)$/s.exec(line);
    return match?.[3] && match[5] ? [{ path: match[5], sha: match[3], size: Number(match[4]) || 0, mode: modeOf(match[1]) }] : [];
  });
}

function modeOf(mode: string | undefined): TreeFile["mode"] {
  if (mode === "120000") return "symlink";
  if (mode === "160000") return "submodule";
  return mode === "100755" ? "executable" : "file";
}

async function readLog(git: Git, until: string, path: string | undefined, limit: number): Promise<Commit[]> {
  if (!OBJECT_NAME.test(until)) return [];
  const log = await git.text("log", "-z", `--max-count=${limit}`, "--format=%H%x01%an%x01%cI%x01%s", until, "--", ...(path ? [path] : []));
  return split(log ?? "", "\0").flatMap((line) => {
    const [sha, author, date, ...subject] = line.split("\x01");
    return sha && author !== undefined && date ? [{ sha, author, date: new Date(date), subject: subject.join("\x01") }] : [];
  });
}

function split(text: string, separator: string): string[] {
  return text.split(separator).filter((part) => part !== "");
}
