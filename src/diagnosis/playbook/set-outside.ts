import { type KubeObject, listAt, objectAt, textAt } from "../../cluster/objects.ts";
import type { Finding } from "../diagnosis.ts";
import { configMapIn, isConfigMap } from "../history.ts";
import { type CrashCase, complaints, withLine } from "./crash-case.ts";
import { CONFIDENCE, escalate, oneStop, place, shown } from "./entry.ts";
import { namesVariable } from "./words.ts";

/**
 * The program complains about a setting that it reads from a ConfigMap which is not in git: whatever the commit changed, nothing in git decides that value. A
 * release is innocent of it.
 */
export function setOutside(crashCase: CrashCase): Finding | undefined {
  const { found, changed, statement } = crashCase;
  if (changed.some(({ path }) => path.includes("env") || path.includes("envFrom"))) return undefined;
  const own = new Set(listAt(found.value, "env").map((item) => textAt(item, "name")));
  const lines = complaints(crashCase);
  const blamed = outsideMaps(crashCase).flatMap((map) =>
    Object.keys(objectAt(map, "data")).flatMap((key) => {
      const line = own.has(key) ? undefined : lines.findLast(({ text }) => namesVariable(text, key));
      return line ? [{ name: textAt(map, "metadata", "name"), key, line }] : [];
    }),
  );
  const [first] = blamed;
  if (!first) return undefined;
  const { name, key, line } = first;
  const rootCause = `${place(statement.object, statement.container)} does not accept ${key}, which it reads from ConfigMap ${name}: ${shown(line.text)}.`;
  return escalate(
    withLine(crashCase, line, { ...statement, rootCause: oneStop(rootCause), confidence: CONFIDENCE.likely }),
    `ConfigMap ${name} is not in git`,
    `Look who set ${key} in ConfigMap ${name} of namespace ${statement.object.namespace}, and correct it there.`,
  );
}

/** ConfigMaps that the container reads whole, that the cluster has and that the branch does not render. */
function outsideMaps({ input, now, found, statement }: CrashCase): KubeObject[] {
  const names = listAt(found.value, "envFrom").map((from) => textAt(from, "configMapRef", "name"));
  const isRendered = (name: string) => configMapIn(input.rendered, textAt(now, "metadata", "namespace"), name) !== undefined;
  return input.observation.surroundings.filter((map) => {
    const name = textAt(map, "metadata", "name");
    return isConfigMap(map, statement.object.namespace) && names.includes(name) && !isRendered(name);
  });
}
