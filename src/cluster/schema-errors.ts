import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { BUILT_IN_VERSION, schemaFor } from "./kubernetes-schema.ts";
import { isObject, type Json, type JsonObject, type KubeObject } from "./objects.ts";

/** One fault of an object against the schema of its kind; `key` is the same only for the same fault. */
export interface SchemaError {
  key: string;
  /** JSON pointer (RFC 6901). */
  path: string;
  message: string;
  /** The field below `path` that is unknown. */
  unknown?: string;
  /** The fields that are known where that one is not. */
  known?: string[];
}

/** Schemas of kinds: those that are built in, or those of a cluster, which knows its own minor version and its custom resources. */
export interface SchemaBook {
  /** Whose schemas these are, for people. */
  readonly source: string;
  /** Whether the kind has a schema here. */
  knows(object: KubeObject): boolean;
  /** At most 100 unknown fields, missing fields and wrong values; none where the kind has no schema. */
  errors(object: KubeObject): SchemaError[];
}

/** What `schema` finds for one kind; undefined where it has none. */
export type SchemaSource = (apiVersion: string, kind: string) => JsonObject | undefined;

const MOST_ERRORS = 100;

/** A book that compiles each schema when it is first needed. */
export function schemaBook(source: string, schema: SchemaSource): SchemaBook {
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: false, validateFormats: false, allowUnionTypes: true });
  const compiled = new Map<string, ValidateFunction | undefined>();
  const validatorFor = ({ apiVersion, kind }: KubeObject): ValidateFunction | undefined => {
    const key = JSON.stringify([apiVersion, kind]);
    if (!compiled.has(key)) {
      const found = schema(apiVersion, kind);
      compiled.set(key, found && ajv.compile(found));
    }
    return compiled.get(key);
  };
  return {
    source,
    knows: (object) => validatorFor(object) !== undefined,
    errors(object) {
      const validate = validatorFor(object);
      if (!validate || validate(withoutNulls(object))) return [];
      return (validate.errors ?? []).slice(0, MOST_ERRORS).map(describe);
    },
  };
}

/** The built-in kinds of one version of Kubernetes, known without any cluster. */
export const BUILT_IN: SchemaBook = schemaBook(`Kubernetes ${BUILT_IN_VERSION}`, schemaFor);

/** A field that is null is one that is not there, as for the API server (`env:` with nothing behind it); positions in lists stay. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, child]) => (child === null ? [] : [[key, withoutNulls(child)]])));
}

function describe({ instancePath, keyword, params, message, parentSchema }: ErrorObject): SchemaError {
  const extra = String(params.additionalProperty ?? params.missingProperty ?? "").slice(0, 100);
  const key = `${instancePath} ${keyword} ${extra}`.trim();
  const unknown = keyword === "additionalProperties" ? { unknown: extra, known: Object.keys(parentSchema?.properties ?? {}) } : {};
  return { key, path: instancePath, message: sentence(keyword, params, message ?? keyword, extra), ...unknown };
}

function sentence(keyword: string, params: ErrorObject["params"], message: string, extra: string): string {
  if (keyword === "additionalProperties") return `has an unknown field ${extra}`;
  if (keyword === "required") return `lacks the field ${extra}`;
  if (keyword === "enum" && Array.isArray(params.allowedValues)) return `must be one of ${params.allowedValues.slice(0, 20).join(", ")}`;
  if (keyword === "pattern") return "has not the form that it needs";
  return message;
}
