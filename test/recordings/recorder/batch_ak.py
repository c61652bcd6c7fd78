"""Batch AK, written by somebody who knew neither the playbook nor the batches before: shop-1348 to shop-1363, the deliveries of a platform team. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1348)


def shop(name, image="acme/checkout:1.4.1", port=8080, called="http", env=None, live=True, **more):
    """A container of the shop program on a port of its own."""
    variables = [{"name": "PORT", "value": str(port)}, *({"name": k, "value": v} if isinstance(v, str) else {"name": k, "valueFrom": v} for k, v in (env or {}).items())]
    body = {"name": name, "image": image, "env": variables, "ports": [{"name": called, "containerPort": port}], "resources": {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "96Mi"}}}
    if live:
        body["livenessProbe"] = {"httpGet": {"path": "/healthz", "port": called}, "initialDelaySeconds": 8, "periodSeconds": 10}
        body["readinessProbe"] = {"httpGet": {"path": "/readyz", "port": called}, "periodSeconds": 4}
    return {**body, **more}


def box(name, script, image="busybox:1.36", env=None, **more):
    body = {"name": name, "image": image, "command": ["/bin/sh", "-c", script]}
    if env:
        body["env"] = [{"name": k, "value": v} if isinstance(v, str) else {"name": k, "valueFrom": v} for k, v in env.items()]
    return {**body, "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}, **more}


def release(name, values, **more):
    return dump({"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": name}, "spec": {
        "interval": "30s", "timeout": "90s", "chart": {"spec": {"chart": f"./charts/{name}", "reconcileStrategy": "Revision", "sourceRef": {"kind": "GitRepository", "name": "@NAME@", "namespace": "flux-system"}}},
        "install": {"remediation": {"retries": 1}}, "upgrade": {"remediation": {"retries": 1, "strategy": "rollback"}}, **more, "values": values}})


def disk(number, claim, size="5Gi"):
    return dump({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": f"@NAME@-{number}"}, "spec": {
        "capacity": {"storage": size}, "accessModes": ["ReadWriteOnce"], "persistentVolumeReclaimPolicy": "Retain", "storageClassName": "node-disks",
        "hostPath": {"path": f"/tmp/@NAME@-{number}", "type": "DirectoryOrCreate"}, "claimRef": {"namespace": "@NAME@", "name": claim}}})


# 1 edge proxy with an admin process and an exporter; the exporter is configured by a component
scenario("edge-metrics-port", "argocd", {
    "platform/edge/base/deployment.yaml": dump(workload("Deployment", "edge", shop("proxy"), shop("admin", "acme/catalog:1.4.1", 8081, "admin"), shop("exporter", "acme/worker:1.4.1", 9113, "metrics"), replicas=2)),
    "platform/edge/base/service.yaml": dump({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "edge"}, "spec": {"selector": {"app": "edge"}, "ports": [{"name": "http", "port": 80, "targetPort": "http"}, {"name": "metrics", "port": 9113, "targetPort": "metrics"}]}}),
    "platform/edge/base/access-log.yaml": dump(workload("DaemonSet", "access-log", box("tail", "while true; do echo shipped; sleep 20; done"), pod={"terminationGracePeriodSeconds": 2})),
    "platform/edge/base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", "access-log.yaml"),
    "platform/components/metrics/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        # One place for how platform workloads expose metrics.
        patches:
          - path: exporter.yaml
            target: {kind: Deployment, name: edge}
        """),
    "platform/components/metrics/exporter.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: any
        spec:
          template:
            spec:
              containers:
                - name: exporter
                  image: acme/worker:1.4.1
                  env:
                    - name: PORT
                      value: "9114"
                  ports:
                    - $patch: replace
                    - name: metrics
                      containerPort: 9114
        """),
    "platform/edge/overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../../components/metrics"]),
}, ["Exporters of the platform: 1.4.2, one port for everybody",
    ["platform/components/metrics/exporter.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"],
    ["platform/components/metrics/exporter.yaml", '"9114"', '"8081"'],
    ["platform/components/metrics/exporter.yaml", "containerPort: 9114", "containerPort: 8081"]],
    "the component moves the exporter to 8081, the port of the pod's admin process: whichever of the two starts second (admin, as rendered) says address already in use",
    expected=expect("port-conflict",
        [(c("Deployment", "edge", "exporter", "env[name=PORT].value"), BEFORE), (c("Deployment", "edge", "exporter", "ports[name=metrics].containerPort"), BEFORE)],
        [(c("Deployment", "edge", "exporter", "env[name=PORT].value"), value("9113")), (c("Deployment", "edge", "exporter", "ports[name=metrics].containerPort"), value(9113))]),
    path="platform/edge/overlays/prod")

# 2 log agent: its pipeline file gets another name
scenario("agent-pipeline-file", "flux", {
    "agents/agent.yaml": dump(workload("DaemonSet", "log-agent",
        shop("agent", "acme/worker:1.4.1", env={"CONFIG_FILE": "/etc/agent/agent.conf"}, volumeMounts=[{"name": "config", "mountPath": "/etc/agent"}]),
        pod={"terminationGracePeriodSeconds": 5, "volumes": [{"name": "config", "configMap": {"name": "log-agent"}}]})),
    "agents/config.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: log-agent
        data:
          agent.conf: |
            INPUT=/var/log/containers
            OUTPUT=aggregator
            BATCH=200
        """),
    "agents/aggregator.yaml": dump(workload("Deployment", "aggregator", shop("aggregator", "acme/catalog:1.4.1")), service("aggregator")),
}, ["log-agent 1.4.2 reads inputs and outputs from separate files",
    ["agents/agent.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"],
    ["agents/config.yaml", "  agent.conf: |\n    INPUT=/var/log/containers\n    OUTPUT=aggregator\n    BATCH=200\n", "  inputs.conf: |\n    INPUT=/var/log/containers\n    BATCH=200\n  pipeline.conf: |\n    INCLUDE=inputs.conf\n    INCLUDE=outputs.conf\n  outputs.conf: |\n    OUTPUT=aggregator\n"]],
    "the ConfigMap holds pipeline.conf (and the two files that it includes) now, CONFIG_FILE still names agent.conf",
    expected=expect("crash-on-start config-key-missing",
        [(c("DaemonSet", "log-agent", "agent", "env[name=CONFIG_FILE].value"), value("/etc/agent/pipeline.conf"))],
        [('ConfigMap/log-agent data["agent.conf"]', BEFORE)],
        [('ConfigMap/log-agent data["agent.conf"]', BEFORE), ('ConfigMap/log-agent data["inputs.conf"]', GONE), ('ConfigMap/log-agent data["pipeline.conf"]', GONE), ('ConfigMap/log-agent data["outputs.conf"]', GONE)]),
    path="agents")

