"""Batch AV, written by somebody who knew neither the playbook nor the batches before: shop-1524 to shop-1539, a cross-section of fourteen classes. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1524)


def chart(name, deployment, version="0.3.0", app="1.4.1", values="", **files):
    return {"chart/Chart.yaml": f'apiVersion: v2\nname: {name}\ndescription: {name.capitalize()} of the shop\ntype: application\nversion: {version}\nappVersion: "{app}"\n',
            "chart/templates/deployment.yaml": text(deployment), "chart/values.yaml": text(values),
            "chart/templates/service.yaml": text("""
                apiVersion: v1
                kind: Service
                metadata:
                  name: {{ .Release.Name }}
                spec:
                  selector:
                    app: {{ .Release.Name }}
                  ports:
                    - name: http
                      port: {{ .Values.service.port }}
                      targetPort: http
                """), **files}


DEPLOYMENT = """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
      labels:
        app.kubernetes.io/name: {{ .Chart.Name }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: {{ .Values.progressDeadlineSeconds | default 80 }}
      selector:
        matchLabels:
          app: {{ .Release.Name }}
      template:
        metadata:
          labels:
            app: {{ .Release.Name }}
        spec:
          terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds | default 15 }}
          {{- if .Values.migrate }}
          initContainers:
            - name: migrate
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
              args: [migrate]
              env:
                - name: DATABASE_URL
                  value: {{ .Values.databaseUrl | quote }}
          {{- end }}
          containers:
            - name: {{ .Chart.Name }}
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
              args: [serve]
              ports:
                - name: http
                  containerPort: 8080
              env:
                - name: PORT
                  value: "8080"
                {{- range $name, $value := .Values.env }}
                - name: {{ $name }}
                  value: {{ $value | quote }}
                {{- end }}
                {{- range $name, $ref := .Values.secretEnv }}
                - name: {{ $name }}
                  valueFrom:
                    secretKeyRef:
                      name: {{ $ref.secret }}
                      key: {{ $ref.key }}
                {{- end }}
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              {{- with .Values.startupProbe }}
              startupProbe:
                {{- toYaml . | nindent 12 }}
              {{- end }}
              readinessProbe:
                httpGet:
                  path: /readyz
                  port: http
                periodSeconds: 4
              livenessProbe:
                httpGet:
                  path: /healthz
                  port: http
                periodSeconds: 10
    """


def release(name, more):
    return text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 30s
          timeout: 60s
          releaseName: {name}
          chart:
            spec:
              chart: ./chart
              reconcileStrategy: Revision
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
        """) + textwrap.indent(text(more), "  ")


# 1 ------------------------------------------------------------------------------------------------ readiness, plain, argocd
scenario("port-moves-probe-stays", "argocd", {
    "deploy/statefulset.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: basket
          labels:
            app.kubernetes.io/name: basket
        spec:
          serviceName: basket
          replicas: 2
          selector:
            matchLabels:
              app: basket
          template:
            metadata:
              labels:
                app: basket
              annotations:
                prometheus.io/scrape: "true"
                prometheus.io/port: "8080"
            spec:
              terminationGracePeriodSeconds: 10
              containers:
                - name: basket
                  image: acme/checkout:1.4.1
                  env:
                    - name: PORT
                      value: "8080"
                  ports:
                    - name: web
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  livenessProbe:
                    httpGet: {path: /healthz, port: web}
                    periodSeconds: 10
                  readinessProbe:
                    tcpSocket:
                      port: 8080
                    periodSeconds: 5
        """),
    "deploy/service.yaml": dump(service("basket", "web", clusterIP="None")),
}, ["Move basket off 8080, the mesh wants it (PLAT-2210)",
    ["deploy/statefulset.yaml", 'prometheus.io/port: "8080"', 'prometheus.io/port: "9102"'],
    ["deploy/statefulset.yaml", 'value: "8080"', 'value: "9102"'],
    ["deploy/statefulset.yaml", "containerPort: 8080", "containerPort: 9102"]],
    "the program listens on 9102 as wanted, the readiness probe still dials 8080 by number",
    expected=expect("readiness-probe probe",
                    [(c("StatefulSet", "basket", "basket", "readinessProbe.tcpSocket.port"), value(9102))],
                    [(c("StatefulSet", "basket", "basket", "readinessProbe.tcpSocket.port"), value("web"))]))

# 2 ------------------------------------------------------------------------------------------------ crash, plain, flux
scenario("cache-size-with-unit", "flux", {
    "deploy/daemonset.yaml": dump(workload("DaemonSet", "prefetch", container("prefetch", "shop", image="acme/catalog:1.4.1", envFrom=[{"configMapRef": {"name": "prefetch-env"}}]))),
    "deploy/env.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: prefetch-env
        data:
          CACHE_MB: "16"
          REGION: eu-central
          FETCH_INTERVAL: 30s
        """),
}, ["prefetch: 1.4.2 with a somewhat larger cache",
    ["deploy/daemonset.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"],
    ["deploy/env.yaml", 'CACHE_MB: "16"', "CACHE_MB: 24MB"],
    ["deploy/env.yaml", "FETCH_INTERVAL: 30s", "FETCH_INTERVAL: 20s"]],
    "CACHE_MB in the ConfigMap is 24MB; the program reads a whole number",
    expected=expect("crash-on-start",
                    [("ConfigMap/prefetch-env data.CACHE_MB", value("24"))],
                    [("ConfigMap/prefetch-env data.CACHE_MB", BEFORE)]))

