import { isObject, type JsonObject, type KubeObject, listAt, numberAt, objectAt, refOf, textAt } from "../cluster/objects.ts";
import type { Remembered } from "../cluster/observation.ts";
import type { Incident } from "../incident/incident.ts";
import { unseenByScheduler } from "../incident/other-scheduler.ts";
import { containerSpec, containerStatuses } from "../incident/pods.ts";
import { type Draft, RANK } from "./draft.ts";

/** One failing container, standing for the same container of all pods that fail in the same way. */
export interface Representative {
  pod: KubeObject;
  container: string;
  status: JsonObject;
  /** How many pods show the same. */
  pods: number;
  hasRun: boolean;
  restarted: boolean;
}

/** Containers of the pods that an incident names: those with symptoms, or all that are not ready where the symptom is the pod's. */
export function representatives(incident: Incident, pods: readonly KubeObject[]): Representative[] {
  const found = new Map<string, Representative>();
  for (const pod of pods) {
    const named = incident.symptoms.filter((symptom) => symptom.pod === textAt(pod, "metadata", "name"));
    if (named.length === 0) continue;
    const names = new Set(named.flatMap(({ container }) => (container === undefined ? [] : [container])));
    for (const status of containerStatuses(pod).filter((s) => (names.size > 0 ? names.has(textAt(s, "name")) : s.ready !== true))) {
      const next = representative(pod, status);
      const signature = signatureOf(next);
      const known = found.get(signature);
      const better = known && restarts(known.status) >= restarts(status) ? known : next;
      found.set(signature, { ...better, pods: (known?.pods ?? 0) + 1 });
    }
  }
  return [...found.values()];
}

function representative(pod: KubeObject, status: JsonObject): Representative {
  const restarted = restarts(status) > 0 || isObject(objectAt(status, "lastState").terminated);
  const hasRun = restarted || isObject(objectAt(status, "state").running) || isObject(objectAt(status, "state").terminated);
  return { pod, container: textAt(status, "name"), status, pods: 0, hasRun, restarted };
}

function restarts(status: JsonObject): number {
  return numberAt(status, "restartCount") ?? 0;
}

/** Pods fail in the same way when the same container stops for the same reason; a crash loop is one way, wherever in the loop it is. */
function signatureOf({ container, status }: Representative): string {
  const last = objectAt(status, "lastState", "terminated");
  const ended = isObject(objectAt(status, "state").terminated) ? objectAt(status, "state", "terminated") : last;
  const waiting = textAt(status, "state", "waiting", "reason");
  return [
    container,
    textAt(ended, "reason"),
    numberAt(ended, "exitCode") ?? "",
    textAt(ended, "reason") === "" ? waiting.replace("ErrImagePull", "ImagePullBackOff") : "",
  ].join("/");
}

/** State and last state of each failing container. One fact a line, so that a line can be quoted. */
export function containerItems(containers: readonly Representative[], remembered?: Remembered): Draft[] {
  return containers.map(({ pod, container, status, pods }) => ({
    rank: RANK.container,
    kind: "container",
    source: `pod ${textAt(pod, "metadata", "name")} container ${container}${pods > 1 ? ` (${pods} pods show the same)` : ""}${goneSince(pod, remembered)}`,
    object: refOf(pod),
    container,
    ...whenSeen(pod, remembered),
    text: [
      ...stateLines("state", objectAt(status, "state")),
      ...stateLines("last state", objectAt(status, "lastState")),
      `ready: ${status.ready === true}, restarts: ${restarts(status)}${containerSpec(pod.spec, container)?.oneShot ? ", init container" : ""}`,
      // Not the status' image: of several names of one digest the runtime tells any.
      `image: ${textAt(containerSpec(pod.spec, container)?.spec, "image") || textAt(status, "image")}`,
    ].join("\n"),
  }));
}

/** Says of a pod that is only remembered when it was last there. */
function goneSince(pod: KubeObject, remembered: Remembered | undefined): string {
  const seen = remembered?.seen.get(textAt(pod, "metadata", "uid"));
  return seen ? ` (gone now, as last seen ${seen.toISOString().slice(11, 19)} UTC)` : "";
}

function whenSeen(pod: KubeObject, remembered: Remembered | undefined): { at?: Date } {
  const at = remembered?.seen.get(textAt(pod, "metadata", "uid"));
  return at ? { at } : {};
}

function stateLines(label: string, state: JsonObject): string[] {
  return ["waiting", "terminated", "running"].flatMap((name) => {
    const detail = objectAt(state, name);
    if (!isObject(state[name])) return [];
    const code = numberAt(detail, "exitCode");
    const head = [
      `${label}: ${name}`,
      textAt(detail, "reason"),
      ...(code === undefined ? [] : [`exit code ${code}`]),
      ...["startedAt", "finishedAt"].flatMap((key) => (textAt(detail, key) === "" ? [] : [`${key} ${textAt(detail, key)}`])),
    ].filter((part) => part !== "");
    const message = textAt(detail, "message").trim();
    return [head.join(", "), ...(message === "" ? [] : [message])];
  });
}

/** Phase and unmet conditions of pods whose containers did not start or never will; pods that say the same are told once. */
export function podItems(incident: Incident, pods: readonly KubeObject[], remembered?: Remembered): Draft[] {
  const named = pods.filter((pod) => incident.symptoms.some((symptom) => symptom.pod === textAt(pod, "metadata", "name")));
  const told = new Map<string, { pod: KubeObject; count: number }>();
  for (const pod of named) {
    const text = conditionLines(pod).join("\n");
    told.set(text, { pod: told.get(text)?.pod ?? pod, count: (told.get(text)?.count ?? 0) + 1 });
  }
  return [...told].flatMap(([text, { pod, count }]): Draft[] =>
    text === ""
      ? []
      : [
          {
            rank: RANK.pod,
            kind: "pod",
            source: `pod ${textAt(pod, "metadata", "name")}${count > 1 ? ` (and ${count - 1} more)` : ""}${goneSince(pod, remembered)}`,
            object: refOf(pod),
            text,
          },
        ],
  );
}

/** Conditions that only count containers: their own items say more. */
const COUNTING = new Set(["ContainersNotReady", "ContainersNotInitialized"]);

function conditionLines(pod: KubeObject): string[] {
  const unmet = listAt(pod, "status", "conditions").filter(
    (c) => textAt(c, "status") === "False" && textAt(c, "message") !== "" && !COUNTING.has(textAt(c, "reason")),
  );
  const lines = unmet.map((c) => `${textAt(c, "type")} is False, ${textAt(c, "reason")}: ${textAt(c, "message")}`);
  const said = textAt(pod, "status", "message");
  const unseen = unseenByScheduler(pod);
  return [...(said === "" ? [] : [`${textAt(pod, "status", "reason")}: ${said}`]), ...lines, ...(unseen === undefined ? [] : [unseen])];
}
