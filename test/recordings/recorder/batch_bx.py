"""Plain everyday work of small product teams."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1972)

RES = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}


def app(name, program, image, env=None, **more):
    return container(name, program, image=image, env=env, resources=more.pop("resources", RES), **more)


# 1 ── plain, Argo CD: settings move into a ConfigMap, whose numbers and switches are not text
scenario("settings-as-numbers", "argocd", {
    "deploy/deployment.yaml": text("""
        # storefront, team web
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: storefront
        spec:
          replicas: 2
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
                  image: acme/storefront:9.4.0
                  args: [dist/server.js]
                  env:
                    - name: API_BASE_URL
                      value: https://api.example
                    - name: PAGE_SIZE
                      value: "24"
                    - name: SHOW_REVIEWS
                      value: "true"
                  ports:
                    - name: http
                      containerPort: 3000
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /api/health, port: http}
                    periodSeconds: 5
                  livenessProbe:
                    httpGet: {path: /api/health, port: http}
                    initialDelaySeconds: 8
                    periodSeconds: 10
    """),
    **one("service", service("storefront")),
}, ["Storefront 9.4.1, settings in a ConfigMap of their own",
    ["deploy/settings.yaml", None, text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: storefront-settings
        data:
          API_BASE_URL: https://api.example
          PAGE_SIZE: 36        # three columns more on wide screens
          SHOW_REVIEWS: true
    """)],
    ["deploy/deployment.yaml", "          env:\n            - name: API_BASE_URL\n              value: https://api.example\n            - name: PAGE_SIZE\n              value: \"24\"\n            - name: SHOW_REVIEWS\n              value: \"true\"\n",
     "          envFrom:\n            - configMapRef:\n                name: storefront-settings\n"],
    ["deploy/deployment.yaml", "acme/storefront:9.4.0", "acme/storefront:9.4.1"]],
    "the new ConfigMap holds a number and a boolean where only strings are allowed: PAGE_SIZE and SHOW_REVIEWS need quotes",
    expected=expect("invalid-manifest",
        [("ConfigMap/storefront-settings data.PAGE_SIZE", value("36")), ("ConfigMap/storefront-settings data.SHOW_REVIEWS", value("true"))]))

# 2 ── plain, Flux: a NetworkPolicy with a protocol in small letters; a release on top
scenario("policy-protocol", "flux", {
    **one("deployment", workload("Deployment", "invoices", app("invoices", "shop", "acme/payments:1.4.1", {"LOG_LEVEL": "info"}), replicas=2)),
    **one("service", service("invoices")),
}, [{"subject": "Only the back office may call invoices", "edit": [["deploy/networkpolicy.yaml", None, text("""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: invoices
        spec:
          podSelector:
            matchLabels:
              app: invoices
          policyTypes: [Ingress]
          ingress:
            - from:
                - podSelector:
                    matchLabels:
                      app: back-office
              ports:
                - port: 8080
                  protocol: tcp
    """)]]},
    {"subject": "Invoices 1.4.2", "edit": [["deploy/deployment.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"]]}],
    "the new NetworkPolicy says protocol tcp, the API knows TCP; the release on top waits for it",
    expected=expect("invalid-manifest",
        [("NetworkPolicy/invoices spec.ingress[0].ports[0].protocol", value("TCP"))],
        [("NetworkPolicy/invoices spec.ingress[0].ports[0].protocol", GONE)]))

