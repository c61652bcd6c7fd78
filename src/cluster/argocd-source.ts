import type { DeliverySource, RenderSettings, SourceRefusalCode } from "./delivery.ts";
import { at, isObject, type JsonObject, type KubeObject, listAt, objectAt, textAt } from "./objects.ts";
import { isEmpty, repositoryPath } from "./reading.ts";

/** Where an Application's manifests come from: `spec.source`, those of `spec.sources` that are in one repository and branch, or what is hydrated from. */
export function applicationSource(application: KubeObject): DeliverySource {
  const standstill = refusalOfAll(application);
  if (standstill) return standstill;
  const sources = sourcesOf(application);
  const rendered = sources.length > 1 ? sources.filter(isRendered) : sources;
  const followed = rendered.find((source) => !refusalOf(application, source));
  const first = followed ?? rendered[0] ?? {};
  const refusal = followed ? undefined : refusalOf(application, first);
  if (refusal) return refusal;
  const beside = rendered.filter((source) => source !== first);
  const together = beside.filter((source) => !refusalOf(application, source) && sameBranch(source, first));
  return gitSource(application, first, { lenders: sources, together, elsewhere: beside.filter((source) => !together.includes(source)) });
}

/** `spec.sourceHydrator` renders `drySource` into another branch, which nobody edits by hand (Argo CD docs, "Source Hydrator"). */
function sourcesOf(application: KubeObject): JsonObject[] {
  const dry = at(application, "spec", "sourceHydrator", "drySource");
  if (isObject(dry)) return [dry];
  const several = listAt(application, "spec", "sources").filter(isObject);
  return several.length > 0 ? several : [objectAt(application, "spec", "source")];
}

/** The position of the followed source among `spec.sources`, which is also its position in `status.sync.revisions`. */
export function renderedPosition(application: KubeObject): number {
  const sources = listAt(application, "spec", "sources").filter(isObject);
  const rendered = sources.map((source) => sources.length === 1 || isRendered(source));
  const followed = sources.findIndex((source, i) => rendered[i] && !refusalOf(application, source));
  return Math.max(0, followed >= 0 ? followed : rendered.indexOf(true));
}

/** A source with only a `ref` lends its files; one with a path or a chart is rendered too (Argo CD docs, "Multiple Sources"). */
function isRendered(source: JsonObject): boolean {
  return textAt(source, "ref") === "" || textAt(source, "path") !== "" || textAt(source, "chart") !== "";
}

/** What keeps any fix in git from reaching the cluster, or from staying in git. */
function refusalOfAll(application: KubeObject): DeliverySource | undefined {
  const annotations = objectAt(application, "metadata", "annotations");
  if (textAt(annotations, "argocd.argoproj.io/skip-reconcile") === "true") {
    return refuse(
      "suspended",
      "The Application is not reconciled (argocd.argoproj.io/skip-reconcile): take the annotation away, and the fix is looked for again.",
    );
  }
  const stage = textAt(annotations, "kargo.akuity.io/authorized-stage");
  if (stage !== "") {
    return refuse(
      "rendered-branch",
      `Kargo promotes what this Application delivers (stage ${stage}) and would overwrite an edit: promote a corrected freight instead.`,
    );
  }
  return undefined;
}

function refusalOf(application: KubeObject, source: JsonObject): DeliverySource | undefined {
  const url = textAt(source, "repoURL");
  if (url === "") return refuse("no-source", "The Application names no repository (spec.source.repoURL): name one.");
  if (textAt(source, "chart") !== "")
    return refuse(
      "helm-repository",
      "The Application installs a chart from a Helm repository, so its manifests are not in git: change its values by hand, or vendor the chart.",
    );
  if (url.startsWith("oci://"))
    return refuse("not-git", "The Application's source is an OCI artifact, not a git repository: correct it where the artifact is built.");
  if (isObject(at(source, "plugin")) || textAt(application, "status", "sourceType") === "Plugin") {
    return refuse("plugin", "The Application is rendered by a config management plugin, which cannot be run here: correct its input by hand.");
  }
  const jsonnet = objectAt(source, "directory", "jsonnet");
  if (["extVars", "tlas", "libs"].some((key) => !isEmpty(jsonnet[key]))) {
    return refuse(
      "jsonnet",
      "The Application passes Jsonnet variables (spec.source.directory.jsonnet), and Jsonnet is not evaluated here: correct it by hand.",
    );
  }
  const revision = textAt(source, "targetRevision");
  const pinned = `The Application follows ${revision}, not a branch: a merged fix would not reach it. Let it follow a branch, or move it to a corrected revision.`;
  return isPinned(revision) ? refuse("pinned-revision", pinned) : undefined;
}

