"""Ordinary failures, as most teams meet them: the tag with a v, the setting that was removed, the schedule of four fields."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1668)


def service_text(name, port=80, extra=""):
    return f"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n  selector:\n    app: {name}\n{extra}  ports:\n    - name: http\n      port: {port}\n      targetPort: http\n"


def chart(name, version="0.4.2", required=""):
    return {
        f"charts/{name}/Chart.yaml": f"apiVersion: v2\nname: {name}\ndescription: The {name} service\ntype: application\nversion: {version}\n",
        f"charts/{name}/templates/_helpers.tpl": text("""
            {{- define "app.labels" -}}
            app.kubernetes.io/name: {{ .Chart.Name }}
            app.kubernetes.io/instance: {{ .Release.Name }}
            {{- end }}
            """),
        f"charts/{name}/templates/deployment.yaml": text("""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: {{ .Release.Name }}
              labels:
                {{- include "app.labels" . | nindent 4 }}
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
                    {{- include "app.labels" . | nindent 8 }}
                spec:
                  containers:
                    - name: {{ .Chart.Name }}
                      image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                      ports:
                        - name: http
                          containerPort: {{ .Values.containerPort }}
                      {{- with .Values.env }}
                      env:
                        {{- range $name, $value := . }}
                        - name: {{ $name }}
                          value: {{ $value | quote }}
                        {{- end }}
                      {{- end }}
                      {{- if .Values.existingSecret }}
                      envFrom:
                        - secretRef:
                            name: {{ .Values.existingSecret }}
                      {{- end }}
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
                      resources:
                        {{- toYaml .Values.resources | nindent 12 }}
            """),
        f"charts/{name}/templates/service.yaml": text("""
            apiVersion: v1
            kind: Service
            metadata:
              name: {{ .Release.Name }}
              labels:
                {{- include "app.labels" . | nindent 4 }}
            spec:
              selector:
                app: {{ .Release.Name }}
              ports:
                - name: http
                  port: {{ .Values.service.port }}
                  targetPort: http
            """),
    }


def values(repository, env="env: {}\n", tag="1.4.1", more=""):
    return f"replicaCount: 1\nimage:\n  repository: {repository}\n  tag: {tag}\ncontainerPort: 8080\nservice:\n  port: 80\nexistingSecret: \"\"\n{env}resources:\n  requests:\n    cpu: 20m\n    memory: 32Mi\n  limits:\n    memory: 128Mi\n{more}"


def helmrelease(name, inline, more=""):
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
              chart: ./charts/{name}
              reconcileStrategy: Revision
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
          install:
            remediation:
              retries: 1
          upgrade:
            remediation:
              retries: 1
              strategy: rollback
        """)
    return head + more + ("  values:\n" + textwrap.indent(text(inline), "    ") if inline else "")


