import { AutofixError } from "../errors.ts";
import type { Reader } from "./live-objects.ts";
import { type KubeObject, refOf, textAt } from "./objects.ts";
import { known, pathOf } from "./resources.ts";
import { tidy } from "./tidy.ts";

/** The newest ones of a delivery; what is older tells nothing new. */
const MOST_EVENTS = 300;

/**
 * Events about the delivery, its objects, and pods of theirs that are gone already; oldest first. One list a namespace, none where they may not be read.
 * `reader`: of the cluster in which the objects live, which may be another than the delivery's.
 */
export async function readEvents(
  { hub, reader }: { hub: Reader; reader: Reader },
  delivery: KubeObject,
  objects: readonly KubeObject[],
  namespaces: readonly string[],
): Promise<KubeObject[]> {
  const own = textAt(delivery, "metadata", "namespace");
  const uid = textAt(delivery, "metadata", "uid");
  const lists = await Promise.all([
    ...namespaces.map((namespace) => listEvents(reader, namespace, {})),
    ...(reader === hub && namespaces.includes(own) ? [] : [listEvents(hub, own, { fieldSelector: `regarding.uid=${uid}` })]),
  ]);
  const uids = new Set([uid, ...objects.map((object) => textAt(object, "metadata", "uid"))]);
  const makers = makersOf(objects);
  const about = lists.flat().filter((event) => uids.has(textAt(event, "regarding", "uid")) || isGonePod(event, makers));
  return about
    .map(tidy)
    .sort((a, b) => timeOf(a) - timeOf(b))
    .slice(-MOST_EVENTS);
}

async function listEvents({ client, log }: Reader, namespace: string, query: Record<string, string>): Promise<KubeObject[]> {
  try {
    return (await client.list(pathOf(known("events.k8s.io/v1", "Event"), namespace), query)) ?? [];
  } catch (thrown) {
    if (!(thrown instanceof AutofixError) || thrown.code !== "cluster/forbidden") throw thrown;
    log.warn({ namespace }, thrown.message);
    return [];
  }
}

/** `namespace/name-` of what makes pods with random names. */
function makersOf(objects: readonly KubeObject[]): Set<string> {
  return new Set(
    objects
      .filter((object) => ["ReplicaSet", "Job", "DaemonSet"].includes(object.kind))
      .map((object) => {
        const { namespace, name } = refOf(object);
        return `${namespace}/${name}-`;
      }),
  );
}

/** A pod that was removed (a rolled back release, a recreated pod) has no UID left to go by: its name is its maker's and five random characters. */
function isGonePod(event: KubeObject, makers: ReadonlySet<string>): boolean {
  if (textAt(event, "regarding", "kind") !== "Pod") return false;
  const name = `${textAt(event, "regarding", "namespace")}/${textAt(event, "regarding", "name")}`;
  return /-[a-z0-9]{5}$/.test(name) && makers.has(name.slice(0, -5));
}

/** When it last happened, in milliseconds; the fields differ by who wrote it (events.k8s.io/v1). */
function timeOf(event: KubeObject): number {
  const text =
    textAt(event, "series", "lastObservedTime") ||
    textAt(event, "deprecatedLastTimestamp") ||
    textAt(event, "eventTime") ||
    textAt(event, "metadata", "creationTimestamp");
  const time = Date.parse(text);
  return Number.isNaN(time) ? 0 : time;
}