# 3 ------------------------------------------------------------------------------------------------ limit-range, plain, flux
scenario("limit-to-request-ratio", "flux", {
    "deploy/00-guardrails.yaml": text("""
        # owned by platform; ask in #platform before you change it
        apiVersion: v1
        kind: LimitRange
        metadata:
          name: guardrails
        spec:
          limits:
            - type: Container
              maxLimitRequestRatio:
                memory: "2"
        """),
    "deploy/importer.yaml": dump(workload("Deployment", "importer", container("importer", "shop", image="acme/worker:1.4.1", resources={"requests": {"cpu": "10m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}}),
                                          {"name": "tail", "image": "busybox:1.36", "command": ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 5; done"], "resources": {"requests": {"cpu": "5m", "memory": "16Mi"}, "limits": {"memory": "32Mi"}}}, deadline=60),
                                 service("importer")),
}, ["Give the importer headroom for the big supplier files",
    ["deploy/importer.yaml", "memory: 128Mi", "memory: 320Mi"]],
    "memory limit 320Mi is 5 times the request; LimitRange guardrails allows 2 times",
    expected=expect("limit-range",
                    [(c("Deployment", "importer", "importer", "resources.limits.memory"), BEFORE)],
                    [(c("Deployment", "importer", "importer", "resources.requests.memory"), at_least("160Mi"))]))

# 4 ------------------------------------------------------------------------------------------------ render-failed, kustomize, argocd
scenario("patch-by-index", "argocd", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: offers
        spec:
          replicas: 1
          progressDeadlineSeconds: 80
          selector:
            matchLabels:
              app: offers
          template:
            metadata:
              labels:
                app: offers
            spec:
              containers:
                - name: offers
                  image: acme/catalog:1.4.1
                  ports:
                    - name: http
                      containerPort: 8080
                  env:
                    - name: LEGACY_PRICES
                      value: "off"
                    - name: REGION
                      value: eu
                    - name: CACHE_MB
                      value: "4"
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
        """),
    "base/service.yaml": dump(service("offers")),
    "overlays/staging/kustomization.yaml": kustomization("../../base"),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        replicas:
          - name: offers
            count: 2
        patches:
          - path: cache.yaml
            target:
              kind: Deployment
              name: offers
        """),
    "overlays/prod/cache.yaml": text("""
        # production holds the whole assortment
        - op: replace
          path: /spec/template/spec/containers/0/env/2/value
          value: "24"
        """),
}, ["LEGACY_PRICES is gone from the code, drop it here too",
    ["base/deployment.yaml", '            - name: LEGACY_PRICES\n              value: "off"\n', ""]],
    "the base lost an env item, prod's JSON patch still addresses CACHE_MB by the index it had before", path="overlays/prod",
    expected=expect("render-failed", [], keep=[(c("Deployment", "offers", "offers", "env[name=LEGACY_PRICES]"), GONE)]))

# 5 ------------------------------------------------------------------------------------------------ config-key-missing, kustomize, flux
scenario("generator-key-renamed-cron", "flux", {
    "base/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - storefront.yaml
          - sweep.yaml
        configMapGenerator:
          - name: tuning
            literals:
              - LOG_LEVEL=info
              - CART_TTL=1800
        """),
    "base/storefront.yaml": dump(workload("Deployment", "storefront", container("storefront", "shop", image="acme/checkout:1.4.2", env={"LOG_LEVEL": {"configMapKeyRef": {"name": "tuning", "key": "LOG_LEVEL"}}}))),
    "base/sweep.yaml": dump(workload("CronJob", "sweep-carts", {
        "name": "sweep", "image": "busybox:1.36", "command": ["sh", "-c", 'echo "removing carts older than $TTL s"; sleep 2; echo "removed 0"'],
        "env": [{"name": "TTL", "valueFrom": {"configMapKeyRef": {"name": "tuning", "key": "CART_TTL"}}}],
        "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}})),
    "overlays/live/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        configMapGenerator:
          - name: tuning
            behavior: merge
            literals:
              - LOG_LEVEL=warn
        """),
}, ["Settings: units in names, info logs on live again",
    ["base/kustomization.yaml", "CART_TTL=1800", "CART_TTL_SECONDS=1800"],
    ["overlays/live/kustomization.yaml", "LOG_LEVEL=warn", "LOG_LEVEL=info"]],
    "the generator's key is CART_TTL_SECONDS now, the CronJob still reads CART_TTL", path="overlays/live",
    expected=expect("config-key-missing",
                    [(c("CronJob", "sweep-carts", "sweep", "env[name=TTL].valueFrom.configMapKeyRef.key"), value("CART_TTL_SECONDS"))],
                    [("ConfigMap/tuning-# data.CART_TTL", BEFORE), ("ConfigMap/tuning-# data.CART_TTL_SECONDS", GONE)]))

# 6 ------------------------------------------------------------------------------------------------ service-account-missing, kustomize, argocd, never worked
scenario("account-of-component", "argocd", {
    "base/kustomization.yaml": kustomization("statefulset.yaml", "service.yaml"),
    "base/statefulset.yaml": dump(workload("StatefulSet", "points", container("points", "shop", image="acme/payments:1.4.2", env={"REGION": "eu"}), replicas=1)),
    "base/service.yaml": dump(service("points", clusterIP="None")),
    "components/identity/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        resources:
          - account.yaml
        patches:
          - target:
              kind: StatefulSet
              name: points
            patch: |-
              - op: add
                path: /spec/template/spec/serviceAccountName
                value: points-runtime
        """),
    "components/identity/account.yaml": text("""
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: points-runner
          annotations:
            acme.example/team: loyalty
        automountServiceAccountToken: false
        """),
    "overlays/eu/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        namePrefix: eu-
        resources:
          - ../../base
        components:
          - ../../components/identity
        """),
}, [], "first release: the component's patch names account points-runtime, the account it brings is points-runner (eu-points-runner when rendered)", path="overlays/eu", never_worked=True,
    expected=expect("service-account-missing", [(pod("StatefulSet", "eu-points", "serviceAccountName"), value("eu-points-runner"))]))

# 7 ------------------------------------------------------------------------------------------------ image-not-found, helm, argocd
scenario("app-version-ahead", "argocd", {
    **chart("invoices", DEPLOYMENT, values="""
        image:
          repository: acme/payments
          tag: ""   # the chart's appVersion
        replicas: 1
        migrate: true
        databaseUrl: postgresql://invoices@10.20.0.5/invoices
        service:
          port: 80
        env: {}
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
        """),
    "chart/values-prod.yaml": text("""
        replicas: 2
        env:
          REGION: eu
        """),
}, ["Release chart 0.4.0",
    ["chart/Chart.yaml", "version: 0.3.0", "version: 0.4.0"],
    ["chart/Chart.yaml", 'appVersion: "1.4.1"', 'appVersion: "1.5.0"']],
    "the chart's appVersion is the image tag, and 1.5.0 has never been pushed", path="chart", source={"helm": {"releaseName": "invoices", "valueFiles": ["values-prod.yaml"]}},
    expected=expect("image-not-found", [(c("Deployment", "invoices", "invoices", "image"), BEFORE), (c("Deployment", "invoices", "migrate", "image", init=True), BEFORE)]))

# 8 ------------------------------------------------------------------------------------------------ out-of-memory, helm, flux, never worked
scenario("values-from-memory", "flux", {
    **chart("assortment", DEPLOYMENT, app="1.4.2", values="""
        image:
          repository: acme/catalog
          tag: 1.4.2
        replicas: 1
        service:
          port: 80
        env: {}
        resources:
          requests: {cpu: 10m, memory: 32Mi}
          limits: {memory: 320Mi}
        """),
    "releases/assortment.yaml": release("assortment", """
        valuesFrom:
          - kind: ConfigMap
            name: assortment-sizing
            valuesKey: sizing.yaml
        values:
          env:
            CACHE_MB: "150"   # the assortment, measured in staging
            REGION: eu
        """),
    "releases/sizing.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: assortment-sizing
        data:
          sizing.yaml: |
            replicas: 1
            resources:
              requests:
                cpu: 10m
                memory: 64Mi
              limits:
                memory: 100Mi
        """),
}, [], "first release: 150 MB of cache with a limit of 100Mi, which comes from a ConfigMap of values", path="releases", never_worked=True,
    expected=expect("out-of-memory", [(c("Deployment", "assortment", "assortment", "resources.limits.memory"), at_least("170Mi"))],
                    [(c("Deployment", "assortment", "assortment", "resources.limits.memory"), at_least("170Mi")), (c("Deployment", "assortment", "assortment", "resources.requests.memory"), ANY)]))

# 9 ------------------------------------------------------------------------------------------------ schema, helm, argocd
scenario("values-schema", "argocd", {
    **chart("returns", DEPLOYMENT, values="""
        image:
          repository: acme/worker
          tag: 1.4.1
        replicas: 1
        service:
          port: 80
        env:
          QUEUE: returns
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
        """),
    "chart/values.schema.json": text("""
        {
          "$schema": "http://json-schema.org/draft-07/schema#",
          "type": "object",
          "required": ["image", "replicas"],
          "properties": {
            "replicas": {"type": "integer", "minimum": 1, "maximum": 6},
            "env": {"type": "object", "additionalProperties": {"type": "string"}},
            "service": {
              "type": "object",
              "properties": {"port": {"type": "integer"}}
            }
          }
        }
        """),
    "envs/prod.yaml": text("""
        replicas: 1
        env:
          QUEUE: returns-prod
          WORKERS: "2"
        """),
}, ["returns: two pods and four workers for January",
    ["envs/prod.yaml", "replicas: 1", "replicas: 2"],
    ["envs/prod.yaml", 'WORKERS: "2"', "WORKERS: 4"]],
    "the chart's schema wants strings in env; WORKERS is a bare number", path="chart", source={"helm": {"releaseName": "returns", "valueFiles": ["../envs/prod.yaml"]}},
    expected=expect("render-failed helm-failed", [], keep=[("Deployment/returns spec.replicas", value(2)), (c("Deployment", "returns", "returns", "env[name=WORKERS].value"), value("4"))]))

# 10 ----------------------------------------------------------------------------------------------- helm-failed, helm, flux
scenario("grace-with-unit", "flux", {
    **chart("courier", DEPLOYMENT, values="""
        image:
          repository: acme/worker
          tag: 1.4.1
        replicas: 1
        terminationGracePeriodSeconds: 15
        service:
          port: 80
        env: {}
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
        """),
    "releases/courier.yaml": release("courier", """
        upgrade:
          remediation:
            retries: 1
            strategy: rollback
        values:
          replicas: 2
          image:
            tag: 1.4.1
          terminationGracePeriodSeconds: 20
          env:
            REGION: eu
        """),
}, ["courier 1.4.2, and let it finish its tour on shutdown",
    ["releases/courier.yaml", "tag: 1.4.1", "tag: 1.4.2"],
    ["releases/courier.yaml", "terminationGracePeriodSeconds: 20", "terminationGracePeriodSeconds: 40s"]],
    "terminationGracePeriodSeconds is a number of seconds; 40s is refused by the API server", path="releases",
    expected=expect("helm-failed invalid-manifest",
                    [(pod("Deployment", "courier", "terminationGracePeriodSeconds"), value(40))],
                    [(pod("Deployment", "courier", "terminationGracePeriodSeconds"), BEFORE)]))

# 11 ----------------------------------------------------------------------------------------------- job-failed, plain, argocd
scenario("reindex-deadline", "argocd", {
    "deploy/search.yaml": dump(workload("Deployment", "search", container("search", "shop", image="acme/catalog:1.4.1")), service("search")),
    "deploy/reindex.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: search-reindex
          annotations:
            argocd.argoproj.io/sync-options: Force=true,Replace=true
        spec:
          backoffLimit: 0
          activeDeadlineSeconds: 120
          template:
            metadata:
              labels:
                app: search-reindex
            spec:
              restartPolicy: Never
              terminationGracePeriodSeconds: 3
              containers:
                - name: reindex
                  image: busybox:1.36
                  command: [sh, -c]
                  args:
                    - |
                      for page in 1 2 3 4 5 6; do
                        echo "indexing page $page of 6"
                        sleep 4
                      done
                      echo "index ready"
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
        """),
}, ["Do not let a stuck reindex block the sync for minutes",
    ["deploy/reindex.yaml", "activeDeadlineSeconds: 120", "activeDeadlineSeconds: 12"]],
    "the reindex needs about 25 seconds, its deadline is 12 now",
    expected=expect("job-failed", [("Job/search-reindex spec.activeDeadlineSeconds", BEFORE)],
                    *[[("Job/search-reindex spec.activeDeadlineSeconds", value(n))] for n in (40, 45, 50, 60, 75, 80, 90, 100, 180)]))

