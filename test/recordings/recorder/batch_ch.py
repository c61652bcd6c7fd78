"""Teams that deliver by Helm: charts, their values, helpers, hooks and subcharts, by Argo CD and by HelmReleases."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(2132)


def under(folder, **files):
    """Files of a chart. In the names __ is a dot and ___ a slash."""
    return {f"{folder}/{name.replace('___', '/').replace('__', '.')}": text(content) for name, content in files.items()}


def argo(release, *value_files, **helm):
    return {"helm": {"releaseName": release, "valueFiles": list(value_files), **helm}}


def release(name, chart, values, head="", timeout="60s", strategy="Revision"):
    """A HelmRelease whose chart is in the same repository; `head`: more of its spec."""
    lines = f"""
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
    """
    lines = text(lines).rstrip() + "\n" + (f"      reconcileStrategy: {strategy}\n" if strategy else "")
    lines += "      sourceRef:\n        kind: GitRepository\n        name: \"@NAME@\"\n        namespace: flux-system\n"
    return lines + textwrap.indent(text(head), "  ") + "  values:\n" + textwrap.indent(text(values), "    ")


SERVICE = """
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
"""

# 1 ── Argo CD: appVersion is the image's tag, and YAML reads 1.10 as a number
VERSION = 'metadata.labels["app.kubernetes.io/version"]'
scenario("inventory-cache-minute", "argocd", {
    **under("charts/inventory",
        Chart__yaml="""
            apiVersion: v2
            name: inventory
            description: Stock levels of all warehouses
            type: application
            version: 0.9.0
            appVersion: 1.9
        """,
        values__yaml="""
            replicaCount: 1
            image:
              repository: acme/inventory
              # the chart's appVersion unless it is set
              tag: ""
            cacheTtl: 10s
            resources:
              requests: {cpu: 10m, memory: 24Mi}
              limits: {memory: 64Mi}
        """,
        templates____helpers__tpl="""
            {{- define "inventory.selectorLabels" -}}
            app.kubernetes.io/name: {{ .Chart.Name }}
            app.kubernetes.io/instance: {{ .Release.Name }}
            {{- end }}

            {{- define "inventory.labels" -}}
            {{ include "inventory.selectorLabels" . }}
            app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
            {{- end }}
        """,
        templates___deployment__yaml="""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: {{ .Release.Name }}
              labels:
                {{- include "inventory.labels" . | nindent 4 }}
            spec:
              replicas: {{ .Values.replicaCount }}
              progressDeadlineSeconds: 90
              selector:
                matchLabels:
                  {{- include "inventory.selectorLabels" . | nindent 6 }}
              template:
                metadata:
                  labels:
                    {{- include "inventory.selectorLabels" . | nindent 8 }}
                spec:
                  containers:
                    - name: inventory
                      image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
                      env:
                        - name: CACHE_TTL
                          value: {{ .Values.cacheTtl | quote }}
                      ports:
                        - name: http
                          containerPort: 8080
                      resources:
                        {{- toYaml .Values.resources | nindent 12 }}
                      livenessProbe:
                        httpGet: {path: /livez, port: http}
                        periodSeconds: 10
                      readinessProbe:
                        httpGet: {path: /readyz, port: http}
                        periodSeconds: 5
        """,
        templates___service__yaml="""
            apiVersion: v1
            kind: Service
            metadata:
              name: {{ .Release.Name }}
              labels:
                {{- include "inventory.labels" . | nindent 4 }}
            spec:
              selector:
                {{- include "inventory.selectorLabels" . | nindent 4 }}
              ports:
                - name: http
                  port: 80
                  targetPort: http
        """),
    "env/live/inventory.yaml": "replicaCount: 2\ncacheTtl: 30s\n",
    "env/staging/inventory.yaml": "cacheTtl: 5s\n",
}, ["inventory 1.10: cache for a minute in live, three replicas",
    ["charts/inventory/Chart.yaml", "version: 0.9.0\nappVersion: 1.9\n", "version: 0.10.0\nappVersion: 1.10\n"],
    ["env/live/inventory.yaml", "replicaCount: 2\ncacheTtl: 30s\n", "replicaCount: 3\ncacheTtl: 60s\n"]],
    "appVersion 1.10 without quotes is the number 1.1, and so is the image's tag: acme/inventory:1.1 does not exist, 1.10 does",
    expected=expect("image-not-found",
        [(c("Deployment", "inventory", "inventory", "image"), value("acme/inventory:1.10")), (f"Deployment/inventory {VERSION}", value("1.10")), (f"Service/inventory {VERSION}", value("1.10"))],
        [(c("Deployment", "inventory", "inventory", "image"), value("acme/inventory:1.10"))]),
    path="charts/inventory", source=argo("inventory", "../../env/live/inventory.yaml"))

# 2 ── Flux: database settings leave `global`, where the subchart reads them
scenario("database-settings-documented", "flux", {
    **under("charts/billing",
        Chart__yaml="""
            apiVersion: v2
            name: billing
            version: 2.3.0
            appVersion: "2.8.0"
            dependencies:
              - name: worker
                version: 0.4.0
        """,
        values__yaml="""
            replicas: 1
            secretKey: only-for-tests
            global:
              image:
                repository: acme/billing
                tag: 2.8.0
              database:
                host: 10.20.0.8
                name: billing
            worker:
              queue: invoices
        """,
        templates___secret__yaml="""
            apiVersion: v1
            kind: Secret
            metadata:
              name: {{ .Release.Name }}-key
            stringData:
              secret-key: {{ .Values.secretKey | quote }}
        """,
        templates___web__yaml="""
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
                    - name: django
                      image: "{{ .Values.global.image.repository }}:{{ .Values.global.image.tag }}"
                      env:
                        - name: SECRET_KEY
                          valueFrom:
                            secretKeyRef:
                              name: {{ .Release.Name }}-key
                              key: secret-key
                        - name: DATABASE_HOST
                          value: {{ .Values.global.database.host | quote }}
                        - name: DATABASE_NAME
                          value: {{ .Values.global.database.name | quote }}
                      ports:
                        - name: http
                          containerPort: 8000
                      resources:
                        requests: {cpu: 10m, memory: 24Mi}
                        limits: {memory: 64Mi}
                      readinessProbe:
                        httpGet: {path: /ready, port: http}
                        periodSeconds: 5
        """,
        templates___service__yaml=SERVICE,
        charts___worker___Chart__yaml="""
            apiVersion: v2
            name: worker
            version: 0.4.0
        """,
        charts___worker___values__yaml="""
            queue: default
        """,
        charts___worker___templates___deployment__yaml="""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: {{ .Release.Name }}-worker
            spec:
              replicas: 1
              progressDeadlineSeconds: 90
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
                      image: "{{ .Values.global.image.repository }}:{{ .Values.global.image.tag }}"
                      env:
                        - name: SECRET_KEY
                          valueFrom:
                            secretKeyRef:
                              name: {{ .Release.Name }}-key
                              key: secret-key
                        - name: DATABASE_HOST
                          value: {{ .Values.global.database.host | quote }}
                        - name: QUEUE
                          value: {{ .Values.queue | quote }}
                      resources:
                        requests: {cpu: 10m, memory: 24Mi}
                        limits: {memory: 64Mi}
                      readinessProbe:
                        httpGet: {path: /ready, port: 8000}
                        periodSeconds: 5
        """),
    "clusters/live/billing.yaml": release("billing", "billing", """
        replicas: 1
        global:
          image:
            tag: 2.8.0
          database:
            host: 10.20.0.9
            name: billing
    """),
}, ["billing 2.8.1: database settings at the top as the README has them, TLS to the database, two replicas",
    ["charts/billing/Chart.yaml", "version: 2.3.0\nappVersion: \"2.8.0\"", "version: 2.4.0\nappVersion: \"2.8.1\""],
    ["charts/billing/values.yaml", "    tag: 2.8.0\n  database:\n    host: 10.20.0.8\n    name: billing\n", "    tag: 2.8.1\ndatabase:\n  host: 10.20.0.8\n  name: billing\n  sslmode: prefer\n"],
    ["charts/billing/templates/web.yaml", ".Values.global.database.", ".Values.database."],
    ["charts/billing/templates/web.yaml", "              value: {{ .Values.database.name | quote }}\n", "              value: {{ .Values.database.name | quote }}\n            - name: DATABASE_SSLMODE\n              value: {{ .Values.database.sslmode | quote }}\n"],
    ["clusters/live/billing.yaml", "    replicas: 1\n", "    replicas: 2\n"],
    ["clusters/live/billing.yaml", "        tag: 2.8.0\n      database:\n        host: 10.20.0.9\n        name: billing\n", "        tag: 2.8.1\n    database:\n      host: 10.20.0.9\n      name: billing\n      sslmode: require\n"]],
    "the subchart worker still reads .Values.global.database.host, and database is no longer under global (a subchart does not see the parent's other values): nil pointer, the upgrade fails",
    expected=expect("helm-failed render-failed", [], keep=[
        (c("Deployment", "billing", "django", "image"), value("acme/billing:2.8.1")),
        (c("Deployment", "billing-worker", "worker", "image"), value("acme/billing:2.8.1")),
        (c("Deployment", "billing", "django", "env[name=DATABASE_SSLMODE].value"), value("require")),
        ("Deployment/billing spec.replicas", value(2))]),
    path="clusters/live")

# 3 ── Argo CD: extraVolumeMounts with the indentation of containers
scenario("report-cache-volume", "argocd", {
    **under("charts/reports",
        Chart__yaml="""
            apiVersion: v2
            name: reports
            version: 5.2.0
        """,
        values__yaml="""
            image:
              repository: acme/reports
              tag: 5.0.2
            workers: 2
            env:
              REDIS_URL: redis://10.20.0.12:6379/0
              CACHE_DIR: /tmp
            resources:
              requests: {cpu: 10m, memory: 24Mi}
              limits: {memory: 96Mi}
        """,
        templates___deployment__yaml="""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: {{ .Release.Name }}
            spec:
              replicas: 1
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
                    - name: reports
                      image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                      args: ["reports.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "{{ .Values.workers }}"]
                      env:
                        {{- range $name, $value := .Values.env }}
                        - name: {{ $name }}
                          value: {{ $value | quote }}
                        {{- end }}
                      ports:
                        - name: http
                          containerPort: 8000
                      livenessProbe:
                        httpGet: {path: /healthz, port: http}
                        initialDelaySeconds: 5
                      readinessProbe:
                        httpGet: {path: /ready, port: http}
                        periodSeconds: 5
                      resources:
                        {{- toYaml .Values.resources | nindent 12 }}
        """,
        templates___service__yaml=SERVICE),
    "charts/reports/values-live.yaml": "workers: 4\n",
}, ["reports 5.0.3: extra volumes in the chart, the cache of reports on one of them",
    ["charts/reports/Chart.yaml", "version: 5.2.0", "version: 5.3.0"],
    ["charts/reports/values.yaml", "  tag: 5.0.2\n", "  tag: 5.0.3\n"],
    ["charts/reports/values.yaml", "resources:\n", "extraVolumes: []\nextraVolumeMounts: []\nresources:\n"],
    ["charts/reports/templates/deployment.yaml", "            {{- toYaml .Values.resources | nindent 12 }}\n",
     "            {{- toYaml .Values.resources | nindent 12 }}\n          {{- with .Values.extraVolumeMounts }}\n          volumeMounts:\n            {{- toYaml . | nindent 8 }}\n          {{- end }}\n"
     "      {{- with .Values.extraVolumes }}\n      volumes:\n        {{- toYaml . | nindent 8 }}\n      {{- end }}\n"],
    ["charts/reports/values-live.yaml", "workers: 4\n", "workers: 4\nenv:\n  CACHE_DIR: /var/lib/reports\nextraVolumes:\n  - name: report-cache\n    emptyDir:\n      sizeLimit: 128Mi\nextraVolumeMounts:\n  - name: report-cache\n    mountPath: /var/lib/reports\n"]],
    "the mounts are indented by 8, where containers are, instead of 12: report-cache becomes a second container with a mountPath and without an image, the server refuses the Deployment",
    expected=expect("invalid-manifest", [
        ("Deployment/reports spec.template.spec.containers[name=report-cache]", GONE),
        (c("Deployment", "reports", "reports", "volumeMounts[name=report-cache].mountPath"), value("/var/lib/reports"))]),
    path="charts/reports", source=argo("reports", "values.yaml", "values-live.yaml"))

# 4 ── Flux: a hook before the upgrade reads a ConfigMap that comes with the upgrade
HOOK = 'metadata.annotations["helm.sh/hook"]'
scenario("database-settings-in-one-place", "flux", {
    **under("charts/conference",
        Chart__yaml="""
            apiVersion: v2
            name: conference
            version: 1.6.2
            appVersion: "1.18.0"
        """,
        values__yaml="""
            replicas: 2
            image:
              repository: acme/conference
              tag: ""
            schema:
              image: acme/schema
              tag: "22"
            database:
              host: 10.20.0.9
              name: conference
            secretKeyBase: only-for-tests
        """,
        templates___schema_job__yaml="""
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: {{ .Release.Name }}-schema
              annotations:
                helm.sh/hook: pre-install,pre-upgrade
                helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
            spec:
              backoffLimit: 1
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: schema
                      image: "{{ .Values.schema.image }}:{{ .Values.schema.tag }}"
                      env:
                        - name: FLYWAY_LOCATIONS
                          value: filesystem:/app/sql
                        - name: FLYWAY_URL
                          value: jdbc:postgresql://{{ .Values.database.host }}:5432/{{ .Values.database.name }}
                      resources:
                        requests: {cpu: 10m, memory: 16Mi}
                        limits: {memory: 64Mi}
        """,
        templates___deployment__yaml="""
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
                    - name: conference
                      image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
                      env:
                        - name: SECRET_KEY_BASE
                          value: {{ .Values.secretKeyBase | quote }}
                        - name: DATABASE_URL
                          value: ecto://conference@{{ .Values.database.host }}/{{ .Values.database.name }}
                      ports:
                        - name: http
                          containerPort: 4000
                      resources:
                        requests: {cpu: 10m, memory: 24Mi}
                        limits: {memory: 64Mi}
                      readinessProbe:
                        httpGet: {path: /health, port: http}
                        periodSeconds: 5
        """,
        templates___service__yaml=SERVICE),
    "clusters/live/conference.yaml": release("conference", "conference", """
        replicas: 2
        database:
          name: conference_live
    """, head="""
        upgrade:
          remediation:
            retries: 2
    """),
}, ["conference 1.18.1 with schema 23: database settings in one ConfigMap for both",
    ["charts/conference/Chart.yaml", "version: 1.6.2\nappVersion: \"1.18.0\"", "version: 1.7.0\nappVersion: \"1.18.1\""],
    ["charts/conference/values.yaml", 'tag: "22"', 'tag: "23"'],
    ["charts/conference/templates/database.yaml", None, text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ .Release.Name }}-database
        data:
          DATABASE_URL: ecto://conference@{{ .Values.database.host }}/{{ .Values.database.name }}
          FLYWAY_URL: jdbc:postgresql://{{ .Values.database.host }}:5432/{{ .Values.database.name }}
    """)],
    ["charts/conference/templates/schema_job.yaml", "            - name: FLYWAY_URL\n              value: jdbc:postgresql://{{ .Values.database.host }}:5432/{{ .Values.database.name }}\n", "          envFrom:\n            - configMapRef:\n                name: {{ .Release.Name }}-database\n"],
    ["charts/conference/templates/deployment.yaml", "            - name: DATABASE_URL\n              value: ecto://conference@{{ .Values.database.host }}/{{ .Values.database.name }}\n", "          envFrom:\n            - configMapRef:\n                name: {{ .Release.Name }}-database\n"]],
    "the pre-upgrade hook conference-schema runs before the upgrade creates ConfigMap conference-database: CreateContainerConfigError until the hook times out",
    expected=expect("config-missing job-failed helm-failed",
        [(c("Job", "conference-schema", "schema", "env[name=FLYWAY_URL]"), BEFORE), (c("Job", "conference-schema", "schema", "envFrom"), GONE)],
        [(f"ConfigMap/conference-database {HOOK}", ANY)],
        [(f"ConfigMap/conference-database {HOOK}", ANY), ('ConfigMap/conference-database metadata.annotations["helm.sh/hook-weight"]', ANY)]),
    path="clusters/live")

