// Only the paths that the failure class permits may differ (FAILURES.md); everything else goes back to the baseline.
// Values are bounded elsewhere (plausible); this table says where a fix may write at all.
import type { KubeObject } from "../cluster/objects.ts";
import type { FailureClass } from "../incident/failure-class.ts";
import type { FieldPath } from "../source/edit/field-path.ts";
import { leaves } from "./leaf-changes.ts";
import { matchesPattern, type PathPattern, pathPattern } from "./path-pattern.ts";
import { CONTAINER_LISTS, podSpecPath } from "./pod-template.ts";

interface Permission {
  /** Below the named container (any container where the failure names none). */
  container?: readonly string[];
  /** Below the pod spec. */
  pod?: readonly string[];
  /** Below the object, by kind. */
  object?: Readonly<Record<string, readonly string[]>>;
  /** Below the ConfigMaps that the failing workload reads. */
  configMap?: readonly string[];
}

const REQUESTS = ["resources.requests.cpu", "resources.requests.memory", "resources.requests.ephemeral-storage"];
const LIMITS = ["resources.limits.cpu", "resources.limits.memory", "resources.limits.ephemeral-storage"];
/** A whole handler, its host and its headers only as the last good revision had them (plausible/probe.ts). */
const HANDLERS = ["httpGet", "tcpSocket", "grpc", "exec"];
const PROBE = [
  ...HANDLERS,
  "httpGet.path",
  "httpGet.port",
  "httpGet.scheme",
  "httpGet.host",
  "httpGet.httpHeaders.**",
  "tcpSocket.port",
  "tcpSocket.host",
  "grpc.port",
  "grpc.service",
  "exec.command.**",
];
const TIMINGS = ["initialDelaySeconds", "periodSeconds", "timeoutSeconds", "failureThreshold", "successThreshold"];
const RUNS = ["command.**", "args.**", "env.**"];
/** A source of variables itself only where it went and comes back (plausible/sources.ts). */
const SOURCES = ["envFrom", "envFrom[*].prefix"];
/** What tells a program where to listen. Under a probe's failure it only goes back to what the last good revision had (plausible/values.ts). */
const MOVED = ["env[*].name", "env[*].value", "args[*]"];
/** What makes a program answer late. Under a probe's failure it only goes back to what the last good revision had (plausible/resources.ts). */
const THROTTLE = "resources.limits.cpu";
const SECURITY = ["securityContext.**"];
const SPEC_SUFFIX: readonly string[] = ["spec.**"];

const probe = (name: string): string[] => [...PROBE, ...TIMINGS].map((field) => `${name}.${field}`);

/** One commit often breaks all probes of a container alike. Those that the class is not about only go back to what they were (plausible/probe.ts). */
const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"].flatMap(probe);

