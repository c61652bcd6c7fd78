// Placement, volumes, identity and DNS of a pod: a constraint that nothing satisfies may go or take a value that the cluster shows, a mount may
// move to where the evidence says, an emptyDir may be added where the program cannot write, a user id is never root's.

import { isObject, type Json, listAt, objectAt, stringsIn, textAt } from "../../cluster/objects.ts";
import type { EvidenceKind } from "../../evidence/evidence.ts";
import { DEFAULT_SCHEDULER } from "../../incident/other-scheduler.ts";
import { type FieldChange, type FieldPath, getIn, sameJson } from "../../source/edit/field-path.ts";
import { mountMeant } from "../../source/meant/mount-meant.ts";
import { RUNNABLE, volumeNotToRun } from "../../source/meant/mounted-files.ts";
import { narrowedMount } from "../../source/meant/narrowed-mount.ts";
import { isServing } from "../../source/meant/serving.ts";
import { evidenceNames, type Grounds, isFromHistory, loggedLines, type Objection, objection } from "../grounds.ts";
import { isBesideOwn, isMissingMount } from "../mounted-file.ts";
import { isNearName } from "../nearness.ts";
import { containersOf, inContainer, podLabelsOf, podSpecOf } from "../pod-template.ts";
import { findTarget } from "../target-match.ts";

export function placementObjection(grounds: Grounds, change: FieldChange): Objection {
  if (isFromHistory(grounds, change)) return undefined;
  if (change.after === undefined)
    return isBlamed(grounds, change) ? undefined : objection("placement-removed", "Nothing shows that this constraint is what keeps the pod from its node.");
  if (isLabelOfPods(grounds, change) || losesConstraints(grounds, change)) return undefined;
  const shown = stringsIn(change.after).every((word) => evidenceNames(grounds, word, "surroundings"));
  return shown && stringsIn(change.after).length > 0 ? undefined : objection("placement-unknown", "No node with this value was seen.");
}

/** A pod affinity asks for a label that no pods of the delivery have, and gets one that they have, with a value like it. */
function isLabelOfPods({ input }: Grounds, { path, before, after }: FieldChange): boolean {
  const key = path.at(-1);
  if (!path.includes("podAffinity") || path.at(-2) !== "matchLabels" || typeof key !== "string") return false;
  const values = input.rendered.map((object) => podLabelsOf(object)[key]);
  return typeof before === "string" && typeof after === "string" && !values.includes(before) && values.includes(after) && isNearName(before, after);
}

/** Of a list of constraints only such go as came since the last good revision and have to be met, where the scheduler speaks of them; the rest stays as it is. */
function losesConstraints(grounds: Grounds, change: FieldChange): boolean {
  const { path, before, after } = change;
  if (path.at(-1) !== "topologySpreadConstraints" || !Array.isArray(before) || !Array.isArray(after) || !grounds.lastGood) return false;
  const then = listAt(getIn(grounds.lastGood, path) ?? null);
  const gone = before.filter((item) => !after.some((other) => sameJson(item, other)));
  const isKept = sameJson(
    after,
    before.filter((item) => !gone.includes(item)),
  );
  const mayGo = (item: Json) => textAt(item, "whenUnsatisfiable") !== "ScheduleAnyway" && !then.some((other) => sameJson(item, other));
  return isKept && gone.length > 0 && gone.every(mayGo) && isBlamed(grounds, change);
}

/** The scheduler of before, or the cluster's own where its name is only misspelt. */
export function schedulerObjection(grounds: Grounds, change: FieldChange): Objection {
  const { before, after } = change;
  const isMeant = (after === undefined || after === DEFAULT_SCHEDULER) && typeof before === "string" && isNearName(before, DEFAULT_SCHEDULER);
  return isMeant || isFromHistory(grounds, change) ? undefined : objection("placement-unknown", "Nothing shows that this scheduler is there.");
}

/** The scheduler names the kind of constraint that no node fits; the value or git names the rest. */
function isBlamed(grounds: Grounds, { path, before }: FieldChange): boolean {
  const kinds = constraintsIn(path, before);
  const said = (words: string) => grounds.input.evidence.items.some(({ kind, text }) => SCHEDULER.includes(kind) && text.toLowerCase().includes(words));
  if (kinds.length === 0 || !kinds.every((kind) => BLAME[kind]?.some(said))) return false;
  return stringsIn(before).some(
    (word) => word.length > 1 && evidenceNames(grounds, word, "event", "git-diff", "render-diff", "pod", "workload", "surroundings"),
  );
}

const SCHEDULER: readonly EvidenceKind[] = ["event", "pod", "workload", "delivery"];
/** How the scheduler calls each constraint (kube-scheduler, FailedScheduling). */
const BLAME: Readonly<Record<string, readonly string[]>> = {
  nodeSelector: ["node affinity/selector", "node selector", "node affinity"],
  nodeAffinity: ["node affinity/selector", "node affinity"],
  podAffinity: ["pod affinity"],
  podAntiAffinity: ["anti-affinity"],
  topologySpreadConstraints: ["topology spread"],
};

