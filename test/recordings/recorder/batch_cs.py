"""Teams that deliver Helm charts from git: value files per region, umbrella and library charts, hooks, files and maps of workloads."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(2308)

HELPERS = '''\
{{/*
Expand the name of the chart.
*/}}
{{- define "NAME.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "NAME.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "NAME.labels" -}}
{{ include "NAME.selectorLabels" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "NAME.selectorLabels" -}}
app.kubernetes.io/name: {{ include "NAME.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
'''
DEPLOYMENT = '''\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "NAME.fullname" . }}
  labels:
    {{- include "NAME.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicaCount }}
  progressDeadlineSeconds: 90
  selector:
    matchLabels:
      {{- include "NAME.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      {{- with .Values.podAnnotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      labels:
        {{- include "NAME.labels" . | nindent 8 }}
    spec:
      {{- with .Values.podSecurityContext }}
      securityContext:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .Chart.Name }}
          {{- with .Values.securityContext }}
          securityContext:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          ports:
            - name: http
              containerPort: {{ .Values.service.targetPort }}
              protocol: TCP
          {{- with .Values.env }}
          env:
            {{- range $name, $value := . }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
          {{- end }}
          {{- with .Values.livenessProbe }}
          livenessProbe:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with .Values.readinessProbe }}
          readinessProbe:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with .Values.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with .Values.volumeMounts }}
          volumeMounts:
            {{- toYaml . | nindent 12 }}
          {{- end }}
      {{- with .Values.volumes }}
      volumes:
        {{- toYaml . | nindent 8 }}
      {{- end }}
'''
SERVICE = '''\
apiVersion: v1
kind: Service
metadata:
  name: {{ include "NAME.fullname" . }}
  labels:
    {{- include "NAME.labels" . | nindent 4 }}
spec:
  type: {{ .Values.service.type }}
  ports:
    - port: {{ .Values.service.port }}
      targetPort: http
      protocol: TCP
      name: http
  selector:
    {{- include "NAME.selectorLabels" . | nindent 4 }}
'''
VALUES = '''\
# Default values for NAME.
replicaCount: 1

image:
  repository: REPOSITORY
  pullPolicy: IfNotPresent
  # Overrides the image tag whose default is the chart appVersion.
  tag: ""

nameOverride: ""
fullnameOverride: ""

podAnnotations: {}
podSecurityContext: {}
securityContext: {}

service:
  type: ClusterIP
  port: 80
  targetPort: PORT

resources:
  requests:
    cpu: 10m
    memory: 24Mi
  limits:
    memory: 64Mi

livenessProbe:
  httpGet:
    path: LIVE
    port: http
  initialDelaySeconds: 8
readinessProbe:
  httpGet:
    path: READY
    port: http
  periodSeconds: 5

env: {}
volumes: []
volumeMounts: []
'''


def chart_yaml(name, version="0.3.0", app="1.0.0", more=""):
    return f'apiVersion: v2\nname: {name}\ndescription: A Helm chart for {name}\ntype: application\nversion: {version}\nappVersion: "{app}"\n' + more


def created(name, repository, port=8080, live="/healthz", ready="/readyz", version="0.3.0", app="1.0.0", folder="charts"):
    """A chart as `helm create` makes it."""
    fill = lambda t: t.replace("NAME", name).replace("REPOSITORY", repository).replace("PORT", str(port)).replace("LIVE", live).replace("READY", ready)
    return {f"{folder}/{name}/Chart.yaml": chart_yaml(name, version, app), f"{folder}/{name}/values.yaml": fill(VALUES), f"{folder}/{name}/templates/_helpers.tpl": fill(HELPERS),
            f"{folder}/{name}/templates/deployment.yaml": fill(DEPLOYMENT), f"{folder}/{name}/templates/service.yaml": fill(SERVICE)}


def helm(release, *value_files):
    return {"helm": {"releaseName": release, "valueFiles": list(value_files)}}


def release(name, chart, values="", values_from="", timeout="60s", upgrade="remediation:\n      retries: 1\n      strategy: rollback"):
    """A HelmRelease whose chart lies in the same repository."""
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
              chart: ./charts/{chart}
              reconcileStrategy: Revision
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
          install:
            remediation:
              retries: 1
        """) + (f"  upgrade:\n    {upgrade}\n" if upgrade else "") + (f"  valuesFrom:\n{textwrap.indent(text(values_from), '    ')}" if values_from else "") + (f"  values:\n{textwrap.indent(text(values), '    ')}" if values else "")


# 1 ── Argo CD, common and prod values: the lists of prod replace those of common
scenario("partner-ca-for-payouts", "argocd", {
    **created("payouts", "acme/payments", version="1.2.0"),
    "values/common.yaml": text("""
        securityContext:
          readOnlyRootFilesystem: true
          allowPrivilegeEscalation: false
        env:
          LOG_FORMAT: json
          WRITE_FILE: /var/spool/payouts/state
        volumes:
          - name: spool
            emptyDir:
              sizeLimit: 64Mi
        volumeMounts:
          - name: spool
            mountPath: /var/spool/payouts
    """),
    "values/prod.yaml": text("""
        replicaCount: 2
        image:
          tag: 1.4.1
        env:
          PAYOUT_WINDOW: "06:00-22:00"
    """),
}, ["payouts 1.4.2: trust the clearing partner's own CA, window until 23:00",
    ["charts/payouts/files/partner-ca.crt", None, "-----BEGIN CERTIFICATE-----\nMIIBdDCCARqgAwIBAgIUTestOnlyClearingPartnerRootCA0wCgYIKoZIzj0EAwIw\n-----END CERTIFICATE-----\n"],
    ["charts/payouts/templates/partner-ca.yaml", None, text("""
        {{- if .Values.partnerCA.enabled }}
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ include "payouts.fullname" . }}-partner-ca
          labels:
            {{- include "payouts.labels" . | nindent 4 }}
        data:
          ca.crt: |
            {{- .Files.Get "files/partner-ca.crt" | nindent 4 }}
        {{- end }}
    """)],
    ["charts/payouts/values.yaml", "env: {}\n", "partnerCA:\n  enabled: false\n\nenv: {}\n"],
    ["charts/payouts/Chart.yaml", "version: 1.2.0", "version: 1.3.0"],
    ["values/prod.yaml", "tag: 1.4.1\n", "tag: 1.4.2\npartnerCA:\n  enabled: true\n"],
    ["values/prod.yaml", "  PAYOUT_WINDOW: \"06:00-22:00\"\n", "  PAYOUT_WINDOW: \"06:00-23:00\"\n  CONFIG_FILE: /etc/partner/ca.crt\nvolumes:\n  - name: partner-ca\n    configMap:\n      name: payouts-partner-ca\nvolumeMounts:\n  - name: partner-ca\n    mountPath: /etc/partner\n    readOnly: true\n"]],
    "helm replaces lists: volumes and volumeMounts of prod.yaml hold only the new CA, the spool of common.yaml is gone and the root is read-only: the program cannot write its state",
    expected=expect("crash-on-start volume-mount",
        [(pod("Deployment", "payouts", "volumes[name=spool]"), BEFORE), (c("Deployment", "payouts", "payouts", "volumeMounts[name=spool]"), BEFORE)]),
    path="charts/payouts", source=helm("payouts", "../../values/common.yaml", "../../values/prod.yaml"))

