"""Batch S, written by somebody who knew neither the playbook nor the batches before: shop-1060 to shop-1081, as post-mortems tell them, with the programs of this folder. Most
breaking commits carry what is wanted too. shop-1063 is missing: nothing showed that anything failed. shop-1075, and shop-1044 of batch R, were recorded with CAP=420: Argo CD looked late.
"""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1060)

PROGRAMS.update({
    "rabbit": ("acme/queue:4.0.4", 15672, "/healthz", "/healthz", {}),
    "zap": ("acme/inventory:1.9", 8080, "/livez", "/readyz", {}),
    "rails": ("acme/backoffice:7.2.0", 3000, "/up", "/up", {"SECRET_KEY_BASE": "only-for-tests"}),
    "kafka": ("acme/shipping:3.9.0", 8080, "/healthz", "/healthz", {"CONSUMER_BOOTSTRAP_SERVERS": "10.20.0.9:9094"}),
})

CHART = "apiVersion: v2\nname: {}\nversion: 0.4.0\n"
PROD = {"helm": {"valueFiles": ["values.yaml", "values-prod.yaml"]}}


def release(name, values):
    return text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 30s
          timeout: 60s
          chart:
            spec:
              chart: ./charts/{name}
              reconcileStrategy: Revision
              sourceRef: {{kind: GitRepository, name: "@NAME@", namespace: flux-system}}
          values:
        """) + textwrap.indent(text(values), "    ")


# 1 ---------------------------------------------------------------- plain, Argo CD: hardening takes port 80 away
EDGE = """server {
  listen 80;
  server_name shop.example;
  location / {
    proxy_pass http://10.20.0.5:9000;
    proxy_read_timeout 30s;
  }
  location /healthz {
    return 200;
  }
}
"""
scenario(
    "edge-unprivileged", "argocd",
    {**one("edge", configmap("edge-conf", default__conf=EDGE),
           workload("Deployment", "edge", container("nginx", "nginx", volumeMounts=[{"name": "conf", "mountPath": "/etc/nginx/conf.d"}]), replicas=2, pod={"volumes": [{"name": "conf", "configMap": {"name": "edge-conf"}}]}),
           service("edge")),
     **one("pricer", workload("Deployment", "pricer", container("pricer", "go")), service("pricer", port=9000))},
    ["Nothing of ours runs as root any more",
     ["deploy/edge.yaml", "    spec:\n      volumes:", "    spec:\n      securityContext:\n        runAsNonRoot: true\n        runAsUser: 1000\n        runAsGroup: 1000\n      volumes:"],
     ["deploy/pricer.yaml", "    spec:\n      containers:", "    spec:\n      securityContext:\n        runAsNonRoot: true\n        runAsUser: 1000\n        runAsGroup: 1000\n      containers:"],
     ["deploy/pricer.yaml", "        image: acme/pricer:2.4.6\n", "        image: acme/pricer:2.4.6\n        securityContext:\n          allowPrivilegeEscalation: false\n          readOnlyRootFilesystem: true\n"]],
    "edge runs as user 1000 now and nginx listens on port 80, which that user may not bind; pricer's hardening is fine and stays",
    expected=expect("crash-on-start pod-security",
                    [('ConfigMap/edge-conf data["default.conf"]', value(EDGE.replace("listen 80;", "listen 8080;"))), (c("Deployment", "edge", "nginx", "ports[name=http].containerPort"), value(8080))],
                    [(pod("Deployment", "edge", "securityContext"), BEFORE)]))

# 2 ---------------------------------------------------------------- Kustomize component, Flux: all capabilities dropped, the broker changes an owner as it starts
scenario(
    "queue-capabilities", "flux",
    {"base/queue.yaml": dump(workload("StatefulSet", "queue", container("rabbitmq", "rabbit")), service("queue", port=15672)),
     "base/inventory.yaml": dump(workload("Deployment", "inventory", container("inventory", "zap")), service("inventory")),
     "base/kustomization.yaml": kustomization("queue.yaml", "inventory.yaml"),
     "components/hardened/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        patches:
          - path: containers.yaml
            target:
              kind: Deployment|StatefulSet
        """),
     "components/hardened/containers.yaml": text("""
        - op: add
          path: /spec/template/spec/containers/0/securityContext
          value:
            allowPrivilegeEscalation: false
        """),
     "overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../components/hardened"])},
    ["Hardening, second round (audit finding 17)",
     ["components/hardened/containers.yaml", "    allowPrivilegeEscalation: false\n", "    allowPrivilegeEscalation: false\n    capabilities:\n      drop:\n        - ALL\n"]],
    "the component drops every capability of every workload; RabbitMQ's start script changes the owner of its data directory and needs CHOWN. inventory's stays",
    path="overlays/prod",
    expected=expect("crash-on-start pod-security",
                    [(c("StatefulSet", "queue", "rabbitmq", "securityContext.capabilities.add"), value(["CHOWN"]))],
                    [(c("StatefulSet", "queue", "rabbitmq", "securityContext.capabilities"), BEFORE)]))

