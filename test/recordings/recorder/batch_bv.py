"""A platform team's overlays, components, generators and charts: mostly broken by an edit in another file than the failing object's."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1940)

PROGRAMS.update({
    "rails": ("acme/backoffice:7.2.0", 3000, "/up", "/up", {}),
    "sidekiq": ("acme/backoffice:7.2.0", 7433, "/up", "/up", {}),
    "django": ("acme/billing:2.8.0", 8000, "/health", "/ready", {}),
    "aspnet": ("acme/shipments:9.0.1", 8080, "/health/live", "/health/ready", {}),
    "zap": ("acme/inventory:1.9", 8080, "/livez", "/readyz", {}),
    "kafka": ("acme/shipping:3.9.0", 8080, "/healthz", "/healthz", {}),
})
RES = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}


def secret(name, key):
    return {"secretKeyRef": {"name": name, "key": key}}


def component(*resources, **more):
    return dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", **({"resources": list(resources)} if resources else {}), **more}, indented=True)


def release(name, chart, values, upgrade=None):
    return dump({"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": name}, "spec": {
        "interval": "30s", "timeout": "60s",
        "chart": {"spec": {"chart": "./charts/" + chart, "reconcileStrategy": "Revision", "sourceRef": {"kind": "GitRepository", "name": "@NAME@", "namespace": "flux-system"}}},
        "install": {"remediation": {"retries": 1}}, **({"upgrade": upgrade} if upgrade else {}), "values": values}})


def budget(name):
    return {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": name}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": name}}}}


# 1 ── Kustomize component, Argo CD: the cache listens elsewhere, its Service in another file does not follow, its users in a third fail at their next release
REDIS = "port 6379\nmaxmemory 32mb\nmaxmemory-policy allkeys-lru\nappendonly no\n"
KEY = {"SECRET_KEY_BASE": secret("backoffice-key", "base")}
scenario("cache-moves-port", "argocd", {
    "apps/backoffice/base/web.yaml": dump(workload("Deployment", "backoffice", container("web", "rails", env=KEY, envFrom=[{"configMapRef": {"name": "backoffice-env"}}])), service("backoffice")),
    "apps/backoffice/base/jobs.yaml": dump(workload("Deployment", "backoffice-jobs", container("sidekiq", "sidekiq", args=["sidekiq"], env=KEY, envFrom=[{"configMapRef": {"name": "backoffice-env"}}]))),
    "apps/backoffice/base/backoffice.env": "RAILS_MAX_THREADS=5\nREDIS_URL=redis://sessions:6379/1\n",
    "apps/backoffice/base/kustomization.yaml": kustomization("web.yaml", "jobs.yaml", configMapGenerator=[{"name": "backoffice-env", "envs": ["backoffice.env"]}]),
    "apps/backoffice/overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        components:
          - ../../../../components/session-cache
        images:
          - name: acme/backoffice
            newTag: 7.2.0
    """),
    "components/session-cache/kustomization.yaml": component("cache.yaml", "service.yaml", configMapGenerator=[{"name": "sessions-conf", "files": ["redis.conf"]}]),
    "components/session-cache/redis.conf": REDIS,
    "components/session-cache/cache.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: sessions
        spec:
          replicas: 1
          strategy:
            type: Recreate
          selector:
            matchLabels:
              app: sessions
          template:
            metadata:
              labels:
                app: sessions
            spec:
              containers:
                - name: redis
                  image: acme/cache:7.4.1
                  args: [/etc/redis/redis.conf]
                  ports:
                    - name: redis
                      containerPort: 6379
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /ping, port: redis}
                    periodSeconds: 4
                  volumeMounts:
                    - name: conf
                      mountPath: /etc/redis
              volumes:
                - name: conf
                  configMap:
                    name: sessions-conf
    """),
    "components/session-cache/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: sessions
        spec:
          selector:
            app: sessions
          ports:
            - name: redis
              port: 6379
              targetPort: 6379
    """),
}, [{"subject": "Session cache 7.4.2 with the settings of the other regions", "edit": [
        ["components/session-cache/redis.conf", "port 6379\nmaxmemory 32mb\n", "port 6380\nmaxmemory 48mb\n"],
        ["components/session-cache/cache.yaml", "acme/cache:7.4.1", "acme/cache:7.4.2"],
        ["components/session-cache/cache.yaml", "containerPort: 6379", "containerPort: 6380"]]},
    {"subject": "prod: backoffice 7.2.1", "edit": [["apps/backoffice/overlays/prod/kustomization.yaml", "newTag: 7.2.0", "newTag: 7.2.1"]]}],
    "the cache listens on 6380 now, its Service still sends to 6379: both Deployments of backoffice are refused at start",
    expected=expect("service-port dependency-address crash-on-start",
        [("Service/sessions spec.ports[name=redis].targetPort", value(6380))],
        [("Service/sessions spec.ports[name=redis].targetPort", value("redis"))],
        [('ConfigMap/sessions-conf-# data["redis.conf"]', value(REDIS.replace("32mb", "48mb"))), (c("Deployment", "sessions", "redis", "ports[name=redis].containerPort"), value(6379))]),
    path="apps/backoffice/overlays/prod", given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: backoffice-key\nstringData:\n  base: only-for-tests\n")

