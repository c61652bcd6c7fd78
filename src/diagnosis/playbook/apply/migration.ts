import { type KubeObject, type ObjectRef, refOf, sameRef, textAt } from "../../../cluster/objects.ts";
import { moreThan } from "../../../cluster/quantity.ts";
import { servicesIn } from "../../../cluster/selecting.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { DiagnosisInput, Finding } from "../../diagnosis.ts";
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

/** The Service of a StatefulSet was renamed with it, and the set cannot follow: under its old name its pods would be found by nobody. */
export function renamedGoverning(input: DiagnosisInput, statement: Statement, now: KubeObject): Finding | undefined {
  const nameOf = (object: KubeObject | undefined) => textAt(object, "spec", "serviceName");
  const [then, wanted] = [nameOf(input.lastGood?.objects.find((one) => sameRef(refOf(one), refOf(now)))), nameOf(now)];
  const isThere = (objects: readonly KubeObject[], name: string) =>
    servicesIn(objects, statement.object.namespace).some(({ metadata }) => metadata.name === name);
  const hasGone = isThere(input.lastGood?.objects ?? [], then) && !isThere([...input.rendered, ...input.observation.surroundings], then);
  if (now.kind !== "StatefulSet" || then === "" || then === wanted || !hasGone) return undefined;
  return escalate(
    statement,
    "the Service that finds its pods was renamed along with it, and the set that exists keeps the old name",
    `Keep Service ${then} and serviceName ${then}; or delete StatefulSet ${refOf(now).name} with --cascade=orphan at a time of your choice, and let it be made anew with ${wanted}.`,
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
