import { type JsonObject, type KubeObject, objectAt, textAt } from "./objects.ts";

/** The Services of a namespace among these objects. */
export function servicesIn(objects: readonly KubeObject[], namespace: string): KubeObject[] {
  return objects.filter((one) => one.kind === "Service" && textAt(one, "metadata", "namespace") === namespace);
}

/** The Services among these objects that select pods with these labels (Service: spec.selector). One without a selector selects none. */
export function servicesSelecting(objects: readonly KubeObject[], labels: JsonObject): KubeObject[] {
  return objects.filter((one) => {
    const selector = Object.entries(objectAt(one, "spec", "selector"));
    return one.kind === "Service" && selector.length > 0 && selector.every(([key, value]) => labels[key] === value);
  });
}
