import { type Json, listAt, textAt } from "../../cluster/objects.ts";
import { withFile } from "./mounted-files.ts";

/** A path that a container's variable named, and the one that it names today. */
export interface MovedFile {
  before: string;
  after: string;
}

/** The files that a container is told to keep elsewhere since then: variables (`STATE_FILE`) that name another path. */
export function movedFiles(then: Json, now: Json): MovedFile[] {
  return listAt(now, "env").flatMap((item): MovedFile[] => {
    const old = listAt(then, "env").find((one) => textAt(one, "name") === textAt(item, "name")) ?? null;
    const [before, after] = [textAt(old, "value"), textAt(item, "value")];
    return before !== after && isPath(before) && isPath(after) ? [{ before, after }] : [];
  });
}

/** A word of a command that names such a file where it was, with the place of today; undefined where it names none, or several. */
export function withMovedFile(word: string, moved: readonly MovedFile[]): string | undefined {
  const [only, ...more] = moved.flatMap(({ before, after }) => withFile(word, before, after) ?? []);
  return more.length === 0 ? only : undefined;
}

function isPath(value: string): boolean {
  return /^\/[\w.@-]+(?:\/[\w.@-]+)+$/.test(value);
}
