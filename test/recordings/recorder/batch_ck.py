"""What programs say and need: settings, arguments, files, users, hooks and the addresses of their neighbours, in eight ecosystems."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(2180)

RES = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}
SMALL = {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}
BUDGET = lambda name: {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": name}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": name}}}}


def tags(**versions):
    return [{"name": f"acme/{name}", "newTag": tag} for name, tag in versions.items()]


def env(**variables):
    return [{"name": k, "value": v} for k, v in variables.items()]


def own(name, image, port, ready, **more):
    """A container of a program that kit.container does not know."""
    return {"name": name, "image": image, **more, "ports": [{"name": "http", "containerPort": port}], "resources": RES, "readinessProbe": {"httpGet": {"path": ready, "port": "http"}, "periodSeconds": 5}}


def release(name, chart, values, upgrade=None):
    return dump({"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": name}, "spec": {
        "interval": "30s", "timeout": "60s",
        "chart": {"spec": {"chart": chart, "reconcileStrategy": "Revision", "sourceRef": {"kind": "GitRepository", "name": "@NAME@", "namespace": "flux-system"}}},
        "install": {"remediation": {"retries": 1}}, **({"upgrade": upgrade} if upgrade else {}), "values": values}})


CHART_SERVICE = text("""
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
""")

# 1 ── Helm, Argo CD, JVM: a million in a values file is a float for Helm
scenario("ledger-bulk-posting", "argocd", {
    "chart/Chart.yaml": "apiVersion: v2\nname: ledger\nversion: 2.3.0\n",
    "chart/values.yaml": text("""
        image:
          repository: acme/ledger
          tag: 3.1.3
        replicas: 1
        ledger:
          gatewayUrl: ""
          batchSize: 50
        javaOptions: -XX:MaxRAMPercentage=70
        extraEnv: {}
        memory: 96Mi
    """),
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
          labels:
            app.kubernetes.io/name: ledger
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
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
                  env:
                    - name: JAVA_TOOL_OPTIONS
                      value: {{ .Values.javaOptions | quote }}
                    - name: LEDGER_GATEWAY_URL
                      value: {{ .Values.ledger.gatewayUrl | quote }}
                    - name: LEDGER_BATCH_SIZE
                      value: {{ .Values.ledger.batchSize | quote }}
                    {{- range $name, $value := .Values.extraEnv }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests:
                      cpu: 10m
                      memory: 24Mi
                    limits:
                      memory: {{ .Values.memory }}
                  readinessProbe:
                    httpGet:
                      path: /actuator/health/readiness
                      port: http
                    periodSeconds: 5
                  livenessProbe:
                    httpGet:
                      path: /actuator/health/liveness
                      port: http
                    initialDelaySeconds: 15
                    periodSeconds: 10
    """),
    "chart/templates/service.yaml": CHART_SERVICE,
    "env/live.yaml": text("""
        image:
          tag: 3.1.3
        replicas: 2
        ledger:
          gatewayUrl: https://gateway.example/v2
          batchSize: 250000   # postings per transaction
        extraEnv:
          LEDGER_CURRENCY: EUR
    """),
}, ["ledger 3.1.4: post a million lines at once at month's end, audit on",
    ["env/live.yaml", "tag: 3.1.3", "tag: 3.1.4"],
    ["env/live.yaml", "batchSize: 250000 ", "batchSize: 1000000 "],
    ["env/live.yaml", "  LEDGER_CURRENCY: EUR\n", "  LEDGER_CURRENCY: EUR\n  LEDGER_AUDIT: enabled\n"]],
    "Helm renders the number 1000000 of the values file as 1e+06 (250000 it still wrote out): the program cannot read it as an int",
    expected=expect("crash-on-start",
        [(c("Deployment", "ledger", "ledger", "env[name=LEDGER_BATCH_SIZE].value"), value("1000000"))],
        [(c("Deployment", "ledger", "ledger", "env[name=LEDGER_BATCH_SIZE].value"), BEFORE)]),
    path="chart", source={"helm": {"releaseName": "ledger", "valueFiles": ["../env/live.yaml"]}})