# 1668 plain, Argo CD: a tag with a v in front
scenario("tag-with-v", "argocd", {
    "deploy/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: checkout
          labels:
            app.kubernetes.io/name: checkout
            team: payments
        spec:
          replicas: 2
          progressDeadlineSeconds: 80
          selector:
            matchLabels:
              app: checkout
          template:
            metadata:
              labels:
                app: checkout
            spec:
              containers:
                - name: checkout
                  image: acme/checkout:1.4.1
                  ports:
                    - name: http
                      containerPort: 8080
                  env:
                    - name: LOG_LEVEL
                      value: info
                  resources:
                    requests: {cpu: 20m, memory: 32Mi}
                    limits: {memory: 128Mi}
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    initialDelaySeconds: 5
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
        """),
    "deploy/service.yaml": service_text("checkout"),
    "deploy/pdb.yaml": "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: checkout\nspec:\n  maxUnavailable: 1\n  selector:\n    matchLabels:\n      app: checkout\n",
}, ["Release v1.4.2, debug logs for the first day", ["deploy/deployment.yaml", "acme/checkout:1.4.1", "acme/checkout:v1.4.2"], ["deploy/deployment.yaml", "value: info", "value: debug"]],
    "image tag v1.4.2 does not exist: the tags have no v (1.4.2)", expected=expect("image-not-found",
        [(c("Deployment", "checkout", "checkout", "image"), value("acme/checkout:1.4.2"))],
        [(c("Deployment", "checkout", "checkout", "image"), BEFORE)]))

# 1669 Kustomize, Flux: the cache outgrows the memory limit
scenario("cache-outgrows-limit", "flux", {
    "base/kustomization.yaml": kustomization("statefulset.yaml", "service.yaml", configMapGenerator=[{"name": "pricelist-settings", "literals": ["CACHE_MB=20", "LOG_LEVEL=info"]}]),
    "base/statefulset.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: pricelist
        spec:
          serviceName: pricelist
          replicas: 1
          selector:
            matchLabels:
              app: pricelist
          template:
            metadata:
              labels:
                app: pricelist
            spec:
              terminationGracePeriodSeconds: 10
              containers:
                - name: pricelist
                  image: acme/catalog
                  envFrom:
                    - configMapRef:
                        name: pricelist-settings
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 20m, memory: 48Mi}
                    limits: {memory: 128Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
        """),
    "base/service.yaml": service_text("pricelist", extra="  clusterIP: None\n"),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/catalog
            newTag: 1.4.1
        configMapGenerator:
          - name: pricelist-settings
            behavior: merge
            literals:
              - CACHE_MB=60
              - LOG_LEVEL=warn
        """),
}, ["Keep the whole price list warm in prod", ["overlays/prod/kustomization.yaml", "CACHE_MB=60", "CACHE_MB=200"]],
    "the cache of 200 MB does not fit into the memory limit of 128Mi: OOMKilled", path="overlays/prod", expected=expect("out-of-memory",
        [(c("StatefulSet", "pricelist", "pricelist", "resources.limits.memory"), at_least("224Mi"))],
        [("ConfigMap/pricelist-settings-# data.CACHE_MB", BEFORE)]))

# 1670 Helm, Argo CD: a setting that is still read was removed from the values of prod
scenario("queue-setting-removed", "argocd", {
    **chart("orders"),
    "charts/orders/values.yaml": values("acme/worker", "env:\n  REQUIRED_ENV: ORDER_QUEUE,TAX_REGION\n  TAX_REGION: eu\n"),
    "charts/orders/values-staging.yaml": "env:\n  ORDER_QUEUE: orders-staging\n",
    "charts/orders/values-prod.yaml": "replicaCount: 2\nimage:\n  tag: 1.4.1\nenv:\n  LEGACY_QUEUE: orders-v1\n  LEGACY_QUEUE_BATCH: \"20\"\n  ORDER_QUEUE: orders-v2\n  LOG_FORMAT: json\n",
}, ["Drop the settings of the legacy queue, worker 1.4.2", ["charts/orders/values-prod.yaml", "  LEGACY_QUEUE: orders-v1\n  LEGACY_QUEUE_BATCH: \"20\"\n  ORDER_QUEUE: orders-v2\n", ""], ["charts/orders/values-prod.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "ORDER_QUEUE, which the worker requires, went away together with the settings of the legacy queue", path="charts/orders",
    source={"helm": {"releaseName": "orders", "valueFiles": ["values.yaml", "values-prod.yaml"]}}, expected=expect("crash-on-start",
        [(c("Deployment", "orders", "orders", "env[name=ORDER_QUEUE]"), BEFORE)]))

# 1671 plain, Flux: a schedule with four fields
scenario("schedule-four-fields", "flux", {
    "deploy/report.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: nightly-report
        spec:
          schedule: "0 3 * * *"
          concurrencyPolicy: Forbid
          successfulJobsHistoryLimit: 2
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: report
                      image: acme/worker:1.4.1
                      args: [migrate]
                      env:
                        - name: DATABASE_URL
                          valueFrom:
                            configMapKeyRef:
                              name: report-settings
                              key: databaseUrl
                      resources:
                        requests: {cpu: 20m, memory: 32Mi}
                        limits: {memory: 96Mi}
        """),
    "deploy/settings.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: report-settings\ndata:\n  databaseUrl: postgres://report@10.20.0.5/report\n",
}, ["Nightly report at half past two, with more memory", ["deploy/report.yaml", '"0 3 * * *"', '"30 2 * *"'], ["deploy/report.yaml", "limits: {memory: 96Mi}", "limits: {memory: 160Mi}"]],
    "the schedule has four fields instead of five, the API server refuses it", expected=expect("cron-invalid invalid-manifest",
        [("CronJob/nightly-report spec.schedule", value("30 2 * * *"))],
        [("CronJob/nightly-report spec.schedule", BEFORE)]))

