"""An ordinary night shift of a team where everything is a Helm chart."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
globals().setdefault("DELETE", object())
SCENARIOS, scenario = batch(2036)


def release(name, chart, values="", more="", remediation="rollback", timeout="60s"):
    """A HelmRelease with the chart of the same repository."""
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
              chart: {chart}
              reconcileStrategy: Revision
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
    """)
    if remediation:
        head += text("""
            install:
              remediation:
                retries: 1
            upgrade:
              remediation:
                retries: 1
                strategy: rollback
        """).replace("\n", "\n  ").rstrip(" ").join(["  ", ""])
    if more:
        head += textwrap.indent(text(more), "  ")
    return head + ("  values:\n" + textwrap.indent(text(values), "    ") if values else "")


def chart_yaml(name, version, app=None, more=""):
    return f"apiVersion: v2\nname: {name}\ntype: application\nversion: {version}\n" + (f"appVersion: {app}\n" if app else "") + more


def helpers(name):
    return text("""
        {{- define "NAME.fullname" -}}
        {{- default .Chart.Name .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
        {{- end }}

        {{- define "NAME.selectorLabels" -}}
        app.kubernetes.io/name: {{ include "NAME.fullname" . }}
        {{- end }}

        {{- define "NAME.labels" -}}
        helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
        {{ include "NAME.selectorLabels" . }}
        app.kubernetes.io/managed-by: {{ .Release.Service }}
        {{- end }}
    """).replace("NAME", name)


def chart_service(name):
    return text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ include "NAME.fullname" . }}
          labels:
            {{- include "NAME.labels" . | nindent 4 }}
        spec:
          selector:
            {{- include "NAME.selectorLabels" . | nindent 4 }}
          ports:
            - name: http
              port: {{ .Values.service.port }}
              targetPort: http
    """).replace("NAME", name)


def chart_deployment(name, container, pod="", pod_meta="", deadline=90):
    """The common part of this team's Deployments; `container` and `pod` are template text with their own indentation of 0."""
    head = text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ include "NAME.fullname" . }}
          labels:
            {{- include "NAME.labels" . | nindent 4 }}
        spec:
          replicas: {{ .Values.replicaCount }}
          progressDeadlineSeconds: DEADLINE
          selector:
            matchLabels:
              {{- include "NAME.selectorLabels" . | nindent 6 }}
          template:
            metadata:
              labels:
                {{- include "NAME.selectorLabels" . | nindent 8 }}
    """).replace("NAME", name).replace("DEADLINE", str(deadline))
    if pod_meta:
        head += textwrap.indent(text(pod_meta), " " * 6)
    head += "    spec:\n      containers:\n" + textwrap.indent(text(container), " " * 8)
    if pod:
        head += textwrap.indent(text(pod), " " * 6)
    return head


def D(name, rest, container=None):
    return c("Deployment", name, container or name, rest)


# 1 ── Argo CD: appVersion 1.10 is a number, and the chart's image tag is 1.1
scenario("app-version-ten", "argocd", {
    "charts/inventory/Chart.yaml": chart_yaml("inventory", "0.7.3", "1.9", "description: Stock levels of all warehouses\n"),
    "charts/inventory/values.yaml": text("""
        replicaCount: 1
        image:
          repository: acme/inventory
          # overrides the chart's appVersion
          tag: ""
          pullPolicy: IfNotPresent
        cacheTtl: 30s
        service:
          port: 80
        resources:
          requests:
            cpu: 10m
            memory: 16Mi
          limits:
            memory: 64Mi
    """),
    "charts/inventory/templates/_helpers.tpl": helpers("inventory"),
    "charts/inventory/templates/service.yaml": chart_service("inventory"),
    "charts/inventory/templates/deployment.yaml": chart_deployment("inventory", """
        - name: inventory
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          env:
            - name: CACHE_TTL
              value: {{ .Values.cacheTtl | quote }}
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
    "env/live/inventory.yaml": text("""
        replicaCount: 2
        cacheTtl: 45s
    """),
}, ["inventory 1.10, longer cache in live",
    ["charts/inventory/Chart.yaml", "version: 0.7.3\nappVersion: 1.9\n", "version: 0.8.0\nappVersion: 1.10\n"],
    ["env/live/inventory.yaml", "cacheTtl: 45s", "cacheTtl: 90s"]],
    "appVersion 1.10 without quotes is the number 1.1: the chart asks for acme/inventory:1.1, which does not exist",
    expected=expect("image-not-found",
        [(D("inventory", "image"), value("acme/inventory:1.10"))],
        [(D("inventory", "image"), BEFORE)]),
    path="charts/inventory", source={"helm": {"releaseName": "inventory", "valueFiles": ["../../env/live/inventory.yaml"]}})

# 2 ── Argo CD: a second env block in the values, of which the last one counts
scenario("black-week-banner", "argocd", {
    "chart/Chart.yaml": chart_yaml("storefront", "3.4.0"),
    "chart/values.yaml": text("""
        replicaCount: 1
        image:
          repository: acme/storefront
          tag: 9.4.0
        env: {}
        service:
          port: 80
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
    """),
    "chart/templates/_helpers.tpl": helpers("storefront"),
    "chart/templates/service.yaml": chart_service("storefront"),
    "chart/templates/deployment.yaml": chart_deployment("storefront", """
        - name: storefront
          image: {{ .Values.image.repository }}:{{ .Values.image.tag }}
          args: ["dist/server.js"]
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
          livenessProbe:
            httpGet: {path: /api/health, port: http}
            initialDelaySeconds: 8
          readinessProbe:
            httpGet: {path: /api/health, port: http}
            periodSeconds: 5
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
    """),
    "values/common.yaml": text("""
        # all stages
        resources:
          limits:
            memory: 128Mi
    """),
    "values/live.yaml": text("""
        # live shop, owner: team storefront
        replicaCount: 2

        env:
          API_BASE_URL: https://api.example
          PAGE_SIZE: 24
          CURRENCY: EUR

        image:
          tag: 9.4.0   # bumped by the release train

        service:
          port: 80
    """),
}, ["storefront 9.4.1, banner and long lists for Black Week",
    ["values/live.yaml", "tag: 9.4.0", "tag: 9.4.1"],
    ["values/live.yaml", "service:\n  port: 80\n", "service:\n  port: 80\n\n# Black Week, until 2 December\nenv:\n  BANNER: black-week\n  PAGE_SIZE: 48\n"]],
    "values/live.yaml has two env blocks now, the last one counts: API_BASE_URL and CURRENCY are lost, the program requires API_BASE_URL",
    expected=expect("crash-on-start",
        [(D("storefront", "env[name=API_BASE_URL].value"), BEFORE), (D("storefront", "env[name=CURRENCY].value"), BEFORE)]),
    path="chart", source={"helm": {"releaseName": "storefront", "valueFiles": ["../values/common.yaml", "../values/live.yaml"]}})

