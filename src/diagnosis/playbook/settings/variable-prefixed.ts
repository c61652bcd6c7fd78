import { at, type Json } from "../../../cluster/objects.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { Finding } from "../../diagnosis.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, place, restoring } from "../entry.ts";
import { missedNames } from "./missed-names.ts";
import { UNSET } from "./unset.ts";
import { holds } from "./variable-never-set.ts";

/** A variable that comes from a ConfigMap or a Secret as a whole, and that a prefix gives another name than the one that the program misses. */
export function variablePrefixed(crashCase: CrashCase): Finding | undefined {
  const { statement, changed, past, found } = crashCase;
  const prefixes = changed.flatMap(prefixesIn);
  const line = complaints(crashCase).findLast(({ text }) => UNSET.test(text.slice(0, 1000)) && missedNames(text).some((name) => !holds(found.value, name)));
  if (!past || !line || prefixes.length === 0) return undefined;
  const [name] = missedNames(line.text).filter((one) => !holds(found.value, one));
  const rootCause = `${place(statement.object, statement.container)} misses environment variable ${name}: all variables of a ConfigMap or Secret have another prefix now.`;
  return restoring(withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.likely }), past, prefixes);
}

/** Prefixes that changed: each by itself, also where the list got longer or shorter. */
function prefixesIn(change: FieldChange): FieldChange[] {
  const { path, before, after } = change;
  if (path.at(-3) === "envFrom" && path.at(-1) === "prefix") return [change];
  if (path.at(-1) !== "envFrom" || !Array.isArray(before) || !Array.isArray(after)) return [];
  const source = (item: Json) => JSON.stringify([at(item, "configMapRef", "name") ?? null, at(item, "secretRef", "name") ?? null]);
  return after.flatMap((item, i): FieldChange[] => {
    const old = before.find((other) => source(other) === source(item));
    const [was, is] = [old === undefined ? undefined : at(old, "prefix"), at(item, "prefix")];
    return old === undefined || was === is ? [] : [{ path: [...path, i, "prefix"], before: was, after: is }];
  });
}
