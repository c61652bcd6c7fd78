import { type JsonObject, type KubeObject, objectAt } from "../../cluster/objects.ts";

/**
 * Whether the pods with these labels are those that a Service means by its own labels: they have all that it selects but one value of several, and in the place of
 * that one the value that the Service itself is labelled with. A Service for pods that are yet to come (a canary's) is labelled like them.
 */
export function isLabelledAlike(service: KubeObject, labels: JsonObject): boolean {
  const selector = objectAt(service, "spec", "selector");
  const own = objectAt(service, "metadata", "labels");
  const wrong = Object.keys(selector).filter((key) => labels[key] !== selector[key]);
  const [key = ""] = wrong;
  return wrong.length === 1 && Object.keys(selector).length > 1 && typeof own[key] === "string" && own[key] === labels[key];
}