# 2 ── Kustomize generator in the shared base, Flux: a key that the program does not know; a release on top
PRICER = "interval: 30s\nworkers: 4\ncurrency: EUR\nsource: ecb\n"
scenario("base-config-key", "flux", {
    "base/pricer/deployment.yaml": dump(workload("Deployment", "pricer", container("pricer", "go", args=["-config=/etc/pricer/config.yaml"], volumeMounts=[{"name": "config", "mountPath": "/etc/pricer"}]),
        pod={"volumes": [{"name": "config", "configMap": {"name": "pricer-config"}}]})),
    "base/pricer/service.yaml": dump(service("pricer")),
    "base/pricer/config.yaml": PRICER,
    "base/pricer/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", configMapGenerator=[{"name": "pricer-config", "files": ["config.yaml"]}]),
    "overlays/eu/kustomization.yaml": kustomization("../../base/pricer", images=[{"name": "acme/pricer", "newTag": "2.4.6"}], replicas=[{"name": "pricer", "count": 2}]),
    "overlays/us/kustomization.yaml": kustomization("../../base/pricer", images=[{"name": "acme/pricer", "newTag": "2.4.6"}]),
}, [{"subject": "Pricer config: names as in the handbook, timeout for sources", "edit": [["base/pricer/config.yaml", "workers: 4\n", "pool_size: 4\ntimeout: 3s\n"]]},
    {"subject": "eu: pricer 2.4.7", "edit": [["overlays/eu/kustomization.yaml", "newTag: 2.4.6", "newTag: 2.4.7"]]}],
    "config.yaml in the base says pool_size, which the program does not know; its name is workers",
    expected=expect("crash-on-start", [('ConfigMap/pricer-config-# data["config.yaml"]', value(PRICER.replace("workers: 4\n", "workers: 4\ntimeout: 3s\n")))],
        [('ConfigMap/pricer-config-# data["config.yaml"]', value(PRICER.replace("workers: 4\n", "timeout: 3s\nworkers: 4\n")))]),
    path="overlays/eu")

# 3 ── Helm, Argo CD: options in the values file of all JVM services
scenario("shared-jvm-options", "argocd", {
    "charts/ledger/Chart.yaml": "apiVersion: v2\nname: ledger\nversion: 2.2.0\n",
    "charts/ledger/values.yaml": text("""
        image:
          repository: acme/ledger
          tag: 3.1.3
        replicas: 1
        gatewayUrl: ""
        batchSize: 50
        jvm:
          options: []
        resources:
          requests: {cpu: 20m, memory: 48Mi}
          limits: {memory: 128Mi}
    """),
    "charts/ledger/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Chart.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: {{ .Chart.Name }}
          template:
            metadata:
              labels:
                app: {{ .Chart.Name }}
            spec:
              containers:
                - name: ledger
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  env:
                    - name: LEDGER_GATEWAY_URL
                      value: {{ required "gatewayUrl is needed" .Values.gatewayUrl | quote }}
                    - name: LEDGER_BATCH_SIZE
                      value: {{ .Values.batchSize | quote }}
                    {{- with .Values.jvm.options }}
                    - name: JAVA_TOOL_OPTIONS
                      value: {{ join " " . | quote }}
                    {{- end }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    {{- toYaml .Values.resources | nindent 20 }}
                  livenessProbe:
                    httpGet: {path: /actuator/health/liveness, port: http}
                    initialDelaySeconds: 10
                    periodSeconds: 10
                  readinessProbe:
                    httpGet: {path: /actuator/health/readiness, port: http}
                    periodSeconds: 5
    """),
    "charts/ledger/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Chart.Name }}
        spec:
          selector:
            app: {{ .Chart.Name }}
          ports:
            - {name: http, port: 80, targetPort: http}
    """),
    "platform/values/jvm.yaml": text("""
        # for everything that runs on a JVM
        jvm:
          options:
            - -XX:+UseG1GC
            - -Xmx64m
            - -XX:+ExitOnOutOfMemoryError
    """),
    "env/prod/ledger.yaml": text("""
        image:
          tag: 3.1.4
        replicas: 2
        gatewayUrl: https://gateway.acme.example/v2
    """),
}, ["JVM services: ZGC and a larger heap",
    ["platform/values/jvm.yaml", "    - -XX:+UseG1GC\n    - -Xmx64m\n", "    - -XX:+UseZGC\n    - -Xmx96mb\n"],
    ["env/prod/ledger.yaml", "replicas: 2\n", "replicas: 2\nresources:\n  limits: {memory: 160Mi}\n"]],
    "-Xmx96mb in the shared values is no heap size (96m)",
    expected=expect("crash-on-start",
        [(c("Deployment", "ledger", "ledger", "env[name=JAVA_TOOL_OPTIONS].value"), value("-XX:+UseZGC -Xmx96m -XX:+ExitOnOutOfMemoryError"))],
        [(c("Deployment", "ledger", "ledger", "env[name=JAVA_TOOL_OPTIONS].value"), value("-XX:+UseZGC -Xmx96M -XX:+ExitOnOutOfMemoryError"))],
        [(c("Deployment", "ledger", "ledger", "env[name=JAVA_TOOL_OPTIONS].value"), value("-XX:+UseZGC -Xmx64m -XX:+ExitOnOutOfMemoryError"))]),
    path="charts/ledger", source={"helm": {"valueFiles": ["../../platform/values/jvm.yaml", "../../env/prod/ledger.yaml"]}})

