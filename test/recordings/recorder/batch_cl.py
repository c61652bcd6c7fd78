"""Out of the pager history of an SRE who trusts no robot: the obvious answer is wrong, or the plain revert loses what somebody needs."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(2196)

RES = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}
SMALL = {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}


def shop(name, image, env=None, **more):
    return container(name, "shop", image=image, env=env, resources=more.pop("resources", RES), **more)


def tags(**versions):
    return [{"name": f"acme/{name}", "newTag": tag} for name, tag in versions.items()]


def ready(path, port="http"):
    return {"httpGet": {"path": path, "port": port}, "periodSeconds": 3}


def meta(name, version="0.5.0"):
    return f"apiVersion: v2\nname: {name}\ndescription: {name} of team storefront\ntype: application\nversion: {version}\n"


# A chart as most teams have one: name, image, environment, probes and resources come from values.
APP = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Chart.Name }}
      labels:
        app.kubernetes.io/name: {{ .Chart.Name }}
        app.kubernetes.io/managed-by: {{ .Release.Service }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 90
      selector:
        matchLabels:
          app: {{ .Chart.Name }}
      template:
        metadata:
          labels:
            app: {{ .Chart.Name }}
        spec:
          containers:
            - name: {{ .Chart.Name }}
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
                  containerPort: {{ .Values.port }}
              resources:
                {{- toYaml .Values.resources | nindent 16 }}
              livenessProbe:
                httpGet:
                  path: {{ .Values.probes.live }}
                  port: http
                initialDelaySeconds: 8
              readinessProbe:
                httpGet:
                  path: {{ .Values.probes.ready }}
                  port: http
                periodSeconds: 5
""")
APP_SERVICE = text("""
    apiVersion: v1
    kind: Service
    metadata:
      name: {{ .Chart.Name }}
    spec:
      selector:
        app: {{ .Chart.Name }}
      ports:
        - name: http
          port: 80
          targetPort: http
""")


def chart(name, values, **templates):
    files = {"deployment": APP, "service": APP_SERVICE, **templates}
    return {"chart/Chart.yaml": meta(name), "chart/values.yaml": text(values), **{f"chart/templates/{file}.yaml": content for file, content in files.items()}}