const PERMITTED: Readonly<Record<FailureClass, Permission>> = {
  "image-not-found": { container: ["image", "imagePullPolicy"] },
  "image-registry": { container: ["image"] },
  "image-unauthorized": { pod: ["imagePullSecrets.**"] },
  "command-not-found": { container: ["command.**", "args.**", "workingDir"] },
  "crash-on-start": {
    // restartPolicy only of what ran beside the others before (plausible/pod.ts).
    // The folder in which it is started only as the last good revision had it (plausible/values.ts).
    container: [...RUNS, ...SOURCES, "image", "lifecycle.**", "workingDir", "restartPolicy", "volumeMounts[*].name", "volumeMounts[*].mountPath"],
    // The variables of Services only where one of them is taken for another (plausible/values.ts).
    pod: ["volumes[*].name", "volumes[*].emptyDir.**", "enableServiceLinks"],
    configMap: ["data.*"],
  },
  "config-missing": {
    // A value itself only as the last good revision had it; what all come from goes where that brings all of them back (plausible/values.ts).
    container: ["env[*].name", "env[*].value", "env[*].valueFrom.**", "envFrom", "envFrom[*].configMapRef.name"],
    pod: ["volumes[*].configMap.name", "volumes[*].projected.sources[*].configMap.name"],
  },
  "config-key-missing": {
    container: ["env[*].valueFrom.configMapKeyRef.key"],
    // The path only as the program is told it (plausible/reference.ts).
    pod: ["volumes[*].configMap.items[*].key", "volumes[*].configMap.items[*].path", "volumes[*].projected.sources[*].configMap.items[*].key"],
    // Only a key that the last good revision had, with its value (plausible/values.ts).
    configMap: ["data.*"],
  },
  "secret-missing": {
    // A ConfigMap only in the place of a Secret of that very name (other-kind.ts).
    container: [
      ...["env[*].valueFrom.secretKeyRef.name", "env[*].valueFrom.secretKeyRef.key", "envFrom[*].secretRef.name"],
      ...["env[*].valueFrom.configMapKeyRef.*", "envFrom[*].configMapRef.name"],
    ],
    pod: ["volumes[*].secret.secretName", "volumes[*].secret.items[*].key", "volumes[*].projected.sources[*].secret.name", "volumes[*].configMap.name"],
  },
  // Where files are kept only as the last good revision had it (plausible/pod.ts): in memory they count as the container's.
  "out-of-memory": { container: ["resources.limits.memory", "resources.requests.memory"], pod: ["volumes[*].emptyDir.medium"] },
  // The port that is declared only in a first release, and where the manifest tells the program to use it (plausible/declared-port.ts).
  "liveness-probe": { container: [...PROBES, ...MOVED, THROTTLE, "ports[*].containerPort"], configMap: ["data.*"] },
  "readiness-probe": { container: [...PROBES, ...MOVED, THROTTLE, "ports[*].containerPort"], configMap: ["data.*"] },
  "startup-probe": { container: [...PROBES, ...MOVED, THROTTLE], configMap: ["data.*"] },
  // A limit only as the last good revision had it, or where it is the request as well (plausible/resources.ts).
  "unschedulable-resources": { container: [...REQUESTS, ...LIMITS] },
  "unschedulable-placement": {
    pod: ["nodeSelector.**", "affinity.**", "topologySpreadConstraints.**", "schedulerName"],
    // How it is rolled out, only as the last good revision had it (plausible/values.ts).
    object: { Deployment: ["spec.strategy.**"] },
  },
  "volume-unbound": {
    pod: ["volumes[*].persistentVolumeClaim.claimName", "volumes[*].ephemeral.volumeClaimTemplate.spec.storageClassName"],
    object: {
      PersistentVolumeClaim: ["spec.storageClassName", "spec.accessModes.**", "spec.selector.**", "spec.resources.requests.storage"],
      StatefulSet: ["spec.volumeClaimTemplates[*].spec.storageClassName", "spec.volumeClaimTemplates[*].spec.accessModes.**"],
    },
  },
  "volume-mount": {
    // Whether it may be written only as the last good revision had it (plausible/pod.ts), and how much a container may write (plausible/resources.ts).
    container: [
      "resources.limits.ephemeral-storage",
      "volumeMounts[*].mountPath",
      "volumeMounts[*].subPath",
      "volumeMounts[*].name",
      "volumeMounts[*].readOnly",
    ],
    pod: [
      // A volume that is mounted and went comes back (plausible/pod.ts).
      "volumes[*].name",
      "volumes[*].emptyDir.**",
      "volumes[*].persistentVolumeClaim.claimName",
      "volumes[*].configMap.name",
      "volumes[*].configMap.items[*].**",
      // The list itself only with an entry that it lost (plausible/reference.ts).
      "volumes[*].configMap.items",
      "volumes[*].projected.sources[*].configMap.items",
      // Only as the last good revision had them (plausible/values.ts).
      "volumes[*].configMap.defaultMode",
      "volumes[*].projected.defaultMode",
      "volumes[*].secret.secretName",
      "volumes[*].secret.items[*].**",
    ],
  },
  "service-no-endpoints": { object: { Service: ["spec.selector.*"] } },
  "service-port": { object: { Service: ["spec.ports[*].targetPort", "spec.ports[*].protocol"] } },
  "ingress-backend": {
    object: {
      Ingress: [
        "spec.rules[*].http.paths[*].backend.service.name",
        "spec.rules[*].http.paths[*].backend.service.port.*",
        "spec.defaultBackend.service.name",
        "spec.defaultBackend.service.port.*",
        "spec.ingressClassName",
      ],
    },
  },
  "service-account-missing": { pod: ["serviceAccountName", "serviceAccount"] },
  // How a Deployment is rolled out only as the last good revision had it (plausible/values.ts): without a pod more than there is room for.
  quota: { container: [...REQUESTS, ...LIMITS], object: { Deployment: ["spec.strategy.**"] } },
  "limit-range": { container: [...REQUESTS, ...LIMITS] },
  "pod-security": { container: [...SECURITY, "ports[*].hostPort"], pod: [...SECURITY, "hostNetwork", "hostPID", "hostIPC"] },
  "run-as-root-image": {
    container: ["securityContext.runAsUser", "securityContext.runAsGroup"],
    pod: ["securityContext.runAsUser", "securityContext.runAsGroup", "securityContext.fsGroup"],
  },
  "rbac-forbidden": {},
  "job-failed": {
    container: [...RUNS, ...SOURCES, "workingDir"],
    object: {
      Job: ["spec.activeDeadlineSeconds", "spec.template.spec.activeDeadlineSeconds"],
      CronJob: ["spec.startingDeadlineSeconds", "spec.jobTemplate.spec.activeDeadlineSeconds", "spec.jobTemplate.spec.template.spec.activeDeadlineSeconds"],
    },
    configMap: ["data.*"],
  },
  "cron-invalid": { object: { CronJob: ["spec.schedule", "spec.timeZone", "spec.startingDeadlineSeconds"] } },
  autoscaler: {
    container: ["resources.requests.cpu", "resources.requests.memory"],
    object: { HorizontalPodAutoscaler: ["spec.scaleTargetRef.name", "spec.scaleTargetRef.kind", "spec.scaleTargetRef.apiVersion"] },
  },
  "invalid-manifest": {
    // A ConfigMap's values have to be texts.
    object: {
      ConfigMap: ["data.*"],
      // The API server takes one of both (https://kubernetes.io/docs/tasks/run-application/configure-pdb/).
      PodDisruptionBudget: ["spec.minAvailable", "spec.maxUnavailable"],
      ...Object.fromEntries(
        [
          "Deployment",
          "StatefulSet",
          "DaemonSet",
          "ReplicaSet",
          "Job",
          "CronJob",
          "Pod",
          "Service",
          "Ingress",
          "PersistentVolumeClaim",
          "HorizontalPodAutoscaler",
          "Rollout",
        ].map((kind) => [kind, [...SPEC_SUFFIX, "metadata.labels.*"]]),
      ),
    },
  },
  "render-failed": {},
  "helm-failed": {},
  // Words of a command only as they follow an address (plausible/command.ts).
  "dependency-address": { container: ["env[*].value", "command.**", "args.**"], configMap: ["data.*"] },
  "port-conflict": {
    container: ["env.**", "args.**", "ports[*].containerPort", "ports[*].hostPort"],
    // Only out of the node's network.
    pod: ["hostNetwork"],
    // Whether the old pod goes before the new one comes: only as the last good revision had it (plausible/values.ts).
    object: { Deployment: ["spec.strategy.**"] },
    configMap: ["data.*"],
  },
  "dns-policy": { pod: ["dnsPolicy", "dnsConfig.**"] },
  "network-policy": {},
  "replicas-zero": {},
  node: {},
  unknown: {},
};

