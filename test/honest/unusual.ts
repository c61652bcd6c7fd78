import type { EvidenceKind } from "../../src/evidence/evidence.ts";
import type { FailureClass } from "../../src/incident/failure-class.ts";
import { broken } from "../guards/store.ts";
import type { HonestCase } from "./cases.ts";

type Says = readonly (readonly [EvidenceKind, string])[];
type Edit = readonly [from: string, to: string];

const store = { kind: "Deployment", name: "store" };
const cart = { kind: "StatefulSet", name: "cart" };
const report = { kind: "CronJob", name: "report" };
const shipper = { kind: "DaemonSet", name: "shipper" };
const OOM: Says = [["container", "lastState: terminated: reason: OOMKilled, exitCode: 137"]];
const PULL: Says = [["event", "Failed: Error: ErrImagePull"]];
const CRASH: Says = [["container", "waiting: CrashLoopBackOff, exitCode: 2"]];
const crashLog = (log: string): Says => [...CRASH, ["log", log]];
const event = (text: string): Says => [["event", text]];

/** One thing broken in the store, and how an engineer would put it right without being told what it was before. */
function honest(
  failureClass: FailureClass,
  name: string,
  target: { kind: string; name: string },
  says: Says,
  breaks: Edit,
  edits: readonly Edit[],
  more: Partial<HonestCase> = {},
): HonestCase {
  const quote = says[0]?.[1].slice(0, 30) ?? "";
  return { name, failureClass, world: () => broken(target, breaks, says), edits, quote, withoutHistory: true, ...more };
}
const inStore = { container: "store" };
const withHistory = { withoutHistory: false };

const LIVENESS =
  "          livenessProbe:\n            httpGet: { path: /alive, port: http }\n            initialDelaySeconds: 5\n            periodSeconds: 10\n            failureThreshold: 3\n";
const CONTEXT =
  "          securityContext:\n            runAsNonRoot: true\n            runAsUser: 10001\n            allowPrivilegeEscalation: false\n            capabilities: { drop: [ALL] }\n";
const MOUNTS =
  "          volumeMounts:\n            - { name: data, mountPath: /data }\n            - { name: settings, mountPath: /config }\n            - { name: tls, mountPath: /tls, readOnly: true }\n";
const CURRENT = "limits: { cpu: 500m, memory: 256Mi }";
const REQUESTS = "requests: { cpu: 100m, memory: 128Mi }";
const violates = (what: string): Says => event(`FailedCreate: violates PodSecurity "restricted:latest": ${what}`);
const unschedulable = (what: string): Says => event(`FailedScheduling: 0/3 nodes are available: 3 node(s) ${what}`);

/** What a commit moved, and what goes back or follows for it. */
const MOVED: readonly HonestCase[] = [
  honest(
    "readiness-probe",
    "declared port that moved alone",
    store,
    [...event("Unhealthy: Readiness probe failed: dial tcp 10.0.0.7:8081: connect: connection refused"), ["log", "level=INFO msg=listening address=:8080"]],
    ["name: http, containerPort: 8080", "name: http, containerPort: 8081"],
    [["name: http, containerPort: 8081", "name: http, containerPort: 8080"]],
    { ...inStore, ...withHistory },
  ),
  honest(
    "readiness-probe",
    "a program follows its declared port",
    store,
    [...event("Unhealthy: Readiness probe failed: dial tcp 10.0.0.7:8081: connect: connection refused"), ["log", "level=INFO msg=listening address=:8080"]],
    ["name: http, containerPort: 8080", "name: http, containerPort: 8081"],
    [["--listen=:8080", "--listen=:8081"]],
    { ...inStore, ...withHistory },
  ),
  honest(
    "quota",
    "old pods go before new ones come",
    store,
    event("FailedCreate: exceeded quota: team, requested: pods=1, used: pods=3, limited: pods=3"),
    [
      "  replicas: 3\n  selector:\n    matchLabels: { app: store }",
      "  replicas: 3\n  strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }\n  selector:\n    matchLabels: { app: store }",
    ],
    [["  strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }\n", ""]],
    withHistory,
  ),
];