# 12 ----------------------------------------------------------------------------------------------- dependency-address, kustomize, flux
scenario("service-renamed-caller-not", "flux", {
    "apps/kustomization.yaml": kustomization("stock", "poller"),
    "apps/stock/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "apps/stock/deployment.yaml": dump(workload("Deployment", "stock", container("stock", "shop", image="acme/catalog:1.4.1"))),
    "apps/stock/service.yaml": dump(service("stock")),
    "apps/poller/kustomization.yaml": kustomization("deployment.yaml", images=[{"name": "busybox", "newTag": "1.36"}]),
    "apps/poller/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: stock-poller
        spec:
          replicas: 1
          progressDeadlineSeconds: 80
          selector:
            matchLabels:
              app: stock-poller
          template:
            metadata:
              labels:
                app: stock-poller
            spec:
              terminationGracePeriodSeconds: 3
              initContainers:
                - name: settle   # fresh pods have no network for a moment
                  image: busybox
                  command: [sleep, "5"]
              containers:
                - name: poller
                  image: busybox
                  env:
                    - name: STOCK_ADDRESS
                      value: $(STOCK_SERVICE_HOST):80
                  command: [sh, -c]
                  args:
                    - |
                      host=${STOCK_ADDRESS%:*} tries=0
                      echo "polling stock at $STOCK_ADDRESS"
                      case $host in *[!0-9.]*|'') echo "dial $STOCK_ADDRESS: lookup $host: no such host"; exit 1 ;; esac
                      until wget -q -O /dev/null "http://$STOCK_ADDRESS/"; do
                        tries=$((tries + 1)); echo "stock at $STOCK_ADDRESS does not answer, try $tries"
                        [ $tries -lt 12 ] || exit 1
                        sleep 3
                      done
                      echo "stock answers"; touch /tmp/ok
                      while sleep 10; do wget -q -O /dev/null "http://$STOCK_ADDRESS/" || echo "stock missed a poll"; done
                  readinessProbe:
                    exec:
                      command: [test, -f, /tmp/ok]
                    periodSeconds: 4
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
        """),
}, ["Naming guide: Services end in -api; poller on busybox 1.37",
    ["apps/stock/service.yaml", "  name: stock\n", "  name: stock-api\n"],
    ["apps/poller/kustomization.yaml", "1.36", "1.37"]],
    "the Service is stock-api now, the poller (another folder) still takes the address from STOCK_SERVICE_HOST", path="apps",
    expected=expect("dependency-address",
                    [(c("Deployment", "stock-poller", "poller", "env[name=STOCK_ADDRESS].value"), value("$(STOCK_API_SERVICE_HOST):80"))],
                    [(c("Deployment", "stock-poller", "poller", "env[name=STOCK_ADDRESS].value"), value("$(STOCK_API_SERVICE_HOST):$(STOCK_API_SERVICE_PORT)"))],
                    [("Service/stock spec", BEFORE), ("Service/stock-api spec", GONE)]))

# 13 ----------------------------------------------------------------------------------------------- secret-missing, helm, argocd, people
scenario("partner-credential-absent", "argocd", {
    **chart("payouts", DEPLOYMENT, values="""
        image:
          repository: acme/payments
          tag: 1.4.1
        replicas: 1
        service:
          port: 80
        env: {}
        secretEnv: {}
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
        """),
    "chart/values-prod.yaml": text("""
        env:
          PROVIDER: sandbox
        secretEnv: {}
        """),
}, ["payouts: go live with the bank",
    ["chart/values-prod.yaml", "PROVIDER: sandbox", "PROVIDER: bank\n  REQUIRED_ENV: BANK_CLIENT_SECRET"],
    ["chart/values-prod.yaml", "secretEnv: {}", "secretEnv:\n  BANK_CLIENT_SECRET:\n    secret: bank-credentials\n    key: client-secret"]],
    "Secret bank-credentials exists nowhere: somebody who has the credential must create it", HUMAN, expect("secret-missing"), path="chart",
    source={"helm": {"releaseName": "payouts", "valueFiles": ["values-prod.yaml"]}})

# 14 ----------------------------------------------------------------------------------------------- immutable, kustomize, flux, people
scenario("parallel-shards", "flux", {
    "base/kustomization.yaml": kustomization("statefulset.yaml", "service.yaml"),
    "base/statefulset.yaml": dump(workload("StatefulSet", "shards", container("shards", "shop", image="acme/catalog:1.4.1"), replicas=2, spec={"podManagementPolicy": "OrderedReady"})),
    "base/service.yaml": dump(service("shards", clusterIP="None")),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "shards.yaml"}]),
    "overlays/prod/shards.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: shards
        spec:
          replicas: 3
        """),
}, ["Start the shards side by side, a restart takes too long",
    ["overlays/prod/shards.yaml", "  replicas: 3\n", "  replicas: 3\n  podManagementPolicy: Parallel\n"]],
    "podManagementPolicy of a StatefulSet is immutable: it has to be deleted and made anew, which people decide", expected=expect("invalid-manifest", [("StatefulSet/shards spec.podManagementPolicy", BEFORE)]), path="overlays/prod")

