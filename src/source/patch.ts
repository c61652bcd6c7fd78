import { createTwoFilesPatch } from "diff";
import type { FileChange } from "./workspace.ts";

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
