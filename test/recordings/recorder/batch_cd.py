"""What programs and probes say when they do not start: settings in generators, values, arguments and components, among the changes that were wanted."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(2068)

RES = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "96Mi"}}
SMALL = {"requests": {"cpu": "10m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}

# 1 ── Kustomize, Argo CD: the storefront takes the port of the proxy in its own pod
scenario("compose-port", "argocd", {
    "apps/storefront/base/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: storefront
        spec:
          replicas: 1
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: storefront
          template:
            metadata:
              labels:
                app: storefront
            spec:
              initContainers:
                # sidecar: up before the storefront, and after it
                - name: edge
                  image: acme/edge:1.27.2
                  restartPolicy: Always
                  ports:
                    - name: http
                      containerPort: 8080
                  startupProbe:
                    httpGet:
                      path: /healthz
                      port: http
                    periodSeconds: 2
                    failureThreshold: 15
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 48Mi}
                  volumeMounts:
                    - name: edge
                      mountPath: /etc/nginx/conf.d
              containers:
                - name: storefront
                  image: acme/storefront
                  args: [dist/server.js]
                  envFrom:
                    - configMapRef:
                        name: storefront-env
                  ports:
                    - name: app
                      containerPort: 3000
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet:
                      path: /api/health
                      port: app
                    periodSeconds: 4
              volumes:
                - name: edge
                  configMap:
                    name: edge-conf
    """),
    "apps/storefront/base/service.yaml": dump(service("storefront", target=8080)),
    "apps/storefront/base/default.conf": text("""
        server {
          listen 8080;
          client_max_body_size 2m;
          location / {
            proxy_pass http://127.0.0.1:3000;
            proxy_read_timeout 30s;
          }
        }
    """),
    "apps/storefront/base/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - deployment.yaml
          - service.yaml
        configMapGenerator:
          - name: edge-conf
            files:
              - default.conf
    """),
    "apps/storefront/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../base
        images:
          - name: acme/storefront
            newTag: 9.4.0
        configMapGenerator:
          - name: storefront-env
            literals:
              - API_BASE_URL=https://api.example
              - PAGE_SIZE=20
              - PORT=3000
            options:
              disableNameSuffixHash: true
    """),
}, ["storefront 9.4.1: forty per page, settings of the new compose file",
    ["apps/storefront/prod/kustomization.yaml", "newTag: 9.4.0", "newTag: 9.4.1"],
    ["apps/storefront/prod/kustomization.yaml", "      - PAGE_SIZE=20\n      - PORT=3000\n", "      - PAGE_SIZE=40\n      - PORT=8080\n      - ASSET_HOST=https://static.example\n"]],
    "PORT=8080 is the port where the sidecar edge of the same pod listens: EADDRINUSE; edge passes on to 3000, and the probe asks there",
    expected=expect("port-conflict crash-on-start", [("ConfigMap/storefront-env data.PORT", BEFORE)]),
    path="apps/storefront/prod")

# 2 ── Kustomize, Flux: the generator's key was the file's new name, and is not any more
SCRAPE = text("""
    global:
      scrape_interval: 30s
    rule_files:
      - /etc/prometheus/rules.yml
    scrape_configs:
      - job_name: shop
        static_configs:
          - targets: ["10.20.0.11:9100", "10.20.0.12:9100"]
""")
scenario("rules-beside-scrape", "flux", {
    "monitoring/metrics.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: metrics
          labels: {app.kubernetes.io/part-of: monitoring}
        spec:
          progressDeadlineSeconds: 60
          selector:
            matchLabels: {app: metrics}
          template:
            metadata:
              labels: {app: metrics}
            spec:
              containers:
              - name: prometheus
                image: acme/metrics
                args:
                - --config.file=/etc/prometheus/prometheus.yml
                - --storage.tsdb.retention.time=15d
                ports:
                - {name: web, containerPort: 9090}
                readinessProbe:
                  httpGet: {path: /-/ready, port: web}
                  periodSeconds: 4
                livenessProbe:
                  httpGet: {path: /-/healthy, port: web}
                  initialDelaySeconds: 10
                resources:
                  requests: {cpu: 10m, memory: 24Mi}
                  limits: {memory: 96Mi}
                volumeMounts:
                - {name: config, mountPath: /etc/prometheus}
              volumes:
              - name: config
                configMap: {name: metrics-config}
    """),
    "monitoring/service.yaml": dump(service("metrics", target="web", port=9090)),
    "monitoring/scrape.yml": text("""
        global:
          scrape_interval: 30s
        scrape_configs:
          - job_name: shop
            static_configs:
              - targets: ["10.20.0.11:9100"]
    """),
    "monitoring/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - metrics.yaml
          - service.yaml
        generatorOptions:
          disableNameSuffixHash: true   # the dashboards' tool reads it by name
        configMapGenerator:
          - name: metrics-config
            files:
              - prometheus.yml=scrape.yml
        images:
          - name: acme/metrics
            newTag: 3.0.1
    """),
}, ["Alert rules, a month of history, second shop node",
    ["monitoring/rules.yml", None, "groups:\n  - name: shop\n    rules:\n      - alert: ShopDown\n        expr: up{job=\"shop\"} == 0\n        for: 5m\n"],
    ["monitoring/scrape.yml", "scrape_configs:\n", "rule_files:\n  - /etc/prometheus/rules.yml\nscrape_configs:\n"],
    ["monitoring/scrape.yml", '["10.20.0.11:9100"]', '["10.20.0.11:9100", "10.20.0.12:9100"]'],
    ["monitoring/kustomization.yaml", "      - prometheus.yml=scrape.yml\n", "      - rules.yml\n      - scrape.yml\n"],
    ["monitoring/kustomization.yaml", "newTag: 3.0.1", "newTag: 3.1.0"],
    ["monitoring/metrics.yaml", "retention.time=15d", "retention.time=30d"]],
    "the generator lists scrape.yml without the key prometheus.yml: the ConfigMap's key is scrape.yml now, the argument names /etc/prometheus/prometheus.yml",
    expected=expect("crash-on-start config-key-missing volume-mount",
        [('ConfigMap/metrics-config data["prometheus.yml"]', value(SCRAPE)), ('ConfigMap/metrics-config data["scrape.yml"]', GONE)],
        [(c("Deployment", "metrics", "prometheus", "args[0]"), value("--config.file=/etc/prometheus/scrape.yml"))],
        [('ConfigMap/metrics-config data["prometheus.yml"]', value(SCRAPE))]),
    path="monitoring")

