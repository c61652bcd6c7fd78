import { at, type Json, type JsonObject, type KubeObject, listAt, objectAt, refOf, sameRef, textAt } from "../cluster/objects.ts";
import type { Observation } from "../cluster/observation.ts";
import { probedPorts } from "../cluster/probed-ports.ts";
import { dateAt, latest } from "./events.ts";
import type { Symptom } from "./incident.ts";
import { createdAt, isDeleting, type WorkloadView } from "./workload-view.ts";

/**
 * Services that lead nowhere although the pods they are meant for are ready. `well` are the workloads without symptoms of their own, `ailing` the others: where the
 * pods that a Service selects fail, they explain it.
 */
export function serviceSymptoms(observation: Observation, well: readonly WorkloadView[], ailing: readonly WorkloadView[]): Symptom[] {
  const services = observation.objects.filter((object) => object.kind === "Service" && object.apiVersion === "v1" && isManaged(observation, object));
  const open = services.filter((service) => !isDeleting(service) && !ailing.some((workload) => selects(service, workload)));
  return open.flatMap((service) => serviceSymptom(observation, service, well));
}

/** Whether a Service selects the pods of a workload, in its namespace (core/v1 ServiceSpec.selector). */
export function selects(service: KubeObject, workload: WorkloadView): boolean {
  const selector = objectAt(service, "spec", "selector");
  return workload.ref.namespace === textAt(service, "metadata", "namespace") && Object.keys(selector).length > 0 && hasLabels(workload, selector);
}

function hasLabels({ template }: WorkloadView, pairs: JsonObject): boolean {
  const labels = objectAt(template, "metadata", "labels");
  return Object.entries(pairs).every(([key, value]) => labels[key] === value);
}

/** Whether pods have a label that the Service asks for and that no manifest gives them: whoever sets it (the leader of a database) may yet give it that value. */
function isLabelledLive({ template, pods }: WorkloadView, selector: JsonObject): boolean {
  const own = objectAt(template, "metadata", "labels");
  const live = pods.map((pod) => objectAt(pod, "metadata", "labels"));
  return Object.keys(selector).some((key) => !Object.hasOwn(own, key) && live.some((labels) => Object.hasOwn(labels, key)));
}

function isManaged(observation: Observation, service: KubeObject): boolean {
  return observation.managed.some((ref) => sameRef(ref, refOf(service)));
}

function serviceSymptom(observation: Observation, service: KubeObject, workloads: readonly WorkloadView[]): Symptom[] {
  const selector = objectAt(service, "spec", "selector");
  if (Object.keys(selector).length === 0 || textAt(service, "spec", "type") === "ExternalName") return [];
  const slices = slicesOf(observation, service);
  if (slices.length === 0) return [];
  const sure = meantBy(observation, service, workloads);
  const meant = (sure.length > 0 ? sure : perhapsMeantBy(service, workloads)).filter((workload) => readyPods(workload).length > 0);
  if (meant.length === 0) return [];
  const ready = slices.flatMap((slice) => listAt(slice, "endpoints")).filter((endpoint) => at(endpoint, "conditions", "ready") !== false);
  const message = ready.length === 0 ? noEndpoints(selector, meant) : unresolvedPorts(service, slices);
  const doubt = message === undefined ? undeclaredPorts(service, meant) : undefined;
  const said = message ?? doubt;
  const isDoubtful = doubt !== undefined || sure.length === 0 || meant.some((workload) => isLabelledLive(workload, selector));
  if (said === undefined) return [];
  const since = sinceWhen(observation, service, slices, meant);
  return [{ reason: "no-endpoints", object: refOf(service), message: said, decided: false, since, ...(isDoubtful ? { doubtful: true } : {}) }];
}

/**
 * Numbers of target ports that no container of the selected pods declares, or only with another protocol. Containers need not declare what they listen on, so this
 * proves nothing by itself; a port that a ready pod's probe asks (by TCP, always) is served.
 */
function undeclaredPorts(service: KubeObject, meant: readonly WorkloadView[]): string | undefined {
  const containers = meant.flatMap(({ template }) => listAt(template, "spec", "containers"));
  const declared = containers.flatMap((container) => listAt(container, "ports").map((port) => portWords(at(port, "containerPort"), port)));
  const asked = containers.flatMap(probedPorts).map((port) => portWords(port, null));
  const served = new Set([...declared, ...asked]);
  const wrong = listAt(service, "spec", "ports").flatMap((port) => {
    const target = at(port, "targetPort");
    const words = portWords(target, port);
    return typeof target !== "number" || served.has(words) ? [] : [words];
  });
  if (declared.length === 0 || wrong.length === 0) return undefined;
  return `no container of the selected pods declares target port ${wrong.join(", ")}, only ${[...new Set(declared)].join(", ")}`;
}

/** `8080`, and `8125 (UDP)` for what is not TCP, Kubernetes' default. */
function portWords(number: Json | undefined, port: Json): string {
  const protocol = textAt(port, "protocol") || "TCP";
  return `${String(number)}${protocol === "TCP" ? "" : ` (${protocol})`}`;
}

/** EndpointSlices of a Service, as their label names it. */
export function slicesOf(observation: Observation, service: KubeObject): KubeObject[] {
  return observation.objects.filter(
    (object) =>
      object.kind === "EndpointSlice" &&
      textAt(object, "metadata", "namespace") === textAt(service, "metadata", "namespace") &&
      textAt(object, "metadata", "labels", "kubernetes.io/service-name") === textAt(service, "metadata", "name"),
  );
}

