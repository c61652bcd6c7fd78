"""The ordinary night of a product company: tags, settings, probes, sizes, keys, ports, hooks, patches, chart values, YAML slips, old API versions and a quota."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(2116)

RES = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}
SMALL = {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}


def shop(name, image, env=None, **more):
    return container(name, "shop", image=image, env=env, resources=more.pop("resources", RES), **more)


def tags(**versions):
    return [{"name": f"acme/{name}", "newTag": tag} for name, tag in versions.items()]


def helm_release(name, chart, values, timeout="60s", strategy="  upgrade:\n    remediation:\n      retries: 1\n      strategy: rollback\n"):
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
              chart: ./charts/{chart}
              reconcileStrategy: Revision
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
          install:
            remediation:
              retries: 2
    """)
    return head + strategy + "  values:\n" + textwrap.indent(text(values), "    ")


RETRY = "  upgrade:\n    strategy:\n      name: RetryOnFailure\n      retryInterval: 30s\n"
CHART_SERVICE = lambda name, app=None: text(f"""
    apiVersion: v1
    kind: Service
    metadata:
      name: {name}
    spec:
      selector:
        app: {app or name}
      ports:
        - name: http
          port: 80
          targetPort: http
""")

# 1 ── Helm, Argo CD: version and appVersion change places
scenario("chart-and-app-version", "argocd", {
    "charts/storefront/Chart.yaml": 'apiVersion: v2\nname: storefront\ndescription: The shop\'s pages\ntype: application\nversion: 1.2.0\nappVersion: "9.4.0"\n',
    "charts/storefront/values.yaml": text("""
        image:
          repository: acme/storefront
          # the chart's appVersion, where empty
          tag: ""
        replicas: 1
        pageSize: 20
        apiBaseUrl: https://api.staging.acme.example
        resources:
          requests:
            cpu: 10m
            memory: 24Mi
          limits:
            memory: 64Mi
    """),
    "charts/storefront/templates/deployment.yaml": text("""
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
                - name: storefront
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
                  args: [dist/server.js]
                  env:
                    - name: API_BASE_URL
                      value: {{ .Values.apiBaseUrl | quote }}
                    - name: PAGE_SIZE
                      value: {{ .Values.pageSize | quote }}
                  ports:
                    - name: http
                      containerPort: 3000
                  readinessProbe:
                    httpGet:
                      path: /api/health
                      port: http
                    periodSeconds: 5
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
    """),
    "charts/storefront/templates/service.yaml": CHART_SERVICE("{{ .Chart.Name }}"),
    "envs/live/storefront.yaml": "replicas: 2\npageSize: 24\napiBaseUrl: https://api.acme.example\n",
    "envs/staging/storefront.yaml": "pageSize: 24\n",
}, ["Chart 1.3.0 with storefront 9.4.1; 40 products a page",
    ["charts/storefront/Chart.yaml", 'version: 1.2.0\nappVersion: "9.4.0"', 'version: 9.4.1\nappVersion: "1.3.0"'],
    ["envs/live/storefront.yaml", "pageSize: 24", "pageSize: 40"],
    ["envs/staging/storefront.yaml", "pageSize: 24", "pageSize: 40"]],
    "version and appVersion are swapped in Chart.yaml, the image's tag comes from appVersion: acme/storefront:1.3.0 does not exist, 9.4.1 does",
    expected=expect("image-not-found",
        [(c("Deployment", "storefront", "storefront", "image"), value("acme/storefront:9.4.1"))],
        [(c("Deployment", "storefront", "storefront", "image"), BEFORE)]),
    path="charts/storefront", source={"helm": {"valueFiles": ["../../envs/live/storefront.yaml"]}})

# 2 ── Kustomize, Flux: an Ingress from an old repository
RULE = "Ingress/billing spec.rules[0].http.paths[0]"
INGRESS = lambda port: [("Ingress/billing apiVersion", value("networking.k8s.io/v1")), (f"{RULE}.pathType", ANY), (f"{RULE}.backend.service.name", value("billing")), (f"{RULE}.backend.service.port.{port[0]}", value(port[1])),
                        (f"{RULE}.backend.serviceName", GONE), (f"{RULE}.backend.servicePort", GONE)]
