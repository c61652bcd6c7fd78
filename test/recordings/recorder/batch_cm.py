"""An ordinary night shift of a mid-size company: the failures that happen most often, each among wanted changes."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(2212)

RES = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}
SMALL = {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}


def shop(name, image, env=None, **more):
    return container(name, "shop", image=image, env=env, resources=more.pop("resources", RES), **more)


def tags(**versions):
    return [{"name": f"acme/{name}", "newTag": tag} for name, tag in versions.items()]


def budget(name):
    return {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": name}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": name}}}}


# 1 ── Helm chart, Argo CD: accounts of their own, one name in the values is another than in the list
def storefront(part, script, probe):
    return text(f"""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: storefront-{part}
          labels:
            app.kubernetes.io/part-of: storefront
        spec:
          replicas: {{{{ .Values.{part}.replicas }}}}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: storefront-{part}
          template:
            metadata:
              labels:
                app: storefront-{part}
            spec:
              {{{{- with .Values.{part}.serviceAccountName }}}}
              serviceAccountName: {{{{ . }}}}
              {{{{- end }}}}
              containers:
                - name: {part}
                  image: "{{{{ .Values.image.repository }}}}:{{{{ .Values.image.tag }}}}"
                  args: [{script}]
                  env:
                    - name: API_BASE_URL
                      value: {{{{ .Values.apiBaseUrl | quote }}}}
                    - name: PAGE_SIZE
                      value: {{{{ .Values.{part}.pageSize | quote }}}}
                  ports:
                    - name: http
                      containerPort: 3000
                  resources:
                    {{{{- toYaml .Values.resources | nindent 20 }}}}
                  {probe}:
                    httpGet:
                      path: /api/health
                      port: http
                    periodSeconds: 5
    """)


scenario("accounts-of-their-own", "argocd", {
    "charts/storefront/Chart.yaml": "apiVersion: v2\nname: storefront\nversion: 2.3.0\n",
    "charts/storefront/values.yaml": text("""
        image:
          repository: acme/storefront
          tag: ""
        apiBaseUrl: https://api.example
        serviceAccounts: []
        web:
          replicas: 1
          pageSize: 20
          serviceAccountName: ""
        worker:
          replicas: 1
          pageSize: 100
          serviceAccountName: ""
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 64Mi}
    """),
    "charts/storefront/templates/web.yaml": storefront("web", "dist/server.js", "readinessProbe"),
    "charts/storefront/templates/worker.yaml": storefront("worker", "dist/worker.js", "readinessProbe"),
    "charts/storefront/templates/service.yaml": dump(service("storefront", selector={"app": "storefront-web"})),
    "charts/storefront/templates/accounts.yaml": text("""
        {{- range .Values.serviceAccounts }}
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: {{ . }}
        automountServiceAccountToken: false
        {{- end }}
    """),
    "env/staging.yaml": "image:\n  tag: 9.4.1\nserviceAccounts:\n  - storefront-web\n  - storefront-worker\nweb:\n  serviceAccountName: storefront-web\nworker:\n  serviceAccountName: storefront-worker\n",
    "env/live.yaml": "image:\n  tag: 9.4.0\nweb:\n  replicas: 2\nworker:\n  pageSize: 200\n",
}, ["live: storefront 9.4.1, a service account for each part, bigger pages for the worker",
    ["env/live.yaml", "  tag: 9.4.0\n", "  tag: 9.4.1\nserviceAccounts:\n  - storefront-web\n  - storefront-worker\n"],
    ["env/live.yaml", "  replicas: 2\n", "  replicas: 2\n  serviceAccountName: storefront-web\n"],
    ["env/live.yaml", "  pageSize: 200\n", "  pageSize: 250\n  serviceAccountName: storefront-workers\n"]],
    "storefront-worker asks for the service account storefront-workers, the one of the list is storefront-worker: no new pod is created",
    expected=expect("service-account-missing",
        [(pod("Deployment", "storefront-worker", "serviceAccountName"), value("storefront-worker"))],
        [("ServiceAccount/storefront-workers", ANY), ("ServiceAccount/storefront-worker", GONE)]),
    path="charts/storefront", source={"helm": {"releaseName": "storefront", "valueFiles": ["../../env/live.yaml"]}})

# 2 ── Kustomize, Flux: cache and limit are raised together in the base, the live overlay pins the limit
scenario("bigger-search-cache", "flux", {
    "base/search.yaml": dump(workload("Deployment", "search", shop("search", "acme/catalog", {"CACHE_MB": "48", "INDEX": "products"}, resources={"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "96Mi"}}), replicas=2), service("search")),
    "base/suggest.yaml": dump(workload("Deployment", "suggest", shop("suggest", "acme/catalog", {"INDEX": "terms"}, resources={"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}})), service("suggest")),
    "base/kustomization.yaml": kustomization("search.yaml", "suggest.yaml"),
    "overlays/staging/kustomization.yaml": kustomization("../../base", images=tags(catalog="1.4.2")),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(catalog="1.4.1"), patches=[{"path": "sizes.yaml"}]),
    "overlays/live/sizes.yaml": text("""
        # what the nodes of live can give
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: search
        spec:
          template:
            spec:
              containers:
                - name: search
                  resources:
                    requests:
                      cpu: 20m
                    limits:
                      memory: 96Mi
    """),
}, ["search: 120 MB of cache and 192Mi to hold it; catalog 1.4.2 in live",
    ["base/search.yaml", "value: '48'", "value: '120'"],
    ["base/search.yaml", "memory: 96Mi", "memory: 192Mi"],
    ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "search fills 120 MB of cache at its start; the base allows 192Mi, but the live overlay's patch still sets 96Mi: OOMKilled",
    expected=expect("out-of-memory", [(c("Deployment", "search", "search", "resources.limits.memory"), at_least("144Mi"))]),
    path="overlays/live")

# 3 ── Kustomize, Argo CD: an importer comes beside the service, whose selector names a role that no pod has
ROLE = lambda role: {"app": "stock", "role": role}
scenario("stock-importer", "argocd", {
    "base/stock.yaml": dump(workload("Deployment", "stock", shop("stock", "acme/catalog", {"WAREHOUSES": "berlin,lyon"}), labels=ROLE("web"), replicas=2, spec={"selector": {"matchLabels": ROLE("web")}})),
    "base/stock-service.yaml": dump(service("stock", selector={"app": "stock"})),
    "base/inventory.yaml": dump(workload("Deployment", "inventory", {"name": "inventory", "image": "acme/inventory", "env": [{"name": "STOCK_ADDR", "value": "stock:80"}, {"name": "CACHE_TTL", "value": "30s"}], "ports": [{"name": "http", "containerPort": 8080}],
        "resources": RES, "readinessProbe": {"httpGet": {"path": "/readyz", "port": "http"}, "periodSeconds": 5}}), service("inventory")),
    "base/kustomization.yaml": kustomization("stock.yaml", "stock-service.yaml", "inventory.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.1"}, {"name": "acme/inventory", "newTag": "1.9"}]),
}, ["Import stock levels in a process of its own; inventory 1.10",
    ["base/importer.yaml", None, dump(workload("Deployment", "stock-importer", shop("importer", "acme/worker", {"IMPORT_MINUTES": "10"}), labels=ROLE("importer"), spec={"selector": {"matchLabels": ROLE("importer")}}))],
    ["base/kustomization.yaml", "  - inventory.yaml\n", "  - inventory.yaml\n  - importer.yaml\n"],
    ["base/stock-service.yaml", "    app: stock\n", "    app: stock\n    role: api\n"],
    ["overlays/live/kustomization.yaml", "  - name: acme/inventory\n    newTag: '1.9'\n", "  - name: acme/inventory\n    newTag: '1.10'\n  - name: acme/worker\n    newTag: 1.4.2\n"]],
    "Service stock selects role=api, the pods that serve carry role=web: no endpoints, and inventory's new pods get connection refused",
    expected=expect("service-no-endpoints", [("Service/stock spec.selector.role", value("web"))]),
    path="overlays/live")

# 4 ── plain, Argo CD: the port moves, the liveness probe has it as a number
scenario("reports-on-8080", "argocd", {
    "deploy/reports.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: reports
          labels:
            app.kubernetes.io/name: reports
        spec:
          replicas: 2
          progressDeadlineSeconds: 120
          selector:
            matchLabels:
              app: reports
          template:
            metadata:
              labels:
                app: reports
            spec:
              containers:
                - name: gunicorn
                  image: acme/reports:5.0.2
                  args:
                    - reports.wsgi:application
                    - --bind=0.0.0.0:8000
                    - --workers=2
                  env:
                    - name: REDIS_URL
                      value: redis://10.20.0.7:6379/0
                  ports:
                    - name: http
                      containerPort: 8000
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  livenessProbe:
                    httpGet:
                      path: /healthz
                      port: 8000
                    initialDelaySeconds: 10
                    periodSeconds: 5
                  readinessProbe:
                    httpGet:
                      path: /ready
                      port: http
                    periodSeconds: 5
    """),
    **one("service", service("reports"), budget("reports")),
    **one("policy", {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "reports"}, "spec": {"podSelector": {"matchLabels": {"app": "reports"}}, "policyTypes": ["Ingress"], "ingress": [{"ports": [{"port": "http"}]}]}}),
}, ["reports 5.0.3: listen on 8080 as all our services do, three workers",
    ["deploy/reports.yaml", "acme/reports:5.0.2", "acme/reports:5.0.3"],
    ["deploy/reports.yaml", "--bind=0.0.0.0:8000", "--bind=0.0.0.0:8080"],
    ["deploy/reports.yaml", "containerPort: 8000", "containerPort: 8080"],
    ["deploy/reports.yaml", "--workers=2", "--workers=3"]],
    "gunicorn listens on 8080 now, the liveness probe still asks 8000: connection refused, the container is killed again and again",
    expected=expect("liveness-probe liveness",
        [(c("Deployment", "reports", "gunicorn", "livenessProbe.httpGet.port"), value(8080))],
        [(c("Deployment", "reports", "gunicorn", "livenessProbe.httpGet.port"), value("http"))]))

