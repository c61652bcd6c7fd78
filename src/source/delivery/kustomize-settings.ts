import type { RenderSettings } from "../../cluster/delivery.ts";
import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from "../../cluster/objects.ts";
import { refused } from "../refusal.ts";
import type { SourceRefusal } from "../workspace.ts";
import { expandEnvironment } from "./argo-environment.ts";

const FLUX_KUSTOMIZE = ["patches", "patchesStrategicMerge", "patchesJson6902", "images", "components", "namePrefix", "nameSuffix"];
const FLUX_OTHER = ["postBuild", "commonMetadata", "ignoreMissingComponents"];
const ARGO = [
  ...["images", "namePrefix", "nameSuffix", "namespace", "replicas", "patches", "components", "ignoreMissingComponents"],
  ...["commonLabels", "forceCommonLabels", "labelWithoutSelector", "labelIncludeTemplates"],
  ...["commonAnnotations", "forceCommonAnnotations", "commonAnnotationsEnvsubst"],
  // These are for helmCharts, which are refused.
  ...["version", "kubeVersion", "apiVersions"],
];

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
  return refused("unsupported-setting", message, unknown);
}

export interface Surroundings {
  /** Whether there is a folder at a path relative to the kustomization. */
  exists(path: string): boolean;
  /** Argo CD's build environment. */
  environment: ReadonlyMap<string, string>;
}

/** The kustomization as Argo CD or Flux change it before they build it. */
export function withSettings(kustomization: JsonObject, settings: RenderSettings, { exists, environment }: Surroundings): JsonObject {
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
  return { ...changed, ...common(kustomization, extra, environment) };
}

/** Labels and annotations as `kustomize edit add label` and `add annotation` add them. */
function common(kustomization: JsonObject, extra: JsonObject, environment: ReadonlyMap<string, string>): JsonObject {
  const filled = (values: JsonObject) => Object.fromEntries(Object.entries(values).map(([key, value]) => [key, expandEnvironment(String(value), environment)]));
  const [labels, annotations] = [filled(objectAt(extra, "commonLabels")), objectAt(extra, "commonAnnotations")];
  const added: JsonObject = {};
  if (Object.keys(annotations).length > 0) {
    const values = extra.commonAnnotationsEnvsubst === true ? filled(annotations) : annotations;
    added.commonAnnotations = { ...objectAt(kustomization, "commonAnnotations"), ...values };
  }
  if (Object.keys(labels).length === 0) return added;
  if (extra.labelWithoutSelector !== true) return { ...added, commonLabels: { ...objectAt(kustomization, "commonLabels"), ...labels } };
  const entry = { pairs: labels, includeSelectors: false, includeTemplates: extra.labelIncludeTemplates === true };
  return { ...added, labels: [...listAt(kustomization, "labels"), entry] };
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