# 2 ── HelmRelease, Flux, redis: memory in the units of Kubernetes
REDIS = "port 6379\nbind 0.0.0.0\nprotected-mode no\ntcp-keepalive 300\ntimeout %s\nsave \"\"\nmaxmemory %s\nmaxmemory-policy %s\n"
scenario("basket-cache-size", "flux", {
    "charts/cache/Chart.yaml": "apiVersion: v2\nname: cache\nversion: 0.4.1\n",
    "charts/cache/values.yaml": text("""
        image: acme/cache:7.4.1
        maxmemory: 16mb
        policy: noeviction
        idleSeconds: 0
        resources:
          requests:
            cpu: 10m
            memory: 24Mi
          limits:
            memory: 48Mi
    """),
    "charts/cache/templates/config.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ .Release.Name }}-config
        data:
          redis.conf: |
            port 6379
            bind 0.0.0.0
            protected-mode no
            tcp-keepalive 300
            timeout {{ .Values.idleSeconds }}
            save ""
            maxmemory {{ .Values.maxmemory }}
            maxmemory-policy {{ .Values.policy }}
    """),
    "charts/cache/templates/cache.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: 1
          progressDeadlineSeconds: 90
          strategy:
            type: Recreate
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
            spec:
              containers:
                - name: redis
                  image: {{ .Values.image }}
                  args: [/etc/redis/redis.conf]
                  ports:
                    - name: http
                      containerPort: 6379
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  readinessProbe:
                    httpGet:
                      path: /ping
                      port: http
                    periodSeconds: 5
                  volumeMounts:
                    - name: config
                      mountPath: /etc/redis
              volumes:
                - name: config
                  configMap:
                    name: {{ .Release.Name }}-config
    """),
    "charts/cache/templates/service.yaml": CHART_SERVICE.replace("port: 80\n", "port: 6379\n"),
    "releases/basket-cache.yaml": release("basket-cache", "./charts/cache", {
        "image": "acme/cache:7.4.1", "maxmemory": "32mb", "policy": "allkeys-lru", "idleSeconds": 300,
        "resources": {"requests": {"cpu": "10m", "memory": "40Mi"}, "limits": {"memory": "64Mi"}}}),
}, ["basket-cache: half as much again, evict by frequency, 7.4.2",
    ["releases/basket-cache.yaml", "acme/cache:7.4.1", "acme/cache:7.4.2"],
    ["releases/basket-cache.yaml", "maxmemory: 32mb", "maxmemory: 48Mi"],
    ["releases/basket-cache.yaml", "allkeys-lru", "allkeys-lfu"],
    ["releases/basket-cache.yaml", "memory: 40Mi", "memory: 56Mi"],
    ["releases/basket-cache.yaml", "memory: 64Mi", "memory: 96Mi"]],
    "redis knows 48mb, not Kubernetes' 48Mi: FATAL CONFIG FILE ERROR at maxmemory",
    expected=expect("crash-on-start",
        [('ConfigMap/basket-cache-config data["redis.conf"]', value(REDIS % (300, "48mb", "allkeys-lfu")))],
        [('ConfigMap/basket-cache-config data["redis.conf"]', value(REDIS % (300, "48m", "allkeys-lfu")))],
        [('ConfigMap/basket-cache-config data["redis.conf"]', value(REDIS % (300, "32mb", "allkeys-lfu")))]),
    path="releases")