# 5 ── Kustomize, Flux: the new ConfigMap's file is not in the list of resources; another commit on top
scenario("basket-limits", "flux", {
    "base/basket.yaml": dump(workload("Deployment", "basket", shop("basket", "acme/checkout", {"REQUIRED_ENV": "CURRENCY", "CURRENCY": "EUR"}, envFrom=[{"configMapRef": {"name": "basket-features"}}]), replicas=2)),
    "base/service.yaml": dump(service("basket")),
    "base/features.yaml": dump(configmap("basket-features", GIFT_WRAP="true", VOUCHERS="false")),
    "base/kustomization.yaml": kustomization("basket.yaml", "features.yaml", "service.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(checkout="1.4.1")),
}, [{"subject": "basket 1.4.2: limits per basket, vouchers on", "edit": [
        ["base/limits.yaml", None, dump(configmap("basket-limits", MAX_ITEMS="60", MAX_TOTAL="2500"))],
        ["base/basket.yaml", "        - configMapRef:\n            name: basket-features\n", "        - configMapRef:\n            name: basket-features\n        - configMapRef:\n            name: basket-limits\n"],
        ["base/features.yaml", "VOUCHERS: 'false'", "VOUCHERS: 'true'"],
        ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]]},
    {"subject": "basket: disruption budget", "edit": [
        ["base/budget.yaml", None, dump(budget("basket"))],
        ["base/kustomization.yaml", "  - basket.yaml\n", "  - basket.yaml\n  - budget.yaml\n"]], "wait": 40}],
    "base/limits.yaml with ConfigMap basket-limits is not in the kustomization's resources: CreateContainerConfigError",
    expected=expect("config-missing", [("ConfigMap/basket-limits", ANY)]),
    path="overlays/live")

