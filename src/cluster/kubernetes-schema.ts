import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import * as client from "@kubernetes/client-node";
import { CLOSED_VALUES, QUANTITIES, QUANTITY_PATTERN } from "./kubernetes-values.ts";
import type { JsonObject } from "./objects.ts";

/** The minor version of Kubernetes that client-node's models are of. */
export const BUILT_IN_VERSION = "1.36";

/** One row of a model's `attributeTypeMap`, as the OpenAPI generator of client-node writes it. */
interface Attribute {
  name: string;
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

const built = new Map<string, JsonObject>();

/**
 * A JSON Schema (draft 7) for one built-in kind that refuses unknown fields, missing fields and wrong types, or undefined where the kind is not known. Made from
 * what client-node publishes of the OpenAPI of Kubernetes: types from its models, required fields from its declarations, and from kubernetes-values.ts what
 * neither says. A null is no value of any type here: see schema-errors.ts.
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
  const required: string[] = [];
  definitions[model] = { type: "object", properties, required, additionalProperties: false };
  const needed = requiredOf(model);
  for (const { name, baseName, type, format } of attributesOf(model)) {
    if (needed.has(name)) required.push(baseName);
    properties[baseName] = valueSchema(`${model}.${baseName}`, type, format, definitions);
  }
}

function valueSchema(field: string, type: string, format: string, definitions: JsonObject): JsonObject {
  const list = /^(?:Array|Set)<(.+)>$/.exec(type)?.[1];
  if (list) return { type: "array", items: valueSchema(field, list, format, definitions) };
  const map = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1];
  if (map) return { type: "object", additionalProperties: valueSchema(field, map, format, definitions) };
  switch (type) {
    case "string":
      return stringSchema(field);
    case "Date":
    case "V1MicroTime":
      return { type: "string" };
    case "IntOrString":
      return { type: ["string", "integer"] };
    case "number":
      return numberSchema(format);
    case "boolean":
      return { type: "boolean" };
    case "any":
      return {};
    default:
      define(type, definitions);
      return { $ref: `#/definitions/${type}` };
  }
}

function stringSchema(field: string): JsonObject {
  if (QUANTITIES.has(field)) return { type: ["number", "string"], pattern: QUANTITY_PATTERN };
  const values = CLOSED_VALUES.get(field);
  return { type: "string", ...(values ? { enum: [...values] } : {}) };
}

function numberSchema(format: string): JsonObject {
  if (format === "double") return { type: "number" };
  return { type: "integer", ...(format === "int32" ? { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 } : {}) };
}

/** The attributes without a question mark in the model's declaration; client-node's programs do not say which these are. */
function requiredOf(model: string): Set<string> {
  const declaration = readFileSync(join(declarations(), `${model}.d.ts`), "utf8");
  return new Set([...declaration.matchAll(/^ {4}'(\w+)': /gm)].flatMap(([, name]) => (name === undefined ? [] : [name])));
}

function declarations(): string {
  const manifest = findPackageJSON("@kubernetes/client-node", import.meta.url);
  if (manifest === undefined) throw new TypeError("@kubernetes/client-node is not installed");
  return join(dirname(manifest), "dist", "gen", "models");
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
  return typeof value === "object" && value !== null && "name" in value && "baseName" in value && "type" in value && "format" in value;
}