# 3 ---------------------------------------------------------------- Kustomize, Argo CD: merging a generator replaces the file, it does not merge lines
mounts = {"volumeMounts": [{"name": "config", "mountPath": "/config"}]}
scenario(
    "ledger-overlay-properties", "argocd",
    {"base/ledger.yaml": dump(workload("Deployment", "ledger", container("ledger", "java", env={"LEDGER_GATEWAY_URL": None}, **mounts), pod={"volumes": [{"name": "config", "configMap": {"name": "ledger-config"}}]}), service("ledger")),
     "base/application.properties": "ledger.gateway.url=https://gateway.example/v2\nledger.batch.size=50\n",
     "base/kustomization.yaml": kustomization("ledger.yaml", configMapGenerator=[{"name": "ledger-config", "files": ["application.properties"]}]),
     "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        replicas:
          - name: ledger
            count: 1
        """)},
    ["Production books in batches of 200, on two replicas",
     ["overlays/prod/kustomization.yaml", "    count: 1\n", "    count: 2\nconfigMapGenerator:\n  - name: ledger-config\n    behavior: merge\n    files:\n      - application.properties\n"],
     ["overlays/prod/application.properties", None, "ledger.batch.size=200\n"]],
    "the overlay's application.properties replaces the base's as a whole, so ledger.gateway.url is gone",
    path="overlays/prod",
    expected=expect("config-key-missing crash-on-start",
                    [('ConfigMap/ledger-config-# data["application.properties"]', value("ledger.gateway.url=https://gateway.example/v2\nledger.batch.size=200\n"))],
                    [('ConfigMap/ledger-config-# data["application.properties"]', value("ledger.batch.size=200\nledger.gateway.url=https://gateway.example/v2\n"))],
                    [(c("Deployment", "ledger", "ledger", "env[name=LEDGER_GATEWAY_URL]"), value({"name": "LEDGER_GATEWAY_URL", "value": "https://gateway.example/v2"}))],
                    [(c("Deployment", "ledger", "ledger", "env"), value([{"name": "LEDGER_GATEWAY_URL", "value": "https://gateway.example/v2"}]))]))

# 4 ---------------------------------------------------------------- plain, Flux: the cache moves to another port, its client is in another file
scenario(
    "cache-new-port", "flux",
    {**one("cache", configmap("cache-conf", redis__conf="port 6379\nmaxmemory 48mb\nmaxmemory-policy allkeys-lru\n"),
           workload("Deployment", "cache", container("redis", "redis", args=["/etc/redis/redis.conf"], volumeMounts=[{"name": "conf", "mountPath": "/etc/redis"}]), pod={"volumes": [{"name": "conf", "configMap": {"name": "cache-conf"}}]}),
           service("cache", port=6379)),
     **one("sidekiq", configmap("sidekiq-env", REDIS_URL="redis://cache:6379/0", RAILS_MAX_THREADS="5"),
           workload("Deployment", "sidekiq", container("sidekiq", "rails", port=7433, args=["sidekiq"], envFrom=[{"configMapRef": {"name": "sidekiq-env"}}]),
                    pod={"initContainers": [{"name": "let-go", "image": "busybox:1.37", "command": ["sleep", "8"], "resources": {"limits": {"memory": "16Mi"}}}]}))},
    ["Cache off the default port (security baseline 4.2); backoffice 7.2.1",
     ["deploy/cache.yaml", "port 6379", "port 6380"], ["deploy/cache.yaml", "containerPort: 6379", "containerPort: 6380"], ["deploy/cache.yaml", "    port: 6379", "    port: 6380"],
     ["deploy/sidekiq.yaml", "acme/backoffice:7.2.0", "acme/backoffice:7.2.1"]],
    "cache listens on 6380 and its Service too; sidekiq's REDIS_URL still says 6379",
    expected=expect("dependency-address", [("ConfigMap/sidekiq-env data.REDIS_URL", value("redis://cache:6380/0"))]))

# 5 ---------------------------------------------------------------- Helm, Argo CD: a retention without its unit
scenario(
    "metrics-retention", "argocd",
    {"chart/Chart.yaml": CHART.format("metrics"),
     "chart/values.yaml": "image:\n  repository: acme/metrics\n  tag: 3.0.1\nretention: 15d\nscrapeInterval: 60s\nresources:\n  requests: {cpu: 10m, memory: 24Mi}\n  limits: {memory: 96Mi}\n",
     "chart/values-prod.yaml": "scrapeInterval: 30s\n",
     "chart/templates/configmap.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: metrics-config
        data:
          prometheus.yml: |
            global:
              scrape_interval: {{ .Values.scrapeInterval }}
            scrape_configs:
              - job_name: shop
                static_configs:
                  - targets: ["10.20.0.5:9000"]
        """),
     "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: metrics
        spec:
          progressDeadlineSeconds: 75
          selector:
            matchLabels: {app: metrics}
          template:
            metadata:
              labels: {app: metrics}
              annotations:
                checksum/config: {{ include (print $.Template.BasePath "/configmap.yaml") . | sha256sum }}
            spec:
              containers:
                - name: prometheus
                  image: {{ .Values.image.repository }}:{{ .Values.image.tag }}
                  args:
                    - --config.file=/etc/prometheus/prometheus.yml
                    - --storage.tsdb.path=/data
                    - --storage.tsdb.retention.time={{ .Values.retention }}
                    - --web.enable-lifecycle
                  ports:
                    - {name: web, containerPort: 9090}
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  readinessProbe:
                    httpGet: {path: /-/ready, port: web}
                  livenessProbe:
                    httpGet: {path: /-/healthy, port: web}
                    initialDelaySeconds: 8
                  volumeMounts:
                    - {name: config, mountPath: /etc/prometheus}
                    - {name: tsdb, mountPath: /data}
              volumes:
                - name: config
                  configMap: {name: metrics-config}
                - name: tsdb
                  emptyDir: {}
        """)},
    ["Prometheus 3.1, a month of history in production",
     ["chart/values.yaml", "tag: 3.0.1", "tag: 3.1.0"],
     ["chart/values-prod.yaml", "scrapeInterval: 30s\n", "scrapeInterval: 20s\nretention: 30  # days\n"]],
    "retention 30 has no unit: Prometheus refuses the flag",
    path="chart", source=PROD,
    expected=expect("crash-on-start",
                    [(c("Deployment", "metrics", "prometheus", "args[2]"), value("--storage.tsdb.retention.time=30d"))],
                    [(c("Deployment", "metrics", "prometheus", "args[2]"), value("--storage.tsdb.retention.time=720h"))],
                    [(c("Deployment", "metrics", "prometheus", "args[2]"), BEFORE)]))

# 6 ---------------------------------------------------------------- Kustomize generator, Flux: the proxy beside the program takes the program's port
PROXY = """server {
  listen 8081;
  location / {
    proxy_pass http://127.0.0.1:8080;
  }
  location /healthz {
    return 200;
  }
}
"""
PROXY_NEW = """server {
  listen 8080;
  client_max_body_size 20m;
  location / {
    proxy_pass http://127.0.0.1:8080;
    proxy_read_timeout 90s;
  }
  location /healthz {
    return 200;
  }
}
"""
proxy = container("proxy", "nginx", port=8081, volumeMounts=[{"name": "proxy", "mountPath": "/etc/nginx/conf.d"}])
proxy["ports"][0]["name"] = "web"
for probe in ("livenessProbe", "readinessProbe"):
    proxy[probe]["httpGet"]["port"] = "web"
scenario(
    "ledger-proxy-port", "flux",
    {"deploy/ledger.yaml": dump(workload("Deployment", "ledger", container("ledger", "java"), proxy, pod={"volumes": [{"name": "proxy", "configMap": {"name": "ledger-proxy"}}]}), service("ledger", target="web")),
     "deploy/proxy/default.conf": PROXY,
     "deploy/kustomization.yaml": kustomization("ledger.yaml", configMapGenerator=[{"name": "ledger-proxy", "files": ["proxy/default.conf"]}])},
    ["Proxy: uploads of 20 MB, longer bookings", ["deploy/proxy/default.conf", PROXY, PROXY_NEW]],
    "the sidecar nginx listens on 8080 now, which the ledger in the same pod has; port, probes and Service expect 8081",
    expected=expect("port-conflict crash-on-start", [('ConfigMap/ledger-proxy-# data["default.conf"]', value(PROXY_NEW.replace("listen 8080;", "listen 8081;")))]))

# 7 ---------------------------------------------------------------- Helm, Argo CD: subPath of a key that is gone becomes a directory
bus_conf = "port: 4222\nhttp_port: 8222\nserver_name: bus\nmax_payload: 8MB\n"
scenario(
    "bus-key-renamed", "argocd",
    {"chart/Chart.yaml": CHART.format("bus"),
     "chart/values.yaml": "image: acme/bus:2.10.22\nmaxPayload: 1MB\nreplicas: 1\n",
     "chart/values-prod.yaml": "maxPayload: 4MB\n",
     "chart/templates/config.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: bus-config
        data:
          nats.conf: |
            port: 4222
            http_port: 8222
            server_name: bus
            max_payload: {{ .Values.maxPayload }}
        """),
     "chart/templates/bus.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: bus
        spec:
          serviceName: bus
          replicas: {{ .Values.replicas }}
          selector:
            matchLabels: {app: bus}
          template:
            metadata:
              labels: {app: bus}
              annotations:
                checksum/config: {{ include (print $.Template.BasePath "/config.yaml") . | sha256sum }}
            spec:
              containers:
                - name: nats
                  image: {{ .Values.image }}
                  args: ["-c", "/etc/nats/nats.conf"]
                  ports:
                    - {name: client, containerPort: 4222}
                    - {name: monitor, containerPort: 8222}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /healthz, port: monitor}
                    periodSeconds: 5
                  volumeMounts:
                    - {name: config, mountPath: /etc/nats/nats.conf, subPath: nats.conf}
              volumes:
                - name: config
                  configMap: {name: bus-config}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: bus
        spec:
          clusterIP: None
          selector: {app: bus}
          ports:
            - {name: client, port: 4222, targetPort: client}
        """)},
    ["Bus: messages up to 8 MB, files named like the service",
     ["chart/values-prod.yaml", "4MB", "8MB"], ["chart/templates/config.yaml", "  nats.conf: |", "  bus.conf: |"]],
    "the key in the ConfigMap is bus.conf now, the subPath mount still asks for nats.conf and gets an empty directory",
    path="chart", source=PROD,
    expected=expect("volume-mount config-key-missing",
                    [(c("StatefulSet", "bus", "nats", "volumeMounts[name=config].subPath"), value("bus.conf"))],
                    [('ConfigMap/bus-config data["nats.conf"]', value(bus_conf)), ('ConfigMap/bus-config data["bus.conf"]', GONE), ('StatefulSet/bus spec.template.metadata.annotations["checksum/config"]', ANY)],
                    [(pod("StatefulSet", "bus", "volumes[name=config].configMap.items"), ANY)]))

# 8 ---------------------------------------------------------------- Kustomize overlay, Flux: scratch space in memory counts against the limit
indexer = workload("Deployment", "indexer", container("indexer", "rust", volumeMounts=[{"name": "scratch", "mountPath": "/scratch"}]), pod={
    "initContainers": [{"name": "segments", "image": "busybox:1.37", "command": ["dd", "if=/dev/zero", "of=/scratch/segments", "bs=1M", "count=72"],
                        "resources": {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}, "volumeMounts": [{"name": "scratch", "mountPath": "/scratch"}]}],
    "volumes": [{"name": "scratch", "emptyDir": {}}]})
scenario(
    "indexer-scratch", "flux",
    {"base/indexer.yaml": dump(indexer, service("indexer")), "base/kustomization.yaml": kustomization("indexer.yaml"),
     "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "indexer.yaml"}]),
     "overlays/prod/indexer.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: indexer
        spec:
          template:
            spec:
              containers:
                - name: indexer
                  resources:
                    requests:
                      cpu: 20m
        """)},
    ["Indexer: read-only root, faster segments",
     ["overlays/prod/indexer.yaml", "          resources:\n", "          securityContext:\n            readOnlyRootFilesystem: true\n          resources:\n"],
     ["overlays/prod/indexer.yaml", "    spec:\n      containers:", "    spec:\n      volumes:\n        - name: scratch\n          emptyDir:\n            medium: Memory\n            sizeLimit: 96Mi\n      containers:"]],
    "the scratch volume is in memory now, and the 72 MB that the init container writes into it count against its limit of 64Mi",
    path="overlays/prod",
    expected=expect("out-of-memory",
                    [(c("Deployment", "indexer", "segments", "resources.limits.memory", init=True), at_least("80Mi"))],
                    [(pod("Deployment", "indexer", "volumes[name=scratch].emptyDir.medium"), GONE)],
                    [(pod("Deployment", "indexer", "volumes[name=scratch].emptyDir.medium"), GONE), (pod("Deployment", "indexer", "volumes[name=scratch].emptyDir.sizeLimit"), GONE)],
                    [(pod("Deployment", "indexer", "volumes[name=scratch].emptyDir"), BEFORE)]))

