"""Batch BC, written by somebody who knew neither the playbook nor the batches before: shop-1636 to shop-1651, a week of a platform team's pager. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1636)


def shop(name, image, env=None, port=8080, **more):
    return container(name, "shop", image=image, port=port, env=env, **more)


def release(name, values, timeout="60s", **spec):
    body = {"interval": "30s", "timeout": timeout,
            "chart": {"spec": {"chart": "./chart", "reconcileStrategy": "Revision", "sourceRef": {"kind": "GitRepository", "name": "@NAME@", "namespace": "flux-system"}}}, **spec, "values": values}
    return dump({"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": name}, "spec": body})


def secret(name, **data):
    return dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "type": "Opaque", "stringData": data})


# 1 Monday: the pipeline promotes a build, and hands over the git tag where the image tag is meant
scenario("promote-git-tag", "argocd", {
    "base/kustomization.yaml": kustomization("checkout.yaml", "mailer.yaml"),
    "base/checkout.yaml": dump(workload("Deployment", "checkout", shop("checkout", "acme/checkout"), replicas=2), service("checkout")),
    "base/mailer.yaml": dump(workload("Deployment", "receipt-worker", shop("worker", "acme/worker", {"QUEUE": "receipts"}))),
    "overlays/staging/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/checkout", "newTag": "1.4.2"}, {"name": "acme/worker", "newTag": "1.4.2"}]),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/checkout
            newTag: 1.4.1
          - name: acme/worker
            newTag: 1.4.0
        """),
}, ["ci: promote build 2291 to prod",
    ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: v1.4.2"],
    ["overlays/prod/kustomization.yaml", "newTag: 1.4.0", "newTag: 1.4.2"]],
    "the pipeline wrote the git tag v1.4.2 for checkout, images are tagged without v (staging runs 1.4.2); the worker's bump is fine",
    expected=expect("image-not-found",
                    [(c("Deployment", "checkout", "checkout", "image"), value("acme/checkout:1.4.2"))],
                    [(c("Deployment", "checkout", "checkout", "image"), BEFORE)]),
    path="overlays/prod")

# 2 FinOps right-sizes from a week's averages
SIZED = text("""
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
    ---
    apiVersion: apps/v1
    kind: StatefulSet
    metadata:
      name: {{ .Release.Name }}
      labels:
        app.kubernetes.io/name: {{ .Release.Name }}
        app.kubernetes.io/managed-by: {{ .Release.Service }}
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
          terminationGracePeriodSeconds: 10
          containers:
            - name: catalog
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              env:
                - name: CACHE_MB
                  value: {{ .Values.cacheMb | quote }}
              ports:
                - name: http
                  containerPort: 8080
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              readinessProbe:
                httpGet:
                  path: /readyz
                  port: http
                periodSeconds: 3
    """)
