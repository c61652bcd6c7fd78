"""Ordinary nights in ordinary companies: the things that most often stop a delivery, one class each, in plain YAML, Kustomize and Helm repositories."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(2340)

RES = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "96Mi"}}
SMALL = {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}


def shop(name, image, env=None, **more):
    return container(name, "shop", image=image, env=env, resources=more.pop("resources", RES), **more)


def tags(**versions):
    return [{"name": f"acme/{name}", "newTag": tag} for name, tag in versions.items()]


def release(name, values, chart):
    """A HelmRelease beside its chart, applied by a Flux Kustomization of releases/."""
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
              chart: ./{chart}
              reconcileStrategy: Revision
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
    """) + "  values:\n" + textwrap.indent(text(values), "    ")}


# 1 ── Helm, Argo CD: the user is lost when the security contexts are rewritten
scenario("baseline-for-the-portal", "argocd", {
    "charts/portal/Chart.yaml": "apiVersion: v2\nname: portal\nversion: 0.8.2\nappVersion: 2.0.0\n",
    "charts/portal/values.yaml": text("""
        image:
          repository: acme/portal
          tag: 2.0.0
        replicas: 1
        env: {}
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
        podSecurityContext: {}
        securityContext: {}
    """),
    "charts/portal/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: portal
          labels:
            app.kubernetes.io/name: portal
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: portal
          template:
            metadata:
              labels:
                app: portal
            spec:
              {{- with .Values.podSecurityContext }}
              securityContext:
                {{- toYaml . | nindent 8 }}
              {{- end }}
              containers:
                - name: portal
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  {{- with .Values.securityContext }}
                  securityContext:
                    {{- toYaml . | nindent 12 }}
                  {{- end }}
                  env:
                    {{- range $name, $value := .Values.env }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                  ports:
                    - name: http
                      containerPort: 4000
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  livenessProbe:
                    httpGet: {path: /health, port: http}
                    initialDelaySeconds: 8
                  readinessProbe:
                    httpGet: {path: /health, port: http}
                    periodSeconds: 5
    """),
    "charts/portal/templates/service.yaml": dump(service("portal")),
    "env/live.yaml": text("""
        replicas: 2
        image:
          tag: 2.0.0
        env:
          SESSION_STORE: memory
          FEATURE_TRIAL: "false"
        podSecurityContext:
          runAsUser: 1000
          fsGroup: 1000
        securityContext:
          allowPrivilegeEscalation: false
    """),
}, ["portal 2.0.1 with the trial; security contexts after the company baseline",
    ["env/live.yaml", "  tag: 2.0.0\n", "  tag: 2.0.1\n"],
    ["env/live.yaml", 'FEATURE_TRIAL: "false"', 'FEATURE_TRIAL: "true"'],
    ["env/live.yaml", "podSecurityContext:\n  runAsUser: 1000\n  fsGroup: 1000\nsecurityContext:\n  allowPrivilegeEscalation: false\n",
     "podSecurityContext:\n  runAsNonRoot: true\n  fsGroup: 1000\n  seccompProfile:\n    type: RuntimeDefault\nsecurityContext:\n  allowPrivilegeEscalation: false\n  capabilities:\n    drop: [ALL]\n"]],
    "the rewrite of the contexts lost runAsUser 1000, runAsNonRoot came: the image's own user is root, CreateContainerConfigError",
    expected=expect("run-as-root-image",
        [(pod("Deployment", "portal", "securityContext.runAsUser"), value(1000))],
        [(c("Deployment", "portal", "portal", "securityContext.runAsUser"), value(1000))]),
    path="charts/portal", source={"helm": {"valueFiles": ["../../env/live.yaml"]}})

# 2 ── Helm, Flux: the chart's version is written where the program's belongs
STOREFRONT = {
    "chart/Chart.yaml": "apiVersion: v2\nname: storefront\nversion: 2.3.0\nappVersion: 9.4.0\n",
    "chart/values.yaml": "replicas: 1\nimage:\n  repository: acme/storefront\n  tag: \"\"\nsettings: {}\n",
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: storefront
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: storefront
          template:
            metadata:
              labels:
                app: storefront
            spec:
              containers:
                - name: storefront
                  image: {{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
                  args: [dist/server.js]
                  envFrom:
                    - configMapRef:
                        name: storefront
                  ports:
                    - name: http
                      containerPort: 3000
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /api/health, port: http}
                    periodSeconds: 5
    """),
    "chart/templates/settings.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: storefront
        data:
          {{- range $name, $value := .Values.settings }}
          {{ $name }}: {{ $value | quote }}
          {{- end }}
    """),
    "chart/templates/service.yaml": dump(service("storefront")),
}
scenario("chart-and-program-versions", "flux", {**STOREFRONT, **release("storefront", """
    replicas: 2
    image:
      tag: 9.4.0
    settings:
      API_BASE_URL: https://api.example
      PAGE_SIZE: "20"
""", "chart")}, ["storefront 9.4.1 with chart 2.4.0: a disruption budget, 32 products a page",
    ["chart/Chart.yaml", "version: 2.3.0\nappVersion: 9.4.0", "version: 2.4.0\nappVersion: 9.4.1"],
    ["chart/templates/budget.yaml", None, dump({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "storefront"}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "storefront"}}}})],
    ["releases/storefront.yaml", "tag: 9.4.0", "tag: 2.4.0"],
    ["releases/storefront.yaml", 'PAGE_SIZE: "20"', 'PAGE_SIZE: "32"']],
    "the image's tag is 2.4.0, the chart's version; the program's is 9.4.1 (the commit's subject, appVersion): ImagePullBackOff",
    expected=expect("image-not-found",
        [(c("Deployment", "storefront", "storefront", "image"), value("acme/storefront:9.4.1"))],
        [(c("Deployment", "storefront", "storefront", "image"), BEFORE)]),
    path="releases")

# 3 ── Kustomize, Argo CD: the Deployment is renamed, the autoscaler's target is not
PRICER = workload("Deployment", "pricer", container("pricer", "go", image="acme/pricer", resources=RES, args=["-log-level=info"]))
del PRICER["spec"]["replicas"]  # the autoscaler's
scenario("pricer-gets-company", "argocd", {
    "base/deployment.yaml": dump(PRICER),
    "base/service.yaml": dump(service("pricer")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "envs/live/autoscaler.yaml": dump({"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "pricer"}, "spec": {"minReplicas": 2, "maxReplicas": 6,
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "pricer"},
        "metrics": [{"type": "Pods", "pods": {"metric": {"name": "http_requests_per_second"}, "target": {"type": "AverageValue", "averageValue": "40"}}}]}}),
    "envs/live/kustomization.yaml": kustomization("../../base", "autoscaler.yaml", images=tags(pricer="2.4.6")),
}, ["pricer becomes pricer-api, pricer-refresh comes beside it; 2.4.7",
    ["base/deployment.yaml", "metadata:\n  name: pricer\n  labels:\n    app.kubernetes.io/name: pricer\n", "metadata:\n  name: pricer-api\n  labels:\n    app.kubernetes.io/name: pricer-api\n"],
    ["base/deployment.yaml", "app: pricer\n", "app: pricer-api\n"],
    ["base/service.yaml", "app: pricer\n", "app: pricer-api\n"],
    ["base/refresh.yaml", None, dump(workload("Deployment", "pricer-refresh", container("refresh", "go", image="acme/pricer", resources=RES, args=["-log-level=warn"])))],
    ["base/kustomization.yaml", "- service.yaml", "- service.yaml\n  - refresh.yaml"],
    ["envs/live/kustomization.yaml", "newTag: 2.4.6", "newTag: 2.4.7"]],
    "the HorizontalPodAutoscaler of the live overlay still scales Deployment pricer, which is pricer-api now: FailedGetScale, one pod instead of two to six",
    expected=expect("autoscaler", [("HorizontalPodAutoscaler/pricer spec.scaleTargetRef.name", value("pricer-api"))]),
    path="envs/live")

# 4 ── Kustomize, Flux: the overlay's budget is merged into the base's
BUDGET = {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "catalog"}}
scenario("budget-for-the-drains", "flux", {
    "apps/catalog/base/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog", {"PAGE_SIZE": "24"}), replicas=2), service("catalog")),
    "apps/catalog/base/budget.yaml": dump({**BUDGET, "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "catalog"}}}}),
    "apps/catalog/base/kustomization.yaml": kustomization("catalog.yaml", "budget.yaml"),
    "apps/catalog/live/kustomization.yaml": kustomization("../base", images=tags(catalog="1.4.1"), replicas=[{"name": "catalog", "count": 3}]),
}, ["catalog 1.4.2, four of them; drains may take one away",
    ["apps/catalog/live/kustomization.yaml", "newTag: 1.4.1\n", "newTag: 1.4.2\n"],
    ["apps/catalog/live/kustomization.yaml", "count: 3\n", "count: 4\npatches:\n  - path: budget.yaml\n"],
    ["apps/catalog/live/budget.yaml", None, dump({**BUDGET, "spec": {"maxUnavailable": 1}})]],
    "minAvailable of the base and maxUnavailable of the overlay are both set: the API server takes only one of them, nothing is applied",
    expected=expect("invalid-manifest",
        [("PodDisruptionBudget/catalog spec.minAvailable", GONE)],
        [("PodDisruptionBudget/catalog spec.maxUnavailable", GONE)]),
    path="apps/catalog/live")

# 5 ── plain, Argo CD: a template's clusterIP None lands in a Service that has an address
scenario("service-template", "argocd", {
    "payments/deployment.yaml": dump(workload("Deployment", "payments", shop("payments", "acme/payments:1.4.1", {"REQUIRED_ENV": "ACQUIRER", "ACQUIRER": "north"}), replicas=2)),
    "payments/services.yaml": dump(service("payments", type="ClusterIP"), service("payments-admin", port=8090)),
    "payments/policy.yaml": dump({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "payments"}, "spec": {"podSelector": {"matchLabels": {"app": "payments"}}, "policyTypes": ["Ingress"], "ingress": [{"ports": [{"port": 8080}]}]}}),
}, ["payments 1.4.2; Service written after the platform's template (appProtocol)",
    ["payments/deployment.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"],
    ["payments/services.yaml", "    targetPort: http\n  type: ClusterIP\n", "    targetPort: http\n    appProtocol: http\n  type: ClusterIP\n  clusterIP: None\n"]],
    "clusterIP None came with the template: the address of an existing Service cannot be changed, the sync fails on Service payments",
    expected=expect("invalid-manifest", [("Service/payments spec.clusterIP", BEFORE)]),
    path="payments")

# 6 ── plain, Flux: the port's name changes everywhere but in the readiness probe
scenario("port-names-of-the-mesh", "flux", {
    **one("checkout", workload("Deployment", "checkout", shop("checkout", "acme/checkout:1.4.1", {"CURRENCY": "EUR"}), replicas=2)),
    **one("service", service("checkout")),
    **one("worker", workload("Deployment", "checkout-worker", shop("worker", "acme/worker:1.4.1"))),
}, ["checkout 1.4.2; port names as the mesh wants them",
    ["deploy/checkout.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"],
    ["deploy/checkout.yaml", "- name: http\n", "- name: http-web\n"],
    ["deploy/checkout.yaml", "path: /healthz\n            port: http\n", "path: /healthz\n            port: http-web\n"],
    ["deploy/service.yaml", "targetPort: http\n", "targetPort: http-web\n"],
    ["deploy/worker.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"]],
    "the container's port is called http-web now, the readiness probe still asks the port http, which does not exist: never ready",
    expected=expect("readiness-probe readiness",
        [(c("Deployment", "checkout", "checkout", "readinessProbe.httpGet.port"), value("http-web"))],
        [(c("Deployment", "checkout", "checkout", "readinessProbe.httpGet.port"), value(8080))]))

# 7 ── plain, Flux: a first release whose volume asks for a key of another name
PROMETHEUS = "global:\n  scrape_interval: 30s\nrule_files:\n  - /etc/prometheus/rules.yml\nscrape_configs:\n  - job_name: shop\n    static_configs:\n      - targets: ['10.20.0.5:8080']\n"
RULES = "groups:\n  - name: shop\n    rules:\n      - alert: CheckoutSlow\n        expr: checkout_seconds > 2\n"
scenario("metrics-of-the-shop", "flux", {
    "monitoring/metrics.yaml": dump(workload("StatefulSet", "metrics", container("metrics", "prometheus", image="acme/metrics:3.1.0", resources=RES, args=["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.retention.time=15d"],
        volumeMounts=[{"name": "config", "mountPath": "/etc/prometheus", "readOnly": True}, {"name": "data", "mountPath": "/prometheus"}]),
        pod={"volumes": [{"name": "config", "configMap": {"name": "metrics-config", "items": [{"key": "prometheus.yml", "path": "prometheus.yml"}, {"key": "rules.yml", "path": "rules.yml"}]}}, {"name": "data", "emptyDir": {}}]}), service("metrics", port=9090)),
    "monitoring/config.yaml": dump(configmap("metrics-config", **{"prometheus.yml": PROMETHEUS, "shop-rules.yml": RULES})),
    "monitoring/pricer.yaml": dump(workload("Deployment", "pricer", container("pricer", "go", image="acme/pricer:2.4.7", resources=RES))),
}, [], "the volume takes key rules.yml from ConfigMap metrics-config, whose key is shop-rules.yml: FailedMount, the pod never starts",
    expected=expect("config-key-missing volume-mount",
        [(pod("StatefulSet", "metrics", "volumes[name=config].configMap.items[1].key"), value("shop-rules.yml"))],
        [('ConfigMap/metrics-config data["rules.yml"]', value(RULES)), ('ConfigMap/metrics-config data["shop-rules.yml"]', GONE)],
        [('ConfigMap/metrics-config data["rules.yml"]', value(RULES))]),
    path="monitoring", never_worked=True)

# 8 ── Kustomize component, Argo CD: a duration without its unit, in what two Deployments share
TTL = lambda name, to: (c("Deployment", name, "app", "env[name=CACHE_TTL].value"), to)
ZAP = lambda name: workload("Deployment", name, {"name": "app", "image": f"acme/{name}", "env": [{"name": "HTTP_PORT", "value": "8080"}], "ports": [{"name": "http", "containerPort": 8080}], "resources": RES,
    "readinessProbe": {"httpGet": {"path": "/readyz", "port": "http"}, "periodSeconds": 5}})
scenario("longer-lived-answers", "argocd", {
    "base/inventory.yaml": dump(ZAP("inventory"), service("inventory")),
    "base/allocator.yaml": dump(ZAP("allocator"), service("allocator")),
    "base/kustomization.yaml": kustomization("inventory.yaml", "allocator.yaml"),
    "components/caching/kustomization.yaml": dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", "patches": [{"path": "cache.yaml", "target": {"kind": "Deployment"}}]}, indented=True),
    "components/caching/cache.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: any
        spec:
          template:
            spec:
              containers:
                - name: app
                  env:
                    - name: CACHE_TTL
                      value: 30s
    """),
    "overlays/live/kustomization.yaml": kustomization("../../base", components=["../../components/caching"], images=tags(inventory="1.9", allocator="stable"), replicas=[{"name": "inventory", "count": 2}]),
}, ["Keep answers for a minute and a half; inventory 1.10",
    ["components/caching/cache.yaml", "              value: 30s\n", "              value: \"90\"\n            - name: CACHE_ENTRIES\n              value: \"20000\"\n"],
    ["overlays/live/kustomization.yaml", "newTag: '1.9'", "newTag: '1.10'"]],
    "CACHE_TTL is 90 without a unit (30s before): both programs read it as a duration and end at once",
    expected=expect("crash-on-start",
        [TTL("inventory", value("90s")), TTL("allocator", value("90s"))],
        [TTL("inventory", BEFORE), TTL("allocator", BEFORE)]),
    path="overlays/live")