def release(name, values, remediation):
    return {f"releases/{name}.yaml": text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 30s
          timeout: 60s
          releaseName: {name}
          chart:
            spec:
              chart: ./chart
              reconcileStrategy: Revision
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
          install:
            remediation:
              retries: 1
          upgrade:
            remediation: {remediation}
          values:
    """) + textwrap.indent(text(values), "    ")}


# 1 ── Helm, Flux: 160m is 0.16 bytes. Two commits, the first one did it
scenario("cache-of-96", "flux", {
    **chart("search", """
        image:
          repository: acme/catalog
          tag: 1.4.0
        replicas: 1
        port: 8080
        probes:
          live: /healthz
          ready: /readyz
        resources:
          requests:
            cpu: 10m
            memory: 24Mi
          limits:
            memory: 64Mi
        env: {}
    """),
    **release("search", """
        image:
          tag: 1.4.1
        env:
          CACHE_MB: "48"   # fills it at its start
          LANGUAGES: de,fr
        resources:
          requests:
            cpu: 20m
            memory: 64Mi
          limits:
            memory: 96Mi
    """, "{retries: 1, strategy: rollback}"),
}, [{"subject": "search: the whole index fits into a cache of 96 MB", "edit": [
        ["releases/search.yaml", 'CACHE_MB: "48"', 'CACHE_MB: "96"'],
        ["releases/search.yaml", "memory: 64Mi", "memory: 112Mi"],
        ["releases/search.yaml", "memory: 96Mi", "memory: 160m"]]},
    {"subject": "search 1.4.2, Italian", "wait": 40, "edit": [
        ["releases/search.yaml", "tag: 1.4.1", "tag: 1.4.2"],
        ["releases/search.yaml", "LANGUAGES: de,fr", "LANGUAGES: de,fr,it"]]}],
    "the memory limit is 160m (0.16 bytes) where 160Mi is meant: below the request, the API server refuses it. The limit of before (96Mi) is below the request too and too small for the new cache; the request is right",
    expected=expect("invalid-manifest helm-failed", [(c("Deployment", "search", "search", "resources.limits.memory"), at_least("112Mi"))]),
    path="releases")

# 2 ── Kustomize, Argo CD: the startup probe goes; a hotfix on top gives the wrong thing more time
STARTUP = "        startupProbe:\n          httpGet:\n            path: /healthz\n            port: http\n          periodSeconds: 3\n          failureThreshold: 30\n"
scenario("probes-of-the-guideline", "argocd", {
    "base/assortment.yaml": dump(workload("Deployment", "assortment", shop("assortment", "acme/catalog", {"START_SECONDS": "35", "PAGE_SIZE": "24"},
        live={"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 5, "failureThreshold": 3}, startupProbe={"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 3, "failureThreshold": 30}),
        deadline=150, pod={"terminationGracePeriodSeconds": 5})),
    "base/service.yaml": dump(service("assortment")),
    "base/kustomization.yaml": kustomization("assortment.yaml", "service.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(catalog="1.4.1")),
}, [{"subject": "assortment 1.4.2; probes as in the platform's guideline", "edit": [
        ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"],
        ["base/assortment.yaml", STARTUP, ""],
        ["base/assortment.yaml", "          periodSeconds: 5\n          failureThreshold: 3\n", "          initialDelaySeconds: 10\n          periodSeconds: 5\n          failureThreshold: 3\n"],
        ["base/assortment.yaml", "value: '24'", "value: '36'"]]},
    {"subject": "assortment: probes may take three seconds", "wait": 100, "edit": [
        ["base/assortment.yaml", "          failureThreshold: 3\n", "          failureThreshold: 3\n          timeoutSeconds: 3\n"]]}],
    "assortment needs 35 s to start; the startup probe that waited for it (90 s) was removed, liveness kills it after about 20 s. The hotfix (timeoutSeconds) does not help: nothing listens yet",
    expected=expect("liveness-probe liveness startup-probe",
        [(c("Deployment", "assortment", "assortment", "startupProbe"), BEFORE)],
        [(c("Deployment", "assortment", "assortment", "livenessProbe.initialDelaySeconds"), at_least("40"))],
        [(c("Deployment", "assortment", "assortment", "livenessProbe.failureThreshold"), at_least("8"))]),
    path="overlays/live")

# 3 ── Kustomize, Flux: two programs read PORT from the same ConfigMap, one was asked
FROM = [{"configMapRef": {"name": "defaults"}}]
scenario("port-for-the-router", "flux", {
    "base/defaults.yaml": dump(configmap("defaults", DATABASE_URL="postgresql://quotes@10.20.0.5/quotes", LOG_LEVEL="info")),
    "base/quotes.yaml": dump(workload("Deployment", "quotes", container("quotes", "pydantic", image="acme/quotes", env={"DATABASE_URL": None, "POOL_SIZE": "8"}, resources=RES, envFrom=FROM)), service("quotes")),
    "base/router.yaml": dump(workload("Deployment", "router", container("router", "router", image="acme/router", resources=RES, envFrom=FROM)), service("router")),
    "base/kustomization.yaml": kustomization("defaults.yaml", "quotes.yaml", "router.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(quotes="1.12.0", router="0.38.0")),
}, ["router 0.39.0 on 8081, 8080 is the mesh's from now on; quotes 1.12.1",
    ["base/defaults.yaml", "  LOG_LEVEL: info\n", "  LOG_LEVEL: info\n  PORT: '8081'\n"],
    ["base/router.yaml", "containerPort: 8080", "containerPort: 8081"],
    ["overlays/live/kustomization.yaml", "newTag: 1.12.0", "newTag: 1.12.1"],
    ["overlays/live/kustomization.yaml", "newTag: 0.38.0", "newTag: 0.39.0"]],
    "quotes reads the same ConfigMap: it listens on 8081 too, its port and probes are 8000. Just taking PORT back would break the router, whose port is 8081 now",
    expected=expect("readiness-probe readiness liveness-probe liveness",
        [(c("Deployment", "quotes", "quotes", "env[name=PORT].value"), value("8000"))],
        [(c("Deployment", "quotes", "quotes", "ports[name=http].containerPort"), value(8081))],
        [("ConfigMap/defaults data.PORT", GONE), (c("Deployment", "router", "router", "env[name=PORT].value"), value("8081"))]),
    path="overlays/live")

# 4 ── Helm, Argo CD: the values file has env twice, the last one counts
scenario("trial-accounts", "argocd", {
    **chart("portal", """
        image:
          repository: acme/portal
          tag: 2.0.0
        replicas: 1
        port: 4000
        probes:
          live: /health
          ready: /health
        resources:
          requests:
            cpu: 10m
            memory: 24Mi
          limits:
            memory: 64Mi
        env:
          LOG_LEVEL: info
    """),
    "env/live.yaml": text("""
        # live, see runbook portal-3
        image:
          tag: 2.0.0
        env:
          SESSION_STORE: redis
          SESSION_TTL: "3600"
          COOKIE_DOMAIN: shop.example
        replicas: 2
        resources:
          requests:
            cpu: 20m
            memory: 32Mi
          limits:
            memory: 96Mi
    """),
}, ["portal 2.0.1 with trial accounts",
    ["env/live.yaml", "  tag: 2.0.0\n", "  tag: 2.0.1\n"],
    ["env/live.yaml", "    memory: 96Mi\n", "    memory: 96Mi\nenv:\n  FEATURE_TRIAL: \"true\"\n  TRIAL_DAYS: \"30\"\n"]],
    "live.yaml has the key env twice, the second replaces the first: SESSION_STORE (which the log names), SESSION_TTL and COOKIE_DOMAIN are gone. All of them belong back, beside the new ones",
    expected=expect("crash-on-start", [(c("Deployment", "portal", "portal", f"env[name={name}].value"), BEFORE) for name in ("SESSION_STORE", "SESSION_TTL", "COOKIE_DOMAIN")]),
    path="chart", source={"helm": {"releaseName": "portal", "valueFiles": ["../env/live.yaml"]}})

# 5 ── plain, Argo CD: a new key of the ConfigMap is indented like the text of the one before
EDGE = ("server {\n    listen 80;\n    server_name shop.example;\n    location /healthz {\n        return 200;\n    }\n    location / {\n        proxy_pass http://10.20.0.5:8080;\n        proxy_read_timeout %s;\n    }\n}\n")
GZIP = "gzip on;\ngzip_types text/css application/json;\n"
scenario("compressed-answers", "argocd", {
    **one("edge", workload("Deployment", "edge", container("edge", "nginx", image="acme/edge:1.27.2", resources=RES, volumeMounts=[{"name": "conf", "mountPath": "/etc/nginx/conf.d", "readOnly": True}]), replicas=2,
        pod={"volumes": [{"name": "conf", "configMap": {"name": "edge-conf"}}]})),
    **one("service", service("edge")),
    "deploy/conf.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: edge-conf\ndata:\n  default.conf: |\n" + textwrap.indent(EDGE % "15s", "    ") + "  robots.txt: |\n    User-agent: *\n    Disallow: /cart\n",
}, ["edge 1.27.3: compress answers, wait 30 s for slow reports",
    ["deploy/edge.yaml", "acme/edge:1.27.2", "acme/edge:1.27.3"],
    ["deploy/conf.yaml", "proxy_read_timeout 15s", "proxy_read_timeout 30s"],
    ["deploy/conf.yaml", "  robots.txt: |\n", "    gzip.conf: |\n" + textwrap.indent(GZIP, "      ") + "  robots.txt: |\n"]],
    "gzip.conf is indented too far: it became text of default.conf instead of a file of its own, nginx does not know the directive \"gzip.conf:\"",
    expected=expect("crash-on-start", [('ConfigMap/edge-conf data["default.conf"]', value(EDGE % "30s")), ('ConfigMap/edge-conf data["gzip.conf"]', value(GZIP))]))

# 6 ── Helm, Flux: a big number without quotes is a float to Helm
LEDGER = APP.replace("""          {{- with .Values.env }}
          env:
            {{- range $name, $value := . }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
          {{- end }}
""", """          env:
            - name: LEDGER_GATEWAY_URL
              value: {{ required "gateway.url" .Values.gateway.url | quote }}
            - name: LEDGER_BATCH_SIZE
              value: {{ .Values.batch.size | quote }}
            - name: LEDGER_BATCH_WINDOW
              value: {{ .Values.batch.window | quote }}
""")
assert LEDGER != APP
scenario("million-bookings", "flux", {
    **chart("ledger", """
        image:
          repository: acme/ledger
          tag: 3.1.3
        replicas: 1
        port: 8080
        probes:
          live: /actuator/health/liveness
          ready: /actuator/health/readiness
        resources:
          requests:
            cpu: 10m
            memory: 24Mi
          limits:
            memory: 96Mi
        gateway:
          url: ""
        batch:
          size: 500
          window: 5m
    """, deployment=LEDGER),
    **release("ledger", """
        image:
          tag: 3.1.3
        gateway:
          url: https://gateway.example/v2
        batch:
          size: 50000
          window: 10m
    """, "{retries: 0}"),
}, ["ledger 3.1.4: close the year in batches of a million",
    ["releases/ledger.yaml", "tag: 3.1.3", "tag: 3.1.4"],
    ["releases/ledger.yaml", "size: 50000\n", "size: 1000000\n"],
    ["releases/ledger.yaml", "window: 10m", "window: 60m"]],
    "Helm reads 1000000 as a float and writes 1e+06, which is no number to the program; it needs quotes (or int64 in the chart). 50000 was still written in full",
    expected=expect("crash-on-start helm-failed", [(c("Deployment", "ledger", "ledger", "env[name=LEDGER_BATCH_SIZE].value"), value("1000000"))]),
    path="releases")

# 7 ── plain, Flux: a Job that has run gets another image under its old name
scenario("schema-23", "flux", {
    "deploy/schema.yaml": text("""
        # One Job per schema version: a Job cannot be changed once it is there, so the number is in its name.
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: billing-schema-22
          labels:
            app.kubernetes.io/part-of: billing
        spec:
          backoffLimit: 1
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: flyway
                  image: acme/schema:22
                  env:
                    - name: FLYWAY_URL
                      value: jdbc:postgresql://10.20.0.9/billing
                    - name: FLYWAY_USER
                      value: billing
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 64Mi}
    """),
    **one("billing", workload("Deployment", "billing", {"name": "django", "image": "acme/billing:2.8.0", "env": [{"name": "SECRET_KEY", "value": "only-for-tests"}, {"name": "DATABASE_HOST", "value": "10.20.0.9"}, {"name": "SCHEMA_VERSION", "value": "22"}],
        "ports": [{"name": "http", "containerPort": 8000}], "resources": RES, "readinessProbe": ready("/ready")}), service("billing")),
}, ["billing 2.8.1 on schema 23",
    ["deploy/schema.yaml", "image: acme/schema:22", "image: acme/schema:23"],
    ["deploy/billing.yaml", "acme/billing:2.8.0", "acme/billing:2.8.1"],
    ["deploy/billing.yaml", "value: '22'", "value: '23'"]],
    "Job billing-schema-22 has run, its template is immutable: schema 23 needs a Job of its own, billing-schema-23. Taking the image back would leave billing 2.8.1 on schema 22",
    expected=expect("invalid-manifest job-failed",
        [("Job/billing-schema-23", ANY), ("Job/billing-schema-22", GONE)],
        [('Job/billing-schema-22 metadata.annotations["kustomize.toolkit.fluxcd.io/force"]', value("enabled"))]))

# 8 ── plain, Argo CD: the server does not say which field of the StatefulSet may not change
CACHE = "save 900 1\nmaxmemory %s\nmaxmemory-policy allkeys-lru\ndir /data\n"
scenario("three-caches-at-once", "argocd", {
    **one("cache", workload("StatefulSet", "cache", container("redis", "redis", image="acme/cache:7.4.1", resources=RES, args=["/etc/redis/redis.conf"],
        volumeMounts=[{"name": "config", "mountPath": "/etc/redis"}, {"name": "data", "mountPath": "/data"}]), replicas=2,
        spec={"podManagementPolicy": "OrderedReady"}, pod={"terminationGracePeriodSeconds": 5, "volumes": [{"name": "config", "configMap": {"name": "cache-config"}}, {"name": "data", "emptyDir": {}}]})),
    **one("config", configmap("cache-config", redis__conf=CACHE % "32mb")),
    **one("services", service("cache", port=6379, clusterIP="None"), {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "cache"}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "cache"}}}}),
}, ["cache 7.4.2: a third one, all start at the same time, 48 MB each",
    ["deploy/cache.yaml", "acme/cache:7.4.1", "acme/cache:7.4.2"],
    ["deploy/cache.yaml", "replicas: 2\n", "replicas: 3\n  minReadySeconds: 5\n"],
    ["deploy/cache.yaml", "podManagementPolicy: OrderedReady", "podManagementPolicy: Parallel"],
    ["deploy/config.yaml", "maxmemory 32mb", "maxmemory 48mb"]],
    "podManagementPolicy of a StatefulSet cannot be changed: the sync fails. Image, replicas, minReadySeconds and the ConfigMap can, they stay",
    expected=expect("invalid-manifest",
        [("StatefulSet/cache spec.podManagementPolicy", BEFORE)],
        [("StatefulSet/cache spec.podManagementPolicy", GONE)]))

# 9 ── Kustomize, Argo CD: the new sidecar takes the port of the program beside it
scenario("behind-the-router", "argocd", {
    "base/bookings.yaml": dump(workload("Deployment", "bookings", container("ledger", "java", image="acme/ledger", env={"LEDGER_BATCH_SIZE": "100"}, resources={"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "96Mi"}}))),
    "base/service.yaml": dump(service("bookings")),
    "base/kustomization.yaml": kustomization("bookings.yaml", "service.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(ledger="3.1.3")),
}, ["bookings 3.1.4 behind a router of its own, batches of 200",
    ["base/bookings.yaml", "value: '100'", "value: '200'"],
    ["overlays/live/kustomization.yaml", "    newTag: 3.1.3\n", "    newTag: 3.1.4\npatches:\n  - path: router.yaml\n  - target:\n      kind: Service\n      name: bookings\n    patch: |-\n      - op: replace\n        path: /spec/ports/0/targetPort\n        value: proxy\n"],
    ["overlays/live/router.yaml", None, text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: bookings
        spec:
          template:
            spec:
              containers:
                - name: router
                  image: acme/router:0.38.0
                  env:
                    - name: ROUTER_UPSTREAM
                      value: http://127.0.0.1:8080
                    - name: PORT
                      value: "8080"
                  ports:
                    - name: proxy
                      containerPort: 8081
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: proxy}
                    periodSeconds: 5
    """)]],
    "the router's PORT is 8080, which is the ledger's; its container port, its probe and the Service say 8081: the ledger finds its port in use and crashes, the router is not ready",
    expected=expect("port-conflict crash-on-start", [(c("Deployment", "bookings", "router", "env[name=PORT].value"), value("8081"))]),
    path="overlays/live")


