import { sameUrl } from "./argocd-source.ts";
import type { DeliverySource, DeliveryState, SourceRefusalCode } from "./delivery.ts";
import { fluxElsewhere, inventoryOf, kustomizationRevisions } from "./flux.ts";
import { branchOf, type FluxReference, kustomizationSource, sourceRefOf } from "./flux-source.ts";
import { at, isObject, type JsonObject, type KubeObject, listAt, numberAt, objectAt, textAt } from "./objects.ts";
import { conditionOf, type DeliveryReading, firstDate, isBeingDeleted, isStalled, type ManagedObject, repositoryPath } from "./reading.ts";

/** The live objects around a HelmRelease that say where its manifest is. */
export interface HelmReleaseContext {
  /** The Kustomization that its labels name. */
  kustomization: KubeObject | undefined;
  /** That Kustomization's GitRepository. */
  repository: KubeObject | undefined;
  /** The HelmChart that `spec.chartRef` names. */
  chart?: KubeObject | undefined;
  /** The GitRepository of the chart, where it is another object than the Kustomization's. */
  chartRepository?: KubeObject | undefined;
  now: Date;
}

/**
 * Reads a Flux HelmRelease (helm.toolkit.fluxcd.io/v2). It knows no commit: source and revisions are its Kustomization's, which applies it. A failing
 * HelmRelease is the incident, and its Kustomization waits for it (readKustomization).
 */
export function readHelmRelease(release: KubeObject, context: HelmReleaseContext): DeliveryReading {
  return {
    state: isAboutToApply(context.kustomization) ? APPLIED_NEXT : helmReleaseState(release, context.now),
    source: sourceOf(release, context),
    revisions: context.kustomization ? kustomizationRevisions(context.kustomization) : {},
    managed: [...inventoryOf(release), ...failedHooks(release)],
    ...fluxElsewhere(release),
  };
}

/** Jobs of hooks that Helm says have failed: `Job/shop/migrate status: 'Failed'` as Flux waits for them, `job migrate failed` as Helm does. */
const FAILED_HOOK = /\bJob\/(?<namespace>[a-z0-9.-]{1,253})\/(?<name>[a-z0-9.-]{1,253}) status|\bjob (?<own>[a-z0-9.-]{1,253}) failed: /g;

/** Hooks are in no inventory. Those for which the latest attempt failed are looked at all the same: they say why. */
export function failedHooks(release: KubeObject): ManagedObject[] {
  const cause = causeOf(release, conditionOf(release, "Ready"));
  const message = textAt(cause, "message").slice(0, 4000);
  if (!message.includes("hooks failed")) return [];
  const home = textAt(release, "spec", "targetNamespace") || textAt(release, "metadata", "namespace");
  return [...message.matchAll(FAILED_HOOK)].map(({ groups = {} }) => ({
    ref: { group: "batch", kind: "Job", namespace: groups.namespace ?? home, name: groups.name ?? groups.own ?? "" },
    version: "v1",
  }));
}

const APPLIED_NEXT: DeliveryState = { kind: "progressing", message: "Its Kustomization is about to apply another revision." };

/**
 * From the moment that a Kustomization names a new revision as attempted until it has applied it: what the release says is about the manifest of before. The
 * controller sets the field while it builds, and says "Running health checks for revision …" after it has applied. Earlier tries are in `status.history`.
 */
function isAboutToApply(kustomization: KubeObject | undefined): boolean {
  if (!kustomization || textAt(conditionOf(kustomization, "Ready"), "status") !== "Unknown") return false;
  const attempted = textAt(kustomization, "status", "lastAttemptedRevision");
  if (listAt(kustomization, "status", "history").some((entry) => textAt(entry, "metadata", "revision") === attempted)) return false;
  return /^(?:Building|Detecting)/.test(textAt(conditionOf(kustomization, "Reconciling"), "message"));
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
  if (isOfFormerSpec(release, ready)) return { kind: "progressing", message: "The HelmRelease's latest generation was not attempted yet." };
  if (textAt(ready, "status") === "True") return { kind: "healthy" };
  const cause = causeOf(release, ready);
  if (!cause) return { kind: "progressing", message: message || "The HelmRelease was not reconciled yet." };
  return failure(release, cause, now);
}

/** Helm's own outcomes (helm.toolkit.fluxcd.io/v2), unlike what keeps the controller from asking Helm at all. */
const OUTCOME = /^(?:(?:Install|Upgrade|Test|Rollback|Uninstall)(?:Succeeded|Failed)|RetriesExceeded|MissingRollbackTarget)$/;

/**
 * Whether Ready is the outcome of a spec that is no longer the release's. Its `observedGeneration` does not tell: an attempt that ends after the spec changed
 * is stamped with the new generation.
 */
function isOfFormerSpec(release: KubeObject, ready: JsonObject | undefined): boolean {
  return !isOfLatest(release, numberAt(release, "status", "lastAttemptedGeneration")) && OUTCOME.test(textAt(ready, "reason"));
}

/** Whether a generation is the release's latest; where the controller names none (before v2beta2) it counts as that. */
function isOfLatest(release: KubeObject, generation: number | undefined): boolean {
  const latest = numberAt(release, "metadata", "generation") ?? 0;
  return (generation ?? latest) >= latest;
}

/**
 * After a remediation Ready tells of the rollback, while a retry runs it is Unknown: the error itself is in Released, as long as that is about the same
 * attempt.
 */
