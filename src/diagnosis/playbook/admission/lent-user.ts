import { type KubeObject, numberAt } from "../../../cluster/objects.ts";
import { type ContainerAt, containersOf, podSpecOf } from "../../workload.ts";

/** The number of the user that a container runs as, by its own context or the pod's; undefined where the image decides. */
export function ownUser(now: KubeObject, { value }: ContainerAt): number | undefined {
  return numberAt(value, "securityContext", "runAsUser") ?? numberAt(podSpecOf(now), "securityContext", "runAsUser");
}

/**
 * Whose user a container can take that has none: that of the pod's other containers, where they say one and the same; with their group, since what they share in
 * volumes is that user's. Undefined where they say none, several or root's. `refused`: containers that do not pass themselves.
 */
export function lentUser(now: KubeObject, refused: readonly string[]): { runAsUser: number; runAsGroup?: number } | undefined {
  const lenders = containersOf(now).filter(({ name, value }) => !refused.includes(name) && numberAt(value, "securityContext", "runAsUser") !== undefined);
  const [runAsUser, ...others] = valuesOf(lenders, "runAsUser");
  if (runAsUser === undefined || runAsUser === 0 || others.length > 0) return undefined;
  const [runAsGroup, ...more] = valuesOf(lenders, "runAsGroup");
  return { runAsUser, ...(runAsGroup && more.length === 0 ? { runAsGroup } : {}) };
}

function valuesOf(containers: readonly ContainerAt[], field: "runAsUser" | "runAsGroup"): (number | undefined)[] {
  return [...new Set(containers.map(({ value }) => numberAt(value, "securityContext", field)))];
}
