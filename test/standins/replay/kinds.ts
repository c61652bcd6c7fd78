import { groupOf } from "../../../src/cluster/objects.ts";

/** One kind as the API serves it. */
export interface ServedKind {
  apiVersion: string;
  kind: string;
  plural: string;
  namespaced: boolean;
}

/** `plural Kind`, cluster-scoped ones with a `*`. */
const TABLE: Readonly<Record<string, readonly string[]>> = {
  v1: [
    ...["configmaps ConfigMap", "events Event", "limitranges LimitRange", "namespaces* Namespace", "nodes* Node", "persistentvolumes* PersistentVolume"],
    ...["persistentvolumeclaims PersistentVolumeClaim", "pods Pod", "resourcequotas ResourceQuota", "secrets Secret", "services Service"],
    "serviceaccounts ServiceAccount",
  ],
  "apps/v1": ["daemonsets DaemonSet", "deployments Deployment", "replicasets ReplicaSet", "statefulsets StatefulSet"],
  "autoscaling/v2": ["horizontalpodautoscalers HorizontalPodAutoscaler"],
  "batch/v1": ["cronjobs CronJob", "jobs Job"],
  "discovery.k8s.io/v1": ["endpointslices EndpointSlice"],
  "events.k8s.io/v1": ["events Event"],
  "networking.k8s.io/v1": ["ingresses Ingress", "ingressclasses* IngressClass", "networkpolicies NetworkPolicy"],
  "policy/v1": ["poddisruptionbudgets PodDisruptionBudget"],
  "storage.k8s.io/v1": ["storageclasses* StorageClass"],
  "argoproj.io/v1alpha1": ["applications Application"],
  "helm.toolkit.fluxcd.io/v2": ["helmreleases HelmRelease"],
  "kustomize.toolkit.fluxcd.io/v1": ["kustomizations Kustomization"],
  "source.toolkit.fluxcd.io/v1": ["gitrepositories GitRepository", "helmcharts HelmChart"],
};

export const KINDS: readonly ServedKind[] = Object.entries(TABLE).flatMap(([apiVersion, entries]) =>
  entries.map((entry) => {
    const [plural = "", kind = ""] = entry.split(" ");
    return { apiVersion, kind, plural: plural.replace("*", ""), namespaced: !plural.endsWith("*") };
  }),
);

/** Kinds that a CustomResourceDefinition has to bring first. */
export function isCustom(kind: ServedKind): boolean {
  return /toolkit\.fluxcd\.io|argoproj\.io/.test(groupOf(kind.apiVersion));
}

/** The discovery document at a path (/version, /api, /apis, /api/v1, /apis/apps/v1), or undefined where the path is none. */
export function discovery(path: string, served: readonly ServedKind[]): object | undefined {
  if (path === "/version") return { major: "1", minor: "35", gitVersion: "v1.35.4" };
  if (path === "/api") return { kind: "APIVersions", versions: ["v1"] };
  const versions = [...new Set(served.map((kind) => kind.apiVersion))].filter((version) => version.includes("/"));
  if (path === "/apis") {
    const groups = versions.map((groupVersion) => {
      const version = { groupVersion, version: groupVersion.slice(groupVersion.indexOf("/") + 1) };
      return { name: groupOf(groupVersion), versions: [version], preferredVersion: version };
    });
    return { kind: "APIGroupList", apiVersion: "v1", groups };
  }
  const groupVersion = /^\/(?:api|apis)\/(v1|[^/]+\/[^/]+)$/.exec(path)?.[1];
  const kinds = served.filter((kind) => kind.apiVersion === groupVersion);
  if (!groupVersion || kinds.length === 0) return undefined;
  const resources = kinds.map(({ plural, kind, namespaced }) => ({
    name: plural,
    singularName: kind.toLowerCase(),
    namespaced,
    kind,
    verbs: ["get", "list", "watch"],
  }));
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources };
}