# 2 ── Argo CD, common, region and prod values: the region's limit wins over the raised one
scenario("index-in-memory", "argocd", {
    **created("search", "acme/catalog", version="0.9.0"),
    "values/common.yaml": text("""
        image:
          tag: 1.4.1
        env:
          CACHE_MB: "64"
          LANGUAGES: de,en
        resources:
          requests:
            cpu: 10m
            memory: 72Mi
          limits:
            memory: 128Mi
    """),
    "values/eu-central.yaml": text("""
        env:
          REGION: eu-central
        resources:
          limits:
            memory: 112Mi
    """),
    "values/us-east.yaml": text("""
        env:
          REGION: us-east
          LANGUAGES: en
    """),
    "values/prod.yaml": text("""
        replicaCount: 1
        env:
          PAGE_SIZE: "24"
    """),
}, [{"subject": "search 1.4.2 holds the whole index in memory: cache 150 MB, limit 224Mi", "edit": [
        ["values/common.yaml", "tag: 1.4.1", "tag: 1.4.2"],
        ["values/common.yaml", 'CACHE_MB: "64"', 'CACHE_MB: "150"'],
        ["values/common.yaml", "memory: 72Mi\n  limits:\n    memory: 128Mi", "memory: 96Mi\n  limits:\n    memory: 224Mi"]]},
    {"subject": "search: 36 results a page", "edit": [["values/prod.yaml", 'PAGE_SIZE: "24"', 'PAGE_SIZE: "36"']]}],
    "common.yaml raised the limit to 224Mi along with the cache of 150 MB, values/eu-central.yaml still sets 112Mi and wins: OOMKilled",
    expected=expect("out-of-memory",
        [(c("Deployment", "search", "search", "resources.limits.memory"), at_least("168Mi"))],
        [(c("Deployment", "search", "search", "env[name=CACHE_MB].value"), BEFORE)]),
    path="charts/search", source=helm("search", "../../values/common.yaml", "../../values/eu-central.yaml", "../../values/prod.yaml"))

# 3 ── Argo CD, umbrella with aliases: the alias is renamed, the block in prod's values is not
UMBRELLA = '''\
apiVersion: v2
name: shop-suite
description: Everything of the shop
type: application
version: 2.6.0
dependencies:
  - name: service
    version: 0.4.x
    alias: api
  - name: service
    version: 0.4.x
    alias: worker
'''
scenario("worker-is-fulfilment", "argocd", {
    "suite/Chart.yaml": UMBRELLA,
    "suite/values.yaml": text("""
        global:
          logLevel: info

        api:
          image:
            repository: acme/checkout
          env:
            CURRENCY: EUR

        worker:
          image:
            repository: acme/worker
          env:
            QUEUE: orders
    """),
    "suite/charts/service/Chart.yaml": chart_yaml("service", "0.4.2", "1.0.0"),
    "suite/charts/service/values.yaml": text("""
        replicas: 1
        image:
          repository: ""
          tag: ""
        port: 8080
        env: {}
        resources:
          requests:
            cpu: 10m
            memory: 24Mi
          limits:
            memory: 64Mi
    """),
    "suite/charts/service/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Chart.Name }}
          labels:
            app.kubernetes.io/name: {{ .Chart.Name }}
            app.kubernetes.io/part-of: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app.kubernetes.io/name: {{ .Chart.Name }}
          template:
            metadata:
              labels:
                app.kubernetes.io/name: {{ .Chart.Name }}
            spec:
              containers:
                - name: app
                  image: "{{ required "image.repository is required" .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
                  env:
                    - name: LOG_LEVEL
                      value: {{ .Values.global.logLevel | quote }}
                    {{- range $name, $value := .Values.env }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                  ports:
                    - name: http
                      containerPort: {{ .Values.port }}
                  readinessProbe:
                    httpGet:
                      path: /readyz
                      port: http
                    periodSeconds: 5
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
    """),
    "suite/charts/service/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Chart.Name }}
        spec:
          selector:
            app.kubernetes.io/name: {{ .Chart.Name }}
          ports:
            - name: http
              port: 80
              targetPort: http
    """),
    "env/staging.yaml": text("""
        global:
          logLevel: debug
        api:
          image:
            tag: 1.4.2
        worker:
          image:
            tag: 1.4.2
    """),
    "env/prod.yaml": text("""
        api:
          replicas: 2
          image:
            tag: 1.4.1
        worker:
          replicas: 2
          image:
            tag: 1.4.1
          env:
            CONCURRENCY: "8"
    """),
}, ["Call the worker what it does: fulfilment; api 1.4.2 to prod",
    ["suite/Chart.yaml", "alias: worker", "alias: fulfilment"],
    ["suite/Chart.yaml", "version: 2.6.0", "version: 2.7.0"],
    ["suite/values.yaml", "worker:\n", "fulfilment:\n"],
    ["env/staging.yaml", "worker:\n", "fulfilment:\n"],
    ["env/prod.yaml", "api:\n  replicas: 2\n  image:\n    tag: 1.4.1\n", "api:\n  replicas: 3\n  image:\n    tag: 1.4.2\n"]],
    "env/prod.yaml still has the block worker, which no alias reads: fulfilment falls back to the subchart's appVersion 1.0.0, which was never pushed: ImagePullBackOff",
    expected=expect("image-not-found",
        [(c("Deployment", "fulfilment", "app", "image"), value("acme/worker:1.4.1")), ("Deployment/fulfilment spec.replicas", value(2)), (c("Deployment", "fulfilment", "app", "env[name=CONCURRENCY].value"), value("8"))]),
    path="suite", source=helm("shop", "../env/prod.yaml"))