# 3 ── plain, Argo CD, .NET: the settings move into a ConfigMap, one of them under another name; more commits on top
scenario("carrier-settings-in-a-map", "argocd", {
    "deploy/shipments.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: shipments
          labels:
            app.kubernetes.io/name: shipments
        spec:
          replicas: 2
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: shipments
          template:
            metadata:
              labels:
                app: shipments
            spec:
              containers:
                - name: shipments
                  image: acme/shipments:9.0.1
                  env:
                    - name: ASPNETCORE_HTTP_PORTS
                      value: "8080"
                    - name: Carrier__BaseUrl
                      value: https://carrier.example/api/v3
                    - name: Carrier__TimeoutSeconds
                      value: "20"
                    - name: Logging__LogLevel__Default
                      value: Warning
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /health/ready, port: http}
                    periodSeconds: 5
                  livenessProbe:
                    httpGet: {path: /health/live, port: http}
                    initialDelaySeconds: 10
    """),
    **one("service", service("shipments"), BUDGET("shipments")),
    **one("labels", workload("Deployment", "label-printer", container("printer", "shop", image="acme/worker:1.4.1", env={"LABEL_FORMAT": "a6"}, resources=RES))),
}, [{"subject": "shipments 9.0.2, its settings in a ConfigMap; 40 s for the carrier", "edit": [
        ["deploy/shipments.yaml", "acme/shipments:9.0.1", "acme/shipments:9.0.2"],
        ["deploy/shipments.yaml", textwrap.indent(text("""
            env:
              - name: ASPNETCORE_HTTP_PORTS
                value: "8080"
              - name: Carrier__BaseUrl
                value: https://carrier.example/api/v3
              - name: Carrier__TimeoutSeconds
                value: "20"
              - name: Logging__LogLevel__Default
                value: Warning
        """), " " * 10), textwrap.indent(text("""
            env:
              - name: ASPNETCORE_HTTP_PORTS
                value: "8080"
            envFrom:
              - configMapRef:
                  name: shipments-settings
        """), " " * 10)],
        ["deploy/settings.yaml", None, text("""
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: shipments-settings
            data:
              Carrier_BaseUrl: https://carrier.example/api/v3
              Carrier__TimeoutSeconds: "40"
              Logging__LogLevel__Default: Warning
        """)]]},
    {"subject": "Labels on A5 for the new printer", "edit": [["deploy/labels.yaml", "value: a6", "value: a5"], ["deploy/labels.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"]], "wait": 50}],
    "the ConfigMap's key is Carrier_BaseUrl, the program reads Carrier__BaseUrl (as its neighbours are written): options validation fails",
    expected=expect("crash-on-start",
        [("ConfigMap/shipments-settings data.Carrier__BaseUrl", value("https://carrier.example/api/v3")), ("ConfigMap/shipments-settings data.Carrier_BaseUrl", GONE)],
        [("ConfigMap/shipments-settings data.Carrier__BaseUrl", value("https://carrier.example/api/v3"))],
        [(c("Deployment", "shipments", "shipments", "env[name=Carrier__BaseUrl].value"), value("https://carrier.example/api/v3"))]))

# 4 ── Kustomize, Argo CD, Rails: the store gets another name, one who waits for it keeps the old
WAIT = ('for i in 1 2 3 4 5 6 7 8; do nc -w 2 "$REDIS_HOST" 6379 -e /bin/true && echo "redis answers at $REDIS_HOST" && exit 0; '
        'echo "waiting for redis at $REDIS_HOST:6379 ($i/8)"; sleep 2; done; echo "redis did not answer, giving up"; exit 1')
RAILS = env(SECRET_KEY_BASE="only-for-tests", REDIS_URL="redis://$(REDIS_SERVICE_HOST):6379/0", RAILS_MAX_THREADS="5")
scenario("redis-is-called-sessions", "argocd", {
    "base/redis.yaml": dump(workload("Deployment", "redis", container("redis", "redis", image="acme/cache", resources=RES)), service("redis", port=6379)),
    "base/web.yaml": dump(workload("Deployment", "backoffice", own("rails", "acme/backoffice", 3000, "/up", args=["server"], env=RAILS), replicas=2), service("backoffice")),
    "base/jobs.yaml": dump(workload("Deployment", "backoffice-jobs", own("sidekiq", "acme/backoffice", 7433, "/up", args=["sidekiq"], env=env(SECRET_KEY_BASE="only-for-tests", REDIS_URL="redis://$(REDIS_SERVICE_HOST):6379/0")),
        pod={"initContainers": [{"name": "wait-for-redis", "image": "busybox:1.37", "command": ["sh", "-c", WAIT], "env": env(REDIS_HOST="$(REDIS_SERVICE_HOST)"), "resources": SMALL}]})),
    "base/kustomization.yaml": kustomization("redis.yaml", "web.yaml", "jobs.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(backoffice="7.2.0", cache="7.4.1")),
}, ["The store is called sessions now, a second one for jobs will follow; backoffice 7.2.1",
    ["base/redis.yaml", "name: redis\n", "name: sessions\n"],
    ["base/redis.yaml", "app: redis\n", "app: sessions\n"],
    ["base/web.yaml", "$(REDIS_SERVICE_HOST)", "$(SESSIONS_SERVICE_HOST)"],
    ["base/web.yaml", "value: '5'", "value: '8'"],
    ["base/jobs.yaml", "redis://$(REDIS_SERVICE_HOST)", "redis://$(SESSIONS_SERVICE_HOST)"],
    ["overlays/live/kustomization.yaml", "newTag: 7.2.0", "newTag: 7.2.1"]],
    "the init container of backoffice-jobs still waits at $(REDIS_SERVICE_HOST), the Service is sessions now: the variable does not exist, the name stays unresolved",
    expected=expect("dependency-address crash-on-start", [(c("Deployment", "backoffice-jobs", "wait-for-redis", "env[name=REDIS_HOST].value", init=True), value("$(SESSIONS_SERVICE_HOST)"))]),
    path="overlays/live")

# 5 ── Kustomize, Flux, Python: the base mounts the cache elsewhere, an overlay names the old place
CACHE = lambda place, workers: text(f"""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: reports
    spec:
      template:
        spec:
          containers:
            - name: reports
              env:
                - name: CACHE_DIR
                  value: {place}
                - name: WEB_CONCURRENCY
                  value: "{workers}"
""")
scenario("cache-has-its-own-place", "flux", {
    "base/reports.yaml": dump(workload("Deployment", "reports", container("reports", "python", image="acme/reports", resources=RES, args=["reports.wsgi:application", "--bind", "0.0.0.0:8000"],
        securityContext={"readOnlyRootFilesystem": True}, volumeMounts=[{"name": "tmp", "mountPath": "/tmp"}, {"name": "cache", "mountPath": "/var/cache/reports"}]),
        pod={"volumes": [{"name": "tmp", "emptyDir": {}}, {"name": "cache", "emptyDir": {"sizeLimit": "128Mi"}}]}), service("reports")),
    "base/nightly.yaml": dump(workload("CronJob", "reports-nightly", {"name": "nightly", "image": "busybox:1.37", "command": ["sh", "-c", "echo nightly reports queued"], "resources": SMALL}, spec={"schedule": "20 2 * * *"})),
    "base/kustomization.yaml": kustomization("reports.yaml", "nightly.yaml"),
    "overlays/staging/kustomization.yaml": kustomization("../../base", images=tags(reports="5.0.2"), patches=[{"path": "settings.yaml"}]),
    "overlays/staging/settings.yaml": CACHE("/var/cache/reports", 1),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(reports="5.0.2"), replicas=[{"name": "reports", "count": 2}], patches=[{"path": "settings.yaml"}]),
    "overlays/live/settings.yaml": CACHE("/var/cache/reports", 2),
}, [{"subject": "Mount the cache at /cache like in the other services, 256 MB of it", "edit": [
        ["base/reports.yaml", "mountPath: /var/cache/reports", "mountPath: /cache"],
        ["base/reports.yaml", "sizeLimit: 128Mi", "sizeLimit: 256Mi"],
        ["overlays/staging/settings.yaml", "value: /var/cache/reports", "value: /cache"]]},
    {"subject": "reports 5.0.3 to staging and live, three workers", "edit": [
        ["overlays/staging/kustomization.yaml", "newTag: 5.0.2", "newTag: 5.0.3"],
        ["overlays/live/kustomization.yaml", "newTag: 5.0.2", "newTag: 5.0.3"],
        ["overlays/live/settings.yaml", 'value: "2"', 'value: "3"']], "wait": 40}],
    "the base mounts the volume at /cache now (staging followed), the live overlay's CACHE_DIR is still /var/cache/reports: no such directory, workers do not boot",
    expected=expect("crash-on-start volume-mount",
        [(c("Deployment", "reports", "reports", "env[name=CACHE_DIR].value"), value("/cache"))],
        [(c("Deployment", "reports", "reports", "volumeMounts[name=cache].mountPath"), BEFORE)]),
    path="overlays/live")

# 6 ── Kustomize component, Argo CD, PHP: another user than the one who owns the files
scenario("same-user-everywhere", "argocd", {
    "base/tickets.yaml": dump(workload("Deployment", "tickets", own("php", "acme/tickets", 8080, "/up", env=env(APP_KEY="base64:b25seS1mb3ItdGVzdHM=", LOG_CHANNEL="single")), replicas=2), service("tickets")),
    "base/mailer.yaml": dump(workload("Deployment", "tickets-mailer", container("mailer", "ruby", image="acme/mailer", resources=RES))),
    "base/kustomization.yaml": kustomization("tickets.yaml", "mailer.yaml"),
    "components/hardened/kustomization.yaml": dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", "patches": [{"path": "user.yaml", "target": {"kind": "Deployment"}}]}, indented=True),
    "components/hardened/user.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: any
        spec:
          template:
            spec:
              securityContext:
                runAsNonRoot: true
                runAsUser: 1000
    """),
    "envs/live/kustomization.yaml": kustomization("../../base", components=["../../components/hardened"], images=tags(tickets="11.3.0", mailer="7.0.5")),
}, ["Web workloads run as www-data with the runtime's seccomp profile; tickets 11.3.1",
    ["components/hardened/user.yaml", "        runAsUser: 1000\n", "        runAsUser: 33\n        seccompProfile:\n          type: RuntimeDefault\n"],
    ["envs/live/kustomization.yaml", "newTag: 11.3.0", "newTag: 11.3.1"],
    ["base/tickets.yaml", "value: single", "value: daily"]],
    "the image's storage directory belongs to user 1000, as user 33 tickets cannot write its log there: crash (the mailer writes nothing)",
    expected=expect("crash-on-start",
        [(pod("Deployment", "tickets", "securityContext.runAsUser"), BEFORE), (pod("Deployment", "tickets-mailer", "securityContext.runAsUser"), BEFORE)],
        [(pod("Deployment", "tickets", "securityContext.runAsUser"), BEFORE)],
        [(c("Deployment", "tickets", "php", "securityContext.runAsUser"), value(1000))]),
    path="envs/live")