# 9 ── Helm, Argo CD: the cache grows in the shared values, the limit is in another file
SEARCH = """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: NAME
        spec:
          replicas: {{ .Values.NAME.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: NAME
          template:
            metadata:
              labels:
                app: NAME
            spec:
              containers:
                - name: NAME
                  image: acme/catalog:{{ .Values.version }}
                  env:
                    - name: CACHE_MB
                      value: {{ .Values.indexMb | quote }}
                    - name: LANGUAGES
                      value: {{ join "," .Values.languages | quote }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    {{- toYaml .Values.NAME.resources | nindent 12 }}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
"""
scenario("whole-index-in-memory", "argocd", {
    "chart/Chart.yaml": "apiVersion: v2\nname: search\nversion: 1.1.0\n",
    "chart/values.yaml": "version: 1.4.1\nindexMb: 8\nlanguages: [en]\nsearch:\n  replicas: 1\n  resources: {}\nsuggest:\n  replicas: 1\n  resources: {}\n",
    "chart/templates/search.yaml": text(SEARCH.replace("NAME", "search")),
    "chart/templates/suggest.yaml": text(SEARCH.replace("NAME", "suggest")),
    "chart/templates/services.yaml": dump(service("search"), service("suggest")),
    "env/common.yaml": "# for every stage\nindexMb: 40\nlanguages: [en, de]\n",
    "env/live.yaml": text("""
        version: 1.4.1
        search:
          replicas: 2
          resources:
            requests: {cpu: 20m, memory: 64Mi}
            limits: {memory: 96Mi}
        suggest:
          resources:
            requests: {cpu: 10m, memory: 64Mi}
            limits: {memory: 224Mi}
    """),
}, ["Hold the whole index in memory, French too; catalog 1.4.2",
    ["env/common.yaml", "indexMb: 40\nlanguages: [en, de]", "indexMb: 130\nlanguages: [en, de, fr]"],
    ["env/live.yaml", "version: 1.4.1", "version: 1.4.2"]],
    "search holds 130 MB now, its limit in env/live.yaml is 96Mi: OOMKilled; suggest has 224Mi and runs",
    expected=expect("out-of-memory",
        [(c("Deployment", "search", "search", "resources.limits.memory"), at_least("144Mi"))],
        [(c("Deployment", "search", "search", "env[name=CACHE_MB].value"), BEFORE), (c("Deployment", "suggest", "suggest", "env[name=CACHE_MB].value"), BEFORE)]),
    path="chart", source={"helm": {"valueFiles": ["../env/common.yaml", "../env/live.yaml"]}})