# 3 broker with claims: more room by the template of the claims
scenario("broker-claim-size", "argocd", {
    "deploy/bus.yaml": dump(workload("StatefulSet", "bus", shop("bus", "acme/catalog:1.4.1", env={"WRITE_FILE": "/data/version"}, volumeMounts=[{"name": "data", "mountPath": "/data"}]), spec={
        "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "node-disks", "resources": {"requests": {"storage": "1Gi"}}}}]})),
    "deploy/service.yaml": dump(service("bus", clusterIP="None")),
    "deploy/console.yaml": dump(workload("Deployment", "bus-console", shop("console", "acme/payments:1.4.1")), service("bus-console")),
}, ["Bus 1.4.2; room for the longer retention",
    ["deploy/bus.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"],
    ["deploy/bus.yaml", "storage: 1Gi", "storage: 4Gi"]],
    "volumeClaimTemplates of a StatefulSet are immutable: the sync is refused; the claim has to be resized and the StatefulSet replaced by people",
    answer=HUMAN, expected=expect("invalid-manifest"), given=disk(0, "data-bus-0"))

# 4 backup: the script comes from a generator, and is not executable any more
BACKUP = "#!/bin/sh\nset -eu\necho \"backup of $TARGET begins\"\nsleep 2\necho \"backup of $TARGET done\"\n"
scenario("backup-script-mode", "flux", {
    "backup/base/cronjob.yaml": dump(workload("CronJob", "backup", {"name": "backup", "image": "busybox:1.36", "command": ["/scripts/backup.sh"], "env": [{"name": "TARGET", "value": "orders"}],
        "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}, "volumeMounts": [{"name": "scripts", "mountPath": "/scripts"}]},
        pod={"volumes": [{"name": "scripts", "configMap": {"name": "backup-scripts", "defaultMode": 493}}]})),
    "backup/base/scripts.yaml": dump(configmap("backup-scripts", backup__sh=BACKUP)),
    "backup/base/catalogue.yaml": dump(workload("Deployment", "backup-catalogue", shop("catalogue", "acme/catalog:1.4.1")), service("backup-catalogue")),
    "backup/base/kustomization.yaml": kustomization("cronjob.yaml", "scripts.yaml", "catalogue.yaml"),
    "backup/overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.2"}]),
}, ["Backup scripts are files now, linted in CI",
    ["backup/base/scripts.yaml", None, DELETE],
    ["backup/base/scripts/backup.sh", None, BACKUP],
    ["backup/base/kustomization.yaml", "  - scripts.yaml\n", ""],
    ["backup/base/kustomization.yaml", "  - catalogue.yaml\n", "  - catalogue.yaml\nconfigMapGenerator:\n  - name: backup-scripts\n    files:\n      - scripts/backup.sh\n"],
    ["backup/base/cronjob.yaml", "              name: backup-scripts\n              defaultMode: 493\n", "              name: backup-scripts\n"]],
    "with the generator the volume lost its defaultMode: the script is mounted 0644 and cannot be executed (permission denied)",
    expected=expect("command-not-found volume-mount job-failed",
        [(pod("CronJob", "backup", "volumes[name=scripts].configMap.defaultMode"), BEFORE)],
        [(pod("CronJob", "backup", "volumes[name=scripts].configMap.defaultMode"), value(365))],
        [(c("CronJob", "backup", "backup", "command"), value(["/bin/sh", "/scripts/backup.sh"]))],
        [(c("CronJob", "backup", "backup", "command"), value(["sh", "/scripts/backup.sh"]))],
        [(c("CronJob", "backup", "backup", "command[0]"), value("/bin/sh")), (c("CronJob", "backup", "backup", "command[1]"), value("/scripts/backup.sh"))]),
    path="backup/overlays/prod")

# 5 migration as a hook of a chart: the values got another structure, the hook was forgotten
LEDGER = {
    "chart/Chart.yaml": "apiVersion: v2\nname: ledger\nversion: 1.6.0\n",
    "chart/values.yaml": "image:\n  repository: acme/payments\n  tag: 1.4.1\nreplicas: 1\ndatabase:\n  url: postgresql://ledger@localhost/ledger\n",
    "chart/values-prod.yaml": "replicas: 2\ndatabase:\n  url: postgresql://ledger@10.20.0.5/ledger\n",
    "chart/templates/migrate.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: {{ .Release.Name }}-migrate
          annotations:
            helm.sh/hook: pre-install,pre-upgrade
            helm.sh/hook-delete-policy: before-hook-creation
        spec:
          backoffLimit: 0
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: migrate
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  args: [migrate]
                  env:
                    - name: DATABASE_URL
                      value: {{ .Values.database.url | quote }}
        """),
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 80
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
            spec:
              containers:
                - name: ledger
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  ports:
                    - {name: http, containerPort: 8080}
                  env:
                    - name: REQUIRED_ENV
                      value: DATABASE_URL
                    - name: DATABASE_URL
                      value: {{ .Values.database.url | quote }}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
        """),
}
scenario("hook-values-structure", "argocd", LEDGER,
    ["Read reports from the replica",
     ["chart/values.yaml", "database:\n  url: postgresql://ledger@localhost/ledger\n", "database:\n  primary:\n    url: postgresql://ledger@localhost/ledger\n  replica:\n    url: postgresql://ledger@localhost/ledger\n"],
     ["chart/values-prod.yaml", "database:\n  url: postgresql://ledger@10.20.0.5/ledger\n", "database:\n  primary:\n    url: postgresql://ledger@10.20.0.5/ledger\n  replica:\n    url: postgresql://ledger@10.20.0.6/ledger\n"],
     ["chart/templates/deployment.yaml", "              value: {{ .Values.database.url | quote }}\n", "              value: {{ .Values.database.primary.url | quote }}\n            - name: DATABASE_REPLICA_URL\n              value: {{ .Values.database.replica.url | quote }}\n"]],
    "the hook's template still reads database.url, which the values do not have any more: the migration runs without DATABASE_URL",
    expected=expect("job-failed crash-on-start helm-failed", [("Job/ledger-migrate spec.template.spec.containers[name=migrate].env[name=DATABASE_URL].value", BEFORE)]),
    path="chart", source={"helm": {"releaseName": "ledger", "valueFiles": ["values.yaml", "values-prod.yaml"]}})

