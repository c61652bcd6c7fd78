"""A logistics start-up, with plain files, Jobs and sidecars: what goes wrong in an ordinary month."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1828)

CHART = {
    "chart/Chart.yaml": text("""
        apiVersion: v2
        name: service
        version: 0.6.1
    """),
    "chart/values.yaml": text("""
        image:
          repository: acme/catalog
          tag: 1.4.1
        replicaCount: 1
        serviceAccountName: ""
        env: {}
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
        livenessProbe:
          httpGet: {path: /healthz, port: http}
          initialDelaySeconds: 5
        readinessProbe:
          httpGet: {path: /readyz, port: http}
          periodSeconds: 3
    """),
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
          labels:
            app.kubernetes.io/name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicaCount }}
          progressDeadlineSeconds: 75
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
            spec:
              {{- with .Values.serviceAccountName }}
              serviceAccountName: {{ . }}
              {{- end }}
              containers:
                - name: app
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  {{- with .Values.env }}
                  env:
                    {{- range $name, $value := . }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                  {{- end }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  livenessProbe:
                    {{- toYaml .Values.livenessProbe | nindent 12 }}
                  readinessProbe:
                    {{- toYaml .Values.readinessProbe | nindent 12 }}
    """),
    "chart/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
        spec:
          selector:
            app: {{ .Release.Name }}
          ports:
            - {name: http, port: 80, targetPort: http}
    """),
}


def release(name, values):
    head = text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 30s
          timeout: 90s
          releaseName: {name}
          chart:
            spec:
              chart: ./chart
              reconcileStrategy: Revision
              sourceRef: {{kind: GitRepository, name: "@NAME@", namespace: flux-system}}
          install:
            remediation: {{retries: 1}}
          upgrade:
            remediation: {{retries: 0}}
          values:
    """)
    return head + textwrap.indent(text(values), "    ")


def shop(name, image, **more):
    return container(name, "shop", image=image, **more)


# ---------------------------------------------------------------- plain YAML

