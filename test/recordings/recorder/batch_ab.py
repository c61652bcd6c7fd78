"""Batch AB, written by somebody who knew neither the playbook nor the batches before: shop-1184 to shop-1199, additions and first releases. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1184)


def release(name, values, chart="./chart", **spec):
    return dump({"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": name},
                 "spec": {"interval": "30s", "timeout": "60s", "chart": {"spec": {"chart": chart, "reconcileStrategy": "Revision", "sourceRef": {"kind": "GitRepository", "name": "@NAME@", "namespace": "flux-system"}}},
                          "install": {"remediation": {"retries": 1, "remediateLastFailure": False}}, "upgrade": {"remediation": {"retries": 1, "strategy": "rollback"}}, **spec, "values": values}})


# 1 -- argocd, plain: a sidecar that was given the port of the main container
feed = workload("Deployment", "pricefeed", container("pricefeed", "shop", "acme/catalog:1.4.1", env={"PORT": "8080"}), deadline=60)
EXPORTER = text("""
    # Numbers for the dashboards, scraped on 9102.
          - name: exporter
            image: acme/worker:1.4.1
            args: [serve]
            env:
              - name: PORT
                value: "8080"
              - name: START_SECONDS
                value: "3"
            ports:
              - name: metrics
                containerPort: 9102
            resources:
              requests: {cpu: 5m, memory: 16Mi}
              limits: {memory: 48Mi}
            readinessProbe:
              httpGet: {path: /readyz, port: metrics}
              periodSeconds: 5
""")
PRICEFEED = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: pricefeed
      labels: {team: pricing}
    spec:
      replicas: 1
      progressDeadlineSeconds: 60
      selector:
        matchLabels: {app: pricefeed}
      template:
        metadata:
          labels: {app: pricefeed}
        spec:
          containers:
          - name: pricefeed
            image: acme/catalog:1.4.0
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
""")
scenario("exporter-beside-feed", "argocd",
         {"deploy/pricefeed.yaml": PRICEFEED, "deploy/service.yaml": dump(service("pricefeed"))},
         ["Dashboards for the price feed",
          ["deploy/pricefeed.yaml", "acme/catalog:1.4.0", "acme/catalog:1.4.1"],
          ["deploy/pricefeed.yaml", "          httpGet: {path: /readyz, port: http}\n          periodSeconds: 5\n",
           "          httpGet: {path: /readyz, port: http}\n          periodSeconds: 5\n" + textwrap.indent(textwrap.dedent("\n".join(EXPORTER.splitlines()[1:])), "      ") + "\n"],
          ["deploy/service.yaml", "    targetPort: http\n", "    targetPort: http\n  - name: metrics\n    port: 9102\n    targetPort: metrics\n"]],
         "the new exporter sidecar is told PORT 8080, which the main container holds; its own port, probe and Service say 9102",
         expected=expect("port-conflict crash-on-start", [(c("Deployment", "pricefeed", "exporter", "env[name=PORT].value"), value("9102"))]))

