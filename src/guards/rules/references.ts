// References inside of a delivery that lead nowhere: a Service that selects no pods or a port that they don't have, an autoscaler without target.
// References to objects that the delivery does not render are not judged: they may exist elsewhere.
import { isObject, type KubeObject, listAt, objectAt, textAt } from "../../cluster/objects.ts";
import { containersOf, podLabelsOf, podSpecOf, podSpecPath } from "../pod-template.ts";
import { type Fact, fact } from "./fact.ts";

export function references(object: KubeObject, all: readonly KubeObject[]): Fact[] {
  if (object.kind === "Service") return serviceFacts(object, all);
  if (object.kind === "HorizontalPodAutoscaler") return scaleFacts(object, all);
  if (object.kind === "Ingress") return backendFacts(object, all);
  if (object.kind === "PodDisruptionBudget") return budgetFacts(object, all);
  return podSpecPath(object.kind) === undefined ? [] : [...mountFacts(object), ...ownSelectorFacts(object)];
}

function serviceFacts(service: KubeObject, all: readonly KubeObject[]): Fact[] {
  const selector = Object.entries(objectAt(service, "spec", "selector"));
  if (selector.length === 0) return [fact("selector-empty", "", "the Service selects nothing")];
  const selected = all.filter((object) => podSpecPath(object.kind) !== undefined && selector.every(([key, value]) => podLabelsOf(object)[key] === value));
  if (selected.length === 0) return [fact("selector-dangling", "", "the Service selects no workload of the delivery")];
  const ports = selected.flatMap((workload) => containersOf(workload).flatMap(({ container }) => listAt(container, "ports").filter(isObject)));
  const several: Fact[] = selected.length > 1 ? [fact("selector-several", "", "the Service selects several workloads", selected.length)] : [];
  return [
    ...several,
    ...listAt(service, "spec", "ports").flatMap((port): Fact[] => {
      const target = objectAt(port).targetPort;
      const named = typeof target === "string" && !ports.some(({ name }) => name === target);
      return named ? [fact("target-port-dangling", String(objectAt(port).port), `no container has port ${target}`)] : [];
    }),
  ];
}

function scaleFacts(autoscaler: KubeObject, all: readonly KubeObject[]): Fact[] {
  const target = objectAt(autoscaler, "spec", "scaleTargetRef");
  const found = all.some(({ kind, metadata }) => kind === target.kind && textAt(metadata, "name") === target.name);
  return found ? [] : [fact("scale-target-dangling", "", "the autoscaler has no target")];
}

function mountFacts(workload: KubeObject): Fact[] {
  const volumes = new Set(
    [...listAt(podSpecOf(workload), "volumes"), ...listAt(workload, "spec", "volumeClaimTemplates").map((claim) => objectAt(claim, "metadata"))].map((volume) =>
      textAt(volume, "name"),
    ),
  );
  return containersOf(workload).flatMap(({ list, name, container }) =>
    listAt(container, "volumeMounts").flatMap((mount): Fact[] =>
      volumes.has(textAt(mount, "name"))
        ? []
        : [fact("mount-dangling", `${list}/${name} ${textAt(mount, "mountPath")}`, `${list}/${name} mounts a volume that is not there`)],
    ),
  );
}

/** The selector must go on matching the workload's own pods. */
function ownSelectorFacts(workload: KubeObject): Fact[] {
  const labels = podLabelsOf(workload);
  const wanted = Object.entries(objectAt(workload, "spec", "selector", "matchLabels"));
  return wanted.every(([key, value]) => labels[key] === value) ? [] : [fact("own-selector", "", "the workload's selector does not match its own pods")];
}

/** A backend leads to a Service of the delivery, and to a port that it has. */
function backendFacts(ingress: KubeObject, all: readonly KubeObject[]): Fact[] {
  const backends = [
    objectAt(ingress, "spec", "defaultBackend", "service"),
    ...listAt(ingress, "spec", "rules").flatMap((rule) => listAt(rule, "http", "paths").map((path) => objectAt(path, "backend", "service"))),
  ].filter((backend) => textAt(backend, "name") !== "");
  return backends.flatMap((backend): Fact[] => {
    const name = textAt(backend, "name");
    const service = all.find((object) => object.kind === "Service" && textAt(object, "metadata", "name") === name);
    if (!service) return [fact("backend-dangling", name, `no Service ${name} is rendered`)];
    const { number, name: portName } = objectAt(backend, "port");
    const ports = listAt(service, "spec", "ports").filter(isObject);
    const found = ports.some((port) => (number !== undefined ? port.port === number : port.name === portName));
    return found ? [] : [fact("backend-port-dangling", `${name} ${String(number ?? portName)}`, `Service ${name} has no port ${String(number ?? portName)}`)];
  });
}

function budgetFacts(budget: KubeObject, all: readonly KubeObject[]): Fact[] {
  const selector = Object.entries(objectAt(budget, "spec", "selector", "matchLabels"));
  const found = all.some((object) => podSpecPath(object.kind) !== undefined && selector.every(([key, value]) => podLabelsOf(object)[key] === value));
  return selector.length === 0 || found ? [] : [fact("budget-dangling", "", "the disruption budget guards no workload of the delivery")];
}
