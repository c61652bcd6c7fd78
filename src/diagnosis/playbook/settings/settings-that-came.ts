import type { KubeObject } from "../../../cluster/objects.ts";
import { hunksBetween, putBack } from "../../../source/edit/hunks.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { DiagnosisInput } from "../../diagnosis.ts";
import { changedSettings } from "../../settings.ts";
import type { ContainerAt } from "../../workload.ts";
import { namesWord } from "../words.ts";

/** Settings of these containers that hold a word now and did not before: what puts those lines, or a whole variable, back. */
export function settingsThatCame(input: DiagnosisInput, now: KubeObject, containers: readonly ContainerAt[], word: string): ObjectChange[] {
  const settings = containers.flatMap((container) => changedSettings(input, now, container));
  return settings.flatMap(({ map, key, before, after, file }): ObjectChange[] => {
    if (typeof before !== "string" || typeof after !== "string") return [];
    const holds = (lines: readonly string[]) => lines.some((line) => namesWord(line, word));
    const hunks = file === undefined ? [] : hunksBetween(key, before, after).filter((hunk) => holds(hunk.after) && !holds(hunk.before));
    const wanted = file === undefined && holds([after]) && !holds([before]) ? before : putBack(after, hunks);
    return wanted === after ? [] : [{ object: map, path: ["data", key], before: after, after: wanted }];
  });
}
