"""Batch AM, written by somebody who knew neither the playbook nor the batches before: shop-1380 to shop-1395, the next incidents in a company's log. shop-1393 is missing: its database answered long enough. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1380)


def shop(name, image="acme/checkout:1.4.1", **more):
    return container(name, "shop", image, **more)


# --- 1380: Monday, checkout in prod does not roll: the tag was written as the git tag is (v1.4.2)
scenario("tag-with-v", "argocd", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": "# checkout, team storefront. The tag comes from the overlay.\n" + dump(workload("Deployment", "checkout", shop("checkout", "acme/checkout"), deadline=60)),
    "base/service.yaml": dump(service("checkout")),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        labels:
          - pairs:
              environment: prod
              team: storefront
        replicas:
          - name: checkout
            count: 2   # two until the autumn sale
        images:
          - name: acme/checkout
            newTag: 1.4.1
        """)},
    ["Release 1.4.2 to prod, third replica for the sale",
     ["overlays/prod/kustomization.yaml", "count: 2   # two until the autumn sale", "count: 3   # autumn sale, back to 2 in December"],
     ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: v1.4.2"]],
    "the tag v1.4.2 does not exist: images are tagged without v", expected=expect("image-not-found",
        [(c("Deployment", "checkout", "checkout", "image"), BEFORE)],
        [(c("Deployment", "checkout", "checkout", "image"), value("acme/checkout:1.4.2"))]), path="overlays/prod")

# --- 1381: a clean-up of settings took one that the program needs
scenario("setting-cleaned-away", "flux", {
    "deploy/basket.yaml": text("""
        # Settings of the basket. One place for all of them; the Deployment takes them with envFrom.
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: basket-settings
        data:
          # shown in the footer
          THEME: autumn
          LEGACY_THEME: "2023"
          CURRENCY: EUR
          TAX_COUNTRY: DE
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: basket
        spec:
          selector:
            app: basket
          ports:
            - {name: http, port: 80, targetPort: http}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: basket
          labels:
            app.kubernetes.io/name: basket
        spec:
          replicas: 2
          progressDeadlineSeconds: 60
          selector:
            matchLabels: {app: basket}
          template:
            metadata:
              labels: {app: basket}
            spec:
              containers:
                - name: basket
                  image: acme/checkout:1.4.1
                  envFrom:
                    - configMapRef:
                        name: basket-settings
                  env:
                    - name: REQUIRED_ENV   # the program checks these at its start
                      value: TAX_COUNTRY,CURRENCY
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
        """)},
    ["Basket 1.4.2, drop settings that nobody reads",
     ["deploy/basket.yaml", "  LEGACY_THEME: \"2023\"\n  CURRENCY: EUR\n", ""],
     ["deploy/basket.yaml", "image: acme/checkout:1.4.1", "image: acme/checkout:1.4.2"]],
    "CURRENCY was removed from the ConfigMap with LEGACY_THEME, the program requires it", expected=expect("crash-on-start",
        [("ConfigMap/basket-settings data.CURRENCY", BEFORE)],
        [(c("Deployment", "basket", "basket", "env[name=CURRENCY]"), value({"name": "CURRENCY", "value": "EUR"}))],
        [("ConfigMap/basket-settings data.CURRENCY", BEFORE), ("ConfigMap/basket-settings data.LEGACY_THEME", BEFORE)]))

