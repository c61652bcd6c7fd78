"""Batch jobs, stateful services and gateways with their configuration beside them; squashed commits in which one line went wrong."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1956)

RES = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}
SMALL = {"requests": {"cpu": "10m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}


def budget(name, **more):
    return {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": name}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": name}}, **more}}


def release(name, values):
    return dump({"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": name}, "spec": {
        "interval": "30s", "timeout": "75s", "releaseName": name,
        "chart": {"spec": {"chart": "./charts/" + name, "reconcileStrategy": "Revision", "sourceRef": {"kind": "GitRepository", "name": "@NAME@", "namespace": "flux-system"}}},
        "install": {"remediation": {"retries": 2}}, "values": values}})


# 1 ── plain, Flux: a backend gets another name, the frontend's default still has the old one
HAPROXY = text("""
    global
      maxconn 2000
    defaults
      mode http
      timeout connect 5s
      timeout client 30s
      timeout server 30s
    frontend public
      bind :8404
      monitor-uri /healthz
      default_backend shop
    backend shop
      balance roundrobin
      server shop-a 10.20.0.11:8080
      server shop-b 10.20.0.12:8080
""")
HAPROXY_SPLIT = HAPROXY.replace("maxconn 2000", "maxconn 4000").replace("backend shop\n  balance", "backend storefront\n  balance") + text("""
    frontend partners
      bind :8405
      default_backend payments
    backend payments
      balance leastconn
      server pay-a 10.20.0.21:8080
