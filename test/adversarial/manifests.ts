/** Shapes of well-known public charts and examples, shortened: what people really deploy, beside the recorded failures and the store. */
const workload = (kind: string, name: string, spec: string, container: string): string => `apiVersion: apps/v1
kind: ${kind}
metadata:
  name: ${name}
  labels: { app.kubernetes.io/name: ${name}, app.kubernetes.io/managed-by: Helm }
spec:
${spec}
  selector:
    matchLabels: { app.kubernetes.io/name: ${name} }
  template:
    metadata:
      labels: { app.kubernetes.io/name: ${name} }
      annotations: { checksum/config: 1f2e3d }
    spec:
${container}`;

const RESOURCES = "          resources:\n            requests: { cpu: 100m, memory: 64Mi }\n            limits: { cpu: 500m, memory: 64Mi }\n";
const SAFE =
  "          securityContext: { runAsNonRoot: true, runAsUser: 1001, allowPrivilegeEscalation: false, capabilities: { drop: [ALL] }, seccompProfile: { type: RuntimeDefault } }\n";

/** Each runs out of memory in the container `main`; the limit of 64Mi is the one to raise. */
export const PUBLIC: Readonly<Record<string, string>> = {
  "web server": workload(
    "Deployment",
    "nginx",
    "  replicas: 3\n  strategy: { type: RollingUpdate, rollingUpdate: { maxUnavailable: 25% } }",
    `      containers:\n        - name: main\n          image: docker.io/bitnami/nginx:1.29.1\n          ports: [{ name: http, containerPort: 8080 }]\n${SAFE}${RESOURCES}          livenessProbe: { tcpSocket: { port: http }, periodSeconds: 10 }\n          readinessProbe: { httpGet: { path: /, port: http } }\n`,
  ),
  "cache with a sidecar": workload(
    "StatefulSet",
    "redis",
    "  replicas: 1\n  serviceName: redis-headless",
    `      serviceAccountName: redis\n      containers:\n        - name: main\n          image: docker.io/bitnami/redis:8.0.2\n          command: [/bin/bash]\n          args: [-c, /opt/bitnami/scripts/start-scripts/start-master.sh]\n          env: [{ name: REDIS_PASSWORD, valueFrom: { secretKeyRef: { name: redis, key: redis-password } } }]\n${SAFE}${RESOURCES}          volumeMounts: [{ name: redis-data, mountPath: /data }]\n        - name: metrics\n          image: docker.io/bitnami/redis-exporter:1.74.0\n          ports: [{ name: metrics, containerPort: 9121 }]\n  volumeClaimTemplates:\n    - metadata: { name: redis-data }\n      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 8Gi } } }\n`,
  ),
  database: workload(
    "StatefulSet",
    "postgresql",
    "  replicas: 1\n  serviceName: postgresql-hl",
    `      securityContext: { fsGroup: 1001 }\n      containers:\n        - name: main\n          image: docker.io/bitnami/postgresql:17.5.0\n          env:\n            - { name: POSTGRES_PASSWORD, valueFrom: { secretKeyRef: { name: postgresql, key: password } } }\n            - { name: PGDATA, value: /bitnami/postgresql/data }\n${SAFE}${RESOURCES}          livenessProbe: { exec: { command: [/bin/sh, -c, 'exec pg_isready -U app'] }, initialDelaySeconds: 30 }\n`,
  ),
  "node exporter": workload(
    "DaemonSet",
    "node-exporter",
    "  updateStrategy: { type: RollingUpdate, rollingUpdate: { maxUnavailable: 1 } }",
    `      hostNetwork: true\n      hostPID: true\n      tolerations: [{ operator: Exists, effect: NoSchedule }]\n      containers:\n        - name: main\n          image: quay.io/prometheus/node-exporter:v1.9.1\n          args: [--path.procfs=/host/proc, --path.sysfs=/host/sys]\n${RESOURCES}          volumeMounts: [{ name: proc, mountPath: /host/proc, readOnly: true }]\n      volumes: [{ name: proc, hostPath: { path: /proc } }]\n`,
  ),
  "log shipper": workload(
    "DaemonSet",
    "fluent-bit",
    "  minReadySeconds: 5",
    `      serviceAccountName: fluent-bit\n      containers:\n        - name: main\n          image: cr.fluentbit.io/fluent/fluent-bit:4.0.3\n${RESOURCES}          volumeMounts: [{ name: varlog, mountPath: /var/log }, { name: config, mountPath: /fluent-bit/etc }]\n      volumes: [{ name: varlog, hostPath: { path: /var/log } }, { name: config, configMap: { name: fluent-bit } }]\n`,
  ),
  "ingress controller": workload(
    "Deployment",
    "ingress-nginx",
    "  replicas: 2\n  minReadySeconds: 0",
    `      serviceAccountName: ingress-nginx\n      terminationGracePeriodSeconds: 300\n      containers:\n        - name: main\n          image: registry.k8s.io/ingress-nginx/controller:v1.12.3\n          args: [/nginx-ingress-controller, --election-id=ingress-nginx-leader]\n          lifecycle: { preStop: { exec: { command: [/wait-shutdown] } } }\n          securityContext: { runAsUser: 101, allowPrivilegeEscalation: false, capabilities: { drop: [ALL], add: [NET_BIND_SERVICE] } }\n${RESOURCES}`,
  ),
  certificates: workload(
    "Deployment",
    "cert-manager",
    "  replicas: 1\n  revisionHistoryLimit: 10",
    `      serviceAccountName: cert-manager\n      enableServiceLinks: false\n      nodeSelector: { kubernetes.io/os: linux }\n      containers:\n        - name: main\n          image: quay.io/jetstack/cert-manager-controller:v1.18.2\n          args: [--v=2, --leader-election-namespace=kube-system]\n          env: [{ name: POD_NAMESPACE, valueFrom: { fieldRef: { fieldPath: metadata.namespace } } }]\n${SAFE}${RESOURCES}`,
  ),
  dashboards: workload(
    "Deployment",
    "grafana",
    "  replicas: 1\n  strategy: { type: Recreate }",
    `      automountServiceAccountToken: true\n      initContainers:\n        - { name: init-chown-data, image: 'docker.io/library/busybox:1.37', command: [chown, -R, '472:472', /var/lib/grafana], securityContext: { runAsUser: 0, runAsNonRoot: false } }\n      containers:\n        - name: main\n          image: docker.io/grafana/grafana:12.0.2\n          envFrom: [{ secretRef: { name: grafana-env } }]\n${RESOURCES}          volumeMounts: [{ name: storage, mountPath: /var/lib/grafana }]\n      volumes: [{ name: storage, persistentVolumeClaim: { claimName: grafana } }]\n`,
  ),
  "several ports, one name": workload(
    "Deployment",
    "gateway",
    "  replicas: 4",
    `      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway }]\n      containers:\n        - name: main\n          image: ghcr.io/acme/gateway@sha256:${"ab".repeat(32)}\n          ports: [{ name: http, containerPort: 8080 }, { containerPort: 9090 }, { containerPort: 9090, protocol: UDP }]\n${SAFE}${RESOURCES}`,
  ),
  "native sidecar": workload(
    "Deployment",
    "api",
    "  replicas: 2",
    `      initContainers:\n        - { name: proxy, image: 'docker.io/istio/proxyv2:1.26.2', restartPolicy: Always, ports: [{ containerPort: 15090 }] }\n      containers:\n        - name: main\n          image: ghcr.io/acme/api:2.4.0\n${SAFE}${RESOURCES}          startupProbe: { httpGet: { path: /up, port: 8080 }, failureThreshold: 30 }\n`,
  ),
  "scheduled job": `apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: backup }\nspec:\n  schedule: "0 3 * * *"\n  concurrencyPolicy: Forbid\n  jobTemplate:\n    spec:\n      backoffLimit: 2\n      template:\n        spec:\n          restartPolicy: OnFailure\n          containers:\n            - name: main\n              image: docker.io/velero/velero:v1.16.1\n              resources:\n                requests: { cpu: 100m, memory: 64Mi }\n                limits: { cpu: 500m, memory: 64Mi }\n`,
  "one-off job": `apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n  annotations: { argocd.argoproj.io/hook: PreSync, helm.sh/hook: pre-install }\nspec:\n  backoffLimit: 1\n  template:\n    spec:\n      restartPolicy: Never\n      containers:\n        - name: main\n          image: ghcr.io/acme/migrate:3.1.0\n          resources:\n            requests: { cpu: 100m, memory: 64Mi }\n            limits: { cpu: 500m, memory: 64Mi }\n`,
};