# 1 port-conflict: two containers of a pod share an envFrom, the exporter has lost its own PORT
scenario("exporter-shares-environment", "argocd", {
    "deploy/settings.yaml": dump(configmap("tracking-common", LOG_LEVEL="info", PORT="8080", REGION="eu-central")),
    "deploy/service.yaml": dump(service("tracking", clusterIP="None")),
    "deploy/statefulset.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: tracking
        spec:
          serviceName: tracking
          replicas: 1
          selector:
            matchLabels: {app: tracking}
          template:
            metadata:
              labels: {app: tracking}
            spec:
              terminationGracePeriodSeconds: 5
              containers:
                - name: tracking
                  image: acme/catalog:1.4.1
                  envFrom:
                    - configMapRef: {name: tracking-common}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 10
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
                - name: exporter
                  image: acme/worker:1.4.1
                  env:
                    - {name: SCRAPE_SECONDS, value: "15"}
                    - {name: LOG_LEVEL, value: info}
                    - {name: PORT, value: "9102"}
                  ports:
                    - {name: metrics, containerPort: 9102}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: metrics}
                    periodSeconds: 5
    """),
}, ["One place for the common settings",
    ["deploy/statefulset.yaml", """            - {name: LOG_LEVEL, value: info}
            - {name: PORT, value: "9102"}
""", """          envFrom:
            - configMapRef: {name: tracking-common}
"""]],
    "the exporter now takes PORT=8080 from the shared ConfigMap, where the main container of the pod already listens; its own PORT=9102 is gone",
    expected=expect("port-conflict crash-on-start",
                    [(c("StatefulSet", "tracking", "exporter", "env[name=PORT]"), BEFORE)],
                    [(c("StatefulSet", "tracking", "exporter", "env[name=PORT]"), BEFORE), (c("StatefulSet", "tracking", "exporter", "env[name=LOG_LEVEL]"), BEFORE)],
                    [(c("StatefulSet", "tracking", "exporter", "env[name=PORT]"), BEFORE), (c("StatefulSet", "tracking", "exporter", "env[name=LOG_LEVEL]"), BEFORE), (c("StatefulSet", "tracking", "exporter", "envFrom"), BEFORE)]))


# 2 port-conflict on the node: two DaemonSets want one hostPort
def agent(name, image, host_port, level):
    one = shop("agent", image, env={"LOG_LEVEL": level})
    one["ports"] = [{"name": "http", "containerPort": 8080, "hostPort": host_port}]
    return dump(workload("DaemonSet", name, one, pod={"terminationGracePeriodSeconds": 5}))


scenario("agents-on-one-host-port", "flux", {
    "deploy/node-agent.yaml": agent("node-agent", "acme/worker:1.4.2", 19877, "info"),
    "deploy/log-agent.yaml": agent("log-agent", "acme/worker:1.4.1", 19878, "debug"),
}, ["Log agent 1.4.2, quieter",
    ["deploy/log-agent.yaml", "image: acme/worker:1.4.1", "image: acme/worker:1.4.2"],
    ["deploy/log-agent.yaml", "value: debug", "value: info"],
    ["deploy/log-agent.yaml", "hostPort: 19878", "hostPort: 19877"]],
    "log-agent asks for hostPort 19877, which node-agent has on every node: its pods stay Pending",
    expected=expect("port-conflict unschedulable-placement unschedulable-resources",
                    [(c("DaemonSet", "log-agent", "agent", "ports[name=http].hostPort"), BEFORE)]))


# 3 CronJob starts the mounted script itself, but ConfigMap files are not executable
scenario("sweep-not-executable", "flux", {
    "deploy/depot.yaml": dump(workload("Deployment", "depot", shop("depot", "acme/payments:1.4.1"), deadline=75), service("depot")),
    "deploy/scripts.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: depot-scripts
        data:
          sweep.sh: |
            #!/bin/sh
            set -eu
            echo "sweeping labels older than ${KEEP_DAYS} days"
            find /labels -type f -mtime +"${KEEP_DAYS}" -print
            echo "done"
    """),
    "deploy/sweep.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: label-sweep
        spec:
          schedule: "* * * * *"
          concurrencyPolicy: Forbid
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                metadata:
                  labels: {app: label-sweep}
                spec:
                  restartPolicy: Never
                  containers:
                    - name: sweep
                      image: busybox:1.36
                      command: ["/bin/sh", "/scripts/sweep.sh"]
                      env:
                        - {name: KEEP_DAYS, value: "14"}
                      resources:
                        requests: {cpu: 10m, memory: 16Mi}
                        limits: {memory: 32Mi}
                      volumeMounts:
                        - {name: scripts, mountPath: /scripts}
                        - {name: labels, mountPath: /labels}
                  volumes:
                    - name: scripts
                      configMap:
                        name: depot-scripts
                    - name: labels
                      emptyDir: {}
    """),
}, ["Label sweep: busybox 1.37, keep a month",
    ["deploy/sweep.yaml", "busybox:1.36", "busybox:1.37"],
    ["deploy/sweep.yaml", 'command: ["/bin/sh", "/scripts/sweep.sh"]', 'command: ["/scripts/sweep.sh"]'],
    ["deploy/sweep.yaml", 'value: "14"', 'value: "30"']],
    "the script is executed directly now, but files of the ConfigMap volume are mode 0644: permission denied, every run fails",
    expected=expect("command-not-found volume-mount job-failed",
                    [(c("CronJob", "label-sweep", "sweep", "command"), BEFORE)],
                    *[[(pod("CronJob", "label-sweep", "volumes[name=scripts].configMap.defaultMode"), value(mode))] for mode in (0o755, 0o555, 0o775, 0o777, 0o750, 0o700, 0o500, 0o550, 0o744, 0o544)],
                    [(c("CronJob", "label-sweep", "sweep", "command"), value(["sh", "/scripts/sweep.sh"]))],
                    [(c("CronJob", "label-sweep", "sweep", "command"), value(["/bin/sh"])), (c("CronJob", "label-sweep", "sweep", "args"), value(["/scripts/sweep.sh"]))]))


# 4 HUMAN: the Secret made by hand has no ca.crt

scenario("partner-ca-not-delivered", "argocd", {
    "deploy/service.yaml": dump(service("partner-api")),
    "deploy/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: partner-api
        spec:
          replicas: 1
          progressDeadlineSeconds: 75
          selector:
            matchLabels: {app: partner-api}
          template:
            metadata:
              labels: {app: partner-api}
            spec:
              containers:
                - name: api
                  image: acme/checkout:1.4.1
                  env:
                    - {name: CONFIG_FILE, value: /tls/tls.crt}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
                  volumeMounts:
                    - {name: tls, mountPath: /tls, readOnly: true}
              volumes:
                - name: tls
                  secret:
                    secretName: partner-api-tls
                    items:
                      - {key: tls.crt, path: tls.crt}
                      - {key: tls.key, path: tls.key}
    """),
}, ["Check the client certificates of the carriers",
    ["deploy/deployment.yaml", "            - {name: CONFIG_FILE, value: /tls/tls.crt}\n", "            - {name: CONFIG_FILE, value: /tls/tls.crt}\n            - {name: CLIENT_CA_FILE, value: /tls/ca.crt}\n"],
    ["deploy/deployment.yaml", "              - {key: tls.key, path: tls.key}\n", "              - {key: tls.key, path: tls.key}\n              - {key: ca.crt, path: ca.crt}\n"]],
    "Secret partner-api-tls, made by hand outside git, has no key ca.crt: somebody must put the carriers' CA there",
    answer=HUMAN, expected=expect("secret-missing"),
    given=text("""
        apiVersion: v1
        kind: Secret
        metadata:
          name: partner-api-tls
        type: Opaque
        stringData:
          tls.crt: only-for-tests
          tls.key: only-for-tests
    """))