# 2 -- flux, kustomize, first release: the prefix changes the name of the Service variable
wait = "for url in \"$STOCK_URL\" \"$RATES_URL\"; do\n  until wget -q -O /dev/null \"$url/readyz\"; do echo \"waiting for $url\"; sleep 3; done\n  echo \"$url answers\"\ndone\n"
scenario("quotes-eu-first", "flux",
         {"base/kustomization.yaml": kustomization("rates.yaml", "stock.yaml", "quotes.yaml"),
          "base/rates.yaml": dump(workload("Deployment", "rates", container("rates", "shop", "acme/catalog:1.4.1")), service("rates")),
          "base/stock.yaml": dump(workload("Deployment", "stock", container("stock", "shop", "acme/payments:1.4.1")), service("stock")),
          "base/quotes.yaml": dump(workload("Deployment", "quotes", container("quotes", "shop", "acme/checkout:1.4.1"), deadline=80, pod={"terminationGracePeriodSeconds": 5, "initContainers": [
              {"name": "dependencies", "image": "busybox:1.37", "command": ["sh", "-c", Text(wait)], "env": [{"name": "RATES_URL", "value": "http://$(RATES_SERVICE_HOST)"}],
               "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}}]}), service("quotes")),
          "overlays/eu/kustomization.yaml": kustomization("../../base", namePrefix="eu-", labels=[{"pairs": {"region": "eu"}}], patches=[{"path": "quotes.yaml"}]),
          "overlays/eu/quotes.yaml": text("""
              apiVersion: apps/v1
              kind: Deployment
              metadata:
                name: quotes
              spec:
                template:
                  spec:
                    initContainers:
                      - name: dependencies
                        env:
                          - name: STOCK_URL
                            value: http://$(EU_STOCK_SERVICE_HOST)
          """)},
         [], "namePrefix eu- makes the Service eu-rates, so the variable is EU_RATES_SERVICE_HOST; RATES_URL of the base stays unexpanded and the init container waits for ever", path="overlays/eu", never_worked=True,
         spec={"timeout": "90s"},
         expected=expect("dependency-address crash-on-start config-missing", [(c("Deployment", "eu-quotes", "dependencies", "env[name=RATES_URL].value", init=True), value("http://$(EU_RATES_SERVICE_HOST)"))]))

# 3 -- argocd, helm: minute and hour of a new CronJob swapped
ORDERS = {
    "chart/Chart.yaml": "apiVersion: v2\nname: orders\nversion: 1.2.0\n",
    "chart/values.yaml": "image:\n  repository: acme/checkout\n  tag: 1.4.0\nreplicas: 1\n",
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}-orders
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels: {app: orders}
          template:
            metadata:
              labels: {app: orders}
            spec:
              containers:
                - name: orders
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
    """),
    "chart/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}-orders
        spec:
          selector: {app: orders}
          ports:
            - {name: http, port: 80, targetPort: http}
    """),
    "env/prod-values.yaml": "image:\n  tag: 1.4.1\nreplicas: 2\n",
}
scenario("orders-retention", "argocd", ORDERS,
         ["Retention of old orders",
          ["chart/templates/retention.yaml", None, text("""
              {{- with .Values.retention }}
              apiVersion: batch/v1
              kind: CronJob
              metadata:
                name: {{ $.Release.Name }}-orders-retention
              spec:
                schedule: {{ .schedule | quote }}
                concurrencyPolicy: Forbid
                jobTemplate:
                  spec:
                    backoffLimit: 1
                    template:
                      metadata:
                        labels: {app: orders-retention}
                      spec:
                        restartPolicy: Never
                        containers:
                          - name: retention
                            image: busybox:1.37
                            command: [sh, -c, "echo removing orders older than $DAYS days"]
                            env:
                              - {name: DAYS, value: {{ .days | quote }}}
                            resources:
                              requests: {cpu: 5m, memory: 8Mi}
                              limits: {memory: 32Mi}
              {{- end }}
          """)],
          ["env/prod-values.yaml", "replicas: 2\n", "replicas: 2\nretention:\n  days: 400\n  # every night at 02:30, after the export\n  schedule: \"2 30 * * *\"\n"]],
         "schedule of the new CronJob is '2 30 * * *' (hour 30); the comment says every night at 02:30", path="chart", source={"helm": {"valueFiles": ["../env/prod-values.yaml"]}},
         expected=expect("cron-invalid job-failed invalid-manifest helm-failed", [("CronJob/shop-1186-orders-retention spec.schedule", value("30 2 * * *"))]))

# 4 -- flux, plain: a PriorityClass by nearly its name
priority = lambda name, v, d: {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": name}, "value": v, "preemptionPolicy": "Never", "globalDefault": False, "description": d}
agent = workload("DaemonSet", "node-telemetry", container("agent", "shop", "acme/worker:1.4.2", env={"COLLECTOR": "collector:80"}), pod={"priorityClassName": "telemetry-agent"})
scenario("node-telemetry-added", "flux",
         {"deploy/priorities.yaml": dump(priority("telemetry-collectors", 2000, "Collectors of telemetry"), priority("telemetry-agents", 4000, "One agent a node")),
          "deploy/collector.yaml": dump(workload("Deployment", "collector", container("collector", "shop", "acme/catalog:1.4.1"), pod={"priorityClassName": "telemetry-collectors"}), service("collector"))},
         ["Telemetry from the nodes", ["deploy/node-telemetry.yaml", None, dump(agent)], ["deploy/collector.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"]],
         "the new DaemonSet asks for PriorityClass telemetry-agent; the delivery renders telemetry-agents: no pod is created",
         expected=expect("unschedulable-placement invalid-manifest config-missing service-account-missing", [("DaemonSet/node-telemetry spec.template.spec.priorityClassName", value("telemetry-agents"))]))

# 5 -- argocd, kustomize: subPath nearly the key of the new generator
scenario("catalog-limits-file", "argocd",
         {"base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
          "base/deployment.yaml": dump(workload("Deployment", "catalog", container("catalog", "shop", "acme/catalog:1.4.1", env={"CACHE_MB": "8"}), deadline=60)),
          "base/service.yaml": dump(service("catalog")),
          "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.2"}])},
         ["Rate limits from a file",
          ["overlays/prod/kustomization.yaml", "images:\n", "configMapGenerator:\n  - name: catalog-limits\n    files:\n      - limits.conf\npatches:\n  - path: limits-patch.yaml\nimages:\n"],
          ["overlays/prod/limits.conf", None, "SEARCH_PER_MINUTE=600\nEXPORT_PER_HOUR=12\n"],
          ["overlays/prod/limits-patch.yaml", None, text("""
              apiVersion: apps/v1
              kind: Deployment
              metadata:
                name: catalog
              spec:
                replicas: 2
                template:
                  spec:
                    containers:
                      - name: catalog
                        env:
                          - name: CONFIG_FILE
                            value: /etc/catalog/limits.conf
                        volumeMounts:
                          - name: limits
                            mountPath: /etc/catalog/limits.conf
                            subPath: limit.conf
                            readOnly: true
                    volumes:
                      - name: limits
                        configMap:
                          name: catalog-limits
          """)]],
         "subPath limit.conf is no key of the generated ConfigMap (limits.conf), so an empty directory is mounted where the program reads a file", path="overlays/prod",
         expected=expect("volume-mount config-key-missing crash-on-start", [(c("Deployment", "catalog", "catalog", "volumeMounts[name=limits].subPath"), value("limits.conf"))]))

# 6 -- flux, helm: a sidecar whose request is in Mi and whose limit is in M
LEDGER_VALUES = {"image": {"repository": "acme/payments", "tag": "1.4.1"}, "resources": {"requests": {"cpu": "10m", "memory": "64Mi"}, "limits": {"memory": "64Mi"}}}
LEDGER_AFTER = {**LEDGER_VALUES, "podAnnotations": {"acme.example/scrape": "true"}, "sidecars": [
    {"name": "archiver", "image": "acme/worker:1.4.1", "env": [{"name": "PORT", "value": "8090"}], "ports": [{"name": "archiver", "containerPort": 8090}],
     "resources": {"requests": {"cpu": "5m", "memory": "128Mi"}, "limits": {"memory": "128M"}}}]}
scenario("payments-archiver", "flux",
         {"chart/Chart.yaml": "apiVersion: v2\nname: payments\nversion: 2.0.1\n",
          "chart/values.yaml": "image: {repository: acme/payments, tag: 1.4.0}\nport: 8080\nresources: {}\npodAnnotations: {}\nsidecars: []\n",
          "chart/templates/statefulset.yaml": text("""
              apiVersion: apps/v1
              kind: StatefulSet
              metadata:
                name: {{ .Release.Name }}
              spec:
                serviceName: {{ .Release.Name }}
                replicas: 1
                selector:
                  matchLabels:
                    app: {{ .Release.Name }}
                template:
                  metadata:
                    labels:
                      app: {{ .Release.Name }}
                    {{- with .Values.podAnnotations }}
                    annotations:
                      {{- toYaml . | nindent 8 }}
                    {{- end }}
                  spec:
                    terminationGracePeriodSeconds: 5
                    containers:
                      - name: payments
                        image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                        ports:
                          - name: http
                            containerPort: {{ .Values.port }}
                        resources:
                          {{- toYaml .Values.resources | nindent 12 }}
                        readinessProbe:
                          httpGet: {path: /readyz, port: http}
                          periodSeconds: 3
                      {{- with .Values.sidecars }}
                      {{- toYaml . | nindent 8 }}
                      {{- end }}
          """),
          "chart/templates/service.yaml": text("""
              apiVersion: v1
              kind: Service
              metadata:
                name: {{ .Release.Name }}
              spec:
                selector:
                  app: {{ .Release.Name }}
                ports:
                  - {name: http, port: 80, targetPort: http}
          """),
          "releases/payments.yaml": release("payments", LEDGER_VALUES)},
         ["Archive bookings beside the service", ["releases/payments.yaml", None, release("payments", LEDGER_AFTER)]],
         "the new sidecar requests 128Mi of memory but its limit is 128M, which is less: the API server refuses the StatefulSet", path="releases",
         expected=expect("invalid-manifest helm-failed",
                         [(c("StatefulSet", "payments", "archiver", "resources.limits.memory"), at_least("128Mi"))],
                         [(c("StatefulSet", "payments", "archiver", "resources.requests.memory"), value("128M"))]))

# 7 -- argocd, plain: a postStart hook that copies from a path that is not mounted
scenario("landing-page-seed", "argocd",
         {"deploy/web.yaml": text("""
              apiVersion: apps/v1
              kind: Deployment
              metadata:
                name: landing
              spec:
                replicas: 1
                progressDeadlineSeconds: 60
                selector:
                  matchLabels: {app: landing}
                template:
                  metadata:
                    labels: {app: landing}
                  spec:
                    terminationGracePeriodSeconds: 5
                    containers:
                      - name: web
                        image: busybox:1.36
                        command: [httpd, -f, -p, "8080", -h, /www]
                        ports:
                          - {name: http, containerPort: 8080}
                        resources:
                          requests: {cpu: 5m, memory: 8Mi}
                          limits: {memory: 32Mi}
                        readinessProbe:
                          tcpSocket: {port: http}
                          periodSeconds: 5
                        volumeMounts:
                          - name: www
                            mountPath: /www
                    volumes:
                      - name: www
                        emptyDir: {}
          """), "deploy/service.yaml": dump(service("landing"))},
         ["Start page of the shop",
          ["deploy/pages.yaml", None, dump(configmap("landing-pages", index__html="<!doctype html>\n<title>Shop</title>\n<h1>Welcome</h1>\n"))],
          ["deploy/web.yaml", "              mountPath: /www\n", "              mountPath: /www\n            - name: pages\n              mountPath: /srv/pages\n              readOnly: true\n"],
          ["deploy/web.yaml", "          emptyDir: {}\n", "          emptyDir: {}\n        - name: pages\n          configMap:\n            name: landing-pages\n"],
          ["deploy/web.yaml", "          readinessProbe:\n", "          lifecycle:\n            postStart:\n              exec:\n                command: [cp, /srv/page/index.html, /www/index.html]\n          readinessProbe:\n"]],
         "the postStart hook copies /srv/page/index.html, the pages are mounted at /srv/pages: FailedPostStartHook, the container is killed each time",
         expected=expect("crash-on-start command-not-found volume-mount",
                         [(c("Deployment", "landing", "web", "lifecycle.postStart.exec.command[1]"), value("/srv/pages/index.html"))],
                         [(c("Deployment", "landing", "web", "volumeMounts[name=pages].mountPath"), value("/srv/page"))]))

# 8 -- argocd, helm: a new hook Job with a command the program does not know
scenario("checkout-schema-hook", "argocd",
         {"charts/checkout/Chart.yaml": "apiVersion: v2\nname: checkout\nversion: 0.9.0\n",
          "charts/checkout/values.yaml": "image: acme/checkout\ntag: 1.4.0\ndatabase: postgres://checkout@10.20.0.5/checkout\nschema:\n  enabled: false\n  command: []\n",
          "charts/checkout/values-prod.yaml": "tag: 1.4.1\n",
          "charts/checkout/templates/settings.yaml": text("""
              apiVersion: v1
              kind: ConfigMap
              metadata:
                name: checkout-settings
              data:
                DATABASE_URL: {{ .Values.database | quote }}
          """),
          "charts/checkout/templates/deployment.yaml": text("""
              apiVersion: apps/v1
              kind: Deployment
              metadata:
                name: checkout
              spec:
                progressDeadlineSeconds: 90
                selector:
                  matchLabels: {app: checkout}
                template:
                  metadata:
                    labels: {app: checkout}
                  spec:
                    containers:
                      - name: checkout
                        image: "{{ .Values.image }}:{{ .Values.tag }}"
                        args: [serve]
                        envFrom:
                          - configMapRef: {name: checkout-settings}
                        ports:
                          - {name: http, containerPort: 8080}
                        resources:
                          requests: {cpu: 10m, memory: 24Mi}
                          limits: {memory: 96Mi}
                        readinessProbe:
                          httpGet: {path: /readyz, port: http}
          """)},
         ["1.4.2 brings a new schema",
          ["charts/checkout/values-prod.yaml", "tag: 1.4.1\n", "tag: 1.4.2\nschema:\n  enabled: true\n  command: [db-migrate]\n"],
          ["charts/checkout/templates/schema.yaml", None, text("""
              {{- if .Values.schema.enabled }}
              apiVersion: batch/v1
              kind: Job
              metadata:
                name: checkout-schema
                annotations:
                  helm.sh/hook: pre-install,pre-upgrade
                  helm.sh/hook-delete-policy: before-hook-creation
              spec:
                backoffLimit: 1
                template:
                  metadata:
                    labels: {app: checkout-schema}
                  spec:
                    restartPolicy: Never
                    containers:
                      - name: schema
                        image: "{{ .Values.image }}:{{ .Values.tag }}"
                        args:
                          {{- toYaml .Values.schema.command | nindent 12 }}
                        envFrom:
                          - configMapRef: {name: checkout-settings}
                        resources:
                          requests: {cpu: 10m, memory: 16Mi}
                          limits: {memory: 64Mi}
              {{- end }}
          """)]],
         "the new hook Job runs the command db-migrate; the program knows serve and migrate", path="charts/checkout", source={"helm": {"valueFiles": ["values-prod.yaml"]}},
         expected=expect("job-failed crash-on-start command-not-found", [("Job/checkout-schema spec.template.spec.containers[name=schema].args[0]", value("migrate"))]))

# 9 -- flux, helm, first release: the ServiceAccount carries the name of the release
scenario("teller-first-release", "flux",
         {"charts/teller/Chart.yaml": "apiVersion: v2\nname: teller\nversion: 0.1.0\n",
          "charts/teller/values.yaml": "image: acme/payments:1.4.1\nreplicas: 1\nserviceAccount:\n  create: true\n  # the account the pods run under\n  name: default\n",
          "charts/teller/templates/_names.tpl": '{{- define "teller.fullname" -}}\n{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 63 }}\n{{- end }}\n',
          "charts/teller/templates/account.yaml": text("""
              {{- if .Values.serviceAccount.create }}
              apiVersion: v1
              kind: ServiceAccount
              metadata:
                name: {{ include "teller.fullname" . }}
              automountServiceAccountToken: false
              {{- end }}
          """),
          "charts/teller/templates/statefulset.yaml": text("""
              apiVersion: apps/v1
              kind: StatefulSet
              metadata:
                name: {{ include "teller.fullname" . }}
              spec:
                serviceName: {{ include "teller.fullname" . }}
                replicas: {{ .Values.replicas }}
                selector:
                  matchLabels: {app: {{ .Release.Name }}-teller}
                template:
                  metadata:
                    labels: {app: {{ .Release.Name }}-teller}
                  spec:
                    serviceAccountName: {{ .Values.serviceAccount.name }}
                    containers:
                      - name: teller
                        image: {{ .Values.image }}
                        ports:
                          - {name: http, containerPort: 8080}
                        resources:
                          requests: {cpu: 10m, memory: 24Mi}
                          limits: {memory: 96Mi}
                        readinessProbe:
                          httpGet: {path: /readyz, port: http}
          """),
          "charts/teller/templates/service.yaml": text("""
              apiVersion: v1
              kind: Service
              metadata:
                name: {{ include "teller.fullname" . }}
              spec:
                selector: {app: {{ .Release.Name }}-teller}
                ports:
                  - {name: http, port: 80, targetPort: http}
          """),
          "releases/north.yaml": release("north", {"replicas": 2, "serviceAccount": {"create": True, "name": "teller"}}, chart="./charts/teller")},
         [], "values name the ServiceAccount teller; the chart makes north-teller (release and chart name), so no pod is created", path="releases", never_worked=True,
         expected=expect("service-account-missing", [("StatefulSet/north-teller spec.template.spec.serviceAccountName", value("north-teller"))]))

# 10 -- flux, kustomize: a component whose JSON patch counts the containers from one
scenario("billing-audit-component", "flux",
         {"base/kustomization.yaml": kustomization("billing.yaml"),
          "base/billing.yaml": dump(workload("Deployment", "billing", container("billing", "shop", "acme/payments:1.4.1", env={"LOG_LEVEL": "info"})), service("billing")),
          "overlays/live/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/payments", "newTag": "1.4.1"}])},
         ["Audit trail in live",
          ["components/audit/kustomization.yaml", None, text("""
              apiVersion: kustomize.config.k8s.io/v1alpha1
              kind: Component
              patches:
                - target: {kind: Deployment, name: billing}
                  patch: |-
                    - op: add
                      path: /spec/template/spec/containers/1/env/-
                      value: {name: AUDIT_SINK, value: "file:///dev/stdout"}
          """)],
          ["overlays/live/kustomization.yaml", "images:\n", "components:\n  - ../../components/audit\nimages:\n"],
          ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
         "the patch of the new component adds to containers/1, the Deployment has one container (index 0): nothing renders", path="overlays/live",
         expected=expect("render-failed", [], keep=[(c("Deployment", "billing", "billing", "env[name=AUDIT_SINK]"), value({"name": "AUDIT_SINK", "value": "file:///dev/stdout"})),
                                                    (c("Deployment", "billing", "billing", "image"), value("acme/payments:1.4.2"))]))