# 3 ── Argo CD: the first pod annotations ever meet the chart's indent
scenario("scrape-annotations", "argocd", {
    "charts/mailer/Chart.yaml": chart_yaml("mailer", "1.2.5"),
    "charts/mailer/values.yaml": text("""
        replicaCount: 1
        image: {repository: acme/mailer, tag: 7.0.5}
        smtp:
          host: smtp.example
        podAnnotations: {}
        service: {port: 80}
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
    """),
    "charts/mailer/templates/_helpers.tpl": helpers("mailer"),
    "charts/mailer/templates/service.yaml": chart_service("mailer"),
    "charts/mailer/templates/deployment.yaml": chart_deployment("mailer", """
        - name: mailer
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          env:
            - name: SMTP_HOST
              value: {{ required "smtp.host" .Values.smtp.host }}
          ports:
            - name: http
              containerPort: 3000
          readinessProbe:
            httpGet:
              path: /up
              port: http
            periodSeconds: 5
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
    """, pod_meta="""
        {{- with .Values.podAnnotations }}
        annotations:
          {{ toYaml . | indent 8 }}
        {{- end }}
    """),
    "env/mailer-live.yaml": text("""
        smtp:
          host: smtp-out.example
        replicaCount: 1
    """),
}, ["mailer 7.1.0, two of them, with metrics",
    ["env/mailer-live.yaml", "replicaCount: 1\n", "replicaCount: 2\nimage:\n  tag: 7.1.0\npodAnnotations:\n  prometheus.io/port: \"3000\"\n  prometheus.io/scrape: \"true\"\n"]],
    "the chart writes pod annotations with `{{ toYaml . | indent 8 }}` on an indented line: the first entry is indented twice, no valid YAML as soon as there are two; nindent with {{- is right",
    expected=expect("render-failed", [], keep=[
        (D("mailer", "image"), value("acme/mailer:7.1.0")), ("Deployment/mailer spec.replicas", value(2)),
        ('Deployment/mailer spec.template.metadata.annotations["prometheus.io/port"]', value("3000")),
        ('Deployment/mailer spec.template.metadata.annotations["prometheus.io/scrape"]', value("true"))]),
    path="charts/mailer", source={"helm": {"releaseName": "mailer", "valueFiles": ["../../env/mailer-live.yaml"]}})

# 4 ── Argo CD: a probe of the values is merged with the chart's default
scenario("two-handlers", "argocd", {
    "charts/billing/Chart.yaml": chart_yaml("billing", "5.1.0", '"2.8"'),
    "charts/billing/values.yaml": text("""
        replicaCount: 1
        image:
          repository: acme/billing
          tag: 2.8.0
        database:
          host: 10.20.0.7
        livenessProbe:
          httpGet:
            path: /health
            port: http
          initialDelaySeconds: 6
          periodSeconds: 10
        readinessProbe:
          httpGet:
            path: /ready
            port: http
          periodSeconds: 5
        service:
          port: 80
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
    """),
    "charts/billing/templates/_helpers.tpl": helpers("billing"),
    "charts/billing/templates/service.yaml": chart_service("billing"),
    "charts/billing/templates/deployment.yaml": chart_deployment("billing", """
        - name: billing
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          env:
            - name: SECRET_KEY
              value: only-for-tests
            - name: DATABASE_HOST
              value: {{ .Values.database.host | quote }}
          ports:
            - name: http
              containerPort: 8000
          {{- with .Values.livenessProbe }}
          livenessProbe:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with .Values.readinessProbe }}
          readinessProbe:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
    """),
    "env/live/billing.yaml": text("""
        replicaCount: 2
        database:
          host: 10.20.0.8
        image:
          tag: 2.8.0
    """),
}, ["billing 2.8.1, liveness only looks at the socket",
    ["env/live/billing.yaml", "  tag: 2.8.0\n", "  tag: 2.8.1\nlivenessProbe:\n  tcpSocket:\n    port: http\n  periodSeconds: 15\n"]],
    "Helm merges the values' tcpSocket with the chart's default httpGet: a liveness probe with two handlers, which the API server refuses; httpGet must be null beside it",
    expected=expect("invalid-manifest liveness-probe liveness",
        [(D("billing", "livenessProbe.httpGet"), GONE)],
        [(D("billing", "livenessProbe.tcpSocket"), GONE)],
        [(D("billing", "livenessProbe.tcpSocket"), GONE), (D("billing", "livenessProbe.periodSeconds"), BEFORE)]),
    path="charts/billing", source={"helm": {"releaseName": "billing", "valueFiles": ["../../env/live/billing.yaml"]}})

