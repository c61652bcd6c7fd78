import { type KubeObject, numberAt, textAt } from "../cluster/objects.ts";
import type { Observation } from "../cluster/observation.ts";
import { parseDuration } from "../incident/durations.ts";

/** How long a merged fix may take, in milliseconds. */
export interface Budget {
  /** From the merge until everything must be ready. */
  overall: number;
  /** How long it must stay ready before that counts. */
  soak: number;
}

const SECOND = 1000;
/** Argo CD polls every 120 s with up to 60 s of jitter (argocd-cm timeout.reconciliation). */
const ARGO_POLL = 180 * SECOND;
/** The GitRepository is not part of an observation; this is longer than its interval usually is. */
const FLUX_SOURCE = 300 * SECOND;
/** Kubernetes' default for a Deployment's progressDeadlineSeconds. */
const PROGRESS_DEADLINE = 600 * SECOND;

/** The time that the tool needs to see a merge, and the workloads to roll it out. */
export function budgetOf(observation: Observation, options: { soak: number }): Budget {
  const deadlines = observation.objects.filter(({ kind }) => kind === "Deployment").map(deadlineOf);
  const rollout = deadlines.length > 0 ? Math.max(...deadlines) : PROGRESS_DEADLINE;
  return { overall: pickUp(observation) + rollout + options.soak, soak: options.soak };
}

function deadlineOf(deployment: KubeObject): number {
  const seconds = numberAt(deployment, "spec", "progressDeadlineSeconds");
  return seconds === undefined ? PROGRESS_DEADLINE : seconds * SECOND;
}

function pickUp({ key, delivery }: Observation): number {
  if (key.kind === "Application") return ARGO_POLL;
  const interval = parseDuration(textAt(delivery, "spec", "interval")) ?? FLUX_SOURCE;
  const retry = parseDuration(textAt(delivery, "spec", "retryInterval")) ?? interval;
  const timeout = parseDuration(textAt(delivery, "spec", "timeout")) ?? interval;
  return FLUX_SOURCE + Math.max(interval, retry) + timeout;
}
