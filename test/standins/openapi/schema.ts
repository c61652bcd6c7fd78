import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from "../../../src/cluster/objects.ts";

/** GitHub's description is OpenAPI 3.0: what it says beyond JSON Schema (`nullable`, formats, documentation) is translated, so that ajv only sees JSON Schema. */
export class Schemas {
  /** Translated component schemas by name, as far as something refers to them. */
  readonly used = new Map<string, JsonObject>();
  readonly #description: JsonObject;

  constructor(description: JsonObject) {
    this.#description = description;
  }

  /** `{ "$ref": "#/components/…" }` looked up; anything else as it is. */
  resolve(node: Json | undefined): JsonObject {
    const ref = textAt(node, "$ref");
    if (ref === "") return isObject(node) ? node : {};
    return objectAt(this.#description, ...ref.replace("#/", "").split("/"));
  }

  /** The schema with references to {@link idOf} ids. */
  translate(node: Json | undefined): JsonObject {
    if (!isObject(node)) return {};
    const ref = textAt(node, "$ref");
    if (ref !== "") return { $ref: this.#need(ref.slice("#/components/schemas/".length)) };
    return nullable(node, {
      ...pick(node, ["type", "enum", "required", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern"]),
      ...format(textAt(node, "format")),
      ...this.#nested(node),
    });
  }

  #nested(node: JsonObject): JsonObject {
    const nested: JsonObject = {};
    if (isObject(node.properties)) {
      nested.properties = Object.fromEntries(Object.entries(node.properties).map(([name, schema]) => [name, this.translate(schema)]));
    }
    if (node.items !== undefined) nested.items = this.translate(node.items);
    if (isObject(node.additionalProperties)) nested.additionalProperties = this.translate(node.additionalProperties);
    else if (node.additionalProperties !== undefined) nested.additionalProperties = node.additionalProperties;
    if (Array.isArray(node.allOf)) nested.allOf = node.allOf.map((schema) => this.translate(schema));
    // GitHub's alternatives overlap: several may fit.
    const alternatives = [...listAt(node, "anyOf"), ...listAt(node, "oneOf")].map((schema) => this.translate(schema));
    if (alternatives.length > 0) nested.anyOf = alternatives;
    return nested;
  }

  #need(name: string): string {
    if (!this.used.has(name)) {
      this.used.set(name, {});
      this.used.set(name, this.translate(objectAt(this.#description, "components", "schemas", name)));
    }
    return idOf(name);
  }
}

export function idOf(component: string): string {
  return `github:${component}`;
}

function pick(node: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.flatMap((key) => (node[key] === undefined ? [] : [[key, node[key] ?? null]])));
}

function format(name: string): JsonObject {
  if (name === "date-time") return { pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$" };
  return name === "uri" ? { pattern: "^[a-z][a-z0-9+.-]*:" } : {};
}

function nullable(node: JsonObject, schema: JsonObject): JsonObject {
  if (node.nullable !== true) return schema;
  if (typeof schema.type !== "string") return { anyOf: [schema, { type: "null" }] };
  return { ...schema, type: [schema.type, "null"], ...(Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {}) };
}
