import type { DeliverySource, DeliveryState } from "./delivery.ts";
import { fluxElsewhere, inventoryOf, kustomizationRevisions } from "./flux.ts";
import { type FluxReference, kustomizationSource, sourceRefOf } from "./flux-source.ts";
import { isObject, type JsonObject, type KubeObject, listAt, numberAt, objectAt, textAt } from "./objects.ts";
import { conditionOf, type DeliveryReading, firstDate, isBeingDeleted, repositoryPath } from "./reading.ts";

/** The live objects around a HelmRelease that say where its manifest is. */
export interface HelmReleaseContext {
  /** The Kustomization that its labels name. */
  kustomization: KubeObject | undefined;
  /** That Kustomization's GitRepository. */
  repository: KubeObject | undefined;
  now: Date;
}

/**
 * Reads a Flux HelmRelease (helm.toolkit.fluxcd.io/v2). It knows no commit: source and revisions are its Kustomization's, which applies it. A failing
 * HelmRelease is the incident, and its Kustomization waits for it (readKustomization).
 */
export function readHelmRelease(release: KubeObject, context: HelmReleaseContext): DeliveryReading {
  return {
    state: helmReleaseState(release, context.now),
    source: sourceOf(release, context),
    revisions: context.kustomization ? kustomizationRevisions(context.kustomization) : {},
    managed: inventoryOf(release),
    ...fluxElsewhere(release),
  };
}

/** The Kustomization whose labels a live object carries. */
export function kustomizationOf(object: KubeObject): FluxReference | undefined {
  const name = textAt(object, "metadata", "labels", "kustomize.toolkit.fluxcd.io/name");
  const namespace = textAt(object, "metadata", "labels", "kustomize.toolkit.fluxcd.io/namespace");
  return name !== "" && namespace !== "" ? { kind: "Kustomization", namespace, name } : undefined;
}

export function helmReleaseState(release: KubeObject, now: Date): DeliveryState {
  if (isBeingDeleted(release)) return { kind: "suspended", message: "The HelmRelease is being deleted." };
  if (isObject(release.spec) && release.spec.suspend === true) return { kind: "suspended", message: "The HelmRelease is suspended (spec.suspend)." };
  const ready = conditionOf(release, "Ready");
  const message = textAt(ready, "message");
  if (textAt(ready, "status") === "True") return { kind: "healthy" };
  const cause = causeOf(release, ready);
  if (!cause) return { kind: "progressing", message: message || "The HelmRelease was not reconciled yet." };
  return failure(release, cause, now);
}

/** After a remediation Ready tells of the rollback, while a retry runs it is Unknown: the error itself is in Released, as long as that is about the same attempt. */
function causeOf(release: KubeObject, ready: JsonObject | undefined): JsonObject | undefined {
  const released = conditionOf(release, "Released");
  if (released && textAt(released, "status") === "False" && isAboutAttempt(release, released)) return released;
  return textAt(ready, "status") === "False" ? ready : undefined;
}

function isAboutAttempt(release: KubeObject, released: JsonObject): boolean {
  const generation = numberAt(release, "metadata", "generation") ?? 0;
  const observed = numberAt(released, "observedGeneration") ?? generation;
  return observed >= generation && textAt(released, "message").includes(textAt(release, "status", "lastAttemptedRevision"));
}

function failure(release: KubeObject, cause: JsonObject, now: Date): DeliveryState {
  const [reason, message] = [textAt(cause, "reason"), textAt(cause, "message")];
  const stalled = textAt(conditionOf(release, "Stalled"), "status") === "True";
  const failing = { kind: "failing", reason, message, since: firstDate([textAt(cause, "lastTransitionTime")], now) } as const;
  switch (reason) {
    case "DependencyNotReady":
      return { kind: "waiting-for-dependency", on: dependencyOf(release), message };
    case "SourceNotReady":
      return { kind: "waiting-for-dependency", on: `HelmChart/${textAt(release, "status", "helmChart")}`, message };
    case "HealthCheckCanceled":
    case "Progressing":
      return { kind: "progressing", message };
    case "ArtifactFailed":
      return { ...failing, phase: "render", decided: stalled };
    case "ValuesError":
    case "ChartMutateError":
      return { ...failing, phase: "render", decided: true };
    default: {
      const phase = phaseOf(message);
      return { ...failing, phase, decided: stalled || phase === "render" };
    }
  }
}

/** Helm has one reason for everything; what it says tells where it broke. Unknown errors are taken as the cluster's refusal. */
function phaseOf(message: string): "render" | "apply" | "health" {
  const says = (signs: readonly string[]) => signs.some((sign) => message.includes(sign));
  if (says(['executing "', "error converting YAML", "YAML parse error", "parse error at", "don't meet the specifications of the schema", "missing in charts/"]))
    return "render";
  if (says(["timeout waiting for", "deadline", "stalled resources", "not ready", "timed out", "BackoffLimitExceeded"])) return "health";
  return "apply";
}

function dependencyOf(release: KubeObject): string {
  const [first] = listAt(release, "spec", "dependsOn");
  const namespace = textAt(first, "namespace") || textAt(release, "metadata", "namespace");
  return `HelmRelease/${namespace}/${textAt(first, "name")}`;
}

/** The Kustomization's git source, with what is needed to render the release itself: only for charts of the same repository. */
function sourceOf(release: KubeObject, { kustomization, repository }: HelmReleaseContext): DeliverySource {
  if (!kustomization) {
    return {
      kind: "refused",
      code: "no-source",
      message: "The HelmRelease carries no labels of a Kustomization that exists, so its place in git is not known.",
    };
  }
  const source = kustomizationSource(kustomization, repository);
  if (source.kind === "refused") return source;
  const chart = objectAt(release, "spec", "chart", "spec");
  if (textAt(chart, "sourceRef", "kind") !== "GitRepository") {
    return { kind: "refused", code: "helm-repository", message: "The HelmRelease's chart comes from a Helm repository, so it cannot be rendered from git." };
  }
  const namespace = textAt(release, "metadata", "namespace");
  const own = sourceRefOf(kustomization);
  const chartNamespace = textAt(chart, "sourceRef", "namespace") || namespace;
  if (own.kind !== "GitRepository" || own.name !== textAt(chart, "sourceRef", "name") || own.namespace !== chartNamespace) {
    return {
      kind: "refused",
      code: "multiple-sources",
      message: "The HelmRelease's chart is in another GitRepository than its manifest, which is not supported.",
    };
  }
  const helmRelease = {
    name: textAt(release, "metadata", "name"),
    namespace,
    chartPath: repositoryPath(textAt(chart, "chart")),
    spec: objectAt(release, "spec"),
  };
  return { ...source, settings: { ...source.settings, helmRelease } };
}
