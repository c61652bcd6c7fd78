import { describe, expect, test } from "vitest";
import { type JsonObject, type KubeObject, objectAt } from "../../src/cluster/objects.ts";
import type { Observation } from "../../src/cluster/observation.ts";
import { identify } from "../../src/incident/identify.ts";
import { branchOf } from "../../src/incident/incident.ts";
import { kindOf, observe } from "../world/observe-recording.ts";
import { loadRecording } from "../world/recording.ts";
import { all, endOfRecording, newestPods, newestSet, only, set } from "./world.ts";

const image = ["spec", "template", "spec", "containers", 0, "image"] as const;

/** Ships a change of the pod template, and lets the Deployment roll it out. */
function ship(observation: Observation, change: (template: KubeObject) => void): Observation {
  change(only(observation, "Deployment"));
  change(newestSet(observation));
  return observation;
}

function fingerprints(observation: Observation): string[] {
  return identify(observation).map(({ fingerprint }) => fingerprint);
}

describe("the fingerprint of a workload whose image is not there", () => {
  const known = fingerprints(endOfRecording("shop-01"));

  test("changes with another tag that is not there either", () => {
    const next = ship(endOfRecording("shop-01"), (object) => set(object, image, "acme/checkout:1.4.8"));
    expect(fingerprints(next)).toHaveLength(1);
    expect(fingerprints(next)).not.toEqual(known);
  });

  test("stays over a restart by hand", () => {
    const restarted = ship(endOfRecording("shop-01"), (object) =>
      set(object, ["spec", "template", "metadata", "annotations"], { "kubectl.kubernetes.io/restartedAt": "2026-11-22T23:00:00Z" }),
    );
    expect(fingerprints(restarted)).toEqual(known);
  });

  test("stays when an unrelated commit scales the workload", () => {
    const scaled = endOfRecording("shop-01");
    set(only(scaled, "Deployment"), ["spec", "replicas"], 5);
    expect(fingerprints(scaled)).toEqual(known);
  });

  test("names the branch", () => {
    const [incident] = identify(endOfRecording("shop-01"));
    expect(incident && branchOf(incident)).toMatchInlineSnapshot(`"autofix/shop-01-84b92478"`);
  });
});

describe("the fingerprint of a delivery that cannot be applied", () => {
  const known = fingerprints(endOfRecording("shop-24"));

  test("stays when the error tells other numbers, hashes and folders", () => {
    const again = endOfRecording("shop-24");
    if (again.state.kind === "failing") again.state.message = `${again.state.message} (retried 3 times)`;
    expect(fingerprints(again)).toEqual(known);
  });

  test("changes with another error", () => {
    const other = endOfRecording("shop-24");
    if (other.state.kind === "failing") other.state.message = other.state.message.replaceAll("spec.selector", "spec.strategy.type");
    expect(fingerprints(other)).not.toEqual(known);
  });
});

describe("nothing is said", () => {
  test("while the delivery is suspended", () => {
    expect(identify({ ...endOfRecording("shop-01"), state: { kind: "suspended", message: "" } })).toEqual([]);
  });

  test("while it waits for another delivery", () => {
    expect(identify({ ...endOfRecording("shop-01"), state: { kind: "waiting-for-dependency", on: "Kustomization/flux-system/base", message: "" } })).toEqual(
      [],
    );
  });

  test("about a delivery that is being deleted", () => {
    const leaving = endOfRecording("shop-01");
    set(leaving.delivery, ["metadata", "deletionTimestamp"], "2026-11-22T22:20:00Z");
    expect(identify(leaving)).toEqual([]);
  });

  test("about a paused rollout", () => {
    const paused = endOfRecording("shop-12");
    set(only(paused, "Deployment"), ["spec", "paused"], true);
    paused.state = { kind: "progressing", message: "" };
    expect(identify(paused)).toEqual([]);
  });

  test("about pods of a revision that was replaced", () => {
    const replaced = endOfRecording("shop-12");
    set(only(replaced, "Deployment"), ["spec", "template", "spec", "containers", 0, "args"], ["serve"]);
    set(only(replaced, "Deployment"), ["status", "conditions"], []);
    replaced.state = { kind: "progressing", message: "" };
    expect(identify(replaced)).toEqual([]);
  });

  test("about pods that are being deleted", () => {
    const leaving = endOfRecording("shop-12");
    for (const pod of newestPods(leaving)) set(pod, ["metadata", "deletionTimestamp"], "2026-11-22T22:20:00Z");
    set(only(leaving, "Deployment"), ["status", "conditions"], []);
    leaving.state = { kind: "progressing", message: "" };
    expect(identify(leaving)).toEqual([]);
  });

  test("about a Service whose pods come from somewhere else", () => {
    const elsewhere = endOfRecording("shop-16");
    set(only(elsewhere, "Service"), ["metadata", "name"], "ledger");
    set(only(elsewhere, "Service"), ["spec", "selector"], { "cnpg.io/cluster": "ledger" });
    elsewhere.managed = elsewhere.managed.map((ref) => (ref.kind === "Service" ? { ...ref, name: "ledger" } : ref));
    set(only(elsewhere, "EndpointSlice"), ["metadata", "labels"], { "kubernetes.io/service-name": "ledger" });
    const other = structuredClone(only(elsewhere, "Deployment"));
    set(other, ["metadata", "name"], "worker");
    set(other, ["metadata", "uid"], "another");
    elsewhere.objects.push(other);
    expect(identify(elsewhere)).toEqual([]);
  });

  test("about the Kustomization around a HelmRelease that fails", () => {
    const around = endOfRecording("shop-24");
    around.state = {
      kind: "failing",
      phase: "health",
      reason: "HealthCheckFailed",
      message: "failed early due to stalled resources: [HelmRelease/shop/vault status: 'Failed']",
      decided: false,
      since: around.at,
    };
    expect(identify(around)).toEqual([]);
  });
});