# 6 ── Kustomize, Argo CD: a container gets a new name, the live overlay's patch has the old one
PATCH = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: portal
    spec:
      template:
        spec:
          containers:
            - name: portal
              env:
                - name: FEATURE_TRIAL
                  value: "true"
              resources:
                limits:
                  memory: %s
""")
scenario("container-called-web", "argocd", {
    "base/portal.yaml": dump(workload("Deployment", "portal", container("portal", "envalid", image="acme/portal", resources=RES)), service("portal")),
    "base/sessions.yaml": dump(workload("StatefulSet", "sessions", container("redis", "redis", image="acme/cache", resources=RES)), service("sessions", port=6379, clusterIP="None")),
    "base/kustomization.yaml": kustomization("portal.yaml", "sessions.yaml"),
    "overlays/staging/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/portal", "newTag": "2.0.0"}, {"name": "acme/cache", "newTag": "7.4.1"}], patches=[{"path": "portal.yaml"}]),
    "overlays/staging/portal.yaml": PATCH % "80Mi",
    "overlays/live/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/portal", "newTag": "2.0.0"}, {"name": "acme/cache", "newTag": "7.4.1"}], replicas=[{"name": "portal", "count": 2}], patches=[{"path": "portal.yaml"}]),
    "overlays/live/portal.yaml": PATCH % "128Mi",
}, ["portal 2.0.1; its container is called web, as the dashboards expect",
    ["base/portal.yaml", "      - name: portal\n        image: acme/portal\n", "      - name: web\n        image: acme/portal\n"],
    ["overlays/staging/portal.yaml", "        - name: portal\n", "        - name: web\n"],
    ["overlays/staging/kustomization.yaml", "newTag: 2.0.0", "newTag: 2.0.1"],
    ["overlays/live/kustomization.yaml", "newTag: 2.0.0", "newTag: 2.0.1"]],
    "the live overlay's patch still names container portal, which is web now: it adds a second container without an image, which the API server refuses",
    expected=expect("invalid-manifest", [
        ("Deployment/portal spec.template.spec.containers[name=portal]", GONE),
        (c("Deployment", "portal", "web", "env[name=FEATURE_TRIAL].value"), value("true")),
        (c("Deployment", "portal", "web", "resources.limits.memory"), value("128Mi"))]),
    path="overlays/live")

# 7 ── Helm, Flux: the chart groups its settings, one of two releases follows half the way
def quotes(region, pool):
    return text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: quotes-{region}
        spec:
          interval: 30s
          timeout: 60s
          releaseName: quotes-{region}
          chart:
            spec:
              chart: ./charts/quotes
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
              retries: 1
          values:
            image:
              tag: 1.12.0
            databaseUrl: postgresql://quotes@10.20.{pool}.5/quotes
            poolSize: {pool}
    """)


