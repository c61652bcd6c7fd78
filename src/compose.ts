import { type DestinationStream, pino } from "pino";
import { Probot, Server } from "probot";
import { autofixApp } from "./app.ts";
import { connect } from "./cluster/client.ts";
import type { DeliveryKey } from "./cluster/delivery.ts";
import type { Cluster } from "./cluster/observation.ts";
import { clusterThrough } from "./cluster/observe.ts";
import { remoteClusters } from "./cluster/remote-clusters.ts";
import { watchCluster } from "./cluster/watch.ts";
import type { AppConfig } from "./config/operator.ts";
import { logEnding, soonest } from "./ending-report.ts";
import { Keepsake, remembering } from "./evidence/keepsake.ts";
import { redactFields } from "./evidence/redact-fields.ts";
import { connectGitHub, type GitHubSide } from "./github-side.ts";
import { Memory } from "./memory.ts";
import { createNeighbours, createRepairParts, createWorkspaces } from "./parts.ts";
import { lookAtProposal, type ProposalParts, unseenProposals } from "./proposal.ts";
import { createKeyedQueue } from "./queue/keyed-queue.ts";
import type { Outcome } from "./queue/queue.ts";
import { Turns } from "./queue/turns.ts";
import { type Ending, type ReconcileParts, reconcile } from "./reconcile.ts";
import { refuseUnknownWords, SETTINGS_SCHEMA } from "./settings.ts";
import { tellOfSettings } from "./settings-watch.ts";
import type { Opener } from "./source/open.ts";
import { startSweep } from "./sweep.ts";
import { freePort } from "./web/free-port.ts";
import { healthHandler } from "./web/health.ts";
import { schemaHandler } from "./web/schema.ts";
import { webhookSink } from "./webhook-sink.ts";
import { formatWork, parseWork, type Work } from "./work.ts";

export interface Seams {
  /** PEM text of the App's key. */
  privateKey: string;
  /** A per-user folder that may hold kubectl and helm. */
  rendererCache?: string;
  /** GitHub's spacing of writes; a stand-in has no limits to keep. */
  throttle?: boolean;
  /** Milliseconds for which a repository's list of what is ours is believed without asking again. */
  believeMilliseconds?: number;
  /** Milliseconds since the epoch, for all that depends on the time; the system's clock unless given. */
  clock?(): number;
  /** Where log lines go; standard output unless given. */
  logs?: DestinationStream;
  /** Told how each look at a delivery ended. */
  onEnding?(key: DeliveryKey, ending: Ending): void;
}

/** The running App. */
export interface Running {
  /** `http://HOST:PORT`. */
  url: string;
  webhookUrl: string;
  /** Looks at a delivery now. */
  look(key: DeliveryKey): void;
  /** Takes no new work, lets what runs end, then closes connections. */
  stop(): Promise<void>;
}

