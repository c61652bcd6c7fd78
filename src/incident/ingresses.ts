import { at, type Json, type KubeObject, listAt, refOf, sameRef, textAt } from "../cluster/objects.ts";
import type { Observation } from "../cluster/observation.ts";
import { latest } from "./events.ts";
import type { Symptom } from "./incident.ts";
import { lastApplied } from "./services.ts";
import { createdAt, isDeleting } from "./workload-view.ts";

/** Where an Ingress sends requests: a Service's name, and its port by name or number. */
interface Backend {
  service: string;
  port: { name: string } | { number: number };
}

/**
 * Ingresses that cannot work: a backend Service that does not exist, a port that the Service does not have, a class that the cluster does not know. Whatever may
 * not be read is taken to be there.
 */
export function ingressSymptoms(observation: Observation): Symptom[] {
  const ingresses = observation.objects.filter((object) => object.kind === "Ingress" && observation.managed.some((ref) => sameRef(ref, refOf(object))));
  return ingresses
    .filter((ingress) => !isDeleting(ingress))
    .flatMap((ingress): Symptom[] => {
      const messages = [...backendsOf(ingress).flatMap((backend) => wrongBackend(observation, ingress, backend)), ...unknownClass(observation, ingress)];
      if (messages.length === 0) return [];
      const services = observation.objects.filter(({ kind }) => kind === "Service").map(createdAt);
      const since = latest([...services, createdAt(ingress), lastApplied(observation)], observation.at);
      return [{ reason: "backend", object: refOf(ingress), message: [...new Set(messages)].join("; "), decided: false, since }];
    });
}

/** Whether a backend is no Service but stands for an action in an annotation (AWS Load Balancer Controller). */
export function isAction(service: Json | undefined): boolean {
  return textAt(service ?? null, "port", "name") === "use-annotation";
}

function backendsOf(ingress: KubeObject): Backend[] {
  const paths = listAt(ingress, "spec", "rules").flatMap((rule) => listAt(rule, "http", "paths").map((path) => at(path, "backend", "service")));
  return [at(ingress, "spec", "defaultBackend", "service"), ...paths].flatMap((service) => {
    const name = textAt(service ?? null, "name");
    const number = at(service ?? null, "port", "number");
    if (name === "" || isAction(service)) return [];
    return [{ service: name, port: typeof number === "number" ? { number } : { name: textAt(service ?? null, "port", "name") } }];
  });
}

function wrongBackend(observation: Observation, ingress: KubeObject, { service: name, port }: Backend): string[] {
  const namespace = textAt(ingress, "metadata", "namespace");
  const all = [...observation.objects, ...observation.surroundings];
  const service = all.find(
    (object) => object.kind === "Service" && textAt(object, "metadata", "namespace") === namespace && textAt(object, "metadata", "name") === name,
  );
  if (!service) {
    const canTell = observation.surroundings.some((object) => object.kind === "Service") || all.some(({ kind }) => kind === "Service");
    return canTell ? [`the backend Service ${name} does not exist`] : [];
  }
  const ports = listAt(service, "spec", "ports");
  const has = ports.some((one) => ("number" in port ? at(one, "port") === port.number : textAt(one, "name") === port.name));
  const wanted = "number" in port ? String(port.number) : port.name;
  return has || wanted === "" ? [] : [`the backend Service ${name} has no port ${wanted}, only ${ports.map(portWords).join(", ")}`];
}

function portWords(port: Json): string {
  const name = textAt(port, "name");
  return `${String(at(port, "port"))}${name === "" ? "" : ` (${name})`}`;
}

/** Only where some classes are known: none at all may mean that they may not be read. */
function unknownClass(observation: Observation, ingress: KubeObject): string[] {
  const wanted = textAt(ingress, "spec", "ingressClassName");
  const known = observation.surroundings.filter(({ kind }) => kind === "IngressClass").map((object) => textAt(object, "metadata", "name"));
  if (wanted === "" || known.length === 0 || known.includes(wanted)) return [];
  return [`the ingress class ${wanted} does not exist, only ${known.join(", ")}`];
}
