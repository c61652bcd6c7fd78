"""A retailer, mostly with Kustomize: what goes wrong in an ordinary month."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1796)

PROBES = "liveness-probe readiness-probe probe liveness readiness"


def svc(name):
    return dump(service(name))


# ---------------------------------------------------------------- Kustomize

# 1 component adds a metrics sidecar that listens on the port of the application
scenario("component-exporter-port", "argocd", {
    "apps/basket/base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "apps/basket/base/deployment.yaml": dump(workload("Deployment", "basket", container("basket", "shop", env={"LOG_LEVEL": "info"}), deadline=80), indented=True),
    "apps/basket/base/service.yaml": svc("basket"),
    "apps/basket/overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        replicas:
          - name: basket
            count: 2
        """),
    "components/exporter/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        patches:
          - path: sidecar.yaml
            target:
              kind: Deployment
        """),
    "components/exporter/sidecar.yaml": text("""
        - op: add
          path: /spec/template/metadata/annotations
          value:
            prometheus.io/scrape: "true"
            prometheus.io/port: "9102"
        - op: add
          path: /spec/template/spec/containers/-
          value:
            name: exporter
            image: acme/catalog:1.4.1
            env:
              - name: LOG_LEVEL
                value: warn
              - name: PORT
                value: "8080"
            ports:
              - name: metrics
                containerPort: 9102
            resources:
              requests: {cpu: 5m, memory: 16Mi}
              limits: {memory: 48Mi}
            readinessProbe:
              httpGet: {path: /readyz, port: metrics}
              periodSeconds: 5
        """),
}, ["basket: prod gets the exporter component like the other shops", ["apps/basket/overlays/prod/kustomization.yaml", "replicas:\n", "components:\n  - ../../../../components/exporter\nreplicas:\n"]],
    "the exporter of the component (which the commit did not touch) listens on PORT 8080, the application's port, instead of its own metrics port 9102",
    expected=expect("port-conflict crash-on-start",
                    [(c("Deployment", "basket", "exporter", "env[name=PORT].value"), value("9102"))],
                    [("Deployment/basket spec.template.spec.containers[name=exporter]", GONE), ("Deployment/basket spec.template.metadata.annotations", GONE)]),
    path="apps/basket/overlays/prod")

# 2 generator: merge became replace
scenario("generator-replaced-base", "flux", {
    "base/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - deployment.yaml
          - service.yaml
        configMapGenerator:
          - name: payments-settings
            literals:
              - DATABASE_URL=postgres://payments@10.20.0.5/payments
              - LOG_LEVEL=info
        """),
    "base/deployment.yaml": dump(workload("Deployment", "payments", container("payments", "shop", image="acme/payments:1.4.1", env={"REQUIRED_ENV": "LOG_LEVEL"}, envFrom=[{"configMapRef": {"name": "payments-settings"}}]), deadline=70,
        pod={"initContainers": [{"name": "migrate", "image": "acme/worker:1.4.1", "args": ["migrate"], "envFrom": [{"configMapRef": {"name": "payments-settings"}}]}]}), indented=True),
    "base/service.yaml": svc("payments"),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        replicas:
          - name: payments
            count: 2
        configMapGenerator:
          - name: payments-settings
            behavior: merge
            literals:
              - LOG_LEVEL=warn
        """),
}, ["payments prod: shorter provider timeout for the sale", ["overlays/prod/kustomization.yaml", "    behavior: merge\n    literals:\n      - LOG_LEVEL=warn\n", "    behavior: replace\n    literals:\n      - LOG_LEVEL=warn\n      - PAYMENT_TIMEOUT_MS=2500\n"]],
    "the overlay's generator replaces the base's settings instead of merging: DATABASE_URL, which the migrating init container reads, is lost",
    expected=expect("crash-on-start config-key-missing", [("ConfigMap/payments-settings-# data.DATABASE_URL", BEFORE)]), path="overlays/prod")

# 3 labels with selectors on a living Deployment
scenario("cost-label-in-selector", "argocd", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(workload("Deployment", "giftcards", container("giftcards", "shop", image="acme/catalog:1.4.1"), replicas=2, deadline=80), indented=True),
    "base/service.yaml": svc("giftcards"),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/catalog
            newTag: 1.4.2
        """),
}, ["Show finance which cost centre giftcards belongs to", ["overlays/prod/kustomization.yaml", "images:\n", "labels:\n  - pairs:\n      costcentre: cc-4410\n    includeSelectors: true\nimages:\n"]],
    "the new label also goes into selectors: the Deployment's is immutable, the Service's selects no pod any more",
    expected=expect("invalid-manifest",
                    [("Deployment/giftcards spec.selector.matchLabels.costcentre", GONE), ("Deployment/giftcards spec.template.metadata.labels.costcentre", GONE), ("Service/giftcards spec.selector.costcentre", GONE)],
                    [("Deployment/giftcards spec.selector.matchLabels.costcentre", GONE), ("Service/giftcards spec.selector.costcentre", GONE)]),
    path="overlays/prod")

