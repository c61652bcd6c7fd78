import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from "../../../src/cluster/objects.ts";
import type { Schemas } from "./schema.ts";

/** What an operation says about its requests and answers, with a name for each schema. */
export interface Operation {
  /** Types of the query's parameters; no others exist. */
  query: Record<string, string>;
  /** Names of schemas; undefined where nothing is said. */
  parameters: string;
  body?: string;
  /** By status; "" where the answer has no JSON. */
  answers: Record<string, string>;
}

export interface Collected {
  operations: Record<string, Operation>;
  /** Schemas by the names that the operations give. */
  roots: Map<string, JsonObject>;
}

/** Of each operation (`GET /repos/{owner}/{repo}`) and webhook (`pull-request-opened`) what has to be checked. */
export function collect(description: JsonObject, schemas: Schemas, operations: readonly string[], webhooks: readonly string[]): Collected {
  const roots = new Map<string, JsonObject>();
  const name = (schema: JsonObject): string => {
    const id = `schema${roots.size}`;
    roots.set(id, schema);
    return id;
  };
  const collected = operations.map((key): [string, Operation] => {
    const [method = "", path = ""] = key.split(" ");
    const operation = objectAt(description, "paths", path, method.toLowerCase());
    if (Object.keys(operation).length === 0) throw new Error(`GitHub's OpenAPI description has no operation ${key}.`);
    return [key, operationOf(operation, schemas, name)];
  });
  for (const event of webhooks) {
    const schema = jsonSchema(objectAt(description, "x-webhooks", event, "post", "requestBody"));
    if (!schema) throw new Error(`GitHub's OpenAPI description has no webhook ${event}.`);
    collected.push([event, { query: {}, parameters: name({}), body: name(schemas.translate(schema)), answers: {} }]);
  }
  return { operations: Object.fromEntries(collected), roots };
}

function operationOf(operation: JsonObject, schemas: Schemas, name: (schema: JsonObject) => string): Operation {
  const parameters = listAt(operation, "parameters").map((parameter) => schemas.resolve(parameter));
  const inQuery = parameters.filter((parameter) => parameter.in === "query");
  const body = jsonSchema(objectAt(operation, "requestBody"));
  const answers = Object.entries(objectAt(operation, "responses")).map(([status, answer]): [string, string] => {
    const schema = jsonSchema(schemas.resolve(answer));
    return [status, schema ? name(schemas.translate(schema)) : ""];
  });
  return {
    query: Object.fromEntries(inQuery.map((parameter) => [textAt(parameter, "name"), textAt(parameter, "schema", "type")])),
    parameters: name(parameterSchema(parameters, schemas)),
    ...(body ? { body: name(closed(schemas.translate(body), objectAt(operation, "requestBody").required !== true)) } : {}),
    answers: Object.fromEntries(answers),
  };
}

function parameterSchema(parameters: readonly JsonObject[], schemas: Schemas): JsonObject {
  return {
    type: "object",
    properties: Object.fromEntries(parameters.map((parameter) => [textAt(parameter, "name"), schemas.translate(parameter.schema)])),
    required: parameters.flatMap((parameter) => (parameter.required === true ? [textAt(parameter, "name")] : [])),
    additionalProperties: false,
  };
}

/** A field that GitHub does not know is a mistake, though GitHub ignores it. */
function closed(schema: JsonObject, optional: boolean): JsonObject {
  const open = schema.anyOf !== undefined || schema.allOf !== undefined || schema.additionalProperties !== undefined || !isObject(schema.properties);
  const body: JsonObject = open ? schema : { ...schema, additionalProperties: false };
  return optional ? { anyOf: [body, { type: "null" }] } : body;
}

function jsonSchema(node: JsonObject): Json | undefined {
  return objectAt(node, "content", "application/json").schema;
}