# --- 1382: one anchor in a values file gives two components their memory
CHART = "apiVersion: v2\nname: {}\nversion: 0.4.0\n"
scenario("anchor-memory", "argocd", {
    "charts/search/Chart.yaml": CHART.format("search"),
    "charts/search/values.yaml": "# Defaults. What differs by environment is in envs/.\nimage:\n  repository: acme/catalog\n  tag: 1.4.0\ncomponents: {}\n",
    "charts/search/templates/_helpers.tpl": text("""
        {{- define "search.labels" -}}
        app.kubernetes.io/part-of: search
        app.kubernetes.io/component: {{ . }}
        {{- end }}
        """),
    "charts/search/templates/components.yaml": text("""
        {{- range $name, $component := .Values.components }}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: search-{{ $name }}
          labels:
            {{- include "search.labels" $name | nindent 4 }}
        spec:
          replicas: {{ $component.replicas | default 1 }}
          progressDeadlineSeconds: 60
          selector:
            matchLabels:
              {{- include "search.labels" $name | nindent 6 }}
          template:
            metadata:
              labels:
                {{- include "search.labels" $name | nindent 8 }}
            spec:
              containers:
                - name: {{ $name }}
                  image: "{{ $.Values.image.repository }}:{{ $.Values.image.tag }}"
                  {{- with $component.env }}
                  env:
                    {{- range $key, $value := . }}
                    - name: {{ $key }}
                      value: {{ $value | quote }}
                    {{- end }}
                  {{- end }}
                  ports:
                    - {name: http, containerPort: 8080}
                  {{- with $component.resources }}
                  resources:
                    {{- toYaml . | nindent 12 }}
                  {{- end }}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
        {{- end }}
        """),
    "envs/common.yaml": "image:\n  tag: 1.4.1\n",
    "envs/prod.yaml": text("""
        # Sizes are named once and used below.
        sizes:
          standard: &standard
            requests: {cpu: 10m, memory: 32Mi}
            limits:
              memory: 256Mi
        components:
          web:
            replicas: 1
            resources: *standard
          index:
            env:
              CACHE_MB: "150"   # whole index in memory
            resources: *standard
        """)},
    ["Web runs twice and is content with less",
     ["envs/prod.yaml", "      memory: 256Mi", "      memory: 96Mi"], ["envs/prod.yaml", "replicas: 1", "replicas: 2"]],
    "the size that was lowered for web is shared by an anchor with index, which holds 150 MB: OOMKilled", expected=expect("out-of-memory",
        [(c("Deployment", "search-index", "index", "resources.limits.memory"), at_least("192Mi"))],
        [(c("Deployment", "search-index", "index", "resources.limits.memory"), at_least("192Mi")), (c("Deployment", "search-web", "web", "resources.limits.memory"), at_least("192Mi"))]),
    path="charts/search", source={"helm": {"releaseName": "search", "valueFiles": ["../../envs/common.yaml", "../../envs/prod.yaml"]}})

# --- 1383: readiness asked at the port for metrics, where nobody listens
SVC = {
    "charts/service/Chart.yaml": CHART.format("service"),
    "charts/service/values.yaml": text("""
        image: {repository: acme/payments, tag: 1.4.1}
        replicas: 1
        ports: {http: 8080}
        env: {}
        probes:
          liveness: {path: /healthz, port: http}
          readiness: {path: /readyz, port: http}
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
        """),
    "charts/service/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: {{ .Values.progressDeadlineSeconds | default 60 }}
          selector:
            matchLabels: {app: {{ .Release.Name }}}
          template:
            metadata:
              labels: {app: {{ .Release.Name }}}
              {{- with .Values.podAnnotations }}
              annotations:
                {{- toYaml . | nindent 8 }}
              {{- end }}
            spec:
              containers:
                - name: app
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  ports:
                    {{- range $name, $port := .Values.ports }}
                    - name: {{ $name }}
                      containerPort: {{ $port }}
                    {{- end }}
                  {{- if or .Values.env .Values.secretEnv }}
                  env:
                    {{- range $name, $value := .Values.env }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                    {{- range $name, $ref := .Values.secretEnv }}
                    - name: {{ $name }}
                      valueFrom:
                        secretKeyRef: {{ toYaml $ref | nindent 18 }}
                    {{- end }}
                  {{- end }}
                  resources: {{- toYaml .Values.resources | nindent 12 }}
                  {{- with .Values.probes }}
                  {{- with .startup }}
                  startupProbe:
                    httpGet: {path: {{ .path }}, port: {{ .port }}}
                    periodSeconds: 5
                    failureThreshold: {{ .failureThreshold }}
                  {{- end }}
                  livenessProbe:
                    httpGet: {path: {{ .liveness.path }}, port: {{ .liveness.port }}}
                    periodSeconds: 10
                  readinessProbe:
                    httpGet: {path: {{ .readiness.path }}, port: {{ .readiness.port }}}
                    periodSeconds: 3
                  {{- end }}
        """),
    "charts/service/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
        spec:
          selector: {app: {{ .Release.Name }}}
          ports:
            - {name: http, port: 80, targetPort: http}
        """)}


