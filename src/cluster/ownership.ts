import type { DeliveryKey } from "./delivery.ts";
import { at, groupOf, isObject, type KubeObject, listAt, refOf, textAt } from "./objects.ts";

/** Finds an object by its UID; undefined where it is not known (yet). */
export type OwnerLookup = (uid: string) => KubeObject | undefined;

/** How Argo CD marks what it manages: the tracking-id annotation (the default since 3.0), or a label (`application.instanceLabelKey` in argocd-cm). */
export interface ArgoTracking {
  instanceLabel: string;
  /** The namespace of the Application of this name beside the control plane; undefined where there is none: charts set the label too, with values of their own. */
  namespaceOf(application: string): string | undefined;
}

/** Owners of owners are followed this far: CronJob → Job → Pod is three. */
const DEPTH = 8;

/** The delivery to which a live object belongs, through its own marks or those of whatever owns it. */
export function deliveryOf(object: KubeObject, ownerOf: OwnerLookup, argo: ArgoTracking): DeliveryKey | undefined {
  let here: KubeObject | undefined = object;
  for (let i = 0; here && i < DEPTH; i++) {
    const key: DeliveryKey | undefined = fluxKey(here) ?? argoKey(here, argo);
    if (key) return key;
    here = ownerOf(controllerOf(here));
  }
  return undefined;
}

/** UID of the owner that controls an object, "" where there is none. */
function controllerOf(object: KubeObject): string {
  const owners = listAt(object, "metadata", "ownerReferences").filter(isObject);
  return textAt(owners.find((owner) => owner.controller === true) ?? owners[0], "uid");
}

/** A HelmRelease's label goes first: what it installs may carry labels of a Kustomization too. The release itself belongs to its Kustomization. */
function fluxKey(object: KubeObject): DeliveryKey | undefined {
  for (const [domain, kind] of [
    ["helm.toolkit.fluxcd.io", "HelmRelease"],
    ["kustomize.toolkit.fluxcd.io", "Kustomization"],
  ] as const) {
    const name = textAt(object, "metadata", "labels", `${domain}/name`);
    const namespace = textAt(object, "metadata", "labels", `${domain}/namespace`);
    if (name !== "" && namespace !== "") return { kind, namespace, name };
  }
  return undefined;
}

function argoKey(object: KubeObject, argo: ArgoTracking): DeliveryKey | undefined {
  const tracked = textAt(object, "metadata", "annotations", "argocd.argoproj.io/tracking-id");
  if (tracked !== "") return trackedBy(object, tracked, argo);
  const instance = textAt(object, "metadata", "labels", argo.instanceLabel);
  return instance === "" ? undefined : applicationKey(argo.namespaceOf(instance), instance);
}

/**
 * `app:group/Kind:namespace/name`. It counts only where it names the object that carries it: controllers copy annotations (a ReplicaSet has its
 * Deployment's), and so do people.
 */
function trackedBy(object: KubeObject, id: string, argo: ArgoTracking): DeliveryKey | undefined {
  const match = /^([^:]+):([^/:]*)\/([^:]+):([^/:]*)\/(.+)$/.exec(id);
  if (!match) return undefined;
  const [, application = "", group, kind, namespace, name] = match;
  const own = refOf(object);
  const isOwn = group === own.group && kind === own.kind && name === own.name && (own.namespace === "" || namespace === own.namespace);
  if (!isOwn) return undefined;
  // Outside the control plane's namespace the name is written `namespace_name`; neither of the two can hold an underscore.
  const separator = application.indexOf("_");
  return separator < 0
    ? applicationKey(argo.namespaceOf(application), application)
    : applicationKey(application.slice(0, separator), application.slice(separator + 1));
}

function applicationKey(namespace: string | undefined, name: string): DeliveryKey | undefined {
  return namespace === undefined ? undefined : { kind: "Application", namespace, name };
}

/** The same object with no more than the mapping needs: some thousand pods have to fit into memory. */
export function stripped(object: KubeObject, instanceLabel: string): KubeObject {
  const { name, namespace, uid, resourceVersion, ownerReferences, labels, annotations } = object.metadata;
  const keptLabels = Object.fromEntries(Object.entries(isObject(labels) ? labels : {}).filter(([key]) => isMark(key) || key === instanceLabel));
  const tracking = isObject(annotations) ? annotations["argocd.argoproj.io/tracking-id"] : undefined;
  const metadata = {
    ...{ name: name ?? "", namespace: namespace ?? "", uid: uid ?? "", resourceVersion: resourceVersion ?? "" },
    ...(ownerReferences === undefined ? {} : { ownerReferences }),
    labels: keptLabels,
    ...(tracking === undefined ? {} : { annotations: { "argocd.argoproj.io/tracking-id": tracking } }),
  };
  const sourceRef = groupOf(object.apiVersion) === "kustomize.toolkit.fluxcd.io" ? at(object, "spec", "sourceRef") : undefined;
  return { apiVersion: object.apiVersion, kind: object.kind, metadata, ...(sourceRef === undefined ? {} : { spec: { sourceRef } }) };
}

function isMark(label: string): boolean {
  return label.startsWith("helm.toolkit.fluxcd.io/") || label.startsWith("kustomize.toolkit.fluxcd.io/");
}
