import { isObject, type Json, type JsonObject, type KubeObject, type ObjectRef, objectAt, refOf, textAt } from "../../../cluster/objects.ts";
import { sameJson } from "../../../source/edit/field-path.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { DiagnosisInput } from "../../diagnosis.ts";

/** The API server's words for a workload whose pods would not be its own (apps/v1). */
export const NOT_ITS_OWN = "`selector` does not match template `labels`";

/**
 * A workload selects pods by another label than it gives them. Of one that is there the selector stays as the cluster has it, since it cannot change; of one
 * that was never there the Services say which of both was meant. Undefined where none does, or where they do not agree.
 */
export function labelMeant({ rendered, observation }: DiagnosisInput, workload: KubeObject): ObjectChange | undefined {
  const object = refOf(workload);
  const [selector, labels] = [selectorOf(workload), objectAt(workload, "spec", "template", "metadata", "labels")];
  const [key, ...more] = Object.keys(selector).filter((name) => labels[name] !== selector[name]);
  const live = observation.objects.find(({ kind, metadata }) => kind === object.kind && metadata.name === object.name);
  if (key === undefined || more.length > 0) return undefined;
  const [selected, given] = [textAt(selector, key), textAt(labels, key)];
  if (live) return sameJson(selectorOf(live), selector) ? labelFrom(object, key, given, selected) : undefined;
  // A label that the pods lack altogether is the one that their workload looks for.
  if (given === "") return labelFrom(object, key, given, selected);
  // Copied from another workload, which keeps its own.
  const isHere = ({ metadata }: KubeObject) => (metadata.namespace ?? "") === object.namespace;
  const isTaken = (value: string) => rendered.some((other) => other !== workload && isHere(other) && selectorOf(other)[key] === value);
  if (isTaken(given) && !isTaken(selected)) return labelFrom(object, key, given, selected);
  const services = rendered.filter((one) => one.kind === "Service" && isHere(one));
  const asked = new Set(services.map((service) => textAt(service, "spec", "selector", key)).filter((value) => value === selected || value === given));
  // Where nothing selects it by that label, its pods take the one that their workload looks for.
  const isFree = asked.size === 0 && !rendered.some((other) => other !== workload && holdsLabel(other, key, given));
  const [meant = isFree ? selected : undefined, ...others] = asked;
  if (meant === undefined || meant === "" || others.length > 0) return undefined;
  return meant === selected ? labelFrom(object, key, given, meant) : { object, path: ["spec", "selector", "matchLabels", key], before: selected, after: meant };
}

function selectorOf(workload: KubeObject): JsonObject {
  return objectAt(workload, "spec", "selector", "matchLabels");
}

function labelFrom(object: ObjectRef, key: string, given: string, selected: string): ObjectChange | undefined {
  const before = given === "" ? undefined : given;
  return selected === "" ? undefined : { object, path: ["spec", "template", "metadata", "labels", key], before, after: selected };
}

function holdsLabel(value: Json, key: string, label: string): boolean {
  if (Array.isArray(value)) return value.some((item) => holdsLabel(item, key, label));
  return isObject(value) && (value[key] === label || Object.values(value).some((inner) => holdsLabel(inner, key, label)));
}
