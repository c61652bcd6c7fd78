import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ReplayCluster, startReplayCluster } from "../standins/replay-cluster.ts";
import { loadRecording } from "../world/recording.ts";
import { startWorld, type Told, type World } from "../world/world.ts";

let world: World;
/** The same cluster, as the dry run's own account reaches it. */
let trials: ReplayCluster;
let objection: string | undefined;

beforeEach(async () => {
  objection = undefined;
  trials = await startReplayCluster({ tries: () => objection });
});

afterEach(async () => {
  await world.close();
  await trials.close();
});

const decided = ({ ending }: Told) => ending.kind === "proposed" || ending.kind === "handed-over";

async function start(): Promise<string> {
  world = await startWorld(loadRecording("shop-01"), { environment: { AUTOFIX_DRY_RUN_KUBECONFIG: trials.kubeconfig } });
  const { ending } = await world.ending(decided);
  return ending.kind;
}

describe("with the dry run switched on", () => {
  test("a fix is tried once, when everything else has passed, and then proposed", async () => {
    expect(await start()).toBe("proposed");
    const [pull] = await world.repository.pulls();
    expect(pull?.body).toContain("the cluster accepts Deployment");
    expect(trials.requests.length).toBeGreaterThan(0);
    for (const { method, query, path } of trials.requests) {
      expect(method).toBe("PATCH");
      expect(query.dryRun).toBe("All");
      expect(path).toBe("/apis/apps/v1/namespaces/shop-01/deployments/checkout");
    }
    expect(trials.requests[0]?.body).toContain("acme/checkout:1.4.1");
    // The bot's own account still only reads.
    expect(new Set(world.cluster.requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
  });

  test("what the cluster would not accept is not proposed, and the reason is told", async () => {
    objection = "admission webhook denied the request: images must be signed";
    expect(await start()).toBe("handed-over");
    expect(await world.repository.pulls()).toEqual([]);
    const [issue] = await world.repository.issues();
    expect(issue?.body).toContain("images must be signed");
  });

  test("nothing is proposed while the cluster cannot be asked", async () => {
    trials.pause();
    expect(await start()).toBe("handed-over");
    expect(await world.repository.pulls()).toEqual([]);
    trials.resume();
  });
});