# 5 ── Argo CD, never worked: the values' number is a string, the chart's schema says no
scenario("pool-size-schema", "argocd", {
    "charts/quotes/Chart.yaml": chart_yaml("quotes", "0.1.0"),
    "charts/quotes/values.yaml": text("""
        replicaCount: 1
        image:
          repository: acme/quotes
          tag: 1.12.1
        database:
          url: ""
          poolSize: 5
        service:
          port: 80
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
    """),
    "charts/quotes/values.schema.json": text("""
        {
          "$schema": "http://json-schema.org/draft-07/schema#",
          "type": "object",
          "required": ["database"],
          "properties": {
            "replicaCount": {"type": "integer", "minimum": 1},
            "database": {
              "type": "object",
              "required": ["url", "poolSize"],
              "properties": {
                "url": {"type": "string", "minLength": 1},
                "poolSize": {"type": "integer", "minimum": 1, "maximum": 40}
              },
              "additionalProperties": false
            }
          }
        }
    """),
    "charts/quotes/templates/_helpers.tpl": helpers("quotes"),
    "charts/quotes/templates/service.yaml": chart_service("quotes"),
    "charts/quotes/templates/deployment.yaml": chart_deployment("quotes", """
        - name: quotes
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          env:
            - name: DATABASE_URL
              value: {{ .Values.database.url | quote }}
            - name: POOL_SIZE
              value: {{ .Values.database.poolSize | quote }}
          ports:
            - name: http
              containerPort: 8000
          readinessProbe:
            httpGet: {path: /healthz, port: http}
            periodSeconds: 5
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
    """),
    "env/test/quotes.yaml": "database:\n  url: postgresql://quotes@10.21.0.5/quotes\n  poolSize: 4\n",
    "env/live/quotes.yaml": "replicaCount: 2\ndatabase:\n  url: postgresql://quotes@10.20.0.5/quotes\n  poolSize: \"16\"\n",
}, [],
    "the live values give poolSize as a string, \"16\"; the chart's schema wants an integer",
    expected=expect("render-failed", [], keep=[
        (D("quotes", "env[name=POOL_SIZE].value"), value("16")), (D("quotes", "env[name=DATABASE_URL].value"), value("postgresql://quotes@10.20.0.5/quotes")),
        (D("quotes", "image"), value("acme/quotes:1.12.1")), ("Deployment/quotes spec.replicas", value(2))]),
    path="charts/quotes", never_worked=True, source={"helm": {"releaseName": "quotes", "valueFiles": ["../../env/live/quotes.yaml"]}})

