// Schema: the change brings no field that Kubernetes does not know, takes none away that it needs, and no value of the wrong type. Judged on rendered
// objects: with the schemas of the cluster where it could be asked, which knows its version and its custom resources, else with those that are built in.
// Faults that were there before stay the author's business. Kinds without a schema are skipped by name.
import { describeRef, refOf } from "../cluster/objects.ts";
import { BUILT_IN, type SchemaBook } from "../cluster/schema-errors.ts";
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
    for (const { key, path, message } of own.errors(after)) {
      if (!old.has(key)) findings.push(refused("schema", "invalid", `${describeRef(refOf(after))} ${path || "/"} ${message}.`, { path }));
    }
  }
  const notes = [...(changed.length > 0 ? [`schemas of ${book.source}`] : []), ...(unknown.size > 0 ? [`no schema for ${[...unknown].join(", ")}`] : [])];
  return { findings, note: notes.join("; ") };
}
