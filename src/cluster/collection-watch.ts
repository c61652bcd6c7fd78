import { type KubernetesListObject, type KubernetesObject, ListWatch, Watch } from "@kubernetes/client-node";
import { AutofixError, messageOf } from "../errors.ts";
import type { Log } from "../telemetry/log.ts";
import type { KubeClient } from "./client.ts";
import { isKubeObject, type Json, type KubeObject, textAt } from "./objects.ts";

/** Runs something later; the result cancels it. Injected, so that tests need not wait. */
export type Timer = (milliseconds: number, run: () => void) => () => void;

export const realTimer: Timer = (milliseconds, run) => {
  const timeout = setTimeout(run, milliseconds);
  return () => clearTimeout(timeout);
};

const SHORTEST_MILLISECONDS = 1_000;
const LONGEST_MILLISECONDS = 60_000;
/** How often a kind that is not installed, or not granted, is asked for again. */
const ABSENT_MILLISECONDS = 30_000;

export interface CollectionWatchOptions {
  client: KubeClient;
  /** Of the whole cluster: `/apis/apps/v1/deployments`. */
  path: string;
  /** Reduces an object before it is kept. */
  strip(object: KubeObject): KubeObject;
  /** Called for every object that is new, changed or gone; must not throw. */
  onEvent(type: "changed" | "deleted", object: KubeObject): void;
  timer: Timer;
  log: Log;
}

/** What client-node's informer keeps of an object. */
interface Kept extends KubernetesObject {
  object: KubeObject;
}

/** The collection's kind is not there now, or the bot may not list it: no fault, but nothing to watch either. */
class Absent extends Error {}

/**
 * Watches one collection for good: client-node's informer survives the end of a connection and 410 Gone by itself and gives up on any other error, so it is
 * started again here, later each time. A kind that is not installed is asked for now and then; both are logged once, not with every try.
 */
export class CollectionWatch {
  readonly #options: CollectionWatchOptions;
  readonly #watch: StrippingWatch;
  readonly #informer: ListWatch<Kept>;
  readonly #cancels = new Set<() => void>();
  #failures = 0;
  #complained = false;
  #stopped = false;

  constructor(options: CollectionWatchOptions) {
    this.#options = options;
    this.#watch = new StrippingWatch(options, () => this.#worked());
    this.#informer = new ListWatch<Kept>(options.path, this.#watch, () => this.#list(), false, undefined, undefined, {
      delayFn: (milliseconds) => new Promise((done) => this.#later(milliseconds, done)),
    });
    this.#informer.on("add", ({ object }) => this.#tell("changed", object));
    this.#informer.on("update", ({ object }) => this.#tell("changed", object));
    this.#informer.on("delete", ({ object }) => this.#tell("deleted", object));
    this.#informer.on("error", (error) => this.#failed(error));
  }

  start(): void {
    if (this.#stopped) return;
    this.#informer.start().catch((thrown: unknown) => this.#failed(thrown));
  }

  /** Ends the connection; nothing is told any more after that. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cancel of this.#cancels) cancel();
    this.#watch.close();
    await this.#informer.stop();
  }

  async #list(): Promise<KubernetesListObject<Kept>> {
    const { client, path, strip } = this.#options;
    let listing: Awaited<ReturnType<KubeClient["listing"]>>;
    try {
      listing = await client.listing(path);
    } catch (thrown) {
      if (thrown instanceof AutofixError && thrown.code === "cluster/forbidden") throw new Absent(thrown.message);
      throw thrown;
    }
    if (!listing) throw new Absent("this kind is not installed in the cluster");
    this.#worked();
    return { metadata: { resourceVersion: listing.resourceVersion }, items: listing.items.map((object) => kept(strip(object))) };
  }

  #tell(type: "changed" | "deleted", object: KubeObject): void {
    if (!this.#stopped) this.#options.onEvent(type, object);
  }

  #worked(): void {
    if (this.#complained) this.#options.log.info({ path: this.#options.path }, "watching again");
    this.#failures = 0;
    this.#complained = false;
  }

  #failed(thrown: unknown): void {
    if (this.#stopped) return;
    const absent = thrown instanceof Absent || statusOf(thrown) === 404;
    const delay = absent ? ABSENT_MILLISECONDS : Math.min(SHORTEST_MILLISECONDS * 2 ** this.#failures, LONGEST_MILLISECONDS);
    this.#failures++;
    const { log, path } = this.#options;
    const fields = { path, error: messageOf(thrown), milliseconds: delay };
    if (this.#complained) log.debug(fields, "still not watching");
    else if (absent) log.info(fields, "not watching: the kind is not there or not granted; it is looked for from time to time");
    else log.warn(fields, "the watch broke; it is started again");
    this.#complained = true;
    this.#later(delay, () => this.start());
  }

  #later(milliseconds: number, run: () => void): void {
    const cancel = this.#options.timer(milliseconds, () => {
      this.#cancels.delete(cancel);
      run();
    });
    this.#cancels.add(cancel);
  }
}

/** client-node's Watch, which hands on reduced objects, never rejects (the informer does not catch that), and can be closed while it is connecting. */
class StrippingWatch extends Watch {
  readonly #strip: (object: KubeObject) => KubeObject;
  readonly #worked: () => void;
  readonly #open = new Set<AbortController>();
  #closed = false;

  constructor({ client, strip }: CollectionWatchOptions, worked: () => void) {
    super(client.config);
    this.#strip = strip;
    this.#worked = worked;
  }

  override async watch(...[path, query, callback, done]: Parameters<Watch["watch"]>): Promise<AbortController> {
    const nothing = new AbortController();
    if (this.#closed) return nothing;
    const received = (phase: string, received: Json, whole?: Json) => {
      this.#worked();
      callback(phase, phase === "ADDED" || phase === "MODIFIED" || phase === "DELETED" ? this.#reduce(received) : received, whole);
    };
    const ended = (error: unknown) => {
      // A connection that was ended in order, or was quiet for long, had been there.
      if (!error || (error instanceof Error && error.name === "TimeoutError")) this.#worked();
      done(error);
    };
    try {
      const controller = await super.watch(path, { ...query, allowWatchBookmarks: true }, received, ended);
      if (this.#closed) controller.abort();
      this.#open.add(controller);
      controller.signal.addEventListener("abort", () => this.#open.delete(controller));
      return controller;
    } catch (thrown) {
      done(thrown);
      return nothing;
    }
  }

  close(): void {
    this.#closed = true;
    for (const controller of this.#open) controller.abort();
  }

  #reduce(received: Json): Kept {
    return kept(isKubeObject(received) ? this.#strip(received) : { apiVersion: "", kind: "", metadata: {} });
  }
}

function kept(object: KubeObject): Kept {
  const metadata = {
    name: textAt(object, "metadata", "name"),
    namespace: textAt(object, "metadata", "namespace"),
    resourceVersion: textAt(object, "metadata", "resourceVersion"),
  };
  return { apiVersion: object.apiVersion, kind: object.kind, metadata, object };
}

/** Watch puts the HTTP status of a refused request on its error. */
function statusOf(thrown: unknown): number | undefined {
  return thrown instanceof Error && "statusCode" in thrown && typeof thrown.statusCode === "number" ? thrown.statusCode : undefined;
}
