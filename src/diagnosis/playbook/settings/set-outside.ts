import { type KubeObject, listAt, objectAt, textAt } from "../../../cluster/objects.ts";
import type { Finding } from "../../diagnosis.ts";
import { configMapIn } from "../../history.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, escalate, oneStop, place, shown } from "../entry.ts";
import { namesVariable } from "../words.ts";

/**
 * The program complains about a setting that it reads from a ConfigMap which is not in git: whatever the commit changed, nothing in git decides that value. A
 * release is innocent of it.
 */
export function setOutside(crashCase: CrashCase): Finding | undefined {
  const { found, changed, statement } = crashCase;
  if (changed.some(({ path }) => path.includes("env") || path.includes("envFrom"))) return undefined;
  const own = new Set(listAt(found.value, "env").map((item) => textAt(item, "name")));
  const lines = complaints(crashCase);
  const blamed = outsideMaps(crashCase).flatMap(({ map, prefix }) =>
    Object.keys(objectAt(map, "data")).flatMap((key) => {
      const variable = `${prefix}${key}`;
      const line = own.has(variable) ? undefined : lines.findLast(({ text }) => namesVariable(text, variable));
      return line ? [{ name: textAt(map, "metadata", "name"), key, variable, line }] : [];
    }),
  );
  const [first] = blamed;
  if (!first) return undefined;
  const { name, key, variable, line } = first;
  const rootCause = `${place(statement.object, statement.container)} does not accept ${variable}, which it reads from ConfigMap ${name}: ${shown(line.text)}.`;
  return escalate(
    withLine(crashCase, line, { ...statement, rootCause: oneStop(rootCause), confidence: CONFIDENCE.likely }),
    `ConfigMap ${name} is not in git`,
    `Look who set ${key} in ConfigMap ${name} of namespace ${statement.object.namespace}, and correct it there.`,
  );
}

/** ConfigMaps that the container reads whole, that the cluster has and that the branch does not render; with what it puts before each key. */
function outsideMaps({ input, now, found, statement }: CrashCase): { map: KubeObject; prefix: string }[] {
  const isRendered = (name: string) => configMapIn(input.rendered, textAt(now, "metadata", "namespace"), name) !== undefined;
  return listAt(found.value, "envFrom").flatMap((from) => {
    const name = textAt(from, "configMapRef", "name");
    const map = isRendered(name) ? undefined : configMapIn(input.observation.surroundings, statement.object.namespace, name);
    return map ? [{ map, prefix: textAt(from, "prefix") }] : [];
  });
}
