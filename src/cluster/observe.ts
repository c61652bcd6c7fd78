import { AutofixError } from "../errors.ts";
import type { Log } from "../telemetry/log.ts";
import { readApplication } from "./argocd.ts";
import type { KubeClient } from "./client.ts";
import type { DeliveryKey, DeliveryKind, DeliverySource } from "./delivery.ts";
import { readEvents } from "./events.ts";
import { fluxElsewhere, inventoryOf, readKustomization } from "./flux.ts";
import { sourceRefOf } from "./flux-source.ts";
import { chartRefOf, chartSourceOf, failedHooks, helmReleaseState, kustomizationOf, readHelmRelease } from "./helm-release.ts";
import { type Reader, readLiveObjects } from "./live-objects.ts";
import { withManifest } from "./manifest-origin.ts";
import { groupOf, type KubeObject, type ObjectRef, refOf, textAt } from "./objects.ts";
import type { Cluster, LogOptions, Observation, Origin } from "./observation.ts";
import { ClusterSchemas } from "./openapi.ts";
import type { DeliveryReading, ManagedObject } from "./reading.ts";
import type { RemoteClusters } from "./remote-clusters.ts";
import { RenderingFacts } from "./rendering-facts.ts";
import { DELIVERY_RESOURCES, known, pathOf, ResourceFinder } from "./resources.ts";
import { isUnwell, readSurroundings } from "./surroundings.ts";
import { tidy } from "./tidy.ts";

/** A tail of more bytes than this is cut by the API server. */
const LOG_BYTES = 1_048_576;

export interface ObserverOptions {
  log: Log;
  now(): Date;
  /** Other clusters that deliveries of this one deploy to. */
  remotes?: RemoteClusters;
}

/**
 * Reads the cluster through its API. A delivery with one namespace costs 8 or 9 requests when healthy, about 11 when failing, up to 16 with claims and nodes.
 * Throws `cluster/unreachable`, and `cluster/forbidden` where deliveries, workloads or pods may not be read; all else that may not be read is left out.
 */
export function clusterThrough(client: KubeClient, { log, now, remotes }: ObserverOptions): Cluster {
  const hub = observingReader(client, log);
  const others = new Map(remotes?.all.map((remote): [string, ObservingReader] => [remote.name, observingReader(remote.client, log)]));
  const target = (names: readonly string[] | undefined): Target => {
    if (!names) return { reader: hub };
    const on = remotes?.nameOf(names);
    const reader = on === undefined ? undefined : others.get(on);
    return reader && on !== undefined ? { reader, on } : { unseen: names.join(" / ") };
  };
  return {
    observe: (key) => observe(hub, target, key, now()),
    origin: (key) => originOf(hub, target, key, now()),
    deliveries: () => listDeliveries(hub),
    logs: (pod, container, options) => readLog(others.get(options.on ?? "") ?? hub, pod, container, options),
    schemas: async (objects, { on, unseen }) => (unseen === undefined ? (others.get(on ?? "") ?? hub).schemas.bookFor(objects) : undefined),
  };
}

interface ObservingReader extends Reader {
  facts: RenderingFacts;
  schemas: ClusterSchemas;
}

function observingReader(client: KubeClient, log: Log): ObservingReader {
  return { client, finder: new ResourceFinder(client), log, facts: new RenderingFacts(client), schemas: new ClusterSchemas(client, log) };
}

/** The cluster in which a delivery's objects live, with what an observation says of it. */
type Target = { reader: ObservingReader; on?: string } | { reader?: undefined; unseen: string };

async function observe(
  hub: ObservingReader,
  target: (names: readonly string[] | undefined) => Target,
  key: DeliveryKey,
  now: Date,
): Promise<Observation | undefined> {
  const found = await hub.client.get(pathOf(DELIVERY_RESOURCES[key.kind], key.namespace, key.name));
  if (!found) return undefined;
  const delivery = tidy(found);
  const { reader, ...where } = target(elsewhereOf(key.kind, delivery, now));
  // What it manages does not depend on the source, so both are read at once.
  const parts = await managedOf(reader, key.kind, delivery, now);
  const [context, objects] = await Promise.all([contextOf(hub, key.kind, delivery), reader ? readLiveObjects(reader, parts) : []]);
  const reading = readDelivery(key.kind, delivery, context, objects, now);
  const managed = parts.map(({ ref }) => ref);
  const namespaces = reader ? [...new Set(managed.map((ref) => ref.namespace))].filter((namespace) => namespace !== "") : [];
  const unwell = reading.state.kind === "failing" || reading.state.kind === "progressing" || isUnwell(objects);
  const [events, surroundings, source] = await Promise.all([
    readEvents({ hub, reader: reader ?? hub }, delivery, objects, namespaces),
    unwell && reader ? readSurroundings(reader, objects, namespaces) : [],
    unwell ? completeSource(hub, reader, reading.source, { delivery, context, now }) : reading.source,
  ]);
  const { state, revisions } = reading;
  return { key, at: now, delivery, state, source, revisions, managed, objects, events, surroundings, ...where };
}

