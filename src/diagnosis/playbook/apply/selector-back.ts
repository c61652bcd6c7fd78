import { isObject, type JsonObject, type KubeObject, objectAt, refOf, textAt } from "../../../cluster/objects.ts";
import { type FieldChange, type FieldPath, getIn } from "../../../source/edit/field-path.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { DiagnosisInput } from "../../diagnosis.ts";
import { changedBelow, pastOf, restore } from "../../history.ts";
import { matches } from "../service.ts";

const POD_LABELS: FieldPath = ["spec", "template", "metadata", "labels"];
/** Where other objects say which pods they mean. */
const SELECTORS: Readonly<Record<string, FieldPath>> = {
  Service: ["spec", "selector"],
  PodDisruptionBudget: ["spec", "selector", "matchLabels"],
  NetworkPolicy: ["spec", "podSelector", "matchLabels"],
};

/**
 * A selector that cannot change goes back, and with it what was renamed together with it: the labels of the pods that it asks for, and the selectors that
 * would not find those pods any more. Labels that no selector asked for stay, as the commit wanted them.
 */
export function followingLabels(input: DiagnosisInput, workload: KubeObject, changed: readonly FieldChange[]): ObjectChange[] {
  if (!changed.some(({ path }) => path[0] === "spec" && path[1] === "selector")) return [];
  const then = pastOf(input, refOf(workload));
  if (then?.from !== "revision") return [];
  const [needed, asked] = [then.object, workload].map((object) => objectAt(object, "spec", "selector", "matchLabels"));
  const moved = changedBelow(then, workload, POD_LABELS);
  // Pods that the old selector finds as they are keep what the commit added to them.
  if (!moved.some(({ path, before }) => before !== undefined && Object.hasOwn(needed ?? {}, String(path.at(-1))))) return [];
  const labels = moved.filter(({ path }) => Object.hasOwn({ ...needed, ...asked }, String(path.at(-1))));
  const now = getIn(workload, POD_LABELS);
  const pods = { ...(isObject(now) ? now : {}) };
  for (const { path, before } of labels) {
    if (before === undefined) delete pods[String(path.at(-1))];
    else pods[String(path.at(-1))] = before;
  }
  const others = input.rendered.filter(({ metadata }) => metadata.namespace === textAt(workload, "metadata", "namespace"));
  return [
    ...restore(refOf(workload), labels),
    ...others.flatMap((other) => followingSelector(input, other, objectAt(then.object, ...POD_LABELS.map(String)), pods)),
  ];
}

/** The selector of an object that meant the old pods and does not mean those that come now. */
function followingSelector(input: DiagnosisInput, other: KubeObject, before: JsonObject, pods: JsonObject): ObjectChange[] {
  const path = SELECTORS[other.kind];
  const past = path && pastOf(input, refOf(other));
  if (!path || past?.from !== "revision") return [];
  const [then, now] = [getIn(past.object, path), getIn(other, path)];
  if (!isObject(then) || !isObject(now) || Object.keys(then).length === 0 || !matches(then, before) || matches(now, pods)) return [];
  return restore(refOf(other), changedBelow(past, other, path));
}