/** Where a fix of this class may write in the failing object. Empty for classes that only a human can fix. */
export function classPaths(failureClass: FailureClass, target: { kind: string; container?: string | undefined }): PathPattern[] {
  const permission = PERMITTED[failureClass];
  const prefix = podSpecPath(target.kind);
  const object = permission.object && Object.hasOwn(permission.object, target.kind) ? (permission.object[target.kind] ?? []) : [];
  const pod = prefix === undefined ? [] : (permission.pod ?? []).map((path) => `${prefix}.${path}`);
  const container = prefix === undefined ? [] : CONTAINER_LISTS.flatMap((list) => (permission.container ?? []).map((path) => `${prefix}.${list}[C].${path}`));
  return [...object, ...pod, ...container].map((text) => pathPattern(text, target.container));
}

/** Where a fix of this class may write in a ConfigMap that the failing workload reads. */
export function configMapPaths(failureClass: FailureClass): PathPattern[] {
  return (PERMITTED[failureClass].configMap ?? []).map((text) => pathPattern(text));
}

/** Whether any fix by the bot is thinkable for this class; the others are always a human's decision. */
export function isFixable(failureClass: FailureClass): boolean {
  return failureClass === "render-failed" || failureClass === "helm-failed" || Object.keys(PERMITTED[failureClass]).length > 0;
}

/** The existing scalar fields of a rendered object that the class permits: the places to probe for in values files and kustomization.yaml. */
export function permittedFields(failureClass: FailureClass, rendered: KubeObject, container?: string): FieldPath[] {
  const patterns = classPaths(failureClass, { kind: rendered.kind, container });
  return leaves([], rendered)
    .flatMap(({ path, after }): FieldPath[] => (Array.isArray(after) ? after.map((_, i) => [...path, i]) : [path]))
    .filter((path) => patterns.some((pattern) => matchesPattern(pattern, path)));
}