# 6 ── Argo CD: the chart's file has another name, the ConfigMap's key with it, the argument not; a second commit on top
CONF = "# sessions and carts\nport 6379\ndir /data\nmaxmemory {}\nmaxmemory-policy allkeys-lru\nappendonly no\n"
scenario("conf-by-another-name", "argocd", {
    "charts/cache/Chart.yaml": chart_yaml("cache", "2.0.1"),
    "charts/cache/values.yaml": text("""
        replicaCount: 1
        image:
          repository: acme/cache
          tag: 7.4.1
        persistence:
          enabled: false
        resources:
          requests: {cpu: 10m, memory: 16Mi}
          limits: {memory: 64Mi}
    """),
    "charts/cache/files/redis.conf": CONF.format("32mb"),
    "charts/cache/templates/configmap.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ .Release.Name }}-conf
        data:
          {{- (.Files.Glob "files/*.conf").AsConfig | nindent 2 }}
    """),
    "charts/cache/templates/statefulset.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: {{ .Release.Name }}
          labels:
            app: {{ .Release.Name }}
        spec:
          serviceName: {{ .Release.Name }}
          podManagementPolicy: Parallel
          replicas: {{ .Values.replicaCount }}
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
            spec:
              terminationGracePeriodSeconds: 5
              containers:
                - name: redis
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  args: ["/etc/redis/redis.conf"]
                  ports:
                    - name: redis
                      containerPort: 6379
                  readinessProbe:
                    httpGet: {path: /ping, port: redis}
                    periodSeconds: 5
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  volumeMounts:
                    - name: conf
                      mountPath: /etc/redis
                      readOnly: true
                    - name: data
                      mountPath: /data
              volumes:
                - name: conf
                  configMap:
                    name: {{ .Release.Name }}-conf
                {{- if not .Values.persistence.enabled }}
                - name: data
                  emptyDir: {}
                {{- end }}
    """),
    "charts/cache/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
        spec:
          clusterIP: None
          selector:
            app: {{ .Release.Name }}
          ports:
            - name: redis
              port: 6379
              targetPort: redis
    """),
    "env/live.yaml": "resources:\n  limits:\n    memory: 96Mi\n",
}, [{"subject": "cache chart: file named after its use, 48 MB", "edit": [
        ["charts/cache/files/redis.conf", CONF.format("32mb"), DELETE],
        ["charts/cache/files/sessions.conf", None, CONF.format("48mb")],
        ["charts/cache/Chart.yaml", "version: 2.0.1", "version: 2.1.0"]]},
    {"subject": "cache 7.4.2 live", "edit": [["env/live.yaml", "resources:\n", "image:\n  tag: 7.4.2\nresources:\n"]], "wait": 40}],
    "the chart starts redis with /etc/redis/redis.conf, the file and with it the ConfigMap's key is sessions.conf now",
    expected=expect("crash-on-start config-key-missing volume-mount",
        [(c("StatefulSet", "cache", "redis", "args[0]"), value("/etc/redis/sessions.conf"))],
        [('ConfigMap/cache-conf data["redis.conf"]', value(CONF.format("48mb"))), ('ConfigMap/cache-conf data["sessions.conf"]', GONE)],
        [(pod("StatefulSet", "cache", "volumes[name=conf].configMap.items"), value([{"key": "sessions.conf", "path": "redis.conf"}]))]),
    path="charts/cache", source={"helm": {"releaseName": "cache", "valueFiles": ["../../env/live.yaml"]}})

# 7 ── Flux: a large number of the values comes out as 2e+06
scenario("two-million", "flux", {
    "charts/ledger/Chart.yaml": chart_yaml("ledger", "4.0.2"),
    "charts/ledger/values.yaml": text("""
        replicaCount: 1
        image:
          repository: acme/ledger
          tag: 3.1.3
        gateway:
          url: https://gateway.example/v2
        batch:
          size: 50
        javaOptions: "-XX:MaxRAMPercentage=70"
        service:
          port: 80
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
    """),
    "charts/ledger/templates/_helpers.tpl": helpers("ledger"),
    "charts/ledger/templates/service.yaml": chart_service("ledger"),
    "charts/ledger/templates/deployment.yaml": chart_deployment("ledger", """
        - name: ledger
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          env:
            - name: LEDGER_GATEWAY_URL
              value: {{ .Values.gateway.url | quote }}
            - name: LEDGER_BATCH_SIZE
              value: {{ .Values.batch.size | quote }}
            {{- with .Values.javaOptions }}
            - name: JAVA_TOOL_OPTIONS
              value: {{ . | quote }}
            {{- end }}
          ports:
            - name: http
              containerPort: 8080
          livenessProbe:
            httpGet: {path: /actuator/health/liveness, port: http}
            initialDelaySeconds: 10
          readinessProbe:
            httpGet: {path: /actuator/health/readiness, port: http}
            periodSeconds: 4
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
    """, deadline=60),
    "releases/ledger.yaml": release("ledger", "./charts/ledger", """
        image:
          tag: 3.1.3
        batch:
          size: 500000
        javaOptions: "-XX:MaxRAMPercentage=70"
    """),
}, ["ledger 3.1.4 for the year end: batches of two million, G1",
    ["releases/ledger.yaml", "tag: 3.1.3", "tag: 3.1.4"],
    ["releases/ledger.yaml", "size: 500000", "size: 2000000"],
    ["releases/ledger.yaml", '"-XX:MaxRAMPercentage=70"', '"-XX:MaxRAMPercentage=70 -XX:+UseG1GC"']],
    "Helm reads 2000000 as a float and writes 2e+06, which the program does not take for an int: the number must be a string in the values or go through int64 in the template",
    expected=expect("crash-on-start",
        [(D("ledger", "env[name=LEDGER_BATCH_SIZE].value"), value("2000000"))],
        [(D("ledger", "env[name=LEDGER_BATCH_SIZE].value"), BEFORE)]),
    path="releases")

# 8 ── Flux: the hook before the upgrade looks for its migrations where none are
scenario("migrations-per-stage", "flux", {
    "charts/invoicing/Chart.yaml": chart_yaml("invoicing", "1.9.0"),
    "charts/invoicing/values.yaml": text("""
        replicaCount: 1
        image:
          repository: acme/invoicing
          tag: 8.1.0
        connectionString: Server=10.20.0.6;Database=orders
        migrations:
          enabled: true
          image: acme/schema
          tag: "22"
          url: jdbc:postgresql://10.20.0.6/orders
          locations: filesystem:/app/sql
          backoffLimit: 1
        service:
          port: 80
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
    """),
    "charts/invoicing/templates/_helpers.tpl": helpers("invoicing"),
    "charts/invoicing/templates/service.yaml": chart_service("invoicing"),
    "charts/invoicing/templates/deployment.yaml": chart_deployment("invoicing", """
        - name: invoicing
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          env:
            - name: ConnectionStrings__Orders
              value: {{ .Values.connectionString | quote }}
          ports:
            - name: http
              containerPort: 8080
          readinessProbe:
            httpGet: {path: /healthz, port: http}
            periodSeconds: 5
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
    """, deadline=60),
    "charts/invoicing/templates/migrate.yaml": text("""
        {{- if .Values.migrations.enabled }}
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: {{ include "invoicing.fullname" . }}-migrate
          annotations:
            helm.sh/hook: pre-install,pre-upgrade
            helm.sh/hook-weight: "-5"
            helm.sh/hook-delete-policy: before-hook-creation
        spec:
          backoffLimit: {{ .Values.migrations.backoffLimit }}
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: flyway
                  image: "{{ .Values.migrations.image }}:{{ .Values.migrations.tag }}"
                  env:
                    - name: FLYWAY_URL
                      value: {{ .Values.migrations.url | quote }}
                    - name: FLYWAY_LOCATIONS
                      value: {{ .Values.migrations.locations | quote }}
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 64Mi}
        {{- end }}
    """),
    "releases/invoicing.yaml": release("invoicing", "./charts/invoicing", """
        replicaCount: 2
        image:
          tag: 8.1.0
        migrations:
          tag: "22"
    """, remediation=None),
}, ["invoicing 8.1.1 with schema 23, migrations of the live stage",
    ["releases/invoicing.yaml", "tag: 8.1.0", "tag: 8.1.1"],
    ["releases/invoicing.yaml", '    migrations:\n      tag: "22"\n', '    migrations:\n      tag: "23"\n      locations: filesystem:/app/sql/live\n']],
    "the image has its migrations in /app/sql, there is no /app/sql/live: the pre-upgrade hook fails, the upgrade with it",
    expected=expect("job-failed helm-failed", [(c("Job", "invoicing-migrate", "flyway", "env[name=FLYWAY_LOCATIONS].value"), value("filesystem:/app/sql"))]),
    path="releases")

# 9 ── Flux: the web part needs no cache any more, the subchart goes, the jobs still ask it
scenario("cookie-sessions", "flux", {
    "charts/backoffice/Chart.yaml": chart_yaml("backoffice", "6.3.0", None, "dependencies:\n  - name: cache\n    version: 0.2.x\n    condition: cache.enabled\n"),
    "charts/backoffice/values.yaml": text("""
        image:
          repository: acme/backoffice
          tag: 7.2.0
        web:
          replicas: 1
          sessions: redis   # redis or cookie
        jobs:
          replicas: 1
          threads: 5
        cache:
          enabled: true
    """),
    "charts/backoffice/templates/_helpers.tpl": text("""
        {{- define "backoffice.redisUrl" -}}
        redis://{{ .Release.Name }}-cache:6379/0
        {{- end }}

        {{- define "backoffice.image" -}}
        {{ .Values.image.repository }}:{{ .Values.image.tag }}
        {{- end }}
    """),
    "charts/backoffice/templates/web.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}-web
        spec:
          replicas: {{ .Values.web.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels: {app: {{ .Release.Name }}-web}
          template:
            metadata:
              labels: {app: {{ .Release.Name }}-web}
            spec:
              containers:
                - name: puma
                  image: {{ include "backoffice.image" . }}
                  args: [server]
                  env:
                    - name: SECRET_KEY_BASE
                      value: only-for-tests
                    {{- if eq .Values.web.sessions "redis" }}
                    - name: REDIS_URL
                      value: {{ include "backoffice.redisUrl" . }}
                    {{- end }}
                  ports:
                    - {name: http, containerPort: 3000}
                  readinessProbe:
                    httpGet: {path: /up, port: http}
                    periodSeconds: 5
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
    """),
    "charts/backoffice/templates/jobs.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}-jobs
        spec:
          replicas: {{ .Values.jobs.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels: {app: {{ .Release.Name }}-jobs}
          template:
            metadata:
              labels: {app: {{ .Release.Name }}-jobs}
            spec:
              containers:
                - name: sidekiq
                  image: {{ include "backoffice.image" . }}
                  args: [sidekiq]
                  env:
                    - name: SECRET_KEY_BASE
                      value: only-for-tests
                    - name: RAILS_MAX_THREADS
                      value: {{ .Values.jobs.threads | quote }}
                    - name: REDIS_URL
                      value: {{ include "backoffice.redisUrl" . }}
                  ports:
                    - {name: health, containerPort: 7433}
                  readinessProbe:
                    httpGet: {path: /up, port: health}
                    periodSeconds: 5
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
    """),
    "charts/backoffice/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}-web
        spec:
          selector: {app: {{ .Release.Name }}-web}
          ports:
            - {name: http, port: 80, targetPort: http}
    """),
    "charts/backoffice/charts/cache/Chart.yaml": chart_yaml("cache", "0.2.4"),
    "charts/backoffice/charts/cache/values.yaml": "image: acme/cache:7.4.1\nmemory: 64Mi\n",
    "charts/backoffice/charts/cache/templates/cache.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}-cache
        spec:
          selector: {app: {{ .Release.Name }}-cache}
          ports:
            - {name: redis, port: 6379, targetPort: redis}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}-cache
        spec:
          selector:
            matchLabels: {app: {{ .Release.Name }}-cache}
          template:
            metadata:
              labels: {app: {{ .Release.Name }}-cache}
            spec:
              containers:
                - name: redis
                  image: {{ .Values.image }}
                  ports:
                    - {name: redis, containerPort: 6379}
                  readinessProbe:
                    httpGet: {path: /ping, port: redis}
                    periodSeconds: 3
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: {{ .Values.memory }}}
    """),
    "releases/backoffice.yaml": release("backoffice", "./charts/backoffice", """
        image:
          tag: 7.2.0
        web:
          replicas: 2
        jobs:
          threads: 5
    """, remediation=None, timeout="100s"),
}, ["backoffice 7.2.1: sessions in cookies, no cache to look after",
    ["releases/backoffice.yaml", "tag: 7.2.0", "tag: 7.2.1"],
    ["releases/backoffice.yaml", "      replicas: 2\n", "      replicas: 2\n      sessions: cookie\n"],
    ["releases/backoffice.yaml", "      threads: 5\n", "      threads: 8\n    cache:\n      enabled: false\n"]],
    "the jobs (sidekiq) still have their queue in the cache that cache.enabled: false took away: Service backoffice-cache is gone",
    expected=expect("dependency-address crash-on-start", [("Deployment/backoffice-cache", ANY), ("Service/backoffice-cache", ANY)]),
    path="releases", spec={"timeout": "120s"})

# 10 ── Flux: a list of the values replaces the chart's list
scenario("spool-for-pdf", "flux", {
    "charts/reports/Chart.yaml": chart_yaml("reports", "2.2.0"),
    "charts/reports/values.yaml": text("""
        replicaCount: 1
        image:
          repository: acme/reports
          tag: 5.0.2
        workers: 2
        redisUrl: redis://cache:6379/0
        cacheDir: /var/cache/reports
        # volumes of the pod and where they go
        volumes:
          - name: cache
            emptyDir: {}
        volumeMounts:
          - name: cache
            mountPath: /var/cache/reports
        service:
          port: 80
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
    """),
    "charts/reports/templates/_helpers.tpl": helpers("reports"),
    "charts/reports/templates/service.yaml": chart_service("reports"),
    "charts/reports/templates/deployment.yaml": chart_deployment("reports", """
        - name: reports
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          args:
            - reports.wsgi:application
            - --bind
            - 0.0.0.0:8000
            - --workers
            - {{ .Values.workers | quote }}
          env:
            - name: REDIS_URL
              value: {{ .Values.redisUrl }}
            - name: CACHE_DIR
              value: {{ .Values.cacheDir }}
          ports:
            - name: http
              containerPort: 8000
          readinessProbe:
            httpGet: {path: /ready, port: http}
            periodSeconds: 5
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
          {{- with .Values.volumeMounts }}
          volumeMounts:
            {{- toYaml . | nindent 12 }}
          {{- end }}
    """, pod="""
        {{- with .Values.volumes }}
        volumes:
          {{- toYaml . | nindent 8 }}
        {{- end }}
    """, deadline=60),
    "releases/reports.yaml": release("reports", "./charts/reports", """
        image:
          tag: 5.0.2
        workers: 2
    """),
}, ["reports 5.0.3: spool for the PDF export, a third worker",
    ["releases/reports.yaml", "tag: 5.0.2\n    workers: 2\n", "tag: 5.0.3\n    workers: 3\n    volumes:\n      - name: spool\n        emptyDir:\n          sizeLimit: 64Mi\n    volumeMounts:\n      - name: spool\n        mountPath: /var/spool/reports\n"]],
    "the values' lists replace those of the chart: volume cache at /var/cache/reports is gone, where the program keeps its lock",
    expected=expect("crash-on-start volume-mount",
        [(pod("Deployment", "reports", "volumes[name=cache].emptyDir"), BEFORE), (D("reports", "volumeMounts[name=cache].mountPath"), BEFORE)]),
    path="releases")

# 11 ── Flux: .Release inside of a with
scenario("tracing-block", "flux", {
    "charts/pricer/Chart.yaml": chart_yaml("pricer", "0.9.4"),
    "charts/pricer/values.yaml": text("""
        replicaCount: 1
        image:
          repository: acme/pricer
          tag: 2.4.6
        logLevel: info
        tracing: {}
        service:
          port: 80
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
    """),
    "charts/pricer/templates/_helpers.tpl": helpers("pricer"),
    "charts/pricer/templates/service.yaml": chart_service("pricer"),
    "charts/pricer/templates/deployment.yaml": chart_deployment("pricer", """
        - name: pricer
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          args:
            - -log-level={{ .Values.logLevel }}
          env:
            - name: GOMAXPROCS
              value: "2"
          ports:
            - name: http
              containerPort: 9000
          readinessProbe:
            httpGet: {path: /readyz, port: http}
            periodSeconds: 5
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
    """),
    "releases/pricer.yaml": release("pricer", "./charts/pricer", """
        image:
          tag: 2.4.6
        logLevel: info
    """),
}, [{"subject": "pricer chart 0.10: tracing by values", "edit": [
        ["charts/pricer/Chart.yaml", "version: 0.9.4", "version: 0.10.0"],
        ["charts/pricer/templates/deployment.yaml", "              value: \"2\"\n", textwrap.indent(text("""
                  value: "2"
                {{- with .Values.tracing }}
                - name: OTEL_EXPORTER_OTLP_ENDPOINT
                  value: {{ .endpoint | quote }}
                - name: OTEL_SERVICE_NAME
                  value: {{ .Release.Name | quote }}
                - name: OTEL_TRACES_SAMPLER_ARG
                  value: {{ .sample | default "0.1" | quote }}
                {{- end }}
        """), " " * 12)]]},
    {"subject": "pricer 2.4.7 live, traced", "edit": [["releases/pricer.yaml", "      tag: 2.4.6\n", "      tag: 2.4.7\n    tracing:\n      endpoint: http://10.20.0.30:4318\n      sample: \"0.05\"\n"]], "wait": 40}],
    "inside of `with .Values.tracing` the dot is tracing: .Release.Name is nil there, $.Release.Name is right; it shows when tracing is set for the first time",
    expected=expect("render-failed helm-failed", [], keep=[
        (D("pricer", "image"), value("acme/pricer:2.4.7")),
        (D("pricer", "env[name=OTEL_EXPORTER_OTLP_ENDPOINT].value"), value("http://10.20.0.30:4318")),
        (D("pricer", "env[name=OTEL_SERVICE_NAME].value"), value("pricer")),
        (D("pricer", "env[name=OTEL_TRACES_SAMPLER_ARG].value"), value("0.05"))]),
    path="releases")

# 12 ── Flux: the generated ConfigMap of the values has another key
scenario("values-file-own-name", "flux", {
    "charts/portal/Chart.yaml": chart_yaml("portal", "1.1.0"),
    "charts/portal/values.yaml": text("""
        replicaCount: 1
        image:
          repository: acme/portal
          tag: 2.0.0
        sessionStore: ""
        trial: false
        service:
          port: 80
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
    """),
    "charts/portal/templates/_helpers.tpl": helpers("portal"),
    "charts/portal/templates/service.yaml": chart_service("portal"),
    "charts/portal/templates/deployment.yaml": chart_deployment("portal", """
        - name: portal
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          env:
            - name: SESSION_STORE
              value: {{ required "sessionStore must be set" .Values.sessionStore }}
            - name: FEATURE_TRIAL
              value: {{ .Values.trial | quote }}
          ports:
            - name: http
              containerPort: 4000
          readinessProbe:
            httpGet: {path: /health, port: http}
            periodSeconds: 5
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
    """),
    "live/portal/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - release.yaml
        generatorOptions:
          disableNameSuffixHash: true
        configMapGenerator:
          - name: portal-values
            files:
              - values.yaml=portal.yaml
    """),
    "live/portal/portal.yaml": text("""
        replicaCount: 2
        image:
          tag: 2.0.0
        sessionStore: memory
    """),
    "live/portal/release.yaml": release("portal", "./charts/portal", more="""
        valuesFrom:
          - kind: ConfigMap
            name: portal-values
    """),
}, ["Portal 2.0.1 with the trial, files named after the stage",
    ["live/portal/portal.yaml", "replicaCount: 2\nimage:\n  tag: 2.0.0\nsessionStore: memory\n", DELETE],
    ["live/portal/portal-live.yaml", None, "replicaCount: 2\nimage:\n  tag: 2.0.1\nsessionStore: memory\ntrial: true\n"],
    ["live/portal/kustomization.yaml", "- values.yaml=portal.yaml", "- portal-live.yaml"]],
    "the generator's file has no key of its own any more: ConfigMap portal-values holds portal-live.yaml, the HelmRelease reads values.yaml",
    expected=expect("config-key-missing helm-failed",
        [('ConfigMap/portal-values data["values.yaml"]', ANY), ('ConfigMap/portal-values data["portal-live.yaml"]', GONE)],
        [("HelmRelease/portal spec.valuesFrom[0].valuesKey", value("portal-live.yaml"))],
        keep=[(D("portal", "image"), value("acme/portal:2.0.1")), (D("portal", "env[name=FEATURE_TRIAL].value"), value("true")), (D("portal", "env[name=SESSION_STORE].value"), value("memory"))]),
    path="live/portal")

