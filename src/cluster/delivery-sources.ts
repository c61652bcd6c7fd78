import { AutofixError } from "../errors.ts";
import { applicationSource } from "./argocd-source.ts";
import type { KubeClient } from "./client.ts";
import type { DeliveryKey, DeliverySource } from "./delivery.ts";
import { kustomizationSource, sourceRefOf } from "./flux-source.ts";
import { chartRefOf, chartSourceOf, kustomizationOf, readHelmRelease } from "./helm-release.ts";
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
 * Where every delivery of the cluster comes from, for who wants to know who else renders a file. Costs four lists (and a look at each HelmChart that a release names), at most
 * once a minute; kinds that are not installed or not granted are left out.
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
  const list = async (resource: Resource) => (await unlessForbidden(() => client.list(pathOf(resource, "")))) ?? [];
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
    ...(await Promise.all(
      releases.map(async (object) => {
        const owner = kustomizationOf(object);
        const kustomization = owner && named(kustomizations, owner.namespace, owner.name);
        const ref = chartRefOf(object);
        const chart = ref && (await unlessForbidden(() => client.get(pathOf(known("source.toolkit.fluxcd.io/v1", "HelmChart"), ref.namespace, ref.name))));
        const from = chartSourceOf(object, chart);
        const context = { kustomization, repository: repositoryOf(kustomization), chart, chartRepository: named(repositories, from.namespace, from.name) };
        return { key: keyOf("HelmRelease", object), source: readHelmRelease(object, { ...context, now: new Date(0) }).source };
      }),
    )),
  ];
}

async function unlessForbidden<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await read();
  } catch (thrown) {
    if (thrown instanceof AutofixError && thrown.code === "cluster/forbidden") return undefined;
    throw thrown;
  }
}

function keyOf(kind: DeliveryKey["kind"], object: KubeObject): DeliveryKey {
  const { namespace, name } = refOf(object);
  return { kind, namespace, name };
}
