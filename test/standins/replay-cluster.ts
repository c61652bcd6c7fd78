import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import { type Reply, replyTo } from "./replay/api.ts";
import { isCustom, KINDS } from "./replay/kinds.ts";
import { ObjectStore, type WatchEvent } from "./replay/store.ts";
import { newestTime, shiftTimes } from "./replay/texts.ts";

export interface ReplayOptions {
  objects?: readonly KubeObject[];
  /** By `POD.CONTAINER` or `POD.CONTAINER.previous`, every line with its time. */
  logs?: Readonly<Record<string, string>>;
  /** Moves all times so that this recorded one (true: the newest in objects and logs) becomes the present. */
  shiftTime?: true | Date;
  /** Texts replaced everywhere in objects, such as the URL of a repository. */
  rewrite?: readonly (readonly [from: string, to: string])[];
  /** The custom kinds that are installed (Application …); all by default. */
  kinds?: readonly string[];
  /** Plurals that the client may not read: 403. */
  forbidden?: readonly string[];
  /** `/openapi/v3` documents by group and version, such as `apis/argoproj.io/v1alpha1`. */
  openApi?: Readonly<Record<string, JsonObject>>;
  /** Why a dry run of an object fails, or undefined where it is accepted. Without this nothing but reading is answered. */
  tries?(object: KubeObject): string | undefined;
}

export interface ReplayRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  contentType: string;
  body: string;
}

export interface PlayOptions {
  /** Seconds of the recording after which to stop. */
  until?: number;
  /** How many times faster than it was recorded; undefined: all at once. */
  speed?: number;
}

/** A stand-in for a cluster: speaks as much of the Kubernetes API as reading clients need, over real HTTP. */
export interface ReplayCluster {
  readonly url: string;
  /** Path of a kubeconfig file that leads here. */
  readonly kubeconfig: string;
  readonly requests: readonly ReplayRequest[];
  apply(event: WatchEvent): void;
  set(objects: readonly KubeObject[]): void;
  setLogs(logs: Readonly<Record<string, string>>): void;
  play(sequence: readonly (WatchEvent & { seconds: number })[], options?: PlayOptions): Promise<void>;
  /** Installs a custom kind that was missing. */
  install(kind: string): void;
  /** Cuts every open connection. */
  dropConnections(): void;
  /** Forgets old versions: open watches end with 410, and so do those that go on from an old version. */
  expire(): void;
  /** Stops answering, and breaks every connection, until `resume`. */
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

export async function startReplayCluster(options: ReplayOptions = {}): Promise<ReplayCluster> {
  const store = new ObjectStore();
  const served = new Set(KINDS.filter((kind) => !isCustom(kind) || !options.kinds || options.kinds.includes(kind.kind)));
  const end = options.shiftTime === true ? newestTime([options.objects, options.logs]) : options.shiftTime;
  const seconds = end ? Math.round((Date.now() - end.getTime()) / 1000) : 0;
  const translate = (text: string) => (options.rewrite ?? []).reduce((now, [from, to]) => now.replaceAll(from, to), shiftTimes(text, seconds));
  const moved = (object: KubeObject): KubeObject => JSON.parse(translate(JSON.stringify(object)));
  const requests: ReplayRequest[] = [];
  const streams = new Set<ServerResponse>();
  const timers = new Set<NodeJS.Timeout>();
  let logs = options.logs ?? {};
  store.set((options.objects ?? []).map(moved));

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://replay");
    const { method = "", headers } = request;
    const body = await textOf(request);
    requests.push({ method, path: url.pathname, query: Object.fromEntries(url.searchParams), contentType: headers["content-type"] ?? "", body });
    const state = { store, served, forbidden: options.forbidden ?? [], logs, openApi: options.openApi ?? {}, tries: options.tries };
    const reply = replyTo(state, method, url, body);
    if (reply.kind === "watch") stream(reply, response);
    else if (reply.kind === "text") response.writeHead(200, { "content-type": "text/plain" }).end(translate(reply.text));
    else response.writeHead(reply.code, { "content-type": "application/json" }).end(JSON.stringify(reply.body));
  });

  function stream({ missed, isWanted }: Extract<Reply, { kind: "watch" }>, response: ServerResponse): void {
    response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
    const send = (event: WatchEvent) => response.write(`${JSON.stringify({ type: event.type, object: event.object })}\n`);
    for (const event of missed) send(event);
    const stopListening = store.onChange((event) => {
      if (isWanted(event.object) && !response.writableEnded) send(event);
    });
    streams.add(response);
    response.on("close", () => {
      stopListening();
      streams.delete(response);
    });
  }

  // It keeps its port while it is away: another server would be given it meanwhile.
  let isAway = false;
  server.on("connection", (socket) => {
    if (isAway) socket.destroy();
  });
  const wait = (milliseconds: number) =>
    new Promise<void>((done) => {
      const timer = setTimeout(done, milliseconds);
      timers.add(timer);
    });

  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const folder = mkdtempSync(join(tmpdir(), "replay-cluster-"));
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, kubeconfigFor(`http://127.0.0.1:${port}`));

  return {
    url: `http://127.0.0.1:${port}`,
    kubeconfig,
    requests,
    apply: ({ type, object }) => store.apply({ type, object: moved(object) }),
    set: (objects) => store.set(objects.map(moved)),
    setLogs: (now) => {
      logs = now;
    },
    play: async (sequence, { until = Number.POSITIVE_INFINITY, speed } = {}) => {
      let clock = sequence[0]?.seconds ?? 0;
      for (const event of sequence) {
        if (event.seconds > until) break;
        if (speed !== undefined && event.seconds > clock) await wait(((event.seconds - clock) * 1000) / speed);
        clock = event.seconds;
        store.apply({ type: event.type, object: moved(event.object) });
      }
    },
    install: (name) => {
      for (const kind of KINDS) if (kind.kind === name) served.add(kind);
    },
    dropConnections: () => server.closeAllConnections(),
    expire: () => {
      store.compact();
      const gone = { type: "ERROR", object: { kind: "Status", apiVersion: "v1", status: "Failure", reason: "Expired", code: 410 } };
      for (const stream of streams) stream.end(`${JSON.stringify(gone)}\n`);
    },
    pause: () => {
      isAway = true;
      server.closeAllConnections();
    },
    resume: () => {
      isAway = false;
    },
    close: async () => {
      for (const timer of timers) clearTimeout(timer);
      await new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function kubeconfigFor(server: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "replay", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "nobody", user: {} }],
    contexts: [{ name: "replay", context: { cluster: "replay", user: "nobody" } }],
    "current-context": "replay",
  });
}
