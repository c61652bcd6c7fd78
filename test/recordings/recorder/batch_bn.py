"""A bank, mostly with Helm charts in the repository: what goes wrong in an ordinary month."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1812)


# ---------------------------------------------------------------- Helm
CHART = "apiVersion: v2\nname: {}\ndescription: {}\ntype: application\nversion: {}\n"
SERVICE = text("""
    apiVersion: v1
    kind: Service
    metadata:
      name: {{ .Release.Name }}
      labels:
        app.kubernetes.io/name: {{ .Release.Name }}
    spec:
      selector:
        app: {{ .Release.Name }}
      ports:
        - name: http
          port: {{ .Values.service.port }}
          targetPort: http
    """)


def release(name, values, tail="", chart="./chart", remediation=""):
    head = text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 30s
          timeout: 60s
          chart:
            spec:
              chart: {chart}
              reconcileStrategy: Revision
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
        """)
    return head + textwrap.indent(remediation + tail, "  ") + ("  values:\n" + textwrap.indent(values, "    ") if values else "")


# 1 Argo CD, chart with values files per environment: a tag with a v
payments_deployment = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
      labels:
        app.kubernetes.io/name: {{ .Release.Name }}
    spec:
      replicas: {{ .Values.replicaCount }}
      progressDeadlineSeconds: 80
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
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
              imagePullPolicy: {{ .Values.image.pullPolicy }}
              env:
                - name: CACHE_MB
                  value: {{ .Values.cacheMb | quote }}
              ports:
                - name: http
                  containerPort: 8080
              livenessProbe:
                httpGet:
                  path: /healthz
                  port: http
              readinessProbe:
                httpGet:
                  path: /readyz
                  port: http
                periodSeconds: 5
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
    """)
scenario("chart-tag-with-v", "argocd", {
    "charts/payments-gateway/Chart.yaml": CHART.format("payments-gateway", "Card and SEPA payments", "2.3.0") + 'appVersion: "1.4.0"\n',
    "charts/payments-gateway/templates/deployment.yaml": payments_deployment,
    "charts/payments-gateway/templates/service.yaml": SERVICE,
    "charts/payments-gateway/values.yaml": text("""
        replicaCount: 1
        image:
          repository: acme/payments
          tag: ""
          pullPolicy: IfNotPresent
        cacheMb: 8
        service:
          port: 80
        resources:
          requests: {cpu: 10m, memory: 32Mi}
          limits: {memory: 64Mi}
        """),
    "environments/prod/values.yaml": text("""
        # production, owned by team payments
        replicaCount: 2
        image:
          tag: "1.4.1"
        cacheMb: 16
        resources:
          requests: {cpu: 10m, memory: 48Mi}
          limits: {memory: 96Mi}
        """),
    "environments/test/values.yaml": 'image:\n  tag: "1.4.2"\n',
}, ["PAY-2231 promote payments 1.4.2 to production",
    ["environments/prod/values.yaml", 'tag: "1.4.1"', 'tag: "v1.4.2"'], ["environments/prod/values.yaml", "limits: {memory: 96Mi}", "limits: {memory: 128Mi}"]],
    "the production values have tag v1.4.2 (the git tag); the registry has 1.4.2, as the test environment uses it",
    expected=expect("image-not-found", [(c("Deployment", "payments-gateway", "app", "image"), value("acme/payments:1.4.2"))], [(c("Deployment", "payments-gateway", "app", "image"), BEFORE)]),
    path="charts/payments-gateway", source={"helm": {"releaseName": "payments-gateway", "valueFiles": ["../../environments/prod/values.yaml"]}})

# 2 Flux, HelmRelease with inline values: the chart renamed a value, one release was not moved
kyc_deployment = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 75
      selector:
        matchLabels:
          app: {{ .Release.Name }}
      template:
        metadata:
          labels:
            app: {{ .Release.Name }}
        spec:
          containers:
            - name: kyc
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              env:
                - name: REQUIRED_ENV
                  value: LEDGER_URL,KYC_PROVIDER
                {{- range $name, $value := .Values.env }}
                - name: {{ $name }}
                  value: {{ $value | quote }}
                {{- end }}
              ports:
                - name: http
                  containerPort: 8080
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 5
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 64Mi}
    """)