# 4 ── Argo CD, StatefulSet: serviceName cannot change
BUS_CONF = "port: 4222\nhttp_port: 8222\nmax_payload: 1MB\n"
scenario("headless-for-the-bus", "argocd", {
    "charts/bus/Chart.yaml": chart_yaml("bus", "0.5.1", "2.10.22"),
    "charts/bus/values.yaml": "replicas: 1\nimage:\n  repository: acme/bus\n  tag: \"\"\nresources:\n  requests:\n    cpu: 10m\n    memory: 24Mi\n  limits:\n    memory: 64Mi\n",
    "charts/bus/values-prod.yaml": "replicas: 2\n",
    "charts/bus/files/nats.conf": BUS_CONF,
    "charts/bus/templates/_helpers.tpl": HELPERS.replace("NAME", "bus"),
    "charts/bus/templates/configmap.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ include "bus.fullname" . }}-config
        data:
          {{- (.Files.Glob "files/*.conf").AsConfig | nindent 2 }}
    """),
    "charts/bus/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ include "bus.fullname" . }}
          labels:
            {{- include "bus.labels" . | nindent 4 }}
        spec:
          selector:
            {{- include "bus.selectorLabels" . | nindent 4 }}
          ports:
            - name: client
              port: 4222
              targetPort: client
            - name: monitor
              port: 8222
              targetPort: monitor
    """),
    "charts/bus/templates/statefulset.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: {{ include "bus.fullname" . }}
          labels:
            {{- include "bus.labels" . | nindent 4 }}
        spec:
          serviceName: {{ include "bus.fullname" . }}
          replicas: {{ .Values.replicas }}
          selector:
            matchLabels:
              {{- include "bus.selectorLabels" . | nindent 6 }}
          template:
            metadata:
              annotations:
                checksum/config: {{ include (print $.Template.BasePath "/configmap.yaml") . | sha256sum }}
              labels:
                {{- include "bus.labels" . | nindent 8 }}
            spec:
              containers:
                - name: nats
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
                  args: ["-c", "/etc/nats/nats.conf"]
                  ports:
                    - name: client
                      containerPort: 4222
                    - name: monitor
                      containerPort: 8222
                  readinessProbe:
                    httpGet:
                      path: /healthz
                      port: monitor
                    periodSeconds: 5
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  volumeMounts:
                    - name: config
                      mountPath: /etc/nats
              volumes:
                - name: config
                  configMap:
                    name: {{ include "bus.fullname" . }}-config
    """),
}, ["bus 2.10.24: headless Service for the peers, messages up to 4 MB",
    ["charts/bus/Chart.yaml", "version: 0.5.1\nappVersion: \"2.10.22\"", "version: 0.6.0\nappVersion: \"2.10.24\""],
    ["charts/bus/files/nats.conf", "max_payload: 1MB", "max_payload: 4MB"],
    ["charts/bus/templates/statefulset.yaml", '  serviceName: {{ include "bus.fullname" . }}\n', '  serviceName: {{ include "bus.fullname" . }}-headless\n'],
    ["charts/bus/templates/service-headless.yaml", None, text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ include "bus.fullname" . }}-headless
          labels:
            {{- include "bus.labels" . | nindent 4 }}
        spec:
          clusterIP: None
          publishNotReadyAddresses: true
          selector:
            {{- include "bus.selectorLabels" . | nindent 4 }}
          ports:
            - name: client
              port: 4222
              targetPort: client
    """)]],
    "spec.serviceName of a StatefulSet is immutable: the server refuses the update, the sync fails",
    expected=expect("invalid-manifest",
        [("StatefulSet/bus spec.serviceName", BEFORE)],
        [("StatefulSet/bus spec.serviceName", BEFORE), ("Service/bus-headless", GONE)]),
    path="charts/bus", source=helm("bus", "values-prod.yaml"))

# 5 ── Argo CD, values: a million becomes 1e+06
scenario("batches-of-a-million", "argocd", {
    **created("ledger", "acme/ledger", live="/actuator/health/liveness", ready="/actuator/health/readiness", version="3.0.0", app="3.1.3"),
    "charts/ledger/values-common.yaml": text("""
        env:
          LEDGER_GATEWAY_URL: https://gateway.example/v2
          JAVA_TOOL_OPTIONS: -XX:MaxRAMPercentage=70
        resources:
          limits:
            memory: 96Mi
    """),
    "charts/ledger/values-prod.yaml": text("""
        replicaCount: 2
        image:
          tag: 3.1.3
        env:
          LEDGER_BATCH_SIZE: 50000
          LEDGER_CUTOFF: "23:30"
    """),
}, ["ledger 3.1.4 posts in batches of a million, cut-off at 23:45, heap from the limit",
    ["charts/ledger/values-prod.yaml", "tag: 3.1.3", "tag: 3.1.4"],
    ["charts/ledger/values-prod.yaml", "LEDGER_BATCH_SIZE: 50000\n  LEDGER_CUTOFF: \"23:30\"", "LEDGER_BATCH_SIZE: 1000000\n  LEDGER_CUTOFF: \"23:45\""],
    ["charts/ledger/values-common.yaml", "-XX:MaxRAMPercentage=70", "-XX:MaxRAMPercentage=75 -XX:+ExitOnOutOfMemoryError"]],
    "helm reads the bare number as a float and writes it as 1e+06, which the program does not take for an int: it does not start",
    expected=expect("crash-on-start",
        [(c("Deployment", "ledger", "ledger", "env[name=LEDGER_BATCH_SIZE].value"), value("1000000"))],
        [(c("Deployment", "ledger", "ledger", "env[name=LEDGER_BATCH_SIZE].value"), BEFORE)]),
    path="charts/ledger", source=helm("ledger", "values-common.yaml", "values-prod.yaml"))

