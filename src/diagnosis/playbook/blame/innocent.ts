import type { FieldChange } from "../../../source/edit/field-path.ts";

/** Fields that make no program end with an error of its own: where and when it runs, what the cluster asks it, what it is promised. */
const INNOCENT = new Set(["readinessProbe", "livenessProbe", "startupProbe", "ports", "imagePullPolicy", "terminationMessagePath", "terminationMessagePolicy"]);

/** @param depth length of the container's path */
export function isInnocent({ path }: FieldChange, depth: number): boolean {
  const [field, list, resource] = path.slice(depth);
  return INNOCENT.has(String(field)) || (field === "resources" && (list === "requests" || resource === "cpu"));
}