# 7 ── plain, Flux: a native sidecar on another port, its startup probe on the old one
scenario("gateway-on-its-own-port", "flux", {
    "deploy/statements.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: statements
          labels:
            app.kubernetes.io/name: statements
        spec:
          replicas: 2
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: statements
          template:
            metadata:
              labels:
                app: statements
            spec:
              initContainers:
                # outgoing calls of statements go through it
                - name: gateway
                  image: acme/gateway:3.2.1
                  restartPolicy: Always
                  args:
                    - --entrypoints.web.address=:8000
                    - --ping=true
                    - --log.level=INFO
                  ports:
                    - name: egress
                      containerPort: 8000
                  resources:
                    requests: {cpu: 5m, memory: 16Mi}
                    limits: {memory: 48Mi}
                  startupProbe:
                    httpGet:
                      path: /ping
                      port: 8000
                    periodSeconds: 3
                    failureThreshold: 5
              containers:
                - name: statements
                  image: acme/payments:1.4.1
                  args: [serve]
                  env:
                    - name: REQUIRED_ENV
                      value: GATEWAY_URL
                    - name: GATEWAY_URL
                      value: http://127.0.0.1:8000
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet:
                      path: /readyz
                      port: http
                    periodSeconds: 5
    """),
    **one("service", service("statements"), BUDGET("statements")),
}, ["statements: gateway 3.2.3 on 8600 with an access log, 8000 is for the debugger",
    ["deploy/statements.yaml", "acme/gateway:3.2.1", "acme/gateway:3.2.3"],
    ["deploy/statements.yaml", "--entrypoints.web.address=:8000\n", "--entrypoints.web.address=:8600\n            - --accesslog=true\n"],
    ["deploy/statements.yaml", "containerPort: 8000", "containerPort: 8600"],
    ["deploy/statements.yaml", "http://127.0.0.1:8000", "http://127.0.0.1:8600"],
    ["deploy/statements.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"]],
    "the sidecar listens on 8600, its startup probe asks 8000: it is restarted again and again, statements never starts",
    expected=expect("startup-probe startup liveness-probe",
        [(c("Deployment", "statements", "gateway", "startupProbe.httpGet.port", init=True), value(8600))],
        [(c("Deployment", "statements", "gateway", "startupProbe.httpGet.port", init=True), value("egress"))]))

# 8 ── HelmRelease, Flux: a value gets another name, the hook of the chart reads the old
ORDERS = "postgres://orders@10.20.0.9/orders"
scenario("postgres-url-in-values", "flux", {
    "charts/orders/Chart.yaml": "apiVersion: v2\nname: orders\nversion: 1.7.0\n",
    "charts/orders/values.yaml": "tag: 1.4.0\nreplicas: 1\ndatabaseUrl: \"\"\n",
    "charts/orders/templates/migrate.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: {{ .Release.Name }}-migrate
          annotations:
            helm.sh/hook: pre-install,pre-upgrade
            helm.sh/hook-delete-policy: before-hook-creation
        spec:
          backoffLimit: 1
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: migrate
                  image: acme/worker:{{ .Values.tag }}
                  args: [migrate]
                  env:
                    - name: DATABASE_URL
                      value: {{ .Values.databaseUrl | quote }}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
    """),
    "charts/orders/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
            spec:
              containers:
                - name: orders
                  image: acme/checkout:{{ .Values.tag }}
                  env:
                    - name: REQUIRED_ENV
                      value: DATABASE_URL
                    - name: DATABASE_URL
                      value: {{ .Values.databaseUrl | quote }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
    """),
    "charts/orders/templates/service.yaml": CHART_SERVICE,
    "releases/orders.yaml": release("orders", "./charts/orders", {"tag": "1.4.1", "replicas": 2, "databaseUrl": ORDERS}, upgrade={"remediation": {"retries": 1, "strategy": "rollback"}}),
}, ["orders 1.4.2 reads from the replica: databaseUrl becomes postgresUrl, replicaUrl beside it",
    ["charts/orders/Chart.yaml", "version: 1.7.0", "version: 1.8.0"],
    ["charts/orders/values.yaml", "databaseUrl: \"\"\n", "postgresUrl: \"\"\nreplicaUrl: \"\"\n"],
    ["charts/orders/templates/deployment.yaml", "              value: {{ .Values.databaseUrl | quote }}\n", "              value: {{ .Values.postgresUrl | quote }}\n            - name: DATABASE_REPLICA_URL\n              value: {{ .Values.replicaUrl | quote }}\n"],
    ["releases/orders.yaml", "databaseUrl: " + ORDERS, "postgresUrl: " + ORDERS + "\n    replicaUrl: postgres://orders@10.20.0.10/orders"],
    ["releases/orders.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "the chart's pre-upgrade hook still reads .Values.databaseUrl, which is postgresUrl now: the Job's DATABASE_URL is empty, the hook fails",
    expected=expect("job-failed helm-failed crash-on-start", [(c("Job", "orders-migrate", "migrate", "env[name=DATABASE_URL].value"), value(ORDERS))]),
    path="releases")

# 9 ── Kustomize, Argo CD, Python: a new Service gives its neighbours a variable that one of them reads otherwise
START = text("""
    #!/bin/sh
    # Looks for the rate cache before the API starts; it is elsewhere in some environments.
    host=${CACHE_HOST:-127.0.0.1} port=${CACHE_PORT:-6379}
    echo "INFO:     quotes $APP_VERSION, settings from the environment"
    echo "WARNING:  SENTRY_DSN is not set, errors are reported to the log only"
    case $port in
      *[!0-9]*)
        echo 'Traceback (most recent call last):'
        echo '  File "/app/quotes/__main__.py", line 7, in <module>'
        echo '    from quotes.rates import cache'
        echo '  File "/app/quotes/rates/cache.py", line 22, in <module>'
        echo '    pool = ConnectionPool(host=os.environ["CACHE_HOST"], port=int(os.environ.get("CACHE_PORT", "6379")))'
        echo '                                                              ~~~^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^'
        echo "ValueError: invalid literal for int() with base 10: '$port'"
        exit 1 ;;
    esac
    echo "INFO:     rate cache at $host:$port"
    exec /app/run
""")
scenario("a-cache-for-the-partner-feed", "argocd", {
    "base/quotes.yaml": dump(workload("Deployment", "quotes", container("quotes", "pydantic", image="acme/quotes", resources=RES, env={"CACHE_HOST": "10.20.0.7", "POOL_SIZE": "5"}, command=["sh", "/opt/quotes/start.sh"],
        volumeMounts=[{"name": "start", "mountPath": "/opt/quotes"}]), replicas=2, pod={"volumes": [{"name": "start", "configMap": {"name": "quotes-start"}}]}), service("quotes")),
    "base/start.yaml": dump(configmap("quotes-start", start__sh=START)),
    "base/feed.yaml": dump(workload("Deployment", "partner-feed", container("feed", "shop", image="acme/worker", resources=RES, env={"FEED_INTERVAL": "10m"}))),
    "base/kustomization.yaml": kustomization("quotes.yaml", "start.yaml", "feed.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(quotes="1.12.0", worker="1.4.1")),
}, ["A cache of its own for the partner feed; quotes 1.12.1, ten connections",
    ["base/cache.yaml", None, dump(workload("Deployment", "cache", container("redis", "redis", image="acme/cache:7.4.2", resources=RES)), service("cache", port=6379))],
    ["base/kustomization.yaml", "  - feed.yaml\n", "  - feed.yaml\n  - cache.yaml\n"],
    ["base/feed.yaml", "        - name: FEED_INTERVAL\n", "        - name: FEED_CACHE\n          value: $(CACHE_SERVICE_HOST):6379\n        - name: FEED_INTERVAL\n"],
    ["base/quotes.yaml", "value: '5'", "value: '10'"],
    ["overlays/live/kustomization.yaml", "newTag: 1.12.0", "newTag: 1.12.1"]],
    "the new Service cache makes Kubernetes set CACHE_PORT=tcp://… in every pod of the namespace; quotes reads that name as a number (6379 unless set)",
    expected=expect("crash-on-start",
        [(pod("Deployment", "quotes", "enableServiceLinks"), value(False))],
        [(c("Deployment", "quotes", "quotes", "env[name=CACHE_PORT].value"), value("6379"))],
        [(pod("Deployment", "quotes", "enableServiceLinks"), value(False)), (c("Deployment", "quotes", "quotes", "env[name=CACHE_PORT].value"), value("6379"))]),
    path="overlays/live")

# 10 ── Kustomize, Flux, Node: a hook after the start calls what the image does not have
POST = '"for i in 1 2 3 4 5 6 7 8 9 10; do wget -q -O /dev/null http://127.0.0.1:4000/health && exit 0; sleep 1; done; exit 1"'
scenario("portal-leaves-quietly", "flux", {
    "base/portal.yaml": dump(workload("Deployment", "portal", container("portal", "envalid", image="acme/portal", resources=RES, env={"FEATURE_TRIAL": "false"}), replicas=2), service("portal"), BUDGET("portal")),
    "base/limits.yaml": dump(workload("CronJob", "portal-sessions", {"name": "sessions", "image": "busybox:1.37", "command": ["sh", "-c", "echo expired sessions removed"], "resources": SMALL}, spec={"schedule": "40 * * * *"})),
    "base/kustomization.yaml": kustomization("portal.yaml", "limits.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(portal="2.0.0"), patches=[{"path": "lifecycle.yaml"}]),
    "overlays/live/lifecycle.yaml": text(f"""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: portal
        spec:
          template:
            spec:
              terminationGracePeriodSeconds: 20
              containers:
                - name: portal
                  lifecycle:
                    postStart:
                      exec:
                        command: [/bin/sh, -c, {POST}]
    """),
}, ["portal 2.0.1 ends its requests before it stops; warm up as in the other services, trial on",
    ["overlays/live/kustomization.yaml", "newTag: 2.0.0", "newTag: 2.0.1"],
    ["base/portal.yaml", "value: 'false'", "value: 'true'"],
    ["overlays/live/lifecycle.yaml", "terminationGracePeriodSeconds: 20", "terminationGracePeriodSeconds: 45"],
    ["overlays/live/lifecycle.yaml", f"command: [/bin/sh, -c, {POST}]\n",
     'command: [/bin/sh, -c, "curl -fsS --retry 10 --retry-connrefused --retry-delay 1 -o /dev/null http://127.0.0.1:4000/health"]\n            preStop:\n              exec:\n                command: [/bin/sh, -c, "sleep 5"]\n']],
    "the image has no curl (the hook used wget before): the postStart hook fails, the container is killed and started again",
    expected=expect("crash-on-start command-not-found", [(c("Deployment", "portal", "portal", "lifecycle.postStart.exec.command[2]"), BEFORE)]),
    path="overlays/live")

# 11 ── Helm, Argo CD, Python: a volume in memory whose size has lost its unit
scenario("statement-spool", "argocd", {
    "charts/exporter/Chart.yaml": "apiVersion: v2\nname: exporter\nversion: 0.9.2\n",
    "charts/exporter/values.yaml": "image: acme/quotes:1.12.0\nreplicas: 1\ndatabaseUrl: \"\"\npoolSize: \"5\"\nspool:\n  path: /spool\n  size: 16Mi\n",
    "charts/exporter/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
            spec:
              containers:
                - name: exporter
                  image: {{ .Values.image }}
                  env:
                    - name: DATABASE_URL
                      value: {{ .Values.databaseUrl }}
                    - name: POOL_SIZE
                      value: {{ .Values.poolSize | quote }}
                    - name: SPOOL
                      value: {{ .Values.spool.path }}
                  ports:
                    - name: http
                      containerPort: 8000
                  resources:
                    requests: {cpu: 10m, memory: 48Mi}
                    limits: {memory: 128Mi}
                  readinessProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 5
                  volumeMounts:
                    - name: spool
                      mountPath: {{ .Values.spool.path }}
              volumes:
                - name: spool
                  emptyDir:
                    medium: Memory
                    sizeLimit: {{ .Values.spool.size | quote }}
    """),
    "charts/exporter/templates/service.yaml": CHART_SERVICE,
    "values/common.yaml": "databaseUrl: postgresql://exporter@10.20.0.5/statements\nspool:\n  path: /spool\n",
    "values/live.yaml": "image: acme/quotes:1.12.0\nreplicas: 2\npoolSize: \"5\"\nspool:\n  size: 32Mi\n",
}, ["exporter 1.12.1: 64 MB of spool for the yearly statements, ten connections",
    ["values/live.yaml", "acme/quotes:1.12.0", "acme/quotes:1.12.1"],
    ["values/live.yaml", 'poolSize: "5"', 'poolSize: "10"'],
    ["values/live.yaml", "size: 32Mi", "size: 64"]],
    "the spool's size is 64 bytes, its unit Mi is missing: no space left on device",
    expected=expect("crash-on-start volume-mount",
        [(pod("Deployment", "exporter", "volumes[name=spool].emptyDir.sizeLimit"), value("64Mi"))],
        [(pod("Deployment", "exporter", "volumes[name=spool].emptyDir.sizeLimit"), at_least("32Mi"))]),
    path="charts/exporter", source={"helm": {"releaseName": "exporter", "valueFiles": ["../../values/common.yaml", "../../values/live.yaml"]}})

