// Schema: the change brings no field that Kubernetes does not know and no value of the wrong type. Judged on rendered objects, offline; faults that
// were there before stay the author's business. Kinds without a schema are skipped by name.
import { describeRef, refOf } from "../cluster/objects.ts";
import { hasSchema, schemaErrors } from "../cluster/schema-errors.ts";
import type { ChangedObject } from "./rendered-diff.ts";
import { type GuardFinding, type GuardResult, refused } from "./report.ts";

export function schema(changed: readonly ChangedObject[]): GuardResult {
  const findings: GuardFinding[] = [];
  const unknown = new Set<string>();
  for (const { before, after } of changed) {
    if (!after) continue;
    if (!hasSchema(after)) unknown.add(after.kind);
    const old = new Set(before ? schemaErrors(before).map(({ key }) => key) : []);
    for (const { key, path, message } of schemaErrors(after)) {
      if (!old.has(key)) findings.push(refused("schema", "invalid", `${describeRef(refOf(after))} ${path || "/"} ${message}.`, { path }));
    }
  }
  return { findings, ...(unknown.size > 0 ? { note: `no schema for ${[...unknown].join(", ")}` } : {}) };
}