/** Which constraints a removed part holds; of a whole `affinity` each that is there. */
function constraintsIn(path: FieldPath, before: Json | undefined): string[] {
  const named = path.filter((segment) => typeof segment === "string").filter((key) => Object.hasOwn(BLAME, key));
  if (named.length > 0) return named;
  return isObject(before) ? Object.keys(before).filter((key) => Object.hasOwn(BLAME, key)) : [];
}

export function mountObjection(grounds: Grounds, change: FieldChange): Objection {
  if (isFromHistory(grounds, change)) return undefined;
  const { after } = change;
  if (typeof after !== "string" || after === "") return objection("mount", "A part of a volume mount is removed or no text.");
  const field = change.path.at(-1);
  if (field === "name") return volumeObjectionOf(grounds, change.before, after);
  if (after.split("/").includes("..")) return objection("mount-path", "The path leaves its volume.");
  if (field === "subPath" && isKeyOfMount(grounds, change, after)) return undefined;
  if (isMountMeant(grounds, change) || isNarrowed(grounds, change)) return undefined;
  if (field === "mountPath" && isMissingMount(grounds, change, after)) return undefined;
  const isOfSystem = !after.startsWith("/") || after === "/" || SYSTEM.some((path) => after === path || after.startsWith(`${path}/`));
  if (field === "mountPath" && isOfSystem && !isBesideOwn(change.before, after))
    return objection("mount-path", "A volume must not hide the system's own files.");
  return namesPath(grounds, after) ? undefined : objection("mount-unfounded", `The evidence does not name ${after.slice(0, 80)}.`);
}

/** One file of a ConfigMap that somebody names, mounted as a file at its path (source/meant/mount-meant.ts). */
function isMountMeant(grounds: Grounds, { path, before, after }: FieldChange): boolean {
  const { input, object } = grounds;
  const [target, place] = [findTarget(input.rendered, object), inContainer(object.kind, path)];
  const container = target && place && getIn(target, place.container);
  const mounts = place && listAt(getIn(grounds.after, place.container), "volumeMounts");
  const files = (mounts ?? []).map((mount) => textAt(mount, "mountPath"));
  if (!target || container === undefined) return false;
  return files.some((file) => {
    const meant = namesPath(grounds, file) ? mountMeant(podSpecOf(target), container, file, input.rendered) : undefined;
    return meant?.field === path.at(-1) && meant?.before === before && meant?.after === after;
  });
}

/** An empty directory that hides the program which cannot be started, to the folder below that a variable names (source/meant/narrowed-mount.ts). */
function isNarrowed({ input, object }: Grounds, { path, before, after }: FieldChange): boolean {
  const [target, place] = [findTarget(input.rendered, object), inContainer(object.kind, path)];
  const container = target && place && getIn(target, place.container);
  if (!target || container === undefined || path.at(-1) !== "mountPath") return false;
  const programs = new Set(input.evidence.items.flatMap(({ text }) => text.match(/\/[\w.@-]{1,100}(?:\/[\w.@-]{1,100}){1,12}/g) ?? []));
  return [...programs].some((program) => {
    const meant = narrowedMount(podSpecOf(target), container, program);
    return meant !== undefined && meant.before === before && meant.after === after;
  });
}

/** The mounted volume is a ConfigMap that has this key, and lacks the one that was asked for. */
function isKeyOfMount({ input, object, after }: Grounds, { path, before }: FieldChange, key: string): boolean {
  const target = findTarget(input.rendered, object);
  const mount = getIn(after, path.slice(0, -1));
  const volume = listAt(target && podSpecOf(target), "volumes").find((one) => textAt(one, "name") === textAt(mount, "name"));
  const map = input.rendered.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === textAt(volume, "configMap", "name"));
  const data = objectAt(map, "data");
  return Object.hasOwn(data, key) && typeof before === "string" && !Object.hasOwn(data, before);
}

/** A mount's volume is one of the pod's, and of a mount that was there before one that is called nearly the same. */
function volumeObjectionOf(grounds: Grounds, before: Json | undefined, after: string): Objection {
  if (!volumeNames(grounds).includes(after)) return objection("mount-volume", `The pod has no volume ${after.slice(0, 80)}.`);
  return before === undefined || (typeof before === "string" && isNearName(before, after))
    ? undefined
    : objection("mount-volume", `${after.slice(0, 80)} is no likely correction of the volume's name.`);
}

const SYSTEM = [
  "/proc",
  "/sys",
  "/dev",
  "/etc",
  "/bin",
  "/sbin",
  "/usr",
  "/lib",
  "/lib64",
  "/root",
  "/boot",
  "/var/run/secrets",
  "/var/run/docker.sock",
  "/run",
];

/** The path itself or something below it. */
function namesPath(grounds: Grounds, path: string): boolean {
  return evidenceNames(grounds, path) || grounds.input.evidence.items.some(({ text }) => text.includes(`${path}/`));
}

function volumeNames({ after, input, object }: Grounds): string[] {
  return [after, findTarget(input.rendered, object)].flatMap((value) =>
    isObject(value) ? listAt(podSpecOf({ ...value, kind: object.kind }), "volumes").map((volume) => textAt(volume, "name")) : [],
  );
}