def kyc(stage, tag):
    return release("kyc", text(f"""
        image:
          tag: "{tag}"
        replicas: 1
        env:
          KYC_PROVIDER: idcheck-{stage}
          LEDGER_URL: http://ledger.{stage}.bank.example/v1
        """), remediation="install:\n  remediation:\n    retries: 1\nupgrade:\n  remediation:\n    retries: 1\n    strategy: rollback\n")


scenario("chart-value-moved", "flux", {
    "chart/Chart.yaml": CHART.format("kyc", "Know your customer", "0.6.1"),
    "chart/templates/deployment.yaml": kyc_deployment, "chart/templates/service.yaml": SERVICE,
    "chart/values.yaml": text("""
        image:
          repository: acme/checkout
          tag: "1.4.1"
        replicas: 1
        service:
          port: 80
        # further environment variables, name: value
        env: {}
        """),
    "clusters/prod/kyc.yaml": kyc("prod", "1.4.1"), "clusters/staging/kyc.yaml": kyc("staging", "1.4.2"),
}, ["Chart 0.7.0: values as in our other charts",
    ["chart/Chart.yaml", "version: 0.6.1", "version: 0.7.0"], ["chart/templates/deployment.yaml", ".Values.env }}", ".Values.extraEnv }}"],
    ["chart/templates/deployment.yaml", "  replicas: {{ .Values.replicas }}", "  replicas: {{ .Values.replicas }}\n  revisionHistoryLimit: 3"],
    ["chart/values.yaml", "env: {}", "extraEnv: {}"], ["clusters/staging/kyc.yaml", "    env:\n", "    extraEnv:\n"]],
    "the chart reads extraEnv instead of env now; the HelmRelease of prod still sets env, so LEDGER_URL and KYC_PROVIDER are gone",
    expected=expect("crash-on-start helm-failed", [(c("Deployment", "kyc", "kyc", "env[name=LEDGER_URL]"), BEFORE), (c("Deployment", "kyc", "kyc", "env[name=KYC_PROVIDER]"), BEFORE)]),
    path="clusters/prod")

# 3 Flux, HelmRelease with valuesFrom: StatefulSet, cache above the limit
rates_set = text("""
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
          terminationGracePeriodSeconds: {{ .Values.gracePeriod }}
          containers:
            - name: rates
              image: "{{ .Values.image }}"
              env:
                - name: CACHE_MB
                  value: {{ .Values.cache.megabytes | quote }}
                - name: WRITE_FILE
                  value: /var/rates/snapshot
              ports:
                - name: http
                  containerPort: 8080
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 3
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              volumeMounts:
                - name: snapshots
                  mountPath: /var/rates
          volumes:
            - name: snapshots
              emptyDir: {}
    """)
scenario("values-cache-quarter-end", "flux", {
    "chart/Chart.yaml": CHART.format("fx-rates", "Foreign exchange rates", "1.1.0"),
    "chart/templates/statefulset.yaml": rates_set, "chart/templates/service.yaml": SERVICE,
    "chart/values.yaml": text("""
        image: acme/catalog:1.4.0
        replicas: 1
        gracePeriod: 10
        cache:
          megabytes: 8
        service:
          port: 80
        resources:
          requests: {cpu: 10m, memory: 32Mi}
          limits: {memory: 96Mi}
        """),
    "releases/fx-rates.yaml": release("fx-rates", "image: acme/catalog:1.4.2\n", tail="valuesFrom:\n  - kind: ConfigMap\n    name: fx-rates-values\n    valuesKey: values.yaml\n"),
    "releases/fx-rates-values.yaml": dump(configmap("fx-rates-values", values__yaml="replicas: 1\ngracePeriod: 5\ncache:\n  megabytes: 24\n")),
}, ["Hold all currency pairs at quarter end", ["releases/fx-rates-values.yaml", "megabytes: 24", "megabytes: 220"], ["releases/fx-rates-values.yaml", "gracePeriod: 5", "gracePeriod: 8"]],
    "220 MB of cache under a limit of 96Mi, which is a default of the chart: OOMKilled",
    expected=expect("out-of-memory", [(c("StatefulSet", "fx-rates", "rates", "resources.limits.memory"), at_least("240Mi"))], [(c("StatefulSet", "fx-rates", "rates", "env[name=CACHE_MB]"), BEFORE)]),
    path="releases")

