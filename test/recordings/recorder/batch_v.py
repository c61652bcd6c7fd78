"""Batch V, written by somebody who knew neither the playbook nor the batches before: shop-1124 to shop-1139, new things with one mistake, and first releases. Recorded with
CAP=300. No program of this folder is needed.
"""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1124)



def shop(name, image="acme/checkout:1.4.1", **more):
    return container(name, "shop", image=image, **more)


def busy(name, script, image="busybox:1.36", **more):
    return {"name": name, "image": image, "command": ["sh", "-c", script], **more}


# 1 ---- plain YAML, Argo CD: a new sidecar that listens where its neighbour does
scenario("new-sidecar-port-taken", "argocd",
    {"deploy/basket.yaml": text("""
        # basket: owned by team checkout
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: basket
          labels: {app.kubernetes.io/name: basket}
        spec:
          replicas: 1
          progressDeadlineSeconds: 75
          selector:
            matchLabels: {app: basket}
          template:
            metadata:
              labels: {app: basket}
            spec:
              containers:
                - name: basket
                  image: acme/checkout:1.4.1
                  env:
                    - name: PORT
                      value: "8080"
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
        """),
     "deploy/services.yaml": dump(service("basket"))},
    ["Serve promotions beside the basket",
     ["deploy/basket.yaml", "            periodSeconds: 5\n", """            periodSeconds: 5
        - name: promotions
          image: acme/catalog:1.4.2
          env:
            - name: PORT
              value: "8080"
            - name: CACHE_MB
              value: "12"
          ports:
            - name: promo
              containerPort: 8081
          resources:
            requests: {cpu: 10m, memory: 24Mi}
            limits: {memory: 64Mi}
          readinessProbe:
            httpGet: {path: /readyz, port: promo}
            periodSeconds: 5
"""],
     ["deploy/services.yaml", None, dump(service("basket"), service("promotions", target="promo", selector={"app": "basket"}))]],
    "the new sidecar promotions has PORT 8080 of its neighbour, it declares and is probed on 8081: bind: address already in use",
    expected=expect("port-conflict", [(c("Deployment", "basket", "promotions", "env[name=PORT].value"), value("8081"))]))

# 2 ---- Kustomize, Flux: a new CronJob that asks for a key which is spelt otherwise
scenario("new-cronjob-key", "flux",
    {"base/kustomization.yaml": kustomization("stock.yaml", configMapGenerator=[{"name": "stock-settings", "envs": ["stock.properties"]}]),
     "base/stock.properties": "warehouse=north\nreorder-threshold=12\nreorder-batch=40\n",
     "base/stock.yaml": dump(workload("Deployment", "stock", shop("stock", "acme/catalog:1.4.1", env={"WAREHOUSE": {"configMapKeyRef": {"name": "stock-settings", "key": "warehouse"}},
         "REORDER_THRESHOLD": {"configMapKeyRef": {"name": "stock-settings", "key": "reorder-threshold"}}, "REQUIRED_ENV": "WAREHOUSE,REORDER_THRESHOLD"}), deadline=80), service("stock")),
     "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.1"}])},
    ["Reorder automatically",
     ["base/reorder.yaml", None, text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: reorder
        spec:
          schedule: "* * * * *"
          concurrencyPolicy: Forbid
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                metadata:
                  labels:
                    app: reorder
                spec:
                  restartPolicy: Never
                  containers:
                    - name: reorder
                      image: busybox:1.37
                      command: [sh, -c, 'echo "reordering below $THRESHOLD for $WAREHOUSE, $BATCH at once"']
                      env:
                        - name: WAREHOUSE
                          valueFrom:
                            configMapKeyRef: {name: stock-settings, key: warehouse}
                        - name: THRESHOLD
                          valueFrom:
                            configMapKeyRef: {name: stock-settings, key: reorder_threshold}
                        - name: BATCH
                          valueFrom:
                            configMapKeyRef: {name: stock-settings, key: reorder-batch}
        """)],
     ["base/kustomization.yaml", "  - stock.yaml\n", "  - stock.yaml\n  - reorder.yaml\n"],
     ["overlays/prod/kustomization.yaml", "1.4.1", "1.4.2"]],
    "the new CronJob asks for key reorder_threshold, the generated ConfigMap has reorder-threshold",
    expected=expect("config-key-missing", [(c("CronJob", "reorder", "reorder", "env[name=THRESHOLD].valueFrom.configMapKeyRef.key"), value("reorder-threshold"))]),
    path="overlays/prod")

# 3 ---- plain YAML, Flux: the init container of a new StatefulSet waits for a Service that has another name
scenario("new-init-waits-for-nobody", "flux",
    {"deploy/stock.yaml": dump(workload("Deployment", "stock", shop("stock", "acme/catalog:1.4.2"), deadline=80), service("stock")),
     "deploy/payments.yaml": dump(workload("Deployment", "payments", shop("payments", "acme/payments:1.4.2"), deadline=80), service("payments"))},
    ["Add the planner",
     ["deploy/planner.yaml", None, text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: planner
        spec:
          clusterIP: None
          selector: {app: planner}
          ports:
            - {name: http, port: 8080}
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: planner
        spec:
          serviceName: planner
          replicas: 1
          selector:
            matchLabels: {app: planner}
          template:
            metadata:
              labels: {app: planner}
            spec:
              initContainers:
                - name: wait-for-stock
                  image: busybox:1.36
                  command: [sh, -c, 'wget -q -O /dev/null "$STOCK_URL" || { echo "stock does not answer at $STOCK_URL"; exit 1; }']
                  env:
                    - name: STOCK_URL
                      value: http://$(INVENTORY_SERVICE_HOST):80/readyz
              containers:
                - name: planner
                  image: acme/worker:1.4.2
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
        """)],
     ["deploy/payments.yaml", "replicas: 1\n", "replicas: 2\n"]],
    "the init container reads INVENTORY_SERVICE_HOST, but the Service it waits for is called stock (STOCK_SERVICE_HOST)",
    expected=expect("dependency-address crash-on-start",
        *[[(c("StatefulSet", "planner", "wait-for-stock", "env[name=STOCK_URL].value", init=True), value(url))] for url in
          ("http://$(STOCK_SERVICE_HOST):80/readyz", "http://$(STOCK_SERVICE_HOST):$(STOCK_SERVICE_PORT)/readyz", "http://$(STOCK_SERVICE_HOST)/readyz")]))