interface Besides {
  /** Those among which value files may be lent. */
  lenders: readonly JsonObject[];
  /** Rendered from the same repository and branch. */
  together: readonly JsonObject[];
  /** Rendered from anywhere else. */
  elsewhere: readonly JsonObject[];
}

function gitSource(application: KubeObject, source: JsonObject, { lenders, together, elsewhere }: Besides): DeliverySource {
  const place = placeOf(application, source, lenders);
  const also = together.map((other) => placeOf(application, other, lenders));
  return {
    kind: "git",
    url: textAt(source, "repoURL"),
    branch: branchOf(source),
    ...place,
    ...(also.length > 0 ? { also } : {}),
    ...(elsewhere.length > 0 ? { elsewhere: elsewhere.map(described) } : {}),
  };
}

function placeOf(application: KubeObject, source: JsonObject, lenders: readonly JsonObject[]): { path: string; settings: RenderSettings } {
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
  const refs = lenders.filter((other) => textAt(other, "ref") !== "");
  if (refs.length > 0) settings.refs = Object.fromEntries(refs.map((other) => [textAt(other, "ref"), sameBranch(other, source) || textAt(other, "repoURL")]));
  const updated = updatedImages(application);
  if (updated.length > 0) settings.updatedImages = updated;
  return { path: repositoryPath(textAt(source, "path")), settings };
}

/** The images that Argo CD Image Updater keeps up to date: `alias=registry/name:constraint`, separated by commas (its docs, "Configuring images for update"). */
function updatedImages(application: KubeObject): string[] {
  const list = textAt(application, "metadata", "annotations", "argocd-image-updater.argoproj.io/image-list");
  return list.split(",").flatMap((entry) => {
    const image = entry.slice(entry.indexOf("=") + 1).trim();
    const colon = image.lastIndexOf(":");
    const name = colon > image.lastIndexOf("/") ? image.slice(0, colon) : image;
    return name === "" ? [] : [name];
  });
}

function described(source: JsonObject): string {
  const chart = textAt(source, "chart");
  const url = textAt(source, "repoURL").replace(/\/\/[^/@]*@/, "//");
  return chart === "" ? `${url} (${branchOf(source)}, ${repositoryPath(textAt(source, "path")) || "."})` : `chart ${chart} of ${url}`;
}

function branchOf(source: JsonObject): string {
  return textAt(source, "targetRevision").replace(/^refs\/heads\//, "") || "HEAD";
}

function sameBranch(a: JsonObject, b: JsonObject): boolean {
  return sameUrl(textAt(a, "repoURL"), textAt(b, "repoURL")) && branchOf(a) === branchOf(b);
}

/** Whether two URLs name one repository: https, ssh and `git@host:path` spellings, case, credentials, a trailing slash or `.git` make no difference. */
export function sameUrl(a: string, b: string): boolean {
  return plainUrl(a) === plainUrl(b);
}

function plainUrl(url: string): string {
  const lower = url.trim().toLowerCase();
  const standard = /^[a-z+]+:\/\/(?:[^@/]*@)?(.*)$/.exec(lower)?.[1];
  const place = standard ?? lower.replace(/^[^@/]*@/, "").replace(":", "/");
  return place.replace(/\/+$/, "").replace(/\.git$/, "");
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