# 4 Argo CD, chart, first release: a weekday that does not exist
scenario("first-release-schedule", "argocd", {
    "chart/Chart.yaml": CHART.format("sepa-export", "Files for the clearing house", "0.1.0"),
    "chart/templates/cronjob.yaml": text("""
        {{- range .Values.exports }}
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: export-{{ .name }}
          labels:
            app.kubernetes.io/part-of: {{ $.Release.Name }}
        spec:
          schedule: {{ .schedule | quote }}
          concurrencyPolicy: Forbid
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                metadata:
                  labels:
                    app: export-{{ .name }}
                spec:
                  restartPolicy: Never
                  containers:
                    - name: export
                      image: {{ $.Values.image | quote }}
                      args: [migrate]
                      env:
                        - name: DATABASE_URL
                          value: {{ $.Values.databaseUrl | quote }}
                      resources:
                        requests: {cpu: 10m, memory: 16Mi}
                        limits: {memory: 64Mi}
        {{- end }}
        """),
    "chart/values.yaml": "image: acme/worker:1.4.1\ndatabaseUrl: postgresql://localhost/sepa\nexports: []\n",
    "env/prod.yaml": text("""
        image: acme/worker:1.4.2
        databaseUrl: postgresql://sepa@10.20.0.5/sepa
        exports:
          # every day, after the books are closed
          - name: balances
            schedule: "15 22 * * *"
          # Monday to Friday at 06:30, before the SEPA cut-off
          - name: transfers
            schedule: "30 6 * * MON-FRY"
        """),
}, [], "first release: CronJob export-transfers has the schedule 30 6 * * MON-FRY, which the API server refuses",
    expected=expect("cron-invalid invalid-manifest job-failed", *[[("CronJob/export-transfers spec.schedule", value(v))] for v in ("30 6 * * MON-FRI", "30 6 * * 1-5", "30 6 * * Mon-Fri", "30 6 * * mon-fri")]),
    path="chart", source={"helm": {"releaseName": "sepa-export", "valueFiles": ["../env/prod.yaml"]}}, never_worked=True)

# 5 Flux, HelmRelease: more replicas than the team's quota has pods
scenario("month-end-replicas", "flux", {
    "charts/clearing/Chart.yaml": CHART.format("clearing", "Clearing workers", "3.0.2"),
    "charts/clearing/templates/deployment.yaml": payments_deployment,
    "charts/clearing/templates/service.yaml": SERVICE,
    "charts/clearing/values.yaml": text("""
        replicaCount: 1
        image:
          repository: acme/worker
          tag: "1.4.1"
          pullPolicy: IfNotPresent
        cacheMb: 4
        service:
          port: 8080
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 64Mi}
        """),
    "apps/clearing.yaml": release("clearing", "replicaCount: 2\nimage:\n  tag: \"1.4.2\"\ncacheMb: 8\n", chart="./charts/clearing"),
}, ["CLR-88 six workers for month end, as agreed with operations", ["apps/clearing.yaml", "replicaCount: 2", "replicaCount: 6"]],
    "the team's ResourceQuota (not in git) allows 4 pods; whether it grows or month end runs with fewer is for people", HUMAN,
    expected=expect("quota"), path="apps",
    given=dump({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "team-clearing"}, "spec": {"hard": {"pods": "4"}}}))

