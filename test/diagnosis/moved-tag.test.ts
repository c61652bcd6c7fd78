import { expect, test } from "vitest";
import { type JsonObject, type KubeObject, listAt, objectAt, textAt } from "../../src/cluster/objects.ts";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { loadRecording, type Recording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

const STABLE = `docker.io/acme/checkout@sha256:${"5a".repeat(32)}`;
const PUSHED = `docker.io/acme/checkout@sha256:${"b6".repeat(32)}`;
const NAMED = "2026-11-22T22:13:16.066327233Z config error: FAIL_AFTER_SECONDS is out of range\n";

/** In shop-31 one commit changed two variables, and the program ends with a panic that names neither. Here a pod of before that commit still runs. */
function withOlderPod(images: { works: string; fails: readonly string[] }): Recording {
  const recording = loadRecording("shop-31");
  const pods = recording.objects.filter(({ kind }) => kind === "Pod");
  const failing = pods.map((pod, i) => running(pod, images.fails[i] ?? images.fails[0] ?? ""));
  const [older] = recording.objects.filter(
    (object) => object.kind === "ReplicaSet" && !pods.some((pod) => textAt(pod, "metadata", "name").startsWith(textAt(object, "metadata", "name"))),
  );
  const [pod] = pods;
  if (!older || !pod) throw new Error("shop-31 has no older ReplicaSet");
  return { ...recording, objects: [...recording.objects.filter(({ kind }) => kind !== "Pod"), ...failing, well(running(pod, images.works), older)] };
}

function running(pod: KubeObject, imageID: string): KubeObject {
  const containerStatuses = listAt(pod, "status", "containerStatuses").map((status) => ({ ...objectAt(status), imageID }));
  return { ...pod, status: { ...objectAt(pod, "status"), containerStatuses } };
}

function well(pod: KubeObject, set: KubeObject): KubeObject {
  const [was] = listAt(pod, "status", "containerStatuses");
  const status: JsonObject = {
    ...objectAt(was ?? null),
    ready: true,
    restartCount: 0,
    state: { running: { startedAt: "2026-11-22T21:00:00Z" } },
    lastState: {},
  };
  const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: textAt(set, "metadata", "name"), uid: textAt(set, "metadata", "uid"), controller: true };
  const metadata = { ...pod.metadata, name: `${owner.name}-older`, uid: "older-pod", ownerReferences: [owner] };
  return { ...pod, metadata, status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }], containerStatuses: [status] } } as KubeObject;
}

async function findingFor(recording: Recording) {
  const input = await caseOf(recording);
  const finding = input && consultPlaybook(input)[0]?.finding;
  if (!input || !finding) throw new Error("nothing is found");
  const quoted = finding.quotes.map(({ quote }) => quote).join("\n");
  return { ...finding, quoted };
}

test("a tag that was pushed again is to blame, and no setting that changed at the same time", async () => {
  const { action, rootCause, quoted, confidence } = await findingFor(withOlderPod({ works: STABLE, fails: [PUSHED, PUSHED] }));
  expect(action).toMatchObject({
    kind: "escalate",
    advice: `Pin the image that worked (acme/checkout@sha256:${"5a".repeat(32)}), or push the repaired build under a new tag.`,
  });
  expect(rootCause).toContain("the tag 1.4.1 of acme/checkout is another image now: sha256:5a5a5a5a5a5a… runs well in pod");
  expect(rootCause).toMatch(/sha256:b6b6b6b6b6b6… does not\.$/);
  expect(quoted).toContain(STABLE);
  expect(quoted).toContain(PUSHED);
  expect(confidence).toBe(0.85);
});

test("the same image under another registry's name is the same", async () => {
  const mirrored = STABLE.replace("docker.io", "mirror.example.com");
  expect((await findingFor(withOlderPod({ works: mirrored, fails: [STABLE, STABLE] }))).action.kind).toBe("fix");
});

test("where a pod fails with the image that works elsewhere, it is not the image", async () => {
  expect((await findingFor(withOlderPod({ works: STABLE, fails: [PUSHED, STABLE] }))).action.kind).toBe("fix");
});

test("what a runtime says without a digest of the registry proves nothing", async () => {
  expect((await findingFor(withOlderPod({ works: `sha256:${"5a".repeat(32)}`, fails: [PUSHED, PUSHED] }))).action.kind).toBe("fix");
});

test("a log that names a setting that changed comes first", async () => {
  const recording = withOlderPod({ works: STABLE, fails: [PUSHED, PUSHED] });
  const logs = Object.fromEntries(Object.keys(recording.logs).map((name) => [name, NAMED]));
  const { action } = await findingFor({ ...recording, logs });
  expect(action.kind).toBe("fix");
});