# 4 ── Kustomize replacements, Argo CD: the key that an overlay copies from is named differently in the shared settings
scenario("replacement-source-key", "argocd", {
    "platform/endpoints/endpoints.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: platform-endpoints
        data:
          api-url: https://api.eu.acme.example
          login-url: https://login.acme.example
    """),
    "platform/endpoints/kustomization.yaml": kustomization("endpoints.yaml"),
    "apps/storefront/base/deployment.yaml": dump(workload("Deployment", "storefront", container("storefront", "node", env={"API_BASE_URL": "set-by-overlay", "PAGE_SIZE": "24"}))),
    "apps/storefront/base/service.yaml": dump(service("storefront")),
    "apps/storefront/base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "apps/storefront/overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
          - ../../../../platform/endpoints
        images:
          - name: acme/storefront
            newTag: 9.4.0
        replacements:
          - source:
              kind: ConfigMap
              name: platform-endpoints
              fieldPath: data.api-url
            targets:
              - select:
                  kind: Deployment
                  name: storefront
                fieldPaths:
                  - spec.template.spec.containers.[name=storefront].env.[name=API_BASE_URL].value
    """),
}, ["Endpoints: one scheme for all keys, add search; storefront 9.4.1",
    ["platform/endpoints/endpoints.yaml", "  api-url: https://api.eu.acme.example\n  login-url: https://login.acme.example\n", "  apiUrl: https://api.eu.acme.example\n  loginUrl: https://login.acme.example\n  searchUrl: https://search.eu.acme.example\n"],
    ["apps/storefront/overlays/prod/kustomization.yaml", "newTag: 9.4.0", "newTag: 9.4.1"]],
    "the overlay's replacement reads data.api-url, whose key is apiUrl now",
    expected=expect("render-failed", [], keep=[(c("Deployment", "storefront", "storefront", "image"), value("acme/storefront:9.4.1")), ("ConfigMap/platform-endpoints data.searchUrl", value("https://search.eu.acme.example")),
        (c("Deployment", "storefront", "storefront", "env[name=API_BASE_URL].value"), value("https://api.eu.acme.example"))]),
    path="apps/storefront/overlays/prod")

# 5 ── Kustomize shared base, Flux: a LimitRange's ratio in the guardrails, noticed at the next release
scenario("guardrail-ratio", "flux", {
    "guardrails/limits.yaml": text("""
        apiVersion: v1
        kind: LimitRange
        metadata:
          name: guardrails
        spec:
          limits:
            - type: Container
              max:
                memory: 256Mi
    """),
    "guardrails/kustomization.yaml": kustomization("limits.yaml"),
    "apps/invoicing/base/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: invoicing
        spec:
          replicas: 1
          progressDeadlineSeconds: 80
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
                  image: acme/invoicing
                  env:
                    - name: ConnectionStrings__Orders
                      value: Server=10.20.0.5;Database=orders
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 192Mi}
                  readinessProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 5
                - name: exporter
                  image: acme/worker:1.4.1
                  env:
                    - name: PORT
                      value: "9180"
                  ports:
                    - name: metrics
                      containerPort: 9180
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
    """),
    "apps/invoicing/base/service.yaml": dump(service("invoicing")),
    "apps/invoicing/base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "apps/invoicing/prod/kustomization.yaml": kustomization("../base", "../../../guardrails", images=[{"name": "acme/invoicing", "newTag": "8.1.0"}]),
}, [{"subject": "Guardrails: memory limits at most four times the request (overcommit review)", "edit": [["guardrails/limits.yaml", "        memory: 256Mi\n", "        memory: 256Mi\n      maxLimitRequestRatio:\n        memory: \"4\"\n"]]},
    {"subject": "Invoicing 8.1.1", "edit": [["apps/invoicing/prod/kustomization.yaml", "newTag: 8.1.0", "newTag: 8.1.1"]], "wait": 40}],
    "the guardrails' LimitRange allows a memory limit of four times the request, invoicing's is eight times: no new pod is created",
    expected=expect("limit-range",
        [(c("Deployment", "invoicing", "invoicing", "resources.requests.memory"), at_least("48Mi"))],
        [(c("Deployment", "invoicing", "invoicing", "resources.limits.memory"), value("96Mi"))]),
    path="apps/invoicing/prod")

# 6 ── Kustomize component, Argo CD: hardening for all Deployments, one of them binds port 80
EDGE = "server {\n  listen 80;\n  location / {\n    proxy_pass http://10.20.0.5:8080;\n    proxy_read_timeout 20s;\n  }\n}\n"
scenario("hardened-edge", "argocd", {
    "front/base/edge.yaml": dump(workload("Deployment", "edge", container("nginx", "nginx", volumeMounts=[{"name": "conf", "mountPath": "/etc/nginx/conf.d", "readOnly": True}]), pod={"volumes": [{"name": "conf", "configMap": {"name": "edge-conf"}}]}), service("edge")),
    "front/base/portal.yaml": dump(workload("Deployment", "portal", container("portal", "envalid", image="acme/portal")), service("portal")),
    "front/base/default.conf": EDGE,
    "front/base/kustomization.yaml": kustomization("edge.yaml", "portal.yaml", configMapGenerator=[{"name": "edge-conf", "files": ["default.conf"]}]),
    "front/overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/portal
            newTag: 2.0.0
    """),
}, ["front in prod runs unprivileged (audit item 12), portal 2.0.1",
    ["components/unprivileged/kustomization.yaml", None, text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        patches:
          - path: security.yaml
            target:
              kind: Deployment
    """)],
    ["components/unprivileged/security.yaml", None, text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: all
        spec:
          template:
            spec:
              securityContext:
                runAsNonRoot: true
                runAsUser: 1000
    """)],
    ["front/overlays/prod/kustomization.yaml", "images:\n", "components:\n  - ../../../components/unprivileged\nimages:\n"],
    ["front/overlays/prod/kustomization.yaml", "newTag: 2.0.0", "newTag: 2.0.1"]],
    "the component runs edge as user 1000, nginx may not bind port 80 then; portal on 4000 is fine with it",
    expected=expect("crash-on-start",
        [('ConfigMap/edge-conf-# data["default.conf"]', value(EDGE.replace("listen 80;", "listen 8080;"))), (c("Deployment", "edge", "nginx", "ports[name=http].containerPort"), value(8080))],
        [(pod("Deployment", "edge", "securityContext.runAsUser"), GONE), (pod("Deployment", "edge", "securityContext.runAsNonRoot"), GONE)]),
    path="front/overlays/prod")

