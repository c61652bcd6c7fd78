import { isObject, type JsonObject, type KubeObject, objectAt } from "./objects.ts";

/** Server-side bookkeeping, and a copy of the whole manifest that `kubectl apply` and Argo CD keep in an annotation. */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** The object without what nobody reads: managed fields, the last applied copy, the values of a ConfigMap (its keys stay), a node's list of images. */
export function tidy(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  if (isObject(metadata.annotations) && Object.hasOwn(metadata.annotations, LAST_APPLIED)) {
    const { [LAST_APPLIED]: __, ...annotations } = metadata.annotations;
    metadata.annotations = annotations;
  }
  const tidied: KubeObject = { ...object, metadata };
  if (object.kind === "ConfigMap" && object.apiVersion === "v1") {
    for (const field of ["data", "binaryData"]) if (isObject(object[field])) tidied[field] = keysOf(object[field]);
  }
  if (object.kind === "Node" && object.apiVersion === "v1") {
    const { images: ___, ...status } = objectAt(object, "status");
    tidied.status = status;
  }
  return tidied;
}

function keysOf(data: JsonObject): JsonObject {
  return Object.fromEntries(Object.keys(data).map((key) => [key, ""]));
}