# 12 ── plain, Flux, Rust: a first release whose TOML has a duration without quotes
TOML = '# events of the shop to the warehouse\n[source]\nurl = "http://10.20.0.5:8080/events"\npoll_timeout = "20s"\nbatch = 500\n\n[sink]\nurl = "http://10.20.0.6:8080/load"\nwrite_timeout = "10s"\nflush_interval = %s\ncompress = true\n\n[server]\nport = 9300\n'
RELAY = text(r"""
    #!/bin/sh
    # relay: reads /etc/relay/relay.toml (or its first argument) and serves
    file=${1:-/etc/relay/relay.toml}
    say() { echo "$(date -u +%Y-%m-%dT%H:%M:%S).031Z $1 $2"; }
    say " INFO" "relay: starting relay 0.3.0 (x86_64-unknown-linux-musl)"
    say " WARN" "relay::telemetry: OTEL_EXPORTER_OTLP_ENDPOINT not set, traces are dropped"
    [ -r "$file" ] || { printf 'Error: failed to load %s\n\nCaused by:\n    No such file or directory (os error 2)\n' "$file"; exit 1; }
    wrong() { # COLUMN MESSAGE
      width=${#n}; gap=$(printf '%*s' "$width" '')
      printf 'Error: failed to load %s\n\nCaused by:\n    TOML parse error at line %s, column %s\n    %s |\n    %s | %s\n    %s |%*s\n    %s\n\nStack backtrace:\n   0: anyhow::error::<impl anyhow::Error>::msg\n   1: relay::config::load\n             at ./src/config.rs:58:9\n   2: relay::main\n             at ./src/main.rs:24:18\n' "$file" "$n" "$1" "$gap" "$n" "$line" "$gap" $(($1 + 1)) '^' "$2"
      exit 1
    }
    n=0 port=9300
    while IFS= read -r line || [ -n "$line" ]; do
      n=$((n + 1))
      case $line in ''|'#'*|'['*']') continue ;; esac
      key=${line%% = *} value=${line#* = } start=$((${#line} - ${#value} + 1))
      case $value in
        '"'*'"'|true|false) ;;
        *[!0-9]*) digits=$(echo "$value" | sed 's/[^0-9].*//'); wrong $((start + ${#digits})) 'expected newline, `#`' ;;
      esac
      case $key in
        *_timeout|*_interval) case $value in '"'*'"') ;; *) wrong $start "invalid type: integer \`$value\`, expected a duration such as \"5s\"" ;; esac ;;
        port) port=$value ;;
      esac
    done <"$file"
    say " INFO" "relay: listening on 0.0.0.0:$port"
    mkdir -p /tmp/www && echo ok >/tmp/www/healthz
    trap 'exit 0' TERM INT
    httpd -f -p "$port" -h /tmp/www & wait
""")
scenario("first-relay-release", "flux", {
    **one("relay", workload("Deployment", "relay", {"name": "relay", "image": "busybox:1.37", "command": ["sh", "/opt/relay/relay", "/etc/relay/relay.toml"], "ports": [{"name": "http", "containerPort": 9300}], "resources": SMALL,
        "readinessProbe": {"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 5}, "volumeMounts": [{"name": "program", "mountPath": "/opt/relay"}, {"name": "config", "mountPath": "/etc/relay"}]},
        pod={"volumes": [{"name": "program", "configMap": {"name": "relay-program"}}, {"name": "config", "configMap": {"name": "relay-config"}}]}), service("relay")),
    **one("program", configmap("relay-program", relay=RELAY)),
    **one("config", configmap("relay-config", relay__toml=TOML % "5s")),
    **one("warehouse", workload("Deployment", "warehouse-loader", container("loader", "shop", image="acme/worker:1.4.2", env={"LOAD_BATCH": "500"}, resources=RES))),
}, [], "flush_interval = 5s in relay.toml is no TOML: durations are strings in quotes, as poll_timeout and write_timeout are",
    expected=expect("crash-on-start", [('ConfigMap/relay-config data["relay.toml"]', value(TOML % '"5s"'))]),
    never_worked=True)

# 13 ── for people. Kustomize, Argo CD: a licence that is kept outside of git has run out
LICENCE = text("""
    #!/bin/sh
    # As the vendor's start script does it
    say() { echo "$(date -u '+%Y-%m-%d %H:%M:%S'),482 $1 [main] $2"; }
    say INFO  "com.routewise.planner.Bootstrap - Routewise Planner Server"
    say WARN  "com.routewise.planner.Bootstrap - No proxy configured, map updates go out directly"
    file=/licence/licence.properties
    number=$(sed -n 's/^number=//p' $file) customer=$(sed -n 's/^customer=//p' $file) expires=$(sed -n 's/^expires=//p' $file)
    say INFO  "com.routewise.licence.LicenceManager - Licence $number for '$customer', valid until $expires"
    if [ "$(date -u +%Y%m%d)" -gt "$(echo "$expires" | tr -d -)" ]; then
      say ERROR "com.routewise.planner.Bootstrap - Startup aborted"
      echo "com.routewise.licence.LicenceExpiredException: Licence $number expired on $expires. Contact sales@routewise.example to renew."
      printf '\tat com.routewise.licence.LicenceManager.verify(LicenceManager.java:118)\n\tat com.routewise.planner.Bootstrap.main(Bootstrap.java:46)\n'
      exit 78
    fi
""")
scenario("planner-for-the-new-depot", "argocd", {
    "base/planner.yaml": dump(workload("Deployment", "planner", container("planner", "shop", image="acme/catalog", env={"DEPOTS": "hamburg,leipzig", "CACHE_MB": "16"}, resources=RES), replicas=2,
        pod={"initContainers": [{"name": "licence", "image": "busybox:1.37", "command": ["sh", "/opt/planner/licence.sh"], "resources": SMALL, "volumeMounts": [{"name": "scripts", "mountPath": "/opt/planner"}, {"name": "licence", "mountPath": "/licence", "readOnly": True}]}],
             "volumes": [{"name": "scripts", "configMap": {"name": "planner-scripts"}}, {"name": "licence", "secret": {"secretName": "planner-licence"}}]}), service("planner")),
    "base/scripts.yaml": dump(configmap("planner-scripts", licence__sh=LICENCE)),
    "base/kustomization.yaml": kustomization("planner.yaml", "scripts.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(catalog="1.4.1")),
}, ["Plan for the depot in Ulm, too; planner 1.4.2",
    ["base/planner.yaml", "value: hamburg,leipzig", "value: hamburg,leipzig,ulm"],
    ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the vendor's licence in Secret planner-licence, which is not in git, has run out: somebody must get and store a new one; the commit only made new pods",
    answer=HUMAN, expected=expect("crash-on-start", ), path="overlays/live",
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: planner-licence\n  annotations:\n    owner: logistics team\nstringData:\n  licence.properties: |\n    number=RW-20113\n    customer=Acme Retail\n    expires=2031-12-31\n",
    then=[[-10, "kubectl -n $NAMESPACE patch secret planner-licence --type merge -p '{\"stringData\":{\"licence.properties\":\"number=RW-20113\\ncustomer=Acme Retail\\nexpires=2026-11-15\\n\"}}'"]])

# 14 ── for people. plain, Flux, JVM: the database beside it is stopped by those who run it
scenario("ledger-beside-its-database", "flux", {
    **one("ledger", workload("Deployment", "ledger", container("ledger", "java", image="acme/ledger:3.1.3", env={"SPRING_DATASOURCE_URL": "jdbc:postgresql://$(LEDGER_DB_SERVICE_HOST):5432/ledger", "LEDGER_BATCH_SIZE": "100"}, resources=RES,
        live={"httpGet": {"path": "/actuator/health/liveness", "port": "http"}, "initialDelaySeconds": 20, "periodSeconds": 10}), replicas=2), service("ledger"), BUDGET("ledger")),
    **one("closing", workload("CronJob", "ledger-closing", {"name": "closing", "image": "busybox:1.37", "command": ["sh", "-c", "echo day closed"], "resources": SMALL}, spec={"schedule": "55 22 * * *"})),
}, ["ledger 3.1.4, 200 postings a batch",
    ["deploy/ledger.yaml", "acme/ledger:3.1.3", "acme/ledger:3.1.4"],
    ["deploy/ledger.yaml", "value: '100'", "value: '200'"]],
    "ledger-db, which the database team runs by hand in this namespace, is scaled to 0 for their maintenance: its Service refuses connections; nothing in git is wrong",
    answer=HUMAN, expected=expect("dependency-address replicas-zero", ),
    given=dump(workload("Deployment", "ledger-db", container("postgres", "postgres", image="acme/postgres:16.4", resources=RES), meta={"annotations": {"owner": "database team"}}), service("ledger-db", port=5432)),
    then=[[-10, "kubectl -n $NAMESPACE annotate deployment/ledger-db maintenance='storage move, tonight' && kubectl -n $NAMESPACE scale deployment/ledger-db --replicas=0 && sleep 10"]])

# 15 ── nothing to do. Kustomize, Flux, JVM: a start that takes its time, within what its probe allows
SLOW = container("ledger", "java", image="acme/ledger", env={"START_SECONDS": "2"}, resources=RES, live={"httpGet": {"path": "/actuator/health/liveness", "port": "http"}, "periodSeconds": 10})
SLOW["startupProbe"] = {"httpGet": {"path": "/actuator/health/liveness", "port": "http"}, "periodSeconds": 5, "failureThreshold": 12}
scenario("balances-verified-at-start", "flux", {
    "base/ledger.yaml": dump(workload("Deployment", "ledger", SLOW, deadline=420), service("ledger")),
    "base/web.yaml": dump(workload("Deployment", "ledger-web", container("web", "shop", image="acme/checkout", resources=RES))),
    "base/kustomization.yaml": kustomization("ledger.yaml", "web.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(ledger="3.1.3", checkout="1.4.1")),
}, ["ledger 3.1.4 verifies the balances before it serves, about two minutes; five for the startup probe",
    ["base/ledger.yaml", "value: '2'", "value: '125'"],
    ["base/ledger.yaml", "failureThreshold: 12", "failureThreshold: 60"],
    ["overlays/live/kustomization.yaml", "newTag: 3.1.3", "newTag: 3.1.4"],
    ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the program needs about two minutes, its startup probe allows five: Flux's health check times out once or twice, then it is ready",
    answer=NONE, path="overlays/live")

# 16 ── nothing to do. plain, Argo CD, Node: a file that the agent beside it writes only after half a minute
AGENT = ('echo "==> Config agent started! Log data will stream in below:"; echo "[INFO]  agent.auth.handler: authenticating"; '
         'for i in 1 2 3 4 5; do echo "[WARN]  agent.template.server: lease not yet active, retrying in 5s (attempt $i)"; sleep 5; done; '
         r'''printf '{\n  "uploads": 20,\n  "sessions": 5\n}\n' >/rendered/limits.json; echo "[INFO]  agent.template.server: rendered => /rendered/limits.json"; '''
         'exec tail -f /dev/null')
scenario("limits-from-the-agent", "argocd", {
    **one("portal", workload("Deployment", "portal", container("portal", "envalid", image="acme/portal:2.0.0", resources=RES, env={"FEATURE_TRIAL": "false"}), deadline=400), service("portal")),
    **one("mailer", workload("Deployment", "mailer", container("mailer", "ruby", image="acme/mailer:7.0.5", resources=RES))),
}, ["portal 2.0.1 takes its limits from the config agent",
    ["deploy/portal.yaml", "acme/portal:2.0.0", "acme/portal:2.0.1"],
    ["deploy/portal.yaml", "        - name: FEATURE_TRIAL\n", "        - name: LIMITS_FILE\n          value: /rendered/limits.json\n        - name: FEATURE_TRIAL\n"],
    ["deploy/portal.yaml", "        resources:\n", "        volumeMounts:\n        - name: rendered\n          mountPath: /rendered\n        resources:\n"],
    ["deploy/portal.yaml", "      containers:\n", "      terminationGracePeriodSeconds: 10\n      volumes:\n      - name: rendered\n        emptyDir: {}\n      containers:\n" + textwrap.indent(
        dump([{"name": "config-agent", "image": "busybox:1.37", "command": ["sh", "-c", AGENT], "volumeMounts": [{"name": "rendered", "mountPath": "/rendered"}], "resources": SMALL}]), " " * 6)]],
    "portal exits until the agent has written limits.json, some 25 s after the start: two or three restarts, then healthy",
    answer=NONE)


# What was expected in another form than the rendered objects have it: new items and objects as a whole, and what else of a commit stays.
CORRECTED = {'carrier-settings-in-a-map': {'class': ['crash-on-start'],
                               'fixes': [[{'field': 'ConfigMap/shipments-settings data.Carrier__BaseUrl', 'to': {'value': 'https://carrier.example/api/v3'}},
                                          {'field': 'ConfigMap/shipments-settings data.Carrier_BaseUrl', 'to': 'gone'}],
                                         [{'field': 'ConfigMap/shipments-settings data.Carrier__BaseUrl', 'to': {'value': 'https://carrier.example/api/v3'}}],
                                         [{'field': 'Deployment/shipments spec.template.spec.containers[name=shipments].env[name=Carrier__BaseUrl]', 'to': 'any'}]]}}
for one in SCENARIOS:
    if one["id"] in CORRECTED:
        one["expected"] = CORRECTED[one["id"]]
