import { INGRESS_V1, ingressInV1, OLD_INGRESS } from "./ingress-v1.ts";
import { isObject, type Json, type KubeObject, listAt, objectAt } from "./objects.ts";
import { BUILT_IN } from "./schema-errors.ts";

/**
 * Versions that Kubernetes took away, of kinds whose successor has the same schema, so that one word is the whole migration
 * (https://kubernetes.io/docs/reference/using-api/deprecation-guide/). Of the kinds whose fields changed, Ingress alone has a way of its own (ingress-v1.ts).
 */
const SUCCESSORS: Readonly<Record<string, { from: string; to: string }>> = {
  PodDisruptionBudget: { from: "policy/v1beta1", to: "policy/v1" },
  CronJob: { from: "batch/v1beta1", to: "batch/v1" },
  HorizontalPodAutoscaler: { from: "autoscaling/v2beta2", to: "autoscaling/v2" },
  EndpointSlice: { from: "discovery.k8s.io/v1beta1", to: "discovery.k8s.io/v1" },
};

/** Where kinds of Kubernetes' own live, which are at home in one version only. */
const HOMES: Readonly<Record<string, string>> = {
  ...{ Deployment: "apps/v1", StatefulSet: "apps/v1", DaemonSet: "apps/v1", Job: "batch/v1", CronJob: "batch/v1" },
  ...{ Service: "v1", ConfigMap: "v1" },
};

export const SUCCEEDED_KINDS: ReadonlySet<string> = new Set([...Object.keys(SUCCESSORS), ...Object.keys(HOMES), "Ingress"]);

/** The version that took over from this one, or in which the kind is at home; undefined where none is. */
export function successorOf(kind: string, apiVersion: string): string | undefined {
  if (kind === "Ingress") return OLD_INGRESS.has(apiVersion) ? INGRESS_V1 : undefined;
  const found = Object.hasOwn(SUCCESSORS, kind) ? SUCCESSORS[kind] : undefined;
  if (found?.from === apiVersion) return found.to;
  const home = Object.hasOwn(HOMES, kind) ? HOMES[kind] : undefined;
  return home !== apiVersion && isOfKubernetes(apiVersion) ? home : undefined;
}

/** An object as it is in the version that succeeds its own, or where its kind is at home; itself where that is its own. */
export function inSuccessor(object: KubeObject): KubeObject {
  const apiVersion = successorOf(object.kind, object.apiVersion);
  if (apiVersion === undefined) return object;
  return object.kind === "Ingress" ? ingressInV1(object) : { ...object, apiVersion };
}

/** Groups of others have a dot (CustomResourceDefinition.spec.group), and not Kubernetes' own domain. */
function isOfKubernetes(apiVersion: string): boolean {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return !group.includes(".") || group.endsWith(".k8s.io");
}

/** Whether an object is valid in its version, by its schema, and says what it said in the one in whose place this one came. */
export function isSucceeded(object: KubeObject): boolean {
  return BUILT_IN.knows(object) && BUILT_IN.errors(object).length === 0 && meansTheSame(object);
}

/** A budget that selects nothing in particular was for no pod in v1beta1, and is for every one in v1. */
function meansTheSame({ kind, spec }: KubeObject): boolean {
  const selector: Json | undefined = kind === "PodDisruptionBudget" && isObject(spec) ? spec.selector : undefined;
  return !isObject(selector) || Object.keys(objectAt(selector, "matchLabels")).length > 0 || listAt(selector, "matchExpressions").length > 0;
}
