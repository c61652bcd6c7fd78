"""The fourth batch, written before anything was made to fit it: shop-400 and on, ordinary incidents of one commit, about one for each failure class.

Before it is played: `kubectl label node node-1 node-pool=general`, api-door.py at 10.99.0.1:8002, and `python3 -m http.server 15432 --bind 10.99.0.1` with its
process id in /tmp/batch-d-database.pid (the database outside of the cluster that goes away).
"""
import pathlib, runpy
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))

SCENARIOS, scenario = batch(400)


# A chart as teams write one for all their services.
CHART = {
    "charts/service/Chart.yaml": "apiVersion: v2\nname: service\ndescription: One of our services\nversion: 0.3.0\n",
    "charts/service/values.yaml": text("""
        replicaCount: 1
        image:
          repository: ""
          tag: ""
        args: []
        env: {}
        containerPort: 8080
        readinessPath: /readyz
        service:
          port: 80
          targetPort: http
        config:
          mountPath: /config
          files: {}
        persistence:
          enabled: false
          existingClaim: ""
          mountPath: /data
        nodeSelector: {}
        resources:
          requests:
            cpu: 10m
            memory: 24Mi
          limits:
            memory: 96Mi
        """),
    "charts/service/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
          labels:
            app.kubernetes.io/name: {{ .Release.Name }}
            app.kubernetes.io/managed-by: {{ .Release.Service }}
        spec:
          replicas: {{ .Values.replicaCount }}
          progressDeadlineSeconds: 60
          selector:
            matchLabels:
              app.kubernetes.io/name: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app.kubernetes.io/name: {{ .Release.Name }}
              {{- if .Values.config.files }}
              annotations:
                checksum/config: {{ include (print $.Template.BasePath "/configmap.yaml") . | sha256sum }}
              {{- end }}
            spec:
              {{- with .Values.nodeSelector }}
              nodeSelector:
                {{- toYaml . | nindent 8 }}
              {{- end }}
              containers:
                - name: app
                  image: "{{ .Values.image.repository }}:{{ required "image.tag is required" .Values.image.tag }}"
                  {{- with .Values.args }}
                  args:
                    {{- toYaml . | nindent 12 }}
                  {{- end }}
                  {{- with .Values.env }}
                  env:
                    {{- range $name, $value := . }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                  {{- end }}
                  ports:
                    - name: http
                      containerPort: {{ .Values.containerPort }}
                  readinessProbe:
                    httpGet:
                      path: {{ .Values.readinessPath }}
                      port: http
                    periodSeconds: 5
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  {{- if or .Values.config.files .Values.persistence.enabled }}
                  volumeMounts:
                    {{- if .Values.config.files }}
                    - name: config
                      mountPath: {{ .Values.config.mountPath }}
                    {{- end }}
                    {{- if .Values.persistence.enabled }}
                    - name: data
                      mountPath: {{ .Values.persistence.mountPath }}
                    {{- end }}
                  {{- end }}
              {{- if or .Values.config.files .Values.persistence.enabled }}
              volumes:
                {{- if .Values.config.files }}
                - name: config
                  configMap:
                    name: {{ .Release.Name }}-config
                {{- end }}
                {{- if .Values.persistence.enabled }}
                - name: data
                  persistentVolumeClaim:
                    claimName: {{ .Values.persistence.existingClaim }}
                {{- end }}
              {{- end }}
        """),
    "charts/service/templates/configmap.yaml": text("""
        {{- if .Values.config.files }}
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ .Release.Name }}-config
        data:
          {{- range $name, $content := .Values.config.files }}
          {{ $name }}: |
            {{- $content | nindent 4 }}
          {{- end }}
        {{- end }}
        """),
    "charts/service/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
        spec:
          selector:
            app.kubernetes.io/name: {{ .Release.Name }}
          ports:
            - name: http
              port: {{ .Values.service.port }}
              targetPort: {{ .Values.service.targetPort }}
        """),
}