# 5 ── Argo CD: a list in the values of live replaces the chart's list
scenario("larger-pool-in-live", "argocd", {
    **under("charts/quotes",
        Chart__yaml="""
            apiVersion: v2
            name: quotes
            version: 1.1.0
        """,
        values__yaml="""
            replicas: 1
            image:
              repository: acme/quotes
              tag: 1.12.0
            env:
              - name: DATABASE_URL
                value: postgresql://quotes@10.20.0.5/quotes
              - name: LOG_LEVEL
                value: info
            resources:
              requests: {cpu: 10m, memory: 24Mi}
              limits: {memory: 64Mi}
        """,
        templates___deployment__yaml="""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: {{ .Release.Name }}
              labels:
                app.kubernetes.io/name: {{ .Chart.Name }}
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
                    - name: quotes
                      image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                      {{- with .Values.env }}
                      env:
                        {{- toYaml . | nindent 12 }}
                      {{- end }}
                      ports:
                        - name: http
                          containerPort: 8000
                      resources:
                        {{- toYaml .Values.resources | nindent 12 }}
                      readinessProbe:
                        httpGet:
                          path: /healthz
                          port: http
                        periodSeconds: 5
        """,
        templates___service__yaml=SERVICE),
    "env/live.yaml": "replicas: 2\nresources:\n  limits:\n    memory: 96Mi\n",
    "env/staging.yaml": "image:\n  tag: 1.12.1\n",
}, [{"subject": "quotes 1.12.1 in live, with a pool of 20 connections", "edit": [["env/live.yaml", "replicas: 2\n", "replicas: 2\nimage:\n  tag: 1.12.1\nenv:\n  - name: POOL_SIZE\n    value: \"20\"\n"]]},
    {"subject": "quotes: disruption budget", "edit": [["charts/quotes/templates/pdb.yaml", None, text("""
        {{- if gt (int .Values.replicas) 1 }}
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata:
          name: {{ .Release.Name }}
        spec:
          maxUnavailable: 1
          selector:
            matchLabels:
              app: {{ .Release.Name }}
        {{- end }}
    """)]], "wait": 50}],
    "env in env/live.yaml is a list and replaces the chart's one: DATABASE_URL and LOG_LEVEL are gone, quotes does not start",
    expected=expect("crash-on-start", [(c("Deployment", "quotes", "quotes", "env[name=DATABASE_URL]"), BEFORE), (c("Deployment", "quotes", "quotes", "env[name=LOG_LEVEL]"), BEFORE)]),
    path="charts/quotes", source=argo("quotes", "../../env/live.yaml"))

