import { describeRef, type KubeObject } from "../../../cluster/objects.ts";
import type { DiagnosisInput, Finding } from "../../diagnosis.ts";
import { pastOf } from "../../history.ts";
import { changedSettings } from "../../settings.ts";
import { containersOf } from "../../workload.ts";
import { CONFIDENCE, restoringAll, type Statement } from "../entry.ts";

/** A key that is still asked for, and that somebody took out of its ConfigMap: it comes back with the value that it had at the last good revision. */
export function droppedKey(input: DiagnosisInput, statement: Statement, now: KubeObject, map: string, key: string): Finding | undefined {
  const past = pastOf(input, statement.object);
  const changes = containersOf(now).flatMap((container) => changedSettings(input, now, container));
  const dropped = changes.find((change) => change.map.name === map && change.key === key && change.before !== undefined && change.after === undefined);
  if (past?.from !== "revision" || !dropped) return undefined;
  const rootCause = `${statement.rootCause.replace(/\.$/, "")}: it was taken out of ${describeRef(dropped.map)}.`;
  const change = { object: dropped.map, path: ["data", key], before: undefined, after: dropped.before };
  return restoringAll({ ...statement, rootCause, confidence: CONFIDENCE.likely }, past, [change]);
}
