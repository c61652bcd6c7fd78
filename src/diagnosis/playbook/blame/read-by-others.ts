import { configMapKeys } from "../../../cluster/config-map.ts";
import { type KubeObject, listAt, textAt } from "../../../cluster/objects.ts";
import type { FieldPath } from "../../../source/edit/field-path.ts";
import { readAlike } from "../../../source/meant/read-alike.ts";
import type { Finding } from "../../diagnosis.ts";
import type { LogLine } from "../../pods.ts";
import { containerOf, containersOf } from "../../workload.ts";
import { type CrashCase, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, place } from "../entry.ts";

/** A new container of a program that other containers of the delivery run with the variable: it comes to it as they do. */
export function asOthersReadIt(crashCase: CrashCase, { name, line }: { name: string; line: LogLine }): Finding | undefined {
  const { input, now, past, found, statement } = crashCase;
  if (past && containerOf(past.object, found.name) !== undefined) return undefined;
  const here = input.rendered.filter((object) => textAt(object, "metadata", "namespace") === textAt(now, "metadata", "namespace"));
  const others = here.flatMap(containersOf).map(({ value }) => value);
  const item = readAlike(others, here, textAt(found.value, "image"), name);
  if (!item || isCalledOtherwise(crashCase, here, name)) return undefined;
  const rootCause = `${place(statement.object, statement.container)} needs environment variable ${name}, which is not set; other containers of its image have it.`;
  const path: FieldPath = [...found.path, "env", { key: "name", value: name }];
  return fix(
    withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.suggested }),
    [{ object: statement.object, path, before: undefined, after: item }],
    [`Give it ${name} as the other containers of its image have it`],
  );
}

/** A ConfigMap gives it to the container already, but for a prefix: the prefix may be what is wrong. */
function isCalledOtherwise({ found }: CrashCase, maps: readonly KubeObject[], name: string): boolean {
  return listAt(found.value, "envFrom").some((from) => {
    const map = maps.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === textAt(from, "configMapRef", "name"));
    return textAt(from, "prefix") !== "" && map !== undefined && configMapKeys(map).includes(name);
  });
}