""")
scenario("backend-split", "flux", {
    **one("configuration", configmap("balancer-config", haproxy__cfg=HAPROXY)),
    **one("deployment", workload("Deployment", "balancer", container("haproxy", "haproxy", "acme/balancer:3.1.0", volumeMounts=[{"name": "configuration", "mountPath": "/usr/local/etc/haproxy", "readOnly": True}]),
        replicas=2, pod={"volumes": [{"name": "configuration", "configMap": {"name": "balancer-config"}}]})),
    **one("service", service("balancer")),
}, ["Balancer 3.1.1, payments behind a backend and port of their own (#412)",
    ["deploy/configuration.yaml", None, dump(configmap("balancer-config", haproxy__cfg=HAPROXY_SPLIT))],
    ["deploy/deployment.yaml", "acme/balancer:3.1.0", "acme/balancer:3.1.1"],
    ["deploy/deployment.yaml", "          containerPort: 8404\n", "          containerPort: 8404\n        - name: partners\n          containerPort: 8405\n"],
    ["deploy/service.yaml", "    targetPort: http\n", "    targetPort: http\n  - name: partners\n    port: 8405\n    targetPort: partners\n"]],
    "backend shop is called storefront now, frontend public still has default_backend shop",
    expected=expect("crash-on-start",
        [('ConfigMap/balancer-config data["haproxy.cfg"]', value(HAPROXY_SPLIT.replace("default_backend shop", "default_backend storefront")))],
        [('ConfigMap/balancer-config data["haproxy.cfg"]', value(HAPROXY_SPLIT.replace("backend storefront\n", "backend shop\n")))]))

# 2 ── plain, Flux: the settings of a database move into a ConfigMap, one stays behind
scenario("database-env-moved", "flux", {
    **one("statefulset", workload("StatefulSet", "ledger-db", container("postgres", "postgres", args=["-c", "max_connections=100"],
        env={"POSTGRES_PASSWORD": {"secretKeyRef": {"name": "ledger-db", "key": "password"}}, "POSTGRES_DB": "ledger", "TZ": "Europe/Berlin", "PGDATA": "/var/lib/postgresql/data/pgdata"},
        volumeMounts=[{"name": "data", "mountPath": "/var/lib/postgresql/data"}]),
        pod={"terminationGracePeriodSeconds": 15, "volumes": [{"name": "data", "emptyDir": {"sizeLimit": "256Mi"}}], "initContainers": [
            {"name": "archive-directory", "image": "busybox:1.36", "command": ["sh", "-c", "mkdir -p /data/wal-archive && chmod 0700 /data/wal-archive"], "resources": SMALL, "volumeMounts": [{"name": "data", "mountPath": "/data"}]}]})),
    **one("service", service("ledger-db", port=5432, clusterIP="None")),
}, ["ledger-db: settings in a ConfigMap, room for month end (#97)",
    ["deploy/settings.yaml", None, dump(configmap("ledger-db-settings", POSTGRES_DB="ledger", TZ="Europe/Berlin"))],
    ["deploy/statefulset.yaml", "        - name: POSTGRES_DB\n          value: ledger\n        - name: TZ\n          value: Europe/Berlin\n        - name: PGDATA\n          value: /var/lib/postgresql/data/pgdata\n",
     "        envFrom:\n        - configMapRef:\n            name: ledger-db-settings\n"],
    ["deploy/statefulset.yaml", "        - max_connections=100\n", "        - max_connections=200\n        - -c\n        - work_mem=8MB\n"],
    ["deploy/statefulset.yaml", "memory: 96Mi", "memory: 128Mi"]],
    "PGDATA got lost on the way to the ConfigMap: the default directory is the volume's root, which holds wal-archive, initdb refuses",
    expected=expect("crash-on-start",
        [("ConfigMap/ledger-db-settings data.PGDATA", value("/var/lib/postgresql/data/pgdata"))],
        [(c("StatefulSet", "ledger-db", "postgres", "env[name=PGDATA].value"), BEFORE)]),
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: ledger-db\nstringData:\n  password: only-for-tests\n")

# 3 ── plain, Argo CD: the migration before the sync looks into a directory that the image has not
scenario("migration-location", "argocd", {
    **one("migration", workload("Job", "orders-schema", {"name": "flyway", "image": "acme/schema:22", "env": [
        {"name": "FLYWAY_URL", "value": "jdbc:postgresql://10.20.0.5:5432/orders"}, {"name": "FLYWAY_LOCATIONS", "value": "filesystem:/app/sql"}], "resources": RES},
        meta={"annotations": {"argocd.argoproj.io/hook": "PreSync", "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation"}})),
    **one("deployment", workload("Deployment", "orders", container("orders", "shop", "acme/payments:1.4.1", resources=RES), replicas=2)),
    **one("service", service("orders")),
}, ["Orders 1.4.2, schema 23, migrations under their own user (#1204)",
    ["deploy/migration.yaml", "acme/schema:22", "acme/schema:23"],
    ["deploy/migration.yaml", "          value: filesystem:/app/sql\n", "          value: filesystem:/app/sql/orders\n        - name: FLYWAY_USER\n          value: orders_migrator\n"],
    ["deploy/deployment.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"],
    ["deploy/budget.yaml", None, dump(budget("orders"))]],
    "PreSync hook: FLYWAY_LOCATIONS names /app/sql/orders, which image acme/schema:23 has not",
    expected=expect("job-failed crash-on-start", [("Job/orders-schema spec.template.spec.containers[name=flyway].env[name=FLYWAY_LOCATIONS].value", BEFORE)]))

# 4 ── Helm, Flux: a unit of Kubernetes in a file of Redis
scenario("sessions-maxmemory", "flux", {
    "charts/sessions/Chart.yaml": "apiVersion: v2\nname: sessions\nversion: 1.6.0\n",
    "charts/sessions/values.yaml": text("""
        image:
          repository: acme/cache
          tag: 7.4.1
        replicas: 1
        # lines of redis.conf
        config:
          appendonly: "no"
          maxmemory: 16mb
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 64Mi}
    """),
    "charts/sessions/templates/configmap.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ .Release.Name }}-config
        data:
          redis.conf: |
            {{- range $key, $value := .Values.config }}
            {{ $key }} {{ $value }}
            {{- end }}
    """),
    "charts/sessions/templates/statefulset.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: {{ .Release.Name }}
        spec:
          serviceName: {{ .Release.Name }}
          replicas: {{ .Values.replicas }}
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
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  args:
                    - /etc/redis/redis.conf
                  ports:
                    - name: redis
                      containerPort: 6379
                  readinessProbe:
                    httpGet:
                      path: /ping
                      port: redis
                    periodSeconds: 4
                  resources:
                    {{- toYaml .Values.resources | nindent 20 }}
                  volumeMounts:
                    - name: config
                      mountPath: /etc/redis
              volumes:
                - name: config
                  configMap:
                    name: {{ .Release.Name }}-config
    """),
    "charts/sessions/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
        spec:
          clusterIP: None
          selector:
            app: {{ .Release.Name }}
          ports:
            - name: redis
              port: 6379
              targetPort: redis
    """),
    "releases/sessions.yaml": release("sessions", {"image": {"tag": "7.4.1"}, "config": {"maxmemory": "32mb"}, "resources": {"limits": {"memory": "64Mi"}}}),
}, ["Sessions: Redis 7.4.2, evict the oldest, more memory (#318)",
    ["releases/sessions.yaml", "tag: 7.4.1", "tag: 7.4.2"],
    ["releases/sessions.yaml", "      maxmemory: 32mb\n", "      maxmemory: 80Mi\n      maxmemory-policy: allkeys-lru\n"],
    ["releases/sessions.yaml", "memory: 64Mi", "memory: 112Mi"]],
    "redis.conf says maxmemory 80Mi, which is a unit of Kubernetes: Redis wants 80mb",
    expected=expect("crash-on-start helm-failed",
        [('ConfigMap/sessions-config data["redis.conf"]', value("appendonly no\nmaxmemory 80mb\nmaxmemory-policy allkeys-lru\n"))],
        [('ConfigMap/sessions-config data["redis.conf"]', value("appendonly no\nmaxmemory 32mb\nmaxmemory-policy allkeys-lru\n"))]),
    path="releases")

