import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { objectAt } from "../../src/cluster/objects.ts";
import { auditOf, deployManifests } from "./bot-account.ts";
import { kubectl, until } from "./commands.ts";
import { clusterSettings } from "./settings.ts";
import { SHOPS, type Shop } from "./shops.ts";
import { type ClusterWorld, type SeenPull, startClusterWorld } from "./world.ts";

const settings = clusterSettings(process.env);
const EACH = SHOPS.map((shop) => [shop.title, shop] as const);

describe.skipIf("missing" in settings)(`on a real cluster${"missing" in settings ? `: ${settings.missing}` : ""}`, () => {
  let world: ClusterWorld;
  const opened = new Map<Shop, SeenPull>();

  beforeAll(async () => {
    if ("missing" in settings) return;
    world = await startClusterWorld(settings, SHOPS);
  });
  afterAll(() => world?.close());

  describe("what is pushed is deployed, and pods get ready", () => {
    test.concurrent.for(EACH)("%s", async ([, shop]) => {
      await world.deploys(shop);
    });
  });

  describe("a commit breaks it, pods fail, and one pull request sets the one line right", () => {
    test.concurrent.for(EACH)("%s", async ([, shop]) => {
      const text = await world.breaks(shop);
      const seen = await world.opensPullRequest(shop);
      opened.set(shop, seen);
      const { path, good, bad } = shop.breaks;
      // The other line of the breaking commit stays as it is now.
      expect(seen.changes).toEqual({ [path]: text.replace(bad, good) });
      expect(seen.checks).toEqual(["success"]);
      const endings = world.endings(shop);
      expect(endings.filter((kind) => kind === "proposed")).toHaveLength(1);
      if (!shop.decided) expect(endings.slice(0, endings.indexOf("proposed"))).toContain("waiting");
    });
  });

  test("a restarted App opens no second one and leaves the first as it is", async () => {
    await world.restarts();
    for (const [shop, { pull }] of opened) {
      const now = await world.pulls(shop);
      expect(now.map(({ number, state, head, body }) => ({ number, state, sha: head.sha, body }))).toEqual([
        { number: pull.number, state: "open", sha: pull.head.sha, body: pull.body },
      ]);
    }
  });

  describe("its merge heals the delivery, and the App says so", () => {
    test.concurrent.for(EACH)("%s", async ([, shop]) => {
      await world.merges(shop);
      await world.heals(shop);
      await until(
        `the verdict on ${shop.name}`,
        120,
        async () => (await world.comments(shop)).find((comment) => comment.includes("is healthy again")),
        () => world.told(shop),
      );
      expect(await world.comments(shop)).toHaveLength(1);
      expect(await world.pulls(shop)).toHaveLength(1);
      expect(await world.issues(shop)).toEqual([]);
    });
  });

  test("its account may read, and has done nothing but read", async () => {
    const { account } = world;
    const audited = auditOf(world.settings, account.user);
    if (audited) {
      expect(audited.length).toBeGreaterThan(0);
      expect([...new Set(audited.map(({ verb }) => verb))].sort()).toEqual(["get", "list", "watch"]);
      // The role suffices: nothing was refused.
      expect([...new Set(audited.filter(({ allowed }) => !allowed).map(({ verb, what }) => `${verb} ${what}`))]).toEqual([]);
    }
    const can = async (...what: string[]) =>
      (await kubectl(world.settings.kubeconfig, ["auth", "can-i", ...what, "-A", "--as", account.user]).catch((thrown: Error) => thrown.message)).includes(
        "yes",
      );
    expect(await can("list", "pods")).toBe(true);
    for (const what of [
      ["get", "secrets"],
      ["create", "pods"],
      ["patch", "deployments.apps"],
      ["patch", "applications.argoproj.io"],
      ["create", "pods/exec"],
    ]) {
      expect([what, await can(...what)]).toEqual([what, false]);
    }
  });

  test("the API server accepts the Deployment of deploy/ and, in its restricted namespace, the pod", async () => {
    const manifests = deployManifests("deployment.yaml", `kube-autofix-${world.run}`);
    const [deployment] = manifests;
    const pod = { apiVersion: "v1", kind: "Pod", ...objectAt(deployment, "spec", "template") };
    const named = { ...pod, metadata: { ...objectAt(deployment, "metadata") } };
    const items = [...manifests, named];
    const answer = await kubectl(
      world.settings.kubeconfig,
      ["apply", "--dry-run=server", "-f", "-"],
      JSON.stringify({ apiVersion: "v1", kind: "List", items }),
    );
    expect(answer.split("\n").filter(Boolean)).toHaveLength(items.length);
  });
});