# 6 ── Argo CD, range over a map of workloads: mergeOverwrite changes the defaults, the next workload inherits from the one before
WORKLOADS = '''\
{{- range $name, $workload := .Values.workloads }}
{{- $image := $workload.image | default $.Values.defaults.image }}
{{- $resources := $workload.resources | default $.Values.defaults.resources }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: backoffice-{{ $name }}
  labels:
    app.kubernetes.io/name: backoffice
    app.kubernetes.io/component: {{ $name }}
spec:
  replicas: {{ $workload.replicas | default $.Values.defaults.replicas }}
  progressDeadlineSeconds: 90
  selector:
    matchLabels:
      app.kubernetes.io/name: backoffice
      app.kubernetes.io/component: {{ $name }}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: backoffice
        app.kubernetes.io/component: {{ $name }}
    spec:
      containers:
        - name: rails
          image: "{{ $image.repository }}:{{ $image.tag }}"
          {{- with $workload.args }}
          args:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          env:
            - name: SECRET_KEY_BASE
              valueFrom:
                secretKeyRef:
                  name: backoffice
                  key: secret-key-base
            {{- range $key, $value := $.Values.defaults.env }}
            - name: {{ $key }}
              value: {{ $value | quote }}
            {{- end }}
          ports:
            - name: http
              containerPort: {{ $workload.port }}
          livenessProbe:
            httpGet:
              path: /up
              port: http
            initialDelaySeconds: 10
            periodSeconds: 10
          readinessProbe:
            httpGet:
              path: /up
              port: http
            periodSeconds: 5
          resources:
            {{- toYaml $resources | nindent 12 }}
{{- end }}
'''
scenario("defaults-for-all-workloads", "argocd", {
    "charts/backoffice/Chart.yaml": chart_yaml("backoffice", "1.8.0", "7.2"),
    "charts/backoffice/values.yaml": text("""
        defaults:
          image:
            repository: acme/backoffice
            tag: 7.2.0
          replicas: 1
          env:
            RAILS_LOG_TO_STDOUT: "1"
          resources:
            requests:
              cpu: 10m
              memory: 24Mi
            limits:
              memory: 64Mi

        workloads:
          jobs:
            args: [sidekiq]
            port: 7433
          web:
            port: 3000
            public: true
    """),
    "charts/backoffice/templates/workloads.yaml": WORKLOADS,
    "charts/backoffice/templates/services.yaml": text("""
        {{- range $name, $workload := .Values.workloads }}
        {{- if $workload.public }}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: backoffice-{{ $name }}
        spec:
          selector:
            app.kubernetes.io/name: backoffice
            app.kubernetes.io/component: {{ $name }}
          ports:
            - name: http
              port: 80
              targetPort: http
        {{- end }}
        {{- end }}
    """),
    "charts/backoffice/templates/secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata:\n  name: backoffice\nstringData:\n  secret-key-base: only-for-tests\n",
    "values/prod.yaml": "workloads:\n  web:\n    replicas: 2\n",
}, ["backoffice 7.2.1: any default can be overridden by a workload, 45 s to end",
    ["charts/backoffice/templates/workloads.yaml", "{{- $image := $workload.image | default $.Values.defaults.image }}\n{{- $resources := $workload.resources | default $.Values.defaults.resources }}\n", "{{- $w := mergeOverwrite $.Values.defaults $workload }}\n"],
    ["charts/backoffice/templates/workloads.yaml", "{{ $workload.replicas | default $.Values.defaults.replicas }}", "{{ $w.replicas }}"],
    ["charts/backoffice/templates/workloads.yaml", '"{{ $image.repository }}:{{ $image.tag }}"', '"{{ $w.image.repository }}:{{ $w.image.tag }}"'],
    ["charts/backoffice/templates/workloads.yaml", "{{- with $workload.args }}", "{{- with $w.args }}"],
    ["charts/backoffice/templates/workloads.yaml", "$value := $.Values.defaults.env", "$value := $w.env"],
    ["charts/backoffice/templates/workloads.yaml", "{{ $workload.port }}", "{{ $w.port }}"],
    ["charts/backoffice/templates/workloads.yaml", "toYaml $resources", "toYaml $w.resources"],
    ["charts/backoffice/templates/workloads.yaml", "    spec:\n      containers:\n", "    spec:\n      terminationGracePeriodSeconds: {{ $w.terminationGracePeriodSeconds }}\n      containers:\n"],
    ["charts/backoffice/values.yaml", "    tag: 7.2.0\n  replicas: 1\n", "    tag: 7.2.1\n  replicas: 1\n  terminationGracePeriodSeconds: 45\n"],
    ["charts/backoffice/Chart.yaml", "version: 1.8.0", "version: 1.9.0"]],
    "mergeOverwrite writes into .Values.defaults, so web inherits the args of jobs and runs sidekiq, which listens on 7433: its probes on 3000 are refused; a deepCopy of the defaults is missing",
    expected=expect("readiness-probe liveness-probe readiness liveness crash-on-start", [(c("Deployment", "backoffice-web", "rails", "args"), GONE)]),
    path="charts/backoffice", source=helm("backoffice", "../../values/prod.yaml"))

# hooks: a chart with a migration before each release
HOOK = '''\
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ include "NAME.fullname" . }}-schema
  labels:
    {{- include "NAME.labels" . | nindent 4 }}
  annotations:
    helm.sh/hook: pre-install,pre-upgrade
    helm.sh/hook-weight: "-5"
    helm.sh/hook-delete-policy: before-hook-creation
spec:
  backoffLimit: {{ .Values.migrations.backoffLimit }}
  activeDeadlineSeconds: {{ .Values.migrations.activeDeadlineSeconds }}
  template:
    metadata:
      labels:
        app.kubernetes.io/component: schema
    spec:
      restartPolicy: Never
      containers:
        - name: flyway
          image: "acme/schema:{{ .Values.migrations.version }}"
          {{- with .Values.migrations.existingSecret }}
          envFrom:
            - secretRef:
                name: {{ . }}
          {{- end }}
          env:
            {{- range $name, $value := .Values.migrations.env }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
          resources:
            requests:
              cpu: 10m
              memory: 16Mi
            limits:
              memory: 64Mi
'''
MIGRATIONS = "env: {}\n", "migrations:\n  version: \"22\"\n  backoffLimit: 1\n  activeDeadlineSeconds: 600\n  existingSecret: \"\"\n  env: {}\n\nenv: {}\n"