# 5 ── Helm, Argo CD: a flag of the gateway in the plural
FLAG = "Deployment/edge-gateway spec.template.spec.containers[name=traefik].args[3]"
scenario("gateway-flags", "argocd", {
    "charts/edge-gateway/Chart.yaml": "apiVersion: v2\nname: edge-gateway\nversion: 0.14.2\n",
    "charts/edge-gateway/values.yaml": text("""
        tag: 3.2.1
        replicas: 1
        webPort: 8000
        # further flags, as in the reference of the static configuration
        flags: []
        memory: 64Mi
    """),
    "charts/edge-gateway/templates/gateway.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Chart.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 80
          selector:
            matchLabels: {app: {{ .Chart.Name }}}
          template:
            metadata:
              labels: {app: {{ .Chart.Name }}}
            spec:
              containers:
                - name: traefik
                  image: acme/gateway:{{ .Values.tag }}
                  args:
                    - --entrypoints.web.address=:{{ .Values.webPort }}
                    - --ping=true
                    {{- range .Values.flags }}
                    - {{ . }}
                    {{- end }}
                  ports:
                    - {name: web, containerPort: {{ .Values.webPort }}}
                  readinessProbe:
                    httpGet: {path: /ping, port: web}
                    periodSeconds: 4
                  livenessProbe:
                    httpGet: {path: /ping, port: web}
                    initialDelaySeconds: 5
                    periodSeconds: 10
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: {{ .Values.memory }}}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Chart.Name }}
        spec:
          selector: {app: {{ .Chart.Name }}}
          ports:
            - {name: web, port: 80, targetPort: web}
    """),
    "environments/live/edge-gateway.yaml": text("""
        replicas: 2
        flags:
          - --log.level=WARN
    """),
}, ["Edge gateway 3.2.3 for live: info level, log of requests, more memory",
    ["environments/live/edge-gateway.yaml", "replicas: 2\n", "tag: 3.2.3\nreplicas: 2\nmemory: 96Mi\n"],
    ["environments/live/edge-gateway.yaml", "  - --log.level=WARN\n", "  - --log.level=INFO\n  - --accesslogs=true\n"]],
    "Traefik knows --accesslog, not --accesslogs",
    expected=expect("crash-on-start", [(FLAG, value("--accesslog=true"))], [(FLAG, value("--accesslog"))], [(FLAG, GONE)]),
    path="charts/edge-gateway", source={"helm": {"valueFiles": ["../../environments/live/edge-gateway.yaml"]}})

# 6 ── Kustomize, Flux: what the init container writes goes to a new volume, the program reads the old one
NATS = text("""
    # %SERVER% is filled in when the pod starts
    server_name: %SERVER%
    port: 4222
    http_port: 8222
    max_payload: 1MB