# 3 ── Kustomize overlay, Argo CD: heap in Kubernetes' unit
scenario("heap-unit", "argocd", {
    "base/deployment.yaml": dump(workload("Deployment", "ledger", container("ledger", "java", image="acme/ledger", resources=RES))),
    "base/service.yaml": dump(service("ledger")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/ledger", "newTag": "3.1.3"}], patches=[{"path": "memory.yaml"}]),
    "overlays/prod/memory.yaml": text("""
        # heap and limit move together
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: ledger
        spec:
          template:
            spec:
              containers:
                - name: ledger
                  env:
                    - name: JAVA_TOOL_OPTIONS
                      value: -Xmx64m
                  resources:
                    limits:
                      memory: 96Mi
    """),
}, ["Ledger 3.1.4 with a larger heap for year end",
    ["overlays/prod/kustomization.yaml", "3.1.3", "3.1.4"],
    ["overlays/prod/memory.yaml", "-Xmx64m", "-Xmx128Mi"],
    ["overlays/prod/memory.yaml", "memory: 96Mi", "memory: 192Mi"]],
    "-Xmx128Mi is no heap size, Java wants -Xmx128m",
    expected=expect("crash-on-start",
        [(c("Deployment", "ledger", "ledger", "env[name=JAVA_TOOL_OPTIONS].value"), value("-Xmx128m"))],
        [(c("Deployment", "ledger", "ledger", "env[name=JAVA_TOOL_OPTIONS].value"), value("-Xmx128M"))],
        [(c("Deployment", "ledger", "ledger", "env[name=JAVA_TOOL_OPTIONS].value"), BEFORE)]),
    path="overlays/prod")

# 4 ── plain, Flux: an autoscaler in an API version that is gone
scenario("autoscaler-version", "flux", {
    **one("catalogue", workload("Deployment", "catalogue", app("catalogue", "shop", "acme/catalog:1.4.1", {"CACHE_MB": "8"}), replicas=2), service("catalogue")),
    **one("thumbnails", workload("Deployment", "thumbnails", app("thumbnails", "shop", "acme/worker:1.4.1"))),
}, ["Catalogue scales by itself",
    ["deploy/catalogue-hpa.yaml", None, text("""
        apiVersion: autoscaling/v2beta2
        kind: HorizontalPodAutoscaler
        metadata:
          name: catalogue
        spec:
          scaleTargetRef:
            apiVersion: apps/v1
            kind: Deployment
            name: catalogue
          minReplicas: 2
          maxReplicas: 5
          metrics:
            - type: Resource
              resource:
                name: cpu
                target:
                  type: Utilization
                  averageUtilization: 70
    """)],
    ["deploy/catalogue.yaml", "cpu: 10m", "cpu: 20m"],
    ["deploy/catalogue.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"]],
    "the new HorizontalPodAutoscaler has apiVersion autoscaling/v2beta2, which the cluster serves no more: autoscaling/v2",
    expected=expect("invalid-manifest", [("HorizontalPodAutoscaler/catalogue apiVersion", value("autoscaling/v2"))]))

# 5 ── plain StatefulSet, Argo CD: liveness tuned below the start time
scenario("liveness-sooner", "argocd", {
    "deploy/statefulset.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: planner
        spec:
          serviceName: planner
          replicas: 1
          selector:
            matchLabels:
              app: planner
          template:
            metadata:
              labels:
                app: planner
            spec:
              terminationGracePeriodSeconds: 10
              containers:
                - name: planner
                  image: acme/checkout:1.4.1
                  env:
                    - name: START_SECONDS   # reads all open plans
                      value: "25"
                    - name: CACHE_MB
                      value: "8"
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    initialDelaySeconds: 40
                    periodSeconds: 10
    """),
    **one("service", service("planner", clusterIP="None")),
}, ["Notice a hung planner sooner, cache a bit more",
    ["deploy/statefulset.yaml", "initialDelaySeconds: 40\n            periodSeconds: 10", "initialDelaySeconds: 5\n            periodSeconds: 4"],
    ["deploy/statefulset.yaml", 'value: "8"', 'value: "16"']],
    "liveness gives up after about 13 s, the program needs 25 s to start: initialDelaySeconds must go back (periodSeconds may stay)",
    expected=expect("liveness-probe liveness",
        [(c("StatefulSet", "planner", "planner", "livenessProbe.initialDelaySeconds"), BEFORE)],
        [(c("StatefulSet", "planner", "planner", "livenessProbe.initialDelaySeconds"), at_least("20"))],
        [(c("StatefulSet", "planner", "planner", "startupProbe"), ANY)]))

# 6 ── Kustomize generator, Flux: the overlay generates what the base generates already
scenario("generator-twice", "flux", {
    "base/deployment.yaml": dump(workload("Deployment", "basket", app("basket", "shop", "acme/checkout", {"REQUIRED_ENV": "CURRENCY,LOG_LEVEL"}, envFrom=[{"configMapRef": {"name": "basket-settings"}}]))),
    "base/service.yaml": dump(service("basket")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", configMapGenerator=[{"name": "basket-settings", "literals": ["LOG_LEVEL=info", "CURRENCY=EUR"]}]),
    "overlays/ch/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/checkout", "newTag": "1.4.1"}]),
}, ["Basket 1.4.2, prices in francs",
    ["overlays/ch/kustomization.yaml", "newTag: 1.4.1\n", "newTag: 1.4.2\nconfigMapGenerator:\n  - name: basket-settings\n    literals:\n      - CURRENCY=CHF\n      - MIN_ORDER=20\n"]],
    "the overlay generates basket-settings, which the base generates already: behavior: merge is missing",
    expected=expect("render-failed", [], keep=[("ConfigMap/basket-settings-# data.CURRENCY", value("CHF")), ("ConfigMap/basket-settings-# data.MIN_ORDER", value("20")),
        ("ConfigMap/basket-settings-# data.LOG_LEVEL", value("info")), (c("Deployment", "basket", "basket", "image"), value("acme/checkout:1.4.2"))]),
    path="overlays/ch")

# 7 ── Helm, Flux: values sorted into a section that the chart does not read
scenario("values-by-theme", "flux", {
    "charts/mailer/Chart.yaml": "apiVersion: v2\nname: mailer\nversion: 0.4.0\n",
    "charts/mailer/values.yaml": text("""
        image:
          repository: acme/mailer
          tag: 7.0.5
        replicas: 1
        # name: value, set for the container
        env: {}
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
    """),
    "charts/mailer/templates/deployment.yaml": text("""
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
                - name: mailer
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
                      containerPort: 3000
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  readinessProbe:
                    httpGet: {path: /up, port: http}
                    periodSeconds: 4
    """),
    "charts/mailer/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
        spec:
          selector:
            app: {{ .Release.Name }}
          ports:
            - name: http
              port: 80
              targetPort: http
    """),
    "releases/mailer.yaml": text("""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: mailer
        spec:
          interval: 30s
          timeout: 60s
          chart:
            spec:
              chart: ./charts/mailer
              reconcileStrategy: Revision
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
          install:
            remediation: {retries: 1}
          upgrade:
            remediation: {retries: 1, strategy: rollback}
          values:
            image:
              tag: 7.0.5
            env:
              SMTP_HOST: smtp.example
    """),
}, ["Mailer 7.1.0, values sorted by theme",
    ["releases/mailer.yaml", "      tag: 7.0.5\n    env:\n      SMTP_HOST: smtp.example\n", "      tag: 7.1.0\n    smtp:\n      SMTP_HOST: smtp.example\n      SMTP_PORT: \"587\"\n"]],
    "the HelmRelease's values have the variables under smtp, the chart reads env: SMTP_HOST is not set any more",
    expected=expect("crash-on-start helm-failed",
        [(c("Deployment", "mailer", "mailer", "env[name=SMTP_HOST].value"), BEFORE), (c("Deployment", "mailer", "mailer", "env[name=SMTP_PORT].value"), value("587"))]),
    path="releases")