# 6 Argo CD, chart: slow, but within its startup probe
scenario("limits-preload", "argocd", {
    "chart/Chart.yaml": CHART.format("card-limits", "Limits of cards", "1.0.4"),
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 240
          selector:
            matchLabels: {app: {{ .Release.Name }}}
          template:
            metadata:
              labels: {app: {{ .Release.Name }}}
            spec:
              containers:
                - name: limits
                  image: {{ .Values.image }}
                  env:
                    - {name: START_SECONDS, value: {{ .Values.preloadSeconds | quote }}}
                  ports:
                    - {name: http, containerPort: 8080}
                  startupProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 5
                    failureThreshold: 24
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
        """),
    "chart/templates/service.yaml": SERVICE,
    "chart/values.yaml": "image: acme/catalog:1.4.1\nreplicas: 1\npreloadSeconds: 2\nservice: {port: 80}\n",
    "env/prod.yaml": "image: acme/catalog:1.4.1\nreplicas: 2\npreloadSeconds: 5\n",
}, ["Preload all card products, catalog 1.4.2", ["env/prod.yaml", "preloadSeconds: 5", "preloadSeconds: 55"], ["env/prod.yaml", "catalog:1.4.1", "catalog:1.4.2"]],
    "each pod needs 55 s to start, its startup probe allows 120 s: the rollout ends well by itself", NONE,
    path="chart", source={"helm": {"releaseName": "card-limits", "valueFiles": ["../env/prod.yaml"]}})

# ---------------------------------------------------------------- Kustomize
SHOP = dict(resources={"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "96Mi"}})

# 7 Argo CD, component: patches a container whose name changed in the base
fraud_base = workload("Deployment", "fraud-check", container("fraud-check", "shop", "acme/checkout:1.4.2", env={"HEALTH_PATH": "/healthz"}), deadline=80)
scenario("component-container-name", "argocd", {
    "base/deployment.yaml": dump(fraud_base), "base/service.yaml": dump(service("fraud-check")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "components/large-cache/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n  - path: cache.yaml\n",
    "components/large-cache/cache.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: fraud-check
        spec:
          template:
            spec:
              containers:
                - name: fraud-check
                  env:
                    - name: CACHE_MB
                      value: "48"
        """),
    "overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../components/large-cache"], replicas=[{"name": "fraud-check", "count": 2}]),
    "overlays/test/kustomization.yaml": kustomization("../../base"),
}, ["Platform guideline 14: main containers are called app", ["base/deployment.yaml", "      - name: fraud-check\n", "      - name: app\n"]],
    "the component large-cache still patches a container fraud-check, which is app now: a second container without an image",
    expected=expect("invalid-manifest",
                    [(pod("Deployment", "fraud-check", "containers[name=fraud-check]"), GONE), (c("Deployment", "fraud-check", "app", "env[name=CACHE_MB]"), value({"name": "CACHE_MB", "value": "48"}))],
                    [(pod("Deployment", "fraud-check", "containers[name=app]"), GONE), (pod("Deployment", "fraud-check", "containers[name=fraud-check]"), BEFORE)]),
    path="overlays/prod")

# 8 Flux, overlay: a sidecar in a namespace that enforces the restricted profile
SAFE = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
consent = workload("Deployment", "consent", container("consent", "shop", "acme/payments:1.4.1", securityContext=SAFE),
                   pod={"securityContext": {"runAsNonRoot": True, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}}}, deadline=70)
