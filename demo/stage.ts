import type { DestinationStream } from "pino";
import { formatKey } from "../src/cluster/delivery.ts";
import { type Running, startAutofix } from "../src/compose.ts";
import { parseAppConfig } from "../src/config/operator.ts";
import { startEmulatedGitHub } from "../test/standins/emulated-github/start.ts";
import type { RepositoryVerbs } from "../test/standins/github/repository-verbs.ts";
import type { GitHubStandIn } from "../test/standins/github.ts";
import { type ReplayCluster, startReplayCluster } from "../test/standins/replay-cluster.ts";
import { hostileScript, type ScriptedModel, startScriptedModel } from "../test/standins/scripted-model.ts";
import { loadRecording } from "../test/world/recording.ts";
import { pushRecording, recordedKey, recordedUrl, repositoryOfRecording, type Told } from "../test/world/world.ts";
import { Playback, SPEED } from "./playback.ts";
import { within } from "./waiting.ts";

/** One delivery with its repository. */
export interface Shop {
  /** `shop-01`: the delivery, its namespace and its repository. */
  name: string;
  /** `Application/argocd/shop-01`. */
  key: string;
  repository: RepositoryVerbs;
  playback: Playback;
}

/** Plain YAML, so that neither kustomize nor helm has to be there. */
const PLAYED = { checkout: "shop-01", profile: "shop-09", catalog: "shop-02" } as const;

/** The real App, and stand-ins for everything around it. Everything is HTTP on this machine. */
export class Stage {
  readonly github: GitHubStandIn;
  readonly cluster: ReplayCluster;
  /** A model that has been taken over; nobody asks it unless the App is started with its address. */
  readonly model: ScriptedModel;
  readonly shops: Record<keyof typeof PLAYED, Shop>;
  readonly endings: Told[] = [];
  readonly #listeners = new Set<(told: Told) => void>();
  readonly #logs: DestinationStream | undefined;
  #app: Running | undefined;

  /** Starts the stand-ins, with every shop healthy; the App comes with {@link startApp}. */
  static async set(logs: DestinationStream | undefined): Promise<Stage> {
    const recordings = Object.values(PLAYED).map(loadRecording);
    const github = await startEmulatedGitHub({ repositories: recordings.map(repositoryOfRecording) });
    const cluster = await startReplayCluster();
    const model = await startScriptedModel(hostileScript);
    const shopOf = async (id: string): Promise<Shop> => {
      const recording = loadRecording(id);
      const repository = github.repository(repositoryOfRecording(recording));
      await pushRecording(repository, recording, "good");
      const playback = new Playback(cluster, recording);
      playback.showHealthy();
      return { name: recording.scenario.name, key: formatKey(recordedKey(recording)), repository, playback };
    };
    const shops = { checkout: await shopOf(PLAYED.checkout), profile: await shopOf(PLAYED.profile), catalog: await shopOf(PLAYED.catalog) };
    return new Stage({ github, cluster, model, shops }, logs);
  }

  private constructor(set: Pick<Stage, "github" | "cluster" | "model" | "shops">, logs: DestinationStream | undefined) {
    this.github = set.github;
    this.cluster = set.cluster;
    this.model = set.model;
    this.shops = set.shops;
    this.#logs = logs;
  }

  get all(): Shop[] {
    return Object.values(this.shops);
  }

  /** Where the App's server is, while it runs. */
  get appUrl(): string | undefined {
    return this.#app?.url;
  }

  /** Starts the App as production does: the same composition, configured by these variables and nothing else. */
  async startApp(environment: Record<string, string>): Promise<void> {
    const { appId, privateKey, webhookSecret } = this.github.appCredentials;
    const config = parseAppConfig({
      APP_ID: String(appId),
      PRIVATE_KEY: privateKey,
      WEBHOOK_SECRET: webhookSecret,
      GITHUB_API_URL: this.github.url,
      KUBECONFIG: this.cluster.kubeconfig,
      HOST: "127.0.0.1",
      PORT: "0",
      LOG_LEVEL: this.#logs ? "debug" : "silent",
      AUTOFIX_WINDOW_SCALE: (1 / SPEED).toFixed(6),
      AUTOFIX_SOAK_SECONDS: "0",
      AUTOFIX_REPOSITORY_ALIASES: this.all.map(({ playback }) => `${recordedUrl(playback.recording)}=${repositoryOfRecording(playback.recording)}`).join(","),
      ...environment,
    });
    this.#app = await startAutofix(config, {
      privateKey,
      throttle: false,
      ...(this.#logs ? { logs: this.#logs } : {}),
      onEnding: (key, ending) => {
        const told = { delivery: formatKey(key), ending };
        this.endings.push(told);
        for (const listener of [...this.#listeners]) listener(told);
      },
    });
    this.github.deliverTo(this.#app.webhookUrl);
  }

  async stopApp(): Promise<void> {
    await this.#app?.stop();
    this.#app = undefined;
  }

  /** Told how each look of the App at a delivery ends, until the returned function is called. */
  listen(listener: (told: Told) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The first ending since `from` (an index into {@link endings}) that fits. @throws Missed */
  async ending(what: string, fits: (told: Told) => boolean, from = 0): Promise<Told> {
    const known = this.endings.slice(from).find(fits);
    if (known) return known;
    const { promise, resolve } = Promise.withResolvers<Told>();
    const stop = this.listen((told) => {
      if (fits(told)) resolve(told);
    });
    return within(what, promise).finally(stop);
  }

  async close(): Promise<void> {
    for (const { playback } of this.all) playback.stop();
    await this.stopApp();
    await Promise.all([this.model.close(), this.cluster.close(), this.github.stop()]);
  }
}