def migrated(name, repository, **more):
    files = created(name, repository, **more)
    values = f"charts/{name}/values.yaml"
    return {**files, values: files[values].replace(*MIGRATIONS), f"charts/{name}/templates/schema-job.yaml": HOOK.replace("NAME", name)}


# 7 ── nothing to do. Argo CD, hook: the migration takes its time
scenario("long-migration", "argocd", {
    **migrated("archive", "acme/catalog", version="0.7.0"),
    "values/common.yaml": text("""
        migrations:
          version: "22"
          env:
            FLYWAY_URL: jdbc:postgresql://10.20.0.9:5432/archive
            FLYWAY_LOCATIONS: filesystem:/app/sql
    """),
    "values/prod.yaml": text("""
        replicaCount: 2
        image:
          tag: 1.4.1
        env:
          RETENTION_YEARS: "7"
    """),
}, ["archive 1.4.2: schema 23 fills the new column for all rows, ten years of retention",
    ["values/common.yaml", 'version: "22"', 'version: "23"'],
    ["values/common.yaml", "    FLYWAY_LOCATIONS: filesystem:/app/sql\n", "    FLYWAY_LOCATIONS: filesystem:/app/sql\n    WORK_SECONDS: \"150\"\n"],
    ["values/prod.yaml", "tag: 1.4.1", "tag: 1.4.2"],
    ["values/prod.yaml", 'RETENTION_YEARS: "7"', 'RETENTION_YEARS: "10"']],
    "the migration before the sync runs for two and a half minutes, well within its deadline: then the release rolls out, healthy",
    answer=NONE, path="charts/archive", source=helm("archive", "../../values/common.yaml", "../../values/prod.yaml"))

# 8 ── for people. Argo CD, hook: what the database holds does not match what was applied
scenario("checksum-of-migration-14", "argocd", {
    **migrated("bookings", "acme/checkout", version="2.2.0"),
    "values/common.yaml": text("""
        migrations:
          version: "23"
          existingSecret: bookings-db   # host and user, kept by the database team
          env:
            FLYWAY_LOCATIONS: filesystem:/app/sql
    """),
    "values/prod.yaml": text("""
        replicaCount: 2
        image:
          tag: 1.4.1
        env:
          REMINDER_HOURS: "24"
    """),
}, ["bookings 1.4.2, reminders twelve hours ahead",
    ["values/prod.yaml", "tag: 1.4.1", "tag: 1.4.2"],
    ["values/prod.yaml", 'REMINDER_HOURS: "24"', 'REMINDER_HOURS: "12"']],
    "the migrations are those of the last release, the history in the database names another checksum for version 14: somebody changed it there; a person must compare and repair, the commit did nothing wrong",
    answer=HUMAN, expected=expect("job-failed", ), path="charts/bookings", source=helm("bookings", "../../values/common.yaml", "../../values/prod.yaml"),
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: bookings-db\n  annotations:\n    owner: database team\nstringData:\n  FLYWAY_URL: jdbc:postgresql://10.20.0.9:5432/bookings\n  FLYWAY_USER: bookings\n",
    then=[[-10, "kubectl -n $NAMESPACE patch secret bookings-db --type merge -p '{\"stringData\":{\"FAIL_VALIDATE\":\"14\"}}'"]])

# 9 ── Flux, values inline: the chart's schema wants an integer
QUOTES = created("quotes", "acme/quotes", port=8000, ready="/healthz", version="0.8.0", app="1.12.0")
QUOTES["charts/quotes/values.yaml"] = QUOTES["charts/quotes/values.yaml"].replace("env: {}\n", "database:\n  url: \"\"\n  poolSize: 5\n\nenv: {}\n")
QUOTES["charts/quotes/templates/deployment.yaml"] = QUOTES["charts/quotes/templates/deployment.yaml"].replace("          {{- with .Values.env }}\n          env:\n            {{- range $name, $value := . }}\n            - name: {{ $name }}\n              value: {{ $value | quote }}\n            {{- end }}\n          {{- end }}\n",
    "          env:\n            - name: DATABASE_URL\n              value: {{ .Values.database.url | quote }}\n            - name: POOL_SIZE\n              value: {{ .Values.database.poolSize | quote }}\n            {{- range $name, $value := .Values.env }}\n            - name: {{ $name }}\n              value: {{ $value | quote }}\n            {{- end }}\n")
scenario("pool-of-twenty", "flux", {
    **QUOTES,
    "charts/quotes/values.schema.json": text("""
        {
          "$schema": "http://json-schema.org/draft-07/schema#",
          "type": "object",
          "required": ["image", "database"],
          "properties": {
            "replicaCount": {"type": "integer", "minimum": 1},
            "image": {
              "type": "object",
              "properties": {
                "repository": {"type": "string"},
                "tag": {"type": "string"}
              }
            },
            "database": {
              "type": "object",
              "properties": {
                "url": {"type": "string", "minLength": 1},
                "poolSize": {"type": "integer", "minimum": 1, "maximum": 50}
              }
            },
            "env": {
              "type": "object",
              "additionalProperties": {"type": "string"}
            }
          }
        }
    """),
    "releases/quotes.yaml": release("quotes", "quotes", """
        replicaCount: 2
        image:
          tag: 1.12.0
        database:
          url: postgresql://quotes@10.20.0.5/quotes
          poolSize: 10
        env:
          QUOTE_TTL: "300"
    """),
}, ["quotes 1.12.1: three replicas, pool of 20, quotes live for ten minutes",
    ["releases/quotes.yaml", "replicaCount: 2", "replicaCount: 3"],
    ["releases/quotes.yaml", "tag: 1.12.0", "tag: 1.12.1"],
    ["releases/quotes.yaml", "poolSize: 10", 'poolSize: "20"'],
    ["releases/quotes.yaml", 'QUOTE_TTL: "300"', 'QUOTE_TTL: "600"']],
    "values.schema.json of the chart wants an integer for database.poolSize, the release gives a string: the upgrade is refused",
    expected=expect("helm-failed", [], keep=[
        (c("Deployment", "quotes", "quotes", "image"), value("acme/quotes:1.12.1")),
        ("Deployment/quotes spec.replicas", value(3)),
        (c("Deployment", "quotes", "quotes", "env[name=POOL_SIZE].value"), value("20")),
        (c("Deployment", "quotes", "quotes", "env[name=QUOTE_TTL].value"), value("600"))]),
    path="releases")