# 13 ── for people. Argo CD: the password of the broker was changed by hand
scenario("broker-password", "argocd", {
    "charts/shipping/Chart.yaml": chart_yaml("shipping", "3.0.0"),
    "charts/shipping/values.yaml": text("""
        replicaCount: 1
        image:
          repository: acme/shipping
          tag: 3.9.0
        kafka:
          bootstrapServers: 10.20.0.9:9094
          autoOffsetReset: earliest
          existingSecret: ""
        service:
          port: 80
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
    """),
    "charts/shipping/templates/_helpers.tpl": helpers("shipping"),
    "charts/shipping/templates/service.yaml": chart_service("shipping"),
    "charts/shipping/templates/deployment.yaml": chart_deployment("shipping", """
        - name: shipping
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          env:
            - name: CONSUMER_BOOTSTRAP_SERVERS
              value: {{ .Values.kafka.bootstrapServers }}
            - name: CONSUMER_AUTO_OFFSET_RESET
              value: {{ .Values.kafka.autoOffsetReset }}
            {{- with .Values.kafka.existingSecret }}
            - name: SASL_PASSWORD
              valueFrom:
                secretKeyRef:
                  name: {{ . }}
                  key: password
            {{- end }}
          ports:
            - name: http
              containerPort: 8080
          readinessProbe:
            httpGet: {path: /healthz, port: http}
            periodSeconds: 5
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
    """),
    "env/live/shipping.yaml": text("""
        image:
          tag: 3.9.0
        kafka:
          existingSecret: kafka-shipping   # kept by the platform team, not in git
    """),
}, ["shipping 3.9.1, two consumers", ["env/live/shipping.yaml", "image:\n  tag: 3.9.0\n", "replicaCount: 2\nimage:\n  tag: 3.9.1\n"]],
    "the broker refuses the password in Secret kafka-shipping, which somebody changed and which is not in git: a person must put it right; the commit did nothing wrong",
    answer=HUMAN, expected=expect("crash-on-start"),
    path="charts/shipping", source={"helm": {"releaseName": "shipping", "valueFiles": ["../../env/live/shipping.yaml"]}},
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: kafka-shipping\n  annotations:\n    owner: platform, rotated by hand\nstringData:\n  password: valid\n",
    then=[[-6, "kubectl -n $NAMESPACE patch secret kafka-shipping --type merge -p '{\"stringData\":{\"password\":\"only-for-tests-2026-11\"}}'"]])