scenario("billing-behind-the-ingress", "flux", {
    "base/billing.yaml": dump(workload("Deployment", "billing", {"name": "billing", "image": "acme/billing", "env": [{"name": "SECRET_KEY", "value": "only-for-tests"}, {"name": "DATABASE_HOST", "value": "10.20.0.9"}],
        "ports": [{"name": "http", "containerPort": 8000}], "resources": RES, "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}, "periodSeconds": 5}})),
    "base/service.yaml": dump(service("billing")),
    "base/kustomization.yaml": kustomization("billing.yaml", "service.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(billing="2.8.0")),
}, ["billing 2.8.1, reachable for the accountants",
    ["base/ingress.yaml", None, text("""
        apiVersion: networking.k8s.io/v1beta1
        kind: Ingress
        metadata:
          name: billing
          labels:
            team: finance
        spec:
          rules:
            - host: billing.acme.example
              http:
                paths:
                  - path: /
                    backend:
                      serviceName: billing
                      servicePort: http
    """)],
    ["base/kustomization.yaml", "  - service.yaml\n", "  - service.yaml\n  - ingress.yaml\n"],
    ["overlays/live/kustomization.yaml", "newTag: 2.8.0", "newTag: 2.8.1"],
    ["base/billing.yaml", "value: 10.20.0.9\n", "value: 10.20.0.9\n        - name: PUBLIC_HOST\n          value: billing.acme.example\n"]],
    "the cluster has no Ingress in networking.k8s.io/v1beta1 any more: v1 has pathType and backend.service.name/port instead of serviceName/servicePort",
    expected=expect("invalid-manifest", INGRESS(("name", "http")), INGRESS(("number", 80))),
    path="overlays/live")

# 3 ── Kustomize, Argo CD: the port gets another name, a probe in the overlay keeps the old one
scenario("port-called-web", "argocd", {
    "base/portal.yaml": dump(workload("Deployment", "portal", container("portal", "envalid", image="acme/portal", resources=RES))),
    "base/service.yaml": dump(service("portal")),
    "base/budget.yaml": dump({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "portal"}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "portal"}}}}),
    "base/kustomization.yaml": kustomization("portal.yaml", "service.yaml", "budget.yaml"),
    "overlays/staging/kustomization.yaml": kustomization("../../base", images=tags(portal="2.0.1")),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(portal="2.0.0"), patches=[{"path": "start.yaml"}]),
    "overlays/live/start.yaml": text("""
        # live has the big session cache, which takes its time
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: portal
        spec:
          template:
            spec:
              containers:
                - name: portal
                  startupProbe:
                    httpGet:
                      path: /health
                      port: http
                    periodSeconds: 3
                    failureThreshold: 20
                  env:
                    - name: FEATURE_TRIAL
                      value: "false"
    """),
}, ["portal 2.0.1 with the trial; the port is called web, as the mesh expects it",
    ["base/portal.yaml", "        ports:\n        - name: http\n", "        ports:\n        - name: web\n"],
    ["base/portal.yaml", "            port: http\n", "            port: web\n"],
    ["base/service.yaml", "targetPort: http", "targetPort: web"],
    ["overlays/live/kustomization.yaml", "newTag: 2.0.0", "newTag: 2.0.1"],
    ["overlays/live/start.yaml", 'value: "false"', 'value: "true"']],
    "the base calls the container's port web now, the startup probe of the live overlay asks port http, which no port of the container is called: the probe errors and the pod never becomes ready",
    expected=expect("startup-probe startup",
        [(c("Deployment", "portal", "portal", "startupProbe.httpGet.port"), value("web"))],
        [(c("Deployment", "portal", "portal", "startupProbe.httpGet.port"), value(4000))]),
    path="overlays/live")

# 4 ── Helm, Flux: a size from the chart's table that no node has
scenario("size-of-the-pricer", "flux", {
    "charts/pricer/Chart.yaml": "apiVersion: v2\nname: pricer\nversion: 0.8.0\n",
    "charts/pricer/values.yaml": text("""
        image:
          repository: acme/pricer
          tag: 2.4.6
        replicas: 1
        logLevel: info
        size: small
        sizes:
          small:
            requests: {cpu: 10m, memory: 24Mi}
            limits: {memory: 64Mi}
          large:
            requests: {cpu: 60m, memory: 48Mi}
            limits: {memory: 96Mi}
    """),
    "charts/pricer/templates/deployment.yaml": text("""
        {{- $size := required (printf "unknown size %s" .Values.size) (index .Values.sizes .Values.size) }}
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
                - name: pricer
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  args:
                    - -listen=:9000
                    - -log-level={{ .Values.logLevel }}
                  ports:
                    - name: http
                      containerPort: 9000
                  readinessProbe:
                    httpGet:
                      path: /readyz
                      port: http
                    periodSeconds: 5
                  resources:
                    {{- toYaml $size | nindent 12 }}
    """),
    "charts/pricer/templates/service.yaml": CHART_SERVICE("{{ .Release.Name }}"),
    "releases/pricer.yaml": helm_release("pricer", "pricer", """
        image:
          tag: 2.4.6
        replicas: 2
        logLevel: debug
        size: large
    """, strategy=RETRY),
}, ["pricer 2.4.7 one size up for the month's end, less log",
    ["charts/pricer/Chart.yaml", "version: 0.8.0", "version: 0.9.0"],
    ["charts/pricer/values.yaml", "    limits: {memory: 96Mi}\n", "    limits: {memory: 96Mi}\n  xlarge:\n    requests: {cpu: 12, memory: 64Mi}\n    limits: {memory: 128Mi}\n"],
    ["releases/pricer.yaml", "tag: 2.4.6", "tag: 2.4.7"],
    ["releases/pricer.yaml", "logLevel: debug", "logLevel: info"],
    ["releases/pricer.yaml", "size: large", "size: xlarge"]],
    "size xlarge asks for 12 CPUs, the node has 2: the new pod is pending. Size large again (or xlarge with the CPU of large)",
    expected=expect("unschedulable-resources helm-failed",
        [(c("Deployment", "pricer", "pricer", "resources.requests.cpu"), BEFORE), (c("Deployment", "pricer", "pricer", "resources.requests.memory"), BEFORE), (c("Deployment", "pricer", "pricer", "resources.limits.memory"), BEFORE)],
        [(c("Deployment", "pricer", "pricer", "resources.requests.cpu"), BEFORE)]),
    path="releases")

