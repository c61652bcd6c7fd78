import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { KubeClient } from "../../src/cluster/client.ts";
import type { DeliveryKey } from "../../src/cluster/delivery.ts";
import { at, type Json, type KubeObject, listAt, numberAt, textAt } from "../../src/cluster/objects.ts";
import { DELIVERY_RESOURCES, known, pathOf } from "../../src/cluster/resources.ts";
import { git, kubectl, until } from "./commands.ts";
import type { Place } from "./manifests.ts";
import type { ClusterSettings } from "./settings.ts";
import type { Shop } from "./shops.ts";

/** One shop on the cluster: its repository behind the cluster's git server, its delivery and its pods. */
export interface LiveShop {
  readonly shop: Shop;
  readonly place: Place;
  /** The Application or Kustomization. */
  readonly key: DeliveryKey;
  /** Makes the working tree these files and pushes them; gives the commit. */
  push(files: Readonly<Record<string, string>>, message: string): Promise<string>;
  createDelivery(): Promise<void>;
  /** Waits until the delivery says that it is at this commit and content, and every pod is ready. */
  becomesReady(commit: string): Promise<void>;
  /** Waits until the delivery has tried this commit, and a container shows the reason. */
  fails(commit: string, reason: string): Promise<void>;
  /** Images of the ready pods. */
  images(): Promise<string[]>;
  remove(): Promise<void>;
}

export async function createLiveShop(
  settings: ClusterSettings,
  client: KubeClient,
  { shop, place, folder }: { shop: Shop; place: Place; folder: string },
): Promise<LiveShop> {
  const bare = join(settings.gitRoot, `${place.name}.git`);
  const tree = join(folder, place.name);
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: place.name, labels: place.labels } };
  const key: DeliveryKey =
    shop.tool === "argocd"
      ? { kind: "Application", namespace: "argocd", name: place.name }
      : { kind: "Kustomization", namespace: place.name, name: place.name };
  const delivery = () => client.get(pathOf(DELIVERY_RESOURCES[key.kind], key.namespace, key.name));
  const list = async (apiVersion: string, kind: string) => (await client.list(pathOf(known(apiVersion, kind), place.name))) ?? [];
  const pods = () => list("v1", "Pod");
  const stand = async () => `${statusOf(await delivery())}; ${(await pods()).map(podWords).join(", ")}`;

  await mkdir(tree, { recursive: true });
  await git(settings.gitRoot, "init", "--quiet", "--bare", "-b", "main", bare);
  await git(folder, "clone", "--quiet", bare, tree);
  await git(tree, "checkout", "--quiet", "-B", "main");

  return {
    shop,
    place,
    key,
    async push(files, message) {
      if ((await git(tree, "ls-files")) !== "") await git(tree, "rm", "-r", "--quiet", ".");
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(tree, path)), { recursive: true });
        await writeFile(join(tree, path), text);
      }
      await git(tree, "add", "--all");
      await git(tree, "commit", "--quiet", "-m", message);
      await git(tree, "push", "--quiet", "origin", "main");
      return git(tree, "rev-parse", "HEAD");
    },
    async createDelivery() {
      const items = [namespace, ...shop.delivery(place)];
      await kubectl(settings.kubeconfig, ["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    },
    async becomesReady(commit) {
      const ready = async () => {
        const [live, deployments, all] = await Promise.all([delivery(), list("apps/v1", "Deployment"), pods()]);
        const rolledOut = deployments.length > 0 && deployments.every(isRolledOut);
        return isContent(live, commit) && rolledOut && all.every(isReady) ? true : undefined;
      };
      await until(`${place.name} ready at ${commit.slice(0, 7)}`, 180, ready, stand);
    },
    async fails(commit, reason) {
      const failing = async () => {
        const [live, all] = await Promise.all([delivery(), pods()]);
        return hasTried(live, commit) && all.flatMap(reasonsOf).includes(reason) ? true : undefined;
      };
      await until(`${place.name} failing with ${reason} at ${commit.slice(0, 7)}`, 180, failing, stand);
    },
    images: async () => (await pods()).filter(isReady).flatMap((pod) => listAt(pod, "spec", "containers").map((container) => textAt(container, "image"))),
    async remove() {
      const resource = key.kind === "Application" ? "applications.argoproj.io" : "kustomizations.kustomize.toolkit.fluxcd.io";
      await kubectl(settings.kubeconfig, ["-n", key.namespace, "delete", resource, key.name, "--ignore-not-found", "--timeout=90s"]);
      await kubectl(settings.kubeconfig, ["delete", "namespace", place.name, "--ignore-not-found", "--timeout=120s"]);
      await rm(bare, { recursive: true, force: true });
    },
  };
}

function readyCondition(object: Json | undefined): Json | undefined {
  return listAt(object, "status", "conditions").find((condition) => textAt(condition, "type") === "Ready");
}

function isContent(delivery: KubeObject | undefined, commit: string): boolean {
  if (delivery?.kind === "Application") {
    const synced = textAt(delivery, "status", "sync", "status") === "Synced" && textAt(delivery, "status", "sync", "revision") === commit;
    return synced && textAt(delivery, "status", "health", "status") === "Healthy";
  }
  return textAt(readyCondition(delivery), "status") === "True" && textAt(delivery, "status", "lastAppliedRevision").endsWith(commit);
}

function hasTried(delivery: KubeObject | undefined, commit: string): boolean {
  if (delivery?.kind === "Application") return textAt(delivery, "status", "operationState", "syncResult", "revision") === commit;
  return textAt(delivery, "status", "lastAttemptedRevision").endsWith(commit);
}

/** As `kubectl rollout status` has it. */
function isRolledOut(deployment: KubeObject): boolean {
  const wanted = numberAt(deployment, "spec", "replicas") ?? 1;
  const counts = ["replicas", "updatedReplicas", "readyReplicas"].map((field) => numberAt(deployment, "status", field) ?? 0);
  return numberAt(deployment, "metadata", "generation") === numberAt(deployment, "status", "observedGeneration") && counts.every((count) => count === wanted);
}

function isReady(pod: KubeObject): boolean {
  return textAt(readyCondition(pod), "status") === "True" && at(pod, "metadata", "deletionTimestamp") === undefined;
}

/** Why containers wait or ended, now or before their last restart. */
function reasonsOf(pod: KubeObject): string[] {
  const states: [string, string][] = [
    ["state", "waiting"],
    ["state", "terminated"],
    ["lastState", "terminated"],
  ];
  return listAt(pod, "status", "containerStatuses").flatMap((status) => states.map((state) => textAt(status, ...state, "reason")).filter(Boolean));
}

function podWords(pod: KubeObject): string {
  return `${textAt(pod, "metadata", "name")} ${isReady(pod) ? "ready" : reasonsOf(pod).join(" ") || textAt(pod, "status", "phase")}`;
}

function statusOf(delivery: KubeObject | undefined): string {
  if (!delivery) return "no delivery";
  if (delivery.kind === "Application") return JSON.stringify([at(delivery, "status", "sync", "status"), at(delivery, "status", "health", "status")]);
  return `${textAt(readyCondition(delivery), "reason")}: ${textAt(readyCondition(delivery), "message").slice(0, 300)}`;
}
