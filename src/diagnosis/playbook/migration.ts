import type { ObjectRef } from "../../cluster/objects.ts";
import type { FieldChange } from "../../source/field-path.ts";
import type { Finding } from "../diagnosis.ts";

/** What a fix says beside itself where a field goes back that cannot change on an object that exists: how people get what the commit wanted. */
export function withMigration(finding: Finding, object: ObjectRef, changed: readonly FieldChange[]): Finding {
  const { action } = finding;
  if (action.kind !== "fix") return finding;
  const isOfClaims = object.kind === "StatefulSet" && changed.some(({ path }) => path.includes("volumeClaimTemplates"));
  const claims = isOfClaims ? "change the PersistentVolumeClaims themselves (a larger size, where the class allows it), then " : "";
  const how = `${claims}delete ${object.kind} ${object.name} with --cascade=orphan and let it be made anew, at a time of your choice`;
  return {
    ...finding,
    action: { ...action, words: [...action.words, `Not part of this change: what the commit wanted there cannot be applied to an object that exists; ${how}`] },
  };
}
