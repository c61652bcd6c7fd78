import { at, describeRef, type Json, type KubeObject, listAt, numberAt, type ObjectRef, refOf, sameRef, textAt } from "../cluster/objects.ts";
import type { Observation } from "../cluster/observation.ts";
import { selects, slicesOf } from "../incident/services.ts";
import { isObserved, type WorkloadView, workloadsOf } from "../incident/workload-view.ts";

/** Whether something works, by what the cluster shows of it. `since`: the latest moment at which a part of it changed. */
export type Readiness = { kind: "ready"; since?: Date } | { kind: "not-ready"; why: string };

/** The workloads, and the Services that select their pods. Where `target` is given only that one counts: another failure is another incident's. */
export function readiness(observation: Observation, target?: ObjectRef): Readiness {
  const views = workloadsOf(observation).filter((view) => target === undefined || sameRef(view.ref, target));
  const services = observation.objects.filter(
    (object) => object.kind === "Service" && ((target && sameRef(refOf(object), target)) || views.some((view) => hasPods(view) && selects(object, view))),
  );
  const results = [...views.map(workloadReady), ...services.map((service) => serviceReady(observation, service))];
  const bad = results.find((result) => result.kind === "not-ready");
  return bad ?? readySince(results.flatMap((result) => (result.kind === "ready" && result.since ? [result.since.getTime()] : [])));
}

function readySince(times: readonly number[]): Readiness {
  return { kind: "ready", ...(times.length > 0 ? { since: new Date(Math.max(...times)) } : {}) };
}

function workloadReady({ ref, object, pods }: WorkloadView): Readiness {
  const why = rolloutPending(object);
  if (why) return { kind: "not-ready", why: `${describeRef(ref)}: ${why}` };
  if (object.kind === "Job" || object.kind === "CronJob") return { kind: "ready" };
  const waiting = pods.flatMap((pod) => containerPending(pod) ?? [])[0];
  return waiting ? { kind: "not-ready", why: `${describeRef(ref)}: ${waiting}` } : readySince(pods.flatMap(startTimes));
}

/** What is missing until a controller has rolled out its latest spec (Kubernetes: "kubectl rollout status"); undefined where nothing is. */
function rolloutPending(workload: KubeObject): string | undefined {
  const status = (field: string) => numberAt(workload, "status", field) ?? 0;
  if (workload.kind === "Job") return jobPending(workload);
  if (workload.kind === "CronJob" || workload.kind === "Pod") return undefined;
  if (!isObserved(workload)) return "the controller has not seen its latest spec yet";
  if (workload.kind === "DaemonSet") {
    const wanted = status("desiredNumberScheduled");
    if (status("updatedNumberScheduled") < wanted) return `${status("updatedNumberScheduled")} of ${wanted} pods are updated`;
    return status("numberAvailable") < wanted ? `${status("numberAvailable")} of ${wanted} pods are available` : undefined;
  }
  const wanted = numberAt(workload, "spec", "replicas") ?? 1;
  const ready = workload.kind === "Deployment" ? status("availableReplicas") : status("readyReplicas");
  const updated = workload.kind === "ReplicaSet" ? wanted : status("updatedReplicas");
  const partition = numberAt(workload, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
  if (updated < wanted - partition) return `${updated} of ${wanted} pods are updated`;
  if (workload.kind === "Deployment" && status("replicas") > updated) return `${status("replicas") - updated} old pods are still there`;
  return ready < wanted ? `${ready} of ${wanted} pods are ready` : undefined;
}

function jobPending(job: KubeObject): string | undefined {
  const state = (type: string) => listAt(job, "status", "conditions").some((c) => textAt(c, "type") === type && textAt(c, "status") === "True");
  if (state("Complete")) return undefined;
  return state("Failed") ? "the job failed" : "the job has not completed yet";
}

/** Which container is not ready: init containers must have ended well, sidecars (init containers with restartPolicy Always) and the others run and be ready. */
function containerPending(pod: KubeObject): string | undefined {
  const sidecars = new Set(listAt(pod, "spec", "initContainers").flatMap((c) => (textAt(c, "restartPolicy") === "Always" ? [textAt(c, "name")] : [])));
  for (const status of listAt(pod, "status", "initContainerStatuses")) {
    const name = textAt(status, "name");
    const done = sidecars.has(name) ? at(status, "ready") === true : at(status, "state", "terminated", "exitCode") === 0;
    if (!done) return `init container ${name} ${waitingWords(status)}`;
  }
  const statuses = listAt(pod, "status", "containerStatuses");
  if (statuses.length < listAt(pod, "spec", "containers").length) return "not all containers have started";
  const bad = statuses.find((status) => at(status, "ready") !== true);
  return bad === undefined ? undefined : `container ${textAt(bad, "name")} ${waitingWords(bad)}`;
}

function waitingWords(status: Json): string {
  const reason = textAt(status, "state", "waiting", "reason") || textAt(status, "state", "terminated", "reason");
  return reason === "" ? "is not ready" : `is not ready (${reason})`;
}

/** When each container started, and when the pod last became ready: a restart begins the soak anew. */
function startTimes(pod: KubeObject): number[] {
  const ready = listAt(pod, "status", "conditions").find((condition) => textAt(condition, "type") === "Ready");
  const started = listAt(pod, "status", "containerStatuses").map((status) => textAt(status, "state", "running", "startedAt"));
  return [textAt(ready, "lastTransitionTime"), ...started].map(Date.parse).filter((time) => !Number.isNaN(time));
}

/** At least one endpoint that is ready (discovery.k8s.io/v1: an unknown `ready` counts as true). */
function serviceReady(observation: Observation, service: KubeObject): Readiness {
  const endpoints = slicesOf(observation, service).flatMap((slice) => listAt(slice, "endpoints"));
  if (endpoints.some((endpoint) => at(endpoint, "conditions", "ready") !== false)) return { kind: "ready" };
  return { kind: "not-ready", why: `${describeRef(refOf(service))} has no ready endpoint` };
}

/** Pods of Jobs come and go, and a workload that is scaled to zero has none on purpose. */
function hasPods({ object }: WorkloadView): boolean {
  return object.kind !== "Job" && object.kind !== "CronJob" && (numberAt(object, "spec", "replicas") ?? 1) > 0;
}