def release(name, values):
    return text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 1m
          timeout: 60s
          releaseName: {name}
          chart:
            spec:
              chart: ./charts/service
              reconcileStrategy: Revision
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
          values:
        """) + textwrap.indent(text(values), "    ")


def argo_values(name):
    return {"helm": {"releaseName": name, "valueFiles": ["values-prod.yaml"]}}


STOREFRONT = text("""
    image:
      repository: acme/storefront
      tag: 9.4.0
    replicaCount: 1
    containerPort: 3000
    readinessPath: /api/health
    env:
      API_BASE_URL: https://api.example
    """)

# ---------------------------------------------------------------- images and commands
scenario("tag-with-v", "argocd",
    {"base/deployment.yaml": dump(workload("Deployment", "storefront", container("web", "node"), deadline=60)), "base/service.yaml": dump(service("storefront")), "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
     "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/storefront", "newTag": "9.4.0"}], replicas=[{"name": "storefront", "count": 1}])},
    ["prod: storefront 9.4.1, second replica", ["overlays/prod/kustomization.yaml", "newTag: 9.4.0", "newTag: v9.4.1"], ["overlays/prod/kustomization.yaml", "count: 1", "count: 2"]],
    "the tags of this image have no v; two replicas are wanted", path="overlays/prod",
    expected=expect("image-not-found", [(c("Deployment", "storefront", "web", "image"), BEFORE)], [(c("Deployment", "storefront", "web", "image"), value("acme/storefront:9.4.1"))]))
scenario("images-name", "flux",
    {"base/deployment.yaml": dump(workload("Deployment", "landing", container("web", "node", image="storefront"), deadline=60)), "base/service.yaml": dump(service("landing")), "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
     "overlays/staging/kustomization.yaml": kustomization("../../base", images=[{"name": "storefront", "newName": "acme/storefront", "newTag": "9.4.0"}])},
    ["landing: image name like the repository, owner", ["base/deployment.yaml", "image: storefront\n", "image: storefront-web\n"], ["base/deployment.yaml", "    app.kubernetes.io/name: landing\n", "    app.kubernetes.io/name: landing\n    owner: growth\n"]],
    "the overlay's images: still names storefront, so storefront-web is pulled as it stands; the label is wanted", path="overlays/staging",
    expected=expect("image-not-found image-registry image-unauthorized", [(c("Deployment", "landing", "web", "image"), BEFORE)]))
scenario("bash-for-sh", "flux", one("agent", workload("DaemonSet", "node-agent", container("agent", "go"), {"name": "heartbeat", "image": "busybox:1.36", "command": ["sh", "-c", "while true; do echo alive; sleep 20; done"], "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}})),
    ["heartbeat: busybox 1.37, bash", ["deploy/agent.yaml", "busybox:1.36", "busybox:1.37"], ["deploy/agent.yaml", "        - sh\n", "        - bash\n"]],
    "busybox has no bash; 1.37 is wanted",
    expected=expect("command-not-found crash-on-start", [(c("DaemonSet", "node-agent", "heartbeat", "command"), BEFORE)], [(c("DaemonSet", "node-agent", "heartbeat", "command[0]"), BEFORE)], [(c("DaemonSet", "node-agent", "heartbeat", "command[0]"), value("/bin/sh"))]))

# ---------------------------------------------------------------- crashes
scenario("retention-flag", "flux", {**CHART, "apps/metrics.yaml": release("metrics", """
        image:
          repository: acme/metrics
          tag: 3.0.1
        containerPort: 9090
        readinessPath: /-/ready
        args:
          - --config.file=/config/prometheus.yml
          - --storage.tsdb.retention.time=15d
        config:
          files:
            prometheus.yml: |
              global:
                scrape_interval: 30s
        """)},
    ["metrics 3.1.0, keep a month", ["apps/metrics.yaml", "tag: 3.0.1", "tag: 3.1.0"], ["apps/metrics.yaml", "--storage.tsdb.retention.time=15d", "--storage.tsdb.retention=30d"]],
    "the flag is --storage.tsdb.retention.time; release and month are wanted", path="apps",
    expected=expect("crash-on-start helm-failed", [(c("Deployment", "metrics", "app", "args[1]"), BEFORE)], [(c("Deployment", "metrics", "app", "args"), BEFORE)], [(c("Deployment", "metrics", "app", "args[1]"), value("--storage.tsdb.retention.time=30d"))]))
REDIS = "port 6379\nmaxmemory 64mb\nmaxmemory-policy allkeys-lru\ntcp-keepalive 300\n"
scenario("redis-conf", "argocd",
    {"deploy/cache.yaml": dump(workload("StatefulSet", "cache", container("redis", "redis", args=["/etc/redis/redis.conf"], volumeMounts=[{"name": "conf", "mountPath": "/etc/redis"}]), pod={"volumes": [{"name": "conf", "configMap": {"name": "cache-conf"}}]}), service("cache", clusterIP="None")),
     "deploy/redis.conf": REDIS, "deploy/kustomization.yaml": kustomization("cache.yaml", configMapGenerator=[{"name": "cache-conf", "files": ["redis.conf"]}])},
    ["cache: a little more memory, find dead clients sooner", ["deploy/redis.conf", "maxmemory 64mb", "maxmemory 72 mb"], ["deploy/redis.conf", "tcp-keepalive 300", "tcp-keepalive 60"]],
    "72 mb is written 72mb; the keepalive is wanted",
    expected=expect("crash-on-start", [('ConfigMap/cache-conf-# data["redis.conf"]', value(REDIS.replace("300", "60")))], [('ConfigMap/cache-conf-# data["redis.conf"]', value(REDIS.replace("300", "60").replace("64mb", "72mb")))]))
scenario("variable-cleaned-up", "argocd", one("reports", workload("Deployment", "reports", container("reports", "python", env={"TZ": "Europe/Berlin", "LEGACY_EXPORT": "off"}), replicas=2, deadline=60), service("reports")),
    ["reports 5.0.3, without variables that nobody uses", ["deploy/reports.yaml", ":5.0.2", ":5.0.3"], ["deploy/reports.yaml", "        - name: REDIS_URL\n          value: redis://cache:6379/0\n", ""], ["deploy/reports.yaml", "        - name: LEGACY_EXPORT\n          value: 'off'\n", ""]],
    "the program does use REDIS_URL; the release is wanted, LEGACY_EXPORT may go",
    expected=expect("crash-on-start", [(c("Deployment", "reports", "reports", "env[name=REDIS_URL]"), BEFORE)], [(c("Deployment", "reports", "reports", "env[name=REDIS_URL].value"), BEFORE)], [(c("Deployment", "reports", "reports", "env"), BEFORE)]))

# ---------------------------------------------------------------- references
scenario("config-renamed", "argocd",
    {"deploy/config.yaml": dump(configmap("mailer-config", SMTP_HOST="smtp.example", SMTP_PORT="587")), "deploy/mailer.yaml": dump(workload("Deployment", "mailer", container("mailer", "ruby", env={"SMTP_HOST": None}, envFrom=[{"configMapRef": {"name": "mailer-config"}}]), replicas=2, deadline=60), service("mailer"))},
    ["mailer 7.1.0, config names after the wiki", ["deploy/config.yaml", "name: mailer-config", "name: mailer-env"], ["deploy/mailer.yaml", ":7.0.5", ":7.1.0"]],
    "the ConfigMap is called mailer-env now, the Deployment still asks for mailer-config; the release is wanted",
    expected=expect("config-missing", [(c("Deployment", "mailer", "mailer", "envFrom[0].configMapRef.name"), value("mailer-env"))], [(c("Deployment", "mailer", "mailer", "envFrom"), value([{"configMapRef": {"name": "mailer-env"}}]))]))
scenario("key-upper-case", "flux",
    {"deploy/config.yaml": dump(configmap("quotes", pool_size="5", region="eu")), "deploy/quotes.yaml": dump(workload("Deployment", "quotes", container("quotes", "pydantic", env={"POOL_SIZE": {"configMapKeyRef": {"name": "quotes", "key": "pool_size"}}}), deadline=60), service("quotes"))},
    ["quotes 1.12.1, keys in upper case", ["deploy/config.yaml", "pool_size:", "POOL_SIZE:"], ["deploy/config.yaml", "region:", "REGION:"], ["deploy/quotes.yaml", ":1.12.0", ":1.12.1"]],
    "the key is POOL_SIZE now, the Deployment still asks for pool_size; the release is wanted",
    expected=expect("config-key-missing", [(c("Deployment", "quotes", "quotes", "env[name=POOL_SIZE].valueFrom.configMapKeyRef.key"), value("POOL_SIZE"))], [("ConfigMap/quotes data", BEFORE)], [("ConfigMap/quotes data.pool_size", BEFORE), ("ConfigMap/quotes data.POOL_SIZE", GONE)], [("ConfigMap/quotes data.pool_size", BEFORE)]))
scenario("secret-renamed-reference", "argocd",
    {"base/postgres.yaml": dump(workload("StatefulSet", "postgres", container("postgres", "postgres", env={"POSTGRES_PASSWORD": {"secretKeyRef": {"name": "postgres-credentials", "key": "password"}}})), service("postgres", clusterIP="None")), "base/kustomization.yaml": kustomization("postgres.yaml"),
     "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "tuning.yaml"}]),
     "overlays/prod/tuning.yaml": "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: postgres\nspec:\n  template:\n    spec:\n      containers:\n        - name: postgres\n          args: [\"-c\", \"max_connections=100\"]\n"},
    ["postgres: secret per application, more connections", ["base/postgres.yaml", "name: postgres-credentials", "name: postgres-app-credentials"], ["overlays/prod/tuning.yaml", "max_connections=100", "max_connections=200"]],
    "Secret postgres-app-credentials does not exist, postgres-credentials does; the connections are wanted", path="overlays/prod",
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: postgres-credentials\nstringData:\n  password: only-for-tests\n",
    expected=expect("secret-missing", [(c("StatefulSet", "postgres", "postgres", "env[name=POSTGRES_PASSWORD].valueFrom.secretKeyRef.name"), BEFORE)]))

# ---------------------------------------------------------------- memory and probes
scenario("limit-in-values", "argocd", {**CHART, "charts/service/values-prod.yaml": "# catalog, production\nimage:\n  repository: acme/catalog\n  tag: 1.4.0\nreplicaCount: 1\nenv:\n  CACHE_MB: \"90\"\nresources:\n  requests:\n    cpu: 10m\n    memory: 64Mi\n  limits:\n    memory: 192Mi\n"},
    ["catalog 1.4.1, limits after last month's usage", ["charts/service/values-prod.yaml", "tag: 1.4.0", "tag: 1.4.1"], ["charts/service/values-prod.yaml", "    memory: 192Mi", "    memory: 72Mi"]],
    "the program's cache alone holds 90 MB; the release is wanted", path="charts/service", source=argo_values("catalog"),
    expected=expect("out-of-memory", [(c("Deployment", "catalog", "app", "resources.limits.memory"), BEFORE)], [(c("Deployment", "catalog", "app", "resources.limits.memory"), at_least("100Mi"))]))
scenario("liveness-path", "flux", one("pricer", workload("Deployment", "pricer", container("pricer", "go", live={"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 5, "periodSeconds": 5}), deadline=60), service("pricer")),
    ["pricer 2.4.7, liveness path as in the template", ["deploy/pricer.yaml", ":2.4.6", ":2.4.7"], ["deploy/pricer.yaml", "path: /healthz", "path: /health/live"]],
    "the program has no /health/live; the release is wanted",
    expected=expect("liveness-probe", [(c("Deployment", "pricer", "pricer", "livenessProbe.httpGet.path"), BEFORE)]))
scenario("readiness-port", "argocd", one("indexer", workload("StatefulSet", "indexer", container("indexer", "rust", args=["--port=7700", "--threads=2"], ready={"httpGet": {"path": "/health", "port": 7700}, "periodSeconds": 5}), replicas=1), service("indexer", clusterIP="None")),
    ["indexer: four threads", ["deploy/indexer.yaml", "--threads=2", "--threads=4"], ["deploy/indexer.yaml", "port: 7700\n          periodSeconds: 5", "port: 7770\n          periodSeconds: 5"]],
    "the readiness probe asks 7770 instead of 7700; four threads are wanted",
    expected=expect("readiness-probe", [(c("StatefulSet", "indexer", "indexer", "readinessProbe.httpGet.port"), BEFORE)], [(c("StatefulSet", "indexer", "indexer", "readinessProbe.httpGet.port"), value("http"))]))
scenario("startup-too-short", "flux",
    {"base/ledger.yaml": dump(workload("Deployment", "ledger", container("ledger", "java", env={"START_SECONDS": "25"}), deadline=60), service("ledger")), "base/kustomization.yaml": kustomization("ledger.yaml"),
     "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/ledger", "newTag": "3.1.3"}], patches=[{"path": "startup.yaml"}]),
     "overlays/prod/startup.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ledger\nspec:\n  template:\n    spec:\n      containers:\n        - name: ledger\n          startupProbe:\n            httpGet:\n              path: /actuator/health/liveness\n              port: http\n            periodSeconds: 5\n            failureThreshold: 12\n"},
    ["ledger 3.1.4, notice hanging starts sooner", ["overlays/prod/kustomization.yaml", "newTag: 3.1.3", "newTag: 3.1.4"], ["overlays/prod/startup.yaml", "failureThreshold: 12", "failureThreshold: 3"]],
    "the program starts in 25 seconds, the probe gives it 15; the release is wanted", path="overlays/prod",
    expected=expect("startup-probe", [(c("Deployment", "ledger", "ledger", "startupProbe.failureThreshold"), at_least("6"))], [(c("Deployment", "ledger", "ledger", "startupProbe.periodSeconds"), at_least("10"))]))

# ---------------------------------------------------------------- placement
scenario("gibibytes", "argocd",
    {"base/search.yaml": dump(workload("Deployment", "search", container("search", "rust", args=["--port=7700"]), deadline=60), service("search")), "base/kustomization.yaml": kustomization("search.yaml"),
     "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "resources.yaml"}]),
     "overlays/prod/resources.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: search\nspec:\n  template:\n    spec:\n      containers:\n        - name: search\n          resources:\n            requests:\n              cpu: 10m\n              memory: 48Mi\n            limits:\n              memory: 96Mi\n"},
    ["prod: search gets more", ["overlays/prod/resources.yaml", "cpu: 10m", "cpu: 20m"], ["overlays/prod/resources.yaml", "memory: 48Mi", "memory: 64Gi"], ["overlays/prod/resources.yaml", "memory: 96Mi", "memory: 128Gi"]],
    "Gi instead of Mi: no node has 64Gi; the CPU is wanted", path="overlays/prod",
    expected=expect("unschedulable-resources", *[[(c("Deployment", "search", "search", "resources.requests.memory"), request), *limit] for request in (BEFORE, value("64Mi")) for limit in ([], [(c("Deployment", "search", "search", "resources.limits.memory"), BEFORE)], [(c("Deployment", "search", "search", "resources.limits.memory"), value("128Mi"))])]))
scenario("node-pool", "argocd", {**CHART, "charts/service/values-prod.yaml": STOREFRONT + "nodeSelector:\n  node-pool: general\n"},
    ["shop 9.4.1, on the pool's new name", ["charts/service/values-prod.yaml", "tag: 9.4.0", "tag: 9.4.1"], ["charts/service/values-prod.yaml", "node-pool: general", "node-pool: general-purpose"]],
    "no node has the label node-pool=general-purpose; the release is wanted", path="charts/service", source=argo_values("shop"),
    expected=expect("unschedulable-placement", [(pod("Deployment", "shop", "nodeSelector.node-pool"), BEFORE)], [(pod("Deployment", "shop", 'nodeSelector["node-pool"]'), BEFORE)], [(pod("Deployment", "shop", "nodeSelector"), BEFORE)]))

# ---------------------------------------------------------------- volumes
NGINX = "server {\n  listen 80;\n  location /healthz {\n    return 200;\n  }\n  location / {\n    root /app;\n  }\n}\n"
scenario("mount-one-above", "flux", one("edge", configmap("edge-conf", default__conf=NGINX), workload("Deployment", "edge", container("nginx", "nginx", volumeMounts=[{"name": "conf", "mountPath": "/etc/nginx/conf.d"}]), pod={"volumes": [{"name": "conf", "configMap": {"name": "edge-conf"}}]}, replicas=2, deadline=60), service("edge")),
    ["edge 1.27.3, mount the configuration where nginx has it", ["deploy/edge.yaml", ":1.27.2", ":1.27.3"], ["deploy/edge.yaml", "mountPath: /etc/nginx/conf.d", "mountPath: /etc/nginx"]],
    "nginx reads /etc/nginx/conf.d/default.conf, which is no longer mounted there; the release is wanted",
    expected=expect("volume-mount crash-on-start", [(c("Deployment", "edge", "nginx", "volumeMounts[name=conf].mountPath"), BEFORE)], [(c("Deployment", "edge", "nginx", "volumeMounts"), BEFORE)]))
scenario("claim-in-values", "flux",
    {**CHART, "apps/claim.yaml": dump({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "uploads"}, "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "", "volumeName": "@NAME@-uploads", "resources": {"requests": {"storage": "1Gi"}}}}),
     "apps/release.yaml": release("uploads", STOREFRONT + "persistence:\n  enabled: true\n  existingClaim: uploads\n")},
    ["uploads 9.4.1", ["apps/release.yaml", "tag: 9.4.0", "tag: 9.4.1"], ["apps/release.yaml", "existingClaim: uploads", "existingClaim: uploads-data"]],
    "there is no claim uploads-data, it is uploads; the release is wanted", path="apps",
    given="apiVersion: v1\nkind: PersistentVolume\nmetadata:\n  name: \"@NAME@-uploads\"\nspec:\n  capacity: {storage: 1Gi}\n  accessModes: [ReadWriteOnce]\n  storageClassName: \"\"\n  claimRef: {namespace: \"@NAME@\", name: uploads}\n  hostPath: {path: \"/tmp/pv-@NAME@\", type: DirectoryOrCreate}\n",
    expected=expect("volume-unbound helm-failed", [(pod("Deployment", "uploads", "volumes[name=data].persistentVolumeClaim.claimName"), BEFORE)]))

# ---------------------------------------------------------------- services and ways in
scenario("selector-suffix", "argocd", one("cart", workload("Deployment", "cart", container("web", "node"), replicas=2, deadline=60), service("cart")),
    ["cart 9.4.1, stick to a pod", ["deploy/cart.yaml", ":9.4.0", ":9.4.1"], ["deploy/cart.yaml", "spec:\n  selector:\n    app: cart\n  ports:", "spec:\n  sessionAffinity: ClientIP\n  selector:\n    app: cart-web\n  ports:"]],
    "the Service selects app=cart-web, the pods say app=cart; release and affinity are wanted",
    expected=expect("service-no-endpoints", [("Service/cart spec.selector.app", BEFORE)], [("Service/cart spec.selector", BEFORE)]))
scenario("target-port-values", "flux", {**CHART, "apps/release.yaml": release("offers", STOREFRONT + "service:\n  port: 80\n  targetPort: 3000\n")},
    ["offers: two of them, usual port", ["apps/release.yaml", "replicaCount: 1", "replicaCount: 2"], ["apps/release.yaml", "targetPort: 3000", "targetPort: 8080"]],
    "the program listens on 3000; two replicas are wanted", path="apps",
    expected=expect("service-port", [("Service/offers spec.ports[name=http].targetPort", BEFORE)], [("Service/offers spec.ports[name=http].targetPort", value("http"))]))
INGRESS = {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "account"}, "spec": {"ingressClassName": "edge", "rules": [{"host": "account.acme.example", "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "account", "port": {"name": "http"}}}}]}}]}}
scenario("ingress-old-service", "flux",
    {"base/deployment.yaml": dump(workload("Deployment", "account", container("web", "node"), deadline=60)), "base/service.yaml": dump(service("account")), "base/ingress.yaml": dump(INGRESS), "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", "ingress.yaml"),
     "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/storefront", "newTag": "9.4.0"}])},
    ["account 9.4.1, Service named after its tier", ["base/service.yaml", "  name: account\n", "  name: account-web\n"], ["overlays/prod/kustomization.yaml", "newTag: 9.4.0", "newTag: 9.4.1"]],
    "the Ingress sends to Service account, which is called account-web now; the release is wanted", path="overlays/prod",
    given="apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata:\n  name: edge\nspec:\n  controller: acme.example/edge\n",
    then=[[-10, "kubectl -n $NAMESPACE patch ingress account --subresource=status --type=merge -p '{\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"10.99.0.9\"}]}}}'"]],
    expected=expect("ingress-backend", [("Ingress/account spec.rules[0].http.paths[0].backend.service.name", value("account-web"))]))

# ---------------------------------------------------------------- admission
scenario("account-name", "argocd", one("reports", {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "reports"}}, workload("Deployment", "monthly", container("reports", "python"), pod={"serviceAccountName": "reports"}, deadline=60), service("monthly")),
    ["monthly 5.0.3, account of its own", ["deploy/reports.yaml", ":5.0.2", ":5.0.3"], ["deploy/reports.yaml", "serviceAccountName: reports", "serviceAccountName: reports-runner"]],
    "there is no service account reports-runner; the release is wanted",
    expected=expect("service-account-missing", [(pod("Deployment", "monthly", "serviceAccountName"), BEFORE)]))
scenario("limit-over-maximum", "flux", one("exports", workload("Deployment", "exports", container("reports", "python", args=["reports.wsgi:application", "--bind", "0.0.0.0:8000", "--workers=2"]), deadline=60), service("exports")),
    ["exports: three workers, room for them", ["deploy/exports.yaml", "--workers=2", "--workers=3"], ["deploy/exports.yaml", "memory: 96Mi", "memory: 256Mi"]],
    "the LimitRange allows 128Mi for a container; three workers are wanted", given="apiVersion: v1\nkind: LimitRange\nmetadata:\n  name: containers\nspec:\n  limits:\n    - type: Container\n      max: {memory: 128Mi}\n",
    expected=expect("limit-range quota", [(c("Deployment", "exports", "reports", "resources.limits.memory"), BEFORE)], [(c("Deployment", "exports", "reports", "resources.limits.memory"), value("128Mi"))]))
scenario("seccomp-dropped", "argocd", one("wallet", workload("StatefulSet", "wallet", container("web", "node", securityContext={"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}), pod={"securityContext": {"runAsNonRoot": True, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}}}), service("wallet", clusterIP="None")),
    ["wallet 9.4.1, less boilerplate", ["deploy/wallet.yaml", ":9.4.0", ":9.4.1"], ["deploy/wallet.yaml", "        seccompProfile:\n          type: RuntimeDefault\n", ""]],
    "the namespace is restricted and wants a seccomp profile; the release is wanted", labels={"pod-security.kubernetes.io/enforce": "restricted"},
    expected=expect("pod-security", [(pod("StatefulSet", "wallet", "securityContext.seccompProfile"), BEFORE)], [(pod("StatefulSet", "wallet", "securityContext"), BEFORE)], [(c("StatefulSet", "wallet", "web", "securityContext.seccompProfile"), value({"type": "RuntimeDefault"}))]))

# ---------------------------------------------------------------- jobs, autoscaler
EXPORT = workload("CronJob", "export", {"name": "export", "image": "acme/schema:22", "env": [{"name": "FLYWAY_URL", "value": "jdbc:postgresql://10.20.0.5/shop"}, {"name": "WORK_SECONDS", "value": "20"}]})
EXPORT["spec"]["jobTemplate"]["spec"]["activeDeadlineSeconds"] = 120
scenario("cron-deadline", "argocd", one("export", EXPORT),
    ["export with schema 23, no hanging Jobs", ["deploy/export.yaml", "schema:22", "schema:23"], ["deploy/export.yaml", "activeDeadlineSeconds: 120", "activeDeadlineSeconds: 12"]],
    "the export takes 20 seconds and may take 12; the release is wanted",
    expected=expect("job-failed", [("CronJob/export spec.jobTemplate.spec.activeDeadlineSeconds", BEFORE)], [("CronJob/export spec.jobTemplate.spec.activeDeadlineSeconds", at_least("24"))]))
scenario("six-field-schedule", "flux", one("billing", workload("CronJob", "billing", {"name": "billing", "image": "acme/schema:22", "env": [{"name": "FLYWAY_URL", "value": "jdbc:postgresql://10.20.0.5/shop"}]}, spec={"schedule": "15 3 * * *"})),
    ["billing half an hour later, schema 23", ["deploy/billing.yaml", "schedule: 15 3 * * *", "schedule: 0 45 3 * * *"], ["deploy/billing.yaml", "schema:22", "schema:23"]],
    "Kubernetes knows no seconds in a schedule; the release is wanted",
    expected=expect("cron-invalid invalid-manifest", [("CronJob/billing spec.schedule", BEFORE)], [("CronJob/billing spec.schedule", value("45 3 * * *"))]))
HPA = {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "tickets"}, "spec": {"minReplicas": 1, "maxReplicas": 3, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "tickets"}, "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}}]}}
scenario("scale-target", "flux", {"deploy/tickets.yaml": dump(workload("Deployment", "tickets", container("web", "node"), deadline=60), service("tickets")), "deploy/hpa.yaml": dump(HPA)},
    ["tickets: up to five", ["deploy/hpa.yaml", "maxReplicas: 3", "maxReplicas: 5"], ["deploy/hpa.yaml", "kind: Deployment\n    name: tickets", "kind: Deployment\n    name: tickets-web"]],
    "the autoscaler's target is called tickets; up to five are wanted (the cluster has no metrics, before and after)", spec={"wait": False},
    expected=expect("autoscaler", [("HorizontalPodAutoscaler/tickets spec.scaleTargetRef.name", BEFORE)]))

# ---------------------------------------------------------------- refused, not rendered
scenario("quoted-port", "flux", one("blog", workload("Deployment", "blog", container("web", "node"), deadline=60), service("blog")),
    ["blog 9.4.1, probe by port number", ["deploy/blog.yaml", ":9.4.0", ":9.4.1"], ["deploy/blog.yaml", "port: http\n          periodSeconds: 5", "port: '3000'\n          periodSeconds: 5"]],
    "a port in quotes is a name, and 3000 is no name; the release is wanted",
    expected=expect("invalid-manifest readiness-probe", [(c("Deployment", "blog", "web", "readinessProbe.httpGet.port"), BEFORE)], [(c("Deployment", "blog", "web", "readinessProbe.httpGet.port"), value(3000))]))
scenario("resource-file-renamed", "argocd",
    {"base/deployment.yaml": dump(workload("Deployment", "guides", container("web", "node"), deadline=60)), "base/svc.yaml": dump(service("guides")), "base/kustomization.yaml": kustomization("deployment.yaml", "svc.yaml"),
     "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/storefront", "newTag": "9.4.0"}])},
    ["guides 9.4.1, files with their whole names", ["base/svc.yaml", "", DELETE], ["base/service.yaml", None, dump(service("guides"))], ["overlays/prod/kustomization.yaml", "newTag: 9.4.0", "newTag: 9.4.1"]],
    "base/kustomization.yaml still lists svc.yaml, which is service.yaml now; the release is wanted", path="overlays/prod",
    expected=expect("render-failed", keep=[(c("Deployment", "guides", "web", "image"), value("acme/storefront:9.4.1"))]))
scenario("values-key-renamed", "flux", {**CHART, "apps/release.yaml": release("deals", STOREFRONT)},
    ["deals 9.4.1, say version as everywhere else", ["apps/release.yaml", "tag: 9.4.0", "version: 9.4.1"]],
    "the chart reads image.tag, not image.version; 9.4.1 is wanted", path="apps",
    expected=expect("helm-failed render-failed", keep=[(c("Deployment", "deals", "app", "image"), value("acme/storefront:9.4.1"))]))

# ---------------------------------------------------------------- addresses and ports
scenario("host-misspelt", "argocd", one("shop", workload("Deployment", "products", container("products", "shop", image="acme/catalog:1.4.1"), deadline=60), service("products", clusterIP="10.96.180.40"),
    workload("Deployment", "web", container("web", "node", env={"CATALOG_HOST": "products", "CATALOG_TIMEOUT": "2s"}), pod={"hostAliases": [{"ip": "10.96.180.40", "hostnames": ["products", "products.@NAME@.svc.cluster.local"]}]}, deadline=60), service("web")),
    ["web: ask the products longer", ["deploy/shop.yaml", "value: products\n", "value: product\n"], ["deploy/shop.yaml", "value: 2s", "value: 5s"]],
    "the Service is called products; the timeout is wanted",
    expected=expect("dependency-address crash-on-start", [(c("Deployment", "web", "web", "env[name=CATALOG_HOST].value"), BEFORE)], [(c("Deployment", "web", "web", "env[name=CATALOG_HOST].value"), value("products.@NAME@.svc.cluster.local"))]))
PROXY = "server {\n  listen 8081;\n  location / {\n    proxy_pass http://127.0.0.1:8080;\n    proxy_read_timeout 30s;\n  }\n}\n"
scenario("sidecar-same-port", "flux",
    {"deploy/ledger.yaml": dump(workload("StatefulSet", "ledger", container("ledger", "java", env={"START_SECONDS": "0"}), container("proxy", "nginx", port=8081, probes=False, volumeMounts=[{"name": "conf", "mountPath": "/etc/nginx/conf.d"}]), pod={"volumes": [{"name": "conf", "configMap": {"name": "ledger-proxy"}}]}), service("ledger", clusterIP="None")).replace("- name: http\n          containerPort: 8081", "- name: proxy\n          containerPort: 8081"),
     "deploy/default.conf": PROXY, "deploy/kustomization.yaml": kustomization("ledger.yaml", configMapGenerator=[{"name": "ledger-proxy", "files": ["default.conf"]}])},
    ["ledger: patient proxy, standard port", ["deploy/default.conf", "listen 8081;", "listen 8080;"], ["deploy/default.conf", "30s", "60s"]],
    "the proxy listens on the port of the program beside it; the timeout is wanted",
    expected=expect("port-conflict crash-on-start", [('ConfigMap/ledger-proxy-# data["default.conf"]', value(PROXY.replace("30s", "60s")))]))

# ---------------------------------------------------------------- nobody's manifest, or nothing at all
STATE = {"volumes": [{"name": "state", "hostPath": {"path": "/tmp/state-@NAME@", "type": "DirectoryOrCreate"}}]}
scenario("database-away", "argocd", one("ledger", workload("Deployment", "statements", container("ledger", "java", env={"SPRING_DATASOURCE_URL": "jdbc:postgresql://10.99.0.1:15432/statements"}), deadline=60), service("statements")),
    ["statements 3.1.3", ["deploy/ledger.yaml", ":3.1.4", ":3.1.3"]], "the database outside of the cluster is down: the release is innocent", HUMAN,
    then=[[-1, "kill $(cat /tmp/batch-d-database.pid)"]], expected=expect("dependency-address crash-on-start"))
BUG = "[ ! -e /state/order ] || { echo 'FATAL order 88123: negative quantity -1'; echo 'Traceback (most recent call last):'; echo '  File \"/app/packer/plan.py\", line 118, in plan'; echo '    assert box.left >= 0'; echo AssertionError; exit 1; }; echo 'planning, queue empty'; exec sleep 100000"
scenario("bug-on-data", "flux", one("packer", workload("Deployment", "packer", {"name": "packer", "image": "busybox:1.36", "command": ["sh", "-c", BUG], "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}, "volumeMounts": [{"name": "state", "mountPath": "/state"}]}, pod=STATE, deadline=60)),
    ["packer: say who is on call", ["deploy/packer.yaml", "    app.kubernetes.io/name: packer\n", "    app.kubernetes.io/name: packer\n    oncall: warehouse\n"]], "a bug of the program with an order that came in: the label is innocent", HUMAN,
    then=[[-1, "touch /tmp/state-$NAMESPACE/order"], [4, "kubectl -n $NAMESPACE delete pod -l app=packer"]], expected=expect("crash-on-start unknown"))
scenario("role-loses-resource", "argocd", one("operator", {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "operator"}},
    {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "operator"}, "rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list", "watch"]}]},
    {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "operator"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "operator"}, "subjects": [{"kind": "ServiceAccount", "name": "operator", "namespace": "@NAME@"}]},
    workload("Deployment", "operator", container("manager", "operator"), pod={"serviceAccountName": "operator"}, deadline=60)),
    ["operator 1.2.1, secrets instead of config maps", ["deploy/operator.yaml", ":1.2.0", ":1.2.1"], ["deploy/operator.yaml", "  - configmaps\n", "  - secrets\n"]], "the account may not list configmaps any more: what it may is for people to decide", HUMAN, expected=expect("rbac-forbidden"))
scenario("slow-then-well", "flux", one("ledger", workload("Deployment", "archive", container("ledger", "java", env={"START_SECONDS": "2"}, startupProbe={"httpGet": {"path": "/actuator/health/liveness", "port": "http"}, "periodSeconds": 5, "failureThreshold": 60}), deadline=600), service("archive")),
    ["archive 3.1.3, read the index at start", ["deploy/ledger.yaml", ":3.1.4", ":3.1.3"], ["deploy/ledger.yaml", "value: '2'", "value: '90'"]], "longer than Flux waits, but within its probes and its deadline; well since", NONE)
scenario("off-for-the-night", "flux",
    {"base/preview.yaml": dump(workload("StatefulSet", "preview", container("web", "node"), replicas=1), service("preview", clusterIP="None")), "base/kustomization.yaml": kustomization("preview.yaml"),
     "overlays/preview/kustomization.yaml": kustomization("../../base", replicas=[{"name": "preview", "count": 1}])},
    ["preview: off until somebody needs it", ["overlays/preview/kustomization.yaml", "count: 1", "count: 0"]], "scaled to zero by intent", NONE, path="overlays/preview")

# ---------------------------------------------------------------- one more that is refused
scenario("unquoted-true", "argocd", one("portal", workload("Deployment", "portal", container("portal", "envalid", env={"FEATURE_TRIAL": "false"}), deadline=60), service("portal")),
    ["portal 2.0.1, trial for everybody", ["deploy/portal.yaml", ":2.0.0", ":2.0.1"], ["deploy/portal.yaml", "value: 'false'", "value: true"]],
    "a variable's value is text, true without quotes is none; release and trial are wanted",
    expected=expect("invalid-manifest", [(c("Deployment", "portal", "portal", "env[name=FEATURE_TRIAL].value"), value("true"))], [(c("Deployment", "portal", "portal", "env[name=FEATURE_TRIAL].value"), BEFORE)]))

for played in SCENARIOS:
    if played["expected"]:
        for fix in played["expected"]["fixes"]:
            for part in fix:
                if isinstance(part["to"], dict) and isinstance(part["to"].get("value"), str):
                    part["to"]["value"] = part["to"]["value"].replace("@NAME@", played["name"])
