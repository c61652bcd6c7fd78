// What keeps a workload dependable: pinned images, limits, probes, replicas, careful rollouts, no secret written out, no way in from outside.
import { isObject, type JsonObject, type KubeObject, listAt, numberAt, objectAt, textAt } from "../../cluster/objects.ts";
import { parseImage } from "../image-reference.ts";
import { containersOf, podSpecOf, podSpecPath } from "../pod-template.ts";
import { type Fact, fact } from "./fact.ts";

export function hygiene(object: KubeObject): Fact[] {
  return podSpecPath(object.kind) === undefined
    ? exposure(object)
    : [...workload(object), ...containersOf(object).flatMap(({ list, name, container }) => containerFacts(`${list}/${name}`, list, container))];
}

function containerFacts(where: string, list: string, container: JsonObject): Fact[] {
  const facts: Fact[] = [fact("container", where, `there is a container ${where}`)];
  const image = parseImage(textAt(container, "image"));
  if (!image?.digest) facts.push(fact("digest-missing", where, `${where} is not pinned by digest`));
  if (image && !image.digest && (image.tag === "" || image.tag === "latest")) facts.push(fact("image-latest", where, `${where} has no fixed tag`));
  for (const resource of ["memory", "cpu"]) {
    if (objectAt(container, "resources", "limits")[resource] === undefined)
      facts.push(fact("limit-missing", `${where} ${resource}`, `${where} has no ${resource} limit`));
  }
  facts.push(fact("quality-of-service", where, `${where} is of a lower quality of service`, qualityOf(container)));
  for (const probe of list === "containers" ? ["livenessProbe", "readinessProbe"] : [])
    if (!isObject(container[probe])) facts.push(fact("probe-missing", `${where} ${probe}`, `${where} has no ${probe}`));
  for (const hook of Object.keys(objectAt(container, "lifecycle"))) facts.push(fact("lifecycle-hook", `${where} ${hook}`, `${where} has a ${hook} hook`));
  for (const env of listAt(container, "env")) {
    const name = textAt(env, "name");
    if (/PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIAL/i.test(name) && textAt(env, "value") !== "")
      facts.push(fact("literal-secret", `${where} ${name}`, `${where} has ${name} written out`));
  }
  return facts;
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
  const strategy = objectAt(object, "spec", "strategy");
  if (strategy.type === "Recreate") facts.push(fact("recreate", "", "a rollout stops everything first"));
  const unavailable = objectAt(strategy, "rollingUpdate").maxUnavailable;
  if (unavailable === "100%") facts.push(fact("all-unavailable", "", "a rollout may stop everything at once"));
  if (pod.terminationGracePeriodSeconds === 0) facts.push(fact("no-grace", "", "pods are killed without grace"));
  if (textAt(pod, "priorityClassName").startsWith("system-")) facts.push(fact("system-priority", "", "the pods have a system priority"));
  for (const toleration of listAt(pod, "tolerations").filter(isObject)) {
    const key = textAt(toleration, "key");
    if (key === "" || key.startsWith("node-role.kubernetes.io/")) facts.push(fact("control-plane", key, "the pods tolerate control plane nodes"));
  }
  for (const key of Object.keys(objectAt(pod, "nodeSelector")))
    if (key.startsWith("node-role.kubernetes.io/")) facts.push(fact("control-plane", `selector ${key}`, "the pods ask for control plane nodes"));
  if (textAt(pod, "nodeName") !== "") facts.push(fact("node-pinned", "", "the pods are pinned to one node"));
  if (objectAt(object, "spec").suspend === true) facts.push(fact("suspended", "", "the job is suspended"));
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
        fact("tls-lowered", "", "fewer hosts have TLS", -listAt(spec, "tls").length),
        ...listAt(spec, "rules").map((rule) => fact("host", textAt(rule, "host"), `host ${textAt(rule, "host") || "*"} is served`)),
      ];
    case "HorizontalPodAutoscaler":
      return [fact("min-replicas-lowered", "", "the autoscaler may go lower", -(numberAt(spec, "minReplicas") ?? 1))];
    case "PodDisruptionBudget":
      return [fact("budget", JSON.stringify(spec), "the disruption budget changes")];
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
