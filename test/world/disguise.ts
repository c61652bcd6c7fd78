import type { BenchCase } from "../../bench/diagnosis/cases.ts";
import { isObject, type Json, type KubeObject, listAt, refOf, textAt } from "../../src/cluster/objects.ts";
import { typingErrors } from "../../src/source/edit/typing-errors.ts";
import type { Recording } from "./recording.ts";

const NEW_NAMES = ["quokka", "wombat", "numbat", "dugong", "bilby", "kowari", "potoroo", "echidna"];
/** Names of recorded workloads that are also fields or words of Kubernetes: those stay. */
const ALSO_WORDS = new Set(["inventory", "labels", "images", "import", "cache", "metrics"]);

/** The same failure under other names: namespace, delivery, workloads, containers and image repositories, wherever they are written. */
function renamed<T>(recording: Recording, alongside: T): { recording: Recording; alongside: T } {
  const names = namesOf(recording);
  const rename = (text: string): string => {
    let renamed = text.replaceAll(recording.id, `nimbus${recording.id.slice(4)}`).replaceAll(asWord("acme"), "zeta-labs");
    for (const [i, name] of names.entries()) {
      const other = NEW_NAMES[i] ?? `creature${i}`;
      // A right fix may be what first asks for a Service in capitals.
      renamed = renamed.replaceAll(asWord(name), other).replaceAll(`${name.toUpperCase()}_SERVICE_`, `${other.toUpperCase()}_SERVICE_`);
    }
    return renamed;
  };
  return { recording: everywhere(recording, rename), alongside: everywhere(alongside, rename) };
}

/** A case of the bench under other names amid noise, with what is expected of it. */
export function disguised({ recording, expected, ...rest }: BenchCase): BenchCase {
  const { recording: other, alongside } = renamed(amidNoise(recording), expected);
  return { ...rest, recording: other, ...(alongside ? { expected: alongside } : {}) };
}

/** Every text in a value, and every key. Not its JSON: there, a name at the start of a line follows the letter n. */
function everywhere<V>(value: V, change: (text: string) => string): V {
  if (value === undefined) return value;
  const keys = (_: string, item: Json) => (isObject(item) ? Object.fromEntries(Object.entries(item).map(([key, held]) => [change(key), held])) : item);
  return JSON.parse(JSON.stringify(value, keys), (_, item: unknown) => (typeof item === "string" ? change(item) : item));
}

function asWord(name: string): RegExp {
  return new RegExp(`(?<![A-Za-z0-9])${name}(?![A-Za-z0-9])`, "g");
}

/**
 * Longest first, so that a name within another is not replaced there. A name that is written nearly right somewhere stays: the failure may be that one letter.
 * So does one in a file from which kustomize generates a ConfigMap: its content decides the name that the cluster has.
 */
function namesOf({ objects, before, after }: Recording): string[] {
  const workloads = objects.filter(({ kind }) => ["Deployment", "StatefulSet", "DaemonSet", "CronJob", "HelmRelease"].includes(kind));
  const containers = workloads.flatMap((object) => [...listAt(object, "spec", "template", "spec", "containers")].map((container) => textAt(container, "name")));
  const names = new Set([...workloads.map((object) => refOf(object).name), ...containers]);
  const words = [...new Set(Object.values(after).flatMap((text) => text.match(/[A-Za-z]{4,}/g) ?? []))];
  const isMisspelt = (name: string) => words.some((word) => word !== name && Math.abs(word.length - name.length) <= 1 && typingErrors(word, name) === 1);
  const generated = [before, after].flatMap((files) => {
    const texts = Object.entries(files);
    return texts.some(([, text]) => text.includes("configMapGenerator"))
      ? texts.filter(([path]) => !/\.ya?ml$|\.md$/.test(path)).map(([path, text]) => `${path}\n${text}`)
      : [];
  });
  // LEDGER_URL of a file is ledger.url in a log.
  const isHashed = (name: string) => generated.some((text) => asWord(name).test(text) || text.includes(`${name.toUpperCase()}_`));
  const isAddress = (name: string) => Object.values(after).some((text) => text.includes(`${name.toUpperCase()}_SERVICE_`));
  return [...names]
    .filter((name) => /^[a-z]{4,}$/.test(name) && !ALSO_WORDS.has(name) && !isMisspelt(name) && !isHashed(name) && !isAddress(name))
    .sort((a, b) => b.length - a.length);
}

