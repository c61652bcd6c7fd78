import type { Evidence, EvidenceKind } from "../evidence/evidence.ts";
import type { FailureClass } from "../incident/failure-class.ts";

/** What the cluster itself writes; a log line, which anybody can make a program write, is not among them. */
const CLUSTER: readonly EvidenceKind[] = ["delivery", "workload", "replica-set", "pod", "container", "event", "service", "surroundings", "render-error"];

/** Words of Kubernetes, Argo CD and Flux that go with each class (FAILURES.md); at least one must be there for the class to be confirmed. */
const SIGNALS: Readonly<Partial<Record<FailureClass, readonly string[]>>> = {
  "image-not-found": ["ErrImagePull", "ImagePullBackOff", "manifest unknown", "InvalidImageName", "ErrImageNeverPull", "Failed to pull image"],
  "image-registry": ["no such host", "connection refused", "ErrImagePull", "ImagePullBackOff"],
  "image-unauthorized": ["unauthorized", "authorization failed", "access denied", "pull access denied", "401 ", "403 "],
  "command-not-found": [
    "executable file not found",
    "no such file or directory",
    "StartError",
    "RunContainerError",
    "exit code 127",
    "CrashLoopBackOff",
    "Back-off restarting",
  ],
  // A sidecar that is started as an init container does not crash: nothing else starts.
  "crash-on-start": ["CrashLoopBackOff", "Back-off restarting", "terminated", "restarts: 0, init container"],
  "config-missing": ["configmap", "FailedMount"],
  "config-key-missing": ["couldn't find key", "references non-existent config key", "non-existent"],
  "secret-missing": ["secret"],
  // A pod's token is kept in memory: with next to none it cannot be written.
  "out-of-memory": ["OOMKilled", "OOM-killed", "OOMKilling", "no space left on device"],
  "liveness-probe": ["liveness probe", "startup probe"],
  "readiness-probe": ["readiness probe"],
  "startup-probe": ["startup probe", "startupProbe"],
  "unschedulable-resources": ["Insufficient", "FailedScheduling", "Unschedulable"],
  "unschedulable-placement": ["node affinity", "node selector", "affinity", "topology spread", "No scheduler has looked at this pod"],
  "volume-unbound": ["unbound", "storageclass", "persistentvolumeclaim", "ProvisioningFailed"],
  // A program that misses a file, or may not open it, crashes: its log says which.
  // A pod that uses more disk than it may is thrown out of its node.
  "volume-mount": [
    ...["FailedMount", "not a directory", "CreateContainerConfigError", "subPath", "mount", "CrashLoopBackOff", "Back-off restarting"],
    ...["exceeds the total limit of containers", "exceeded its local ephemeral storage limit"],
  ],
  "service-no-endpoints": ["endpoints", "EndpointSlice", "no-endpoints", "selector"],
  "service-port": ["targetPort", "endpoints", "EndpointSlice", "port"],
  "ingress-backend": ["Ingress", "backend"],
  "service-account-missing": ["serviceaccount"],
  quota: ["exceeded quota", "must specify", "failed quota"],
  "limit-range": ["per Container", "per Pod", "LimitRange", "limitrange", "maximum", "minimum"],
  // A program that is refused its files since it runs as another user crashes: only what was set before comes back then (plausible/pod.ts).
  "pod-security": ["violates PodSecurity", "PodSecurity", "CrashLoopBackOff", "Back-off restarting"],
  // Programs that refuse by themselves crash; the id that is set is never root's (plausible/pod.ts).
  "run-as-root-image": ["runAsNonRoot", "run as root", "non-root policy", "CrashLoopBackOff", "Back-off restarting"],
  "job-failed": ["BackoffLimitExceeded", "DeadlineExceeded", "Job has reached", "Failed"],
  "cron-invalid": ["schedule", "cron"],
  autoscaler: ["FailedGetScale", "ScalingActive", "FailedGetResourceMetric", "HorizontalPodAutoscaler", "missing request"],
  "invalid-manifest": [
    "unknown field",
    "strict decoding",
    "immutable",
    "invalid",
    "cannot be handled",
    "no matches for kind",
    "for requested resource",
    "failed to create typed",
    "ValidationError",
    "not declared in schema",
    "dry-run failed",
    "failed to calculate diff",
    "pod rejected",
    "cannot unmarshal",
    "quantities must match",
    "unable to convert unstructured",
    "no PriorityClass",
    "no RuntimeClass",
    "denied request:",
    "denied the request:",
  ],
  "render-failed": ["kustomize", "BuildFailed", "ComparisonError", "helm template", "YAML", "yaml", "accumulating resources"],
  "helm-failed": ["InstallFailed", "UpgradeFailed", "Helm", "helm"],
  // An init container that waits for ever does not fail: it only runs on.
  "dependency-address": ["CrashLoopBackOff", "Back-off restarting", "terminated", "Unhealthy", "restarts: 0, init container"],
  "port-conflict": ["free ports", "CrashLoopBackOff", "Back-off restarting", "terminated", "Unhealthy"],
  "dns-policy": ["dns", "DNS", "CrashLoopBackOff", "Unhealthy"],
};

/** The first signal of a class that the cluster itself shows, or undefined. */
export function signalOf(failureClass: FailureClass, evidence: Evidence): string | undefined {
  const texts = evidence.items.filter(({ kind }) => CLUSTER.includes(kind)).map(({ text, source }) => `${source}\n${text}`.toLowerCase());
  return SIGNALS[failureClass]?.find((signal) => texts.some((text) => text.includes(signal.toLowerCase())));
}