# 10 ── Helm, Flux: the hook is to run by a shell that the image does not have
scenario("schema-by-strict-shell", "flux", {
    "charts/invoicing/Chart.yaml": "apiVersion: v2\nname: invoicing\nversion: 3.0.1\n",
    "charts/invoicing/values.yaml": "replicas: 1\nimage: acme/invoicing:8.1.0\ndatabase: Server=10.20.0.9;Database=orders\nschema:\n  image: acme/schema:22\n  shell: [sh, -ec]\n  script: /app/run\n  url: jdbc:postgresql://10.20.0.9:5432/orders\n",
    "charts/invoicing/templates/schema.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: invoicing-schema
          annotations:
            helm.sh/hook: pre-install,pre-upgrade
            helm.sh/hook-delete-policy: before-hook-creation
        spec:
          backoffLimit: 1
          template:
            metadata:
              labels:
                job: invoicing-schema
            spec:
              restartPolicy: Never
              containers:
                - name: schema
                  image: {{ .Values.schema.image }}
                  command: {{ toJson .Values.schema.shell }}
                  args:
                    - {{ .Values.schema.script | quote }}
                  env:
                    - name: FLYWAY_URL
                      value: {{ .Values.schema.url | quote }}
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 64Mi}
    """),
    "charts/invoicing/templates/invoicing.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: invoicing
        spec:
          replicas: {{ .Values.replicas }}
          selector:
            matchLabels:
              app: invoicing
          template:
            metadata:
              labels:
                app: invoicing
            spec:
              containers:
                - name: invoicing
                  image: {{ .Values.image }}
                  env:
                    - name: ConnectionStrings__Orders
                      value: {{ .Values.database | quote }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 5
    """),
    "charts/invoicing/templates/service.yaml": dump(service("invoicing")),
    **release("invoicing", """
    replicas: 2
    image: acme/invoicing:8.1.0
    schema:
      image: acme/schema:22
      shell: [sh, -ec]
      script: /app/run
""", "charts/invoicing"),
}, ["invoicing 8.1.1, schema 23; the migration's output is kept, pipe failures count",
    ["releases/invoicing.yaml", "acme/invoicing:8.1.0", "acme/invoicing:8.1.1"],
    ["releases/invoicing.yaml", "      image: acme/schema:22\n      shell: [sh, -ec]\n      script: /app/run\n", "      image: acme/schema:23\n      shell: [bash, -euo, pipefail, -c]\n      script: /app/run | tee /tmp/migration.log\n"]],
    "the pre-upgrade hook runs bash, the image has only sh: StartError, the upgrade fails before it changes anything",
    expected=expect("command-not-found helm-failed job-failed",
        [(c("Job", "invoicing-schema", "schema", "command[0]"), value("sh"))],
        [(c("Job", "invoicing-schema", "schema", "command[0]"), value("/bin/sh"))],
        [(c("Job", "invoicing-schema", "schema", "command"), BEFORE)]),
    path="releases")