# 5 ── Helm, Argo CD: the chart's ConfigMap takes config/*.yml, the new file is a .yaml
ALERTS = text("""
    groups:
      - name: checkout
        rules:
          - alert: CheckoutErrors
            expr: sum(rate(checkout_errors_total[5m])) > 1
            for: 10m
""")
scenario("first-alert-rules", "argocd", {
    "charts/metrics/Chart.yaml": "apiVersion: v2\nname: metrics\nversion: 0.2.1\n",
    "charts/metrics/values.yaml": "image: acme/metrics:3.0.1\nretention: 7d\n",
    "charts/metrics/config/prometheus.yml": "global:\n  scrape_interval: 30s\nscrape_configs:\n  - job_name: checkout\n    static_configs:\n      - targets: [\"10.20.0.7:8080\"]\n",
    "charts/metrics/templates/configmap.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: metrics-config
        data:
          {{- (.Files.Glob "config/*.yml").AsConfig | nindent 2 }}
    """),
    "charts/metrics/templates/statefulset.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: metrics
        spec:
          serviceName: metrics
          replicas: 1
          selector:
            matchLabels:
              app: metrics
          template:
            metadata:
              labels:
                app: metrics
              annotations:
                checksum/config: {{ .Files.Get "config/prometheus.yml" | sha256sum }}
            spec:
              containers:
                - name: prometheus
                  image: {{ .Values.image }}
                  args:
                    - --config.file=/etc/prometheus/prometheus.yml
                    - --storage.tsdb.retention.time={{ .Values.retention }}
                  ports:
                    - name: http
                      containerPort: 9090
                  readinessProbe:
                    httpGet:
                      path: /-/ready
                      port: http
                    periodSeconds: 5
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  volumeMounts:
                    - name: config
                      mountPath: /etc/prometheus
              volumes:
                - name: config
                  configMap:
                    name: metrics-config
                    items:
                      - key: prometheus.yml
                        path: prometheus.yml
    """),
    "charts/metrics/templates/service.yaml": CHART_SERVICE("metrics"),
    "envs/live/metrics.yaml": "retention: 14d\n",
}, ["metrics 3.1.0: first alert rules, a month of history",
    ["charts/metrics/values.yaml", "acme/metrics:3.0.1", "acme/metrics:3.1.0"],
    ["envs/live/metrics.yaml", "retention: 14d", "retention: 30d"],
    ["charts/metrics/config/alerts.yaml", None, ALERTS],
    ["charts/metrics/config/prometheus.yml", "scrape_configs:\n", "rule_files:\n  - /etc/prometheus/alerts.yaml\nscrape_configs:\n"],
    ["charts/metrics/templates/statefulset.yaml", "                path: prometheus.yml\n", "                path: prometheus.yml\n              - key: alerts.yaml\n                path: alerts.yaml\n"]],
    "the template takes config/*.yml into the ConfigMap, the new file is config/alerts.yaml: the ConfigMap has no key alerts.yaml, which the volume asks for (FailedMount). Widen the glob, or call the file alerts.yml",
    expected=expect("config-key-missing volume-mount",
        [('ConfigMap/metrics-config data["alerts.yaml"]', value(ALERTS))],
        [('ConfigMap/metrics-config data["alerts.yml"]', value(ALERTS)), (pod("StatefulSet", "metrics", "volumes[name=config].configMap.items[1].key"), value("alerts.yml"))],
        [('ConfigMap/metrics-config data["alerts.yml"]', value(ALERTS)), ('ConfigMap/metrics-config data["prometheus.yml"]', ANY), (pod("StatefulSet", "metrics", "volumes[name=config].configMap.items[1].key"), value("alerts.yml")),
         (pod("StatefulSet", "metrics", "volumes[name=config].configMap.items[1].path"), value("alerts.yml")), ('StatefulSet/metrics spec.template.metadata.annotations["checksum/config"]', ANY)]),
    path="charts/metrics", source={"helm": {"valueFiles": ["../../envs/live/metrics.yaml"]}})