def release(name, chart, rest):
    return text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 30s
          timeout: 75s
          chart:
            spec:
              chart: ./charts/{chart}
              reconcileStrategy: Revision
              sourceRef: {{kind: GitRepository, name: "@NAME@", namespace: flux-system}}
        """) + textwrap.indent(text(rest), "  ")


scenario("readiness-at-metrics", "flux", {**SVC,
    "apps/prod/notifier.yaml": release("notifier", "service", """
        values:
          replicas: 2
          env:
            LOG_LEVEL: info
          ports:
            http: 8080
          probes:
            # keep in step with the ports above
            readiness:
              path: /readyz
              port: http
        """)},
    ["Prepare notifier for scraping",
     ["apps/prod/notifier.yaml", "      http: 8080\n", "      http: 8080\n      metrics: 9102\n"],
     ["apps/prod/notifier.yaml", "        port: http\n", "        port: metrics\n"],
     ["apps/prod/notifier.yaml", "    replicas: 2\n", "    replicas: 2\n    podAnnotations:\n      prometheus.io/scrape: \"true\"\n"]],
    "the readiness probe asks at the port metrics, the program answers at http", expected=expect("readiness-probe readiness probe",
        [(c("Deployment", "notifier", "app", "readinessProbe.httpGet.port"), BEFORE)],
        [(c("Deployment", "notifier", "app", "readinessProbe.httpGet.port"), value(8080))]), path="apps/prod")

# --- 1384: an overlay counts on the place of a variable in the base's list
scenario("patch-index-gone", "argocd", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(workload("Deployment", "pricing", shop("pricing", "acme/catalog:1.4.1", env={"LEGACY_ENDPOINT": "http://10.20.0.8/v1", "LOG_LEVEL": "info", "CACHE_MB": "8"}), deadline=60)),
    "base/service.yaml": dump(service("pricing")),
    "overlays/staging/kustomization.yaml": kustomization("../../base"),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        patches:
          - target:
              kind: Deployment
              name: pricing
            patch: |-
              - op: replace
                path: /spec/replicas
                value: 2
              # prod holds all prices in memory
              - op: replace
                path: /spec/template/spec/containers/0/env/2/value
                value: "32"
        """)},
    ["Remove the old price endpoint, it was switched off in May",
     ["base/deployment.yaml", "        - name: LEGACY_ENDPOINT\n          value: http://10.20.0.8/v1\n", ""]],
    "the base's env list got shorter, the overlay's JSON patch still replaces env/2", expected=expect("render-failed", [],
        keep=[(c("Deployment", "pricing", "pricing", "env[name=LEGACY_ENDPOINT]"), GONE)]), path="overlays/prod")