# 7 ── Kustomize generator, Flux: the base names its generator differently, one overlay followed, the other still merges into the old name
scenario("merge-into-old-name", "flux", {
    "billing/base/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: billing
        spec:
          replicas: 1
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: billing
          template:
            metadata:
              labels:
                app: billing
            spec:
              containers:
                - name: gunicorn
                  image: acme/billing:2.8.0
                  envFrom:
                    - configMapRef:
                        name: billing-env
                  env:
                    - name: SECRET_KEY
                      valueFrom:
                        secretKeyRef:
                          name: billing-key
                          key: django
                  ports:
                    - name: http
                      containerPort: 8000
                  resources:
                    requests: {cpu: 10m, memory: 32Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /ready, port: http}
                    periodSeconds: 5
    """),
    "billing/base/service.yaml": dump(service("billing")),
    "billing/base/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - deployment.yaml
          - service.yaml
        configMapGenerator:
          - name: billing-env
            literals:
              - DJANGO_SETTINGS_MODULE=billing.settings.production
              - DATABASE_HOST=127.0.0.1
    """),
    **{f"billing/overlays/{stage}/kustomization.yaml": text(f"""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        configMapGenerator:
          - name: billing-env
            behavior: merge
            literals:
              - DATABASE_HOST={host}
    """) for stage, host in (("staging", "10.30.0.5"), ("prod", "10.20.0.5"))},
}, ["Billing 2.8.1: ConfigMap gets its proper name, timeout for mails",
    ["billing/base/kustomization.yaml", "  - name: billing-env\n", "  - name: billing-settings\n"],
    ["billing/base/kustomization.yaml", "      - DATABASE_HOST=127.0.0.1\n", "      - DATABASE_HOST=127.0.0.1\n      - EMAIL_TIMEOUT=10\n"],
    ["billing/base/deployment.yaml", "name: billing-env\n", "name: billing-settings\n"],
    ["billing/base/deployment.yaml", "acme/billing:2.8.0", "acme/billing:2.8.1"],
    ["billing/overlays/staging/kustomization.yaml", "  - name: billing-env\n", "  - name: billing-settings\n"]],
    "overlay prod merges into generator billing-env, which the base calls billing-settings now (staging followed)",
    expected=expect("render-failed", [], keep=[(c("Deployment", "billing", "gunicorn", "image"), value("acme/billing:2.8.1")), ("ConfigMap/billing-settings-# data.EMAIL_TIMEOUT", value("10")), ("ConfigMap/billing-settings-# data.DATABASE_HOST", value("10.20.0.5"))]),
    path="billing/overlays/prod", given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: billing-key\nstringData:\n  django: only-for-tests\n")

# 8 ── Helm, Flux: the generic chart's probe defaults change, one of its two users relied on them
SERVICE_CHART = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
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
            - name: {{ .Release.Name }}
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              {{- with .Values.args }}
              args: {{- toYaml . | nindent 16 }}
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
                  containerPort: {{ .Values.port }}
              resources:
                {{- toYaml .Values.resources | nindent 16 }}
              {{- with .Values.probes.startup }}
              startupProbe:
                {{- toYaml . | nindent 16 }}
              {{- end }}
              livenessProbe:
                httpGet: {path: {{ .Values.probes.live }}, port: http}
                initialDelaySeconds: 5
                periodSeconds: 8
              readinessProbe:
                httpGet: {path: {{ .Values.probes.ready }}, port: http}
                periodSeconds: 4