# 6 ── Flux: the chart changes under the version that the cluster has already packed
CHART = 'metadata.labels["helm.sh/chart"]'
scenario("session-settings-grouped", "flux", {
    **under("charts/portal",
        Chart__yaml="""
            apiVersion: v2
            name: portal
            version: 1.3.0
        """,
        values__yaml="""
            replicas: 1
            image:
              repository: acme/portal
              tag: 2.0.0
            # memory or redis, every environment sets it
            sessionStore: ""
            trial: false
        """,
        templates____helpers__tpl="""
            {{- define "portal.labels" -}}
            app.kubernetes.io/name: portal
            app.kubernetes.io/managed-by: {{ .Release.Service }}
            helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
            {{- end }}
        """,
        templates___deployment__yaml="""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: {{ .Release.Name }}
              labels:
                {{- include "portal.labels" . | nindent 4 }}
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
                    - name: portal
                      image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                      env:
                        - name: SESSION_STORE
                          value: {{ required "sessionStore must be set" .Values.sessionStore | quote }}
                      ports:
                        - name: http
                          containerPort: 4000
                      resources:
                        requests: {cpu: 10m, memory: 24Mi}
                        limits: {memory: 64Mi}
                      readinessProbe:
                        httpGet: {path: /health, port: http}
                        periodSeconds: 5
        """,
        templates___service__yaml="""
            apiVersion: v1
            kind: Service
            metadata:
              name: {{ .Release.Name }}
              labels:
                {{- include "portal.labels" . | nindent 4 }}
            spec:
              selector:
                app: {{ .Release.Name }}
              ports:
                - name: http
                  port: 80
                  targetPort: http
        """),
    "clusters/live/portal.yaml": release("portal", "portal", """
        replicas: 2
        sessionStore: memory
        image:
          tag: 2.0.0
    """, strategy=None),
}, ["portal 2.0.1: session settings are a group, sessions last half an hour",
    ["charts/portal/values.yaml", "# memory or redis, every environment sets it\nsessionStore: \"\"\n", "session:\n  # memory or redis, every environment sets it\n  store: \"\"\n  minutes: 15\n"],
    ["charts/portal/templates/deployment.yaml", "{{ required \"sessionStore must be set\" .Values.sessionStore | quote }}\n", "{{ required \"session.store must be set\" .Values.session.store | quote }}\n            - name: SESSION_MINUTES\n              value: {{ .Values.session.minutes | quote }}\n"],
    ["clusters/live/portal.yaml", "    sessionStore: memory\n    image:\n      tag: 2.0.0\n", "    session:\n      store: memory\n      minutes: 30\n    image:\n      tag: 2.0.1\n"]],
    "the chart's templates changed and its version did not: with the strategy ChartVersion the cluster keeps the packed portal 1.3.1, whose template still requires sessionStore, which the HelmRelease does not set any more",
    expected=expect("helm-failed",
        [(f"Deployment/portal {CHART}", ANY), (f"Service/portal {CHART}", ANY)],
        [("HelmRelease/portal spec.chart.spec.reconcileStrategy", value("Revision"))]),
    earlier=[{"subject": "portal chart 1.3.1: trial can be switched on", "edit": [
        ["charts/portal/Chart.yaml", "version: 1.3.0", "version: 1.3.1"],
        ["charts/portal/templates/deployment.yaml", "          ports:\n", "            - name: FEATURE_TRIAL\n              value: {{ .Values.trial | quote }}\n          ports:\n"]]}],
    path="clusters/live")

