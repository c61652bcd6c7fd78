"""Batch AC, written by somebody who knew neither the playbook nor the batches before: shop-1204 to shop-1219, first releases and additions. No program of this folder is needed.
shop-1209 was recorded with CAP=420, since Argo CD looks late for a commit that it cannot render.
"""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1204)


def shop(name, image, env=None, port=8080, memory="96Mi", **more):
    variables = [{"name": k, "value": v} for k, v in (env or {}).items()]
    return {"name": name, "image": image, **({"env": variables} if variables else {}), **({"envFrom": more.pop("envFrom")} if "envFrom" in more else {}),
            "ports": [{"name": "http", "containerPort": port}],
            "resources": {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": memory}},
            "livenessProbe": {"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 8, "periodSeconds": 10},
            "readinessProbe": {"httpGet": {"path": "/readyz", "port": "http"}, "periodSeconds": 5}, **more}


def release(name, values, timeout="90s", **spec):
    return dump({"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": name}, "spec": {
        "interval": "30s", "timeout": timeout, "chart": {"spec": {"chart": f"./charts/{name}", "reconcileStrategy": "Revision", "sourceRef": {"kind": "GitRepository", "name": "@NAME@", "namespace": "flux-system"}}}, **spec, "values": values}})


def chart(name, version="0.3.0"):
    return f"apiVersion: v2\nname: {name}\ndescription: {name} of the shop\ntype: application\nversion: {version}\n"


SERVICE = text("""
    apiVersion: v1
    kind: Service
    metadata:
      name: {{ .Chart.Name }}
    spec:
      selector:
        app: {{ .Chart.Name }}
      ports:
        - name: http
          port: {{ .Values.service.port }}
          targetPort: http
    """)
HEAD = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Chart.Name }}
      labels:
        app.kubernetes.io/name: {{ .Chart.Name }}
        app.kubernetes.io/managed-by: {{ .Release.Service }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 75
      selector:
        matchLabels:
          app: {{ .Chart.Name }}
      template:
        metadata:
          labels:
            app: {{ .Chart.Name }}
        spec:
    """)
MAIN = text("""
    containers:
      - name: {{ .Chart.Name }}
        image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
        env:
          - name: PORT
            value: {{ .Values.port | quote }}
          {{- range $name, $value := .Values.env }}
          - name: {{ $name }}
            value: {{ $value | quote }}
          {{- end }}
        ports:
          - name: http
            containerPort: {{ .Values.port }}
        resources:
          {{- toYaml .Values.resources | nindent 12 }}
        livenessProbe:
          httpGet:
            path: /healthz
            port: http
          initialDelaySeconds: {{ .Values.probes.initialDelay }}
          periodSeconds: 10
        readinessProbe:
          httpGet:
            path: /readyz
            port: http
          periodSeconds: 5
    """)


def deployment(more=""):
    return HEAD + textwrap.indent(MAIN + more, "      ")


def values(image, tag, **more):
    return dump({"replicas": 1, "image": {"repository": image, "tag": tag}, "port": 8080, "service": {"port": 80}, "env": {"CACHE_MB": "8"}, "probes": {"initialDelay": 8},
                 "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "96Mi"}}, **more})


# 1 — plain, Argo CD: an HPA is new
scenario("hpa-group-of-target", "argocd",
         {"deploy/basket.yaml": dump(workload("StatefulSet", "basket", shop("basket", "acme/checkout:1.4.1", {"CACHE_MB": "12"}))),
          "deploy/service.yaml": dump(service("basket", clusterIP="None"))},
         ["Scale baskets with load",
          ["deploy/basket.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"],
          ["deploy/hpa.yaml", None, text("""
              apiVersion: autoscaling/v2
              kind: HorizontalPodAutoscaler
              metadata:
                name: basket
              spec:
                scaleTargetRef:
                  apiVersion: v1
                  kind: StatefulSet
                  name: basket
                minReplicas: 1
                maxReplicas: 3
                metrics:
                  - type: Resource
                    resource:
                      name: cpu
                      target:
                        type: Utilization
                        averageUtilization: 70
              """)]],
         "the new HPA's scaleTargetRef says apiVersion v1; StatefulSets are apps/v1",
         expected=expect("autoscaler invalid-manifest", [("HorizontalPodAutoscaler/basket spec.scaleTargetRef.apiVersion", value("apps/v1"))]))

# 2 — plain, Flux, first release: envFrom one level too high
scenario("settings-beside-containers", "flux",
         {"deploy/settings.yaml": dump(configmap("invoices-settings", CURRENCY="EUR", TAX_REGION="de-by", ARCHIVE_PREFIX="invoices/")),
          "deploy/worker.yaml": dump(workload("Deployment", "invoices-worker", shop("worker", "acme/worker:1.4.1", {"REQUIRED_ENV": "CURRENCY,ARCHIVE_PREFIX"}, envFrom=[{"configMapRef": {"name": "invoices-settings"}}]))),
          "deploy/invoices.yaml": text("""
              # invoices: owned by team billing
              apiVersion: apps/v1
              kind: Deployment
              metadata:
                name: invoices
                labels:
                  app.kubernetes.io/name: invoices
              spec:
                replicas: 2
                progressDeadlineSeconds: 75
                selector:
                  matchLabels:
                    app: invoices
                template:
                  metadata:
                    labels:
                      app: invoices
                  spec:
                    terminationGracePeriodSeconds: 10
                    containers:
                      - name: invoices
                        image: acme/payments:1.4.1
                        env:
                          - name: REQUIRED_ENV
                            value: CURRENCY,TAX_REGION
                        ports:
                          - name: http
                            containerPort: 8080
                        resources:
                          requests: {cpu: 10m, memory: 24Mi}
                          limits: {memory: 96Mi}
                        livenessProbe:
                          httpGet: {path: /healthz, port: http}
                          initialDelaySeconds: 8
                        readinessProbe:
                          httpGet: {path: /readyz, port: http}
                          periodSeconds: 5
                    envFrom:
                      - configMapRef:
                          name: invoices-settings
              """),
          "deploy/service.yaml": dump(service("invoices"))},
         [], "envFrom stands at the pod instead of the container and is dropped: CURRENCY is not set", never_worked=True,
         expected=expect("crash-on-start invalid-manifest", [(pod("Deployment", "invoices", "envFrom"), GONE), (c("Deployment", "invoices", "invoices", "envFrom"), value([{"configMapRef": {"name": "invoices-settings"}}]))]))

# 3 — Kustomize, Argo CD: an init container is new
base = {"base/kustomization.yaml": kustomization("payments.yaml", "service.yaml", "schema-check.yaml"),
        "base/payments.yaml": dump(workload("Deployment", "payments", shop("payments", "acme/payments", {"DATABASE_URL": "postgres://payments@10.20.0.9/payments"}), deadline=60)),
        "base/service.yaml": dump(service("payments")),
        "base/schema-check.yaml": dump(workload("CronJob", "schema-check", {"name": "check", "image": "acme/payments", "args": ["migrate"], "env": [{"name": "DATABASE_URL", "value": "postgres://payments@10.20.0.9/payments"}],
                                                                           "resources": {"limits": {"memory": "64Mi"}}}, spec={"schedule": "20 4 * * *"}))}
scenario("init-command-for-args", "argocd",
         {**base, "overlays/prod/kustomization.yaml": text("""
              apiVersion: kustomize.config.k8s.io/v1beta1
              kind: Kustomization
              resources:
                - ../../base
              images:
                - name: acme/payments
                  newTag: 1.4.1
              patches:
                - path: replicas.yaml
              """),
          "overlays/prod/replicas.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: payments\nspec:\n  replicas: 2\n"},
         ["payments 1.4.2 with schema 23",
          ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"],
          ["overlays/prod/kustomization.yaml", "  - path: replicas.yaml\n", "  - path: replicas.yaml\n  - path: migrate.yaml\n"],
          ["overlays/prod/migrate.yaml", None, text("""
              apiVersion: apps/v1
              kind: Deployment
              metadata:
                name: payments
              spec:
                template:
                  spec:
                    initContainers:
                      - name: migrate
                        image: acme/payments
                        command:
                          - migrate
                        env:
                          - name: DATABASE_URL
                            value: postgres://payments@10.20.0.9/payments
                        resources:
                          limits:
                            memory: 64Mi
              """)]],
         "the new init container has the program's argument as its command", path="overlays/prod",
         expected=expect("command-not-found", [(c("Deployment", "payments", "migrate", "command", init=True), GONE), (c("Deployment", "payments", "migrate", "args", init=True), value(["migrate"]))]))

# 4 — Helm, Flux, first release: m instead of Mi
scenario("first-release-memory-unit", "flux",
         {"charts/pricing/Chart.yaml": chart("pricing", "0.1.0"),
          "charts/pricing/values.yaml": values("acme/catalog", "1.4.1"),
          "charts/pricing/templates/deployment.yaml": deployment(),
          "charts/pricing/templates/service.yaml": SERVICE,
          "releases/pricing.yaml": release("pricing", {"replicas": 2, "env": {"CACHE_MB": "40"}, "resources": {"requests": {"cpu": "20m", "memory": "64Mi"}, "limits": {"memory": "128m"}}}, install={"remediation": {"retries": 1}})},
         [], "the release's memory limit is 128m (thousandths of a byte) below the request of 64Mi: the Deployment is refused", path="releases", never_worked=True,
         expected=expect("helm-failed invalid-manifest", *[[(c("Deployment", "pricing", "pricing", "resources.limits.memory"), value(v))] for v in ("128Mi", "128M")]))

# 5 — Kustomize, Flux: a CronJob is new
scenario("cronjob-reads-secret-kind", "flux",
         {"base/kustomization.yaml": text("""
              apiVersion: kustomize.config.k8s.io/v1beta1
              kind: Kustomization
              resources:
                - stock.yaml
                - service.yaml
              generatorOptions:
                disableNameSuffixHash: true
              configMapGenerator:
                - name: stock-settings
                  envs:
                    - stock.env
              """),
          "base/stock.env": "DATABASE_URL=postgres://stock@10.20.0.9/stock\nWAREHOUSE=north\n",
          "base/stock.yaml": dump(workload("Deployment", "stock", shop("stock", "acme/catalog:1.4.1", {"REQUIRED_ENV": "DATABASE_URL,WAREHOUSE"}, envFrom=[{"configMapRef": {"name": "stock-settings"}}]))),
          "base/service.yaml": dump(service("stock")),
          "overlays/prod/kustomization.yaml": kustomization("../../base", replicas=[{"name": "stock", "count": 2}])},
         ["Keep the stock tables tidy",
          ["overlays/prod/kustomization.yaml", "  - ../../base\n", "  - ../../base\n  - tidy.yaml\n"],
          ["overlays/prod/tidy.yaml", None, text("""
              apiVersion: batch/v1
              kind: CronJob
              metadata:
                name: stock-tidy
                labels:
                  app.kubernetes.io/name: stock-tidy
              spec:
                schedule: "* * * * *"
                concurrencyPolicy: Replace
                jobTemplate:
                  spec:
                    backoffLimit: 1
                    template:
                      metadata:
                        labels:
                          app: stock-tidy
                      spec:
                        restartPolicy: Never
                        containers:
                          - name: tidy
                            image: acme/worker:1.4.1
                            args: ["migrate"]
                            envFrom:
                              - secretRef:
                                  name: stock-settings
                            resources:
                              limits:
                                memory: 64Mi
              """)]],
         "the new CronJob reads stock-settings as a Secret; it is a ConfigMap", path="overlays/prod",
         expected=expect("secret-missing config-missing", [(c("CronJob", "stock-tidy", "tidy", "envFrom[0].secretRef"), GONE), (c("CronJob", "stock-tidy", "tidy", "envFrom[0].configMapRef"), value({"name": "stock-settings"}))]))

# 6 — Helm, Argo CD: template lines are new
FRONT = deployment()
scenario("range-changes-the-dot", "argocd",
         {"chart/Chart.yaml": chart("frontdesk", "1.2.0"),
          "chart/values.yaml": values("acme/checkout", "1.4.1", zone="internal.example", upstreams=[]),
          "chart/templates/deployment.yaml": FRONT, "chart/templates/service.yaml": SERVICE,
          "env/prod.yaml": dump({"replicas": 2, "zone": "prod.internal.example", "image": {"tag": "1.4.1"}})},
         ["Upstreams from values",
          ["chart/templates/deployment.yaml", "              value: {{ $value | quote }}\n            {{- end }}\n",
           "              value: {{ $value | quote }}\n            {{- end }}\n            {{- range .Values.upstreams }}\n            - name: {{ .name | upper }}_ADDR\n              value: \"{{ .name }}.{{ .Values.zone }}:{{ .port }}\"\n            {{- end }}\n"],
          ["env/prod.yaml", "  tag: 1.4.1\n", "  tag: 1.4.2\nupstreams:\n  - name: ledger\n    port: 9000\n  - name: stock\n    port: 9100\n"]],
         "inside the new range the dot is the upstream: .Values.zone must be $.Values.zone", path="chart", source={"helm": {"valueFiles": ["../env/prod.yaml"]}},
         expected=expect("render-failed helm-failed", [], keep=[(c("Deployment", "frontdesk", "frontdesk", "image"), value("acme/checkout:1.4.2")),
                                                    (c("Deployment", "frontdesk", "frontdesk", "env[name=LEDGER_ADDR]"), value({"name": "LEDGER_ADDR", "value": "ledger.prod.internal.example:9000"})),
                                                    (c("Deployment", "frontdesk", "frontdesk", "env[name=STOCK_ADDR]"), value({"name": "STOCK_ADDR", "value": "stock.prod.internal.example:9100"}))]))

# 7 — Helm, Flux: a sidecar is switched on
EXPORTER = text("""
    {{- if .Values.exporter.enabled }}
      - name: exporter
        image: "{{ .Values.exporter.image.repository }}:{{ .Values.exporter.image.tag }}"
        env:
          - name: PORT
            value: {{ .Values.exporter.port | quote }}
        ports:
          - name: metrics
            containerPort: {{ .Values.exporter.port }}
        resources:
          limits:
            memory: 48Mi
        readinessProbe:
          httpGet:
            path: /readyz
            port: metrics
          periodSeconds: 5
    {{- end }}
    """)
scenario("sidecar-tag-key", "flux",
         {"charts/orders/Chart.yaml": chart("orders", "2.0.1"),
          "charts/orders/values.yaml": values("acme/payments", "1.4.1", exporter={"enabled": False, "port": 9102, "image": {"repository": "acme/worker", "tag": ""}}),
          "charts/orders/templates/deployment.yaml": deployment(EXPORTER),
          "charts/orders/templates/service.yaml": SERVICE,
          "releases/orders.yaml": release("orders", {"image": {"tag": "1.4.1"}, "env": {"CACHE_MB": "16"}})},
         ["Metrics for orders",
          ["releases/orders.yaml", "CACHE_MB: '16'\n", "CACHE_MB: '24'\n    exporter:\n      enabled: true\n      port: 9110\n      imageTag: 1.4.1\n"]],
         "the release sets exporter.imageTag; the chart reads exporter.image.tag, which is empty", path="releases",
         expected=expect("image-not-found helm-failed", [(c("Deployment", "orders", "exporter", "image"), value("acme/worker:1.4.1"))]))

# 8 — plain, Flux: a startup probe is new
scenario("startup-probe-scheme", "flux",
         {"deploy/agent.yaml": dump(workload("DaemonSet", "shelf-agent", shop("agent", "acme/worker:1.4.1", {"PORT": "9411", "START_SECONDS": "3"}, port=9411))),
          "deploy/service.yaml": dump(service("shelf-agent"))},
         ["Agents may take longer at boot",
          ["deploy/agent.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"],
          ["deploy/agent.yaml", "value: '3'", "value: '12'"],
          ["deploy/agent.yaml", "        livenessProbe:\n", "        startupProbe:\n          httpGet:\n            path: /healthz\n            port: http\n            scheme: HTTPS\n          periodSeconds: 5\n          failureThreshold: 7\n        livenessProbe:\n"]],
         "the new startup probe speaks HTTPS to a program that serves HTTP",
         expected=expect("startup-probe startup liveness readiness", *[[(c("DaemonSet", "shelf-agent", "agent", "startupProbe.httpGet.scheme"), to)] for to in (GONE, value("HTTP"))]))

# 9 — plain, Argo CD, first release: the volume is declared, not mounted
mounted = lambda **m: [(c("StatefulSet", "tariffs", "tariffs", "volumeMounts[name=config]"), value({"name": "config", "mountPath": "/etc/tariffs", **m}))]
scenario("volume-without-mount", "argocd",
         {"deploy/config.yaml": dump(configmap("tariffs-config", tariffs__conf="DEFAULT_TARIFF=standard\nROUNDING=half-even\n")),
          "deploy/tariffs.yaml": text("""
              apiVersion: apps/v1
              kind: StatefulSet
              metadata:
                name: tariffs
                labels:
                  app.kubernetes.io/name: tariffs
              spec:
                serviceName: tariffs
                replicas: 1
                selector:
                  matchLabels:
                    app: tariffs
                template:
                  metadata:
                    labels:
                      app: tariffs
                  spec:
                    containers:
                      - name: tariffs
                        image: acme/catalog:1.4.2
                        env:
                          - name: CONFIG_FILE
                            value: /etc/tariffs/tariffs.conf
                          - name: WRITE_FILE
                            value: /var/lib/tariffs/state
                        ports:
                          - name: http
                            containerPort: 8080
                        resources:
                          requests:
                            cpu: 10m
                            memory: 24Mi
                          limits:
                            memory: 96Mi
                        readinessProbe:
                          httpGet:
                            path: /readyz
                            port: http
                          periodSeconds: 5
                        volumeMounts:
                          - name: state
                            mountPath: /var/lib/tariffs
                    volumes:
                      - name: state
                        emptyDir: {}
                      - name: config
                        configMap:
                          name: tariffs-config
              """),
          "deploy/service.yaml": dump(service("tariffs", clusterIP="None"))},
         [], "the volume config is declared but not mounted at /etc/tariffs", never_worked=True,
         expected=expect("volume-mount crash-on-start config-missing", mounted(), mounted(readOnly=True)))

# 10 — Kustomize, Flux: an init container that waits is new
eu = text("""
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    namePrefix: eu-
    resources:
      - ../../base
    images:
      - name: acme/checkout
        newTag: 1.4.1
    patches:
      - path: storefront.yaml
    """)
scenario("service-variable-without-prefix", "flux",
         {"base/kustomization.yaml": kustomization("catalog.yaml", "storefront.yaml", "checkout.yaml"),
          "base/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog:1.4.1", {"CACHE_MB": "8"})), service("catalog")),
          "base/storefront.yaml": dump(workload("Deployment", "storefront", shop("storefront", "acme/checkout")), service("storefront")),
          "base/checkout.yaml": dump(workload("Deployment", "checkout", shop("checkout", "acme/checkout"), deadline=60), service("checkout")),
          "overlays/eu/kustomization.yaml": eu,
          "overlays/eu/storefront.yaml": text("""
              apiVersion: apps/v1
              kind: Deployment
              metadata:
                name: storefront
              spec:
                template:
                  spec:
                    containers:
                      - name: storefront
                        env:
                          - name: CATALOG_URL
                            value: http://$(EU_CATALOG_SERVICE_HOST)
              """)},
         ["Checkout 1.4.2, started after the catalog",
          ["overlays/eu/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"],
          ["overlays/eu/kustomization.yaml", "  - path: storefront.yaml\n", "  - path: storefront.yaml\n  - path: checkout.yaml\n"],
          ["overlays/eu/checkout.yaml", None, text("""
              apiVersion: apps/v1
              kind: Deployment
              metadata:
                name: checkout
              spec:
                template:
                  spec:
                    initContainers:
                      - name: wait-for-catalog
                        image: busybox:1.36
                        env:
                          - name: CATALOG_URL
                            value: http://$(CATALOG_SERVICE_HOST)
                        command:
                          - sh
                          - -c
                          - |
                            until wget -q -O /dev/null "$CATALOG_URL/readyz"; do
                              echo "no answer from $CATALOG_URL/readyz, trying again"
                              sleep 3
                            done
                        resources:
                          limits:
                            memory: 32Mi
              """)]],
         "the overlay's prefix makes the Service eu-catalog: its variable is EU_CATALOG_SERVICE_HOST", path="overlays/eu",
         expected=expect("dependency-address", *[[(c("Deployment", "eu-checkout", "wait-for-catalog", "env[name=CATALOG_URL].value", init=True), value(v))] for v in (
             "http://$(EU_CATALOG_SERVICE_HOST)", "http://$(EU_CATALOG_SERVICE_HOST):80", "http://$(EU_CATALOG_SERVICE_HOST):$(EU_CATALOG_SERVICE_PORT)")]))

# 11 — Kustomize, Argo CD, first release: files instead of envs
scenario("generator-files-for-envs", "argocd",
         {"base/kustomization.yaml": kustomization("quotes.yaml", "service.yaml"),
          "base/quotes.yaml": dump(workload("Deployment", "quotes", shop("quotes", "acme/payments:1.4.2", {"REQUIRED_ENV": "CURRENCY,MARKET"}, envFrom=[{"configMapRef": {"name": "quotes-settings"}}]), deadline=60)),
          "base/service.yaml": dump(service("quotes")),
          "overlays/prod/kustomization.yaml": text("""
              apiVersion: kustomize.config.k8s.io/v1beta1
              kind: Kustomization
              resources:
                - ../../base
              labels:
                - pairs:
                    env: prod
              replicas:
                - name: quotes
                  count: 2
              configMapGenerator:
                - name: quotes-settings
                  files:
                    - quotes.env
              """),
          "overlays/prod/quotes.env": "CURRENCY=EUR\nMARKET=xetra\n"},
         [], "the generator takes quotes.env as one file, not as variables: CURRENCY is not set", path="overlays/prod", never_worked=True,
         expected=expect("crash-on-start config-key-missing render-failed", [('ConfigMap/quotes-settings-# data["quotes.env"]', GONE), ("ConfigMap/quotes-settings-# data.CURRENCY", value("EUR")), ("ConfigMap/quotes-settings-# data.MARKET", value("xetra"))]))

# 12 — Helm, Argo CD, first release: two programs on one port
AUDIT = text("""
      - name: audit
        image: "{{ .Values.audit.image }}"
        env:
          - name: REQUIRED_ENV
            value: AUDIT_STREAM
          - name: AUDIT_STREAM
            value: {{ .Values.audit.stream | quote }}
        ports:
          - name: audit
            containerPort: {{ .Values.audit.port }}
        resources:
          limits:
            memory: 48Mi
        readinessProbe:
          httpGet:
            path: /readyz
            port: audit
          periodSeconds: 5
    """)
AUDIT = textwrap.indent(textwrap.dedent(AUDIT), "  ")
scenario("sidecar-on-the-same-port", "argocd",
         {"chart/Chart.yaml": chart("refunds", "0.1.0"),
          "chart/values.yaml": values("acme/payments", "1.4.2", audit={"image": "acme/worker:1.4.2", "port": 9191, "stream": "refunds"}),
          "chart/templates/deployment.yaml": deployment(AUDIT), "chart/templates/service.yaml": SERVICE,
          "env/prod.yaml": dump({"replicas": 2, "env": {"CACHE_MB": "16"}, "audit": {"stream": "refunds-prod"}})},
         [], "the sidecar is never told its PORT 9191 and listens on 8080 like the main container", path="chart", source={"helm": {"valueFiles": ["../env/prod.yaml"]}}, never_worked=True,
         expected=expect("port-conflict", [(c("Deployment", "refunds", "audit", "env[name=PORT]"), value({"name": "PORT", "value": "9191"}))]))

# 13 — plain, Argo CD: for people, a credential nobody made
token = lambda name: {"name": f"{name.upper()}_TOKEN", "valueFrom": {"secretKeyRef": {"name": f"{name}-api", "key": "token"}}}
gateway = shop("gateway", "acme/payments:1.4.1", {"REQUIRED_ENV": "STRIPE_TOKEN"})
gateway["env"].append(token("stripe"))
scenario("second-provider-credential", "argocd",
         {"deploy/gateway.yaml": dump(workload("Deployment", "gateway", gateway, deadline=60)), "deploy/service.yaml": dump(service("gateway"))},
         ["Second payment provider",
          ["deploy/gateway.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"],
          ["deploy/gateway.yaml", "value: STRIPE_TOKEN", "value: STRIPE_TOKEN,KLARNA_TOKEN"],
          ["deploy/gateway.yaml", "              name: stripe-api\n              key: token\n",
           "              name: stripe-api\n              key: token\n        - name: KLARNA_TOKEN\n          valueFrom:\n            secretKeyRef:\n              name: klarna-api\n              key: token\n"]],
         "Secret klarna-api exists nowhere: somebody has to create the credential", answer=HUMAN, expected=expect("secret-missing"),
         given=dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "stripe-api"}, "stringData": {"token": "only-for-tests"}}))

# 14 — Kustomize, Flux: for people, no such hardware
scenario("component-wants-gpu", "flux",
         {"base/kustomization.yaml": kustomization("search.yaml"),
          "base/search.yaml": dump(workload("Deployment", "search", shop("search", "acme/catalog:1.4.1", {"CACHE_MB": "16"})), service("search")),
          "components/ranking/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources:\n  - ranking.yaml\n",
          "components/ranking/ranking.yaml": dump(workload("Deployment", "ranking", shop("ranking", "acme/worker:1.4.2", resources={"requests": {"cpu": "20m", "memory": "64Mi"}, "limits": {"memory": "128Mi", "nvidia.com/gpu": "1"}}), deadline=60), service("ranking")),
          "overlays/prod/kustomization.yaml": text("""
              apiVersion: kustomize.config.k8s.io/v1beta1
              kind: Kustomization
              resources:
                - ../../base
              replicas:
                - name: search
                  count: 2
              """)},
         ["Learned ranking for prod", ["overlays/prod/kustomization.yaml", "replicas:\n", "components:\n  - ../../components/ranking\nreplicas:\n"]],
         "the new component needs a GPU; no node of this cluster has one", answer=HUMAN, path="overlays/prod", expected=expect("unschedulable-resources"))

# 15 — Helm, Flux: nothing to do, slow but allowed to be
scenario("release-warms-up", "flux",
         {"charts/reviews/Chart.yaml": chart("reviews", "0.4.0"),
          "charts/reviews/values.yaml": values("acme/catalog", "1.4.1"),
          "charts/reviews/templates/deployment.yaml": deployment(),
          "charts/reviews/templates/service.yaml": SERVICE,
          "releases/reviews.yaml": release("reviews", {"image": {"tag": "1.4.1"}, "env": {"START_SECONDS": "2"}, "probes": {"initialDelay": 8}}, timeout="3m")},
         ["Reviews load their index at boot",
          ["releases/reviews.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["releases/reviews.yaml", "START_SECONDS: '2'", "START_SECONDS: '35'"], ["releases/reviews.yaml", "initialDelay: 8", "initialDelay: 50"]],
         "the new version takes 35 s to start, within what probes and deadline allow; ready after that", answer=NONE, path="releases", expected=expect("healthy recovering"))

# 16 — plain, Argo CD: nothing to do, a new program that starts again until its dependency answers
scenario("new-service-starts-in-order", "argocd",
         {"deploy/checkout.yaml": dump(workload("Deployment", "checkout", shop("checkout", "acme/checkout:1.4.1"))), "deploy/service.yaml": dump(service("checkout"))},
         ["Loyalty points and their importer",
          ["deploy/checkout.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"],
          ["deploy/loyalty.yaml", None, dump(workload("Deployment", "loyalty", shop("loyalty", "acme/catalog:1.4.2", {"START_SECONDS": "25"}, livenessProbe={"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 40, "periodSeconds": 10}), deadline=120), service("loyalty"))],
          ["deploy/loyalty-importer.yaml", None, text("""
              apiVersion: apps/v1
              kind: Deployment
              metadata:
                name: loyalty-importer
                labels:
                  app.kubernetes.io/name: loyalty-importer
              spec:
                replicas: 1
                progressDeadlineSeconds: 180
                selector:
                  matchLabels:
                    app: loyalty-importer
                template:
                  metadata:
                    labels:
                      app: loyalty-importer
                  spec:
                    terminationGracePeriodSeconds: 5
                    containers:
                      - name: importer
                        image: busybox:1.36
                        command:
                          - sh
                          - -c
                          - |
                            wget -q -O /dev/null "http://$LOYALTY_SERVICE_HOST/readyz" || { echo "loyalty does not answer yet, giving up until the next start"; exit 1; }
                            echo "import loop started"
                            touch /tmp/ready
                            while true; do sleep 5; done
                        readinessProbe:
                          exec:
                            command: ["test", "-f", "/tmp/ready"]
                          periodSeconds: 5
                        resources:
                          requests:
                            cpu: 10m
                            memory: 8Mi
                          limits:
                            memory: 32Mi
              """)]],
         "the importer ends until the new loyalty service has started (25 s), then works", answer=NONE, expected=expect("healthy recovering"))