# 3 ── Helm, Argo CD: values that "the chart has anyway", one of which it has otherwise
scenario("values-diet", "argocd", {
    "charts/ledger/Chart.yaml": "apiVersion: v2\nname: ledger\nversion: 4.0.2\n",
    "charts/ledger/values.yaml": text("""
        image:
          repository: acme/ledger
          tag: 3.1.3
        replicas: 1
        gateway: https://gateway.example/v2
        env: {}
        probes:
          path: /actuator/health
          startup:
            periodSeconds: 3
            failureThreshold: 4
          readiness:
            periodSeconds: 5
        resources:
          requests:
            cpu: 10m
            memory: 24Mi
          limits:
            memory: 96Mi
    """),
    "charts/ledger/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: ledger
          labels:
            helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 100
          selector:
            matchLabels:
              app: ledger
          template:
            metadata:
              labels:
                app: ledger
            spec:
              terminationGracePeriodSeconds: 5
              containers:
                - name: ledger
                  image: {{ .Values.image.repository }}:{{ .Values.image.tag }}
                  env:
                    - name: LEDGER_GATEWAY_URL
                      value: {{ .Values.gateway }}
                    {{- range $name, $value := .Values.env }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                  ports:
                    - name: http
                      containerPort: 8080
                  startupProbe:
                    httpGet:
                      path: {{ .Values.probes.path }}/liveness
                      port: http
                    {{- toYaml .Values.probes.startup | nindent 12 }}
                  livenessProbe:
                    httpGet:
                      path: {{ .Values.probes.path }}/liveness
                      port: http
                  readinessProbe:
                    httpGet:
                      path: {{ .Values.probes.path }}/readiness
                      port: http
                    {{- toYaml .Values.probes.readiness | nindent 12 }}
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
    """),
    "charts/ledger/templates/service.yaml": dump(service("ledger")),
    "environments/prod/values.yaml": text("""
        image:
          tag: 3.1.3
        replicas: 1
        gateway: https://gateway.example/v2
        env:
          START_SECONDS: "24"     # reads the open accounts
          LEDGER_BATCH_SIZE: "50"
        probes:
          startup:
            periodSeconds: 3
            failureThreshold: 30
          readiness:
            periodSeconds: 5
        resources:
          limits:
            memory: 128Mi
    """),
}, ["ledger 3.1.4, batches of 200; leave out of the values what the chart has anyway",
    ["environments/prod/values.yaml", "  tag: 3.1.3\nreplicas: 1\ngateway: https://gateway.example/v2\n", "  tag: 3.1.4\n"],
    ["environments/prod/values.yaml", 'BATCH_SIZE: "50"', 'BATCH_SIZE: "200"'],
    ["environments/prod/values.yaml", "probes:\n  startup:\n    periodSeconds: 3\n    failureThreshold: 30\n  readiness:\n    periodSeconds: 5\n", ""]],
    "the ledger needs about 25 s to start; the startup probe had 30 × 3 s from the values, the chart's default is 4 × 3 s: killed before it listens",
    expected=expect("startup-probe startup", [(c("Deployment", "ledger", "ledger", "startupProbe.failureThreshold"), at_least("10"))]),
    path="charts/ledger", source={"helm": {"valueFiles": ["../../environments/prod/values.yaml"]}})

# 4 ── Kustomize, Flux: a Service moves to another port; one of its two callers is told, the other has the address in the live overlay
scenario("stock-on-8080", "flux", {
    "apps/stock/stock.yaml": dump(workload("Deployment", "stock", container("stock", "shop", image="acme/worker:1.4.1", resources=RES))),
    "apps/stock/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: stock
        spec:
          selector:
            app: stock
          ports:
            - name: http
              port: 80
              targetPort: http
    """),
    "apps/stock/kustomization.yaml": kustomization("stock.yaml", "service.yaml"),
    "apps/inventory/inventory.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: inventory
        spec:
          progressDeadlineSeconds: 90
          selector:
            matchLabels: {app: inventory}
          template:
            metadata:
              labels: {app: inventory}
            spec:
              containers:
                - name: server
                  image: acme/inventory
                  envFrom:
                    - configMapRef: {name: inventory-env}
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: inventory-env
        data:
          CACHE_TTL: 30s
    """),
    "apps/inventory/kustomization.yaml": kustomization("inventory.yaml"),
    "apps/replenishment/replenishment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: replenishment
        spec:
          progressDeadlineSeconds: 90
          selector:
            matchLabels: {app: replenishment}
          template:
            metadata:
              labels: {app: replenishment}
            spec:
              containers:
                - name: server
                  image: acme/inventory
                  env:
                    - name: STOCK_ADDR
                      value: stock:80
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
    """),
    "apps/replenishment/kustomization.yaml": kustomization("replenishment.yaml"),
    "clusters/live/kustomization.yaml": kustomization("../../apps/stock", "../../apps/inventory", "../../apps/replenishment", images=[{"name": "acme/inventory", "newTag": "1.9"}], patches=[{"path": "inventory-env.yaml"}]),
    "clusters/live/inventory-env.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: inventory-env
        data:
          CACHE_TTL: 5m
          STOCK_ADDR: stock:80
    """),
}, ["Inventory and replenishment 1.10; stock's Service on 8080 like the others",
    ["apps/stock/service.yaml", "port: 80\n", "port: 8080\n"],
    ["apps/replenishment/replenishment.yaml", "value: stock:80\n", "value: stock:8080\n"],
    ["clusters/live/kustomization.yaml", "newTag: '1.9'", "newTag: '1.10'"],
    ["clusters/live/inventory-env.yaml", "CACHE_TTL: 5m", "CACHE_TTL: 2m"]],
    "Service stock listens on 8080 now, replenishment was told, inventory's STOCK_ADDR in the live overlay is still stock:80",
    expected=expect("dependency-address", [("ConfigMap/inventory-env data.STOCK_ADDR", value("stock:8080"))]),
    path="clusters/live")

# 5 ── Kustomize component, Flux: the migration looks where the vendor's image has its files
scenario("migrations-elsewhere", "flux", {
    "components/schema/job.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: schema
          annotations:
            kustomize.toolkit.fluxcd.io/force: enabled
        spec:
          backoffLimit: 1
          template:
            metadata:
              labels:
                app: schema
            spec:
              restartPolicy: Never
              containers:
                - name: flyway
                  image: acme/schema
                  env:
                    - name: FLYWAY_URL
                      value: jdbc:postgresql://10.20.0.5/ledger
                    - name: FLYWAY_USER
                      value: ledger
                    - name: FLYWAY_LOCATIONS
                      value: filesystem:/app/sql
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 64Mi}
    """),
    "components/schema/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources:\n  - job.yaml\n",
    "ledger/base/deployment.yaml": dump(workload("Deployment", "ledger", container("ledger", "java", image="acme/ledger", resources=RES))),
    "ledger/base/service.yaml": dump(service("ledger")),
    "ledger/base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "ledger/test/kustomization.yaml": kustomization("../base", components=["../../components/schema"], images=[{"name": "acme/ledger", "newTag": "3.1.4"}, {"name": "acme/schema", "newTag": "22"}]),
    "ledger/live/kustomization.yaml": kustomization("../base", components=["../../components/schema"], images=[{"name": "acme/ledger", "newTag": "3.1.3"}, {"name": "acme/schema", "newTag": "22"}]),
}, [{"subject": "Schema: settings as in Flyway's manual, wait for locks", "edit": [
        ["components/schema/job.yaml", "value: filesystem:/app/sql\n", "value: filesystem:/flyway/sql\n            - name: FLYWAY_LOCK_RETRY_COUNT\n              value: \"60\"\n"]]},
    {"subject": "ledger 3.1.4 live, schema 23", "wait": 30, "edit": [
        ["ledger/live/kustomization.yaml", "newTag: 3.1.3", "newTag: 3.1.4"], ["ledger/live/kustomization.yaml", "newTag: '22'", "newTag: '23'"]]}],
    "the component's Job looks for migrations in /flyway/sql, which the image does not have; they are in /app/sql",
    expected=expect("job-failed crash-on-start", [(c("Job", "schema", "flyway", "env[name=FLYWAY_LOCATIONS].value"), BEFORE)]),
    path="ledger/live")

