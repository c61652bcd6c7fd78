import type { EvidenceKind } from "../../src/evidence/evidence.ts";
import { broken } from "../guards/store.ts";
import type { HonestCase } from "./cases.ts";

type Says = readonly (readonly [EvidenceKind, string])[];
const OOM: Says = [["container", "lastState: terminated: reason: OOMKilled, exitCode: 137"]];
const PULL: Says = [["event", "Failed: Error: ErrImagePull"]];
const CRASH: Says = [["container", "waiting: CrashLoopBackOff, exitCode: 2"]];
const NODE_OPTIONS = "            - name: NODE_OPTIONS\n              value: --max-old-space-size=16\n";
const store = { kind: "Deployment", name: "store" };

/** Right fixes on kinds and fields that no recording has. */
export const WRITTEN: readonly HonestCase[] = [
  {
    name: "image of the main container",
    world: () => broken(store, ["store:5.1.2", "store:5.2.0"], [...PULL, ["pod", "store-1: waiting: ImagePullBackOff"]]),
    failureClass: "image-not-found",
    container: "store",
    edits: [["5.2.0", "5.1.2"]],
    quote: "ErrImagePull",
    withoutHistory: true,
  },
  {
    name: "selector of a Service",
    world: () =>
      broken(
        { kind: "Service", name: "store" },
        ["selector: { app: store }", "selector: { app: stores }"],
        [["service", "EndpointSlice of store: no endpoints"]],
      ),
    failureClass: "service-no-endpoints",
    edits: [["app: stores", "app: store"]],
    quote: "no endpoints",
    withoutHistory: true,
  },
  {
    name: "memory of a container",
    world: () => broken(store, ["limits: { cpu: 500m, memory: 256Mi }", "limits: { cpu: 500m, memory: 160Mi }"], OOM),
    failureClass: "out-of-memory",
    container: "store",
    edits: [["memory: 160Mi", "memory: 256Mi"]],
    quote: "OOMKilled",
  },
  {
    name: "twice the memory",
    world: () => broken(store, ["limits: { cpu: 500m, memory: 256Mi }", "limits: { cpu: 500m, memory: 160Mi }"], OOM),
    failureClass: "out-of-memory",
    container: "store",
    edits: [["memory: 160Mi", "memory: 320Mi"]],
    quote: "OOMKilled",
    withoutHistory: true,
  },
  {
    name: "user that owns the files",
    world: () => broken(store, ["runAsUser: 10001\n            allowPrivilegeEscalation", "runAsUser: 20001\n            allowPrivilegeEscalation"], CRASH),
    failureClass: "pod-security",
    container: "store",
    edits: [["runAsUser: 20001", "runAsUser: 10001"]],
    quote: "CrashLoopBackOff",
  },
  {
    name: "options of a runtime that came",
    world: () => broken(store, ["          env:\n            - name: LOG_LEVEL\n", `          env:\n${NODE_OPTIONS}            - name: LOG_LEVEL\n`], CRASH),
    failureClass: "crash-on-start",
    container: "store",
    edits: [[NODE_OPTIONS, ""]],
    quote: "CrashLoopBackOff",
  },
  {
    name: "memory of an init container",
    world: () =>
      broken(
        store,
        [
          "args: [up, --wait]\n          resources:\n            limits: { memory: 64Mi }",
          "args: [up, --wait]\n          resources:\n            limits: { memory: 16Mi }",
        ],
        OOM,
      ),
    failureClass: "out-of-memory",
    container: "migrate",
    edits: [["memory: 16Mi", "memory: 64Mi"]],
    quote: "OOMKilled",
    withoutHistory: true,
  },
  {
    name: "memory of a sidecar, request too",
    world: () =>
      broken(
        store,
        ["requests: { memory: 32Mi }\n            limits: { memory: 64Mi }", "requests: { memory: 16Mi }\n            limits: { memory: 16Mi }"],
        OOM,
      ),
    failureClass: "out-of-memory",
    container: "proxy",
    edits: [["requests: { memory: 16Mi }\n            limits: { memory: 16Mi }", "requests: { memory: 32Mi }\n            limits: { memory: 64Mi }"]],
    quote: "OOMKilled",
    withoutHistory: true,
  },
  {
    name: "memory with a fraction",
    world: () => broken({ kind: "StatefulSet", name: "cart" }, ["memory: 1.5Gi", "memory: 0.5Gi"], OOM),
    failureClass: "out-of-memory",
    container: "cart",
    edits: [["0.5Gi", "1.5Gi"]],
    quote: "OOMKilled",
    withoutHistory: true,
  },
  {
    name: "memory of a CronJob",
    world: () => broken({ kind: "CronJob", name: "report" }, ["memory: 512Mi", "memory: 200Mi"], OOM),
    failureClass: "out-of-memory",
    container: "report",
    edits: [["200Mi", "500M"]],
    quote: "OOMKilled",
    withoutHistory: true,
  },
  {
    name: "memory of a DaemonSet",
    world: () => broken({ kind: "DaemonSet", name: "shipper" }, ["limits: { memory: 128Mi }", "limits: { memory: 64Mi }"], OOM),
    failureClass: "out-of-memory",
    container: "shipper",
    edits: [["64Mi", "128Mi"]],
    quote: "OOMKilled",
  },
  {
    name: "image of an init container",
    world: () => broken(store, ["migrate:2.3.0", "migrate:2.4.0"], PULL),
    failureClass: "image-not-found",
    container: "migrate",
    edits: [["migrate:2.4.0", "migrate:2.3.0"]],
    quote: "ErrImagePull",
    withoutHistory: true,
  },
  {
    name: "image of a CronJob",
    world: () => broken({ kind: "CronJob", name: "report" }, ["report:0.8.0", "report:0.9.0"], PULL),
    failureClass: "image-not-found",
    container: "report",
    edits: [["0.9.0", "0.8.0"]],
    quote: "ErrImagePull",
  },
  {
    name: "image by digest",
    world: () => broken({ kind: "StatefulSet", name: "cart" }, ["cart:3.0.1@sha256:94", "cart:3.0.1@sha256:00"], PULL),
    failureClass: "image-not-found",
    container: "cart",
    edits: [["sha256:00", "sha256:94"]],
    quote: "ErrImagePull",
    withoutHistory: true,
  },
  {
    name: "registry as before",
    world: () =>
      broken(
        { kind: "DaemonSet", name: "shipper" },
        ["registry.example.com/shop/shipper", "registy.example.com/shop/shipper"],
        [["event", "Failed to pull image: lookup registy.example.com: no such host"]],
      ),
    failureClass: "image-registry",
    container: "shipper",
    edits: [["registy", "registry"]],
    quote: "no such host",
    withoutHistory: true,
  },
  {
    name: "pull secret as before",
    world: () => broken(store, ["      imagePullSecrets:\n        - name: registry-login\n", ""], [["event", "Failed to pull image: 401 unauthorized"]]),
    failureClass: "image-unauthorized",
    edits: [["      dnsPolicy: ClusterFirst\n", "      dnsPolicy: ClusterFirst\n      imagePullSecrets:\n        - name: registry-login\n"]],
    quote: "unauthorized",
  },
  {
    name: "Secret that exists",
    world: () =>
      broken(
        store,
        ["{ name: store-database, key: password }", "{ name: store-databse, key: password }"],
        [["event", 'Error: secret "store-databse" not found']],
      ),
    failureClass: "secret-missing",
    container: "store",
    edits: [["store-databse", "store-database"]],
    quote: "not found",
    withoutHistory: true,
  },
  {
    name: "key of a Secret",
    world: () =>
      broken(
        store,
        ["{ name: store-database, key: password }", "{ name: store-database, key: passwrd }"],
        [["event", "Error: couldn't find key passwrd in Secret shop/store-database"]],
      ),
    failureClass: "secret-missing",
    container: "store",
    edits: [["passwrd", "password"]],
    quote: "couldn't find key passwrd",
    withoutHistory: true,
  },
  {
    name: "Secret of a volume",
    world: () =>
      broken(
        store,
        ["secret: { secretName: store-tls }", "secret: { secretName: store-tsl }"],
        [["event", 'MountVolume.SetUp failed: secret "store-tsl" not found']],
      ),
    failureClass: "secret-missing",
    edits: [["store-tsl", "store-tls"]],
    quote: "not found",
  },
  {
    name: "ConfigMap of a volume",
    world: () =>
      broken(
        store,
        ["          configMap:\n            name: store-settings", "          configMap:\n            name: store-setting"],
        [["event", 'FailedMount: configmap "store-setting" not found']],
      ),
    failureClass: "config-missing",
    edits: [["name: store-setting\n", "name: store-settings\n"]],
    quote: "FailedMount",
    withoutHistory: true,
  },
  {
    name: "ConfigMap of a variable",
    world: () =>
      broken(store, ["configMapKeyRef: { name: store-settings", "configMapKeyRef: { name: shop-settings"], [["event", 'configmap "shop-settings" not found']]),
    failureClass: "config-missing",
    container: "store",
    edits: [["shop-settings", "store-settings"]],
    quote: "configmap",
    withoutHistory: true,
  },
  {
    name: "key of a mounted item",
    world: () => broken(store, ["{ key: settings.json,", "{ key: setting.json,"], [["event", "FailedMount: references non-existent config key: setting.json"]]),
    failureClass: "config-key-missing",
    edits: [["key: setting.json", "key: settings.json"]],
    quote: "non-existent config key",
    withoutHistory: true,
  },
  {
    name: "readiness path as before",
    world: () => broken(store, ["path: /ready,", "path: /redy,"], [["event", "Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 404"]]),
    failureClass: "readiness-probe",
    container: "store",
    edits: [["/redy", "/ready"]],
    quote: "statuscode: 404",
  },
  {
    name: "startup probe waits longer",
    world: () => broken(store, ["failureThreshold: 12", "failureThreshold: 2"], [["event", "Unhealthy: Startup probe failed: connection refused"]]),
    failureClass: "startup-probe",
    container: "store",
    edits: [["failureThreshold: 2", "failureThreshold: 20"]],
    quote: "Startup probe failed",
    withoutHistory: true,
  },
  {
    name: "liveness scheme",
    world: () =>
      broken(
        store,
        ["httpGet: { path: /alive, port: http }\n            initialDelay", "httpGet: { path: /alive, port: http, scheme: HTTPS }\n            initialDelay"],
        [["event", "Unhealthy: Liveness probe failed: server gave HTTP response to HTTPS client"]],
      ),
    failureClass: "liveness-probe",
    container: "store",
    edits: [["scheme: HTTPS", "scheme: HTTP"]],
    quote: "HTTP response to HTTPS client",
    withoutHistory: true,
  },
  {
    name: "working directory as before",
    world: () =>
      broken(
        { kind: "DaemonSet", name: "shipper" },
        ["args: [tail, --batch=100]", "args: [tale, --batch=100]"],
        [["container", "StartError: exec: no such file or directory"]],
      ),
    failureClass: "command-not-found",
    container: "shipper",
    edits: [["tale", "tail"]],
    quote: "no such file or directory",
  },
  {
    name: "flag from the program's own message",
    world: () =>
      broken(
        store,
        ["--catalogue=/data/catalogue]", "--catalog=/data/catalogue]"],
        [...CRASH, ["log", "unknown flag --catalog, did you mean --catalogue=/data/catalogue ?"]],
      ),
    failureClass: "crash-on-start",
    container: "store",
    edits: [["--catalog=", "--catalogue="]],
    quote: "CrashLoopBackOff",
    withoutHistory: true,
  },
  {
    name: "value of a variable",
    world: () => broken(store, ["value: info", "value: inof"], [...CRASH, ["log", "LOG_LEVEL: invalid value inof"]]),
    failureClass: "crash-on-start",
    container: "store",
    edits: [["inof", "info"]],
    quote: "CrashLoopBackOff",
  },
  {
    name: "variable that was dropped",
    world: () =>
      broken(
        store,
        ["            - name: LOG_LEVEL\n              value: info\n", ""],
        [...CRASH, ["log", "LOG_LEVEL must be set; true, evil and debug are levels"]],
      ),
    failureClass: "crash-on-start",
    container: "store",
    edits: [["          env:\n", "          env:\n            - name: LOG_LEVEL\n              value: info\n"]],
    quote: "CrashLoopBackOff",
    withoutHistory: true,
  },
  {
    name: "hook that came with the failure",
    world: () =>
      broken(
        store,
        ["          env:\n", "          lifecycle: { postStart: { exec: { command: [/bin/warm] } } }\n          env:\n"],
        [...CRASH, ["event", "FailedPostStartHook: PostStartHook failed"]],
      ),
    failureClass: "crash-on-start",
    container: "store",
    edits: [["          lifecycle: { postStart: { exec: { command: [/bin/warm] } } }\n", ""]],
    quote: "FailedPostStartHook",
  },
  {
    name: "port of the node that somebody else has",
    world: () =>
      broken(
        store,
        ["containerPort: 9090 }", "containerPort: 9090, hostPort: 9090 }"],
        [["event", "1 node(s) didn't have free ports for the requested pod ports"]],
      ),
    failureClass: "port-conflict",
    container: "store",
    edits: [[", hostPort: 9090 }", " }"]],
    quote: "free ports",
  },
  {
    name: "last good image after a bad release",
    world: () => broken(store, ["store:5.1.2", "store:5.2.0"], [...CRASH, ["log", "panic: nil map"]]),
    failureClass: "crash-on-start",
    container: "store",
    edits: [["5.2.0", "5.1.2"]],
    quote: "CrashLoopBackOff",
  },
  {
    name: "address of a Service",
    world: () => broken(store, ["http://cart:80/api", "http://carts:80/api"], [...CRASH, ["log", "dial tcp: lookup carts: no such host"]]),
    failureClass: "dependency-address",
    container: "store",
    edits: [["http://carts:", "http://cart:"]],
    quote: "CrashLoopBackOff",
    withoutHistory: true,
  },
  {
    name: "node selector by a label that nodes have",
    world: () =>
      broken(
        store,
        ["pool: general", "pool: genral"],
        [
          ["event", "FailedScheduling: didn't match Pod's node affinity/selector"],
          ["surroundings", "Node a: labels pool=general"],
        ],
      ),
    failureClass: "unschedulable-placement",
    edits: [["genral", "general"]],
    quote: "FailedScheduling",
    withoutHistory: true,
  },
  {
    name: "claim that exists",
    world: () => broken(store, ["claimName: store-data", "claimName: store-dat"], [["event", 'FailedScheduling: persistentvolumeclaim "store-dat" not found']]),
    failureClass: "volume-unbound",
    edits: [["claimName: store-dat }", "claimName: store-data }"]],
    quote: "persistentvolumeclaim",
    withoutHistory: true,
  },
  {
    name: "storage class as before",
    world: () =>
      broken(
        { kind: "PersistentVolumeClaim", name: "store-data" },
        ["storageClassName: standard\n  accessModes", "storageClassName: fast\n  accessModes"],
        [["event", 'ProvisioningFailed: storageclass "fast" not found']],
      ),
    failureClass: "volume-unbound",
    edits: [["storageClassName: fast", "storageClassName: standard"]],
    quote: "storageclass",
  },
  {
    name: "mount path that the program names",
    world: () =>
      broken(
        store,
        ["mountPath: /config", "mountPath: /conf"],
        [
          ["event", "FailedMount"],
          ["log", "open /config/settings.json: no such file"],
        ],
      ),
    failureClass: "volume-mount",
    container: "store",
    edits: [["mountPath: /conf }", "mountPath: /config }"]],
    quote: "FailedMount",
    withoutHistory: true,
  },
  {
    name: "service account that is rendered",
    world: () => broken(store, ["serviceAccountName: store", "serviceAccountName: stor"], [["event", 'FailedCreate: serviceaccount "stor" not found']]),
    failureClass: "service-account-missing",
    edits: [["serviceAccountName: stor\n", "serviceAccountName: store\n"]],
    quote: "serviceaccount",
    withoutHistory: true,
  },
  {
    name: "Ingress backend",
    world: () =>
      broken(
        { kind: "Ingress", name: "store" },
        ["                name: store\n                port: { name: http }", "                name: stores\n                port: { name: http }"],
        [["service", "Ingress store: backend stores does not exist"]],
      ),
    failureClass: "ingress-backend",
    edits: [["name: stores", "name: store"]],
    quote: "does not exist",
    withoutHistory: true,
  },
  {
    name: "Ingress class as before",
    world: () =>
      broken(
        { kind: "Ingress", name: "store" },
        ["ingressClassName: nginx", "ingressClassName: nginxx"],
        [["service", "Ingress store: class nginxx does not exist"]],
      ),
    failureClass: "ingress-backend",
    edits: [["nginxx", "nginx"]],
    quote: "does not exist",
  },
  {
    name: "target port of another Service",
    world: () =>
      broken({ kind: "Service", name: "cart" }, ["targetPort: 8080", "targetPort: 8081"], [["service", "EndpointSlice: targetPort 8081 is no container port"]]),
    failureClass: "service-port",
    edits: [["8081", "8080"]],
    quote: "targetPort 8081",
    withoutHistory: true,
  },
  {
    name: "smaller requests",
    world: () =>
      broken(store, ["requests: { cpu: 100m, memory: 128Mi }", "requests: { cpu: 400m, memory: 256Mi }"], [["event", "FailedCreate: exceeded quota: team"]]),
    failureClass: "quota",
    container: "store",
    edits: [["requests: { cpu: 400m, memory: 256Mi }", "requests: { cpu: 100m, memory: 128Mi }"]],
    quote: "exceeded quota",
    withoutHistory: true,
  },
  {
    name: "declared port of a first release",
    world: () =>
      broken(
        store,
        [
          "            - { name: http, containerPort: 8080 }\n            - { name: metrics, containerPort: 9090 }\n",
          "            - { name: http, containerPort: 8081 }\n",
        ],
        [
          ["event", "Unhealthy: Readiness probe failed: dial tcp 10.0.0.7:8081: connect: connection refused"],
          ["log", "level=INFO msg=listening address=:8080"],
        ],
      ),
    failureClass: "readiness-probe",
    container: "store",
    edits: [["containerPort: 8081", "containerPort: 8080"]],
    quote: "Readiness probe failed",
    withoutHistory: true,
  },
  {
    name: "quota: limits that must be there",
    world: () =>
      broken(
        { kind: "DaemonSet", name: "shipper" },
        ["limits: { memory: 128Mi }", "requests: { memory: 64Mi }"],
        [["event", "FailedCreate: failed quota: team: must specify limits.memory"]],
      ),
    failureClass: "quota",
    container: "shipper",
    edits: [["requests: { memory: 64Mi }", "requests: { memory: 64Mi }\n            limits: { memory: 128Mi }"]],
    quote: "must specify limits.memory",
    withoutHistory: true,
  },
  {
    name: "schedule as before",
    world: () =>
      broken({ kind: "CronJob", name: "report" }, ["30 4 * * *", "30 25 * * *"], [["workload", "CronJob report: unparseable schedule: 30 25 * * *"]]),
    failureClass: "cron-invalid",
    edits: [["30 25", "30 5"]],
    quote: "unparseable schedule",
    withoutHistory: true,
  },
  {
    name: "time zone",
    world: () =>
      broken(
        { kind: "CronJob", name: "report" },
        ["Europe/Berlin", "Europe/Berln"],
        [["workload", "CronJob report: unknown time zone Europe/Berln, schedule is not run"]],
      ),
    failureClass: "cron-invalid",
    edits: [["Berln", "Berlin"]],
    quote: "unknown time zone",
    withoutHistory: true,
  },
  {
    name: "deadline of a job",
    world: () =>
      broken({ kind: "CronJob", name: "report" }, ["activeDeadlineSeconds: 600", "activeDeadlineSeconds: 300"], [["event", "Job: DeadlineExceeded"]]),
    failureClass: "job-failed",
    edits: [["activeDeadlineSeconds: 300", "activeDeadlineSeconds: 900"]],
    quote: "DeadlineExceeded",
    withoutHistory: true,
  },
  {
    name: "autoscaler's target",
    world: () =>
      broken(
        { kind: "HorizontalPodAutoscaler", name: "store" },
        ["kind: Deployment, name: store }", "kind: Deployment, name: stor }"],
        [["workload", "HorizontalPodAutoscaler store: FailedGetScale"]],
      ),
    failureClass: "autoscaler",
    edits: [["name: stor }", "name: store }"]],
    quote: "FailedGetScale",
    withoutHistory: true,
  },
  {
    name: "request that the autoscaler needs",
    world: () =>
      broken(store, ["requests: { cpu: 100m, memory: 128Mi }", "requests: { memory: 128Mi }"], [["event", "FailedGetResourceMetric: missing request for cpu"]]),
    failureClass: "autoscaler",
    container: "store",
    edits: [["requests: { memory: 128Mi }", "requests: { cpu: 100m, memory: 128Mi }"]],
    quote: "missing request for cpu",
  },
  {
    name: "resolver as before",
    world: () => broken(store, ["dnsPolicy: ClusterFirst", "dnsPolicy: None"], [["event", "Unhealthy: lookup cart: no such host; dnsPolicy is None"]]),
    failureClass: "dns-policy",
    edits: [["dnsPolicy: None", "dnsPolicy: ClusterFirst"]],
    quote: "dnsPolicy is None",
    withoutHistory: true,
  },
  {
    name: "wrong type",
    world: () =>
      broken(
        store,
        ["replicas: 3", 'replicas: "3"'],
        [["delivery", "sync failed: Deployment in version v1 cannot be handled: spec.replicas: cannot unmarshal string"]],
      ),
    failureClass: "invalid-manifest",
    edits: [['replicas: "3"', "replicas: 3"]],
    quote: "cannot be handled",
    withoutHistory: true,
  },
  {
    name: "allowed escalation is taken back",
    world: () =>
      broken(
        store,
        ["allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true"],
        [["event", "FailedCreate: violates PodSecurity restricted: allowPrivilegeEscalation != false"]],
      ),
    failureClass: "pod-security",
    container: "store",
    edits: [["allowPrivilegeEscalation: true", "allowPrivilegeEscalation: false"]],
    quote: "violates PodSecurity",
    withoutHistory: true,
  },
  {
    name: "seccomp profile that the policy asks for",
    world: () =>
      broken(
        store,
        ["capabilities: { drop: [ALL] }", "capabilities: { drop: [NET_RAW] }"],
        [["event", "FailedCreate: violates PodSecurity restricted: seccompProfile, unrestricted capabilities"]],
      ),
    failureClass: "pod-security",
    container: "store",
    edits: [["capabilities: { drop: [NET_RAW] }", "capabilities: { drop: [ALL] }\n            seccompProfile: { type: RuntimeDefault }"]],
    quote: "violates PodSecurity",
    withoutHistory: true,
  },
];
