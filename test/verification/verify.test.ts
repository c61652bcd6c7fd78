import { Octokit } from "@octokit/rest";
import { describe, expect, it } from "vitest";
import { type KubeObject, objectAt, textAt } from "../../src/cluster/objects.ts";
import type { Observation } from "../../src/cluster/observation.ts";
import { identify } from "../../src/incident/identify.ts";
import type { OurPull } from "../../src/pull-request/pull.ts";
import { budgetOf } from "../../src/verification/budget.ts";
import { readContains } from "../../src/verification/contains.ts";
import { revisionsOf } from "../../src/verification/delivered.ts";
import { type Verdict, verify } from "../../src/verification/verify.ts";
import { breakAt, kindOf, observe, observeEnd, replay } from "../world/observe-recording.ts";
import { loadRecording, type Recording, recordingIds } from "../world/recording.ts";

const MINUTE = 60_000;
const SOAK = MINUTE;

/** What the cluster held so many seconds after the push; negative: during the good rollout before it. */
function heldAt(recording: Recording, seconds: number): Observation | undefined {
  const world = new Map<string, KubeObject>();
  for (const { seconds: when, type, object } of recording.sequence) {
    if (when > seconds) break;
    const id = `${object.kind}/${textAt(object, "metadata", "namespace")}/${textAt(object, "metadata", "name")}`;
    if (type === "DELETED") world.delete(id);
    else world.set(id, object);
  }
  return observe([...world.values()], kindOf(recording), new Date(breakAt(recording).getTime() + seconds * 1000));
}

function clusterAt(recording: Recording, seconds: number): Observation {
  const found = heldAt(recording, seconds);
  if (!found) throw new Error(`${recording.id} has no delivery at ${seconds} s`);
  return found;
}

function pullOf(recording: Recording, mergeCommit: string, mergedAt: Date): OurPull {
  const { objects } = recording;
  const deployment = objects.find(({ kind }) => ["Deployment", "Job"].includes(kind));
  return {
    repository: "acme/shop",
    number: 1,
    url: "",
    state: "merged",
    title: "",
    branch: "autofix/x",
    headSha: mergeCommit,
    base: "main",
    createdAt: mergedAt,
    mergeCommit,
    mergedAt,
    delivery: { kind: "Application", namespace: "argocd", name: recording.id },
    fingerprint: "ab".repeat(32),
    target: {
      group: deployment?.kind === "Job" ? "batch" : "apps",
      kind: deployment?.kind ?? "Deployment",
      namespace: textAt(deployment, "metadata", "namespace"),
      name: textAt(deployment, "metadata", "name"),
    },
    changes: { object: { group: "apps", kind: "Deployment", namespace: "", name: "" } },
    failureClass: "unknown",
    baseSha: "",
    ownHead: mergeCommit,
    updatedAt: "",
    comments: 0,
    affected: [],
    attempts: [],
    body: "",
  };
}

interface Asked {
  recording: Recording;
  observation: Observation;
  /** Which of the two recorded commits is looked for, and how long ago it was merged. */
  merged?: "good" | "bad";
  ago?: number;
  target?: OurPull["target"];
}

function ask({ recording, observation, merged = "good", ago = 2 * MINUTE, target }: Asked): Verdict {
  const commit = recording.scenario[merged];
  const pull = pullOf(recording, commit, new Date(observation.at.getTime() - ago));
  return verify({
    pull: { ...pull, ...(target ? { target } : {}) },
    observation,
    isDescendant: (revision) => revision === commit,
    now: observation.at,
    budget: budgetOf(observation, { soak: SOAK }),
  });
}

/** The recordings begin with a good rollout: exactly what a merged fix looks like. */
describe.each(["shop-01", "shop-04"])("a rollout that works, as recorded (%s)", (id) => {
  const recording = loadRecording(id);

  it("is not healed while it rolls out, then watched, then healed", () => {
    const seen: string[] = [];
    for (let seconds = -110; seconds < 0; seconds += 2) {
      const verdict = askAt(recording, seconds);
      if (verdict && seen.at(-1) !== verdict.kind) seen.push(verdict.kind);
    }
    expect(seen).toEqual(["not-yet", "healed"]);
  });

  it("is not called healed before the soak time is over", () => {
    const early = askAt(recording, -60);
    expect(early).toMatchObject({ kind: "not-yet", why: "ready, and watched whether it stays so" });
  });
});

/** Undefined before the delivery exists. */
function askAt(recording: Recording, seconds: number): Verdict | undefined {
  const started = recording.sequence[0]?.seconds ?? 0;
  const observation = heldAt(recording, seconds);
  return observation && ask({ recording, observation, ago: (seconds - started) * 1000 });
}