""")
SERVICE_TEMPLATE = text("""
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
SERVICE_VALUES = text("""
    image:
      repository: ""
      tag: ""
    replicas: 1
    progressDeadlineSeconds: 50
    port: 8080
    args: []
    env: {}
    probes:
      live: /healthz
      ready: /ready
      startup: {}
    resources:
      requests: {cpu: 10m, memory: 24Mi}
      limits: {memory: 96Mi}
""")
scenario("chart-default-probes", "flux", {
    "charts/service/Chart.yaml": "apiVersion: v2\nname: service\nversion: 1.4.0\n",
    "charts/service/values.yaml": SERVICE_VALUES,
    "charts/service/templates/deployment.yaml": SERVICE_CHART,
    "charts/service/templates/service.yaml": SERVICE_TEMPLATE,
    "releases/reports.yaml": release("reports", "service", {"image": {"repository": "acme/reports", "tag": "5.0.2"}, "port": 8000, "args": ["reports.wsgi:application", "--bind", "0.0.0.0:8000"], "env": {"REDIS_URL": "redis://10.20.0.8:6379/0"}}),
    "releases/inventory.yaml": release("inventory", "service", {"image": {"repository": "acme/inventory", "tag": "1.9"}, "env": {"CACHE_TTL": "30s"}, "probes": {"live": "/livez", "ready": "/readyz"}}),
}, ["Service chart 1.5.0: probes ask livez and readyz, inventory needs no paths of its own any more",
    ["charts/service/Chart.yaml", "version: 1.4.0", "version: 1.5.0"],
    ["charts/service/values.yaml", "  live: /healthz\n  ready: /ready\n", "  live: /livez\n  ready: /readyz\n"],
    ["releases/inventory.yaml", "    probes:\n      live: /livez\n      ready: /readyz\n", ""],
    ["releases/inventory.yaml", "tag: '1.9'", "tag: '1.10'"]],
    "reports relied on the chart's old probe paths /healthz and /ready, it answers 404 to the new ones",
    expected=expect("liveness-probe readiness-probe liveness readiness helm-failed",
        [(c("Deployment", "reports", "reports", "livenessProbe.httpGet.path"), BEFORE), (c("Deployment", "reports", "reports", "readinessProbe.httpGet.path"), BEFORE)]),
    path="releases")

# 9 ── Kustomize, Argo CD: the migration becomes a PreSync hook, the generated ConfigMap it reads is applied only afterwards
scenario("hook-before-settings", "argocd", {
    "base/deployment.yaml": dump(workload("Deployment", "shipments", container("api", "aspnet", envFrom=[{"configMapRef": {"name": "shipments-env"}}]), meta={"annotations": {"argocd.argoproj.io/sync-wave": "2"}})),
    "base/service.yaml": dump(service("shipments")),
    "base/schema-job.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: schema
          annotations:
            argocd.argoproj.io/hook: Sync
            argocd.argoproj.io/hook-delete-policy: BeforeHookCreation
            argocd.argoproj.io/sync-wave: "1"
        spec:
          backoffLimit: 1
          activeDeadlineSeconds: 150
          template:
            metadata:
              labels:
                app: schema
            spec:
              restartPolicy: Never
              containers:
                - name: flyway
                  image: acme/schema:22
                  envFrom:
                    - configMapRef:
                        name: shipments-env
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 64Mi}
    """),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", "schema-job.yaml"),
    "overlays/prod/shipments.env": text("""
        FLYWAY_URL=jdbc:postgresql://10.20.0.5:5432/shipments
        Carrier__BaseUrl=https://carrier.example/v3
        Carrier__TimeoutSeconds=15
    """),
    "overlays/prod/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "shipments-env", "envs": ["shipments.env"]}], images=[{"name": "acme/shipments", "newTag": "9.0.1"}, {"name": "acme/schema", "newTag": "22"}]),
}, ["Shipments 9.0.2: migrate ahead of everything else, more patience with the carrier",
    ["base/schema-job.yaml", "argocd.argoproj.io/hook: Sync", "argocd.argoproj.io/hook: PreSync"],
    ["overlays/prod/shipments.env", "Carrier__TimeoutSeconds=15", "Carrier__TimeoutSeconds=25"],
    ["overlays/prod/kustomization.yaml", "newTag: 9.0.1", "newTag: 9.0.2"],
    ["overlays/prod/kustomization.yaml", "newTag: '22'", "newTag: '23'"]],
    "a PreSync hook starts before the Sync phase applies the newly generated ConfigMap that it reads: the Job's pod cannot be created, the sync never gets further",
    expected=expect("config-missing job-failed",
        [('Job/schema metadata.annotations["argocd.argoproj.io/hook"]', BEFORE)],
        [('ConfigMap/shipments-env-# metadata.annotations["argocd.argoproj.io/hook"]', value("PreSync"))]),
    path="overlays/prod")

# 10 ── Kustomize images, Flux: the base's image has another name, the overlay's entry matches nothing any more; a release on top
HAPROXY = "global\n  maxconn 256\ndefaults\n  mode http\n  timeout connect 3s\nfrontend web\n  bind :8404\n  default_backend routers\nbackend routers\n  server r1 10.20.0.7:8080\n"
scenario("images-entry-unmatched", "flux", {
    "base/router.yaml": dump(workload("Deployment", "router", container("router", "router", image="router")), service("router")),
    "base/balancer.yaml": dump(workload("Deployment", "balancer", container("haproxy", "haproxy", image="balancer", volumeMounts=[{"name": "cfg", "mountPath": "/usr/local/etc/haproxy"}]), pod={"volumes": [{"name": "cfg", "configMap": {"name": "balancer-cfg"}}]}), service("balancer")),
    "base/haproxy.cfg": HAPROXY,
    "base/kustomization.yaml": kustomization("router.yaml", "balancer.yaml", configMapGenerator=[{"name": "balancer-cfg", "files": ["haproxy.cfg"]}]),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: balancer
            newName: acme/balancer
            newTag: 3.1.0
          - name: router
            newName: acme/router
            newTag: 0.38.0
    """),
}, [{"subject": "Base: full image names, so that the scanner knows them", "edit": [
        ["base/router.yaml", "image: router\n", "image: ghcr.io/acme/router\n"], ["base/balancer.yaml", "image: balancer\n", "image: ghcr.io/acme/balancer\n"],
        ["overlays/prod/kustomization.yaml", "  - name: balancer\n", "  - name: ghcr.io/acme/balancer\n"]]},
    {"subject": "prod: router 0.39.0, two copies", "edit": [["overlays/prod/kustomization.yaml", "newTag: 0.38.0\n", "newTag: 0.39.0\nreplicas:\n  - name: router\n    count: 2\n"]]}],
    "the overlay's images entry is for router, the base's image is ghcr.io/acme/router now: no tag is set, latest does not exist",
    expected=expect("image-not-found",
        [(c("Deployment", "router", "router", "image"), value("acme/router:0.39.0"))],
        [(c("Deployment", "router", "router", "image"), value("ghcr.io/acme/router:0.39.0"))]),
    path="overlays/prod")

