// A line of the last good revision that says where something goes comes back, and with it all that it led to.
import { describeRef, sameRef, stringsIn } from "../../cluster/objects.ts";
import { goesBack } from "../../source/meant/goes-back.ts";
import { withoutHash } from "../../source/plan/differences.ts";
import { steeringLines } from "../../source/slips/steering-lines.ts";
import { isFixable } from "../class-paths.ts";
import { dangerOf } from "../dangerous.ts";
import type { GateInput, MadeChange } from "../gate.ts";
import type { ChangedObject } from "../rendered-diff.ts";
import { type GuardFinding, refused } from "../report.ts";
import { EDITABLE_KINDS } from "../scope.ts";
import { configMapsOf, findTarget, isOwnConfigMap } from "../target-match.ts";

/** Whether a repair of a source that renders is one such line, and nothing else. */
export function isSteering({ proposal, rendered, lastGood, texts }: Pick<GateInput, "proposal" | "rendered" | "lastGood" | "texts">): boolean {
  const [file, ...more] = proposal.files ?? [];
  if (!file || more.length > 0 || rendered.length === 0 || !lastGood || !texts?.hasLastGood || !isFixable(proposal.failureClass)) return false;
  return steeringLines(texts.files).some(({ change }) => change.path === file.path && change.after === file.text);
}

/** Objects that a lost line may bring back as a whole. */
const COME_BACK: ReadonlySet<string> = new Set(["ConfigMap", "PersistentVolumeClaim"]);

/**
 * Against the base, which renders, everything that differs is as the last good revision had it, newer items of a list aside; it is of what fails, or of what that reads;
 * nothing vanishes, and nothing is dangerous by itself.
 */
export function beyondSteering(input: GateInput, made: MadeChange, changed: readonly ChangedObject[] | undefined): GuardFinding[] {
  const { lastGood = [], rendered, target } = input;
  const no = (rule: string, message: string) => [refused("blast-radius", rule, message)];
  if (!changed || made.after.kind !== "rendered") return no("unexplained", "The base does not render, so that nobody can say what the line changes.");
  if (!goesBack(rendered, made.after.objects, lastGood)) return no("unexplained", "More would change than what goes back to the last good revision.");
  const failing = findTarget(rendered, target);
  const [maps, words] = [configMapsOf(failing), new Set(failing ? stringsIn(failing).map(withoutHash) : [])];
  const isOwn = ({ ref, before }: ChangedObject) =>
    sameRef({ ...ref, namespace: target.namespace }, target) || isOwnConfigMap(before ?? null, target, maps) || (!before && words.has(withoutHash(ref.name)));
  if (!changed.some(isOwn)) return no("no-effect", "The line changes nothing of the failing object.");
  return changed.flatMap(({ ref, before, after, changes }) => {
    const name = describeRef(ref);
    if (!after || (!before && !COME_BACK.has(ref.kind))) return no("unexplained", `${name} would appear or vanish.`);
    if (!EDITABLE_KINDS.has(ref.kind)) return no("other-object", `${name} would change, which a fix never edits.`);
    return changes.flatMap((change) => {
      const danger = dangerOf(change, true);
      return danger ? no(danger.rule, `The change of ${name} ${danger.message}.`) : [];
    });
  });
}
