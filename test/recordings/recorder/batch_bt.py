"""In the style of the first recordings once more, by another."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1908)

RES = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}


def shop(name, image, env=None, **more):
    return container(name, "shop", image=image, env=env, resources=more.pop("resources", RES), **more)


def ask(variable, port=80):
    """An init container's script: asks a Service for its readiness three times."""
    return ["sh", "-c", f'for i in 1 2 3; do wget -q -O /dev/null "http://${variable}:{port}/readyz" && exit 0; sleep 2; done\necho "no answer from ${variable}:{port}, giving up"\nexit 1\n']


def release(name, values, *more):
    return dump({"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": name}, "spec": {
        "interval": "30s", "timeout": "60s",
        "chart": {"spec": {"chart": "./charts/" + name, "reconcileStrategy": "Revision", "sourceRef": {"kind": "GitRepository", "name": "@NAME@", "namespace": "flux-system"}}},
        "install": {"remediation": {"retries": 1}}, "upgrade": {"remediation": {"retries": 1, "strategy": "rollback"}}, **(more[0] if more else {}), "values": values}})


# 1 ── Helm, Argo CD: the program listens elsewhere than the chart's port says
scenario("values-port-drift", "argocd", {
    "charts/gateway/Chart.yaml": text("""
        apiVersion: v2
        name: gateway
        version: 1.3.0
    """),
    "charts/gateway/values.yaml": text("""
        image:
          repository: acme/checkout
          tag: 1.4.0
        replicas: 1
        # what the container listens on; Service and probes follow
        port: 8080
        env:
          LOG_LEVEL: info
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 64Mi}
    """),
    "charts/gateway/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: gateway
          labels:
            app.kubernetes.io/managed-by: {{ .Release.Service }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 75
          selector:
            matchLabels:
              app: gateway
          template:
            metadata:
              labels:
                app: gateway
            spec:
              containers:
                - name: gateway
                  image: {{ .Values.image.repository }}:{{ .Values.image.tag }}
                  env:
                    {{- range $k, $v := .Values.env }}
                    - name: {{ $k }}
                      value: {{ $v | quote }}
                    {{- end }}
                  ports:
                    - name: http
                      containerPort: {{ .Values.port }}
                  resources:
                    {{- toYaml .Values.resources | nindent 20 }}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    initialDelaySeconds: 5
                    periodSeconds: 8
    """),
    "charts/gateway/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: gateway
        spec:
          selector:
            app: gateway
          ports:
            - name: http
              port: 80
              targetPort: http
    """),
    "charts/gateway/values-prod.yaml": text("""
        image:
          tag: 1.4.1
        replicas: 2
        env:
          LOG_LEVEL: warn
    """),
}, ["Production settings from the platform checklist",
    ["charts/gateway/values-prod.yaml", "  LOG_LEVEL: warn\n", "  LOG_LEVEL: error\n  PORT: 9090\n"]],
    "values-prod sets PORT 9090, the chart's port (container port and so the probes) is still 8080",
    expected=expect("readiness-probe liveness-probe readiness liveness",
        [(c("Deployment", "gateway", "gateway", "ports[name=http].containerPort"), value(9090))],
        [(c("Deployment", "gateway", "gateway", "env[name=PORT]"), GONE)],
        [(c("Deployment", "gateway", "gateway", "env[name=PORT].value"), value("8080"))]),
    path="charts/gateway", source={"helm": {"valueFiles": ["values-prod.yaml"]}})

