import { applicationSource } from "../../src/cluster/argocd-source.ts";
import type { DeliveryKey, DeliveryManifest, DeliverySource } from "../../src/cluster/delivery.ts";
import { kustomizationSource } from "../../src/cluster/flux-source.ts";
import { readHelmRelease } from "../../src/cluster/helm-release.ts";
import { type KubeObject, refOf } from "../../src/cluster/objects.ts";

/** The live objects that say where a delivery comes from, as the cluster holds them. */
export interface LiveDelivery {
  /** An Application, Kustomization or HelmRelease. */
  delivery: KubeObject;
  /** Of a HelmRelease, the Kustomization that applies it. */
  kustomization?: KubeObject;
  /** The GitRepository of a Flux delivery; the one that every layout is in unless given. */
  repository?: KubeObject;
  /** Of a HelmRelease, the HelmChart that it names and the GitRepository of its chart. */
  chart?: KubeObject;
  chartRepository?: KubeObject;
  /** What applies the delivery's own manifest. */
  parent?: LiveDelivery;
}

const REPOSITORY: KubeObject = {
  apiVersion: "source.toolkit.fluxcd.io/v1",
  kind: "GitRepository",
  metadata: { name: "shop", namespace: "flux-system" },
  spec: { url: "https://git.example/shop", ref: { branch: "main" } },
};

/** What the observer makes of them. */
export function sourceOf(live: LiveDelivery): DeliverySource {
  const source = ownSource(live);
  if (source.kind === "refused") return source;
  const { delivery, kustomization, parent } = live;
  const from: DeliveryManifest["from"] = parent ? { kind: "delivery", key: keyOf(parent.delivery), source: sourceOf(parent) } : { kind: "unknown" };
  return parent || hasInline(source) ? { ...source, manifest: { object: kustomization ?? delivery, from } } : source;
}

function ownSource({ delivery, kustomization, chart, chartRepository, repository = REPOSITORY }: LiveDelivery): DeliverySource {
  if (delivery.kind === "Application") return applicationSource(delivery);
  if (delivery.kind === "Kustomization") return kustomizationSource(delivery, repository);
  return readHelmRelease(delivery, { kustomization, repository, ...(chart ? { chart } : {}), chartRepository: chartRepository ?? repository, now: new Date(0) })
    .source;
}

function hasInline({ settings: { helm, kustomize, flux } }: Extract<DeliverySource, { kind: "git" }>): boolean {
  return (
    helm?.values !== undefined ||
    helm?.valuesObject !== undefined ||
    helm?.parameters !== undefined ||
    kustomize !== undefined ||
    Object.keys(flux ?? {}).length > 0
  );
}

export function keyOf(object: KubeObject): DeliveryKey {
  const { namespace, name } = refOf(object);
  return { kind: object.kind === "Application" ? "Application" : object.kind === "HelmRelease" ? "HelmRelease" : "Kustomization", namespace, name };
}