# 11 -- flux, plain: the port of a new Ingress is a number where an object belongs
scenario("storefront-public", "flux",
         {"deploy/storefront.yaml": dump(workload("Deployment", "storefront", container("storefront", "shop", "acme/checkout:1.4.1", env={"CACHE_MB": "8"}))),
          "deploy/service.yaml": dump(service("storefront"))},
         ["Storefront goes public",
          ["deploy/storefront.yaml", "  replicas: 1\n", "  replicas: 2\n"],
          ["deploy/ingress.yaml", None, text("""
              apiVersion: networking.k8s.io/v1
              kind: Ingress
              metadata:
                name: storefront
              spec:
                ingressClassName: public
                rules:
                  - host: shop.example.com
                    http:
                      paths:
                        - path: /
                          pathType: Prefix
                          backend:
                            service:
                              name: storefront
                              port: 80
          """)]],
         "backend.service.port of the new Ingress is 80 instead of {number: 80}: the dry run refuses it and nothing is applied",
         expected=expect("invalid-manifest ingress-backend",
                         [("Ingress/storefront spec.rules[0].http.paths[0].backend.service.port", value({"number": 80}))],
                         [("Ingress/storefront spec.rules[0].http.paths[0].backend.service.port", value({"name": "http"}))]))

# 12 -- argocd, kustomize, first release: affinity to pods by a label that no pod carries
scenario("basket-near-cache", "argocd",
         {"base/kustomization.yaml": kustomization("cache.yaml", "basket.yaml"),
          "base/cache.yaml": dump(workload("StatefulSet", "session-cache", container("cache", "shop", "acme/catalog:1.4.1", env={"CACHE_MB": "16"}), labels={"tier": "data"}), service("session-cache")),
          "base/basket.yaml": dump(workload("Deployment", "basket", container("basket", "shop", "acme/checkout:1.4.2"), deadline=60, labels={"tier": "web"}), service("basket")),
          "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "near-cache.yaml"}]),
          "overlays/prod/near-cache.yaml": text("""
              # Baskets run on the node of the session cache: every click reads it.
              apiVersion: apps/v1
              kind: Deployment
              metadata:
                name: basket
              spec:
                replicas: 2
                template:
                  spec:
                    affinity:
                      podAffinity:
                        requiredDuringSchedulingIgnoredDuringExecution:
                          - topologyKey: kubernetes.io/hostname
                            labelSelector:
                              matchLabels:
                                app: sessions-cache
          """)},
         [], "the pod affinity wants app=sessions-cache, the cache's pods carry app=session-cache: Pending", path="overlays/prod", never_worked=True,
         expected=expect("unschedulable-placement", [("Deployment/basket spec.template.spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector.matchLabels.app", value("session-cache"))]))