scenario("grouped-settings", "flux", {
    "charts/quotes/Chart.yaml": "apiVersion: v2\nname: quotes\nversion: 0.4.2\n",
    "charts/quotes/values.yaml": "image:\n  repository: acme/quotes\n  tag: \"\"\nreplicas: 1\npoolSize: 5\n",
    "charts/quotes/templates/deployment.yaml": text("""
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
                - name: quotes
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  env:
                    - name: DATABASE_URL
                      value: {{ required "databaseUrl must be set" .Values.databaseUrl | quote }}
                    - name: POOL_SIZE
                      value: {{ .Values.poolSize | quote }}
                  ports:
                    - name: http
                      containerPort: 8000
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 5
    """),
    "charts/quotes/templates/service.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  selector:\n    app: {{ .Release.Name }}\n  ports:\n    - name: http\n      port: 80\n      targetPort: http\n",
    "releases/eu.yaml": quotes("eu", 8),
    "releases/us.yaml": quotes("us", 6),
}, ["quotes chart 0.5.0: settings in one place; quotes 1.12.1, more connections in the US",
    ["charts/quotes/Chart.yaml", "0.4.2", "0.5.0"],
    ["charts/quotes/values.yaml", "poolSize: 5\n", "settings:\n  poolSize: 5\n"],
    ["charts/quotes/templates/deployment.yaml", 'required "databaseUrl must be set" .Values.databaseUrl', 'required "settings.databaseUrl must be set" .Values.settings.databaseUrl'],
    ["charts/quotes/templates/deployment.yaml", ".Values.poolSize", ".Values.settings.poolSize"],
    ["releases/eu.yaml", "      tag: 1.12.0\n    databaseUrl: postgresql://quotes@10.20.8.5/quotes\n    poolSize: 8\n", "      tag: 1.12.1\n    settings:\n      databaseUrl: postgresql://quotes@10.20.8.5/quotes\n      poolSize: 8\n"],
    ["releases/us.yaml", "      tag: 1.12.0\n    databaseUrl: postgresql://quotes@10.20.6.5/quotes\n    poolSize: 6\n", "      tag: 1.12.1\n    databaseUrl: postgresql://quotes@10.20.6.5/quotes\n    settings:\n      poolSize: 10\n"]],
    "the chart reads settings.databaseUrl now, quotes-us still has databaseUrl at the top of its values: the release cannot be rendered",
    expected=expect("helm-failed render-failed", [], keep=[
        (c("Deployment", "quotes-us", "quotes", "image"), value("acme/quotes:1.12.1")),
        (c("Deployment", "quotes-us", "quotes", "env[name=POOL_SIZE].value"), value("10")),
        (c("Deployment", "quotes-us", "quotes", "env[name=DATABASE_URL].value"), value("postgresql://quotes@10.20.6.5/quotes")),
        (c("Deployment", "quotes-eu", "quotes", "image"), value("acme/quotes:1.12.1"))]),
    path="releases")

