import { AutofixError } from "../errors.ts";
import type { Log } from "../telemetry/log.ts";
import type { KubeClient } from "./client.ts";
import { groupOf, isObject, type KubeObject, listAt, refOf, sameRef, textAt } from "./objects.ts";
import type { ManagedObject } from "./reading.ts";
import { known, pathOf, type Resource, type ResourceFinder } from "./resources.ts";
import { tidy } from "./tidy.ts";

/** A delivery with more kinds and namespaces than this is read in part: the API server is shared. */
const MOST_COLLECTIONS = 40;

export interface Reader {
  client: KubeClient;
  finder: ResourceFinder;
  log: Log;
}

/** The managed objects that exist, and what they own: ReplicaSets, Jobs, Pods, EndpointSlices. Secrets are never asked for. */
export async function readLiveObjects(reader: Reader, managed: readonly ManagedObject[]): Promise<KubeObject[]> {
  const collections = collectionsOf(managed);
  const own = Promise.all(collections.map((collection) => readCollection(reader, collection)));
  const candidates = Promise.all(ownedCollections(managed).map(({ resource, namespace }) => reader.client.list(pathOf(resource, namespace))));
  const [live, possible] = await Promise.all([own, candidates]);
  return withOwned(live.flat().map(tidy), possible.flatMap((list) => list ?? []).map(tidy));
}

interface Collection {
  apiVersion: string;
  kind: string;
  namespace: string;
  members: ManagedObject[];
}

function collectionsOf(managed: readonly ManagedObject[]): Collection[] {
  const collections = new Map<string, Collection>();
  for (const object of managed) {
    const { group, kind, namespace } = object.ref;
    if (object.version === "" || (group === "" && kind === "Secret")) continue;
    const apiVersion = group === "" ? object.version : `${group}/${object.version}`;
    const id = `${apiVersion}/${kind}/${namespace}`;
    const collection = collections.get(id) ?? { apiVersion, kind, namespace, members: [] };
    collection.members.push(object);
    collections.set(id, collection);
  }
  return [...collections.values()].slice(0, MOST_COLLECTIONS);
}

/** One object is asked for by name, several by one list. A kind that the bot may not read is left out, unless nothing can be told without it. */
async function readCollection({ client, finder, log }: Reader, { apiVersion, kind, namespace, members }: Collection): Promise<KubeObject[]> {
  try {
    const resource = await finder.find(apiVersion, kind);
    if (!resource) return [];
    const where = resource.namespaced ? namespace : "";
    const [only] = members;
    if (members.length === 1 && only) return [await client.get(pathOf(resource, where, only.ref.name))].filter((object) => object !== undefined);
    const all = (await client.list(pathOf(resource, where))) ?? [];
    return all.filter((object) => members.some((member) => sameRef(member.ref, refOf(object))));
  } catch (thrown) {
    if (!(thrown instanceof AutofixError) || thrown.code !== "cluster/forbidden" || isWorkload(apiVersion, kind)) throw thrown;
    log.debug({ apiVersion, kind, namespace }, "a managed kind may not be read: left out");
    return [];
  }
}

const WORKLOADS = new Set(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Rollout", "Pod"]);

function isWorkload(apiVersion: string, kind: string): boolean {
  return WORKLOADS.has(kind) && ["", "apps", "batch", "argoproj.io"].includes(groupOf(apiVersion));
}

/** The collections in which owned objects have to be looked for: one list a kind and namespace, whatever the number of owners. */
function ownedCollections(managed: readonly ManagedObject[]): { resource: Resource; namespace: string }[] {
  const wanted = new Map<string, { resource: Resource; namespace: string }>();
  const want = (resource: Resource, namespace: string) => wanted.set(`${resource.plural}/${namespace}`, { resource, namespace });
  for (const { ref } of managed) {
    if (ref.namespace === "") continue;
    if (ref.kind === "Deployment" || ref.kind === "Rollout") want(known("apps/v1", "ReplicaSet"), ref.namespace);
    if (ref.kind === "CronJob") want(known("batch/v1", "Job"), ref.namespace);
    if (WORKLOADS.has(ref.kind)) want(known("v1", "Pod"), ref.namespace);
    if (ref.kind === "Service" && ref.group === "") want(known("discovery.k8s.io/v1", "EndpointSlice"), ref.namespace);
  }
  return [...wanted.values()];
}

/** Adds what is owned, directly or through others. Owners are known by UID: a name may have been given to another object since. */
function withOwned(live: readonly KubeObject[], candidates: readonly KubeObject[]): KubeObject[] {
  const found = new Map(live.map((object): [string, KubeObject] => [textAt(object, "metadata", "uid"), object]));
  for (let grown = true; grown; ) {
    grown = false;
    for (const object of candidates) {
      const uid = textAt(object, "metadata", "uid");
      if (found.has(uid) || !ownersOf(object).some((owner) => found.has(owner))) continue;
      found.set(uid, object);
      grown = true;
    }
  }
  return [...found.values()];
}

/** UIDs in `metadata.ownerReferences`. */
function ownersOf(object: KubeObject): string[] {
  return listAt(object, "metadata", "ownerReferences")
    .filter(isObject)
    .map((owner) => textAt(owner, "uid"));
}
