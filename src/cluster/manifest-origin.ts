import { AutofixError } from "../errors.ts";
import { applicationSource } from "./argocd-source.ts";
import type { KubeClient } from "./client.ts";
import type { DeliveryManifest, DeliverySource, ManifestOrigin } from "./delivery.ts";
import { kustomizationSource, sourceRefOf } from "./flux-source.ts";
import { kustomizationOf } from "./helm-release.ts";
import { groupOf, isObject, type KubeObject, listAt, refOf, textAt } from "./objects.ts";
import { isEmpty } from "./reading.ts";
import { DELIVERY_RESOURCES, known, pathOf } from "./resources.ts";
import { tidy } from "./tidy.ts";

/** Parents of parents are followed this far: an app of apps of apps, and what bootstraps it. */
const DEPTH = 4;
const APPLICATION_SET = known("argoproj.io/v1alpha1", "ApplicationSet");
/** Where Argo CD is installed by default; only asked where a parent is not beside its child. */
const ARGOCD_NAMESPACE = "argocd";

/** The source, with the origin of the delivery's own manifest where that holds settings. Costs one or two requests for each parent. */
export async function withManifest(client: KubeClient, source: DeliverySource, object: KubeObject): Promise<DeliverySource> {
  if (source.kind === "refused" || !hasInlineSettings(source)) return source;
  const manifest: DeliveryManifest = { object, from: await originOf(client, object, DEPTH) };
  return { ...source, manifest };
}

function hasInlineSettings({ settings: { helm, kustomize, flux } }: Extract<DeliverySource, { kind: "git" }>): boolean {
  const inline = ["values", "valuesObject", "parameters"].some((key) => !isEmpty(helm?.[key]));
  return inline || !isEmpty(kustomize) || !isEmpty(flux);
}

/** What made a delivery's manifest, by the marks that Argo CD and Flux leave on what they apply. What may not be read counts as unknown. */
async function originOf(client: KubeClient, object: KubeObject, depth: number): Promise<ManifestOrigin> {
  if (depth === 0) return { kind: "unknown" };
  try {
    return (
      (await fluxOrigin(client, object, depth)) ?? (await setOrigin(client, object, depth)) ?? (await argoOrigin(client, object, depth)) ?? { kind: "unknown" }
    );
  } catch (thrown) {
    if (thrown instanceof AutofixError && thrown.code === "cluster/forbidden") return { kind: "unknown" };
    throw thrown;
  }
}

async function fluxOrigin(client: KubeClient, object: KubeObject, depth: number): Promise<ManifestOrigin | undefined> {
  const ref = kustomizationOf(object);
  const parent = ref && (await client.get(pathOf(DELIVERY_RESOURCES.Kustomization, ref.namespace, ref.name)));
  if (!ref || !parent) return undefined;
  const from = sourceRefOf(parent);
  const isGit = from.kind === "GitRepository";
  const repository = isGit ? await client.get(pathOf(known("source.toolkit.fluxcd.io/v1", "GitRepository"), from.namespace, from.name)) : undefined;
  const source = kustomizationSource(parent, repository);
  const key = { kind: "Kustomization", namespace: ref.namespace, name: ref.name } as const;
  // The Kustomization that bootstraps Flux carries its own labels: it renders itself.
  const isItself = object.kind === "Kustomization" && refOf(object).name === ref.name && refOf(object).namespace === ref.namespace;
  return { kind: "delivery", key, source: isItself ? source : await withParent(client, source, parent, depth) };
}

async function withParent(client: KubeClient, source: DeliverySource, parent: KubeObject, depth: number): Promise<DeliverySource> {
  if (source.kind === "refused" || !hasInlineSettings(source)) return source;
  const object = tidy(parent);
  return { ...source, manifest: { object, from: await originOf(client, object, depth - 1) } };
}

async function setOrigin(client: KubeClient, object: KubeObject, depth: number): Promise<ManifestOrigin | undefined> {
  const owner = listAt(object, "metadata", "ownerReferences").find(
    (reference) => textAt(reference, "kind") === "ApplicationSet" && groupOf(textAt(reference, "apiVersion")) === "argoproj.io",
  );
  if (!owner) return undefined;
  const found = await client.get(pathOf(APPLICATION_SET, refOf(object).namespace, textAt(owner, "name")));
  if (!found) return undefined;
  const set = tidy(found);
  return { kind: "application-set", set, from: await originOf(client, set, depth - 1) };
}

/** Through the tracking-id, else through the label, which only counts where the parent's status lists the child: charts set it too. */
async function argoOrigin(client: KubeClient, object: KubeObject, depth: number): Promise<ManifestOrigin | undefined> {
  const tracked = /^([^:]+):/.exec(textAt(object, "metadata", "annotations", "argocd.argoproj.io/tracking-id"))?.[1];
  const name = tracked ?? textAt(object, "metadata", "labels", "app.kubernetes.io/instance");
  if (name === "") return undefined;
  const separator = name.indexOf("_");
  const places = separator >= 0 ? [name.slice(0, separator)] : [...new Set([refOf(object).namespace, ARGOCD_NAMESPACE])];
  for (const namespace of places) {
    const parent = await client.get(pathOf(DELIVERY_RESOURCES.Application, namespace, name.slice(separator + 1)));
    if (!parent || !lists(parent, object)) continue;
    const key = { kind: "Application", namespace, name: refOf(parent).name } as const;
    const isItself = refOf(object).name === key.name && object.kind === "Application";
    const source = applicationSource(parent);
    return { kind: "delivery", key, source: isItself ? source : await withParent(client, source, parent, depth) };
  }
  return undefined;
}

function lists(parent: KubeObject, child: KubeObject): boolean {
  const own = refOf(child);
  return listAt(parent, "status", "resources")
    .filter(isObject)
    .some((resource) => resource.kind === own.kind && resource.name === own.name && ["", own.namespace].includes(textAt(resource, "namespace")));
}
