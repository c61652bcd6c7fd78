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
  const [source = objectAt(application, "spec", "source"), ...more] = sources.length > 1 ? sources.filter(isRendered) : sources;
  if (more.length > 0) {
    const message = `The Application renders ${more.length + 1} sources (spec.sources); beside one, only sources that lend value files (ref) are supported: split it into several Applications.`;
    return refuse("multiple-sources", message);
  }
  return refusalOf(application, source) ?? gitSource(application, source, sources);
}

/** The position of the rendered source among `spec.sources`, which is also its position in `status.sync.revisions`. */
export function renderedPosition(application: KubeObject): number {
  return Math.max(
    0,
    listAt(application, "spec", "sources").findIndex((source) => isObject(source) && isRendered(source)),
  );
}

/** A source with only a `ref` lends its files; one with a path or a chart is rendered too (Argo CD docs, "Multiple Sources"). */
function isRendered(source: JsonObject): boolean {
  return textAt(source, "ref") === "" || textAt(source, "path") !== "" || textAt(source, "chart") !== "";
}

function refusalOf(application: KubeObject, source: JsonObject): DeliverySource | undefined {
  const url = textAt(source, "repoURL");
  if (url === "") return refuse("no-source", "The Application names no repository (spec.source.repoURL).");
  if (textAt(source, "chart") !== "")
    return refuse(
      "helm-repository",
      "The Application installs a chart from a Helm repository, so its manifests are not in git: change its values by hand, or vendor the chart.",
    );
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

function gitSource(application: KubeObject, source: JsonObject, sources: readonly JsonObject[]): DeliverySource {
  const directory = objectAt(source, "directory");
  const settings: RenderSettings = {
    namespace: textAt(application, "spec", "destination", "namespace"),
    namespaceMode: "default",
    tool: "argocd",
    name: textAt(application, "metadata", "name"),
    project: textAt(application, "spec", "project"),
    targetRevision: textAt(source, "targetRevision"),
    directory: { recurse: directory.recurse === true, include: textAt(directory, "include"), exclude: textAt(directory, "exclude") },
  };
  if (!isEmpty(source.helm)) settings.helm = objectAt(source, "helm");
  if (!isEmpty(source.kustomize)) settings.kustomize = objectAt(source, "kustomize");
  const refs = sources.filter((other) => textAt(other, "ref") !== "");
  if (refs.length > 0) settings.refs = Object.fromEntries(refs.map((other) => [textAt(other, "ref"), sameBranch(other, source) || textAt(other, "repoURL")]));
  const branch = branchOf(source);
  return { kind: "git", url: textAt(source, "repoURL"), branch, path: repositoryPath(textAt(source, "path")), settings };
}

function branchOf(source: JsonObject): string {
  return textAt(source, "targetRevision").replace(/^refs\/heads\//, "") || "HEAD";
}

function sameBranch(a: JsonObject, b: JsonObject): boolean {
  return sameUrl(textAt(a, "repoURL"), textAt(b, "repoURL")) && branchOf(a) === branchOf(b);
}

/** Whether two URLs of one spelling family (case, a trailing slash or `.git`) name one repository. */
export function sameUrl(a: string, b: string): boolean {
  const plain = (url: string) =>
    url
      .toLowerCase()
      .replace(/\/$/, "")
      .replace(/\.git$/, "");
  return plain(a) === plain(b);
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