# 5 NONE: checkout's init container fails until the slower catalog is up again
scenario("waits-for-catalog", "argocd", {
    "deploy/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog:1.4.1", env={"START_SECONDS": "3", "CACHE_MB": "8"}, live={"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 70, "periodSeconds": 10}), deadline=180, spec={"strategy": {"type": "Recreate"}}), service("catalog")),
    "deploy/checkout.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: checkout
        spec:
          replicas: 1
          progressDeadlineSeconds: 240
          strategy:
            type: Recreate
          selector:
            matchLabels: {app: checkout}
          template:
            metadata:
              labels: {app: checkout}
            spec:
              initContainers:
                - name: wait-for-catalog
                  image: busybox:1.37
                  command: ["/bin/sh", "-c"]
                  args:
                    - wget -q -O /dev/null "http://$CATALOG_SERVICE_HOST:$CATALOG_SERVICE_PORT/readyz" || { echo "catalog does not answer yet, trying again"; exit 1; }
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 32Mi}
              containers:
                - name: checkout
                  image: acme/checkout:1.4.1
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
    """),
}, ["Release 1.4.2, load the whole catalogue at the start",
    ["deploy/catalog.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"],
    ["deploy/catalog.yaml", "value: '3'", "value: '35'"],
    ["deploy/catalog.yaml", "value: '8'", "value: '24'"],
    ["deploy/checkout.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"]],
    "catalog starts slower, checkout's init container fails and is retried until it answers: everything is healthy after a minute or two",
    answer=NONE, expected=expect("healthy recovering"))


# ---------------------------------------------------------------- Kustomize

# 6 the container was renamed in the base and in staging's patch, not in prod's: a second container without image
BASE_TARIFF = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: tariff
    spec:
      replicas: 1
      progressDeadlineSeconds: 75
      selector:
        matchLabels: {app: tariff}
      template:
        metadata:
          labels: {app: tariff}
        spec:
          containers:
            - name: app
              image: acme/payments:1.4.1
              env:
                - name: LOG_LEVEL
                  value: info
              ports:
                - {name: http, containerPort: 8080}
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 64Mi}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 3
""")


def tariff_patch(level, memory):
    return text(f"""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: tariff
        spec:
          template:
            spec:
              containers:
                - name: app
                  env:
                    - name: LOG_LEVEL
                      value: {level}
                  resources:
                    limits: {{memory: {memory}}}
    """)


scenario("container-renamed-in-base", "argocd", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": BASE_TARIFF,
    "base/service.yaml": dump(service("tariff")),
    "overlays/staging/kustomization.yaml": kustomization("../../base", patches=[{"path": "tariff.yaml"}]),
    "overlays/staging/tariff.yaml": tariff_patch("debug", "80Mi"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "tariff.yaml"}]),
    "overlays/prod/tariff.yaml": tariff_patch("warn", "128Mi"),
}, ["Container names as the dashboards expect them",
    ["base/deployment.yaml", "- name: app\n", "- name: api\n"],
    ["overlays/staging/tariff.yaml", "- name: app\n", "- name: api\n"]],
    "overlays/prod/tariff.yaml still patches container app, which the base calls api now: the patch adds a second container that has no image",
    path="overlays/prod",
    expected=expect("invalid-manifest",
                    [(pod("Deployment", "tariff", "containers[name=app]"), GONE), (c("Deployment", "tariff", "api", "env[name=LOG_LEVEL].value"), value("warn")), (c("Deployment", "tariff", "api", "resources.limits.memory"), value("128Mi"))],
                    [(pod("Deployment", "tariff", "containers[name=app]"), BEFORE), (pod("Deployment", "tariff", "containers[name=api]"), GONE)]))


