import type { DeliveryKey } from "../../src/cluster/delivery.ts";
import { formatKey } from "../../src/cluster/delivery.ts";
import type { KubeObject } from "../../src/cluster/objects.ts";
import { startAutofix } from "../../src/compose.ts";
import { parseAppConfig } from "../../src/config/operator.ts";
import { startGitHub } from "../../test/standins/github.ts";
import { lastingPort } from "../../test/standins/lasting-port.ts";
import { startReplayCluster } from "../../test/standins/replay-cluster.ts";
import { type Count, sum } from "./count.ts";

const DELIVERIES = 300;
const REPOSITORIES = 30;
const MINUTE = 60_000;
/** Every delivery is looked at this often without any event. */
const LOOK_EVERY = 5 * MINUTE;

export interface Fleet {
  deliveries: number;
  repositories: number;
  /** Of one hour. */
  ours: Count;
  naive: Count;
}

/** One hour of a fleet in which nothing fails, looked at every five minutes; the hour passes on the App's own clock. */
export async function watchFleet(): Promise<Fleet> {
  const repositories = Array.from({ length: REPOSITORIES }, (_, i) => `acme/team-${i}`);
  const github = await startGitHub({ repositories });
  const cluster = await startReplayCluster({ objects: Array.from({ length: DELIVERIES }, (_, i) => healthy(i)) });
  const port = await lastingPort();
  const config = parseAppConfig({
    APP_ID: String(github.appCredentials.appId),
    PRIVATE_KEY: github.appCredentials.privateKey,
    WEBHOOK_SECRET: github.appCredentials.webhookSecret,
    GITHUB_API_URL: github.url,
    KUBECONFIG: cluster.kubeconfig,
    AUTOFIX_REPOSITORY_ALIASES: repositories.map((name) => `https://git.example/${name}.git=${name}`).join(","),
    LOG_LEVEL: "silent",
    HOST: "127.0.0.1",
    PORT: String(port),
    AUTOFIX_CONCURRENCY: "16",
  });
  let now = Date.now();
  let open = new Set<string>();
  let allDone = () => {};
  const start = () =>
    startAutofix(config, {
      privateKey: github.appCredentials.privateKey,
      throttle: false,
      clock: () => now,
      onEnding(key) {
        open.delete(formatKey(key));
        if (open.size === 0) allDone();
      },
    });
  const allLookedAt = (look: () => unknown) => {
    open = new Set(Array.from({ length: DELIVERIES }, (_, i) => formatKey(keyOf(i))));
    return new Promise<void>((resolve) => {
      allDone = resolve;
      look();
    });
  };

  let app: Awaited<ReturnType<typeof start>> | undefined;
  await allLookedAt(() => {
    void start().then((started) => {
      app = started;
    });
  });
  const naive = sum(github.requests);
  github.requests.length = 0;
  for (let passed = LOOK_EVERY; passed <= 60 * MINUTE; passed += LOOK_EVERY) {
    now += LOOK_EVERY;
    await allLookedAt(() => {
      for (let i = 0; i < DELIVERIES; i++) app?.look(keyOf(i));
    });
  }
  const looks = (60 * MINUTE) / LOOK_EVERY;
  const watched = sum(github.requests);
  await app?.stop();
  await cluster.close();
  await github.stop();
  // The App asks for lost webhooks on the clock on the wall: once with every look at all.
  const ours = { ...watched, reads: watched.reads + looks };
  return { deliveries: DELIVERIES, repositories: REPOSITORIES, ours, naive: perHour(naive, looks) };
}

/** What a process costs that remembers nothing: with every look what the first one costs, where each delivery asks anew for what all of its repository share. */
function perHour(first: Count, looks: number): Count {
  const once = 2; // the App's name, and webhooks that got lost
  const each = (first.reads - once) / REPOSITORIES;
  return { writes: first.writes * looks, reads: (once + each * DELIVERIES) * looks, unchanged: 0 };
}

function keyOf(i: number): DeliveryKey {
  return { kind: "Application", namespace: "argocd", name: `app-${i}` };
}

function healthy(i: number): KubeObject {
  const revision = "a".repeat(40);
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name: keyOf(i).name,
      namespace: "argocd",
      uid: `00000000-0000-4000-8000-${String(i).padStart(12, "0")}`,
      creationTimestamp: "2026-01-01T00:00:00Z",
    },
    spec: {
      source: { repoURL: `https://git.example/acme/team-${i % REPOSITORIES}.git`, targetRevision: "main", path: `apps/${i}` },
      destination: { server: "https://kubernetes.default.svc", namespace: `app-${i}` },
      syncPolicy: { automated: {} },
    },
    status: { sync: { status: "Synced", revision }, health: { status: "Healthy" }, operationState: { phase: "Succeeded" }, resources: [] },
  };
}
