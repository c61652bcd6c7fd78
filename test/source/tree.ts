import type { RepositoryTree } from "../../src/source/git/repository.ts";
import { asText } from "../../src/source/git/utf8.ts";

/** A repository's tree in memory, at a commit that never was. */
export function treeOf(
  files: Readonly<Record<string, string | Uint8Array>>,
  commit = "0".repeat(40),
  links: Readonly<Record<string, string>> = {},
): RepositoryTree {
  const bytes = async (path: string) => {
    const content = Object.hasOwn(files, path) ? files[path] : undefined;
    return typeof content === "string" ? new TextEncoder().encode(content) : content;
  };
  return {
    commit,
    files: [
      ...Object.entries(files).map(([path, content]) => ({ path, size: Buffer.byteLength(content), mode: "file" as const })),
      ...Object.entries(links).map(([path, target]) => ({
        path,
        size: target.length,
        mode: target === "submodule" ? ("submodule" as const) : ("symlink" as const),
      })),
    ],
    read: async (path) => asText(path, await bytes(path)),
    bytes,
    target: async (path) => (Object.hasOwn(links, path) ? links[path] : undefined),
  };
}
