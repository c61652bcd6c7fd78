// Schema: the change brings no field that Kubernetes does not know and no value of the wrong type. Judged on rendered objects, offline; faults that
// were there before stay the author's business. Kinds without a schema are skipped by name.
import { Ajv, type ValidateFunction } from "ajv";
import { schemaFor } from "../cluster/kubernetes-schema.ts";
import { describeRef, type KubeObject, refOf } from "../cluster/objects.ts";
import type { ChangedObject } from "./rendered-diff.ts";
import { type GuardFinding, type GuardResult, refused } from "./report.ts";

const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false });
const compiled = new Map<string, ValidateFunction | undefined>();

function validatorFor({ apiVersion, kind }: KubeObject): ValidateFunction | undefined {
  const key = `${apiVersion} ${kind}`;
  if (!compiled.has(key)) {
    const schema = schemaFor(apiVersion, kind);
    compiled.set(key, schema && ajv.compile(schema));
  }
  return compiled.get(key);
}

export function schema(changed: readonly ChangedObject[]): GuardResult {
  const findings: GuardFinding[] = [];
  const unknown = new Set<string>();
  for (const { before, after } of changed) {
    if (!after) continue;
    if (!validatorFor(after)) unknown.add(after.kind);
    const old = new Set(before ? errorsOf(before).map(({ key }) => key) : []);
    for (const { key, path, message } of errorsOf(after)) {
      if (!old.has(key)) findings.push(refused("schema", "invalid", `${describeRef(refOf(after))} ${path || "/"} ${message}.`, { path }));
    }
  }
  return { findings, ...(unknown.size > 0 ? { note: `no schema for ${[...unknown].join(", ")}` } : {}) };
}

function errorsOf(object: KubeObject): { key: string; path: string; message: string }[] {
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
