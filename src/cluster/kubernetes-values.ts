// What client-node's models do not carry of the OpenAPI of Kubernetes: which strings are quantities, and which take only some values. The test against a
// real API server (test/cluster/) compares both tables with what the server says.

/** Fields of the OpenAPI type Quantity: the models call them string, the API server takes numbers too (`cpu: 1`). */
export const QUANTITIES: ReadonlySet<string> = new Set([
  "V1ResourceRequirements.limits",
  "V1ResourceRequirements.requests",
  "V1VolumeResourceRequirements.limits",
  "V1VolumeResourceRequirements.requests",
  "V1ContainerStatus.allocatedResources",
  "V1PodSpec.overhead",
  "V1PodStatus.allocatedResources",
  "V1ResourceQuotaSpec.hard",
  "V1ResourceQuotaStatus.hard",
  "V1ResourceQuotaStatus.used",
  "V1LimitRangeItem.default",
  "V1LimitRangeItem.defaultRequest",
  "V1LimitRangeItem.max",
  "V1LimitRangeItem.maxLimitRequestRatio",
  "V1LimitRangeItem.min",
  "V1EmptyDirVolumeSource.sizeLimit",
  "V1ResourceFieldSelector.divisor",
  "V1PersistentVolumeSpec.capacity",
  "V1PersistentVolumeClaimStatus.allocatedResources",
  "V1PersistentVolumeClaimStatus.capacity",
  "V2HPAScalingRules.tolerance",
  "V2MetricTarget.averageValue",
  "V2MetricTarget.value",
  "V2MetricValueStatus.averageValue",
  "V2MetricValueStatus.value",
]);

/** The grammar of a quantity written as text (apimachinery, `resource.Quantity`). */
export const QUANTITY_PATTERN = "^[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\\d+)?$";

const PROTOCOLS = ["SCTP", "TCP", "UDP"];
const PULL_POLICIES = ["Always", "IfNotPresent", "Never"];
const ACCESS_MODES = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
const CONFINEMENTS = ["Localhost", "RuntimeDefault", "Unconfined"];
const SET_OPERATORS = ["DoesNotExist", "Exists", "Gt", "In", "Lt", "NotIn"];
const TRAFFIC_POLICIES = ["Cluster", "Local"];
const UPDATES = ["OnDelete", "RollingUpdate"];

/** Fields of specs that take only these values; of lists, their items. */
export const CLOSED_VALUES: ReadonlyMap<string, readonly string[]> = new Map([
  ["V1AppArmorProfile.type", CONFINEMENTS],
  ["V1SeccompProfile.type", CONFINEMENTS],
  ["V1Container.imagePullPolicy", PULL_POLICIES],
  ["V1EphemeralContainer.imagePullPolicy", PULL_POLICIES],
  ["V1ImageVolumeSource.pullPolicy", PULL_POLICIES],
  ["V1Container.terminationMessagePolicy", ["FallbackToLogsOnError", "File"]],
  ["V1EphemeralContainer.terminationMessagePolicy", ["FallbackToLogsOnError", "File"]],
  ["V1ContainerPort.protocol", PROTOCOLS],
  ["V1ServicePort.protocol", PROTOCOLS],
  ["V1NetworkPolicyPort.protocol", PROTOCOLS],
  ["V1HTTPGetAction.scheme", ["HTTP", "HTTPS"]],
  ["V1HostPathVolumeSource.type", ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"]],
  ["V1NodeSelectorRequirement.operator", SET_OPERATORS],
  ["V1PersistentVolumeClaimSpec.accessModes", ACCESS_MODES],
  ["V1PersistentVolumeClaimSpec.volumeMode", ["Block", "Filesystem"]],
  ["V1PersistentVolumeSpec.accessModes", ACCESS_MODES],
  ["V1PersistentVolumeSpec.volumeMode", ["Block", "Filesystem"]],
  ["V1PersistentVolumeSpec.persistentVolumeReclaimPolicy", ["Delete", "Recycle", "Retain"]],
  ["V1PodSecurityContext.fsGroupChangePolicy", ["Always", "OnRootMismatch"]],
  ["V1PodSecurityContext.supplementalGroupsPolicy", ["Merge", "Strict"]],
  ["V1PodSpec.dnsPolicy", ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]],
  ["V1PodSpec.preemptionPolicy", ["Never", "PreemptLowerPriority"]],
  ["V1PodSpec.restartPolicy", ["Always", "Never", "OnFailure"]],
  ["V1SecurityContext.procMount", ["Default", "Unmasked"]],
  ["V1ServiceSpec.externalTrafficPolicy", TRAFFIC_POLICIES],
  ["V1ServiceSpec.internalTrafficPolicy", TRAFFIC_POLICIES],
  ["V1ServiceSpec.ipFamilies", ["", "IPv4", "IPv6"]],
  ["V1ServiceSpec.ipFamilyPolicy", ["PreferDualStack", "RequireDualStack", "SingleStack"]],
  ["V1ServiceSpec.sessionAffinity", ["ClientIP", "None"]],
  ["V1ServiceSpec.type", ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]],
  ["V1Toleration.effect", ["NoExecute", "NoSchedule", "PreferNoSchedule"]],
  ["V1Toleration.operator", ["Equal", "Exists", "Gt", "Lt"]],
  ["V1TopologySpreadConstraint.nodeAffinityPolicy", ["Honor", "Ignore"]],
  ["V1TopologySpreadConstraint.nodeTaintsPolicy", ["Honor", "Ignore"]],
  ["V1TopologySpreadConstraint.whenUnsatisfiable", ["DoNotSchedule", "ScheduleAnyway"]],
  ["V1VolumeMount.mountPropagation", ["Bidirectional", "HostToContainer", "None"]],
  ["V1DaemonSetUpdateStrategy.type", UPDATES],
  ["V1StatefulSetUpdateStrategy.type", UPDATES],
  ["V1DeploymentStrategy.type", ["Recreate", "RollingUpdate"]],
  ["V1StatefulSetSpec.podManagementPolicy", ["OrderedReady", "Parallel"]],
  ["V1CronJobSpec.concurrencyPolicy", ["Allow", "Forbid", "Replace"]],
  ["V1JobSpec.completionMode", ["Indexed", "NonIndexed"]],
  ["V1JobSpec.podReplacementPolicy", ["Failed", "TerminatingOrFailed"]],
  ["V1HTTPIngressPath.pathType", ["Exact", "ImplementationSpecific", "Prefix"]],
  ["V1NetworkPolicySpec.policyTypes", ["Egress", "Ingress"]],
  ["V1PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy", ["AlwaysAllow", "IfHealthyBudget"]],
  ["V1StorageClass.reclaimPolicy", ["Delete", "Recycle", "Retain"]],
  ["V1StorageClass.volumeBindingMode", ["Immediate", "WaitForFirstConsumer"]],
]);