# 8 ── Kustomize generator from a file, Flux: a duration without a unit
PRICER = "currency: EUR\nsource: https://rates.example/daily\ninterval: 30s\ntimeout: 5s\nworkers: 2\n"
PRICER_NOW = "currency: EUR\nsource: https://rates.example/daily\ninterval: {}\ntimeout: 5s\nworkers: 4\n"
scenario("interval-without-unit", "flux", {
    "deploy/deployment.yaml": dump(workload("Deployment", "pricer", app("pricer", "go", "acme/pricer:2.4.6", args=["-config=/etc/pricer/config.yaml"], volumeMounts=[{"name": "config", "mountPath": "/etc/pricer", "readOnly": True}]),
        pod={"volumes": [{"name": "config", "configMap": {"name": "pricer-config"}}]})),
    "deploy/service.yaml": dump(service("pricer")),
    "deploy/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", configMapGenerator=[{"name": "pricer-config", "files": ["config.yaml"]}]),
    "deploy/config.yaml": PRICER,
}, [{"subject": "Ask for rates less often, more workers", "edit": [["deploy/config.yaml", "interval: 30s", "interval: 60"], ["deploy/config.yaml", "workers: 2", "workers: 4"]]},
    {"subject": "Pricer 2.4.7", "edit": [["deploy/deployment.yaml", "acme/pricer:2.4.6", "acme/pricer:2.4.7"]]}],
    "interval: 60 lacks its unit in config.yaml: the program does not start",
    expected=expect("crash-on-start",
        [("ConfigMap/pricer-config-# data[\"config.yaml\"]", value(PRICER_NOW.format("60s")))],
        [("ConfigMap/pricer-config-# data[\"config.yaml\"]", value(PRICER_NOW.format("1m")))],
        [("ConfigMap/pricer-config-# data[\"config.yaml\"]", value(PRICER_NOW.format("30s")))]))