# 4 base and staging move to the mirror, prod's images entry matches nothing now
overlay4 = text("""
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
    images:
      - name: acme/catalog
        newTag: {}
    """)
scenario("mirror-misses-prod-tag", "flux", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(workload("Deployment", "search", container("search", "shop", image="acme/catalog:main"), deadline=80), indented=True),
    "base/service.yaml": svc("search"),
    "overlays/staging/kustomization.yaml": overlay4.format("1.4.2"),
    "overlays/prod/kustomization.yaml": overlay4.format("1.4.1"),
}, ["search: pull through our mirror", ["base/deployment.yaml", "image: acme/catalog:main", "image: mirror.acme.example/acme/catalog:main"],
    ["overlays/staging/kustomization.yaml", "name: acme/catalog", "name: mirror.acme.example/acme/catalog"]],
    "prod's images entry still names acme/catalog, which the base no longer uses: the base's placeholder tag main is deployed, which does not exist",
    expected=expect("image-not-found", [(c("Deployment", "search", "search", "image"), value("mirror.acme.example/acme/catalog:1.4.1"))], [(c("Deployment", "search", "search", "image"), BEFORE)]),
    path="overlays/prod")

# 5 JSON patch by index hits the new sidecar
scenario("patch-by-index-sidecar", "argocd", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: recommender
        spec:
          replicas: 1
          progressDeadlineSeconds: 80
          selector:
            matchLabels: {app: recommender}
          template:
            metadata:
              labels: {app: recommender}
            spec:
              terminationGracePeriodSeconds: 5
              containers:
                - name: recommender
                  image: acme/catalog:1.4.1
                  env:
                    - {name: CACHE_MB, value: "8"}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 48Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
        """),
    "base/service.yaml": svc("recommender"),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        patches:
          - path: cache.yaml
          - path: memory.yaml
            target: {kind: Deployment, name: recommender}
        """),
    "overlays/prod/cache.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: recommender
        spec:
          template:
            spec:
              containers:
                - name: recommender
                  env:
                    - {name: CACHE_MB, value: "110"}
        """),
    "overlays/prod/memory.yaml": text("""
        - op: replace
          path: /spec/template/spec/containers/0/resources/limits/memory
          value: 256Mi
        """),
}, ["recommender: ship access logs from the pod", ["base/deployment.yaml", "      containers:\n", """\
      containers:
        - name: shipper
          image: busybox:1.36
          command: [sh, -c, 'while true; do echo "shipped 0 lines"; sleep 30; done']
          resources:
            requests: {cpu: 5m, memory: 8Mi}
            limits: {memory: 24Mi}
