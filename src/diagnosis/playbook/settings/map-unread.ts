import { at, listAt, textAt } from "../../../cluster/objects.ts";
import { unreadMap } from "../../../source/meant/unread-map.ts";
import type { Finding } from "../../diagnosis.ts";
import type { LogLine } from "../../pods.ts";
import { type CrashCase, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, place } from "../entry.ts";

/** The program misses a variable that a ConfigMap has which nobody reads (source/meant/unread-map.ts): the container reads it. */
export function mapUnread(crashCase: CrashCase, { name, line }: { name: string; line: LogLine }): Finding | undefined {
  const { input, now, found, statement } = crashCase;
  const here = input.rendered.filter((object) => textAt(object, "metadata", "namespace") === textAt(now, "metadata", "namespace"));
  const map = unreadMap({ objects: here, past: input.lastGood?.objects ?? [] }, statement.object.name, name);
  if (map === undefined) return undefined;
  const rootCause = `${place(statement.object, statement.container)} needs environment variable ${name}, and nobody reads ConfigMap ${map}, which has it.`;
  const after = [...listAt(found.value, "envFrom"), { configMapRef: { name: map } }];
  return fix(
    withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.suggested }),
    [{ object: statement.object, path: [...found.path, "envFrom"], before: at(found.value, "envFrom"), after }],
    [`Read ConfigMap ${map}, the only one that has ${name}`],
  );
}