# 7 ── Argo CD: helpers get the chart's name, one template does not follow
scenario("helpers-named-after-the-chart", "argocd", {
    **under("deploy/mailer",
        Chart__yaml="""
            apiVersion: v2
            name: mailer
            version: 0.7.0
        """,
        values__yaml="""
            image:
              repository: acme/mailer
              tag: 7.0.5
            smtp:
              host: smtp.example
            digest:
              schedule: "20 4 * * *"
        """,
        templates____helpers__tpl="""
            {{- define "app.fullname" -}}
            {{- .Release.Name | trunc 63 | trimSuffix "-" }}
            {{- end }}

            {{- define "app.labels" -}}
            app.kubernetes.io/name: {{ .Chart.Name }}
            app.kubernetes.io/instance: {{ .Release.Name }}
            {{- end }}

            {{- define "app.image" -}}
            {{ .Values.image.repository }}:{{ .Values.image.tag }}
            {{- end }}
        """,
        templates___deployment__yaml="""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: {{ include "app.fullname" . }}
              labels:
                {{- include "app.labels" . | nindent 4 }}
            spec:
              replicas: 1
              progressDeadlineSeconds: 90
              selector:
                matchLabels:
                  {{- include "app.labels" . | nindent 6 }}
              template:
                metadata:
                  labels:
                    {{- include "app.labels" . | nindent 8 }}
                spec:
                  containers:
                    - name: mailer
                      image: {{ include "app.image" . | quote }}
                      env:
                        - name: SMTP_HOST
                          value: {{ .Values.smtp.host | quote }}
                      ports:
                        - name: http
                          containerPort: 3000
                      resources:
                        requests: {cpu: 10m, memory: 24Mi}
                        limits: {memory: 64Mi}
                      readinessProbe:
                        httpGet: {path: /up, port: http}
                        periodSeconds: 5
        """,
        templates___service__yaml="""
            apiVersion: v1
            kind: Service
            metadata:
              name: {{ include "app.fullname" . }}
              labels:
                {{- include "app.labels" . | nindent 4 }}
            spec:
              selector:
                {{- include "app.labels" . | nindent 4 }}
              ports:
                - name: http
                  port: 80
                  targetPort: http
        """,
        templates___digest__yaml="""
            apiVersion: batch/v1
            kind: CronJob
            metadata:
              name: {{ include "app.fullname" . }}-digest
              labels:
                {{- include "app.labels" . | nindent 4 }}
            spec:
              schedule: {{ .Values.digest.schedule | quote }}
              concurrencyPolicy: Forbid
              jobTemplate:
                spec:
                  backoffLimit: 1
                  template:
                    spec:
                      restartPolicy: Never
                      containers:
                        - name: digest
                          image: {{ include "app.image" . | quote }}
                          command: ["sh", "-c", "echo digest sent"]
                          resources:
                            requests: {cpu: 5m, memory: 8Mi}
                            limits: {memory: 32Mi}
        """),
}, ["mailer 7.1.0: submission port, digest an hour earlier; helpers named after the chart",
    ["deploy/mailer/Chart.yaml", "version: 0.7.0", "version: 0.8.0"],
    ["deploy/mailer/values.yaml", "tag: 7.0.5", "tag: 7.1.0"],
    ["deploy/mailer/values.yaml", "  host: smtp.example\n", "  host: smtp.example\n  port: 587\n"],
    ["deploy/mailer/values.yaml", '"20 4 * * *"', '"20 3 * * *"'],
    ["deploy/mailer/templates/_helpers.tpl", 'define "app.', 'define "mailer.'],
    ["deploy/mailer/templates/deployment.yaml", 'include "app.', 'include "mailer.'],
    ["deploy/mailer/templates/deployment.yaml", "              value: {{ .Values.smtp.host | quote }}\n", "              value: {{ .Values.smtp.host | quote }}\n            - name: SMTP_PORT\n              value: {{ .Values.smtp.port | quote }}\n"],
    ["deploy/mailer/templates/service.yaml", 'include "app.', 'include "mailer.']],
    "templates/digest.yaml still includes app.fullname, app.labels and app.image, which are mailer.* now: the chart cannot be rendered",
    expected=expect("render-failed", [], keep=[
        (c("Deployment", "mailer", "mailer", "image"), value("acme/mailer:7.1.0")),
        (c("Deployment", "mailer", "mailer", "env[name=SMTP_PORT].value"), value("587")),
        (c("CronJob", "mailer-digest", "digest", "image"), value("acme/mailer:7.1.0")),
        ("CronJob/mailer-digest spec.schedule", value("20 3 * * *"))]),
    path="deploy/mailer", source=argo("mailer"))