# 8 ── plain, Flux: a sidecar without a memory limit in a namespace with a quota
SHIPPER = {"name": "log-shipper", "image": "busybox:1.37", "command": ["sh", "-c", "touch /logs/app.log && exec tail -F /logs/app.log"], "resources": SMALL, "volumeMounts": [{"name": "logs", "mountPath": "/logs"}]}
scenario("ship-order-logs", "flux", {
    **one("orders", workload("Deployment", "orders", shop("orders", "acme/checkout:1.4.1", {"ORDER_PREFIX": "A"}), replicas=2), service("orders")),
    **one("returns", workload("Deployment", "returns", shop("returns", "acme/checkout:1.4.1", {"RETURN_DAYS": "14"}, volumeMounts=[{"name": "logs", "mountPath": "/var/log/app"}]), SHIPPER, pod={"volumes": [{"name": "logs", "emptyDir": {}}]}), service("returns")),
}, ["Ship the logs of orders too; orders 1.4.2, returns within 30 days",
    ["deploy/orders.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"],
    ["deploy/orders.yaml", "      containers:\n", "      volumes:\n      - name: logs\n        emptyDir: {}\n      containers:\n      - name: log-shipper\n        image: busybox:1.37\n        command:\n        - sh\n        - -c\n        - touch /logs/app.log && exec tail -F /logs/app.log\n"
     "        volumeMounts:\n        - name: logs\n          mountPath: /logs\n"],
    ["deploy/orders.yaml", "          value: A\n", "          value: A\n        volumeMounts:\n        - name: logs\n          mountPath: /var/log/app\n"],
    ["deploy/returns.yaml", "value: '14'", "value: '30'"]],
    "the platform's quota counts limits.memory, container log-shipper of orders has no limit (that of returns has 32Mi): no new pod of orders is created",
    expected=expect("quota",
        [(c("Deployment", "orders", "log-shipper", "resources.limits.memory"), ANY)],
        [(c("Deployment", "orders", "log-shipper", "resources"), ANY)]),
    given="apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: tenant\n  annotations:\n    owner: platform team\nspec:\n  hard:\n    limits.memory: 768Mi\n    pods: \"12\"\n")

# 9 ── plain, Flux: the migration Job looks for its files in another folder
FLYWAY = lambda: {"FLYWAY_URL": "jdbc:postgresql://10.20.0.9:5432/backoffice", "FLYWAY_USER": "backoffice", "FLYWAY_LOCATIONS": "filesystem:/app/sql"}


def flyway(name):
    return {"name": name, "image": "acme/schema:22", "env": [{"name": k, "value": v} for k, v in FLYWAY().items()], "resources": SMALL}


scenario("schema-23", "flux", {
    **one("schema", workload("Job", "schema", flyway("flyway"), meta={"annotations": {"kustomize.toolkit.fluxcd.io/force": "enabled"}})),
    **one("verify", workload("CronJob", "schema-verify", flyway("flyway"), spec={"schedule": "*/2 * * * *", "successfulJobsHistoryLimit": 1, "failedJobsHistoryLimit": 1})),
    **one("backoffice", workload("Deployment", "backoffice", {"name": "rails", "image": "acme/backoffice:7.2.0", "env": [{"name": "SECRET_KEY_BASE", "value": "only-for-tests"}, {"name": "RAILS_MAX_THREADS", "value": "5"}],
        "ports": [{"name": "http", "containerPort": 3000}], "resources": RES, "readinessProbe": {"httpGet": {"path": "/up", "port": "http"}, "periodSeconds": 5}}), service("backoffice")),
}, ["backoffice 7.2.1 with schema 23, eight threads",
    ["deploy/schema.yaml", "acme/schema:22", "acme/schema:23"],
    ["deploy/schema.yaml", "value: filesystem:/app/sql\n", "value: filesystem:/app/migrations\n"],
    ["deploy/verify.yaml", "acme/schema:22", "acme/schema:23"],
    ["deploy/backoffice.yaml", "acme/backoffice:7.2.0", "acme/backoffice:7.2.1"],
    ["deploy/backoffice.yaml", "value: '5'", "value: '8'"]],
    "Job schema looks for its migrations in /app/migrations, which image 23 does not have (schema-verify finds them in /app/sql with the same image): the Job fails",
    expected=expect("job-failed crash-on-start", [(c("Job", "schema", "flyway", "env[name=FLYWAY_LOCATIONS].value"), BEFORE)]))

