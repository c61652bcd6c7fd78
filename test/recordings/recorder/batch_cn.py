"""Helm charts only: what chart maintainers and chart users do to each other, with Argo CD on chart paths and Flux HelmReleases."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(2228)


def chart(name, version, more=""):
    return f"apiVersion: v2\nname: {name}\ntype: application\nversion: {version}\n" + more


def release(name, path, values, remediation="retries: 1, strategy: rollback", timeout="60s", more="", files=""):
    return text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 30s
          timeout: {timeout}
          chart:
            spec:
              chart: ./{path}
              reconcileStrategy: Revision
              sourceRef: {{kind: GitRepository, name: "@NAME@", namespace: flux-system}}
    """) + files + "  install:\n    remediation: {retries: 2}\n" + (f"  upgrade:\n    remediation: {{{remediation}}}\n" if remediation else "") + more + (
        "  values:\n" + textwrap.indent(text(values), "    ") if values else "")


SERVICE = text("""
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
""")


# 1 ── Argo CD: the chart calls a block by another name, the file of one stage does not follow
LEDGER = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
      labels:
        {{- include "ledger.labels" . | nindent 4 }}
    spec:
      replicas: {{ .Values.replicaCount }}
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
            - name: ledger
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              env:
                - name: LEDGER_GATEWAY_URL
                  value: {{ .Values.config.gatewayUrl | quote }}
                - name: LEDGER_BATCH_SIZE
                  value: {{ .Values.config.batchSize | quote }}
                - name: JAVA_TOOL_OPTIONS
                  value: {{ .Values.javaOptions | quote }}
              ports:
                - name: http
                  containerPort: 8080
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              readinessProbe:
                httpGet:
                  path: /actuator/health/readiness
                  port: http
                periodSeconds: 5
""")
scenario("ledger-settings-block", "argocd", {
    "charts/ledger/Chart.yaml": chart("ledger", "0.5.2"),
    "charts/ledger/values.yaml": text("""
        replicaCount: 1
        image:
          repository: acme/ledger
          tag: 3.1.3
        javaOptions: -XX:MaxRAMPercentage=70
        # what the ledger itself reads
        config:
          gatewayUrl: ""      # each stage has its own
          batchSize: 50
        resources:
          requests:
            cpu: 10m
            memory: 24Mi
          limits:
            memory: 96Mi
    """),
    "charts/ledger/templates/_helpers.tpl": text("""
        {{- define "ledger.labels" -}}
        app.kubernetes.io/name: {{ .Chart.Name }}
        app.kubernetes.io/instance: {{ .Release.Name }}
        app.kubernetes.io/managed-by: {{ .Release.Service }}
        {{- end }}
    """),
    "charts/ledger/templates/deployment.yaml": LEDGER,
    "charts/ledger/templates/service.yaml": SERVICE,
    "envs/staging/ledger.yaml": text("""
        config:
          gatewayUrl: https://gateway.staging.example/v2
          batchSize: 20
    """),
    "envs/live/ledger.yaml": text("""
        replicaCount: 2
        image:
          tag: 3.1.3
        config:
          gatewayUrl: https://gateway.live.example/v2
          batchSize: 200
    """),
}, [{"subject": "charts/ledger 0.6.0: config is called settings, as in the other charts", "edit": [
        ["charts/ledger/Chart.yaml", "version: 0.5.2", "version: 0.6.0"],
        ["charts/ledger/values.yaml", "config:\n", "settings:\n"],
        ["charts/ledger/templates/deployment.yaml", ".Values.config.", ".Values.settings."],
        ["charts/ledger/templates/deployment.yaml", "    spec:\n      containers:", "    spec:\n      terminationGracePeriodSeconds: 45\n      containers:"],
        ["envs/staging/ledger.yaml", "config:\n", "settings:\n"]]},
    {"subject": "ledger 3.1.4 on live, three replicas", "wait": 40, "edit": [
        ["envs/live/ledger.yaml", "tag: 3.1.3", "tag: 3.1.4"], ["envs/live/ledger.yaml", "replicaCount: 2", "replicaCount: 3"]]}],
    "the chart reads settings.*, envs/live/ledger.yaml still writes config.*: LEDGER_GATEWAY_URL is empty (and the batch size the chart's default), ledger does not start",
    expected=expect("crash-on-start", [
        (c("Deployment", "ledger", "ledger", "env[name=LEDGER_GATEWAY_URL].value"), value("https://gateway.live.example/v2")),
        (c("Deployment", "ledger", "ledger", "env[name=LEDGER_BATCH_SIZE].value"), value("200"))]),
    path="charts/ledger", source={"helm": {"releaseName": "ledger", "valueFiles": ["values.yaml", "../../envs/live/ledger.yaml"]}})

# 2 ── Flux: the resources land below the block that was inserted above them
scenario("search-disruption-budget", "flux", {
    "charts/search/Chart.yaml": chart("search", "1.2.0"),
    "charts/search/values.yaml": text("""
        replicaCount: 2
        image:
          repository: acme/catalog
          tag: ""
        cacheMegabytes: 16
        podDisruptionBudget:
          enabled: false
          maxUnavailable: 1
        resources:
          requests:
            cpu: 10m
            memory: 48Mi
          limits:
            memory: 64Mi
    """),
    "charts/search/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicaCount }}
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
                - name: search
                  image: "{{ .Values.image.repository }}:{{ required "image.tag" .Values.image.tag }}"
                  env:
                    - name: CACHE_MB
                      value: {{ .Values.cacheMegabytes | quote }}
                  ports:
                    - name: http
                      containerPort: 8080
                  {{- with .Values.resources }}
                  resources:
                    {{- toYaml . | nindent 12 }}
                  {{- end }}
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    initialDelaySeconds: 8
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
    """),
    "charts/search/templates/pdb.yaml": text("""
        {{- if .Values.podDisruptionBudget.enabled }}
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata:
          name: {{ .Release.Name }}
        spec:
          maxUnavailable: {{ .Values.podDisruptionBudget.maxUnavailable }}
          selector:
            matchLabels:
              app: {{ .Release.Name }}
        {{- end }}
    """),
    "charts/search/templates/service.yaml": SERVICE,
    "releases/search.yaml": release("search", "charts/search", """
        image:
          tag: 1.4.1
        cacheMegabytes: 120
        resources:
          limits:
            memory: 192Mi
    """),
}, ["search 1.4.2: disruption budget, a little more memory",
    ["releases/search.yaml", "tag: 1.4.1", "tag: 1.4.2"],
    ["releases/search.yaml", "    resources:\n      limits:\n        memory: 192Mi\n", "    podDisruptionBudget:\n      enabled: true\n      resources:\n        limits:\n          memory: 224Mi\n"]],
    "resources stands below podDisruptionBudget now, where the chart does not read it: the chart's default limit of 64Mi holds, search fills a cache of 120 MB: OOMKilled",
    expected=expect("out-of-memory", [(c("Deployment", "search", "search", "resources.limits.memory"), at_least("160Mi"))]),
    path="releases")