# 2 ── Kustomize, Flux: the base renames the container, the overlay's patch still names the old one
scenario("patch-orphan-container", "flux", {
    "base/statefulset.yaml": dump(workload("StatefulSet", "ledger", shop("ledger", "acme/payments:1.4.1", {"CACHE_MB": "8", "WRITE_FILE": "/var/lib/ledger/state"}, volumeMounts=[{"name": "state", "mountPath": "/var/lib/ledger"}]),
        pod={"volumes": [{"name": "state", "emptyDir": {}}]})),
    "base/service.yaml": dump(service("ledger", clusterIP="None")),
    "base/kustomization.yaml": kustomization("statefulset.yaml", "service.yaml"),
    "overlays/staging/kustomization.yaml": kustomization("../../base"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "sizing.yaml"}]),
    "overlays/prod/sizing.yaml": text("""
        # agreed with finance, see capacity sheet
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: ledger
        spec:
          template:
            spec:
              containers:
                - name: ledger
                  env:
                    - name: CACHE_MB
                      value: "64"
                  resources:
                    limits:
                      memory: 160Mi
    """),
}, ["Name the main container app everywhere", ["base/statefulset.yaml", "- name: ledger\n        image", "- name: app\n        image"]],
    "the overlay's patch names container ledger, which the base calls app now: a second container without an image",
    expected=expect("invalid-manifest render-failed",
        [(c("StatefulSet", "ledger", "ledger", "")[:-1], GONE), (c("StatefulSet", "ledger", "app", "env[name=CACHE_MB].value"), value("64")), (c("StatefulSet", "ledger", "app", "resources.limits.memory"), value("160Mi"))],
        [(c("StatefulSet", "ledger", "app", "")[:-1], GONE), *((c("StatefulSet", "ledger", "ledger", f), BEFORE) for f in ("image", "env[name=WRITE_FILE]", "ports", "resources.requests", "livenessProbe", "readinessProbe", "volumeMounts"))]),
    path="overlays/prod")