describe("a merge that did not help, as recorded", () => {
  it.each(["shop-01", "shop-04", "shop-27", "shop-31", "shop-33"])("%s: not yet within the budget, not healed after it, with what is seen", (id) => {
    const recording = loadRecording(id);
    const observation = observeEnd(recording);
    expect(ask({ recording, observation, merged: "bad" })).toMatchObject({ kind: "not-yet" });
    const late = ask({ recording, observation, merged: "bad", ago: 60 * MINUTE });
    expect(late.kind).toBe("not-healed");
    expect(late.kind === "not-healed" && late.symptoms.length).toBeGreaterThan(0);
  });

  it("is not healed by a failure of its own, and not yet where the merge is known but what fails is still what was there before", () => {
    const recording = loadRecording("shop-01");
    const observation = clusterAt(recording, 200);
    const incident = identify(observation)[0];
    const stuck = incident?.symptoms.find(({ decided }) => decided);
    const mergeCommit = recording.scenario.bad;
    const mergedAt = new Date((stuck?.since.getTime() ?? 0) - 10_000);
    const verdictOn = (fingerprint: string) =>
      verify({
        pull: { ...pullOf(recording, mergeCommit, mergedAt), fingerprint },
        observation,
        isDescendant: (revision) => revision === mergeCommit,
        now: observation.at,
        budget: budgetOf(observation, { soak: SOAK }),
      });
    expect(verdictOn("ab".repeat(32))).toMatchObject({ kind: "not-healed", symptoms: [{ reason: "rollout-stuck" }] });
    expect(verdictOn(incident?.fingerprint ?? "")).toMatchObject({ kind: "not-yet" });
  });

  it("is never called healed at any moment of the failing rollout", () => {
    const recording = loadRecording("shop-04");
    for (const { observation } of replay(recording)) {
      expect(ask({ recording, observation, merged: "bad", ago: 60 * MINUTE }).kind).not.toBe("healed");
    }
  });
});

describe("a merge that was not delivered", () => {
  const recording = loadRecording("shop-01");
  const observation = clusterAt(recording, -2);

  it("is waited for, however long it takes: a fix that was not tried has not failed", () => {
    for (const ago of [MINUTE, 600 * MINUTE]) {
      expect(ask({ recording, observation, merged: "bad", ago })).toMatchObject({
        kind: "not-yet",
        why: `the merge has not been delivered yet: it is at ${recording.scenario.good.slice(0, 7)}`,
      });
    }
  });

  it("is not guessed where GitHub cannot say what contains what", () => {
    const pull = pullOf(recording, "f".repeat(40), observation.at);
    const budget = budgetOf(observation, { soak: SOAK });
    const verdict = verify({ pull, observation, isDescendant: () => undefined, now: observation.at, budget });
    expect(verdict).toMatchObject({ kind: "not-yet", why: expect.stringContaining("is not known") });
  });

  it("awaits a person where auto-sync is off", () => {
    const delivery = structuredClone(observation.delivery);
    objectAt(delivery, "spec").syncPolicy = {};
    objectAt(delivery, "status", "sync").status = "OutOfSync";
    expect(ask({ recording, observation: { ...observation, delivery } })).toMatchObject({ kind: "not-yet", why: "auto-sync is off: awaiting manual sync" });
  });

  it("is not looked for while the delivery is suspended", () => {
    const state = { kind: "suspended", message: "" } as const;
    expect(ask({ recording, observation: { ...observation, state } })).toMatchObject({ kind: "not-yet", why: "Application shop-01 is suspended" });
  });
});

describe("what healed asks for", () => {
  const recording = loadRecording("shop-01");
  const good = clusterAt(recording, -2);

  /** The good cluster with one object changed. */
  function but(kind: string, change: (object: KubeObject) => void, which = 0): Observation {
    let n = 0;
    const objects = good.objects.map((object) => {
      if (object.kind !== kind || n++ !== which) return object;
      const copy = structuredClone(object);
      change(copy);
      return copy;
    });
    expect(n).toBeGreaterThan(0);
    return { ...good, objects };
  }

  const late = { recording, ago: 60 * MINUTE };

  it("holds for the recorded good rollout", () => {
    expect(ask({ ...late, observation: good })).toMatchObject({ kind: "healed", words: "Deployment shop-01/checkout is healthy again." });
  });

  it("the controller has seen the latest spec", () => {
    const observation = but("Deployment", (deployment) => {
      deployment.metadata.generation = 99;
    });
    expect(ask({ recording, observation })).toMatchObject({ kind: "not-yet", why: expect.stringContaining("latest spec") });
  });

  it("a sidecar is ready, not only the application", () => {
    const observation = but("Pod", (pod) => {
      objectAt(pod, "spec").initContainers = [{ name: "proxy", image: "acme/proxy:1", restartPolicy: "Always" }];
      objectAt(pod, "status").initContainerStatuses = [{ name: "proxy", ready: false, restartCount: 0, started: true, state: { running: {} } }];
    });
    expect(ask({ ...late, observation }).kind).toBe("not-healed");
  });

  it("an init container has ended well", () => {
    const observation = but("Pod", (pod) => {
      objectAt(pod, "spec").initContainers = [{ name: "migrate", image: "acme/migrate:1" }];
      objectAt(pod, "status").initContainerStatuses = [{ name: "migrate", ready: false, restartCount: 0, state: { running: {} } }];
    });
    expect(ask({ recording, observation })).toMatchObject({ kind: "not-yet", why: expect.stringContaining("init container migrate is not ready") });
  });

  it("Services that select the pods have a ready endpoint", () => {
    const observation = but("EndpointSlice", (slice) => {
      slice.endpoints = [];
    });
    expect(ask({ recording, observation })).toMatchObject({ kind: "not-yet", why: "Service shop-01/checkout has no ready endpoint" });
  });

  it("a container that started again begins the soak anew", () => {
    const startedAt = new Date(good.at.getTime() - 10_000).toISOString();
    const observation = but("Pod", (pod) => {
      const [status] = objectAt(pod, "status").containerStatuses as KubeObject[];
      if (status) status.state = { running: { startedAt } };
    });
    const verdict = ask({ ...late, observation });
    expect(verdict).toMatchObject({ kind: "not-yet", why: "ready, and watched whether it stays so" });
    expect(verdict.kind === "not-yet" && verdict.again).toBeCloseTo(50_000, -4);
  });

  it("Argo CD has no failed operation", () => {
    const delivery = structuredClone(good.delivery);
    objectAt(delivery, "status", "operationState").phase = "Failed";
    expect(ask({ recording, observation: { ...good, delivery } })).toMatchObject({ kind: "not-yet", why: "the sync ended as Failed" });
  });
});