# 7 the generated file has a new name, the Deployment mounts the old one by subPath: a directory
ROUTES = "carrier=northline\nretry=3\ncutoff=17:30\n"
scenario("settings-file-is-a-directory", "flux", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", configMapGenerator=[{"name": "routing", "files": ["settings.properties"]}]),
    "base/settings.properties": ROUTES,
    "base/service.yaml": dump(service("routing")),
    "base/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: routing
        spec:
          replicas: 2
          progressDeadlineSeconds: 75
          selector:
            matchLabels: {app: routing}
          template:
            metadata:
              labels: {app: routing}
            spec:
              containers:
                - name: routing
                  image: acme/worker
                  env:
                    - {name: CONFIG_FILE, value: /etc/routing/settings.properties}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
                  volumeMounts:
                    - name: routing
                      mountPath: /etc/routing/settings.properties
                      subPath: settings.properties
              volumes:
                - name: routing
                  configMap: {name: routing}
    """),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/worker", "newTag": "1.4.1"}]),
}, ["Routing 1.4.2, files named after their service",
    ["base/settings.properties", ROUTES, DELETE],
    ["base/routing.properties", None, ROUTES],
    ["base/kustomization.yaml", "- settings.properties", "- routing.properties"],
    ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the generated ConfigMap holds routing.properties now, the Deployment mounts subPath settings.properties: kubelet makes an empty directory there",
    path="overlays/prod",
    expected=expect("volume-mount config-key-missing crash-on-start",
                    [(c("Deployment", "routing", "routing", "volumeMounts[name=routing].subPath"), value("routing.properties"))],
                    [(c("Deployment", "routing", "routing", "volumeMounts[name=routing].subPath"), value("routing.properties")), (c("Deployment", "routing", "routing", "volumeMounts[name=routing].mountPath"), value("/etc/routing/routing.properties")),
                     (c("Deployment", "routing", "routing", "env[name=CONFIG_FILE].value"), value("/etc/routing/routing.properties"))],
                    [('ConfigMap/routing-# data["settings.properties"]', BEFORE), ('ConfigMap/routing-# data["routing.properties"]', GONE)],
                    [('ConfigMap/routing-# data["settings.properties"]', BEFORE)],
                    [(pod("Deployment", "routing", "volumes[name=routing].configMap.items"), value([{"key": "routing.properties", "path": "settings.properties"}]))]))


# 8 the CronJob left the base, prod still patches it
CLEANUP = dump(workload("CronJob", "cleanup", {"name": "cleanup", "image": "busybox:1.36", "command": ["/bin/sh", "-c", "echo nothing to clean"], "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "32Mi"}}}, spec={"schedule": "17 3 * * *"}))
scenario("patch-of-a-retired-cronjob", "flux", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", "cleanup.yaml"),
    "base/deployment.yaml": dump(workload("Deployment", "returns", shop("returns", "acme/catalog"), deadline=75)),
    "base/service.yaml": dump(service("returns")),
    "base/cleanup.yaml": CLEANUP,
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.1"}], patches=[{"path": "patches/replicas.yaml"}, {"path": "patches/cleanup.yaml"}]),
    "overlays/prod/patches/replicas.yaml": dump({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "returns"}, "spec": {"replicas": 2}}),
    "overlays/prod/patches/cleanup.yaml": dump({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "cleanup"}, "spec": {"schedule": "40 2 * * *"}}),
}, ["Returns 1.4.2 cleans up by itself",
    ["base/cleanup.yaml", CLEANUP, DELETE],
    ["base/kustomization.yaml", "  - cleanup.yaml\n", ""],
    ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the base no longer has CronJob cleanup, prod's patches/cleanup.yaml finds no target: nothing can be rendered",
    path="overlays/prod",
    expected=expect("render-failed", [], keep=[("CronJob/cleanup", GONE), (c("Deployment", "returns", "returns", "image"), value("acme/catalog:1.4.2"))]))


# 9 a JSON patch by index: a new first container takes the memory that was meant for the other
scenario("patch-by-index", "argocd", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/service.yaml": dump(service("quotes")),
    "base/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: quotes
        spec:
          replicas: 1
          progressDeadlineSeconds: 75
          selector:
            matchLabels: {app: quotes}
          template:
            metadata:
              labels: {app: quotes}
            spec:
              containers:
                - name: quotes
                  image: acme/payments:1.4.2
                  env:
                    - {name: CACHE_MB, value: "8"}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    initialDelaySeconds: 10
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
    """),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "memory.yaml", "target": {"kind": "Deployment", "name": "quotes"}}, {"path": "cache.yaml"}]),
    "overlays/prod/cache.yaml": dump({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "quotes"}, "spec": {"template": {"spec": {"containers": [{"name": "quotes", "env": [{"name": "CACHE_MB", "value": "110"}]}]}}}}),
    "overlays/prod/memory.yaml": text("""
        - op: replace
          path: /spec/template/spec/containers/0/resources/limits/memory
          value: 192Mi
    """),
}, ["Audit trail beside the quotes",
    ["base/deployment.yaml", "        - name: quotes\n", """        - name: audit
          image: acme/worker:1.4.2
          env:
            - {name: PORT, value: "8095"}
          ports:
            - {name: audit, containerPort: 8095}
          resources:
            requests: {cpu: 10m, memory: 24Mi}
            limits: {memory: 48Mi}
          readinessProbe:
            httpGet: {path: /readyz, port: audit}
            periodSeconds: 5
        - name: quotes
"""]],
    "overlays/prod/memory.yaml patches containers/0, which is the new audit container now: quotes has the base's 64Mi with a cache of 110 MB and is OOMKilled",
    path="overlays/prod",
    expected=expect("out-of-memory",
                    [(c("Deployment", "quotes", "quotes", "resources.limits.memory"), at_least("128Mi")), (c("Deployment", "quotes", "audit", "resources.limits.memory"), value("48Mi"))],
                    [(c("Deployment", "quotes", "quotes", "resources.limits.memory"), at_least("128Mi"))]))


