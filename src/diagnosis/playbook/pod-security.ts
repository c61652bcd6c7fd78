import { objectAt } from "../../cluster/objects.ts";
import { type FieldChange, type FieldPath, getIn } from "../../source/field-path.ts";
import type { Finding } from "../diagnosis.ts";
import { changedBelow, pastOf } from "../history.ts";
import { containersOf, podSpecPath } from "../workload.ts";
import type { CreateRefusal } from "./create-refused.ts";
import { CONFIDENCE, escalate, fix, place, restoring, shown } from "./entry.ts";

const HOST_FIELDS = ["hostNetwork", "hostPID", "hostIPC"];

/** Security settings that the namespace's Pod Security level refuses: only ever back to what was allowed, and only where that is tighter. */
export function podSecurity({ input, now, message, quotes }: CreateRefusal): Finding | undefined {
  const match = /violates PodSecurity "([\w.:-]{1,60})": ([^\n]{1,1000})/.exec(message);
  if (!match?.[2]) return undefined;
  const object = input.incident.target;
  const spec = podSpecPath(now.kind) ?? [];
  const past = pastOf(input, object);
  const named = containersOf(now).find(({ name }) => message.includes(`container "${name}"`));
  const statement = {
    failureClass: "pod-security" as const,
    rootCause: `The namespace's Pod Security level "${match[1]}" refuses ${place(object, named?.name)}: ${shown(match[2])}.`,
    object,
    container: named?.name,
    quotes,
    confidence: CONFIDENCE.confirmed,
  };
  const paths: FieldPath[] = [
    ...(named ? [[...named.path, "securityContext"]] : []),
    [...spec, "securityContext"],
    ...HOST_FIELDS.map((field) => [...spec, field]),
  ];
  const changed = paths
    .flatMap((path) => changedBelow(past, now, path))
    .flatMap(perField)
    .filter(({ path }) => message.toLowerCase().includes(String(path.at(-1)).toLowerCase()));
  if (past && changed.length > 0 && changed.every(isLooser)) return restoring(statement, past, changed);
  const privileged = named && getIn(named.value, ["securityContext", "privileged"]) === true;
  if (named && privileged && message.includes("privileged")) {
    const path: FieldPath = [...named.path, "securityContext", "privileged"];
    return fix(
      { ...statement, confidence: CONFIDENCE.suggested },
      [{ object, path, before: true, after: false }],
      ["Set privileged to false, which the namespace demands"],
    );
  }
  return escalate(
    { ...statement, confidence: CONFIDENCE.likely },
    "tightening it further may break the program",
    "Set what the message names, and test it; or run this workload in a namespace that allows it.",
  );
}

/** A whole securityContext that appeared is looked at field by field, unless it holds nothing else. */
function perField(difference: FieldChange): FieldChange[] {
  if (difference.path.at(-1) !== "securityContext") return [difference];
  const fields = Object.entries(objectAt(difference.after === undefined ? null : { value: difference.after }, "value"));
  if (fields.length <= 1)
    return fields.map(([key]) => ({
      ...difference,
      path: [...difference.path, key],
      before: undefined,
      after: objectAt({ value: difference.after ?? null }, "value")[key],
    }));
  return fields.map(([key, value]) => ({ path: [...difference.path, key], before: undefined, after: value }));
}

function isLooser({ path, before, after }: FieldChange): boolean {
  const field = path.at(-1);
  if (field === "runAsNonRoot" || field === "readOnlyRootFilesystem") return after !== true;
  return after === true || typeof after !== "boolean" || before === false;
}
