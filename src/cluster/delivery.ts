import type { JsonObject, KubeObject } from "./objects.ts";

/** What applies a git path to a cluster: an Argo CD Application, or a Flux Kustomization or HelmRelease. */
export type DeliveryKind = "Application" | "Kustomization" | "HelmRelease";

/** The only thing that the queue carries: everything else is read afresh. */
export interface DeliveryKey {
  kind: DeliveryKind;
  namespace: string;
  name: string;
}

const KINDS: readonly DeliveryKind[] = ["Application", "Kustomization", "HelmRelease"];

/** `Application/argocd/shop`, the form used in queue keys, markers and logs. */
export function formatKey(key: DeliveryKey): string {
  return `${key.kind}/${key.namespace}/${key.name}`;
}

/** The reverse of {@link formatKey}; undefined for anything else (keys come back from pull request bodies, which people can edit). */
export function parseKey(text: string): DeliveryKey | undefined {
  const match = /^(\w+)\/([a-z0-9][a-z0-9.-]{0,252})\/([a-z0-9][a-z0-9.-]{0,252})$/.exec(text);
  const kind = KINDS.find((k) => k === match?.[1]);
  return kind && match?.[2] && match[3] ? { kind, namespace: match[2], name: match[3] } : undefined;
}

/**
 * What the delivery says of itself, reduced to what matters here.
 * `phase` says where it broke: `render` (manifests could not be built), `apply` (the API server refused), `health` (applied, but does not work).
 * `decided` is true where waiting cannot help (sync Failed, BuildFailed …).
 */
export type DeliveryState =
  | { kind: "healthy" }
  | { kind: "progressing"; message: string }
  | { kind: "suspended"; message: string }
  | { kind: "waiting-for-dependency"; on: string; message: string }
  | { kind: "failing"; phase: "render" | "apply" | "health"; reason: string; message: string; decided: boolean; since: Date };

/**
 * Where a delivery's manifests come from, and how its tool renders them, as the live object says it. `defaultBranch` is the repository's, known once that is open:
 * it tells whether "HEAD" and a name mean one branch.
 */
export type DeliverySource = GitDeliverySource | { kind: "refused"; code: SourceRefusalCode; message: string };

export interface GitDeliverySource {
  kind: "git";
  url: string;
  branch: string;
  path: string;
  settings: RenderSettings;
  /** Further sources of the same repository and branch, rendered after this one: of the same object the last one counts. */
  also?: readonly { path: string; settings: RenderSettings }[];
  /** What else is rendered, from anywhere else; for people. */
  elsewhere?: readonly string[];
  manifest?: DeliveryManifest;
  defaultBranch?: string;
}

/** The delivery's own manifest; only where it holds settings that change what is rendered. For a HelmRelease, its Kustomization's. */
export interface DeliveryManifest {
  /** The live Application or Kustomization. */
  object: KubeObject;
  from: ManifestOrigin;
}

/** What makes the manifest of a delivery: another delivery, an ApplicationSet (itself made by something), or nothing that its marks name. */
export type ManifestOrigin =
  | { kind: "delivery"; key: DeliveryKey; source: DeliverySource }
  | { kind: "application-set"; set: KubeObject; from: ManifestOrigin }
  | { kind: "unknown" };

/** What charts can ask of the cluster that they are rendered for (Helm `.Capabilities`). */
export interface Capabilities {
  /** Such as `v1.35.4`. */
  kubeVersion: string;
  /** `apps/v1` and `apps/v1/Deployment`. */
  apiVersions: readonly string[];
}

/** `branch` is "HEAD" where the delivery follows the default branch. */
export interface RenderSettings {
  /** Argo CD `spec.destination.namespace` (only for objects without one) or Flux `spec.targetNamespace` (forced on all). */
  namespace: string;
  namespaceMode: "default" | "force";
  tool: "argocd" | "flux";
  /** The Application's or Kustomization's own name; Argo CD's default for the name of a Helm release. */
  name?: string;
  /** Argo CD `spec.project` and the source's `targetRevision` as it is written: parts of the build environment. */
  project?: string;
  targetRevision?: string;
  /** Where it is known and charts may ask. */
  capabilities?: Capabilities;
  /** Argo CD: names of images that its Image Updater keeps up to date. */
  updatedImages?: readonly string[];
  /** Argo CD `spec.source.directory`. */
  directory: { recurse: boolean; include: string; exclude: string };
  /** Argo CD `spec.source.helm`, else undefined. */
  helm?: JsonObject;
  /** Argo CD: the other sources that value files come from, by `ref`: true where that is the same repository and branch, else its URL. */
  refs?: Record<string, true | string>;
  /** Argo CD: whether kustomize may load files from outside of a kustomization's folder (`kustomize.buildOptions` in argocd-cm); Flux always lets it. */
  unrestricted?: boolean;
  /** Argo CD `spec.source.kustomize`, else undefined. */
  kustomize?: JsonObject;
  /** Flux `spec` fields that change the result: patches, images, components, postBuild, namePrefix, nameSuffix, commonMetadata. */
  flux?: JsonObject;
  /** Set for a HelmRelease: all the rest describes the Kustomization that holds its manifest. */
  helmRelease?: HelmReleaseSettings;
}

/** What helm-controller renders: `chartPath` is relative to the root of the same repository, unless the manifest in git says otherwise; `spec` is the live object's. */
export interface HelmReleaseSettings {
  name: string;
  namespace: string;
  chartPath: string;
  spec: JsonObject;
}

/** Why the place in git cannot be found or must not be edited; one code a reason, each with a sentence for the user. docs/refusals.md says what to do about each. */
export const SOURCE_REFUSAL_CODES = [
  // What the delivery says of its source.
  "no-source",
  "not-git",
  "pinned-revision",
  "suspended",
  "sync-window",
  "rendered-branch",
  "plugin",
  "jsonnet",
  "multiple-sources",
  "helm-repository",
  "chart-elsewhere",
  "unsupported-setting",
  "repository-not-installed",
  // What the repository holds.
  "path-missing",
  "remote-base",
  "outside-link",
  "kustomize-helm",
  "chart-dependency",
  "value-file-elsewhere",
  "variables-unknown",
  "manifest-elsewhere",
  "manifest-unknown",
  "application-set",
  "renderer-missing",
  "render-failed",
  "too-large",
  // The field.
  "object-not-rendered",
  "secret-data",
  "image-updater",
  "no-place",
  "several-places",
  "templated",
  "chart-without-value",
  "shared-anchor",
  "place-not-editable",
  "shared-base",
] as const;
export type SourceRefusalCode = (typeof SOURCE_REFUSAL_CODES)[number];
