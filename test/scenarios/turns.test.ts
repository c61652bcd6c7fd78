import { afterEach, describe, expect, test, vi } from "vitest";
import type { KubeObject } from "../../src/cluster/objects.ts";
import { healedState } from "../world/healed.ts";
import { loadRecording } from "../world/recording.ts";
import { sideBySide } from "../world/side-by-side.ts";
import { pushBreakingCommit, startWorld, type Told, type World, type WorldOptions } from "../world/world.ts";

// Several looks of the whole App each; machines that are busy need longer.
vi.setConfig({ testTimeout: 120_000 });

let world: World;
/** Milliseconds by which the App's clock is ahead. */
let ahead = 0;

afterEach(async () => {
  ahead = 0;
  await world.close();
});

const NAMES = ["alpha", "beta", "gamma"];
const shops = sideBySide(loadRecording("shop-01"), NAMES);
const keyOf = (name: string) => ({ kind: "Application", namespace: "argocd", name }) as const;

async function start(settings: string, options: WorldOptions = {}): Promise<void> {
  const clock = () => Date.now() + ahead;
  world = await startWorld(shops, { ...options, clock, files: { ".github/autofix.yml": settings } });
}

/** Looks at every shop once; how each look ended, by the shop's name. */
async function lookAtAll(): Promise<Record<string, string>> {
  await world.github.settled();
  const from = world.endings.length;
  for (const name of NAMES) world.app.look(keyOf(name));
  await Promise.all(NAMES.map((name) => world.ending(({ delivery }) => delivery === `Application/argocd/${name}`, from)));
  await world.github.settled();
  return Object.fromEntries(world.endings.slice(from).map(({ delivery, ending }) => [delivery.split("/")[2], ending.kind]));
}

const count = (endings: Record<string, string>, kind: string) => Object.values(endings).filter((one) => one === kind).length;
const openPulls = async () => (await world.repository.pulls()).filter(({ state }) => state === "open");
const list = async () => (await world.repository.issues()).find(({ title }) => title.includes("wait"));
const settledAt = async (kind: Told["ending"]["kind"], times: number) => {
  await expect.poll(() => world.endings.filter(({ ending }) => ending.kind === kind).length, { timeout: 60_000 }).toBeGreaterThanOrEqual(times);
};