# 10 ── Helm, Argo CD: a Service is renamed in the chart, the live values keep an address of their own
def depot(name, image, port, path, env="", init=""):
    return text(f"""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {name}
        spec:
          replicas: 1
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: {name}
          template:
            metadata:
              labels:
                app: {name}
            spec:
              containers:
                - name: {name}
                  image: "{image}"
    """).replace("      containers:\n", text(init) and textwrap.indent(text(init), " " * 6) + "      containers:\n" or "      containers:\n") + textwrap.indent(text(env), " " * 10) + textwrap.indent(text(f"""
        ports:
          - name: http
            containerPort: {port}
        resources:
          requests:
            cpu: 10m
            memory: 24Mi
          limits:
            memory: 64Mi
        readinessProbe:
          httpGet:
            path: {path}
            port: http
          periodSeconds: 2
    """), " " * 10)


scenario("names-end-in-api", "argocd", {
    "chart/Chart.yaml": meta("depot", "1.2.0"),
    "chart/values.yaml": "stock:\n  tag: 1.4.0\ninventory:\n  tag: \"1.9\"\n  stockAddr: stock:80\n  cacheTtl: 30s\nallocator:\n  tag: stable\n",
    "chart/templates/stock.yaml": depot("stock", "acme/catalog:{{ .Values.stock.tag }}", 8080, "/readyz") + "---\n" + dump(service("stock")),
    "chart/templates/inventory.yaml": depot("inventory", "acme/inventory:{{ .Values.inventory.tag }}", 8080, "/readyz", """
        env:
          - name: STOCK_ADDR
            value: {{ .Values.inventory.stockAddr | quote }}
          - name: CACHE_TTL
            value: {{ .Values.inventory.cacheTtl | quote }}
    """, """
        initContainers:
          - name: mesh   # its proxy needs a moment
            image: busybox:1.36
            command: [sleep, "4"]
            resources:
              requests:
                cpu: 5m
                memory: 8Mi
              limits:
                memory: 32Mi
    """),
    "chart/templates/allocator.yaml": depot("allocator", "acme/allocator:{{ .Values.allocator.tag }}", 8080, "/readyz", """
        env:
          - name: STOCK_ADDR
            value: stock:80
    """),
    "env/live.yaml": "stock:\n  tag: 1.4.1\ninventory:\n  tag: \"1.9\"\n  stockAddr: stock:80   # not the stub\n  cacheTtl: 1m\n",
}, ["Services end in -api as everywhere else; inventory 1.10, stock 1.4.2",
    ["chart/templates/stock.yaml", "kind: Service\nmetadata:\n  name: stock\n", "kind: Service\nmetadata:\n  name: stock-api\n"],
    ["chart/templates/allocator.yaml", "value: stock:80", "value: stock-api:80"],
    ["chart/values.yaml", "stockAddr: stock:80", "stockAddr: stock-api:80"],
    ["chart/Chart.yaml", "version: 1.2.0", "version: 1.3.0"],
    ["env/live.yaml", 'tag: "1.9"', 'tag: "1.10"'],
    ["env/live.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "Service stock is stock-api now; env/live.yaml sets inventory's address itself and still says stock:80. The allocator asks stock-api already, so the Service's old name is no way back",
    expected=expect("dependency-address crash-on-start", [(c("Deployment", "inventory", "inventory", "env[name=STOCK_ADDR].value"), value("stock-api:80"))]),
    path="chart", source={"helm": {"releaseName": "depot", "valueFiles": ["../env/live.yaml"]}})

# 11 ── plain, Flux: the neighbour's image, which exists and complains about a variable of its own
VERSION = lambda v: {"labels": {"app.kubernetes.io/name": "indexer", "app.kubernetes.io/version": v}}
scenario("tuesday-updates", "flux", {
    **one("indexer", workload("Deployment", "indexer", container("indexer", "rust", image="acme/indexer:0.9.1", args=["--threads=2"], resources=RES), meta=VERSION("0.9.1")), service("indexer")),
    **one("router", workload("Deployment", "router", container("router", "router", image="acme/router:0.38.0", resources=RES)), service("router")),
    **one("reindex", workload("CronJob", "indexer-check", {"name": "check", "image": "acme/indexer:0.9.1", "command": ["sh", "-c", "wget -q -T 5 -O /dev/null http://$INDEXER_SERVICE_HOST/health || true"], "resources": SMALL}, spec={"schedule": "*/20 * * * *"}, meta=VERSION("0.9.1"))),
}, ["Tuesday updates: indexer 0.9.2 with four threads, router 0.39.0",
    ["deploy/indexer.yaml", "image: acme/indexer:0.9.1", "image: acme/router:0.39.0"],
    ["deploy/indexer.yaml", "app.kubernetes.io/version: 0.9.1", "app.kubernetes.io/version: 0.9.2"],
    ["deploy/indexer.yaml", "--threads=2", "--threads=4"],
    ["deploy/router.yaml", "acme/router:0.38.0", "acme/router:0.39.0"],
    ["deploy/reindex.yaml", "image: acme/indexer:0.9.1", "image: acme/indexer:0.9.2"],
    ["deploy/reindex.yaml", "app.kubernetes.io/version: 0.9.1", "app.kubernetes.io/version: 0.9.2"]],
    "the indexer runs the router's image, which asks for ROUTER_UPSTREAM: the image belongs to acme/indexer:0.9.2 (subject, label and the CronJob say so), the variable is not the indexer's",
    expected=expect("crash-on-start", [(c("Deployment", "indexer", "indexer", "image"), value("acme/indexer:0.9.2"))]))


# 12 ── Kustomize, Flux: the base's minimum is above the maximum of one overlay
def unscaled(w):
    del w["spec"]["replicas"]
    return w


scenario("four-at-least", "flux", {
    "base/tax.yaml": dump(unscaled(workload("Deployment", "tax", shop("tax", "acme/payments", {"RATES_YEAR": "2026"}))), service("tax")),
    "base/scaling.yaml": text("""
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata:
          name: tax
        spec:
          scaleTargetRef:
            apiVersion: apps/v1
            kind: Deployment
            name: tax
          minReplicas: 2
          maxReplicas: 8
          metrics:
            - type: Resource
              resource:
                name: cpu
                target:
                  type: Utilization
                  averageUtilization: 80
    """),
    "base/kustomization.yaml": kustomization("tax.yaml", "scaling.yaml"),
    "overlays/eu/kustomization.yaml": kustomization("../../base", images=tags(payments="1.4.1")),
    "overlays/ch/kustomization.yaml": kustomization("../../base", images=tags(payments="1.4.1"), patches=[{"path": "seats.yaml"}]),
    "overlays/ch/seats.yaml": text("""
        # The Swiss tax library is licensed for three seats: never more than three pods here.
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata:
          name: tax
        spec:
          maxReplicas: 3
    """),
}, ["Black week: tax with four pods at least, scale down slowly; 1.4.2, rates of 2027",
    ["base/scaling.yaml", "  minReplicas: 2\n", "  minReplicas: 4\n  behavior:\n    scaleDown:\n      stabilizationWindowSeconds: 900\n"],
    ["base/tax.yaml", "value: '2026'", "value: '2027'"],
    ["overlays/eu/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"],
    ["overlays/ch/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the base's minimum of 4 is above the maximum of 3 in overlay ch: the API server refuses the HPA. The maximum, which the server names, is a licence's limit: here the minimum stays at 2 or 3",
    expected=expect("invalid-manifest autoscaler",
        [("HorizontalPodAutoscaler/tax spec.minReplicas", BEFORE)],
        [("HorizontalPodAutoscaler/tax spec.minReplicas", value(3))]),
    path="overlays/ch")

# 13 ── nothing to do. plain, Flux: the address was rewritten, and the service behind it is down; its own people bring it back
STOCK = dump(workload("Deployment", "stock", shop("stock", "acme/catalog:1.4.1"), spec={"strategy": {"type": "Recreate"}}, meta={"annotations": {"owner": "warehouse team"}}, pod={"terminationGracePeriodSeconds": 2}), service("stock"))
scenario("stock-by-its-full-name", "flux", {
    **one("inventory", workload("Deployment", "inventory", {"name": "inventory", "image": "acme/inventory:1.9", "env": [{"name": "STOCK_ADDR", "value": "stock:80"}, {"name": "CACHE_TTL", "value": "30s"}],
        "ports": [{"name": "http", "containerPort": 8080}], "resources": RES, "readinessProbe": ready("/readyz")}, deadline=400), service("inventory")),
}, ["inventory 1.10: stock by its full name, ask every 15 s",
    ["deploy/inventory.yaml", "acme/inventory:1.9", "acme/inventory:1.10"],
    ["deploy/inventory.yaml", "value: stock:80", "value: stock.@NAME@.svc:80"],
    ["deploy/inventory.yaml", "value: 30s", "value: 15s"]],
    "stock, which the warehouse team runs by hand, had no image from just before the push until they corrected it 100 s later: inventory restarts until stock answers, then it is healthy. The address is right",
    answer=NONE, given=STOCK,
    then=[[-20, "kubectl -n $NAMESPACE set image deployment/stock stock=acme/catalog:1.4.3 && sleep 8"], [100, "kubectl -n $NAMESPACE set image deployment/stock stock=acme/catalog:1.4.2"]])

# 14 ── for people. Helm, Argo CD: a first release whose program panics in its own code
scenario("first-allocator", "argocd", {
    **chart("allocator", """
        image:
          repository: acme/allocator
          tag: latest
        replicas: 1
        port: 8080
        probes:
          live: /livez
          ready: /readyz
        resources:
          requests:
            cpu: 10m
            memory: 16Mi
          limits:
            memory: 48Mi
        env: {}
    """),
    "env/live.yaml": "image:\n  tag: \"20261127.3\"\nreplicas: 2\nenv:\n  CACHE_TTL: 90s\n  RULES_STRICT: \"yes\"\n  WARMUP_SECONDS: \"0\"\n",
}, [], "the program panics in its own code (assignment to entry in nil map, internal/rules/index.go:58) whatever its settings are, and no other version has ever run here: its developers must correct it",
    answer=HUMAN, expected=expect("crash-on-start", ), never_worked=True,
    path="chart", source={"helm": {"releaseName": "allocator", "valueFiles": ["../env/live.yaml"]}})

# 15 ── for people. Kustomize, Flux: another team's load test has taken the namespace's pods
IDLE = {"name": "generator", "image": "busybox:1.37", "command": ["sh", "-c", "exec sleep 100000"], "resources": SMALL}
scenario("warmer-of-its-own", "flux", {
    "base/vouchers.yaml": dump(workload("Deployment", "vouchers", shop("vouchers", "acme/checkout", {"CACHE_MB": "8"}), replicas=2), service("vouchers")),
    "base/kustomization.yaml": kustomization("vouchers.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(checkout="1.4.1", worker="1.4.1")),
}, ["vouchers 1.4.2 with a warmer of its own, a bit more memory",
    ["base/vouchers.yaml", "            memory: 24Mi\n          limits:\n            memory: 64Mi\n", "            memory: 32Mi\n          limits:\n            memory: 80Mi\n"],
    ["base/vouchers.yaml", "value: '8'", "value: '12'"],
    ["base/warmer.yaml", None, dump(workload("Deployment", "vouchers-warmer", shop("warmer", "acme/worker", resources=SMALL)))],
    ["base/kustomization.yaml", "  - vouchers.yaml\n", "  - vouchers.yaml\n  - warmer.yaml\n"],
    ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "ResourceQuota team allows 6 pods, 4 of them are the load generator of the performance team, which somebody scaled by hand before the push; the delivery's third pod and its rollout have no room: people must agree who gets them",
    answer=HUMAN, expected=expect("quota", ), path="overlays/live",
    given=dump({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "team"}, "spec": {"hard": {"pods": "6"}}},
        workload("Deployment", "load-generator", IDLE, meta={"annotations": {"owner": "performance team"}}, pod={"terminationGracePeriodSeconds": 1})),
    then=[[-20, "kubectl -n $NAMESPACE scale deployment/load-generator --replicas=4 && kubectl -n $NAMESPACE rollout status deployment/load-generator --timeout=40s"]])

# 16 ── for people. Kustomize, Argo CD: it began without a commit; the last ones touched the credentials, and worked
scenario("nobody-deployed", "argocd", {
    "base/shipping.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: shipping
        spec:
          replicas: 1
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: shipping
          template:
            metadata:
              labels:
                app: shipping
            spec:
              containers:
                - name: consumer
                  image: acme/shipping
                  env:
                    - name: CONSUMER_BOOTSTRAP_SERVERS
                      value: 10.20.0.9:9094
                    - name: CONSUMER_AUTO_OFFSET_RESET
                      value: earliest
                  envFrom:
                    - secretRef:
                        name: shipping-kafka
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 5
    """),
    "base/kustomization.yaml": kustomization("shipping.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(shipping="3.9.0")),
}, [], "the password in Secret shipping-kafka, which is not in git, expired on the broker's side; the pod was moved and cannot log in again. No commit did it: the last ones ran well",
    answer=HUMAN, expected=expect("crash-on-start", ), path="overlays/live",
    earlier=[
        {"subject": "shipping: only the password from the Secret, not all of it", "edit": [["base/shipping.yaml",
            "          envFrom:\n            - secretRef:\n                name: shipping-kafka\n",
            "            - name: SASL_PASSWORD\n              valueFrom:\n                secretKeyRef:\n                  name: shipping-kafka\n                  key: SASL_PASSWORD\n"]]},
        {"subject": "shipping 3.9.1, start at the end of the topic", "edit": [["overlays/live/kustomization.yaml", "newTag: 3.9.0", "newTag: 3.9.1"], ["base/shipping.yaml", "value: earliest", "value: latest"]]}],
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: shipping-kafka\n  annotations:\n    owner: streaming team\nstringData:\n  SASL_PASSWORD: valid\n",
    then=[[5, "kubectl -n $NAMESPACE patch secret shipping-kafka --type merge -p '{\"stringData\":{\"SASL_PASSWORD\":\"expired-in-november\"}}' && kubectl -n $NAMESPACE delete pod -l app=shipping --wait=false"]])


# What was expected in another form than the rendered objects have it: new items and objects as a whole, and what else of a commit stays.
CORRECTED = {'trial-accounts': {'class': ['crash-on-start'],
                    'fixes': [[{'field': 'Deployment/portal spec.template.spec.containers[name=portal].env[name=SESSION_STORE]', 'to': 'before'},
                               {'field': 'Deployment/portal spec.template.spec.containers[name=portal].env[name=SESSION_TTL]', 'to': 'before'},
                               {'field': 'Deployment/portal spec.template.spec.containers[name=portal].env[name=COOKIE_DOMAIN]', 'to': 'before'}]]}}
for one in SCENARIOS:
    if one["id"] in CORRECTED:
        one["expected"] = CORRECTED[one["id"]]