describe("two failures in one delivery", () => {
  it("a fix is not to blame for the other one, and its words name it", () => {
    const recording = loadRecording("shop-01");
    const good = clusterAt(recording, -2);
    const bad = observeEnd(recording);
    const rename = (object: KubeObject): KubeObject => JSON.parse(JSON.stringify(object).replaceAll("checkout", "healthy").replaceAll('"uid":"', '"uid":"h'));
    const healthy = good.objects.filter(({ kind }) => kind !== "ServiceAccount").map(rename);
    const observation: Observation = { ...bad, objects: [...bad.objects, ...healthy], managed: [...bad.managed] };
    const target = { group: "apps", kind: "Deployment", namespace: "shop-01", name: "healthy" };
    expect(ask({ recording, observation, merged: "bad", ago: 60 * MINUTE, target })).toMatchObject({
      kind: "healed",
      words: "Deployment shop-01/healthy is healthy again. The delivery still fails for another reason: Deployment shop-01/checkout.",
    });
  });
});

describe("the budget", () => {
  it.each([
    ["shop-01", 180 + 90 + 60],
    ["shop-04", 300 + 30 + 60 + 90 + 60],
  ])("%s: the tool's interval, the rollout's deadline and the soak, %d s", (id, seconds) => {
    const recording = loadRecording(id);
    expect(budgetOf(clusterAt(recording, -2), { soak: SOAK }).overall / 1000).toBe(seconds);
  });
});

describe("which commits are compared", () => {
  it.each([
    ["shop-01", ["good"]],
    ["shop-04", ["good"]],
  ] as const)("%s: those that the delivery names, each once, and only where they differ from the merge", async (id, expected) => {
    const recording = loadRecording(id);
    const observation = clusterAt(recording, -2);
    expect(revisionsOf(observation)).toEqual(expected.map((which) => recording.scenario[which]));
    const asked: string[] = [];
    const octokit = new Octokit({
      request: {
        fetch: async (url: string) => {
          asked.push(url.split("/compare/")[1] ?? "");
          return Response.json({ status: "ahead" });
        },
      },
    });
    const contains = await readContains(octokit, { repository: "acme/shop", commit: recording.scenario.bad, observation });
    expect(asked).toEqual([`${recording.scenario.bad}...${recording.scenario.good}?per_page=1`]);
    expect([contains(recording.scenario.good), contains("f".repeat(40))]).toEqual([true, undefined]);
  });
});

describe("every recording", () => {
  /** Where the cluster shows nothing wrong at the end: Flux drops an unknown field in silence, a check recovers, a renamed ConfigMap is not read again, a clean rollout. */
  const ENDS_WELL = ["shop-25", "shop-43", "shop-44", "shop-45"];

  /** Paused and suspended on purpose: what was merged is not delivered, so it was not tried. */
  const ON_HOLD = ["shop-65", "shop-66"];
  /** The first release of these never worked. */
  const NEVER_WORKED = ["shop-64"];

  it.each(recordingIds())("%s: its good rollout is never blamed, its end is called healed only where it is", (id) => {
    const recording = loadRecording(id);
    const target = identify(observeEnd(recording))[0]?.target;
    const asked = { recording, ago: 60 * MINUTE, ...(target ? { target } : {}) };
    const rolledOut = ask({ ...asked, observation: clusterAt(recording, -2) }).kind;
    expect(rolledOut === "not-healed").toBe(NEVER_WORKED.includes(id));
    const end = ENDS_WELL.includes(id) ? "healed" : ON_HOLD.includes(id) ? "not-yet" : "not-healed";
    expect(ask({ ...asked, observation: observeEnd(recording), merged: "bad" }).kind).toBe(end);
  });
});
