// Who an object belongs to and how its tools treat it: finalizers, owners, and the annotations and labels that steer Argo CD, Flux, Helm and Pod Security.
import { type KubeObject, listAt, objectAt, textAt } from "../../cluster/objects.ts";
import { isPhaseKey } from "../../source/meant/hook-phase.ts";
import { isControlKey } from "../control-keys.ts";
import { type Fact, fact } from "./fact.ts";

export function identity(object: KubeObject): Fact[] {
  const metadata = objectAt(object, "metadata");
  const steering = [...Object.entries(objectAt(metadata, "annotations")), ...Object.entries(objectAt(metadata, "labels"))].filter(([key]) => isControlKey(key));
  return [
    ...steering.map(([key, value]) =>
      fact(isPhaseKey(key) ? "sync-phase" : "gitops-annotation", `${key}=${JSON.stringify(value)}`, `${key} says how its tool treats the object`),
    ),
    ...listAt(metadata, "finalizers").map((one) => fact("finalizer", String(one), `the finalizer ${String(one)} holds the object`)),
    ...listAt(metadata, "ownerReferences").map((one) => fact("owner", `${textAt(one, "kind")}/${textAt(one, "name")}`, "the object has another owner")),
  ];
}
