"""A second volume of the reference exam: small repositories of a mixed team, one small commit each."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(2100)

RES = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}


def shop(name, image, env=None, **more):
    return container(name, "shop", image=image, env=env, resources=more.pop("resources", RES), **more)


def release(name, chart, values):
    return text("""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: %s
        spec:
          interval: 30s
          timeout: 60s
          chart:
            spec:
              chart: ./%s
              reconcileStrategy: Revision
              sourceRef: {kind: GitRepository, name: "@NAME@", namespace: flux-system}
          install:
            remediation: {retries: 1}
          upgrade:
            remediation: {retries: 1, strategy: rollback}
          values:
    """) % (name, chart) + textwrap.indent(text(values), "    ")


# 1 ── Kustomize, Flux: one of two tags gets a v that the registry does not know
scenario("tag-with-a-v", "flux", {
    "base/edge.yaml": text("""
        # the only thing that the load balancer talks to
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: edge
        spec:
          replicas: 2
          progressDeadlineSeconds: 90
          selector:
            matchLabels: {app: edge}
          template:
            metadata:
              labels: {app: edge}
            spec:
              containers:
                - name: nginx
                  image: acme/edge
                  ports:
                    - {name: http, containerPort: 80}
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 3
                  volumeMounts:
                    - {name: sites, mountPath: /etc/nginx/conf.d}
              volumes:
                - name: sites
                  configMap: {name: edge-sites}
    """),
    "base/sites.yaml": dump(configmap("edge-sites", default__conf="server {\n  listen 80;\n  location / {\n    return 200;\n  }\n}\n")),
    "base/storefront.yaml": dump(workload("Deployment", "storefront", container("storefront", "node", image="acme/storefront", resources=RES))),
    "base/services.yaml": dump(service("edge"), service("storefront")),
    "base/kustomization.yaml": kustomization("edge.yaml", "sites.yaml", "storefront.yaml", "services.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/edge", "newTag": "1.27.2"}, {"name": "acme/storefront", "newTag": "9.4.0"}]),
}, ["Storefront 9.4.1, edge 1.27.3",
    ["overlays/prod/kustomization.yaml", "newTag: 1.27.2", "newTag: v1.27.3"],
    ["overlays/prod/kustomization.yaml", "newTag: 9.4.0", "newTag: 9.4.1"]],
    "image tag v1.27.3 of acme/edge does not exist: its tags have no v (1.27.2, 1.27.3)",
    expected=expect("image-not-found",
        [(c("Deployment", "edge", "nginx", "image"), BEFORE)],
        [(c("Deployment", "edge", "nginx", "image"), value("acme/edge:1.27.3"))]),
    path="overlays/prod")

# 2 ── Kustomize, Argo CD: one patch for all Deployments, one of them needs more
scenario("one-size-for-all", "argocd", {
    "base/search.yaml": dump(workload("Deployment", "search", shop("search", "acme/catalog", {"CACHE_MB": "90"}, resources={"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "160Mi"}})), service("search")),
    "base/suggest.yaml": dump(workload("Deployment", "suggest", shop("suggest", "acme/catalog", {"CACHE_MB": "8"}, resources={"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "96Mi"}})), service("suggest")),
    "base/kustomization.yaml": kustomization("search.yaml", "suggest.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.1"}]),
}, ["Right-size memory after the cost review, catalog 1.4.2",
    ["overlays/prod/kustomization.yaml", "newTag: 1.4.1\n", "newTag: 1.4.2\npatches:\n  - path: memory.yaml\n    target:\n      kind: Deployment\n"],
    ["overlays/prod/memory.yaml", None, "- op: replace\n  path: /spec/template/spec/containers/0/resources/limits/memory\n  value: 64Mi\n"]],
    "the patch sets 64Mi for every Deployment; search holds 90 MB: OOMKilled. suggest is fine with 64Mi",
    expected=expect("out-of-memory", [(c("Deployment", "search", "search", "resources.limits.memory"), at_least("112Mi"))]),
    path="overlays/prod")

# 3 ── plain, Flux: the port moves, the liveness probe has its number
scenario("agent-port-moves", "flux", {
    "deploy/daemonset.yaml": text("""
        # node-router: one per node, owned by team platform
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: node-router
          labels:
            app.kubernetes.io/name: node-router
        spec:
          selector:
            matchLabels:
              app: node-router
          template:
            metadata:
              labels:
                app: node-router
            spec:
              containers:
                - name: router
                  image: acme/router:0.38.0
                  env:
                    - name: ROUTER_UPSTREAM
                      value: http://10.20.0.5:80
                    - name: PORT
                      value: "8080"
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
                  livenessProbe:
                    httpGet:
                      path: /livez
                      port: 8080
                    periodSeconds: 5
                    failureThreshold: 2
    """),
    "deploy/service.yaml": dump(service("node-router")),
}, ["Router 0.39.0 on 8081, 8080 goes to the mesh",
    ["deploy/daemonset.yaml", "acme/router:0.38.0", "acme/router:0.39.0"],
    ["deploy/daemonset.yaml", 'value: "8080"', 'value: "8081"'],
    ["deploy/daemonset.yaml", "containerPort: 8080", "containerPort: 8081"]],
    "the liveness probe still asks port 8080, the program listens on 8081 now: it is restarted every few seconds",
    expected=expect("liveness-probe liveness",
        [(c("DaemonSet", "node-router", "router", "livenessProbe.httpGet.port"), value(8081))],
        [(c("DaemonSet", "node-router", "router", "livenessProbe.httpGet.port"), value("http"))]))

# 4 ── HelmRelease, Flux: the chart's migration hook looks where the image has nothing
scenario("release-migration-folder", "flux", {
    "charts/ledger/Chart.yaml": "apiVersion: v2\nname: ledger\nversion: 0.8.0\n",
    "charts/ledger/values.yaml": text("""
        image:
          repository: acme/ledger
          tag: 3.1.3
        gateway: https://gateway.example/v2
        schema:
          tag: "22"
          url: jdbc:postgresql://10.20.0.5/ledger
          locations: filesystem:/app/sql
    """),
    "charts/ledger/templates/schema.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: {{ .Release.Name }}-schema
          annotations:
            helm.sh/hook: pre-install,pre-upgrade
            helm.sh/hook-delete-policy: before-hook-creation
        spec:
          backoffLimit: 1
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: flyway
                  image: acme/schema:{{ .Values.schema.tag }}
                  env:
                    - name: FLYWAY_URL
                      value: {{ .Values.schema.url }}
                    - name: FLYWAY_LOCATIONS
                      value: {{ .Values.schema.locations }}
                  resources:
                    limits: {memory: 48Mi}
    """),
    "charts/ledger/templates/deployment.yaml": text("""
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
                - name: ledger
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  env:
                    - name: LEDGER_GATEWAY_URL
                      value: {{ .Values.gateway }}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /actuator/health/readiness, port: http}
                    periodSeconds: 3
    """),
    "releases/ledger.yaml": release("ledger", "charts/ledger", """
        image:
          tag: 3.1.3
        schema:
          tag: "22"   # with the ledger's
    """),
}, ["Ledger 3.1.4 with schema 23",
    ["releases/ledger.yaml", "tag: 3.1.3", "tag: 3.1.4"],
    ["releases/ledger.yaml", '      tag: "22"   # with the ledger\'s\n', '      tag: "23"   # with the ledger\'s\n      locations: filesystem:/app/migrations\n']],
    "the hook's Job looks for migrations in /app/migrations, which the image does not have; they are in /app/sql, the chart's default",
    expected=expect("helm-failed job-failed crash-on-start", [(c("Job", "ledger-schema", "flyway", "env[name=FLYWAY_LOCATIONS].value"), BEFORE)]),
    path="releases")