tail_patch = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: consent
    spec:
      template:
        spec:
          containers:
            - name: heartbeat
              image: busybox:1.37
              command: [sh, -c, "while true; do echo consent alive; sleep 30; done"]
              resources:
                requests: {cpu: 5m, memory: 8Mi}
                limits: {memory: 16Mi}
    """)
scenario("sidecar-restricted", "flux", {
    "base/deployment.yaml": dump(consent), "base/service.yaml": dump(service("consent")), "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/payments
            newTag: 1.4.1
        """),
}, ["consent 1.4.2 with a heartbeat for the log monitoring", ["overlays/prod/kustomization.yaml", "newTag: 1.4.1\n", "newTag: 1.4.2\npatches:\n  - path: heartbeat.yaml\n"], ["overlays/prod/heartbeat.yaml", None, tail_patch]],
    "the namespace enforces Pod Security restricted: the new container heartbeat has no securityContext",
    expected=expect("pod-security", *[[(c("Deployment", "consent", "heartbeat", "securityContext"), value({**SAFE, **more}))] for more in
                      ({}, {"runAsNonRoot": True}, {"seccompProfile": {"type": "RuntimeDefault"}}, {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}, {"readOnlyRootFilesystem": True})],
                    [(pod("Deployment", "consent", "containers[name=heartbeat]"), GONE)]),
    path="overlays/prod", labels={"pod-security.kubernetes.io/enforce": "restricted"})

