import { at, isObject, type JsonObject, type KubeObject, numberAt, objectAt } from "../../../cluster/objects.ts";
import { PROBE_DEFAULTS } from "../../../cluster/probe-defaults.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { Finding } from "../../diagnosis.ts";
import { changedBelow, type Past } from "../../history.ts";
import type { LogLine, TroubledContainer } from "../../pods.ts";
import { type ContainerAt, podSpecOf } from "../../workload.ts";
import { UNREACHED } from "../addresses/unreached.ts";
import { CONFIDENCE, escalate, fix } from "../entry.ts";

/** How much longer a start may take than the probes allow today. */
const FACTOR = 6;
const LEAST_SECONDS = 60;
const MOST_SECONDS = 300;
/** A rollout must still be able to finish within its deadline after the longest start. */
const ROLLOUT_SHARE = 2 / 3;
/** Kubernetes API defaults: Probe, DeploymentSpec.progressDeadlineSeconds, PodSpec.terminationGracePeriodSeconds. */
const DEFAULTS = { ...PROBE_DEFAULTS, progressDeadlineSeconds: 600, terminationGracePeriodSeconds: 30 };
/** What a busy node adds to all of this. */
const LATE_SECONDS = 15;

type Killer = "livenessProbe" | "startupProbe";

/**
 * Whether a killed program was still starting, as far as anybody can tell: its last run ended about when the probe first may kill, and not long after it; and its
 * log does not say that it waits for something else, which no patience brings back.
 */
export function wasStarting({ ended }: TroubledContainer, now: KubeObject, { value }: ContainerAt, field: Killer, log: readonly LogLine[]): boolean {
  if (log.some(({ text }) => UNREACHED.test(text.slice(0, 2000)))) return false;
  const first = field === "livenessProbe" && isObject(at(value, "startupProbe")) ? latestKill(objectAt(value, "startupProbe")) : 0;
  const grace = numberAt(podSpecOf(now), "terminationGracePeriodSeconds") ?? DEFAULTS.terminationGracePeriodSeconds;
  return ended?.lasted === undefined || ended.lasted <= first + latestKill(objectAt(value, field)) + grace + LATE_SECONDS;
}

/** The startup probe that the container had and has no more: the liveness probe waited for it. */
export function startupProbeGone(past: Past | undefined, now: KubeObject, { path, value }: ContainerAt): FieldChange[] {
  return isObject(at(value, "startupProbe")) ? [] : changedBelow(past, now, [...path, "startupProbe"]);
}

/** The seconds after which a probe that is never answered has killed. */
function latestKill(probe: JsonObject): number {
  const period = Math.max(numberAt(probe, "periodSeconds") ?? DEFAULTS.periodSeconds, numberAt(probe, "timeoutSeconds") ?? DEFAULTS.timeoutSeconds);
  return (numberAt(probe, "initialDelaySeconds") ?? 0) + period * ((numberAt(probe, "failureThreshold") ?? DEFAULTS.failureThreshold) + 1);
}

/**
 * The probe kills a program that is still starting. It gets more time for the start only: the startup probe tries more often, or else the liveness probe asks
 * for the first time later, and is as strict as before then.
 */
export function slowStart(statement: Parameters<typeof fix>[0], { name }: TroubledContainer, now: KubeObject, found: ContainerAt, field: Killer): Finding {
  const probe = objectAt(found.value, field);
  const period = numberAt(probe, "periodSeconds") ?? DEFAULTS.periodSeconds;
  const window = (numberAt(probe, "initialDelaySeconds") ?? 0) + period * (numberAt(probe, "failureThreshold") ?? DEFAULTS.failureThreshold);
  const deadline = numberAt(now, "spec", "progressDeadlineSeconds") ?? DEFAULTS.progressDeadlineSeconds;
  const wanted = Math.min(Math.max(window * FACTOR, LEAST_SECONDS), MOST_SECONDS, deadline * ROLLOUT_SHARE);
  const threshold = Math.floor(wanted / period);
  const said = {
    ...statement,
    rootCause: `Container ${name} is killed after about ${window} s while it is still starting: the ${field} gives it no more time.`,
  };
  if (threshold * period <= window) {
    return escalate(
      said,
      "the rollout's own deadline leaves no room for a longer start",
      "Raise progressDeadlineSeconds and the probe's failureThreshold together, or make the start faster.",
    );
  }
  const [change, words] = moreTime(statement.object, found, { threshold, seconds: threshold * period, window });
  return fix({ ...said, confidence: CONFIDENCE.suggested }, [change], [words]);
}

/** @param window how long the liveness probe gives today, in seconds */
function moreTime(
  object: ObjectChange["object"],
  { value, path }: ContainerAt,
  { threshold, seconds, window }: { threshold: number; seconds: number; window: number },
): [ObjectChange, string] {
  const startup = at(value, "startupProbe");
  if (isObject(startup)) {
    return [
      { object, path: [...path, "startupProbe", "failureThreshold"], before: startup.failureThreshold, after: threshold },
      `Allow ${seconds} s for the start: startupProbe.failureThreshold ${threshold}`,
    ];
  }
  const before = at(value, "livenessProbe", "initialDelaySeconds");
  const after = (numberAt(value, "livenessProbe", "initialDelaySeconds") ?? 0) + seconds - window;
  return [
    { object, path: [...path, "livenessProbe", "initialDelaySeconds"], before, after },
    `Allow ${seconds} s for the start: livenessProbe.initialDelaySeconds ${after}; the probe is as strict as before then`,
  ];
}
