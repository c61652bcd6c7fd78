import { describeRef, isObject, type Json, type JsonObject, type KubeObject, listAt, numberAt, objectAt, refOf, textAt } from "../cluster/objects.ts";
import type { Observation } from "../cluster/observation.ts";
import { stableTemplate } from "../incident/fingerprint.ts";
import type { Incident } from "../incident/incident.ts";
import { createdAt, isOwnedBy, type WorkloadView } from "../incident/workload-view.ts";
import { diffFields, formatPath } from "../source/edit/field-path.ts";
import { type Draft, RANK } from "./draft.ts";
import { outline, pick } from "./outline.ts";
import { safeSpec, withoutSecrets } from "./structure.ts";

const POD_FIELDS = [
  "restartPolicy",
  "serviceAccountName",
  "securityContext",
  "nodeSelector",
  "affinity",
  "tolerations",
  "topologySpreadConstraints",
  "imagePullSecrets",
  "dnsPolicy",
  "dnsConfig",
  "volumes",
];
const CONTAINER_FIELDS = [
  "name",
  "image",
  "imagePullPolicy",
  "command",
  "args",
  "workingDir",
  "restartPolicy",
  "ports",
  "env",
  "envFrom",
  "resources",
  "startupProbe",
  "readinessProbe",
  "livenessProbe",
  "lifecycle",
  "securityContext",
  "volumeMounts",
];
const WORKLOAD_FIELDS = ["replicas", "progressDeadlineSeconds", "strategy", "updateStrategy", "backoffLimit", "activeDeadlineSeconds", "schedule", "selector"];

/** Values that the API server fills in; they say nothing. */
const DEFAULTS: Readonly<Record<string, Json>> = { restartPolicy: "Always", dnsPolicy: "ClusterFirst", imagePullPolicy: "IfNotPresent" };

/** What the workload's controller says, what it was asked to run, and what its revision changed. */
export function workloadItems(incident: Incident, observation: Observation, view: WorkloadView): Draft[] {
  return [...statusItem(view), specItem(incident, view), ...revisionItem(observation, view)];
}

function statusItem(view: WorkloadView): Draft[] {
  const conditions = [view.object, ...(view.maker ? [view.maker] : [])].flatMap((object) => listAt(object, "status", "conditions"));
  const lines = conditions.filter(isUnwell).map((c) => `${textAt(c, "type")} is ${textAt(c, "status")}, ${textAt(c, "reason")}: ${textAt(c, "message")}`);
  const counts = Object.entries(objectAt(view.object, "status")).filter(([key, value]) => typeof value === "number" && !/generation|collision/i.test(key));
  const text = [...new Set(lines), counts.map(([key, value]) => `${key}: ${String(value)}`).join(", ")].filter((line) => line !== "").join("\n");
  return text === "" ? [] : [{ rank: RANK.refusal, kind: "workload", source: `status of ${describeRef(view.ref)}`, object: view.ref, text }];
}

/** Failure conditions that hold, and good ones that do not. */
function isUnwell(condition: Json): boolean {
  const bad = ["ReplicaFailure", "Failed", "FailureTarget"].includes(textAt(condition, "type"));
  return textAt(condition, "message") !== "" && (textAt(condition, "status") === "True") === bad;
}

function specItem(incident: Incident, { ref, object, template }: WorkloadView): Draft {
  const spec = withoutSecrets(template.spec ?? {});
  const names = new Set(incident.symptoms.flatMap(({ container }) => (container === undefined ? [] : [container])));
  const some = (list: readonly Json[]) =>
    list.filter((c) => isObject(c) && (names.size === 0 || names.has(textAt(c, "name")))).map((c) => trim(c, CONTAINER_FIELDS));
  const init = some(listAt(spec, "initContainers"));
  const containers = some(listAt(spec, "containers"));
  const shown = {
    ...trim(safeSpec(object), WORKLOAD_FIELDS),
    ...trim(stableTemplate(template), ["labels"]),
    ...trim(spec, POD_FIELDS),
    ...(init.length > 0 ? { initContainers: init } : {}),
    ...(containers.length > 0 ? { containers } : {}),
  };
  return { rank: RANK.spec, kind: "workload", source: `spec of ${describeRef(ref)}`, object: ref, text: outline(shown) };
}

function trim(value: Json, keys: readonly string[]): JsonObject {
  const picked = pick(isObject(value) ? value : {}, keys);
  const isEmpty = (field: Json) => (isObject(field) && Object.keys(field).length === 0) || (Array.isArray(field) && field.length === 0);
  return Object.fromEntries(Object.entries(picked).filter(([key, field]) => !isEmpty(field) && DEFAULTS[key] !== field));
}

/** The fields in which the failing ReplicaSet differs from the one before it: history that needs no git. */
function revisionItem(observation: Observation, view: WorkloadView): Draft[] {
  const { maker } = view;
  if (maker?.kind !== "ReplicaSet") return [];
  const others = observation.objects.filter((o) => o.kind === "ReplicaSet" && o !== maker && isOwnedBy(o, view.object));
  const before = others.filter((o) => createdAt(o) < createdAt(maker)).sort((a, b) => createdAt(b).getTime() - createdAt(a).getTime())[0];
  if (!before) return [];
  const [old, now] = [before, maker].map((set) => withoutSecrets(stableTemplate(objectAt(set, "spec", "template"))));
  const changes = diffFields(old, now).map(({ path, before: was, after }) => `${formatPath(path)}: ${show(was)} → ${show(after)}`);
  const lines = [`${named(before)}: ${ready(before)}`, `${named(maker)}: ${ready(maker)}`, ...changes.slice(0, 40)];
  return [
    {
      rank: RANK.revisions,
      kind: "replica-set",
      source: `ReplicaSets of ${describeRef(view.ref)}: what the failing one changed`,
      object: refOf(maker),
      text: lines.join("\n"),
    },
  ];
}

function named(set: KubeObject): string {
  return `${textAt(set, "metadata", "name")} (revision ${textAt(set, "metadata", "annotations", "deployment.kubernetes.io/revision") || "unknown"}, created ${textAt(set, "metadata", "creationTimestamp")})`;
}

function ready(set: KubeObject): string {
  return `${numberAt(set, "status", "readyReplicas") ?? 0} of ${numberAt(set, "spec", "replicas") ?? 0} ready`;
}

function show(value: Json | undefined): string {
  return value === undefined ? "(not there)" : JSON.stringify(value).slice(0, 300);
}
