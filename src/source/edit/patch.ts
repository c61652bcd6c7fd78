import { applyPatch, createTwoFilesPatch } from "diff";
import type { FileChange } from "../workspace.ts";

/** Unified diff as `git diff` prints it, with three lines of context; "" where nothing differs. */
export function unifiedDiff(files: readonly FileChange[]): string {
  return files
    .filter(({ before, after }) => before !== after)
    .map(({ path, before, after }) => {
      const old = before === undefined ? "/dev/null" : `a/${path}`;
      const patch = createTwoFilesPatch(old, `b/${path}`, before ?? "", after, undefined, undefined, { context: 3 });
      return patch.replace(/^=+\n/, "");
    })
    .join("");
}

/**
 * A change of a file, carried over to another version of it; undefined where it does not fit there. Changes that touch are a conflict, as they are for git; the
 * same change made there already is none.
 */
export function carriedOver({ before, after }: Pick<FileChange, "before" | "after">, onto: string | undefined): string | undefined {
  if (onto === before || onto === after) return after;
  if (before === undefined || onto === undefined) return undefined;
  const patch = createTwoFilesPatch("a", "a", before, after, undefined, undefined, { context: 1 });
  const result = applyPatch(onto, patch, { fuzzFactor: 0 });
  return result === false ? undefined : result;
}