# 14 ── for people. Flux: a Secret that is not in git has gone
scenario("conference-secret", "flux", {
    "charts/conference/Chart.yaml": chart_yaml("conference", "2.5.1"),
    "charts/conference/values.yaml": text("""
        replicaCount: 1
        image:
          repository: acme/conference
          tag: 1.18.0
        logLevel: info
        existingSecret: ""
        service:
          port: 80
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
    """),
    "charts/conference/templates/_helpers.tpl": helpers("conference"),
    "charts/conference/templates/service.yaml": chart_service("conference"),
    "charts/conference/templates/deployment.yaml": chart_deployment("conference", """
        - name: conference
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          env:
            - name: LOG_LEVEL
              value: {{ .Values.logLevel }}
            - name: SECRET_KEY_BASE
              valueFrom:
                secretKeyRef:
                  name: {{ required "existingSecret" .Values.existingSecret }}
                  key: secret-key-base
          ports:
            - name: http
              containerPort: 4000
          readinessProbe:
            httpGet: {path: /health, port: http}
            periodSeconds: 5
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
    """, deadline=50),
    "releases/conference.yaml": release("conference", "./charts/conference", """
        image:
          tag: 1.18.0
        existingSecret: conference-keys
        logLevel: info
    """, remediation=None),
}, ["conference 1.18.1, fewer log lines",
    ["releases/conference.yaml", "tag: 1.18.0", "tag: 1.18.1"], ["releases/conference.yaml", "logLevel: info", "logLevel: notice"]],
    "Secret conference-keys, which is not in git, was deleted by somebody: the new pods cannot start until it is put back; the commit did nothing wrong",
    answer=HUMAN, expected=expect("secret-missing"),
    path="releases", given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: conference-keys\nstringData:\n  secret-key-base: only-for-tests\n",
    then=[[-6, "kubectl -n $NAMESPACE delete secret conference-keys"]])