""")
M = lambda rest: c("StatefulSet", "bus", "nats", "volumeMounts" + rest)
I = lambda rest: c("StatefulSet", "bus", "render", "volumeMounts" + rest, init=True)
scenario("rendered-elsewhere", "flux", {
    "bus/base/statefulset.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: bus
        spec:
          serviceName: bus
          replicas: 1
          selector:
            matchLabels:
              app: bus
          template:
            metadata:
              labels:
                app: bus
            spec:
              initContainers:
                - name: render
                  image: busybox:1.36
                  command:
                    - sh
                    - -ec
                    - |
                      sed "s/%SERVER%/$SERVER/" /templates/nats.conf.tmpl >/out/nats.conf
                      echo "wrote /out/nats.conf"
                  env:
                    - name: SERVER
                      valueFrom:
                        fieldRef:
                          fieldPath: metadata.name
                  resources:
                    requests: {cpu: 10m, memory: 8Mi}
                    limits: {memory: 32Mi}
                  volumeMounts:
                    - name: templates
                      mountPath: /templates
                    - name: work
                      mountPath: /out
              containers:
                - name: nats
                  image: acme/bus
                  args: [-c, /etc/nats/nats.conf]
                  ports:
                    - name: client
                      containerPort: 4222
                    - name: monitor
                      containerPort: 8222
                  readinessProbe:
                    httpGet: {path: /healthz, port: monitor}
                    periodSeconds: 4
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  volumeMounts:
                    - name: work
                      mountPath: /etc/nats
              volumes:
                - name: templates
                  configMap:
                    name: bus-templates
                - name: work
                  emptyDir: {}
    """),
    "bus/base/nats.conf.tmpl": NATS,
    "bus/base/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: bus
        spec:
          clusterIP: None
          selector:
            app: bus
          ports:
            - name: client
              port: 4222
              targetPort: client
    """),
    "bus/base/kustomization.yaml": kustomization("statefulset.yaml", "service.yaml", configMapGenerator=[{"name": "bus-templates", "files": ["nats.conf.tmpl"]}]),
    "bus/live/kustomization.yaml": kustomization("../base", images=[{"name": "acme/bus", "newTag": "2.10.22"}], replicas=[{"name": "bus", "count": 2}]),
}, ["Bus 2.10.24, payloads of 4 MB, configuration only in memory (#55)",
    ["bus/base/nats.conf.tmpl", "max_payload: 1MB\n", "max_payload: 4MB\nmax_connections: 2000\n"],
    ["bus/base/statefulset.yaml", "            - name: work\n              mountPath: /out\n", "            - name: rendered\n              mountPath: /out\n"],
    ["bus/base/statefulset.yaml", "        - name: work\n          emptyDir: {}\n", "        - name: work\n          emptyDir: {}\n        - name: rendered\n          emptyDir:\n            medium: Memory\n            sizeLimit: 1Mi\n"],
    ["bus/live/kustomization.yaml", "newTag: 2.10.22", "newTag: 2.10.24"]],
    "render writes nats.conf into the volume rendered now, nats still mounts the volume work, which is empty",
    expected=expect("volume-mount crash-on-start config-missing",
        [(M("[name=rendered].mountPath"), value("/etc/nats")), (M("[name=work]"), GONE)],
        [(M("[name=rendered].mountPath"), value("/etc/nats")), (M("[name=work]"), GONE), (pod("StatefulSet", "bus", "volumes[name=work]"), GONE)],
        [(I("[name=work]"), BEFORE), (I("[name=rendered]"), GONE)]),
    path="bus/live")

# 7 ── Kustomize, Argo CD: live merges into a generated ConfigMap that has another name now; one more commit on top
scenario("merge-without-partner", "argocd", {
    "base/deployment.yaml": dump(workload("Deployment", "gateway", container("router", "router", "acme/router", env={"ROUTER_UPSTREAM": None}, envFrom=[{"configMapRef": {"name": "gateway-env"}}]))),
    "base/service.yaml": dump(service("gateway")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", configMapGenerator=[{"name": "gateway-env", "literals": ["ROUTER_UPSTREAM=http://10.20.0.5:80", "PORT=8080"]}], images=[{"name": "acme/router", "newTag": "0.38.0"}]),
    "overlays/staging/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "gateway-env", "behavior": "merge", "literals": ["ROUTER_UPSTREAM=http://10.30.0.5:80"]}]),
    "overlays/live/kustomization.yaml": kustomization("../../base", replicas=[{"name": "gateway", "count": 2}], configMapGenerator=[{"name": "gateway-env", "behavior": "merge", "literals": ["ROUTER_UPSTREAM=http://10.20.0.7:80"]}]),
}, [{"subject": "Gateway 0.39.0, settings named like everywhere else, disruption budget (#230)", "edit": [
        ["base/kustomization.yaml", "gateway-env", "gateway-settings"],
        ["base/kustomization.yaml", "newTag: 0.38.0", "newTag: 0.39.0"],
        ["base/kustomization.yaml", "  - service.yaml\n", "  - service.yaml\n  - budget.yaml\n"],
        ["base/budget.yaml", None, dump(budget("gateway"))],
        ["base/deployment.yaml", "name: gateway-env", "name: gateway-settings"],
        ["overlays/staging/kustomization.yaml", "gateway-env", "gateway-settings"]]},
    {"subject": "Three gateways for the weekend", "wait": 30, "edit": [["overlays/live/kustomization.yaml", "count: 2", "count: 3"]]}],
    "overlays/live merges into generated ConfigMap gateway-env, which the base calls gateway-settings since the first commit: kustomize cannot merge",
    expected=expect("render-failed", [], keep=[
        (c("Deployment", "gateway", "router", "image"), value("acme/router:0.39.0")), ("Deployment/gateway spec.replicas", value(3)),
        ("PodDisruptionBudget/gateway spec.maxUnavailable", value(1)), ("ConfigMap/gateway-settings-# data.ROUTER_UPSTREAM", value("http://10.20.0.7:80")), ("ConfigMap/gateway-settings-# data.PORT", value("8080"))]),
    path="overlays/live")

# 8 ── plain, Argo CD: a sidecar without resources where a quota wants them
SHIPPER = text("""
          - name: shipper
            image: busybox:1.37
            command:
            - sh
            - -c
            - touch /audit/audit.log; exec tail -n +1 -F /audit/audit.log
            volumeMounts:
            - name: audit
              mountPath: /audit
          volumes:
          - name: audit
            emptyDir:
              sizeLimit: 64Mi
