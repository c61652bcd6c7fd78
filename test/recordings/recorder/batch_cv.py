"""Programs that fail on their settings: environment, arguments, files, mounts, users, memory, ports, start order; half through Argo CD, half through Flux, in every layout."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(2356)

RES = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}
SMALL = {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}


def shop(name, image, env=None, **more):
    return container(name, "shop", image=image, env=env, resources=more.pop("resources", RES), **more)


def tags(**versions):
    return [{"name": f"acme/{name}", "newTag": tag} for name, tag in versions.items()]


def mount(name, path, **more):
    return {"name": name, "mountPath": path, **more}


def from_map(name, config, **more):
    return {"name": name, "configMap": {"name": config, **more}}


def fields(port, path, **more):
    return {"httpGet": {"path": path, "port": port}, **more}


# 1 ── Kustomize, Argo CD: nginx runs as a user, its file still listens on 80
EDGE = ("server {\n    listen %s;\n    server_name shop.example;\n    client_max_body_size %s;\n    location /healthz {\n        return 200;\n    }\n"
        "    location / {\n        proxy_pass http://10.20.0.5:8080;\n        proxy_set_header Host shop.example;\n    }\n}\n")
scenario("edge-as-app", "argocd", {
    "base/edge.yaml": dump(workload("Deployment", "edge", container("edge", "nginx", image="acme/edge", resources=RES, volumeMounts=[mount("conf", "/etc/nginx/conf.d", readOnly=True)]), replicas=2, pod={"volumes": [from_map("conf", "edge-conf")]})),
    "base/service.yaml": dump(service("edge")),
    "base/budget.yaml": dump({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "edge"}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "edge"}}}}),
    "base/conf/default.conf": EDGE % (80, "1m"),
    "base/kustomization.yaml": kustomization("edge.yaml", "service.yaml", "budget.yaml", configMapGenerator=[{"name": "edge-conf", "files": ["conf/default.conf"]}], generatorOptions={"disableNameSuffixHash": True}),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(edge="1.27.2")),
}, ["edge 1.27.3 runs as app and on 8080; uploads of 8 MB",
    ["base/edge.yaml", "containerPort: 80\n", "containerPort: 8080\n"],
    ["base/edge.yaml", "      volumes:\n", "      securityContext:\n        runAsNonRoot: true\n        runAsUser: 1000\n      volumes:\n"],
    ["base/conf/default.conf", "client_max_body_size 1m", "client_max_body_size 8m"],
    ["overlays/live/kustomization.yaml", "newTag: 1.27.2", "newTag: 1.27.3"]],
    "the container runs as user 1000 and its port is 8080, nginx's file still says listen 80: bind() to 0.0.0.0:80 failed (13: Permission denied)",
    expected=expect("crash-on-start", [('ConfigMap/edge-conf data["default.conf"]', value(EDGE % (8080, "8m")))]),
    path="overlays/live")

# 2 ── plain, Flux: the volume moves to where the image keeps data, redis.conf still names the old place
REDIS = "port 6379\ndir %s\nsave 900 1\nappendonly no\nmaxmemory %s\nmaxmemory-policy allkeys-lru\n"
SESSIONS = configmap("sessions-conf", redis__conf=REDIS % ("/var/lib/redis", "32mb"))
scenario("sessions-volume", "flux", {
    **one("sessions", workload("Deployment", "sessions", container("redis", "redis", image="acme/cache:7.4.1", args=["/etc/redis/redis.conf"], resources=RES, volumeMounts=[mount("conf", "/etc/redis"), mount("data", "/var/lib/redis")]),
        spec={"strategy": {"type": "Recreate"}}, pod={"volumes": [from_map("conf", "sessions-conf"), {"name": "data", "emptyDir": {}}]}), service("sessions", port=6379)),
    **one("conf", SESSIONS),
    **one("login", workload("Deployment", "login", shop("login", "acme/checkout:1.4.1", {"SESSION_HOURS": "8"}), replicas=2), service("login")),
}, ["sessions: redis 7.4.2, data under /data like the image, 48 MB; login 1.4.2",
    ["deploy/sessions.yaml", "acme/cache:7.4.1", "acme/cache:7.4.2"],
    ["deploy/sessions.yaml", "mountPath: /var/lib/redis", "mountPath: /data"],
    ["deploy/conf.yaml", "maxmemory 32mb", "maxmemory 48mb"],
    ["deploy/login.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"]],
    "the data volume is mounted at /data now, redis.conf still says dir /var/lib/redis, which does not exist any more",
    expected=expect("crash-on-start volume-mount",
        [('ConfigMap/sessions-conf data["redis.conf"]', value(REDIS % ("/data", "48mb")))],
        [(c("Deployment", "sessions", "redis", "volumeMounts[name=data].mountPath"), BEFORE)]))

# 3 ── Helm, Argo CD: the chart's settings move below a key, the resources of live stay behind
FEED = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: feeds
      labels:
        app.kubernetes.io/name: feeds
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 120
      selector:
        matchLabels:
          app: feeds
      template:
        metadata:
          labels:
            app: feeds
        spec:
          containers:
            - name: worker
              image: "acme/worker:{{ .Values.tag }}"
              args: [serve]
              env:
                {{- range $name, $value := .Values.env }}
                - name: {{ $name }}
                  value: {{ $value | quote }}
                {{- end }}
              ports:
                - name: http
                  containerPort: 8080
              {{- with .Values.resources }}
              resources:
                {{- toYaml . | nindent 12 }}
              {{- end }}
              livenessProbe:
                httpGet: {path: /healthz, port: http}
                initialDelaySeconds: 8
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 5
""")
FEED_CLEAN = text("""
    apiVersion: batch/v1
    kind: CronJob
    metadata:
      name: feeds-cleanup
    spec:
      schedule: {{ .Values.cleanup.schedule | quote }}
      concurrencyPolicy: Forbid
      jobTemplate:
        spec:
          backoffLimit: 1
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: cleanup
                  image: busybox:1.37
                  command: [sh, -c, "echo old feeds removed"]
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
""")
scenario("feeds-chart-grouped", "argocd", {
    "charts/feeds/Chart.yaml": "apiVersion: v2\nname: feeds\nversion: 0.4.2\n",
    "charts/feeds/values.yaml": 'tag: 1.4.1\nreplicas: 1\nenv: {}\nresources: {}\n',
    "charts/feeds/templates/worker.yaml": FEED,
    "envs/live/feeds.yaml": "tag: 1.4.1\nreplicas: 1\nenv:\n  CACHE_MB: \"88\"\n  FEED_MINUTES: \"15\"\nresources:\n  requests:\n    cpu: 10m\n    memory: 112Mi\n  limits:\n    memory: 160Mi\n",
}, ["feeds chart 0.5.0: the worker's values under worker, a cleanup beside it; worker 1.4.2",
    ["charts/feeds/Chart.yaml", "0.4.2", "0.5.0"],
    ["charts/feeds/values.yaml", "tag: 1.4.1\nreplicas: 1\nenv: {}\nresources: {}\n", "worker:\n  tag: 1.4.1\n  replicas: 1\n  env: {}\n  resources: {}\ncleanup:\n  schedule: \"40 2 * * *\"\n"],
    ["charts/feeds/templates/worker.yaml", ".Values.", ".Values.worker."],
    ["charts/feeds/templates/cleanup.yaml", None, FEED_CLEAN],
    ["envs/live/feeds.yaml", "tag: 1.4.1\nreplicas: 1\nenv:\n  CACHE_MB: \"88\"\n  FEED_MINUTES: \"15\"\n", "worker:\n  tag: 1.4.2\n  replicas: 1\n  env:\n    CACHE_MB: \"88\"\n    FEED_MINUTES: \"10\"\n"]],
    "the chart reads worker.resources now, the values of live still have resources at the top: the container has none, the namespace's LimitRange gives it 64Mi, its cache of 88 MB does not fit: OOMKilled",
    expected=expect("out-of-memory",
        [(c("Deployment", "feeds", "worker", "resources"), BEFORE)],
        [(c("Deployment", "feeds", "worker", "resources.limits.memory"), at_least("112Mi"))]),
    path="charts/feeds", source={"helm": {"valueFiles": ["../../envs/live/feeds.yaml"]}},
    given="apiVersion: v1\nkind: LimitRange\nmetadata:\n  name: defaults\n  annotations:\n    owner: platform team\nspec:\n  limits:\n    - type: Container\n      default:\n        memory: 64Mi\n      defaultRequest:\n        cpu: 10m\n        memory: 32Mi\n")

