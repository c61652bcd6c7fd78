import type { DeliveryState } from "./delivery.ts";
import { kustomizationSource, sourceRefOf } from "./flux-source.ts";
import { isObject, type KubeObject, listAt, objectAt, textAt } from "./objects.ts";
import { conditionOf, type DeliveryReading, firstDate, isBeingDeleted, isEmpty, isStalled, type ManagedObject, revisionsOf, shaOf } from "./reading.ts";

/** The live objects that decide how a Kustomization's status is to be understood. */
export interface KustomizationContext {
  /** The GitRepository of `spec.sourceRef`, if it is one and exists. */
  repository: KubeObject | undefined;
  /** HelmReleases and Kustomizations that it manages and that fail now, as `HelmRelease/namespace/name`. */
  failingDependents: readonly string[];
  now: Date;
}

const SUCCEEDED = "ReconciliationSucceeded";
/** `[HelmRelease/shop/vault status: 'Failed', …]` in health messages. */
const NAMED_OBJECT = /(\w{1,63}\/[\w.-]{1,253}\/[\w.:-]{1,253}) status: '/g;

/**
 * Reads a Flux Kustomization (kustomize.toolkit.fluxcd.io/v1). Where it fails only since a HelmRelease (or Kustomization) that it manages fails, it waits for
 * that one: the cause, the evidence and the incident are there.
 */
export function readKustomization(kustomization: KubeObject, context: KustomizationContext): DeliveryReading {
  return {
    state: stateOf(kustomization, context),
    source: kustomizationSource(kustomization, context.repository),
    revisions: kustomizationRevisions(kustomization),
    managed: inventoryOf(kustomization),
    ...fluxElsewhere(kustomization),
  };
}

/** The attempted revision, and the newest other one that was reconciled. `lastAppliedRevision` alone would do only while nothing that was applied fails later. */
export function kustomizationRevisions(kustomization: KubeObject): DeliveryReading["revisions"] {
  const attempted = shaOf(textAt(kustomization, "status", "lastAttemptedRevision"));
  const snapshots = listAt(kustomization, "status", "history").map((entry) => ({
    commit: shaOf(textAt(entry, "metadata", "revision")),
    at: textAt(entry, "firstReconciled"),
    succeeded: textAt(entry, "lastReconciledStatus") === SUCCEEDED,
  }));
  const applied = shaOf(textAt(kustomization, "status", "lastAppliedRevision"));
  const at = snapshots.find(({ commit }) => commit === applied)?.at ?? "";
  return revisionsOf(attempted, [{ commit: applied, at }, ...snapshots.filter(({ commit, succeeded }) => succeeded || commit === attempted)]);
}

/** `spec.kubeConfig` of a Kustomization or HelmRelease names a Secret (or, with workload identity, a ConfigMap), which is never read: its name stands for the cluster. */
export function fluxElsewhere(delivery: KubeObject): Pick<DeliveryReading, "elsewhere"> {
  const kubeConfig = objectAt(delivery, "spec", "kubeConfig");
  if (isEmpty(kubeConfig)) return {};
  const name = textAt(kubeConfig, "secretRef", "name") || textAt(kubeConfig, "configMapRef", "name");
  return { elsewhere: [`${textAt(delivery, "metadata", "namespace")}/${name}`] };
}

function stateOf(kustomization: KubeObject, context: KustomizationContext): DeliveryState {
  if (isBeingDeleted(kustomization)) return { kind: "suspended", message: "The Kustomization is being deleted." };
  if (isObject(kustomization.spec) && kustomization.spec.suspend === true)
    return { kind: "suspended", message: "The Kustomization is suspended (spec.suspend)." };
  const ready = conditionOf(kustomization, "Ready");
  const message = textAt(ready, "message");
  switch (textAt(ready, "status")) {
    case "True":
      return { kind: "healthy" };
    case "False":
      return failure(kustomization, textAt(ready, "reason"), message, context);
    default:
      return retryOf(kustomization, context) ?? { kind: "progressing", message: message || "The Kustomization was not reconciled yet." };
  }
}

/** Ready goes Unknown with every retry and loses its message; the history keeps how the same revision went before. Build failures are not in it. */
function retryOf(kustomization: KubeObject, context: KustomizationContext): DeliveryState | undefined {
  const [latest] = listAt(kustomization, "status", "history");
  const status = textAt(latest, "lastReconciledStatus");
  const revision = textAt(latest, "metadata", "revision");
  if (status === "" || status === SUCCEEDED || revision !== textAt(kustomization, "status", "lastAttemptedRevision")) return undefined;
  const offered = textAt(context.repository, "status", "artifact", "revision");
  if (offered !== "" && offered !== revision) return undefined;
  return failure(kustomization, status, textAt(conditionOf(kustomization, "Ready"), "message"), context);
}

