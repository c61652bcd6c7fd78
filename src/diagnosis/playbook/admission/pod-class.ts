import { textAt } from "../../../cluster/objects.ts";
import { thenAndNow } from "../../../source/delivery/manifests-beside.ts";
import { getIn } from "../../../source/edit/field-path.ts";
import { calledNow, renamedPriorityClass, renamedRuntimeClass } from "../../../source/meant/renamed.ts";
import type { Finding } from "../../diagnosis.ts";
import { nearOrKindred } from "../../near-match.ts";
import { podSpecPath } from "../../workload.ts";
import { CONFIDENCE, fix, place } from "../entry.ts";
import type { CreateRefusal } from "./create-refused.ts";

/** Classes of the cluster that pods ask for by name, and what the API server says where there is none. */
const CLASSES = [
  { kind: "PriorityClass", field: "priorityClassName", missing: /no PriorityClass with name ([\w.-]{1,253}) was found/, renamed: renamedPriorityClass },
  { kind: "RuntimeClass", field: "runtimeClassName", missing: /RuntimeClass "([\w.-]{1,253})" not found/, renamed: renamedRuntimeClass },
] as const;

/** A class that has another name since the commit, or that this delivery has under a name like it: who asks for the wrong one follows. */
export function podClass(refusal: CreateRefusal): Finding | undefined {
  return CLASSES.flatMap((one) => ofClass(refusal, one) ?? [])[0];
}

function ofClass({ input, now, message, quotes }: CreateRefusal, { kind, field, missing, renamed }: (typeof CLASSES)[number]): Finding | undefined {
  const object = input.incident.target;
  const spec = podSpecPath(now.kind);
  const wrong = missing.exec(message)?.[1];
  const followed = wrong === undefined ? undefined : calledNow(renamed(...thenAndNow(input.lastGood?.objects, input), wrong), wrong);
  const known = input.rendered.filter((one) => one.kind === kind).map((one) => textAt(one, "metadata", "name"));
  const meant = followed ?? (wrong === undefined ? undefined : nearOrKindred(wrong, known));
  const path = spec && [...spec, field];
  if (meant === undefined || !path || getIn(now, path) !== wrong) return undefined;
  const [since, why] = followed
    ? [`, which is called ${meant} since the last commits`, `the only one that came when ${wrong} went, and else the same`]
    : ["", "the only one of this delivery with a name like it"];
  const rootCause = `The API server creates no pods of ${place(object)}: there is no ${kind} ${wrong}${since}.`;
  return fix(
    { failureClass: "invalid-manifest", rootCause, object, quotes, confidence: followed ? CONFIDENCE.likely : CONFIDENCE.suggested },
    [{ object, path, before: wrong, after: meant }],
    [`Ask for ${kind} ${meant}, ${why}`],
  );
}
