import { AutofixError } from "../errors.ts";
import type { Log } from "../telemetry/log.ts";
import { readApplication } from "./argocd.ts";
import type { KubeClient } from "./client.ts";
import type { DeliveryKey, DeliveryKind, DeliverySource } from "./delivery.ts";
import { readEvents } from "./events.ts";
import { inventoryOf, readKustomization } from "./flux.ts";
import { sourceRefOf } from "./flux-source.ts";
import { chartRefOf, chartSourceOf, helmReleaseState, kustomizationOf, readHelmRelease } from "./helm-release.ts";
import { type Reader, readLiveObjects } from "./live-objects.ts";
import { withManifest } from "./manifest-origin.ts";
import { groupOf, type KubeObject, type ObjectRef, refOf, textAt } from "./objects.ts";
import type { Cluster, Observation } from "./observation.ts";
import { ClusterSchemas } from "./openapi.ts";
import type { DeliveryReading, ManagedObject } from "./reading.ts";
import { RenderingFacts } from "./rendering-facts.ts";
import { DELIVERY_RESOURCES, known, pathOf, ResourceFinder } from "./resources.ts";
import { isUnwell, readSurroundings } from "./surroundings.ts";
import { tidy } from "./tidy.ts";

/** A tail of more bytes than this is cut by the API server. */
const LOG_BYTES = 1_048_576;

export interface ObserverOptions {
  log: Log;
  now(): Date;
}

/**
 * Reads the cluster through its API. A delivery with one namespace costs 8 or 9 requests when healthy, about 11 when failing, up to 16 with claims and nodes.
 * Throws `cluster/unreachable`, and `cluster/forbidden` where deliveries, workloads or pods may not be read; all else that may not be read is left out.
 */
export function clusterThrough(client: KubeClient, { log, now }: ObserverOptions): Cluster {
  const reader: ObservingReader = { client, finder: new ResourceFinder(client), log, facts: new RenderingFacts(client) };
  const schemas = new ClusterSchemas(client, log);
  return {
    observe: (key) => observe(reader, key, now()),
    deliveries: () => listDeliveries(reader),
    logs: (pod, container, options) => readLog(reader, pod, container, options),
    schemas: (objects) => schemas.bookFor(objects),
  };
}

/**
 * Where deliveries come from, well or not, with all that decides what they render: for who renders a change that nobody applied yet. That nothing is synced now does not count there.
 * Undefined where there is no such delivery (any more).
 */
export function sourcesThrough(client: KubeClient, { log, now }: ObserverOptions): (key: DeliveryKey) => Promise<DeliverySource | undefined> {
  const reader: ObservingReader = { client, finder: new ResourceFinder(client), log, facts: new RenderingFacts(client) };
  return async (key) => {
    const found = await client.get(pathOf(DELIVERY_RESOURCES[key.kind], key.namespace, key.name));
    if (!found) return undefined;
    const delivery = tidy(found);
    const context = await contextOf(reader, key.kind, delivery);
    const { source } = readDelivery(key.kind, delivery, context, [], now());
    const complete = await completeSource(reader, source, delivery, context, now());
    return complete.kind === "refused" && complete.code === "sync-window" ? source : complete;
  };
}

interface ObservingReader extends Reader {
  facts: RenderingFacts;
}

async function observe(reader: ObservingReader, key: DeliveryKey, now: Date): Promise<Observation | undefined> {
  const found = await reader.client.get(pathOf(DELIVERY_RESOURCES[key.kind], key.namespace, key.name));
  if (!found) return undefined;
  const delivery = tidy(found);
  // What it manages does not depend on the source, so both are read at once.
  const parts = await managedOf(reader, key.kind, delivery, now);
  const [context, objects] = await Promise.all([contextOf(reader, key.kind, delivery), parts.remote ? [] : readLiveObjects(reader, parts.managed)]);
  const reading = readDelivery(key.kind, delivery, context, objects, now);
  const managed = parts.managed.map(({ ref }) => ref);
  const namespaces = parts.remote ? [] : [...new Set(managed.map((ref) => ref.namespace))].filter((namespace) => namespace !== "");
  const unwell = reading.state.kind === "failing" || reading.state.kind === "progressing" || isUnwell(objects);
  const [events, surroundings, source] = await Promise.all([
    readEvents(reader, delivery, objects, namespaces),
    unwell ? readSurroundings(reader, objects, namespaces) : [],
    unwell ? completeSource(reader, reading.source, delivery, context, now) : reading.source,
  ]);
  const { state, revisions } = reading;
  return { key, at: now, delivery, state, source, revisions, managed, objects, events, surroundings };
}

/** What only a failing delivery's source is worth: where its own manifest is, and what the cluster adds to it. */
async function completeSource({ client, facts }: ObservingReader, source: DeliverySource, delivery: KubeObject, { kustomization }: FluxContext, now: Date) {
  return withManifest(client, await facts.complete(source, delivery, now), kustomization ? tidy(kustomization) : delivery);
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
async function managedOf(reader: Reader, kind: DeliveryKind, delivery: KubeObject, now: Date): Promise<Pick<DeliveryReading, "managed" | "remote">> {
  if (kind === "Application") return readApplication(delivery, now);
  const remote = readKustomization(delivery, { repository: undefined, failingDependents: [], now }).remote;
  const inventory = inventoryOf(delivery);
  if (kind !== "HelmRelease" || inventory.length > 0 || remote) return { managed: inventory, remote };
  return { managed: await labelledObjects(reader, delivery), remote };
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

async function readLog({ client, log }: Reader, pod: ObjectRef, container: string, options: { previous: boolean; tailLines: number }): Promise<string> {
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