# 15 ----------------------------------------------------------------------------------------------- recovering, helm, argocd, nothing
scenario("warms-up-and-is-fine", "argocd", {
    **chart("ranking", DEPLOYMENT, values="""
        image:
          repository: acme/catalog
          tag: 1.4.1
        replicas: 1
        progressDeadlineSeconds: 180
        service:
          port: 80
        env:
          START_SECONDS: 3
        startupProbe:
          httpGet:
            path: /healthz
            port: http
          periodSeconds: 5
          failureThreshold: 30
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 128Mi}
        """),
    "chart/values-prod.yaml": text("""
        replicas: 2
        env:
          REGION: eu
        """),
}, ["ranking: load the full model at start",
    ["chart/values-prod.yaml", "  REGION: eu\n", "  REGION: eu\n  START_SECONDS: 40\n  CACHE_MB: 32\n"]],
    "a slow start that the startup probe allows: some Unhealthy events, then ready", NONE, expect("healthy recovering"), path="chart",
    source={"helm": {"releaseName": "ranking", "valueFiles": ["values-prod.yaml"]}})

# 16 ----------------------------------------------------------------------------------------------- recovered by the team, plain, flux, nothing
scenario("team-was-faster", "flux", {
    "deploy/notify.yaml": dump(workload("Deployment", "notify", container("notify", "shop", image="acme/worker:1.4.1", env={"REQUIRED_ENV": "SENDER", "SENDER": "shop@acme.example"}), replicas=2), service("notify")),
}, [{"subject": "notify: send as orders@, release 1.4.2", "edit": [["deploy/notify.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"], ["deploy/notify.yaml", "        - name: SENDER\n          value: shop@acme.example\n", "        - name: SENDER_ADDRESS\n          value: orders@acme.example\n"]]},
    {"subject": "notify: the variable is called SENDER", "wait": 60, "edit": [["deploy/notify.yaml", "name: SENDER_ADDRESS", "name: SENDER"]]}],
    "the team corrected its own mistake a minute later: it works again", NONE, expect("healthy recovering"))
