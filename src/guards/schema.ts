// Schema: the change brings no field that Kubernetes does not know, takes none away that it needs, and no value of the wrong type. Judged on rendered
// objects: with the schemas of the cluster where it could be asked, which knows its version and its custom resources, else with those that are built in.
// Faults that were there before stay the author's business. Kinds without a schema are skipped by name.
import { describeRef, type Json, type KubeObject, refOf } from "../cluster/objects.ts";
import { BUILT_IN, type SchemaBook } from "../cluster/schema-errors.ts";
import { getIn } from "../source/edit/field-path.ts";
import type { ChangedObject } from "./rendered-diff.ts";
import { type GuardFinding, type GuardResult, refused } from "./report.ts";

export function schema(changed: readonly ChangedObject[], book: SchemaBook = BUILT_IN): GuardResult {
  const findings: GuardFinding[] = [];
  const unknown = new Set<string>();
  for (const { before, after } of changed) {
    if (!after) continue;
    const own = book.knows(after) ? book : BUILT_IN;
    if (!own.knows(after)) unknown.add(after.kind);
    const old = new Set(before ? own.errors(before).map(({ key }) => key) : []);
    for (const { key, path, message, unknown: field } of own.errors(after)) {
      if (old.has(key)) continue;
      const was = before && valueAt(before, path);
      const detail = {
        path,
        before: was ?? null,
        proposed: valueAt(after, path) ?? null,
        final: was ?? null,
        object: refOf(after),
        ...(field ? { unknown: field } : {}),
      };
      findings.push(refused("schema", "invalid", `${describeRef(refOf(after))} ${path || "/"} ${message}.`, detail));
    }
  }
  const notes = [...(changed.length > 0 ? [`schemas of ${book.source}`] : []), ...(unknown.size > 0 ? [`no schema for ${[...unknown].join(", ")}`] : [])];
  return { findings, note: notes.join("; ") };
}

/** The value behind a JSON pointer (RFC 6901); a whole object is too much to show. */
function valueAt(object: KubeObject, pointer: string): Json | undefined {
  if (pointer === "") return undefined;
  const steps = pointer
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  return steps.reduce<Json | undefined>((here, step) => (Array.isArray(here) ? here[Number(step)] : getIn(here, [step])), object);
}