/**
 * The same failure amid noise: warnings of every other kind about the pods that work, errors in the logs of containers that work, and a pod of somebody
 * else in the same namespace that crashes for another reason.
 */
function amidNoise(recording: Recording): Recording {
  const ready = recording.objects.filter((object) => object.kind === "Pod" && listAt(object, "status", "containerStatuses").every(isReady));
  const events = ready.flatMap((pod) => NOTES.map(([reason, note], i) => warning(pod, reason, note, i)));
  const stranger = recording.objects.find(({ kind }) => kind === "Pod");
  return { ...recording, objects: [...recording.objects, ...events, ...(stranger ? [strangerLike(stranger)] : [])], logs: loud(recording) };
}

const NOTES: readonly (readonly [reason: string, note: string])[] = [
  ["Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 404"],
  ["Failed", 'Failed to pull image "acme/other:9": not found'],
  ["FailedMount", 'MountVolume.SetUp failed for volume "x" : configmap "other" not found'],
  ["FailedScheduling", "0/1 nodes are available: 1 Insufficient memory."],
];

function isReady(status: unknown): boolean {
  return typeof status === "object" && status !== null && "ready" in status && status.ready === true;
}

function warning(pod: KubeObject, reason: string, note: string, i: number): KubeObject {
  const { namespace, name } = refOf(pod);
  const uid = textAt(pod, "metadata", "uid");
  const at = textAt(pod, "metadata", "creationTimestamp");
  return {
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata: { name: `${name}.${i}`, namespace, uid: `${uid}-${i}`, creationTimestamp: at },
    eventTime: at,
    type: "Warning",
    reason,
    note,
    regarding: { apiVersion: "v1", kind: "Pod", namespace, name, uid },
  };
}

/** A pod whose owner is nobody's delivery, killed for its memory again and again. */
function strangerLike(pod: KubeObject): KubeObject {
  const name = "stranger-5c7d9f-xk2lp";
  const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "stranger-5c7d9f", uid: "6b1f5a52-0000-4000-8000-000000000001", controller: true };
  const statuses = listAt(pod, "status", "containerStatuses").map((status) => ({
    ...(isObject(status) ? status : {}),
    ready: false,
    restartCount: 9,
    state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 5m0s restarting failed container" } },
    lastState: { terminated: { reason: "OOMKilled", exitCode: 137, startedAt: "2026-11-22T20:00:00Z", finishedAt: "2026-11-22T20:00:01Z" } },
  }));
  const status = { ...(isObject(pod.status) ? pod.status : {}), containerStatuses: statuses };
  return {
    ...pod,
    metadata: { ...pod.metadata, name, uid: "6b1f5a52-0000-4000-8000-000000000002", labels: { app: "stranger" }, ownerReferences: [owner] },
    status,
  };
}

function loud({ objects, logs }: Recording): Recording["logs"] {
  const noise = '2026-11-22T22:13:12.936660604Z level=ERROR msg="required environment variable is not set" name=OTHER_URL\n';
  const working = new Set(
    objects
      .filter(({ kind }) => kind === "Pod")
      .flatMap((pod) =>
        listAt(pod, "status", "containerStatuses")
          .filter(isReady)
          .map((status) => `${refOf(pod).name}.${textAt(status, "name")}`),
      ),
  );
  return Object.fromEntries(Object.entries(logs).map(([name, text]) => [name, working.has(name) ? `${text}\n${noise}` : text]));
}