# 9 ── Helm, Argo CD: Gi where Mi was meant
scenario("memory-in-gi", "argocd", {
    "chart/Chart.yaml": "apiVersion: v2\nname: search\nversion: 1.0.2\n",
    "chart/values.yaml": text("""
        image: acme/catalog
        tag: 1.4.1
        replicas: 1
        cacheMb: 8
        resources:
          requests:
            cpu: 10m
            memory: 32Mi
          limits:
            memory: 64Mi
    """),
    "chart/values-prod.yaml": text("""
        replicas: 2
        cacheMb: 16
        resources:
          requests:
            memory: 48Mi
          limits:
            memory: 96Mi
    """),
    "chart/templates/search.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: search
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: search
          template:
            metadata:
              labels:
                app: search
            spec:
              containers:
                - name: search
                  image: "{{ .Values.image }}:{{ .Values.tag }}"
                  env:
                    - name: CACHE_MB
                      value: {{ .Values.cacheMb | quote }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: search
        spec:
          selector:
            app: search
          ports:
            - name: http
              port: 80
              targetPort: http
    """),
}, ["Search: room for the new synonyms",
    ["chart/values-prod.yaml", "cacheMb: 16", "cacheMb: 40"],
    ["chart/values-prod.yaml", "memory: 48Mi", "memory: 64Gi"],
    ["chart/values-prod.yaml", "memory: 96Mi", "memory: 128Gi"]],
    "requests 64Gi (and a limit of 128Gi) where Mi was meant: no node has that much",
    expected=expect("unschedulable-resources",
        [(c("Deployment", "search", "search", "resources.requests.memory"), value("64Mi")), (c("Deployment", "search", "search", "resources.limits.memory"), value("128Mi"))],
        [(c("Deployment", "search", "search", "resources.requests.memory"), BEFORE), (c("Deployment", "search", "search", "resources.limits.memory"), BEFORE)],
        [(c("Deployment", "search", "search", "resources.requests.memory"), BEFORE), (c("Deployment", "search", "search", "resources.limits.memory"), value("128Mi"))]),
    path="chart", source={"helm": {"valueFiles": ["values-prod.yaml"]}})

# 10 ── plain, Argo CD: a new feature's file, mounted from a ConfigMap by another name
scenario("limits-file", "argocd", {
    **one("portal", workload("Deployment", "portal", app("portal", "envalid", "acme/portal:2.0.0"), replicas=2), service("portal")),
}, ["Portal 2.0.1 with order limits per customer group",
    ["deploy/limits.yaml", None, text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: portal-limits
        data:
          limits.json: |
            {
              "retail": 20,
              "wholesale": 500
            }
    """)],
    ["deploy/portal.yaml", "acme/portal:2.0.0", "acme/portal:2.0.1"],
    ["deploy/portal.yaml", "          value: memory\n", "          value: memory\n        - name: LIMITS_FILE\n          value: /etc/portal/limits.json\n"],
    ["deploy/portal.yaml", "        ports:\n        - name: http\n          containerPort: 4000\n", "        volumeMounts:\n        - name: limits\n          mountPath: /etc/portal\n          readOnly: true\n        ports:\n        - name: http\n          containerPort: 4000\n"],
    ["deploy/portal.yaml", "    spec:\n      containers:\n", "    spec:\n      volumes:\n      - name: limits\n        configMap:\n          name: portal-limits-config\n      containers:\n"]],
    "the volume asks for ConfigMap portal-limits-config, the commit adds portal-limits",
    expected=expect("config-missing volume-mount",
        [(pod("Deployment", "portal", "volumes[name=limits].configMap.name"), value("portal-limits"))],
        [("ConfigMap/portal-limits-config data[\"limits.json\"]", ANY), ("ConfigMap/portal-limits data", GONE)]))

