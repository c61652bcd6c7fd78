import type { KubeObject } from "../../cluster/objects.ts";
import { at, isObject, numberAt, objectAt } from "../../cluster/objects.ts";
import type { ObjectChange } from "../../source/workspace.ts";
import type { Finding } from "../diagnosis.ts";
import type { TroubledContainer } from "../pods.ts";
import type { ContainerAt } from "../workload.ts";
import { CONFIDENCE, escalate, fix } from "./entry.ts";

/** How much longer a start may take than the probes allow today. */
const FACTOR = 6;
const LEAST_SECONDS = 60;
const MOST_SECONDS = 300;
/** A rollout must still be able to finish within its deadline after the longest start. */
const ROLLOUT_SHARE = 2 / 3;
/** Kubernetes API defaults: Probe.periodSeconds, Probe.failureThreshold, DeploymentSpec.progressDeadlineSeconds. */
const DEFAULTS = { periodSeconds: 10, failureThreshold: 3, progressDeadlineSeconds: 600 };

/**
 * The probe kills a program that is still starting. It gets more time for the start only: the startup probe tries more often, or else the liveness probe asks
 * for the first time later, and is as strict as before then.
 */
export function slowStart(
  statement: Parameters<typeof fix>[0],
  { name }: TroubledContainer,
  now: KubeObject,
  found: ContainerAt,
  field: "livenessProbe" | "startupProbe",
): Finding {
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
