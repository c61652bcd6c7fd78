import type { RepositoryTree } from "./repository.ts";

/** Paths whose content or presence differs between two trees of one repository, sorted. Compares by blob SHA where both trees know it, else by reading. */
export async function changedPaths(before: RepositoryTree, after: RepositoryTree): Promise<string[]> {
  const old = new Map(before.files.map((file) => [file.path, file]));
  const now = new Map(after.files.map((file) => [file.path, file]));
  const paths = [...new Set([...old.keys(), ...now.keys()])].sort();
  const changed: string[] = [];
  for (const path of paths) {
    const [one, other] = [old.get(path), now.get(path)];
    if (!one || !other || one.mode !== other.mode) changed.push(path);
    else if (one.sha && other.sha ? one.sha !== other.sha : one.size !== other.size || (await before.read(path)) !== (await after.read(path)))
      changed.push(path);
  }
  return changed;
}
