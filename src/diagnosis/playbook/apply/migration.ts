import { type KubeObject, type ObjectRef, refOf } from "../../../cluster/objects.ts";
import { moreThan } from "../../../cluster/quantity.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { Finding } from "../../diagnosis.ts";
import { escalate, type Statement } from "../entry.ts";

/** Only larger disks are refused: they are wanted, and how the claims that exist get them is for people. */
export function largerDisks(statement: Statement, object: KubeObject, changed: readonly FieldChange[]): Finding | undefined {
  const isLarger = ({ path, before, after }: FieldChange) => path.includes("volumeClaimTemplates") && path.at(-1) === "storage" && moreThan(after, before);
  if (object.kind !== "StatefulSet" || changed.length === 0 || !changed.every(isLarger)) return undefined;
  const { name } = refOf(object);
  return escalate(
    statement,
    "the claim templates of a StatefulSet that exists cannot change, and the larger disk is wanted",
    `Change the size of its PersistentVolumeClaims themselves, where their class allows it; then delete StatefulSet ${name} with --cascade=orphan, so that it is made anew as git has it. Until then nothing else of it is delivered: take the size back where that cannot wait.`,
  );
}

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