"""]],
    "nothing fails: kustomize puts the container that a patch names first, so that containers/0 is still the application",
    answer=NONE, expected=expect("healthy"),
    path="overlays/prod")

# 6 component listed as a resource
scenario("component-as-resource", "flux", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(workload("Deployment", "orders", container("orders", "shop"), deadline=80), indented=True),
    "base/service.yaml": svc("orders"),
    "components/tracing/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        patches:
          - target: {kind: Deployment}
            patch: |
              - op: add
                path: /spec/template/metadata/annotations
                value: {sidecar.acme.example/tracing: "off"}
        """),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        components:
          - ../../components/tracing
        replicas:
          - name: orders
            count: 2
        """),
}, ["orders: survive node drains in prod",
    ["components/disruption/kustomization.yaml", None, "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources:\n  - pdb.yaml\n"],
    ["components/disruption/pdb.yaml", None, "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: orders\nspec:\n  minAvailable: 1\n  selector:\n    matchLabels:\n      app: orders\n"],
    ["overlays/prod/kustomization.yaml", "  - ../../base\n", "  - ../../base\n  - ../../components/disruption\n"],
    ["overlays/prod/kustomization.yaml", "count: 2", "count: 3"]],
    "a Component is listed under resources instead of components: kustomize refuses it",
    expected=expect("render-failed", [], keep=[("Deployment/orders spec.replicas", value(3)), ("PodDisruptionBudget/orders", ANY)]), path="overlays/prod")

# ---------------------------------------------------------------- Helm
DEPLOYMENT = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
      labels:
        {{- include "shop.labels" . | nindent 4 }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: {{ .Values.progressDeadlineSeconds }}
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
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              env:
                {{- range $name, $value := .Values.env }}
                - name: {{ $name }}
                  value: {{ $value | quote }}
                {{- end }}
              ports:
                - name: http
                  containerPort: {{ .Values.port }}
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              {{- with .Values.startupProbe }}
              startupProbe:
                {{- toYaml . | nindent 12 }}
              {{- end }}
              livenessProbe:
                httpGet: {path: /healthz, port: http}
                periodSeconds: 10
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 5
    """)
SERVICE = text("""
    apiVersion: v1
    kind: Service
    metadata:
      name: {{ .Release.Name }}
      labels:
        {{- include "shop.labels" . | nindent 4 }}
    spec:
      selector:
        app: {{ .Release.Name }}
      ports:
        - {name: http, port: 80, targetPort: http}
    """)
HELPERS = text("""
    {{- define "shop.labels" -}}
    app.kubernetes.io/name: {{ .Release.Name }}
    app.kubernetes.io/managed-by: {{ .Release.Service }}
    {{- end }}
    """)
VALUES = text("""
    image:
      repository: acme/checkout
      tag: 1.4.1
    replicas: 1
    progressDeadlineSeconds: 80
    port: 8080
    env:
      PORT: "8080"
      LOG_LEVEL: info
    resources:
      requests: {cpu: 10m, memory: 24Mi}
      limits: {memory: 96Mi}
    startupProbe: {}
    """)


def chart(at, values=VALUES, **more):
    files = {"Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.7.0\n", "values.yaml": values, "templates/_helpers.tpl": HELPERS, "templates/deployment.yaml": DEPLOYMENT, "templates/service.yaml": SERVICE}
    return {f"{at}/{k}": v for k, v in {**files, **{k.replace("__", "/"): v for k, v in more.items()}}.items()}


def release(name, values=None, values_from=None, timeout="60s", chart="./charts/shop"):
    spec = {"interval": "30s", "timeout": timeout, "chart": {"spec": {"chart": chart, "reconcileStrategy": "Revision", "sourceRef": {"kind": "GitRepository", "name": "@NAME@", "namespace": "flux-system"}}}}
    if values_from:
        spec["valuesFrom"] = values_from
    if values:
        spec["values"] = values
    return dump({"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": name}, "spec": spec}, indented=True)


# 7 the chart's default port moves, prod pins the old one
scenario("chart-port-prod-pinned", "argocd", {**chart("charts/storefront"), "charts/storefront/values-prod.yaml": text("""
    replicas: 2
    env:
      PORT: "8080"
      LOG_LEVEL: warn
    """), "charts/storefront/values-staging.yaml": "env:\n  LOG_LEVEL: debug\n"},
    ["storefront chart: leave 8080 to the mesh proxy", ["charts/storefront/values.yaml", "port: 8080\n", "port: 8081\n"], ["charts/storefront/values.yaml", 'PORT: "8080"', 'PORT: "8081"'], ["charts/storefront/Chart.yaml", "version: 1.7.0", "version: 1.8.0"]],
    "values-prod.yaml still sets PORT 8080: the program listens there, ports and probes are at 8081",
    expected=expect(PROBES, [(c("Deployment", "storefront", "app", "env[name=PORT].value"), value("8081"))], [(c("Deployment", "storefront", "app", "ports[name=http].containerPort"), BEFORE)]),
    path="charts/storefront", source={"helm": {"releaseName": "storefront", "valueFiles": ["values.yaml", "values-prod.yaml"]}})