# 5 ── Kustomize, Argo CD: a key is renamed in the file of a generator, the base refers to the old one
scenario("prefix-in-env-file", "argocd", {
    "base/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: portal
        spec:
          replicas: 2
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: portal
          template:
            metadata:
              labels:
                app: portal
            spec:
              containers:
                - name: portal
                  image: acme/portal
                  env:
                    - name: SESSION_STORE
                      valueFrom:
                        configMapKeyRef:
                          name: portal-env
                          key: SESSION_STORE
                  ports:
                    - name: http
                      containerPort: 4000
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /health, port: http}
                    periodSeconds: 3
    """),
    "base/service.yaml": dump(service("portal")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/portal.env": "SESSION_STORE=memory\nREGION=eu-west-1\n",
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/portal", "newTag": "2.0.0"}],
        configMapGenerator=[{"name": "portal-env", "envs": ["portal.env"]}], generatorOptions={"disableNameSuffixHash": True}),
}, ["Prefix portal settings, portal 2.0.1",
    ["overlays/prod/portal.env", "SESSION_STORE=memory\n", "PORTAL_SESSION_STORE=memory\n"],
    ["overlays/prod/kustomization.yaml", "newTag: 2.0.0", "newTag: 2.0.1"]],
    "ConfigMap portal-env has no key SESSION_STORE any more, it is PORTAL_SESSION_STORE; the Deployment in the base refers to the old one",
    expected=expect("config-key-missing",
        [(c("Deployment", "portal", "portal", "env[name=SESSION_STORE].valueFrom.configMapKeyRef.key"), value("PORTAL_SESSION_STORE"))],
        [("ConfigMap/portal-env data.SESSION_STORE", BEFORE), ("ConfigMap/portal-env data.PORTAL_SESSION_STORE", GONE)]),
    path="overlays/prod")

# 6 ── plain, Argo CD: a relative command, and another working directory
scenario("working-directory", "argocd", {
    **one("deployment", workload("Deployment", "kiosk", container("kiosk", "node", image="acme/storefront:9.4.0", command=["./run"], workingDir="/app", env={"PAGE_SIZE": "20"}, args=["dist/server.js"], resources=RES), replicas=2)),
    **one("service", service("kiosk")),
}, ["Kiosk 9.4.1, paths like the other node services",
    ["deploy/deployment.yaml", "workingDir: /app", "workingDir: /srv/app"],
    ["deploy/deployment.yaml", "acme/storefront:9.4.0", "acme/storefront:9.4.1"],
    ["deploy/deployment.yaml", "value: '20'", "value: '12'"]],
    "the command ./run is looked for in /srv/app, where the image has nothing; it is in /app",
    expected=expect("command-not-found",
        [(c("Deployment", "kiosk", "kiosk", "workingDir"), BEFORE)],
        [(c("Deployment", "kiosk", "kiosk", "command"), value(["/app/run"]))]))

# 7 ── Kustomize, Flux: the overlay's disruption budget is merged with the base's
scenario("two-budgets-in-one", "flux", {
    "base/deployment.yaml": dump(workload("Deployment", "orders", shop("orders", "acme/checkout"), replicas=2)),
    "base/budget.yaml": text("""
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata:
          name: orders
        spec:
          minAvailable: 1
          selector:
            matchLabels:
              app: orders
    """),
    "base/service.yaml": dump(service("orders")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "budget.yaml", "service.yaml"),
    "overlays/staging/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/checkout", "newTag": "1.4.2"}]),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/checkout", "newTag": "1.4.1"}]),
}, ["Orders: three copies and 1.4.2 in prod, one away at a time",
    ["overlays/prod/kustomization.yaml", "newTag: 1.4.1\n", "newTag: 1.4.2\nreplicas:\n  - name: orders\n    count: 3\npatches:\n  - path: budget.yaml\n"],
    ["overlays/prod/budget.yaml", None, "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: orders\nspec:\n  maxUnavailable: 1\n"]],
    "PodDisruptionBudget orders gets maxUnavailable from the overlay and keeps minAvailable of the base: the API server allows only one of them",
    expected=expect("invalid-manifest",
        [("PodDisruptionBudget/orders spec.minAvailable", GONE)],
        [("PodDisruptionBudget/orders spec.maxUnavailable", GONE)]),
    path="overlays/prod")

# 8 ── Helm, Argo CD: the Deployment's account gets another name, the chart creates the old one
scenario("account-by-another-name", "argocd", {
    "chart/Chart.yaml": "apiVersion: v2\nname: metrics\nversion: 1.3.0\n",
    "chart/values.yaml": text("""
        image:
          repository: acme/metrics
          tag: 3.0.1
        retention: 2d
        serviceAccount:
          name: metrics
    """),
    "chart/templates/account.yaml": text("""
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: metrics
    """),
    "chart/templates/config.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: metrics-config
        data:
          prometheus.yml: |
            global:
              scrape_interval: 30s
    """),
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: metrics
        spec:
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: metrics
          template:
            metadata:
              labels:
                app: metrics
            spec:
              serviceAccountName: {{ .Values.serviceAccount.name }}
              containers:
                - name: prometheus
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  args:
                    - --storage.tsdb.retention.time={{ .Values.retention }}
                  ports:
                    - {name: http, containerPort: 9090}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /-/ready, port: http}
                    periodSeconds: 3
                  volumeMounts:
                    - {name: config, mountPath: /etc/prometheus}
              volumes:
                - name: config
                  configMap: {name: metrics-config}
    """),
    "env/prod-values.yaml": "# production overrides\nimage:\n  tag: 3.0.1\nretention: 15d\n",
}, ["Metrics 3.1.0, a month of history, settings as in eu-2",
    ["env/prod-values.yaml", "tag: 3.0.1\nretention: 15d\n", "tag: 3.1.0\nretention: 30d\nserviceAccount:\n  name: metrics-reader\n"]],
    "ServiceAccount metrics-reader does not exist; the chart creates metrics",
    expected=expect("service-account-missing", [(pod("Deployment", "metrics", "serviceAccountName"), BEFORE)]),
    path="chart", source={"helm": {"valueFiles": ["../env/prod-values.yaml"]}})

# 9 ── HelmRelease, Flux: a word of another client library
scenario("release-oldest-offset", "flux", {
    "chart/Chart.yaml": "apiVersion: v2\nname: consumer\nversion: 0.2.1\n",
    "chart/values.yaml": "image:\n  repository: acme/shipping\n  tag: 3.9.0\nreplicas: 1\nenv: {}\n",
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicas }}
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
                - name: consumer
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  env:
                    {{- range $name, $value := .Values.env }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 3
    """),
    "releases/shipping.yaml": release("shipping", "chart", """
        image:
          tag: 3.9.0
        env:
          CONSUMER_BOOTSTRAP_SERVERS: 10.20.0.9:9092
          CONSUMER_AUTO_OFFSET_RESET: latest
    """),
}, ["Shipping 3.9.1: second consumer, read a new topic from its start",
    ["releases/shipping.yaml", "tag: 3.9.0\n", "tag: 3.9.1\n    replicas: 2\n"],
    ["releases/shipping.yaml", "CONSUMER_AUTO_OFFSET_RESET: latest", "CONSUMER_AUTO_OFFSET_RESET: oldest"]],
    "auto.offset.reset does not know oldest; from the start is called earliest",
    expected=expect("crash-on-start helm-failed",
        [(c("Deployment", "shipping", "consumer", "env[name=CONSUMER_AUTO_OFFSET_RESET].value"), value("earliest"))],
        [(c("Deployment", "shipping", "consumer", "env[name=CONSUMER_AUTO_OFFSET_RESET].value"), BEFORE)]),
    path="releases")