# 15 ── for people. Flux: five copies where the platform team's quota has room for four pods
scenario("december-copies", "flux", {
    "charts/shipments/Chart.yaml": chart_yaml("shipments", "1.0.8"),
    "charts/shipments/values.yaml": text("""
        replicaCount: 1
        image:
          repository: acme/shipments
          tag: 9.0.1
        carrier:
          baseUrl: https://carrier.example
          timeoutSeconds: 15
        service:
          port: 80
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 64Mi}
    """),
    "charts/shipments/templates/_helpers.tpl": helpers("shipments"),
    "charts/shipments/templates/service.yaml": chart_service("shipments"),
    "charts/shipments/templates/deployment.yaml": chart_deployment("shipments", """
        - name: shipments
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          env:
            - name: Carrier__BaseUrl
              value: {{ .Values.carrier.baseUrl | quote }}
            - name: Carrier__TimeoutSeconds
              value: {{ .Values.carrier.timeoutSeconds | quote }}
          ports:
            - name: http
              containerPort: 8080
          readinessProbe:
            httpGet: {path: /health/ready, port: http}
            periodSeconds: 5
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
    """, deadline=50),
    "releases/shipments.yaml": release("shipments", "./charts/shipments", """
        replicaCount: 2
        image:
          tag: 9.0.2
    """, remediation=None),
}, ["shipments: five copies for December", ["releases/shipments.yaml", "replicaCount: 2", "replicaCount: 5"]],
    "the platform team's ResourceQuota, which is not in this repository, allows 4 pods: whether there is room for five people must decide",
    answer=HUMAN, expected=expect("quota"),
    path="releases", given="apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: namespace-small\n  annotations:\n    owner: platform\nspec:\n  hard:\n    pods: \"4\"\n")