# 8 ── Flux: the values of the ConfigMap are overridden by those of the HelmRelease
scenario("search-index-in-memory", "flux", {
    **under("charts/search",
        Chart__yaml="""
            apiVersion: v2
            name: search
            version: 2.0.4
        """,
        values__yaml="""
            replicas: 1
            image:
              repository: acme/catalog
              tag: 1.4.0
            indexCacheMb: 8
            resources:
              requests:
                cpu: 10m
                memory: 32Mi
              limits:
                memory: 64Mi
        """,
        templates___configmap__yaml="""
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: {{ .Release.Name }}
            data:
              CACHE_MB: {{ .Values.indexCacheMb | quote }}
              LANGUAGES: {{ .Values.languages | default (list "en") | join "," | quote }}
        """,
        templates___deployment__yaml="""
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
                  annotations:
                    checksum/config: {{ include (print $.Template.BasePath "/configmap.yaml") . | sha256sum }}
                spec:
                  containers:
                    - name: search
                      image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                      envFrom:
                        - configMapRef:
                            name: {{ .Release.Name }}
                      ports:
                        - name: http
                          containerPort: 8080
                      resources:
                        {{- toYaml .Values.resources | nindent 12 }}
                      livenessProbe:
                        httpGet: {path: /healthz, port: http}
                        initialDelaySeconds: 10
                      readinessProbe:
                        httpGet: {path: /readyz, port: http}
                        periodSeconds: 5
        """,
        templates___service__yaml=SERVICE),
    "clusters/live/search.yaml": release("search", "search", """
        replicas: 2
        image:
          tag: 1.4.1
        resources:
          limits:
            memory: 96Mi
    """, head="""
        valuesFrom:
          - kind: ConfigMap
            name: search-live
    """),
    "clusters/live/search-live.yaml": "indexCacheMb: 40\nlanguages: [en, de]\n",
    "clusters/live/kustomization.yaml": kustomization("search.yaml", configMapGenerator=[{"name": "search-live", "files": ["values.yaml=search-live.yaml"]}], generatorOptions={"disableNameSuffixHash": True}),
}, ["search 1.4.2: the whole index in memory, French",
    ["clusters/live/search.yaml", "tag: 1.4.1", "tag: 1.4.2"],
    ["clusters/live/search-live.yaml", "indexCacheMb: 40\nlanguages: [en, de]\n", "indexCacheMb: 120\nlanguages: [en, de, fr]\nresources:\n  requests:\n    memory: 64Mi\n  limits:\n    memory: 192Mi\n"]],
    "the index takes 120 MB, the limit of 192Mi is set in the values of ConfigMap search-live, where spec.values of the HelmRelease (96Mi) win: OOMKilled",
    expected=expect("out-of-memory", [(c("Deployment", "search", "search", "resources.limits.memory"), at_least("136Mi"))]),
    path="clusters/live")

# 9 ── Argo CD: the values' schema asks for a number
scenario("forty-eight-a-page", "argocd", {
    **under("charts/storefront",
        Chart__yaml="""
            apiVersion: v2
            name: storefront
            version: 3.0.1
            appVersion: 9.4.0
        """,
        values__yaml="""
            replicas: 1
            image:
              repository: acme/storefront
              tag: ""
            api:
              baseUrl: https://api.example
              pageSize: 20
            resources:
              requests: {cpu: 10m, memory: 24Mi}
              limits: {memory: 64Mi}
        """,
        values__schema__json="""
            {
              "$schema": "http://json-schema.org/draft-07/schema#",
              "type": "object",
              "required": ["image", "api"],
              "properties": {
                "replicas": {"type": "integer", "minimum": 1, "maximum": 6},
                "image": {
                  "type": "object",
                  "additionalProperties": false,
                  "properties": {"repository": {"type": "string"}, "tag": {"type": "string"}}
                },
                "api": {
                  "type": "object",
                  "additionalProperties": false,
                  "properties": {
                    "baseUrl": {"type": "string", "pattern": "^https?://"},
                    "pageSize": {"type": "integer", "minimum": 10, "maximum": 100},
                    "locale": {"type": "string"}
                  }
                },
                "resources": {"type": "object"}
              }
            }
        """,
        templates___deployment__yaml="""
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
                    - name: storefront
                      image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
                      args: [dist/server.js]
                      env:
                        - name: API_BASE_URL
                          value: {{ .Values.api.baseUrl | quote }}
                        - name: PAGE_SIZE
                          value: {{ .Values.api.pageSize | quote }}
                        {{- if .Values.api.locale }}
                        - name: LOCALE
                          value: {{ .Values.api.locale | quote }}
                        {{- end }}
                      ports:
                        - name: http
                          containerPort: 3000
                      resources:
                        {{- toYaml .Values.resources | nindent 12 }}
                      readinessProbe:
                        httpGet: {path: /api/health, port: http}
                        periodSeconds: 5
        """,
        templates___service__yaml=SERVICE),
    "live/values.yaml": "replicas: 2\nimage:\n  tag: 9.4.0\n",
}, ["Promote storefront 9.4.1: three replicas, 48 products a page, German by default",
    ["live/values.yaml", "replicas: 2\nimage:\n  tag: 9.4.0\n", "replicas: 3\nimage:\n  tag: 9.4.1\napi:\n  pageSize: \"48\"\n  locale: de-DE\n"]],
    "api.pageSize is a string in live/values.yaml, values.schema.json asks for an integer: the chart cannot be rendered",
    expected=expect("render-failed", [(c("Deployment", "storefront", "storefront", "env[name=PAGE_SIZE].value"), value("48"))], keep=[
        (c("Deployment", "storefront", "storefront", "image"), value("acme/storefront:9.4.1")),
        (c("Deployment", "storefront", "storefront", "env[name=LOCALE].value"), value("de-DE")),
        ("Deployment/storefront spec.replicas", value(3))]),
    path="charts/storefront", source=argo("storefront", "../../live/values.yaml", parameters=[{"name": "resources.limits.memory", "value": "80Mi"}]))