# 10 ── plain, Argo CD: what was preferred is required now, and there is one node
scenario("apart-on-one-node", "argocd", {
    "deploy/deployment.yaml": text("""
        # refunds: owned by team payments
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: refunds
        spec:
          replicas: 2
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: refunds
          template:
            metadata:
              labels:
                app: refunds
            spec:
              affinity:
                podAntiAffinity:
                  preferredDuringSchedulingIgnoredDuringExecution:
                    - weight: 100
                      podAffinityTerm:
                        topologyKey: kubernetes.io/hostname
                        labelSelector:
                          matchLabels:
                            app: refunds
              containers:
                - name: refunds
                  image: acme/payments:1.4.1
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
    """),
    "deploy/service.yaml": dump(service("refunds")),
}, ["Refunds 1.4.2, keep the copies apart",
    ["deploy/deployment.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"],
    ["deploy/deployment.yaml", """\
          preferredDuringSchedulingIgnoredDuringExecution:
            - weight: 100
              podAffinityTerm:
                topologyKey: kubernetes.io/hostname
                labelSelector:
                  matchLabels:
                    app: refunds
""", """\
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              labelSelector:
                matchLabels:
                  app: refunds
"""]],
    "anti-affinity is required now, the cluster has one node: no second pod finds a place",
    expected=expect("unschedulable-placement", [
        (pod("Deployment", "refunds", "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution"), GONE),
        (pod("Deployment", "refunds", "affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution"), BEFORE)]))