# 10 ── Flux, valuesFrom a ConfigMap: the new block lands in the middle of env
scenario("annotations-for-the-scraper", "flux", {
    **created("invoicing", "acme/invoicing", ready="/healthz", version="1.1.0", app="8.1.0"),
    "releases/invoicing.yaml": release("invoicing", "invoicing", values_from="""
        - kind: ConfigMap
          name: invoicing-values
    """, upgrade=""),
    "releases/invoicing-values.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: invoicing-values
        data:
          values.yaml: |
            replicaCount: 2
            image:
              tag: 8.1.0
            env:
              ASPNETCORE_ENVIRONMENT: Production
              ConnectionStrings__Orders: Server=10.20.0.7;Database=orders
              Invoices__PaymentDays: "14"
            resources:
              requests:
                cpu: 10m
                memory: 24Mi
              limits:
                memory: 96Mi
    """),
}, [{"subject": "invoicing 8.1.1: scrape it, 30 days to pay", "edit": [
        ["releases/invoicing-values.yaml", "tag: 8.1.0", "tag: 8.1.1"],
        ["releases/invoicing-values.yaml", "      ASPNETCORE_ENVIRONMENT: Production\n", "      ASPNETCORE_ENVIRONMENT: Production\n    podAnnotations:\n      prometheus.io/scrape: \"true\"\n      prometheus.io/port: \"8080\"\n"],
        ["releases/invoicing-values.yaml", 'Invoices__PaymentDays: "14"', 'Invoices__PaymentDays: "30"']]},
    {"subject": "invoicing: a little more CPU at month's end", "edit": [["releases/invoicing-values.yaml", "cpu: 10m", "cpu: 20m"]], "wait": 60}],
    "podAnnotations was inserted in the middle of env: the connection string and the payment days are annotations now, not variables: the program does not start",
    expected=expect("crash-on-start",
        [(c("Deployment", "invoicing", "invoicing", "env[name=ConnectionStrings__Orders].value"), value("Server=10.20.0.7;Database=orders")), (c("Deployment", "invoicing", "invoicing", "env[name=Invoices__PaymentDays].value"), value("30")),
         ("Deployment/invoicing spec.template.metadata.annotations.ConnectionStrings__Orders", GONE), ("Deployment/invoicing spec.template.metadata.annotations.Invoices__PaymentDays", GONE)]),
    path="releases")

# 11 ── Flux, library chart: a preset without its m
scenario("large-preset", "flux", {
    "charts/thumbnails/Chart.yaml": chart_yaml("thumbnails", "0.4.0", "1.4.1", "dependencies:\n  - name: common\n    version: 1.x.x\n"),
    "charts/thumbnails/values.yaml": "replicas: 1\nimage:\n  repository: acme/catalog\n  tag: 1.4.1\nport: 8080\nresourcesPreset: small\nenv: {}\n",
    "charts/thumbnails/templates/all.yaml": '{{ include "common.deployment" . }}\n---\n{{ include "common.service" . }}\n',
    "charts/thumbnails/charts/common/Chart.yaml": "apiVersion: v2\nname: common\ndescription: What all our charts share\ntype: library\nversion: 1.3.0\n",
    "charts/thumbnails/charts/common/templates/_resources.tpl": text("""
        {{/*
        Requests and limits by size: {{ include "common.resources.preset" "small" }}
        */}}
        {{- define "common.resources.preset" -}}
        {{- $presets := dict
          "nano"   (dict "requests" (dict "cpu" "5m"  "memory" "16Mi") "limits" (dict "memory" "48Mi"))
          "small"  (dict "requests" (dict "cpu" "10m" "memory" "24Mi") "limits" (dict "memory" "64Mi"))
          "medium" (dict "requests" (dict "cpu" "20m" "memory" "48Mi") "limits" (dict "memory" "96Mi"))
        -}}
        {{- if not (hasKey $presets .) }}
        {{- fail (printf "unknown resources preset %q, known: %s" . (keys $presets | sortAlpha | join ", ")) }}
        {{- end }}
        {{- index $presets . | toYaml }}
        {{- end }}
    """),
    "charts/thumbnails/charts/common/templates/_workloads.tpl": text("""
        {{- define "common.deployment" -}}
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
              app.kubernetes.io/instance: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app.kubernetes.io/instance: {{ .Release.Name }}
            spec:
              containers:
                - name: app
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
                      containerPort: {{ .Values.port }}
                  readinessProbe:
                    httpGet:
                      path: /readyz
                      port: http
                    periodSeconds: 5
                  resources:
                    {{- include "common.resources.preset" .Values.resourcesPreset | nindent 12 }}
        {{- end }}

        {{- define "common.service" -}}
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
        spec:
          selector:
            app.kubernetes.io/instance: {{ .Release.Name }}
          ports:
            - name: http
              port: 80
              targetPort: http
        {{- end }}
    """),
    "releases/thumbnails.yaml": release("thumbnails", "thumbnails", """
        image:
          tag: 1.4.1
        resourcesPreset: medium
        env:
          SIZES: 200x200,400x400
    """, upgrade=""),
}, ["thumbnails 1.4.2: 800x800 as well, with the new preset large",
    ["charts/thumbnails/charts/common/templates/_resources.tpl", '(dict "memory" "96Mi"))\n', '(dict "memory" "96Mi"))\n  "large"  (dict "requests" (dict "cpu" "50" "memory" "64Mi") "limits" (dict "memory" "128Mi"))\n'],
    ["charts/thumbnails/charts/common/Chart.yaml", "version: 1.3.0", "version: 1.4.0"],
    ["charts/thumbnails/Chart.yaml", "version: 0.4.0", "version: 0.5.0"],
    ["releases/thumbnails.yaml", "tag: 1.4.1\n    resourcesPreset: medium", "tag: 1.4.2\n    resourcesPreset: large"],
    ["releases/thumbnails.yaml", "SIZES: 200x200,400x400", "SIZES: 200x200,400x400,800x800"]],
    "the preset large of the library chart requests 50 CPUs where the others have an m: the new pod fits on no node",
    expected=expect("unschedulable-resources",
        [(c("Deployment", "thumbnails", "app", "resources.requests.cpu"), value("50m"))],
        [(c("Deployment", "thumbnails", "app", "resources.requests.cpu"), BEFORE)],
        [(c("Deployment", "thumbnails", "app", "resources"), BEFORE)]),
    path="releases")

# 12 ── Flux, hook: the migrations are looked for where the image has none
scenario("usual-layout-of-flyway", "flux", {
    **migrated("rentals", "acme/payments", version="1.5.0"),
    "releases/rentals.yaml": release("rentals", "rentals", """
        replicaCount: 2
        image:
          tag: 1.4.1
        migrations:
          version: "22"
          env:
            FLYWAY_URL: jdbc:postgresql://10.20.0.9:5432/rentals
            FLYWAY_LOCATIONS: filesystem:/app/sql
        env:
          DEPOSIT_PERCENT: "20"
    """, timeout="90s"),
}, ["rentals 1.4.2, schema 23: connect retries, deposit of a quarter, Flyway's usual layout",
    ["releases/rentals.yaml", "tag: 1.4.1", "tag: 1.4.2"],
    ["releases/rentals.yaml", 'version: "22"', 'version: "23"'],
    ["releases/rentals.yaml", "        FLYWAY_LOCATIONS: filesystem:/app/sql\n", "        FLYWAY_LOCATIONS: filesystem:/app/db/migration\n        FLYWAY_CONNECT_RETRIES: \"5\"\n"],
    ["releases/rentals.yaml", 'DEPOSIT_PERCENT: "20"', 'DEPOSIT_PERCENT: "25"']],
    "the image has its migrations in /app/sql, not in /app/db/migration: the Job before the upgrade fails, nothing is upgraded",
    expected=expect("job-failed helm-failed", [(c("Job", "rentals-schema", "flyway", "env[name=FLYWAY_LOCATIONS].value"), BEFORE)]),
    path="releases")

# 13 ── Flux, ConfigMap from .Files: AsConfig does not run the files through tpl
HAPROXY = "global\n    maxconn 512\ndefaults\n    mode http\n    timeout connect 5s\n    timeout client 30s\n    timeout server %s\nfrontend web\n    bind *:%s\n    monitor-uri /healthz\n    default_backend shop\nbackend shop\n    balance roundrobin\n    server shop1 %s check\n"
FILLED = HAPROXY % ("60s", "8404", "10.20.0.5:8080")
CHECKSUM = ("Deployment/balancer spec.template.metadata.annotations[\"checksum/config\"]", ANY)
scenario("list-of-office-networks", "flux", {
    "charts/balancer/Chart.yaml": chart_yaml("balancer", "0.2.3", "3.1.0"),
    "charts/balancer/values.yaml": "replicas: 1\nport: 8404\nupstream: \"\"\nimage:\n  repository: acme/balancer\n  tag: \"\"\nresources:\n  requests:\n    cpu: 10m\n    memory: 24Mi\n  limits:\n    memory: 64Mi\n",
    "charts/balancer/files/haproxy.cfg": HAPROXY % ("30s", "{{ .Values.port }}", "{{ .Values.upstream }}"),
    "charts/balancer/templates/config.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ .Release.Name }}-config
        data:
          haproxy.cfg: |
            {{- tpl (.Files.Get "files/haproxy.cfg") . | nindent 4 }}
    """),
    "charts/balancer/templates/deployment.yaml": text("""
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
              annotations:
                checksum/config: {{ include (print $.Template.BasePath "/config.yaml") . | sha256sum }}
              labels:
                app: {{ .Release.Name }}
            spec:
              containers:
                - name: haproxy
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
                  ports:
                    - name: http
                      containerPort: {{ .Values.port }}
                  readinessProbe:
                    httpGet:
                      path: /healthz
                      port: http
                    periodSeconds: 5
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  volumeMounts:
                    - name: config
                      mountPath: /usr/local/etc/haproxy
                      readOnly: true
              volumes:
                - name: config
                  configMap:
                    name: {{ .Release.Name }}-config
    """),
    "charts/balancer/templates/service.yaml": text("""
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
    "releases/balancer.yaml": release("balancer", "balancer", """
        replicas: 2
        upstream: 10.20.0.5:8080
    """, upgrade=""),
}, ["balancer 3.1.1: the office networks beside the configuration, daily report on them, 60 s for the server",
    ["charts/balancer/Chart.yaml", "version: 0.2.3\nappVersion: \"3.1.0\"", "version: 0.3.0\nappVersion: \"3.1.1\""],
    ["charts/balancer/files/haproxy.cfg", "timeout server 30s", "timeout server 60s"],
    ["charts/balancer/files/networks.lst", None, "10.40.0.0/16\n10.41.0.0/16\n"],
    ["charts/balancer/templates/config.yaml", "  haproxy.cfg: |\n    {{- tpl (.Files.Get \"files/haproxy.cfg\") . | nindent 4 }}\n", "  {{- (.Files.Glob \"files/*\").AsConfig | nindent 2 }}\n"],
    ["charts/balancer/templates/report.yaml", None, text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: {{ .Release.Name }}-networks
        spec:
          schedule: "0 6 * * *"
          concurrencyPolicy: Forbid
          jobTemplate:
            spec:
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: report
                      image: busybox:1.37
                      command: ["sh", "-c", "wc -l /config/networks.lst"]
                      volumeMounts:
                        - name: config
                          mountPath: /config
                  volumes:
                    - name: config
                      configMap:
                        name: {{ .Release.Name }}-config
    """)]],
    "the ConfigMap is made with AsConfig now, which does not evaluate the files as tpl did: {{ .Values.port }} and {{ .Values.upstream }} reach haproxy, which cannot resolve the address",
    expected=expect("crash-on-start",
        [('ConfigMap/balancer-config data["haproxy.cfg"]', value(FILLED)), CHECKSUM],
        [('ConfigMap/balancer-config data["haproxy.cfg"]', value(FILLED.rstrip("\n"))), CHECKSUM],
        [('ConfigMap/balancer-config data["haproxy.cfg"]', value(FILLED + "\n")), CHECKSUM]),
    path="releases")