# 4 ---- plain YAML, Argo CD: a new HPA for what is a StatefulSet
scenario("new-autoscaler-kind", "argocd",
    {"deploy/search.yaml": dump(workload("StatefulSet", "search", shop("search", "acme/catalog:1.4.1")), service("search", clusterIP="None")),
     "deploy/search-ui.yaml": dump(workload("Deployment", "search-ui", shop("search-ui", "acme/checkout:1.4.1"), deadline=80), service("search-ui"))},
    ["Scale search with the load",
     ["deploy/autoscaling.yaml", None, text("""
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata:
          name: search
        spec:
          scaleTargetRef:
            apiVersion: apps/v1
            kind: Deployment
            name: search
          minReplicas: 1
          maxReplicas: 4
          metrics:
            - type: Resource
              resource:
                name: cpu
                target:
                  type: Utilization
                  averageUtilization: 70
        """)],
     ["deploy/search.yaml", "cpu: 10m", "cpu: 20m"]],
    "the new HorizontalPodAutoscaler search targets a Deployment, search is a StatefulSet",
    expected=expect("autoscaler", [("HorizontalPodAutoscaler/search spec.scaleTargetRef.kind", value("StatefulSet"))]))

# 5 ---- plain YAML, Flux: a new Service whose selector matches nothing; what fails is its new client
def tiered(name, tier, image):
    return workload("Deployment", name, shop("catalog", image), deadline=80, labels={"app": "catalog", "tier": tier},
                    spec={"selector": {"matchLabels": {"app": "catalog", "tier": tier}}})

scenario("new-service-selects-nobody", "flux",
    {"deploy/catalog.yaml": dump(tiered("catalog", "frontend", "acme/catalog:1.4.1")),
     "deploy/catalog-batch.yaml": dump(tiered("catalog-batch", "batch", "acme/worker:1.4.1"))},
    ["Storefront reads the catalog",
     ["deploy/catalog-service.yaml", None, text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: catalog
        spec:
          selector:
            app: catalog
            tier: web
          ports:
            - name: http
              port: 80
              targetPort: http
        """)],
     ["deploy/storefront.yaml", None, text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: storefront
        spec:
          replicas: 1
          progressDeadlineSeconds: 80
          selector:
            matchLabels: {app: storefront}
          template:
            metadata:
              labels: {app: storefront}
            spec:
              terminationGracePeriodSeconds: 2
              containers:
                - name: storefront
                  image: busybox:1.36
                  command: [sh, -c, 'echo "storefront reads http://$CATALOG_SERVICE_HOST:$CATALOG_SERVICE_PORT"; while :; do sleep 5; done']
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 32Mi}
                  readinessProbe:
                    exec:
                      command: [sh, -c, 'wget -q -O /dev/null http://$CATALOG_SERVICE_HOST:$CATALOG_SERVICE_PORT/readyz']
                    periodSeconds: 5
                    timeoutSeconds: 3
        """)]],
    "the new Service catalog selects tier=web, the pods it is for carry tier=frontend: no endpoints, and the new storefront is never ready",
    expected=expect("service-no-endpoints", [("Service/catalog spec.selector.tier", value("frontend"))]))

