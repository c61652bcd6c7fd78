// Blast radius: the files hold exactly the approved edits, and what the delivery renders differs in exactly the failing object, in exactly the
// fields that the failure class permits (and the ConfigMaps that it reads, where the class is about those; and what goes back beside it,
// beside.ts). Nothing appears (but a ConfigMap that was missed, listing.ts) or vanishes.
import { describeRef, isObject, refOf, sameRef } from "../cluster/objects.ts";
import { type FieldChange, type FieldPath, formatPath } from "../source/edit/field-path.ts";
import type { DocumentEdit } from "../source/workspace.ts";
import { followsImage, followsMemory, followsReference, goesBackAlike, goesBackBeside, labelComesBack } from "./beside.ts";
import { classPaths, configMapPaths } from "./class-paths.ts";
import { dangerOf } from "./dangerous.ts";
import { isFullForm } from "./full-form.ts";
import type { GateInput, MadeChange } from "./gate.ts";
import { leaves } from "./leaf-changes.ts";
import { isMissedMap } from "./listing.ts";
import { differsFromEdits } from "./made-edits.ts";
import { isMisplacedMove } from "./misplaced.ts";
import { isOldHook } from "./old-hook.ts";
import { isOldPhase } from "./old-phase.ts";
import { isOtherKind } from "./other-kind.ts";
import { matchesPattern, type PathPattern } from "./path-pattern.ts";
import { isItemRenamed } from "./plausible/item-name.ts";
import type { ChangedObject } from "./rendered-diff.ts";
import { type GuardFinding, type GuardResult, refused } from "./report.ts";
import { configMapsOf, findTarget, isOwnConfigMap } from "./target-match.ts";
import type { TracedFile } from "./text/trace.ts";

/** @param changed undefined where the base cannot be rendered, so that there is nothing to compare with */
export function blastRadius(
  input: GateInput,
  approved: readonly DocumentEdit[] | readonly TracedFile[],
  made: MadeChange,
  changed: readonly ChangedObject[] | undefined,
): GuardResult {
  const findings: GuardFinding[] = [];
  const difference = differenceFrom(input, approved, made);
  if (difference) findings.push(refused("blast-radius", "not-the-edits", `The files are not what was approved: ${difference}.`));
  if (made.after.kind !== "rendered") {
    findings.push(refused("blast-radius", "not-rendered", `With the fix the delivery cannot be rendered: ${made.after.message.slice(0, 500)}`));
  } else if (changed) {
    const own = changed.find(({ ref }) => sameRef(ref, input.target))?.changes ?? [];
    findings.push(...changed.flatMap((one) => objectFindings(input, one, own)));
    if (changed.length === 0) findings.push(refused("blast-radius", "no-effect", "The edit changes nothing of what the delivery renders."));
  }
  return { findings, note: noteOf(made, changed) };
}

/** How the files differ from what was approved: edits of documents, or lines that are put back. */
function differenceFrom({ offered }: GateInput, approved: readonly DocumentEdit[] | readonly TracedFile[], { files }: MadeChange): string | undefined {
  const edits = approved.flatMap((one) => ("ground" in one ? [] : [one]));
  if (edits.length === approved.length) return differsFromEdits(edits, files, offered);
  const traced = approved.flatMap((one) => ("ground" in one ? [one] : []));
  const same = files.length === traced.length && files.every((file) => traced.some((one) => one.path === file.path && one.after === file.after));
  return same ? undefined : "other lines than those that were traced";
}

function objectFindings(input: GateInput, { ref, before, after, changes }: ChangedObject, own: readonly FieldChange[]): GuardFinding[] {
  const name = describeRef(ref);
  if (!before && after && isMissedMap(input, after)) return [];
  if (!before) return [refused("blast-radius", "object-added", `${name} would appear.`)];
  if (!after) return [refused("blast-radius", "object-removed", `${name} would vanish.`)];
  const permitted = patternsFor(input, before);
  // Where Argo CD fills the namespace in later, the rendered object has none.
  const isOwn = sameRef(ref, input.target) || (ref.namespace === "" && sameRef({ ...ref, namespace: input.target.namespace }, input.target));
  const isSaidAnew = (change: FieldChange) =>
    isOwn && (isMisplacedMove(input, ref, change, changes) || isFullForm(change) || isItemRenamed({ input, changes, after }, change));
  const isBack = (change: FieldChange) =>
    goesBackBeside(input, ref, change) ||
    goesBackAlike(input, ref, change, own) ||
    labelComesBack(input, ref, change) ||
    followsImage(input, ref, change, own) ||
    followsMemory(input, ref, change, own) ||
    followsReference(input, ref, change, own) ||
    isSaidAnew(change) ||
    (sameRef(ref, input.target) && (isOldPhase(input, change) || isOtherKind(input, ref, change)));
  const back = changes.filter(isBack);
  if (back.length === changes.length) return [];
  if (permitted.length === 0) return [refused("blast-radius", "other-object", `${name} would change, which is not what fails.`)];
  const dangers = changes
    .flatMap((change) => {
      const danger = dangerOf(change, isSaidAnew(change) || input.proposal.failureClass !== "invalid-manifest");
      const isGone = change.after === undefined && isSaidAnew(change);
      const isMeant =
        danger &&
        (isGone || (sameRef(ref, input.target) && (isOldHook(input, change, danger) || isOldPhase(input, change) || isOtherKind(input, ref, change))));
      return danger && !isMeant ? [danger] : [];
    })
    .map(({ rule, message }) => refused("blast-radius", rule, `The change of ${name} ${message}.`));
  const isPermitted = (change: FieldChange) =>
    partsOf(change).every(({ path }) => permitted.some((pattern) => matchesPattern(pattern, path))) ||
    permitted.some((pattern) => matchesPattern(pattern, change.path));
  const others = changes
    .filter((change) => !back.includes(change) && !isPermitted(change))
    .map(({ path, before: was, after: is }) =>
      refused("blast-radius", "other-field", `${name} would change in ${formatPath(path)}.`, {
        path: formatPath(path),
        before: was ?? null,
        proposed: is ?? null,
        final: was ?? null,
      }),
    );
  return [...dangers, ...others];
}

/** A mapping that comes where nothing was is as good as each of its fields: `data` of a ConfigMap that had lost all of it. */
function partsOf(change: FieldChange): { path: FieldPath }[] {
  const { path, before, after } = change;
  return (before === undefined || before === null) && isObject(after) ? leaves(path, after) : [change];
}

function patternsFor({ proposal, target, rendered }: GateInput, object: NonNullable<ChangedObject["before"]>): PathPattern[] {
  const failing = findTarget(rendered, target);
  if (failing && sameRef(refOf(failing), refOf(object))) return classPaths(proposal.failureClass, { kind: target.kind, container: proposal.target.container });
  return isOwnConfigMap(object, target, configMapsOf(failing)) ? configMapPaths(proposal.failureClass) : [];
}

function noteOf({ before, alsoAffects }: MadeChange, changed: readonly ChangedObject[] | undefined): string {
  const notes = changed
    ? [`changes ${changed.map(({ ref }) => describeRef(ref)).join(", ") || "nothing"}`]
    : [`the base cannot be rendered (${before.kind}), so only the fields of the edit were checked`];
  if (alsoAffects.length > 0) notes.push(`also rendered by ${alsoAffects.join(", ")}`);
  return notes.join("; ");
}
