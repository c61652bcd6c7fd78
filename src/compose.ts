import { type DestinationStream, pino } from "pino";
import { Probot, Server } from "probot";
import { autofixApp, HANDLED } from "./app.ts";
import { connect } from "./cluster/client.ts";
import type { DeliveryKey } from "./cluster/delivery.ts";
import type { Observation } from "./cluster/observation.ts";
import { clusterThrough } from "./cluster/observe.ts";
import { remoteClusters } from "./cluster/remote-clusters.ts";
import { watchCluster } from "./cluster/watch.ts";
import type { AppConfig } from "./config/operator.ts";
import { logEnding, soonest } from "./ending-report.ts";
import { messageOf } from "./errors.ts";
import { Keepsake, remembering } from "./evidence/keepsake.ts";
import { redactFields } from "./evidence/redact-fields.ts";
import { BRANCH_PREFIX } from "./incident/incident.ts";
import { Memory } from "./memory.ts";
import { createNeighbours, createRepairParts, createWorkspaces } from "./parts.ts";
import { notePress } from "./press.ts";
import { lookAtProposal, type ProposalParts, unseenProposals } from "./proposal.ts";
import { Book, QUIET } from "./pull-request/book.ts";
import { pullsChecked } from "./pull-request/check-run.ts";
import { recoverDeliveries } from "./pull-request/missed.ts";
import { findNotices } from "./pull-request/notice.ts";
import { findOurs } from "./pull-request/ours.ts";
import { createKeyedQueue } from "./queue/keyed-queue.ts";
import type { Outcome } from "./queue/queue.ts";
import { Turns } from "./queue/turns.ts";
import { type Ending, type Home, type ReconcileParts, reconcile } from "./reconcile.ts";
import { waitingDeliveries } from "./room.ts";
import { NOTHING_SAID, readSettings, refuseUnknownWords, SETTINGS_SCHEMA } from "./settings.ts";
import { tellOfSettings } from "./settings-watch.ts";
import { createGitHub } from "./source/github-client.ts";
import { createGitHubObjects, createGitHubRepository } from "./source/github-repository.ts";
import { repositoryOf, repositoryScope } from "./source/repository-name.ts";

import { freePort } from "./web/free-port.ts";
import { healthHandler } from "./web/health.ts";
import { schemaHandler } from "./web/schema.ts";
import { formatWork, parseWork, type Work } from "./work.ts";