# 8 valuesKey of a generated ConfigMap
VALUES8 = "replicas: 2\nimage:\n  repository: acme/catalog\n  tag: 1.4.2\nenv:\n  LOG_LEVEL: warn\n"
scenario("values-key-renamed", "flux", {**chart("charts/shop"),
    "releases/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - catalog.yaml
        configMapGenerator:
          - name: catalog-values
            files:
              - prod.yaml
            options:
              disableNameSuffixHash: true
        """),
    "releases/prod/prod.yaml": VALUES8,
    "releases/prod/catalog.yaml": release("catalog", values_from=[{"kind": "ConfigMap", "name": "catalog-values", "valuesKey": "prod.yaml"}])},
    ["catalog: third replica, value file named as in the other teams", ["releases/prod/prod.yaml", VALUES8, globals().get("DELETE")], ["releases/prod/values-prod.yaml", None, VALUES8.replace("replicas: 2", "replicas: 3")],
     ["releases/prod/kustomization.yaml", "- prod.yaml", "- values-prod.yaml"]],
    "the ConfigMap's key is the file name, now values-prod.yaml; the HelmRelease still asks for valuesKey prod.yaml",
    expected=expect("config-key-missing helm-failed config-missing", [], keep=[("Deployment/catalog spec.replicas", value(3))]), path="releases/prod")

# 9 helper renamed, one template forgotten
CRON = text("""
    {{- if .Values.cleanup.enabled }}
    apiVersion: batch/v1
    kind: CronJob
    metadata:
      name: {{ .Release.Name }}-cleanup
      labels:
        {{- include "shop.labels" . | nindent 4 }}
    spec:
      schedule: {{ .Values.cleanup.schedule | quote }}
      jobTemplate:
        spec:
          backoffLimit: 1
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: cleanup
                  image: "acme/worker:{{ .Values.image.tag }}"
                  args: [migrate]
                  env:
                    - {name: DATABASE_URL, value: "postgres://shipping@10.20.0.5/shipping"}
    {{- end }}
    """)
scenario("helper-renamed-cleanup", "argocd", {**chart("charts/shipping", values=VALUES + "cleanup:\n  enabled: false\n  schedule: \"15 3 * * *\"\n", templates__cleanup_yaml=CRON)
                                               , "charts/shipping/values-prod.yaml": "replicas: 2\ncleanup:\n  enabled: true\n"},
    ["shipping chart: team label everywhere, helper named after the chart",
     ["charts/shipping/templates/_helpers.tpl", 'define "shop.labels"', 'define "shipping.labels"'],
     ["charts/shipping/templates/_helpers.tpl", "{{- end }}", "team: fulfilment\n{{- end }}"],
     ["charts/shipping/templates/deployment.yaml", '"shop.labels"', '"shipping.labels"'],
     ["charts/shipping/templates/service.yaml", '"shop.labels"', '"shipping.labels"']],
    "the CronJob's template, which only prod renders, still includes the helper by its old name",
    expected=expect("render-failed", [], keep=[(f"{o} metadata.labels.team", value("fulfilment")) for o in ("Deployment/shipping", "Service/shipping", "CronJob/shipping-cleanup")]),
    path="charts/shipping", source={"helm": {"releaseName": "shipping", "valueFiles": ["values.yaml", "values-prod.yaml"]}})
SCENARIOS[-1]["files"]["charts/shipping/templates/cleanup.yaml"] = SCENARIOS[-1]["files"].pop("charts/shipping/templates/cleanup_yaml")

# 10 HUMAN: a credential nobody has created
STATEFUL = text("""
    apiVersion: apps/v1
    kind: StatefulSet
    metadata:
      name: {{ .Release.Name }}
    spec:
      serviceName: {{ .Release.Name }}
      replicas: {{ .Values.replicas }}
      selector:
        matchLabels: {app: {{ .Release.Name }}}
      template:
        metadata:
          labels: {app: {{ .Release.Name }}}
        spec:
          containers:
            - name: app
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              env:
                {{- range $name, $value := .Values.env }}
                - name: {{ $name }}
                  value: {{ $value | quote }}
                {{- end }}
                {{- range .Values.secrets }}
                - name: {{ .env }}
                  valueFrom:
                    secretKeyRef: {name: {{ .secret }}, key: {{ .key }}}
                {{- end }}
              ports:
                - {name: http, containerPort: 8080}
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 5
    """)
scenario("fraud-token-not-created", "flux", {
    "charts/stateful/Chart.yaml": "apiVersion: v2\nname: stateful\nversion: 0.4.0\n",
    "charts/stateful/values.yaml": "image: {repository: acme/payments, tag: 1.4.1}\nreplicas: 1\nenv: {}\nsecrets: []\nresources:\n  requests: {cpu: 10m, memory: 24Mi}\n  limits: {memory: 96Mi}\n",
    "charts/stateful/templates/statefulset.yaml": STATEFUL,
    "charts/stateful/templates/service.yaml": SERVICE.replace("  labels:\n    {{- include \"shop.labels\" . | nindent 4 }}\n", ""),
    "releases/scoring.yaml": release("scoring", chart="./charts/stateful", values={"env": {"REQUIRED_ENV": "DB_PASSWORD"}, "secrets": [{"env": "DB_PASSWORD", "secret": "scoring-db", "key": "password"}]})},
    ["scoring: ask the new fraud provider", ["releases/scoring.yaml", "    secrets:\n", "    secrets:\n      - env: FRAUD_API_TOKEN\n        secret: fraud-provider\n        key: token\n"], ["releases/scoring.yaml", "REQUIRED_ENV: DB_PASSWORD", "REQUIRED_ENV: DB_PASSWORD,FRAUD_API_TOKEN"]],
    "the Secret fraud-provider with the new provider's token was never created; Secrets are made by hand here, none of them is in git",
    answer=HUMAN, expected=expect("secret-missing"), path="releases",
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: scoring-db\nstringData:\n  password: only-for-tests\n")

# 11 NONE: slow but within its startup probe
scenario("slow-index-recovers", "flux", {**chart("charts/shop"), "releases/kustomization.yaml": kustomization("listing.yaml"),
    "releases/listing.yaml": release("listing", timeout="3m", values={"image": {"repository": "acme/catalog", "tag": "1.4.1"}, "env": {"START_SECONDS": "3"}, "progressDeadlineSeconds": 180,
                                     "startupProbe": {"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 4, "failureThreshold": 30}})},
    ["listing: 1.4.2 builds the category index at start", ["releases/listing.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["releases/listing.yaml", "START_SECONDS: '3'", "START_SECONDS: '40'"]],
    "the new release starts slowly, its startup probe allows two minutes: it becomes ready by itself", answer=NONE, expected=expect("healthy recovering"), path="releases", spec={"timeout": "2m"})

# ---------------------------------------------------------------- plain YAML

# 12 time zone misspelt
scenario("cron-timezone-typo", "argocd", {
    "deploy/settings.yaml": dump(configmap("price-export-settings", DATABASE_URL="postgres://export@10.20.0.5/prices", EXPORT_FORMAT="csv")),
    "deploy/price-export.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: price-export
        spec:
          schedule: "0 3 * * *"   # before the shops open
          concurrencyPolicy: Forbid
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: export
                      image: acme/worker:1.4.1
                      args: [migrate]
                      envFrom:
                        - configMapRef: {name: price-export-settings}
                      resources:
                        limits: {memory: 64Mi}
        """)},
    ["price-export: half past four on the shops' clock, not UTC", ["deploy/price-export.yaml", '  schedule: "0 3 * * *"', '  timeZone: Europe/Brussel\n  schedule: "30 4 * * *"'], ["deploy/settings.yaml", "EXPORT_FORMAT: csv", "EXPORT_FORMAT: csv-utf8"]],
    "Europe/Brussel is no time zone: the API server refuses the CronJob",
    expected=expect("cron-invalid invalid-manifest job-failed", [("CronJob/price-export spec.timeZone", value("Europe/Brussels"))]))