# 9 ---------------------------------------------------------------- Helm, Argo CD: another port in the values, the environment's values keep the old one for the liveness probe
scenario(
    "shipments-port", "argocd",
    {"chart/Chart.yaml": CHART.format("shipments"),
     "chart/values.yaml": text("""
        image:
          repository: acme/shipments
          tag: 9.0.1
        port: 8080
        carrier:
          baseUrl: https://carrier.example/v3
          timeoutSeconds: 15
        probes:
          liveness:
            path: /health/live
            port: 8080
            periodSeconds: 10
            failureThreshold: 3
          readiness:
            path: /health/ready
        """),
     "chart/values-prod.yaml": text("""
        carrier:
          timeoutSeconds: 20
        probes:
          # restarts faster than elsewhere since the hanging requests of last May
          liveness:
            port: 8080
            periodSeconds: 5
            failureThreshold: 2
        """),
     "chart/templates/shipments.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: shipments
        spec:
          progressDeadlineSeconds: 60
          minReadySeconds: 20
          selector:
            matchLabels: {app: shipments}
          template:
            metadata:
              labels: {app: shipments}
            spec:
              containers:
                - name: shipments
                  image: {{ .Values.image.repository }}:{{ .Values.image.tag }}
                  env:
                    - name: ASPNETCORE_HTTP_PORTS
                      value: {{ .Values.port | quote }}
                    - name: Carrier__BaseUrl
                      value: {{ .Values.carrier.baseUrl }}
                    - name: Carrier__TimeoutSeconds
                      value: {{ .Values.carrier.timeoutSeconds | quote }}
                  ports:
                    - {name: http, containerPort: {{ .Values.port }}}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  livenessProbe:
                    httpGet:
                      path: {{ .Values.probes.liveness.path }}
                      port: {{ .Values.probes.liveness.port }}
                    initialDelaySeconds: 5
                    periodSeconds: {{ .Values.probes.liveness.periodSeconds }}
                    failureThreshold: {{ .Values.probes.liveness.failureThreshold }}
                  readinessProbe:
                    httpGet:
                      path: {{ .Values.probes.readiness.path }}
                      port: http
                    periodSeconds: 5
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: shipments
        spec:
          selector: {app: shipments}
          ports:
            - {name: http, port: 80, targetPort: http}
        """)},
    ["Shipments 9.0.2 listens on 5000 like the rest of the .NET estate",
     ["chart/values.yaml", "port: 8080", "port: 5000"], ["chart/values.yaml", "tag: 9.0.1", "tag: 9.0.2"]],
    "values-prod.yaml still sets the liveness probe's port to 8080, where nothing listens any more",
    path="chart", source=PROD,
    expected=expect("liveness-probe",
                    [(c("Deployment", "shipments", "shipments", "livenessProbe.httpGet.port"), value(5000))],
                    [(c("Deployment", "shipments", "shipments", "livenessProbe.httpGet.port"), value("http"))]))

# 10 --------------------------------------------------------------- plain, Argo CD: a hook that migrates
job = workload("Job", "schema", {"name": "flyway", "image": "acme/schema:22", "env": [{"name": "FLYWAY_URL", "value": "jdbc:postgresql://10.20.0.5:5432/invoicing"}, {"name": "FLYWAY_LOCATIONS", "value": "filesystem:/app/sql"}],
                                 "resources": {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}})
job["metadata"]["annotations"] = {"argocd.argoproj.io/hook": "PreSync", "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation"}
scenario(
    "invoicing-migrations", "argocd",
    {**one("schema", job), **one("invoicing", workload("Deployment", "invoicing", container("invoicing", "dotnet")), service("invoicing"))},
    ["Invoicing 8.1.1 with schema 23, settings as Flyway's handbook has them",
     ["deploy/schema.yaml", "acme/schema:22", "acme/schema:23"],
     ["deploy/schema.yaml", "value: filesystem:/app/sql", "value: filesystem:/flyway/sql\n        - name: FLYWAY_USER\n          value: invoicing"],
     ["deploy/invoicing.yaml", "acme/invoicing:8.1.0", "acme/invoicing:8.1.1"]],
    "the image has its migrations in /app/sql, not in /flyway/sql: the PreSync job fails and nothing else is synced",
    expected=expect("job-failed crash-on-start", [(c("Job", "schema", "flyway", "env[name=FLYWAY_LOCATIONS].value"), BEFORE)]))

# 11 --------------------------------------------------------------- plain, Flux: a time zone inside the schedule
replay = workload("CronJob", "replay", {"name": "replay", "image": "acme/shipping:3.9.0", "env": [{"name": "CONSUMER_BOOTSTRAP_SERVERS", "value": "10.20.0.9:9094"}, {"name": "ONCE", "value": "1"}],
                                        "resources": {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}}, spec={"schedule": "0 3 * * *", "successfulJobsHistoryLimit": 5})
scenario(
    "replay-local-time", "flux",
    {**one("shipping", workload("Deployment", "shipping", container("consumer", "kafka")), service("shipping")), **one("replay", replay)},
    ["Shipping 3.9.1, replay after the warehouse's closing",
     ["deploy/shipping.yaml", "acme/shipping:3.9.0", "acme/shipping:3.9.1"], ["deploy/replay.yaml", "acme/shipping:3.9.0", "acme/shipping:3.9.1"],
     ["deploy/replay.yaml", "schedule: 0 3 * * *", "schedule: TZ=Europe/Berlin 0 4 * * *"], ["deploy/replay.yaml", "successfulJobsHistoryLimit: 5", "successfulJobsHistoryLimit: 2"]],
    "the schedule carries TZ=, which the API refuses: there is a field timeZone for it",
    expected=expect("cron-invalid invalid-manifest job-failed",
                    [("CronJob/replay spec.schedule", value("0 4 * * *")), ("CronJob/replay spec.timeZone", value("Europe/Berlin"))],
                    [("CronJob/replay spec.schedule", value("0 4 * * *"))],
                    [("CronJob/replay spec.schedule", BEFORE)]))

# 12 --------------------------------------------------------------- HelmRelease, Flux: the namespace's quota wants a CPU limit of every container
QUOTES = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 75
      selector:
        matchLabels: {app: {{ .Release.Name }}}
      template:
        metadata:
          labels: {app: {{ .Release.Name }}}
        spec:
          containers:
            - name: quotes
              image: {{ .Values.image }}
              env:
                - {name: DATABASE_URL, value: {{ .Values.databaseUrl | quote }}}
                - {name: POOL_SIZE, value: {{ .Values.poolSize | quote }}}
              ports:
                - {name: http, containerPort: 8000}
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              readinessProbe:
                httpGet: {path: /healthz, port: http}
                periodSeconds: 5
            {{- with .Values.extraContainers }}
            {{- toYaml . | nindent 8 }}
            {{- end }}
    """)
QUOTA = dump({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "team"}, "spec": {"hard": {"limits.cpu": "3", "limits.memory": "2Gi", "requests.cpu": "1"}}})
scenario(
    "quotes-log-shipper", "flux",
    {"charts/quotes/Chart.yaml": CHART.format("quotes"), "charts/quotes/templates/deployment.yaml": QUOTES,
     "charts/quotes/values.yaml": text("""
        image: acme/quotes:1.12.0
        replicas: 1
        databaseUrl: postgresql://quotes@10.20.0.5/quotes
        poolSize: 5
        resources:
          requests: {cpu: 20m, memory: 32Mi}
          limits: {cpu: 200m, memory: 96Mi}
        extraContainers: []
        """),
     "releases/quotes.yaml": release("quotes", """
        replicas: 2
        poolSize: 8
        """)},
    ["Quotes: logs to the new collector, bigger pool",
     ["releases/quotes.yaml", "poolSize: 8\n", text("""
        poolSize: 12
            extraContainers:
              - name: log-shipper
                image: busybox:1.37
                command: [sh, -c, "touch /tmp/app.log; exec tail -f /tmp/app.log"]
                resources:
                  requests: {cpu: 10m, memory: 8Mi}
                  limits: {memory: 24Mi}
        """)]],
    "the ResourceQuota of the namespace counts limits.cpu, so every container needs one; the new log-shipper has none",
    path="releases", given=QUOTA,
    expected=expect("quota limit-range", [(c("Deployment", "quotes", "log-shipper", "resources.limits.cpu"), ANY)]))

