"""Batch BB, written by somebody who knew neither the playbook nor the batches before: shop-1620 to shop-1635, ordinary failures beside look-alikes that are for people or need nothing. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1620)

HELPERS = text("""
    {{- define "svc.labels" -}}
    app: {{ .Release.Name }}
    team: {{ .Values.team }}
    {{- end }}
""")


def chart(name, template, values, **more):
    return {"chart/Chart.yaml": f"apiVersion: v2\nname: {name}\nversion: 0.6.2\n", "chart/templates/_helpers.tpl": HELPERS, "chart/templates/deployment.yaml": text(template),
            "chart/values.yaml": text(values), **{f"chart/{k}": text(v) for k, v in more.items()}}


CHART_SERVICE = """
    apiVersion: v1
    kind: Service
    metadata:
      name: {{ .Release.Name }}
    spec:
      selector:
        app: {{ .Release.Name }}
      ports:
        - {name: http, port: 80, targetPort: http}
"""


def release(name, values, timeout="60s"):
    head = text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 30s
          timeout: {timeout}
          chart:
            spec:
              chart: ./chart
              reconcileStrategy: Revision
              sourceRef: {{kind: GitRepository, name: "@NAME@", namespace: flux-system}}
          values:
    """)
    return {f"releases/{name}.yaml": head + textwrap.indent(text(values), "    ")}