# 11 ── Kustomize replacements, Argo CD: a shared setting becomes part of an argument
scenario("retention-in-words", "argocd", {
    "platform/settings/settings.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: platform-settings
        data:
          region: eu-central
          retention: 15d
    """),
    "platform/settings/kustomization.yaml": kustomization("settings.yaml"),
    "metrics/base/statefulset.yaml": dump(workload("StatefulSet", "metrics", container("prometheus", "prometheus", args=["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.retention.time=1d", "--web.enable-lifecycle"],
        env={"REGION": {"configMapKeyRef": {"name": "platform-settings", "key": "region"}}}, volumeMounts=[{"name": "config", "mountPath": "/etc/prometheus"}, {"name": "tsdb", "mountPath": "/prometheus"}]),
        pod={"volumes": [{"name": "config", "configMap": {"name": "metrics-config"}}, {"name": "tsdb", "emptyDir": {}}]})),
    "metrics/base/service.yaml": dump(service("metrics")),
    "metrics/base/prometheus.yml": "global:\n  scrape_interval: 30s\nscrape_configs:\n  - job_name: apps\n    static_configs:\n      - targets: ['10.20.0.5:9100']\n",
    "metrics/base/kustomization.yaml": kustomization("statefulset.yaml", "service.yaml", configMapGenerator=[{"name": "metrics-config", "files": ["prometheus.yml"]}]),
    "metrics/overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
          - ../../../platform/settings
        replacements:
          - source:
              kind: ConfigMap
              name: platform-settings
              fieldPath: data.retention
            targets:
              - select:
                  kind: StatefulSet
                  name: metrics
                fieldPaths:
                  - spec.template.spec.containers.[name=prometheus].args.1
                options:
                  delimiter: "="
                  index: 1
    """),
}, ["Platform settings: data is kept for a month, name the on-call team",
    ["platform/settings/settings.yaml", "  retention: 15d\n", "  retention: 30 days\n  oncall: team-observability\n"]],
    "the shared setting '30 days' lands in --storage.tsdb.retention.time, which wants a duration such as 30d",
    expected=expect("crash-on-start", *([("ConfigMap/platform-settings data.retention", value(d)), (c("StatefulSet", "metrics", "prometheus", "args[1]"), value("--storage.tsdb.retention.time=" + d))] for d in ("30d", "720h", "15d"))),
    path="metrics/overlays/prod")

# 12 ── Kustomize over HelmReleases, Flux: an overlay's list replaces the base's list of variables
QUOTES_CHART = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 50
      selector:
        matchLabels:
          app: {{ .Release.Name }}
      template:
        metadata:
          labels:
            app: {{ .Release.Name }}
        spec:
          containers:
            - name: api
              image: "acme/quotes:{{ .Values.tag }}"
              env:
                {{- toYaml .Values.env | nindent 16 }}
              ports:
                - name: http
                  containerPort: 8000
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: {{ .Values.memory }}}
              readinessProbe:
                httpGet: {path: /healthz, port: http}
                periodSeconds: 4
