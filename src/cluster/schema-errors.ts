import { Ajv, type ValidateFunction } from "ajv";
import { schemaFor } from "./kubernetes-schema.ts";
import type { KubeObject } from "./objects.ts";

/** One fault of an object against the schema of its kind; `key` is the same only for the same fault. */
export interface SchemaError {
  key: string;
  path: string;
  message: string;
}

const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false });
const compiled = new Map<string, ValidateFunction | undefined>();

/** Whether the kind has a schema here (kubernetes-schema.ts). */
export function hasSchema(object: KubeObject): boolean {
  return validatorFor(object) !== undefined;
}

/** At most 100 unknown fields and values of the wrong type; none where the kind has no schema. */
export function schemaErrors(object: KubeObject): SchemaError[] {
  const validate = validatorFor(object);
  if (!validate || validate(object)) return [];
  return (validate.errors ?? []).slice(0, 100).map(({ instancePath, keyword, params, message }) => {
    const extra = keyword === "additionalProperties" ? ` ${String(params.additionalProperty).slice(0, 100)}` : "";
    return {
      key: `${instancePath} ${keyword}${extra}`,
      path: instancePath,
      message: keyword === "additionalProperties" ? `has an unknown field${extra}` : (message ?? keyword),
    };
  });
}

function validatorFor({ apiVersion, kind }: KubeObject): ValidateFunction | undefined {
  const key = `${apiVersion} ${kind}`;
  if (!compiled.has(key)) {
    const schema = schemaFor(apiVersion, kind);
    compiled.set(key, schema && ajv.compile(schema));
  }
  return compiled.get(key);
}