describe("more fixes than may be open at once", () => {
  test("wait, are listed in one issue, and go on by themselves as soon as there is room", async () => {
    await start("pullRequests: {maxOpen: 1}\n");
    await settledAt("queued", 2);
    await lookAtAll();
    expect(await openPulls()).toHaveLength(1);
    const waiting = await list();
    expect(waiting).toMatchObject({ state: "open", title: "Kube AutoFix: 2 fixes wait for room" });
    const shown = (waiting?.body ?? "").replaceAll(/alpha|beta|gamma/g, "SHOP").replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, "TIME");
    expect(shown.replace(/<!-- autofix:waiting .*-->/, "(rows)")).toMatchInlineSnapshot(`
      "1 of at most 1 pull requests are open. These failures have a fix that waits for its turn. Nothing has to be done: each gets its pull request by itself as soon as there is room. Merging or closing one of the open pull requests makes room.

      | Failing | Delivered by | Failing since |
      |---|---|---|
      | \`Deployment SHOP/checkout\` | Argo CD Application \`argocd/SHOP\` | TIME UTC |
      | \`Deployment SHOP/checkout\` | Argo CD Application \`argocd/SHOP\` | TIME UTC |

      This issue is kept up to date, and closed when nothing waits any more.

      (rows)

      <!-- autofix:notice waiting on -->"
    `);

    const [first] = await openPulls();
    await world.repository.close(first?.number ?? 0);
    await expect.poll(openPulls, { timeout: 60_000 }).toHaveLength(1);
    await expect.poll(async () => (await list())?.title, { timeout: 60_000 }).toBe("Kube AutoFix: 1 fix waits for room");

    const [second] = await openPulls();
    await world.repository.close(second?.number ?? 0);
    await expect.poll(list, { timeout: 60_000 }).toMatchObject({ state: "closed", title: "Kube AutoFix: no fix waits" });
    expect(await world.repository.pulls()).toHaveLength(3);
    expect(await world.repository.issues()).toHaveLength(1);
    expect(await world.repository.comments((await list())?.number ?? 0)).toEqual([]);
  });

  test("are counted on GitHub: a restart neither forgets them nor opens more, and writes nothing", async () => {
    await start("pullRequests: {maxOpen: 1}\n");
    await settledAt("queued", 2);
    await lookAtAll();
    const writes = () => world.github.requests.filter(({ method, path }) => method !== "GET" && !path.includes("access_tokens")).length;
    const written = writes();
    await world.restart();
    const endings = await lookAtAll();
    expect([count(endings, "standing"), count(endings, "queued")]).toEqual([1, 2]);
    expect(writes()).toBe(written);
  });

  test("the operator's limit holds where the repository says more", async () => {
    await start("pullRequests: {maxOpen: 50}\n", { environment: { AUTOFIX_MAX_OPEN: "2" } });
    await settledAt("queued", 1);
    await lookAtAll();
    expect(await openPulls()).toHaveLength(2);
  });

  test("what recovers while it waits leaves the list", async () => {
    await start("pullRequests: {maxOpen: 1}\n");
    await settledAt("queued", 2);
    await lookAtAll();
    const opened = (await openPulls())[0]?.head.ref.split("/")[1]?.split("-")[0] ?? "";
    world.cluster.set(mixed((name) => (name === opened ? "broken" : "well")));
    await expect.poll(list, { timeout: 60_000 }).toMatchObject({ state: "closed" });
    expect(await world.repository.pulls()).toHaveLength(1);
  });

  test("a newer failure of the same object does not wait for the pull request that it makes needless", async () => {
    const recording = loadRecording("shop-01");
    world = await startWorld(recording, { files: { ".github/autofix.yml": "pullRequests: {maxOpen: 1}\n" } });
    await settledAt("proposed", 1);
    const worse = { ...recording.scenario, good: recording.scenario.bad, bad: "b".repeat(40) };
    const again = (text: string) => text.replaceAll("acme/checkout:1.4.7", "acme/checkout:1.4.8").replaceAll(recording.scenario.bad, worse.bad);
    await pushBreakingCommit(world.repository, { ...recording, after: JSON.parse(again(JSON.stringify(recording.after))), scenario: worse });
    world.cluster.set(JSON.parse(again(JSON.stringify(recording.objects))));
    await settledAt("proposed", 2);
    expect(await world.repository.pulls()).toMatchObject([{ state: "closed" }, { state: "open" }]);
  });
});

describe("more fixes than may be opened within an hour", () => {
  test("wait until the hour is over, whatever became of the first ones", async () => {
    await start("pullRequests: {maxPerHour: 2}\n");
    await settledAt("queued", 1);
    await lookAtAll();
    for (const { number } of await openPulls()) await world.repository.close(number);
    await lookAtAll();
    expect(await world.repository.pulls()).toHaveLength(2);
    expect((await list())?.body).toContain("2 of at most 2 pull requests were opened within the last hour");
    ahead = 61 * 60_000;
    await lookAtAll();
    expect(await world.repository.pulls()).toHaveLength(3);
    expect(await list()).toMatchObject({ state: "closed" });
  });
});

/** The cluster with some shops as they were before the push. */
function mixed(stateOf: (name: string) => "broken" | "well"): KubeObject[] {
  const well = healedState(shops, shops.scenario.bad);
  const part = (objects: readonly KubeObject[], state: "broken" | "well") =>
    objects.filter((object) => NAMES.some((name) => belongsTo(object, name) && stateOf(name) === state));
  return [...shops.objects.filter(({ kind }) => kind === "Node"), ...part(shops.objects, "broken"), ...part(well, "well")];
}

function belongsTo({ metadata }: KubeObject, name: string): boolean {
  return metadata.namespace === name || (metadata.namespace === "argocd" && String(metadata.name).startsWith(name));
}
