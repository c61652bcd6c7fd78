import type { DeliverySource, RenderSettings, SourceRefusalCode } from "./delivery.ts";
import { at, isObject, type JsonObject, type KubeObject, listAt, objectAt, textAt } from "./objects.ts";
import { isEmpty, repositoryPath } from "./reading.ts";

/** Where an Application's manifests come from: `spec.source`, or the only one of `spec.sources`. */
export function applicationSource(application: KubeObject): DeliverySource {
  if (isObject(at(application, "spec", "sourceHydrator"))) {
    return refuse(
      "unsupported-setting",
      "The Application uses spec.sourceHydrator: its manifests are rendered into another branch, which is not followed yet.",
    );
  }
  const sources = listAt(application, "spec", "sources").filter(isObject);
  if (sources.length > 1) {
    return refuse("multiple-sources", `The Application has ${sources.length} sources; only Applications with one source are supported.`);
  }
  const source = sources[0] ?? objectAt(application, "spec", "source");
  return refusalOf(application, source) ?? gitSource(application, source);
}

function refusalOf(application: KubeObject, source: JsonObject): DeliverySource | undefined {
  const url = textAt(source, "repoURL");
  if (url === "") return refuse("no-source", "The Application names no repository (spec.source.repoURL).");
  if (textAt(source, "chart") !== "")
    return refuse("helm-repository", "The Application installs a chart from a Helm repository, so its manifests are not in git.");
  if (url.startsWith("oci://")) return refuse("not-git", "The Application's source is an OCI artifact, not a git repository.");
  if (isObject(at(source, "plugin")) || textAt(application, "status", "sourceType") === "Plugin") {
    return refuse("plugin", "The Application is rendered by a config management plugin, which cannot be run here.");
  }
  const jsonnet = objectAt(source, "directory", "jsonnet");
  if (["extVars", "tlas", "libs"].some((key) => !isEmpty(jsonnet[key]))) {
    return refuse("unsupported-setting", "The Application passes Jsonnet variables (spec.source.directory.jsonnet), which is not supported.");
  }
  const revision = textAt(source, "targetRevision");
  return isPinned(revision) ? refuse("pinned-revision", `The Application follows ${revision}, not a branch: a merged fix would not reach it.`) : undefined;
}

function gitSource(application: KubeObject, source: JsonObject): DeliverySource {
  const directory = objectAt(source, "directory");
  const settings: RenderSettings = {
    namespace: textAt(application, "spec", "destination", "namespace"),
    namespaceMode: "default",
    tool: "argocd",
    name: textAt(application, "metadata", "name"),
    directory: { recurse: directory.recurse === true, include: textAt(directory, "include"), exclude: textAt(directory, "exclude") },
  };
  if (!isEmpty(source.helm)) settings.helm = objectAt(source, "helm");
  if (!isEmpty(source.kustomize)) settings.kustomize = objectAt(source, "kustomize");
  const branch = textAt(source, "targetRevision").replace(/^refs\/heads\//, "") || "HEAD";
  return { kind: "git", url: textAt(source, "repoURL"), branch, path: repositoryPath(textAt(source, "path")), settings };
}

/** A commit, a tag ref, a version, or a version range (which Argo CD resolves to a tag: docs, "Tracking and Deployment Strategies"). */
function isPinned(revision: string): boolean {
  if (/^[0-9a-f]{7,40}$/.test(revision) && /\d/.test(revision)) return true;
  if (revision.startsWith("refs/") && !revision.startsWith("refs/heads/")) return true;
  return /^v?\d+\.\d+\.\d+(?:[-+].*)?$/.test(revision) || /[\^~<>=*|,]/.test(revision) || /^v?\d+\.(?:\d+\.)?[xX]$/.test(revision);
}

function refuse(code: SourceRefusalCode, message: string): DeliverySource {
  return { kind: "refused", code, message };
}