function causeOf(release: KubeObject, ready: JsonObject | undefined): JsonObject | undefined {
  const released = conditionOf(release, "Released");
  if (released && textAt(released, "status") === "False" && isAboutAttempt(release, released)) return released;
  // A remediation that succeeded is the end of the attempt before: the one of now has not said anything yet.
  if (released && !isStalled(release) && REMEDIATED.has(textAt(ready, "reason"))) return undefined;
  return textAt(ready, "status") === "False" ? ready : undefined;
}

const REMEDIATED: ReadonlySet<string> = new Set(["RollbackSucceeded", "UninstallSucceeded"]);

function isAboutAttempt(release: KubeObject, released: JsonObject): boolean {
  const generations = [numberAt(released, "observedGeneration"), numberAt(release, "status", "lastAttemptedGeneration")];
  return (
    generations.every((generation) => isOfLatest(release, generation)) &&
    textAt(released, "message").includes(textAt(release, "status", "lastAttemptedRevision"))
  );
}

/** The API server's word for objects that a release names and that do not exist. */
const NOT_FOUND = /\b[\w.-]{1,253} "[\w.-]{1,253}" not found/;

function failure(release: KubeObject, cause: JsonObject, now: Date): DeliveryState {
  const [reason, message] = [textAt(cause, "reason"), textAt(cause, "message")];
  const stalled = isStalled(release);
  const failing = { kind: "failing", reason, message, since: firstDate([textAt(cause, "lastTransitionTime")], now) } as const;
  switch (reason) {
    case "DependencyNotReady":
      // What is not there may come with another delivery; what is there and not ready yet is waited for.
      if (NOT_FOUND.test(message)) return { ...failing, phase: "apply", decided: false };
      return { kind: "waiting-for-dependency", on: dependencyOf(release), message };
    case "SourceNotReady":
      if (message.includes("invalid chart reference")) return { ...failing, phase: "render", decided: true };
      if (NOT_FOUND.test(message)) return { ...failing, phase: "apply", decided: false };
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

/** What a HelmRelease's chart is: `chart.spec` of its own, or the HelmChart that it names. */
function chartSpecOf(release: KubeObject, chart: KubeObject | undefined): JsonObject {
  return at(release, "spec", "chartRef") === undefined ? objectAt(release, "spec", "chart", "spec") : objectAt(chart, "spec");
}

/** The HelmChart that a HelmRelease names instead of a chart of its own. */
export function chartRefOf(release: KubeObject): { namespace: string; name: string } | undefined {
  if (textAt(release, "spec", "chartRef", "kind") !== "HelmChart") return undefined;
  const namespace = textAt(release, "spec", "chartRef", "namespace") || textAt(release, "metadata", "namespace");
  return { namespace, name: textAt(release, "spec", "chartRef", "name") };
}

/** The object that the chart comes from; its namespace is that of whatever names it. */
export function chartSourceOf(release: KubeObject, chart: KubeObject | undefined): FluxReference {
  const spec = chartSpecOf(release, chart);
  const namespace = textAt(spec, "sourceRef", "namespace") || textAt(chart ?? release, "metadata", "namespace");
  return { kind: textAt(spec, "sourceRef", "kind"), namespace, name: textAt(spec, "sourceRef", "name") };
}

/** The Kustomization's git source, with what is needed to render the release itself: only for charts of the same repository. */
function sourceOf(release: KubeObject, { kustomization, repository, chart, chartRepository }: HelmReleaseContext): DeliverySource {
  if (!kustomization) {
    return refuse(
      "no-source",
      "The HelmRelease carries no labels of a Kustomization that exists, so its place in git is not known: change it where you keep it.",
    );
  }
  const source = kustomizationSource(kustomization, repository);
  if (source.kind === "refused") return source;
  const from = chartSourceOf(release, chart);
  if (from.kind !== "GitRepository") {
    const what =
      from.kind === ""
        ? `the ${textAt(release, "spec", "chartRef", "kind") || "unnamed source"} ${textAt(release, "spec", "chartRef", "name")}`
        : `the ${from.kind} ${from.name}`;
    return refuse(
      "helm-repository",
      `The HelmRelease's chart comes from ${what}, not from git, so what it makes cannot be rendered here: change spec.values by hand, or vendor the chart into the repository and name a GitRepository.`,
    );
  }
  const own = sourceRefOf(kustomization);
  const isSame = (own.name === from.name && own.namespace === from.namespace) || (repository && chartRepository && isSameTree(repository, chartRepository));
  if (!isSame) {
    return refuse(
      "chart-elsewhere",
      `The HelmRelease's chart is in GitRepository ${from.namespace}/${from.name}, another repository or branch than its manifest: both are needed to render it. Correct it by hand.`,
    );
  }
  const helmRelease = {
    name: textAt(release, "metadata", "name"),
    namespace: textAt(release, "metadata", "namespace"),
    chartPath: repositoryPath(textAt(chartSpecOf(release, chart), "chart")),
    spec: objectAt(release, "spec"),
  };
  return { ...source, settings: { ...source.settings, helmRelease } };
}

function isSameTree(a: KubeObject, b: KubeObject): boolean {
  return sameUrl(textAt(a, "spec", "url"), textAt(b, "spec", "url")) && branchOf(a) !== undefined && branchOf(a) === branchOf(b);
}

function refuse(code: SourceRefusalCode, message: string): DeliverySource {
  return { kind: "refused", code, message };
}
