// Labels that a kustomization also puts where nothing can change on objects that exist: into selectors (kustomize: labels[].includeSelectors), and, with those of
// pods, into the claim templates of StatefulSets (labels[].includeTemplates).
import { linesOf, withLineAt } from "../edit/hunks.ts";
import { isKustomizationFile } from "../git/repository-paths.ts";
import type { FileChange } from "../workspace.ts";
import type { BasisFile } from "./text-basis.ts";

/** Which of a label's places it is to leave. */
export type LabelPlace = "includeSelectors" | "includeTemplates";

/** The one kustomization whose labels go into such a place since the last good revision, with them left out of it; undefined where there is none, or several. */
export function withoutPlace(files: readonly BasisFile[], place: LabelPlace): FileChange | undefined {
  const on = new RegExp(`^\\s*(?:- )?${place}: *true\\s*(?:#.*)?$`);
  const found = files.flatMap(({ path, text, lastGood }): FileChange[] => {
    if (text === undefined || lastGood?.includes(`${place}: true`) || !isKustomizationFile(path)) return [];
    const lines = linesOf(text);
    const places = lines.flatMap((line, i) => (on.test(line.replace(/\n$/, "")) ? [i] : []));
    const [at, ...more] = places;
    if (at === undefined || more.length > 0) return [];
    const line = (lines[at] ?? "").replace(/true/, "false");
    return [{ path, before: text, after: withLineAt(lines, at, line) }];
  });
  return found.length === 1 ? found[0] : undefined;
}
