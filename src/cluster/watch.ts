import type { Log } from "../telemetry/log.ts";
import type { KubeClient } from "./client.ts";
import { CollectionWatch, realTimer, type Timer } from "./collection-watch.ts";
import { type DeliveryKey, type DeliveryKind, formatKey } from "./delivery.ts";
import { sourceRefOf } from "./flux-source.ts";
import { groupOf, type KubeObject, refOf, textAt } from "./objects.ts";
import { type ArgoTracking, deliveryOf, stripped } from "./ownership.ts";
import { DELIVERY_RESOURCES, known, pathOf, type Resource } from "./resources.ts";

/** Where Argo CD's control plane usually is: it goes first where several namespaces have an Application of the same name. */
const CONTROL_NAMESPACE = "argocd";

const DELIVERIES: readonly Resource[] = [...Object.values(DELIVERY_RESOURCES), known("source.toolkit.fluxcd.io/v1", "GitRepository")];
const WORKLOADS: readonly Resource[] = [
  known("apps/v1", "Deployment"),
  known("apps/v1", "StatefulSet"),
  known("apps/v1", "DaemonSet"),
  known("apps/v1", "ReplicaSet"),
  known("batch/v1", "CronJob"),
  known("batch/v1", "Job"),
  known("v1", "Pod"),
  known("v1", "Service"),
  known("discovery.k8s.io/v1", "EndpointSlice"),
];

export interface WatchOptions {
  log: Log;
  /** Called with the key of a delivery that should be looked at, at once after every change: often, and often with the same key. Must not throw. */
  onChange(key: DeliveryKey): void;
  timer?: Timer;
  /** Other clusters that deliveries of this one deploy to: what they run is watched there. */
  remotes?: readonly KubeClient[];
  /** `application.instanceLabelKey` of Argo CD. */
  instanceLabel?: string;
}

export interface ClusterWatch {
  /** Ends all connections and timers. */
  stop(): Promise<void>;
}

/** Watches deliveries, their sources and workloads in the whole cluster, until it is stopped. Every delivery that exists is told once at the start. */
export function watchCluster(client: KubeClient, options: WatchOptions): ClusterWatch {
  const { log, onChange, timer = realTimer, instanceLabel = "app.kubernetes.io/instance", remotes = [] } = options;
  const index = new ObjectIndex(instanceLabel);
  const own = [...DELIVERIES, ...WORKLOADS].map((resource) => ({ at: client, resource }));
  const watches = [...own, ...remotes.flatMap((at) => WORKLOADS.map((resource) => ({ at, resource })))].map(
    ({ at, resource }) =>
      new CollectionWatch({
        client: at,
        path: pathOf(resource, ""),
        strip: (object) => stripped(object, instanceLabel),
        timer,
        log,
        onEvent: (type, object) => {
          const before = index.affected(object);
          index.update(type, object);
          const keys = new Map([...before, ...index.affected(object)].map((key) => [formatKey(key), key]));
          for (const key of keys.values()) onChange(key);
        },
      }),
  );
  for (const watch of watches) watch.start();
  return {
    stop: async () => {
      await Promise.all(watches.map((watch) => watch.stop()));
    },
  };
}

/** What is known of the cluster's objects, as far as it is needed to tell whose a changed object is. */
class ObjectIndex {
  readonly #byUid = new Map<string, KubeObject>();
  readonly #applications = new Map<string, Set<string>>();
  readonly #kustomizations = new Map<string, KubeObject>();
  readonly #argo: ArgoTracking;

  constructor(instanceLabel: string) {
    this.#argo = { instanceLabel, namespaceOf: (application) => this.#namespaceOf(application) };
  }

  update(type: "changed" | "deleted", object: KubeObject): void {
    const uid = textAt(object, "metadata", "uid");
    const { namespace, name } = refOf(object);
    if (type === "changed") this.#byUid.set(uid, object);
    else this.#byUid.delete(uid);
    if (deliveryKind(object) === "Application") {
      const namespaces = this.#applications.get(name) ?? new Set();
      if (type === "changed") namespaces.add(namespace);
      else namespaces.delete(namespace);
      if (namespaces.size > 0) this.#applications.set(name, namespaces);
      else this.#applications.delete(name);
    }
    if (deliveryKind(object) === "Kustomization") {
      if (type === "changed") this.#kustomizations.set(uid, object);
      else this.#kustomizations.delete(uid);
    }
  }

  /** The deliveries that a change of this object concerns: itself, the one that manages it, those whose source it is. */
  affected(object: KubeObject): DeliveryKey[] {
    const { namespace, name } = refOf(object);
    const kind = deliveryKind(object);
    const own: DeliveryKey[] = kind ? [{ kind, namespace, name }] : [];
    if (object.kind === "GitRepository") return this.#fedBy(namespace, name);
    const parent = deliveryOf(object, (uid) => this.#byUid.get(uid), this.#argo);
    return parent ? [...own, parent] : own;
  }

  #fedBy(namespace: string, name: string): DeliveryKey[] {
    return [...this.#kustomizations.values()].flatMap((kustomization): DeliveryKey[] => {
      const source = sourceRefOf(kustomization);
      const own = refOf(kustomization);
      const isFed = source.kind === "GitRepository" && source.namespace === namespace && source.name === name;
      return isFed ? [{ kind: "Kustomization", namespace: own.namespace, name: own.name }] : [];
    });
  }

  #namespaceOf(application: string): string | undefined {
    const namespaces = this.#applications.get(application);
    if (!namespaces) return undefined;
    return namespaces.has(CONTROL_NAMESPACE) ? CONTROL_NAMESPACE : namespaces.values().next().value;
  }
}

/** Kustomization is also the kind of kustomize's own files, and others have Applications: the group decides. */
function deliveryKind(object: KubeObject): DeliveryKind | undefined {
  switch (groupOf(object.apiVersion)) {
    case "argoproj.io":
      return object.kind === "Application" ? "Application" : undefined;
    case "kustomize.toolkit.fluxcd.io":
      return "Kustomization";
    case "helm.toolkit.fluxcd.io":
      return "HelmRelease";
    default:
      return undefined;
  }
}