# 6 ── plain, Argo CD: the Secret's keys get the operator's names, the init container still reads an old one
key_of = lambda key: {"secretKeyRef": {"name": "conference-db", "key": key}}
variables = lambda **all: [{"name": k, **({"value": v} if isinstance(v, str) else {"valueFrom": v})} for k, v in all.items()]
scenario("keys-as-the-operator-writes-them", "argocd", {
    **one("conference", workload("Deployment", "conference", {"name": "conference", "image": "acme/conference:1.18.0",
        "env": variables(SECRET_KEY_BASE="only-for-tests-only-for-tests", DATABASE_URL=key_of("url"), DATABASE_USER=key_of("user"), LOG_LEVEL="info"),
        "ports": [{"name": "http", "containerPort": 4000}], "resources": RES, "readinessProbe": {"httpGet": {"path": "/health", "port": "http"}, "periodSeconds": 5}},
        pod={"initContainers": [{"name": "schema", "image": "acme/schema:22", "env": variables(FLYWAY_URL="jdbc:postgresql://10.20.0.9:5432/conference", FLYWAY_LOCATIONS="filesystem:/app/sql",
            FLYWAY_USER=key_of("user"), FLYWAY_PASSWORD=key_of("password")), "resources": SMALL}]})),
    **one("service", service("conference")),
    # ecto://conference@10.20.0.9/conference, conference, only-for-tests
    **one("database", {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "conference-db"}, "type": "Opaque",
        "data": {"url": "ZWN0bzovL2NvbmZlcmVuY2VAMTAuMjAuMC45L2NvbmZlcmVuY2U=", "user": "Y29uZmVyZW5jZQ==", "password": "b25seS1mb3ItdGVzdHM="}}),
}, ["conference 1.18.1; keys of the database's Secret as the operator will write them",
    ["deploy/database.yaml", "  url: ", "  uri: "],
    ["deploy/database.yaml", "  user: ", "  username: "],
    ["deploy/conference.yaml", "acme/conference:1.18.0", "acme/conference:1.18.1"],
    ["deploy/conference.yaml", "        - name: DATABASE_URL\n          valueFrom:\n            secretKeyRef:\n              name: conference-db\n              key: url\n        - name: DATABASE_USER\n          valueFrom:\n            secretKeyRef:\n              name: conference-db\n              key: user\n",
     "        - name: DATABASE_URL\n          valueFrom:\n            secretKeyRef:\n              name: conference-db\n              key: uri\n        - name: DATABASE_USER\n          valueFrom:\n            secretKeyRef:\n              name: conference-db\n              key: username\n"],
    ["deploy/conference.yaml", "value: info", "value: notice"]],
    "Secret conference-db has username instead of user, the init container schema still reads key user: CreateContainerConfigError in the init container",
    expected=expect("secret-missing", [(c("Deployment", "conference", "schema", "env[name=FLYWAY_USER].valueFrom.secretKeyRef.key", init=True), value("username"))]))

# 7 ── plain, Argo CD: the program moves to another port, its Service does not; the smoke test after the sync sees it
scenario("smoke-test-after-the-move", "argocd", {
    **one("checkout", workload("Deployment", "checkout", shop("checkout", "acme/checkout:1.4.1", {"PORT": "8080", "CURRENCY": "EUR"}), replicas=2)),
    **one("service", service("checkout", target=8080)),
    **one("smoke", workload("Job", "checkout-smoke", {"name": "smoke", "image": "busybox:1.37", "command": ["sh", "-c", "sleep 3; wget -q -T 5 -O /dev/null http://$CHECKOUT_SERVICE_HOST:$CHECKOUT_SERVICE_PORT/readyz && echo checkout answers"], "resources": SMALL},
        meta={"annotations": {"argocd.argoproj.io/hook": "PostSync", "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation"}})),
}, ["checkout 1.4.2: port 8081 like the other payment services, prices in two currencies",
    ["deploy/checkout.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"],
    ["deploy/checkout.yaml", "value: '8080'", "value: '8081'"],
    ["deploy/checkout.yaml", "containerPort: 8080", "containerPort: 8081"],
    ["deploy/checkout.yaml", "value: EUR", "value: EUR,CHF"]],
    "checkout listens on 8081 now, Service checkout still sends to 8080: the PostSync Job's request is refused, the sync fails",
    expected=expect("service-port job-failed",
        [("Service/checkout spec.ports[name=http].targetPort", value(8081))],
        [("Service/checkout spec.ports[name=http].targetPort", value("http"))]))

# 8 ── Helm, Flux: the migration hook looks in the place of the official image
LOCATIONS = c("Job", "orders-schema", "schema", "env[name=FLYWAY_LOCATIONS].value")
scenario("schema-23", "flux", {
    "charts/orders/Chart.yaml": "apiVersion: v2\nname: orders\nversion: 3.1.0\n",
    "charts/orders/values.yaml": text("""
        image:
          repository: acme/checkout
          tag: 1.4.1
        replicas: 1
        reservationMinutes: 15
        schema:
          image: acme/schema
          tag: "22"
          url: jdbc:postgresql://10.20.0.9:5432/orders
          locations: /app/sql
    """),
    "charts/orders/templates/deployment.yaml": text("""
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
                - name: orders
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  env:
                    - name: RESERVATION_MINUTES
                      value: {{ .Values.reservationMinutes | quote }}
                  ports:
                    - name: http
                      containerPort: 8080
                  readinessProbe:
                    httpGet:
                      path: /readyz
                      port: http
                    periodSeconds: 5
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
    """),
    "charts/orders/templates/schema.yaml": text("""
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
                - name: schema
                  image: "{{ .Values.schema.image }}:{{ .Values.schema.tag }}"
                  env:
                    - name: FLYWAY_URL
                      value: {{ .Values.schema.url }}
                    - name: FLYWAY_USER
                      value: orders
                    - name: FLYWAY_LOCATIONS
                      value: filesystem:{{ .Values.schema.locations }}
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 64Mi}
    """),
    "charts/orders/templates/service.yaml": CHART_SERVICE("{{ .Release.Name }}"),
    "releases/orders.yaml": helm_release("orders", "orders", """
        image:
          tag: 1.4.1
        replicas: 2
        schema:
          tag: "22"
    """),
}, ["orders 1.4.2 on schema 23: reservations last 20 minutes",
    ["charts/orders/Chart.yaml", "version: 3.1.0", "version: 3.2.0"],
    ["charts/orders/values.yaml", "reservationMinutes: 15", "reservationMinutes: 20"],
    ["charts/orders/values.yaml", "locations: /app/sql", "locations: /flyway/sql"],
    ["releases/orders.yaml", "tag: 1.4.1", "tag: 1.4.2"],
    ["releases/orders.yaml", 'tag: "22"', 'tag: "23"']],
    "the pre-upgrade Job looks for its migrations in /flyway/sql, the image has them in /app/sql: the hook fails, the upgrade with it",
    expected=expect("helm-failed job-failed", [(LOCATIONS, BEFORE)]),
    path="releases")

