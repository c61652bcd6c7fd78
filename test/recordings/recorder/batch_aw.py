"""Batch AW, written by somebody who knew neither the playbook nor the batches before: shop-1540 to shop-1555, a night shift's list. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1540)

PROBE = "readiness-probe liveness-probe startup-probe probe readiness liveness startup"
MIGRATE = {"name": "migrate", "image": "acme/worker:1.4.0", "args": ["migrate"], "env": [{"name": "DATABASE_URL", "value": "postgres://basket@10.20.0.5/basket"}]}
RELEASE = """
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: %s
    spec:
      interval: 30s
      timeout: 75s
      chart:
        spec:
          chart: ./chart
          reconcileStrategy: Revision
          sourceRef: {kind: GitRepository, name: "@NAME@", namespace: flux-system}
      install:
        remediation: {retries: 1}
      upgrade:
        remediation: {retries: 1, strategy: rollback}
"""
SERVICE = text("""
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


def sidecar(name, image, port, env=None, limit="64Mi", **more):
    return {"name": name, "image": image, "env": [{"name": "PORT", "value": str(port)}, *({"name": k, "value": v} for k, v in (env or {}).items())],
            "ports": [{"name": name, "containerPort": port}], "resources": {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": limit}}, **more}


# 1540 ---------------------------------------------------------------- overlay's images: the second one was never pushed; init container and CronJob use it
scenario("aw-images-second", "argocd", {
    "base/basket.yaml": dump(workload("Deployment", "basket", container("basket", "shop", image="acme/checkout:1.4.0"), replicas=2, pod={"initContainers": [MIGRATE]}), service("basket")),
    "base/cleanup.yaml": dump(workload("CronJob", "basket-cleanup", {"name": "cleanup", "image": "acme/worker:1.4.0", "args": ["migrate"], "env": [{"name": "DATABASE_URL", "value": "postgres://basket@10.20.0.5/basket"}]}, spec={"schedule": "15 3 * * *"})),
    "base/kustomization.yaml": kustomization("basket.yaml", "cleanup.yaml"),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        commonAnnotations:
          acme.example/stage: prod
        images:
          - name: acme/checkout
            newTag: 1.4.1
          - name: acme/worker
            newTag: 1.4.1
        replicas:
          - name: basket
            count: 2
        """)},
    ["Basket: release of the week", ["overlays/prod/kustomization.yaml", "acme/checkout\n    newTag: 1.4.1\n  - name: acme/worker\n    newTag: 1.4.1\n", "acme/checkout\n    newTag: 1.4.2\n  - name: acme/worker\n    newTag: 1.4.3\n"]],
    "images: in the overlay asks for acme/worker:1.4.3, which was never pushed (checkout 1.4.2 was, and is wanted)",
    expected=expect("image-not-found",
                    [(c("Deployment", "basket", "migrate", "image", init=True), BEFORE), (c("CronJob", "basket-cleanup", "cleanup", "image"), BEFORE)],
                    [(c("Deployment", "basket", "migrate", "image", init=True), value("acme/worker:1.4.2")), (c("CronJob", "basket-cleanup", "cleanup", "image"), value("acme/worker:1.4.2"))]),
    path="overlays/prod")

# 1541 ---------------------------------------------------------------- StatefulSet: the sidecar's limit is below its cache
scenario("aw-sidecar-limit", "flux", {
    "deploy/stock.yaml": dump(workload("StatefulSet", "stock",
        container("stock", "shop", image="acme/catalog:1.4.1", env={"CACHE_MB": "70"}, resources={"requests": {"cpu": "10m", "memory": "100Mi"}, "limits": {"memory": "256Mi"}}),
        sidecar("replicator", "acme/worker:1.4.1", 9200, {"CACHE_MB": "90"}, limit="160Mi"), replicas=2)),
    "deploy/service.yaml": dump(service("stock", clusterIP="None")),
    "deploy/budget.yaml": dump({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "stock"}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "stock"}}}})},
    ["Right-size stock after the cost review", ["deploy/stock.yaml", "memory: 100Mi", "memory: 80Mi"], ["deploy/stock.yaml", "memory: 256Mi", "memory: 160Mi"],
     ["deploy/stock.yaml", "            memory: 24Mi\n          limits:\n            memory: 160Mi", "            memory: 24Mi\n          limits:\n            memory: 64Mi"]],
    "the sidecar replicator keeps 90 MB and may have 64Mi; the main container's smaller limit is enough",
    expected=expect("out-of-memory", [(c("StatefulSet", "stock", "replicator", "resources.limits.memory"), BEFORE)], [(c("StatefulSet", "stock", "replicator", "resources.limits.memory"), at_least("110Mi"))]))

# 1542 ---------------------------------------------------------------- values rename the port; the helper's probes still say http
scenario("aw-helper-port-name", "argocd", {
    "chart/Chart.yaml": "apiVersion: v2\nname: offers\nversion: 1.2.0\n",
    "chart/values.yaml": "image:\n  repository: acme/catalog\n  tag: 1.4.0\nreplicas: 1\nportName: http\nresources:\n  limits: {memory: 96Mi}\n",
    "environments/staging.yaml": "image:\n  tag: 1.4.2\n",
    "environments/prod.yaml": "image:\n  tag: 1.4.1\nreplicas: 2\nresources:\n  requests: {cpu: 10m, memory: 24Mi}\n",
    "chart/templates/_helpers.tpl": text("""
        {{- define "offers.labels" -}}
        app: {{ .Release.Name }}
        {{- end }}
        {{- define "offers.probes" -}}
        livenessProbe:
          httpGet: {path: /healthz, port: http}
          initialDelaySeconds: 5
          periodSeconds: 5
        readinessProbe:
          httpGet: {path: /readyz, port: http}
          periodSeconds: 3
        {{- end }}
        """),
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 75
          selector:
            matchLabels: {{- include "offers.labels" . | nindent 6 }}
          template:
            metadata:
              labels: {{- include "offers.labels" . | nindent 8 }}
            spec:
              containers:
                - name: offers
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  ports:
                    - name: {{ .Values.portName }}
                      containerPort: 8080
                  {{- include "offers.probes" . | nindent 10 }}
                  resources: {{- toYaml .Values.resources | nindent 12 }}
        """),
    "chart/templates/service.yaml": SERVICE.replace("targetPort: http", "targetPort: {{ .Values.portName }}")},
    ["Port names as the mesh wants them", ["environments/prod.yaml", "tag: 1.4.1\nreplicas: 2\n", "tag: 1.4.2\nreplicas: 2\nportName: http-web\n"]],
    "prod's portName http-web names the container port and the Service's target, but the probes in the helper still ask for the port http",
    expected=expect(PROBE,
                    [(c("Deployment", "offers", "offers", "livenessProbe.httpGet.port"), value("http-web")), (c("Deployment", "offers", "offers", "readinessProbe.httpGet.port"), value("http-web"))],
                    [(c("Deployment", "offers", "offers", "livenessProbe.httpGet.port"), value(8080)), (c("Deployment", "offers", "offers", "readinessProbe.httpGet.port"), value(8080))],
                    [(c("Deployment", "offers", "offers", "ports[name=http-web]"), GONE), (c("Deployment", "offers", "offers", "ports[name=http]"), BEFORE), ("Service/offers spec.ports[name=http].targetPort", BEFORE)]),
    path="chart", source={"helm": {"releaseName": "offers", "valueFiles": ["../environments/prod.yaml"]}})

# 1543 ---------------------------------------------------------------- the chart groups its settings; the release still gives the old key
scenario("aw-required-value", "flux", {
    "releases/booking.yaml": text(RELEASE % "booking") + textwrap.indent("values:\n  image:\n    tag: 1.4.1\n  replicas: 2\n  port: 9000\n", "  "),
    "chart/Chart.yaml": "apiVersion: v2\nname: service\nversion: 0.3.0\n",
    "chart/values.yaml": "image:\n  repository: acme/payments\n  tag: 1.4.0\nreplicas: 1\nport: 8080\n",
    "chart/templates/deployment.yaml": text("""
        {{- $port := .Values.port }}
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
                - name: service
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  env:
                    - name: PORT
                      value: {{ $port | quote }}
                  ports:
                    - name: http
                      containerPort: {{ $port }}
                  resources:
                    limits: {memory: 96Mi}
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
        """),
    "chart/templates/service.yaml": SERVICE},
    ["Service chart 0.4: HTTP settings in one place", ["chart/Chart.yaml", "0.3.0", "0.4.0"], ["chart/values.yaml", "port: 8080\n", "# http.port is set by each release\nhttp: {}\n"],
     ["chart/templates/deployment.yaml", "$port := .Values.port", "$port := required \"http.port must be set\" .Values.http.port"], ["releases/booking.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "chart 0.4 requires http.port; the HelmRelease still sets port: 9000",
    expected=expect("helm-failed render-failed", [], keep=[(c("Deployment", "booking", "service", "image"), value("acme/payments:1.4.2"))]), path="releases")

# 1544 ---------------------------------------------------------------- key of a merged generator renamed, one of two consumers forgotten
def menu(name, image):
    return dump(workload("Deployment", name, container(name, "shop", image=image, env={"CACHE_MB": {"configMapKeyRef": {"name": "menu-settings", "key": "CACHE_SIZE"}}}), deadline=75))


scenario("aw-generator-key", "argocd", {
    "base/api/deployment.yaml": menu("menu-api", "acme/catalog:1.4.1"), "base/api/service.yaml": dump(service("menu-api")), "base/api/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/indexer/deployment.yaml": menu("menu-indexer", "acme/worker:1.4.1"), "base/indexer/kustomization.yaml": kustomization("deployment.yaml"),
    "base/kustomization.yaml": kustomization("api", "indexer", configMapGenerator=[{"name": "menu-settings", "envs": ["settings.env"]}]),
    "base/settings.env": "CACHE_SIZE=16\nLOCALE=de\n",
    "overlays/prod/settings.env": "CACHE_SIZE=32\n",
    "overlays/prod/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "menu-settings", "behavior": "merge", "envs": ["settings.env"]}])},
    ["Settings: units in the names", ["base/settings.env", "CACHE_SIZE=16\nLOCALE=de\n", "CACHE_MB=16\nLOCALE=de\nLOG_LEVEL=info\n"], ["overlays/prod/settings.env", "CACHE_SIZE", "CACHE_MB"], ["base/api/deployment.yaml", "key: CACHE_SIZE", "key: CACHE_MB"]],
    "the key CACHE_SIZE of the generated ConfigMap is now CACHE_MB; menu-indexer still reads the old key",
    expected=expect("config-key-missing",
                    [(c("Deployment", "menu-indexer", "menu-indexer", "env[name=CACHE_MB].valueFrom.configMapKeyRef.key"), value("CACHE_MB"))],
                    [("ConfigMap/menu-settings-# data.CACHE_SIZE", BEFORE)],
                    [("ConfigMap/menu-settings-# data.CACHE_SIZE", BEFORE), ("ConfigMap/menu-settings-# data.CACHE_MB", GONE), (c("Deployment", "menu-api", "menu-api", "env[name=CACHE_MB].valueFrom.configMapKeyRef.key"), BEFORE)]),
    path="overlays/prod")

# 1545 ---------------------------------------------------------------- PreSync hook is ended by its deadline
scenario("aw-hook-deadline", "argocd", {
    "chart/Chart.yaml": "apiVersion: v2\nname: accounts\nversion: 2.0.1\n",
    "chart/values.yaml": "image: acme/payments:1.4.1\nrollout:\n  deadlineSeconds: 120\nmigration:\n  batches: 5\n  deadlineSeconds: 60\n  retries: 2\n",
    "environments/prod.yaml": "rollout:\n  deadlineSeconds: 90\nmigration:\n  batches: 24\n  deadlineSeconds: 120\n",
    "chart/templates/migration.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: {{ .Release.Name }}-backfill
          annotations:
            argocd.argoproj.io/hook: PreSync
            argocd.argoproj.io/hook-delete-policy: BeforeHookCreation
        spec:
          backoffLimit: {{ .Values.migration.retries }}
          activeDeadlineSeconds: {{ .Values.migration.deadlineSeconds }}
          template:
            spec:
              restartPolicy: Never
              terminationGracePeriodSeconds: 1
              containers:
                - name: backfill
                  image: busybox:1.37
                  env:
                    - name: BATCHES
                      value: {{ .Values.migration.batches | quote }}
                  command:
                    - sh
                    - -c
                    - |
                      n=0
                      while [ $n -lt $BATCHES ]; do
                        n=$((n + 1))
                        echo "WARN backfill: index accounts_by_mail is not used, sequential scan"
                        echo "INFO backfill: batch $n of $BATCHES done"
                        sleep 1
                      done
                      echo "INFO backfill: complete"
        """),
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          progressDeadlineSeconds: {{ .Values.rollout.deadlineSeconds }}
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
            spec:
              containers:
                - name: accounts
                  image: {{ .Values.image }}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
        """),
    "chart/templates/service.yaml": SERVICE},
    ["Accounts: fail fast instead of hanging", ["environments/prod.yaml", "rollout:\n  deadlineSeconds: 90\nmigration:\n  batches: 24\n  deadlineSeconds: 120\n", "rollout:\n  deadlineSeconds: 75\nmigration:\n  batches: 24\n  deadlineSeconds: 12\n"]],
    "the PreSync job needs about 25 s in prod and is ended after 12 s; the rollout's shorter deadline is fine",
    expected=expect("job-failed", [("Job/accounts-backfill spec.activeDeadlineSeconds", BEFORE)], [("Job/accounts-backfill spec.activeDeadlineSeconds", at_least("35"))]),
    path="chart", source={"helm": {"releaseName": "accounts", "valueFiles": ["../environments/prod.yaml"]}})

# 1546 ---------------------------------------------------------------- first release: a copied startup probe asks the neighbour's port
scenario("aw-first-startup-port", "argocd", {
    "deploy/rates.yaml": dump(workload("Deployment", "rates", container("rates", "shop", image="acme/payments:1.4.2", startupProbe={"tcpSocket": {"port": 8080}, "periodSeconds": 3, "failureThreshold": 6}), replicas=2, deadline=75), service("rates")),
    "deploy/rates-stream.yaml": dump(workload("Deployment", "rates-stream", container("rates-stream", "shop", image="acme/payments:1.4.2", port=9400, env={"PORT": "9400", "CACHE_MB": "16"}, startupProbe={"tcpSocket": {"port": 8080}, "periodSeconds": 3, "failureThreshold": 6}), replicas=2, deadline=75), service("rates-stream"))},
    [], "the startup probe of rates-stream was copied from rates: port 8080, where this one listens on 9400",
    expected=expect(PROBE, [(c("Deployment", "rates-stream", "rates-stream", "startupProbe.tcpSocket.port"), value(9400))], [(c("Deployment", "rates-stream", "rates-stream", "startupProbe.tcpSocket.port"), value("http"))]),
    never_worked=True)

# 1547 ---------------------------------------------------------------- a patch by index of a container that the base no longer has
EXPORTER = """        - name: exporter
          image: acme/worker:1.4.1
          env:
            - name: PORT
              value: "9102"
          resources:
            limits:
              memory: 48Mi
"""
scenario("aw-patch-index", "flux", {
    "base/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: feed
        spec:
          progressDeadlineSeconds: 75
          selector:
            matchLabels:
              app: feed
          template:
            metadata:
              labels:
                app: feed
            spec:
              containers:
                - name: feed
                  image: acme/catalog:1.4.1
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    limits:
                      memory: 64Mi
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
        """) + EXPORTER,
    "base/service.yaml": dump(service("feed")), "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/staging/kustomization.yaml": kustomization("../../base"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "size.yaml", "target": {"kind": "Deployment", "name": "feed"}}]),
    "overlays/prod/size.yaml": text("""
        - op: add
          path: /spec/replicas
          value: 2
        - op: replace
          path: /spec/template/spec/containers/0/resources/limits/memory
          value: 128Mi
        - op: replace
          path: /spec/template/spec/containers/1/resources/limits/memory
          value: 96Mi
        """)},
    ["Feed speaks metrics itself since 1.4.2", ["base/deployment.yaml", EXPORTER, ""], ["base/deployment.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"]],
    "prod's patch still changes the second container, which the base no longer has",
    expected=expect("render-failed", [], keep=[("Deployment/feed spec.template.spec.containers[name=exporter]", GONE), (c("Deployment", "feed", "feed", "image"), value("acme/catalog:1.4.2"))]), path="overlays/prod")

# 1548 ---------------------------------------------------------------- accounts merged into one; the StatefulSet still uses its own
def account(name):
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name, "labels": {"team": "data"}}, "automountServiceAccountToken": False}


scenario("aw-account-merged", "flux", {
    "deploy/accounts.yaml": dump(account("ingest"), account("ingest-api")),
    "deploy/api.yaml": dump(workload("Deployment", "ingest-api", container("api", "shop", image="acme/checkout:1.4.1"), pod={"serviceAccountName": "ingest-api"}), service("ingest-api")),
    "deploy/ingest.yaml": dump(workload("StatefulSet", "ingest", container("ingest", "shop", image="acme/worker:1.4.1", lifecycle={"preStop": {"sleep": {"seconds": 6}}}), replicas=2, pod={"serviceAccountName": "ingest"}), service("ingest", clusterIP="None"))},
    ["One service account for the data team, worker 1.4.2", ["deploy/accounts.yaml", dump(account("ingest"), account("ingest-api")), dump(account("team-data"))],
     ["deploy/api.yaml", "serviceAccountName: ingest-api", "serviceAccountName: team-data"], ["deploy/ingest.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"]],
    "the ServiceAccount ingest is gone (team-data now); the StatefulSet still names it",
    expected=expect("service-account-missing", [(pod("StatefulSet", "ingest", "serviceAccountName"), value("team-data"))], [("ServiceAccount/ingest metadata.name", BEFORE)]))

# 1549 ---------------------------------------------------------------- subchart alias renamed; prod's values stay under the old alias
scenario("aw-subchart-alias", "argocd", {
    "chart/Chart.yaml": text("""
        apiVersion: v2
        name: parcel
        version: 3.1.0
        dependencies:
          - name: worker
            version: 0.2.0
            alias: queue
        """),
    "chart/values.yaml": "image:\n  repository: acme/checkout\n  tag: 1.4.0\n",
    "environments/prod.yaml": "image:\n  tag: 1.4.1\nqueue:\n  image:\n    tag: 1.4.1\n  replicas: 2\n",
    "environments/staging.yaml": "image:\n  tag: 1.4.2\nqueue:\n  image:\n    tag: 1.4.2\n",
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
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
                - name: parcel
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
        """),
    "chart/templates/service.yaml": SERVICE,
    "chart/charts/worker/Chart.yaml": "apiVersion: v2\nname: worker\nversion: 0.2.0\nappVersion: 1.5.0\n",
    "chart/charts/worker/values.yaml": "image:\n  repository: acme/worker\n  tag: \"\"   # appVersion\nreplicas: 1\n",
    "chart/charts/worker/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}-worker
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 75
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
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
        """)},
    ["Call the consumer what it is", ["chart/Chart.yaml", "version: 3.1.0", "version: 3.2.0"], ["chart/Chart.yaml", "alias: queue", "alias: consumer"],
     ["environments/staging.yaml", "queue:", "consumer:"], ["environments/prod.yaml", "image:\n  tag: 1.4.1\nqueue", "image:\n  tag: 1.4.2\nqueue"]],
    "the subchart's alias is consumer now; prod's values under queue reach nobody, so the worker falls back to appVersion 1.5.0, which does not exist",
    expected=expect("image-not-found helm-failed", [(c("Deployment", "parcel-worker", "worker", "image"), BEFORE), ("Deployment/parcel-worker spec.replicas", BEFORE)]),
    path="chart", source={"helm": {"releaseName": "parcel", "valueFiles": ["../environments/prod.yaml"]}})

# 1550 ---------------------------------------------------------------- a number where the API wants a string, from the release's values
scenario("aw-env-number", "flux", {
    "releases/vouchers.yaml": text(RELEASE % "vouchers") + textwrap.indent("values:\n  image: acme/payments:1.4.1\n  resources:\n    limits: {memory: 96Mi}\n  env:\n    - name: PORT\n      value: \"8080\"\n    - name: CACHE_MB\n      value: \"24\"\n    - name: READY_PATH\n      value: /readyz\n", "  "),
    "chart/Chart.yaml": "apiVersion: v2\nname: generic\nversion: 5.0.0\n",
    "chart/values.yaml": "image: \"\"\nreplicas: 2\nenv: []\nresources: {}\n",
    "chart/templates/deployment.yaml": text("""
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
                - name: app
                  image: {{ .Values.image }}
                  {{- with .Values.env }}
                  env: {{- toYaml . | nindent 12 }}
                  {{- end }}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources: {{- toYaml .Values.resources | nindent 12 }}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
        """),
    "chart/templates/service.yaml": SERVICE},
    ["Vouchers: more cache for the sale", ["releases/vouchers.yaml", "limits: {memory: 96Mi}", "limits: {memory: 128Mi}"], ["releases/vouchers.yaml", "value: \"24\"", "value: 48"]],
    "CACHE_MB is the number 48 in the release's values; an env value has to be a string",
    expected=expect("invalid-manifest helm-failed", [(c("Deployment", "vouchers", "app", "env[name=CACHE_MB].value"), value("48"))], [(c("Deployment", "vouchers", "app", "env[name=CACHE_MB].value"), BEFORE)]), path="releases")

# 1551 ---------------------------------------------------------------- component's sidecar moved onto the main container's port
scenario("aw-component-port", "flux", {
    "base/agent.yaml": dump(workload("DaemonSet", "agent", container("agent", "shop", image="acme/catalog:1.4.1"))),
    "base/kustomization.yaml": kustomization("agent.yaml"),
    "components/audit/kustomization.yaml": dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", "patches": [{"path": "audit.yaml", "target": {"kind": "DaemonSet"}}]}, indented=True),
    "components/audit/audit.yaml": text("""
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: any
        spec:
          template:
            spec:
              containers:
                - name: audit
                  image: acme/worker:1.4.1
                  env:
                    - name: PORT
                      value: "9300"
                    - name: CACHE_MB
                      value: "8"
                  ports:
                    - name: audit
                      containerPort: 9300
                  resources:
                    limits:
                      memory: 64Mi
        """),
    "overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../components/audit"], images=[{"name": "acme/catalog", "newTag": "1.4.1"}])},
    ["Audit: settings of the new platform standard", ["components/audit/audit.yaml", "value: \"9300\"", "value: \"8080\""], ["components/audit/audit.yaml", "value: \"8\"", "value: \"12\""], ["overlays/prod/kustomization.yaml", "1.4.1", "1.4.2"]],
    "the component's sidecar listens on 8080 like the main container of the same pod",
    expected=expect("port-conflict", [(c("DaemonSet", "agent", "audit", "env[name=PORT].value"), BEFORE)]), path="overlays/prod")

# 1552 ---------------------------------------------------------------- HUMAN: first release, its Secret is nowhere
scenario("aw-first-secret", "flux", {
    "README.md": "# Payouts\nCredentials are handed out by the platform team.\n",
    "deploy/payouts.yaml": dump(workload("Deployment", "payouts",
        container("payouts", "shop", image="acme/payments:1.4.2", env={"GATEWAY_TOKEN": {"secretKeyRef": {"name": "payout-gateway", "key": "token"}}, "GATEWAY_URL": {"configMapKeyRef": {"name": "payout-gateway", "key": "url"}}, "REQUIRED_ENV": "GATEWAY_TOKEN,GATEWAY_URL"}),
        sidecar("audit", "acme/worker:1.4.2", 9300), replicas=2, deadline=75), service("payouts")),
    "deploy/settings.yaml": dump(configmap("payout-gateway", url="https://payouts.example/v3"))},
    [], "the Secret payout-gateway exists neither in git nor in the cluster: somebody has to create it", answer=HUMAN, expected=expect("secret-missing"), never_worked=True)

# 1553 ---------------------------------------------------------------- HUMAN: a hand-made ConfigMap outside git asks for a licence since this night
scenario("aw-flags-by-hand", "argocd", {
    "chart/Chart.yaml": "apiVersion: v2\nname: search\nversion: 1.0.4\n",
    "chart/values.yaml": "tag: 1.4.0\nreplicas: 2\nflagsFrom: \"\"\n",
    "environments/prod.yaml": "tag: 1.4.1\nflagsFrom: platform-flags   # kept by the platform team\n",
    "chart/templates/deployment.yaml": text("""
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
                - name: search
                  image: acme/catalog:{{ .Values.tag }}
                  {{- with .Values.flagsFrom }}
                  envFrom:
                    - configMapRef: {name: {{ . }}}
                  {{- end }}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
        """),
    "chart/templates/service.yaml": SERVICE},
    ["Search 1.4.2", ["environments/prod.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "the platform team's ConfigMap, not in git, requires SEARCH_LICENSE_KEY since shortly before the release; the new image only restarted the pods, and the old one would fail as well",
    answer=HUMAN, expected=expect("crash-on-start"), path="chart", source={"helm": {"releaseName": "search", "valueFiles": ["../environments/prod.yaml"]}},
    given=dump(configmap("platform-flags", REGION="eu-1")),
    then=[[-4, "kubectl -n $NAMESPACE patch configmap platform-flags --type merge -p '{\"data\":{\"REQUIRED_ENV\":\"REGION,SEARCH_LICENSE_KEY\"}}'"]])

# 1554 ---------------------------------------------------------------- NONE: longer to start than Flux waits, but within its own probes
scenario("aw-slow-warmup", "flux", {
    "base/deployment.yaml": dump(workload("Deployment", "pricing", container("pricing", "shop", image="acme/catalog:1.4.1", env={"START_SECONDS": "3"}, startupProbe={"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 5, "failureThreshold": 40}), replicas=2, deadline=300), service("pricing")),
    "base/kustomization.yaml": kustomization("deployment.yaml"),
    "overlays/prod/warmup.yaml": text("""
        - op: replace
          path: /spec/template/spec/containers/0/env/0/value
          value: "6"
        """),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "warmup.yaml", "target": {"kind": "Deployment"}}], images=[{"name": "acme/catalog", "newTag": "1.4.1"}])},
    ["Load the whole catalogue before serving", ["overlays/prod/warmup.yaml", "\"6\"", "\"50\""], ["overlays/prod/kustomization.yaml", "1.4.1", "1.4.2"]],
    "each pod starts in 50 s, within its startup probe; the rollout outlasts Flux's timeout once and then is healthy", answer=NONE, expected=expect("healthy recovering"), path="overlays/prod")

# 1555 ---------------------------------------------------------------- NONE: init container waits for a lease by failing three times
LEASE = """      - name: lease
        image: busybox:1.37
        command:
        - sh
        - -c
        - |
          n=$(cat /state/tries 2>/dev/null || echo 0)
          echo $((n + 1)) >/state/tries
          if [ $n -lt 3 ]; then
            echo "ERROR lease: held by the previous instance until it expires, trying again after restart"
            exit 1
          fi
          echo "INFO lease: taken"
        volumeMounts:
        - name: state
          mountPath: /state
"""
scenario("aw-lease-taken", "argocd", {
    "deploy/gazette.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: gazette
        spec:
          replicas: 1
          progressDeadlineSeconds: 240
          selector:
            matchLabels:
              app: gazette
          template:
            metadata:
              labels:
                app: gazette
            spec:
              initContainers:
              - name: prepare
                image: busybox:1.37
                command: [sh, -c, "echo prepared >/state/ready"]
                volumeMounts:
                - name: state
                  mountPath: /state
              containers:
              - name: gazette
                image: acme/checkout:1.4.1
                ports:
                - name: http
                  containerPort: 8080
                resources:
                  limits: {memory: 96Mi}
                readinessProbe:
                  httpGet: {path: /readyz, port: http}
              volumes:
              - name: state
                emptyDir: {}
        """),
    "deploy/service.yaml": dump(service("gazette"))},
    ["Gazette takes the lease before it serves", ["deploy/gazette.yaml", "      containers:\n", LEASE + "      containers:\n"], ["deploy/gazette.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"]],
    "the init container fails three times while the lease expires and succeeds in its fourth run: healthy by itself", answer=NONE, expected=expect("healthy recovering"))
