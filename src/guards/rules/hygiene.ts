// What keeps a workload dependable: pinned images, limits, probes, replicas, careful rollouts, no secret written out, no way in from outside.
import { isObject, type Json, type JsonObject, type KubeObject, listAt, numberAt, objectAt, stringsIn, textAt } from "../../cluster/objects.ts";
import { parseImage } from "../image-reference.ts";
import { containersOf, podSpecOf, podSpecPath } from "../pod-template.ts";
import { type Fact, fact } from "./fact.ts";

export function hygiene(object: KubeObject): Fact[] {
  return podSpecPath(object.kind) === undefined
    ? exposure(object)
    : [...workload(object), ...containersOf(object).flatMap(({ list, name, container }) => containerFacts(`${list}/${name}`, container))];
}

function containerFacts(where: string, container: JsonObject): Fact[] {
  const facts: Fact[] = [fact("container", where, `there is a container ${where}`)];
  const image = parseImage(textAt(container, "image"));
  if (!image?.digest) facts.push(fact("digest-missing", where, `${where} is not pinned by digest`));
  if (image) facts.push(fact("image-repository", `${where} ${image.registry}/${image.repository}`, `${where} runs ${image.registry}/${image.repository}`));
  if (image && !image.digest && (image.tag === "" || image.tag === "latest")) facts.push(fact("image-latest", where, `${where} has no fixed tag`));
  for (const resource of ["memory", "cpu"]) {
    if (objectAt(container, "resources", "limits")[resource] === undefined)
      facts.push(fact("limit-missing", `${where} ${resource}`, `${where} has no ${resource} limit`));
  }
  facts.push(fact("quality-of-service", where, `${where} is of a lower quality of service`, qualityOf(container)));
  // An init container has none, so that becoming a sidecar without any makes nothing worse.
  for (const probe of PROBES) facts.push(...probeFacts(where, probe, container[probe]));
  for (const field of ["command", "args"])
    facts.push(
      fact("command-changed", `${where} ${JSON.stringify(stringsIn(container[field]))}`, `${where} has another ${field === "args" ? "argument" : "command"}`),
    );
  for (const [hook, handler] of Object.entries(objectAt(container, "lifecycle")))
    facts.push(fact("lifecycle-hook", `${where} ${hook} ${JSON.stringify(handler)}`, `${where} has a ${hook} hook`));
  for (const env of listAt(container, "env")) {
    const name = textAt(env, "name");
    if (/PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIAL/i.test(name) && textAt(env, "value") !== "")
      facts.push(fact("literal-secret", `${where} ${name}`, `${where} has ${name} written out`));
  }
  return facts;
}

const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"];
/** Commands that succeed whatever the program does. */
const ALWAYS_TRUE = /^(?:(?:\/(?:usr\/)?bin\/)?(?:ba|da|a)?sh -c )?(?:(?:\/(?:usr\/)?bin\/)?true|:|exit 0|(?:\/(?:usr\/)?bin\/)?(?:echo|printf|sleep)\b.*)$/;

function probeFacts(where: string, name: string, probe: Json | undefined): Fact[] {
  if (!isObject(probe)) return [fact("probe-missing", `${where} ${name}`, `${where} has no ${name}`)];
  const command = listAt(probe, "exec", "command").map(String).join(" ").trim();
  return ALWAYS_TRUE.test(command) ? [fact("probe-always-true", `${where} ${name}`, `the ${name} of ${where} cannot fail`)] : [];
}

/** Guaranteed 0, Burstable 1, BestEffort 2, for one container (Kubernetes: Pod Quality of Service Classes). */
function qualityOf(container: JsonObject): number {
  const [requests, limits] = [objectAt(container, "resources", "requests"), objectAt(container, "resources", "limits")];
  if (Object.keys(requests).length + Object.keys(limits).length === 0) return 2;
  return ["cpu", "memory"].every((name) => limits[name] !== undefined && (requests[name] ?? limits[name]) === limits[name]) ? 0 : 1;
}

