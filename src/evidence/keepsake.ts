import { type DeliveryKey, formatKey } from "../cluster/delivery.ts";
import { type KubeObject, type ObjectRef, refOf, textAt } from "../cluster/objects.ts";
import type { Cluster, Observation, Remembered } from "../cluster/observation.ts";
import { symptomsOf } from "../incident/symptoms.ts";
import { isDeleting, isOfCurrentRevision, isOwnedBy, isPutBack, type WorkloadView, workloadsOf } from "../incident/workload-view.ts";
import { keepHeadAndTail } from "./budget.ts";
import { earlierWords, type Kept, type KeptLog, troublesNow } from "./keepsake-items.ts";
import { redact } from "./redact.ts";

/** Bounds of what is kept of one delivery; `bytes` are UTF-8 of JSON. */
export interface KeepsakeBounds {
  bytes: number;
  items: number;
  /** Milliseconds after which something seen is too old to explain anything. */
  age: number;
  deliveries: number;
}

const BOUNDS: KeepsakeBounds = { bytes: 512_000, items: 120, age: 6 * 3_600_000, deliveries: 200 };
/** Logs asked for with one look, and kept of one container: each is a request. */
const LOGS_A_LOOK = 4;
const LOG_BYTES = 16_000;
const TAIL_LINES = 200;

/**
 * What was seen while a delivery failed, in memory, until it is healthy: pods that Helm takes away with a rollback, their logs and events, Jobs that are
 * deleted. Lost with a restart, which the evidence then says (its gaps). Bounded by bytes, items and age for each delivery.
 */
export class Keepsake {
  readonly #now: () => Date;
  readonly #bounds: KeepsakeBounds;
  readonly #deliveries = new Map<string, Map<string, Kept>>();

  constructor(now: () => Date, bounds: KeepsakeBounds = BOUNDS) {
    this.#now = now;
    this.#bounds = bounds;
  }

  forget(key: DeliveryKey): void {
    this.#deliveries.delete(formatKey(key));
  }

