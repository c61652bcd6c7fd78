import { type KubeObject, refOf } from "../../../src/cluster/objects.ts";

export interface WatchEvent {
  type: "ADDED" | "MODIFIED" | "DELETED";
  object: KubeObject;
}

interface StoredEvent extends WatchEvent {
  version: number;
}

/** The objects of the cluster with a history of changes, as etcd keeps them. Versions are the store's own: recorded ones mean nothing here. */
export class ObjectStore {
  readonly #objects = new Map<string, KubeObject>();
  readonly #history: StoredEvent[] = [];
  readonly #listeners = new Set<(event: WatchEvent) => void>();
  #version = 1000;
  #oldest = 1000;

  get version(): number {
    return this.#version;
  }

  all(): KubeObject[] {
    return [...this.#objects.values()];
  }

  /** Stores an object (or removes it) and tells the watches. What the type says about new or known is corrected. */
  apply({ type, object }: WatchEvent): void {
    const id = idOf(object);
    const known = this.#objects.has(id);
    if (type === "DELETED" && !known) return;
    this.#version++;
    const stored: KubeObject = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
    if (type === "DELETED") this.#objects.delete(id);
    else this.#objects.set(id, stored);
    const event: StoredEvent = { type: type === "DELETED" ? "DELETED" : known ? "MODIFIED" : "ADDED", object: stored, version: this.#version };
    this.#history.push(event);
    for (const listener of this.#listeners) listener(event);
  }

  /** Makes the objects exactly these. */
  set(objects: readonly KubeObject[]): void {
    const wanted = new Set(objects.map(idOf));
    for (const [id, object] of [...this.#objects]) if (!wanted.has(id)) this.apply({ type: "DELETED", object });
    for (const object of objects) this.apply({ type: "MODIFIED", object });
  }

  /** Changes after a version, or undefined where they are no longer kept. */
  since(version: number): WatchEvent[] | undefined {
    return version < this.#oldest ? undefined : this.#history.filter((event) => event.version > version);
  }

  /** Forgets the history, as etcd's compaction does. */
  compact(): void {
    this.#version++;
    this.#oldest = this.#version;
    this.#history.length = 0;
  }

  onChange(listener: (event: WatchEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function idOf(object: KubeObject): string {
  const { namespace, name } = refOf(object);
  return `${object.apiVersion}/${object.kind}/${namespace}/${name}`;
}