scenario("rightsized-cache", "flux", {
    "chart/Chart.yaml": "apiVersion: v2\nname: catalog-cache\nversion: 0.6.1\n",
    "chart/values.yaml": text("""
        replicas: 1
        image:
          repository: acme/catalog
          tag: 1.4.0
        cacheMb: 16
        resources:
          requests:
            cpu: 50m
            memory: 64Mi
          limits:
            memory: 96Mi
        """),
    "chart/templates/statefulset.yaml": SIZED,
    "releases/kustomization.yaml": kustomization("catalog-cache.yaml"),
    "releases/catalog-cache.yaml": release("catalog-cache", {"image": {"tag": "1.4.1"}, "cacheMb": 110, "replicas": 1, "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "192Mi"}}}),
}, ["Right-size catalog-cache (Goldilocks, 7-day average)",
    ["releases/catalog-cache.yaml", "cpu: 100m", "cpu: 20m"],
    ["releases/catalog-cache.yaml", "memory: 128Mi", "memory: 48Mi"],
    ["releases/catalog-cache.yaml", "memory: 192Mi", "memory: 64Mi"]],
    "memory limit 64Mi in the HelmRelease's values is below the cache of 110 MB: OOMKilled; the smaller requests may stay",
    expected=expect("out-of-memory",
                    [(c("StatefulSet", "catalog-cache", "catalog", "resources.limits.memory"), at_least("128Mi"))],
                    [(c("StatefulSet", "catalog-cache", "catalog", "resources.limits.memory"), BEFORE)],
                    [(c("StatefulSet", "catalog-cache", "catalog", "resources.limits.memory"), at_least("128Mi")), (c("StatefulSet", "catalog-cache", "catalog", "resources.requests.memory"), ANY)]),
    path="releases")

# 3 a list in the environment's values file replaces the chart's list
scenario("values-list-replaced", "argocd", {
    "chart/Chart.yaml": "apiVersion: v2\nname: checkout\nversion: 2.3.0\n",
    "chart/values.yaml": text("""
        image:
          repository: acme/checkout
          tag: 1.4.1
        replicas: 1
        # every environment needs these two
        extraEnv:
          - name: LEDGER_URL
            value: http://10.20.0.14:8080
          - name: PAYMENT_PROVIDER
            value: adyen
        """),
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Chart.Name }}
          labels:
            app.kubernetes.io/name: {{ .Chart.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 60
          selector:
            matchLabels:
              app: {{ .Chart.Name }}
          template:
            metadata:
              labels:
                app: {{ .Chart.Name }}
            spec:
              containers:
                - name: checkout
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  env:
                    - name: REQUIRED_ENV
                      value: LEDGER_URL,PAYMENT_PROVIDER
                    {{- with .Values.extraEnv }}
                    {{- toYaml . | nindent 12 }}
                    {{- end }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests:
                      cpu: 10m
                      memory: 24Mi
                    limits:
                      memory: 96Mi
                  readinessProbe:
                    httpGet:
                      path: /readyz
                      port: http
                    periodSeconds: 3
        """),
    "chart/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Chart.Name }}
        spec:
          selector:
            app: {{ .Chart.Name }}
          ports:
            - name: http
              port: 80
              targetPort: http
        """),
    "env/staging.yaml": "replicas: 1\n",
    "env/prod.yaml": "replicas: 2\n",
}, ["Fraud score threshold for prod (FRD-118)",
    ["env/prod.yaml", "replicas: 2\n", "replicas: 2\nextraEnv:\n  - name: FRAUD_SCORE_MIN\n    value: \"70\"\n"]],
    "extraEnv of env/prod.yaml replaces the chart's list: LEDGER_URL and PAYMENT_PROVIDER are gone, the program exits; FRAUD_SCORE_MIN is wanted",
    expected=expect("crash-on-start",
                    [(c("Deployment", "checkout", "checkout", "env[name=LEDGER_URL]"), BEFORE), (c("Deployment", "checkout", "checkout", "env[name=PAYMENT_PROVIDER]"), BEFORE)]),
    path="chart", source={"helm": {"valueFiles": ["../env/prod.yaml"]}})

# 4 a service's first day: two workloads, one settings object, two spellings
FEED = [{"configMapRef": {"name": "pricing-feed-config"}}]
scenario("first-day-settings", "flux", {
    "deploy/config.yaml": dump(configmap("pricing-feed-config", REQUIRED_ENV="FEED_REGION,FEED_INTERVAL", FEED_REGION="eu-west", FEED_INTERVAL="30s")),
    "deploy/api.yaml": dump(workload("Deployment", "pricing-api", shop("api", "acme/catalog:1.4.2", envFrom=[{"configMapRef": {"name": "pricing-feed-settings"}}]), replicas=2, deadline=60), service("pricing-api")),
    "deploy/feed.yaml": dump(workload("StatefulSet", "pricing-feed", shop("feed", "acme/worker:1.4.2", envFrom=FEED)), service("pricing-feed", clusterIP="None", port=8080)),
}, [], "the Deployment reads ConfigMap pricing-feed-settings, the one of this delivery is pricing-feed-config (as the StatefulSet has it)",
    expected=expect("config-missing", [("Deployment/pricing-api spec.template.spec.containers[name=api].envFrom[0].configMapRef.name", value("pricing-feed-config"))]),
    never_worked=True)

# 5 a patch copied over from staging
MIGRATE = shop("migrate", "acme/payments", args=["migrate"], envFrom=[{"secretRef": {"name": "orders-db"}}], probes=False)
MIGRATE.pop("ports")
scenario("staging-patch-copied", "flux", {
    "base/kustomization.yaml": kustomization("orders.yaml", images=[{"name": "acme/payments", "newTag": "1.4.1"}]),
    "base/orders.yaml": dump(workload("Deployment", "orders", shop("orders", "acme/payments"), deadline=60, pod={"initContainers": [MIGRATE]}), service("orders")),
    "overlays/staging/kustomization.yaml": kustomization("../../base", patches=[{"path": "migrate.yaml"}]),
    "overlays/staging/migrate.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: orders
        spec:
          template:
            spec:
              initContainers:
                - name: migrate
                  envFrom:
                    - secretRef:
                        name: orders-db-staging
                  env:
                    - name: LOCK_TIMEOUT
                      value: 10s
                  resources:
                    requests:
                      cpu: 40m
                    limits:
                      memory: 128Mi
        """),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        replicas:
          - name: orders
            count: 2
        """),
}, ["Migrations get more room and a lock timeout, as tried on staging",
    ["overlays/prod/kustomization.yaml", "replicas:\n", "patches:\n  - path: migrate.yaml\nreplicas:\n"],
    ["overlays/prod/migrate.yaml", None, text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: orders
        spec:
          template:
            spec:
              initContainers:
                - name: migrate
                  envFrom:
                    - secretRef:
                        name: orders-db-staging
                  env:
                    - name: LOCK_TIMEOUT
                      value: 30s
                  resources:
                    requests:
                      cpu: 40m
                    limits:
                      memory: 128Mi
        """)]],
    "the patch copied from staging makes prod's init container read Secret orders-db-staging, which is not in this namespace; its resources and LOCK_TIMEOUT are wanted",
    expected=expect("secret-missing", [(c("Deployment", "orders", "migrate", "envFrom[0].secretRef.name", init=True), BEFORE)]),
    path="overlays/prod", given=secret("orders-db", DATABASE_URL="postgresql://orders@10.20.0.5/orders"))

# 6 after a hung pod at night: probes are tightened
scenario("probes-tightened", "argocd", {
    "chart/Chart.yaml": "apiVersion: v2\nname: search\nversion: 1.1.4\n",
    "chart/values.yaml": text("""
        image: acme/catalog:1.4.1
        replicas: 1
        warmupSeconds: 2
        liveness:
          initialDelaySeconds: 10
          periodSeconds: 5
          failureThreshold: 3
        readiness:
          periodSeconds: 10
        """),
    "chart/templates/search.yaml": text("""
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
                - name: search
                  image: {{ .Values.image }}
                  env:
                    - name: START_SECONDS
                      value: {{ .Values.warmupSeconds | quote }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests:
                      cpu: 10m
                      memory: 24Mi
                    limits:
                      memory: 96Mi
                  livenessProbe:
                    httpGet:
                      path: /healthz
                      port: http
                    {{- toYaml .Values.liveness | nindent 12 }}
                  readinessProbe:
                    httpGet:
                      path: /readyz
                      port: http
                    {{- toYaml .Values.readiness | nindent 12 }}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Chart.Name }}
        spec:
          selector:
            app: {{ .Chart.Name }}
          ports:
            - name: http
              port: 80
              targetPort: http
        """),
    "env/prod.yaml": text("""
        image: acme/catalog:1.4.2
        warmupSeconds: 25   # loads the whole index
        liveness:
          initialDelaySeconds: 40
        readiness:
          periodSeconds: 10
        """),
}, ["Postmortem 2026-11-19: notice hung search pods sooner",
    ["env/prod.yaml", "initialDelaySeconds: 40", "initialDelaySeconds: 5"],
    ["env/prod.yaml", "  periodSeconds: 10", "  periodSeconds: 3"]],
    "liveness starts after 5 s and kills after 15-20 s, search needs 25 s to start; the faster readiness probe is fine",
    expected=expect("liveness-probe liveness",
                    [(c("Deployment", "search", "search", "livenessProbe.initialDelaySeconds"), BEFORE)],
                    [(c("Deployment", "search", "search", "livenessProbe.initialDelaySeconds"), at_least("20"))],
                    [(c("Deployment", "search", "search", "startupProbe"), ANY)],
                    [(c("Deployment", "search", "search", "livenessProbe.failureThreshold"), at_least("6"))]),
    path="chart", source={"helm": {"valueFiles": ["../env/prod.yaml"]}})

# 7 the port moves, one number stays
scenario("port-moved", "argocd", {
    "deploy/payments.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: payments
          labels:
            app.kubernetes.io/name: payments
            team: money
        spec:
          replicas: 2
          progressDeadlineSeconds: 60
          selector:
            matchLabels:
              app: payments
          template:
            metadata:
              labels:
                app: payments
              annotations:
                prometheus.io/port: "8080"
            spec:
              containers:
                - name: payments
                  image: acme/payments:1.4.1
                  env:
                    - name: PORT
                      value: "8080"
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    initialDelaySeconds: 5
                  readinessProbe:
                    httpGet: {path: /readyz, port: 8080}
                    periodSeconds: 3
        """),
    "deploy/service.yaml": dump(service("payments", 8080)),
    "deploy/pdb.yaml": dump({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "payments"}, "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "payments"}}}}),
}, ["payments listens on 8090, 8080 is the mesh's now",
    ["deploy/payments.yaml", 'prometheus.io/port: "8080"', 'prometheus.io/port: "8090"'],
    ["deploy/payments.yaml", 'value: "8080"', 'value: "8090"'],
    ["deploy/payments.yaml", "containerPort: 8080", "containerPort: 8090"],
    ["deploy/service.yaml", "targetPort: 8080", "targetPort: 8090"]],
    "PORT, containerPort and Service moved to 8090, the readiness probe still asks 8080 by number",
    expected=expect("readiness-probe readiness",
                    [(c("Deployment", "payments", "payments", "readinessProbe.httpGet.port"), value(8090))],
                    [(c("Deployment", "payments", "payments", "readinessProbe.httpGet.port"), value("http"))]))

# 8 millicores without the m
scenario("agent-cores", "flux", {
    "deploy/agent.yaml": text("""
        # node agent, owned by platform
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: node-agent
          labels:
            app.kubernetes.io/name: node-agent
        spec:
          updateStrategy:
            rollingUpdate:
              maxUnavailable: 1
          selector:
            matchLabels:
              app: node-agent
          template:
            metadata:
              labels:
                app: node-agent
            spec:
              tolerations:
                - operator: Exists
                  effect: NoSchedule
              containers:
                - name: agent
                  image: acme/worker:1.4.1
                  env:
                    - name: SCRAPE_INTERVAL
                      value: 30s
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests:
                      cpu: 20m
                      memory: 32Mi
                    limits:
                      memory: 64Mi
                  readinessProbe:
                    httpGet:
                      path: /readyz
                      port: http
                    periodSeconds: 5
        """),
    "deploy/account.yaml": dump({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "node-agent"}}),
}, ["node-agent: scrape twice as often, more headroom",
    ["deploy/agent.yaml", "value: 30s", "value: 15s"],
    ["deploy/agent.yaml", "cpu: 20m", "cpu: 40"],
    ["deploy/agent.yaml", "memory: 64Mi", "memory: 96Mi"]],
    "cpu: 40 asks for 40 cores, 40m was meant; interval and memory limit are wanted",
    expected=expect("unschedulable-resources",
                    [(c("DaemonSet", "node-agent", "agent", "resources.requests.cpu"), value("40m"))],
                    [(c("DaemonSet", "node-agent", "agent", "resources.requests.cpu"), BEFORE)]))

