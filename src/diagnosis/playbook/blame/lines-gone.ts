import { apart, hunksBetween, putBack } from "../../../source/edit/hunks.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { DiagnosisInput } from "../../diagnosis.ts";
import { changedSettings } from "../../settings.ts";
import type { ContainerAt } from "../../workload.ts";
import { namesWord } from "../words.ts";

/** Lines of a mounted file that said something which the file says nowhere any more. */
export interface LinesGone {
  /** Of the ConfigMap: with these lines as they were, and today's text. */
  change: ObjectChange;
  key: string;
  /** What stands there instead. */
  come: readonly string[];
}

/** The places of a container's mounted files that said a word (a port, a path) before, where the file has it no more; what else changed in the file stays. */
export function linesGone(input: DiagnosisInput, now: Parameters<typeof changedSettings>[1], container: ContainerAt, word: string): LinesGone[] {
  return changedSettings(input, now, container).flatMap(({ map, key, before, after, file }): LinesGone[] => {
    if (file === undefined || typeof before !== "string" || typeof after !== "string" || namesWord(after, word)) return [];
    const said = (lines: readonly string[]) => lines.some((line) => namesWord(line, word));
    const hunks = hunksBetween(key, before, after)
      .flatMap(apart)
      .filter((hunk) => said(hunk.before) && hunk.after.length > 0);
    return hunks.map((hunk) => ({ change: { object: map, path: ["data", key], before: putBack(after, [hunk]), after }, key, come: hunk.after }));
  });
}
