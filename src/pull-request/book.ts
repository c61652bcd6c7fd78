/** While nothing fails, what GitHub held this long ago is believed: hundreds of healthy deliveries must not use up the rate limit. Milliseconds. */
export const QUIET = 30 * 60_000;

/** Keeps what was found in each repository for a short while: one reconcile after the other asks for the same. */
export class Book<Found> {
  readonly #find: (repository: string) => Promise<Found>;
  readonly #now: () => number;
  readonly #milliseconds: number;
  readonly #pages = new Map<string, { read: number; found: Promise<Found> }>();

  /** @param options.milliseconds how long it is believed; webhooks call {@link forget} earlier */
  constructor(find: (repository: string) => Promise<Found>, options: { now: () => number; milliseconds?: number }) {
    this.#find = find;
    this.#now = options.now;
    this.#milliseconds = options.milliseconds ?? 60_000;
  }

  /** What is there, read anew where it is older than `milliseconds`. A failed read is not kept. */
  of(repository: string, milliseconds = this.#milliseconds): Promise<Found> {
    const page = this.#pages.get(repository);
    if (page && page.read + milliseconds > this.#now()) return page.found;
    const found = this.#find(repository);
    this.#pages.set(repository, { read: this.#now(), found });
    found.catch(() => {
      if (this.#pages.get(repository)?.found === found) this.#pages.delete(repository);
    });
    return found;
  }

  forget(repository: string): void {
    this.#pages.delete(repository);
  }

  /** What was read last, however long ago; undefined where nothing was, or where it was forgotten. */
  async known(repository: string): Promise<Found | undefined> {
    return this.#pages.get(repository)?.found.catch(() => undefined);
  }
}