# 6 exporter's chart: values restructured in the release
scenario("scrape-values-grouped", "flux", {
    "charts/probe/Chart.yaml": "apiVersion: v2\nname: probe\nversion: 0.8.2\n",
    "charts/probe/values.yaml": "image:\n  repository: acme/catalog\n  tag: 1.4.1\nreplicas: 1\n",
    "charts/probe/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 80
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
            spec:
              containers:
                - name: probe
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  ports:
                    - {name: metrics, containerPort: {{ .Values.scrape.port }}}
                  env:
                    - name: PORT
                      value: {{ .Values.scrape.port | quote }}
                  readinessProbe:
                    httpGet: {path: /readyz, port: metrics}
                    periodSeconds: 4
        """),
    "charts/probe/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
          annotations:
            prometheus.io/scrape: "true"
            prometheus.io/port: {{ .Values.scrape.port | quote }}
        spec:
          selector:
            app: {{ .Release.Name }}
          ports:
            - {name: metrics, port: {{ .Values.scrape.port }}, targetPort: metrics}
        """),
    "releases/probe.yaml": release("probe", {"replicas": 1, "image": {"tag": "1.4.1"}, "scrape": {"port": 9115, "interval": "30s"}}),
    "releases/agent.yaml": dump(workload("DaemonSet", "node-agent", shop("agent", "acme/worker:1.4.1"))),
}, ["Probe 1.4.2, values grouped like the other charts'",
    ["releases/probe.yaml", "      tag: 1.4.1\n    scrape:\n      port: 9115\n      interval: 30s\n", "      tag: 1.4.2\n    telemetry:\n      scrape:\n        port: 9115\n        interval: 30s\n"],
    ["releases/probe.yaml", "    replicas: 1\n", "    replicas: 2\n"]],
    "the values hold telemetry.scrape.port, the chart's templates read scrape.port: nil pointer evaluating interface {}.port",
    expected=expect("helm-failed render-failed", [], keep=[(c("Deployment", "probe", "probe", "image"), value("acme/catalog:1.4.2")), ("Deployment/probe spec.replicas", value(2))]),
    path="releases")

