import { refOf, textAt } from "../../../cluster/objects.ts";
import type { DiagnosisInput, Finding } from "../../diagnosis.ts";
import { changedBelow, pastOf } from "../../history.ts";
import { quoteFirst } from "../../quotes.ts";
import { denialIn } from "../admission/refused-by-others.ts";
import { CONFIDENCE, place, restoring, shown } from "../entry.ts";
import { namesWord } from "../words.ts";

/** Whom a policy of the API server refuses; a webhook's refusal does not name it. */
const REFUSED = /\b([a-z]+)(?:\.[\w.-]{1,60})? "([\w.-]{1,253})" is forbidden: ValidatingAdmissionPolicy '/;

/**
 * A policy asks for a label (or annotation) that the objects had until the commits took it away, and names it: it comes back. What else a policy says no to is for
 * people, since it may be what a commit wanted.
 */
export function labelWanted(input: DiagnosisInput, message: string): Finding | undefined {
  const denied = denialIn(message);
  if (!denied) return undefined;
  const [, resource, name] = REFUSED.exec(message) ?? [];
  const lost = input.rendered.flatMap((object) => {
    const isRefused = name === undefined || (textAt(object, "metadata", "name") === name && `${object.kind.toLowerCase()}s` === resource);
    const past = isRefused ? pastOf(input, refOf(object)) : undefined;
    const gone = changedBelow(past, object, []).filter(({ path, after }) => {
      const [key, list] = [path.at(-1), path.at(-2)];
      return after === undefined && (list === "labels" || list === "annotations") && typeof key === "string" && namesWord(denied.why, key);
    });
    return past && gone.length > 0 ? [{ object, past, gone }] : [];
  });
  const [only, ...others] = lost;
  if (!only || others.length > 0) return undefined;
  const object = refOf(only.object);
  const statement = {
    failureClass: "invalid-manifest" as const,
    rootCause: `A policy of the cluster refuses ${place(object)}: ${shown(denied.why)}.`,
    object,
    quotes: quoteFirst(input.evidence, [denied.said, message, ...message.split(": ")]),
    confidence: CONFIDENCE.likely,
  };
  return restoring(statement, only.past, only.gone);
}
