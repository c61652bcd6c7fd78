import type { KubeClient } from "./client.ts";
import { listAt, textAt } from "./objects.ts";

/** Where the objects of one kind are found in the API. */
export interface Resource {
  apiVersion: string;
  plural: string;
  namespaced: boolean;
}

const BUILT_IN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  v1: {
    ConfigMap: "configmaps",
    LimitRange: "limitranges",
    PersistentVolumeClaim: "persistentvolumeclaims",
    Pod: "pods",
    ResourceQuota: "resourcequotas",
    Service: "services",
    ServiceAccount: "serviceaccounts",
  },
  "apps/v1": { DaemonSet: "daemonsets", Deployment: "deployments", ReplicaSet: "replicasets", StatefulSet: "statefulsets" },
  "autoscaling/v2": { HorizontalPodAutoscaler: "horizontalpodautoscalers" },
  "batch/v1": { CronJob: "cronjobs", Job: "jobs" },
  "discovery.k8s.io/v1": { EndpointSlice: "endpointslices" },
  "events.k8s.io/v1": { Event: "events" },
  "networking.k8s.io/v1": { Ingress: "ingresses", IngressClass: "ingressclasses", NetworkPolicy: "networkpolicies" },
  "policy/v1": { PodDisruptionBudget: "poddisruptionbudgets" },
  "argoproj.io/v1alpha1": { Application: "applications", ApplicationSet: "applicationsets", AppProject: "appprojects" },
  "kustomize.toolkit.fluxcd.io/v1": { Kustomization: "kustomizations" },
  "helm.toolkit.fluxcd.io/v2": { HelmRelease: "helmreleases" },
  "source.toolkit.fluxcd.io/v1": { GitRepository: "gitrepositories", HelmChart: "helmcharts" },
};

/** The kinds that deliveries are, with where to find them. */
export const DELIVERY_RESOURCES = {
  Application: known("argoproj.io/v1alpha1", "Application"),
  Kustomization: known("kustomize.toolkit.fluxcd.io/v1", "Kustomization"),
  HelmRelease: known("helm.toolkit.fluxcd.io/v2", "HelmRelease"),
} as const;

export function known(apiVersion: string, kind: string): Resource {
  const plural = BUILT_IN[apiVersion]?.[kind];
  if (!plural) throw new TypeError(`${apiVersion} ${kind} is not in the table of resources`);
  return { apiVersion, plural, namespaced: true };
}

/** `/apis/apps/v1/namespaces/shop/deployments/web`; without a namespace the whole cluster, without a name the collection. */
export function pathOf(resource: Resource, namespace: string, name = ""): string {
  const prefix = resource.apiVersion.includes("/") ? `/apis/${resource.apiVersion}` : `/api/${resource.apiVersion}`;
  const scope = namespace === "" ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${prefix}${scope}/${resource.plural}${name === "" ? "" : `/${encodeURIComponent(name)}`}`;
}

/** Finds the resource of any kind: from the table, else from the API's discovery documents, which are kept. */
export class ResourceFinder {
  readonly #client: KubeClient;
  readonly #discovered = new Map<string, Map<string, Resource>>();

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** Undefined where the kind is not installed. A CRD may come later: what was not there is asked for again. */
  async find(apiVersion: string, kind: string): Promise<Resource | undefined> {
    if (Object.hasOwn(BUILT_IN, apiVersion) && Object.hasOwn(BUILT_IN[apiVersion] ?? {}, kind)) return known(apiVersion, kind);
    const kept = this.#discovered.get(apiVersion)?.get(kind);
    if (kept) return kept;
    const discovered = await this.#discover(apiVersion);
    this.#discovered.set(apiVersion, discovered);
    return discovered.get(kind);
  }

  async #discover(apiVersion: string): Promise<Map<string, Resource>> {
    const prefix = apiVersion.includes("/") ? "/apis" : "/api";
    const document = await this.#client.document(`${prefix}/${apiVersion}`);
    const resources = listAt(document, "resources").filter((entry) => !textAt(entry, "name").includes("/"));
    return new Map(
      resources.map((entry): [string, Resource] => {
        const namespaced = typeof entry === "object" && entry !== null && !Array.isArray(entry) && entry.namespaced === true;
        return [textAt(entry, "kind"), { apiVersion, plural: textAt(entry, "name"), namespaced }];
      }),
    );
  }
}
