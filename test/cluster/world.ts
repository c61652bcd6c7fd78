import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../../src/cluster/client.ts";
import { type DeliveryKey, formatKey } from "../../src/cluster/delivery.ts";
import { type Running, startAutofix } from "../../src/compose.ts";
import { parseAppConfig } from "../../src/config/operator.ts";
import type { Ending } from "../../src/reconcile.ts";
import { startEmulatedGitHub } from "../standins/emulated-github/start.ts";
import type { GitHubStandIn } from "../standins/github.ts";
import { fetchRenderers } from "../standins/renderers.ts";
import { type BotAccount, createBotAccount } from "./bot-account.ts";
import { until } from "./commands.ts";
import { createLiveShop, type LiveShop } from "./live-shop.ts";
import type { ClusterSettings } from "./settings.ts";
import type { Shop } from "./shops.ts";

/** On everything that a run creates, so that what a killed run left behind can be found. */
const LABEL = "kube-autofix-cluster-test";

type PullRequest = Awaited<ReturnType<GitHubStandIn["pull"]>>;

/** A pull request as the test judges it. */
export interface SeenPull {
  number: number;
  pull: PullRequest;
  /** Files that differ from the base, as they are at its head. */
  changes: Record<string, string | undefined>;
  /** Conclusions of the check runs at its head. */
  checks: (string | null)[];
}

/** Real controllers and a real node; the App as in production, as a service account that may only read; GitHub is the stand-in. */
export interface ClusterWorld {
  readonly run: string;
  readonly settings: ClusterSettings;
  readonly account: BotAccount;
  live(shop: Shop): LiveShop;
  /** The first commit is pushed, the delivery is created, the controllers apply it, the pods get ready. */
  deploys(shop: Shop): Promise<void>;
  /** The breaking commit is pushed, the controllers apply it, the pods fail. Gives the broken file's text. */
  breaks(shop: Shop): Promise<string>;
  opensPullRequest(shop: Shop): Promise<SeenPull>;
  /** The App stops and starts again, and has looked at every shop that has a pull request. */
  restarts(): Promise<void>;
  /** Somebody merges the pull request, and the cluster's git server gets the same tree. Gives the commit that the cluster will report. */
  merges(shop: Shop): Promise<string>;
  /** The controllers deliver the merge, the pods get ready. */
  heals(shop: Shop): Promise<void>;
  /** All pull requests and issues of the shop's repository, whatever their state. */
  pulls(shop: Shop): Promise<PullRequest[]>;
  issues(shop: Shop): Promise<string[]>;
  /** Comments on the shop's pull request, oldest first. */
  comments(shop: Shop): Promise<string[]>;
  /** How the App's looks at the shop's deliveries ended since it was broken, in order. */
  endings(shop: Shop): Ending["kind"][];
  /** The same for people, since the beginning. */
  told(shop: Shop): string;
  close(): Promise<void>;
}

interface Told {
  key: DeliveryKey;
  ending: Ending;
}

/** What happened to a shop so far; each verb needs what the one before it left. */
interface Story {
  live: LiveShop;
  good?: Record<string, string>;
  /** How many endings had been told when it was broken. */
  brokenAt?: number;
  bad?: string;
  merged?: string;
  pull?: number;
}

