import type { KubeObject } from "../../cluster/objects.ts";
import type { FieldChange } from "../../source/edit/field-path.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { changedBelow, pastOf } from "../history.ts";
import { containersOf, podSpecPath } from "../workload.ts";
import { CONFIDENCE, escalate, restoring, type Statement } from "./entry.ts";
import { namesWord } from "./words.ts";

/**
 * The general case of a refusal: the cluster's own words quote a value that the last commits brought into the pod's template, whatever field it is in. That field
 * goes back; the rest of the commit stays. What hardens the pod is left to people.
 */
export function namedValue(input: DiagnosisInput, now: KubeObject, message: string, statement: Statement): Finding | undefined {
  const past = pastOf(input, statement.object);
  const spec = podSpecPath(now.kind);
  const known = containersOf(now).map(({ name }) => name);
  const changed = spec ? changedBelow(past, now, spec) : [];
  const blamed = changed.filter(({ after }) => textsOf(after).some((value) => value.length >= 4 && !known.includes(value) && namesWord(message, value)));
  if (!past || blamed.length === 0) return undefined;
  const said = { ...statement, confidence: blamed.length === 1 ? CONFIDENCE.confirmed : CONFIDENCE.likely };
  if (blamed.some(({ path }) => path.includes("securityContext")))
    return escalate(
      { ...said, failureClass: "pod-security" },
      "a hardened security context is not loosened by the bot",
      "Bring what it names to the nodes, or take it back.",
    );
  return restoring(said, past, blamed);
}

function textsOf(value: FieldChange["after"]): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