# 9 an overlay patches by index what the base no longer has
scenario("patch-by-index", "argocd", {
    "base/kustomization.yaml": kustomization("cart.yaml", "service.yaml"),
    "base/cart.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: cart
        spec:
          replicas: 2
          progressDeadlineSeconds: 60
          selector:
            matchLabels:
              app: cart
          template:
            metadata:
              labels:
                app: cart
            spec:
              containers:
                - name: cart
                  image: acme/checkout
                  env:
                    - name: LEGACY_PRICING
                      value: "false"
                    - name: CART_TTL
                      value: 15m
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests:
                      cpu: 10m
                      memory: 24Mi
                    limits:
                      memory: 96Mi
                  readinessProbe:
                    httpGet:
                      path: /readyz
                      port: http
        """),
    "base/service.yaml": dump(service("cart")),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/checkout
            newTag: 1.4.1
        patches:
          - path: ttl.yaml
            target:
              kind: Deployment
              name: cart
        """),
    "overlays/prod/ttl.yaml": text("""
        # carts live longer in prod
        - op: replace
          path: /spec/template/spec/containers/0/env/1/value
          value: 2h
        """),
}, ["cart 1.4.2 without the legacy pricing switch",
    ["base/cart.yaml", '            - name: LEGACY_PRICING\n              value: "false"\n', ""],
    ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "prod's JSON patch replaces env/1 (CART_TTL), which is env/0 since LEGACY_PRICING went; the removal and the new image are wanted",
    expected=expect("render-failed", [],
                    keep=[(c("Deployment", "cart", "cart", "env[name=LEGACY_PRICING]"), GONE), (c("Deployment", "cart", "cart", "image"), value("acme/checkout:1.4.2"))]),
    path="overlays/prod")

