import type { ManifestOrigin } from "../cluster/delivery.ts";
import { groupOf, type Json, type KubeObject, listAt, textAt } from "../cluster/objects.ts";
import type { GitSource } from "./workspace.ts";

/** Kinds whose manifests are settings of deliveries; any other one of them beside the own is none of this delivery's business. */
const DELIVERY_GROUPS = ["argoproj.io", "kustomize.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io"];

export interface ManifestRefs {
  /** Whether this manifest holds settings of the delivery: its own, its ApplicationSet's, or a ConfigMap of variables or values. */
  decides(value: Json): boolean;
  /** Whether this is the manifest of a delivery other than those. */
  isForeign(value: Json): boolean;
}

/** The manifests by kind and name that decide how this source is rendered, besides the source itself. */
export function manifestRefs(source: GitSource): ManifestRefs {
  const names = new Set(namesIn(source));
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

function namesIn({ manifest, settings }: GitSource): string[] {
  const variables = listAt(settings.flux, "postBuild", "substituteFrom");
  const values = listAt(settings.helmRelease?.spec, "valuesFrom");
  const maps = [...variables, ...values].filter((from) => textAt(from, "kind") === "ConfigMap").map((from) => `ConfigMap/${textAt(from, "name")}`);
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