export async function startClusterWorld(settings: ClusterSettings, shops: readonly Shop[]): Promise<ClusterWorld> {
  const run = randomBytes(3).toString("hex");
  const labels = { [LABEL]: run };
  const folder = await mkdtemp(join(tmpdir(), "kube-autofix-cluster-"));
  const admin = connect(settings.kubeconfig);
  const stories = new Map<Shop, Story>();
  for (const shop of shops) {
    const name = `${shop.name}-${run}`;
    const place = { name, url: `${settings.gitUrl}/${name}.git`, labels };
    stories.set(shop, { live: await createLiveShop(settings, admin, { shop, place, folder }) });
  }
  const github = await startEmulatedGitHub({ repositories: [...stories.values()].map(({ live }) => fullName(live)) });
  const account = await createBotAccount(settings, `kube-autofix-${run}`, labels, folder);
  const renderers = await fetchRenderers();
  const told: Told[] = [];
  const config = parseAppConfig({
    APP_ID: String(github.appCredentials.appId),
    PRIVATE_KEY: github.appCredentials.privateKey,
    WEBHOOK_SECRET: github.appCredentials.webhookSecret,
    GITHUB_API_URL: github.url,
    KUBECONFIG: account.kubeconfig,
    AUTOFIX_REPOSITORY_ALIASES: [...stories.values()].map(({ live }) => `${live.place.url}=${fullName(live)}`).join(","),
    AUTOFIX_ENGINE: "playbook",
    AUTOFIX_SOAK_SECONDS: "5",
    // A minute's patience becomes 15 s: short enough for a test, long enough to be seen.
    AUTOFIX_WINDOW_SCALE: "0.25",
    LOG_LEVEL: process.env.LOG_LEVEL ?? "silent",
    HOST: "127.0.0.1",
    PORT: "0",
    PATH: process.env.PATH,
  });

  async function startApp(): Promise<Running> {
    const started = await startAutofix(config, {
      privateKey: github.appCredentials.privateKey,
      throttle: false,
      ...(renderers.kind === "ready" ? { rendererCache: renderers.folder } : {}),
      onEnding: (key, ending) => told.push({ key, ending }),
    });
    github.deliverTo(started.webhookUrl);
    return started;
  }

  let app = await startApp();
  const storyOf = (shop: Shop): Story => stories.get(shop) ?? fail(`${shop.name} is not in this world`);
  const about = (live: LiveShop, from = 0) => told.slice(from).filter(({ key }) => formatKey(key) === formatKey(live.key) || key.namespace === live.place.name);
  const words = (live: LiveShop) => withoutRepetitions(about(live).map(({ key, ending }) => `${key.kind}: ${wordsOf(ending)}`)).join("; ");

  return {
    run,
    settings,
    account,
    live: (shop) => storyOf(shop).live,
    endings: (shop) => about(storyOf(shop).live, storyOf(shop).brokenAt).map(({ ending }) => ending.kind),
    told: (shop) => words(storyOf(shop).live),
    async deploys(shop) {
      const story = storyOf(shop);
      const { live } = story;
      const files = { "README.md": `# ${live.place.name}\n`, ...shop.files(live.place) };
      const sha = await live.push(files, "First release");
      await github.repository(fullName(live)).commit(files, { message: "First release", sha });
      await live.createDelivery();
      await live.becomesReady(sha);
      story.good = files;
    },
    async breaks(shop) {
      const story = storyOf(shop);
      const { live, good = fail(`${shop.name} was never deployed`) } = story;
      const { path, subject, good: right, bad: wrong, innocent } = shop.breaks;
      const text = replaced(replaced(good[path] ?? "", right, wrong), ...innocent);
      story.brokenAt = told.length;
      const sha = await live.push({ ...good, [path]: text }, subject);
      await github.repository(fullName(live)).commit({ [path]: text }, { message: subject, sha });
      await live.fails(sha, shop.shows);
      story.bad = sha;
      return text;
    },
    async opensPullRequest(shop) {
      const story = storyOf(shop);
      const { live, bad = fail(`${shop.name} was never broken`) } = story;
      const repository = github.repository(fullName(live));
      const opened = await until(
        `a pull request for ${live.place.name}`,
        180,
        async () => (await repository.pulls())[0],
        () => words(live),
      );
      story.pull = opened.number;
      // The check run follows the pull request.
      const runs = await until(`a check run on ${opened.head.sha}`, 30, async () => {
        const found = await repository.checkRuns(opened.head.sha);
        return found.length > 0 ? found : undefined;
      });
      const [before, after] = await Promise.all([repository.tree(bad), repository.tree(opened.head.sha)]);
      const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((path) => before[path] !== after[path]);
      return {
        number: opened.number,
        pull: opened,
        changes: Object.fromEntries(paths.map((path) => [path, after[path]])),
        checks: runs.map((check) => check.conclusion),
      };
    },
    async restarts() {
      await app.stop();
      const from = told.length;
      app = await startApp();
      const standing = [...stories.values()].filter((story) => story.pull !== undefined).map(({ live }) => live);
      await until(
        "the restarted App has looked at every pull request",
        60,
        async () => (standing.every((live) => about(live, from).some(({ ending }) => ending.kind === "standing")) ? true : undefined),
        () => standing.map((live) => `${live.place.name}: ${about(live, from).map(({ ending }) => wordsOf(ending))}`).join("; "),
      );
    },
    async merges(shop) {
      const story = storyOf(shop);
      const { live, pull = fail(`${shop.name} has no pull request`) } = story;
      const repository = github.repository(fullName(live));
      const merge = await repository.merge(pull);
      const sha = await live.push(await repository.tree(merge), `Merge pull request #${pull}`);
      github.alias(sha, merge);
      story.merged = sha;
      return sha;
    },
    async heals(shop) {
      const { live, merged = fail(`${shop.name} has nothing merged`) } = storyOf(shop);
      await live.becomesReady(merged);
    },
    pulls: (shop) => github.repository(fullName(storyOf(shop).live)).pulls(),
    issues: async (shop) => (await github.repository(fullName(storyOf(shop).live)).issues()).map(({ title, body }) => `${title}\n${body}`),
    async comments(shop) {
      const { live, pull = fail(`${shop.name} has no pull request`) } = storyOf(shop);
      return (await github.repository(fullName(live)).comments(pull)).map((comment) => comment.body ?? "");
    },
    async close() {
      await app.stop();
      await github.stop();
      const removals = [...stories.values()].map(({ live }) => live.remove());
      const results = await Promise.allSettled([...removals, account.remove()]);
      await rm(folder, { recursive: true, force: true });
      for (const result of results) if (result.status === "rejected") throw result.reason;
    },
  };
}

function fullName(live: LiveShop): string {
  return `acme/${live.place.name}`;
}

function fail(message: string): never {
  throw new Error(message);
}

function replaced(text: string, from: string, to: string): string {
  if (text.split(from).length !== 2) fail(`"${from}" is not once in the file`);
  return text.replace(from, to);
}

function wordsOf(ending: Ending): string {
  if (ending.kind === "standing") return `standing #${ending.pull} ${ending.state}`;
  if (ending.kind === "verdict") return `verdict ${ending.verdict}`;
  if (ending.kind === "proposed") return `proposed (${ending.how})`;
  return "why" in ending ? `${ending.kind} (${ending.why})` : ending.kind;
}

function withoutRepetitions(words: readonly string[]): string[] {
  return words.filter((word, i) => word !== words[i - 1]);
}