# 9 ── Kustomize, Flux: containers are called after what they run; the patch of live still says app
TICKETS = lambda rest: c("Deployment", "tickets", "tickets", rest)
PATCH = lambda hours, memory: text(f"""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: tickets
    spec:
      template:
        spec:
          containers:
            - name: app
              env:
                - name: SLA_HOURS
                  value: "{hours}"
              resources:
                limits:
                  memory: {memory}
""")
scenario("containers-by-name", "flux", {
    "apps/tickets/base/tickets.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: tickets
        spec:
          replicas: 1
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: tickets
          template:
            metadata:
              labels:
                app: tickets
            spec:
              containers:
                - name: app
                  image: acme/tickets
                  env:
                    - name: APP_KEY
                      value: base64:b25seS1mb3ItdGVzdHM=
                    - name: SLA_HOURS
                      value: "24"
                  ports:
                    - name: http
                      containerPort: 8080
                  readinessProbe:
                    httpGet:
                      path: /up
                      port: http
                    periodSeconds: 5
                  resources:
                    requests:
                      cpu: 10m
                      memory: 24Mi
                    limits:
                      memory: 64Mi
    """),
    "apps/tickets/base/service.yaml": dump(service("tickets")),
    "apps/tickets/base/kustomization.yaml": kustomization("tickets.yaml", "service.yaml"),
    "apps/tickets/staging/kustomization.yaml": kustomization("../base", images=tags(tickets="11.3.1"), patches=[{"path": "size.yaml"}]),
    "apps/tickets/staging/size.yaml": PATCH(48, "80Mi"),
    "apps/tickets/live/kustomization.yaml": kustomization("../base", images=tags(tickets="11.3.0"), patches=[{"path": "size.yaml"}]),
    "apps/tickets/live/size.yaml": PATCH(4, "128Mi"),
}, [{"subject": "tickets: container called after what it runs, mail queue by name", "edit": [
        ["apps/tickets/base/tickets.yaml", "        - name: app\n", "        - name: tickets\n"],
        ["apps/tickets/base/tickets.yaml", "            - name: SLA_HOURS\n", "            - name: MAIL_QUEUE\n              value: tickets-mail\n            - name: SLA_HOURS\n"],
        ["apps/tickets/staging/size.yaml", "        - name: app\n", "        - name: tickets\n"]]},
    {"subject": "tickets 11.3.1 on live", "edit": [["apps/tickets/live/kustomization.yaml", "newTag: 11.3.0", "newTag: 11.3.1"]], "wait": 40}],
    "the base's container is called tickets now, the patch of live still patches app and thereby adds a second container without image: the API server refuses the Deployment",
    expected=expect("invalid-manifest", [("Deployment/tickets spec.template.spec.containers[name=app]", GONE), (TICKETS("env[name=SLA_HOURS].value"), value("4")), (TICKETS("resources.limits.memory"), value("128Mi"))]),
    path="apps/tickets/live")

# 10 ── Helm, Argo CD: the chart checks its values now, live's file still has the old key
scenario("mailer-chart-two", "argocd", {
    "charts/mailer/Chart.yaml": "apiVersion: v2\nname: mailer\nversion: 1.6.0\n",
    "charts/mailer/values.yaml": "image: acme/mailer:7.0.5\nreplicas: 1\nsmtpHost: smtp.staging.acme.example\nsender: shop@acme.example\n",
    "charts/mailer/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: mailer
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: mailer
          template:
            metadata:
              labels:
                app: mailer
            spec:
              containers:
                - name: mailer
                  image: {{ .Values.image }}
                  env:
                    - name: SMTP_HOST
                      value: {{ .Values.smtpHost | quote }}
                    - name: SENDER
                      value: {{ .Values.sender | quote }}
                  ports:
                    - name: http
                      containerPort: 3000
                  readinessProbe:
                    httpGet:
                      path: /up
                      port: http
                    periodSeconds: 5
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
    """),
    "charts/mailer/templates/service.yaml": CHART_SERVICE("mailer"),
    "envs/staging/mailer.yaml": "smtpHost: smtp.staging.acme.example\n",
    "envs/live/mailer.yaml": "# live\nreplicas: 2\nsmtpHost: relay.acme.example\nsender: hello@acme.example\n",
}, ["mailer 7.1.0, chart 2.0.0: SMTP settings of their own, values are checked",
    ["charts/mailer/Chart.yaml", "version: 1.6.0", "version: 2.0.0"],
    ["charts/mailer/values.yaml", "acme/mailer:7.0.5", "acme/mailer:7.1.0"],
    ["charts/mailer/values.yaml", "smtpHost: smtp.staging.acme.example\n", "smtp:\n  host: smtp.staging.acme.example\n  port: 587\n"],
    ["charts/mailer/values.schema.json", None, text("""
        {
          "$schema": "http://json-schema.org/draft-07/schema#",
          "type": "object",
          "additionalProperties": false,
          "required": ["image", "smtp", "sender"],
          "properties": {
            "image": {"type": "string"},
            "replicas": {"type": "integer", "minimum": 1},
            "sender": {"type": "string"},
            "global": {"type": "object"},
            "smtp": {
              "type": "object",
              "additionalProperties": false,
              "required": ["host", "port"],
              "properties": {"host": {"type": "string"}, "port": {"type": "integer"}}
            }
          }
        }
    """)],
    ["charts/mailer/templates/deployment.yaml", "              value: {{ .Values.smtpHost | quote }}\n", "              value: {{ .Values.smtp.host | quote }}\n            - name: SMTP_PORT\n              value: {{ .Values.smtp.port | quote }}\n"],
    ["envs/staging/mailer.yaml", "smtpHost: smtp.staging.acme.example\n", "smtp:\n  host: smtp.staging.acme.example\n"]],
    "the chart's schema knows smtp.host, envs/live/mailer.yaml still sets smtpHost: helm refuses the values. Live's host goes to smtp.host",
    expected=expect("render-failed helm-failed", [], keep=[
        (c("Deployment", "mailer", "mailer", "image"), value("acme/mailer:7.1.0")),
        (c("Deployment", "mailer", "mailer", "env[name=SMTP_PORT].value"), value("587")),
        (c("Deployment", "mailer", "mailer", "env[name=SMTP_HOST].value"), value("relay.acme.example"))]),
    path="charts/mailer", source={"helm": {"valueFiles": ["../../envs/live/mailer.yaml"]}})