# 10 ── plain, Argo CD: a duration that Prometheus does not read, and two commits on top
PROMETHEUS = """\
global:
  scrape_interval: 30s
  evaluation_interval: 30s
scrape_configs:
  - job_name: ledger
    static_configs:
      - targets: [10.20.0.11:8080]
"""
scenario("keep-metrics-longer", "argocd", {
    **one("metrics", workload("Deployment", "metrics", container("prometheus", "prometheus", image="acme/metrics:3.0.1", resources=RES,
        args=["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/data", "--storage.tsdb.retention.time=15d"],
        volumeMounts=[{"name": "config", "mountPath": "/etc/prometheus", "readOnly": True}]), pod={"volumes": [{"name": "config", "configMap": {"name": "metrics-config"}}]}), service("metrics", port=9090)),
    **one("config", configmap("metrics-config", prometheus__yml=PROMETHEUS)),
}, [{"subject": "metrics 3.1.0: keep thirty days, allow reloads", "edit": [
        ["deploy/metrics.yaml", "acme/metrics:3.0.1", "acme/metrics:3.1.0"],
        ["deploy/metrics.yaml", "        - --storage.tsdb.retention.time=15d\n", "        - --storage.tsdb.retention.time=30days\n        - --web.enable-lifecycle\n"]]},
    {"subject": "Scrape the storefront as well", "edit": [
        ["deploy/config.yaml", "      - job_name: ledger\n", "      - job_name: storefront\n        static_configs:\n          - targets: [10.20.0.12:3000]\n      - job_name: ledger\n"]], "wait": 40},
    {"subject": "Scrape every 15 seconds", "edit": [
        ["deploy/config.yaml", "scrape_interval: 30s", "scrape_interval: 15s"]], "wait": 30}],
    "--storage.tsdb.retention.time=30days is not a duration that the program reads (30d is): it ends at once with a usage error",
    expected=expect("crash-on-start",
        [(c("Deployment", "metrics", "prometheus", "args[2]"), value("--storage.tsdb.retention.time=30d"))],
        [(c("Deployment", "metrics", "prometheus", "args[2]"), BEFORE)]))

# 11 ── Helm chart, Argo CD: the first release in live, whose list of variables takes the place of the chart's
scenario("first-live-portal", "argocd", {
    "charts/portal/Chart.yaml": "apiVersion: v2\nname: portal\nversion: 1.0.0\n",
    "charts/portal/values.yaml": text("""
        image:
          repository: acme/portal
          tag: 2.0.0
        replicas: 1
        env:
          - name: SESSION_STORE
            value: memory
          - name: FEATURE_TRIAL
            value: "false"
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 64Mi}
    """),
    "charts/portal/templates/deployment.yaml": text("""
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
                - name: portal
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  env:
                    {{- toYaml .Values.env | nindent 20 }}
                  ports:
                    - name: http
                      containerPort: 4000
                  resources:
                    {{- toYaml .Values.resources | nindent 20 }}
                  livenessProbe:
                    httpGet: {path: /health, port: http}
                    initialDelaySeconds: 8
                  readinessProbe:
                    httpGet: {path: /health, port: http}
                    periodSeconds: 5
    """),
    "charts/portal/templates/service.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  selector:\n    app: {{ .Release.Name }}\n  ports:\n    - name: http\n      port: 80\n      targetPort: http\n",
    "env/staging.yaml": "image:\n  tag: 2.0.1\nenv:\n  - name: SESSION_STORE\n    value: memory\n  - name: FEATURE_TRIAL\n    value: \"true\"\n",
    "env/live.yaml": "image:\n  tag: 2.0.1\nreplicas: 2\nenv:\n  - name: FEATURE_TRIAL\n    value: \"true\"\n",
}, [], "live's list env takes the place of the chart's whole list, so SESSION_STORE (memory in the chart and in staging) is not set: the program ends with missing variables",
    expected=expect("crash-on-start", [(c("Deployment", "portal", "portal", "env[name=SESSION_STORE].value"), value("memory"))],
        [(c("Deployment", "portal", "portal", "env[name=SESSION_STORE]"), value({"name": "SESSION_STORE", "value": "memory"}))]),
    path="charts/portal", source={"helm": {"releaseName": "portal", "valueFiles": ["../../env/live.yaml"]}}, never_worked=True)

