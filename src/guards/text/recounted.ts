// Patches that hit another item of a list than the one that they were for, led back to it.
import { describeRef, type Json, sameRef, textAt } from "../../cluster/objects.ts";
import { type FieldChange, type FieldPath, getIn, sameJson } from "../../source/edit/field-path.ts";
import { recounted } from "../../source/slips/recounted-patches.ts";
import { isOfStray, strayContainers } from "../../source/slips/stray-items.ts";
import { isFixable } from "../class-paths.ts";
import type { GateInput } from "../gate.ts";
import type { ChangedObject } from "../rendered-diff.ts";
import { type GuardFinding, refused } from "../report.ts";
import { findTarget } from "../target-match.ts";

/** Whether a repair of a source that renders is exactly that: what git and the two renderings say that the patches were for, and nothing else. */
export function isRecount({ proposal, rendered, lastGood, texts }: Pick<GateInput, "proposal" | "rendered" | "lastGood" | "texts">): boolean {
  const files = proposal.files ?? [];
  if (files.length === 0 || rendered.length === 0 || !lastGood || !texts || !isFixable(proposal.failureClass)) return false;
  const meant = recounted(texts.files, lastGood, rendered);
  return meant.length === files.length && files.every(({ path, text }) => meant.some((one) => one.path === path && one.after === text));
}

/**
 * Against the base, which renders, nothing differs but what is as the last good revision had it, or what hit an item that came since; and the failing object is
 * among it.
 */
export function beyondRecount({ lastGood = [], rendered, target }: GateInput, changed: readonly ChangedObject[] | undefined): GuardFinding[] {
  const no = (rule: string, message: string) => [refused("blast-radius", rule, message)];
  if (!changed) return no("unexplained", "The base does not render, so that nobody can say what the patches change.");
  if (!changed.some(({ ref }) => sameRef(ref, target))) return no("no-effect", "The patches change nothing of the failing object.");
  const strays = strayContainers(lastGood, rendered);
  return changed.flatMap(({ ref, before, after, changes }) => {
    const then = findTarget(lastGood, ref);
    const isWanted = (change: FieldChange) =>
      isOfNewItem(then ?? null, change.path) ||
      isStrayGone(change) ||
      isOfStray(strays, ref, change.path, change.after) ||
      sameJson(getIn(then, change.path) ?? null, change.after ?? null);
    const isBack = before && after && then && changes.every(isWanted);
    return isBack ? [] : no("unexplained", `${describeRef(ref)} would differ in more than what the last good revision had.`);
  });
}

/** Whether a field is of a named item that was not there at the last good revision: what its own manifest gives it is what the patch no longer hides. */
function isOfNewItem(then: Json, path: FieldPath): boolean {
  const item = path.findIndex((segment, i) => typeof segment === "object" && getIn(then, path.slice(0, i + 1)) === undefined);
  return item >= 0 && item < path.length - 1;
}

/** A container that only a patch made, and that no image was given to. */
function isStrayGone({ path, before, after }: FieldChange): boolean {
  return after === undefined && path.at(-2) === "containers" && textAt(before ?? null, "image") === "";
}
