import { afterEach, describe, expect, test } from "vitest";
import { startGitHub } from "../standins/github.ts";
import { loadRecording } from "../world/recording.ts";
import { startWorld, type World, type WorldOptions } from "../world/world.ts";

const REPOSITORY = "/repos/acme/shop-01";

let world: World;

afterEach(async () => {
  await world.close();
  await world.github.stop();
});

/** shop-01 on a GitHub in which something goes wrong. */
async function startWith(prepare: (github: Awaited<ReturnType<typeof startGitHub>>) => void, options: WorldOptions = {}): Promise<void> {
  const github = await startGitHub({ repositories: ["acme/shop-01"] });
  prepare(github);
  world = await startWorld(loadRecording("shop-01"), { github, ...options });
  await world.ending(({ ending }) => ending.kind === "proposed");
}

async function expectOneOfEach(): Promise<void> {
  const [pull, ...more] = await world.repository.pulls();
  expect(more).toEqual([]);
  expect(pull?.labels.map(({ name }) => name).sort()).toEqual(["autofix", "autofix:image-not-found"]);
  expect(await world.repository.commitsOf(pull?.number ?? 0)).toHaveLength(1);
  expect(await world.repository.checkRuns(pull?.head.sha ?? "")).toHaveLength(1);
  expect((await world.repository.branches()).filter((name) => name !== "main")).toHaveLength(1);
  expect(await world.repository.issues()).toEqual([]);
}

describe("a first pull request is one of everything", () => {
  const WRITES = ["/git/trees", "/git/commits", "/git/refs", "/pulls", "/issues/1/labels", "/check-runs"];

  test.each(["timeout-after", "error-after"] as const)("although every write ends in a %s", async (fault) => {
    await startWith((github) => {
      for (const path of WRITES) github.failNext("POST", REPOSITORY + path, fault);
    });
    await expectOneOfEach();
  });

  test.each(["timeout-before", 502] as const)("although writes end in %s before they worked", async (fault) => {
    await startWith((github) => {
      for (const path of ["/git/refs", "/pulls"]) github.failNext("POST", REPOSITORY + path, fault);
    });
    await expectOneOfEach();
  });
});

describe("GitHub's limits", () => {
  test("nothing is sent while the rate limit is used up, and afterwards everything that is due", async () => {
    await startWith((github) => github.exhaust(3), { throttle: true });
    const refused = world.github.requests.filter(({ status }) => status === 403).length;
    expect(refused).toBeLessThanOrEqual(4);
    await expectOneOfEach();
  });

  test("a secondary limit is waited for as long as GitHub asks, and what it refused is made once", async () => {
    await startWith((github) => github.failNext("POST", `${REPOSITORY}/pulls`, 403, { "retry-after": "1" }, "You have exceeded a secondary rate limit."), {
      throttle: true,
    });
    await expectOneOfEach();
    expect(world.github.requests.filter(({ method, path }) => method === "POST" && path === `${REPOSITORY}/pulls`).map(({ status }) => status)).toEqual([
      403, 201,
    ]);
  });
});