# 13 --------------------------------------------------------------- plain, Flux: a DaemonSet with a host port where that is not allowed
scenario(
    "rates-agent-ports", "flux",
    {**one("rates-agent", workload("DaemonSet", "rates-agent", container("agent", "go", args=["-listen=:9000", "-log-level=info"]), spec={"updateStrategy": {"type": "RollingUpdate"}}), service("rates-agent", port=9000)),
     **one("storefront", workload("Deployment", "storefront", container("storefront", "node")), service("storefront"))},
    ["Agent 2.4.7 as in the vendor's example",
     ["deploy/rates-agent.yaml", "acme/pricer:2.4.6", "acme/pricer:2.4.7"], ["deploy/rates-agent.yaml", "- -log-level=info", "- -log-level=warn"],
     ["deploy/rates-agent.yaml", "          containerPort: 9000\n", "          containerPort: 9000\n          hostPort: 9000\n"]],
    "the namespace enforces the baseline Pod Security Standard, which forbids host ports: no pod of the DaemonSet is created",
    labels={"pod-security.kubernetes.io/enforce": "baseline"},
    expected=expect("pod-security", [(c("DaemonSet", "rates-agent", "agent", "ports[name=http].hostPort"), GONE)]))

# 14 --------------------------------------------------------------- Kustomize, Argo CD: the base's image has another name, the overlay's images: no longer matches
catalog = workload("Deployment", "catalog", container("catalog", "shop", image="acme/catalog"), deadline=60)
scenario(
    "catalog-mirror", "argocd",
    {"base/catalog.yaml": dump(catalog, service("catalog")), "base/kustomization.yaml": kustomization("catalog.yaml"),
     "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.1"}], replicas=[{"name": "catalog", "count": 2}])},
    ["Pull through the mirror, quicker readiness",
     ["base/catalog.yaml", "image: acme/catalog", "image: mirror.acme.example/acme/catalog"],
     ["base/catalog.yaml", "        periodSeconds: 5".replace("        ", "          ", 1), "          periodSeconds: 3"]],
    "the overlay's images entry is for acme/catalog and does not match mirror.acme.example/acme/catalog: no tag is set, and latest does not exist",
    path="overlays/prod",
    expected=expect("image-not-found",
                    [(c("Deployment", "catalog", "catalog", "image"), value("mirror.acme.example/acme/catalog:1.4.1"))],
                    [(c("Deployment", "catalog", "catalog", "image"), BEFORE)]))

