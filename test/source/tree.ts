import type { RepositoryTree } from "../../src/source/repository.ts";
import { asText } from "../../src/source/utf8.ts";

/** A repository's tree in memory, at a commit that never was. */
export function treeOf(files: Readonly<Record<string, string | Uint8Array>>, commit = "0".repeat(40)): RepositoryTree {
  const bytes = async (path: string) => {
    const content = Object.hasOwn(files, path) ? files[path] : undefined;
    return typeof content === "string" ? new TextEncoder().encode(content) : content;
  };
  return {
    commit,
    files: Object.entries(files).map(([path, content]) => ({ path, size: Buffer.byteLength(content), mode: "file" })),
    read: async (path) => asText(path, await bytes(path)),
    bytes,
  };
}
