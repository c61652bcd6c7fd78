import { lstat, readdir, readFile, readlink, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { AutofixError } from "../../errors.ts";
import type { RepositoryTree, TreeFile } from "./repository.ts";
import { refuseLarge } from "./repository-paths.ts";
import { asText } from "./utf8.ts";

const MAX_FILES = 100_000;

/** The files of a folder as they are on disk now. Symbolic links are named, never followed. */
export async function readWorkingTree(folder: string, commit: string, paths: readonly string[]): Promise<RepositoryTree> {
  const root = await realpath(folder);
  const files: TreeFile[] = [];
  for (const path of paths) {
    const file = await describeFile(root, path);
    if (file) files.push(file);
  }
  const readable = new Map(files.map((file) => [file.path, file]));
  async function bytes(path: string): Promise<Uint8Array | undefined> {
    const file = readable.get(path);
    if (!file || file.mode === "symlink" || file.mode === "submodule") return undefined;
    refuseLarge(path, file.size);
    return readFile(join(root, path));
  }
  return {
    commit,
    files,
    read: async (path) => asText(path, await bytes(path)),
    bytes,
    target: async (path) => (readable.get(path)?.mode === "symlink" ? readlink(join(root, path)).catch(() => undefined) : undefined),
  };
}

/** Every file below a folder that is under no version control, `.git` and links to folders left out. */
export async function listFolder(folder: string, below = ""): Promise<string[]> {
  const paths: string[] = [];
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.name === ".git") continue;
    if (entry.isDirectory()) paths.push(...(await listFolder(folder, path)));
    else if (entry.isFile() || entry.isSymbolicLink()) paths.push(path);
    if (paths.length > MAX_FILES) throw new AutofixError("source/too-large", `${folder} has more than ${MAX_FILES} files: name the checkout itself.`);
  }
  return paths;
}

async function describeFile(root: string, path: string): Promise<TreeFile | undefined> {
  const stats = await lstat(join(root, path)).catch(() => undefined);
  if (!stats) return undefined;
  if (stats.isSymbolicLink()) return { path, size: stats.size, mode: "symlink" };
  if (stats.isDirectory()) return { path, size: 0, mode: "submodule" };
  if (!stats.isFile()) return undefined;
  // A folder on the way may have been replaced by a link that leads out of the checkout.
  if ((await realpath(join(root, path))) !== join(root, path).split("/").join(sep)) return { path, size: stats.size, mode: "symlink" };
  return { path, size: stats.size, mode: (stats.mode & 0o111) === 0 ? "file" : "executable" };
}
