import * as client from "@kubernetes/client-node";
import type { JsonObject } from "./objects.ts";

/** One row of a model's `attributeTypeMap`, as the OpenAPI generator of client-node writes it. */
interface Attribute {
  baseName: string;
  type: string;
  format: string;
}

/** The kinds that deliveries are made of. The models do not know their group, so `example.com/v1 Deployment` has to be told from `apps/v1` here. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  v1: [
    ...["ConfigMap", "Endpoints", "LimitRange", "Namespace", "PersistentVolume", "PersistentVolumeClaim", "Pod", "PodTemplate"],
    ...["ReplicationController", "ResourceQuota", "Secret", "Service", "ServiceAccount"],
  ],
  "apps/v1": ["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"],
  "autoscaling/v1": ["HorizontalPodAutoscaler"],
  "autoscaling/v2": ["HorizontalPodAutoscaler"],
  "batch/v1": ["CronJob", "Job"],
  "discovery.k8s.io/v1": ["EndpointSlice"],
  "networking.k8s.io/v1": ["Ingress", "IngressClass", "NetworkPolicy"],
  "policy/v1": ["PodDisruptionBudget"],
  "rbac.authorization.k8s.io/v1": ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
  "scheduling.k8s.io/v1": ["PriorityClass"],
  "storage.k8s.io/v1": ["StorageClass"],
};

/** Fields of the OpenAPI type Quantity: the models call them string, the API server takes numbers too (`cpu: 1`). */
const QUANTITIES: ReadonlySet<string> = new Set([
  "V1ResourceRequirements.limits",
  "V1ResourceRequirements.requests",
  "V1VolumeResourceRequirements.limits",
  "V1VolumeResourceRequirements.requests",
  "V1ContainerStatus.allocatedResources",
  "V1PodSpec.overhead",
  "V1ResourceQuotaSpec.hard",
  "V1ResourceQuotaStatus.hard",
  "V1ResourceQuotaStatus.used",
  "V1LimitRangeItem.default",
  "V1LimitRangeItem.defaultRequest",
  "V1LimitRangeItem.max",
  "V1LimitRangeItem.maxLimitRequestRatio",
  "V1LimitRangeItem.min",
  "V1EmptyDirVolumeSource.sizeLimit",
  "V1ResourceFieldSelector.divisor",
  "V1PersistentVolumeSpec.capacity",
  "V1PersistentVolumeClaimStatus.allocatedResources",
  "V1PersistentVolumeClaimStatus.capacity",
  "V2MetricTarget.averageValue",
  "V2MetricTarget.value",
  "V2MetricValueStatus.averageValue",
  "V2MetricValueStatus.value",
]);

const built = new Map<string, JsonObject>();

/**
 * A JSON Schema (draft 7) for one built-in kind that refuses unknown fields and wrong types, or undefined where the kind is not known.
 * It takes null anywhere, as the API server does (`env:` with nothing behind it). It knows of no required fields but apiVersion and kind,
 * and of no enums or ranges: client-node's models do not carry them.
 */
export function schemaFor(apiVersion: string, kind: string): JsonObject | undefined {
  if (!Object.hasOwn(KINDS, apiVersion) || !KINDS[apiVersion]?.includes(kind)) return undefined;
  const key = `${apiVersion} ${kind}`;
  const known = built.get(key);
  if (known) return known;
  const version = apiVersion.slice(apiVersion.indexOf("/") + 1);
  const root = `${version.charAt(0).toUpperCase()}${version.slice(1)}${kind}`;
  const definitions: JsonObject = {};
  define(root, definitions);
  const schema: JsonObject = {
    $schema: "http://json-schema.org/draft-07/schema#",
    definitions,
    type: "object",
    allOf: [{ $ref: `#/definitions/${root}` }],
    required: ["apiVersion", "kind"],
    properties: { apiVersion: { const: apiVersion }, kind: { const: kind } },
  };
  built.set(key, schema);
  return schema;
}

function define(model: string, definitions: JsonObject): void {
  if (Object.hasOwn(definitions, model)) return;
  const properties: JsonObject = {};
  definitions[model] = { type: ["object", "null"], properties, additionalProperties: false };
  for (const attribute of attributesOf(model)) {
    const quantity = QUANTITIES.has(`${model}.${attribute.baseName}`);
    properties[attribute.baseName] = schemaOf(attribute.type, attribute.format, quantity, definitions);
  }
}

function schemaOf(type: string, format: string, quantity: boolean, definitions: JsonObject): JsonObject {
  const list = /^(?:Array|Set)<(.+)>$/.exec(type)?.[1];
  if (list) return { type: ["array", "null"], items: schemaOf(list, format, quantity, definitions) };
  const map = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1];
  if (map) return { type: ["object", "null"], additionalProperties: schemaOf(map, format, quantity, definitions) };
  switch (type) {
    case "string":
      return { type: quantity ? ["string", "number", "null"] : ["string", "null"] };
    case "Date":
    case "V1MicroTime":
      return { type: ["string", "null"] };
    case "IntOrString":
      return { type: ["string", "integer", "null"] };
    case "number":
      return { type: [format === "double" ? "number" : "integer", "null"] };
    case "boolean":
      return { type: ["boolean", "null"] };
    case "any":
      return {};
    default:
      define(type, definitions);
      return { $ref: `#/definitions/${type}` };
  }
}

function attributesOf(model: string): Attribute[] {
  const exported: Readonly<Record<string, unknown>> = client;
  const found = exported[model];
  if (typeof found !== "function" || !("attributeTypeMap" in found) || !Array.isArray(found.attributeTypeMap)) {
    throw new TypeError(`@kubernetes/client-node has no model ${model}`);
  }
  return found.attributeTypeMap.filter(isAttribute);
}

function isAttribute(value: unknown): value is Attribute {
  return typeof value === "object" && value !== null && "baseName" in value && "type" in value && "format" in value;
}
