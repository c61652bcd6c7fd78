import type { Finding } from "../diagnosis.ts";
import { renderedNow } from "../history.ts";
import { quoteFirst } from "../quotes.ts";
import type { CreateRefusal } from "./create-refused.ts";
import { CONFIDENCE, type PlaybookEntry, place, shown } from "./entry.ts";
import { limitRange } from "./limit-range.ts";
import { namedValue } from "./named-value.ts";
import { podSecurity } from "./pod-security.ts";
import { quota } from "./quota.ts";
import { refusedByOthers } from "./refused-by-others.ts";
import { serviceAccount } from "./service-account.ts";

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
    const found = limitRange(refusal) ?? quota(refusal) ?? podSecurity(refusal) ?? serviceAccount(refusal) ?? refusedByOthers(input, message) ?? named(refusal);
    return found ? [found] : [];
  },
};

/** A refusal of another kind that quotes what the commit brought: a priority class or a runtime class that is not there. */
function named({ input, now, message, quotes }: CreateRefusal): Finding | undefined {
  const object = input.incident.target;
  const rootCause = `The API server creates no pods of ${place(object)}: ${shown(message)}.`;
  return namedValue(input, now, message, { failureClass: "invalid-manifest", rootCause, object, quotes, confidence: CONFIDENCE.confirmed });
}
