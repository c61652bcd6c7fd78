import { at, numberAt } from "../../cluster/objects.ts";
import type { FieldPath } from "../../source/edit/field-path.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { changedBelow, pastOf, renderedNow } from "../history.ts";
import { quoteFirst } from "../quotes.ts";
import { CONFIDENCE, escalate, type PlaybookEntry, place, restoring } from "./entry.ts";

/** Jobs that were ended for taking too long. Whatever else ends a Job is the business of its containers. */
export const job: PlaybookEntry = {
  name: "job",
  topic: "deadlines of Jobs",
  diagnose: (input) => {
    const symptom = input.incident.symptoms.find(({ reason }) => reason === "job-failed");
    // Of a Job whose pods were never made, the deadline says nothing.
    const isUnmade = input.incident.symptoms.some(({ reason }) => reason === "create-refused");
    if (!symptom || isUnmade) return [];
    if (symptom.message.startsWith("DeadlineExceeded")) return [tooLate(input, symptom.message, DEADLINES)];
    const ofPod = input.evidence.items.find(({ kind, text }) => kind === "pod" && OF_POD.test(text))?.text;
    return ofPod === undefined ? [] : [tooLate(input, ofPod, POD_DEADLINES)];
  },
};

/** The kubelet ends a pod that has a deadline of its own (PodSpec.activeDeadlineSeconds). */
const OF_POD = /^DeadlineExceeded: Pod was active on the node longer than/;

type Deadlines = Readonly<Record<string, FieldPath>>;

const DEADLINES: Deadlines = {
  Job: ["spec", "activeDeadlineSeconds"],
  CronJob: ["spec", "jobTemplate", "spec", "activeDeadlineSeconds"],
};

const POD_DEADLINES: Deadlines = {
  Job: ["spec", "template", "spec", "activeDeadlineSeconds"],
  CronJob: ["spec", "jobTemplate", "spec", "template", "spec", "activeDeadlineSeconds"],
};

function tooLate(input: DiagnosisInput, message: string, deadlines: Deadlines): Finding {
  const object = input.incident.target;
  const now = renderedNow(input, object);
  const path = deadlines[object.kind];
  const seconds = now && path ? numberAt(now, ...path.map(String)) : undefined;
  const statement = {
    failureClass: "job-failed" as const,
    rootCause: `${place(object)} was ended because it took longer than its deadline${seconds === undefined ? "" : ` of ${seconds} s`}.`,
    object,
    quotes: quoteFirst(input.evidence, [message, "DeadlineExceeded", "longer than specified deadline"]),
    confidence: CONFIDENCE.confirmed,
  };
  const advice = "Raise activeDeadlineSeconds, or make the Job faster.";
  if (!now || !path || at(now, ...path.map(String)) === undefined) return escalate(statement, "git sets no deadline for it", advice);
  const past = pastOf(input, object);
  const lowered = changedBelow(past, now, path).filter(({ before }) => before === undefined || (typeof before === "number" && before > (seconds ?? 0)));
  if (past && lowered.length > 0) return restoring(statement, past, lowered);
  return escalate({ ...statement, confidence: CONFIDENCE.likely }, "the deadline did not change: the Job became slower, or waits for something", advice);
}