const RESOURCES: readonly HonestCase[] = [
  honest(
    "out-of-memory",
    "memory of a Pod",
    { kind: "Pod", name: "prober" },
    OOM,
    ["limits: { memory: 64Mi }\n", "limits: { memory: 32Mi }\n"],
    [["32Mi", "64Mi"]],
    {
      world: () =>
        broken(
          { kind: "Pod", name: "prober" },
          ["prober:1.0.0\n      resources:\n        limits: { memory: 64Mi }", "prober:1.0.0\n      resources:\n        limits: { memory: 32Mi }"],
          OOM,
        ),
      container: "prober",
    },
  ),
  honest(
    "out-of-memory",
    "limit and request alike",
    store,
    OOM,
    [`${REQUESTS}\n            ${CURRENT}`, "requests: { cpu: 100m, memory: 96Mi }\n            limits: { cpu: 500m, memory: 96Mi }"],
    [
      ["cpu: 100m, memory: 96Mi", "cpu: 100m, memory: 192Mi"],
      ["cpu: 500m, memory: 96Mi", "cpu: 500m, memory: 192Mi"],
    ],
    inStore,
  ),
  honest(
    "out-of-memory",
    "a request beside the raised limit",
    store,
    OOM,
    [`${REQUESTS}\n            ${CURRENT}`, "requests: { cpu: 100m }\n            limits: { cpu: 500m, memory: 96Mi }"],
    [
      ["requests: { cpu: 100m }", "requests: { cpu: 100m, memory: 128Mi }"],
      ["memory: 96Mi", "memory: 192Mi"],
    ],
    inStore,
  ),
  honest("out-of-memory", "at the bound", store, OOM, [CURRENT, "limits: { cpu: 500m, memory: 160Mi }"], [["memory: 160Mi", "memory: 640Mi"]], inStore),
  honest("out-of-memory", "written another way", store, OOM, [CURRENT, "limits: { cpu: 500m, memory: 160Mi }"], [["memory: 160Mi", "memory: 0.5Gi"]], inStore),
  honest("out-of-memory", "in bytes", store, OOM, [CURRENT, "limits: { cpu: 500m, memory: 160Mi }"], [["memory: 160Mi", "memory: 335544320"]], inStore),
  honest(
    "out-of-memory",
    "far back to what it was",
    store,
    OOM,
    [CURRENT, "limits: { cpu: 500m, memory: 8Mi }"],
    [
      ["memory: 8Mi", "memory: 256Mi"],
      ["memory: 128Mi", "memory: 8Mi"],
    ],
    { ...inStore, ...withHistory, edits: [["memory: 8Mi", "memory: 256Mi"]] },
  ),
  honest(
    "limit-range",
    "up to the minimum",
    store,
    event("FailedCreate: minimum cpu usage per Container is 200m, but request is 100m"),
    ["cpu: 100m, memory: 128Mi", "cpu: 100m, memory: 120Mi"],
    [["cpu: 100m", "cpu: 200m"]],
    inStore,
  ),
  honest(
    "limit-range",
    "request that keeps the ratio",
    store,
    event("FailedCreate: cpu max limit to request ratio per Container is 2, but provided ratio is 5"),
    ["cpu: 100m, memory: 128Mi", "cpu: 100m, memory: 120Mi"],
    [["cpu: 100m", "cpu: 250m"]],
    inStore,
  ),
  honest(
    "limit-range",
    "request and limit lowered",
    store,
    event("FailedCreate: maximum memory usage per Container is 128Mi, but limit is 256Mi"),
    ["cpu: 100m, memory: 128Mi", "cpu: 100m, memory: 200Mi"],
    [
      ["cpu: 100m, memory: 200Mi", "cpu: 100m, memory: 128Mi"],
      ["memory: 256Mi", "memory: 128Mi"],
    ],
    inStore,
  ),
  honest(
    "quota",
    "lower requests",
    store,
    event("FailedCreate: exceeded quota: team, requested: requests.cpu=2, used: 1, limited: 2"),
    ["cpu: 100m, memory: 128Mi", "cpu: 500m, memory: 128Mi"],
    [["cpu: 500m, memory: 128Mi", "cpu: 50m, memory: 128Mi"]],
    inStore,
  ),
  honest(
    "quota",
    "limits that must be there",
    store,
    event("FailedCreate: failed quota: team: must specify limits.memory"),
    [CURRENT, "limits: { cpu: 500m }"],
    [["limits: { cpu: 500m }", "limits: { cpu: 500m, memory: 256Mi }"]],
    inStore,
  ),
  honest(
    "quota",
    "everything that must be there",
    shipper,
    event("FailedCreate: failed quota: team: must specify limits.cpu,limits.memory,requests.cpu,requests.memory"),
    ["          resources:\n            limits: { memory: 128Mi }\n---\napiVersion: batch/v1", "---\napiVersion: batch/v1"],
    [
      [
        "--batch=100]\n",
        "--batch=100]\n              resources:\n                requests: { cpu: 50m, memory: 64Mi }\n                limits: { cpu: 100m, memory: 128Mi }\n".replaceAll(
          "              ",
          "          ",
        ),
      ],
    ],
    { container: "shipper" },
  ),
  honest(
    "unschedulable-resources",
    "memory request",
    store,
    event("FailedScheduling: 0/3 nodes are available: 3 Insufficient memory"),
    [`${REQUESTS}\n            ${CURRENT}`, "requests: { cpu: 100m, memory: 64Gi }\n            limits: { cpu: 500m, memory: 64Gi }"],
    [["cpu: 100m, memory: 64Gi", "cpu: 100m, memory: 1Gi"]],
    inStore,
  ),
  honest(
    "autoscaler",
    "missing request",
    store,
    event("FailedGetResourceMetric: missing request for memory in container store"),
    ["requests: { cpu: 100m, memory: 128Mi }", "requests: { cpu: 100m }"],
    [["requests: { cpu: 100m }", "requests: { cpu: 100m, memory: 128Mi }"]],
    inStore,
  ),
];

