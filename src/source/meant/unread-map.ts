import { configMapKeys } from "../../cluster/config-map.ts";
import { isObject, type Json, type KubeObject, textAt } from "../../cluster/objects.ts";

/**
 * The one ConfigMap of a delivery that has a missed variable, holds nothing but variables, and is read by nobody: it was made for who misses it, as
 * its name says, or that there is no other workload. Undefined where several are, where somebody reads what has it, or did (that it is
 * read no more may be wanted). @param objects of the workload's namespace; @param past the same at the last good revision
 */
export function unreadMap(
  { objects, past }: { objects: readonly KubeObject[]; past: readonly KubeObject[] },
  workload: string,
  variable: string,
): string | undefined {
  const holding = objects.filter((object) => object.kind === "ConfigMap" && configMapKeys(object).includes(variable));
  const [only, ...more] = holding;
  const name = textAt(only ?? null, "metadata", "name");
  if (!only || more.length > 0 || name === "" || !configMapKeys(only).every((key) => /^[A-Z][A-Z0-9_]*$/.test(key))) return undefined;
  const others = objects.filter(
    (object) => ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"].includes(object.kind) && object.metadata.name !== workload,
  );
  if (others.length > 0 && !`-${name}-`.includes(`-${workload}-`)) return undefined;
  return [...objects, ...past].some((object) => object.kind !== "ConfigMap" && names(object.spec ?? null, name)) ? undefined : name;
}

/** Whether a text anywhere within is this name. */
function names(value: Json, name: string): boolean {
  if (Array.isArray(value)) return value.some((item) => names(item, name));
  return isObject(value) ? Object.values(value).some((item) => names(item, name)) : value === name;
}
