import { AutofixError } from "../errors.ts";
import { applicationSource } from "./argocd-source.ts";
import type { KubeClient } from "./client.ts";
import type { DeliveryKey, DeliverySource } from "./delivery.ts";
import { kustomizationSource, sourceRefOf } from "./flux-source.ts";
import { chartSourceOf, kustomizationOf, readHelmRelease } from "./helm-release.ts";
import { type KubeObject, refOf } from "./objects.ts";
import { DELIVERY_RESOURCES, known, pathOf, type Resource } from "./resources.ts";

/** A delivery, and where it comes from. */
export interface NamedSource {
  key: DeliveryKey;
  source: DeliverySource;
}

/** How long the list is believed, in milliseconds: deliveries come and go rarely. */
const KEPT = 60_000;

/**
 * Where every delivery of the cluster comes from, for who wants to know who else renders a file. Costs four lists, at most once a minute; kinds that are not
 * installed or not granted are left out.
 */
export function deliverySources(client: KubeClient, now: () => number): () => Promise<NamedSource[]> {
  let kept: { value: Promise<NamedSource[]>; until: number } | undefined;
  return () => {
    if (kept && kept.until > now()) return kept.value;
    const value = readSources(client);
    kept = { value, until: now() + KEPT };
    value.catch(() => {
      if (kept?.value === value) kept = undefined;
    });
    return value;
  };
}

async function readSources(client: KubeClient): Promise<NamedSource[]> {
  const list = async (resource: Resource): Promise<KubeObject[]> => {
    try {
      return (await client.list(pathOf(resource, ""))) ?? [];
    } catch (thrown) {
      if (thrown instanceof AutofixError && thrown.code === "cluster/forbidden") return [];
      throw thrown;
    }
  };
  const { Application, Kustomization, HelmRelease } = DELIVERY_RESOURCES;
  const [applications, kustomizations, releases, repositories] = await Promise.all([
    list(Application),
    list(Kustomization),
    list(HelmRelease),
    list(known("source.toolkit.fluxcd.io/v1", "GitRepository")),
  ]);
  const named = (objects: readonly KubeObject[], namespace: string, name: string) =>
    objects.find((object) => refOf(object).namespace === namespace && refOf(object).name === name);
  const repositoryOf = (kustomization: KubeObject | undefined) => {
    const ref = kustomization && sourceRefOf(kustomization);
    return ref && named(repositories, ref.namespace, ref.name);
  };
  return [
    ...applications.map((object) => ({ key: keyOf("Application", object), source: applicationSource(object) })),
    ...kustomizations.map((object) => ({ key: keyOf("Kustomization", object), source: kustomizationSource(object, repositoryOf(object)) })),
    ...releases.map((object) => {
      const owner = kustomizationOf(object);
      const kustomization = owner && named(kustomizations, owner.namespace, owner.name);
      const chart = chartSourceOf(object, undefined);
      const context = { kustomization, repository: repositoryOf(kustomization), chartRepository: named(repositories, chart.namespace, chart.name) };
      return { key: keyOf("HelmRelease", object), source: readHelmRelease(object, { ...context, now: new Date(0) }).source };
    }),
  ];
}

function keyOf(kind: DeliveryKey["kind"], object: KubeObject): DeliveryKey {
  const { namespace, name } = refOf(object);
  return { kind, namespace, name };
}