# 6 ── Kustomize, Argo CD: a shell that the small image does not have
scenario("no-such-shell", "argocd", {
    "base/tickets.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: tickets
        spec:
          progressDeadlineSeconds: 75
          selector:
            matchLabels:
              app: tickets
          template:
            metadata:
              labels:
                app: tickets
            spec:
              containers:
                - name: php
                  image: acme/tickets
                  env:
                    - name: APP_KEY
                      value: base64:only-for-tests
                    - name: LOG_CHANNEL
                      value: stderr
                  ports:
                    - name: http
                      containerPort: 8080
                  readinessProbe:
                    httpGet:
                      path: /up
                      port: http
                    periodSeconds: 5
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  volumeMounts:
                    - name: storage
                      mountPath: /data
              volumes:
                - name: storage
                  emptyDir: {}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: tickets
        spec:
          selector:
            app: tickets
          ports:
            - name: http
              port: 80
              targetPort: http
    """),
    "base/kustomization.yaml": kustomization("tickets.yaml"),
    "prod/kustomization.yaml": kustomization("../base", images=[{"name": "acme/tickets", "newTag": "11.3.0"}], patches=[{"path": "storage.yaml"}]),
    "prod/storage.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: tickets
        spec:
          template:
            spec:
              initContainers:
                - name: prepare-storage
                  image: busybox:1.36
                  command:
                    - sh
                    - -c
                    - chown -R 1000:1000 /data
                  resources:
                    requests: {cpu: 10m, memory: 8Mi}
                    limits: {memory: 32Mi}
                  volumeMounts:
                    - name: storage
                      mountPath: /data
    """),
}, ["tickets 11.3.1 needs its cache folders",
    ["prod/kustomization.yaml", "newTag: 11.3.0", "newTag: 11.3.1"],
    ["prod/storage.yaml", "            - sh\n            - -c\n            - chown -R 1000:1000 /data\n", "            - bash\n            - -ec\n            - mkdir -p /data/framework/cache /data/framework/views; chown -R 1000:1000 /data\n"]],
    "the init container's image busybox has sh, but no bash",
    expected=expect("command-not-found",
        [(c("Deployment", "tickets", "prepare-storage", "command[0]", init=True), value("sh"))],
        [(c("Deployment", "tickets", "prepare-storage", "command[0]", init=True), value("/bin/sh"))]),
    path="prod")