/**
 * A script that a container is told to run, and may not by what the runtime or its shell says, may be run from its ConfigMap then; nothing else is said of its
 * files' modes.
 */
export function isToRun({ input, object }: Grounds, { path, after }: FieldChange): boolean {
  const workload = findTarget(input.rendered, object);
  const step = path.at(-3);
  if (!workload || typeof step !== "object" || after !== RUNNABLE) return false;
  const denied = input.evidence.items.flatMap(({ text }) => [...text.matchAll(NOT_RUN)].map(([, program = ""]) => program));
  return containersOf(workload).some(({ container }) => {
    const told = JSON.stringify([container.command ?? null, container.args ?? null]);
    const programs = denied.filter((program) => told.includes(program));
    return programs.some((program) => volumeNotToRun(podSpecOf(workload), container, program, input.rendered) === step.value);
  });
}

/** `exec: "/scripts/seed.sh": permission denied`, `sh: /scripts/seed.sh: Permission denied`. */
const NOT_RUN = /(\/[\w.@-]{1,100}(?:\/[\w.@-]{1,100}){1,12})\\*"?: permission denied/gi;

/** Only an emptyDir is ever added, and only where a log says that the filesystem cannot be written. */
export function volumeObjection(grounds: Grounds, change: FieldChange): Objection {
  if (isFromHistory(grounds, change)) return undefined;
  const item = change.path.slice(0, change.path.findLastIndex((segment) => typeof segment === "object") + 1);
  const volume = getIn(grounds.after, item);
  if (getIn(grounds.before, item) !== undefined || !isObject(volume)) return objection("volume-changed", "A volume changes that was there before.");
  if (Object.keys(volume).some((key) => key !== "name" && key !== "emptyDir")) return objection("new-volume", "Only an empty directory may be added.");
  const limits = isObject(volume.emptyDir) ? Object.entries(volume.emptyDir).every(([key]) => key === "sizeLimit") : false;
  if (!limits) return objection("new-volume", "The new volume is more than an empty directory on disk.");
  const readOnly = grounds.input.evidence.items.some(({ text }) => text.toLowerCase().includes("read-only file system"));
  return readOnly ? undefined : objection("new-volume", "No log says that the program cannot write.");
}

/** User and group ids: numbers above root's; root's own goes where the last good revision did without it. */
export function userObjection(grounds: Grounds, change: FieldChange): Objection {
  const { after } = change;
  if (after === undefined && change.before === 0 && isFromHistory(grounds, change)) return undefined;
  return typeof after === "number" && Number.isInteger(after) && after > 0 && after < 2 ** 31
    ? undefined
    : objection("root-user", "A user or group id must be a number above 0.");
}

/** Those that know the cluster's Services; the others take names from the node or from nowhere. */
const POLICIES: readonly Json[] = ["ClusterFirst", "ClusterFirstWithHostNet"];

/** Nameservers and search domains come from history, or go. */
export function dnsObjection(grounds: Grounds, change: FieldChange): Objection {
  if (isFromHistory(grounds, change) || (change.after === undefined && change.path.includes("dnsConfig"))) return undefined;
  if (change.path.at(-1) === "dnsPolicy" && change.after !== undefined && POLICIES.includes(change.after)) return undefined;
  return objection("dns-unfounded", "No earlier revision used this resolver.");
}

/** Security settings: what makes them looser is refused by the rules over the rendered pod; here only that nothing odd comes in. */
export function securityObjection(grounds: Grounds, change: FieldChange, rest: FieldPath): Objection {
  const field = rest.at(-1);
  if (!evidenceNames(grounds, "PodSecurity") && !isFromHistory(grounds, change))
    return objection("security-unfounded", "No admission refuses these pods, and no earlier revision had this.");
  if (field === "runAsUser" || field === "runAsGroup" || field === "fsGroup")
    return change.after === undefined ? objection("root-user", "A user or group id vanishes.") : userObjection(grounds, change);
  if (rest.includes("ports")) return change.after === undefined || change.after === 0 ? undefined : objection("host-port", "A port of the node is opened.");
  return undefined;
}

/**
 * A container that ran beside the others at the last good revision, or that serves them by its own words and was no init container then, goes on as a sidecar
 * (Container.restartPolicy).
 */
export function sidecarObjection(grounds: Grounds, change: FieldChange, container: FieldPath): Objection {
  if (isFromHistory(grounds, change)) return undefined;
  const [list, item] = container.slice(-2);
  const then = (place: string) => grounds.lastGood && item !== undefined && getIn(grounds.lastGood, [...container.slice(0, -2), place, item]);
  const isOwn = typeof item === "object" && item.value === grounds.input.proposal.target.container;
  const serves = isOwn && loggedLines(grounds, item.value).some(isServing);
  const goesOn = then("containers") !== undefined || (serves && then("initContainers") === undefined);
  if (list === "initContainers" && change.before === undefined && change.after === "Always" && goesOn) return undefined;
  return objection("restart-policy", "This container did not run beside the others at the last good revision, and does not say that it serves them.");
}