  /** Keeps what fails now; forgets everything where nothing does. `logs` is asked once for each container that ended badly. */
  async keep(live: Observation, logs: Cluster["logs"]): Promise<void> {
    const name = formatKey(live.key);
    const isWell = live.state.kind === "healthy" && symptomsOf(live).length === 0;
    if (isWell) {
      this.forget(live.key);
      return;
    }
    const known = this.#deliveries.get(name) ?? new Map<string, Kept>();
    const { items, ended } = troublesNow(live);
    if (items.length > 0) this.#deliveries.set(name, known);
    for (const item of items) put(known, item);
    const missing = ended.filter(({ id, restarts }) => isWorthAsking(known.get(id), restarts)).slice(0, LOGS_A_LOOK);
    const read = missing.map(async ({ id, pod, container, previous, restarts }): Promise<KeptLog> => {
      const text = await logs(refOf(pod), container, { previous, tailLines: TAIL_LINES, on: live.on }).catch(() => "");
      return { kind: "log", id, at: this.#now(), restarts, text: keepHeadAndTail(redact(text).text, LOG_BYTES) };
    });
    for (const log of await Promise.all(read)) put(known, log);
    this.#bound(known);
    for (const oldest of this.#deliveries.keys()) {
      if (this.#deliveries.size <= this.#bounds.deliveries) break;
      this.#deliveries.delete(oldest);
    }
  }

  /** The observation with what explains its failure and is gone from the cluster. */
  recall(live: Observation): Observation {
    const known = [...(this.#deliveries.get(formatKey(live.key))?.values() ?? [])];
    if (known.length === 0) return live;
    const gone = goneObjects(live, known);
    const said = earlierWords(live, known);
    if (gone.length === 0 && said.length === 0) return live;
    const seen = new Map(gone.map(({ id, at }) => [id, at]));
    const objects = [...live.objects.filter((object) => !seen.has(uidOf(object))), ...gone.map(({ object }) => object)];
    const uids = new Set(objects.map(uidOf));
    const there = new Set(live.events.map(uidOf));
    const events = known.flatMap((item) =>
      item.kind === "event" && !there.has(uidOf(item.object)) && uids.has(textAt(item.object, "regarding", "uid")) ? [item.object] : [],
    );
    const remembered: Remembered = { seen, failed: asTheyFailed(live, known), said };
    return { ...live, objects, events: [...events, ...live.events], remembered };
  }

  /** The log that was read when a container ended badly; "" where none was. */
  log(pod: ObjectRef, container: string): string {
    for (const known of this.#deliveries.values()) {
      const kept = [...known.values()].find((item) => item.kind === "object" && isNamed(item.object, pod));
      const log = kept && known.get(`${kept.id}/${container}`);
      if (log?.kind === "log") return log.text;
    }
    return "";
  }

  #bound(known: Map<string, Kept>): void {
    const oldest = this.#now().getTime() - this.#bounds.age;
    for (const [id, { at }] of known) if (at.getTime() < oldest) known.delete(id);
    let bytes = [...known.values()].reduce((sum, item) => sum + sizeOf(item), 0);
    for (const [id, item] of known) {
      if (known.size <= this.#bounds.items && bytes <= this.#bounds.bytes) break;
      bytes -= sizeOf(item);
      known.delete(id);
    }
  }
}

/** A cluster that remembers: what `observe` shows of a failing delivery holds what went away since it began to fail, and so do `logs`. */
export function remembering(cluster: Cluster, keepsake: Keepsake): Cluster {
  return {
    deliveries: () => cluster.deliveries(),
    origin: (key) => cluster.origin(key),
    schemas: (objects, where) => cluster.schemas(objects, where),
    async observe(key) {
      const live = await cluster.observe(key);
      if (!live) {
        keepsake.forget(key);
        return undefined;
      }
      await keepsake.keep(live, (pod, container, options) => cluster.logs(pod, container, options));
      return keepsake.recall(live);
    },
    async logs(pod, container, options) {
      return (await cluster.logs(pod, container, options)) || keepsake.log(pod, container);
    },
  };
}

/** Newest last, so that the oldest goes first. A pod that only was not ready yet does not replace how it failed. */
function put(known: Map<string, Kept>, item: Kept): void {
  const before = known.get(item.id);
  if (before?.kind === "object" && item.kind === "object" && item.telling < before.telling) return;
  known.delete(item.id);
  known.set(item.id, item);
}

/** Once a container, and again after the next end only where there was nothing to read. */
function isWorthAsking(known: Kept | undefined, restarts: number): boolean {
  return known === undefined || (known.kind === "log" && known.text === "" && known.restarts !== restarts);
}

const sizes = new WeakMap<Kept, number>();

function sizeOf(item: Kept): number {
  const size = sizes.get(item) ?? Buffer.byteLength(JSON.stringify(item));
  sizes.set(item, size);
  return size;
}

type KeptObject = Extract<Kept, { kind: "object" }>;

/**
 * What of the kept objects explains the failure as it is now: pods of a revision that Helm took back, or of a Job that failed; all of a release that Helm
 * uninstalled again. Pods of anything else went for a reason of their own.
 */
function goneObjects(live: Observation, known: readonly Kept[]): KeptObject[] {
  const there = new Set(live.objects.filter((object) => !isDeleting(object)).map(uidOf));
  const gone = known.filter((item): item is KeptObject => item.kind === "object" && !there.has(item.id));
  const views = workloadsOf(live);
  if (live.key.kind === "HelmRelease" && live.state.kind === "failing" && views.length === 0) return gone;
  const makers = views.filter(hasLostPods).flatMap(({ maker }) => maker ?? []);
  const putBack = views.map(({ object }) => object).filter((object) => isPutBack(live, object));
  const isLost = (pod: KubeObject) =>
    makers.some((maker) => isOwnedBy(pod, maker)) || putBack.some((owner) => isOwnedBy(pod, owner) && !isOfCurrentRevision(owner, pod));
  return gone.filter(({ object }) => object.kind === "Pod" && isLost(object));
}

/** What Helm put back, as it was while its pods failed. */
function asTheyFailed(live: Observation, known: readonly Kept[]): Map<string, KubeObject> {
  const there = new Set(live.objects.filter((object) => isPutBack(live, object)).map(uidOf));
  return new Map(known.flatMap((item) => (item.kind === "object" && there.has(item.id) ? [[item.id, item.object]] : [])));
}

function hasLostPods({ rolledBack, maker, pods }: WorkloadView): boolean {
  return pods.length === 0 && (rolledBack || maker?.kind === "Job");
}

function isNamed(object: KubeObject, { kind, namespace, name }: ObjectRef): boolean {
  const ref = refOf(object);
  return ref.kind === kind && ref.namespace === namespace && ref.name === name;
}

function uidOf(object: KubeObject): string {
  return textAt(object, "metadata", "uid");
}
