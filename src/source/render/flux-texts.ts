import { isObject, type Json, type JsonObject } from "../../cluster/objects.ts";

/** Fields of a kustomization that are texts, and those that are maps of texts. */
const TEXTS: readonly string[] = ["namePrefix", "nameSuffix", "namespace"];
const MAPS: readonly string[] = ["commonLabels", "commonAnnotations"];

/**
 * A folder's own kustomization as Flux reads it before kustomize does: where text must be, a number or a switch is taken for the text that it looks like
 * (`newTag: 2.1`; sigs.k8s.io/yaml converts to the field's type, and fluxcd/pkg/kustomize writes the result back). kustomize alone refuses it.
 */
export function asFluxReads(kustomization: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(kustomization).map(([key, value]) => [key, fieldAsRead(key, value)]));
}

function fieldAsRead(key: string, value: Json): Json {
  if (TEXTS.includes(key)) return asText(value);
  if (MAPS.includes(key)) return mapOfTexts(value);
  if (key === "images" && Array.isArray(value)) return value.map(mapOfTexts);
  if (key !== "labels" || !Array.isArray(value)) return value;
  return value.map((entry) => (isObject(entry) && entry.pairs !== undefined ? { ...entry, pairs: mapOfTexts(entry.pairs) } : entry));
}

function mapOfTexts(value: Json): Json {
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asText(one)])) : value;
}

function asText(value: Json): Json {
  return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
}