# 1672 Kustomize, Flux: first release, the program listens elsewhere than it is probed
scenario("first-release-port", "flux", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: vouchers
        spec:
          replicas: 1
          progressDeadlineSeconds: 60
          selector:
            matchLabels:
              app: vouchers
          template:
            metadata:
              labels:
                app: vouchers
            spec:
              containers:
                - name: vouchers
                  image: acme/payments:1.4.1
                  ports:
                    - name: http
                      containerPort: 8080
                  envFrom:
                    - configMapRef:
                        name: vouchers-env
                  resources:
                    requests: {cpu: 20m, memory: 32Mi}
                    limits: {memory: 128Mi}
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    initialDelaySeconds: 10
                    periodSeconds: 10
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
        """),
    "base/service.yaml": service_text("vouchers"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "vouchers-env", "envs": ["vouchers.env"]}], images=[{"name": "acme/payments", "newTag": "1.4.2"}]),
    "overlays/prod/vouchers.env": "# settings of vouchers in prod\nPORT=8090\nLOG_LEVEL=info\nVOUCHER_PREFIX=AC\n",
    "overlays/staging/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "vouchers-env", "envs": ["vouchers.env"]}]),
    "overlays/staging/vouchers.env": "# settings of vouchers in staging\nPORT=8080\nLOG_LEVEL=debug\nVOUCHER_PREFIX=TEST\n",
}, [], "the program is told to listen on 8090, the container port that the probes and the Service use is 8080", path="overlays/prod", never_worked=True,
    expected=expect("liveness readiness liveness-probe readiness-probe probe crash-on-start port-conflict",
        [("ConfigMap/vouchers-env-# data.PORT", value("8080"))],
        [("ConfigMap/vouchers-env-# data.PORT", GONE)],
        [(c("Deployment", "vouchers", "vouchers", "ports[name=http].containerPort"), value(8090))]))

# 1673 Helm, Flux, inline values: cores instead of millicores
scenario("cores-not-millicores", "flux", {
    **chart("search"),
    "charts/search/values.yaml": values("acme/catalog"),
    "releases/search.yaml": helmrelease("search", """
        image:
          tag: 1.4.1
        replicaCount: 1
        env:
          CACHE_MB: "16"
        resources:
          requests:
            cpu: 100m
            memory: 48Mi
          limits:
            memory: 128Mi
        """),
}, ["Search 1.4.2 needs a little more CPU", ["releases/search.yaml", "cpu: 100m", "cpu: 200"], ["releases/search.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "requests 200 CPUs (a lost m): no node has that", path="releases", expected=expect("unschedulable-resources",
        [(c("Deployment", "search", "search", "resources.requests.cpu"), value("200m"))],
        [(c("Deployment", "search", "search", "resources.requests.cpu"), BEFORE)]))

# 1674 Helm, Argo CD: a block of the template is not closed
DEPLOYMENT = "charts/ledger/templates/deployment.yaml"
scenario("template-not-closed", "argocd", {
    **chart("ledger", "1.2.0"),
    "charts/ledger/values.yaml": values("acme/payments", more="podAnnotations: {}\n"),
    "environments/prod.yaml": "replicaCount: 2\nenv:\n  LOG_LEVEL: warn\n",
    "environments/staging.yaml": "env:\n  LOG_LEVEL: debug\n",
}, ["Pod annotations for the cost report", [DEPLOYMENT, "      labels:\n        app: {{ .Release.Name }}\n", "      {{- with .Values.podAnnotations }}\n      annotations:\n        {{- toYaml . | nindent 8 }}\n      labels:\n        app: {{ .Release.Name }}\n"],
    ["environments/prod.yaml", "replicaCount: 2\n", "replicaCount: 2\npodAnnotations:\n  acme.example/cost-centre: \"4711\"\n"]],
    "the with block around the pod annotations has no end: the template cannot be parsed", path="charts/ledger",
    source={"helm": {"releaseName": "ledger", "valueFiles": ["values.yaml", "../../environments/prod.yaml"]}},
    expected=expect("render-failed helm-failed", [], keep=[("Deployment/ledger spec.template.metadata.annotations", value({"acme.example/cost-centre": "4711"}))]))

# 1675 Kustomize, Argo CD: a resource that was never added to git
scenario("resource-not-added", "argocd", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(workload("Deployment", "returns", container("returns", "shop", image="acme/checkout"), deadline=80)),
    "base/service.yaml": service_text("returns"),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/checkout
            newTag: 1.4.1
        replicas:
          - name: returns
            count: 2
        """),
}, ["Returns 1.4.2 with a disruption budget", ["overlays/prod/kustomization.yaml", "  - ../../base\n", "  - ../../base\n  - disruption-budget.yaml\n"], ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the overlay lists disruption-budget.yaml, which was never added to git", path="overlays/prod",
    expected=expect("render-failed", [], keep=[(c("Deployment", "returns", "returns", "image"), value("acme/checkout:1.4.2"))]))

