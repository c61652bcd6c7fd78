import { readApplication } from "../../src/cluster/argocd.ts";
import type { DeliveryKind } from "../../src/cluster/delivery.ts";
import { readKustomization } from "../../src/cluster/flux.ts";
import { helmReleaseState, readHelmRelease } from "../../src/cluster/helm-release.ts";
import { type KubeObject, listAt, refOf, sameRef, textAt } from "../../src/cluster/objects.ts";
import type { Observation } from "../../src/cluster/observation.ts";
import type { DeliveryReading } from "../../src/cluster/reading.ts";
import { tidy } from "../../src/cluster/tidy.ts";
import type { Recording } from "./recording.ts";

const GROUPS: Record<DeliveryKind, string> = {
  Application: "argoproj.io/",
  Kustomization: "kustomize.toolkit.fluxcd.io/",
  HelmRelease: "helm.toolkit.fluxcd.io/",
};

/** What the cluster held, as an Observation: the cluster room's own readers, without its requests. undefined where there is no such delivery. */
export function observe(held: readonly KubeObject[], kind: DeliveryKind, at: Date): Observation | undefined {
  const all = held.map(tidied);
  const delivery = all.find((object) => object.kind === kind && object.apiVersion.startsWith(GROUPS[kind]));
  if (!delivery) return undefined;
  const { state, source, revisions, managed } = read(kind, delivery, all, at);
  const refs = managed.map(({ ref }) => ref);
  const objects = withOwned(
    all.filter((object) => object !== delivery && refs.some((ref) => sameRef(ref, refOf(object)))),
    all,
  );
  const rest = all.filter((object) => SURROUNDINGS.has(object.kind) && !objects.includes(object));
  const { namespace, name } = refOf(delivery);
  return {
    key: { kind, namespace, name },
    at,
    delivery,
    state,
    source,
    revisions,
    managed: refs,
    objects,
    events: all.filter((o) => o.kind === "Event"),
    surroundings: rest,
  };
}

/** The end of a recording, as the delivery that its scenario created (or, for a chart, its HelmRelease) is seen. */
export function observeEnd(recording: Recording, kind: DeliveryKind = kindOf(recording)): Observation {
  const observation = observe(recording.objects, kind, endOf(recording));
  if (!observation) throw new Error(`recording ${recording.id} has no ${kind}`);
  return observation;
}

/** What the cluster held after every change since the breaking push; events and sources are seen with the next change of anything else. */
export function* replay(recording: Recording, kind: DeliveryKind = kindOf(recording)): Generator<{ seconds: number; observation: Observation }> {
  const world = new Map(recording.objects.filter((object) => object.kind === "Node").map((object) => [nameOf(object), object]));
  const start = breakAt(recording).getTime();
  for (const { seconds, type, object } of recording.sequence) {
    if (type === "DELETED") world.delete(nameOf(object));
    else world.set(nameOf(object), object);
    if (seconds < 0 || BACKGROUND.has(object.kind)) continue;
    const observation = observe([...world.values()], kind, new Date(start + seconds * 1000));
    if (observation) yield { seconds, observation };
  }
}

/** A HelmRelease, where there is one, is the delivery that fails; else the one that the scenario created. */
export function kindOf(recording: Recording): DeliveryKind {
  const has = (kind: DeliveryKind) => recording.objects.some((object) => object.kind === kind);
  return has("HelmRelease") ? "HelmRelease" : has("Application") ? "Application" : "Kustomization";
}

/** The time of the breaking push: a pod's creation (that of anything, where there was none) against the recorder's clock. */
export function breakAt(recording: Recording): Date {
  const added = recording.sequence.filter((event) => event.type === "ADDED" && textAt(event.object, "metadata", "creationTimestamp") !== "");
  const born = added.findLast((event) => event.object.kind === "Pod") ?? added.at(-1);
  if (!born) throw new Error(`recording ${recording.id} saw nothing come`);
  return new Date(Date.parse(textAt(born.object, "metadata", "creationTimestamp")) - born.seconds * 1000);
}

function endOf(recording: Recording): Date {
  return new Date(breakAt(recording).getTime() + (recording.sequence.at(-1)?.seconds ?? 0) * 1000);
}

const tidiedBefore = new WeakMap<KubeObject, KubeObject>();

function tidied(object: KubeObject): KubeObject {
  const known = tidiedBefore.get(object) ?? tidy(object);
  tidiedBefore.set(object, known);
  return known;
}

const BACKGROUND = new Set(["Event", "GitRepository", "HelmChart"]);
const SURROUNDINGS = new Set(["ConfigMap", "ResourceQuota", "LimitRange", "ServiceAccount", "PersistentVolumeClaim", "Node"]);

function read(kind: DeliveryKind, delivery: KubeObject, all: readonly KubeObject[], now: Date): DeliveryReading {
  const repository = all.find((object) => object.kind === "GitRepository");
  const kustomization = all.find((object) => object.kind === "Kustomization");
  if (kind === "Application") return readApplication(delivery, now);
  if (kind === "HelmRelease") return readHelmRelease(delivery, { kustomization, repository, now });
  const failing = all.filter((object) => object.kind === "HelmRelease" && helmReleaseState(object, now).kind === "failing").map(refOf);
  const failingDependents = failing.map(({ kind: dependent, namespace, name }) => `${dependent}/${namespace}/${name}`);
  return readKustomization(delivery, { repository, failingDependents, now });
}

/** Objects, what they own, what that owns, and the EndpointSlices of their Services. */
function withOwned(own: readonly KubeObject[], all: readonly KubeObject[]): KubeObject[] {
  const found = new Set(own);
  for (let before = -1; before < found.size; ) {
    before = found.size;
    const uids = new Set([...found].map((object) => textAt(object, "metadata", "uid")));
    for (const object of all) if (listAt(object, "metadata", "ownerReferences").some((owner) => uids.has(textAt(owner, "uid")))) found.add(object);
  }
  return [...found];
}

function nameOf(object: KubeObject): string {
  const { group, kind, namespace, name } = refOf(object);
  return `${group}/${kind}/${namespace}/${name}`;
}