# 4 ── Kustomize, Flux: PGDATA goes, since it looks like the default
PG = ("base/orders-db.yaml", "        - name: PGDATA\n          value: /var/lib/postgresql/data/pgdata\n")
scenario("orders-db-connections", "flux", {
    "base/orders-db.yaml": dump(
        workload("StatefulSet", "orders-db", container("postgres", "postgres", image="acme/postgres", args=["-c", "max_connections=100"], resources=RES,
            env={"POSTGRES_PASSWORD": {"secretKeyRef": {"name": "orders-db", "key": "password"}}, "PGDATA": "/var/lib/postgresql/data/pgdata"}, volumeMounts=[mount("data", "/var/lib/postgresql/data")]),
            pod={"initContainers": [{"name": "archive", "image": "busybox:1.37", "command": ["sh", "-c", "mkdir -p /var/lib/postgresql/data/archive && chmod 0770 /var/lib/postgresql/data/archive"], "resources": SMALL,
                                     "volumeMounts": [mount("data", "/var/lib/postgresql/data")]}], "volumes": [{"name": "data", "emptyDir": {}}]}),
        service("orders-db", port=5432, clusterIP="None")),
    "base/orders.yaml": dump(workload("Deployment", "orders", shop("orders", "acme/checkout", {"POOL_SIZE": "10"})), service("orders")),
    "base/kustomization.yaml": kustomization("orders-db.yaml", "orders.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(postgres="16.4", checkout="1.4.1")),
}, ["orders: 200 connections, larger pools, less noise in the database's environment",
    ["base/orders-db.yaml", "- max_connections=100\n", "- max_connections=200\n        - -c\n        - work_mem=8MB\n"],
    [PG[0], PG[1], ""],
    ["base/orders.yaml", "value: '10'", "value: '20'"],
    ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "without PGDATA the database is the volume itself, in which the init container makes a directory archive: initdb refuses a directory that is not empty",
    expected=expect("crash-on-start", [(c("StatefulSet", "orders-db", "postgres", "env[name=PGDATA]"), BEFORE)]),
    path="overlays/live", given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: orders-db\nstringData:\n  password: only-for-tests\n")

# 5 ── Helm, Argo CD: a word of prometheus.yml in the singular
PROM = "global:\n  scrape_interval: %s\n  evaluation_interval: 30s\nscrape_configs:\n  - job_name: checkout\n    static_configs:\n      - targets: [\"10.96.0.40:80\"]\n"
PAYJOB = "  - job_name: payments\n    scrape_timeout: 5s\n    %s:\n      - targets: [\"10.96.0.41:80\"]\n"
scenario("scrape-payments", "argocd", {
    "charts/metrics/Chart.yaml": "apiVersion: v2\nname: metrics\nversion: 1.2.0\n",
    "charts/metrics/values.yaml": "tag: 3.0.1\nretention: 7d\nmemory: 64Mi\n",
    "charts/metrics/values-live.yaml": "retention: 15d\n",
    "charts/metrics/files/prometheus.yml": PROM % "30s",
    "charts/metrics/templates/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: metrics-config\ndata:\n  prometheus.yml: |\n{{ .Files.Get \"files/prometheus.yml\" | trim | indent 4 }}\n",
    "charts/metrics/templates/service.yaml": dump(service("metrics", port=9090)),
    "charts/metrics/templates/statefulset.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: metrics
        spec:
          serviceName: metrics
          replicas: 1
          selector:
            matchLabels:
              app: metrics
          template:
            metadata:
              labels:
                app: metrics
            spec:
              containers:
                - name: prometheus
                  image: "acme/metrics:{{ .Values.tag }}"
                  args:
                    - --config.file=/etc/prometheus/prometheus.yml
                    - --storage.tsdb.path=/prometheus
                    - --storage.tsdb.retention.time={{ .Values.retention }}
                    - --web.enable-lifecycle
                  ports:
                    - name: http
                      containerPort: 9090
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: {{ .Values.memory }}}
                  livenessProbe:
                    httpGet: {path: /-/healthy, port: http}
                    initialDelaySeconds: 8
                  readinessProbe:
                    httpGet: {path: /-/ready, port: http}
                    periodSeconds: 5
                  volumeMounts:
                    - name: config
                      mountPath: /etc/prometheus
                    - name: data
                      mountPath: /prometheus
              volumes:
                - name: config
                  configMap:
                    name: metrics-config
                - name: data
                  emptyDir: {}
    """),
}, ["metrics 3.1.0: scrape payments, every 15 seconds, keep 30 days",
    ["charts/metrics/values-live.yaml", "retention: 15d\n", "tag: 3.1.0\nretention: 30d\n"],
    ["charts/metrics/files/prometheus.yml", "scrape_interval: 30s", "scrape_interval: 15s"],
    ["charts/metrics/files/prometheus.yml", '      - targets: ["10.96.0.40:80"]\n', '      - targets: ["10.96.0.40:80"]\n' + PAYJOB % "static_config"]],
    "job payments has static_config instead of static_configs: Prometheus refuses its file",
    expected=expect("crash-on-start", [('ConfigMap/metrics-config data["prometheus.yml"]', value(PROM % "15s" + PAYJOB % "static_configs"))]),
    path="charts/metrics", source={"helm": {"valueFiles": ["values-live.yaml"]}})


# 6 ── Helm, Flux: the server's port moves in its environment, the chart's port does not
def service_chart(name, live, ready, port):
    return {
        f"charts/{name}/Chart.yaml": f"apiVersion: v2\nname: {name}\nversion: 0.2.0\n",
        f"charts/{name}/values.yaml": f"image: \"\"\nreplicas: 1\nport: {port}\nenv: {{}}\nsecretEnv: {{}}\nresources:\n  requests:\n    cpu: 10m\n    memory: 24Mi\n  limits:\n    memory: 96Mi\n",
        f"charts/{name}/templates/workload.yaml": text("""
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
                    - name: app
                      image: {{ .Values.image | quote }}
                      env:
                        {{- range $name, $value := .Values.env }}
                        - name: {{ $name }}
                          value: {{ $value | quote }}
                        {{- end }}
                        {{- range $name, $from := .Values.secretEnv }}
                        - name: {{ $name }}
                          valueFrom:
                            secretKeyRef:
                              name: {{ $from.secret }}
                              key: {{ $from.key }}
                        {{- end }}
                      ports:
                        - name: http
                          containerPort: {{ .Values.port }}
                      resources:
                        {{- toYaml .Values.resources | nindent 12 }}
                      livenessProbe:
                        httpGet: {path: LIVE, port: http}
                        initialDelaySeconds: 10
                      readinessProbe:
                        httpGet: {path: READY, port: http}
                        periodSeconds: 5
        """).replace("LIVE", live).replace("READY", ready),
        f"charts/{name}/templates/service.yaml": text("""
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
    }


def release(name, chart, values):
    return {f"releases/{name}.yaml": text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 30s
          timeout: 60s
          chart:
            spec:
              chart: ./charts/{chart}
              reconcileStrategy: Revision
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
          install:
            remediation:
              retries: 1
          upgrade:
            remediation:
              retries: 0
          values:
        """) + textwrap.indent(text(values), "    ")}


scenario("ledger-port-convention", "flux", {
    **service_chart("jvm", "/actuator/health/liveness", "/actuator/health/readiness", 8080),
    **release("ledger", "jvm", """
        image: acme/ledger:3.1.3
        replicas: 2
        env:
          JAVA_TOOL_OPTIONS: -Xmx48m
          LEDGER_BATCH_SIZE: "50"
          LEDGER_GATEWAY_URL: https://gateway.example/v2
    """),
}, [{"subject": "ledger 3.1.4 on 8090 like our other JVM services, batches of 100", "edit": [
        ["releases/ledger.yaml", "acme/ledger:3.1.3", "acme/ledger:3.1.4"],
        ["releases/ledger.yaml", 'LEDGER_BATCH_SIZE: "50"', 'LEDGER_BATCH_SIZE: "100"'],
        ["releases/ledger.yaml", "      LEDGER_GATEWAY_URL: https://gateway.example/v2\n", '      LEDGER_GATEWAY_URL: https://gateway.example/v2\n      SERVER_PORT: "8090"\n']]},
    {"subject": "ledger: gateway v3", "wait": 50, "edit": [["releases/ledger.yaml", "gateway.example/v2", "gateway.example/v3"]]}],
    "SERVER_PORT is 8090, the chart's port (the container's port, to which probes and Service go by name) is still 8080: probes are refused",
    expected=expect("liveness-probe liveness readiness-probe readiness",
        [(c("Deployment", "ledger", "app", "ports[name=http].containerPort"), value(8090))],
        [(c("Deployment", "ledger", "app", "env[name=SERVER_PORT]"), GONE)],
        [(c("Deployment", "ledger", "app", "env[name=SERVER_PORT].value"), value("8080"))]),
    path="releases")


# 7 ── Kustomize component, Argo CD: the startup probe of all goes, one of them warms up for 45 s
def stock(name, warmup, **env):
    return workload("Deployment", name, {"name": "app", "image": f"acme/{name}", "env": [{"name": "WARMUP_SECONDS", "value": str(warmup)}, *({"name": k, "value": v} for k, v in env.items())],
        "ports": [{"name": "http", "containerPort": 8080}], "resources": RES}, deadline=150)


LIVE = "livenessProbe.initialDelaySeconds"
scenario("two-probes-are-enough", "argocd", {
    "base/inventory.yaml": dump(stock("inventory", 45, CACHE_TTL="30s"), service("inventory")),
    "base/allocator.yaml": dump(stock("allocator", 4, CACHE_TTL="10s"), service("allocator")),
    "base/kustomization.yaml": kustomization("inventory.yaml", "allocator.yaml"),
    "components/probes/kustomization.yaml": dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", "patches": [{"path": "probes.yaml", "target": {"kind": "Deployment"}}]}, indented=True),
    "components/probes/probes.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: any
        spec:
          template:
            spec:
              terminationGracePeriodSeconds: 10
              containers:
                - name: app
                  startupProbe:
                    httpGet: {path: /livez, port: http}
                    periodSeconds: 5
                    failureThreshold: 24
                  livenessProbe:
                    httpGet: {path: /livez, port: http}
                    periodSeconds: 10
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
    """),
    "overlays/live/kustomization.yaml": kustomization("../../base", components=["../../components/probes"], images=tags(inventory="1.9", allocator="stable")),
}, ["inventory 1.10, entries live a minute; probes: liveness and readiness do, readiness every two seconds",
    ["components/probes/probes.yaml", "          startupProbe:\n            httpGet: {path: /livez, port: http}\n            periodSeconds: 5\n            failureThreshold: 24\n", ""],
    ["components/probes/probes.yaml", "            httpGet: {path: /readyz, port: http}\n            periodSeconds: 5\n", "            httpGet: {path: /readyz, port: http}\n            periodSeconds: 2\n"],
    ["base/inventory.yaml", "value: 30s", "value: 60s"],
    ["overlays/live/kustomization.yaml", "newTag: '1.9'", "newTag: '1.10'"]],
    "inventory warms up for 45 s before it listens; without the component's startupProbe the liveness probe ends it after 30 s, again and again",
    expected=expect("liveness-probe liveness startup-probe startup",
        [(c("Deployment", "inventory", "app", "startupProbe"), BEFORE), (c("Deployment", "allocator", "app", "startupProbe"), BEFORE)],
        [(c("Deployment", "inventory", "app", "startupProbe"), BEFORE)],
        [(c("Deployment", "inventory", "app", LIVE), ANY)]),
    path="overlays/live")

# 8 ── Kustomize with a name prefix, Flux: the address in a text does not get the prefix
RAILS = lambda name, args, port, url: workload("Deployment", name, {"name": "rails", "image": "acme/backoffice", "args": args,
    "env": [{"name": "SECRET_KEY_BASE", "value": "only-for-tests"}, {"name": "RAILS_MAX_THREADS", "value": "5"}, {"name": "REDIS_URL", "value": url}],
    "ports": [{"name": "http", "containerPort": port}], "resources": RES, "readinessProbe": fields("http", "/up", periodSeconds=5)})
scenario("queue-of-its-own", "flux", {
    "base/cache.yaml": dump(workload("Deployment", "cache", container("redis", "redis", image="acme/cache", resources=RES)), service("cache", port=6379)),
    "base/web.yaml": dump(RAILS("backoffice", ["server"], 3000, "redis://localhost:6379/0"), service("backoffice")),
    "base/jobs.yaml": dump(RAILS("backoffice-jobs", ["sidekiq"], 7433, "redis://localhost:6379/0")),
    "base/kustomization.yaml": kustomization("cache.yaml", "web.yaml", "jobs.yaml"),
    "overlays/eu/redis.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: backoffice
        spec:
          template:
            spec:
              containers:
                - name: rails
                  env:
                    - name: REDIS_URL
                      value: redis://eu-cache:6379/0
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: backoffice-jobs
        spec:
          template:
            spec:
              containers:
                - name: rails
                  env:
                    - name: REDIS_URL
                      value: redis://eu-cache:6379/1
    """),
    "overlays/eu/kustomization.yaml": kustomization("../../base", namePrefix="eu-", images=tags(backoffice="7.2.0", cache="7.4.1"), patches=[{"path": "redis.yaml"}]),
}, ["A redis of their own for the jobs; backoffice 7.2.1, eight threads",
    ["base/queue.yaml", None, dump(workload("Deployment", "queue", container("redis", "redis", image="acme/cache", resources=RES)), service("queue", port=6379))],
    ["base/kustomization.yaml", "  - cache.yaml\n", "  - cache.yaml\n  - queue.yaml\n"],
    ["base/web.yaml", "value: '5'", "value: '8'"],
    ["overlays/eu/redis.yaml", "redis://eu-cache:6379/1", "redis://queue:6379/0"],
    ["overlays/eu/kustomization.yaml", "newTag: 7.2.0", "newTag: 7.2.1"]],
    "the overlay's prefix makes the new Service eu-queue, the jobs' REDIS_URL says queue: name not known",
    expected=expect("dependency-address crash-on-start",
        [(c("Deployment", "eu-backoffice-jobs", "rails", "env[name=REDIS_URL].value"), value("redis://eu-queue:6379/0"))],
        [(c("Deployment", "eu-backoffice-jobs", "rails", "env[name=REDIS_URL].value"), BEFORE)]),
    path="overlays/eu")

# 9 ── plain, Argo CD: the init container waits on the old port
WAIT = 'until nc -w 2 "$CACHE_SERVICE_HOST" %s -e /bin/true 2>/dev/null; do echo "cache is not there yet"; sleep 3; done; echo "cache answers"'
scenario("cache-off-default-port", "argocd", {
    **one("cache", configmap("cache-conf", redis__conf="port 6379\nappendonly no\nmaxmemory 32mb\n"),
        workload("Deployment", "cache", container("redis", "redis", image="acme/cache:7.4.1", args=["/etc/redis/redis.conf"], resources=RES, volumeMounts=[mount("conf", "/etc/redis")]), pod={"volumes": [from_map("conf", "cache-conf")]}),
        service("cache", port=6379)),
    **one("basket", workload("Deployment", "basket", shop("basket", "acme/checkout:1.4.1", {"REQUIRED_ENV": "CACHE_URL", "CACHE_URL": "redis://$(CACHE_SERVICE_HOST):6379/0"}), replicas=2,
        pod={"initContainers": [{"name": "wait-for-cache", "image": "busybox:1.37", "command": ["sh", "-c", WAIT % 6379], "resources": SMALL}]}), service("basket")),
}, ["cache off the default port (review of October), 7.4.2; basket 1.4.2",
    ["deploy/cache.yaml", "6379", "6390"],
    ["deploy/cache.yaml", "acme/cache:7.4.1", "acme/cache:7.4.2"],
    ["deploy/basket.yaml", ":6379/0", ":6390/0"],
    ["deploy/basket.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"]],
    "cache and its Service are on 6390 now, basket's init container waits for 6379 for ever: Init:0/1 until the progress deadline",
    expected=expect("dependency-address crash-on-start service-port",
        [("Deployment/basket spec.template.spec.initContainers[name=wait-for-cache].command[2]", value(WAIT % 6390))],
        [("Service/cache spec.ports[name=http].port", BEFORE), (c("Deployment", "basket", "basket", "env[name=CACHE_URL].value"), BEFORE)]))

# 10 ── plain, Flux: settings readable for root alone, the program runs as 1000
scenario("settings-owner-only", "flux", {
    **one("payments", workload("Deployment", "payments", shop("payments", "acme/payments:1.4.1", {"CONFIG_FILE": "/etc/payments/payments.conf"}, volumeMounts=[mount("settings", "/etc/payments", readOnly=True)],
        securityContext={"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True}), replicas=2, pod={"securityContext": {"runAsNonRoot": True, "runAsUser": 1000}, "volumes": [from_map("settings", "payments-settings")]}), service("payments")),
    **one("settings", configmap("payments-settings", payments__conf="PROVIDER=adyen\nRETRIES=3\nTIMEOUT_SECONDS=20\n")),
    **one("settle", workload("CronJob", "payments-settle", {"name": "settle", "image": "acme/worker:1.4.1", "args": ["migrate"], "env": [{"name": "DATABASE_URL", "value": "postgres://payments@10.20.0.9/payments"}], "resources": RES}, spec={"schedule": "30 1 * * *"})),
}, [{"subject": "payments 1.4.2, five retries; settings for their owner only (audit)", "edit": [
        ["deploy/payments.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"],
        ["deploy/payments.yaml", "        configMap:\n          name: payments-settings\n", "        configMap:\n          name: payments-settings\n          defaultMode: 0400\n"],
        ["deploy/settings.yaml", "RETRIES=3", "RETRIES=5"]]},
    {"subject": "Settle at two, with worker 1.4.2", "wait": 60, "edit": [
        ["deploy/settle.yaml", "schedule: 30 1 * * *", "schedule: 0 2 * * *"],
        ["deploy/settle.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"]]}],
    "mode 0400 leaves the file to root, payments runs as user 1000 and has no fsGroup: open /etc/payments/payments.conf: permission denied",
    expected=expect("crash-on-start volume-mount",
        [(pod("Deployment", "payments", "volumes[name=settings].configMap.defaultMode"), BEFORE)],
        [(pod("Deployment", "payments", "securityContext.fsGroup"), ANY)],
        [(pod("Deployment", "payments", "volumes[name=settings].configMap.defaultMode"), value(0o444))]))

# 11 ── Kustomize generator, Flux: a first release whose file has another name than the program reads
HAPROXY = ("global\n    maxconn 2000\ndefaults\n    mode http\n    timeout connect 5s\n    timeout client 30s\n    timeout server 30s\nfrontend web\n    bind *:8404\n    monitor-uri /healthz\n    default_backend api\n"
           "backend api\n    balance roundrobin\n    server api1 10.20.0.5:8080 check\n    server api2 10.20.0.6:8080 check\n")
scenario("first-balancer", "flux", {
    "balancer/deployment.yaml": dump(workload("Deployment", "balancer", container("haproxy", "haproxy", image="acme/balancer:3.1.1", resources=RES, volumeMounts=[mount("config", "/usr/local/etc/haproxy", readOnly=True)]), replicas=2,
        pod={"volumes": [from_map("config", "balancer-config")]})),
    "balancer/service.yaml": dump(service("balancer")),
    "balancer/haproxy.conf": HAPROXY,
    "balancer/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", configMapGenerator=[{"name": "balancer-config", "files": ["haproxy.conf"]}], generatorOptions={"disableNameSuffixHash": True}),
}, [], "HAProxy reads /usr/local/etc/haproxy/haproxy.cfg, the ConfigMap's key is haproxy.conf",
    expected=expect("crash-on-start volume-mount config-key-missing",
        [('ConfigMap/balancer-config data["haproxy.cfg"]', value(HAPROXY)), ('ConfigMap/balancer-config data["haproxy.conf"]', GONE)],
        [(pod("Deployment", "balancer", "volumes[name=config].configMap.items"), value([{"key": "haproxy.conf", "path": "haproxy.cfg"}]))],
        [(c("Deployment", "balancer", "haproxy", "volumeMounts[name=config].mountPath"), value("/usr/local/etc/haproxy/haproxy.cfg")), (c("Deployment", "balancer", "haproxy", "volumeMounts[name=config].subPath"), value("haproxy.conf"))]),
    path="balancer", never_worked=True)

# 12 ── Kustomize, Argo CD: a remark behind the value in an env file is part of the value
QUOTES = lambda name: workload("Deployment", name, container("quotes", "pydantic", image="acme/quotes", resources=RES, envFrom=[{"configMapRef": {"name": "quotes-settings"}}]))
scenario("pool-per-pod", "argocd", {
    "base/quotes.yaml": dump(QUOTES("quotes"), service("quotes")),
    "base/partners.yaml": dump(QUOTES("quotes-partners"), service("quotes-partners")),
    "base/kustomization.yaml": kustomization("quotes.yaml", "partners.yaml"),
    "overlays/live/settings.env": "# shared by quotes and quotes-partners\nPOOL_SIZE=10\nCURRENCY=EUR\n",
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(quotes="1.12.0"), configMapGenerator=[{"name": "quotes-settings", "envs": ["settings.env"]}], generatorOptions={"disableNameSuffixHash": True}),
}, ["quotes 1.12.1, twenty connections a pod, prices kept for a minute",
    ["overlays/live/settings.env", "POOL_SIZE=10\n", "POOL_SIZE=20  # per pod\nPRICE_TTL_SECONDS=60\n"],
    ["overlays/live/kustomization.yaml", "newTag: 1.12.0", "newTag: 1.12.1"]],
    "kustomize keeps what follows in the line: POOL_SIZE is '20  # per pod', not a number",
    expected=expect("crash-on-start", [("ConfigMap/quotes-settings data.POOL_SIZE", value("20"))], [("ConfigMap/quotes-settings data.POOL_SIZE", BEFORE)]),
    path="overlays/live")

# 13 ── for people. Helm, Flux: the broker does not take the password that others keep
scenario("shipping-behind-scram", "flux", {
    **service_chart("consumer", "/healthz", "/healthz", 8080),
    **release("shipping", "consumer", """
        image: acme/shipping:3.9.0
        env:
          CONSUMER_AUTO_OFFSET_RESET: earliest
          CONSUMER_BOOTSTRAP_SERVERS: 10.20.0.9:9094
        secretEnv:
          SASL_PASSWORD:
            secret: shipping-kafka
            key: password
    """),
}, ["shipping 3.9.1, smaller polls",
    ["releases/shipping.yaml", "acme/shipping:3.9.0", "acme/shipping:3.9.1"],
    ["releases/shipping.yaml", "      CONSUMER_BOOTSTRAP_SERVERS: 10.20.0.9:9094\n", "      CONSUMER_BOOTSTRAP_SERVERS: 10.20.0.9:9094\n      CONSUMER_MAX_POLL_RECORDS: \"200\"\n"]],
    "the broker refuses the SASL password of Secret shipping-kafka, which the Kafka team keeps outside of git and has changed: they must set the right one",
    answer=HUMAN, expected=expect("crash-on-start", ), path="releases",
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: shipping-kafka\n  annotations:\n    owner: kafka team\nstringData:\n  username: shipping\n  password: valid\n",
    then=[[-10, "kubectl -n $NAMESPACE patch secret shipping-kafka --type merge -p '{\"stringData\":{\"password\":\"2026-11-rotation\"}}'"]])

# 14 ── for people. plain, Argo CD: the rates of another team were scaled to zero
scenario("pricer-and-the-rates", "argocd", {
    **one("pricer", workload("Deployment", "pricer", container("pricer", "go", image="acme/pricer:2.4.6", args=["-listen=:9000", "-log-level=info"], env={"FX_ADDR": "$(FX_RATES_SERVICE_HOST):80"}, resources=RES)), service("pricer")),
    **one("discounts", workload("Deployment", "discounts", shop("discounts", "acme/catalog:1.4.1", {"MAX_PERCENT": "30"})), service("discounts")),
}, ["pricer 2.4.7, warnings only; discounts 1.4.2 up to 40 percent",
    ["deploy/pricer.yaml", "acme/pricer:2.4.6", "acme/pricer:2.4.7"],
    ["deploy/pricer.yaml", "-log-level=info", "-log-level=warn"],
    ["deploy/discounts.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"],
    ["deploy/discounts.yaml", "value: '30'", "value: '40'"]],
    "fx-rates, a Deployment of the treasury team that is not in this repository, was scaled to zero by hand: its Service has no endpoints, pricer cannot start; its owners must bring it back",
    answer=HUMAN, expected=expect("crash-on-start dependency-address replicas-zero service-no-endpoints", ),
    given=dump(workload("Deployment", "fx-rates", shop("fx-rates", "acme/catalog:1.4.1"), meta={"annotations": {"owner": "treasury team"}}), service("fx-rates")),
    then=[[-15, "kubectl -n $NAMESPACE scale deployment fx-rates --replicas=0"]])

# 15 ── nothing to do. plain, Argo CD: an init container waits for what loads beside it
scenario("search-after-index", "argocd", {
    **one("search", workload("Deployment", "search", shop("search", "acme/checkout:1.4.1", {"RESULTS": "20"}), deadline=400), service("search")),
}, ["search 1.4.2 with an index of its own, 40 results",
    ["deploy/index.yaml", None, dump(workload("Deployment", "index", shop("index", "acme/catalog:1.4.2", {"START_SECONDS": "90"}, startupProbe=fields("http", "/healthz", periodSeconds=5, failureThreshold=40)), deadline=400), service("index"))],
    ["deploy/search.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"],
    ["deploy/search.yaml", "value: '20'", "value: '40'"],
    ["deploy/search.yaml", "      containers:\n", "      initContainers:\n      - name: wait-for-index\n        image: busybox:1.37\n        command:\n        - sh\n        - -c\n"
     "        - until nc -w 2 \"$INDEX_SERVICE_HOST\" 80 -e /bin/true 2>/dev/null; do echo \"index is not there yet\"; sleep 3; done\n"
     "        resources:\n          requests:\n            cpu: 5m\n            memory: 8Mi\n          limits:\n            memory: 32Mi\n      containers:\n"]],
    "index loads for 90 s, search's init container waits for it: healthy after about two minutes",
    answer=NONE)

# 16 ── nothing to do. Kustomize, Flux: longer to start than the Kustomization waits, shorter than its startup probe allows
scenario("ledger-warms-rates", "flux", {
    "base/ledger.yaml": dump(workload("Deployment", "ledger", container("ledger", "java", image="acme/ledger", env={"START_SECONDS": "15", "LEDGER_BATCH_SIZE": "50"}, resources=RES,
        startupProbe=fields("http", "/actuator/health/liveness", periodSeconds=5, failureThreshold=36)), deadline=300), service("ledger")),
    "base/kustomization.yaml": kustomization("ledger.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(ledger="3.1.3")),
}, ["ledger 3.1.4 loads all rates before it serves, batches of 80",
    ["base/ledger.yaml", "value: '15'", "value: '80'"],
    ["base/ledger.yaml", "value: '50'", "value: '80'"],
    ["overlays/live/kustomization.yaml", "newTag: 3.1.3", "newTag: 3.1.4"]],
    "ledger starts for 80 s now, its startup probe allows 180 s, Flux waits for 60 s and says so once: healthy after two minutes",
    answer=NONE, path="overlays/live")


# It did not fail: the init container of the new pods got an answer, and all was well.
for one in SCENARIOS:
    if one["id"] == "cache-off-default-port":
        one["answer"], one["expected"] = NONE, None


# What was expected in another form than the rendered objects have it: new items and objects as a whole, and what else of a commit stays.
CORRECTED = {'feeds-chart-grouped': {'class': ['out-of-memory'],
                         'fixes': [[{'field': 'Deployment/feeds spec.template.spec.containers[name=worker].resources', 'to': 'before'}],
                                   [{'field': 'Deployment/feeds spec.template.spec.containers[name=worker].resources.limits.memory',
                                     'to': {'atLeast': '112Mi'}}],
                                   [{'field': 'Deployment/feeds spec.template.spec.containers[name=worker].resources',
                                     'to': {'value': {'limits': {'memory': '160Mi'}}}}]]}}
for one in SCENARIOS:
    if one["id"] in CORRECTED:
        one["expected"] = CORRECTED[one["id"]]
