import { at, listAt, textAt } from "../../../cluster/objects.ts";
import type { FieldPath } from "../../../source/edit/field-path.ts";
import { sourcesBack } from "../../../source/meant/lost-source.ts";
import type { Finding } from "../../diagnosis.ts";
import { containerOf } from "../../workload.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { place, restoringAll } from "../entry.ts";
import { missedNames } from "./missed-names.ts";
import { UNSET } from "./unset.ts";

/** The program misses a variable that came from a ConfigMap or a Secret as a whole, which the container does not read any more. */
export function sourceGone(crashCase: CrashCase): Finding | undefined {
  const { input, past, now, found, statement } = crashCase;
  const then = past && containerOf(past.object, found.name)?.value;
  if (past?.from !== "revision" || !then || !input.lastGood) return undefined;
  const line = complaints(crashCase).findLast(({ text }) => UNSET.test(text.slice(0, 1000)) && missedNames(text).length > 0);
  const namespace = textAt(now, "metadata", "namespace");
  const here = [input.rendered, input.lastGood.objects].map((objects) => objects.filter((object) => textAt(object, "metadata", "namespace") === namespace));
  const [today = [], before = []] = here;
  const missed = line ? missedNames(line.text) : [];
  const back = sourcesBack(found.value, then, missed, { now: today, past: before });
  if (!line || !back) return undefined;
  const own = listAt(found.value, "env").map((item) => textAt(item, "name"));
  const name = missed.find((one) => !own.includes(one)) ?? "";
  const path: FieldPath = [...found.path, "envFrom"];
  const rootCause = `${place(statement.object, statement.container)} needs environment variable ${name}, and does not read any more what gave it.`;
  const change = { object: statement.object, path, before: at(found.value, "envFrom"), after: back };
  return restoringAll(withLine(crashCase, line, { ...statement, rootCause }), past, [change]);
}