# --- 1385: cost labels with includeSelectors
labelled = {"labels": {"app.kubernetes.io/name": "returns"}}
scenario("labels-in-selectors", "flux", {
    "base/kustomization.yaml": kustomization("returns.yaml"),
    "base/returns.yaml": dump(workload("Deployment", "returns", shop("returns", "acme/payments"), deadline=60), {**service("returns"), "metadata": {"name": "returns", **labelled}}),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/payments
            newTag: 1.4.1
        """)},
    ["Cost centre on everything (FIN-221), payments 1.4.2",
     ["overlays/prod/kustomization.yaml", "images:\n", "labels:\n  - pairs:\n      cost-centre: cc-4410\n    includeSelectors: true\nimages:\n"],
     ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "includeSelectors changes the Deployment's selector, which is immutable", expected=expect("invalid-manifest",
        [("Deployment/returns spec.selector.matchLabels.cost-centre", GONE), ("Deployment/returns spec.template.metadata.labels.cost-centre", GONE), ("Service/returns spec.selector.cost-centre", GONE)],
        [("Deployment/returns spec.selector.matchLabels.cost-centre", GONE), ("Service/returns spec.selector.cost-centre", GONE)],
        [("Deployment/returns spec.selector.matchLabels.cost-centre", GONE), ("Deployment/returns spec.template.metadata.labels.cost-centre", GONE), ("Service/returns spec.selector.cost-centre", GONE),
         ("Deployment/returns metadata.labels.cost-centre", GONE), ("Service/returns metadata.labels.cost-centre", GONE)]), path="overlays/prod")

# --- 1386: a Service got a new name, one that asks it did not hear of it
exporter = {"name": "exporter", "image": "busybox:1.36", "command": ["sh", "-c"], "args": [Text(text("""
    while true; do
      wget -q -O /out/catalog.txt "$CATALOG_URL/" || { echo "ERROR export: cannot fetch $CATALOG_URL" >&2; exit 1; }
      echo "exported $(wc -c </out/catalog.txt) bytes from $CATALOG_URL"
      sleep 20
    done
    """))], "env": [{"name": "CATALOG_URL", "value": "http://$(CATALOG_SERVICE_HOST):$(CATALOG_SERVICE_PORT)"}],
    "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "32Mi"}}, "readinessProbe": {"exec": {"command": ["test", "-s", "/out/catalog.txt"]}, "periodSeconds": 3},
    "volumeMounts": [{"name": "out", "mountPath": "/out"}]}
scenario("service-renamed", "argocd", {
    "deploy/10-catalog.yaml": "# The catalog itself\n" + dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog:1.4.1"), deadline=60), service("catalog")),
    "deploy/20-exporter.yaml": "# Fetches the catalog for the price comparison sites\n" + dump(workload("Deployment", "exporter", exporter, deadline=60, pod={"terminationGracePeriodSeconds": 2, "volumes": [{"name": "out", "emptyDir": {}}]}))},
    ["Service names say what they serve (ADR 14), busybox 1.37",
     ["deploy/10-catalog.yaml", "kind: Service\nmetadata:\n  name: catalog\n", "kind: Service\nmetadata:\n  name: catalog-http\n"],
     ["deploy/20-exporter.yaml", "busybox:1.36", "busybox:1.37"]],
    "the Service catalog is now catalog-http, the exporter's address still uses CATALOG_SERVICE_HOST", expected=expect("dependency-address crash-on-start",
        [(c("Deployment", "exporter", "exporter", "env[name=CATALOG_URL].value"), value("http://$(CATALOG_HTTP_SERVICE_HOST):$(CATALOG_HTTP_SERVICE_PORT)"))],
        [("Service/catalog spec", BEFORE), ("Service/catalog-http spec", GONE)],
        [("Service/catalog spec", BEFORE)]))

# --- 1387: a key renamed in an env file
scenario("env-file-key", "flux", {
    "base/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - statefulset.yaml
          - service.yaml
        configMapGenerator:
          - name: feeder-settings
            envs:
              - feeder.env
        """),
    "base/feeder.env": "# read by the feeder and by its importer\nFEED_URL=https://feeds.example/daily\nFEED_FORMAT=ndjson\nLOG_LEVEL=info\n",
    "base/statefulset.yaml": dump(workload("StatefulSet", "feeder", shop("feeder", "acme/worker:1.4.1", env={
        "REQUIRED_ENV": "FEED_URL", "FEED_URL": {"configMapKeyRef": {"name": "feeder-settings", "key": "FEED_URL"}}, "LOG_LEVEL": {"configMapKeyRef": {"name": "feeder-settings", "key": "LOG_LEVEL"}}}), pod={"terminationGracePeriodSeconds": 5}, spec={"podManagementPolicy": "Parallel"})),
    "base/service.yaml": dump(service("feeder", clusterIP="None")),
    "overlays/prod/kustomization.yaml": kustomization("../../base", replicas=[{"name": "feeder", "count": 2}], labels=[{"pairs": {"environment": "prod"}}])},
    ["Feeder settings by source, prepare stock feed",
     ["base/feeder.env", "FEED_URL=https://feeds.example/daily", "PRICES_FEED_URL=https://feeds.example/daily\nSTOCK_FEED_URL=https://feeds.example/stock"]],
    "FEED_URL is now PRICES_FEED_URL in feeder.env, the StatefulSet still takes FEED_URL", expected=expect("config-key-missing",
        [(c("StatefulSet", "feeder", "feeder", "env[name=FEED_URL].valueFrom.configMapKeyRef.key"), value("PRICES_FEED_URL"))],
        [("ConfigMap/feeder-settings-# data.FEED_URL", BEFORE), ("ConfigMap/feeder-settings-# data.PRICES_FEED_URL", GONE)],
        [("ConfigMap/feeder-settings-# data.FEED_URL", BEFORE)]), path="overlays/prod")