# 9 Argo CD, overlay: patches moved to a folder, one reference stayed
scenario("patches-folder", "argocd", {
    "base/deployment.yaml": dump(workload("Deployment", "standing-orders", container("app", "shop", "acme/worker:1.4.1", env={"CACHE_MB": "4"}), deadline=80)),
    "base/service.yaml": dump(service("standing-orders")), "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        patches:
          - path: resources.yaml
          - path: environment.yaml
        images:
          - name: acme/worker
            newTag: 1.4.1
        """),
    "overlays/prod/resources.yaml": (resources_patch := text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: standing-orders
        spec:
          replicas: 2
          template:
            spec:
              containers:
                - name: app
                  resources:
                    limits:
                      memory: 128Mi
        """)),
    "overlays/prod/environment.yaml": (environment_patch := text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: standing-orders
        spec:
          template:
            spec:
              containers:
                - name: app
                  env:
                    - name: CACHE_MB
                      value: "32"
        """)),
}, ["Tidy the overlay, worker 1.4.2",
    ["overlays/prod/patches/resources.yaml", None, resources_patch], ["overlays/prod/patches/environment.yaml", None, environment_patch],
    ["overlays/prod/resources.yaml", resources_patch, DELETE], ["overlays/prod/environment.yaml", environment_patch, DELETE],
    ["overlays/prod/kustomization.yaml", "path: resources.yaml", "path: patches/resources.yaml"], ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the patches moved to patches/, the kustomization still names environment.yaml beside it: it cannot be built",
    expected=expect("render-failed", [], keep=[(c("Deployment", "standing-orders", "app", "image"), value("acme/worker:1.4.2"))]),
    path="overlays/prod")

# 10 Flux, generator: the paths of the checks moved, one probe did not
onboarding = workload("Deployment", "onboarding", container("onboarding", "shop", "acme/checkout:1.4.2", envFrom=[{"configMapRef": {"name": "onboarding-settings"}}],
                      live={"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 5, "periodSeconds": 10},
                      ready={"httpGet": {"path": "/readyz", "port": "http"}, "periodSeconds": 5}), deadline=70)
scenario("management-paths", "flux", {
    "base/deployment.yaml": dump(onboarding), "base/service.yaml": dump(service("onboarding")), "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "onboarding-settings", "envs": ["settings.env"]}]),
    "overlays/prod/settings.env": "HEALTH_PATH=/healthz\nREADY_PATH=/readyz\nCACHE_MB=8\n",
}, ["SEC-410 management endpoints below /internal, blocked at the edge", ["overlays/prod/settings.env", "HEALTH_PATH=/healthz", "HEALTH_PATH=/internal/healthz"],
    ["overlays/prod/settings.env", "READY_PATH=/readyz", "READY_PATH=/internal/readyz"], ["base/deployment.yaml", "path: /healthz", "path: /internal/healthz"]],
    "READY_PATH is /internal/readyz now, the readiness probe still asks /readyz: 404",
    expected=expect("readiness-probe readiness probe", [(c("Deployment", "onboarding", "onboarding", "readinessProbe.httpGet.path"), value("/internal/readyz"))], [("ConfigMap/onboarding-settings-# data.READY_PATH", BEFORE)]),
    path="overlays/prod")

# 11 Flux, overlay: a wrong tag that the team repairs itself
scenario("tag-repaired", "flux", {
    "base/daemonset.yaml": dump(workload("DaemonSet", "atm-relay", container("relay", "shop", "acme/worker:1.4.0"))), "base/kustomization.yaml": kustomization("daemonset.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/worker", "newTag": "1.4.1"}], labels=[{"pairs": {"bank.example/stage": "prod"}}]),
}, [{"subject": "ATM relay 1.4.2", "edit": [["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.21"]]},
    {"subject": "ATM relay: tag", "edit": [["overlays/prod/kustomization.yaml", "newTag: 1.4.21", "newTag: 1.4.2"]], "wait": 75}],
    "the first commit had the tag 1.4.21, the second one repaired it: healthy", NONE, path="overlays/prod")

# ---------------------------------------------------------------- plain YAML
# 12 Argo CD: a key of a ConfigMap renamed, the CronJob was forgotten
url = "postgresql://statements@10.20.0.7/statements"
statements = workload("Deployment", "statements", container("statements", "shop", "acme/catalog:1.4.2", env={"REQUIRED_ENV": "PRIMARY_URL", "PRIMARY_URL": {"configMapKeyRef": {"name": "statements-db", "key": "DATABASE_URL"}}}), deadline=80)
nightly = workload("CronJob", "statements-partitions", container("partitions", "shop", "acme/catalog:1.4.2", probes=False, args=["migrate"], env={"DATABASE_URL": {"configMapKeyRef": {"name": "statements-db", "key": "DATABASE_URL"}}}), spec={"concurrencyPolicy": "Replace"})
scenario("cron-settings-key", "argocd", {
    "deploy/config.yaml": dump(configmap("statements-db", DATABASE_URL=url, POOL="5")), "deploy/statements.yaml": dump(statements, service("statements")), "deploy/partitions.yaml": dump(nightly),
}, ["Prepare for the read replica: name the primary", ["deploy/config.yaml", f"DATABASE_URL: {url}", f"PRIMARY_DATABASE_URL: {url}"], ["deploy/config.yaml", "POOL: '5'", "POOL: '8'"], ["deploy/statements.yaml", "key: DATABASE_URL", "key: PRIMARY_DATABASE_URL"]],
    "CronJob statements-partitions reads the key DATABASE_URL of ConfigMap statements-db, which is PRIMARY_DATABASE_URL now",
    expected=expect("config-key-missing", [(c("CronJob", "statements-partitions", "partitions", "env[name=DATABASE_URL]"), value({"name": "DATABASE_URL", "valueFrom": {"configMapKeyRef": {"name": "statements-db", "key": "PRIMARY_DATABASE_URL"}}}))],
                    [("ConfigMap/statements-db data.DATABASE_URL", BEFORE)]))

# 13 Flux: the mount moved, the setting did not
journal = workload("StatefulSet", "journal", container("journal", "shop", "acme/payments:1.4.2", env={"WRITE_FILE": "/data/journal.state"}, volumeMounts=[{"name": "data", "mountPath": "/data"}]),
                   pod={"terminationGracePeriodSeconds": 10, "volumes": [{"name": "data", "emptyDir": {"sizeLimit": "64Mi"}}]})
scenario("mount-moved", "flux", {
    "deploy/journal.yaml": dump(journal), "deploy/service.yaml": dump(service("journal", clusterIP="None")),
}, ["Journal: same directories as on the old servers, longer shutdown", ["deploy/journal.yaml", "mountPath: /data", "mountPath: /var/lib/journal"], ["deploy/journal.yaml", "terminationGracePeriodSeconds: 10", "terminationGracePeriodSeconds: 20"]],
    "the volume is at /var/lib/journal now, WRITE_FILE still names /data/journal.state, a folder that is not there",
    expected=expect("crash-on-start volume-mount", [(c("StatefulSet", "journal", "journal", "env[name=WRITE_FILE]"), value({"name": "WRITE_FILE", "value": "/var/lib/journal/journal.state"}))],
                    [(c("StatefulSet", "journal", "journal", "volumeMounts[name=data].mountPath"), BEFORE)]))

# 14 Argo CD, first release: two containers of a pod on one port
risk = workload("Deployment", "risk-score",
                container("scoring", "shop", "acme/checkout:1.4.2", env={"PORT": "8080", "CACHE_MB": "8"}),
                {"name": "model-store", "image": "acme/catalog:1.4.1", "env": [{"name": "CACHE_MB", "value": "16"}], "ports": [{"name": "models", "containerPort": 8081}],
                 "resources": {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}, "readinessProbe": {"httpGet": {"path": "/readyz", "port": "models"}, "periodSeconds": 5}}, deadline=70)
scenario("first-release-sidecar-port", "argocd", {
    "deploy/deployment.yaml": dump(risk),
    "deploy/service.yaml": dump({**service("risk-score"), "spec": {"selector": {"app": "risk-score"}, "ports": [{"name": "http", "port": 80, "targetPort": "http"}, {"name": "models", "port": 8081, "targetPort": "models"}]}}),
}, [], "first release: model-store lacks PORT=8081 (its containerPort and probe) and listens on 8080, where scoring listens already",
    expected=expect("port-conflict", [(c("Deployment", "risk-score", "model-store", "env[name=PORT]"), value({"name": "PORT", "value": "8081"}))]), never_worked=True)

# 15 Flux: a container without limits in a namespace with a quota
audit = workload("DaemonSet", "host-audit", container("audit", "shop", "acme/worker:1.4.1"))
forwarder = text("""
          - name: forwarder
            image: busybox:1.36
            command:
            - sh
            - -c
            - while true; do echo forwarded; sleep 20; done
    """)
scenario("forwarder-without-limits", "flux", {
    "deploy/daemonset.yaml": dump(audit), "deploy/service.yaml": dump(service("host-audit")),
}, ["host-audit 1.4.2, forwards to the SOC", ["deploy/daemonset.yaml", "image: acme/worker:1.4.1", "image: acme/worker:1.4.2"],
    ["deploy/daemonset.yaml", "      containers:\n", "      containers:\n" + textwrap.indent(forwarder, " " * 6)]],
    "the quota of the namespace asks every container for requests and limits of memory: forwarder has none, no pod can be created",
    expected=expect("quota limit-range", [(c("DaemonSet", "host-audit", "forwarder", "resources"), ANY)], [(pod("DaemonSet", "host-audit", "containers[name=forwarder]"), GONE)]),
    given=dump({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "team-security"}, "spec": {"hard": {"requests.memory": "512Mi", "limits.memory": "1Gi"}}}))

# 16 Argo CD: the Secret was removed by hand, the next rollout meets it
ledger = workload("Deployment", "ledger", container("ledger", "shop", "acme/payments:1.4.1", env={"REQUIRED_ENV": "DB_PASSWORD", "DB_PASSWORD": {"secretKeyRef": {"name": "ledger-db", "key": "password"}}}), replicas=2, deadline=80)
scenario("secret-removed-by-hand", "argocd", {
    "deploy/ledger.yaml": dump(ledger), "deploy/service.yaml": dump(service("ledger")),
}, ["ledger: payments library 1.4.2", ["deploy/ledger.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"]],
    "Secret ledger-db, which is not in git, was deleted in the cluster; the commit is fine, whoever owns the credential must bring it back", HUMAN,
    expected=expect("secret-missing"),
    given=dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "ledger-db"}, "stringData": {"password": "only-for-tests"}}),
    then=[[-6, "kubectl -n $NAMESPACE delete secret ledger-db"]])
