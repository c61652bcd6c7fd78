import { AutofixError } from "../errors.ts";
import type { Reader } from "./live-objects.ts";
import { at, isObject, type Json, type JsonObject, type KubeObject, listAt, numberAt, objectAt, textAt } from "./objects.ts";
import { known, pathOf } from "./resources.ts";
import { tidy } from "./tidy.ts";

/**
 * Objects of the same namespaces that may explain a failure: quotas and limit ranges always, the rest where a pod template names something of the kind or a
 * pod finds no node. What the bot may not read is left out.
 */
export async function readSurroundings(reader: Reader, objects: readonly KubeObject[], namespaces: readonly string[]): Promise<KubeObject[]> {
  const paths = namespaces.flatMap((namespace) => [
    pathOf(known("v1", "ResourceQuota"), namespace),
    pathOf(known("v1", "LimitRange"), namespace),
    ...namedKinds(objects, namespace).map((kind) => pathOf(known("v1", kind), namespace)),
  ]);
  if (objects.some((object) => isUnscheduled(object) || mayBeLost(object))) paths.push("/api/v1/nodes");
  if (objects.some(claimsStorage)) paths.push("/apis/storage.k8s.io/v1/storageclasses");
  if (objects.some((object) => needsServices(object, objects))) {
    paths.push(pathOf(known("networking.k8s.io/v1", "IngressClass"), ""));
    paths.push(...namespaces.map((namespace) => pathOf(known("v1", "Service"), namespace)));
  }
  const lists = await Promise.all(paths.map((path) => listIfAllowed(reader, path)));
  const seen = new Set(objects.map((object) => textAt(object, "metadata", "uid")));
  return lists
    .flat()
    .map(tidy)
    .filter((object) => !seen.has(textAt(object, "metadata", "uid")));
}

/** Whether anything says that not all is well: without that the surroundings tell nothing. */
export function isUnwell(objects: readonly KubeObject[]): boolean {
  return objects.some((object) => {
    switch (object.kind) {
      case "Pod":
        return textAt(object, "status", "phase") !== "Succeeded" && !isReady(object);
      case "Deployment":
      case "StatefulSet":
        return (numberAt(object, "spec", "replicas") ?? 1) > (numberAt(object, "status", "readyReplicas") ?? 0);
      case "DaemonSet":
        return (numberAt(object, "status", "desiredNumberScheduled") ?? 0) > (numberAt(object, "status", "numberReady") ?? 0);
      case "Job":
        return (numberAt(object, "status", "failed") ?? 0) > 0;
      case "PersistentVolumeClaim":
        return textAt(object, "status", "phase") !== "Bound";
      case "Ingress":
        return needsServices(object, objects);
      default:
        return false;
    }
  });
}

/** An Ingress for which no controller has named an address yet, or which sends to a Service that the delivery does not have: it may be somebody else's. */
function needsServices(object: KubeObject, objects: readonly KubeObject[]): boolean {
  if (object.kind !== "Ingress") return false;
  const isHere = (name: string) => objects.some((other) => other.kind === "Service" && textAt(other, "metadata", "name") === name);
  return listAt(object, "status", "loadBalancer", "ingress").length === 0 || !backendNames(object).every(isHere);
}

function backendNames(ingress: KubeObject): string[] {
  const paths = listAt(ingress, "spec", "rules").flatMap((rule) => listAt(rule, "http", "paths"));
  return [at(ingress, "spec", "defaultBackend"), ...paths.map((path) => at(path, "backend"))]
    .map((backend) => textAt(backend ?? null, "service", "name"))
    .filter((name) => name !== "");
}

function isReady(pod: KubeObject): boolean {
  return listAt(pod, "status", "conditions").some((c) => textAt(c, "type") === "Ready" && textAt(c, "status") === "True");
}

function isUnscheduled(object: KubeObject): boolean {
  return object.kind === "Pod" && listAt(object, "status", "conditions").some((c) => textAt(c, "type") === "PodScheduled" && textAt(c, "status") === "False");
}

/** A pod with a node of which nobody says what keeps it: no container has an error, and it is not ready. */
function mayBeLost(object: KubeObject): boolean {
  if (
    object.kind !== "Pod" ||
    textAt(object, "spec", "nodeName") === "" ||
    isReady(object) ||
    ["Succeeded", "Failed"].includes(textAt(object, "status", "phase"))
  )
    return false;
  const statuses = [...listAt(object, "status", "initContainerStatuses"), ...listAt(object, "status", "containerStatuses")];
  return statuses.every(
    (status) => !/^Err|Error$|BackOff$|^Invalid/.test(textAt(status, "state", "waiting", "reason")) && !isObject(at(status, "state", "terminated")),
  );
}

function claimsStorage(object: KubeObject): boolean {
  return object.kind === "PersistentVolumeClaim" || listAt(object, "spec", "volumeClaimTemplates").length > 0;
}

type NamedKind = "ConfigMap" | "ServiceAccount" | "PersistentVolumeClaim";

/** The kinds of which the pod templates in a namespace name objects. */
function namedKinds(objects: readonly KubeObject[], namespace: string): NamedKind[] {
  const here = objects.filter((object) => textAt(object, "metadata", "namespace") === namespace);
  const specs = here.flatMap(podSpecOf);
  const kinds: NamedKind[] = [];
  if (specs.some(namesConfigMap)) kinds.push("ConfigMap");
  if (specs.some((spec) => !["", "default"].includes(textAt(spec, "serviceAccountName")))) kinds.push("ServiceAccount");
  const claims = specs.some((spec) => listAt(spec, "volumes").some((volume) => isObject(at(volume, "persistentVolumeClaim"))));
  if (claims || here.some(claimsStorage)) kinds.push("PersistentVolumeClaim");
  return kinds;
}

function podSpecOf(object: KubeObject): JsonObject[] {
  if (object.kind === "Pod") return [objectAt(object, "spec")];
  const template = at(object, "spec", "template", "spec") ?? at(object, "spec", "jobTemplate", "spec", "template", "spec");
  return isObject(template) ? [template] : [];
}

function namesConfigMap(spec: JsonObject): boolean {
  const containers = [...listAt(spec, "containers"), ...listAt(spec, "initContainers")];
  const inContainer = (container: Json) =>
    listAt(container, "envFrom").some((source) => isObject(at(source, "configMapRef"))) ||
    listAt(container, "env").some((variable) => isObject(at(variable, "valueFrom", "configMapKeyRef")));
  const inVolume = (volume: Json) => isObject(at(volume, "configMap")) || listAt(volume, "projected", "sources").some(isOwnConfigMap);
  return containers.some(inContainer) || listAt(spec, "volumes").some(inVolume);
}

/** Every pod gets the cluster's certificate projected beside its token: that names nothing of the team's. */
function isOwnConfigMap(source: Json): boolean {
  const name = textAt(source, "configMap", "name");
  return name !== "" && name !== "kube-root-ca.crt";
}

async function listIfAllowed({ client, log }: Reader, path: string): Promise<KubeObject[]> {
  try {
    return (await client.list(path)) ?? [];
  } catch (thrown) {
    if (!(thrown instanceof AutofixError) || thrown.code !== "cluster/forbidden") throw thrown;
    log.debug({ path }, "surroundings that may not be read are left out");
    return [];
  }
}