# 7 ── plain, Argo CD: without a limit of its own the namespace's default counts
scenario("namespace-default-limit", "argocd", {
    **one("limits", {"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "defaults"}, "spec": {"limits": [{"type": "Container", "default": {"memory": "64Mi"}, "defaultRequest": {"memory": "24Mi", "cpu": "10m"}}]}}),
    **one("media", workload("Deployment", "media", container("media", "shop", image="acme/catalog:1.4.1", env={"CACHE_MB": "96"},
        resources={"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "160Mi"}})), service("media")),
    **one("upload", workload("Deployment", "upload", container("upload", "shop", image="acme/payments:1.4.1",
        resources={"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}})), service("upload")),
}, ["media and upload 1.4.2; leave limits to the namespace's defaults",
    ["deploy/media.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"],
    ["deploy/media.yaml", "replicas: 1", "replicas: 2"],
    ["deploy/media.yaml", "          limits:\n            memory: 160Mi\n", ""],
    ["deploy/upload.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"],
    ["deploy/upload.yaml", "          limits:\n            memory: 64Mi\n", ""]],
    "the LimitRange's default is 64Mi, media holds 96 MB of cache and had 160Mi: OOMKilled; upload is content with 64Mi",
    expected=expect("out-of-memory",
        [(c("Deployment", "media", "media", "resources.limits.memory"), at_least("112Mi"))],
        [(c("Deployment", "media", "media", "resources.limits"), BEFORE)]))

# 8 ── Kustomize, Flux: a key gets the variable's name; the live overlay's second Deployment still asks for the old one
scenario("key-of-the-export", "flux", {
    "reports/base/web.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: reports
        spec:
          progressDeadlineSeconds: 90
          selector:
            matchLabels: {app: reports}
          template:
            metadata:
              labels: {app: reports}
            spec:
              containers:
                - name: gunicorn
                  image: acme/reports
                  args: ["reports.wsgi:application", "--bind", "0.0.0.0:8000"]
                  env:
                    - name: REDIS_URL
                      valueFrom: {configMapKeyRef: {name: reports-env, key: CACHE_URL}}
                    - name: WEB_CONCURRENCY
                      valueFrom: {configMapKeyRef: {name: reports-env, key: WORKERS}}
                  ports:
                    - {name: http, containerPort: 8000}
                  readinessProbe:
                    httpGet: {path: /ready, port: http}
                    periodSeconds: 5
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
    """),
    "reports/base/service.yaml": dump(service("reports")),
    "reports/base/reports.env": "CACHE_URL=redis://10.20.0.7:6379/0\nWORKERS=2\n",
    "reports/base/kustomization.yaml": kustomization("web.yaml", "service.yaml", configMapGenerator=[{"name": "reports-env", "envs": ["reports.env"]}]),
    "reports/live/export.yaml": text("""
        # writes the nightly files for accounting, only here
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: reports-export
        spec:
          progressDeadlineSeconds: 90
          selector:
            matchLabels: {app: reports-export}
          template:
            metadata:
              labels: {app: reports-export}
            spec:
              containers:
                - name: gunicorn
                  image: acme/reports
                  args: ["reports.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "1"]
                  env:
                    - name: REDIS_URL
                      valueFrom: {configMapKeyRef: {name: reports-env, key: CACHE_URL}}
                    - name: EXPORT_FORMAT
                      value: csv
                  ports:
                    - {name: http, containerPort: 8000}
                  readinessProbe:
                    httpGet: {path: /ready, port: http}
                    periodSeconds: 5
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
    """),
    "reports/live/kustomization.yaml": kustomization("../base", "export.yaml", images=[{"name": "acme/reports", "newTag": "5.0.2"}]),
}, ["reports 5.0.3: call the settings what the program calls them",
    ["reports/base/reports.env", "CACHE_URL=redis://10.20.0.7:6379/0\nWORKERS=2\n", "REDIS_URL=redis://10.20.0.7:6379/0\nWEB_CONCURRENCY=3\n"],
    ["reports/base/web.yaml", "key: CACHE_URL", "key: REDIS_URL"],
    ["reports/base/web.yaml", "key: WORKERS", "key: WEB_CONCURRENCY"],
    ["reports/live/export.yaml", "value: csv", "value: xlsx"],
    ["reports/live/kustomization.yaml", "newTag: 5.0.2", "newTag: 5.0.3"]],
    "the generated ConfigMap's key CACHE_URL is REDIS_URL now; reports-export in the live overlay still reads CACHE_URL",
    expected=expect("config-key-missing", [(c("Deployment", "reports-export", "gunicorn", "env[name=REDIS_URL].valueFrom.configMapKeyRef.key"), value("REDIS_URL"))]),
    path="reports/live")

# 9 ── Helm, Argo CD: the ConfigMap follows the full name, the volume the release's
scenario("full-name", "argocd", {
    "chart/Chart.yaml": "apiVersion: v2\nname: portal\nversion: 0.8.1\n",
    "chart/values.yaml": text("""
        fullnameOverride: ""
        image: {repository: acme/portal, tag: 2.0.0}
        trial: false
        limits:
          uploadMb: 5
          pages: 40
    """),
    "chart/templates/_helpers.tpl": '{{- define "portal.fullname" -}}\n{{ default .Release.Name .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}\n{{- end }}\n',
    "chart/templates/configmap.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ include "portal.fullname" . }}-limits
        data:
          limits.json: |
            {
              "uploadMb": {{ .Values.limits.uploadMb }},
              "pages": {{ .Values.limits.pages }}
            }
    """),
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ include "portal.fullname" . }}
        spec:
          progressDeadlineSeconds: 80
          selector:
            matchLabels:
              app: {{ include "portal.fullname" . }}
          template:
            metadata:
              labels:
                app: {{ include "portal.fullname" . }}
            spec:
              containers:
                - name: portal
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  env:
                    - name: SESSION_STORE
                      value: memory
                    - name: FEATURE_TRIAL
                      value: {{ .Values.trial | quote }}
                    - name: LIMITS_FILE
                      value: /etc/portal/limits.json
                  ports:
                    - name: http
                      containerPort: 4000
                  readinessProbe:
                    httpGet:
                      path: /health
                      port: http
                    periodSeconds: 4
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  volumeMounts:
                    - name: limits
                      mountPath: /etc/portal
              volumes:
                - name: limits
                  configMap:
                    name: {{ .Release.Name }}-limits
    """),
    "chart/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ include "portal.fullname" . }}
        spec:
          selector:
            app: {{ include "portal.fullname" . }}
          ports:
            - name: http
              port: 80
              targetPort: http
    """),
    "values/prod.yaml": "image:\n  tag: 2.0.0\nlimits:\n  pages: 60\n",
}, ["portal 2.0.1 under its plain name, trial on",
    ["values/prod.yaml", "image:\n  tag: 2.0.0\nlimits:\n", "fullnameOverride: portal\nimage:\n  tag: 2.0.1\ntrial: true\nlimits:\n"]],
    "with fullnameOverride the ConfigMap is portal-limits, but the chart's volume takes the release's name: portal-prod-limits is not found",
    expected=expect("config-missing volume-mount", [(pod("Deployment", "portal", "volumes[name=limits].configMap.name"), value("portal-limits"))]),
    path="chart", source={"helm": {"releaseName": "portal-prod", "valueFiles": ["../values/prod.yaml"]}})

# 10 ── plain, Argo CD: the cache moves to another port, the command of its liveness probe does not
PING = "wget -q -T 2 -O /dev/null http://127.0.0.1:{}/ping"
scenario("cache-on-6380", "argocd", {
    **one("redis/statefulset", {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "session-cache"}, "spec": {
        "serviceName": "session-cache", "replicas": 1, "selector": {"matchLabels": {"app": "session-cache"}}, "template": {"metadata": {"labels": {"app": "session-cache"}}, "spec": {
            "containers": [{"name": "redis", "image": "acme/cache:7.4.1", "args": ["/etc/redis/redis.conf"], "ports": [{"name": "redis", "containerPort": 6379}], "resources": RES,
                            "livenessProbe": {"exec": {"command": ["sh", "-c", PING.format(6379)]}, "initialDelaySeconds": 5, "periodSeconds": 5, "timeoutSeconds": 3},
                            "readinessProbe": {"tcpSocket": {"port": "redis"}, "periodSeconds": 4},
                            "volumeMounts": [{"name": "conf", "mountPath": "/etc/redis"}]}],
            "volumes": [{"name": "conf", "configMap": {"name": "session-cache"}}]}}}}),
    "deploy/redis/config.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: session-cache
        data:
          redis.conf: |
            port 6379
            maxmemory 48mb
            maxmemory-policy allkeys-lru
            save ""
    """),
    **one("redis/service", service("session-cache", target="redis", port=6379)),
    **one("shop", workload("Deployment", "shop", container("shop", "shop", image="acme/checkout:1.4.2", env={"SESSION_PORT": "6379"}, resources=RES))),
}, ["session-cache 7.4.2 on 6380, 6379 stays with the shared Redis; 64 MB",
    ["deploy/redis/config.yaml", "    port 6379\n    maxmemory 48mb\n", "    port 6380\n    maxmemory 64mb\n"],
    ["deploy/redis/statefulset.yaml", "acme/cache:7.4.1", "acme/cache:7.4.2"],
    ["deploy/redis/statefulset.yaml", "containerPort: 6379", "containerPort: 6380"],
    ["deploy/redis/service.yaml", "port: 6379", "port: 6380"],
    ["deploy/shop.yaml", "value: '6379'", "value: '6380'"]],
    "Redis listens on 6380, the liveness probe's command asks 6379: restarted again and again",
    expected=expect("liveness-probe liveness", [(c("StatefulSet", "session-cache", "redis", "livenessProbe.exec.command[2]"), value(PING.format(6380)))]),
    source={"directory": {"recurse": True}})

# 11 ── HelmRelease, Flux: the site moves below a path, its health does not
scenario("site-below-a-path", "flux", {
    "charts/conference/Chart.yaml": "apiVersion: v2\nname: conference\nversion: 1.2.0\n",
    "charts/conference/values.yaml": text("""
        image:
          repository: acme/conference
          tag: 1.18.0
        basePath: ""
        logLevel: info
        replicas: 1
    """),
    "charts/conference/templates/all.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 55
          selector:
            matchLabels: {app: {{ .Release.Name }}}
          template:
            metadata:
              labels: {app: {{ .Release.Name }}}
            spec:
              containers:
                - name: web
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  env:
                    - name: SECRET_KEY_BASE
                      value: only-for-tests
                    - name: LOG_LEVEL
                      value: {{ .Values.logLevel }}
                    - name: PHX_PATH
                      value: {{ .Values.basePath | default "/" | quote }}
                  ports:
                    - {name: http, containerPort: 4000}
                  livenessProbe:
                    httpGet: {path: /health, port: http}
                    initialDelaySeconds: 8
                  readinessProbe:
                    httpGet: {path: {{ .Values.basePath }}/health, port: http}
                    periodSeconds: 4
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
        spec:
          selector: {app: {{ .Release.Name }}}
          ports:
            - {name: http, port: 80, targetPort: http}
    """),
    "releases/conference.yaml": text("""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: conference
        spec:
          interval: 30s
          timeout: 75s
          chart:
            spec:
              chart: ./charts/conference
              reconcileStrategy: Revision
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
          values:
            image:
              tag: 1.18.0
            logLevel: info
    """),
}, ["conference 1.18.1 below /conf, fewer log lines",
    ["releases/conference.yaml", "      tag: 1.18.0\n    logLevel: info\n", "      tag: 1.18.1\n    basePath: /conf\n    logLevel: warning\n"]],
    "the chart puts basePath before the readiness probe's path: /conf/health answers 404; liveness asks /health and is content",
    expected=expect("readiness-probe readiness",
        [(c("Deployment", "conference", "web", "readinessProbe.httpGet.path"), BEFORE)],
        [(c("Deployment", "conference", "web", "readinessProbe.httpGet.path"), BEFORE), (c("Deployment", "conference", "web", "env[name=PHX_PATH].value"), BEFORE)]),
    path="releases")

# 12 ── HelmRelease, Flux, a first release: a variable by another name than the program's
scenario("billing-first-release", "flux", {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 2.3.0\ndescription: One web program with its Service\n",
    "charts/web/values.yaml": "image: {repository: \"\", tag: \"\"}\nport: 8080\nhealth: {live: /healthz, ready: /readyz}\nenv: {}\n",
    "charts/web/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          progressDeadlineSeconds: 60
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
            spec:
              containers:
                - name: web
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  env:
                    {{- range $name, $value := .Values.env }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                  ports:
                    - name: http
                      containerPort: {{ .Values.port }}
                  livenessProbe:
                    httpGet: {path: {{ .Values.health.live }}, port: http}
                    initialDelaySeconds: 10
                  readinessProbe:
                    httpGet: {path: {{ .Values.health.ready }}, port: http}
                    periodSeconds: 5
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
    """),
    "charts/web/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
        spec:
          selector:
            app: {{ .Release.Name }}
          ports:
            - name: http
              port: 80
              targetPort: http
    """),
    "releases/billing.yaml": text("""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: billing
        spec:
          interval: 30s
          timeout: 75s
          chart:
            spec:
              chart: ./charts/web
              reconcileStrategy: Revision
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
          values:
            image:
              repository: acme/billing
              tag: 2.8.0
            port: 8000
            health:
              live: /health
              ready: /ready
            env:
              DB_HOST: 10.20.0.5
              DB_NAME: billing
              DJANGO_SETTINGS_MODULE: billing.settings.production
              SECRET_KEY: only-for-tests
    """),
}, [], "the program asks for DATABASE_HOST, the values call it DB_HOST",
    expected=expect("crash-on-start",
        [(c("Deployment", "billing", "web", "env[name=DATABASE_HOST].value"), value("10.20.0.5")), (c("Deployment", "billing", "web", "env[name=DB_HOST]"), GONE)],
        [(c("Deployment", "billing", "web", "env[name=DATABASE_HOST].value"), value("10.20.0.5"))]),
    path="releases", never_worked=True)

# 13 ── for people. plain, Argo CD: the broker's password was changed by hand, the Secret is not in git
scenario("broker-password", "argocd", {
    **one("shipping", workload("Deployment", "shipping", {"name": "consumer", "image": "acme/shipping:3.9.0",
        "env": [{"name": "CONSUMER_BOOTSTRAP_SERVERS", "value": "10.20.0.9:9094"}, {"name": "CONSUMER_AUTO_OFFSET_RESET", "value": "earliest"}, {"name": "SASL_USERNAME", "value": "shipping"},
                {"name": "SASL_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "kafka-shipping", "key": "password"}}}],
        "ports": [{"name": "http", "containerPort": 8080}], "resources": RES, "readinessProbe": {"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 5}})),
    **one("service", service("shipping")),
}, ["shipping 3.9.1, new groups start at the end", ["deploy/shipping.yaml", "acme/shipping:3.9.0", "acme/shipping:3.9.1"], ["deploy/shipping.yaml", "value: earliest", "value: latest"]],
    "the password in Secret kafka-shipping, put there by hand, is not the broker's: its owner must set it; the commit did nothing wrong",
    answer=HUMAN, expected=expect("crash-on-start"),
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: kafka-shipping\n  annotations:\n    owner: messaging team, rotated each quarter\nstringData:\n  password: valid\n",
    then=[[-6, "kubectl -n $NAMESPACE patch secret kafka-shipping --type merge -p '{\"stringData\":{\"password\":\"only-for-tests-q4\"}}'"]])

# 14 ── for people. Kustomize, Flux: another team's Redis in the namespace, not in git, is scaled to zero
scenario("shared-redis-away", "flux", {
    "base/backoffice.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: backoffice
        spec:
          progressDeadlineSeconds: 80
          selector:
            matchLabels: {app: backoffice}
          template:
            metadata:
              labels: {app: backoffice}
            spec:
              containers:
                - name: puma
                  image: acme/backoffice
                  args: [server]
                  env:
                    - {name: SECRET_KEY_BASE, value: only-for-tests}
                    - {name: REDIS_URL, value: "redis://shared-redis:6379/2"}
                    - {name: RAILS_MAX_THREADS, value: "5"}
                  ports:
                    - {name: http, containerPort: 3000}
                  readinessProbe:
                    httpGet: {path: /up, port: http}
                    periodSeconds: 5
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
    """),
    "base/service.yaml": dump(service("backoffice")),
    "base/kustomization.yaml": kustomization("backoffice.yaml", "service.yaml"),
    "live/kustomization.yaml": kustomization("../base", images=[{"name": "acme/backoffice", "newTag": "7.2.0"}]),
}, ["backoffice 7.2.1, eight threads", ["live/kustomization.yaml", "newTag: 7.2.0", "newTag: 7.2.1"], ["base/backoffice.yaml", 'value: "5"', 'value: "8"']],
    "shared-redis, which the platform team runs outside of this repository, was scaled to zero: nothing in git changes that; the address is right",
    answer=HUMAN, expected=expect("dependency-address crash-on-start service-no-endpoints"), path="live",
    given=dump({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shared-redis", "annotations": {"owner": "platform team"}}, "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "shared-redis"}}, "template": {
        "metadata": {"labels": {"app": "shared-redis"}}, "spec": {"containers": [{"name": "redis", "image": "acme/cache:7.4.1", "ports": [{"name": "redis", "containerPort": 6379}], "resources": SMALL}]}}}},
        service("shared-redis", target="redis", port=6379)),
    then=[[-10, "kubectl -n $NAMESPACE scale deployment shared-redis --replicas=0"]])

# 15 ── nothing to do. Kustomize, Flux: the storefront starts before the catalogue has read its new index, and comes with the next try
scenario("catalog-reads-first", "flux", {
    "shop/catalog.yaml": dump(workload("Deployment", "catalog", container("catalog", "shop", image="acme/catalog", env={"START_SECONDS": "2"}, resources=RES,
        live={"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 60}), spec={"strategy": {"type": "Recreate"}}, deadline=300), service("catalog")),
    "shop/storefront.yaml": dump(workload("Deployment", "storefront", container("storefront", "node", image="acme/storefront", resources=RES,
        env={"CATALOG_HOST": "$(CATALOG_SERVICE_HOST)", "CATALOG_PORT": "80"}), deadline=300), service("storefront")),
    "shop/kustomization.yaml": kustomization("catalog.yaml", "storefront.yaml", images=[{"name": "acme/catalog", "newTag": "1.4.1"}, {"name": "acme/storefront", "newTag": "9.4.0"}]),
}, ["catalog 1.4.2 with the larger index, storefront 9.4.1",
    ["shop/catalog.yaml", "value: '2'", "value: '32'"],
    ["shop/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"], ["shop/kustomization.yaml", "newTag: 9.4.0", "newTag: 9.4.1"]],
    "catalog reads its index for half a minute, the new storefront stops until it answers: restarts, then healthy by itself",
    answer=NONE, expected=expect("healthy recovering"), path="shop", spec={"timeout": "3m"})

# 16 ── nothing to do. Kustomize, Argo CD: a warm-up well within what the startup probe allows
scenario("warm-up-in-time", "argocd", {
    "base/inventory.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: inventory
        spec:
          replicas: 2
          progressDeadlineSeconds: 400
          selector:
            matchLabels: {app: inventory}
          template:
            metadata:
              labels: {app: inventory}
            spec:
              terminationGracePeriodSeconds: 5
              containers:
                - name: server
                  image: acme/inventory
                  env:
                    - name: CACHE_TTL
                      value: 5m
                    - name: WARMUP_SECONDS
                      value: "3"
                  ports:
                    - {name: http, containerPort: 8080}
                  startupProbe:
                    httpGet: {path: /livez, port: http}
                    periodSeconds: 4
                    failureThreshold: 30
                  livenessProbe:
                    httpGet: {path: /livez, port: http}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
    """),
    "base/service.yaml": dump(service("inventory")),
    "base/kustomization.yaml": kustomization("inventory.yaml", "service.yaml"),
    "prod/kustomization.yaml": kustomization("../base", images=[{"name": "acme/inventory", "newTag": "1.9"}]),
}, ["inventory 1.10 warms its cache before it serves",
    ["base/inventory.yaml", 'value: "3"', 'value: "45"'], ["base/inventory.yaml", "value: 5m", "value: 10m"], ["prod/kustomization.yaml", "newTag: '1.9'", "newTag: '1.10'"]],
    "the warm-up takes 45 s, the startup probe allows 120: failed probes in the events, two slow pods one after the other, then healthy",
    answer=NONE, expected=expect("healthy recovering"), path="prod")


# What was expected, corrected in form after it was played: every rendered field that such a fix changes, as it is called there.
CORRECTED = {'stock-on-8080': None,
 'billing-first-release': {'class': ['crash-on-start'],
                           'fixes': [[{'field': 'Deployment/billing spec.template.spec.containers[name=web].env[name=DATABASE_HOST]',
                                       'to': {'value': {'name': 'DATABASE_HOST', 'value': '10.20.0.5'}}},
                                      {'field': 'Deployment/billing spec.template.spec.containers[name=web].env[name=DB_HOST]', 'to': 'gone'}],
                                     [{'field': 'Deployment/billing spec.template.spec.containers[name=web].env[name=DATABASE_HOST]',
                                       'to': {'value': {'name': 'DATABASE_HOST', 'value': '10.20.0.5'}}}]]}}
FOUND = {'stock-on-8080': {'cause': 'Service stock listens on 8080 now, inventory still asks port 80 only when it starts: its pods run on, nothing fails',
                   'answer': 'nothing to do'}}  # what really happened
for one in SCENARIOS:
    if one["id"] in CORRECTED:
        one["expected"] = CORRECTED[one["id"]]
    one.update(FOUND.get(one["id"], {}))
