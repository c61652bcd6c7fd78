import { describeRef, listAt, textAt } from "../../../cluster/objects.ts";
import { isReadBeside } from "../../../source/meant/map-readers.ts";
import type { Finding } from "../../diagnosis.ts";
import { variablesOf } from "../../environment.ts";
import type { LogLine } from "../../pods.ts";
import { type CrashCase, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, place } from "../entry.ts";
import { namesWord } from "../words.ts";
import { isSameInWords } from "./variable-misnamed.ts";

/**
 * The program misses a variable, and reads one ConfigMap as a whole that has a single key called so in other words (`DATABASE_URI` for `DATABASE_URL`), which nobody
 * else reads: the key gets the name that is asked for.
 */
export function keyMisnamed(crashCase: CrashCase, { name, line }: { name: string; line: LogLine }): Finding | undefined {
  const { input, now, found, statement } = crashCase;
  const own = listAt(found.value, "env").map((item) => textAt(item, "name"));
  const all = variablesOf(input, now, found);
  const isAskedFor = (one: string) => own.includes(one) || all.some((variable) => namesWord(variable.value, one));
  const given = all.filter(({ object, path, name: one }) => object.kind === "ConfigMap" && path.at(-1) === one && !isAskedFor(one));
  const [only, ...more] = given.filter((variable) => isSameInWords(variable.name, name) && !namesWord(line.text, variable.name));
  if (!only || more.length > 0 || isReadBeside(input.rendered, only.object, only.name, found.value)) return undefined;
  const { object, name: wrong, value } = only;
  const rootCause = `${place(statement.object, statement.container)} needs environment variable ${name}, and ${describeRef(object)} calls it ${wrong}.`;
  return fix(
    withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.suggested }),
    [
      { object, path: ["data", name], before: undefined, after: value },
      { object, path: ["data", wrong], before: value, after: undefined },
    ],
    [`Call ${wrong} in ${describeRef(object)} ${name}: the only key that is called alike, and read by nobody else`],
  );
}