# ---- the charts
CHART = "apiVersion: v2\nname: {}\nversion: 0.4.0\n"
CHART_DEPLOYMENT = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
      labels:
        app.kubernetes.io/name: {{ .Chart.Name }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 80
      selector:
        matchLabels:
          app: {{ .Release.Name }}
      template:
        metadata:
          labels:
            app: {{ .Release.Name }}
        spec:
          containers:
            - name: {{ .Chart.Name }}
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              env:
                - name: REQUIRED_ENV
                  value: {{ .Values.required | quote }}
                {{- range $name, $value := .Values.env }}
                - name: {{ $name }}
                  value: {{ $value | quote }}
                {{- end }}
              ports:
                - name: http
                  containerPort: 8080
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              {{- with .Values.startupProbe }}
              startupProbe:
                {{- toYaml . | nindent 12 }}
              {{- end }}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 5
    """)
CHART_SERVICE = text("""
    apiVersion: v1
    kind: Service
    metadata:
      name: {{ .Release.Name }}
    spec:
      selector:
        app: {{ .Release.Name }}
      ports:
        - {name: http, port: 80, targetPort: http}
    """)
CHART_VALUES = text("""
    image:
      repository: acme/checkout
      tag: 1.4.1
    replicas: 1
    # names of variables without which the program refuses to start
    required: ""
    env: {}
    resources:
      requests: {cpu: 10m, memory: 24Mi}
      limits: {memory: 96Mi}
    startupProbe: {}
    """)


def chart(name, folder="chart", values=CHART_VALUES):
    return {f"{folder}/Chart.yaml": CHART.format(name), f"{folder}/values.yaml": values, f"{folder}/templates/deployment.yaml": CHART_DEPLOYMENT, f"{folder}/templates/service.yaml": CHART_SERVICE}


def helmrelease(name, values):
    return text("""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: NAME
        spec:
          interval: 30s
          timeout: 60s
          chart:
            spec:
              chart: ./chart
              reconcileStrategy: Revision
              sourceRef: {kind: GitRepository, name: "@NAME@", namespace: flux-system}
          install:
            remediation: {retries: 1}
          upgrade:
            remediation: {retries: 1, strategy: rollback}
          values:
        """).replace("NAME\n", name + "\n", 1).replace("\"@" + name, "\"@NAME") + textwrap.indent(text(values), "    ")


# 6 ---- Helm, Flux: the first release puts its variables below a key that the chart does not read
scenario("first-release-values-key", "flux",
    {**chart("billing"), "releases/billing.yaml": helmrelease("billing", """
        image:
          repository: acme/payments
          tag: 1.4.2
        replicas: 2
        required: LEDGER_URL
        environment:
          LEDGER_URL: http://10.20.0.5/ledger
        """)},
    [], "first release: the HelmRelease sets LEDGER_URL below environment, the chart reads env: required environment variable is not set",
    expected=expect("crash-on-start helm-failed", [(c("Deployment", "billing", "billing", "env[name=LEDGER_URL]"), value({"name": "LEDGER_URL", "value": "http://10.20.0.5/ledger"}))]),
    path="releases", never_worked=True)

# 7 ---- Kustomize, Argo CD: a new component that says it is a Kustomization
scenario("new-component-kind", "argocd",
    {"base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
     "base/deployment.yaml": dump(workload("Deployment", "quotes", shop("quotes", "acme/catalog"), deadline=80)),
     "base/service.yaml": dump(service("quotes")),
     "components/debug/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        patches:
          - target: {kind: Deployment}
            patch: |-
              - op: add
                path: /spec/template/metadata/annotations
                value: {debug: "on"}
        """),
     "overlays/staging/kustomization.yaml": kustomization("../../base", components=["../../components/debug"], images=[{"name": "acme/catalog", "newTag": "1.4.2"}]),
     "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.1"}], replicas=[{"name": "quotes", "count": 2}])},
    ["Export metrics in production",
     ["components/metrics/kustomization.yaml", None, text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        patches:
          - path: exporter.yaml
        """)],
     ["components/metrics/exporter.yaml", None, text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: quotes
        spec:
          template:
            spec:
              containers:
                - name: exporter
                  image: acme/worker:1.4.2
                  env:
                    - {name: PORT, value: "9102"}
                  ports:
                    - {name: metrics, containerPort: 9102}
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 64Mi}
        """)],
     ["overlays/prod/kustomization.yaml", "  - ../../base\n", "  - ../../base\ncomponents:\n  - ../../components/metrics\n"],
     ["overlays/prod/kustomization.yaml", "1.4.1", "1.4.2"]],
    "the new components/metrics is listed as a component but declares kind Kustomization instead of Component (v1alpha1)",
    expected=expect("render-failed", [], keep=[(c("Deployment", "quotes", "quotes", "image"), value("acme/catalog:1.4.2")),
        (c("Deployment", "quotes", "exporter", "").rstrip("."), value({"name": "exporter", "image": "acme/worker:1.4.2", "env": [{"name": "PORT", "value": "9102"}], "ports": [{"name": "metrics", "containerPort": 9102}],
            "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "64Mi"}}}))]),
    path="overlays/prod")

# 8 ---- Helm, Flux: the new worker's memory limit has the wrong unit
scenario("new-worker-limit-unit", "flux",
    {**chart("orders"), "releases/orders.yaml": helmrelease("orders", """
        image:
          tag: 1.4.1
        env:
          CACHE_MB: "8"
        """)},
    ["Split the worker off",
     ["chart/templates/worker.yaml", None, text("""
        {{- if .Values.worker.enabled }}
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}-worker
        spec:
          replicas: {{ .Values.worker.replicas }}
          progressDeadlineSeconds: 80
          selector:
            matchLabels:
              app: {{ .Release.Name }}-worker
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}-worker
            spec:
              containers:
                - name: worker
                  image: "{{ .Values.worker.image }}:{{ .Values.image.tag }}"
                  resources:
                    {{- toYaml .Values.worker.resources | nindent 12 }}
        {{- end }}
        """)],
     ["chart/values.yaml", "startupProbe: {}\n", "startupProbe: {}\nworker:\n  enabled: false\n  image: acme/worker\n  replicas: 1\n  resources: {}\n"],
     ["releases/orders.yaml", "    env:\n", "    worker:\n      enabled: true\n      resources:\n        requests: {cpu: 10m, memory: 64Mi}\n        limits: {memory: 256m}\n    env:\n"],
     ["releases/orders.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "the new worker's memory limit is 256m (thousandths of a byte) for 256Mi: the API server refuses requests above the limit",
    expected=expect("invalid-manifest helm-failed", [(c("Deployment", "orders-worker", "worker", "resources.limits.memory"), value("256Mi"))],
                    [(c("Deployment", "orders-worker", "worker", "resources.limits.memory"), value("256M"))]),
    path="releases")

# 9 ---- Helm, Argo CD: a new startup probe on a port name that the chart does not have
scenario("new-startup-probe-port-name", "argocd",
    {**chart("pricing"), "env/prod.yaml": text("""
        # production
        image:
          repository: acme/payments
          tag: 1.4.1
        env:
          START_SECONDS: "5"
        """)},
    ["Give the price list time to load",
     ["env/prod.yaml", "env:\n", "startupProbe:\n  httpGet: {path: /healthz, port: health}\n  periodSeconds: 3\n  failureThreshold: 15\nenv:\n"],
     ["env/prod.yaml", "START_SECONDS: \"5\"", "START_SECONDS: \"12\""]],
    "the new startup probe asks port health, the container's only port is called http",
    expected=expect("startup-probe", *[[(c("Deployment", "pricing", "pricing", "startupProbe.httpGet.port"), value(port))] for port in ("http", 8080)]),
    path="chart", source={"helm": {"releaseName": "pricing", "valueFiles": ["../env/prod.yaml"]}})

# 10 ---- Kustomize, Flux: first release of a DaemonSet which declares a volume and does not mount it
MOUNT = c("DaemonSet", "agent", "agent", "volumeMounts[name=config]")
scenario("first-release-volume-not-mounted", "flux",
    {"deploy/kustomization.yaml": kustomization("daemonset.yaml", configMapGenerator=[{"name": "agent-config", "files": ["agent.conf"]}], labels=[{"pairs": {"team": "platform"}, "includeTemplates": True}]),
     "deploy/agent.conf": "ENDPOINT=http://10.20.0.5/ingest\nINTERVAL=15\n",
     "deploy/daemonset.yaml": text("""
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: agent
        spec:
          selector:
            matchLabels: {app: agent}
          template:
            metadata:
              labels: {app: agent}
            spec:
              containers:
                - name: agent
                  image: acme/worker:1.4.2
                  env:
                    - name: CONFIG_FILE
                      value: /etc/agent/agent.conf
                    - name: WRITE_FILE
                      value: /var/lib/agent/state
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                  volumeMounts:
                    - name: state
                      mountPath: /var/lib/agent
              volumes:
                - name: state
                  emptyDir: {}
                - name: config
                  configMap:
                    name: agent-config
        """)},
    [], "first release: volume config (agent.conf) is declared but mounted nowhere: CONFIG_FILE /etc/agent/agent.conf does not exist",
    expected=expect("volume-mount crash-on-start", *[[(MOUNT, value({"name": "config", **mount}))] for mount in (
        {"mountPath": "/etc/agent"}, {"mountPath": "/etc/agent", "readOnly": True}, {"mountPath": "/etc/agent/"},
        {"mountPath": "/etc/agent/agent.conf", "subPath": "agent.conf"}, {"mountPath": "/etc/agent/agent.conf", "subPath": "agent.conf", "readOnly": True})]),
    never_worked=True)

# 11 ---- Helm, Argo CD: a new pre-upgrade Job whose variable has another name than the program reads
DATABASE = "postgres://invoices@10.20.0.5/invoices"
JOB = "Job/invoices-migrate spec.template.spec.containers[name=migrate]."
scenario("new-hook-variable-name", "argocd",
    {**chart("invoices"), "env/prod.yaml": text(f"""
        image:
          tag: 1.4.1
        required: DATABASE_URL
        env:
          DATABASE_URL: {DATABASE}
        """)},
    ["Migrate before every release",
     ["chart/templates/migrate.yaml", None, text("""
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
            metadata:
              labels:
                app: {{ .Release.Name }}-migrate
            spec:
              restartPolicy: Never
              containers:
                - name: migrate
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  args: [migrate]
                  env:
                    {{- range $name, $value := .Values.migrate.env }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
        """)],
     ["chart/values.yaml", "startupProbe: {}\n", "startupProbe: {}\nmigrate:\n  env: {}\n"],
     ["env/prod.yaml", "required:", f"migrate:\n  env:\n    DB_URL: {DATABASE}\n    LOCK_SECONDS: \"30\"\nrequired:"],
     ["env/prod.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "the new migration hook gets DB_URL, the program reads DATABASE_URL",
    expected=expect("job-failed crash-on-start",
        [(JOB + "env[name=DB_URL]", GONE), (JOB + "env[name=DATABASE_URL]", value({"name": "DATABASE_URL", "value": DATABASE}))],
        [(JOB + "env[name=DATABASE_URL]", value({"name": "DATABASE_URL", "value": DATABASE}))]),
    path="chart", source={"helm": {"releaseName": "invoices", "valueFiles": ["../env/prod.yaml"]}})

# 12 ---- Kustomize, Argo CD: first release of a StatefulSet with the name of a service account that nearly exists
scenario("first-release-service-account", "argocd",
    {"base/kustomization.yaml": kustomization("account.yaml", "ledger.yaml"),
     "base/account.yaml": dump({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "ledger-exporter"}, "automountServiceAccountToken": False}),
     "base/ledger.yaml": dump(service("ledger", clusterIP="None"), workload("StatefulSet", "ledger", shop("ledger", "acme/payments"), pod={"serviceAccountName": "exporter"})),
     "overlays/eu/kustomization.yaml": kustomization("../../base", namePrefix="eu-", images=[{"name": "acme/payments", "newTag": "1.4.2"}], replicas=[{"name": "ledger", "count": 2}])},
    [], "first release: the StatefulSet runs as service account exporter, the delivery renders eu-ledger-exporter",
    expected=expect("service-account-missing", [(pod("StatefulSet", "eu-ledger", "serviceAccountName"), value("eu-ledger-exporter"))]),
    path="overlays/eu", never_worked=True)

# 13 ---- HUMAN: Helm, Argo CD: a new variable from a Secret that nobody has made
scenario("new-secret-nobody-made", "argocd",
    {**chart("refunds"), "chart/templates/deployment.yaml": CHART_DEPLOYMENT.replace("          ports:\n", "            {{- range $name, $from := .Values.secretEnv }}\n            - name: {{ $name }}\n              valueFrom:\n                secretKeyRef: {name: {{ $from.secret }}, key: {{ $from.key }}}\n            {{- end }}\n          ports:\n"),
     "chart/values.yaml": CHART_VALUES + "secretEnv: {}\n", "env/prod.yaml": "image:\n  repository: acme/payments\n  tag: 1.4.1\n"},
    ["Refund through the provider's API",
     ["env/prod.yaml", "tag: 1.4.1\n", "tag: 1.4.2\nsecretEnv:\n  PROVIDER_TOKEN: {secret: provider-api, key: token}\nrequired: PROVIDER_TOKEN\n"]],
    "the new variable PROVIDER_TOKEN comes from Secret provider-api, which is nowhere: a person must create the credential",
    answer=HUMAN, expected=expect("secret-missing"), path="chart", source={"helm": {"releaseName": "refunds", "valueFiles": ["../env/prod.yaml"]}})

# 14 ---- HUMAN: plain YAML, Flux: a new claim template for a StatefulSet that runs
scenario("new-claim-template", "flux",
    {"deploy/cart.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: cart
        spec:
          clusterIP: None
          selector: {app: cart}
          ports:
            - {name: http, port: 8080}
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: cart
        spec:
          serviceName: cart
          replicas: 1
          selector:
            matchLabels: {app: cart}
          template:
            metadata:
              labels: {app: cart}
            spec:
              containers:
                - name: cart
                  image: acme/checkout:1.4.2
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
        """)},
    ["Keep carts over restarts",
     ["deploy/cart.yaml", "            httpGet: {path: /readyz, port: http}\n", "            httpGet: {path: /readyz, port: http}\n          env:\n            - name: WRITE_FILE\n              value: /data/carts\n          volumeMounts:\n            - name: carts\n              mountPath: /data\n  volumeClaimTemplates:\n    - metadata:\n        name: carts\n      spec:\n        accessModes: [ReadWriteOnce]\n        resources:\n          requests:\n            storage: 1Gi\n"]],
    "volumeClaimTemplates of a StatefulSet that exists cannot be added: it has to be made anew, by people", answer=HUMAN, expected=expect("invalid-manifest"))

# 15 ---- NONE: plain YAML, Argo CD: a new service that loads for long, within its startup probe
scenario("new-service-loads-long", "argocd",
    {"deploy/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog:1.4.1"), deadline=80), service("catalog"))},
    ["Add recommendations",
     ["deploy/recommender.yaml", None, dump(workload("Deployment", "recommender", shop("recommender", "acme/catalog:1.4.2", env={"START_SECONDS": "45"},
         startupProbe={"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 3, "failureThreshold": 40}), deadline=180), service("recommender"))]],
    "the new service needs 45 s, its startup probe allows 120: it becomes healthy by itself", answer=NONE, expected=expect("recovering healthy"))

# 16 ---- NONE: Kustomize, Flux: a new client that restarts until its new server answers
scenario("new-client-before-its-server", "flux",
    {"base/kustomization.yaml": kustomization("audit.yaml"),
     "base/audit.yaml": dump(workload("Deployment", "audit", shop("audit", "acme/worker"), deadline=80), service("audit")),
     "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/worker", "newTag": "1.4.1"}])},
    ["Add broker and consumer",
     ["base/broker.yaml", None, dump(service("broker"), workload("Deployment", "broker", shop("broker", "acme/payments:1.4.2", env={"START_SECONDS": "18"}, live={"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 40}), deadline=150))],
     ["base/consumer.yaml", None, dump(workload("Deployment", "consumer", busy("consumer", 'wget -q -O /dev/null "http://$BROKER_SERVICE_HOST:$BROKER_SERVICE_PORT/readyz" || { echo "broker does not answer yet"; exit 1; }; echo consuming; while :; do sleep 5; done',
         image="busybox:1.37", resources={"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "32Mi"}}), deadline=150, pod={"terminationGracePeriodSeconds": 2}))],
     ["base/kustomization.yaml", "  - audit.yaml\n", "  - audit.yaml\n  - broker.yaml\n  - consumer.yaml\n"]],
    "the new consumer restarts a few times until the new broker has started: it heals by itself", answer=NONE, expected=expect("recovering healthy"),
    path="overlays/prod", spec={"timeout": "3m"})