# 10 a request in the overlay above the limit of the base
scenario("reindex-requests", "flux", {
    "base/kustomization.yaml": kustomization("api.yaml", "reindex.yaml", images=[{"name": "acme/catalog", "newTag": "1.4.1"}]),
    "base/api.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog")), service("catalog")),
    "base/reindex.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: catalog-reindex
        spec:
          schedule: "*/20 * * * *"
          concurrencyPolicy: Forbid
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: reindex
                      image: busybox:1.36
                      command: ["sh", "-c", "echo reindexing with $BATCH rows a batch; sleep 3; echo done"]
                      env:
                        - name: BATCH
                          value: "200"
                      resources:
                        requests:
                          cpu: 10m
                          memory: 32Mi
                        limits:
                          memory: 96Mi
        """),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "reindex.yaml"}]),
    "overlays/prod/reindex.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: catalog-reindex
        spec:
          schedule: "*/30 * * * *"
          jobTemplate:
            spec:
              template:
                spec:
                  containers:
                    - name: reindex
                      env:
                        - name: BATCH
                          value: "500"
                      resources:
                        requests:
                          memory: 64Mi
        """),
}, ["Reserve memory for the nightly reindex, bigger batches",
    ["overlays/prod/reindex.yaml", 'value: "500"', 'value: "800"'],
    ["overlays/prod/reindex.yaml", "memory: 64Mi", "memory: 128Mi"]],
    "prod's patch requests 128Mi, the limit in the base is 96Mi: the API server refuses the CronJob; the bigger batch is wanted",
    expected=expect("invalid-manifest",
                    [(c("CronJob", "catalog-reindex", "reindex", "resources.limits.memory"), at_least("128Mi"))],
                    [(c("CronJob", "catalog-reindex", "reindex", "resources.requests.memory"), BEFORE)],
                    [(c("CronJob", "catalog-reindex", "reindex", "resources.requests.memory"), value("96Mi"))]),
    path="overlays/prod")

