import { type JsonObject, type KubeObject, listAt, objectAt, textAt } from "../../../cluster/objects.ts";
import type { FieldPath } from "../../../source/edit/field-path.ts";
import { nearOrKindred } from "../../near-match.ts";
import { isWorkload, podLabelsOf, podSpecOf } from "../../workload.ts";
import type { MeantLabel } from "./node-labels.ts";

const TERMS = ["affinity", "podAffinity", "requiredDuringSchedulingIgnoredDuringExecution"];

/**
 * The one label that a required pod affinity asks for and that no pods of the delivery carry, where those that are surely meant carry it with a value like it.
 * Undefined where several are.
 */
export function misspeltPodLabel(podSpec: JsonObject, namespace: string, rendered: readonly KubeObject[]): MeantLabel | undefined {
  const workloads = rendered.filter((object) => isWorkload(object.kind) && textAt(object, "metadata", "namespace") === namespace);
  const pods = workloads.map(podLabelsOf);
  const unmet = listAt(podSpec, ...TERMS).flatMap((term, i) => {
    const asked = Object.entries(objectAt(term, "labelSelector", "matchLabels"));
    const isElsewhere = listAt(term, "namespaces").length > 0 || Object.keys(objectAt(term, "namespaceSelector")).length > 0;
    return isElsewhere || asked.length === 0 || pods.some((labels) => asked.every(([key, value]) => labels[key] === value)) ? [] : [{ i, asked }];
  });
  // Beside others first: a pod that is to be near its own kind asks for its own label.
  const others = workloads.filter((object) => podSpecOf(object) !== podSpec).map(podLabelsOf);
  const meant = unmet.flatMap(({ i, asked }) =>
    asked.flatMap(([key, value]) => {
      const path = [...TERMS, i, "labelSelector", "matchLabels", key];
      const near = correction(pods, path, key, value);
      return near.length > 0 ? near : correction(others, path, key, value);
    }),
  );
  return unmet.length === 1 && meant.length === 1 ? meant[0] : undefined;
}

function correction(pods: readonly JsonObject[], path: FieldPath, key: string, before: unknown): MeantLabel[] {
  const known = pods.map((labels) => textAt(labels, key)).filter((value) => value !== "");
  if (typeof before !== "string" || known.includes(before)) return [];
  const after = nearOrKindred(before, known);
  return after === undefined ? [] : [{ key, path, before, after }];
}