# 11 ── plain, Flux: a schedule that lost a field
scenario("working-days-only", "flux", {
    "deploy/export.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: order-export
        spec:
          schedule: "15 3 * * *"
          concurrencyPolicy: Forbid
          successfulJobsHistoryLimit: 3
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                metadata:
                  labels:
                    app: order-export
                spec:
                  restartPolicy: Never
                  containers:
                    - name: export
                      image: acme/worker:1.4.1
                      args: [migrate]
                      env:
                        - name: DATABASE_URL
                          value: postgres://export@10.20.0.5/orders
                      resources:
                        requests: {cpu: 10m, memory: 24Mi}
                        limits: {memory: 64Mi}
    """),
    **one("orders", workload("Deployment", "orders", app("orders", "shop", "acme/checkout:1.4.1")), service("orders")),
}, ["Order export on working days only (Mon-Fri); both 1.4.2",
    ["deploy/export.yaml", 'schedule: "15 3 * * *"', 'schedule: "15 3 * 1-5"'],
    ["deploy/export.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"],
    ["deploy/orders.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"]],
    "the schedule has four fields: 15 3 * * 1-5 was meant",
    expected=expect("cron-invalid invalid-manifest job-failed",
        [("CronJob/order-export spec.schedule", value("15 3 * * 1-5"))],
        [("CronJob/order-export spec.schedule", BEFORE)]))

# 12 ── plain, Argo CD, never worked: an option misspelt in the first release
scenario("reports-first-release", "argocd", {
    "deploy/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: reports
        spec:
          replicas: 1
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
                  image: acme/reports:5.0.3
                  args:
                    - reports.wsgi:application
                    - --bind=0.0.0.0:8000
                    - --workers=2
                    - --time-out
                    - "120"   # the yearly report takes long
                  env:
                    - name: REDIS_URL
                      value: redis://10.20.0.8:6379/0
                  ports:
                    - name: http
                      containerPort: 8000
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /ready, port: http}
                    periodSeconds: 5
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    initialDelaySeconds: 8
                    periodSeconds: 10
    """),
    **one("service", service("reports")),
}, [], "first release: gunicorn has no option --time-out, it is --timeout", never_worked=True,
    expected=expect("crash-on-start",
        [(c("Deployment", "reports", "reports", "args"), value(["reports.wsgi:application", "--bind=0.0.0.0:8000", "--workers=2", "--timeout", "120"]))]))

# 13 ── for people. plain, Flux: a key that nobody has put into the Secret yet
scenario("mail-password-not-there", "flux", {
    "deploy/tickets.yaml": text("""
        # Secret tickets-app comes from operations (password safe), it is not kept in git
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
                - name: tickets
                  image: acme/tickets:11.3.0
                  env:
                    - name: APP_KEY
                      valueFrom:
                        secretKeyRef:
                          name: tickets-app
                          key: app-key
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /up, port: http}
                    periodSeconds: 5
    """),
    **one("service", service("tickets")),
}, ["Tickets 11.3.1 sends through the new mail relay",
    ["deploy/tickets.yaml", "acme/tickets:11.3.0", "acme/tickets:11.3.1"],
    ["deploy/tickets.yaml", "                  key: app-key\n", "                  key: app-key\n            - name: MAIL_HOST\n              value: relay.example\n            - name: MAIL_PASSWORD\n              valueFrom:\n                secretKeyRef:\n                  name: tickets-app\n                  key: mail-password\n"]],
    "Secret tickets-app, which operations keep, has no key mail-password: a human must put it there",
    answer=HUMAN, expected=expect("secret-missing"),
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: tickets-app\nstringData:\n  app-key: base64:only-for-tests\n")

# 14 ── for people. plain, Argo CD: the partner does not accept the key any more
scenario("partner-key-refused", "argocd", {
    **one("quotes", workload("Deployment", "quotes", app("quotes", "pydantic", "acme/quotes:1.12.0", {"POOL_SIZE": "5", "PARTNER_KEY": {"secretKeyRef": {"name": "quotes-partner", "key": "api-key"}}})), service("quotes")),
}, ["Quotes 1.12.1, larger pool", ["deploy/quotes.yaml", "acme/quotes:1.12.0", "acme/quotes:1.12.1"], ["deploy/quotes.yaml", "value: '5'", "value: '8'"]],
    "the partner answers 401 Unauthorized: the key in Secret quotes-partner, which is not in git, is not valid any more; the commit did nothing wrong",
    answer=HUMAN, expected=expect("crash-on-start secret-missing"),
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: quotes-partner\nstringData:\n  api-key: valid\n",
    then=[[-6, "kubectl -n $NAMESPACE patch secret quotes-partner -p '{\"stringData\":{\"api-key\":\"pk-2025-only-for-tests\"}}'"]])

# 15 ── nothing to do. plain, Argo CD: a long start, which the startup probe allows
scenario("index-built-at-start", "argocd", {
    "deploy/suggest.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: suggest
        spec:
          replicas: 1
          progressDeadlineSeconds: 600
          selector:
            matchLabels:
              app: suggest
          template:
            metadata:
              labels:
                app: suggest
            spec:
              containers:
                - name: suggest
                  image: acme/catalog:1.4.1
                  env:
                    - name: LANGUAGES
                      value: de
                    - name: START_SECONDS
                      value: "5"
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  startupProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 10
                    failureThreshold: 12
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 10
    """),
    **one("service", service("suggest")),
}, ["Suggestions in four languages: the index takes 15 minutes at start, allow 20",
    ["deploy/suggest.yaml", "value: de\n", "value: de,fr,it,en\n"],
    ["deploy/suggest.yaml", 'value: "5"', 'value: "900"'],
    ["deploy/suggest.yaml", "failureThreshold: 12", "failureThreshold: 120"],
    ["deploy/suggest.yaml", "progressDeadlineSeconds: 600", "progressDeadlineSeconds: 1500"]],
    "the new pod builds its index for 15 minutes, the startup probe allows 20: progressing, the old pod serves meanwhile",
    answer=NONE, expected=expect("healthy recovering"))

# 16 ── nothing to do. plain, Flux: a release that warms up, with a policy and a second Service
scenario("inventory-warms-up", "flux", {
    "deploy/inventory.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: inventory
        spec:
          replicas: 1
          progressDeadlineSeconds: 120
          selector:
            matchLabels:
              app: inventory
          template:
            metadata:
              labels:
                app: inventory
            spec:
              containers:
                - name: inventory
                  image: acme/inventory:1.9
                  env:
                    - name: CACHE_TTL
                      value: 30s
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  livenessProbe:
                    httpGet: {path: /livez, port: http}
                    initialDelaySeconds: 45
                    periodSeconds: 10
    """),
    **one("service", service("inventory")),
}, ["Inventory 1.10: warm cache before it serves, partners get a Service of their own",
    ["deploy/inventory.yaml", "acme/inventory:1.9\n", "acme/inventory:1.10\n"],
    ["deploy/inventory.yaml", "value: 30s\n", "value: 2m\n            - name: WARMUP_SECONDS\n              value: \"20\"\n"],
    ["deploy/partner-service.yaml", None, dump(service("inventory-partners", port=8080, selector={"app": "inventory"}))],
    ["deploy/networkpolicy.yaml", None, text("""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: inventory
        spec:
          podSelector:
            matchLabels:
              app: inventory
          policyTypes: [Ingress]
          ingress:
            - ports:
                - port: http
                  protocol: TCP
    """)]],
    "the readiness probe fails for the 20 seconds of warming up, then the release is healthy",
    answer=NONE, expected=expect("healthy recovering"))


