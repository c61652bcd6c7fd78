import type { DeliveryKey, DeliverySource, DeliveryState } from "./delivery.ts";
import type { KubeObject, ObjectRef } from "./objects.ts";
import type { Revisions } from "./reading.ts";
import type { SchemaBook } from "./schema-errors.ts";

/** What the cluster says about one delivery now. Read only, and never kept: every reconcile reads it afresh. */
export interface Observation {
  key: DeliveryKey;
  at: Date;
  delivery: KubeObject;
  state: DeliveryState;
  source: DeliverySource;
  /**
   * Full SHAs (40 hex) where the tool names them: the commit it tries to deliver, and the newest other one that it delivered before. Never the same two:
   * a delivery that calls itself healthy may have a broken workload. Argo CD records that a revision was synced, not that it became healthy.
   * `earlier`: all that were delivered before, newest first; `lastGood` is the first of them.
   */
  revisions: Revisions;
  /** Objects that the delivery manages, as its status lists them, whether or not they exist. */
  managed: ObjectRef[];
  /** Live objects: the managed ones that could be read, and what they own (ReplicaSets, Pods, Jobs), EndpointSlices of managed Services. */
  objects: KubeObject[];
  /** Events (events.k8s.io/v1 shape) about the delivery, the managed objects and what they own; newest last. */
  events: KubeObject[];
  /** Other objects of the same namespaces that explain failures: ConfigMaps (names and keys, never Secrets), quotas, limit ranges, service accounts, claims, nodes. */
  surroundings: KubeObject[];
  /** Set where the delivery deploys to another cluster that is known: its name in AUTOFIX_CLUSTERS, for {@link Cluster.logs}. */
  on?: string;
  /** Set where the delivery deploys to another cluster that is not known, so that only its own status can be seen: what that cluster is called. */
  unseen?: string;
  /** Set where something is only remembered: see evidence/keepsake.ts. */
  remembered?: Remembered;
}

/** What was seen earlier while this delivery failed, and is gone now. */
export interface Remembered {
  /** When each object that is only remembered was last seen, by UID. Such objects are among the observation's `objects`, and live nowhere any more. */
  seen: ReadonlyMap<string, Date>;
  /** What made them and is there still, but not as it was while they failed, by UID: a StatefulSet or DaemonSet that Helm put back. */
  failed: ReadonlyMap<string, KubeObject>;
  /** What the delivery said of its failure earlier, and no longer says; oldest first, untrusted text. */
  said: readonly { at: Date; text: string }[];
}

/** A delivery's source with all that decides what it renders, and the cluster that it is for: for who renders a change that nobody applied yet. */
export type Origin = Pick<Observation, "source" | "on" | "unseen">;

export interface LogOptions {
  previous: boolean;
  tailLines: number;
  on?: string | undefined;
}

/** Reads the cluster; the only way that the rest of the program sees it. There is no write method, on purpose. */
export interface Cluster {
  /** The delivery and everything around it, or undefined when it does not exist (any more). */
  observe(key: DeliveryKey): Promise<Observation | undefined>;
  /** Where a delivery comes from, well or not, or undefined when it does not exist (any more). That nothing is synced now does not count here. */
  origin(key: DeliveryKey): Promise<Origin | undefined>;
  /** Every delivery that exists now, of the kinds whose CRDs are installed. */
  deliveries(): Promise<DeliveryKey[]>;
  /** The last `tailLines` lines of one container's log with timestamps; "" where there is none. Never throws for a missing pod. `on`: the observation's. */
  logs(pod: ObjectRef, container: string, options: LogOptions): Promise<string>;
  /** The schemas of the kinds of these objects in the cluster where a delivery's objects live; undefined where it cannot be asked. Never throws. */
  schemas(objects: readonly KubeObject[], where: Pick<Observation, "on" | "unseen">): Promise<SchemaBook | undefined>;
}
