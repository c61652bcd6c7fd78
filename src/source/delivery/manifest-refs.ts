import type { ManifestOrigin } from "../../cluster/delivery.ts";
import { groupOf, type Json, type KubeObject, listAt, textAt } from "../../cluster/objects.ts";
import type { GitSource } from "../workspace.ts";

/** Kinds whose manifests are settings of deliveries; any other one of them beside the own is none of this delivery's business. */
const DELIVERY_GROUPS = ["argoproj.io", "kustomize.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io"];

export interface ManifestRefs {
  /** Whether this manifest holds settings of the delivery: its own, its ApplicationSet's, or a ConfigMap of variables or values. */
  decides(value: Json): boolean;
  /** Whether this is the manifest of a delivery other than those. */
  isForeign(value: Json): boolean;
}

/** The manifests by kind and name that decide how this source is rendered, besides the source itself; by the live objects, and by what of `manifests` is theirs. */
export function manifestRefs(source: GitSource, manifests: readonly Json[] = []): ManifestRefs {
  const names = new Set([...namesIn(source), ...manifests.flatMap((value) => mapsIn(source, value))]);
  const release = source.settings.helmRelease?.name ?? "";
  const decides = (value: Json): boolean => {
    const [kind, name] = [textAt(value, "kind"), textAt(value, "metadata", "name")];
    return names.has(`${kind}/${name}`) || (kind === "HelmRelease" && name !== "" && release.includes(name));
  };
  return {
    decides,
    isForeign: (value) => DELIVERY_GROUPS.includes(groupOf(textAt(value, "apiVersion"))) && textAt(value, "kind") !== "Rollout" && !decides(value),
  };
}

/** The ConfigMaps that a manifest takes values from, where it is the HelmRelease's or a patch on it. */
function mapsIn({ settings }: GitSource, value: Json): string[] {
  const name = textAt(value, "metadata", "name");
  const isOwn = textAt(value, "kind") === "HelmRelease" && name !== "" && (settings.helmRelease?.name ?? "").includes(name);
  return isOwn ? configMaps(listAt(value, "spec", "valuesFrom")) : [];
}

function configMaps(from: readonly Json[]): string[] {
  return from.filter((one) => textAt(one, "kind") === "ConfigMap").map((one) => `ConfigMap/${textAt(one, "name")}`);
}

function namesIn({ manifest, settings }: GitSource): string[] {
  const maps = configMaps([...listAt(settings.flux, "postBuild", "substituteFrom"), ...listAt(settings.helmRelease?.spec, "valuesFrom")]);
  return manifest ? [...maps, nameOf(manifest.object), ...originNames(manifest.from)] : maps;
}

function originNames(from: ManifestOrigin): string[] {
  if (from.kind === "unknown") return [];
  if (from.kind === "application-set") return [nameOf(from.set), ...originNames(from.from)];
  return from.source.kind === "git" ? namesIn(from.source) : [];
}

function nameOf(object: KubeObject): string {
  return `${object.kind}/${textAt(object, "metadata", "name")}`;
}

/** The paths of the deliveries that render this delivery's manifest, the nearest first. */
export function parentPaths({ manifest }: GitSource): string[] {
  const paths: string[] = [];
  let from = manifest?.from;
  while (from && from.kind !== "unknown") {
    if (from.kind === "application-set") from = from.from;
    else {
      if (from.source.kind === "git") paths.push(from.source.path);
      from = from.source.kind === "git" ? from.source.manifest?.from : undefined;
    }
  }
  return paths;
}
