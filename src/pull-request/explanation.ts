import type { Considered } from "../diagnosis/considered.ts";
import type { FailureClass } from "../incident/failure-class.ts";
import type { Incident } from "../incident/incident.ts";
import { code, prose } from "./escape.ts";
import type { Attempt } from "./pull.ts";
import { outcomeWords, percent, refWords, ruledOut } from "./sections.ts";

/** What `/autofix explain` is answered from. */
export interface Explanation {
  /** Undefined where it does not fail at the moment. */
  incident?: Incident;
  /** The class that was diagnosed, where a fix was. */
  failureClass?: FailureClass;
  considered?: Considered;
  attempts: readonly Attempt[];
}

/** Short paragraphs and lists, for a phone. */
export function renderExplanation({ incident, failureClass, considered, attempts }: Explanation): string {
  const symptoms = incident?.symptoms.slice(0, 3).map(({ object, message, reason }) => `- ${refWords(object)}: ${code(message || reason, 200)}`) ?? [];
  const findings = considered?.findings ?? [];
  const best = findings.find((finding) => finding.failureClass === failureClass) ?? findings[0];
  const quotes = best?.quotes.slice(0, 3).map((quote) => `- ${code(quote, 200)}`) ?? [];
  const tries = attempts.slice(-5).map((one) => `- Attempt ${one.number}, by ${prose(one.engine, 80)}: ${outcomeWords(one)}. ${prose(one.summary, 200)}`);
  const excluded = considered ? ruledOut(considered, best?.rootCause ?? "") : "";
  return [
    incident ? ["**What fails now**", symptoms.join("\n")] : ["It does not fail at the moment."],
    best ? [`**What explains it** (${code(best.failureClass, 60)}, ${percent(best.confidence)})`, prose(best.rootCause, 500)] : [],
    quotes.length > 0 ? ["**What speaks for it**", quotes.join("\n")] : [],
    excluded === "" ? [] : ["**What was ruled out**", excluded],
    tries.length > 0 ? ["**What was tried**", tries.join("\n")] : [],
    ["All evidence, and every guard's verdict, are in the description above."],
  ]
    .flat()
    .filter((part) => part !== "")
    .join("\n\n");
}