# --- 1388: requests lowered too far below the limit for the namespace's LimitRange
scenario("limit-request-ratio", "flux", {
    "platform/limits.yaml": text("""
        # Owned by the platform team: no container may promise little and take much.
        apiVersion: v1
        kind: LimitRange
        metadata:
          name: overcommit
        spec:
          limits:
            - type: Container
              maxLimitRequestRatio:
                memory: "4"
        """),
    "platform/shipper.yaml": dump(workload("DaemonSet", "shipper", shop("shipper", "acme/worker:1.4.1", env={"LOG_LEVEL": "info"}, resources={"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}}),
                                           pod={"terminationGracePeriodSeconds": 5, "tolerations": [{"operator": "Exists"}]}))},
    ["Right-size requests of the shipper (FinOps week 40)",
     ["platform/shipper.yaml", "            cpu: 50m\n            memory: 64Mi", "            cpu: 20m\n            memory: 16Mi"]],
    "limit 128Mi to request 16Mi is a ratio of 8, the LimitRange allows 4", expected=expect("limit-range quota",
        [(c("DaemonSet", "shipper", "shipper", "resources.requests.memory"), at_least("32Mi"))],
        [(c("DaemonSet", "shipper", "shipper", "resources.requests.memory"), BEFORE), (c("DaemonSet", "shipper", "shipper", "resources.requests.cpu"), BEFORE)],
        [(c("DaemonSet", "shipper", "shipper", "resources.limits.memory"), value("64Mi"))]), path="platform")

# --- 1389: first release, the account is written in two ways, and the overlay adds a suffix
scenario("account-misspelt", "argocd", {
    "base/kustomization.yaml": kustomization("account.yaml", "deployment.yaml"),
    "base/account.yaml": "# no token: reports does not talk to the API server\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: report-runner\nautomountServiceAccountToken: false\n",
    "base/deployment.yaml": dump(workload("Deployment", "reports", shop("reports", "acme/worker:1.4.1"), deadline=60, pod={"serviceAccountName": "reports-runner"})),
    "overlays/eu/kustomization.yaml": kustomization("../../base", nameSuffix="-eu", images=[{"name": "acme/worker", "newTag": "1.4.2"}], labels=[{"pairs": {"region": "eu"}}])},
    [], "serviceAccountName reports-runner, the account is report-runner (with the suffix: report-runner-eu)", never_worked=True, expected=expect("service-account-missing",
        [(pod("Deployment", "reports-eu", "serviceAccountName"), value("report-runner-eu"))]), path="overlays/eu")

# --- 1390: a schedule with four fields, in the values that a HelmRelease takes from a ConfigMap
scenario("schedule-four-fields", "flux", {
    "charts/jobs/Chart.yaml": CHART.format("jobs"),
    "charts/jobs/values.yaml": "image: acme/worker:1.4.1\njobs: {}\n",
    "charts/jobs/templates/jobs.yaml": text("""
        {{- range $name, $job := .Values.jobs }}
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: {{ $.Release.Name }}-{{ $name }}
        spec:
          schedule: {{ $job.schedule | quote }}
          concurrencyPolicy: Forbid
          {{- with $job.keep }}
          failedJobsHistoryLimit: {{ . }}
          {{- end }}
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: job
                      image: {{ $.Values.image }}
                      args: {{ toJson $job.args }}
                      env:
                        - name: DATABASE_URL
                          value: postgres://orders@10.20.0.5/orders
        {{- end }}
        """),
    "apps/prod/values.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: nightly-values
        data:
          values.yaml: |
            # UTC, all of them
            jobs:
              cleanup:
                schedule: "0 2 * * *"
                keep: 1
                args: [migrate]
              invoices:
                schedule: "15 4 1 * *"
                args: [migrate]
        """),
    "apps/prod/nightly.yaml": release("nightly", "jobs", """
        valuesFrom:
          - kind: ConfigMap
            name: nightly-values
        """)},
    ["Cleanup at half past three, after the backup; keep more failed jobs",
     ["apps/prod/values.yaml", 'schedule: "0 2 * * *"\n        keep: 1', 'schedule: "30 3 * *"\n        keep: 3']],
    "the schedule has four fields", expected=expect("cron-invalid job-failed invalid-manifest helm-failed",
        [("CronJob/nightly-cleanup spec.schedule", value("30 3 * * *"))],
        [("CronJob/nightly-cleanup spec.schedule", BEFORE)]), path="apps/prod")

# --- 1391: a sidecar came, and the claim's name got an s
archive = shop("archive", "acme/catalog:1.4.1", env={"WRITE_FILE": "/var/archive/state"}, volumeMounts=[{"name": "data", "mountPath": "/var/archive"}])
claim = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "archive-data"}, "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "manual", "volumeName": "@NAME@-archive", "resources": {"requests": {"storage": "1Gi"}}}}
scenario("claim-name", "argocd", {
    "deploy/storage.yaml": "# The volume is made by hand: see the wiki, page Archive\n" + dump(claim),
    "deploy/archive.yaml": dump(workload("Deployment", "archive", archive, deadline=60, pod={"terminationGracePeriodSeconds": 5, "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "archive-data"}}]},
                                         spec={"strategy": {"type": "Recreate"}}), service("archive"))},
    ["Archive: report the size of the volume from a sidecar",
     ["deploy/archive.yaml", "      volumes:\n      - name: data\n        persistentVolumeClaim:\n          claimName: archive-data\n", "      volumes:\n      - name: data\n        persistentVolumeClaim:\n          claimName: archives-data\n"],
     ["deploy/archive.yaml", "      containers:\n", "      containers:\n      - name: usage\n        image: busybox:1.37\n        command: [sh, -c, 'while true; do du -s /var/archive; sleep 30; done']\n        resources:\n          requests: {cpu: 5m, memory: 8Mi}\n          limits: {memory: 32Mi}\n"
      "        volumeMounts:\n        - name: data\n          mountPath: /var/archive\n          readOnly: true\n"]],
    "the claim is archive-data, the Deployment says archives-data", expected=expect("volume-unbound",
        [(pod("Deployment", "archive", "volumes[name=data].persistentVolumeClaim.claimName"), BEFORE)]),
    given=dump({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "@NAME@-archive"}, "spec": {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "storageClassName": "manual", "persistentVolumeReclaimPolicy": "Retain",
                "claimRef": {"namespace": "@NAME@", "name": "archive-data"}, "hostPath": {"path": "/tmp/@NAME@-archive", "type": "DirectoryOrCreate"}}}))

# --- 1392: first release of refunds, the key of the payment provider was never put into the cluster
scenario("provider-key-not-there", "argocd", {**SVC,
    "envs/common.yaml": "image:\n  repository: acme/payments\n  tag: 1.4.1\n",
    "envs/refunds-prod.yaml": text("""
        replicas: 2
        env:
          REQUIRED_ENV: PSP_API_KEY
          PSP_MERCHANT: acme-eu
        secretEnv:
          # handed out by the payment provider; ticket PSP-88
          PSP_API_KEY: {name: refunds-psp, key: api-key}
        """)},
    [], "the Secret refunds-psp does not exist: somebody has to create it", HUMAN, expect("secret-missing"), never_worked=True,
    path="charts/service", source={"helm": {"releaseName": "refunds", "valueFiles": ["../../envs/common.yaml", "../../envs/refunds-prod.yaml"]}})

# --- 1393: the database, which is another team's, was stopped for maintenance while orders was released
database = {"name": "db", "image": "busybox:1.36", "command": ["sh", "-c", "mkdir -p /tmp/www; echo ok >/tmp/www/index.html; exec httpd -f -p 5432 -h /tmp/www"], "ports": [{"name": "db", "containerPort": 5432}]}
wait = {"name": "wait-for-db", "image": "busybox:1.36", "command": ["sh", "-c", Text(text("""
    # the first thing orders does is to read its schema: do not start without
    wget -q -O /dev/null "http://$ORDERS_DB_SERVICE_HOST:$ORDERS_DB_SERVICE_PORT/" && echo "orders-db answers" && exit 0
    echo "ERROR orders-db at $ORDERS_DB_SERVICE_HOST:$ORDERS_DB_SERVICE_PORT does not answer" >&2
    exit 1
    """))]}
scenario("database-stopped", "flux", {
    "deploy/orders.yaml": "# orders-db is run by the database team (namespace shared, not in this repository)\n" + dump(
        workload("Deployment", "orders", shop("orders", env={"LOG_LEVEL": "info"}), deadline=90, pod={"initContainers": [wait]}), service("orders"))},
    ["Orders 1.4.2", ["deploy/orders.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"]],
    "orders-db, which is not in git, was scaled to 0 by its owners", HUMAN, expect("dependency-address replicas-zero"),
    given=dump(workload("Deployment", "orders-db", database, pod={"terminationGracePeriodSeconds": 1}), service("orders-db", target="db", port=5432)),
    then=[[-20, "kubectl -n $NAMESPACE scale deployment/orders-db --replicas=0"]])

# --- 1394: page at 3 a.m. "Progressing, startup probe fails" - the new version warms up and gets there
scenario("warm-up", "argocd", {**SVC,
    "envs/common.yaml": "image:\n  repository: acme/catalog\n  tag: 1.4.1\n",
    "envs/suggest-prod.yaml": text("""
        replicas: 2
        progressDeadlineSeconds: 240
        env:
          CACHE_MB: 8
          START_SECONDS: 5
        probes:
          startup:
            path: /healthz
            port: http
            failureThreshold: 30   # 150 s
        """)},
    ["Suggestions from the whole catalogue",
     ["envs/suggest-prod.yaml", "CACHE_MB: 8\n  START_SECONDS: 5", "CACHE_MB: 24\n  START_SECONDS: 45"], ["envs/common.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "nothing: the new pods take 45 seconds to start, the startup probe allows 150", NONE, expect("healthy recovering"),
    path="charts/service", source={"helm": {"releaseName": "suggest", "valueFiles": ["../../envs/common.yaml", "../../envs/suggest-prod.yaml"]}})

# --- 1395: a consumer restarts until the new service beside it is up
rates_wait = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: quotes
    spec:
      template:
        spec:
          initContainers:
            - name: rates
              image: busybox:1.37
              command:
                - sh
                - -c
                - |
                  wget -q -O /dev/null "http://$RATES_SERVICE_HOST:$RATES_SERVICE_PORT/healthz" && exit 0
                  echo "rates is not there yet" >&2
                  exit 1
    """)
scenario("waits-for-neighbour", "flux", {
    "base/kustomization.yaml": kustomization("quotes.yaml"),
    "base/quotes.yaml": dump(workload("Deployment", "quotes", shop("quotes", "acme/catalog:1.4.1"), deadline=180), service("quotes")),
    "components/rates/rates.yaml": dump(workload("Deployment", "rates", shop("rates", "acme/worker:1.4.2", env={"START_SECONDS": "20"}, live={"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 40}), deadline=180), service("rates")),
    "components/rates/wait.yaml": rates_wait,
    "components/rates/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        resources:
          - rates.yaml
        patches:
          - path: wait.yaml
        """),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        # components:
        #   - ../../components/rates
        """)},
    ["Exchange rates in prod", ["overlays/prod/kustomization.yaml", "# components:\n#   - ../../components/rates", "components:\n  - ../../components/rates"]],
    "nothing: the init container of quotes fails some times until rates is up", NONE, expect("healthy recovering"), path="overlays/prod", spec={"timeout": "90s"})