const PROBES: readonly HonestCase[] = [
  honest(
    "readiness-probe",
    "longer timeout",
    store,
    event("Unhealthy: Readiness probe failed: context deadline exceeded"),
    ["            periodSeconds: 5\n          livenessProbe", "            periodSeconds: 5\n            timeoutSeconds: 1\n          livenessProbe"],
    [["timeoutSeconds: 1", "timeoutSeconds: 5"]],
    inStore,
  ),
  honest(
    "readiness-probe",
    "a timeout where there was none",
    store,
    event("Unhealthy: Readiness probe failed: context deadline exceeded"),
    ["            periodSeconds: 5\n          livenessProbe", "            periodSeconds: 6\n          livenessProbe"],
    [["periodSeconds: 6", "periodSeconds: 6\n            timeoutSeconds: 5"]],
    inStore,
  ),
  honest(
    "readiness-probe",
    "port by number",
    store,
    event("Unhealthy: Readiness probe failed: connection refused"),
    ["path: /ready, port: http", "path: /ready, port: 8888"],
    [["port: 8888", "port: 8080"]],
    inStore,
  ),
  honest(
    "readiness-probe",
    "path that the program names",
    store,
    [...event("Unhealthy: Readiness probe failed: statuscode: 404"), ["log", "serving /readyz and /livez on :8080"]],
    ["path: /ready,", "path: /redy,"],
    [["/redy", "/readyz"]],
    inStore,
  ),
  honest(
    "liveness-probe",
    "later and more patient",
    store,
    event("Unhealthy: Liveness probe failed: connection refused"),
    ["initialDelaySeconds: 5", "initialDelaySeconds: 1"],
    [
      ["initialDelaySeconds: 1", "initialDelaySeconds: 60"],
      ["periodSeconds: 10\n            failureThreshold: 3", "periodSeconds: 10\n            failureThreshold: 6"],
    ],
    inStore,
  ),
  honest(
    "liveness-probe",
    "first delay where there was none",
    store,
    event("Unhealthy: Liveness probe failed: connection refused"),
    ["            initialDelaySeconds: 5\n", ""],
    [["            periodSeconds: 10\n", "            initialDelaySeconds: 30\n            periodSeconds: 10\n"]],
    inStore,
  ),
  honest(
    "startup-probe",
    "longer period",
    store,
    event("Unhealthy: Startup probe failed: connection refused"),
    ["failureThreshold: 12", "failureThreshold: 4"],
    [["periodSeconds: 5\n            failureThreshold: 4", "periodSeconds: 10\n            failureThreshold: 24"]],
    inStore,
  ),
  honest(
    "liveness-probe",
    "asks the port by the name that the container has",
    store,
    event("Unhealthy: Liveness probe failed: connection refused"),
    [LIVENESS, LIVENESS.replace("port: http", "port: web")],
    [["path: /alive, port: web", "path: /alive, port: http"]],
    inStore,
  ),
  honest(
    "liveness-probe",
    "asks the metrics port",
    store,
    [...event("Unhealthy: Liveness probe failed: connection refused"), ["log", "health on :9090"]],
    [LIVENESS, LIVENESS.replace("port: http", "port: 9999")],
    [["port: 9999", "port: metrics"]],
    inStore,
  ),
];

