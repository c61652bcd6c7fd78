/** Keeps values that never change (git objects), the most recently used ones, within a budget of bytes. */
export interface ByteCache<T> {
  /** The kept value, or what `load` gives. Several callers of one key wait for one load; a failed load is not kept. */
  get(key: string, load: () => Promise<{ value: T; bytes: number }>): Promise<T>;
  /** Whether a value is kept now. */
  has(key: string): boolean;
}

/** @param maxBytes what all values may take together; a single value above a quarter of it is never kept */
export function createByteCache<T>(maxBytes: number): ByteCache<T> {
  const kept = new Map<string, { value: T; bytes: number }>();
  const loading = new Map<string, Promise<T>>();
  let used = 0;

  function keep(key: string, entry: { value: T; bytes: number }): void {
    if (entry.bytes > maxBytes / 4) return;
    kept.set(key, entry);
    used += entry.bytes;
    for (const [oldest, { bytes }] of kept) {
      if (used <= maxBytes) return;
      kept.delete(oldest);
      used -= bytes;
    }
  }

  async function loadOnce(key: string, load: () => Promise<{ value: T; bytes: number }>): Promise<T> {
    try {
      const entry = await load();
      keep(key, entry);
      return entry.value;
    } finally {
      loading.delete(key);
    }
  }

  return {
    has: (key) => kept.has(key),
    async get(key, load) {
      const hit = kept.get(key);
      if (hit) {
        // A Map iterates in the order of insertion: inserted again, the entry is the youngest.
        kept.delete(key);
        kept.set(key, hit);
        return hit.value;
      }
      const waiting = loading.get(key) ?? Promise.resolve().then(() => loadOnce(key, load));
      loading.set(key, waiting);
      return waiting;
    },
  };
}
