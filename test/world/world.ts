import { type DeliveryKey, formatKey } from "../../src/cluster/delivery.ts";
import type { KubeObject } from "../../src/cluster/objects.ts";
import { type Running, startAutofix } from "../../src/compose.ts";
import { parseAppConfig } from "../../src/config/operator.ts";
import type { Ending } from "../../src/reconcile.ts";
import type { RepositoryVerbs } from "../standins/github/repository-verbs.ts";
import { type GitHubStandIn, startGitHub } from "../standins/github.ts";
import { lastingPort } from "../standins/lasting-port.ts";
import { fetchRenderers } from "../standins/renderers.ts";
import { type ReplayCluster, startReplayCluster } from "../standins/replay-cluster.ts";
import type { Recording } from "./recording.ts";

/** An ending as the App reported it. */
export interface Told {
  delivery: string;
  ending: Ending;
}

/** One recorded failure with the whole App around it: GitHub, the cluster and the App's own server are real HTTP. */
export interface World {
  readonly github: GitHubStandIn;
  readonly repository: RepositoryVerbs;
  readonly cluster: ReplayCluster;
  readonly endings: readonly Told[];
  readonly app: Running;
  /** Waits until the App has told an ending that fits; gives the first since `from`. */
  ending(fits: (told: Told) => boolean, from?: number): Promise<Told>;
  /** Waits until every delivery in the cluster has been looked at. */
  allLookedAt(): Promise<void>;
  /** Waits for webhooks that are on their way, and then for a look that began after them: at the recorded delivery, or at another. */
  lookAgain(key?: DeliveryKey): Promise<void>;
  /** The App's requests that change something on GitHub, since the world began or this was last called. */
  writes(): string[];
  /** What the bot has said on a pull request or issue, without its hidden marks; oldest first. */
  botSaid(number: number): Promise<string[]>;
  /** Stops the App and starts it again: everything that it knew is lost, and so are webhooks `meanwhile`. */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** `broken`: the end of the recording, at once. `good`: what was there before the breaking push. */
  state?: "broken" | "good";
  /** A GitHub that other worlds use too; else one is started and closed with the world. */
  github?: GitHubStandIn;
  /** Starts another GitHub than the fake. */
  startGitHub?: typeof startGitHub;
  environment?: Record<string, string>;
  /** Other files of the repository, such as its settings. */
  files?: Record<string, string>;
  /** The App's clock, where it is not the real one. */
  now?: () => Date;
  /** Takes the App's log lines. */
  logs?: { write(line: string): void };
  /** GitHub's spacing of writes and waiting for its limits, as in production. */
  throttle?: boolean;
  /** The App's clock, milliseconds since the epoch. */
  clock?(): number;
  /** Leaves all recorded times as they are; else the newest one becomes the present. */
  keepTimes?: boolean;
}

export function repositoryOfRecording({ scenario }: Recording): string {
  return `acme/${scenario.name}`;
}

/** URL by which the recorded controllers pulled the repository. */
export function recordedUrl({ scenario }: Recording): string {
  return `http://127.0.0.1:3099/${scenario.name}.git`;
}

/** The kind of delivery that the recorded scenario created. */
export function recordedKey({ scenario }: Recording): DeliveryKey {
  return scenario.tool === "argocd"
    ? { kind: "Application", namespace: "argocd", name: scenario.name }
    : { kind: "Kustomization", namespace: "flux-system", name: scenario.name };
}

/** Puts both commits of a recording on GitHub, under the SHAs that the cluster reports. */
export async function pushRecording(repository: RepositoryVerbs, { before, after, scenario }: Recording, until: "good" | "broken" = "broken"): Promise<void> {
  await repository.commit(before, { message: "First release", author: { name: "Robin Release", email: "robin@example.com" }, sha: scenario.good });
  if (until === "broken") await pushBreakingCommit(repository, { before, after, scenario });
}

export async function pushBreakingCommit(
  repository: RepositoryVerbs,
  { before, after, scenario }: Pick<Recording, "before" | "after" | "scenario">,
): Promise<void> {
  const gone = Object.fromEntries(Object.keys(before).flatMap((path) => (path in after ? [] : [[path, null]])));
  const author = { name: "Dana Developer", email: "dana@example.com" };
  await repository.commit({ ...after, ...gone }, { message: scenario.subject, author, sha: scenario.bad });
}