const REFERENCES: readonly HonestCase[] = [
  honest(
    "config-missing",
    "all keys of a ConfigMap",
    store,
    event('configmap "shop-settings" not found'),
    ["- configMapRef: { name: store-settings }", "- configMapRef: { name: shop-settings }"],
    [["shop-settings", "store-settings"]],
    inStore,
  ),
  honest(
    "config-key-missing",
    "key spelt with another sign",
    store,
    event("couldn't find key Currency in ConfigMap shop/store-settings"),
    ["key: currency }", "key: Currency }"],
    [["key: Currency }", "key: currency }"]],
    inStore,
  ),
  honest(
    "secret-missing",
    "another name of the volume's Secret",
    store,
    event('secret "store-tsl" not found'),
    ["secretName: store-tls }\n---", "secretName: store-tsl }\n---"],
    [["store-tsl", "store-tls"]],
  ),
  honest(
    "service-account-missing",
    "misspelt account",
    store,
    event('FailedCreate: serviceaccount "stroe" not found'),
    ["serviceAccountName: store", "serviceAccountName: stroe"],
    [["stroe", "store"]],
  ),
  honest(
    "image-unauthorized",
    "pull secret as before",
    store,
    event("Failed to pull image: 401 Unauthorized: unauthorized"),
    ["      imagePullSecrets:\n        - name: registry-login\n", ""],
    [["      dnsPolicy: ClusterFirst\n", "      dnsPolicy: ClusterFirst\n      imagePullSecrets:\n        - name: registry-login\n"]],
    withHistory,
  ),
  honest(
    "volume-unbound",
    "class of a claim template",
    cart,
    [
      ["event", "ProvisioningFailed: storageclass.storage.k8s.io standrd not found"],
      ["surroundings", "StorageClass standard, StorageClass fast"],
    ],
    ["accessModes: [ReadWriteOnce]\n        storageClassName: standard", "accessModes: [ReadWriteOnce]\n        storageClassName: standrd"],
    [["standrd", "standard"]],
  ),
  honest(
    "volume-unbound",
    "access mode that the class has",
    { kind: "PersistentVolumeClaim", name: "store-data" },
    [
      ["event", "ProvisioningFailed: access mode is not supported; persistentvolumeclaim is unbound"],
      ["surroundings", "PersistentVolume pv-1: ReadWriteOnce, standard"],
    ],
    ["storageClassName: standard\n  accessModes: [ReadWriteOnce]", "storageClassName: standard\n  accessModes: [ReadWriteMany]"],
    [["ReadWriteMany", "ReadWriteOnce"]],
  ),
  honest(
    "volume-mount",
    "volume that the pod has",
    store,
    event("FailedMount: volume mount settngs is not found"),
    ["{ name: settings, mountPath: /config }", "{ name: settngs, mountPath: /config }"],
    [["{ name: settngs,", "{ name: settings,"]],
    inStore,
  ),
  honest(
    "ingress-backend",
    "port by number",
    { kind: "Ingress", name: "store" },
    [["surroundings", "Ingress store: backend store has no port 8080"]],
    ["port: { name: http }", "port: { number: 8080 }"],
    [["port: { number: 8080 }", "port: { number: 80 }"]],
  ),
  honest(
    "ingress-backend",
    "another spelling of the Service",
    { kind: "Ingress", name: "store" },
    [["surroundings", "Ingress store: backend Service stores not found"]],
    ["                name: store\n", "                name: stores\n"],
    [["name: stores", "name: store"]],
  ),
  honest(
    "autoscaler",
    "kind of the target",
    { kind: "HorizontalPodAutoscaler", name: "store" },
    event("FailedGetScale: statefulsets.apps store not found; HorizontalPodAutoscaler"),
    ["kind: Deployment, name: store }", "kind: StatefulSet, name: store }"],
    [["kind: StatefulSet", "kind: Deployment"]],
  ),
  honest(
    "autoscaler",
    "API version of the target",
    { kind: "HorizontalPodAutoscaler", name: "store" },
    event("FailedGetScale: no matches for kind Deployment in version extensions/v1beta1; HorizontalPodAutoscaler"),
    ["scaleTargetRef: { apiVersion: apps/v1", "scaleTargetRef: { apiVersion: extensions/v1beta1"],
    [["extensions/v1beta1", "apps/v1"]],
  ),
  honest(
    "service-port",
    "protocol",
    { kind: "Service", name: "store" },
    [["service", "EndpointSlice: port 80 UDP, no container port"]],
    [
      "{ name: http, port: 80, targetPort: http }\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: cart",
      "{ name: http, port: 80, targetPort: http, protocol: UDP }\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: cart",
    ],
    [["protocol: UDP", "protocol: TCP"]],
  ),
  honest(
    "service-port",
    "port of the sidecar",
    { kind: "Service", name: "store" },
    [["service", "EndpointSlice: targetPort proxi is no container port"]],
    [
      "{ name: http, port: 80, targetPort: http }\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: cart",
      "{ name: http, port: 80, targetPort: proxi }\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: cart",
    ],
    [["targetPort: proxi", "targetPort: proxy"]],
  ),
];

