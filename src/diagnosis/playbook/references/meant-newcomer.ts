import { type KubeObject, type ObjectRef, textAt } from "../../../cluster/objects.ts";
import { withoutHash } from "../../../source/plan/differences.ts";
import type { DiagnosisInput } from "../../diagnosis.ts";
import { isAlmost, nearMatch, nearOrKindred } from "../../near-match.ts";

/**
 * What a commit meant that changed a reference to a name which is not there: the one object of that kind that came with it and is called like that, else the one
 * that was there and is called nearly so. What stood there `before` is no answer then, although it is there still: the commit wanted another one. Undefined where
 * there is none, or where the name is the old one misspelt.
 */
export function meantNewcomer(
  input: DiagnosisInput,
  { kind, namespace, name }: Pick<ObjectRef, "kind" | "namespace" | "name">,
  before: string | undefined,
): string | undefined {
  if (before !== undefined && isAlmost(name, before)) return undefined;
  const isOne = (object: KubeObject) => object.kind === kind && textAt(object, "metadata", "namespace") === namespace;
  const then = new Set(input.lastGood?.objects.filter(isOne).map(plainName));
  const around = input.observation.surroundings.filter(isOne);
  const old = before === undefined ? "" : createdAt(around.find((object) => plainName(object) === withoutHash(before)));
  const came = [...(input.lastGood ? input.rendered.filter(isOne) : []), ...around.filter((object) => old !== "" && createdAt(object) > old)];
  const known = new Set([...input.rendered.filter(isOne), ...around].map((object) => textAt(object, "metadata", "name")));
  const meant = nearOrKindred(
    name,
    came.filter((object) => !then.has(plainName(object))).map((object) => textAt(object, "metadata", "name")),
  );
  return meant ?? (before === undefined ? undefined : nearMatch(name, known));
}

function plainName(object: KubeObject): string {
  return withoutHash(textAt(object, "metadata", "name"));
}

/** RFC 3339 in UTC, as the API server writes it: in the order of time. */
function createdAt(object: KubeObject | undefined): string {
  return textAt(object, "metadata", "creationTimestamp");
}