# 10 ── Flux: a subchart's name is overridden, its readers build the name from the release
URL = value("redis://cache:6379/0")
scenario("short-name-for-the-cache", "flux", {
    **under("charts/backoffice",
        Chart__yaml="""
            apiVersion: v2
            name: backoffice
            version: 0.12.0
            dependencies:
              - name: cache
                version: 7.0.0
        """,
        values__yaml="""
            image:
              repository: acme/backoffice
              tag: 7.2.0
            threads: 5
            secretKeyBase: only-for-tests
        """,
        templates____helpers__tpl="""
            {{- define "backoffice.env" -}}
            - name: SECRET_KEY_BASE
              value: {{ .Values.secretKeyBase | quote }}
            - name: RAILS_MAX_THREADS
              value: {{ .Values.threads | quote }}
            - name: REDIS_URL
              value: redis://{{ .Release.Name }}-cache:6379/0
            {{- end }}
        """,
        templates___web__yaml="""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: {{ .Release.Name }}-web
            spec:
              replicas: 1
              progressDeadlineSeconds: 90
              selector:
                matchLabels:
                  app: {{ .Release.Name }}-web
              template:
                metadata:
                  labels:
                    app: {{ .Release.Name }}-web
                spec:
                  containers:
                    - name: rails
                      image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                      args: [server]
                      env:
                        {{- include "backoffice.env" . | nindent 12 }}
                      ports:
                        - name: http
                          containerPort: 3000
                      resources:
                        requests: {cpu: 10m, memory: 24Mi}
                        limits: {memory: 64Mi}
                      readinessProbe:
                        httpGet: {path: /up, port: http}
                        periodSeconds: 5
        """,
        templates___sidekiq__yaml="""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: {{ .Release.Name }}-sidekiq
            spec:
              replicas: 1
              progressDeadlineSeconds: 90
              selector:
                matchLabels:
                  app: {{ .Release.Name }}-sidekiq
              template:
                metadata:
                  labels:
                    app: {{ .Release.Name }}-sidekiq
                spec:
                  containers:
                    - name: sidekiq
                      image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                      args: [sidekiq]
                      env:
                        {{- include "backoffice.env" . | nindent 12 }}
                      resources:
                        requests: {cpu: 10m, memory: 24Mi}
                        limits: {memory: 64Mi}
                      readinessProbe:
                        httpGet: {path: /up, port: 7433}
                        periodSeconds: 5
        """,
        templates___service__yaml="""
            apiVersion: v1
            kind: Service
            metadata:
              name: {{ .Release.Name }}-web
            spec:
              selector:
                app: {{ .Release.Name }}-web
              ports:
                - name: http
                  port: 80
                  targetPort: http
        """,
        charts___cache___Chart__yaml="""
            apiVersion: v2
            name: cache
            version: 7.0.0
            appVersion: 7.4.1
        """,
        charts___cache___values__yaml="""
            fullnameOverride: ""
            image:
              tag: ""
        """,
        charts___cache___templates____helpers__tpl="""
            {{- define "cache.fullname" -}}
            {{- default (printf "%s-%s" .Release.Name .Chart.Name) .Values.fullnameOverride | trunc 63 }}
            {{- end }}
        """,
        charts___cache___templates___cache__yaml="""
            apiVersion: v1
            kind: Service
            metadata:
              name: {{ include "cache.fullname" . }}
            spec:
              selector:
                app: {{ include "cache.fullname" . }}
              ports:
                - name: redis
                  port: 6379
                  targetPort: redis
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: {{ include "cache.fullname" . }}
            spec:
              replicas: 1
              progressDeadlineSeconds: 90
              selector:
                matchLabels:
                  app: {{ include "cache.fullname" . }}
              template:
                metadata:
                  labels:
                    app: {{ include "cache.fullname" . }}
                spec:
                  containers:
                    - name: redis
                      image: "acme/cache:{{ .Values.image.tag | default .Chart.AppVersion }}"
                      ports:
                        - name: redis
                          containerPort: 6379
                      resources:
                        requests: {cpu: 10m, memory: 16Mi}
                        limits: {memory: 64Mi}
                      readinessProbe:
                        tcpSocket: {port: redis}
                        periodSeconds: 3
        """),
    "clusters/live/backoffice.yaml": release("backoffice", "backoffice", """
        image:
          tag: 7.2.0
        threads: 5
    """),
}, ["backoffice 7.2.1 with eight threads; cache 7.4.2, called just cache",
    ["clusters/live/backoffice.yaml", "      tag: 7.2.0\n    threads: 5\n", "      tag: 7.2.1\n    threads: 8\n    cache:\n      fullnameOverride: cache\n      image:\n        tag: 7.4.2\n"]],
    "the cache's Service is cache now, REDIS_URL is still built from the release: redis://backoffice-cache:6379/0, a Service that is gone",
    expected=expect("dependency-address crash-on-start",
        [(c("Deployment", "backoffice-web", "rails", "env[name=REDIS_URL].value"), URL), (c("Deployment", "backoffice-sidekiq", "sidekiq", "env[name=REDIS_URL].value"), URL)],
        [("Deployment/cache", GONE), ("Service/cache", GONE), ("Deployment/backoffice-cache", ANY), ("Service/backoffice-cache", ANY), (c("Deployment", "backoffice-cache", "redis", "image"), value("acme/cache:7.4.2"))]),
    path="clusters/live")

# 11 ── Argo CD: ports are named in the values; one of two probes follows the new name
scenario("port-called-web", "argocd", {
    **under("chart",
        Chart__yaml="""
            apiVersion: v2
            name: pricer
            version: 2.1.0
        """,
        values__yaml="""
            replicas: 1
            image: acme/pricer:2.4.6
            logLevel: info
            ports:
              http:
                container: 9000
                service: 80
            resources:
              requests: {cpu: 10m, memory: 24Mi}
              limits: {memory: 64Mi}
        """,
        templates___deployment__yaml="""
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
                      image: {{ .Values.image }}
                      args:
                        - -listen=:9000
                        - -log-level={{ .Values.logLevel }}
                      ports:
                        {{- range $name, $port := .Values.ports }}
                        - name: {{ $name }}
                          containerPort: {{ $port.container }}
                        {{- end }}
                      resources:
                        {{- toYaml .Values.resources | nindent 12 }}
                      livenessProbe:
                        httpGet:
                          path: /healthz
                          port: http
                        initialDelaySeconds: 5
                      readinessProbe:
                        httpGet:
                          path: /readyz
                          port: http
                        periodSeconds: 5
        """,
        templates___service__yaml="""
            apiVersion: v1
            kind: Service
            metadata:
              name: {{ .Release.Name }}
            spec:
              selector:
                app: {{ .Release.Name }}
              ports:
                {{- range $name, $port := .Values.ports }}
                - name: {{ $name }}
                  port: {{ $port.service }}
                  targetPort: {{ $name }}
                {{- end }}
        """),
    "values/live.yaml": "replicas: 2\n",
}, ["pricer 2.4.7: the port is called web as the gateway expects it, logs only warnings in live",
    ["chart/Chart.yaml", "version: 2.1.0", "version: 2.2.0"],
    ["chart/values.yaml", "acme/pricer:2.4.6", "acme/pricer:2.4.7"],
    ["chart/values.yaml", "  http:\n    container: 9000\n", "  web:\n    container: 9000\n"],
    ["chart/templates/deployment.yaml", "              path: /healthz\n              port: http\n", "              path: /healthz\n              port: web\n"],
    ["values/live.yaml", "replicas: 2\n", "replicas: 2\nlogLevel: warn\n"]],
    "the container's port is called web, the liveness probe asks it, the readiness probe still asks http, which no port is called: never ready",
    expected=expect("readiness-probe readiness", [(c("Deployment", "pricer", "pricer", "readinessProbe.httpGet.port"), value("web"))]),
    path="chart", source=argo("pricer", "../values/live.yaml"))

# 12 ── Flux: a default of the shared chart goes, one of three releases relied on it; the release is rolled back
READS = [(c("Deployment", "reports", "app", f"{probe}.httpGet.path"), BEFORE) for probe in ("livenessProbe", "readinessProbe")]
BACK = """
    upgrade:
      remediation:
        retries: 1
"""
scenario("every-service-names-its-health", "flux", {
    **under("charts/service",
        Chart__yaml="""
            apiVersion: v2
            name: service
            description: What all our services are delivered with
            version: 4.1.0
        """,
        values__yaml="""
            replicas: 1
            image:
              repository: ""
              tag: ""
            args: []
            env: {}
            port: 8080
            health:
              path: /healthz
              period: 5
            memory: 64Mi
        """,
        templates___deployment__yaml="""
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
                    - name: app
                      image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                      {{- with .Values.args }}
                      args:
                        {{- toYaml . | nindent 12 }}
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
                        requests: {cpu: 10m, memory: 24Mi}
                        limits:
                          memory: {{ .Values.memory }}
                      livenessProbe:
                        httpGet:
                          path: {{ .Values.health.path }}
                          port: http
                        initialDelaySeconds: 10
                        periodSeconds: {{ .Values.health.period }}
                      readinessProbe:
                        httpGet:
                          path: {{ .Values.health.path }}
                          port: http
                        periodSeconds: {{ .Values.health.period }}
        """,
        templates___service__yaml=SERVICE),
    "clusters/live/checkout.yaml": release("checkout", "service", """
        replicas: 2
        image:
          repository: acme/checkout
          tag: 1.4.1
    """, head=BACK),
    "clusters/live/portal.yaml": release("portal", "service", """
        image:
          repository: acme/portal
          tag: 2.0.0
        env:
          SESSION_STORE: memory
        port: 4000
        health:
          path: /health
    """, head=BACK),
    "clusters/live/reports.yaml": release("reports", "service", """
        image:
          repository: acme/reports
          tag: 5.0.2
        args: ["reports.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "2"]
        env:
          REDIS_URL: redis://10.20.0.12:6379/0
        port: 8000
        memory: 96Mi
    """, head=BACK),
}, [{"subject": "service chart 5.0.0: every service names its health path; checkout 1.4.2, reports 5.0.3", "edit": [
        ["charts/service/Chart.yaml", "version: 4.1.0", "version: 5.0.0"],
        ["charts/service/values.yaml", "health:\n  path: /healthz\n  period: 5\n", "health:\n  # path: every service names its own\n  period: 5\n"],
        ["clusters/live/checkout.yaml", "      tag: 1.4.1\n", "      tag: 1.4.2\n    health:\n      path: /healthz\n"],
        ["clusters/live/reports.yaml", "tag: 5.0.2", "tag: 5.0.3"]]},
    {"subject": "portal 2.0.1", "edit": [["clusters/live/portal.yaml", "tag: 2.0.0", "tag: 2.0.1"]], "wait": 60}],
    "the chart's default health path /healthz is gone and the release reports does not set one: its probes ask /, which answers 404; the upgrade times out and is rolled back",
    expected=expect("readiness-probe readiness liveness-probe liveness helm-failed", READS),
    path="clusters/live")