const POD: readonly HonestCase[] = [
  honest(
    "pod-security",
    "profile of the whole pod",
    store,
    violates("seccompProfile (pod or container must set seccompProfile.type)"),
    ["dnsPolicy: ClusterFirst\n", "dnsPolicy: Default\n"],
    [["      dnsPolicy: Default\n", "      dnsPolicy: Default\n      securityContext: { seccompProfile: { type: RuntimeDefault } }\n"]],
  ),
  honest(
    "pod-security",
    "everything that restricted asks for",
    store,
    violates("allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true"),
    [CONTEXT, ""],
    [["          readinessProbe:\n", `${CONTEXT}          readinessProbe:\n`]],
    inStore,
  ),
  honest(
    "pod-security",
    "two new containers and no other",
    store,
    violates('allowPrivilegeEscalation != false (containers "tail", "sync" must set securityContext.allowPrivilegeEscalation=false)'),
    [
      "        - name: store\n          image: registry",
      "        - name: tail\n          image: registry.example.com/shop/tail:1.0.0\n        - name: sync\n          image: registry.example.com/shop/sync:1.0.0\n          securityContext: { capabilities: { add: [NET_ADMIN] } }\n        - name: store\n          image: registry",
    ],
    [
      ["shop/tail:1.0.0\n", "shop/tail:1.0.0\n          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }\n"],
      ["{ capabilities: { add: [NET_ADMIN] } }", "{ allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }"],
    ],
  ),
  honest(
    "pod-security",
    "host network off",
    store,
    violates("host namespaces (hostNetwork=true)"),
    ["      dnsPolicy: ClusterFirst\n", "      dnsPolicy: ClusterFirst\n      hostNetwork: true\n"],
    [["hostNetwork: true", "hostNetwork: false"]],
  ),
  honest(
    "pod-security",
    "host network gone",
    store,
    violates("host namespaces (hostNetwork=true)"),
    ["      dnsPolicy: ClusterFirst\n", "      dnsPolicy: ClusterFirst\n      hostNetwork: true\n"],
    [["      hostNetwork: true\n", ""]],
  ),
  honest(
    "pod-security",
    "host port gone",
    store,
    violates("hostPort (container store uses hostPort 8080)"),
    ["{ name: http, containerPort: 8080 }", "{ name: http, containerPort: 8080, hostPort: 8080 }"],
    [[", hostPort: 8080", ""]],
    inStore,
  ),
  honest(
    "pod-security",
    "capability no longer added",
    store,
    violates("unrestricted capabilities"),
    ["capabilities: { drop: [ALL] }", "capabilities: { drop: [ALL], add: [NET_ADMIN] }"],
    [[", add: [NET_ADMIN]", ""]],
    inStore,
  ),
  honest(
    "pod-security",
    "non-root user",
    store,
    violates("runAsUser=0"),
    ["runAsUser: 10001", "runAsUser: 0"],
    [["runAsUser: 0", "runAsUser: 65532"]],
    inStore,
  ),
  honest(
    "run-as-root-image",
    "user and groups",
    store,
    event("Error: container has runAsNonRoot and image will run as root"),
    ["            runAsUser: 10001\n", ""],
    [
      ["            runAsNonRoot: true\n", "            runAsNonRoot: true\n            runAsUser: 10001\n            runAsGroup: 10001\n"],
      ["      dnsPolicy: ClusterFirst\n", "      dnsPolicy: ClusterFirst\n      securityContext: { fsGroup: 10001 }\n"],
    ],
    inStore,
  ),
  honest(
    "unschedulable-placement",
    "affinity that no node fits",
    store,
    [...unschedulable("didn't match Pod's node affinity/selector"), ["surroundings", "Node a: labels zone=a"]],
    [
      "      nodeSelector:\n        pool: general\n",
      "      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: zone, operator: In, values: [c] }] }] } } }\n",
    ],
    [
      [
        "      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: zone, operator: In, values: [c] }] }] } } }\n",
        "",
      ],
    ],
  ),
  honest(
    "unschedulable-placement",
    "anti-affinity with too few nodes",
    store,
    [...unschedulable("didn't match pod anti-affinity rules"), ["surroundings", "Node a: labels kubernetes.io/hostname=a"]],
    [
      "      nodeSelector:\n        pool: general\n",
      "      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: kubernetes.io/hostname, labelSelector: { matchLabels: { app: store } } }] } }\n",
    ],
    [
      [
        "      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: kubernetes.io/hostname, labelSelector: { matchLabels: { app: store } } }] } }\n",
        "",
      ],
    ],
  ),
  honest(
    "unschedulable-placement",
    "spread that cannot be kept",
    store,
    [...unschedulable("didn't match pod topology spread constraints"), ["surroundings", "Node a: labels topology.kubernetes.io/zone=a"]],
    [
      "      nodeSelector:\n        pool: general\n",
      "      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule }]\n",
    ],
    [["      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule }]\n", ""]],
  ),
  honest(
    "dns-policy",
    "own resolver gone",
    store,
    event("Unhealthy: lookup cart: no such host; dnsConfig names 10.0.0.1"),
    ["      dnsPolicy: ClusterFirst\n", "      dnsPolicy: None\n      dnsConfig: { nameservers: [10.0.0.1] }\n"],
    [["      dnsPolicy: None\n      dnsConfig: { nameservers: [10.0.0.1] }\n", "      dnsPolicy: ClusterFirst\n"]],
  ),
];