/**
 * The workloads that a Service selects; where it selects none, the ones that it plausibly means: by its name, by the selector's keys, as the only one that no other
 * Service selects, or as the only one.
 */
export function meantBy({ objects }: Observation, service: KubeObject, workloads: readonly WorkloadView[]): WorkloadView[] {
  const selector = objectAt(service, "spec", "selector");
  const near = servable(service, workloads);
  const labels = (workload: WorkloadView) => objectAt(workload.template, "metadata", "labels");
  const selected = near.filter((workload) => hasLabels(workload, selector));
  if (selected.length > 0) return selected;
  const named = near.filter((workload) => workload.ref.name === textAt(service, "metadata", "name"));
  if (named.length > 0) return named;
  const sharing = near.filter((workload) => Object.keys(selector).some((key) => Object.hasOwn(labels(workload), key)));
  if (sharing.length === 1 || near.length === 1) return sharing.length === 1 ? sharing : near;
  const others = objects.filter((object) => object.kind === "Service" && object !== service).map((other) => objectAt(other, "spec", "selector"));
  const free = sharing.filter((workload) => !others.some((pairs) => Object.keys(pairs).length > 0 && hasLabels(workload, pairs)));
  return free.length === 1 ? free : [];
}

/** Those that have a label which the Service asks for: it may mean any of them, or what is yet to come (a canary), so that this proves nothing by itself. */
function perhapsMeantBy(service: KubeObject, workloads: readonly WorkloadView[]): WorkloadView[] {
  const pairs = Object.entries(objectAt(service, "spec", "selector"));
  return servable(service, workloads).filter(({ template }) => pairs.some(([key, value]) => objectAt(template, "metadata", "labels")[key] === value));
}

/** The workloads of a Service's namespace that it can be for: pods of Jobs serve nobody. */
function servable(service: KubeObject, workloads: readonly WorkloadView[]): WorkloadView[] {
  return workloads.filter(({ ref, object }) => ref.namespace === textAt(service, "metadata", "namespace") && object.kind !== "Job");
}

function readyPods(workload: WorkloadView): KubeObject[] {
  return workload.pods.filter((pod) => readySince(pod) !== undefined);
}

function readySince(pod: KubeObject): Date | undefined {
  const ready = listAt(pod, "status", "conditions").find((c) => textAt(c, "type") === "Ready" && textAt(c, "status") === "True");
  return ready === undefined ? undefined : (dateAt(ready, "lastTransitionTime") ?? createdAt(pod));
}

function noEndpoints(selector: JsonObject, meant: readonly WorkloadView[]): string {
  const wanted = formatLabels(selector);
  const has = meant.map((workload) => `${workload.ref.kind} ${workload.ref.name} has ${formatLabels(objectAt(workload.template, "metadata", "labels"))}`);
  return `no ready endpoint: the Service selects ${wanted}; the ready pods of ${has.join(", of ")}`;
}

/** EndpointSlices list only the ports that resolve on a pod; a named targetPort that no container has, with the protocol of the Service, is missing there. */
function unresolvedPorts(service: KubeObject, slices: readonly KubeObject[]): string | undefined {
  const resolved = new Set(slices.flatMap((slice) => listAt(slice, "ports")).map((port) => textAt(port, "name")));
  const missing = listAt(service, "spec", "ports").filter((port) => textAt(port, "targetPort") !== "" && !resolved.has(textAt(port, "name")));
  if (missing.length === 0) return undefined;
  const names = missing.map((port) => `${textAt(port, "name") || String(at(port, "port"))} (targetPort ${textAt(port, "targetPort")})`);
  return `no usable endpoint for port ${names.join(", ")}: no container of the selected pods has a port of that name with that protocol`;
}

/** "app=shop,tier=web". */
export function formatLabels(labels: JsonObject): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`);
  return pairs.length === 0 ? "no labels" : pairs.join(",");
}

/** The last thing that could have emptied the slices: the pods' readiness, a change of the Service or its slices, or the delivery's last apply. */
function sinceWhen(observation: Observation, service: KubeObject, slices: readonly KubeObject[], meant: readonly WorkloadView[]): Date {
  const ready = meant.flatMap((workload) => workload.pods.map(readySince));
  const written = [service, ...slices].flatMap((object) => listAt(object, "metadata", "managedFields").map((entry) => dateAt(entry, "time")));
  const changed = slices.map((slice) => dateAt(slice, "metadata", "annotations", "endpoints.kubernetes.io/last-change-trigger-time") ?? createdAt(slice));
  return latest([...ready, ...written, ...changed, lastApplied(observation)], observation.at);
}

/** When the delivery last changed anything: Argo CD's newest history entry or operation, Flux's newest snapshot. */
export function lastApplied(observation: Observation): Date | undefined {
  const { delivery } = observation;
  const history = listAt(delivery, "status", "history");
  const dates = history.flatMap((entry) => [dateAt(entry, "deployedAt"), dateAt(entry, "firstReconciled"), dateAt(entry, "lastDeployed")]);
  const known = [...dates, dateAt(delivery, "status", "operationState", "finishedAt")].filter((date) => date !== undefined);
  return known.length === 0 ? undefined : latest(known, observation.at);
}
