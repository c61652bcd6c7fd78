import type { Json } from "../../../cluster/objects.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { Finding } from "../../diagnosis.ts";
import { changedVariables } from "../../settings.ts";
import { variableOf } from "../blame/named-change.ts";
import { CONFIDENCE, oneStop, place, restoringAll, shown } from "../entry.ts";
import { type CrashCase, complaints, withLine } from "./crash-case.ts";
import { NO_NUMBER } from "./no-number.ts";

/** The program cannot read a number and does not say which: the only one of its variables that was a number until the commit, and is none since, goes back. */
export function numberLost(crashCase: CrashCase): Finding | undefined {
  const { input, now, found, past, changed, statement } = crashCase;
  const line = complaints(crashCase).findLast(({ text }) => NO_NUMBER.test(text.slice(0, 1000)));
  if (past?.from !== "revision" || !line) return undefined;
  const own = changed.flatMap((change): ObjectChange[] =>
    variableOf(change.path) !== undefined && change.path.at(-1) === "value" ? [{ ...change, object: statement.object }] : [],
  );
  const [lost, ...more] = [...own, ...changedVariables(input, now, found)].filter(
    ({ before, after }) => isNumber(before) && typeof after === "string" && !isNumber(after),
  );
  if (!lost || more.length > 0) return undefined;
  const name = variableOf(lost.path) ?? String(lost.path.at(-1));
  const rootCause = oneStop(`${place(statement.object, statement.container)} wants a number, and ${name} is none any more: ${shown(line.text)}.`);
  const back = { ...lost, before: lost.after, after: lost.before };
  return restoringAll(withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.suggested }), past, [back]);
}

function isNumber(value: Json | undefined): boolean {
  return (typeof value === "string" || typeof value === "number") && /^-?\d{1,15}(?:\.\d{1,6})?$/.test(String(value));
}