/** Puts the parts together and starts them: the same for production, the demo and the tests. */
export async function startAutofix(config: AppConfig, seams: Seams): Promise<Running> {
  refuseUnknownWords(config);
  const log = pino({ name: "kube-autofix", level: config.logLevel, formatters: { log: redactFields } }, seams.logs);
  const clock = seams.clock ?? Date.now;
  const now = () => new Date(clock());
  const stopping = new AbortController();
  const client = connect(config.kubeconfig, config.kubeContext);
  const remotes = remoteClusters(config.clusters, config.kubeconfig);
  const cluster = remembering(clusterThrough(client, { log, now, remotes }), new Keepsake(now));
  const github = connectGitHub(config, { ...seams, clock, log });
  const neighbours = createNeighbours(client, cluster, Date.now);
  const workspace = createWorkspaces({ ...config, ...(seams.rendererCache ? { cache: seams.rendererCache } : {}) }, neighbours);
  const parts = reconcileParts(config, { github, cluster, workspace, clock, signal: stopping.signal });
  const homesOf = async () =>
    (await neighbours.deliveries()).flatMap((one) => (one.source.kind === "git" ? [{ ...one, home: github.nameOf(one.source.url) }] : []));
  const proposals: ProposalParts = {
    cluster,
    operator: config,
    settings: github.settings,
    workspace,
    deliveriesOf: async (repository) => (await homesOf()).filter(({ home }) => home?.toLowerCase() === repository.toLowerCase()),
  };

  const queue = createKeyedQueue({
    log,
    concurrency: config.concurrency,
    async handle(text): Promise<Outcome> {
      const work = parseWork(text);
      if (work?.kind !== "delivery") return handleRepository(work);
      const endings = await reconcile(work.key, parts);
      for (const ending of endings) {
        seams.onEnding?.(work.key, ending);
        logEnding(log, work.key, ending);
      }
      return soonest(endings);
    },
  });
  const enqueue = (work: Work) => queue.add(formatWork(work));
  const look = (key: DeliveryKey) => enqueue({ kind: "delivery", key });

  async function handleRepository(work: Exclude<Work, { kind: "delivery" }> | undefined): Promise<Outcome> {
    const home = await github.homeOf(work?.repository);
    if (home && work?.kind === "settings") await tellOfSettings(parts, home, await github.settings.of(home.repository));
    if (home && work?.kind === "pull") await lookAtProposal(proposals, { home, repository: github.repositoryAt(home) }, work);
    if (home && work?.kind === "pulls") for (const pull of await unseenProposals(proposals, home)) enqueue({ ...work, kind: "pull", pull, asked: false });
    return { again: "when-something-happens" };
  }

  async function lookAtAll(isFirst: boolean): Promise<void> {
    for (const key of await cluster.deliveries()) look(key);
    if (isFirst) for (const { home } of await homesOf()) if (home) enqueue({ kind: "pulls", repository: home });
  }

  let [isSynced, draining] = [() => false, false];
  const { host, port } = config.server;
  const server = new Server({
    Probot: Probot.defaults({ appId: config.appId, privateKey: seams.privateKey, secret: config.webhookSecret, baseUrl: config.github.apiUrl, log }),
    log,
    host,
    port: port === 0 ? await freePort(host) : port,
  });
  await server.load((robot, { addHandler }) => {
    autofixApp(webhookSink(github, parts, enqueue))(robot);
    addHandler(schemaHandler(SETTINGS_SCHEMA));
    addHandler(healthHandler({ synced: () => isSynced(), draining: () => draining }));
  });
  await server.start();
  const watch = watchCluster(client, { log, onChange: look, remotes: remotes.all.map((remote) => remote.client) });
  const sweep = await startSweep({ lookAtAll, github, now, log });
  isSynced = sweep.synced;

  const url = `http://${server.host}:${server.port}`;
  return {
    url,
    webhookUrl: `${url}/api/github/webhooks`,
    look,
    async stop() {
      draining = true;
      sweep.stop();
      await watch.stop();
      stopping.abort(new Error("the program is stopping"));
      await queue.drain();
      await server.stop();
    },
  };
}

interface Sides {
  github: GitHubSide;
  cluster: Cluster;
  workspace: Opener["workspace"];
  clock(): number;
  /** Ends requests to a model when the program stops. */
  signal: AbortSignal;
}

function reconcileParts(config: AppConfig, { github, cluster, workspace, clock, signal }: Sides): ReconcileParts {
  const { nameOf, homeOf, repositoryAt, ours, notices, settings } = github;
  return {
    ...createRepairParts(config, { cluster, now: () => new Date(clock()), signal }),
    cluster,
    opener: {
      async repository(url) {
        const home = await homeOf(nameOf(url));
        return home && repositoryAt(home);
      },
      workspace,
    },
    home: ({ source }) => homeOf(source.kind === "git" ? nameOf(source.url) : undefined),
    ours,
    notices,
    settings,
    operator: config,
    turns: new Turns(),
    memory: new Memory(clock),
    windowScale: config.windowScale,
    soak: config.soakSeconds * 1000,
  };
}