# 14 ── Flux, a first release: accounts and workloads, both by range
scenario("first-exports-release", "flux", {
    "charts/exports/Chart.yaml": chart_yaml("exports", "0.1.0", "1.4.2"),
    "charts/exports/values.yaml": text("""
        serviceAccounts: []
        workloads: {}
        resources:
          requests:
            cpu: 10m
            memory: 24Mi
          limits:
            memory: 64Mi
    """),
    "charts/exports/templates/accounts.yaml": text("""
        {{- range .Values.serviceAccounts }}
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: {{ . }}
        automountServiceAccountToken: false
        {{- end }}
    """),
    "charts/exports/templates/workloads.yaml": text("""
        {{- range $name, $workload := .Values.workloads }}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ $.Release.Name }}-{{ $name }}
        spec:
          replicas: {{ $workload.replicas | default 1 }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: {{ $.Release.Name }}-{{ $name }}
          template:
            metadata:
              labels:
                app: {{ $.Release.Name }}-{{ $name }}
            spec:
              serviceAccountName: {{ $workload.serviceAccount | default "default" }}
              containers:
                - name: {{ $name }}
                  image: "{{ $workload.image }}:{{ $.Chart.AppVersion }}"
                  {{- with $workload.env }}
                  env:
                    {{- range $key, $value := . }}
                    - name: {{ $key }}
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
                    {{- toYaml $.Values.resources | nindent 12 }}
        {{- end }}
    """),
    "releases/exports.yaml": release("exports", "exports", """
        serviceAccounts:
          - export-api
          - export-runner
        workloads:
          api:
            image: acme/checkout
            replicas: 2
            serviceAccount: export-api
          runner:
            image: acme/worker
            serviceAccount: exports-runner
            env:
              FORMATS: csv,parquet
    """),
}, [], "workload runner names the account exports-runner, the release makes export-runner: no pod of it is created, the install times out",
    expected=expect("service-account-missing",
        [(pod("Deployment", "exports-runner", "serviceAccountName"), value("export-runner"))],
        [("ServiceAccount/exports-runner", ANY), ("ServiceAccount/export-runner", GONE)],
        [("ServiceAccount/exports-runner", ANY)]),
    path="releases", never_worked=True)