describe("a sync that fails because of a hook", () => {
  /** The Job of shop-33, as if Argo CD ran it before the sync. */
  function withFailedHook(...others: JsonObject[]): Observation {
    const observation = endOfRecording("shop-33");
    const hook = { group: "batch", kind: "Job", namespace: "shop-33", name: "import-2", hookType: "PreSync", hookPhase: "Failed" };
    set(observation.delivery, ["status", "operationState", "syncResult", "resources"], [hook, ...others]);
    const message = "one or more synchronization tasks completed unsuccessfully (retried 2 times).";
    return { ...observation, state: { kind: "failing", phase: "apply", reason: "SyncFailed", message, decided: true, since: observation.at } };
  }
  const targets = (observation: Observation) => identify(observation).map(({ target }) => `${target.kind} ${target.name}`);

  test("is the hook's failure, and no other of the delivery", () => {
    expect(targets(withFailedHook())).toEqual(["Job import-2"]);
  });

  test("is told of the delivery too where something else was not applied", () => {
    const refused = { group: "", kind: "Service", namespace: "shop-33", name: "import", status: "SyncFailed", message: "Service is invalid" };
    expect(targets(withFailedHook(refused))).toEqual(["Application shop-33", "Job import-2"]);
  });

  test("is the delivery's where the hook is gone", () => {
    const gone = withFailedHook();
    expect(targets({ ...gone, objects: gone.objects.filter(({ kind }) => !["Job", "Pod"].includes(kind)) })).toEqual(["Application shop-33"]);
  });

  test("waits for the hook that was made anew while the sync is tried again", () => {
    const again = withFailedHook();
    const job = only(again, "Job");
    set(job, ["status"], { active: 1 });
    const objects = again.objects.filter(({ kind }) => kind !== "Pod");
    expect(targets({ ...again, objects, state: { ...again.state, decided: false } as Observation["state"] })).toEqual([]);
  });
});

test("a container that crashed has recovered once it runs longer than before", () => {
  const recovered = endOfRecording("shop-12");
  recovered.state = { kind: "healthy" };
  set(only(recovered, "Deployment"), ["status", "conditions"], []);
  const runningSince = (minutes: number) => new Date(recovered.at.getTime() - minutes * 60_000).toISOString();
  for (const pod of newestPods(recovered)) {
    set(pod, ["status", "containerStatuses", 0, "ready"], true);
    set(pod, ["status", "containerStatuses", 0, "state"], { running: { startedAt: runningSince(0.5) } });
  }
  expect(identify(recovered).flatMap(({ symptoms }) => symptoms.map(({ reason }) => reason))).toEqual(["crash"]);
  for (const pod of newestPods(recovered)) set(pod, ["status", "containerStatuses", 0, "state"], { running: { startedAt: runningSince(3) } });
  expect(identify(recovered)).toEqual([]);
});

test("of many failing workloads the three worst are told, and what stops the whole delivery first", () => {
  const many = endOfRecording("shop-01");
  many.state = { kind: "failing", phase: "apply", reason: "SyncFailed", message: 'Service "x" is invalid', decided: true, since: many.at };
  const originals = [...all(many, "Deployment"), ...all(many, "ReplicaSet"), ...newestPods(many)];
  for (const n of ["a", "b", "c"])
    many.objects.push(
      ...originals.map(
        (object): KubeObject =>
          JSON.parse(
            JSON.stringify(object)
              .replaceAll(/"uid":"/g, `"uid":"${n}`)
              .replaceAll('"name":"checkout"', `"name":"checkout-${n}"`),
          ),
      ),
    );
  expect(identify(many).map(({ target }) => `${target.kind} ${target.name}`)).toEqual(["Application shop-01", "Deployment checkout", "Deployment checkout-a"]);
});

test("a Service without endpoints is explained by its own pods that fail, whatever else has a label of that name", () => {
  const recording = loadRecording("shop-849");
  const observation = observe(recording.objects, kindOf(recording), new Date("2026-11-30T00:00:00Z"));
  if (!observation) throw new Error("no delivery here");
  expect(all(observation, "Service").map(({ metadata }) => metadata.name)).toContain("iris");
  expect(identify(observation).map(({ target }) => `${target.kind} ${target.name}`)).toEqual(["Deployment iris"]);
});

test("a Service that asks for a label which somebody else sets on the pods is doubtful", () => {
  const observation = endOfRecording("shop-16");
  const symptoms = () => identify(observation).flatMap((incident) => incident.symptoms.filter(({ reason }) => reason === "no-endpoints"));
  const service = only(observation, "Service");
  set(service, ["spec", "selector"], { ...objectAt(only(observation, "Deployment"), "spec", "selector", "matchLabels"), role: "replica" });
  expect(symptoms().map(({ doubtful }) => doubtful)).toEqual([undefined]);
  for (const pod of newestPods(observation)) set(pod, ["metadata", "labels", "role"], "primary");
  expect(symptoms().map(({ doubtful }) => doubtful)).toEqual([true]);
});
