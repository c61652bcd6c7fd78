import { isObject, refOf, sameRef, textAt } from "../cluster/objects.ts";
import { diffFields, type FieldChange, sameJson } from "../source/field-path.ts";
import type { ObjectChange } from "../source/workspace.ts";
import type { DiagnosisInput } from "./diagnosis.ts";
import { containersOf } from "./workload.ts";

/**
 * One place in git may decide the same field of several objects (kustomize `images:`, `labels:`, `commonLabels:`): where a change of one alone is impossible, all
 * that share what is broken change.
 */
export function withTwins(input: DiagnosisInput, changes: readonly ObjectChange[]): ObjectChange[] {
  const twins = [...imageTwins(input, changes), ...labelTwins(input, changes)];
  const others = twins.filter((twin) => !changes.some((change) => sameRef(change.object, twin.object) && sameJson([...change.path], [...twin.path])));
  return [...changes, ...others];
}

function imageTwins(input: DiagnosisInput, changes: readonly ObjectChange[]): ObjectChange[] {
  return changes.flatMap(({ path, before, after }) => {
    if (path.at(-1) !== "image" || typeof before !== "string") return [];
    return input.rendered.flatMap((object) =>
      containersOf(object)
        .filter(({ value }) => textAt(value, "image") === before)
        .map((container): ObjectChange => ({ object: refOf(object), path: [...container.path, "image"], before, after })),
    );
  });
}

const LABELS: ReadonlySet<unknown> = new Set(["labels", "matchLabels", "selector"]);

/** The labels of a selector that goes back, wherever else they came or changed with it. */
function labelTwins({ rendered, lastGood }: DiagnosisInput, changes: readonly ObjectChange[]): ObjectChange[] {
  const keys = new Set(changes.filter(({ path }) => path.includes("selector")).map(({ path }) => path.at(-1)));
  if (keys.size === 0 || !lastGood) return [];
  return rendered.flatMap((now) => {
    const then = lastGood.objects.find((object) => sameRef(refOf(object), refOf(now)));
    const changed = then ? diffFields(then, now).filter((change) => isOf(change, keys)) : [];
    return changed.map(({ path, before, after }): ObjectChange => ({ object: refOf(now), path, before: after, after: before }));
  });
}

/** A label, or all labels of an object that had none. */
function isOf({ path, before, after }: FieldChange, keys: ReadonlySet<unknown>): boolean {
  if (LABELS.has(path.at(-2))) return keys.has(path.at(-1));
  return LABELS.has(path.at(-1)) && before === undefined && isObject(after) && Object.keys(after).every((key) => keys.has(key));
}