# 15 --------------------------------------------------------------- HelmRelease, Flux: the chart gets a schema, the release's values do not follow it
scenario(
    "portal-schema", "flux",
    {"charts/portal/Chart.yaml": CHART.format("portal"),
     "charts/portal/values.yaml": "image: acme/portal:2.0.0\nreplicaCount: 1\nsessionStore: memory\nresources:\n  requests: {cpu: 10m, memory: 24Mi}\n  limits: {memory: 96Mi}\n",
     "charts/portal/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicaCount }}
          progressDeadlineSeconds: 75
          selector:
            matchLabels: {app: {{ .Release.Name }}}
          template:
            metadata:
              labels: {app: {{ .Release.Name }}}
            spec:
              containers:
                - name: portal
                  image: {{ .Values.image }}
                  env:
                    - name: SESSION_STORE
                      value: {{ .Values.sessionStore }}
                  ports:
                    - {name: http, containerPort: 4000}
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  readinessProbe:
                    httpGet: {path: /health, port: http}
                    periodSeconds: 5
        """),
     "releases/portal.yaml": release("portal", """
        image: acme/portal:2.0.0
        replicaCount: "2"
        """)},
    ["Chart 0.5: values are checked, trial can be switched on",
     ["charts/portal/Chart.yaml", "0.4.0", "0.5.0"],
     ["charts/portal/values.yaml", "sessionStore: memory\n", "sessionStore: memory\ntrial: true\n"],
     ["charts/portal/templates/deployment.yaml", "              value: {{ .Values.sessionStore }}\n", "              value: {{ .Values.sessionStore }}\n            - name: FEATURE_TRIAL\n              value: {{ .Values.trial | quote }}\n"],
     ["charts/portal/values.schema.json", None, text("""
        {
          "$schema": "https://json-schema.org/draft-07/schema#",
          "type": "object",
          "required": ["image", "replicaCount"],
          "properties": {
            "image": {"type": "string"},
            "replicaCount": {"type": "integer", "minimum": 1},
            "sessionStore": {"type": "string"},
            "trial": {"type": "boolean"},
            "resources": {"type": "object"}
          }
        }
        """).replace("https://json-schema", "http://json-schema")]],
    'the chart\'s new schema wants an integer, the HelmRelease has replicaCount: "2"',
    path="releases",
    expected=expect("helm-failed", [], keep=[(c("Deployment", "portal", "portal", "env[name=FEATURE_TRIAL]"), value({"name": "FEATURE_TRIAL", "value": "true"}))]))

# 16 --------------------------------------------------------------- Kustomize, Argo CD: a JSON patch appends to a list that is gone
scenario(
    "storefront-env-moved", "argocd",
    {"base/storefront.yaml": dump(workload("Deployment", "storefront", container("storefront", "node", volumeMounts=[{"name": "tmp", "mountPath": "/tmp"}]), pod={"volumes": [{"name": "tmp", "emptyDir": {}}]}), service("storefront")),
     "base/kustomization.yaml": kustomization("storefront.yaml"),
     "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "page-size.yaml", "target": {"kind": "Deployment", "name": "storefront"}}]),
     "overlays/prod/page-size.yaml": "- op: add\n  path: /spec/template/spec/containers/0/env/-\n  value:\n    name: PAGE_SIZE\n    value: \"48\"\n"},
    ["Storefront settings live in a ConfigMap",
     ["base/storefront.yaml", "        env:\n        - name: API_BASE_URL\n          value: https://api.example\n", "        envFrom:\n        - configMapRef:\n            name: storefront-env\n"],
     ["base/settings.yaml", None, dump(configmap("storefront-env", API_BASE_URL="https://api.example"))],
     ["base/kustomization.yaml", "  - storefront.yaml\n", "  - settings.yaml\n  - storefront.yaml\n"]],
    "production's JSON patch appends PAGE_SIZE to the container's env, a list the base no longer has",
    path="overlays/prod",
    expected=expect("render-failed", [],
                    [(c("Deployment", "storefront", "storefront", "env"), GONE), ("ConfigMap/storefront-env data.PAGE_SIZE", value("48"))],
                    keep=[(c("Deployment", "storefront", "storefront", "env[name=API_BASE_URL]"), GONE), (c("Deployment", "storefront", "storefront", "envFrom"), value([{"configMapRef": {"name": "storefront-env"}}])),
                          ("ConfigMap/storefront-env", ANY)]))

# 17 --------------------------------------------------------------- plain, Argo CD, never worked: the Service's target port has a name no container port has
stock = container("stock", "zap", image="acme/allocator:stable", probes=False)
stock["ports"] = [{"name": "api", "containerPort": 8080}]
stock["readinessProbe"] = {"httpGet": {"path": "/readyz", "port": 8080}, "periodSeconds": 5}
scenario(
    "stock-first-release", "argocd",
    {"deploy/stock/deployment.yaml": dump(workload("Deployment", "stock", stock)), "deploy/stock/service.yaml": dump(service("stock", port=8080)),
     "deploy/inventory/deployment.yaml": dump(workload("Deployment", "inventory", container("inventory", "zap", image="acme/inventory:1.10", env={"STOCK_ADDR": "stock:8080", "CACHE_TTL": "60s"}), deadline=60)),
     "deploy/inventory/service.yaml": dump(service("inventory"))},
    [],
    "Service stock sends to a port named http; stock's container calls its port api, so nothing answers and inventory cannot dial it",
    never_worked=True, source={"directory": {"recurse": True}},
    expected=expect("service-port service-no-endpoints dependency-address",
                    [("Service/stock spec.ports[name=http].targetPort", value("api"))],
                    [("Service/stock spec.ports[name=http].targetPort", value(8080))],
                    [(c("Deployment", "stock", "stock", "ports[name=api]"), GONE), (c("Deployment", "stock", "stock", "ports[name=http]"), value({"name": "http", "containerPort": 8080}))]))

# 18 --------------------------------------------------------------- HelmRelease, Flux, never worked: the account has another name
scenario(
    "tickets-first-release", "flux",
    {"charts/tickets/Chart.yaml": CHART.format("tickets"),
     "charts/tickets/values.yaml": "image: acme/tickets:11.3.1\nreplicas: 1\nserviceAccount:\n  create: true\n  name: \"\"\n",
     "charts/tickets/templates/serviceaccount.yaml": text("""
        {{- if .Values.serviceAccount.create }}
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: {{ .Release.Name }}-app
        automountServiceAccountToken: false
        {{- end }}
        """),
     "charts/tickets/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 60
          selector:
            matchLabels: {app: {{ .Release.Name }}}
          template:
            metadata:
              labels: {app: {{ .Release.Name }}}
            spec:
              serviceAccountName: {{ .Values.serviceAccount.name | default (printf "%s-app" .Release.Name) }}
              containers:
                - name: php
                  image: {{ .Values.image }}
                  env:
                    - {name: APP_KEY, value: "base64:b25seS1mb3ItdGVzdHM="}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /up, port: http}
                    periodSeconds: 5
        """),
     "releases/tickets.yaml": release("tickets", """
        replicas: 2
        serviceAccount:
          create: true
          name: tickets
        """)},
    [],
    "the release asks for ServiceAccount tickets; the chart makes tickets-app",
    path="releases", never_worked=True,
    expected=expect("service-account-missing",
                    [(pod("Deployment", "tickets", "serviceAccountName"), value("tickets-app"))],
                    [("ServiceAccount/tickets-app metadata", GONE), ("ServiceAccount/tickets metadata", ANY)]))

