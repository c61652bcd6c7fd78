import { applicationSource, renderedPosition } from "./argocd-source.ts";
import type { DeliveryState } from "./delivery.ts";
import { isObject, type JsonObject, type KubeObject, listAt, numberAt, objectAt, textAt } from "./objects.ts";
import { conditionOf, type DeliveryReading, firstDate, isBeingDeleted, type ManagedObject, revisionsOf, shaOf } from "./reading.ts";

const IN_CLUSTER = "https://kubernetes.default.svc";

/** Reads an Argo CD Application (argoproj.io/v1alpha1). `now` stands in for times that its status does not name. */
export function readApplication(application: KubeObject, now: Date): DeliveryReading {
  const state = stateOf(application, now);
  const attempted = attemptedRevision(application, state);
  return {
    state,
    source: applicationSource(application),
    // Where manifests are hydrated, the history names commits of the other branch.
    revisions: revisionsOf(attempted, isHydrated(application) ? [] : historyOf(application).reverse()),
    managed: managedObjects(application),
    ...elsewhereOf(application),
  };
}

function stateOf(application: KubeObject, now: Date): DeliveryState {
  return suspension(application) ?? unrenderable(application, now) ?? failedOperation(application, now) ?? liveHealth(application, now);
}

function suspension(application: KubeObject): DeliveryState | undefined {
  if (isBeingDeleted(application)) return { kind: "suspended", message: "The Application is being deleted." };
  if (textAt(application, "metadata", "annotations", "argocd.argoproj.io/skip-reconcile") === "true") {
    return { kind: "suspended", message: "The Application is not reconciled: argocd.argoproj.io/skip-reconcile is set." };
  }
  return undefined;
}

/** Conditions carry no status: being there is the signal. Health and sync may still read Healthy and Synced, from what was there before. */
function unrenderable(application: KubeObject, now: Date): DeliveryState | undefined {
  for (const reason of ["InvalidSpecError", "ComparisonError", "UnknownError"]) {
    const condition = conditionOf(application, reason);
    if (!condition) continue;
    const message = textAt(condition, "message");
    const phase = message.startsWith("Failed to compare desired state") ? "apply" : "render";
    return { kind: "failing", phase, reason, message, decided: !isOutage(message), since: firstDate([textAt(condition, "lastTransitionTime")], now) };
  }
  return undefined;
}

/** Errors of the way to the repository or the repository server: they pass, or somebody else has to act. Nothing in git causes them. */
function isOutage(message: string): boolean {
  return [
    "failed to list refs",
    "failed to initialize repository",
    "authentication required",
    "connection refused",
    "connection error",
    "no such host",
    "i/o timeout",
    "context deadline exceeded",
    "code = Unavailable",
    "code = Canceled",
  ].some((sign) => message.includes(sign));
}

/** What an operation says of itself where only its resources say what is wrong; the same cause has to read the same before and after the last try. */
const SAYS_NOTHING = /^(?:Retrying operation|one or more synchronization tasks are not valid)\b/;

/** A sync that failed, or failed and will be tried again. While it is tried again the phase reads Running, with or without `finishedAt`. */
function failedOperation(application: KubeObject, now: Date): DeliveryState | undefined {
  const phase = textAt(application, "status", "operationState", "phase");
  const retrying = phase === "Running" && (numberAt(application, "status", "operationState", "retryCount") ?? 0) > 0;
  if (phase !== "Failed" && phase !== "Error" && !retrying) return undefined;
  if (!retrying && isOvertaken(application)) return undefined;
  const message = textAt(application, "status", "operationState", "message");
  const failed = syncResults(application).find((result) => result.status === "SyncFailed" || result.hookPhase === "Failed" || result.hookPhase === "Error");
  return {
    kind: "failing",
    phase: "apply",
    reason: phase === "Error" ? "SyncError" : "SyncFailed",
    message: (SAYS_NOTHING.test(message) && textAt(failed, "message")) || message,
    decided: !retrying,
    since: firstDate(
      ["startedAt", "finishedAt"].map((key) => textAt(application, "status", "operationState", key)),
      now,
    ),
  };
}

/** The result of a failed sync stays until the next one. It is history when the live state matches a later revision that needed none. */
function isOvertaken(application: KubeObject): boolean {
  const synced = textAt(application, "status", "sync", "status") === "Synced";
  return synced && textAt(application, "status", "sync", "revision") !== textAt(application, "status", "operationState", "syncResult", "revision");
}