# 3 ── Kustomize, Argo CD: a JSON patch counts the base's variables
scenario("json-patch-index", "argocd", {
    "base/daemonset.yaml": text("""
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: collector
        spec:
          selector:
            matchLabels:
              app: collector
          template:
            metadata:
              labels:
                app: collector
            spec:
              containers:
                - name: collector
                  image: acme/worker:1.4.1
                  env:
                    - name: LOG_LEVEL
                      value: info
                    - name: TRACE_SAMPLING
                      value: "0.1"
                    - name: REGION
                      value: unset
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
    """),
    "base/kustomization.yaml": kustomization("daemonset.yaml"),
    "clusters/eu-1/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        patches:
          - target:
              kind: DaemonSet
              name: collector
            patch: |-
              - op: replace
                path: /spec/template/spec/containers/0/env/2/value
                value: eu-central
              - op: add
                path: /spec/template/metadata/labels/cluster
                value: eu-1
    """),
}, ["collector 1.4.2, no tracing any more",
    ["base/daemonset.yaml", "            - name: TRACE_SAMPLING\n              value: \"0.1\"\n", ""],
    ["base/daemonset.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"]],
    "the cluster's JSON patch replaces env/2, which is env/1 since TRACE_SAMPLING is gone",
    expected=expect("render-failed", [], keep=[(c("DaemonSet", "collector", "collector", "env[name=TRACE_SAMPLING]"), GONE), (c("DaemonSet", "collector", "collector", "image"), value("acme/worker:1.4.2"))]),
    path="clusters/eu-1")

# 4 ── Helm, Flux: the chart's schema refuses a value
scenario("schema-refuses", "flux", {
    "charts/parcels/Chart.yaml": "apiVersion: v2\nname: parcels\nversion: 0.8.1\n",
    "charts/parcels/values.yaml": text("""
        image: acme/catalog
        tag: 1.4.0
        replicas: 1
        cacheMb: 4
        memory: 64Mi
    """),
    "charts/parcels/values.schema.json": text("""
        {
          "$schema": "http://json-schema.org/draft-07/schema#",
          "type": "object",
          "additionalProperties": false,
          "required": ["image", "tag"],
          "properties": {
            "global": {"type": "object"},
            "image": {"type": "string"},
            "tag": {"type": "string", "pattern": "^[0-9]+\\\\.[0-9]+\\\\.[0-9]+$"},
            "replicas": {"type": "integer", "minimum": 1, "maximum": 4},
            "cacheMb": {"type": "integer"},
            "memory": {"type": "string", "pattern": "^[0-9]+Mi$"}
          }
        }
    """),
    "charts/parcels/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels: {app: {{ .Release.Name }}}
          template:
            metadata:
              labels: {app: {{ .Release.Name }}}
            spec:
              containers:
                - name: parcels
                  image: "{{ .Values.image }}:{{ .Values.tag }}"
                  env:
                    - {name: CACHE_MB, value: {{ .Values.cacheMb | quote }}}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: {{ .Values.memory }}}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
    """),
    "charts/parcels/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
        spec:
          selector: {app: {{ .Release.Name }}}
          ports:
            - {name: http, port: 80, targetPort: http}
    """),
    "releases/parcels.yaml": release("parcels", {"tag": "1.4.1", "replicas": 1}),
}, ["parcels: two copies and a bigger cache", ["releases/parcels.yaml", "    replicas: 1\n", "    replicas: 2\n    cacheMb: \"24\"\n"]],
    "the chart's schema wants an integer for cacheMb, the HelmRelease gives the string \"24\"",
    expected=expect("helm-failed render-failed", [], keep=[("Deployment/parcels spec.replicas", value(2)), (c("Deployment", "parcels", "parcels", "env[name=CACHE_MB].value"), value("24"))]),
    path="releases")

# 5 ── Helm, Flux: the cache grows in the values' ConfigMap, the memory stands in the HelmRelease
scenario("cache-outgrows-memory", "flux", {
    "charts/atlas/Chart.yaml": "apiVersion: v2\nname: atlas\nversion: 2.0.4\n",
    "charts/atlas/values.yaml": text("""
        image: acme/catalog:1.4.0
        replicas: 1
        settings: {}
        limits:
          memory: 64Mi
    """),
    "charts/atlas/templates/deployment.yaml": text("""
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
                - name: tiles
                  image: {{ .Values.image }}
                  env:
                    {{- range $name, $value := .Values.settings }}
                    - name: {{ $name | snakecase | upper }}
                      value: {{ $value | quote }}
                    {{- end }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests:
                      cpu: 10m
                      memory: 32Mi
                    limits: {{- toYaml .Values.limits | nindent 22 }}
                  readinessProbe:
                    httpGet:
                      path: /readyz
                      port: http
                    periodSeconds: 3
    """),
    "releases/atlas.yaml": release("atlas", {"limits": {"memory": "96Mi"}}, {"valuesFrom": [{"kind": "ConfigMap", "name": "atlas-tuning", "valuesKey": "tuning.yaml"}]}),
    "releases/atlas-tuning.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: atlas-tuning
        data:
          tuning.yaml: |
            image: acme/catalog:1.4.1
            settings:
              logLevel: info
              cacheMb: 24
    """),
}, ["Atlas 1.4.2 with all zoom levels", ["releases/atlas-tuning.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"], ["releases/atlas-tuning.yaml", "cacheMb: 24", "cacheMb: 140"]],
    "CACHE_MB 140 does not fit the memory limit of 96Mi, which stands in the HelmRelease: OOMKilled",
    expected=expect("out-of-memory",
        [(c("Deployment", "atlas", "tiles", "resources.limits.memory"), at_least("160Mi"))],
        [(c("Deployment", "atlas", "tiles", "env[name=CACHE_MB].value"), BEFORE)]),
    path="releases")

# 6 ── plain, Flux: the CronJob's settings get a prefix that the program does not know
scenario("settings-prefix", "flux", {
    **one("cronjob", workload("CronJob", "settlement", container("settle", "shop", image="acme/worker:1.4.1", args=["migrate"], probes=False, resources=RES, envFrom=[{"configMapRef": {"name": "settlement"}}]))),
    **one("settings", configmap("settlement", DATABASE_URL="postgres://settle@10.20.0.9/settle", BATCH_SIZE="500")),
}, ["Settlement: own name space for variables, keep fewer jobs",
    ["deploy/cronjob.yaml", "  concurrencyPolicy: Forbid\n", "  concurrencyPolicy: Forbid\n  successfulJobsHistoryLimit: 2\n  failedJobsHistoryLimit: 2\n"],
    ["deploy/cronjob.yaml", "            - configMapRef:\n                name: settlement\n", "            - prefix: SETTLEMENT_\n              configMapRef:\n                name: settlement\n"]],
    "envFrom has prefix SETTLEMENT_, the program reads DATABASE_URL: each job fails",
    expected=expect("crash-on-start job-failed",
        [(c("CronJob", "settlement", "settle", "envFrom[0].prefix"), GONE)]))

