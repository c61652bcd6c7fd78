import { afterEach, expect, test } from "vitest";
import type { DeliveryKey } from "../../src/cluster/delivery.ts";
import { healedState } from "../world/healed.ts";
import { loadRecording, type Recording } from "../world/recording.ts";
import { twinOf, withTwin } from "../world/twin.ts";
import { startWorld, type World } from "../world/world.ts";

const FIRST: DeliveryKey = { kind: "Application", namespace: "argocd", name: "shop-01" };
const TWIN: DeliveryKey = { kind: "Application", namespace: "argocd", name: "twin" };

let world: World;

afterEach(() => world.close());

/** Two Applications that deliver the same folder to two namespaces, and both fail for the same line. */
async function startTwins(): Promise<Recording> {
  const recording = loadRecording("shop-01");
  world = await startWorld(withTwin(recording));
  for (const name of ["shop-01", "twin"]) await world.ending(({ delivery, ending }) => delivery.endsWith(`/${name}`) && ending.kind === "proposed");
  await lookAtBoth();
  return recording;
}

async function lookAtBoth(): Promise<void> {
  await world.lookAgain(FIRST);
  await world.lookAgain(TWIN);
}

/** Both deliveries as the cluster shows them: failing, or healed by a commit. */
function show(recording: Recording, { first, twin }: { first?: string; twin?: string }): void {
  const state = (sha: string | undefined) => (sha ? healedState(recording, sha) : recording.objects);
  world.cluster.set([...state(first), ...twinOf({ ...recording, objects: state(twin) }, "twin")]);
}

async function affected(): Promise<string> {
  const { body } = await world.repository.pull(1);
  return /<!-- autofix:affected -->\n*([\s\S]*?)\n*<!-- \/autofix:affected -->/.exec(body ?? "")?.[1] ?? "";
}

test("two deliveries with one cause in one file share one pull request, which names both; a restart changes nothing", async () => {
  await startTwins();
  expect(await world.repository.pulls()).toMatchObject([{ number: 1, state: "open" }]);
  expect(
    (await affected())
      .replace(/(shop-01|twin)/g, "$1")
      .split("\n")
      .sort(),
  ).toMatchInlineSnapshot(`
    [
      "",
      "**One cause, 2 failures.** This pull request is for all of them:",
      "- Deployment \`shop-01/checkout\`, delivered by Argo CD Application \`argocd/shop-01\`",
      "- Deployment \`twin/checkout\`, delivered by Argo CD Application \`argocd/twin\`",
    ]
  `);
  expect(await world.repository.commitsOf(1)).toHaveLength(1);
  world.writes();
  await world.restart();
  await lookAtBoth();
  expect(world.writes()).toEqual([]);
  expect((await world.repository.branches()).filter((name) => name !== "main")).toHaveLength(1);
});

test("a merge is followed for each of them, and each gets its verdict once", async () => {
  const recording = await startTwins();
  const merge = await world.repository.merge(1);
  show(recording, { first: merge });
  await world.ending(({ delivery, ending }) => delivery.endsWith("/shop-01") && ending.kind === "verdict");
  await lookAtBoth();
  expect(await world.botSaid(1)).toEqual(["✅ Deployment shop-01/checkout is healthy again."]);
  show(recording, { first: merge, twin: merge });
  await world.ending(({ delivery, ending }) => delivery.endsWith("/twin") && ending.kind === "verdict");
  await lookAtBoth();
  await world.restart();
  await lookAtBoth();
  expect((await world.botSaid(1)).sort()).toEqual(["✅ Deployment shop-01/checkout is healthy again.", "✅ Deployment twin/checkout is healthy again."]);
  expect(await affected()).toContain("✅ healthy again");
});

test("when one recovers the pull request stays for the other, and is closed when both have", async () => {
  const recording = await startTwins();
  show(recording, { first: recording.scenario.good });
  await world.ending(({ delivery, ending }) => delivery.endsWith("/shop-01") && ending.kind === "quiet" && ending.why === "recovered");
  await lookAtBoth();
  expect(await world.repository.pulls()).toMatchObject([{ number: 1, state: "open" }]);
  expect(await world.botSaid(1)).toEqual([]);
  expect(await affected()).toContain("(works again without it)");
  show(recording, { first: recording.scenario.good, twin: recording.scenario.good });
  await world.ending(({ delivery, ending }) => delivery.endsWith("/twin") && ending.kind === "quiet" && ending.why === "recovered");
  expect(await world.repository.pulls()).toMatchObject([{ number: 1, state: "closed" }]);
  expect(await world.botSaid(1)).toHaveLength(1);

  const from = world.endings.length;
  show(recording, {});
  for (const name of ["shop-01", "twin"]) await world.ending(({ delivery, ending }) => delivery.endsWith(`/${name}`) && ending.kind === "proposed", from);
  expect(await world.repository.pulls()).toMatchObject([{ number: 1, state: "open" }]);
});

test("a person's no counts for both", async () => {
  await startTwins();
  await world.repository.close(1);
  await lookAtBoth();
  await world.restart();
  await lookAtBoth();
  expect(await world.repository.pulls()).toMatchObject([{ number: 1, state: "closed" }]);
  expect(await world.repository.issues()).toEqual([]);
});