# 13 -- argocd, helm, for people: a key of a partner that nobody has put there
scenario("carrier-key", "argocd",
         {"chart/Chart.yaml": "apiVersion: v2\nname: shipping\nversion: 1.0.0\n",
          "chart/values.yaml": "image: acme/worker:1.4.1\nextraEnv: []\n",
          "chart/values-live.yaml": "image: acme/worker:1.4.2\n",
          "chart/templates/deployment.yaml": text("""
              apiVersion: apps/v1
              kind: Deployment
              metadata:
                name: shipping
              spec:
                progressDeadlineSeconds: 60
                selector:
                  matchLabels: {app: shipping}
                template:
                  metadata:
                    labels: {app: shipping}
                  spec:
                    containers:
                      - name: shipping
                        image: {{ .Values.image }}
                        {{- with .Values.extraEnv }}
                        env:
                          {{- toYaml . | nindent 12 }}
                        {{- end }}
                        ports:
                          - {name: http, containerPort: 8080}
                        resources:
                          requests: {cpu: 10m, memory: 24Mi}
                          limits: {memory: 96Mi}
                        readinessProbe:
                          httpGet: {path: /readyz, port: http}
          """)},
         ["Labels straight from the carrier", ["chart/values-live.yaml", "image: acme/worker:1.4.2\n", text("""
              image: acme/worker:1.4.2
              extraEnv:
                - name: REQUIRED_ENV
                  value: CARRIER_API_KEY
                - name: CARRIER_API_KEY
                  valueFrom:
                    secretKeyRef:
                      name: carrier-api
                      key: token
          """)]],
         "the Secret carrier-api exists nowhere and nothing in git makes it: somebody has to put the key there", answer=HUMAN, path="chart", source={"helm": {"valueFiles": ["values-live.yaml"]}},
         expected=expect("secret-missing"))

