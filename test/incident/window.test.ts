import { describe, expect, test } from "vitest";
import type { Observation } from "../../src/cluster/observation.ts";
import { identify } from "../../src/incident/identify.ts";
import { decideWindow, type WindowDecision } from "../../src/incident/window.ts";
import { endOfRecording, newestPods, only, set } from "./world.ts";

function decide(observation: Observation, scale = 1): WindowDecision {
  const [incident] = identify(observation);
  if (!incident) throw new Error("nothing fails");
  return decideWindow(incident, observation, observation.at, { scale });
}

/** A container that has been running for some seconds and is not ready, in a Deployment whose own deadline is over. */
function starting(seconds: number, startupProbe?: { periodSeconds: number; failureThreshold: number }): Observation {
  const observation = endOfRecording("shop-09");
  for (const pod of newestPods(observation)) {
    set(pod, ["status", "containerStatuses", 0, "state"], { running: { startedAt: new Date(observation.at.getTime() - seconds * 1000).toISOString() } });
    set(pod, ["status", "containerStatuses", 0, "started"], false);
    if (startupProbe) set(pod, ["spec", "containers", 0, "startupProbe"], { httpGet: { path: "/", port: 80 }, ...startupProbe });
  }
  return observation;
}

describe("a container that is slow to start", () => {
  test("has as long as its startup probe gives it, even after the rollout's deadline", () => {
    expect(decide(starting(500, { periodSeconds: 10, failureThreshold: 60 }))).toMatchObject({ kind: "wait", why: "its probes still give it time to start" });
    expect(decide(starting(620, { periodSeconds: 10, failureThreshold: 60 }))).toEqual({ kind: "over" });
  });

  test("without a startup probe has until the rollout's deadline", () => {
    const early = starting(30);
    set(only(early, "Deployment"), ["status", "conditions"], []);
    expect(decide(early)).toMatchObject({ kind: "wait", milliseconds: 60_000, why: "the rollout is within its progress deadline" });
    expect(decide(starting(500))).toEqual({ kind: "over" });
  });
});

describe("a container that crashed", () => {
  function crashed(restarts: number, state: "waiting" | "running"): Observation {
    const observation = endOfRecording("shop-12");
    const now = observation.at.toISOString();
    set(only(observation, "Deployment"), ["status", "conditions"], []);
    observation.events = [];
    for (const pod of newestPods(observation)) {
      set(pod, ["metadata", "creationTimestamp"], now);
      set(pod, ["status", "containerStatuses", 0, "restartCount"], restarts);
      set(pod, ["status", "containerStatuses", 0, "lastState", "terminated", "finishedAt"], now);
      if (state === "running") set(pod, ["status", "containerStatuses", 0, "state"], { running: { startedAt: now } });
    }
    return observation;
  }

  test("once may start well the next time", () => {
    expect(decide(crashed(0, "waiting"))).toMatchObject({ kind: "wait" });
  });

  test("again after two restarts is a loop", () => {
    expect(decide(crashed(2, "waiting"))).toEqual({ kind: "over" });
  });

  test("twice and running for the third time may be recovering", () => {
    expect(decide(crashed(2, "running"))).toMatchObject({ kind: "wait", why: "a crash is no crash loop yet" });
    expect(decide(crashed(3, "running"))).toEqual({ kind: "over" });
  });
});

describe("a pod that finds no node", () => {
  function unscheduled(reason: string, cpu = "1"): Observation {
    const observation = endOfRecording("shop-13");
    for (const pod of newestPods(observation)) set(pod, ["spec", "containers", 0, "resources", "requests", "cpu"], cpu);
    set(only(observation, "Deployment"), ["status", "conditions"], []);
    for (const pod of newestPods(observation))
      set(pod, ["status", "conditions", 0, "lastTransitionTime"], new Date(observation.at.getTime() - 200_000).toISOString());
    const [event] = observation.events.filter((e) => e.reason === "FailedScheduling");
    if (!event) throw new Error("no event to copy");
    if (reason !== "") observation.events.push({ ...structuredClone(event), reason, type: "Normal" });
    return observation;
  }

  test("may get one within five minutes", () => {
    expect(decide(unscheduled(""))).toMatchObject({ kind: "wait", milliseconds: 100_000 });
  });

  test("has two minutes where no node is that large", () => {
    expect(decide(unscheduled("", "200"))).toEqual({ kind: "over" });
    expect(decide(unscheduled("TriggeredScaleUp", "200"))).toMatchObject({ kind: "wait", milliseconds: 700_000 });
  });

  test("has longer where the cluster autoscaler is at it", () => {
    expect(decide(unscheduled("TriggeredScaleUp"))).toMatchObject({ kind: "wait", milliseconds: 700_000 });
  });

  test("has no chance where the cluster autoscaler says so", () => {
    expect(decide(unscheduled("NotTriggerScaleUp"))).toEqual({ kind: "over" });
  });
});

test("a scale shrinks every window", () => {
  const early = starting(30);
  set(only(early, "Deployment"), ["status", "conditions"], []);
  expect(decide(early, 0.1)).toEqual({ kind: "over" });
  expect(decide(early, 0.5)).toMatchObject({ kind: "wait", milliseconds: 15_000 });
});

describe("a Service without endpoints", () => {
  function applying(applied: string, attempted: string): Observation {
    const observation = endOfRecording("shop-17");
    set(observation.delivery, ["status", "lastAppliedRevision"], applied);
    set(observation.delivery, ["status", "lastAttemptedRevision"], attempted);
    return { ...observation, state: { kind: "progressing", message: "" } };
  }

  test("is waited for while a new revision is being applied", () => {
    expect(decide(applying("main@sha1:a", "main@sha1:b"))).toMatchObject({ kind: "wait", why: "the delivery is still being applied" });
  });

  test("and not when Flux goes over the one again that it has applied", () => {
    expect(decide(applying("main@sha1:b", "main@sha1:b"))).toEqual({ kind: "over" });
  });
});