# 11 ── Helm, Flux: the chart reads sizes somewhere else now; one release was moved by half
SEARCH = lambda rest: c("Deployment", "search", "web", "resources." + rest)
SERVICE_VALUES = text("""
    image:
      repository: acme/checkout
      tag: 1.4.1
    replicas: 1
    env: {}
    resources:
      requests:
        cpu: 10m
        memory: 24Mi
      limits:
        memory: 64Mi
""")
CART = text("""
    image:
      tag: 1.4.1
    env:
      MAX_ITEMS: "50"
    resources:
      requests:
        cpu: 10m
        memory: 32Mi
      limits:
        memory: 80Mi
""")
FIND = text("""
    image:
      repository: acme/catalog
      tag: 1.4.1
    env:
      CACHE_MB: "96"
      SYNONYMS: "false"
    resources:
      requests:
        cpu: 20m
        memory: 128Mi
      limits:
        memory: 192Mi
""")
values = lambda block: textwrap.indent(block, "    ")
scenario("container-settings-of-their-own", "flux", {
    "charts/service/Chart.yaml": "apiVersion: v2\nname: service\nversion: 1.9.0\n",
    "charts/service/values.yaml": SERVICE_VALUES,
    "charts/service/templates/deployment.yaml": text("""
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
                - name: web
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  {{- with .Values.env }}
                  env:
                    {{- range $name, $value := . }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                  {{- end }}
                  ports:
                    - name: http
                      containerPort: 8080
                  readinessProbe:
                    httpGet:
                      path: /readyz
                      port: http
                    periodSeconds: 5
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
    """),
    "charts/service/templates/service.yaml": CHART_SERVICE("{{ .Release.Name }}"),
    "releases/cart.yaml": helm_release("cart", "service", CART, strategy=RETRY),
    "releases/search.yaml": helm_release("search", "service", FIND, strategy=RETRY),
}, ["service chart 2.0.0: settings of the container under container; cart and search 1.4.2, search with synonyms",
    ["charts/service/Chart.yaml", "version: 1.9.0", "version: 2.0.0"],
    ["charts/service/values.yaml", SERVICE_VALUES[SERVICE_VALUES.index("env:"):], "container:\n" + textwrap.indent(SERVICE_VALUES[SERVICE_VALUES.index("env:"):], "  ")],
    ["charts/service/templates/deployment.yaml", "with .Values.env", "with .Values.container.env"],
    ["charts/service/templates/deployment.yaml", "toYaml .Values.resources", "toYaml .Values.container.resources"],
    ["releases/cart.yaml", values(CART), values(CART[:CART.index("env:")].replace("1.4.1", "1.4.2") + "container:\n" + textwrap.indent(CART[CART.index("env:"):], "  "))],
    ["releases/search.yaml", values(FIND[:FIND.index("resources:")]), values(text("""
        image:
          repository: acme/catalog
          tag: 1.4.2
        container:
          env:
            CACHE_MB: "96"
            SYNONYMS: "true"
    """))]],
    "the chart reads container.resources now, release search still sets resources at the top (cart was moved): the chart's 64Mi apply, search fills a cache of 96 MB: OOMKilled",
    expected=expect("out-of-memory helm-failed",
        [(SEARCH("limits.memory"), BEFORE), (SEARCH("requests.memory"), BEFORE), (SEARCH("requests.cpu"), BEFORE)],
        [(SEARCH("limits.memory"), at_least("112Mi"))]),
    path="releases")