# 1676 plain, Flux: the keys of a ConfigMap were renamed, the init container still asks for the old one
scenario("key-renamed-init", "flux", {
    "deploy/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: shipping
        spec:
          replicas: 1
          progressDeadlineSeconds: 60
          selector:
            matchLabels:
              app: shipping
          template:
            metadata:
              labels:
                app: shipping
            spec:
              initContainers:
                - name: migrate
                  image: acme/worker:1.4.1
                  args: [migrate]
                  env:
                    - name: DATABASE_URL
                      valueFrom:
                        configMapKeyRef:
                          name: shipping-settings
                          key: database-url
              containers:
                - name: shipping
                  image: acme/worker:1.4.1
                  ports:
                    - name: http
                      containerPort: 8080
                  env:
                    - name: REQUIRED_ENV
                      value: SHIPPING_DB,CARRIER
                    - name: SHIPPING_DB
                      valueFrom:
                        configMapKeyRef:
                          name: shipping-settings
                          key: database-url
                    - name: CARRIER
                      valueFrom:
                        configMapKeyRef:
                          name: shipping-settings
                          key: default-carrier
                  resources:
                    requests: {cpu: 20m, memory: 32Mi}
                    limits: {memory: 128Mi}
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    initialDelaySeconds: 5
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
        """),
    "deploy/settings.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shipping-settings\ndata:\n  database-url: postgres://shipping@10.20.0.5/shipping\n  default-carrier: northpost\n",
    "deploy/service.yaml": service_text("shipping"),
}, ["Settings keys in our usual spelling",
    ["deploy/settings.yaml", "  database-url:", "  databaseUrl:"], ["deploy/settings.yaml", "  default-carrier:", "  defaultCarrier:"],
    ["deploy/deployment.yaml", "            - name: SHIPPING_DB\n              valueFrom:\n                configMapKeyRef:\n                  name: shipping-settings\n                  key: database-url", "            - name: SHIPPING_DB\n              valueFrom:\n                configMapKeyRef:\n                  name: shipping-settings\n                  key: databaseUrl"],
    ["deploy/deployment.yaml", "key: default-carrier", "key: defaultCarrier"]],
    "the init container still reads key database-url of ConfigMap shipping-settings, which is now databaseUrl", expected=expect("config-key-missing",
        [(c("Deployment", "shipping", "migrate", "env[name=DATABASE_URL].valueFrom.configMapKeyRef.key", init=True), value("databaseUrl"))],
        [("ConfigMap/shipping-settings data.database-url", BEFORE)],
        [("ConfigMap/shipping-settings data.database-url", BEFORE), ("ConfigMap/shipping-settings data.databaseUrl", GONE), ("ConfigMap/shipping-settings data.default-carrier", BEFORE), ("ConfigMap/shipping-settings data.defaultCarrier", GONE),
         (c("Deployment", "shipping", "shipping", "env[name=SHIPPING_DB].valueFrom.configMapKeyRef.key"), BEFORE), (c("Deployment", "shipping", "shipping", "env[name=CARRIER].valueFrom.configMapKeyRef.key"), BEFORE)]))

# 1677 plain, Argo CD: first release, the ServiceAccount is called otherwise
scenario("account-misspelled", "argocd", {
    "deploy/rbac.yaml": text("""
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: stock-sync
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: stock-sync
        rules:
          - apiGroups: [""]
            resources: [configmaps]
            verbs: [get, list, watch]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: stock-sync
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: Role
          name: stock-sync
        subjects:
          - kind: ServiceAccount
            name: stock-sync
            namespace: "@NAME@"
        """),
    "deploy/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: stock
          labels:
            app.kubernetes.io/name: stock
        spec:
          replicas: 1
          progressDeadlineSeconds: 60
          selector:
            matchLabels:
              app: stock
          template:
            metadata:
              labels:
                app: stock
            spec:
              serviceAccountName: stock-syncer
              containers:
                - name: stock
                  image: acme/catalog:1.4.2
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 20m, memory: 32Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
        """),
    "deploy/service.yaml": service_text("stock"),
}, [], "the Deployment runs as ServiceAccount stock-syncer, the delivery's account is stock-sync", never_worked=True, expected=expect("service-account-missing",
    [(pod("Deployment", "stock", "serviceAccountName"), value("stock-sync"))]))