# 1 FIX  argocd, Kustomize: an overlay picks a key of a generated ConfigMap that the base has renamed
scenario("files-renamed-under-overlay", "argocd", {
    "base/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - deployment.yaml
          - service.yaml
        configMapGenerator:
          - name: catalog-files
            files:
              - catalog.env
    """),
    "base/catalog.env": "CURRENCY=EUR\nPAGE_SIZE=48\n",
    "base/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: catalog
        spec:
          replicas: 1
          progressDeadlineSeconds: 60
          selector:
            matchLabels: {app: catalog}
          template:
            metadata:
              labels: {app: catalog}
            spec:
              containers:
                - name: catalog
                  image: acme/catalog:1.4.1
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  volumeMounts:
                    - {name: files, mountPath: /etc/catalog, readOnly: true}
              volumes:
                - name: files
                  configMap:
                    name: catalog-files
    """),
    "base/service.yaml": dump(service("catalog")),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        patches:
          - path: settings.yaml
        replicas:
          - {name: catalog, count: 2}
    """),
    "overlays/prod/settings.yaml": text("""
        # production reads its settings from one file with a fixed name
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: catalog
        spec:
          template:
            spec:
              containers:
                - name: catalog
                  env:
                    - {name: CONFIG_FILE, value: /etc/catalog/settings.env}
              volumes:
                - name: files
                  configMap:
                    name: catalog-files
                    items:
                      - {key: catalog.env, path: settings.env}
    """)},
    ["Bigger pages, catalog 1.4.2, file names as in the style guide",
     ["base/kustomization.yaml", "- catalog.env", "- catalog.properties"],
     ["base/catalog.env", "", DELETE],
     ["base/catalog.properties", None, "CURRENCY=EUR\nPAGE_SIZE=96\n"],
     ["base/deployment.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"]],
    "the base's generator now makes the key catalog.properties; the production overlay still mounts the item catalog.env",
    expected=expect("volume-mount config-key-missing",
                    [(pod("Deployment", "catalog", "volumes[name=files].configMap.items[0].key"), value("catalog.properties"))],
                    [('ConfigMap/catalog-files-# data["catalog.env"]', ANY), ('ConfigMap/catalog-files-# data["catalog.properties"]', GONE)]),
    path="overlays/prod")

# 2 FIX  flux, HelmRelease: more in memory than the limit allows
scenario("price-list-in-memory", "flux", {
    **chart("prices", """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
          labels: {{- include "svc.labels" . | nindent 4 }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 60
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels: {{- include "svc.labels" . | nindent 8 }}
            spec:
              containers:
                - name: app
                  image: "{{ .Values.image.name }}:{{ .Values.image.tag }}"
                  env:
                    {{- range $name, $value := .Values.settings }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  resources: {{- toYaml .Values.resources | nindent 20 }}
    """, """
        team: pricing
        replicas: 1
        image: {name: acme/catalog, tag: 1.4.0}
        settings: {}
        resources:
          requests: {cpu: 10m, memory: 32Mi}
          limits: {memory: 96Mi}
    """, **{"templates/service.yaml": CHART_SERVICE}),
    **release("prices", """
        replicas: 1
        image:
          tag: 1.4.1
        settings:
          CACHE_MB: "32"     # price list, pages on demand
          CURRENCY: EUR
    """)},
    ["Keep the whole price list warm (PRC-311)",
     ["releases/prices.yaml", 'CACHE_MB: "32"     # price list, pages on demand', 'CACHE_MB: "160"    # the whole price list'],
     ["releases/prices.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "160 MB of cache do not fit in the chart's default limit of 96Mi: OOMKilled at start",
    expected=expect("out-of-memory", [(c("Deployment", "prices", "app", "resources.limits.memory"), at_least("176Mi"))],
                    [(c("Deployment", "prices", "app", "resources.limits.memory"), at_least("176Mi")), (c("Deployment", "prices", "app", "resources.requests.memory"), ANY)],
                    [(c("Deployment", "prices", "app", "env[name=CACHE_MB].value"), BEFORE)]),
    path="releases")

# 3 FIX  argocd, Helm, first release: the chart's liveness probe holds the port of another service
scenario("first-release-restarts", "argocd", {
    **chart("quotes", """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}-api
          labels: {{- include "svc.labels" . | nindent 4 }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 75
          minReadySeconds: 20
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels: {{- include "svc.labels" . | nindent 8 }}
            spec:
              containers:
                - name: api
                  image: "{{ .Values.image }}"
                  env:
                    - {name: PORT, value: {{ .Values.port | quote }}}
                  ports:
                    - {name: http, containerPort: {{ .Values.port }}}
                  livenessProbe:
                    httpGet: {path: /healthz, port: 8080}
                    initialDelaySeconds: 3
                    periodSeconds: 4
                    failureThreshold: 2
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
    """, """
        team: insurance
        image: acme/payments:1.4.1
        replicas: 1
        port: 9090   # 8080 is taken by the mesh on every node (NET-118)
    """, **{"values-prod.yaml": "replicas: 2\n", "values-staging.yaml": "image: acme/payments:1.4.2\n", "templates/service.yaml": CHART_SERVICE})},
    [], "first release: the program listens on 9090, the liveness probe asks 8080 and kills it", never_worked=True,
    expected=expect("liveness liveness-probe", *[[(c("Deployment", "quotes-api", "api", "livenessProbe.httpGet.port"), value(v))] for v in ("http", 9090)]),
    path="chart", source={"helm": {"releaseName": "quotes", "valueFiles": ["values.yaml", "values-prod.yaml"]}})

# 4 FIX  flux, plain: the sidecar of a StatefulSet takes the port of its neighbour, set in a ConfigMap
scenario("sidecar-settings-aligned", "flux", {
    "deploy/payments.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: payments
        spec:
          serviceName: payments
          replicas: 1
          selector:
            matchLabels: {app: payments}
          template:
            metadata:
              labels: {app: payments}
              annotations:
                acme.example/settings: "11"
            spec:
              terminationGracePeriodSeconds: 5
              containers:
                - name: payments
                  image: acme/payments:1.4.1
                  ports:
                    - {name: http, containerPort: 8080}
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    initialDelaySeconds: 5
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                - name: receipts
                  image: acme/worker:1.4.1
                  envFrom:
                    - configMapRef: {name: receipts-settings}
                  ports:
                    - {name: receipts, containerPort: 8090}
                  readinessProbe:
                    httpGet: {path: /readyz, port: receipts}
                    periodSeconds: 4
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
    """),
    "deploy/receipts-settings.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: receipts-settings
        data:
          PORT: "8090"
          SENDER: receipts@acme.example
          CACHE_MB: "4"
    """),
    "deploy/service.yaml": dump(service("payments", clusterIP="None"))},
    ["Receipts: company defaults and a larger template cache",
     ["deploy/receipts-settings.yaml", 'PORT: "8090"', 'PORT: "8080"'],
     ["deploy/receipts-settings.yaml", 'CACHE_MB: "4"', 'CACHE_MB: "8"'],
     ["deploy/payments.yaml", 'acme.example/settings: "11"', 'acme.example/settings: "12"']],
    "the sidecar receipts is told to listen on 8080, which payments of the same pod has: address already in use",
    expected=expect("port-conflict crash-on-start", [("ConfigMap/receipts-settings data.PORT", BEFORE)],
                    [("ConfigMap/receipts-settings data.PORT", BEFORE), ('StatefulSet/payments spec.template.metadata.annotations["acme.example/settings"]', ANY)]))

# 5 FIX  flux, plain: an optional reference to a ConfigMap that is called otherwise
scenario("migration-without-database", "flux", {
    "deploy/migrate.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: migrate
          annotations:
            kustomize.toolkit.fluxcd.io/force: enabled
        spec:
          backoffLimit: 1
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: migrate
                  image: acme/checkout:1.4.1
                  args: [migrate]
                  env:
                    - {name: DATABASE_URL, value: postgres://orders@10.20.0.5/orders}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
    """),
    "deploy/orders.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: orders
        spec:
          replicas: 2
          progressDeadlineSeconds: 60
          selector:
            matchLabels: {app: orders}
          template:
            metadata:
              labels: {app: orders}
            spec:
              containers:
                - name: orders
                  image: acme/checkout:1.4.1
                  env:
                    - {name: REQUIRED_ENV, value: DATABASE_URL}
                    - {name: DATABASE_URL, value: postgres://orders@10.20.0.5/orders}
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
    """),
    "deploy/service.yaml": dump(service("orders"))},
    ["Orders 1.4.2, database address in one place",
     ["deploy/database.yaml", None, dump(configmap("orders-database", DATABASE_URL="postgres://orders@10.20.0.5/orders"))],
     ["deploy/orders.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"],
     ["deploy/orders.yaml", "            - {name: DATABASE_URL, value: postgres://orders@10.20.0.5/orders}\n", "          envFrom:\n            - configMapRef: {name: orders-database}\n"],
     ["deploy/migrate.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"],
     ["deploy/migrate.yaml", "          env:\n            - {name: DATABASE_URL, value: postgres://orders@10.20.0.5/orders}\n", "          envFrom:\n            - configMapRef: {name: orders-db, optional: true}   # none on developers' machines\n"]],
    "Job migrate reads ConfigMap orders-db, optionally; the new ConfigMap is called orders-database, so DATABASE_URL is not set",
    expected=expect("job-failed config-missing crash-on-start",
                    [(c("Job", "migrate", "migrate", "envFrom[0].configMapRef.name"), value("orders-database"))],
                    [(c("Job", "migrate", "migrate", "envFrom[0].configMapRef.name"), value("orders-database")), (c("Job", "migrate", "migrate", "envFrom[0].configMapRef.optional"), ANY)],
                    [(c("Job", "migrate", "migrate", "env"), BEFORE), (c("Job", "migrate", "migrate", "envFrom"), GONE)],
                    [(c("Job", "migrate", "migrate", "env"), BEFORE)],
                    [(c("Job", "migrate", "migrate", "env[name=DATABASE_URL]"), BEFORE), (c("Job", "migrate", "migrate", "envFrom"), GONE)],
                    [(c("Job", "migrate", "migrate", "env[name=DATABASE_URL]"), BEFORE)]))

# 6 FIX  argocd, plain: the account got another name, one of its two users was forgotten
scenario("account-for-nightly", "argocd", {
    "deploy/account.yaml": text("""
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: stock
        automountServiceAccountToken: false
    """),
    "deploy/nightly.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: stock-nightly
        spec:
          schedule: "40 2 * * *"
          concurrencyPolicy: Forbid
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                spec:
                  serviceAccountName: stock
                  restartPolicy: Never
                  containers:
                    - name: count
                      image: acme/worker:1.4.1
                      args: [migrate]
                      env:
                        - {name: DATABASE_URL, value: postgres://stock@10.20.0.5/stock}
    """),
    "deploy/stock.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: stock
        spec:
          replicas: 2
          progressDeadlineSeconds: 60
          selector:
            matchLabels: {app: stock}
          template:
            metadata:
              labels: {app: stock}
            spec:
              serviceAccountName: stock
              containers:
                - name: stock
                  image: acme/catalog:1.4.1
                  env:
                    - {name: WAREHOUSE, value: north}
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
    """),
    "deploy/service.yaml": dump(service("stock"))},
    ["One naming scheme for accounts; count at 03:10; stock 1.4.2",
     ["deploy/account.yaml", "name: stock\n", "name: stock-runtime\n"],
     ["deploy/nightly.yaml", "serviceAccountName: stock\n", "serviceAccountName: stock-runtime\n"],
     ["deploy/nightly.yaml", '"40 2 * * *"', '"10 3 * * *"'],
     ["deploy/stock.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"]],
    "ServiceAccount stock is now stock-runtime; the Deployment still asks for stock: FailedCreate",
    expected=expect("service-account-missing", [(pod("Deployment", "stock", "serviceAccountName"), value("stock-runtime"))],
                    [("ServiceAccount/stock automountServiceAccountToken", BEFORE), ("ServiceAccount/stock-runtime automountServiceAccountToken", GONE), (pod("CronJob", "stock-nightly", "serviceAccountName"), BEFORE)]))

# 7 FIX  flux, Kustomize: a JSON patch of the overlay counts the base's variables
scenario("one-variable-less", "flux", {
    "base/kustomization.yaml": kustomization("worker.yaml"),
    "base/worker.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: invoice-worker
        spec:
          replicas: 1
          progressDeadlineSeconds: 60
          selector:
            matchLabels: {app: invoice-worker}
          template:
            metadata:
              labels: {app: invoice-worker}
            spec:
              containers:
                - name: worker
                  image: acme/worker:1.4.1
                  env:
                    - {name: CURRENCY, value: EUR}
                    - {name: LEGACY_TOTALS, value: "on"}
                    - {name: CACHE_MB, value: "4"}
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 128Mi}
    """),
    "overlays/staging/kustomization.yaml": kustomization("../../base"),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        replicas:
          - {name: invoice-worker, count: 2}
        patches:
          - target: {kind: Deployment, name: invoice-worker}
            path: cache.yaml
    """),
    "overlays/prod/cache.yaml": text("""
        - op: replace
          path: /spec/template/spec/containers/0/env/2/value
          value: "24"
    """)},
    ["Worker 1.4.2 no longer knows LEGACY_TOTALS",
     ["base/worker.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"],
     ["base/worker.yaml", '            - {name: LEGACY_TOTALS, value: "on"}\n', ""]],
    "the overlay's JSON patch replaces env/2, the base has only two variables since: the build fails",
    expected=expect("render-failed", [], keep=[(c("Deployment", "invoice-worker", "worker", "image"), value("acme/worker:1.4.2")), (c("Deployment", "invoice-worker", "worker", "env[name=LEGACY_TOTALS]"), GONE)]),
    path="overlays/prod")

# 8 FIX  argocd, Helm: a limit too far above the request for the namespace's LimitRange
scenario("headroom-for-imports", "argocd", {
    **chart("imports", """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
          labels: {{- include "svc.labels" . | nindent 4 }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 60
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels: {{- include "svc.labels" . | nindent 8 }}
            spec:
              containers:
                - name: imports
                  image: "acme/worker:{{ .Values.tag }}"
                  env:
                    - {name: BATCH_SIZE, value: {{ .Values.batchSize | quote }}}
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  resources:
                    requests:
                      cpu: 10m
                      memory: {{ .Values.memory.request }}
                    limits:
                      memory: {{ .Values.memory.limit }}
    """, """
        team: pricing
        tag: 1.4.1
        replicas: 1
        batchSize: 200
        memory:
          request: 24Mi
          limit: 64Mi
    """, **{"values-prod.yaml": "replicas: 2\nmemory:\n  limit: 96Mi\n"})},
    ["Import in larger batches, with headroom",
     ["chart/values-prod.yaml", "  limit: 96Mi\n", "  limit: 256Mi\nbatchSize: 800\n"]],
    "the namespace's LimitRange allows a limit of four times the request; 256Mi is more than ten times the chart's 24Mi",
    expected=expect("limit-range quota", [(c("Deployment", "imports", "imports", "resources.requests.memory"), at_least("64Mi"))],
                    [(c("Deployment", "imports", "imports", "resources.limits.memory"), BEFORE)]),
    path="chart", source={"helm": {"releaseName": "imports", "valueFiles": ["values.yaml", "values-prod.yaml"]}},
    given=text("""
        apiVersion: v1
        kind: LimitRange
        metadata:
          name: fair-share
          labels: {owner: platform}
        spec:
          limits:
            - type: Container
              maxLimitRequestRatio: {memory: "4"}
    """))

# 9 HUMAN  argocd, Kustomize: the program panics, with the old image and with the new one
scenario("panics-in-both-versions", "argocd", {
    "base/kustomization.yaml": kustomization("checkout.yaml", "service.yaml"),
    "base/checkout.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: checkout
        spec:
          replicas: 2
          progressDeadlineSeconds: 90
          minReadySeconds: 60
          selector:
            matchLabels: {app: checkout}
          strategy:
            rollingUpdate: {maxSurge: 1, maxUnavailable: 0}
          template:
            metadata:
              labels: {app: checkout}
            spec:
              containers:
                - name: checkout
                  image: acme/checkout
                  envFrom:
                    - secretRef: {name: checkout-runtime}
                  ports:
                    - {name: http, containerPort: 8080}
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    initialDelaySeconds: 8
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
    """),
    "base/service.yaml": dump(service("checkout")),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/checkout
            newTag: 1.4.1
    """)},
    ["Checkout 1.4.2", ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "a bug in the program: pods of 1.4.1 panic in checkout.total() just like those of 1.4.2, nothing in git makes one better than the other", HUMAN,
    expect("crash-on-start"), path="overlays/prod", never_worked=True,
    given=text("""
        apiVersion: v1
        kind: Secret
        metadata:
          name: checkout-runtime
        stringData:
          SESSION_KEY: only-for-tests
          FAIL_AFTER_SECONDS: "35"
    """))

# 10 HUMAN  flux, plain: another team's service is down when an innocent commit starts new pods
scenario("ledger-of-finance-down", "flux", {
    "deploy/billing.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: billing
        spec:
          replicas: 2
          progressDeadlineSeconds: 75
          selector:
            matchLabels: {app: billing}
          strategy:
            rollingUpdate: {maxSurge: 1, maxUnavailable: 0}
          template:
            metadata:
              labels: {app: billing}
            spec:
              initContainers:
                - name: open-books
                  image: busybox:1.36
                  command:
                    - sh
                    - -c
                    - |
                      ledger="http://$LEDGER_SERVICE_HOST:$LEDGER_SERVICE_PORT"
                      echo "opening books at $ledger (service ledger, team finance)"
                      wget -q -O /dev/null "$ledger/" || { echo "fatal: ledger did not answer, books stay closed"; exit 1; }
                      echo "books are open"
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 64Mi}
              containers:
                - name: billing
                  image: acme/payments:1.4.1
                  env:
                    - {name: INVOICE_PREFIX, value: AC}
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
    """),
    "deploy/service.yaml": dump(service("billing"))},
    ["Billing 1.4.2 with the new invoice prefix",
     ["deploy/billing.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"],
     ["deploy/billing.yaml", "value: AC}", "value: ACME}"]],
    "Service ledger, which another team runs by hand, has no pod that runs (its own image cannot be pulled): new pods stay in their init container, whatever the commit", HUMAN,
    expect("dependency-address crash-on-start"),
    given=text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: ledger
          labels: {team: finance}
        spec:
          replicas: 1
          strategy: {type: Recreate}
          selector:
            matchLabels: {app: ledger}
          template:
            metadata:
              labels: {app: ledger, team: finance}
            spec:
              terminationGracePeriodSeconds: 2
              containers:
                - name: ledger
                  image: acme/catalog:1.4.1
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: ledger
          labels: {team: finance}
        spec:
          selector: {app: ledger}
          ports:
            - {name: http, port: 80, targetPort: http}
    """),
    then=[[-20, "kubectl -n $NAMESPACE set image deployment/ledger ledger=acme/catalog:2.0.0-finance3 && sleep 15"]])

# 11 HUMAN  argocd, Kustomize: a partner's token has expired
scenario("partner-session", "argocd", {
    "base/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - rates.yaml
          - service.yaml
        configMapGenerator:
          - name: session-script
            files:
              - session.sh
    """),
    "base/session.sh": text("""
        # keeps the partner session open; token and its end come from the vault team (Secret partner-token)
        trap 'exit 0' TERM
        while :; do
          expires=$(cat /run/partner/not-after)
          if [ "$(date +%s)" -ge "$expires" ]; then
            echo "level=error msg=\\"POST https://api.partner.example/v1/session: 401 Unauthorized\\" error=token_expired expired_at=$(date -u -d "@$expires" +%Y-%m-%dT%H:%M:%SZ)"
            exit 1
          fi
          echo "level=info msg=\\"session renewed\\""
          sleep 15 & wait $!
        done
    """),
    "base/rates.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: rates
        spec:
          replicas: 2
          progressDeadlineSeconds: 60
          selector:
            matchLabels: {app: rates}
          template:
            metadata:
              labels: {app: rates}
            spec:
              containers:
                - name: rates
                  image: acme/catalog:1.4.1
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                - name: partner-session
                  image: busybox:1.36
                  command: [sh, /opt/session/session.sh]
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 48Mi}
                  volumeMounts:
                    - {name: script, mountPath: /opt/session}
                    - {name: token, mountPath: /run/partner, readOnly: true}
              volumes:
                - name: script
                  configMap: {name: session-script}
                - name: token
                  secret: {secretName: partner-token}
    """),
    "base/service.yaml": dump(service("rates")),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "busybox", "newTag": "1.36"}], replicas=[{"name": "rates", "count": 2}])},
    ["busybox 1.37 for the helpers, as everywhere", ["overlays/prod/kustomization.yaml", "'1.36'", "'1.37'"]],
    "the token in Secret partner-token has expired: old and new pods get 401 alike; somebody has to issue a new one", HUMAN,
    expect("crash-on-start"), path="overlays/prod",
    given=text("""
        apiVersion: v1
        kind: Secret
        metadata:
          name: partner-token
        stringData:
          token: only-for-tests
          not-after: "1924992000"
    """),
    then=[[-10, "kubectl -n $NAMESPACE patch secret partner-token -p \"{\\\"stringData\\\":{\\\"not-after\\\":\\\"$(date +%s)\\\"}}\" && sleep 3"]])

# 12 HUMAN  flux, plain: the account that delivers may not write what the commit adds
scenario("budget-for-api", "flux", {
    "deploy/api.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: api
        spec:
          replicas: 2
          progressDeadlineSeconds: 60
          selector:
            matchLabels: {app: api}
          template:
            metadata:
              labels: {app: api}
            spec:
              containers:
                - name: api
                  image: acme/checkout:1.4.1
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
    """),
    "deploy/service.yaml": dump(service("api"))},
    ["Stay up while nodes are drained, api 1.4.2",
     ["deploy/budget.yaml", None, text("""
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata:
          name: api
        spec:
          minAvailable: 1
          selector:
            matchLabels: {app: api}
     """)],
     ["deploy/api.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"]],
    "the tenant's account, with which Flux applies this delivery, may not write poddisruptionbudgets.policy: the platform has to allow it", HUMAN,
    expect("rbac-forbidden"), spec={"serviceAccountName": "@NAME@-deployer"},
    extra=[{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "@NAME@-deployer", "namespace": "flux-system"}},
           {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "deployer", "namespace": "@NAME@"},
            "rules": [{"apiGroups": ["", "apps", "batch"], "resources": ["*"], "verbs": ["*"]}]},
           {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "deployer", "namespace": "@NAME@"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "deployer"},
            "subjects": [{"kind": "ServiceAccount", "name": "@NAME@-deployer", "namespace": "flux-system"}]}])

