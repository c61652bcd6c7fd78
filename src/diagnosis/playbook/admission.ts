import { textAt } from "../../cluster/objects.ts";
import { thenAndNow } from "../../source/delivery/manifests-beside.ts";
import { getIn } from "../../source/edit/field-path.ts";
import { calledNow, renamedPriorityClass } from "../../source/meant/renamed.ts";
import type { Finding } from "../diagnosis.ts";
import { pastOf, renderedNow } from "../history.ts";
import { nearOrKindred } from "../near-match.ts";
import { quoteFirst } from "../quotes.ts";
import { podSpecPath } from "../workload.ts";
import type { CreateRefusal } from "./admission/create-refused.ts";
import { limitRange } from "./admission/limit-range.ts";
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
      priorityClass(refusal) ??
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

/** A priority class that has another name since the commit, or that this delivery has under a name like it: who asks for the wrong one follows. */
function priorityClass({ input, now, message, quotes }: CreateRefusal): Finding | undefined {
  const object = input.incident.target;
  const spec = podSpecPath(now.kind);
  const wrong = /no PriorityClass with name ([\w.-]{1,253}) was found/.exec(message)?.[1];
  const followed = wrong === undefined ? undefined : calledNow(renamedPriorityClass(...thenAndNow(input.lastGood?.objects, input)), wrong);
  const known = input.rendered.filter(({ kind }) => kind === "PriorityClass").map((one) => textAt(one, "metadata", "name"));
  const meant = followed ?? (wrong === undefined ? undefined : nearOrKindred(wrong, known));
  const path = spec && [...spec, "priorityClassName"];
  if (meant === undefined || !path || getIn(now, path) !== wrong) return undefined;
  const [since, why] = followed
    ? [`, which is called ${meant} since the last commits`, `the only one that came when ${wrong} went, with its value`]
    : ["", "the only one of this delivery with a name like it"];
  const rootCause = `The API server creates no pods of ${place(object)}: there is no PriorityClass ${wrong}${since}.`;
  return fix(
    { failureClass: "invalid-manifest", rootCause, object, quotes, confidence: followed ? CONFIDENCE.likely : CONFIDENCE.suggested },
    [{ object, path, before: wrong, after: meant }],
    [`Ask for PriorityClass ${meant}, ${why}`],
  );
}
