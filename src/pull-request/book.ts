/** Keeps what one page of each repository says for a short while: one reconcile after the other asks for the same. */
export class Book<Page> {
  readonly #find: (repository: string) => Promise<Page>;
  readonly #now: () => number;
  readonly #milliseconds: number;
  readonly #pages = new Map<string, { read: number; content: Promise<Page> }>();

  /** @param options.milliseconds how long a page is believed; webhooks call {@link forget} earlier */
  constructor(find: (repository: string) => Promise<Page>, options: { now: () => number; milliseconds?: number }) {
    this.#find = find;
    this.#now = options.now;
    this.#milliseconds = options.milliseconds ?? 60_000;
  }

  /** The page, read anew where it is older than `milliseconds`. A failed read is not kept. */
  of(repository: string, milliseconds = this.#milliseconds): Promise<Page> {
    const page = this.#pages.get(repository);
    if (page && page.read + milliseconds > this.#now()) return page.content;
    const content = this.#find(repository);
    this.#pages.set(repository, { read: this.#now(), content });
    content.catch(() => {
      if (this.#pages.get(repository)?.content === content) this.#pages.delete(repository);
    });
    return content;
  }

  forget(repository: string): void {
    this.#pages.delete(repository);
  }
}