# 15 ── for people. Flux, valuesFrom a Secret that only the licence's owner can make
PRICING = created("pricing", "acme/catalog", version="1.0.0")
scenario("licensed-price-feed", "flux", {
    **PRICING,
    "releases/pricing.yaml": release("pricing", "pricing", """
        image:
          tag: 1.4.1
        env:
          FEED: ecb
    """, values_from="""
        - kind: ConfigMap
          name: pricing-values
    """, upgrade=""),
    "releases/pricing-values.yaml": dump(configmap("pricing-values", values__yaml="replicaCount: 2\nresources:\n  limits:\n    memory: 96Mi\n")),
}, ["pricing 1.4.2 takes the licensed feed; its key comes as values of a Secret",
    ["charts/pricing/templates/licence.yaml", None, text("""
        apiVersion: v1
        kind: Secret
        metadata:
          name: {{ include "pricing.fullname" . }}-licence
        stringData:
          key: {{ required "licence.key is required for the licensed feed" .Values.licence.key | quote }}
    """)],
    ["charts/pricing/values.yaml", "env: {}\n", "licence:\n  key: \"\"\n\nenv: {}\n"],
    ["releases/pricing.yaml", "      name: pricing-values\n", "      name: pricing-values\n    # made by hand by procurement from the vendor's portal, never in git\n    - kind: Secret\n      name: pricing-licence-values\n"],
    ["releases/pricing.yaml", "tag: 1.4.1", "tag: 1.4.2"],
    ["releases/pricing.yaml", "FEED: ecb", "FEED: licensed"]],
    "Secret pricing-licence-values, from which the release takes the licence key, does not exist: procurement must make it; nobody else has the key",
    answer=HUMAN, expected=expect("secret-missing helm-failed", ), path="releases")

# 16 ── nothing to do. Flux, StatefulSet: three pods, one after the other, each loads for a while
scenario("shards-one-by-one", "flux", {
    "charts/shards/Chart.yaml": chart_yaml("shards", "0.6.0", "1.4.1"),
    "charts/shards/values.yaml": "replicas: 1\nimage:\n  repository: acme/catalog\n  tag: \"\"\nenv: {}\nresources:\n  requests:\n    cpu: 10m\n    memory: 24Mi\n  limits:\n    memory: 64Mi\n",
    "charts/shards/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
        spec:
          clusterIP: None
          selector:
            app: {{ .Release.Name }}
          ports:
            - name: http
              port: 8080
              targetPort: http
    """),
    "charts/shards/templates/statefulset.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: {{ .Release.Name }}
        spec:
          serviceName: {{ .Release.Name }}
          replicas: {{ .Values.replicas }}
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
                - name: shard
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
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
                  startupProbe:
                    httpGet:
                      path: /healthz
                      port: http
                    periodSeconds: 3
                    failureThreshold: 40
                  livenessProbe:
                    httpGet:
                      path: /healthz
                      port: http
                  readinessProbe:
                    httpGet:
                      path: /readyz
                      port: http
                    periodSeconds: 3
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
    """),
    "releases/shards.yaml": release("shards", "shards", """
        replicas: 3
        env:
          START_SECONDS: "4"
          INDEX: products
    """, timeout="5m", upgrade=""),
}, ["shards 1.4.2 load the new, larger index",
    ["charts/shards/Chart.yaml", "version: 0.6.0\nappVersion: \"1.4.1\"", "version: 0.7.0\nappVersion: \"1.4.2\""],
    ["releases/shards.yaml", 'START_SECONDS: "4"\n      INDEX: products', 'START_SECONDS: "40"\n      INDEX: products-v2']],
    "each of the three pods loads for 40 s, one after the other and within its startup probe: the Kustomization loses patience once, the release is ready after some two and a half minutes",
    answer=NONE, path="releases")


# What was expected in another form than the rendered objects have it: new items and objects as a whole, and what else of a commit stays.
CORRECTED = {'worker-is-fulfilment': {'class': ['image-not-found'],
                          'fixes': [[{'field': 'Deployment/fulfilment spec.template.spec.containers[name=app].image',
                                      'to': {'value': 'acme/worker:1.4.1'}},
                                     {'field': 'Deployment/fulfilment spec.replicas', 'to': {'value': 2}},
                                     {'field': 'Deployment/fulfilment spec.template.spec.containers[name=app].env[name=CONCURRENCY]',
                                      'to': {'value': {'name': 'CONCURRENCY', 'value': '8'}}}]]}}
for one in SCENARIOS:
    if one["id"] in CORRECTED:
        one["expected"] = CORRECTED[one["id"]]
