import type { KubeObject } from "../../../cluster/objects.ts";
import { DEFAULT_SCHEDULER } from "../../../incident/other-scheduler.ts";
import { type FieldPath, getIn } from "../../../source/edit/field-path.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { DiagnosisInput, Finding } from "../../diagnosis.ts";
import { changedBelow, pastOf } from "../../history.ts";
import { nearMatch } from "../../near-match.ts";
import { quoteFirst } from "../../quotes.ts";
import { podSpecPath } from "../../workload.ts";
import { CONFIDENCE, escalate, fix, place, restoring, shown } from "../entry.ts";

/** Nobody places pods that ask for a scheduler which is not there. */
export function otherScheduler(input: DiagnosisInput, now: KubeObject, message: string): Finding {
  const object = input.incident.target;
  const path: FieldPath = [...(podSpecPath(now.kind) ?? []), "schedulerName"];
  const asked = getIn(now, path);
  const statement = {
    failureClass: "unschedulable-placement" as const,
    rootCause: `No scheduler places the pods of ${place(object)}: they ask for ${shown(asked)}, and nobody of that name has looked at them.`,
    object,
    quotes: quoteFirst(input.evidence, [message]),
    confidence: CONFIDENCE.confirmed,
  };
  const past = pastOf(input, object);
  const changed = changedBelow(past, now, path);
  if (past && changed.length > 0) return restoring(statement, past, changed);
  if (typeof asked === "string" && nearMatch(asked, [DEFAULT_SCHEDULER])) {
    const change: ObjectChange = { object, path, before: asked, after: DEFAULT_SCHEDULER };
    return fix({ ...statement, confidence: CONFIDENCE.suggested }, [change], [`Ask for ${DEFAULT_SCHEDULER}, of which ${shown(asked)} is a misspelling`]);
  }
  return escalate(statement, "whether that scheduler is to be installed or was never meant is for people", "Install the scheduler, or name another one.");
}
