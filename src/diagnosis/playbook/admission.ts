import type { Finding } from "../diagnosis.ts";
import { pastOf, renderedNow } from "../history.ts";
import { quoteFirst } from "../quotes.ts";
import type { CreateRefusal } from "./admission/create-refused.ts";
import { limitRange } from "./admission/limit-range.ts";
import { podClass } from "./admission/pod-class.ts";
import { podSecurity } from "./admission/pod-security.ts";
import { quota } from "./admission/quota.ts";
import { refusedByOthers } from "./admission/refused-by-others.ts";
import { serviceAccount } from "./admission/service-account.ts";
import { toldValues } from "./apply/told-values.ts";
import { CONFIDENCE, fix, type PlaybookEntry, place, shown } from "./entry.ts";
import { namedValue } from "./named-value.ts";

/** Pods that the API server refuses to create: limit ranges, quotas, Pod Security, missing service accounts. */
export const admission: PlaybookEntry = {
  name: "admission",
  topic: "quotas, limit ranges and admission rules",
  diagnose: (input) => {
    const symptom = input.incident.symptoms.find(({ reason }) => reason === "create-refused");
    const now = renderedNow(input, input.incident.target);
    if (!symptom || !now) return [];
    const message = symptom.message.slice(0, 3000);
    const reason = /is forbidden: (.{10,300})/.exec(message)?.[1] ?? message;
    const quotes = quoteFirst(input.evidence, [reason, message]);
    const refusal: CreateRefusal = { input, now, message, quotes };
    const found =
      limitRange(refusal) ??
      quota(refusal) ??
      podSecurity(refusal) ??
      serviceAccount(refusal) ??
      refusedByOthers(input, message) ??
      podClass(refusal) ??
      invalidPod(refusal) ??
      named(refusal);
    return found ? [found] : [];
  },
};

/** What only shows when a pod is made of its template: the claims of a StatefulSet are no volumes before. */
function invalidPod({ input, now, message, quotes }: CreateRefusal): Finding | undefined {
  const object = input.incident.target;
  const past = pastOf(input, object);
  const told = / is invalid: /.test(message) ? toldValues(now, message, { ...input, past: past?.from === "revision" ? past.object : undefined }) : undefined;
  const rootCause = `The API server creates no pods of ${place(object)}: ${shown(message)}.`;
  return told && fix({ failureClass: "invalid-manifest", rootCause, object, quotes, confidence: CONFIDENCE.suggested }, told.changes, told.words);
}

/** A refusal of another kind that quotes what the commit brought: a priority class or a runtime class that is not there. */
function named({ input, now, message, quotes }: CreateRefusal): Finding | undefined {
  const object = input.incident.target;
  const rootCause = `The API server creates no pods of ${place(object)}: ${shown(message)}.`;
  return namedValue(input, now, message, { failureClass: "invalid-manifest", rootCause, object, quotes, confidence: CONFIDENCE.confirmed });
}