# 11 ── Helm, Argo CD: a template is included by a name that nobody defines
Q = lambda rest: c("Deployment", "quotes", "quotes", rest)
scenario("helper-in-the-singular", "argocd", {
    "charts/quotes/Chart.yaml": "apiVersion: v2\nname: quotes\nversion: 0.5.2\n",
    "charts/quotes/values.yaml": "image: acme/quotes:1.12.0\nteam: pricing\npoolSize: 5\ndatabase: postgresql://quotes@10.20.0.5/quotes\n",
    "charts/quotes/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: quotes
          labels:
            app: quotes
        spec:
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: quotes
          template:
            metadata:
              labels:
                app: quotes
            spec:
              containers:
                - name: quotes
                  image: {{ .Values.image }}
                  env:
                    - name: DATABASE_URL
                      value: {{ .Values.database }}
                    - name: POOL_SIZE
                      value: {{ .Values.poolSize | quote }}
                  ports:
                    - {name: http, containerPort: 8000}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 3
    """),
    "charts/quotes/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: quotes
          labels:
            app: quotes
        spec:
          selector:
            app: quotes
          ports:
            - {name: http, port: 80, targetPort: http}
    """),
}, ["Labels for the cost report, quotes 1.12.1",
    ["charts/quotes/templates/_helpers.tpl", None, '{{- define "quotes.labels" -}}\napp: quotes\nteam: {{ .Values.team }}\n{{- end }}\n'],
    ["charts/quotes/templates/deployment.yaml", "  labels:\n    app: quotes\nspec:", '  labels:\n    {{- include "quotes.labels" . | nindent 4 }}\nspec:'],
    ["charts/quotes/templates/service.yaml", "  labels:\n    app: quotes\nspec:", '  labels:\n    {{- include "quote.labels" . | nindent 4 }}\nspec:'],
    ["charts/quotes/values.yaml", "acme/quotes:1.12.0", "acme/quotes:1.12.1"]],
    "the Service includes template quote.labels, which is defined as quotes.labels",
    expected=expect("render-failed", [], keep=[
        ("Deployment/quotes metadata.labels.team", value("pricing")), ("Service/quotes metadata.labels.team", value("pricing")),
        ("Deployment/quotes metadata.labels.app", value("quotes")), ("Service/quotes metadata.labels.app", value("quotes")),
        (Q("image"), value("acme/quotes:1.12.1"))]),
    path="charts/quotes")