# 3 ── Argo CD: a first release whose settings are not all strings
STATEMENTS = text("""
    {{- $root := . -}}
    {{- range $name, $job := .Values.workloads }}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: statements-{{ $name }}
      labels:
        app.kubernetes.io/part-of: statements
    spec:
      replicas: {{ $job.replicas | default 1 }}
      progressDeadlineSeconds: 90
      selector:
        matchLabels:
          app: statements-{{ $name }}
      template:
        metadata:
          labels:
            app: statements-{{ $name }}
        spec:
          containers:
            - name: {{ $name }}
              image: "acme/{{ $job.image }}:{{ $root.Values.tag }}"
              envFrom:
                - configMapRef:
                    name: statements-settings
              ports:
                - name: http
                  containerPort: 8080
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 64Mi}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 5
    {{- end }}
""")
scenario("first-statements-release", "argocd", {
    "chart/Chart.yaml": chart("statements", "0.1.0"),
    "chart/values.yaml": text("""
        tag: 1.4.2
        workloads:
          api:
            image: payments
            replicas: 2
          mailer:
            image: worker
        settings:
          REQUIRED_ENV: CURRENCY,STATEMENT_DAYS
    """),
    "chart/values-live.yaml": text("""
        settings:
          CURRENCY: EUR
          STATEMENT_DAYS: 30
          SEND_BY_MAIL: true
          LEDGER_ACCOUNT: "4400120"
    """),
    "chart/templates/workloads.yaml": STATEMENTS,
    "chart/templates/settings.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: statements-settings
        data:
          {{- toYaml .Values.settings | nindent 2 }}
    """),
}, [], "STATEMENT_DAYS and SEND_BY_MAIL reach the ConfigMap as a number and a boolean, its data must be strings: the sync fails",
    expected=expect("invalid-manifest", [("ConfigMap/statements-settings data.STATEMENT_DAYS", value("30")), ("ConfigMap/statements-settings data.SEND_BY_MAIL", value("true"))]),
    path="chart", source={"helm": {"releaseName": "statements", "valueFiles": ["values-live.yaml"]}}, never_worked=True)

# 4 ── Flux: a helper gets another name, one template in a folder of its own still includes the old one
ORDERS = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ include "orders.fullname" . }}
      labels:
        {{- include "orders.labels" . | nindent 4 }}
    spec:
      replicas: {{ .Values.replicaCount }}
      progressDeadlineSeconds: 90
      selector:
        matchLabels:
          {{- include "orders.selectorLabels" . | nindent 6 }}
      template:
        metadata:
          labels:
            {{- include "orders.selectorLabels" . | nindent 8 }}
        spec:
          containers:
            - name: orders
              image: {{ include "orders.image" . }}
              ports:
                - name: http
                  containerPort: 8080
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              readinessProbe:
                httpGet:
                  path: /readyz
                  port: http
                periodSeconds: 5
""")
scenario("orders-common-labels", "flux", {
    "charts/orders/Chart.yaml": chart("orders", "2.3.1"),
    "charts/orders/values.yaml": text("""
        replicaCount: 2
        image:
          repository: acme/checkout
          tag: 1.4.0
        cleanup:
          enabled: true
          schedule: "20 3 * * *"
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 64Mi}
    """),
    "charts/orders/templates/_helpers.tpl": text("""
        {{- define "orders.fullname" -}}
        {{- .Values.fullnameOverride | default .Release.Name | trunc 63 | trimSuffix "-" -}}
        {{- end }}

        {{- define "orders.selectorLabels" -}}
        app.kubernetes.io/name: {{ .Chart.Name }}
        app.kubernetes.io/instance: {{ .Release.Name }}
        {{- end }}

        {{- define "orders.labels" -}}
        {{ include "orders.selectorLabels" . }}
        {{- end }}

        {{- define "orders.image" -}}
        "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
        {{- end }}
    """),
    "charts/orders/templates/deployment.yaml": ORDERS,
    "charts/orders/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ include "orders.fullname" . }}
          labels:
            {{- include "orders.labels" . | nindent 4 }}
        spec:
          selector:
            {{- include "orders.selectorLabels" . | nindent 4 }}
          ports:
            - name: http
              port: 80
              targetPort: http
    """),
    "charts/orders/templates/cron/cleanup.yaml": text("""
        {{- if .Values.cleanup.enabled }}
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: {{ include "orders.fullname" . }}-cleanup
          labels:
            {{- include "orders.labels" . | nindent 4 }}
        spec:
          schedule: {{ .Values.cleanup.schedule | quote }}
          concurrencyPolicy: Forbid
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: cleanup
                      image: busybox:1.37
                      command: [sh, -c, "echo carts cleaned"]
        {{- end }}
    """),
    "releases/orders.yaml": release("orders", "charts/orders", """
        image:
          tag: 1.4.1
    """),
}, ["charts/orders 2.4.0: commonLabels with the team, for cost reports; orders 1.4.2",
    ["charts/orders/Chart.yaml", "version: 2.3.1", "version: 2.4.0"],
    ["charts/orders/templates/_helpers.tpl", '{{- define "orders.labels" -}}\n{{ include "orders.selectorLabels" . }}\n', '{{- define "orders.commonLabels" -}}\n{{ include "orders.selectorLabels" . }}\nteam: fulfilment\n'],
    ["charts/orders/templates/deployment.yaml", 'include "orders.labels"', 'include "orders.commonLabels"'],
    ["charts/orders/templates/service.yaml", 'include "orders.labels"', 'include "orders.commonLabels"'],
    ["releases/orders.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "templates/cron/cleanup.yaml still includes orders.labels, which is called orders.commonLabels now: the chart does not render, the upgrade fails",
    expected=expect("helm-failed render-failed", [], keep=[
        ("Deployment/orders metadata.labels.team", value("fulfilment")), ("Service/orders metadata.labels.team", value("fulfilment")), ("CronJob/orders-cleanup metadata.labels.team", value("fulfilment")),
        (c("Deployment", "orders", "orders", "image"), value("acme/checkout:1.4.2"))]),
    path="releases")

# 5 ── Argo CD: the chart's variables become a list, the live values are still a map
PORTAL = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
    spec:
      replicas: {{ .Values.replicaCount }}
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
            - name: portal
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              env:
                {{- range $name, $value := .Values.env }}
                - name: {{ $name }}
                  value: {{ $value | quote }}
                {{- end }}
              ports:
                - name: http
                  containerPort: 4000
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 96Mi}
              readinessProbe:
                httpGet: {path: /health, port: http}
                periodSeconds: 5
""")
scenario("portal-variables-as-list", "argocd", {
    "helm/portal/Chart.yaml": chart("portal", "1.4.0"),
    "helm/portal/values.yaml": text("""
        replicaCount: 1
        image:
          repository: acme/portal
          tag: 2.0.0
        env:
          SESSION_STORE: memory
    """),
    "helm/portal/values-staging.yaml": text("""
        env:
          SESSION_STORE: memory
          FEATURE_TRIAL: "true"
    """),
    "helm/portal/values-live.yaml": text("""
        image:
          tag: 2.0.0
        env:
          SESSION_STORE: redis
          FEATURE_TRIAL: "false"
          PUBLIC_URL: https://portal.example
    """),
    "helm/portal/templates/deployment.yaml": PORTAL,
    "helm/portal/templates/service.yaml": SERVICE,
}, ["portal 2.0.1; chart 2.0.0: env is a list, so that variables can come from Secrets",
    ["helm/portal/Chart.yaml", "version: 1.4.0", "version: 2.0.0"],
    ["helm/portal/templates/deployment.yaml", "            {{- range $name, $value := .Values.env }}\n            - name: {{ $name }}\n              value: {{ $value | quote }}\n            {{- end }}\n",
     "            {{- range .Values.env }}\n            - name: {{ .name }}\n              {{- if .valueFrom }}\n              valueFrom:\n                {{- toYaml .valueFrom | nindent 16 }}\n              {{- else }}\n              value: {{ .value | quote }}\n              {{- end }}\n            {{- end }}\n"],
    ["helm/portal/templates/deployment.yaml", "    spec:\n      containers:", "    spec:\n      terminationGracePeriodSeconds: 20\n      containers:"],
    ["helm/portal/values.yaml", "  SESSION_STORE: memory\n", "  - name: SESSION_STORE\n    value: memory\n"],
    ["helm/portal/values-staging.yaml", '  SESSION_STORE: memory\n  FEATURE_TRIAL: "true"\n', '  - name: SESSION_STORE\n    value: memory\n  - name: FEATURE_TRIAL\n    value: "true"\n'],
    ["helm/portal/values-live.yaml", "tag: 2.0.0", "tag: 2.0.1"]],
    "values-live.yaml still writes env as a map, the template reads a list of name and value: helm template fails",
    expected=expect("render-failed", [], keep=[
        (c("Deployment", "portal", "portal", "image"), value("acme/portal:2.0.1")), (pod("Deployment", "portal", "terminationGracePeriodSeconds"), value(20))]),
    path="helm/portal", source={"helm": {"releaseName": "portal", "valueFiles": ["values-live.yaml"], "parameters": [{"name": "replicaCount", "value": "2"}]}})

# 6 ── Flux: the chart's schema wants a number
scenario("mailer-three-replicas", "flux", {
    "charts/mailer/Chart.yaml": chart("mailer", "0.9.4"),
    "charts/mailer/values.yaml": text("""
        replicaCount: 1
        image:
          repository: acme/mailer
          tag: 7.0.5
        smtp:
          host: ""
        terminationGracePeriodSeconds: 30
    """),
    "charts/mailer/values.schema.json": text("""
        {
          "$schema": "http://json-schema.org/draft-07/schema#",
          "type": "object",
          "required": ["image", "smtp"],
          "properties": {
            "replicaCount": {"type": "integer", "minimum": 1},
            "terminationGracePeriodSeconds": {"type": "integer"},
            "image": {
              "type": "object",
              "properties": {"repository": {"type": "string"}, "tag": {"type": "string"}}
            },
            "smtp": {
              "type": "object",
              "required": ["host"],
              "properties": {"host": {"type": "string", "minLength": 1}}
            }
          }
        }
    """),
    "charts/mailer/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicaCount }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
            spec:
              terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
              containers:
                - name: mailer
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  env:
                    - name: SMTP_HOST
                      value: {{ .Values.smtp.host | quote }}
                  ports:
                    - name: http
                      containerPort: 3000
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /up, port: http}
                    periodSeconds: 5
    """),
    "charts/mailer/templates/service.yaml": SERVICE,
    "clusters/live/mailer.yaml": release("mailer", "charts/mailer", """
        replicaCount: 2
        image:
          tag: 7.0.5
        smtp:
          host: smtp.example
    """, remediation=""),
}, ["mailer 7.1.0, three replicas, a minute to finish what is queued",
    ["clusters/live/mailer.yaml", "replicaCount: 2", 'replicaCount: "3"\n    terminationGracePeriodSeconds: 60'],
    ["clusters/live/mailer.yaml", "tag: 7.0.5", "tag: 7.1.0"]],
    "replicaCount is a string in the HelmRelease, the chart's schema wants an integer: the upgrade is refused",
    expected=expect("helm-failed render-failed", [], keep=[
        ("Deployment/mailer spec.replicas", value(3)), (pod("Deployment", "mailer", "terminationGracePeriodSeconds"), value(60)), (c("Deployment", "mailer", "mailer", "image"), value("acme/mailer:7.1.0"))]),
    path="clusters/live")

# 7 ── Argo CD: the shared chart's defaults change, one of two users relied on them
SHARED = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Values.name }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 90
      selector:
        matchLabels:
          app: {{ .Values.name }}
      template:
        metadata:
          labels:
            app: {{ .Values.name }}
          {{- with .Values.podAnnotations }}
          annotations:
            {{- toYaml . | nindent 8 }}
          {{- end }}
        spec:
          containers:
            - name: app
              image: {{ .Values.image | quote }}
              {{- with .Values.args }}
              args:
                {{- toYaml . | nindent 12 }}
              {{- end }}
              env:
                {{- range $name, $value := .Values.env }}
                - name: {{ $name }}
                  value: {{ tpl ($value | toString) $ | quote }}
                {{- end }}
              ports:
                - name: http
                  containerPort: {{ .Values.port }}
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              livenessProbe:
                httpGet:
                  path: {{ .Values.probes.live }}
                  port: http
                initialDelaySeconds: 8
                periodSeconds: 10
              readinessProbe:
                httpGet:
                  path: {{ .Values.probes.ready }}
                  port: http
                periodSeconds: 5
""")
scenario("web-service-chart-three", "argocd", {
    "charts/web-service/Chart.yaml": chart("web-service", "2.7.0"),
    "charts/web-service/values.yaml": text("""
        replicas: 1
        port: 8080
        args: []
        env: {}
        podAnnotations: {}
        probes:
          live: /healthz
          ready: /ready
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
    """),
    "charts/web-service/templates/deployment.yaml": SHARED,
    "charts/web-service/templates/service.yaml": SERVICE.replace(".Release.Name", ".Values.name"),
    "apps/reports/live.yaml": text("""
        name: reports
        image: acme/reports:5.0.2
        replicas: 2
        port: 8000
        args: [reports.wsgi:application, --bind, 0.0.0.0:8000, --workers, "2"]
        env:
          REDIS_URL: redis://10.20.0.7:6379/0
          PUBLIC_URL: https://{{ .Values.name }}.shop.example
    """),
    "apps/inventory/live.yaml": text("""
        name: inventory
        image: acme/inventory:1.9
        env:
          CACHE_TTL: 30s
        probes:
          live: /livez
          ready: /readyz
    """),
}, [{"subject": "web-service 3.0.0: probes at /livez and /readyz unless said otherwise", "edit": [
        ["charts/web-service/Chart.yaml", "version: 2.7.0", "version: 3.0.0"],
        ["charts/web-service/values.yaml", "  live: /healthz\n  ready: /ready\n", "  live: /livez\n  ready: /readyz\n"],
        ["charts/web-service/templates/deployment.yaml", "  progressDeadlineSeconds: 90\n", "  progressDeadlineSeconds: 90\n  revisionHistoryLimit: 4\n"],
        ["apps/inventory/live.yaml", "probes:\n  live: /livez\n  ready: /readyz\n", ""]]},
    {"subject": "reports 5.0.3 with three workers", "wait": 30, "edit": [
        ["apps/reports/live.yaml", "acme/reports:5.0.2", "acme/reports:5.0.3"], ["apps/reports/live.yaml", '"2"', '"3"']]}],
    "the chart's default probe paths are /livez and /readyz since 3.0.0; reports, which relied on the defaults, answers at /healthz and /ready: 404, never ready, restarted",
    expected=expect("readiness-probe liveness-probe readiness liveness", [
        (c("Deployment", "reports", "app", "livenessProbe.httpGet.path"), value("/healthz")), (c("Deployment", "reports", "app", "readinessProbe.httpGet.path"), value("/ready"))]),
    path="charts/web-service", source={"helm": {"releaseName": "reports", "valueFiles": ["../../apps/reports/live.yaml"], "valuesObject": {"podAnnotations": {"shop.example/owner": "reporting"}}}})

# 8 ── Flux: versions come from a ConfigMap, 1.10 is a number there
scenario("inventory-one-ten", "flux", {
    "charts/inventory/Chart.yaml": chart("inventory", "0.4.0"),
    "charts/inventory/values.yaml": text("""
        replicaCount: 2
        image:
          repository: acme/inventory
          tag: ""
        cacheTtl: 30s
    """),
    "charts/inventory/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicaCount }}
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
                - name: inventory
                  image: {{ printf "%s:%v" .Values.image.repository .Values.image.tag | quote }}
                  env:
                    - name: CACHE_TTL
                      value: {{ .Values.cacheTtl | quote }}
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
    "charts/inventory/templates/service.yaml": SERVICE,
    "releases/versions.yaml": text("""
        # image versions of this stage; the release train edits only this file
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: inventory-versions
        data:
          values.yaml: |
            image:
              tag: 1.9
    """),
    "releases/inventory.yaml": release("inventory", "charts/inventory", """
        cacheTtl: 30s
    """, more="  valuesFrom:\n    - kind: ConfigMap\n      name: inventory-versions\n"),
}, ["Release train 48: inventory 1.10, cache for a minute",
    ["releases/versions.yaml", "tag: 1.9", "tag: 1.10"],
    ["releases/inventory.yaml", "cacheTtl: 30s", "cacheTtl: 60s"]],
    "tag: 1.10 without quotes is the number 1.1: acme/inventory:1.1 does not exist, ImagePullBackOff",
    expected=expect("image-not-found",
        [(c("Deployment", "inventory", "inventory", "image"), value("acme/inventory:1.10"))],
        [(c("Deployment", "inventory", "inventory", "image"), BEFORE)]),
    path="releases")

# 9 ── Argo CD with values from a second source: what was copied from the other stage says the other stage
scenario("allocation-live-like-staging", "argocd", {
    "charts/allocation/Chart.yaml": chart("allocation", "1.1.0"),
    "charts/allocation/values.yaml": text("""
        global:
          stage: dev
        allocator:
          image: acme/allocator:stable
          replicas: 1
          cacheTtl: 30s
          stock: ""
        stock:
          tag: 1.4.1
          replicas: 1
    """),
    "charts/allocation/templates/_helpers.tpl": text("""
        {{- define "allocation.stock" -}}
        stock-{{ .Values.global.stage }}
        {{- end }}
    """),
    "charts/allocation/templates/allocator.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: allocator
        spec:
          replicas: {{ .Values.allocator.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels: {app: allocator}
          template:
            metadata:
              labels: {app: allocator}
            spec:
              containers:
                - name: allocator
                  image: {{ .Values.allocator.image | quote }}
                  env:
                    - name: CACHE_TTL
                      value: {{ .Values.allocator.cacheTtl | quote }}
                    - name: STOCK_ADDR
                      value: {{ .Values.allocator.stock | quote }}
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
    "charts/allocation/templates/stock.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ include "allocation.stock" . }}
        spec:
          replicas: {{ .Values.stock.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels: {app: stock}
          template:
            metadata:
              labels: {app: stock}
            spec:
              containers:
                - name: stock
                  image: "acme/catalog:{{ .Values.stock.tag }}"
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ include "allocation.stock" . }}
        spec:
          selector: {app: stock}
          ports:
            - name: http
              port: 80
              targetPort: http
    """),
    "stages/staging/allocation.yaml": text("""
        global:
          stage: staging
        allocator:
          cacheTtl: 2m
          stock: stock-staging:80
        stock:
          tag: 1.4.2
          replicas: 2
    """),
    "stages/live/allocation.yaml": text("""
        global:
          stage: live
        allocator:
          replicas: 2
          stock: stock-live:80
        stock:
          tag: 1.4.1
    """),
}, ["Live gets what staging has had for a week: longer cache, stock 1.4.2 in two replicas",
    ["stages/live/allocation.yaml", "  stock: stock-live:80\nstock:\n  tag: 1.4.1\n", "  cacheTtl: 2m\n  stock: stock-staging:80\nstock:\n  tag: 1.4.2\n  replicas: 2\n"]],
    "the allocator of live asks stock-staging, the Service of this stage is stock-live: no such host",
    expected=expect("dependency-address crash-on-start", [(c("Deployment", "allocator", "allocator", "env[name=STOCK_ADDR].value"), BEFORE)]),
    path="charts/allocation", spec={"sources": [
        {"repoURL": "@URL@", "targetRevision": "main", "path": "charts/allocation", "helm": {"releaseName": "allocation", "valueFiles": ["$values/stages/live/allocation.yaml"]}},
        {"repoURL": "@URL@", "targetRevision": "main", "ref": "values"}]})

# 10 ── Flux: an umbrella chart calls one of its subcharts by another name
CONSUMER = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Chart.Name }}
      labels:
        app.kubernetes.io/part-of: {{ .Values.global.product }}
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
            - name: consumer
              image: "acme/shipping:{{ .Values.global.tag }}"
              env:
                - name: CONSUMER_GROUP
                  value: {{ printf "%s-%s" .Values.global.product .Values.topic | quote }}
                {{- range $name, $value := .Values.env }}
                - name: {{ $name }}
                  value: {{ $value | quote }}
                {{- end }}
              ports:
                - name: http
                  containerPort: 8080
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 64Mi}
              readinessProbe:
                httpGet: {path: /healthz, port: http}
                periodSeconds: 5
""")
scenario("returns-are-refunds", "flux", {
    "charts/shipping/Chart.yaml": chart("shipping", "3.1.0", text("""
        dependencies:
          - name: consumer
            alias: orders-consumer
            version: 0.3.0
            repository: ""
          - name: consumer
            alias: returns-consumer
            version: 0.3.0
            repository: ""
            condition: returns-consumer.enabled
    """)),
    "charts/shipping/values.yaml": text("""
        global:
          product: shipping
          tag: 3.9.0
        orders-consumer:
          topic: orders
        returns-consumer:
          enabled: true
          topic: returns
    """),
    "charts/shipping/charts/consumer/Chart.yaml": chart("consumer", "0.3.0"),
    "charts/shipping/charts/consumer/values.yaml": "replicas: 1\ntopic: \"\"\nenv: {}\n",
    "charts/shipping/charts/consumer/templates/deployment.yaml": CONSUMER,
    "clusters/live/shipping.yaml": release("shipping", "charts/shipping", """
        global:
          tag: 3.9.0
        orders-consumer:
          replicas: 2
          env:
            CONSUMER_BOOTSTRAP_SERVERS: 10.20.0.9:9092
        returns-consumer:
          env:
            CONSUMER_BOOTSTRAP_SERVERS: 10.20.0.9:9092
            CONSUMER_AUTO_OFFSET_RESET: latest
    """, remediation=""),
}, ["charts/shipping 4.0.0: returns are called refunds everywhere now; shipping 3.9.1",
    ["charts/shipping/Chart.yaml", "version: 3.1.0", "version: 4.0.0"],
    ["charts/shipping/Chart.yaml", "returns-consumer", "refunds-consumer"],
    ["charts/shipping/values.yaml", "returns-consumer:\n  enabled: true\n  topic: returns\n", "refunds-consumer:\n  enabled: true\n  topic: refunds\n"],
    ["clusters/live/shipping.yaml", "tag: 3.9.0", "tag: 3.9.1"]],
    "the subchart's alias is refunds-consumer, the HelmRelease's values still stand below returns-consumer: the consumer starts without bootstrap servers and crashes",
    expected=expect("crash-on-start", [
        (c("Deployment", "refunds-consumer", "consumer", "env[name=CONSUMER_BOOTSTRAP_SERVERS].value"), value("10.20.0.9:9092")),
        (c("Deployment", "refunds-consumer", "consumer", "env[name=CONSUMER_AUTO_OFFSET_RESET].value"), value("latest"))]),
    path="clusters/live")

# 11 ── Argo CD: a new probe, two spaces short
STOREFRONT = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ include "storefront.name" . }}
    spec:
      replicas: {{ .Values.replicaCount }}
      progressDeadlineSeconds: 90
      selector:
        matchLabels:
          app: {{ include "storefront.name" . }}
      template:
        metadata:
          labels:
            app: {{ include "storefront.name" . }}
        spec:
          containers:
            - name: storefront
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
              args: [dist/server.js]
              env:
                - name: API_BASE_URL
                  value: {{ .Values.api | quote }}
                - name: PAGE_SIZE
                  value: {{ .Values.pageSize | quote }}
              ports:
                - name: http
                  containerPort: 3000
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              readinessProbe:
                {{- toYaml .Values.readinessProbe | nindent 12 }}
""")
STARTUP = {"httpGet": {"path": "/api/health", "port": "http"}, "periodSeconds": 2, "failureThreshold": 30}
scenario("storefront-startup-probe", "argocd", {
    "chart/Chart.yaml": chart("storefront", "5.1.0", 'appVersion: "9.4.0"\n'),
    "chart/values.yaml": text("""
        replicaCount: 2
        image:
          repository: acme/storefront
          tag: ""
        api: https://api.example
        pageSize: 20
        readinessProbe:
          httpGet:
            path: /api/health
            port: http
          periodSeconds: 5
        resources:
          requests:
            cpu: 10m
            memory: 24Mi
          limits:
            memory: 96Mi
    """),
    "chart/templates/_helpers.tpl": '{{- define "storefront.name" -}}\n{{- .Values.nameOverride | default .Chart.Name -}}\n{{- end }}\n',
    "chart/templates/deployment.yaml": STOREFRONT,
    "chart/templates/service.yaml": SERVICE.replace(".Release.Name", 'include "storefront.name" .'),
    "values/live.yaml": "api: https://api.shop.example\npageSize: 24\n",
}, ["storefront 9.4.1: startup probe, 36 products a page",
    ["chart/Chart.yaml", 'version: 5.1.0\nappVersion: "9.4.0"', 'version: 5.2.0\nappVersion: "9.4.1"'],
    ["chart/values.yaml", "readinessProbe:\n", "startupProbe:\n  httpGet:\n    path: /api/health\n    port: http\n  periodSeconds: 2\n  failureThreshold: 30\nreadinessProbe:\n"],
    ["chart/templates/deployment.yaml", "          readinessProbe:\n", "          startupProbe:\n            {{- toYaml .Values.startupProbe | nindent 10 }}\n          readinessProbe:\n"],
    ["values/live.yaml", "pageSize: 24", "pageSize: 36"]],
    "the startup probe's fields are indented by 10 instead of 12 and so are fields of the container, which has no httpGet: the sync fails",
    expected=expect("invalid-manifest", [
        (c("Deployment", "storefront", "storefront", "startupProbe"), value(STARTUP)),
        (c("Deployment", "storefront", "storefront", "httpGet"), GONE), (c("Deployment", "storefront", "storefront", "periodSeconds"), GONE), (c("Deployment", "storefront", "storefront", "failureThreshold"), GONE)]),
    path="chart", source={"helm": {"releaseName": "storefront", "valueFiles": ["../values/live.yaml"]}})

# 12 ── Flux: the migration hook looks where the image has nothing
scenario("quotes-migrations-folder", "flux", {
    "charts/quotes/Chart.yaml": chart("quotes", "1.0.3"),
    "charts/quotes/values.yaml": text("""
        replicaCount: 2
        image:
          tag: ""
        poolSize: 5
        database:
          host: ""
          name: quotes
        migrations:
          tag: "22"
          locations: filesystem:/app/sql
    """),
    "charts/quotes/templates/migrations.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: {{ .Release.Name }}-migrations
          annotations:
            helm.sh/hook: pre-install,pre-upgrade
            helm.sh/hook-delete-policy: before-hook-creation
        spec:
          backoffLimit: 1
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: flyway
                  image: "acme/schema:{{ .Values.migrations.tag }}"
                  env:
                    - name: FLYWAY_URL
                      value: jdbc:postgresql://{{ .Values.database.host }}/{{ .Values.database.name }}
                    - name: FLYWAY_LOCATIONS
                      value: {{ .Values.migrations.locations | quote }}
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 48Mi}
    """),
    "charts/quotes/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicaCount }}
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
                - name: quotes
                  image: "acme/quotes:{{ required "image.tag is required" .Values.image.tag }}"
                  env:
                    - name: DATABASE_URL
                      value: postgresql://quotes@{{ .Values.database.host }}/{{ .Values.database.name }}
                    - name: POOL_SIZE
                      value: {{ .Values.poolSize | quote }}
                  ports:
                    - name: http
                      containerPort: 8000
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 5
    """),
    "charts/quotes/templates/service.yaml": SERVICE,
    "releases/quotes.yaml": release("quotes", "charts/quotes", """
        image:
          tag: 1.12.0
        database:
          host: 10.20.0.5
    """),
}, ["quotes 1.12.1 with schema 23, pool of ten, migrations of this service only",
    ["releases/quotes.yaml", "tag: 1.12.0\n", 'tag: 1.12.1\n    poolSize: 10\n    migrations:\n      tag: "23"\n      locations: filesystem:/app/sql/quotes\n']],
    "the hook looks for migrations in /app/sql/quotes, the image has them in /app/sql: the Job fails, the upgrade with it",
    expected=expect("job-failed helm-failed", [(c("Job", "quotes-migrations", "flyway", "env[name=FLYWAY_LOCATIONS].value"), BEFORE)]),
    path="releases")

# 13 ── for people. Argo CD: more replicas than the platform team's quota lets in
scenario("checkout-for-the-sale", "argocd", {
    "chart/Chart.yaml": chart("checkout", "1.6.0"),
    "chart/values.yaml": text("""
        components:
          checkout:
            image: acme/checkout
            replicas: 1
          receipts:
            image: acme/worker
            replicas: 1
        tag: 1.4.1
        global:
          maxCartItems: 50
    """),
    "chart/values-live.yaml": text("""
        components:
          checkout:
            replicas: 3
    """),
    "chart/templates/components.yaml": text("""
        {{- range $name, $component := .Values.components }}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ $name }}
        spec:
          replicas: {{ $component.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: {{ $name }}
          template:
            metadata:
              labels:
                app: {{ $name }}
            spec:
              containers:
                - name: {{ $name }}
                  image: "{{ $component.image }}:{{ $.Values.tag }}"
                  env:
                    - name: MAX_CART_ITEMS
                      value: {{ $component.maxCartItems | default $.Values.global.maxCartItems | quote }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 5m, memory: 16Mi}
                    limits: {memory: 48Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
        {{- end }}
    """),
}, ["Sale weekend: eight checkouts and larger carts, as agreed with marketing",
    ["chart/values-live.yaml", "replicas: 3\n", "replicas: 8\n    maxCartItems: 80\n"]],
    "the platform team's quota (by hand, not in git) allows six pods in this namespace, nine are wanted: that team must raise it, or somebody decides on fewer",
    answer=HUMAN, expected=expect("quota", ),
    path="chart", source={"helm": {"releaseName": "checkout", "valueFiles": ["values-live.yaml"]}},
    given="apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: namespace-quota\n  annotations:\n    owner: platform team\nspec:\n  hard:\n    pods: '6'\n")

# 14 ── for people. Flux: the nodes with the accelerators are not there
scenario("embeddings-on-accelerators", "flux", {
    "charts/embeddings/Chart.yaml": chart("embeddings", "0.2.0"),
    "charts/embeddings/values.yaml": text("""
        replicaCount: 1
        image:
          repository: acme/catalog
          tag: 1.4.1
        device: cpu
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 64Mi}
    """),
    "charts/embeddings/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicaCount }}
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
                - name: embeddings
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  env:
                    - name: DEVICE
                      value: {{ .Values.device | quote }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
    """),
    "charts/embeddings/templates/service.yaml": SERVICE,
    "releases/embeddings.yaml": release("embeddings", "charts/embeddings", """
        image:
          tag: 1.4.1
    """, remediation=""),
}, ["embeddings 1.4.2 runs on the GPU nodes the platform team is adding this week",
    ["releases/embeddings.yaml", "tag: 1.4.1\n", "tag: 1.4.2\n    device: cuda\n    resources:\n      limits:\n        nvidia.com/gpu: 1\n"]],
    "no node offers nvidia.com/gpu: the nodes (or their device plugin) are still to come, the new pod is pending and the old one serves",
    answer=HUMAN, expected=expect("unschedulable-resources", ), path="releases")