# 11 ── Kustomize, Flux: accounts of their own, one reader writes the name in the plural
scenario("accounts-of-their-own", "flux", {
    "base/shipments.yaml": dump(workload("Deployment", "shipments", container("shipments", "shop", image="acme/checkout", resources=RES), replicas=2), service("shipments")),
    "base/labels.yaml": dump(workload("Deployment", "shipment-labels", container("printer", "shop", image="acme/worker", resources=RES, env={"PAPER": "A6"}), pod={"automountServiceAccountToken": False})),
    "base/kustomization.yaml": kustomization("shipments.yaml", "labels.yaml"),
    "clusters/north/kustomization.yaml": kustomization("../../base", images=tags(checkout="1.4.1", worker="1.4.1"), commonAnnotations={"acme.example/owner": "logistics"}),
}, ["Service accounts of their own for shipments and the label printer; both 1.4.2",
    ["base/accounts.yaml", None, dump({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "shipments"}, "automountServiceAccountToken": False},
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "shipment-label"}, "automountServiceAccountToken": False})],
    ["base/kustomization.yaml", "- shipments.yaml\n", "- accounts.yaml\n  - shipments.yaml\n"],
    ["base/shipments.yaml", "    spec:\n      containers:\n", "    spec:\n      serviceAccountName: shipments\n      containers:\n"],
    ["base/labels.yaml", "      automountServiceAccountToken: false\n", "      serviceAccountName: shipment-labels\n      automountServiceAccountToken: false\n"],
    ["clusters/north/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "shipment-labels asks for the account shipment-labels, the account of the same commit is shipment-label: no new pod is created",
    expected=expect("service-account-missing",
        [(pod("Deployment", "shipment-labels", "serviceAccountName"), value("shipment-label"))],
        [("ServiceAccount/shipment-labels", ANY), ("ServiceAccount/shipment-label", GONE)]),
    path="clusters/north")

