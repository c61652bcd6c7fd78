import { listAt, textAt } from "../../../cluster/objects.ts";
import { withoutDouble } from "../../../source/meant/doubled-variable.ts";
import type { Finding } from "../../diagnosis.ts";
import { containerOf } from "../../workload.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, place } from "../entry.ts";
import { namesVariable } from "../words.ts";

/** A variable that the program complains of is there twice, and the later entry, which counts, is the one that came or that is wrong. */
export function doubled(crashCase: CrashCase): Finding | undefined {
  const { past, found, statement } = crashCase;
  const env = listAt(found.value, "env");
  const names = env.map((item) => textAt(item, "name"));
  const twice = names.find((name, i) => names.indexOf(name) !== i && complaints(crashCase).some(({ text }) => namesVariable(text, name)));
  const line = twice === undefined ? undefined : complaints(crashCase).findLast(({ text }) => namesVariable(text, twice));
  const left = twice === undefined ? undefined : withoutDouble(found.value, containerOf(past?.object, found.name)?.value ?? null, twice);
  if (twice === undefined || !line || !left) return undefined;
  const rootCause = `${place(statement.object, statement.container)} is given ${twice} twice, and the later entry is what it does not accept.`;
  return fix(
    withLine(crashCase, line, { ...statement, rootCause, confidence: past ? CONFIDENCE.likely : CONFIDENCE.suggested }),
    [{ object: statement.object, path: [...found.path, "env"], before: env, after: left }],
    [`Leave out the later entry of ${twice}: the one before it counts then`],
  );
}
