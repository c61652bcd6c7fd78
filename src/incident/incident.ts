import type { DeliveryKey } from "../cluster/delivery.ts";
import type { ObjectRef } from "../cluster/objects.ts";

/**
 * What an object shows from outside, before anybody says why. The reasons are coarse on purpose: a crash loop shows
 * CrashLoopBackOff, OOMKilled and Running in turns and is still one symptom.
 */
export type SymptomReason =
  | "image"
  | "container-config"
  | "container-start"
  | "crash"
  | "not-ready"
  | "unschedulable"
  | "volume"
  | "node"
  | "create-refused"
  | "no-endpoints"
  | "backend"
  | "job-failed"
  | "rollout-stuck"
  | "autoscaler"
  | "render"
  | "apply"
  | "delivery";

export interface Symptom {
  reason: SymptomReason;
  /** The workload, Service or delivery that shows it. */
  object: ObjectRef;
  pod?: string;
  container?: string;
  /** What the cluster said; untrusted text. */
  message: string;
  /** True where waiting cannot help (InvalidImageName, CreateContainerConfigError, sync Failed …). */
  decided: boolean;
  since: Date;
  /** Set where the cluster alone cannot tell whether this is as intended: it counts only where git shows a fix, and is no reason to call people. */
  doubtful?: true;
}

/** One delivery failing in one way. Derived afresh from each observation; nothing of it is stored. */
export interface Incident {
  key: DeliveryKey;
  /** The object that fails: a workload, a Service, or the delivery itself where nothing could be applied. */
  target: ObjectRef;
  symptoms: Symptom[];
  /** Hex, 64 characters: same failing object with the same broken spec → same fingerprint, whatever the symptoms flip to. */
  fingerprint: string;
  since: Date;
}

/** Every branch of the bot's starts like this. */
export const BRANCH_PREFIX = "autofix/";

/** Whether nothing but doubtful symptoms speak for an incident: without a fix it is left alone. */
export function isDoubtful({ symptoms }: Incident): boolean {
  return symptoms.every(({ doubtful }) => doubtful === true);
}

/** `autofix/<delivery>-<fingerprint8>`: deterministic, so that every restart finds the same branch. */
export function branchOf({ key, fingerprint }: Pick<Incident, "key" | "fingerprint">): string {
  return branchName(key, fingerprint);
}

export function branchName(key: DeliveryKey, fingerprint: string): string {
  return `${BRANCH_PREFIX}${key.name}-${fingerprint.slice(0, 8)}`;
}