""")
scenario("overlay-list-replaces", "flux", {
    "charts/quotes/Chart.yaml": "apiVersion: v2\nname: quotes\nversion: 0.9.3\n",
    "charts/quotes/values.yaml": "replicas: 1\nmemory: 96Mi\ntag: ''\nenv: []\n",
    "charts/quotes/templates/deployment.yaml": QUOTES_CHART,
    "charts/quotes/templates/service.yaml": SERVICE_TEMPLATE,
    "releases/base/quotes.yaml": release("quotes", "quotes", {"tag": "1.12.0", "env": [{"name": "DATABASE_URL", "value": "postgresql://quotes@10.20.0.5/quotes"}, {"name": "POOL_SIZE", "value": "8"}]}, {"remediation": {"retries": 1, "strategy": "rollback", "remediateLastFailure": False}}),
    "releases/base/kustomization.yaml": kustomization("quotes.yaml"),
    "releases/prod/kustomization.yaml": kustomization("../base", patches=[{"path": "quotes.yaml"}]),
    "releases/prod/quotes.yaml": text("""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: quotes
        spec:
          values:
            replicas: 2
    """),
}, ["prod: quotes 1.12.1, more detail in the log",
    ["releases/prod/quotes.yaml", "    replicas: 2\n", "    replicas: 2\n    tag: 1.12.1\n    env:\n      - name: LOG_LEVEL\n        value: debug\n"]],
    "the overlay's env list replaces the base's (lists of a HelmRelease's values are not merged): DATABASE_URL and POOL_SIZE are gone",
    expected=expect("crash-on-start helm-failed", [(c("Deployment", "quotes", "api", "env[name=DATABASE_URL].value"), BEFORE), (c("Deployment", "quotes", "api", "env[name=POOL_SIZE].value"), BEFORE)]),
    path="releases/prod")

# 13 ── for people. Kustomize, Flux: the broker no longer takes a password that is not in git; the commit is innocent
PASSWORD = {"SASL_PASSWORD": secret("shipping-kafka", "password")}
scenario("broker-password-refused", "flux", {
    "base/consumer.yaml": dump(workload("Deployment", "shipping", container("consumer", "kafka", image="acme/shipping", env=PASSWORD, envFrom=[{"configMapRef": {"name": "shipping-env"}}])), budget("shipping")),
    "base/lag.yaml": dump(workload("CronJob", "shipping-lag", container("lag", "kafka", image="acme/shipping:3.9.0", env={**PASSWORD, "ONCE": "1", "CONSUMER_BOOTSTRAP_SERVERS": "10.20.0.9:9094"}, probes=False, resources=RES),
        spec={"successfulJobsHistoryLimit": 1, "failedJobsHistoryLimit": 1})),
    "base/kustomization.yaml": kustomization("consumer.yaml", "lag.yaml"),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        configMapGenerator:
          - name: shipping-env
            literals:
              - CONSUMER_BOOTSTRAP_SERVERS=10.20.0.9:9094
              - CONSUMER_AUTO_OFFSET_RESET=earliest
        images:
          - name: acme/shipping
            newTag: 3.9.0
    """),
}, ["Shipping reads from the end after a reset", ["overlays/prod/kustomization.yaml", "CONSUMER_AUTO_OFFSET_RESET=earliest", "CONSUMER_AUTO_OFFSET_RESET=latest"]],
    "the password in Secret shipping-kafka, which is not in git, was changed and the broker refuses it; the CronJob that no commit touched fails as well",
    answer=HUMAN, expected=expect("crash-on-start secret-missing"), path="overlays/prod",
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: shipping-kafka\n  annotations:\n    rotated-by: vault\nstringData:\n  password: valid\n",
    then=[[-6, """kubectl -n $NAMESPACE patch secret shipping-kafka --type merge -p '{"stringData":{"password":"rotated-by-vault"}}'"""]])

# 14 ── for people. Helm, Argo CD: the schema history in the database does not fit, with the same image of migrations as before
scenario("schema-history-differs", "argocd", {
    "charts/tickets/Chart.yaml": "apiVersion: v2\nname: tickets\nversion: 5.0.1\n",
    "charts/tickets/values.yaml": text("""
        tag: 11.3.0
        replicas: 1
        schemaTag: "22"
        locale: en
    """),
    "charts/tickets/templates/schema.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: tickets-schema
          annotations:
            helm.sh/hook: pre-install,pre-upgrade
            helm.sh/hook-delete-policy: before-hook-creation
        spec:
          backoffLimit: 1
          template:
            metadata:
              labels: {app: tickets-schema}
            spec:
              restartPolicy: Never
              containers:
                - name: flyway
                  image: acme/schema:{{ .Values.schemaTag }}
                  envFrom:
                    - secretRef: {name: tickets-database}
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 64Mi}
    """),
    "charts/tickets/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: tickets
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels: {app: tickets}
          template:
            metadata:
              labels: {app: tickets}
            spec:
              containers:
                - name: php
                  image: acme/tickets:{{ .Values.tag }}
                  env:
                    - name: APP_LOCALE
                      value: {{ .Values.locale }}
                    - name: APP_KEY
                      valueFrom:
                        secretKeyRef: {name: tickets-app, key: key}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /up, port: http}
                    periodSeconds: 5
    """),
    "env/prod/tickets.yaml": "replicas: 1\nlocale: en\n",
}, ["Tickets 11.3.1, German by default", ["env/prod/tickets.yaml", "replicas: 1\nlocale: en\n", "replicas: 2\nlocale: de\ntag: 11.3.1\n"]],
    "the migrations (same image as in the last release) no longer fit the database's schema history: a person must repair it; nothing in git is wrong",
    answer=HUMAN, expected=expect("job-failed"), path="charts/tickets", source={"helm": {"valueFiles": ["../../env/prod/tickets.yaml"]}},
    given=dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "tickets-database"}, "stringData": {"FLYWAY_URL": "jdbc:postgresql://10.20.0.6:5432/tickets", "FLYWAY_USER": "tickets"}},
               {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "tickets-app"}, "stringData": {"key": "only-for-tests"}}),
    then=[[-6, """kubectl -n $NAMESPACE patch secret tickets-database --type merge -p '{"stringData":{"FAIL_VALIDATE":"yes"}}'"""]])