# 10 the base uses another image now, prod's images entry no longer matches it: tag main is a placeholder
scenario("images-entry-misses", "argocd", {
    "base/kustomization.yaml": kustomization("settlement.yaml"),
    "base/settlement.yaml": dump(workload("Deployment", "settlement", shop("settlement", "acme/worker:main", env={"SETTLEMENT_MODE": "single"}), deadline=75), service("settlement")),
    "overlays/staging/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/worker", "newTag": "1.4.1"}]),
    "overlays/prod/kustomization.yaml": kustomization("../../base", replicas=[{"name": "settlement", "count": 2}], images=[{"name": "acme/worker", "newTag": "1.4.1"}]),
}, ["Settlement moves into payments, in batches",
    ["base/settlement.yaml", "image: acme/worker:main", "image: acme/payments:main"],
    ["base/settlement.yaml", "value: single", "value: batch"],
    ["overlays/staging/kustomization.yaml", "name: acme/worker", "name: acme/payments"]],
    "prod's images entry is still for acme/worker, so that the placeholder acme/payments:main of the base is pulled, which does not exist",
    path="overlays/prod",
    expected=expect("image-not-found",
                    [(c("Deployment", "settlement", "settlement", "image"), value("acme/payments:1.4.1"))],
                    [(c("Deployment", "settlement", "settlement", "image"), BEFORE)]))


# 11 HUMAN: a new service does not fit into the team's quota
FORECAST = dump(workload("Deployment", "forecast", shop("forecast", "acme/catalog:1.4.2", env={"CACHE_MB": "210"}, resources={"requests": {"cpu": "10m", "memory": "224Mi"}, "limits": {"memory": "256Mi"}}), deadline=75))
scenario("forecast-beyond-quota", "flux", {
    "base/kustomization.yaml": kustomization("slots.yaml"),
    "base/slots.yaml": dump(workload("Deployment", "slots", shop("slots", "acme/checkout:1.4.2", resources={"requests": {"cpu": "10m", "memory": "48Mi"}, "limits": {"memory": "96Mi"}}), deadline=75), service("slots")),
    "overlays/prod/kustomization.yaml": kustomization("../../base", replicas=[{"name": "slots", "count": 2}]),
}, ["Demand forecast for the planners",
    ["base/forecast.yaml", None, FORECAST],
    ["base/kustomization.yaml", "  - slots.yaml\n", "  - slots.yaml\n  - forecast.yaml\n"]],
    "ResourceQuota team-slots allows 384Mi of memory limits, 192Mi are used, the new Deployment needs 256Mi for its cache of 210 MB and more than the 192Mi that are left: people decide about the quota",
    path="overlays/prod", answer=HUMAN, expected=expect("quota"),
    given=text("""
        apiVersion: v1
        kind: ResourceQuota
        metadata:
          name: team-slots
        spec:
          hard:
            limits.memory: 384Mi
    """))