# 19 --------------------------------------------------------------- for people: a password that somebody changed
scenario(
    "shipping-password", "argocd",
    {"base/shipping.yaml": dump(workload("Deployment", "shipping", container("consumer", "kafka", env={"CONSUMER_AUTO_OFFSET_RESET": "earliest", "SASL_PASSWORD": {"secretKeyRef": {"name": "shipping-kafka", "key": "password"}}})), service("shipping")),
     "base/kustomization.yaml": kustomization("shipping.yaml"),
     "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/shipping", "newTag": "3.9.0"}])},
    ["Shipping 3.9.1, more memory", ["overlays/prod/kustomization.yaml", "3.9.0", "3.9.1"], ["base/shipping.yaml", "memory: 96Mi", "memory: 128Mi"]],
    "the password in Secret shipping-kafka (not in git) was changed by hand and the brokers refuse it; the commit only made the pod start anew",
    answer=HUMAN, path="overlays/prod",
    given=dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "shipping-kafka"}, "stringData": {"password": "valid"}}),
    then=[[-6, """kubectl -n "$NAMESPACE" patch secret shipping-kafka --type merge -p '{"stringData":{"password":"rotated-2026-q4"}}'"""]],
    expected=expect("crash-on-start"))

# 20 --------------------------------------------------------------- for people: the program itself is broken, and no release ever worked
scenario(
    "allocator-first-release", "flux",
    {"charts/allocator/Chart.yaml": CHART.format("allocator"),
     "charts/allocator/values.yaml": "image:\n  repository: acme/allocator\n  tag: \"\"\ncacheTtl: 30s\n",
     "charts/allocator/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          progressDeadlineSeconds: 60
          selector:
            matchLabels: {app: {{ .Release.Name }}}
          template:
            metadata:
              labels: {app: {{ .Release.Name }}}
            spec:
              containers:
                - name: allocator
                  image: {{ .Values.image.repository }}:{{ .Values.image.tag }}
                  env:
                    - {name: CACHE_TTL, value: {{ .Values.cacheTtl | quote }}}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  livenessProbe:
                    httpGet: {path: /livez, port: http}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
        """),
     "releases/allocator.yaml": release("allocator", """
        image:
          tag: "20261127.3"
        cacheTtl: 60s
        """)},
    [],
    "allocator 20261127.3 panics in its own code (assignment to entry in nil map); no release of it is known that worked here",
    answer=HUMAN, path="releases", never_worked=True, expected=expect("crash-on-start"))

# 21 --------------------------------------------------------------- nothing to do: what it depends on was away and came back
scenario(
    "backoffice-cache-away", "argocd",
    {**one("backoffice", workload("Deployment", "backoffice", container("puma", "rails", env={"REDIS_URL": "redis://cache:6379/1", "RAILS_MAX_THREADS": "5"}), deadline=60), service("backoffice"))},
    ["Eight threads for the month's end", ["deploy/backoffice.yaml", "value: '5'", "value: '8'"]],
    "the cache (kept by another team, not in git) was away for about a minute; backoffice crashed meanwhile and came up by itself",
    answer=NONE,
    given=dump(workload("Deployment", "cache", container("redis", "redis")), service("cache", port=6379)),
    then=[[-8, 'kubectl -n "$NAMESPACE" scale deployment cache --replicas 0'], [95, 'kubectl -n "$NAMESPACE" scale deployment cache --replicas 1']],
    expected=expect("healthy recovering"))

# 22 --------------------------------------------------------------- nothing to do: a long warm-up within what its startup probe allows
scenario(
    "inventory-warm-up", "flux",
    {"base/inventory.yaml": dump(workload("Deployment", "inventory", container("inventory", "zap", env={"CACHE_TTL": "30s"}, startupProbe={"httpGet": {"path": "/livez", "port": "http"}, "periodSeconds": 3, "failureThreshold": 40}), deadline=150), service("inventory")),
     "base/kustomization.yaml": kustomization("inventory.yaml"),
     "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/inventory", "newTag": "1.9"}])},
    ["Inventory 1.10 warms its cache before it serves",
     ["overlays/prod/kustomization.yaml", "1.9", "1.10"],
     ["base/inventory.yaml", "        - name: CACHE_TTL\n          value: 30s\n", "        - name: CACHE_TTL\n          value: 30s\n        - name: WARMUP_SECONDS\n          value: '52'\n"]],
    "the new release takes about a minute to start, which its startup probe allows: the probe's failures are no incident",
    answer=NONE, path="overlays/prod", expected=expect("healthy recovering"))
