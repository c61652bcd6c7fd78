import { QUANTITY_PATTERN } from "./kubernetes-values.ts";
import { groupOf, isObject, type Json, type JsonObject, listAt, objectAt, textAt } from "./objects.ts";

/** Keywords that mean the same in OpenAPI 3.0 and in JSON Schema draft 7. */
const PLAIN = ["type", "enum", "required", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "multipleOf"];

/**
 * A JSON Schema (draft 7) for one kind, from a document of an API server's `/openapi/v3`, made strict: where the server lists the fields of an object,
 * it takes no others. Undefined where the document does not have the kind. Source: Kubernetes, structural schemas and `x-kubernetes-*` extensions.
 */
export function strictSchema(document: Json, apiVersion: string, kind: string): JsonObject | undefined {
  const components = objectAt(document, "components", "schemas");
  const root = Object.entries(components).find(([, schema]) => isOf(schema, apiVersion, kind))?.[0];
  if (root === undefined) return undefined;
  const definitions: JsonObject = {};
  define(root, components, definitions);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    definitions,
    type: "object",
    allOf: [{ $ref: pointer(root) }],
    required: ["apiVersion", "kind"],
    properties: { apiVersion: { const: apiVersion }, kind: { const: kind } },
  };
}

function isOf(schema: Json, apiVersion: string, kind: string): boolean {
  const version = apiVersion.slice(apiVersion.indexOf("/") + 1);
  return listAt(schema, "x-kubernetes-group-version-kind").some(
    (gvk) => textAt(gvk, "kind") === kind && textAt(gvk, "version") === version && textAt(gvk, "group") === groupOf(apiVersion),
  );
}

function pointer(name: string): string {
  return `#/definitions/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function define(name: string, components: JsonObject, definitions: JsonObject): void {
  if (Object.hasOwn(definitions, name)) return;
  definitions[name] = {};
  definitions[name] = name.endsWith(".api.resource.Quantity")
    ? { type: ["number", "string"], pattern: QUANTITY_PATTERN }
    : strict(Object.hasOwn(components, name) ? (components[name] ?? {}) : {}, components, definitions);
}

function strict(schema: Json, components: JsonObject, definitions: JsonObject): JsonObject {
  if (!isObject(schema)) return {};
  const reference = referenceOf(schema);
  if (reference !== undefined) {
    define(reference, components, definitions);
    return { $ref: pointer(reference) };
  }
  if (schema["x-kubernetes-int-or-string"] === true) return { type: ["integer", "string"] };
  const made: JsonObject = { ...plain(schema), ...junctors(schema) };
  if (schema.items !== undefined) made.items = strict(schema.items, components, definitions);
  const properties = propertiesOf(schema);
  if (properties) made.properties = Object.fromEntries(Object.entries(properties).map(([key, child]) => [key, strict(child, components, definitions)]));
  if (isObject(schema.additionalProperties)) made.additionalProperties = strict(schema.additionalProperties, components, definitions);
  else if (properties && schema.additionalProperties === undefined && schema["x-kubernetes-preserve-unknown-fields"] !== true)
    made.additionalProperties = false;
  return made;
}

/** `$ref`, or the only `$ref` in an `allOf`, which is how a reference takes a description or a default beside it. */
function referenceOf(schema: JsonObject): string | undefined {
  const all = listAt(schema, "allOf");
  const [only] = all;
  const text = textAt(schema, "$ref") || (all.length === 1 ? textAt(only, "$ref") : "");
  return text.startsWith("#/components/schemas/") ? text.slice("#/components/schemas/".length) : undefined;
}

function propertiesOf(schema: JsonObject): JsonObject | undefined {
  if (!isObject(schema.properties)) return undefined;
  // An object inside of an object names itself, whether or not the schema says so.
  const embedded = schema["x-kubernetes-embedded-resource"] === true;
  return embedded ? { apiVersion: { type: "string" }, kind: { type: "string" }, metadata: {}, ...schema.properties } : schema.properties;
}

function plain(schema: JsonObject): JsonObject {
  const made: JsonObject = Object.fromEntries(PLAIN.flatMap((key) => (schema[key] === undefined ? [] : [[key, schema[key]]])));
  if (typeof schema.pattern === "string" && isPattern(schema.pattern)) made.pattern = schema.pattern;
  // In OpenAPI 3.0 exclusiveness is a flag of the limit, in JSON Schema a limit of its own.
  if (typeof schema.minimum === "number") made[schema.exclusiveMinimum === true ? "exclusiveMinimum" : "minimum"] = schema.minimum;
  if (typeof schema.maximum === "number") made[schema.exclusiveMaximum === true ? "exclusiveMaximum" : "maximum"] = schema.maximum;
  if (schema.format === "int32") Object.assign(made, { minimum: made.minimum ?? -(2 ** 31), maximum: made.maximum ?? 2 ** 31 - 1 });
  return made;
}

/** Server patterns are of RE2: what JavaScript cannot read is left out rather than guessed. */
function isPattern(text: string): boolean {
  try {
    return text.length <= 1000 && new RegExp(text, "u") instanceof RegExp;
  } catch {
    return false;
  }
}

/** In a structural schema these only narrow values down; they list no fields, so they are not made strict. */
function junctors(schema: JsonObject): JsonObject {
  return Object.fromEntries(
    ["allOf", "anyOf", "oneOf"].flatMap((key) => {
      const parts = listAt(schema, key).filter(isObject);
      return parts.length === 0 ? [] : [[key, parts.map(loose)]];
    }),
  );
}

function loose(schema: JsonObject): JsonObject {
  const made: JsonObject = { ...plain(schema), ...junctors(schema) };
  if (isObject(schema.properties))
    made.properties = Object.fromEntries(Object.entries(schema.properties).map(([key, child]) => [key, isObject(child) ? loose(child) : {}]));
  if (isObject(schema.not)) made.not = loose(schema.not);
  return made;
}
