import { describe, expect, test } from "vitest";
import { textAt } from "../../src/cluster/objects.ts";
import type { Observation } from "../../src/cluster/observation.ts";
import { identify } from "../../src/incident/identify.ts";
import { decideWindow, type WindowDecision } from "../../src/incident/window.ts";
import { endOfRecording, newestPods, only, set } from "./world.ts";

const OTHER_SCHEME = 'Get "https://10.244.0.144:8080/readyz": http: server gave HTTP response to HTTPS client';
const NO_TLS = 'Get "http://10.244.0.9:8443/": net/http: HTTP/1.x transport connection broken: malformed HTTP response "\\x15\\x03\\x01"';
const REFUSED = 'Get "http://10.244.0.144:8080/readyz": dial tcp 10.244.0.144:8080: connect: connection refused';
const NO_PORT = 'Startup probe errored and resulted in unknown state: strconv.Atoi: parsing "web": invalid syntax';
const status = (code: number) => `HTTP probe failed with statuscode: ${code}`;

interface Answer {
  says: string;
  /** Seconds after the container's start. */
  from?: number;
  to: number;
}

/** shop-69 while its rollout still has time: one new pod that runs and is not ready, and what its readiness probe was told. */
function answering(answers: readonly Answer[], { runs = 120, deadline = 600 } = {}): Observation {
  const observation = endOfRecording("shop-69");
  const start = observation.at.getTime() - runs * 1000;
  const after = (seconds: number) => new Date(start + seconds * 1000).toISOString();
  const deployment = only(observation, "Deployment");
  set(deployment, ["status", "conditions"], []);
  set(deployment, ["spec", "progressDeadlineSeconds"], deadline);
  for (const pod of newestPods(observation)) set(pod, ["status", "containerStatuses", 0, "state"], { running: { startedAt: after(0) } });
  const [event] = observation.events.filter((one) => textAt(one, "reason") === "Unhealthy");
  if (!event) throw new Error("no event to copy");
  observation.events = answers.map(({ says, from = 1, to }) => ({
    ...structuredClone(event),
    note: says.includes(" probe errored") ? says : `Readiness probe failed: ${says}`,
    deprecatedFirstTimestamp: after(from),
    deprecatedLastTimestamp: after(to),
  }));
  return observation;
}

function decide(observation: Observation): WindowDecision {
  const [incident] = identify(observation);
  if (!incident) throw new Error("nothing fails");
  return decideWindow(incident, observation, observation.at, { scale: 1 });
}

describe("a program that runs and answers its readiness probe in a way that no waiting turns", () => {
  test.each([OTHER_SCHEME, NO_TLS, NO_PORT, ...[400, 401, 403, 404, 405].map(status)])("%s: is not waited for", (says) => {
    expect(decide(answering([{ says, to: 70 }]))).toEqual({ kind: "over" });
    expect(decide(answering([{ says, to: 70 }], { deadline: 3600 }))).toEqual({ kind: "over" });
  });

  test("has a minute, and is looked at again soon", () => {
    expect(decide(answering([{ says: status(404), to: 50 }], { runs: 50 }))).toMatchObject({ kind: "wait", milliseconds: 30_000 });
    expect(decide(answering([{ says: status(404), from: 30, to: 80 }]))).toMatchObject({ kind: "wait", milliseconds: 30_000 });
  });

  test("may have been down before", () => {
    const answers = [
      { says: REFUSED, to: 9 },
      { says: status(404), from: 10, to: 90 },
    ];
    expect(decide(answering(answers))).toEqual({ kind: "over" });
  });

  test("has all the time that its own probe gives it", () => {
    const slow = answering([{ says: status(404), to: 110 }]);
    for (const pod of newestPods(slow)) set(pod, ["spec", "containers", 0, "readinessProbe", "initialDelaySeconds"], 300);
    expect(decide(slow)).toMatchObject({ kind: "wait", why: "its probes still give it time to start" });
  });
});

describe("the rollout keeps its full deadline where", () => {
  const waits = { kind: "wait", milliseconds: 480_000, why: "the rollout is within its progress deadline" };

  test.each([
    ["nothing listens yet", [{ says: REFUSED, to: 110 }]],
    ["it is slow", [{ says: 'Get "http://10.244.0.144:8080/readyz": context deadline exceeded', to: 110 }]],
    ["it says that it is not ready", [{ says: status(503), to: 110 }]],
    ["it fails", [{ says: status(500), to: 110 }]],
    [
      "it was refused for long and now does not listen",
      [
        { says: status(404), to: 80 },
        { says: REFUSED, from: 90, to: 110 },
      ],
    ],
    [
      "its answers come and go",
      [
        { says: status(404), to: 119 },
        { says: status(503), from: 20, to: 100 },
      ],
    ],
    ["a script only prints such words", [{ says: `curl: ${status(404)}`, to: 110 }]],
  ])("%s", (_, answers) => {
    const decision = decide(answering(answers));
    expect(decision).toMatchObject({ kind: "wait", why: waits.why });
    if (answers.at(0)?.to === 110) expect(decision).toEqual(waits);
  });

  test("another pod of the same revision is ready: the question can be answered", () => {
    const observation = answering([{ says: status(404), to: 110 }]);
    const [pod] = newestPods(observation);
    if (!pod) throw new Error("no pod");
    const other = structuredClone(pod);
    set(other, ["metadata", "name"], "themes-other");
    set(other, ["metadata", "uid"], "other");
    set(other, ["status", "conditions"], [{ type: "Ready", status: "True" }]);
    set(other, ["status", "containerStatuses", 0, "ready"], true);
    observation.objects.push(other);
    expect(decide(observation)).toEqual(waits);
  });
});
