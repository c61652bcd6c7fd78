import { type Json, listAt, textAt } from "../../cluster/objects.ts";
import type { FieldPath } from "../edit/field-path.ts";
import { withoutHash } from "../plan/differences.ts";

/**
 * The key of a ConfigMap from which a variable of this name is taken: the one from which all others take it, else the one that has the variable's own name. Undefined
 * where others do not agree, or where there is no such key. @param keys of the map; @param containers of the delivery
 */
export function variableKey(variable: string, { name, keys }: { name: string; keys: readonly string[] }, containers: readonly Json[]): string | undefined {
  const items = containers.flatMap((container) => listAt(container, "env")).filter((item) => textAt(item, "name") === variable);
  const references = items.filter((item) => withoutHash(textAt(item, "valueFrom", "configMapKeyRef", "name")) === withoutHash(name));
  const taken = new Set(references.map((item) => textAt(item, "valueFrom", "configMapKeyRef", "key")).filter((key) => keys.includes(key)));
  const [only = keys.includes(variable) ? variable : undefined, ...others] = taken;
  return others.length === 0 ? only : undefined;
}

/** The variable whose reference, or whose key, stands at this path. */
export function variableAt(path: FieldPath): string | undefined {
  const item = path[path.indexOf("env") + 1];
  return path.includes("env") && typeof item === "object" && item.key === "name" ? item.value : undefined;
}