# 13 HUMAN  flux, HelmRelease: others have used the namespace's last pods
scenario("no-pod-left", "flux", {
    **chart("search", """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
          labels: {{- include "svc.labels" . | nindent 4 }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 75
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          strategy:
            rollingUpdate: {maxSurge: 1, maxUnavailable: 0}
          template:
            metadata:
              labels: {{- include "svc.labels" . | nindent 8 }}
            spec:
              containers:
                - name: search
                  image: "acme/catalog:{{ .Values.tag }}"
                  env:
                    - {name: LANGUAGES, value: {{ join "," .Values.languages | quote }}}
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
    """, """
        team: search
        tag: 1.4.0
        replicas: 1
        languages: [en]
    """, **{"templates/service.yaml": CHART_SERVICE}),
    **release("search", """
        tag: 1.4.1
        replicas: 2
        languages: [en, de]
    """)},
    ["Search in French, 1.4.2",
     ["releases/search.yaml", "[en, de]", "[en, de, fr]"],
     ["releases/search.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "quota shared allows 6 pods; batch-import, which is not of this delivery, has grown to 4, so no pod of the new version can be created: who gives way is for people", HUMAN,
    expect("quota"), path="releases",
    given=text("""
        apiVersion: v1
        kind: ResourceQuota
        metadata:
          name: shared
          labels: {owner: platform}
        spec:
          hard: {pods: "6"}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: batch-import
          labels: {team: data}
        spec:
          replicas: 2
          selector:
            matchLabels: {app: batch-import}
          template:
            metadata:
              labels: {app: batch-import, team: data}
            spec:
              terminationGracePeriodSeconds: 2
              containers:
                - name: import
                  image: busybox:1.36
                  command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 30 & wait $!; done"]
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
    """),
    then=[[-20, "kubectl -n $NAMESPACE scale deployment/batch-import --replicas=4 && sleep 12"]])

# 14 NONE  argocd, Kustomize: slow, one pod after the other, and within what its probes allow
scenario("one-after-the-other", "argocd", {
    "base/kustomization.yaml": kustomization("index.yaml", "service.yaml"),
    "base/index.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: index
        spec:
          serviceName: index
          replicas: 3
          selector:
            matchLabels: {app: index}
          template:
            metadata:
              labels: {app: index}
            spec:
              terminationGracePeriodSeconds: 5
              containers:
                - name: index
                  image: acme/catalog:1.4.1
                  env:
                    - {name: START_SECONDS, value: "2"}
                  ports:
                    - {name: http, containerPort: 8080}
                  startupProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 3
                    failureThreshold: 40
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
    """),
    "base/service.yaml": dump(service("index", clusterIP="None")),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        patches:
          - path: warmup.yaml
    """),
    "overlays/prod/warmup.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: index
        spec:
          template:
            spec:
              containers:
                - name: index
                  env:
                    - {name: START_SECONDS, value: "4"}
    """)},
    ["Load the whole index before serving",
     ["overlays/prod/warmup.yaml", 'value: "4"', 'value: "35"']],
    "each of three pods takes 35 seconds, its startup probe waits for two minutes: the rollout ends well by itself", NONE,
    expect("healthy recovering"), path="overlays/prod")

# 15 NONE  argocd, Helm: held on purpose
scenario("held-for-month-end", "argocd", {
    **chart("statements", """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
          labels: {{- include "svc.labels" . | nindent 4 }}
        spec:
          replicas: {{ .Values.replicas }}
          {{- if .Values.rollout.paused }}
          paused: true
          {{- end }}
          progressDeadlineSeconds: 60
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels: {{- include "svc.labels" . | nindent 8 }}
            spec:
              containers:
                - name: statements
                  image: "acme/payments:{{ .Values.tag }}"
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
    """, """
        team: finance
        tag: 1.4.1
        replicas: 1
        rollout:
          paused: false
    """, **{"values-prod.yaml": "replicas: 2\ntag: 1.4.1\n", "templates/service.yaml": CHART_SERVICE})},
    ["Stage statements 1.4.2 behind the month-end freeze",
     ["chart/values-prod.yaml", "tag: 1.4.1\n", "tag: 1.4.2\nrollout:\n  paused: true   # month-end freeze until 2 December, finance resumes it (FIN-902)\n"]],
    "the rollout is paused on purpose, the pods of 1.4.1 serve", NONE, expect("replicas-zero suspended healthy"),
    path="chart", source={"helm": {"releaseName": "statements", "valueFiles": ["values.yaml", "values-prod.yaml"]}})

# 16 NONE  flux, Kustomize: the events are those of an incident that is over
scenario("after-the-typo", "flux", {
    "base/kustomization.yaml": kustomization("cart.yaml", "service.yaml"),
    "base/cart.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: cart
        spec:
          replicas: 1
          progressDeadlineSeconds: 60
          selector:
            matchLabels: {app: cart}
          template:
            metadata:
              labels: {app: cart}
            spec:
              containers:
                - name: cart
                  image: acme/checkout
                  env:
                    - {name: CART_DAYS, value: "14"}
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
    """),
    "base/service.yaml": dump(service("cart")),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - {name: acme/checkout, newTag: 1.4.1}
        replicas:
          - {name: cart, count: 2}
    """)},
    ["Keep carts for a month",
     ["base/cart.yaml", 'value: "14"', 'value: "30"']],
    "a healthy rollout; the ErrImagePull events are those of a wrong tag that an earlier commit corrected", NONE, expect("healthy recovering"), path="overlays/prod",
    earlier=[{"subject": "Cart 1.4.2", "edit": [["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.22"]]},
             {"subject": "Cart 1.4.2, spelled right", "edit": [["overlays/prod/kustomization.yaml", "newTag: 1.4.22", "newTag: 1.4.2"]]}])