# What was expected, corrected in form after it was played: every rendered field that such a fix changes, as it is called there.
CORRECTED = {'liveness-sooner': {'class': ['liveness-probe', 'liveness'],
                     'fixes': [[{'field': 'StatefulSet/planner spec.template.spec.containers[name=planner].livenessProbe.initialDelaySeconds', 'to': 'before'}],
                               [{'field': 'StatefulSet/planner spec.template.spec.containers[name=planner].livenessProbe.initialDelaySeconds', 'to': {'atLeast': '20'}}],
                               [{'field': 'StatefulSet/planner spec.template.spec.containers[name=planner].startupProbe', 'to': 'any'}],
                               [{'field': 'StatefulSet/planner spec.template.spec.containers[name=planner].livenessProbe.initialDelaySeconds', 'to': 'before'},
                                {'field': 'StatefulSet/planner spec.template.spec.containers[name=planner].livenessProbe.periodSeconds', 'to': 'before'}]]},
 'generator-twice': {'class': ['render-failed'],
                     'fixes': [[]],
                     'keep': [{'field': 'ConfigMap/basket-settings-# data.CURRENCY', 'to': {'value': 'CHF'}},
                              {'field': 'ConfigMap/basket-settings-# data.MIN_ORDER', 'to': {'value': '20'}},
                              {'field': 'Deployment/basket spec.template.spec.containers[name=basket].image', 'to': {'value': 'acme/checkout:1.4.2'}}]},
 'values-by-theme': {'class': ['crash-on-start', 'helm-failed'],
                     'fixes': [[{'field': 'Deployment/mailer spec.template.spec.containers[name=mailer].env[name=SMTP_HOST].value', 'to': 'before'},
                                {'field': 'Deployment/mailer spec.template.spec.containers[name=mailer].env[name=SMTP_PORT].value', 'to': {'value': '587'}}],
                               [{'field': 'Deployment/mailer spec.template.spec.containers[name=mailer].env',
                                 'to': {'value': [{'name': 'SMTP_HOST', 'value': 'smtp.example'}, {'name': 'SMTP_PORT', 'value': '587'}]}}]]}}
for one in SCENARIOS:
    if one["id"] in CORRECTED:
        one["expected"] = CORRECTED[one["id"]]