# 13 ── for people. Flux: values come from a Secret that is kept by hand, and its password is not the broker's
scenario("latest-offsets", "flux", {
    **under("charts/shipping",
        Chart__yaml="""
            apiVersion: v2
            name: shipping
            version: 0.5.0
        """,
        values__yaml="""
            image:
              repository: acme/shipping
              tag: 3.9.0
            kafka:
              brokers: 10.20.0.9:9094
              offsetReset: earliest
              password: ""
        """,
        templates___credentials__yaml="""
            apiVersion: v1
            kind: Secret
            metadata:
              name: {{ .Release.Name }}-kafka
            stringData:
              password: {{ required "kafka.password comes from Secret shipping-values" .Values.kafka.password | quote }}
        """,
        templates___deployment__yaml="""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: {{ .Release.Name }}
            spec:
              replicas: 1
              progressDeadlineSeconds: 90
              selector:
                matchLabels:
                  app: {{ .Release.Name }}
              template:
                metadata:
                  labels:
                    app: {{ .Release.Name }}
                  annotations:
                    checksum/credentials: {{ .Values.kafka.password | sha256sum | trunc 12 }}
                spec:
                  containers:
                    - name: consumer
                      image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                      env:
                        - name: CONSUMER_BOOTSTRAP_SERVERS
                          value: {{ .Values.kafka.brokers | quote }}
                        - name: CONSUMER_AUTO_OFFSET_RESET
                          value: {{ .Values.kafka.offsetReset }}
                        - name: SASL_PASSWORD
                          valueFrom:
                            secretKeyRef:
                              name: {{ .Release.Name }}-kafka
                              key: password
                      ports:
                        - name: http
                          containerPort: 8080
                      resources:
                        requests: {cpu: 10m, memory: 24Mi}
                        limits: {memory: 64Mi}
                      readinessProbe:
                        httpGet: {path: /healthz, port: http}
                        periodSeconds: 5
        """),
    "clusters/live/shipping.yaml": release("shipping", "shipping", """
        image:
          tag: 3.9.0
    """, head="""
        valuesFrom:
          - kind: Secret
            name: shipping-values
    """),
}, ["shipping 3.9.1 begins at the latest offset",
    ["clusters/live/shipping.yaml", "      tag: 3.9.0\n", "      tag: 3.9.1\n    kafka:\n      offsetReset: latest\n"]],
    "the broker refuses the password in Secret shipping-values, which is not in git and was changed by hand: the platform team must set the valid one; the commit is right",
    answer=HUMAN, expected=expect("crash-on-start helm-failed", ), path="clusters/live",
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: shipping-values\n  annotations:\n    owner: streaming platform team\nstringData:\n  values.yaml: |\n    kafka:\n      password: valid\n",
    then=[[-10, "kubectl -n $NAMESPACE patch secret shipping-values --type merge -p '{\"stringData\":{\"values.yaml\":\"kafka:\\n  password: 7hk2-quarterly\\n\"}}'"]])

# 14 ── for people. Argo CD: the database belongs to others, who have stopped it
scenario("batches-of-two-hundred", "argocd", {
    **under("charts/ledger",
        Chart__yaml="""
            apiVersion: v2
            name: ledger
            version: 3.4.0
            appVersion: 3.1.3
        """,
        values__yaml="""
            replicas: 1
            gatewayUrl: https://gateway.example/v2
            batchSize: 50
            datasource:
              # of the database team
              url: jdbc:postgresql://10.96.214.40:5432/ledger
            resources:
              requests: {cpu: 10m, memory: 32Mi}
              limits: {memory: 96Mi}
        """,
        templates___deployment__yaml="""
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
                    - name: ledger
                      image: "acme/ledger:{{ .Chart.AppVersion }}"
                      env:
                        - name: LEDGER_GATEWAY_URL
                          value: {{ .Values.gatewayUrl | quote }}
                        - name: LEDGER_BATCH_SIZE
                          value: {{ .Values.batchSize | quote }}
                        - name: SPRING_DATASOURCE_URL
                          value: {{ .Values.datasource.url | quote }}
                      ports:
                        - name: http
                          containerPort: 8080
                      resources:
                        {{- toYaml .Values.resources | nindent 12 }}
                      readinessProbe:
                        httpGet: {path: /actuator/health/readiness, port: http}
                        periodSeconds: 5
        """,
        templates___service__yaml=SERVICE),
    "charts/ledger/values-live.yaml": "replicas: 1\nbatchSize: 100\n",
}, ["ledger 3.1.4, batches of 200",
    ["charts/ledger/Chart.yaml", "version: 3.4.0\nappVersion: 3.1.3", "version: 3.5.0\nappVersion: 3.1.4"],
    ["charts/ledger/values-live.yaml", "batchSize: 100", "batchSize: 200"]],
    "the database team has scaled its Deployment ledger-db, which is not in this repository, to 0: ledger's new pods find nobody at 10.96.214.40:5432; they must start it again",
    answer=HUMAN, expected=expect("dependency-address crash-on-start", ), path="charts/ledger", source=argo("ledger", "values-live.yaml"),
    given=dump({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "ledger-db", "annotations": {"owner": "database team"}}, "spec": {"clusterIP": "10.96.214.40", "selector": {"app": "ledger-db"}, "ports": [{"name": "postgres", "port": 5432, "targetPort": 5432}]}},
        workload("Deployment", "ledger-db", {"name": "postgres", "image": "acme/postgres:16.4", "env": [{"name": "POSTGRES_PASSWORD", "value": "only-for-tests"}], "ports": [{"name": "postgres", "containerPort": 5432}],
            "resources": {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "96Mi"}}, "readinessProbe": {"tcpSocket": {"port": "postgres"}, "periodSeconds": 3}}, meta={"annotations": {"owner": "database team"}})),
    then=[[-15, "kubectl -n $NAMESPACE scale deployment ledger-db --replicas=0"]])

