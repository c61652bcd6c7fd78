import { isObject, objectAt, refOf } from "../../../cluster/objects.ts";
import type { DiagnosisInput, Finding } from "../../diagnosis.ts";
import { quoteFirst } from "../../quotes.ts";
import { podLabelsOf } from "../../workload.ts";
import { CONFIDENCE, escalate, place, shown } from "../entry.ts";

const REFUSED = /Invalid value: "([^"\n+]{1,120})\+([^"\n]{1,80})": a valid label must/;

/**
 * A label with the chart's version, to which source-controller adds the revision behind a plus sign (`reconcileStrategy: Revision`), which no label may have. What git
 * renders to has none, so that nobody could prove a fix by rendering; to take the label away would lose what was wanted.
 */
export function builtLabel(input: DiagnosisInput, message: string): Finding | undefined {
  const [, version = "", build = ""] = REFUSED.exec(message) ?? [];
  if (version === "") return undefined;
  const holds = (value: string) => input.rendered.filter((one) => labelsOf(one).includes(value));
  const [object] = holds(version);
  if (!object || holds(`${version}+${build}`).length > 0) return undefined;
  return escalate(
    {
      failureClass: "invalid-manifest",
      rootCause: `The API server refuses ${place(refOf(object), undefined)}: a label holds the chart's version, which is ${shown(`${version}+${build}`)} where it is installed.`,
      object: refOf(object),
      quotes: quoteFirst(input.evidence, [message, ...message.split(": ").reverse(), version]),
      confidence: CONFIDENCE.likely,
    },
    "the revision behind the plus sign is added where the chart is built, so that no rendering of git shows it",
    'Write the version in the label without it, as `helm create` does: {{ .Chart.Version | replace "+" "_" }}.',
  );
}

function labelsOf(object: DiagnosisInput["rendered"][number]): string[] {
  const maps = [objectAt(object, "metadata", "labels"), podLabelsOf(object)].filter(isObject);
  return maps.flatMap((map) => Object.values(map).filter((value) => typeof value === "string"));
}
