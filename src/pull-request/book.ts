/** Keeps one list for each repository for a short while: one reconcile after the other asks for the same. */
export class Book<Entry> {
  readonly #find: (repository: string) => Promise<Entry[]>;
  readonly #now: () => number;
  readonly #milliseconds: number;
  readonly #pages = new Map<string, { read: number; entries: Promise<Entry[]> }>();

  /** @param options.milliseconds how long a list is believed; webhooks call {@link forget} earlier */
  constructor(find: (repository: string) => Promise<Entry[]>, options: { now: () => number; milliseconds?: number }) {
    this.#find = find;
    this.#now = options.now;
    this.#milliseconds = options.milliseconds ?? 60_000;
  }

  /** The list, read anew where it is older than `milliseconds`. A failed read is not kept. */
  of(repository: string, milliseconds = this.#milliseconds): Promise<Entry[]> {
    const page = this.#pages.get(repository);
    if (page && page.read + milliseconds > this.#now()) return page.entries;
    const entries = this.#find(repository);
    this.#pages.set(repository, { read: this.#now(), entries });
    entries.catch(() => {
      if (this.#pages.get(repository)?.entries === entries) this.#pages.delete(repository);
    });
    return entries;
  }

  forget(repository: string): void {
    this.#pages.delete(repository);
  }
}