# 15 ── nothing to do. Argo CD: the Job that fills prices retries until the new service has loaded
PRICING = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: pricing
    spec:
      replicas: 1
      progressDeadlineSeconds: 300
      selector:
        matchLabels: {app: pricing}
      template:
        metadata:
          labels: {app: pricing}
        spec:
          containers:
            - name: pricing
              image: "acme/catalog:{{ .Values.global.tag }}"
              env:
                - name: START_SECONDS
                  value: {{ .Values.loadSeconds | quote }}
              ports:
                - name: http
                  containerPort: 8080
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 64Mi}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 5
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: pricing
    spec:
      selector: {app: pricing}
      ports:
        - name: http
          port: 80
          targetPort: http
""")
scenario("prices-of-their-own", "argocd", {
    "charts/catalog/Chart.yaml": chart("catalog", "2.0.0", text("""
        dependencies:
          - name: pricing
            version: 0.1.0
            repository: ""
            condition: pricing.enabled
    """)),
    "charts/catalog/values.yaml": text("""
        global:
          tag: 1.4.1
        replicas: 2
        pricing:
          enabled: false
    """),
    "charts/catalog/values-live.yaml": "global:\n  tag: 1.4.1\n",
    "charts/catalog/charts/pricing/Chart.yaml": chart("pricing", "0.1.0"),
    "charts/catalog/charts/pricing/values.yaml": "loadSeconds: 40\n",
    "charts/catalog/charts/pricing/templates/pricing.yaml": PRICING,
    "charts/catalog/templates/catalog.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: catalog
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 120
          selector:
            matchLabels: {app: catalog}
          template:
            metadata:
              labels: {app: catalog}
            spec:
              containers:
                - name: catalog
                  image: "acme/catalog:{{ .Values.global.tag }}"
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
    "charts/catalog/templates/import.yaml": text("""
        {{- if .Values.pricing.enabled }}
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: price-import-{{ .Values.global.tag | replace "." "-" }}
        spec:
          backoffLimit: 6
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: import
                  image: busybox:1.37
                  command:
                    - sh
                    - -c
                    - wget -q -T 5 -O /dev/null "http://$PRICING_SERVICE_HOST/" || { echo "pricing does not answer yet"; exit 1; }; echo "2140 prices imported"
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
        {{- end }}
    """),
}, ["catalog 1.4.2: prices come from a service of their own",
    ["charts/catalog/values-live.yaml", "global:\n  tag: 1.4.1\n", "global:\n  tag: 1.4.2\npricing:\n  enabled: true\n"]],
    "pricing loads for 40 s, the import Job fails twice or three times meanwhile and then succeeds, within its backoffLimit of 6",
    answer=NONE, path="charts/catalog", source={"helm": {"releaseName": "catalog", "valueFiles": ["values-live.yaml"]}})

# 16 ── nothing to do. Flux: a larger model takes longer to load, the startup probe waits for it
scenario("recommendations-load-longer", "flux", {
    "charts/recommendations/Chart.yaml": chart("recommendations", "0.7.0"),
    "charts/recommendations/values.yaml": text("""
        replicaCount: 1
        tag: 1.4.1
        model:
          loadSeconds: 2
        startup:
          periodSeconds: 5
          failureThreshold: 12
    """),
    "charts/recommendations/values-live.yaml": "replicaCount: 2\nmodel:\n  loadSeconds: 5\n",
    "charts/recommendations/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicaCount }}
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
                - name: recommendations
                  image: "acme/catalog:{{ .Values.tag }}"
                  env:
                    - name: START_SECONDS
                      value: {{ .Values.model.loadSeconds | quote }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  startupProbe:
                    httpGet: {path: /healthz, port: http}
                    {{- toYaml .Values.startup | nindent 12 }}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
    """),
    "charts/recommendations/templates/service.yaml": SERVICE,
    "releases/recommendations.yaml": release("recommendations", "charts/recommendations", "", timeout="5m",
        files="      valuesFiles:\n        - ./charts/recommendations/values.yaml\n        - ./charts/recommendations/values-live.yaml\n"),
}, ["recommendations 1.4.2 with the large model",
    ["charts/recommendations/values.yaml", "tag: 1.4.1", "tag: 1.4.2"],
    ["charts/recommendations/values-live.yaml", "  loadSeconds: 5\n", "  loadSeconds: 70\nstartup:\n  failureThreshold: 36\n"]],
    "the large model loads for 70 s, the startup probe waits up to 180 s: its warnings are expected, healthy after two to three minutes",
    answer=NONE, path="releases", spec={"timeout": "5m"})


# What was expected in another form than the rendered objects have it: new items and objects as a whole, and what else of a commit stays.
CORRECTED = {'returns-are-refunds': {'class': ['crash-on-start'],
                         'fixes': [[{'field': 'Deployment/refunds-consumer spec.template.spec.containers[name=consumer].env[name=CONSUMER_BOOTSTRAP_SERVERS]',
                                     'to': {'value': {'name': 'CONSUMER_BOOTSTRAP_SERVERS', 'value': '10.20.0.9:9092'}}},
                                    {'field': 'Deployment/refunds-consumer spec.template.spec.containers[name=consumer].env[name=CONSUMER_AUTO_OFFSET_RESET]',
                                     'to': {'value': {'name': 'CONSUMER_AUTO_OFFSET_RESET', 'value': 'latest'}}}]]}}
for one in SCENARIOS:
    if one["id"] in CORRECTED:
        one["expected"] = CORRECTED[one["id"]]