""")
S = lambda rest: c("Deployment", "archiver", "shipper", rest)
scenario("shipper-sidecar", "argocd", {
    **one("archiver", workload("Deployment", "archiver", container("archiver", "shop", "acme/worker:1.4.1", env={"WRITE_FILE": "/tmp/audit.log"}, resources=RES), deadline=75), service("archiver")),
    **one("quota", {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "archive-team"}, "spec": {"hard": {"requests.memory": "512Mi", "limits.memory": "768Mi"}}}),
    **one("cleanup", workload("CronJob", "archive-cleanup", {"name": "cleanup", "image": "busybox:1.37", "command": ["sh", "-c", "echo nothing older than 90 days"], "resources": SMALL}, spec={"schedule": "*/5 * * * *"})),
}, ["Archiver 1.4.2 with its audit log on standard output (#78)",
    ["deploy/archiver.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"],
    ["deploy/archiver.yaml", "value: /tmp/audit.log\n", "value: /audit/audit.log\n"],
    ["deploy/archiver.yaml", "          periodSeconds: 5\n", "          periodSeconds: 5\n        volumeMounts:\n        - name: audit\n          mountPath: /audit\n" + textwrap.indent(SHIPPER, "      ")],
    ["deploy/cleanup.yaml", "*/5 * * * *", "*/10 * * * *"]],
    "ResourceQuota archive-team wants memory requests and limits of every container, the new sidecar shipper has none: no pod can be created",
    expected=expect("quota limit-range",
        [(S("resources.limits.memory"), ANY)],
        [(S("resources.limits.memory"), ANY), (S("resources.requests.memory"), ANY)],
        [(S("resources"), ANY)]))

# 9 ── Kustomize, Flux: the sidecar that starts first is asked at a path that it has not
P = lambda rest: c("Deployment", "quotes", "router", "startupProbe.httpGet." + rest, init=True)
scenario("sidecar-gate", "flux", {
    "base/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: quotes
        spec:
          replicas: 1
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: quotes
          template:
            metadata:
              labels:
                app: quotes
            spec:
              initContainers:
                # runs beside the service, and before it
                - name: router
                  image: acme/router:0.38.0
                  restartPolicy: Always
                  env:
                    - name: ROUTER_UPSTREAM
                      value: http://127.0.0.1:8000
                  ports:
                    - name: router
                      containerPort: 8080
                  startupProbe:
                    httpGet: {path: /livez, port: router}
                    periodSeconds: 3
                    failureThreshold: 10
                  readinessProbe:
                    httpGet: {path: /readyz, port: router}
                    periodSeconds: 5
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 48Mi}
              containers:
                - name: quotes
                  image: acme/quotes:1.12.0
                  env:
                    - name: DATABASE_URL
                      value: postgresql://quotes@10.20.0.5/quotes
                  ports:
                    - name: http
                      containerPort: 8000
                  readinessProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 5
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
    """),
    "base/service.yaml": dump(service("quotes", target="router")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", patches=[{"path": "live.yaml"}]),
    "overlays/live/live.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: quotes
        spec:
          replicas: 2
          template:
            spec:
              containers:
                - name: quotes
                  env:
                    - name: POOL_SIZE
                      value: "10"
    """),
}, ["Live: quotes 1.12.1 and router 0.39.0, wait until the router can route (#641)",
    ["overlays/live/live.yaml", "      containers:\n        - name: quotes\n", textwrap.indent(text("""
        initContainers:
          - name: router
            image: acme/router:0.39.0
            startupProbe:
              httpGet:
                path: /ready
              periodSeconds: 2
        containers:
          - name: quotes
            image: acme/quotes:1.12.1
    """), "      ")],
    ["overlays/live/live.yaml", 'value: "10"', 'value: "20"']],
    "live's patch lets the router's startup probe ask /ready, the router answers at /readyz (and /livez): 404, and the service behind it never starts",
    expected=expect("startup-probe startup", [(P("path"), BEFORE)], [(P("path"), value("/readyz"))]),
    path="overlays/live")

# 10 ── Kustomize, Argo CD: a field of a StatefulSet that cannot be changed
scenario("parallel-start", "argocd", {
    "tracker/base/statefulset.yaml": dump(workload("StatefulSet", "tracker", container("tracker", "shop", "acme/catalog", env={"CACHE_MB": "8"}, resources=RES), pod={"terminationGracePeriodSeconds": 10})),
    "tracker/base/service.yaml": dump(service("tracker", clusterIP="None")),
    "tracker/base/kustomization.yaml": kustomization("statefulset.yaml", "service.yaml"),
    "tracker/live/kustomization.yaml": kustomization("../base", images=[{"name": "acme/catalog", "newTag": "1.4.1"}], patches=[{"path": "scale.yaml"}]),
    "tracker/live/scale.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: tracker
        spec:
          replicas: 2
    """),
}, ["Tracker 1.4.2: three members that start together, budget, bigger cache (#17)",
    ["tracker/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"],
    ["tracker/live/kustomization.yaml", "  - ../base\n", "  - ../base\n  - budget.yaml\n"],
    ["tracker/live/budget.yaml", None, dump(budget("tracker"))],
    ["tracker/live/scale.yaml", "  replicas: 2\n", "  replicas: 3\n  podManagementPolicy: Parallel\n  updateStrategy:\n    rollingUpdate:\n      partition: 0\n"],
    ["tracker/base/statefulset.yaml", "value: '8'", "value: '16'"]],
    "podManagementPolicy of a StatefulSet is immutable: the API server refuses the whole update",
    expected=expect("invalid-manifest",
        [("StatefulSet/tracker spec.podManagementPolicy", GONE)],
        [("StatefulSet/tracker spec.podManagementPolicy", value("OrderedReady"))]),
    path="tracker/live")