# 11 the logging team's sidecar meets a namespace with a quota
scenario("sidecar-quota", "argocd", {
    "base/kustomization.yaml": kustomization("gateway.yaml", images=[{"name": "acme/payments", "newTag": "1.4.2"}]),
    "base/gateway.yaml": dump(workload("Deployment", "gateway", shop("gateway", "acme/payments"), replicas=2, deadline=60), service("gateway")),
    "components/log-shipper/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        patches:
          - path: sidecar.yaml
            target:
              kind: Deployment
        """),
    "components/log-shipper/sidecar.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: any
        spec:
          template:
            spec:
              containers:
                - name: log-shipper
                  image: busybox:1.37
                  command: ["sh", "-c", "trap 'exit 0' TERM; while true; do sleep 5 & wait $!; done"]
                  env:
                    - name: FLUSH_INTERVAL
                      value: 5s
        """),
    "overlays/prod/kustomization.yaml": kustomization("../../base"),
}, ["Ship gateway logs with the logging team's component",
    ["overlays/prod/kustomization.yaml", "- ../../base\n", "- ../../base\ncomponents:\n  - ../../components/log-shipper\n"]],
    "the new sidecar sets no memory request and limit, which the namespace's ResourceQuota demands: no new pod is created; the sidecar is wanted",
    expected=expect("quota", [(c("Deployment", "gateway", "log-shipper", "resources"), ANY)]),
    path="overlays/prod",
    given=dump({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "tenant"}, "spec": {"hard": {"requests.memory": "512Mi", "limits.memory": "1Gi", "pods": "10"}}}))

