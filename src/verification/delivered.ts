import { dryRevision } from "../cluster/argocd.ts";
import { at, type KubeObject, listAt, numberAt, objectAt, textAt } from "../cluster/objects.ts";
import type { Observation } from "../cluster/observation.ts";
import { syncsItself } from "../cluster/syncs-itself.ts";

/** Whether the tool has what was merged, and what it says of it. */
export type Delivered =
  | { kind: "not-yet"; why: string }
  /** Reconciled, and the tool is content. */
  | { kind: "content" }
  /** The tool is not content (yet). `proven`: with the merge, and not perhaps with what was there before. */
  | { kind: "discontent"; why: string; proven: boolean };

/** Whether a revision is the merge commit or comes after it; undefined where that cannot be told. */
export type Contains = (revision: string) => boolean | undefined;

/** Reads the delivery's own status (facts: Argo CD Application, Flux Kustomization and HelmRelease status fields). */
export function delivered(observation: Observation, contains: Contains): Delivered {
  const { delivery, key, state } = observation;
  if (state.kind === "suspended") return { kind: "not-yet", why: `${key.kind} ${key.name} is suspended` };
  if (key.kind === "Application") return argoDelivered(observation, contains);
  return key.kind === "Kustomization" ? fluxDelivered(delivery, contains) : helmDelivered(observation, contains);
}

/** The commits (40 hex) that decide whether a merge was delivered, the one that works first. */
export function revisionsOf({ delivery, key, revisions }: Observation): string[] {
  return [...new Set(key.kind === "HelmRelease" ? [revisions.attempted ?? ""] : [...argoRevisions(delivery), ...fluxRevisions(delivery)])].filter(isSha);
}

/** `revisions` where the Application has several sources, one of which is the repository that was fixed. What is hydrated counts as the commit that it was made from. */
function argoRevisions(delivery: KubeObject): string[] {
  if (at(delivery, "spec", "sourceHydrator") !== undefined) return [dryRevision(delivery) ?? ""];
  return [textAt(delivery, "status", "sync", "revision"), ...listAt(delivery, "status", "sync", "revisions").map(String)];
}

function fluxRevisions(delivery: KubeObject): string[] {
  return ["lastAppliedRevision", "lastAttemptedRevision"].map((field) => shaOf(textAt(delivery, "status", field)));
}

function isSha(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}

function argoDelivered({ delivery, state }: Observation, contains: Contains): Delivered {
  // After a ComparisonError a single source's revision is the name of a branch: Argo CD does not say which commit it could not render.
  if (state.kind === "failing" && !argoRevisions(delivery).some(isSha)) return { ...discontent(state.reason), proven: false };
  const missing = reached(argoRevisions(delivery), contains);
  if (missing) return { kind: "not-yet", why: missing };
  const sync = textAt(delivery, "status", "sync", "status");
  const phase = textAt(delivery, "status", "operationState", "phase");
  if (sync === "OutOfSync" && !syncsItself(delivery)) return { kind: "not-yet", why: "auto-sync is off: awaiting manual sync" };
  if (phase === "Failed" || phase === "Error") return discontent(`the sync ended as ${phase}`);
  if (sync !== "Synced") return discontent(`sync status is ${sync || "unknown"}`);
  const health = textAt(delivery, "status", "health", "status");
  return health === "Healthy" ? { kind: "content" } : discontent(`health is ${health || "unknown"}`);
}

/** `lastAppliedRevision` only moves when the health checks pass; a revision that was attempted but not applied is on its way or failing. */
function fluxDelivered(delivery: KubeObject, contains: Contains): Delivered {
  const [applied = "", attempting = ""] = fluxRevisions(delivery);
  if (!reached([applied], contains)) return readiness(delivery);
  const attempted = reached([attempting], contains);
  return attempted ? { kind: "not-yet", why: attempted } : discontent(readyWords(delivery));
}

/** A HelmRelease names no commit of its own; the observation follows it to the Kustomization that carries it. */
function helmDelivered(observation: Observation, contains: Contains): Delivered {
  const missing = reached([observation.revisions.attempted ?? ""], contains);
  if (missing) return { kind: "not-yet", why: missing };
  const release = textAt(objectAt(observation.delivery, "status"), "history", 0, "status");
  if (release !== "" && release !== "deployed") return discontent(`the release is ${release}`);
  return readiness(observation.delivery);
}

function readiness(delivery: KubeObject): Delivered {
  const generation = numberAt(delivery, "metadata", "generation");
  if (numberAt(delivery, "status", "observedGeneration") !== generation) return discontent("its latest generation is not observed yet");
  return textAt(readyCondition(delivery), "status") === "True" ? { kind: "content" } : discontent(readyWords(delivery));
}

function discontent(why: string): Extract<Delivered, { kind: "discontent" }> {
  return { kind: "discontent", why, proven: true };
}

function readyWords(delivery: KubeObject): string {
  const condition = readyCondition(delivery);
  return `Ready is ${textAt(condition, "status") || "unknown"} (${textAt(condition, "reason") || "no reason"})`;
}

function readyCondition(delivery: KubeObject) {
  return listAt(delivery, "status", "conditions").find((condition) => textAt(condition, "type") === "Ready");
}

/** `main@sha1:<sha>`, `sha1:<sha>` and the older `main/<sha>`. */
function shaOf(revision: string): string {
  return /(?:^|[:/])([0-9a-f]{40})$/.exec(revision)?.[1] ?? "";
}

/** Why none of these revisions has the merge; undefined where one has it. */
function reached(revisions: readonly string[], contains: Contains): string | undefined {
  const shas = revisions.filter(isSha);
  const answers = shas.map(contains);
  if (answers.includes(true)) return undefined;
  const where = shas[0] ? `it is at ${shas[0].slice(0, 7)}` : "it names no commit";
  return answers.includes(undefined) ? `${where}, and whether that contains the merge is not known` : `the merge has not been delivered yet: ${where}`;
}