# 16 ── nothing to do. Argo CD: the allocator is up before the stock that it asks, some restarts, then all is well
scenario("stock-warms-up", "argocd", {
    "charts/warehouse/Chart.yaml": chart_yaml("warehouse", "0.4.0"),
    "charts/warehouse/values.yaml": text("""
        allocator:
          image: acme/allocator:stable
          replicas: 1
        stock:
          enabled: false
          image: acme/inventory:1.9
          warmupSeconds: 5
    """),
    "charts/warehouse/templates/allocator.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: allocator
        spec:
          replicas: {{ .Values.allocator.replicas }}
          progressDeadlineSeconds: 400
          selector:
            matchLabels: {app: allocator}
          template:
            metadata:
              labels: {app: allocator}
            spec:
              containers:
                - name: allocator
                  image: {{ .Values.allocator.image }}
                  {{- if .Values.stock.enabled }}
                  env:
                    - name: STOCK_ADDR
                      value: stock:8080
                  {{- end }}
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 64Mi}
    """),
    "charts/warehouse/templates/stock.yaml": text("""
        {{- if .Values.stock.enabled }}
        apiVersion: v1
        kind: Service
        metadata:
          name: stock
        spec:
          selector: {app: stock}
          ports:
            - {name: http, port: 8080, targetPort: http}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: stock
        spec:
          progressDeadlineSeconds: 400
          selector:
            matchLabels: {app: stock}
          template:
            metadata:
              labels: {app: stock}
            spec:
              containers:
                - name: stock
                  image: {{ .Values.stock.image }}
                  env:
                    - name: WARMUP_SECONDS
                      value: {{ .Values.stock.warmupSeconds | quote }}
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 64Mi}
        {{- end }}
    """),
    "env/live.yaml": "allocator:\n  replicas: 1\n",
}, ["Allocator asks the stock of its own, stock is warm after half a minute",
    ["env/live.yaml", "allocator:\n  replicas: 1\n", "allocator:\n  replicas: 1\nstock:\n  enabled: true\n  image: acme/inventory:1.10\n  warmupSeconds: 35\n"]],
    "the stock needs 35 s before it listens, the allocator ends and restarts a few times until then; healthy after one or two minutes",
    answer=NONE, expected=expect("healthy recovering"),
    path="charts/warehouse", source={"helm": {"releaseName": "warehouse", "valueFiles": ["../../env/live.yaml"]}})


# What was expected, corrected in form after it was played: every rendered field that such a fix changes, as it is called there.
CORRECTED = {'tracing-block': {'class': ['render-failed', 'helm-failed'],
                   'fixes': [[]],
                   'keep': [{'field': 'Service/pricer metadata.labels["helm.sh/chart"]', 'to': {'value': 'pricer-0.10.0'}},
                            {'field': 'Deployment/pricer metadata.labels["helm.sh/chart"]', 'to': {'value': 'pricer-0.10.0'}},
                            {'field': 'Deployment/pricer spec.template.spec.containers[name=pricer].image', 'to': {'value': 'acme/pricer:2.4.7'}},
                            {'field': 'Deployment/pricer spec.template.spec.containers[name=pricer].env[name=OTEL_EXPORTER_OTLP_ENDPOINT]',
                             'to': {'value': {'name': 'OTEL_EXPORTER_OTLP_ENDPOINT', 'value': 'http://10.20.0.30:4318'}}},
                            {'field': 'Deployment/pricer spec.template.spec.containers[name=pricer].env[name=OTEL_SERVICE_NAME]',
                             'to': {'value': {'name': 'OTEL_SERVICE_NAME', 'value': 'pricer'}}},
                            {'field': 'Deployment/pricer spec.template.spec.containers[name=pricer].env[name=OTEL_TRACES_SAMPLER_ARG]',
                             'to': {'value': {'name': 'OTEL_TRACES_SAMPLER_ARG', 'value': '0.05'}}}]},
 'scrape-annotations': {'class': ['render-failed'],
                        'fixes': [[]],
                        'keep': [{'field': 'Deployment/mailer spec.replicas', 'to': {'value': 2}},
                                 {'field': 'Deployment/mailer spec.template.metadata.annotations',
                                  'to': {'value': {'prometheus.io/port': '3000', 'prometheus.io/scrape': 'true'}}},
                                 {'field': 'Deployment/mailer spec.template.spec.containers[name=mailer].image', 'to': {'value': 'acme/mailer:7.1.0'}}]},
 'pool-size-schema': {'class': ['render-failed'],
                      'fixes': [[]],
                      'keep': [{'field': 'Service/quotes', 'to': 'any'}, {'field': 'Deployment/quotes', 'to': 'any'}]},
 'values-file-own-name': {'class': ['config-key-missing', 'helm-failed'],
                          'fixes': [[{'field': 'ConfigMap/portal-values data["values.yaml"]', 'to': 'any'},
                                     {'field': 'ConfigMap/portal-values data["portal-live.yaml"]', 'to': 'gone'}],
                                    [{'field': 'HelmRelease/portal spec.valuesFrom[0].valuesKey', 'to': {'value': 'portal-live.yaml'}}]],
                          'keep': [{'field': 'Deployment/portal spec.template.spec.containers[name=portal].image', 'to': {'value': 'acme/portal:2.0.1'}},
                                   {'field': 'Deployment/portal spec.template.spec.containers[name=portal].env[name=FEATURE_TRIAL].value',
                                    'to': {'value': 'true'}}]},
 'spool-for-pdf': {'class': ['crash-on-start', 'volume-mount'],
                   'fixes': [[{'field': 'Deployment/reports spec.template.spec.volumes[name=cache]', 'to': 'before'},
                              {'field': 'Deployment/reports spec.template.spec.containers[name=reports].volumeMounts[name=cache]', 'to': 'before'}]]},
 'black-week-banner': {'class': ['crash-on-start'],
                       'fixes': [[{'field': 'Deployment/storefront spec.template.spec.containers[name=storefront].env[name=API_BASE_URL]', 'to': 'before'},
                                  {'field': 'Deployment/storefront spec.template.spec.containers[name=storefront].env[name=CURRENCY]', 'to': 'before'}]]}}
for one in SCENARIOS:
    if one["id"] in CORRECTED:
        one["expected"] = CORRECTED[one["id"]]