# 7 ── Kustomize component, Flux: the new sidecar wants the main container's port
scenario("sidecar-same-port", "flux", {
    "apps/tariffs/base/deployment.yaml": dump(workload("Deployment", "tariffs", shop("tariffs", "acme/payments", {"LOG_LEVEL": "info"}))),
    "apps/tariffs/base/service.yaml": dump(service("tariffs")),
    "apps/tariffs/base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "apps/tariffs/prod/kustomization.yaml": kustomization("../base", images=[{"name": "acme/payments", "newTag": "1.4.1"}], replicas=[{"name": "tariffs", "count": 1}]),
}, ["Exporter beside tariffs in prod",
    ["components/exporter/kustomization.yaml", None, text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        patches:
          - path: sidecar.yaml
            target:
              kind: Deployment
    """)],
    ["components/exporter/sidecar.yaml", None, text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: any
        spec:
          template:
            metadata:
              annotations:
                prometheus.io/port: "8081"
            spec:
              containers:
                - name: exporter
                  image: acme/worker:1.4.1
                  env:
                    - name: PORT
                      value: "8080"
                  ports:
                    - name: metrics
                      containerPort: 8081
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 48Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: metrics}
                    periodSeconds: 5
    """)],
    ["apps/tariffs/prod/kustomization.yaml", "images:\n", "components:\n  - ../../../components/exporter\nimages:\n"]],
    "the exporter is told PORT 8080, where tariffs listens already; its port is 8081",
    expected=expect("port-conflict crash-on-start", [(c("Deployment", "tariffs", "exporter", "env[name=PORT].value"), value("8081"))]),
    path="apps/tariffs/prod")

# 8 ── plain, Argo CD: the account is renamed in its file, not in the StatefulSet
scenario("account-renamed", "argocd", {
    **one("statefulset", workload("StatefulSet", "invoices", shop("invoices", "acme/payments:1.4.1"), replicas=2, pod={"serviceAccountName": "invoices", "terminationGracePeriodSeconds": 10})),
    **one("service", service("invoices", clusterIP="None")),
    **one("accounts", {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "invoices"}, "automountServiceAccountToken": False},
          {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "invoices-audit"}, "automountServiceAccountToken": False}),
}, ["Payments 1.4.2, tidy access", ["deploy/accounts.yaml", "  name: invoices\n", "  name: invoices-runtime\n"], ["deploy/statefulset.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"]],
    "the StatefulSet runs as ServiceAccount invoices, which is invoices-runtime now",
    expected=expect("service-account-missing",
        [(pod("StatefulSet", "invoices", "serviceAccountName"), value("invoices-runtime"))],
        [("ServiceAccount/invoices automountServiceAccountToken", BEFORE), ("ServiceAccount/invoices-runtime automountServiceAccountToken", GONE)],
        [("ServiceAccount/invoices automountServiceAccountToken", BEFORE)]))

# 9 ── Helm, Argo CD: .Values inside `with`
HUB = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ include "hub.name" . }}
    spec:
      replicas: {{ .Values.replicaCount }}
      progressDeadlineSeconds: 90
      selector:
        matchLabels:
          app: {{ include "hub.name" . }}
      template:
        metadata:
          labels:
            app: {{ include "hub.name" . }}
        spec:
          containers:
            - name: hub
              image: "{{ .Values.registry }}/{{ .Values.image.name }}:{{ .Values.image.tag }}"
              ports:
                - name: http
                  containerPort: 8080
              readinessProbe:
                httpGet:
                  path: /readyz
                  port: http
              resources:
                {{- toYaml .Values.resources | nindent 16 }}
            - name: relay
              image: "{{ .Values.registry }}/{{ .Values.relay.name }}:{{ .Values.relay.tag }}"
              env:
                - name: PORT
                  value: {{ .Values.relay.port | quote }}
              ports:
                - name: relay
                  containerPort: {{ .Values.relay.port }}
              resources:
                {{- toYaml .Values.resources | nindent 16 }}