# ---------------------------------------------------------------- Helm

# 12 a list in prod's values replaces the list of the defaults: the new variable never arrives
def without_env(template, env):
    start, end = template.index("          {{- with .Values.env }}"), template.index("          ports:")
    return template[:start] + env + template[end:]


scenario("prod-list-hides-default", "argocd", {
    **CHART,
    "chart/templates/deployment.yaml": without_env(CHART["chart/templates/deployment.yaml"], """          env:
            - name: REQUIRED_ENV
              value: DATABASE_URL
            {{- toYaml .Values.env | nindent 12 }}
"""),
    "chart/values.yaml": CHART["chart/values.yaml"].replace("env: {}\n", "env:\n  - name: DATABASE_URL\n    value: postgresql://billing@127.0.0.1/billing\n").replace("acme/catalog", "acme/payments"),
    "chart/values-staging.yaml": "replicaCount: 1\n",
    "chart/values-prod.yaml": text("""
        replicaCount: 2
        env:
          - name: DATABASE_URL
            value: postgresql://billing@10.20.0.5/billing
          - name: POOL_SIZE
            value: "20"
    """),
}, ["Invoices carry a currency (1.4.2)",
    ["chart/templates/deployment.yaml", "value: DATABASE_URL\n", "value: DATABASE_URL,CURRENCY\n"],
    ["chart/values.yaml", "billing@127.0.0.1/billing\n", "billing@127.0.0.1/billing\n  - name: CURRENCY\n    value: EUR\n"],
    ["chart/values.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "CURRENCY was added to the list env of values.yaml, which the list of values-prod.yaml replaces: the required variable is not set in prod",
    path="chart", source={"helm": {"releaseName": "billing", "valueFiles": ["values.yaml", "values-prod.yaml"]}},
    expected=expect("crash-on-start",
                    [(c("Deployment", "billing", "app", "env[name=CURRENCY]"), value({"name": "CURRENCY", "value": "EUR"}))],
                    [(c("Deployment", "billing", "app", "env[name=REQUIRED_ENV].value"), BEFORE)]))


# 13 the values name an account with one letter more than the one the commit brings
scenario("account-one-letter-off", "flux", {
    **CHART,
    "releases/accounts.yaml": dump({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "parcels"}, "automountServiceAccountToken": False}),
    "releases/tracker.yaml": release("tracker", """
        image:
          repository: acme/worker
          tag: 1.4.1
        serviceAccountName: parcels
        env:
          POLL_SECONDS: "30"
    """),
}, ["An account of its own for the tracker",
    ["releases/accounts.yaml", "automountServiceAccountToken: false\n", "automountServiceAccountToken: false\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: parcel-tracker\nautomountServiceAccountToken: false\n"],
    ["releases/tracker.yaml", "serviceAccountName: parcels\n", "serviceAccountName: parcels-tracker\n"],
    ["releases/tracker.yaml", 'POLL_SECONDS: "30"', 'POLL_SECONDS: "20"']],
    "the HelmRelease's values name ServiceAccount parcels-tracker, the one added by the same commit is parcel-tracker: no pod can be created",
    path="releases",
    expected=expect("service-account-missing",
                    [(pod("Deployment", "tracker", "serviceAccountName"), value("parcel-tracker"))],
                    [(pod("Deployment", "tracker", "serviceAccountName"), BEFORE)],
                    [("ServiceAccount/parcel-tracker metadata", GONE), ("ServiceAccount/parcels-tracker metadata", ANY)]))


# 14 the migration hook gets runAsNonRoot without a user: its pod never starts, the sync waits
scenario("migration-hook-as-root", "argocd", {
    "chart/Chart.yaml": "apiVersion: v2\nname: customs\nversion: 1.2.0\n",
    "chart/values.yaml": text("""
        image:
          repository: acme/checkout
          tag: 1.4.1
        databaseUrl: postgresql://customs@127.0.0.1/customs
        securityContext:
          runAsNonRoot: true
          runAsUser: 10001
        migration:
          activeDeadlineSeconds: 150
          securityContext: {}
    """),
    "env/prod.yaml": text("""
        databaseUrl: postgresql://customs@10.20.0.5/customs
        migration:
          securityContext:
            allowPrivilegeEscalation: false
    """),
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: customs
        spec:
          replicas: 1
          progressDeadlineSeconds: 75
          selector:
            matchLabels: {app: customs}
          template:
            metadata:
              labels: {app: customs}
            spec:
              containers:
                - name: customs
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  env:
                    - name: DATABASE_URL
                      value: {{ .Values.databaseUrl }}
                  ports:
                    - {name: http, containerPort: 8080}
                  securityContext:
                    {{- toYaml .Values.securityContext | nindent 12 }}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
    """),
    "chart/templates/migrate.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: customs-migrate
          annotations:
            helm.sh/hook: pre-install,pre-upgrade
            helm.sh/hook-delete-policy: before-hook-creation
        spec:
          backoffLimit: 1
          activeDeadlineSeconds: {{ .Values.migration.activeDeadlineSeconds }}
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: migrate
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  args: [migrate]
                  env:
                    - name: DATABASE_URL
                      value: {{ .Values.databaseUrl }}
                  securityContext:
                    {{- toYaml .Values.migration.securityContext | nindent 12 }}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
    """),
}, ["Customs 1.4.2, audit findings of November",
    ["chart/values.yaml", "tag: 1.4.1", "tag: 1.4.2"],
    ["env/prod.yaml", "    allowPrivilegeEscalation: false\n", "    allowPrivilegeEscalation: false\n    readOnlyRootFilesystem: true\n    runAsNonRoot: true\n"]],
    "the migration hook must not run as root now, but has no runAsUser as the Deployment has: CreateContainerConfigError, the sync waits for the hook",
    path="chart", source={"helm": {"releaseName": "customs", "valueFiles": ["values.yaml", "../env/prod.yaml"]}},
    expected=expect("run-as-root-image",
                    *[[(c("Job", "customs-migrate", "migrate", "securityContext.runAsUser"), value(user))] for user in (10001, 1000, 1001, 65532, 65534)],
                    [(pod("Job", "customs-migrate", "securityContext"), value({"runAsUser": 10001}))],
                    [(c("Job", "customs-migrate", "migrate", "securityContext.runAsNonRoot"), BEFORE)]))