# 1678 plain, Flux: a shell that the image does not have
scenario("no-bash", "flux", {
    "deploy/agent.yaml": text("""
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: log-trimmer
          labels:
            team: platform
        spec:
          selector:
            matchLabels:
              app: log-trimmer
          template:
            metadata:
              labels:
                app: log-trimmer
            spec:
              terminationGracePeriodSeconds: 3
              containers:
                - name: trimmer
                  image: busybox:1.36
                  command: ["/bin/sh", "-c"]
                  args:
                    - |
                      while true; do
                        find /spool -type f -mmin +60 -exec rm -f {} +
                        echo "trimmed"
                        sleep 30
                      done
                  volumeMounts:
                    - name: spool
                      mountPath: /spool
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 32Mi}
              volumes:
                - name: spool
                  emptyDir: {}
        """),
}, ["Trimmer stops on errors, busybox 1.37", ["deploy/agent.yaml", "busybox:1.36", "busybox:1.37"], ["deploy/agent.yaml", '["/bin/sh", "-c"]', '["/bin/bash", "-c"]'], ["deploy/agent.yaml", "              while true; do\n", "              set -eu\n              while true; do\n"]],
    "busybox has no /bin/bash", expected=expect("command-not-found",
        [(c("DaemonSet", "log-trimmer", "trimmer", "command[0]"), BEFORE)],
        [(c("DaemonSet", "log-trimmer", "trimmer", "command[0]"), value("sh"))]))

# 1679 Kustomize, Argo CD: pods are labelled anew, the Service of another file selects the old label
scenario("tier-relabelled", "argocd", {
    "base/kustomization.yaml": kustomization("web.yaml", "background.yaml", "services.yaml"),
    "base/web.yaml": dump(workload("Deployment", "basket", container("basket", "shop"), labels={"tier": "web"}, deadline=80)),
    "base/background.yaml": dump(workload("Deployment", "basket-expiry", container("expiry", "shop", image="acme/worker:1.4.1"), labels={"tier": "batch"}, deadline=80)),
    "base/services.yaml": service_text("basket", extra="    tier: web\n"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "replicas.yaml"}]),
    "overlays/prod/replicas.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: basket\nspec:\n  replicas: 2\n",
}, ["Tiers as in the platform handbook", ["base/web.yaml", "tier: web", "tier: frontend"], ["base/background.yaml", "tier: batch", "tier: background"]],
    "the Service still selects tier web, the pods are now tier frontend: no endpoints", path="overlays/prod", expected=expect("service-no-endpoints",
        [("Service/basket spec.selector.tier", value("frontend"))],
        [("Deployment/basket spec.template.metadata.labels.tier", BEFORE)]))