function liveHealth(application: KubeObject, now: Date): DeliveryState {
  const health = textAt(application, "status", "health", "status");
  const message = textAt(application, "status", "health", "message");
  switch (health) {
    case "Degraded": {
      const since = firstDate([textAt(application, "status", "health", "lastTransitionTime")], now);
      return { kind: "failing", phase: "health", reason: "Degraded", message: message || "The Application's health is Degraded.", decided: false, since };
    }
    case "Healthy":
      return textAt(application, "status", "operationState", "phase") === "Running"
        ? { kind: "progressing", message: "A sync is running." }
        : { kind: "healthy" };
    case "Suspended":
      return { kind: "suspended", message: message || "The Application's health is Suspended." };
    default:
      return { kind: "progressing", message: message || `The Application's health is ${health || "not known yet"}.` };
  }
}

/** Of an Application with `spec.sourceHydrator`, the commit from which the synced manifests were made; undefined where its status does not say that. */
export function dryRevision(application: KubeObject): string | undefined {
  const synced = textAt(application, "status", "sync", "revision");
  const operations = ["lastSuccessfulOperation", "currentOperation"].map((name) => objectAt(application, "status", "sourceHydrator", name));
  return shaOf(
    textAt(
      operations.find((operation) => synced !== "" && operation.hydratedSHA === synced),
      "drySHA",
    ),
  );
}

/**
 * While a sync waits for what it did (which may never end), or fails: the revision it tries. Else the compared revision, if that is what is deployed, and the last
 * synced one otherwise.
 */
function attemptedRevision(application: KubeObject, state: DeliveryState): string | undefined {
  if (isHydrated(application)) return dryRevision(application);
  const compared = revisionIn(application, objectAt(application, "status", "sync"));
  const tried = revisionIn(application, objectAt(application, "status", "operationState", "syncResult"));
  if (tried && waitsForItself(application)) return tried;
  if (state.kind === "failing" && state.phase === "apply" && state.reason !== "ComparisonError") return tried ?? compared;
  // An unresolved ref here means that the newest commit cannot be rendered: which one that is only the repository knows.
  if (state.kind === "failing" && state.phase !== "health") return compared;
  const synced = textAt(application, "status", "sync", "status") === "Synced";
  return synced ? (compared ?? tried) : (historyOf(application).at(-1)?.commit ?? compared);
}

/**
 * A sync that waits for a hook, or for what it applied in an earlier wave (gitops-engine: "waiting for completion of hook …", "waiting for healthy state of …"),
 * while nothing else fails: what does may still be of the revision before.
 */
function waitsForItself(application: KubeObject): boolean {
  const isDegraded = textAt(application, "status", "health", "status") === "Degraded";
  const operation = objectAt(application, "status", "operationState");
  return !isDegraded && textAt(operation, "phase") === "Running" && /^waiting for (?:completion of hook|healthy state of) /.test(textAt(operation, "message"));
}

function isHydrated(application: KubeObject): boolean {
  return isObject(application.spec) && isObject(application.spec.sourceHydrator);
}

/** `status.history[].revision`, oldest first, as far as they are commits. Argo CD records that a revision was synced, not whether it became healthy. */
function historyOf(application: KubeObject): { commit: string; at: string }[] {
  return listAt(application, "status", "history").flatMap((entry) => {
    const commit = revisionIn(application, objectAt(entry));
    return commit === undefined ? [] : [{ commit, at: textAt(entry, "deployedAt") }];
  });
}

/** `revision`, or with several sources the one of `revisions` that belongs to the rendered source. */
function revisionIn(application: KubeObject, status: JsonObject): string | undefined {
  return shaOf(textAt(status, "revision") || textAt(listAt(status, "revisions")[renderedPosition(application)]));
}

function syncResults(application: KubeObject): JsonObject[] {
  return listAt(application, "status", "operationState", "syncResult", "resources").filter(isObject);
}

/** `status.resources`, and what the last sync could not create. */
function managedObjects(application: KubeObject): ManagedObject[] {
  const failed = syncResults(application).filter((result) => result.status === "SyncFailed");
  const managed = new Map<string, ManagedObject>();
  for (const resource of [...listAt(application, "status", "resources"), ...failed]) {
    const [group, kind] = [textAt(resource, "group"), textAt(resource, "kind")];
    const [namespace, name] = [textAt(resource, "namespace"), textAt(resource, "name")];
    if (kind === "" || name === "") continue;
    managed.set(`${group}/${kind}/${namespace}/${name}`, { ref: { group, kind, namespace, name }, version: textAt(resource, "version") });
  }
  return [...managed.values()];
}

/** `spec.destination`: the address of an API server, or the name under which Argo CD knows a cluster. */
function elsewhereOf(application: KubeObject): Pick<DeliveryReading, "elsewhere"> {
  const server = textAt(application, "spec", "destination", "server").replace(/\/$/, "");
  const name = textAt(application, "spec", "destination", "name");
  const isHere = server === "" ? name === "" || name === "in-cluster" : server === IN_CLUSTER;
  return isHere ? {} : { elsewhere: [server, name].filter((one) => one !== "") };
}