# 7 renamed proxy, the autoscaler stays with the old name
GATE = workload("Deployment", "gateway", shop("proxy", "acme/checkout:1.4.1", resources={"requests": {"cpu": "20m", "memory": "24Mi"}, "limits": {"memory": "96Mi"}}), replicas=2)
scenario("gateway-renamed", "flux", {
    "gateway/base/deployment.yaml": dump(GATE),
    "gateway/base/service.yaml": dump(service("gateway")),
    "gateway/base/errors.yaml": dump(workload("Deployment", "error-pages", shop("pages", "acme/catalog:1.4.1")), service("error-pages")),
    "gateway/base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", "errors.yaml"),
    "gateway/overlays/prod/autoscaling.yaml": text("""
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata:
          name: gateway
        spec:
          minReplicas: 2
          maxReplicas: 4
          scaleTargetRef:
            apiVersion: apps/v1
            kind: Deployment
            name: gateway
          metrics:
            - type: Resource
              resource:
                name: cpu
                target: {type: Utilization, averageUtilization: 75}
        """),
    "gateway/overlays/prod/kustomization.yaml": kustomization("../../base", "autoscaling.yaml"),
}, ["The public proxy is called public-gateway, the internal one will follow",
    ["gateway/base/deployment.yaml", "  name: gateway\n", "  name: public-gateway\n"],
    ["gateway/base/deployment.yaml", "app.kubernetes.io/name: gateway", "app.kubernetes.io/name: public-gateway"],
    ["gateway/base/deployment.yaml", "app: gateway", "app: public-gateway"],
    ["gateway/base/service.yaml", "app: gateway", "app: public-gateway"]],
    "the HorizontalPodAutoscaler in the overlay still scales Deployment gateway, which is public-gateway now (FailedGetScale)",
    expected=expect("autoscaler", [("HorizontalPodAutoscaler/gateway spec.scaleTargetRef.name", value("public-gateway"))]),
    path="gateway/overlays/prod")