function workload(object: KubeObject): Fact[] {
  const pod = podSpecOf(object);
  const facts: Fact[] = [fact("replicas-lowered", "", "there are fewer replicas", -(numberAt(object, "spec", "replicas") ?? 1))];
  const account = textAt(pod, "serviceAccountName") || textAt(pod, "serviceAccount") || "default";
  facts.push(fact("service-account", account, `the pods run as service account ${account}`));
  facts.push(...strategyFacts(object));
  if (pod.terminationGracePeriodSeconds === 0) facts.push(fact("no-grace", "", "pods are killed without grace"));
  if (textAt(pod, "priorityClassName").startsWith("system-")) facts.push(fact("system-priority", "", "the pods have a system priority"));
  for (const toleration of listAt(pod, "tolerations").filter(isObject)) {
    const key = textAt(toleration, "key");
    if (key === "" || key.startsWith("node-role.kubernetes.io/")) facts.push(fact("control-plane", key, "the pods tolerate control plane nodes"));
  }
  for (const key of Object.keys(objectAt(pod, "nodeSelector")))
    if (key.startsWith("node-role.kubernetes.io/")) facts.push(fact("control-plane", `selector ${key}`, "the pods ask for control plane nodes"));
  if (stringsIn(objectAt(pod, "affinity").nodeAffinity).some((text) => text.startsWith("node-role.kubernetes.io/")))
    facts.push(fact("control-plane", "affinity", "the pods ask for control plane nodes"));
  if (textAt(pod, "nodeName") !== "") facts.push(fact("node-pinned", "", "the pods are pinned to one node"));
  if (objectAt(object, "spec").suspend === true) facts.push(fact("suspended", "", "the job is suspended"));
  return facts;
}

/** Deployment and Rollout have a `strategy`, StatefulSet and DaemonSet an `updateStrategy`. */
function strategyFacts(object: KubeObject): Fact[] {
  const facts: Fact[] = [];
  const strategies = [objectAt(object, "spec", "strategy"), objectAt(object, "spec", "updateStrategy")];
  if (strategies.some(({ type }) => type === "Recreate")) facts.push(fact("recreate", "", "a rollout stops everything first"));
  if (strategies.some(({ type }) => type === "OnDelete")) facts.push(fact("on-delete", "", "nothing is rolled out by itself"));
  const replicas = numberAt(object, "spec", "replicas") ?? 1;
  for (const strategy of strategies) {
    const most = objectAt(strategy, "rollingUpdate").maxUnavailable;
    const isAll = typeof most === "number" ? most >= Math.max(replicas, 2) : typeof most === "string" && Number.parseFloat(most) >= 100;
    if (isAll) facts.push(fact("all-unavailable", "", "a rollout may stop everything at once"));
  }
  if (objectAt(object, "spec").paused === true) facts.push(fact("paused", "", "rollouts are paused"));
  return facts;
}

function exposure(object: KubeObject): Fact[] {
  const spec = objectAt(object, "spec");
  switch (object.kind) {
    case "Service": {
      const facts = ["LoadBalancer", "NodePort", "ExternalName"].includes(textAt(spec, "type"))
        ? [fact("exposed", textAt(spec, "type"), `the Service is a ${textAt(spec, "type")}`)]
        : [];
      for (const address of listAt(spec, "externalIPs")) facts.push(fact("external-ip", String(address), "the Service takes an external address"));
      return facts;
    }
    case "Ingress":
      return [
        ...listAt(spec, "rules").flatMap((rule) => hostFacts(textAt(rule, "host"), spec)),
        ...(Object.keys(objectAt(spec, "defaultBackend")).length > 0 ? [fact("default-backend", "", "whatever no rule fits is served")] : []),
      ];
    case "HorizontalPodAutoscaler":
      return [fact("min-replicas-lowered", "", "the autoscaler may go lower", -(numberAt(spec, "minReplicas") ?? 1))];
    case "ConfigMap":
      return object.immutable === true ? [fact("immutable", "", "the ConfigMap cannot be changed any more")] : [];
    case "PodDisruptionBudget":
      return budgetsIn(spec).map((budget) => fact("budget", JSON.stringify(budget), "the disruption budget changes"));
    case "NetworkPolicy":
    case "Role":
    case "ClusterRole":
    case "RoleBinding":
    case "ClusterRoleBinding":
    case "ServiceAccount":
    case "Secret":
    case "Namespace":
    case "ValidatingWebhookConfiguration":
    case "MutatingWebhookConfiguration":
    case "CustomResourceDefinition":
      return [fact("protected-kind", JSON.stringify(object), `a ${object.kind} changes`)];
    default:
      return [];
  }
}

function hostFacts(host: string, spec: JsonObject): Fact[] {
  const covered = listAt(spec, "tls").some((tls) => listAt(tls, "hosts").includes(host) || listAt(tls, "hosts").length === 0);
  return [fact("host", host, `host ${host || "*"} is served`), ...(covered ? [] : [fact("tls-missing", host, `host ${host || "*"} has no TLS`)])];
}

/** What a budget may be: one with both bounds, which the API server refuses, is either of them once the other is gone. */
function budgetsIn({ minAvailable, maxUnavailable, ...rest }: JsonObject): JsonObject[] {
  const bounds: JsonObject[] = [...(minAvailable === undefined ? [] : [{ minAvailable }]), ...(maxUnavailable === undefined ? [] : [{ maxUnavailable }])];
  return (bounds.length > 0 ? bounds : [{}]).map((bound) => ({ ...bound, ...rest }));
}