# 12 ── Kustomize, Flux: a second env: in the same container
QUOTES = lambda rest: c("Deployment", "quotes", "quotes", rest)
scenario("pool-of-twelve", "flux", {
    "base/quotes.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: quotes
        spec:
          replicas: 1
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: quotes
          template:
            metadata:
              labels:
                app: quotes
            spec:
              terminationGracePeriodSeconds: 20
              containers:
                - name: quotes
                  image: acme/quotes
                  env:
                    - name: DATABASE_URL
                      value: postgresql://quotes@10.20.0.5/quotes
                    - name: CURRENCY
                      value: EUR
                  ports:
                    - name: http
                      containerPort: 8000
                  livenessProbe:
                    httpGet:
                      path: /healthz
                      port: http
                    initialDelaySeconds: 10
                  readinessProbe:
                    httpGet:
                      path: /healthz
                      port: http
                    periodSeconds: 5
                  resources:
                    requests:
                      cpu: 10m
                      memory: 24Mi
                    limits:
                      memory: 64Mi
    """),
    "base/service.yaml": dump(service("quotes")),
    "base/kustomization.yaml": kustomization("quotes.yaml", "service.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(quotes="1.12.0"), replicas=[{"name": "quotes", "count": 1}]),
}, [{"subject": "quotes 1.12.1: twelve connections each", "edit": [
        ["base/quotes.yaml", "              memory: 64Mi\n", "              memory: 64Mi\n          env:\n            - name: POOL_SIZE\n              value: \"12\"\n"],
        ["overlays/live/kustomization.yaml", "newTag: 1.12.0", "newTag: 1.12.1"]]},
    {"subject": "Two of quotes on live", "edit": [["overlays/live/kustomization.yaml", "count: 1", "count: 2"]], "wait": 40}],
    "the container of base/quotes.yaml has env twice, kustomize refuses the file: POOL_SIZE belongs into the first list",
    expected=expect("render-failed", [], keep=[
        (QUOTES("env[name=POOL_SIZE].value"), value("12")), (QUOTES("image"), value("acme/quotes:1.12.1")), ("Deployment/quotes spec.replicas", value(2))]),
    path="overlays/live")

# 13 ── for people. Kustomize, Argo CD: another team's database has been switched off
scenario("ledger-without-its-database", "argocd", {
    "base/ledger.yaml": dump(workload("Deployment", "ledger", container("ledger", "java", image="acme/ledger", resources=RES, env={"SPRING_DATASOURCE_URL": "jdbc:postgresql://$(LEDGER_DB_SERVICE_HOST):5432/ledger", "LEDGER_BATCH_SIZE": "50"}))),
    "base/service.yaml": dump(service("ledger")),
    "base/kustomization.yaml": kustomization("ledger.yaml", "service.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(ledger="3.1.3")),
}, ["ledger 3.1.4, batches of 200",
    ["base/ledger.yaml", "value: '50'", "value: '200'"],
    ["overlays/live/kustomization.yaml", "newTag: 3.1.3", "newTag: 3.1.4"]],
    "Deployment ledger-db, which the database team runs outside of this repository, was scaled to 0 by hand: nothing answers behind its Service. The commit did nothing wrong, the database team must say",
    answer=HUMAN, expected=expect("dependency-address", ), path="overlays/live",
    given=dump(workload("Deployment", "ledger-db", container("postgres", "postgres", resources=RES, live={"tcpSocket": {"port": 5432}}, ready={"tcpSocket": {"port": 5432}, "periodSeconds": 3}), meta={"annotations": {"owner": "database team"}}),
        service("ledger-db", target=5432, port=5432)),
    then=[[-10, "kubectl -n $NAMESPACE scale deployment ledger-db --replicas 0 && kubectl -n $NAMESPACE wait --for delete pod -l app=ledger-db --timeout 45s"]])

# 14 ── for people. Kustomize, Flux: more pods than the platform team grants
scenario("six-for-friday", "flux", {
    "base/checkout.yaml": dump(workload("Deployment", "checkout", shop("checkout", "acme/checkout", {"CAMPAIGN": "autumn"}), replicas=2), service("checkout")),
    "base/receipts.yaml": dump(workload("Deployment", "receipts", shop("receipts", "acme/worker"))),
    "base/kustomization.yaml": kustomization("checkout.yaml", "receipts.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(checkout="1.4.2", worker="1.4.2"), replicas=[{"name": "checkout", "count": 2}]),
}, ["Six of checkout for Friday, at most two away at a time",
    ["overlays/live/kustomization.yaml", "count: 2", "count: 6"],
    ["overlays/live/kustomization.yaml", "  - ../../base\n", "  - ../../base\n  - budget.yaml\n"],
    ["overlays/live/budget.yaml", None, dump({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "checkout"}, "spec": {"maxUnavailable": 2, "selector": {"matchLabels": {"app": "checkout"}}}})]],
    "ResourceQuota team-storefront, which the platform team sets by hand, grants 4 pods; 7 are wanted on purpose: the platform team or the team must decide",
    answer=HUMAN, expected=expect("quota", ), path="overlays/live",
    given="apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: team-storefront\n  annotations:\n    owner: platform team\nspec:\n  hard:\n    pods: \"4\"\n")

# 15 ── nothing to do. Kustomize, Argo CD: one after the other, and each must prove itself
scenario("one-after-the-other", "argocd", {
    "base/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog", {"START_SECONDS": "2", "PRELOAD": "bestsellers"}), replicas=3, deadline=300,
        spec={"replicas": 3, "minReadySeconds": 20, "progressDeadlineSeconds": 300, "strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}}), service("catalog")),
    "base/kustomization.yaml": kustomization("catalog.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(catalog="1.4.1")),
}, ["catalog 1.4.2 loads the whole range at its start",
    ["base/catalog.yaml", "value: '2'", "value: '14'"],
    ["base/catalog.yaml", "value: bestsellers", "value: all"],
    ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "three pods, one after the other, each 14 s to load and 20 s to prove itself: progressing for two minutes with failing readiness checks, then healthy",
    answer=NONE, path="overlays/live")

# 16 ── nothing to do. Helm, Flux: the release takes longer than the Kustomization's patience
scenario("long-warm-up", "flux", {
    "charts/inventory/Chart.yaml": "apiVersion: v2\nname: inventory\nversion: 0.4.0\n",
    "charts/inventory/values.yaml": 'image:\n  repository: acme/inventory\n  tag: "1.9"\ncacheTtl: 30s\nwarmupSeconds: 5\n',
    "charts/inventory/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: 1
          progressDeadlineSeconds: 300
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
            spec:
              containers:
                - name: inventory
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  env:
                    - name: CACHE_TTL
                      value: {{ .Values.cacheTtl }}
                    - name: WARMUP_SECONDS
                      value: {{ .Values.warmupSeconds | quote }}
                  ports:
                    - name: http
                      containerPort: 8080
                  startupProbe:
                    httpGet:
                      path: /livez
                      port: http
                    periodSeconds: 5
                    failureThreshold: 40
                  readinessProbe:
                    httpGet:
                      path: /readyz
                      port: http
                    periodSeconds: 5
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
    """),
    "charts/inventory/templates/service.yaml": CHART_SERVICE("{{ .Release.Name }}"),
    "releases/inventory.yaml": helm_release("inventory", "inventory", """
        image:
          tag: "1.9"
        cacheTtl: 45s
        warmupSeconds: 5
    """, timeout="4m"),
}, ["inventory 1.10 warms up all warehouses",
    ["releases/inventory.yaml", 'tag: "1.9"', 'tag: "1.10"'],
    ["releases/inventory.yaml", "warmupSeconds: 5", "warmupSeconds: 85"]],
    "inventory needs 85 s to warm up, its startup probe and the HelmRelease allow that; the Kustomization stops waiting after 60 s and says so, then the release is ready and the Kustomization with its next try",
    answer=NONE, path="releases")