# 12 ── Kustomize, Flux: the base moves to the company's registry, the live overlay sets the tag of the old name
MOVED = "registry.acme.example/acme/catalog"
scenario("own-registry", "flux", {
    "base/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog", {"PAGE_SIZE": "24"}), replicas=2), service("catalog")),
    "base/feeds.yaml": dump(workload("Deployment", "catalog-feeds", shop("feeds", "acme/catalog", {"FEEDS": "google"}))),
    "base/kustomization.yaml": kustomization("catalog.yaml", "feeds.yaml"),
    "overlays/staging/kustomization.yaml": kustomization("../../base", images=tags(catalog="1.4.2"), namePrefix="staging-"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(catalog="1.4.1")),
}, ["Pull catalog from our own registry; 1.4.2 for live, a feed for idealo",
    ["base/catalog.yaml", "image: acme/catalog\n", f"image: {MOVED}\n"],
    ["base/feeds.yaml", "image: acme/catalog\n", f"image: {MOVED}\n"],
    ["base/feeds.yaml", "value: google", "value: google,idealo"],
    ["overlays/staging/kustomization.yaml", "name: acme/catalog", f"name: {MOVED}"],
    ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the live overlay's images entry still names acme/catalog, so the images of the base get no tag (latest, which does not exist): ImagePullBackOff",
    expected=expect("image-not-found", [
        (c("Deployment", "catalog", "catalog", "image"), value(MOVED + ":1.4.2")),
        (c("Deployment", "catalog-feeds", "feeds", "image"), value(MOVED + ":1.4.2"))]),
    path="overlays/live")

# 13 ── for people. plain, Argo CD: what it calls belongs to another team, which has switched it off
scenario("stock-of-the-warehouse", "argocd", {
    **one("inventory", workload("Deployment", "inventory", {"name": "inventory", "image": "acme/inventory:1.9", "env": [{"name": "STOCK_ADDR", "value": "warehouse-stock:80"}, {"name": "CACHE_TTL", "value": "30s"}], "ports": [{"name": "http", "containerPort": 8080}],
        "resources": RES, "readinessProbe": {"httpGet": {"path": "/readyz", "port": "http"}, "periodSeconds": 5}}, replicas=2), service("inventory")),
    **one("portal", workload("Deployment", "inventory-portal", container("portal", "envalid", resources=RES)), service("inventory-portal")),
}, ["inventory 1.10, cache for 45 seconds",
    ["deploy/inventory.yaml", "acme/inventory:1.9", "acme/inventory:1.10"],
    ["deploy/inventory.yaml", "value: 30s", "value: 45s"]],
    "warehouse-stock is the warehouse team's, not in git, and scaled to zero by them: inventory's new pods get connection refused; the commit did nothing wrong",
    answer=HUMAN, expected=expect("dependency-address", ),
    given=dump({**workload("Deployment", "warehouse-stock", shop("stock", "acme/catalog:1.4.1")), "metadata": {"name": "warehouse-stock", "annotations": {"owner": "warehouse team"}}},
               {**service("warehouse-stock"), "metadata": {"name": "warehouse-stock", "annotations": {"owner": "warehouse team"}}}),
    then=[[-10, "kubectl -n $NAMESPACE scale deployment warehouse-stock --replicas=0"]])

# 14 ── for people. Kustomize, Flux: a colleague's load test has taken what the quota left
LOAD = dump({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "load-test", "labels": {"run": "load-test"}, "annotations": {"owner": "performance team"}}, "spec": {"terminationGracePeriodSeconds": 1, "containers": [
    {"name": "load", "image": "busybox:1.36", "command": ["sh", "-c", "while sleep 5; do echo 200 OK; done"], "resources": {"requests": {"cpu": "5m", "memory": "16Mi"}, "limits": {"memory": "128Mi"}}}]}})