export async function startWorld(recording: Recording, options: WorldOptions = {}): Promise<World> {
  const state = options.state ?? "broken";
  const github = options.github ?? (await (options.startGitHub ?? startGitHub)({ repositories: [repositoryOfRecording(recording)] }));
  const repository = github.repository(repositoryOfRecording(recording));
  if (options.files) await repository.commit(options.files, { message: "Set up" });
  await pushRecording(repository, recording, state);
  const held = state === "broken" ? recording.objects : heldBefore(recording);
  const cluster = await startReplayCluster({
    objects: held,
    logs: state === "broken" ? recording.logs : {},
    ...(options.keepTimes ? {} : { shiftTime: true }),
  });
  const renderers = await fetchRenderers();
  const endings: Told[] = [];
  let counted = 0;
  const listeners = new Set<(told: Told) => void>();
  const config = parseAppConfig({
    APP_ID: String(github.appCredentials.appId),
    PRIVATE_KEY: github.appCredentials.privateKey,
    WEBHOOK_SECRET: github.appCredentials.webhookSecret,
    GITHUB_API_URL: github.url,
    KUBECONFIG: cluster.kubeconfig,
    AUTOFIX_REPOSITORY_ALIASES: `${recordedUrl(recording)}=${repositoryOfRecording(recording)}`,
    AUTOFIX_ENGINE: "playbook",
    AUTOFIX_SOAK_SECONDS: "0",
    LOG_LEVEL: "silent",
    HOST: "127.0.0.1",
    PORT: String(await lastingPort()),
    PATH: process.env.PATH,
    ...options.environment,
  });

  github.deliverTo(`http://127.0.0.1:${config.server.port}/api/github/webhooks`);
  async function startApp(): Promise<Running> {
    return startAutofix(config, {
      privateKey: github.appCredentials.privateKey,
      throttle: options.throttle ?? false,
      ...(options.clock ? { clock: options.clock } : {}),
      ...(options.logs ? { logs: options.logs } : {}),
      ...(renderers.kind === "ready" ? { rendererCache: renderers.folder } : {}),
      onEnding(key, ending) {
        const told = { delivery: formatKey(key), ending };
        endings.push(told);
        for (const listener of listeners) listener(told);
      },
    });
  }

  const deliveries = held.filter(isDelivery).map((object) => `${object.kind}/${object.metadata.namespace}/${object.metadata.name}`);
  let app = await startApp();

  function ending(fits: (told: Told) => boolean, from = 0): Promise<Told> {
    const known = endings.slice(from).find(fits);
    if (known) return Promise.resolve(known);
    return new Promise((resolve) => {
      const listener = (told: Told) => {
        if (!fits(told)) return;
        listeners.delete(listener);
        resolve(told);
      };
      listeners.add(listener);
    });
  }

  return {
    github,
    repository,
    cluster,
    endings,
    get app() {
      return app;
    },
    ending,
    async allLookedAt() {
      await Promise.all(deliveries.map((delivery) => ending((told) => told.delivery === delivery)));
    },
    writes() {
      const fresh = github.requests.slice(counted).filter(({ method, path }) => method !== "GET" && !path.endsWith("/access_tokens"));
      counted = github.requests.length;
      return fresh.map(({ method, path }) => `${method} ${path.replace(`/repos/${repository.fullName}/`, "")}`);
    },
    async lookAgain(key = recordedKey(recording)) {
      await github.settled();
      // The first ending may be of a look that was under way already.
      for (let i = 0; i < 2; i++) {
        const from = endings.length;
        app.look(key);
        await ending(({ delivery }) => delivery === formatKey(key), from);
      }
    },
    async botSaid(number) {
      const comments = await repository.comments(number);
      return comments.filter(({ user }) => user?.login === github.appCredentials.botLogin).map(({ body }) => (body ?? "").replace(/\n*<!--.*-->/g, ""));
    },
    async restart(meanwhile = async () => {}) {
      await app.stop();
      await meanwhile();
      await github.settled();
      app = await startApp();
    },
    async close() {
      await app.stop();
      await cluster.close();
      if (!options.github) return github.stop();
      const violations = github.takeViolations();
      if (violations.length > 0) throw new Error(violations.join("\n"));
    },
  };
}

function isDelivery({ kind, apiVersion }: KubeObject): boolean {
  if (kind === "Application") return apiVersion.startsWith("argoproj.io/");
  return (kind === "Kustomization" || kind === "HelmRelease") && apiVersion.includes(".toolkit.fluxcd.io/");
}

/** The objects that the cluster held when the breaking commit was pushed. */
export function heldBefore({ sequence, objects }: Recording): Recording["objects"] {
  const held = new Map(objects.filter(({ kind }) => kind === "Node").map((node) => [JSON.stringify([node.kind, node.metadata]), node]));
  for (const { seconds, type, object } of sequence) {
    if (seconds >= 0) break;
    const name = JSON.stringify([object.apiVersion, object.kind, object.metadata.namespace ?? "", object.metadata.name]);
    if (type === "DELETED") held.delete(name);
    else held.set(name, object);
  }
  return [...held.values()];
}
