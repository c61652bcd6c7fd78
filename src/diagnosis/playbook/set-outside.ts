import { isObject, type KubeObject, listAt, textAt } from "../../cluster/objects.ts";
import type { Finding } from "../diagnosis.ts";
import { isConfigMap } from "../history.ts";
import { type CrashCase, complaints, withLine } from "./crash-case.ts";
import { CONFIDENCE, escalate, place, shown } from "./entry.ts";
import { namesVariable } from "./words.ts";

/**
 * The program complains about a setting that it reads from a ConfigMap which is not in git: whatever the commit changed, nothing in git decides that value. A
 * release is innocent of it.
 */
export function setOutside(crashCase: CrashCase): Finding | undefined {
  const { found, changed, statement } = crashCase;
  const own = new Set(listAt(found.value, "env").map((item) => textAt(item, "name")));
  if (changed.some(({ path }) => path.includes("env") || path.includes("envFrom"))) return undefined;
  for (const map of outsideMaps(crashCase)) {
    const keys = Object.keys(isObject(map.data) ? map.data : {}).filter((key) => !own.has(key));
    for (const key of keys) {
      const line = complaints(crashCase).findLast(({ text }) => namesVariable(text, key));
      if (!line) continue;
      const name = textAt(map, "metadata", "name");
      const rootCause = `${place(statement.object, statement.container)} does not accept ${key}, which it reads from ConfigMap ${name}: ${shown(line.text)}.`;
      return escalate(
        withLine(crashCase, line, { ...statement, rootCause: rootCause.replace(/\.{2,}$/, "."), confidence: CONFIDENCE.likely }),
        `ConfigMap ${name} is not in git`,
        `Look who set ${key} in ConfigMap ${name} of namespace ${statement.object.namespace}, and correct it there.`,
      );
    }
  }
  return undefined;
}

/** ConfigMaps that the container reads whole, that the cluster has and that the branch does not render. */
function outsideMaps({ input, now, found, statement }: CrashCase): KubeObject[] {
  const names = listAt(found.value, "envFrom").map((from) => textAt(from, "configMapRef", "name"));
  const isRendered = (name: string) =>
    input.rendered.some((object) => isConfigMap(object, textAt(now, "metadata", "namespace")) && textAt(object, "metadata", "name") === name);
  return input.observation.surroundings.filter((map) => {
    const name = textAt(map, "metadata", "name");
    return isConfigMap(map, statement.object.namespace) && names.includes(name) && !isRendered(name);
  });
}