function failure(kustomization: KubeObject, reason: string, message: string, context: KustomizationContext): DeliveryState {
  const failing = { kind: "failing", reason, message, since: sinceOf(kustomization, context) } as const;
  switch (reason) {
    case "DependencyNotReady":
      return { kind: "waiting-for-dependency", on: dependencyIn(kustomization, message), message };
    case "HealthCheckCanceled":
    case "Progressing":
      return { kind: "progressing", message };
    case "ArtifactFailed":
      // The path is a fault of the manifests; anything else is one of the way to them.
      if (message.includes("path not found")) return { ...failing, phase: "render", decided: true };
      return { kind: "waiting-for-dependency", on: sourceName(kustomization), message: sourceMessage(context) || message };
    case "BuildFailed":
      return { ...failing, phase: "render", decided: true };
    case "HealthCheckFailed": {
      const on = failingDependent(message, context.failingDependents);
      return on ? { kind: "waiting-for-dependency", on, message } : { ...failing, phase: "health", decided: false };
    }
    default: {
      return { ...failing, phase: "apply", decided: isStalled(kustomization) || isInvalid(message) };
    }
  }
}

/** The API server's verdict on the object itself; a missing CRD or a webhook that is down may pass. */
function isInvalid(message: string): boolean {
  return /dry-run failed \((?:Invalid|BadRequest)\)/.test(message) || message.includes("failed to create typed patch object");
}

/** Only if every object that the message names is a delivery of its own; where it names none (a retry is running), the live ones tell. */
function failingDependent(message: string, failing: readonly string[]): string | undefined {
  const named = [...message.slice(0, 8192).matchAll(NAMED_OBJECT)].map((match) => match[1] ?? "");
  if (named.length === 0) return failing[0];
  return named.every((name) => /^(?:HelmRelease|Kustomization)\//.test(name)) ? named[0] : undefined;
}

function dependencyIn(kustomization: KubeObject, message: string): string {
  const own = textAt(kustomization, "metadata", "namespace");
  const names = listAt(kustomization, "spec", "dependsOn").map((d) => `${textAt(d, "namespace") || own}/${textAt(d, "name")}`);
  return `Kustomization/${names.find((name) => message.includes(`'${name}'`)) ?? names[0] ?? "?"}`;
}

function sourceName(kustomization: KubeObject): string {
  const { kind, namespace, name } = sourceRefOf(kustomization);
  return `${kind}/${namespace}/${name}`;
}

function sourceMessage({ repository }: KustomizationContext): string {
  const ready = repository && conditionOf(repository, "Ready");
  return textAt(ready, "status") === "False" ? textAt(ready, "message") : "";
}

/** Conditions are stamped anew with every retry: the first failure of the revision is in the history, else the revision's arrival is the best guess. */
function sinceOf(kustomization: KubeObject, { repository, now }: KustomizationContext): Date {
  const attempted = textAt(kustomization, "status", "lastAttemptedRevision");
  const [latest] = listAt(kustomization, "status", "history");
  const failedBefore = textAt(latest, "metadata", "revision") === attempted && textAt(latest, "lastReconciledStatus") !== SUCCEEDED;
  const arrived = textAt(repository, "status", "artifact", "revision") === attempted ? textAt(repository, "status", "artifact", "lastUpdateTime") : "";
  return firstDate([failedBefore ? textAt(latest, "firstReconciled") : "", arrived, textAt(conditionOf(kustomization, "Ready"), "lastTransitionTime")], now);
}

/** `status.inventory.entries[]` of a Kustomization or HelmRelease: `<namespace>_<name>_<group>_<kind>`, where names may hold colons as `__`. */
export function inventoryOf(delivery: KubeObject): ManagedObject[] {
  return listAt(delivery, "status", "inventory", "entries").flatMap((entry): ManagedObject[] => {
    const match = /^([^_]*)_(.+)_([^_]*)_([^_]+)$/.exec(textAt(entry, "id"));
    if (!match) return [];
    const [, namespace = "", name = "", group = "", kind = ""] = match;
    return [{ ref: { group, kind, namespace, name: name.replaceAll("__", ":") }, version: textAt(entry, "v") }];
  });
}