# 12 ── Kustomize, Flux: the base mounts the scratch volume elsewhere, the overlay's setting stays; another commit on top
scenario("scratch-moves", "flux", {
    "base/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: reports
        spec:
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: reports
          template:
            metadata:
              labels:
                app: reports
            spec:
              containers:
                - name: reports
                  image: acme/reports
                  args: [reports.wsgi:application, --bind, "0.0.0.0:8000"]
                  env:
                    - name: REDIS_URL
                      value: redis://cache:6379/0
                  ports:
                    - name: http
                      containerPort: 8000
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /ready, port: http}
                    periodSeconds: 3
                  securityContext:
                    readOnlyRootFilesystem: true
                  volumeMounts:
                    - name: scratch
                      mountPath: /var/cache   # everything else is read-only
              volumes:
                - name: scratch
                  emptyDir: {}
    """),
    "base/service.yaml": dump(service("reports")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/reports", "newTag": "5.0.2"}], patches=[{"path": "cache.yaml"}]),
    "overlays/prod/cache.yaml": text("""
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
                      value: /var/cache
    """),
}, [{"subject": "Scratch space at /scratch, with an upper bound", "edit": [
        ["base/deployment.yaml", "mountPath: /var/cache ", "mountPath: /scratch "],
        ["base/deployment.yaml", "emptyDir: {}", "emptyDir: {sizeLimit: 64Mi}"]]},
    {"subject": "Reports 5.0.3", "edit": [["overlays/prod/kustomization.yaml", "newTag: 5.0.2", "newTag: 5.0.3"]], "wait": 40}],
    "CACHE_DIR in the overlay is /var/cache, the base mounts the writable volume at /scratch now: read-only file system",
    expected=expect("crash-on-start volume-mount",
        [(c("Deployment", "reports", "reports", "env[name=CACHE_DIR].value"), value("/scratch"))],
        [(c("Deployment", "reports", "reports", "volumeMounts[name=scratch].mountPath"), BEFORE)]),
    path="overlays/prod")

# 13 ── for people. plain, Argo CD: the namespace's quota, which is the platform team's, has no room for a new service
scenario("no-room-for-the-mailer", "argocd", {
    **one("vouchers", workload("Deployment", "vouchers", shop("vouchers", "acme/checkout:1.4.1"), replicas=2), service("vouchers")),
}, ["Mailer for vouchers",
    ["deploy/mailer.yaml", None, dump(workload("Deployment", "voucher-mailer", container("mailer", "ruby", image="acme/mailer:7.0.5", resources=RES), replicas=3), service("voucher-mailer"))]],
    "ResourceQuota namespace-pods, which is not in git, allows 4 pods, five are wanted: the platform team decides",
    answer=HUMAN, expected=expect("quota"),
    given='apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: namespace-pods\n  annotations:\n    owner: platform team, ask in #platform\nspec:\n  hard:\n    pods: "4"\n')

# 14 ── for people. plain, Flux: the broker does not take the password any more
scenario("broker-says-no", "flux", {
    **one("deployment", workload("Deployment", "parcels", {"name": "parcels", "image": "acme/shipping:3.9.0",
        "env": [{"name": "CONSUMER_BOOTSTRAP_SERVERS", "value": "10.20.0.9:9094"}, {"name": "SASL_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "broker-login", "key": "password"}}}, {"name": "MAX_POLL_RECORDS", "value": "200"}],
        "ports": [{"name": "http", "containerPort": 8080}], "resources": RES, "readinessProbe": {"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 3}})),
    **one("service", service("parcels")),
}, ["Parcels 3.9.1, larger polls", ["deploy/deployment.yaml", "acme/shipping:3.9.0", "acme/shipping:3.9.1"], ["deploy/deployment.yaml", "value: '200'", "value: '500'"]],
    "the broker refuses the password in Secret broker-login, which is not in git and was changed by hand: its owner must put in the right one",
    answer=HUMAN, expected=expect("crash-on-start"),
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: broker-login\nstringData:\n  password: valid\n",
    then=[[-6, "kubectl -n $NAMESPACE patch secret broker-login --type merge -p '{\"stringData\":{\"password\":\"only-for-tests-q4\"}}'"]])

# 15 ── nothing to do. plain, Flux: longer to start than Flux waits, within what its own probe allows
scenario("long-warm-up", "flux", {
    **one("deployment", workload("Deployment", "similar", shop("similar", "acme/catalog:1.4.1", {"START_SECONDS": "2"},
        startupProbe={"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 5, "failureThreshold": 30}), deadline=300)),
    **one("service", service("similar")),
}, ["Load the whole model, catalog 1.4.2", ["deploy/deployment.yaml", "value: '2'", "value: '80'"], ["deploy/deployment.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"]],
    "it starts in 80 s, the startup probe allows 150: Flux's wait of 60 s runs out once, then all is healthy by itself",
    answer=NONE, expected=expect("healthy recovering"))

# 16 ── nothing to do. plain, Argo CD: a Job comes too early and tries again
FILL = 'wget -q -T 4 -O /dev/null "http://$FACETS_SERVICE_HOST/readyz" || { echo "facets does not answer yet"; exit 1; }\necho "cache filled"\n'
JOB = workload("Job", "facets-fill", {"name": "fill", "image": "busybox:1.36", "command": ["sh", "-c", Text(FILL)], "resources": RES}, spec={"backoffLimit": 6})
scenario("job-tries-again", "argocd", {
    **one("catalog", workload("Deployment", "catalog", shop("catalog", "acme/catalog:1.4.1")), service("catalog")),
}, ["Facets beside the catalog, filled once",
    ["deploy/facets.yaml", None, dump(workload("Deployment", "facets", shop("facets", "acme/catalog:1.4.2", {"START_SECONDS": "18"}, live={"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 40, "periodSeconds": 10}), deadline=300), service("facets"))],
    ["deploy/fill.yaml", None, dump(JOB)]],
    "the Job's first pods end with an error while facets starts; a later one succeeds: everything is healthy after about a minute",
    answer=NONE, expected=expect("healthy recovering"))


# What was expected, corrected in form after it was played: every rendered field that such a fix changes, as it is called there.
CORRECTED = {'helper-in-the-singular': {'class': ['render-failed'],
                            'fixes': [[]],
                            'keep': [{'field': 'Service/quotes metadata.labels.team', 'to': {'value': 'pricing'}},
                                     {'field': 'Deployment/quotes metadata.labels.team', 'to': {'value': 'pricing'}},
                                     {'field': 'Deployment/quotes spec.template.spec.containers[name=quotes].image', 'to': {'value': 'acme/quotes:1.12.1'}}]}}
for one in SCENARIOS:
    if one["id"] in CORRECTED:
        one["expected"] = CORRECTED[one["id"]]