async function originOf(
  hub: ObservingReader,
  target: (names: readonly string[] | undefined) => Target,
  key: DeliveryKey,
  now: Date,
): Promise<Origin | undefined> {
  const found = await hub.client.get(pathOf(DELIVERY_RESOURCES[key.kind], key.namespace, key.name));
  if (!found) return undefined;
  const delivery = tidy(found);
  const { reader, ...where } = target(elsewhereOf(key.kind, delivery, now));
  const context = await contextOf(hub, key.kind, delivery);
  const { source } = readDelivery(key.kind, delivery, context, [], now);
  const complete = await completeSource(hub, reader, source, { delivery, context, now });
  return { source: complete.kind === "refused" && complete.code === "sync-window" ? source : complete, ...where };
}

function elsewhereOf(kind: DeliveryKind, delivery: KubeObject, now: Date): readonly string[] | undefined {
  return kind === "Application" ? readApplication(delivery, now).elsewhere : fluxElsewhere(delivery).elsewhere;
}

/** What only a failing delivery's source is worth: where its own manifest is, and what the clusters add to it: the one that delivers, and the one delivered to. */
async function completeSource(
  { client, facts }: ObservingReader,
  destination: ObservingReader | undefined,
  source: DeliverySource,
  { delivery, context, now }: { delivery: KubeObject; context: FluxContext; now: Date },
) {
  const complete = await facts.complete(source, delivery, now, destination?.facts);
  return withManifest(client, complete, context.kustomization ? tidy(context.kustomization) : delivery);
}

/** The live objects that say where a Flux delivery comes from. */
interface FluxContext {
  kustomization: KubeObject | undefined;
  repository: KubeObject | undefined;
  chart?: KubeObject | undefined;
  chartRepository?: KubeObject | undefined;
}

async function contextOf(reader: Reader, kind: DeliveryKind, delivery: KubeObject): Promise<FluxContext> {
  const context = await fluxContext(reader, kind, delivery);
  return kind === "HelmRelease" ? { ...context, ...(await chartContext(reader, delivery, context)) } : context;
}

/** The HelmChart that a HelmRelease names, and the GitRepository of its chart where that is another one. */
async function chartContext(
  { client, log }: Reader,
  release: KubeObject,
  { repository }: FluxContext,
): Promise<Pick<FluxContext, "chart" | "chartRepository">> {
  const ref = chartRefOf(release);
  const get = async (kind: "HelmChart" | "GitRepository", at: string, named: string) => {
    try {
      return await client.get(pathOf(known("source.toolkit.fluxcd.io/v1", kind), at, named));
    } catch (thrown) {
      if (!(thrown instanceof AutofixError) || thrown.code !== "cluster/forbidden") throw thrown;
      log.debug({ kind }, thrown.message);
      return undefined;
    }
  };
  const chart = ref && (await get("HelmChart", ref.namespace, ref.name));
  const from = chartSourceOf(release, chart);
  const isKnown = repository && refOf(repository).name === from.name && refOf(repository).namespace === from.namespace;
  return { chart, chartRepository: from.kind === "GitRepository" && !isKnown ? await get("GitRepository", from.namespace, from.name) : undefined };
}

async function fluxContext({ client }: Reader, kind: DeliveryKind, delivery: KubeObject): Promise<FluxContext> {
  if (kind === "Application") return { kustomization: undefined, repository: undefined };
  const parent = kind === "HelmRelease" ? kustomizationOf(delivery) : undefined;
  const kustomization =
    kind === "Kustomization" ? delivery : parent && (await client.get(pathOf(DELIVERY_RESOURCES.Kustomization, parent.namespace, parent.name)));
  const ref = kustomization && sourceRefOf(kustomization);
  if (ref?.kind !== "GitRepository") return { kustomization, repository: undefined };
  return { kustomization, repository: await client.get(pathOf(known("source.toolkit.fluxcd.io/v1", "GitRepository"), ref.namespace, ref.name)) };
}

