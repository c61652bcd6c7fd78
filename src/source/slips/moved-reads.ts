import { hunksBetween } from "../edit/hunks.ts";
import { isInTemplates } from "../git/repository-paths.ts";
import { referencesIn } from "../render/value-references.ts";
import type { BasisFile } from "./text-basis.ts";

/**
 * Where templates read a value now that they read elsewhere at the last good revision: the same line, with another path in it. From the root of the chart's values, by
 * the old path; without those that lines lead to different places, or that are still read.
 */
export function movedReads(files: readonly BasisFile[]): ReadonlyMap<string, string> {
  const moved = new Map<string, Set<string>>();
  for (const { path, text, lastGood } of files) {
    if (!isInTemplates(path) || text === undefined || lastGood === undefined) continue;
    for (const { before, after } of hunksBetween(path, lastGood, text)) {
      for (const [i, line] of before.entries()) {
        const [from, to] = [onlyRead(line), onlyRead(after[i] ?? "")];
        if (from && to && from.path !== to.path && from.around === to.around) moved.set(from.path, (moved.get(from.path) ?? new Set()).add(to.path));
      }
    }
  }
  const today = files.flatMap(({ path, text }) => (isInTemplates(path) && text !== undefined ? [text] : []));
  const isStillRead = (from: string) => today.some((text) => referencesIn(text).some((path) => path.join(".") === from));
  return new Map([...moved].flatMap(([from, all]): [string, string][] => ([...all].length === 1 && !isStillRead(from) ? [[from, [...all].join()]] : [])));
}

/** The one value that a line reads by its whole path, and the line around it, without what it says to people (`required`). */
function onlyRead(line: string): { path: string; around: string } | undefined {
  const [only, ...more] = line.matchAll(/\.Values\.([A-Za-z_][\w.]{0,200})/g);
  return only?.[1] === undefined || more.length > 0
    ? undefined
    : {
        path: only[1],
        around: line
          .replace(only[0], "")
          .replaceAll(/"[^"]{0,200}"/g, '""')
          .trim(),
      };
}
