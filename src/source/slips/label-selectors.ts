// Labels that a kustomization also puts into selectors, which cannot change on objects that exist (kustomize: labels[].includeSelectors).
import { linesOf, withLineAt } from "../edit/hunks.ts";
import { isKustomizationFile } from "../git/repository-paths.ts";
import type { FileChange } from "../workspace.ts";
import type { BasisFile } from "./text-basis.ts";

const LINE = /^(?<before>\s*(?:- )?includeSelectors: *)true(?<after>\s*(?:#.*)?)$/;

/** The one kustomization whose labels go into selectors since the last good revision, with them left out of these; undefined where there is none, or several. */
export function withoutSelectors(files: readonly BasisFile[]): FileChange | undefined {
  const found = files.flatMap(({ path, text, lastGood }): FileChange[] => {
    if (text === undefined || lastGood?.includes("includeSelectors: true") || !isKustomizationFile(path)) return [];
    const lines = linesOf(text);
    const places = lines.flatMap((line, i) => (LINE.test(line.replace(/\n$/, "")) ? [i] : []));
    const [at, ...more] = places;
    if (at === undefined || more.length > 0) return [];
    const line = (lines[at] ?? "").replace(/true/, "false");
    return [{ path, before: text, after: withLineAt(lines, at, line) }];
  });
  return found.length === 1 ? found[0] : undefined;
}
