import { textAt } from "../../../cluster/objects.ts";
import type { FieldPath } from "../../../source/edit/field-path.ts";
import { prefixGiven, prefixTooMuch } from "../../../source/meant/given-prefix.ts";
import type { Finding } from "../../diagnosis.ts";
import type { LogLine } from "../../pods.ts";
import { containersOf } from "../../workload.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, place } from "../entry.ts";
import { missedNames } from "./missed-names.ts";
import { UNSET } from "./unset.ts";

/** A variable is missed that a ConfigMap gives others with a prefix: its keys were renamed, and here the prefix was forgotten. */
export function prefixForgotten(crashCase: CrashCase): Finding | undefined {
  const { input, found, now, statement } = crashCase;
  const here = input.rendered.filter((object) => textAt(object, "metadata", "namespace") === textAt(now, "metadata", "namespace"));
  const others = here.flatMap(containersOf).map(({ value }) => value);
  const [first] = missed(crashCase).flatMap(({ name, line }) => {
    const lacked = prefixGiven(found.value, others, here, name);
    return lacked ? [{ name, line, lacked }] : [];
  });
  if (!first) return undefined;
  const { name, line, lacked } = first;
  const path: FieldPath = [...found.path, "envFrom", lacked.index, "prefix"];
  const rootCause = `${place(statement.object, statement.container)} misses environment variable ${name}: it takes a ConfigMap's keys without the prefix ${lacked.prefix} that others give them.`;
  return fix(
    withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.likely }),
    [{ object: statement.object, path, before: undefined, after: lacked.prefix }],
    [`Give these variables the prefix ${lacked.prefix}, as others do`],
  );
}

/** A variable is missed that a ConfigMap would give the program, but for a prefix that nobody reads. */
export function prefixUnread(crashCase: CrashCase): Finding | undefined {
  const { input, found, now, statement } = crashCase;
  const here = input.rendered.filter((object) => textAt(object, "metadata", "namespace") === textAt(now, "metadata", "namespace"));
  const all = missed(crashCase);
  const [first] = all.flatMap(({ name, line }) => {
    const unread = prefixTooMuch(found.value, here, name);
    return unread && !all.some((other) => other.name.startsWith(unread.prefix)) ? [{ name, line, unread }] : [];
  });
  if (!first) return undefined;
  const { name, line, unread } = first;
  const path: FieldPath = [...found.path, "envFrom", unread.index, "prefix"];
  const rootCause = `${place(statement.object, statement.container)} misses environment variable ${name}: a ConfigMap has it, and the prefix ${unread.prefix} calls it otherwise.`;
  return fix(
    withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.likely }),
    [{ object: statement.object, path, before: unread.prefix, after: undefined }],
    [`Take the variables without the prefix ${unread.prefix}, as the program reads them`],
  );
}

function missed(crashCase: CrashCase): { name: string; line: LogLine }[] {
  return complaints(crashCase)
    .filter(({ text }) => UNSET.test(text.slice(0, 1000)))
    .flatMap((line) => missedNames(line.text).map((name) => ({ name, line })));
}