# 8 restricted namespace: an added sidecar without a security context
SAFE = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
POD_SAFE = {"runAsNonRoot": True, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}}
QUEUE = dump(workload("StatefulSet", "queue", shop("queue", "acme/catalog:1.4.1", securityContext=SAFE), pod={"securityContext": POD_SAFE}))
SIDE = "      - name: exporter\n        image: acme/worker:1.4.2\n        env:\n        - name: PORT\n          value: '9419'\n        ports:\n        - name: metrics\n          containerPort: 9419\n        resources:\n          requests:\n            cpu: 10m\n            memory: 24Mi\n          limits:\n            memory: 96Mi\n"
side = c("StatefulSet", "queue", "exporter", "securityContext")
scenario("queue-exporter", "argocd", {
    "deploy/queue.yaml": QUEUE,
    "deploy/service.yaml": dump(service("queue", clusterIP="None")),
    "deploy/consumer.yaml": dump(workload("Deployment", "consumer", shop("consumer", "acme/worker:1.4.1", securityContext=SAFE), pod={"securityContext": POD_SAFE})),
}, ["Metrics of the queue",
    ["deploy/queue.yaml", "      containers:\n", "      containers:\n" + SIDE],
    ["deploy/service.yaml", "    targetPort: http\n", "    targetPort: http\n  - name: metrics\n    port: 9419\n    targetPort: metrics\n"]],
    "the added exporter has no securityContext, the namespace enforces the restricted level: no pod is made",
    expected=expect("pod-security", [(side, value(SAFE))], [(side, value({**SAFE, "runAsNonRoot": True}))],
        [(side, value({**SAFE, **POD_SAFE}))], [(side, value({**SAFE, "runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}))], [(side, value({**SAFE, "readOnlyRootFilesystem": True}))]),
    labels={"pod-security.kubernetes.io/enforce": "restricted"})

# 9 labels nobody queries, but a Service
scenario("bus-labels", "argocd", {
    "bus/base/statefulset.yaml": dump(workload("StatefulSet", "bus", shop("bus", "acme/catalog:1.4.1"), labels={"role": "broker", "team": "messaging", "cost-center": "4711"}, replicas=2)),
    "bus/base/services.yaml": dump(service("bus", clusterIP="None"), service("bus-clients", selector={"app": "bus", "role": "broker"})),
    "bus/base/console.yaml": dump(workload("Deployment", "bus-console", shop("console", "acme/payments:1.4.1"), labels={"team": "messaging", "cost-center": "4711"}), service("bus-console")),
    "bus/base/kustomization.yaml": kustomization("statefulset.yaml", "services.yaml", "console.yaml"),
    "bus/overlays/prod/kustomization.yaml": kustomization("../../base"),
}, ["Clean up labels: ownership is set by the overlay",
    ["bus/base/statefulset.yaml", "        role: broker\n        team: messaging\n        cost-center: '4711'\n", ""],
    ["bus/base/console.yaml", "        team: messaging\n        cost-center: '4711'\n", ""],
    ["bus/overlays/prod/kustomization.yaml", "  - ../../base\n", "  - ../../base\nlabels:\n  - includeTemplates: true\n    pairs:\n      platform.acme.example/owner: messaging\n      platform.acme.example/cost-center: \"4711\"\n"]],
    "Service bus-clients selects role=broker, which the brokers' pods do not carry since the clean-up: no endpoints",
    expected=expect("service-no-endpoints", [("Service/bus-clients spec.selector.role", GONE)], [("StatefulSet/bus spec.template.metadata.labels.role", BEFORE)]),
    path="bus/overlays/prod")

# 10 roll-up of logs: the aggregator's Service was renamed
scenario("rollup-target", "flux", {
    "logging/aggregator.yaml": dump(workload("Deployment", "aggregator", shop("aggregator", "acme/catalog:1.4.1"))),
    "logging/aggregator-service.yaml": dump(service("aggregator")),
    "logging/agent.yaml": dump(workload("DaemonSet", "log-agent", shop("agent", "acme/worker:1.4.1"))),
    "logging/rollup.yaml": dump(workload("CronJob", "log-rollup", box("rollup", 'echo "rolling up at $SINK_URL"\nwget -q -O /dev/null "$SINK_URL" || exit 1\necho done\n', env={"SINK_URL": "http://$(AGGREGATOR_SERVICE_HOST):80/"}))),
}, ["logging: one name scheme for Services, agents 1.4.2",
    ["logging/aggregator-service.yaml", "metadata:\n  name: aggregator\n", "metadata:\n  name: logs-aggregator\n"],
    ["logging/agent.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"]],
    "the Service is logs-aggregator now, the roll-up's address is still made of AGGREGATOR_SERVICE_HOST, which no pod gets any more",
    expected=expect("dependency-address job-failed crash-on-start",
        [(c("CronJob", "log-rollup", "rollup", "env[name=SINK_URL].value"), value("http://$(LOGS_AGGREGATOR_SERVICE_HOST):80/"))],
        [("Service/aggregator metadata.name", BEFORE), ("Service/logs-aggregator metadata.name", GONE)]),
    path="logging")

# 11 exporter as a native sidecar of a chart: its startup probe asks another port
scenario("native-exporter-port", "argocd", {
    "charts/balancer/Chart.yaml": "apiVersion: v2\nname: balancer\nversion: 2.1.0\n",
    "charts/balancer/values.yaml": "image: acme/checkout:1.4.1\nreplicas: 1\nlogLevel: info\nexporter:\n  image: acme/worker:1.4.1\n  port: 9102\n  health:\n    path: /healthz\n    port: 9102\n",
    "charts/balancer/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 80
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
            spec:
              initContainers:
                - name: exporter
                  image: {{ .Values.exporter.image }}
                  restartPolicy: Always
                  env:
                    - name: PORT
                      value: {{ .Values.exporter.port | quote }}
                  ports:
                    - {name: metrics, containerPort: {{ .Values.exporter.port }}}
                  startupProbe:
                    httpGet:
                      path: {{ .Values.exporter.health.path }}
                      port: {{ .Values.exporter.health.port }}
                    periodSeconds: 3
                    failureThreshold: 6
              containers:
                - name: balancer
                  image: {{ .Values.image }}
                  env:
                    - name: LOG_LEVEL
                      value: {{ .Values.logLevel }}
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
        """),
    "charts/balancer/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
        spec:
          selector:
            app: {{ .Release.Name }}
          ports:
            - {name: http, port: 80, targetPort: http}
            - {name: metrics, port: 9100, targetPort: metrics}
        """),
    "charts/balancer/values-stage.yaml": "replicas: 1\nlogLevel: debug\n",
    "charts/balancer/values-prod.yaml": "replicas: 2\nlogLevel: info\n",
}, ["Production: quieter logs, exporters on 9404 as the collector expects",
    ["charts/balancer/values-prod.yaml", "logLevel: info\n", "logLevel: warn\nexporter:\n  port: 9404\n"]],
    "the exporter listens on 9404, its startup probe still asks 9102 (exporter.health.port of the chart's defaults): the pod never leaves Init",
    expected=expect("startup-probe",
        [(c("Deployment", "balancer", "exporter", "startupProbe.httpGet.port", init=True), value(9404))],
        [(c("Deployment", "balancer", "exporter", "startupProbe.httpGet.port", init=True), value("metrics"))],
        [(c("Deployment", "balancer", "exporter", "env[name=PORT].value", init=True), BEFORE), (c("Deployment", "balancer", "exporter", "ports[name=metrics].containerPort", init=True), BEFORE)]),
    path="charts/balancer", source={"helm": {"releaseName": "balancer", "valueFiles": ["values.yaml", "values-prod.yaml"]}})

# 12 never worked: the claim has another name than the one that is mounted
scenario("mirror-claim", "flux", {
    "mirror/base/deployment.yaml": dump(workload("Deployment", "mirror", shop("mirror", "acme/catalog:1.4.1", env={"WRITE_FILE": "/var/mirror/version"}, volumeMounts=[{"name": "store", "mountPath": "/var/mirror"}]),
        pod={"volumes": [{"name": "store", "persistentVolumeClaim": {"claimName": "mirror-store"}}]}, spec={"strategy": {"type": "Recreate"}})),
    "mirror/base/service.yaml": dump(service("mirror")),
    "mirror/base/purge.yaml": dump(workload("CronJob", "mirror-purge", box("purge", "echo nothing to purge"))),
    "mirror/base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", "purge.yaml"),
    "mirror/overlays/prod/storage.yaml": dump({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "mirror-data"}, "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "node-disks", "resources": {"requests": {"storage": "2Gi"}}}}),
    "mirror/overlays/prod/kustomization.yaml": kustomization("../../base", "storage.yaml", images=[{"name": "acme/catalog", "newTag": "1.4.2"}]),
}, [], "the Deployment mounts the claim mirror-store, the delivery makes mirror-data (bound)",
    expected=expect("volume-unbound", [(pod("Deployment", "mirror", "volumes[name=store].persistentVolumeClaim.claimName"), value("mirror-data"))]),
    path="mirror/overlays/prod", never_worked=True, given=disk(0, "mirror-data"))

# 13 node selectors become affinity
PLACED = "      nodeSelector:\n        kubernetes.io/os: linux\n        kubernetes.io/arch: amd64\n"
AFFINE = "      affinity:\n        nodeAffinity:\n          requiredDuringSchedulingIgnoredDuringExecution:\n            nodeSelectorTerms:\n            - matchExpressions:\n              - key: kubernetes.io/os\n                operator: In\n                values: [linux]\n              - key: kubernetes.io/arch\n                operator: In\n                values: [x86_64, arm64]\n"
terms = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[1].values"
scenario("queue-arm-nodes", "argocd", {
    "deploy/queue.yaml": dump(workload("StatefulSet", "queue", shop("queue", "acme/payments:1.4.1"), replicas=2, pod={"nodeSelector": {"kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}})),
    "deploy/queue-service.yaml": dump(service("queue", clusterIP="None")),
    "deploy/consumer.yaml": dump(workload("Deployment", "consumer", shop("consumer", "acme/worker:1.4.1"), pod={"nodeSelector": {"kubernetes.io/os": "linux"}})),
}, ["queue 1.4.2 is multi-arch, may use the ARM pool too",
    ["deploy/queue.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"],
    ["deploy/queue.yaml", PLACED, AFFINE]],
    "nodes are labelled kubernetes.io/arch=amd64, the affinity asks for x86_64 or arm64: no node matches",
    expected=expect("unschedulable-placement",
        [(pod("StatefulSet", "queue", terms + "[0]"), value("amd64"))],
        [(pod("StatefulSet", "queue", terms + "[2]"), value("amd64"))],
        [(pod("StatefulSet", "queue", terms), value(["amd64", "arm64"]))],
        [(pod("StatefulSet", "queue", terms), value(["arm64", "amd64"]))],
        [(pod("StatefulSet", "queue", terms), value(["x86_64", "arm64", "amd64"]))],
        [(pod("StatefulSet", "queue", terms), value(["amd64", "x86_64", "arm64"]))],
        [(pod("StatefulSet", "queue", "nodeSelector"), BEFORE), (pod("StatefulSet", "queue", "affinity"), GONE)]))

# 14 a broker that needs its time
scenario("bus-slow-upgrade", "flux", {
    "bus/bus.yaml": dump(workload("StatefulSet", "bus", shop("bus", "acme/catalog:1.4.1", env={"START_SECONDS": "4"}, live=False,
        startupProbe={"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 5, "failureThreshold": 36},
        readinessProbe={"httpGet": {"path": "/readyz", "port": "http"}, "periodSeconds": 4}))),
    "bus/service.yaml": dump(service("bus", clusterIP="None")),
    "bus/console.yaml": dump(workload("Deployment", "bus-console", shop("console", "acme/payments:1.4.1")), service("bus-console")),
}, ["Bus 1.4.2: replay the journal before serving",
    ["bus/bus.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"],
    ["bus/bus.yaml", "value: '4'", "value: '75'"]],
    "nothing: the broker starts in 75 s within its startup probe; the first health check of the delivery runs into its timeout, the next one passes",
    answer=NONE, expected=expect("healthy recovering"), path="bus")

# 15 paused on purpose
scenario("backup-paused", "argocd", {
    "backup/base/cronjob.yaml": dump(workload("CronJob", "backup", box("backup", "echo backup done"), spec={"suspend": False})),
    "backup/base/uploader.yaml": dump(workload("Deployment", "uploader", shop("uploader", "acme/worker:1.4.1"), replicas=1)),
    "backup/base/catalogue.yaml": dump(workload("Deployment", "catalogue", shop("catalogue", "acme/catalog:1.4.1")), service("catalogue")),
    "backup/base/kustomization.yaml": kustomization("cronjob.yaml", "uploader.yaml", "catalogue.yaml"),
    "backup/overlays/prod/kustomization.yaml": kustomization("../../base"),
}, ["Pause backups until the bucket has moved",
    ["backup/overlays/prod/kustomization.yaml", "  - ../../base\n", "  - ../../base\nreplicas:\n  - name: uploader\n    count: 0\npatches:\n  - target: {kind: CronJob, name: backup}\n    patch: |\n      - op: replace\n        path: /spec/suspend\n        value: true\n"]],
    "nothing: the CronJob is suspended and the uploader scaled to zero on purpose",
    answer=NONE, expected=expect("replicas-zero suspended"), path="backup/overlays/prod")

# 16 agents authenticate with a Secret that nobody made
scenario("agent-credentials", "flux", {
    "charts/agent/Chart.yaml": "apiVersion: v2\nname: agent\nversion: 1.0.3\n",
    "charts/agent/values.yaml": "image: acme/worker:1.4.1\nauth:\n  enabled: false\n  secretName: agent-credentials\nbuffer: 8\n",
    "charts/agent/templates/daemonset.yaml": text("""
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: {{ .Release.Name }}
        spec:
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
            spec:
              containers:
                - name: agent
                  image: {{ .Values.image }}
                  env:
                    - name: CACHE_MB
                      value: {{ .Values.buffer | quote }}
                    {{- if .Values.auth.enabled }}
                    - name: REQUIRED_ENV
                      value: BUS_TOKEN
                    - name: BUS_TOKEN
                      valueFrom:
                        secretKeyRef: {name: {{ .Values.auth.secretName }}, key: token}
                    {{- end }}
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
        """),
    "releases/agent.yaml": release("agent", {"buffer": 12}, valuesFrom=[{"kind": "ConfigMap", "name": "agent-values"}]),
    "releases/values.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: agent-values
        data:
          values.yaml: |
            auth:
              enabled: false
        """),
    "releases/bus.yaml": dump(workload("StatefulSet", "bus", shop("bus", "acme/catalog:1.4.1")), service("bus", clusterIP="None")),
}, ["Agents authenticate at the bus",
    ["releases/values.yaml", "      enabled: false\n", "      enabled: true\n"],
    ["releases/agent.yaml", "buffer: 12", "buffer: 16"],
    ["releases/bus.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"]],
    "the agents read their token from Secret agent-credentials, which exists nowhere: somebody has to create it",
    answer=HUMAN, expected=expect("secret-missing"), path="releases")