# 13 first release: the Job asks for another key than the ConfigMap and the Deployment have
scenario("first-release-job-key", "flux", {
    "deploy/config.yaml": dump({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "loyalty-db"}, "data": {"database-url": "postgres://loyalty@10.20.0.5/loyalty", "pool-size": "8"}}),
    "deploy/migrate.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: loyalty-migrate
          annotations:
            kustomize.toolkit.fluxcd.io/force: enabled
        spec:
          backoffLimit: 1
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: migrate
                  image: acme/worker:1.4.1
                  args: [migrate]
                  env:
                    - name: DATABASE_URL
                      valueFrom:
                        configMapKeyRef:
                          name: loyalty-db
                          key: DATABASE_URL
        """),
    "deploy/loyalty.yaml": dump(workload("Deployment", "loyalty", container("loyalty", "shop", env={"REQUIRED_ENV": "DATABASE_URL", "DATABASE_URL": {"configMapKeyRef": {"name": "loyalty-db", "key": "database-url"}},
                                         "POOL_SIZE": {"configMapKeyRef": {"name": "loyalty-db", "key": "pool-size"}}}), deadline=80), indented=True),
    "deploy/service.yaml": svc("loyalty")}, [],
    "the migration Job reads key DATABASE_URL of ConfigMap loyalty-db, whose key is database-url (as the Deployment has it)",
    expected=expect("config-key-missing", [(c("Job", "loyalty-migrate", "migrate", "env[name=DATABASE_URL].valueFrom.configMapKeyRef.key"), value("database-url"))]), never_worked=True)

# 14 two agents on one host port
def agent(name, image, host):
    return text(f"""
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: {name}
        spec:
          selector:
            matchLabels: {{app: {name}}}
          template:
            metadata:
              labels: {{app: {name}}}
            spec:
              terminationGracePeriodSeconds: 5
              containers:
                - name: agent
                  image: {image}
                  ports:
                    - name: metrics
                      containerPort: 8080
                      hostPort: {host}
                  resources:
                    requests: {{cpu: 5m, memory: 24Mi}}
                    limits: {{memory: 64Mi}}
                  readinessProbe:
                    httpGet: {{path: /readyz, port: metrics}}
                    periodSeconds: 5
        """)


scenario("agents-share-host-port", "flux", {"deploy/till-agent.yaml": agent("till-agent", "acme/worker:1.4.2", 18796).replace("memory: 64Mi", "memory: 96Mi"), "deploy/scanner-agent.yaml": agent("scanner-agent", "acme/worker:1.4.1", 18797),
                                            "deploy/config.yaml": dump(configmap("agents", LOG_LEVEL="info"))},
    ["scanner-agent: same release and memory as till-agent", ["deploy/scanner-agent.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"], ["deploy/scanner-agent.yaml", "memory: 64Mi", "memory: 96Mi"],
     ["deploy/scanner-agent.yaml", "hostPort: 18797", "hostPort: 18796"]],
    "scanner-agent now wants hostPort 18796 that till-agent holds on every node: its pod finds no free port",
    expected=expect("port-conflict unschedulable-placement", [("DaemonSet/scanner-agent spec.template.spec.containers[name=agent].ports[name=metrics].hostPort", BEFORE)]))

# 15 HUMAN: first release before its image exists
scenario("first-release-no-image", "argocd", {
    "deploy/deployment.yaml": dump(workload("Deployment", "returns", container("returns", "shop", image="acme/returns-portal:0.1.0", env={"LOG_LEVEL": "info"}), deadline=80), indented=True),
    "deploy/service.yaml": svc("returns"),
    "deploy/config.yaml": dump(configmap("returns-settings", RETURN_DAYS="30"))}, [],
    "a new service whose image was never pushed to the registry: somebody has to build and push it", answer=HUMAN, expected=expect("image-not-found"), never_worked=True)

# 16 NONE: scaled to zero by hand, self-heal brings it back
scenario("scaled-by-hand-healed", "argocd", {
    "deploy/deployment.yaml": dump(workload("Deployment", "wishlist", container("wishlist", "shop"), replicas=2, deadline=80), indented=True),
    "deploy/service.yaml": svc("wishlist")},
    ["wishlist 1.4.2", ["deploy/deployment.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"]],
    "somebody scaled the Deployment to zero by hand during the rollout; Argo CD's self-heal brings it back", answer=NONE, expected=expect("healthy recovering"),
    then=[[40, "kubectl -n $NAMESPACE scale deployment/wishlist --replicas=0"]])