# 12 ── plain, Argo CD: the time zone is written into the schedule
REPORT = lambda name, schedule, script: workload("CronJob", name, {"name": "report", "image": "busybox:1.36", "command": ["sh", "-c", script], "resources": SMALL}, spec={"schedule": schedule})
scenario("after-closing-time", "argocd", {
    "jobs/daily-totals.yaml": dump(REPORT("daily-totals", "30 22 * * *", "echo totals of the day")),
    "jobs/weekly-stock.yaml": dump(REPORT("weekly-stock", "0 5 * * 1", "echo stock of the week")),
    "jobs/viewer.yaml": dump(workload("Deployment", "report-viewer", container("viewer", "python", image="acme/reports:5.0.2", resources=RES)), service("report-viewer")),
}, ["reports 5.0.3; totals after closing time in Lisbon, keep a week of them",
    ["jobs/viewer.yaml", "acme/reports:5.0.2", "acme/reports:5.0.3"],
    ["jobs/daily-totals.yaml", "  schedule: 30 22 * * *\n", "  schedule: TZ=Europe/Lisbon 15 21 * * *\n  successfulJobsHistoryLimit: 7\n"],
    ["jobs/weekly-stock.yaml", "  schedule: 0 5 * * 1\n", "  schedule: 0 5 * * 1\n  successfulJobsHistoryLimit: 2\n"]],
    "a schedule may not carry TZ, the field timeZone is for that: the API server refuses CronJob daily-totals, the sync fails",
    expected=expect("cron-invalid invalid-manifest",
        [("CronJob/daily-totals spec.schedule", value("15 21 * * *")), ("CronJob/daily-totals spec.timeZone", value("Europe/Lisbon"))],
        [("CronJob/daily-totals spec.schedule", BEFORE)]),
    path="jobs")

