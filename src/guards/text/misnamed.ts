// One place that git itself shows to be wrong: a key of a chart's values that no template reads, a key that is spelt otherwise since
// the last good revision, a mapping that stands twice, a list in the place of the chart's own, a generator that takes
// variables as files, a version without quotes, or a block that is not deep enough for its key.
import { describeRef, sameRef } from "../../cluster/objects.ts";
import { doubledKeys } from "../../source/slips/doubled-key.ts";
import { escapedBlocks } from "../../source/slips/escaped-blocks.ts";
import { hiddenDefaults } from "../../source/slips/hidden-defaults.ts";
import { misnamedImages } from "../../source/slips/misnamed-images.ts";
import { misnamedValues } from "../../source/slips/misnamed-values.ts";
import { missedValues } from "../../source/slips/missed-values.ts";
import { neededValues } from "../../source/slips/needed-values.ts";
import { quotedVersions } from "../../source/slips/quoted-version.ts";
import { respeltKeys } from "../../source/slips/respelt-keys.ts";
import { slidValues } from "../../source/slips/slid-values.ts";
import { valuesKeyMeant } from "../../source/slips/values-key.ts";
import { variableFiles } from "../../source/slips/variable-files.ts";
import { isFixable } from "../class-paths.ts";
import { dangerOf } from "../dangerous.ts";
import type { GateInput } from "../gate.ts";
import { loggedVariables } from "../grounds.ts";
import { editDistance, isNearKey, isNearName } from "../nearness.ts";
import { renderErrors } from "../render-errors.ts";
import type { ChangedObject } from "../rendered-diff.ts";
import { type GuardFinding, refused } from "../report.ts";
import { configMapsOf, findTarget, isOwnConfigMap } from "../target-match.ts";

/** Whether a repair of a source that renders is that one key: by the chart's own templates, or by what the generator's file holds and how the map is read. */
export function isMisnamed(input: Pick<GateInput, "proposal" | "rendered" | "texts" | "evidence">): boolean {
  const { proposal, rendered, texts } = input;
  const [file, ...more] = proposal.files ?? [];
  if (!file || more.length > 0 || rendered.length === 0 || !texts || !isFixable(proposal.failureClass)) return false;
  const ways = [
    misnamedValues(texts.files, isNearKey),
    // Fields that the API server does not know are judged as what the last good revision had.
    ...(proposal.failureClass === "invalid-manifest" ? [] : [respeltKeys(texts.files, isMisspelling), doubledKeys(texts.files)]),
    slidValues(texts.files),
    misnamedImages(texts.files, rendered, isNearName),
    variableFiles(texts.files, rendered),
    quotedVersions(texts.files),
    escapedBlocks(texts.files),
  ];
  return [...ways, ...loggedVariables(input).map((name) => hiddenDefaults(texts.files, name))].some(
    ([only, ...others]) => only !== undefined && others.length === 0 && only.change.path === file.path && only.change.after === file.text,
  );
}

/** A few letters apart, and not both of them short: what only shares words with another key is another key. */
function isMisspelling(wrong: string, right: string): boolean {
  return wrong !== right && Math.min(wrong.length, right.length) >= 3 && editDistance(wrong.toLowerCase(), right.toLowerCase(), 2) <= 2;
}

/** Whether a file of a source that cannot be rendered changes in the one way that gives a template, or a release, of which the tools' own words speak, what git sets elsewhere. */
export function isMissed({ texts, evidence, rendered }: Pick<GateInput, "texts" | "evidence" | "rendered">, file: { path: string; text: string }): boolean {
  if (!texts || rendered.length > 0) return false;
  return renderErrors({ evidence }).some((error) => {
    const ways = [
      missedValues(texts.files, error, isNearKey),
      neededValues(texts.files, error),
      valuesKeyMeant(texts.files, error).map(({ change }) => change),
    ];
    return ways.some(([change, ...more]) => change?.path === file.path && change.after === file.text && more.length === 0);
  });
}

/**
 * Against the base, which renders: nothing appears or vanishes, the failing object changes, or a ConfigMap that it reads; what comes was set in git and is not
 * dangerous.
 */
export function beyondMisnamed({ target, rendered }: GateInput, changed: readonly ChangedObject[] | undefined): GuardFinding[] {
  const no = (rule: string, message: string) => [refused("blast-radius", rule, message)];
  if (!changed) return no("unexplained", "The base does not render, so that nobody can say what the key changes.");
  const maps = configMapsOf(findTarget(rendered, target));
  if (!changed.some(({ ref, before }) => sameRef(ref, target) || isOwnConfigMap(before ?? null, target, maps)))
    return no("no-effect", "The key changes nothing of the failing object.");
  return changed.flatMap(({ ref, before, after, changes }) => {
    if (!before || !after) return no("unexplained", `${describeRef(ref)} would appear or vanish.`);
    return changes.flatMap((change) => {
      const danger = dangerOf(change, true);
      return danger ? no(danger.rule, `The change of ${describeRef(ref)} ${danger.message}.`) : [];
    });
  });
}