function readDelivery(kind: DeliveryKind, delivery: KubeObject, context: FluxContext, objects: readonly KubeObject[], now: Date): DeliveryReading {
  switch (kind) {
    case "Application":
      return readApplication(delivery, now);
    case "Kustomization":
      return readKustomization(delivery, { repository: context.repository, failingDependents: failingDependents(objects, now), now });
    case "HelmRelease":
      return readHelmRelease(delivery, { ...context, now });
  }
}

function failingDependents(objects: readonly KubeObject[], now: Date): string[] {
  return objects
    .filter((object) => {
      const group = groupOf(object.apiVersion);
      if (group === "helm.toolkit.fluxcd.io") return helmReleaseState(object, now).kind === "failing";
      if (group !== "kustomize.toolkit.fluxcd.io") return false;
      return readKustomization(object, { repository: undefined, failingDependents: [], now }).state.kind === "failing";
    })
    .map((object) => {
      const { kind, namespace, name } = refOf(object);
      return `${kind}/${namespace}/${name}`;
    });
}

/** Older helm-controllers keep no inventory: there the labels that they put on everything tell. */
async function managedOf(reader: Reader | undefined, kind: DeliveryKind, delivery: KubeObject, now: Date): Promise<ManagedObject[]> {
  if (kind === "Application") return readApplication(delivery, now).managed;
  const inventory = inventoryOf(delivery);
  if (kind !== "HelmRelease") return inventory;
  const listed = inventory.length > 0 || !reader ? inventory : await labelledObjects(reader, delivery);
  return [...listed, ...failedHooks(delivery)];
}

async function labelledObjects({ client }: Reader, release: KubeObject): Promise<ManagedObject[]> {
  const { namespace, name } = refOf(release);
  const where = textAt(release, "spec", "targetNamespace") || namespace;
  const kinds = [known("apps/v1", "Deployment"), known("apps/v1", "StatefulSet"), known("apps/v1", "DaemonSet"), known("v1", "Service")];
  const labelSelector = `helm.toolkit.fluxcd.io/name=${name},helm.toolkit.fluxcd.io/namespace=${namespace}`;
  const lists = await Promise.all(kinds.map((resource) => client.list(pathOf(resource, where), { labelSelector })));
  return lists.flatMap((list) => list ?? []).map((object) => ({ ref: refOf(object), version: object.apiVersion.slice(object.apiVersion.indexOf("/") + 1) }));
}

/** A kind that is not installed, or not granted, has no deliveries; only where none at all may be listed something is wrong. */
async function listDeliveries({ client, log }: Reader): Promise<DeliveryKey[]> {
  const kinds: DeliveryKind[] = ["Application", "Kustomization", "HelmRelease"];
  const refusals: AutofixError[] = [];
  const lists = await Promise.all(
    kinds.map(async (kind) => {
      try {
        return (await client.list(pathOf(DELIVERY_RESOURCES[kind], ""))) ?? [];
      } catch (thrown) {
        if (!(thrown instanceof AutofixError) || thrown.code !== "cluster/forbidden") throw thrown;
        log.debug({ kind }, thrown.message);
        refusals.push(thrown);
        return [];
      }
    }),
  );
  const [refusal] = refusals;
  if (refusal && refusals.length === kinds.length) throw refusal;
  return lists.flatMap((list, i) => list.flatMap((object) => keyOf(kinds[i], object)));
}

function keyOf(kind: DeliveryKind | undefined, object: KubeObject): DeliveryKey[] {
  const { namespace, name } = refOf(object);
  return kind ? [{ kind, namespace, name }] : [];
}

async function readLog({ client, log }: Reader, pod: ObjectRef, container: string, options: LogOptions): Promise<string> {
  const query = {
    container,
    timestamps: "true",
    tailLines: String(options.tailLines),
    limitBytes: String(LOG_BYTES),
    ...(options.previous ? { previous: "true" } : {}),
  };
  try {
    return (await client.text(`${pathOf(known("v1", "Pod"), pod.namespace, pod.name)}/log`, query)) ?? "";
  } catch (thrown) {
    if (!(thrown instanceof AutofixError) || thrown.code !== "cluster/forbidden") throw thrown;
    log.debug({ pod: `${pod.namespace}/${pod.name}` }, thrown.message);
    return "";
  }
}