# 15 ── for people. Kustomize, Flux, never worked: the program panics while it compiles its own rules, there is no other version in git
scenario("first-release-panics", "flux", {
    "base/deployment.yaml": dump(workload("Deployment", "allocator", container("allocator", "zap", image="acme/allocator", env={"CACHE_TTL": "45s"}), replicas=1)),
    "base/service.yaml": dump(service("allocator"), budget("allocator")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "components/two-copies/kustomization.yaml": component(replicas=[{"name": "allocator", "count": 2}]),
    "overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../components/two-copies"], images=[{"name": "acme/allocator", "newTag": "20261127.3"}]),
}, [], "first release: the program panics with a nil map of its own; no other version was ever named",
    answer=HUMAN, expected=expect("crash-on-start"), path="overlays/prod", never_worked=True)

# 16 ── nothing to do. Helm, Argo CD: a shared values file makes all services warm up longer, within what the probes allow
scenario("longer-warmup", "argocd", {
    "charts/service/Chart.yaml": "apiVersion: v2\nname: service\nversion: 1.4.0\n",
    "charts/service/values.yaml": SERVICE_VALUES,
    "charts/service/templates/deployment.yaml": SERVICE_CHART,
    "charts/service/templates/service.yaml": SERVICE_TEMPLATE,
    "platform/values/warmup.yaml": text("""
        # all services with a local cache
        progressDeadlineSeconds: 300
        env:
          WARMUP_SECONDS: 3
        probes:
          startup:
            httpGet: {path: /livez, port: http}
            periodSeconds: 5
            failureThreshold: 30
    """),
    "env/prod/inventory.yaml": text("""
        image:
          repository: acme/inventory
          tag: "1.9"
        replicas: 2
        env:
          CACHE_TTL: 30s
        probes:
          live: /livez
          ready: /readyz
    """),
}, ["Warm the whole cache; inventory 1.10", ["platform/values/warmup.yaml", "WARMUP_SECONDS: 3\n", "WARMUP_SECONDS: 50\n"], ["env/prod/inventory.yaml", 'tag: "1.9"', 'tag: "1.10"']],
    "each pod warms up for 50 s, the startup probe allows 150 s: the rollout is only slow",
    answer=NONE, expected=expect("healthy recovering"), path="charts/service", source={"helm": {"releaseName": "inventory", "valueFiles": ["../../platform/values/warmup.yaml", "../../env/prod/inventory.yaml"]}})


# What was expected, corrected in form after it was played: every rendered field that such a fix changes, as it is called there.
CORRECTED = {'replacement-source-key': {'class': ['render-failed'],
                            'fixes': [[]],
                            'keep': [{'field': 'ConfigMap/platform-endpoints data.api-url', 'to': 'gone'},
                                     {'field': 'ConfigMap/platform-endpoints data.login-url', 'to': 'gone'},
                                     {'field': 'ConfigMap/platform-endpoints data.apiUrl', 'to': {'value': 'https://api.eu.acme.example'}},
                                     {'field': 'ConfigMap/platform-endpoints data.loginUrl', 'to': {'value': 'https://login.acme.example'}},
                                     {'field': 'ConfigMap/platform-endpoints data.searchUrl', 'to': {'value': 'https://search.eu.acme.example'}},
                                     {'field': 'Deployment/storefront spec.template.spec.containers[name=storefront].image', 'to': {'value': 'acme/storefront:9.4.1'}}]},
 'hardened-edge': {'class': ['crash-on-start', 'pod-security'],
                   'fixes': [[{'field': 'ConfigMap/edge-conf-# data["default.conf"]',
                               'to': {'value': 'server {\n  listen 8080;\n  location / {\n    proxy_pass http://10.20.0.5:8080;\n    proxy_read_timeout 20s;\n  }\n}\n'}},
                              {'field': 'Deployment/edge spec.template.spec.containers[name=nginx].ports[name=http].containerPort', 'to': {'value': 8080}}],
                             [{'field': 'Deployment/edge spec.template.spec.securityContext.runAsUser', 'to': 'gone'},
                              {'field': 'Deployment/edge spec.template.spec.securityContext.runAsNonRoot', 'to': 'gone'}]]},
 'merge-into-old-name': {'class': ['render-failed'],
                         'fixes': [[]],
                         'keep': [{'field': 'ConfigMap/billing-env-#', 'to': 'gone'},
                                  {'field': 'Deployment/billing spec.template.spec.containers[name=gunicorn].envFrom[0].configMapRef.name', 'to': {'value': 'billing-settings-#'}},
                                  {'field': 'Deployment/billing spec.template.spec.containers[name=gunicorn].image', 'to': {'value': 'acme/billing:2.8.1'}},
                                  {'field': 'ConfigMap/billing-settings-#', 'to': 'any'}]},
 'overlay-list-replaces': {'class': ['crash-on-start', 'helm-failed'],
                           'fixes': [[{'field': 'Deployment/quotes spec.template.spec.containers[name=api].env[name=DATABASE_URL]', 'to': 'before'},
                                      {'field': 'Deployment/quotes spec.template.spec.containers[name=api].env[name=POOL_SIZE]', 'to': 'before'}]]},
 'broker-password-refused': {'class': ['crash-on-start', 'secret-missing', 'job-failed'], 'fixes': []}}
for one in SCENARIOS:
    if one["id"] in CORRECTED:
        one["expected"] = CORRECTED[one["id"]]
