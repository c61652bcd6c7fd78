import type { RenderSettings } from "../cluster/delivery.ts";
import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from "../cluster/objects.ts";
import type { SourceRefusal } from "./workspace.ts";

const FLUX_KUSTOMIZE = ["patches", "patchesStrategicMerge", "patchesJson6902", "images", "components", "namePrefix", "nameSuffix"];
const FLUX_OTHER = ["postBuild", "commonMetadata", "ignoreMissingComponents"];
const ARGO = ["images", "namePrefix", "nameSuffix", "namespace", "replicas", "patches", "components", "commonLabels", "commonAnnotations", "version"];

/** Whether the delivery itself changes what kustomize builds. */
export function hasKustomizeSettings({ kustomize, flux }: RenderSettings): boolean {
  return Object.keys(kustomize ?? {}).some((key) => key !== "version") || FLUX_KUSTOMIZE.some((key) => flux?.[key] !== undefined);
}

/** The settings that are not understood, by name: to render without them would be wrong. */
export function unsupportedSettings({ kustomize, flux }: RenderSettings): SourceRefusal | undefined {
  const unknown = [
    ...Object.keys(kustomize ?? {})
      .filter((key) => !ARGO.includes(key))
      .map((key) => `spec.source.kustomize.${key}`),
    ...Object.keys(flux ?? {})
      .filter((key) => ![...FLUX_KUSTOMIZE, ...FLUX_OTHER].includes(key))
      .map((key) => `spec.${key}`),
  ];
  if (unknown.length === 0) return undefined;
  const message = `The delivery sets ${unknown.join(", ")}, which Kube AutoFix does not render yet`;
  return { kind: "refused", code: "unsupported-setting", message, candidates: unknown };
}

/** The kustomization as Argo CD or Flux change it before they build it. `exists` tells whether there is a folder at a path relative to it. */
export function withSettings(kustomization: JsonObject, settings: RenderSettings, exists: (path: string) => boolean): JsonObject {
  const changed: JsonObject = { ...kustomization };
  if (settings.namespaceMode === "force" && settings.namespace !== "") changed.namespace = settings.namespace;
  const given = settings.tool === "flux" ? (settings.flux ?? {}) : (settings.kustomize ?? {});
  const components = listAt(given, "components").filter((path) => given.ignoreMissingComponents !== true || exists(String(path)));
  const extra: JsonObject = { ...given, components };
  for (const key of ["namePrefix", "nameSuffix", "namespace"]) if (textAt(extra, key) !== "") changed[key] = textAt(extra, key);
  for (const key of ["patches", "patchesStrategicMerge", "patchesJson6902", "components"]) {
    if (listAt(extra, key).length > 0) changed[key] = [...listAt(kustomization, key), ...listAt(extra, key)];
  }
  if (listAt(extra, "replicas").length > 0) changed.replicas = byName(listAt(kustomization, "replicas"), listAt(extra, "replicas"));
  if (listAt(extra, "images").length > 0) changed.images = byName(listAt(kustomization, "images"), listAt(extra, "images").map(imageEntry));
  for (const key of ["commonLabels", "commonAnnotations"]) {
    if (Object.keys(objectAt(extra, key)).length > 0) changed[key] = { ...objectAt(kustomization, key), ...objectAt(extra, key) };
  }
  return changed;
}

function byName(own: readonly Json[], added: readonly Json[]): Json[] {
  const names = new Set(added.map((item) => textAt(item, "name")));
  return [...own.filter((item) => !names.has(textAt(item, "name"))), ...added];
}

/** Argo CD writes images as `kustomize edit set image` does: `name=newName:tag`, `name:tag`, `name@digest`. Flux writes them as in a kustomization. */
function imageEntry(image: Json): Json {
  if (isObject(image) || typeof image !== "string") return image;
  const equals = image.indexOf("=");
  const reference = image.slice(equals + 1);
  const at = reference.indexOf("@");
  const colon = at < 0 ? reference.lastIndexOf(":") : -1;
  const end = at >= 0 ? at : colon > reference.lastIndexOf("/") ? colon : reference.length;
  const entry: JsonObject = { name: equals < 0 ? reference.slice(0, end) : image.slice(0, equals) };
  if (equals >= 0) entry.newName = reference.slice(0, end);
  if (at >= 0) entry.digest = reference.slice(at + 1);
  else if (end < reference.length) entry.newTag = reference.slice(end + 1);
  return entry;
}
