import { apart, hunksBetween, putBack } from "../../../source/edit/hunks.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { DiagnosisInput } from "../../diagnosis.ts";
import { changedSettings } from "../../settings.ts";
import type { ContainerAt } from "../../workload.ts";
import { listeningPorts } from "../addresses/told-to-listen.ts";
import { namesWord } from "../words.ts";

/** Lines of a mounted file that said something which the file says nowhere any more. */
export interface LinesGone {
  /** Of the ConfigMap: with these lines as they were, and today's text. */
  change: ObjectChange;
  key: string;
  /** What stands there instead. */
  come: readonly string[];
}

/** The places of a container's mounted files that said a word (a port, a path) before, where the file says it of the program no more; what else changed stays. */
export function linesGone(input: DiagnosisInput, now: Parameters<typeof changedSettings>[1], container: ContainerAt, word: string): LinesGone[] {
  return changedSettings(input, now, container).flatMap(({ map, key, before, after, file }): LinesGone[] => {
    if (file === undefined || typeof before !== "string" || typeof after !== "string") return [];
    // Where the file still has the word, a port may be that of another program (`upstream: http://10.20.0.5:8080`): then what tells this one to listen counts.
    const tells = namesWord(after, word) ? (line: string) => listeningPorts(line).includes(Number(word)) : (line: string) => namesWord(line, word);
    if (after.split("\n").some(tells)) return [];
    const said = (lines: readonly string[]) => lines.some(tells);
    const hunks = hunksBetween(key, before, after)
      .flatMap(apart)
      .filter((hunk) => said(hunk.before) && hunk.after.length > 0);
    return hunks.map((hunk) => ({ change: { object: map, path: ["data", key], before: putBack(after, [hunk]), after }, key, come: hunk.after }));
  });
}