# 15 NONE: scaled to zero on purpose
scenario("stopped-for-stocktaking", "flux", {
    **CHART,
    "releases/dispatch.yaml": release("dispatch", """
        image:
          repository: acme/checkout
          tag: 1.4.2
        replicaCount: 2
        env:
          WAREHOUSE: leipzig
    """),
}, ["No dispatch while Leipzig counts its stock",
    ["releases/dispatch.yaml", "replicaCount: 2", "replicaCount: 0"]],
    "scaled to zero on purpose: no pods and no endpoints, nothing has failed",
    path="releases", answer=NONE, expected=expect("replicas-zero suspended healthy"))


# 16 never worked: a quoted number as probe port
scenario("probe-port-in-quotes", "flux", {
    **CHART,
    "releases/geocoder.yaml": release("geocoder", """
        image:
          repository: acme/catalog
          tag: 1.4.2
        replicaCount: 2
        env:
          CACHE_MB: "16"
        livenessProbe:
          httpGet:
            path: /healthz
            port: 8080
          initialDelaySeconds: 5
        readinessProbe:
          httpGet:
            path: /readyz
            port: "8080"
          periodSeconds: 3
    """),
}, [], "the readiness probe's port is the string \"8080\" in the HelmRelease's values: a port name needs a letter, the API server refuses the Deployment",
    path="releases", never_worked=True,
    expected=expect("invalid-manifest helm-failed readiness",
                    [(c("Deployment", "geocoder", "app", "readinessProbe.httpGet.port"), value(8080))],
                    [(c("Deployment", "geocoder", "app", "readinessProbe.httpGet.port"), value("http"))]))