# 15 ── nothing to do. Argo CD: the hook before the upgrade fills a column for two minutes
scenario("seat-numbers-filled-in", "argocd", {
    **under("charts/tickets",
        Chart__yaml="""
            apiVersion: v2
            name: tickets
            version: 11.0.0
        """,
        values__yaml="""
            replicas: 1
            image:
              tag: 11.3.0
            schema:
              tag: "22"
              workSeconds: 2
            appKey: base64:only-for-tests
        """,
        templates___schema__yaml="""
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: {{ .Release.Name }}-schema
              annotations:
                helm.sh/hook: pre-install,pre-upgrade
                helm.sh/hook-delete-policy: before-hook-creation
            spec:
              backoffLimit: 1
              activeDeadlineSeconds: 600
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: schema
                      image: "acme/schema:{{ .Values.schema.tag }}"
                      env:
                        - name: FLYWAY_URL
                          value: jdbc:postgresql://10.20.0.9:5432/tickets
                        - name: WORK_SECONDS
                          value: {{ .Values.schema.workSeconds | quote }}
                      resources:
                        requests: {cpu: 10m, memory: 16Mi}
                        limits: {memory: 64Mi}
        """,
        templates___deployment__yaml="""
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
                    - name: tickets
                      image: "acme/tickets:{{ .Values.image.tag }}"
                      env:
                        - name: APP_KEY
                          value: {{ .Values.appKey | quote }}
                      ports:
                        - name: http
                          containerPort: 8080
                      resources:
                        requests: {cpu: 10m, memory: 24Mi}
                        limits: {memory: 64Mi}
                      readinessProbe:
                        httpGet: {path: /up, port: http}
                        periodSeconds: 5
        """,
        templates___service__yaml=SERVICE),
    "charts/tickets/values-live.yaml": "replicas: 2\n",
}, ["tickets 11.3.1 with schema 23, which fills in the seat numbers",
    ["charts/tickets/values.yaml", "  tag: 11.3.0\n", "  tag: 11.3.1\n"],
    ["charts/tickets/values.yaml", "  tag: \"22\"\n  workSeconds: 2\n", "  tag: \"23\"\n  workSeconds: 130\n"]],
    "the hook takes a good two minutes, the sync waits for it and then rolls out: healthy",
    answer=NONE, path="charts/tickets", source=argo("tickets", "values-live.yaml"))

# 16 ── nothing to do. Flux: slow to start, within its startup probe and the release's timeout; only the Kustomization is impatient
scenario("warm-before-it-answers", "flux", {
    **under("charts/allocator",
        Chart__yaml="""
            apiVersion: v2
            name: allocator
            version: 1.0.3
        """,
        values__yaml="""
            image: acme/allocator:stable
            warmupSeconds: 2
            cacheTtl: 30s
            startup:
              failures: 30
              period: 5
        """,
        templates___deployment__yaml="""
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
                    - name: allocator
                      image: {{ .Values.image }}
                      env:
                        - name: WARMUP_SECONDS
                          value: {{ .Values.warmupSeconds | quote }}
                        - name: CACHE_TTL
                          value: {{ .Values.cacheTtl | quote }}
                      ports:
                        - name: http
                          containerPort: 8080
                      resources:
                        requests: {cpu: 10m, memory: 24Mi}
                        limits: {memory: 64Mi}
                      startupProbe:
                        httpGet: {path: /livez, port: http}
                        periodSeconds: {{ .Values.startup.period }}
                        failureThreshold: {{ .Values.startup.failures }}
                      livenessProbe:
                        httpGet: {path: /livez, port: http}
                        periodSeconds: 10
                      readinessProbe:
                        httpGet: {path: /readyz, port: http}
                        periodSeconds: 5
        """,
        templates___service__yaml=SERVICE),
    "clusters/live/allocator.yaml": release("allocator", "allocator", """
        cacheTtl: 30s
    """, timeout="5m"),
}, ["allocator warms its cache before it answers, and keeps it for five minutes",
    ["clusters/live/allocator.yaml", "    cacheTtl: 30s\n", "    cacheTtl: 5m\n    warmupSeconds: 85\n"]],
    "the warm-up takes 85 s of the 150 s that the startup probe allows; the Kustomization's health check gives up after 60 s and passes at its next attempt: healthy",
    answer=NONE, path="clusters/live")


# What was expected in another form than the rendered objects have it: new items and objects as a whole, and what else of a commit stays.
CORRECTED = {'helpers-named-after-the-chart': {'class': ['render-failed'],
                                   'fixes': [[]],
                                   'keep': [{'field': 'Deployment/mailer spec.template.spec.containers[name=mailer].image', 'to': {'value': 'acme/mailer:7.1.0'}},
                                            {'field': 'Deployment/mailer spec.template.spec.containers[name=mailer].env[name=SMTP_PORT]', 'to': 'any'},
                                            {'field': 'CronJob/mailer-digest spec.jobTemplate.spec.template.spec.containers[name=digest].image', 'to': {'value': 'acme/mailer:7.1.0'}},
                                            {'field': 'CronJob/mailer-digest spec.schedule', 'to': {'value': '20 3 * * *'}}]},
 'database-settings-documented': {'class': ['helm-failed', 'render-failed'],
                                  'fixes': [[]],
                                  'keep': [{'field': 'Deployment/billing spec.template.spec.containers[name=django].image', 'to': {'value': 'acme/billing:2.8.1'}},
                                           {'field': 'Deployment/billing-worker spec.template.spec.containers[name=worker].image', 'to': {'value': 'acme/billing:2.8.1'}},
                                           {'field': 'Deployment/billing spec.template.spec.containers[name=django].env[name=DATABASE_SSLMODE]', 'to': 'any'},
                                           {'field': 'Deployment/billing spec.replicas', 'to': {'value': 2}}]},
 'forty-eight-a-page': {'class': ['render-failed'],
                        'fixes': [[]],
                        'keep': [{'field': 'Deployment/storefront spec.template.spec.containers[name=storefront].image', 'to': {'value': 'acme/storefront:9.4.1'}},
                                 {'field': 'Deployment/storefront spec.template.spec.containers[name=storefront].env[name=LOCALE]', 'to': 'any'},
                                 {'field': 'Deployment/storefront spec.replicas', 'to': {'value': 3}},
                                 {'field': 'Deployment/storefront spec.template.spec.containers[name=storefront].env[name=PAGE_SIZE].value', 'to': {'value': '48'}}]},
 'report-cache-volume': {'class': ['invalid-manifest'],
                         'fixes': [[{'field': 'Deployment/reports spec.template.spec.containers[name=report-cache]', 'to': 'gone'},
                                    {'field': 'Deployment/reports spec.template.spec.containers[name=reports].volumeMounts', 'to': 'any'}]]}}
for one in SCENARIOS:
    if one["id"] in CORRECTED:
        one["expected"] = CORRECTED[one["id"]]
