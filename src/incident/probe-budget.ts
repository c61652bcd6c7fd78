import { isObject, type Json, type KubeObject, numberAt, textAt } from "../cluster/objects.ts";
import { dateAt } from "./events.ts";
import { containerSpec, containerStatuses } from "./pods.ts";

/** Seconds that a probe gives a container before it fails for good: initialDelay + period × failureThreshold, with Kubernetes' defaults. */
function probeSeconds(probe: Json | undefined): number {
  if (!isObject(probe)) return 0;
  return (numberAt(probe, "initialDelaySeconds") ?? 0) + (numberAt(probe, "periodSeconds") ?? 10) * (numberAt(probe, "failureThreshold") ?? 3);
}

/** Until when a started but unready container is within its own startup and readiness probes; undefined where none of the pod's containers is. */
export function withinProbesUntil(pod: KubeObject, onlyStartup: boolean): Date | undefined {
  const ends = containerStatuses(pod).flatMap((status) => {
    const startedAt = dateAt(status, "state", "running", "startedAt");
    const container = containerSpec(pod.spec, textAt(status, "name"))?.spec;
    if (!startedAt || !container || status.ready === true || (onlyStartup && status.started === true)) return [];
    const seconds = probeSeconds(container.startupProbe) + (onlyStartup ? 0 : probeSeconds(container.readinessProbe));
    return seconds === 0 ? [] : [startedAt.getTime() + seconds * 1000];
  });
  return ends.length === 0 ? undefined : new Date(Math.max(...ends));
}