# 14 -- flux, kustomize, for people: a new workload wants a GPU
scenario("recommender-gpu", "flux",
         {"base/kustomization.yaml": kustomization("search.yaml"),
          "base/search.yaml": dump(workload("Deployment", "search", container("search", "shop", "acme/catalog:1.4.1")), service("search")),
          "overlays/prod/kustomization.yaml": kustomization("../../base", commonAnnotations={"acme.example/owner": "discovery"})},
         ["Recommendations beside the search",
          ["overlays/prod/recommender.yaml", None, dump(workload("Deployment", "recommender", container("recommender", "shop", "acme/worker:1.4.2", resources={"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "96Mi", "nvidia.com/gpu": 1}}), deadline=60))],
          ["overlays/prod/kustomization.yaml", "  - ../../base\n", "  - ../../base\n  - recommender.yaml\n"]],
         "the new Deployment asks for nvidia.com/gpu, no node of the cluster has one: a matter of the cluster", answer=HUMAN, path="overlays/prod",
         expected=expect("unschedulable-resources"))

# 15 -- argocd, kustomize, nothing to do: a new StatefulSet that takes its time
slow = container("index", "shop", "acme/catalog:1.4.2", env={"START_SECONDS": "75"}, startupProbe={"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 5, "failureThreshold": 36})
scenario("search-index-warms-up", "argocd",
         {"base/kustomization.yaml": kustomization("api.yaml"),
          "base/api.yaml": dump(workload("Deployment", "search-api", container("api", "shop", "acme/checkout:1.4.1")), service("search-api")),
          "overlays/prod/kustomization.yaml": kustomization("../../base")},
         ["Own index for the search",
          ["overlays/prod/index.yaml", None, dump(workload("StatefulSet", "search-index", slow), service("search-index"))],
          ["overlays/prod/kustomization.yaml", "  - ../../base\n", "  - ../../base\n  - index.yaml\n"]],
         "the new index loads for 75 seconds, its startup probe allows 180: it becomes ready by itself", answer=NONE, path="overlays/prod",
         expected=expect("healthy recovering"))

# 16 -- flux, plain, nothing to do: a sidecar that gives up twice before it has what it waits for
sync = "n=$(($(cat /state/tries 2>/dev/null || echo 0) + 1)); echo $n >/state/tries\nif [ $n -lt 3 ]; then echo \"ERROR no snapshot yet (try $n), giving up\"; exit 1; fi\necho \"snapshot loaded, following changes\"\nexec sleep 86400\n"
before = workload("Deployment", "inventory", container("inventory", "shop", "acme/catalog:1.4.1"), deadline=240, pod={"terminationGracePeriodSeconds": 5})
after = workload("Deployment", "inventory", container("inventory", "shop", "acme/catalog:1.4.1"),
                 {"name": "snapshot", "image": "busybox:1.37", "command": ["sh", "-c", Text(sync)], "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}, "volumeMounts": [{"name": "state", "mountPath": "/state"}]},
                 deadline=240, pod={"terminationGracePeriodSeconds": 5, "volumes": [{"name": "state", "emptyDir": {}}]})
scenario("inventory-snapshot", "flux",
         {"deploy/inventory.yaml": dump(before), "deploy/service.yaml": dump(service("inventory"))},
         ["Follow the snapshots of the warehouse", ["deploy/inventory.yaml", None, dump(after)]],
         "the new sidecar ends twice while there is no snapshot and then runs: it has recovered by itself", answer=NONE, spec={"timeout": "180s"},
         expected=expect("healthy recovering"))
