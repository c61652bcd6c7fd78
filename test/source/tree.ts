import type { RepositoryTree } from "../../src/source/repository.ts";

/** A repository's tree in memory, at a commit that never was. */
export function treeOf(files: Readonly<Record<string, string>>): RepositoryTree {
  return {
    commit: "0".repeat(40),
    files: Object.entries(files).map(([path, text]) => ({ path, size: Buffer.byteLength(text), mode: "file" })),
    read: async (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
  };
}