# 13 ── for people. Kustomize, Argo CD: no node has a graphics card
scenario("recommender-comes", "argocd", {
    "base/storefront.yaml": dump(workload("Deployment", "storefront", container("storefront", "node", image="acme/storefront", resources=RES, env={"PAGE_SIZE": "20"}), replicas=2), service("storefront")),
    "base/kustomization.yaml": kustomization("storefront.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(storefront="9.4.0")),
}, ["The recommender, on a GPU node; storefront 9.4.1 shows what it finds",
    ["base/recommender.yaml", None, dump(workload("Deployment", "recommender", shop("recommender", "acme/catalog", {"MODEL": "shoppers-7"}, resources={"requests": {"cpu": "20m", "memory": "48Mi"}, "limits": {"memory": "96Mi", "nvidia.com/gpu": 1}})), service("recommender"))],
    ["base/kustomization.yaml", "- storefront.yaml", "- storefront.yaml\n  - recommender.yaml"],
    ["base/storefront.yaml", "        - name: PAGE_SIZE\n", "        - name: RECOMMENDATIONS\n          value: 'on'\n        - name: PAGE_SIZE\n"],
    ["overlays/live/kustomization.yaml", "newTag: 9.4.0\n", "newTag: 9.4.1\n  - name: acme/catalog\n    newTag: 1.4.2\n"]],
    "no node of the cluster offers nvidia.com/gpu: whoever runs the cluster must add such a node (or its device plugin); the manifest asks for what the model needs",
    answer=HUMAN, expected=expect("unschedulable-resources", ), path="overlays/live")

# 14 ── for people. plain, Argo CD: the namespace's budget belongs to the platform team
scenario("pods-for-the-sale", "argocd", {
    "shop/web.yaml": dump(workload("Deployment", "web", shop("web", "acme/checkout:1.4.1", {"CACHE_MB": "40"}, resources={"requests": {"cpu": "10m", "memory": "64Mi"}, "limits": {"memory": "96Mi"}}), replicas=2), service("web")),
    "shop/worker.yaml": dump(workload("Deployment", "worker", shop("worker", "acme/worker:1.4.1", {"CACHE_MB": "24"}, resources={"requests": {"cpu": "10m", "memory": "48Mi"}, "limits": {"memory": "64Mi"}}), replicas=2)),
}, ["Six web pods for the sale on Friday; checkout 1.4.2",
    ["shop/web.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"],
    ["shop/web.yaml", "replicas: 2", "replicas: 6"]],
    "the namespace's quota (kept by the platform team, not in git) allows 320Mi of requests, six web pods and the workers ask for 480Mi: the platform team must grant more, or the shop decides for fewer",
    answer=HUMAN, expected=expect("quota", ), path="shop",
    given="apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: namespace-budget\n  annotations:\n    owner: platform team\nspec:\n  hard:\n    requests.memory: 320Mi\n")

# 15 ── for people. Helm, Flux: a Secret that somebody has yet to bring
scenario("receipts-are-signed", "flux", {
    "chart/Chart.yaml": "apiVersion: v2\nname: receipts\nversion: 0.4.0\n",
    "chart/values.yaml": "replicas: 1\nimage: acme/payments:1.4.1\nsigning:\n  enabled: false\n  # of type kubernetes.io/tls, handed out by the security team on request\n  secretName: \"\"\nlayout: plain\n",
    "chart/templates/receipts.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: receipts
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: receipts
          template:
            metadata:
              labels:
                app: receipts
            spec:
              containers:
                - name: receipts
                  image: {{ .Values.image }}
                  env:
                    - name: LAYOUT
                      value: {{ .Values.layout }}
                    {{- if .Values.signing.enabled }}
                    - name: CONFIG_FILE
                      value: /etc/signing/tls.crt
                    {{- end }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
                  {{- if .Values.signing.enabled }}
                  volumeMounts:
                    - name: signing
                      mountPath: /etc/signing
                      readOnly: true
                  {{- end }}
              {{- if .Values.signing.enabled }}
              volumes:
                - name: signing
                  secret:
                    secretName: {{ .Values.signing.secretName }}
              {{- end }}
    """),
    "chart/templates/service.yaml": dump(service("receipts")),
    **release("receipts", """
    replicas: 2
    image: acme/payments:1.4.1
    layout: plain
""", "chart"),
}, ["Sign the receipts, as the tax office wants from next month; payments 1.4.2, two columns",
    ["releases/receipts.yaml", "    image: acme/payments:1.4.1\n    layout: plain\n", "    image: acme/payments:1.4.2\n    layout: columns\n    signing:\n      enabled: true\n      secretName: receipts-signing\n"]],
    "Secret receipts-signing does not exist, the security team hands such certificates out: somebody must ask for it",
    answer=HUMAN, expected=expect("secret-missing", ), path="releases")

# 16 ── nothing to do. Kustomize, Flux: one pod after the other, each takes its time
scenario("rates-before-answers", "flux", {
    "base/ledger.yaml": dump(workload("StatefulSet", "ledger", container("ledger", "java", image="acme/ledger", resources=RES, env={"START_SECONDS": "2"},
        startupProbe={"httpGet": {"path": "/actuator/health/liveness", "port": "http"}, "periodSeconds": 3, "failureThreshold": 40}), replicas=3), service("ledger")),
    "base/kustomization.yaml": kustomization("ledger.yaml"),
    "envs/live/kustomization.yaml": kustomization("../../base", images=tags(ledger="3.1.3")),
}, ["ledger 3.1.4 loads the year's rates before it answers",
    ["base/ledger.yaml", "value: '2'", "value: '35'"],
    ["envs/live/kustomization.yaml", "newTag: 3.1.3", "newTag: 3.1.4"]],
    "each of the three pods needs 35 s and comes after the other: longer than Flux waits at once, but within the startup probe; healthy after two or three minutes",
    answer=NONE, path="envs/live")
