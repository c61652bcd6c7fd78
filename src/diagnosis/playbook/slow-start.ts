import type { KubeObject } from "../../cluster/objects.ts";
import { at, isObject, numberAt, objectAt } from "../../cluster/objects.ts";
import type { FieldPath } from "../../source/field-path.ts";
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
 * The probe kills a program that is still starting. It gets more time for the start only, through a startup probe that asks the same:
 * once started, the liveness probe is as strict as before.
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
  const [change, words] = moreTime(statement.object, found, field, threshold, period);
  return fix({ ...said, confidence: CONFIDENCE.suggested }, [change], [words]);
}

function moreTime(
  object: ObjectChange["object"],
  found: ContainerAt,
  field: "livenessProbe" | "startupProbe",
  threshold: number,
  period: number,
): [ObjectChange, string] {
  const existing = at(found.value, "startupProbe");
  const seconds = threshold * period;
  if (isObject(existing)) {
    const path: FieldPath = [...found.path, "startupProbe", "failureThreshold"];
    return [
      { object, path, before: existing.failureThreshold, after: threshold },
      `Allow ${seconds} s for the start: startupProbe.failureThreshold ${threshold}`,
    ];
  }
  const { initialDelaySeconds: _, successThreshold: __, ...asked } = objectAt(found.value, field);
  const startupProbe = { ...asked, periodSeconds: period, failureThreshold: threshold };
  return [
    { object, path: [...found.path, "startupProbe"], before: undefined, after: startupProbe },
    `Add a startupProbe that asks the same as the livenessProbe and allows ${seconds} s for the start; the livenessProbe stays as it is`,
  ];
}