# What was expected in another form than the rendered objects have it: new items and objects as a whole, and what else of a commit stays.
CORRECTED = {'pool-of-twelve': {'class': ['render-failed'],
                    'fixes': [[]],
                    'keep': [{'field': 'Deployment/quotes spec.template.spec.containers[name=quotes].env[name=POOL_SIZE]', 'to': 'any'},
                             {'field': 'Deployment/quotes spec.template.spec.containers[name=quotes].image', 'to': {'value': 'acme/quotes:1.12.1'}},
                             {'field': 'Deployment/quotes spec.replicas', 'to': {'value': 2}}]},
 'mailer-chart-two': {'class': ['render-failed', 'helm-failed'],
                      'fixes': [[]],
                      'keep': [{'field': 'Deployment/mailer spec.template.spec.containers[name=mailer].image', 'to': {'value': 'acme/mailer:7.1.0'}},
                               {'field': 'Deployment/mailer spec.template.spec.containers[name=mailer].env[name=SMTP_PORT]', 'to': 'any'}]},
 'billing-behind-the-ingress': {'class': ['invalid-manifest'],
                                'fixes': [[{'field': 'Ingress/billing apiVersion', 'to': {'value': 'networking.k8s.io/v1'}},
                                           {'field': 'Ingress/billing spec.rules[0].http.paths[0].pathType', 'to': 'any'},
                                           {'field': 'Ingress/billing spec.rules[0].http.paths[0].backend.service', 'to': 'any'},
                                           {'field': 'Ingress/billing spec.rules[0].http.paths[0].backend.serviceName', 'to': 'gone'},
                                           {'field': 'Ingress/billing spec.rules[0].http.paths[0].backend.servicePort', 'to': 'gone'}]]}}
for one in SCENARIOS:
    if one["id"] in CORRECTED:
        one["expected"] = CORRECTED[one["id"]]