# 11 ── Helm, Argo CD, never worked: the file is mounted elsewhere than where the program is told to read
scenario("ledger-first-release", "argocd", {
    "chart/Chart.yaml": "apiVersion: v2\nname: ledger\nversion: 0.1.0\n",
    "chart/values.yaml": text("""
        image: acme/ledger:3.1.3
        replicas: 1
        config:
          mountPath: /config
          properties: {}
        # where Spring reads it
        springConfigLocation: /config/application.properties
    """),
    "chart/templates/configmap.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: ledger-properties
        data:
          application.properties: |
            {{- range $key, $value := .Values.config.properties }}
            {{ $key }}={{ $value }}
            {{- end }}
    """),
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: ledger
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: ledger
          template:
            metadata:
              labels:
                app: ledger
            spec:
              containers:
                - name: ledger
                  image: {{ .Values.image }}
                  env:
                    - name: SPRING_CONFIG_LOCATION
                      value: {{ .Values.springConfigLocation }}
                    - name: REQUIRE_CONFIG
                      value: "true"
                    - name: JAVA_TOOL_OPTIONS
                      value: -XX:MaxRAMPercentage=70
                  ports:
                    - name: http
                      containerPort: 8080
                  readinessProbe:
                    httpGet: {path: /actuator/health/readiness, port: http}
                    periodSeconds: 5
                  livenessProbe:
                    httpGet: {path: /actuator/health/liveness, port: http}
                    initialDelaySeconds: 15
                    periodSeconds: 10
                  resources:
                    requests: {cpu: 10m, memory: 32Mi}
                    limits: {memory: 96Mi}
                  volumeMounts:
                    - name: properties
                      mountPath: {{ .Values.config.mountPath }}
                      readOnly: true
              volumes:
                - name: properties
                  configMap:
                    name: ledger-properties
    """),
    "chart/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: ledger
        spec:
          selector:
            app: ledger
          ports:
            - name: http
              port: 80
              targetPort: http
    """),
    "environments/live.yaml": text("""
        image: acme/ledger:3.1.4
        replicas: 2
        config:
          mountPath: /etc/ledger
          properties:
            ledger.gateway.url: https://gateway.example/v2
            ledger.batch.size: "200"
    """),
}, [], "first release: live mounts the properties at /etc/ledger, SPRING_CONFIG_LOCATION says /config/application.properties", never_worked=True,
    expected=expect("volume-mount crash-on-start config-missing",
        [(c("Deployment", "ledger", "ledger", "volumeMounts[name=properties].mountPath"), value("/config"))],
        [(c("Deployment", "ledger", "ledger", "env[name=SPRING_CONFIG_LOCATION].value"), value("/etc/ledger/application.properties"))]),
    path="chart", source={"helm": {"valueFiles": ["../environments/live.yaml"]}})

# 12 ── Kustomize, Flux: fx listens elsewhere, its Service does not know; those who ask it fail
FX = c("Deployment", "fx", "fx", "")
scenario("fx-moves-port", "flux", {
    "apps/fx/deployment.yaml": dump(workload("Deployment", "fx", container("fx", "shop", "acme/catalog:1.4.1", env={"PORT": "8080"}, resources=RES))),
    "apps/fx/service.yaml": dump(service("fx", target=8080)),
    "apps/fx/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "apps/pricer/deployment.yaml": dump(workload("Deployment", "pricer", container("pricer", "go", "acme/pricer:2.4.6", env={"FX_ADDR": "$(FX_SERVICE_HOST):80"}, args=["-listen=:9000"]), deadline=80)),
    "apps/pricer/service.yaml": dump(service("pricer")),
    "apps/pricer/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "apps/snapshot/cronjob.yaml": dump(workload("CronJob", "fx-snapshot", {"name": "snapshot", "image": "busybox:1.36", "command": ["sh", "-c", 'wget -q -T 5 -O /dev/null "http://$FX_SERVICE_HOST:80/" && echo "rates saved"'], "resources": SMALL})),
    "apps/snapshot/kustomization.yaml": kustomization("cronjob.yaml"),
    "clusters/eu-2/kustomization.yaml": kustomization("../../apps/fx", "../../apps/pricer", "../../apps/snapshot", labels=[{"pairs": {"cluster": "eu-2"}}]),
}, ["fx 1.4.2 off port 8080, pricer 2.4.7, fewer snapshots (#866)",
    ["apps/fx/deployment.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"],
    ["apps/fx/deployment.yaml", "value: '8080'", "value: '9090'"],
    ["apps/fx/deployment.yaml", "containerPort: 8080", "containerPort: 9090"],
    ["apps/pricer/deployment.yaml", "acme/pricer:2.4.6", "acme/pricer:2.4.7"],
    ["apps/pricer/deployment.yaml", "-listen=:9000\n", "-listen=:9000\n        - -log-level=warn\n"],
    ["apps/snapshot/cronjob.yaml", "schedule: '* * * * *'", "schedule: '*/2 * * * *'"]],
    "fx listens on 9090 now, Service fx still sends to targetPort 8080: pricer and the snapshots get no connection",
    expected=expect("service-port dependency-address crash-on-start",
        [("Service/fx spec.ports[name=http].targetPort", value(9090))],
        [("Service/fx spec.ports[name=http].targetPort", value("http"))],
        [(FX + "env[name=PORT].value", BEFORE), (FX + "ports[name=http].containerPort", BEFORE)]),
    path="clusters/eu-2")

# 13 ── for people. plain, Argo CD: the broker does not take the password any more
SASL = {"name": "SASL_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "shipping-kafka", "key": "password"}}}
scenario("broker-password", "argocd", {
    **one("consumer", workload("Deployment", "shipping", {"name": "consumer", "image": "acme/shipping:3.9.0", "env": [
        {"name": "CONSUMER_BOOTSTRAP_SERVERS", "value": "10.20.0.9:9094"}, {"name": "CONSUMER_AUTO_OFFSET_RESET", "value": "earliest"}, SASL],
        "ports": [{"name": "http", "containerPort": 8080}], "readinessProbe": {"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 5}, "resources": RES}, deadline=90)),
    **one("lag", workload("CronJob", "shipping-lag", {"name": "lag", "image": "acme/shipping:3.9.0", "env": [
        {"name": "CONSUMER_BOOTSTRAP_SERVERS", "value": "10.20.0.9:9094"}, {"name": "ONCE", "value": "true"}, SASL], "resources": RES})),
}, ["Shipping 3.9.1, new groups begin at the latest record",
    ["deploy/consumer.yaml", "acme/shipping:3.9.0", "acme/shipping:3.9.1"],
    ["deploy/consumer.yaml", "value: earliest", "value: latest"],
    ["deploy/lag.yaml", "acme/shipping:3.9.0", "acme/shipping:3.9.1"]],
    "the Secret shipping-kafka, which is not in git, was changed by hand and the broker refuses its password: whoever has the credential must set it; the commit did nothing wrong",
    answer=HUMAN, expected=expect("crash-on-start"),
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: shipping-kafka\n  annotations:\n    owner: team streaming\nstringData:\n  password: valid\n",
    then=[[-8, """kubectl -n $NAMESPACE patch secret shipping-kafka -p '{"stringData":{"password":"rotated-in-november"}}'"""]])

# 14 ── for people. Kustomize, Flux: another team has used up the namespace's quota
scenario("shared-quota-used-up", "flux", {
    "base/deployment.yaml": dump(workload("Deployment", "tariffs", container("tariffs", "shop", "acme/payments", resources={"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "96Mi"}}),
        replicas=2, deadline=80, spec={"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}})),
    "base/service.yaml": dump(service("tariffs")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/payments", "newTag": "1.4.1"}]),
}, ["Tariffs 1.4.2", ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "ResourceQuota namespace-budget (platform team) is used up since team analytics scaled its Deployment exports, which is not in this repository: people must agree",
    answer=HUMAN, expected=expect("quota"), path="overlays/live",
    given=dump({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "namespace-budget", "annotations": {"owner": "platform team"}}, "spec": {"hard": {"limits.memory": "448Mi"}}},
        workload("Deployment", "exports", container("exports", "shop", "acme/worker:1.4.0", resources={"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "96Mi"}}), labels={"team": "analytics"}, meta={"annotations": {"owner": "team analytics"}})),
    then=[[-12, "kubectl -n $NAMESPACE scale deployment exports --replicas=2"]])

# 15 ── nothing to do. plain, Argo CD: five members warm up one after another, which takes its time
scenario("warm-up-in-turn", "argocd", {
    **one("statefulset", workload("StatefulSet", "inventory", {"name": "inventory", "image": "acme/inventory:1.9", "env": [{"name": "CACHE_TTL", "value": "30s"}, {"name": "WARMUP_SECONDS", "value": "2"}],
        "ports": [{"name": "http", "containerPort": 8080}],
        "startupProbe": {"httpGet": {"path": "/livez", "port": "http"}, "periodSeconds": 3, "failureThreshold": 60},
        "readinessProbe": {"httpGet": {"path": "/readyz", "port": "http"}, "periodSeconds": 5}, "resources": RES}, replicas=5, pod={"terminationGracePeriodSeconds": 10})),
    **one("service", service("inventory", clusterIP="None")),
    **one("budget", budget("inventory")),
}, ["Inventory 1.10 loads all keys before it serves",
    ["deploy/statefulset.yaml", "acme/inventory:1.9", "acme/inventory:1.10"],
    ["deploy/statefulset.yaml", "value: '2'", "value: '95'"],
    ["deploy/statefulset.yaml", "value: 30s", "value: 5m"]],
    "each of five members warms up for 95 s, within the startup probe's 180 s, one after another: the rollout goes on by itself",
    answer=NONE, expected=expect("healthy recovering"))

# 16 ── nothing to do. plain, Flux: the Job's first attempts come before what it asks has started
scenario("import-tries-again", "flux", {
    **one("warehouse", workload("Deployment", "warehouse", container("warehouse", "shop", "acme/catalog:1.4.1", env={"START_SECONDS": "1"}, resources=RES, live={"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 40, "periodSeconds": 10}),
        deadline=180, spec={"strategy": {"type": "Recreate"}}), service("warehouse")),
    **one("import", workload("Job", "stock-import", {"name": "import", "image": "busybox:1.36", "env": [{"name": "BATCH", "value": "500"}], "resources": SMALL,
        "command": ["sh", "-c", 'echo "reading the files of the day"\nsleep 5\nfor i in 1 2 3; do\n  wget -q -T 2 -O /dev/null "http://$WAREHOUSE_SERVICE_HOST/readyz" && { echo "stock imported in batches of $BATCH"; exit 0; }\n  sleep 2\ndone\necho "warehouse does not answer yet, next attempt later"\nexit 1\n']},
        spec={"backoffLimit": 6, "activeDeadlineSeconds": 400}, meta={"annotations": {"kustomize.toolkit.fluxcd.io/force": "enabled"}})),
}, ["Warehouse 1.4.2 with the whole stock, import in bigger batches",
    ["deploy/warehouse.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"],
    ["deploy/warehouse.yaml", "value: '1'", "value: '25'"],
    ["deploy/import.yaml", "value: '500'", "value: '2000'"]],
    "the Job's first attempts fail while warehouse starts (25 s), a later one succeeds: healthy when looked at",
    answer=NONE, expected=expect("healthy recovering"))


# What was expected, corrected in form after it was played: every rendered field that such a fix changes, as it is called there.
CORRECTED = {'database-env-moved': {'class': ['crash-on-start'],
                        'fixes': [[{'field': 'ConfigMap/ledger-db-settings data.PGDATA', 'to': {'value': '/var/lib/postgresql/data/pgdata'}}],
                                  [{'field': 'StatefulSet/ledger-db spec.template.spec.containers[name=postgres].env[name=PGDATA].value', 'to': 'before'}],
                                  [{'field': 'StatefulSet/ledger-db spec.template.spec.containers[name=postgres].env[name=PGDATA]', 'to': 'before'}]]},
 'gateway-flags': {'class': ['crash-on-start'],
                   'fixes': [[{'field': 'Deployment/edge-gateway spec.template.spec.containers[name=traefik].args[3]', 'to': {'value': '--accesslog=true'}}],
                             [{'field': 'Deployment/edge-gateway spec.template.spec.containers[name=traefik].args[3]', 'to': {'value': '--accesslog'}}],
                             [{'field': 'Deployment/edge-gateway spec.template.spec.containers[name=traefik].args[3]', 'to': 'gone'}],
                             [{'field': 'Deployment/edge-gateway spec.template.spec.containers[name=traefik].args',
                               'to': {'value': ['--entrypoints.web.address=:8000', '--ping=true', '--log.level=INFO']}}]]},
 'merge-without-partner': {'class': ['render-failed'],
                           'fixes': [[]],
                           'keep': [{'field': 'ConfigMap/gateway-env-#', 'to': 'gone'},
                                    {'field': 'Deployment/gateway spec.replicas', 'to': {'value': 3}},
                                    {'field': 'Deployment/gateway spec.template.spec.containers[name=router].envFrom[0].configMapRef.name', 'to': {'value': 'gateway-settings-#'}},
                                    {'field': 'Deployment/gateway spec.template.spec.containers[name=router].image', 'to': {'value': 'acme/router:0.39.0'}},
                                    {'field': 'ConfigMap/gateway-settings-#', 'to': 'any'},
                                    {'field': 'PodDisruptionBudget/gateway', 'to': 'any'}]},
 'broker-password': {'class': ['crash-on-start', 'job-failed'], 'fixes': []}}
for one in SCENARIOS:
    if one["id"] in CORRECTED:
        one["expected"] = CORRECTED[one["id"]]