const PROGRAMS: readonly HonestCase[] = [
  honest("image-not-found", "image of a Rollout", { kind: "Rollout", name: "web" }, PULL, ["shop/web:2.0.0", "shop/web:2.0.9"], [["2.0.9", "2.0.0"]], {
    container: "web",
  }),
  honest(
    "image-not-found",
    "letters of the repository",
    store,
    event("InvalidImageName: Failed to apply default image tag"),
    ["shop/store:5.1.2", "shop/Store:5.1.2"],
    [["shop/Store", "shop/store"]],
    inStore,
  ),
  honest(
    "image-not-found",
    "in quotes",
    store,
    PULL,
    ["store:5.1.2", "store:5.2.0"],
    [["image: registry.example.com/shop/store:5.2.0", 'image: "registry.example.com/shop/store:5.1.2"']],
    inStore,
  ),
  honest(
    "crash-on-start",
    "flag with a letter too few",
    shipper,
    crashLog("unknown flag --bach; flags: --batch, --every"),
    ["--batch=100]", "--bach=100]"],
    [["--bach=", "--batch="]],
    { container: "shipper" },
  ),
  honest(
    "crash-on-start",
    "flag that the program no longer has",
    store,
    crashLog("flag provided but not defined: -catalog"),
    ["--catalogue=/data", "--catalog=/data"],
    [["--catalog=", "--catalogue="]],
    { ...inStore, ...withHistory },
  ),
  honest(
    "crash-on-start",
    "variable that came with the failure",
    store,
    crashLog("unknown mode: turbo"),
    ["          env:\n", "          env:\n            - name: MODE\n              value: turbo\n"],
    [["            - name: MODE\n              value: turbo\n", ""]],
    inStore,
  ),
  honest(
    "crash-on-start",
    "number that the program asks for",
    store,
    crashLog("LOG_LEVEL: must be a number, not verbose"),
    ["value: info", "value: verbose"],
    [["value: verbose", 'value: "3"']],
    inStore,
  ),
  honest(
    "crash-on-start",
    "settings of a ConfigMap",
    store,
    crashLog("WORKERS: strconv.Atoi: parsing four: invalid syntax"),
    ['WORKERS: "4"', "WORKERS: four"],
    [["WORKERS: four", 'WORKERS: "4"']],
    { ...withHistory, document: { kind: "ConfigMap", name: "store-settings" } },
  ),
  honest(
    "dependency-address",
    "address with its namespace",
    store,
    crashLog("dial tcp: lookup carts: no such host"),
    ["http://cart:80/api", "http://carts:80/api"],
    [["http://carts:80/api", "http://cart.shop.svc.cluster.local:80/api"]],
    inStore,
  ),
  honest(
    "dependency-address",
    "port of the Service",
    store,
    crashLog("dial tcp 10.96.0.7:8081: connection refused"),
    ["http://cart:80/api", "http://cart:8081/api"],
    [["http://cart:8081", "http://cart:80"]],
    inStore,
  ),
  honest(
    "port-conflict",
    "port that is free",
    store,
    crashLog("listen tcp :9090: bind: address already in use; 9191 is free"),
    ["{ name: metrics, containerPort: 9090 }", "{ name: metrics, containerPort: 9090, protocol: TCP }"],
    [["containerPort: 9090, protocol", "containerPort: 9191, protocol"]],
    inStore,
  ),
  honest(
    "command-not-found",
    "a letter too much",
    store,
    [["container", 'RunContainerError: exec: "/srv/storee": executable file not found']],
    ["command: [/srv/store]", "command: [/srv/storee]"],
    [["/srv/storee", "/srv/store"]],
    inStore,
  ),
  honest(
    "job-failed",
    "argument of a CronJob",
    report,
    [
      ["event", "BackoffLimitExceeded: Job has reached the specified backoff limit"],
      ["log", "unknown period dayly; periods: daily, weekly"],
    ],
    ["args: [daily]", "args: [dayly]"],
    [["dayly", "daily"]],
    { container: "report" },
  ),
  honest(
    "job-failed",
    "three times the deadline",
    report,
    event("DeadlineExceeded: Job was active longer than specified deadline"),
    ["activeDeadlineSeconds: 600", "activeDeadlineSeconds: 200"],
    [["activeDeadlineSeconds: 200", "activeDeadlineSeconds: 600"]],
  ),
  honest(
    "cron-invalid",
    "hour out of range",
    report,
    [["workload", "CronJob report: unparseable schedule: 30 25 * * *"]],
    ["30 4 * * *", "30 25 * * *"],
    [["30 25 * * *", "30 5 * * *"]],
  ),
  honest(
    "cron-invalid",
    "a field for seconds too much",
    report,
    [["workload", "CronJob report: unparseable schedule: 0 30 4 * * *"]],
    ["30 4 * * *", "0 30 4 * * *"],
    [["0 30 4 * * *", "30 4 * * *"]],
  ),
  honest(
    "cron-invalid",
    "misspelt name",
    report,
    [["workload", "CronJob report: unparseable schedule: @dayly"]],
    ["30 4 * * *", "@dayly"],
    [["@dayly", "@daily"]],
  ),
  honest(
    "cron-invalid",
    "letters of the time zone",
    report,
    [["workload", "CronJob report: unknown schedule time zone Europe/berlin"]],
    ["Europe/Berlin", "Europe/berlin"],
    [["Europe/berlin", "Europe/Berlin"]],
  ),
  honest(
    "invalid-manifest",
    "misspelt field of a container",
    store,
    [["delivery", 'sync failed: strict decoding error: unknown field "spec.template.spec.containers[0].workingdir"']],
    ["          command: [/srv/store]\n", "          command: [/srv/store]\n          workingdir: /srv\n"],
    [["workingdir: /srv", "workingDir: /srv"]],
    inStore,
  ),
  honest(
    "invalid-manifest",
    "pull secret by its name alone",
    store,
    [["delivery", "failed to create typed patch object: .spec.template.spec.imagePullSecrets[0]: expected map, got &{registry-login}"]],
    ["        - name: registry-login\n", "        - registry-login\n"],
    [["        - registry-login\n", "        - name: registry-login\n"]],
  ),
  honest(
    "invalid-manifest",
    "block of a container in the pod",
    store,
    [["delivery", "failed to create typed patch object: .spec.template.spec.volumeMounts: field not declared in schema"]],
    [MOUNTS, MOUNTS.replaceAll(/^ {4}/gm, "")],
    [[MOUNTS.replaceAll(/^ {4}/gm, ""), MOUNTS]],
    inStore,
  ),
  honest(
    "invalid-manifest",
    "misspelt block of a container",
    store,
    [["delivery", 'sync failed: strict decoding error: unknown field "spec.template.spec.containers[0].readynessProbe"']],
    ["          readinessProbe:\n", "          readynessProbe:\n"],
    [["readynessProbe:", "readinessProbe:"]],
    inStore,
  ),
  honest(
    "invalid-manifest",
    "field that does not exist goes",
    store,
    [["delivery", "failed to create typed patch object: .spec.replicaCount: field not declared in schema"]],
    ["  replicas: 3\n", "  replicas: 3\n  replicaCount: 4\n"],
    [["  replicaCount: 4\n", ""]],
  ),
  honest(
    "invalid-manifest",
    "number as text",
    { kind: "Service", name: "cart" },
    [
      [
        "delivery",
        "sync failed: Service in version v1 cannot be handled: json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32",
      ],
    ],
    ["{ name: http, port: 80, targetPort: 8080 }", '{ name: http, port: "80", targetPort: 8080 }'],
    [['port: "80"', "port: 80"]],
  ),
  honest(
    "invalid-manifest",
    "text as number",
    store,
    [["delivery", "cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string"]],
    ["value: info", "value: 7"],
    [["value: 7", 'value: "7"']],
    inStore,
  ),
];

/** Right fixes that an engineer or a good model would make, most of them without knowing what was there before. */
export const UNUSUAL: readonly HonestCase[] = [...MOVED, ...RESOURCES, ...PROBES, ...REFERENCES, ...POD, ...PROGRAMS];