# 12 a value is renamed, the hook still reads the old name
scenario("hook-old-value", "flux", {
    "chart/Chart.yaml": "apiVersion: v2\nname: orders\nversion: 4.0.2\n",
    "chart/values.yaml": text("""
        image:
          repository: acme/payments
          tag: 1.4.0
        database:
          url: ""
        """),
    "chart/templates/migrate.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: {{ .Release.Name }}-migrate
          annotations:
            helm.sh/hook: pre-install,pre-upgrade
            helm.sh/hook-delete-policy: before-hook-creation
        spec:
          backoffLimit: 1
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}-migrate
            spec:
              restartPolicy: Never
              containers:
                - name: migrate
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  args: ["migrate"]
                  env:
                    - name: DATABASE_URL
                      value: {{ .Values.database.url | quote }}
                  resources:
                    limits:
                      memory: 64Mi
        """),
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: 1
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
                - name: orders
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  env:
                    - name: REQUIRED_ENV
                      value: DATABASE_URL
                    - name: DATABASE_URL
                      value: {{ .Values.database.url | quote }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    limits:
                      memory: 96Mi
                  readinessProbe:
                    httpGet:
                      path: /readyz
                      port: http
                    periodSeconds: 3
        """),
    "releases/orders.yaml": release("orders", {"image": {"tag": "1.4.1"}, "database": {"url": "postgresql://orders@10.20.0.5/orders"}}, install={"remediation": {"retries": 1}}, upgrade={"remediation": {"retries": 1, "strategy": "rollback"}}),
}, ["orders 1.4.2; call it dsn as the other charts do",
    ["chart/Chart.yaml", "version: 4.0.2", "version: 4.1.0"],
    ["chart/values.yaml", '  url: ""', '  dsn: ""'],
    ["chart/templates/deployment.yaml", ".Values.database.url", ".Values.database.dsn"],
    ["releases/orders.yaml", "url: postgresql", "dsn: postgresql"],
    ["releases/orders.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "the pre-upgrade hook still reads .Values.database.url, which is dsn now: DATABASE_URL is empty and the migration fails; the new image is wanted",
    expected=expect("helm-failed job-failed crash-on-start", [(c("Job", "orders-migrate", "migrate", "env[name=DATABASE_URL].value"), BEFORE)]),
    path="releases")

# 13 a secret is deleted by hand, the next rollout finds out
scenario("secret-deleted", "argocd", {
    "deploy/ledger.yaml": dump(workload("Deployment", "ledger", shop("ledger", "acme/payments:1.4.1", {"DATABASE_URL": {"secretKeyRef": {"name": "ledger-db", "key": "url"}}, "LOG_LEVEL": "info"}), replicas=2, deadline=60)),
    "deploy/service.yaml": dump(service("ledger")),
}, ["ledger 1.4.2", ["deploy/ledger.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"]],
    "somebody deleted Secret ledger-db, which is not in git, before the rollout: a person must bring it back, the manifests are right", HUMAN,
    expected=expect("secret-missing"),
    given=secret("ledger-db", url="postgresql://ledger@10.20.0.5/ledger"),
    then=[[-3, 'kubectl -n "$NAMESPACE" delete secret ledger-db']])

# 14 another team's service is scaled down
WAIT = {"name": "wait-for-warehouse", "image": "busybox:1.36", "command": ["sh", "-c", text("""
    n=0
    until wget -q -O /dev/null "http://$WAREHOUSE_SERVICE_HOST:$WAREHOUSE_SERVICE_PORT/readyz"; do
      n=$((n+1)); echo "warehouse at $WAREHOUSE_SERVICE_HOST:$WAREHOUSE_SERVICE_PORT does not answer ($n)"
      [ $n -lt 10 ] || exit 1
      sleep 2
    done
    echo "warehouse answers"
    """)], "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}}
scenario("warehouse-away", "flux", {
    "deploy/kustomization.yaml": kustomization("stock.yaml"),
    "deploy/stock.yaml": dump(workload("Deployment", "stock", shop("stock", "acme/worker:1.4.1", {"REFRESH": "60s"}), deadline=60, pod={"initContainers": [WAIT]}), service("stock")),
}, ["stock 1.4.2, refresh every 30 s", ["deploy/stock.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"], ["deploy/stock.yaml", "value: 60s", "value: 30s"]],
    "Deployment warehouse, which another team runs and this repository does not hold, was scaled to 0: its Service refuses connections; no edit here helps", HUMAN,
    expected=expect("dependency-address service-no-endpoints replicas-zero"),
    given=dump(workload("Deployment", "warehouse", shop("warehouse", "acme/catalog:1.4.1"), labels={"team": "logistics"}, meta={"labels": {"team": "logistics"}}), service("warehouse")),
    then=[[-8, 'kubectl -n "$NAMESPACE" scale deployment warehouse --replicas=0 && kubectl -n "$NAMESPACE" wait --for=delete pod -l app=warehouse --timeout=40s']])

# 15 three replicas one after another take longer than Flux waits; then it is done
SLOW = shop("index", "acme/catalog:1.4.1", {"START_SECONDS": "2"}, live={"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 10},
            startupProbe={"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 2, "failureThreshold": 45})
scenario("rolling-slowly", "flux", {
    "deploy/index.yaml": dump(workload("StatefulSet", "index", SLOW, replicas=3)),
    "deploy/service.yaml": dump(service("index", clusterIP="None", port=8080)),
}, ["index 1.4.2 loads the full catalogue first", ["deploy/index.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"], ["deploy/index.yaml", "value: '2'", "value: '24'"]],
    "three pods of 24 s each, one after another, take longer than Flux's timeout of 60 s: it says so once and is Ready after the next try", NONE,
    expected=expect("healthy recovering"))

# 16 the smoke test of the release fails until the new version answers
SMOKE = workload("Job", "smoke-1-4-1", {"name": "smoke", "image": "busybox:1.36", "command": ["sh", "-c", 'echo "smoke test of $RELEASE"; sleep 4; wget -q -O - "http://$CATALOG_SERVICE_HOST:$CATALOG_SERVICE_PORT/"'],
                                        "env": [{"name": "RELEASE", "value": "1.4.1"}], "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}}, spec={"backoffLimit": 5})
SMOKE["spec"]["template"]["spec"].setdefault("restartPolicy", "Never")
SMOKE["spec"]["template"]["metadata"]["labels"] = {"app": "smoke"}
SMOKE["spec"].pop("selector", None)
scenario("smoke-test-early", "argocd", {
    "deploy/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog:1.4.1", {"START_SECONDS": "18"}, live={"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 30}), spec={"strategy": {"type": "Recreate"}}), service("catalog")),
    "deploy/smoke.yaml": dump(SMOKE),
}, ["catalog 1.4.2", ["deploy/catalog.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"], ["deploy/smoke.yaml", "smoke-1-4-1", "smoke-1-4-2"], ["deploy/smoke.yaml", "1.4.1", "1.4.2"]],
    "the release's smoke test fails while the new catalog starts, its retry succeeds: everything is healthy", NONE,
    expected=expect("healthy recovering job-failed"))