/** Everything is looked at this often without any event: for webhooks and watch events that never arrived. */
const RESYNC = 5 * 60_000;
/** Before the first time that worked the App is not ready, and tries again this soon. */
const FIRST_SYNC_AGAIN = 5_000;

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
  const github = createGitHub({
    appId: config.appId,
    privateKey: seams.privateKey,
    baseUrl: config.github.apiUrl,
    log,
    now: clock,
    ...(seams.throttle === undefined ? {} : { throttle: seams.throttle }),
  });
  const objects = createGitHubObjects();
  const repositoryAt = ({ octokit, repository }: Home) => createGitHubRepository({ octokit, fullName: repository, objects });
  const scope = repositoryScope(config.github.host, config.repositoryAliases);
  const nameOf = (url: string) => repositoryOf(url, scope);

  async function homeOf(fullName: string | undefined): Promise<Home | undefined> {
    const octokit = fullName ? await github.repository(fullName) : undefined;
    return octokit && fullName ? { octokit, repository: fullName, botLogin: await github.botLogin() } : undefined;
  }

  const memory = new Memory(clock);
  /** What is read of a repository; `nothing` where the App is not installed. */
  function book<Found>(find: (home: Home) => Promise<Found>, nothing: Found): Book<Found> {
    const read = async (repository: string) => {
      const home = await homeOf(repository);
      return home ? find(home) : nothing;
    };
    return new Book(read, { now: clock, ...(seams.believeMilliseconds === undefined ? {} : { milliseconds: seams.believeMilliseconds }) });
  }
  const ours = book(({ octokit, repository, botLogin }) => findOurs(octokit, repository, botLogin, now()), { pulls: [], issues: [] });
  const notices = book(({ octokit, repository, botLogin }) => findNotices(octokit, repository, botLogin), []);
  const settings = book((home) => readSettings(repositoryAt(home)), NOTHING_SAID);
  const neighbours = createNeighbours(client, cluster, Date.now);
  const workspace = createWorkspaces({ ...config, ...(seams.rendererCache ? { cache: seams.rendererCache } : {}) }, neighbours);
  const parts: ReconcileParts = {
    ...createRepairParts(config, { cluster, now, signal: stopping.signal }),
    cluster,
    opener: {
      async repository(url) {
        const home = await homeOf(nameOf(url));
        return home && repositoryAt(home);
      },
      workspace,
    },
    home: ({ source }: Observation) => homeOf(source.kind === "git" ? nameOf(source.url) : undefined),
    ours,
    notices,
    settings,
    operator: config,
    turns: new Turns(),
    memory,
    windowScale: config.windowScale,
    soak: config.soakSeconds * 1000,
  };

  const homesOf = async () => (await neighbours.deliveries()).flatMap((one) => (one.source.kind === "git" ? [{ ...one, home: nameOf(one.source.url) }] : []));
  const proposals: ProposalParts = {
    cluster,
    operator: config,
    settings,
    workspace,
    deliveriesOf: async (repository) => (await homesOf()).filter(({ home }) => home?.toLowerCase() === repository.toLowerCase()),
  };

  const queue = createKeyedQueue({
    log,
    concurrency: config.concurrency,
    async handle(text): Promise<Outcome> {
      const work = parseWork(text);
      if (work?.kind === "delivery") {
        const endings = await reconcile(work.key, parts);
        for (const ending of endings) {
          seams.onEnding?.(work.key, ending);
          logEnding(log, work.key, ending);
        }
        return soonest(endings);
      }
      const home = await homeOf(work?.repository);
      if (home && work?.kind === "settings") await tellOfSettings(parts, home, await settings.of(home.repository));
      if (home && work?.kind === "pull") await lookAtProposal(proposals, { home, repository: repositoryAt(home) }, work);
      if (home && work?.kind === "pulls") for (const pull of await unseenProposals(proposals, home)) enqueue({ ...work, kind: "pull", pull, asked: false });
      return { again: "when-something-happens" };
    },
  });
  const enqueue = (work: Work) => queue.add(formatWork(work));
  const look = (key: DeliveryKey) => enqueue({ kind: "delivery", key });

  let [synced, draining] = [false, false];
  let resync: NodeJS.Timeout | undefined;
  async function lookAtAll(): Promise<void> {
    try {
      for (const key of await cluster.deliveries()) look(key);
      const isFirst = !synced;
      synced = true;
      if (isFirst) for (const { home } of await homesOf()) if (home) enqueue({ kind: "pulls", repository: home });
    } catch (thrown) {
      log.warn({ error: messageOf(thrown) }, "The cluster's deliveries cannot be listed; tried again later");
    }
    if (!draining) resync = setTimeout(lookAtAll, synced ? RESYNC : FIRST_SYNC_AGAIN);
    if (synced) void recoverLost();
  }

  const asked = new Set<string>();
  async function recoverLost(): Promise<void> {
    try {
      const count = await recoverDeliveries(github.app, { now: now(), handled: HANDLED, asked });
      if (count > 0) log.info({ count }, "Webhooks that did not arrive are asked for again");
    } catch (thrown) {
      log.warn({ error: messageOf(thrown) }, "Whether webhooks got lost cannot be told; tried again later");
    }
  }

  const server = new Server({
    Probot: Probot.defaults({ appId: config.appId, privateKey: seams.privateKey, secret: config.webhookSecret, baseUrl: config.github.apiUrl, log }),
    log,
    host: config.server.host,
    port: config.server.port === 0 ? await freePort(config.server.host) : config.server.port,
  });
  const app = autofixApp({
    enqueue: look,
    forget: (repository) => ours.forget(repository),
    async pushed(repository, branch) {
      memory.baseMoved(repository);
      const based = ((await ours.known(repository))?.pulls ?? []).filter((pull) => pull.state === "open" && pull.base === branch);
      if (branch.startsWith(BRANCH_PREFIX)) ours.forget(repository);
      for (const { delivery } of based) look(delivery);
    },
    settingsMoved(repository) {
      settings.forget(repository);
      enqueue({ kind: "settings", repository });
      enqueue({ kind: "pulls", repository });
    },
    async proposed(repository, pull, { author, asked }) {
      if (author !== (await github.botLogin())) enqueue({ kind: "pull", repository, pull, asked });
    },
    async proposedAt(repository, headSha, named) {
      const home = await homeOf(repository);
      const checked = home ? await pullsChecked(home.octokit, repository, headSha) : [];
      for (const pull of new Set([...named, ...checked])) enqueue({ kind: "pull", repository, pull, asked: true });
    },
    async roomMade(repository) {
      for (const key of waitingDeliveries(await notices.of(repository, QUIET))) look(key);
    },
    async pressed(repository, branch, press) {
      const home = await homeOf(repository);
      if (home) for (const key of await notePress({ ours, turns: parts.turns, now }, home, branch, press)) look(key);
    },
    recheck: (repository, headSha) => memory.askCheck(repository, headSha),
    deliveriesOfBranch: async (repository, branch) => (await ours.of(repository)).pulls.flatMap((pull) => (pull.branch === branch ? [pull.delivery] : [])),
    forgetInstallations: github.forgetInstallations,
  });
  await server.load((robot, { addHandler }) => {
    app(robot);
    addHandler(schemaHandler(SETTINGS_SCHEMA));
    addHandler(healthHandler({ synced: () => synced, draining: () => draining }));
  });
  await server.start();
  const watch = watchCluster(client, { log, onChange: look, remotes: remotes.all.map((remote) => remote.client) });
  await lookAtAll();

  return {
    url: `http://${server.host}:${server.port}`,
    webhookUrl: `http://${server.host}:${server.port}/api/github/webhooks`,
    look,
    async stop() {
      draining = true;
      clearTimeout(resync);
      await watch.stop();
      stopping.abort(new Error("the program is stopping"));
      await queue.drain();
      await server.stop();
    },
  };
}