# 1680 Helm, Flux, values from a ConfigMap: a Secret that nobody made yet
scenario("provider-secret", "flux", {
    **chart("refunds"),
    "charts/refunds/values.yaml": values("acme/payments"),
    "releases/refunds.yaml": helmrelease("refunds", "", "  valuesFrom:\n    - kind: ConfigMap\n      name: refunds-values\n"),
    "releases/refunds-values.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: refunds-values
          labels:
            reconcile.fluxcd.io/watch: Enabled
        data:
          values.yaml: |
            image:
              tag: 1.4.1
            env:
              PROVIDER: northpay
            existingSecret: ""
        """),
}, ["Refunds call the live provider", ["releases/refunds-values.yaml", 'existingSecret: ""', "existingSecret: northpay-live"], ["releases/refunds-values.yaml", "PROVIDER: northpay", "PROVIDER: northpay-live"]],
    "Secret northpay-live with the provider's key does not exist: somebody has to create it", HUMAN, path="releases", expected=expect("secret-missing"))

# 1681 plain, Argo CD: first release of an import whose source, outside of the cluster, does not answer
scenario("import-source-down", "argocd", {
    "deploy/settings.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: supplier-import\ndata:\n  SUPPLIER_URL: http://10.99.0.1:7443/export/articles.csv\n  FORMAT: csv\n",
    "deploy/job.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: supplier-import
        spec:
          backoffLimit: 1
          template:
            metadata:
              labels:
                app: supplier-import
            spec:
              restartPolicy: Never
              containers:
                - name: import
                  image: busybox:1.37
                  command: ["/bin/sh", "-c"]
                  args:
                    - |
                      echo "fetching $SUPPLIER_URL"
                      wget -O /data/articles.csv "$SUPPLIER_URL" || exit 1
                      wc -l /data/articles.csv
                  envFrom:
                    - configMapRef:
                        name: supplier-import
                  volumeMounts:
                    - name: data
                      mountPath: /data
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 48Mi}
              volumes:
                - name: data
                  emptyDir: {}
        """),
}, [], "the supplier's server at 10.99.0.1:7443, outside of the cluster, refuses connections: nothing in git says where else it would be", HUMAN, never_worked=True,
    expected=expect("dependency-address job-failed crash-on-start"))

# 1682 Kustomize, Flux: slower start, but within its probes
scenario("slower-start", "flux", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(workload("Deployment", "suggest", container("suggest", "shop", image="acme/catalog:1.4.1", env={"START_SECONDS": "1"}), deadline=120)),
    "base/service.yaml": service_text("suggest"),
    "components/topology/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        patches:
          - target:
              kind: Deployment
            patch: |
              - op: add
                path: /metadata/annotations
                value:
                  acme.example/owner: discovery
        """),
    "overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../components/topology"], patches=[{"path": "start.yaml"}]),
    "overlays/prod/start.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: suggest\nspec:\n  template:\n    spec:\n      containers:\n        - name: suggest\n          env:\n            - name: START_SECONDS\n              value: \"2\"\n",
}, ["Load the long tail at start", ["overlays/prod/start.yaml", 'value: "2"', 'value: "14"']],
    "starts in 14 seconds, within what the probes allow: becomes healthy by itself", NONE, path="overlays/prod", expected=expect("healthy recovering"))

# 1683 Helm, Argo CD: stopped on purpose
scenario("campaigns-stopped", "argocd", {
    **chart("campaigns"),
    "charts/campaigns/values.yaml": values("acme/worker", "env:\n  LOG_LEVEL: info\n"),
    "charts/campaigns/values-prod.yaml": "replicaCount: 2\nimage:\n  tag: 1.4.2\n",
}, ["No campaigns during the change freeze", ["charts/campaigns/values-prod.yaml", "replicaCount: 2", "replicaCount: 0"]],
    "scaled to zero on purpose", NONE, path="charts/campaigns", source={"helm": {"releaseName": "campaigns", "valueFiles": ["values.yaml", "values-prod.yaml"]}}, expected=expect("replicas-zero healthy"))