scenario("cart-during-the-load-test", "flux", {
    "base/cart.yaml": dump(workload("Deployment", "cart", shop("cart", "acme/checkout", {"CART_DAYS": "7"}, resources={"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "96Mi"}}), replicas=2), service("cart")),
    "base/search.yaml": dump(workload("Deployment", "search", shop("search", "acme/catalog", resources={"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "96Mi"}})), service("search")),
    "base/kustomization.yaml": kustomization("cart.yaml", "search.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(checkout="1.4.1", catalog="1.4.1")),
}, ["cart 1.4.2, carts are kept for two weeks",
    ["overlays/live/kustomization.yaml", "- name: acme/checkout\n    newTag: 1.4.1\n", "- name: acme/checkout\n    newTag: 1.4.2\n"],
    ["base/cart.yaml", "value: '7'", "value: '14'"]],
    "a load test that somebody started by hand uses what the platform's quota left, so cart's new pod is refused: the test must end or the quota grow; the manifests ask for no more than before",
    answer=HUMAN, expected=expect("quota", ), path="overlays/live",
    given="apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: tenant\n  annotations:\n    owner: platform team\nspec:\n  hard:\n    limits.memory: 448Mi\n",
    then=[[-15, "kubectl -n $NAMESPACE apply -f - <<'END'\n" + LOAD + "END"]])

# 15 ── nothing to do. Kustomize, Argo CD: two pods, one after the other, each with a long start that its probes allow
LEDGER = container("ledger", "java", image="acme/ledger", resources=RES, envFrom=[{"configMapRef": {"name": "ledger-settings"}}],
                   startupProbe={"httpGet": {"path": "/actuator/health/liveness", "port": "http"}, "periodSeconds": 5, "failureThreshold": 48})
scenario("ledger-loads-its-rates", "argocd", {
    "base/ledger.yaml": dump(workload("Deployment", "ledger", LEDGER, replicas=2, deadline=600), service("ledger"), budget("ledger")),
    "base/ledger.env": "START_SECONDS=10\nLEDGER_BATCH_SIZE=50\n",
    "base/kustomization.yaml": kustomization("ledger.yaml", configMapGenerator=[{"name": "ledger-settings", "envs": ["ledger.env"]}]),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(ledger="3.1.3")),
}, ["ledger 3.1.4: load all rates before the first request, batches of 200",
    ["base/ledger.env", "START_SECONDS=10\nLEDGER_BATCH_SIZE=50\n", "START_SECONDS=95\nLEDGER_BATCH_SIZE=200\n"],
    ["overlays/live/kustomization.yaml", "newTag: 3.1.3", "newTag: 3.1.4"]],
    "each new pod needs 95 s to start, its startup probe allows 240 s: both are ready after about three and a half minutes",
    answer=NONE, path="overlays/live")

# 16 ── nothing to do. plain, Flux: a CronJob runs into the gap of a Recreate, and its retry succeeds
EXPORT = {"name": "export", "image": "busybox:1.37", "command": ["sh", "-c", "wget -q -T 5 -O - http://$STOCK_SERVICE_HOST/ && echo exported"], "resources": SMALL}
scenario("export-in-the-gap", "flux", {
    **one("stock", workload("Deployment", "stock", shop("stock", "acme/catalog:1.4.1", {"START_SECONDS": "5"}, live={"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 90, "periodSeconds": 10}),
        deadline=300, spec={"strategy": {"type": "Recreate"}}), service("stock")),
    **one("export", workload("CronJob", "stock-export", spec={"jobTemplate": {"spec": {"backoffLimit": 5, "template": {"metadata": {"labels": {"app": "stock-export"}}, "spec": {"restartPolicy": "Never", "containers": [EXPORT]}}}}})),
}, ["stock 1.4.2, which reads all warehouses at its start",
    ["deploy/stock.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"],
    ["deploy/stock.yaml", "value: '5'", "value: '60'"]],
    "stock is recreated and needs 60 s, an export that runs meanwhile fails and succeeds at its next attempt: all is well afterwards",
    answer=NONE, spec={"timeout": "2m"})


# What was expected in another form than the rendered objects have it: new items and objects as a whole, and what else of a commit stays.
CORRECTED = {'container-called-web': {'class': ['invalid-manifest'],
                          'fixes': [[{'field': 'Deployment/portal spec.template.spec.containers[name=portal]', 'to': 'gone'},
                                     {'field': 'Deployment/portal spec.template.spec.containers[name=web].env[name=FEATURE_TRIAL]', 'to': {'value': {'name': 'FEATURE_TRIAL', 'value': 'true'}}},
                                     {'field': 'Deployment/portal spec.template.spec.containers[name=web].resources.limits.memory', 'to': {'value': '128Mi'}}]]},
 'grouped-settings': {'class': ['helm-failed', 'render-failed'],
                      'fixes': [[]],
                      'keep': [{'field': 'Deployment/quotes-us spec.template.spec.containers[name=quotes].image', 'to': {'value': 'acme/quotes:1.12.1'}},
                               {'field': 'Deployment/quotes-us spec.template.spec.containers[name=quotes].env[name=POOL_SIZE].value', 'to': {'value': '10'}}]}}
for one in SCENARIOS:
    if one["id"] in CORRECTED:
        one["expected"] = CORRECTED[one["id"]]

# It did not recover: the program of the export ends with a segmentation fault at each attempt, also when stock is back.
for one in SCENARIOS:
    if one["id"] == "export-in-the-gap":
        one["answer"] = HUMAN