""")
scenario("relay-optional", "argocd", {
    "deploy/hub/Chart.yaml": "apiVersion: v2\nname: hub\nversion: 4.1.0\n",
    "deploy/hub/templates/_helpers.tpl": '{{- define "hub.name" -}}\n{{ .Values.nameOverride | default .Chart.Name }}\n{{- end }}\n',
    "deploy/hub/templates/deployment.yaml": HUB,
    "deploy/hub/values.yaml": text("""
        registry: acme
        replicaCount: 1
        image:
          name: checkout
          tag: 1.4.0
        relay:
          name: worker
          tag: 1.4.0
          port: 8090
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 64Mi}
    """),
    "deploy/values/live.yaml": text("""
        nameOverride: message-hub
        image:
          tag: 1.4.1
        relay:
          tag: 1.4.1
    """),
}, ["Relay can be left out",
    ["deploy/hub/templates/deployment.yaml", HUB[HUB.index("        - name: relay"):], text("""
        {{- with .Values.relay }}
        - name: relay
          image: "{{ .Values.registry }}/{{ .name }}:{{ .tag }}"
          env:
            - name: PORT
              value: {{ .port | quote }}
          ports:
            - name: relay
              containerPort: {{ .port }}
          resources:
            {{- toYaml $.Values.resources | nindent 12 }}
        {{- end }}
    """).replace("\n", "\n        ").join(["        ", ""]).rstrip() + "\n"],
    ["deploy/values/live.yaml", "image:\n  tag: 1.4.1\n", "image:\n  tag: 1.4.2\nreplicaCount: 2\n"]],
    "inside `with .Values.relay` the template still says .Values.registry: nil pointer",
    expected=expect("render-failed helm-failed", [], keep=[(c("Deployment", "message-hub", "hub", "image"), value("acme/checkout:1.4.2")), ("Deployment/message-hub spec.replicas", value(2))]),
    path="deploy/hub", source={"helm": {"valueFiles": ["../values/live.yaml"]}})

# 10 ── plain, Argo CD, never worked: the startup probe speaks TLS
scenario("startup-over-tls", "argocd", {
    **one("deployment", workload("Deployment", "vouchers", shop("vouchers", "acme/checkout:1.4.1", {"START_SECONDS": "6"},
        live={"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 10},
        startupProbe={"httpGet": {"path": "/healthz", "port": "http", "scheme": "HTTPS"}, "periodSeconds": 4, "failureThreshold": 8}), replicas=2, deadline=80)),
    **one("service", service("vouchers")),
    **one("budget", {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "vouchers"}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "vouchers"}}}}),
}, [], "first release: the startup probe asks by HTTPS where plain HTTP is served", never_worked=True,
    expected=expect("startup-probe startup",
        [(c("Deployment", "vouchers", "vouchers", "startupProbe.httpGet.scheme"), GONE)],
        [(c("Deployment", "vouchers", "vouchers", "startupProbe.httpGet.scheme"), value("HTTP"))]))

# 11 ── Kustomize generator, Argo CD: the file is renamed, the subPath is not: a directory is mounted
ROUTES = "/shop=checkout\n/pay=payments\n"
R = lambda rest: c("Deployment", "router", "router", rest)
scenario("subpath-left-behind", "argocd", {
    "kustomize/base/deployment.yaml": dump(workload("Deployment", "router", shop("router", "acme/checkout:1.4.1", {"CONFIG_FILE": "/etc/router/routes.conf"},
        volumeMounts=[{"name": "routes", "mountPath": "/etc/router/routes.conf", "subPath": "routes.conf", "readOnly": True}]), pod={"volumes": [{"name": "routes", "configMap": {"name": "router-routes"}}]})),
    "kustomize/base/service.yaml": dump(service("router")),
    "kustomize/base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "kustomize/prod/kustomization.yaml": kustomization("../base", configMapGenerator=[{"name": "router-routes", "files": ["routes.conf"]}]),
    "kustomize/prod/routes.conf": ROUTES,
}, ["Route /returns to payments",
    ["kustomize/prod/routes.conf", ROUTES, DELETE],
    ["kustomize/prod/prod-routes.conf", None, ROUTES + "/returns=payments\n"],
    ["kustomize/prod/kustomization.yaml", "routes.conf", "prod-routes.conf"]],
    "the generated ConfigMap's key is prod-routes.conf now, the base mounts subPath routes.conf: an empty directory where the program reads a file",
    expected=expect("volume-mount config-key-missing crash-on-start",
        [("ConfigMap/router-routes-# data[\"routes.conf\"]", value(ROUTES + "/returns=payments\n")), ("ConfigMap/router-routes-# data[\"prod-routes.conf\"]", GONE)],
        [("ConfigMap/router-routes-# data[\"routes.conf\"]", value(ROUTES + "/returns=payments\n"))],
        [(R("volumeMounts[name=routes].subPath"), value("prod-routes.conf"))],
        [(pod("Deployment", "router", "volumes[name=routes].configMap.items"), value([{"key": "prod-routes.conf", "path": "routes.conf"}]))],
        [(R("volumeMounts[name=routes].subPath"), value("prod-routes.conf")), (R("volumeMounts[name=routes].mountPath"), value("/etc/router/prod-routes.conf")), (R("env[name=CONFIG_FILE].value"), value("/etc/router/prod-routes.conf"))]),
    path="kustomize/prod")

# 12 ── plain, Flux: a Service is renamed, its consumer in another file still has the old name's variable
scenario("service-renamed-consumer", "flux", {
    **one("rates/deployment", workload("Deployment", "rates", shop("rates", "acme/catalog:1.4.1"))),
    **one("rates/service", service("rates")),
    **one("quoter/deployment", workload("Deployment", "quoter", shop("quoter", "acme/checkout:1.4.1"), replicas=2, deadline=90,
        spec={"strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}},
        pod={"initContainers": [{"name": "rates-ready", "image": "busybox:1.36", "env": [{"name": "RATES_ADDRESS", "value": "$(RATES_SERVICE_HOST)"}], "command": ask("RATES_ADDRESS"),
                                 "resources": {"requests": {"cpu": "10m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}}]})),
    **one("quoter/service", service("quoter")),
}, ["Names of Services say what they are; quoter 1.4.2", ["deploy/rates/service.yaml", "  name: rates\n", "  name: rates-api\n"], ["deploy/quoter/deployment.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"]],
    "Service rates is rates-api now; quoter's init container still uses $(RATES_SERVICE_HOST)",
    expected=expect("dependency-address crash-on-start",
        [(c("Deployment", "quoter", "rates-ready", "env[name=RATES_ADDRESS].value", init=True), value("$(RATES_API_SERVICE_HOST)"))],
        [("Service/rates spec", BEFORE), ("Service/rates-api spec", GONE)],
        [("Service/rates spec", BEFORE)]))

# 13 ── for people. Helm, Argo CD: a Secret that git never had was deleted; the commit is innocent
scenario("signing-key-deleted", "argocd", {
    "chart/Chart.yaml": "apiVersion: v2\nname: node-signer\nversion: 0.2.0\n",
    "chart/values.yaml": text("""
        tag: 1.4.0
        keySecret: node-signer-key   # made by the security team, not in git
        priorityLabel: normal
    """),
    "chart/templates/daemonset.yaml": text("""
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: node-signer
        spec:
          selector:
            matchLabels:
              app: node-signer
          template:
            metadata:
              labels:
                app: node-signer
                priority: {{ .Values.priorityLabel }}
            spec:
              containers:
                - name: signer
                  image: acme/worker:{{ .Values.tag }}
                  env:
                    - name: REQUIRED_ENV
                      value: SIGNING_KEY
                    - name: SIGNING_KEY
                      valueFrom:
                        secretKeyRef:
                          name: {{ .Values.keySecret }}
                          key: private
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
    """),
    "env/live.yaml": "tag: 1.4.1\n",
}, ["Signer 1.4.2", ["env/live.yaml", "tag: 1.4.1\n", "tag: 1.4.2\npriorityLabel: high\n"]],
    "Secret node-signer-key, which is not in git, was deleted: a human must create it again; the commit did nothing wrong",
    answer=HUMAN, expected=expect("secret-missing"), path="chart", source={"helm": {"valueFiles": ["../env/live.yaml"]}},
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: node-signer-key\nstringData:\n  private: only-for-tests\n",
    then=[[-6, "kubectl -n $NAMESPACE delete secret node-signer-key"]])

# 14 ── for people. plain, Flux: a Service of another team is down
scenario("other-team-down", "flux", {
    **one("deployment", workload("Deployment", "payouts", shop("payouts", "acme/payments:1.4.1"), deadline=80, pod={"initContainers": [
        {"name": "await-licences", "image": "busybox:1.37", "command": ask("LICENCES_SERVICE_HOST"), "resources": {"requests": {"cpu": "10m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}}]})),
    **one("service", service("payouts")),
}, ["Payouts 1.4.2", ["deploy/deployment.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"]],
    "Service licences, which is another team's and not in this repository, has no pods: its Deployment was scaled to 0",
    answer=HUMAN, expected=expect("dependency-address service-no-endpoints replicas-zero"),
    given=dump(workload("Deployment", "licences", shop("licences", "acme/catalog:1.4.0"), labels={"team": "platform"}, meta={"annotations": {"owner": "team platform, repository platform-live"}}), service("licences")),
    then=[[-15, "kubectl -n $NAMESPACE scale deployment licences --replicas=0"]])

# 15 ── nothing to do. plain, Argo CD: the consumer waits for what restarts slowly
scenario("waits-for-warehouse", "argocd", {
    **one("warehouse", workload("Deployment", "warehouse", shop("warehouse", "acme/catalog:1.4.1", {"START_SECONDS": "2"}, live={"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 45, "periodSeconds": 10}),
        deadline=180, spec={"strategy": {"type": "Recreate"}}), service("warehouse")),
    **one("basket", workload("Deployment", "basket", shop("basket", "acme/checkout:1.4.1"), deadline=180, pod={"initContainers": [
        {"name": "await-warehouse", "image": "busybox:1.36", "command": ask("WAREHOUSE_SERVICE_HOST"), "resources": {"requests": {"cpu": "10m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}}]}), service("basket")),
}, ["Warehouse loads the whole stock; both 1.4.2", ["deploy/warehouse.yaml", "value: '2'", "value: '25'"], ["deploy/warehouse.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"], ["deploy/basket.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"]],
    "basket's init container fails until warehouse has started (25 s): everything becomes healthy by itself",
    answer=NONE, expected=expect("healthy recovering"))

# 16 ── nothing to do. Kustomize, Flux: the team has corrected its typing mistake itself
scenario("corrected-by-team", "flux", {
    "base/deployment.yaml": dump(workload("Deployment", "reviews", shop("reviews", "acme/catalog"), replicas=2, deadline=120)),
    "base/service.yaml": dump(service("reviews")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.1"}], labels=[{"pairs": {"stage": "live"}}]),
}, [{"subject": "Reviews: release of the week", "edit": [["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.22"]]},
    {"subject": "Reviews: release of the week, again", "edit": [["overlays/live/kustomization.yaml", "newTag: 1.4.22", "newTag: 1.4.2"]], "wait": 50}],
    "a tag with a typing mistake, which the next commit corrected: healthy when looked at",
    answer=NONE, expected=expect("healthy recovering"), path="overlays/live")
