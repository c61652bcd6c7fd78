// Values of a chart under a key that no template reads, which get the key that is read and that nobody sets.
import { describeRef, sameRef } from "../cluster/objects.ts";
import { misnamedValues } from "../source/misnamed-values.ts";
import { isFixable } from "./class-paths.ts";
import { dangerOf } from "./dangerous.ts";
import type { GateInput } from "./gate.ts";
import { isNearKey } from "./nearness.ts";
import type { ChangedObject } from "./rendered-diff.ts";
import { type GuardFinding, refused } from "./report.ts";

/** Whether a repair of a source that renders is the one key that git, by the chart's own templates, shows to be misnamed. */
export function isMisnamed({ proposal, rendered, texts }: Pick<GateInput, "proposal" | "rendered" | "texts">): boolean {
  const [file, ...more] = proposal.files ?? [];
  if (!file || more.length > 0 || rendered.length === 0 || !texts || !isFixable(proposal.failureClass)) return false;
  const [only, ...others] = misnamedValues(texts.files, isNearKey);
  return only !== undefined && others.length === 0 && only.change.path === file.path && only.change.after === file.text;
}

/**
 * Against the base, which renders: nothing appears or vanishes, the failing object changes, and no other kind of object does; what comes was set in git and is
 * not dangerous.
 */
export function beyondMisnamed({ target }: GateInput, changed: readonly ChangedObject[] | undefined): GuardFinding[] {
  const no = (rule: string, message: string) => [refused("blast-radius", rule, message)];
  if (!changed) return no("unexplained", "The base does not render, so that nobody can say what the key changes.");
  if (!changed.some(({ ref }) => sameRef(ref, target))) return no("no-effect", "The key changes nothing of the failing object.");
  return changed.flatMap(({ ref, before, after, changes }) => {
    if (!before || !after) return no("unexplained", `${describeRef(ref)} would appear or vanish.`);
    return changes.flatMap((change) => {
      const danger = dangerOf(change, true);
      return danger ? no(danger.rule, `The change of ${describeRef(ref)} ${danger.message}.`) : [];
    });
  });
}
