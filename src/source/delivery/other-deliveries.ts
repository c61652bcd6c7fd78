import { sameUrl } from "../../cluster/argocd-source.ts";
import { formatKey } from "../../cluster/delivery.ts";
import type { NamedSource } from "../../cluster/delivery-sources.ts";
import { describeRef, listAt, type ObjectRef } from "../../cluster/objects.ts";
import type { RepositoryTree } from "../git/repository.ts";
import { folderOf, indexOf, isInside, joinPath, kustomizationIn } from "../git/repository-paths.ts";
import { dependenciesOf, localFolder } from "../render/chart-files.ts";
import { reachOf } from "../render/kustomization-files.ts";
import type { GitSource } from "../workspace.ts";
import { buildEnvironment } from "./argo-environment.ts";
import { argoValueFiles } from "./argo-value-files.ts";

/** Another delivery of the same repository and branch. */
export interface OtherDelivery {
  key: NamedSource["key"];
  /** `Application argocd/shop-staging`, for people. */
  name: string;
  source: GitSource;
}

/** What the cluster knows of deliveries beside the one that a workspace is for. */
export interface Neighbours {
  deliveries(): Promise<readonly NamedSource[]>;
  /** Whether these objects of another delivery fail there too, so that a fix of them is welcome. */
  wants(key: NamedSource["key"], objects: readonly ObjectRef[]): Promise<boolean>;
}

/** Those that may read one of these files. Some of them do not: rendering tells. */
export async function otherReaders(
  tree: RepositoryTree,
  own: GitSource,
  deliveries: readonly NamedSource[],
  files: readonly string[],
): Promise<OtherDelivery[]> {
  const found: OtherDelivery[] = [];
  // What else changes with a delivery's own manifest is known from what renders that.
  const ancestors = new Set(ancestorsOf(own).map(formatKey));
  for (const { key, source } of deliveries) {
    if (source.kind === "refused" || !isSameTree(own, source) || isSameDelivery(own, source) || ancestors.has(formatKey(key))) continue;
    const placed: GitSource = own.defaultBranch === undefined ? source : { ...source, defaultBranch: own.defaultBranch };
    if (await mayRead(tree, placed, files)) found.push({ key, name: describeRef({ group: "", ...key }), source: placed });
  }
  return found;
}

/** Whether a repository and branch are those that a delivery follows: then its tree has them. */
export function isSameTree({ url, branch, defaultBranch = "HEAD" }: GitSource, other: { url: string; branch: string }): boolean {
  const named = (name: string) => (name === "HEAD" || name === "" ? defaultBranch : name.replace(/^refs\/heads\//, ""));
  return sameUrl(url, other.url) && named(branch) === named(other.branch);
}

/** The same one, or the Kustomization that applies this HelmRelease: their sources differ in the release alone. */
function isSameDelivery(own: GitSource, other: GitSource): boolean {
  const [a, b] = [own.settings, other.settings];
  if (own.path !== other.path || a.tool !== b.tool || a.name !== b.name) return false;
  return !b.helmRelease || (a.helmRelease?.name === b.helmRelease.name && a.helmRelease.namespace === b.helmRelease.namespace);
}

/** The deliveries that make this one's manifest. */
function ancestorsOf({ manifest }: GitSource): NamedSource["key"][] {
  const keys: NamedSource["key"][] = [];
  let from = manifest?.from;
  while (from && from.kind !== "unknown") {
    if (from.kind === "delivery") keys.push(from.key);
    from = from.kind === "application-set" ? from.from : from.source.kind === "git" ? from.source.manifest?.from : undefined;
  }
  return keys;
}

/** Whether a delivery may read one of these files. Sometimes it does not: rendering tells. */
export async function mayRead(tree: RepositoryTree, source: GitSource, files: readonly string[]): Promise<boolean> {
  for (const place of [source, ...(source.also ?? [])]) if (await placeMayRead(tree, { ...source, ...place }, files)) return true;
  return false;
}

async function placeMayRead(tree: RepositoryTree, source: GitSource, files: readonly string[]): Promise<boolean> {
  const folder = joinPath("", source.path);
  if (folder === undefined) return false;
  const { kustomize, flux, helmRelease } = source.settings;
  const isRead = (path: string) => files.includes(path);
  if (files.some((file) => isInside(file, folder))) return true;
  if (kustomizationIn(tree, folder)) {
    const added = [...listAt(kustomize, "components"), ...listAt(flux, "components")].flatMap((path) => joinPath(folder, String(path)) ?? []);
    for (const root of [folder, ...added]) if ([...(await reachOf(tree, root)).files].some(isRead)) return true;
  }
  if (helmRelease && (await chartMayRead(tree, helmRelease.chartPath, files))) return true;
  if (!source.settings.helm && !indexOf(tree).files.has(folder === "" ? "Chart.yaml" : `${folder}/Chart.yaml`)) return false;
  const question = { tree, folder, settings: source.settings, environment: buildEnvironment(source, tree.commit) };
  const values = argoValueFiles(question, listAt(source.settings.helm, "valueFiles").map(String));
  return (values.kind === "found" && values.paths.some(isRead)) || chartMayRead(tree, folder, files);
}

/** A chart's own folder, and those of charts that it depends on by `file://`. */
async function chartMayRead(tree: RepositoryTree, chart: string, files: readonly string[]): Promise<boolean> {
  if (files.some((file) => isInside(file, chart))) return true;
  if (!files.some((file) => isInChart(tree, file))) return false;
  const local = (await dependenciesOf(tree, chart)).flatMap((dependency) => localFolder(dependency, chart) ?? []);
  return local.some((folder) => files.some((file) => isInside(file, folder)));
}

function isInChart(tree: RepositoryTree, file: string): boolean {
  const { files } = indexOf(tree);
  for (let folder = folderOf(file); ; folder = folderOf(folder)) {
    if (files.has(folder === "" ? "Chart.yaml" : `${folder}/Chart.yaml`)) return true;
    if (folder === "") return false;
  }
}
