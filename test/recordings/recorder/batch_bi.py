"""Ordinary failures of a platform team's month, with commits that mostly carry wanted changes, by somebody who did not know the playbook."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1732)


def shop(name, image, env=None, **more):
    return container(name, "shop", image=image, env=env, **more)


def chart(name, template, values, version="0.6.2", **more):
    return {f"charts/{name}/Chart.yaml": f"apiVersion: v2\nname: {name}\nversion: {version}\n", f"charts/{name}/values.yaml": text(values), f"charts/{name}/templates/deployment.yaml": text(template),
            f"charts/{name}/templates/service.yaml": more.pop("service_template", text("""
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
                """)), **more}


WEB = """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
      labels:
        app.kubernetes.io/name: {{ .Release.Name }}
    spec:
      replicas: {{ .Values.replicas }}
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
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              ports:
                - name: http
                  containerPort: 8080
              @ENV@
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              livenessProbe:
                httpGet:
                  path: /healthz
                  port: http
                initialDelaySeconds: 5
                periodSeconds: 10
              readinessProbe:
                httpGet:
                  path: /readyz
                  port: http
                periodSeconds: 4
    """
MAP_ENV = """{{- with .Values.env }}
              env:
                {{- range $name, $value := . }}
                - name: {{ $name }}
                  value: {{ $value | quote }}
                {{- end }}
              {{- end }}"""
LIST_ENV = """env:
                - name: REQUIRED_ENV
                  value: PRICE_LIST,CURRENCY
                {{- with .Values.extraEnv }}
                {{- toYaml . | nindent 12 }}
                {{- end }}"""


def release(name, chart_name, **spec):
    return {"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": name}, "spec": {
        "interval": "30s", "timeout": "60s",
        "chart": {"spec": {"chart": f"./charts/{chart_name}", "reconcileStrategy": "Revision", "sourceRef": {"kind": "GitRepository", "name": "@NAME@", "namespace": "flux-system"}}},
        "install": {"remediation": {"retries": 1}}, "upgrade": {"remediation": {"retries": 1, "strategy": "rollback"}}, **spec}}


# 1732: the init container's tag got a v that the registry does not have
scenario("init-tag-with-v", "argocd", {
    "deploy/till.yaml": text("""
        # till takes the payments of all branches
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: till
          labels: {app.kubernetes.io/name: till, team: money}
        spec:
          replicas: 2
          progressDeadlineSeconds: 80
          selector:
            matchLabels: {app: till}
          template:
            metadata:
              labels: {app: till}
              annotations:
                acme.example/release: "2026-10"
            spec:
              initContainers:
                - name: migrate
                  image: acme/payments:1.4.1
                  args: [migrate]
                  env:
                    - name: DATABASE_URL
                      valueFrom:
                        configMapKeyRef: {name: till-settings, key: DATABASE_URL}
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 64Mi}
              containers:
                - name: till
                  image: acme/payments:1.4.1
                  envFrom:
                    - configMapRef: {name: till-settings}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 10
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
        """),
    "deploy/settings.yaml": dump(configmap("till-settings", DATABASE_URL="postgres://till@10.20.0.8/till", ROUNDING="half-even")),
    "deploy/service.yaml": dump(service("till")),
}, ["till: November release",
    ["deploy/till.yaml", "name: migrate\n          image: acme/payments:1.4.1", "name: migrate\n          image: acme/payments:v1.4.2"],
    ["deploy/till.yaml", "name: till\n          image: acme/payments:1.4.1", "name: till\n          image: acme/payments:1.4.2"],
    ["deploy/till.yaml", '"2026-10"', '"2026-11"'],
    ["deploy/settings.yaml", "ROUNDING: half-even", "ROUNDING: half-up"]],
    "the init container's tag is v1.4.2: no such tag; the container beside it has 1.4.2, which exists",
    expected=expect("image-not-found", [(c("Deployment", "till", "migrate", "image", init=True), value("acme/payments:1.4.2"))], [(c("Deployment", "till", "migrate", "image", init=True), BEFORE)]))

# 1733: the generator's key was renamed, the program still reads the old file name
scenario("generator-key-renamed", "flux", {
    "base/statefulset.yaml": dump(workload("StatefulSet", "rates", shop("rates", "acme/catalog", {"CONFIG_FILE": "/etc/rates/rates.conf"}, volumeMounts=[{"name": "config", "mountPath": "/etc/rates"}, {"name": "scratch", "mountPath": "/scratch"}]),
        pod={"volumes": [{"name": "config", "configMap": {"name": "rates-config"}}, {"name": "scratch", "emptyDir": {}}]}, spec={"podManagementPolicy": "Parallel"})),
    "base/service.yaml": dump(service("rates", clusterIP="None")),
    "base/config/rates.conf": "BASE_CURRENCY=EUR\nPROVIDER=ecb\nREFRESH_MINUTES=15\n",
    "base/kustomization.yaml": kustomization("statefulset.yaml", "service.yaml", configMapGenerator=[{"name": "rates-config", "files": ["config/rates.conf"]}]),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.1"}], replicas=[{"name": "rates", "count": 1}]),
}, ["Same config file name in every service",
    ["base/kustomization.yaml", "- config/rates.conf", "- application.conf=config/rates.conf"],
    ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"],
    ["overlays/prod/kustomization.yaml", "count: 1", "count: 2"]],
    "the generated ConfigMap's key is application.conf now; CONFIG_FILE still says /etc/rates/rates.conf",
    path="overlays/prod",
    expected=expect("crash-on-start config-key-missing config-missing volume-mount",
        [(c("StatefulSet", "rates", "rates", "env[name=CONFIG_FILE].value"), value("/etc/rates/application.conf"))],
        [('ConfigMap/rates-config-# data["rates.conf"]', BEFORE), ('ConfigMap/rates-config-# data["application.conf"]', GONE)],
        [(pod("StatefulSet", "rates", "volumes[name=config].configMap.items"), value([{"key": "application.conf", "path": "rates.conf"}]))]))

# 1734: a list in the environment's values replaces the chart's list
scenario("values-list-replaced", "argocd", {
    **chart("pricing", WEB.replace("@ENV@", LIST_ENV), """
        replicas: 1
        image:
          repository: acme/checkout
          tag: 1.4.1
        extraEnv:
          - name: PRICE_LIST
            value: retail-2026
          - name: CURRENCY
            value: EUR
        resources:
          requests:
            cpu: 10m
            memory: 24Mi
          limits:
            memory: 96Mi
        """),
    "env/prod.yaml": text("""
        replicas: 2
        image:
          tag: 1.4.1
        """),
    "env/staging.yaml": text("""
        image:
          tag: 1.4.2
        """),
}, ["Turn on bundle prices in production",
    ["env/prod.yaml", "  tag: 1.4.1\n", "  tag: 1.4.2\nextraEnv:\n  - name: BUNDLE_PRICES\n    value: \"on\"\n"]],
    "extraEnv of env/prod.yaml replaces the chart's list: PRICE_LIST and CURRENCY are gone, and the program needs both",
    path="charts/pricing", source={"helm": {"releaseName": "pricing", "valueFiles": ["values.yaml", "../../env/prod.yaml"]}},
    expected=expect("crash-on-start", [(c("Deployment", "pricing", "app", "env[name=PRICE_LIST]"), BEFORE), (c("Deployment", "pricing", "app", "env[name=CURRENCY]"), BEFORE)]))

# 1735: the chart requires service.metricsPort; the release sets metricsPort beside service
scenario("release-value-wrong-level", "flux", {
    **chart("gate", WEB.replace("@ENV@", MAP_ENV), """
        replicas: 1
        image:
          repository: acme/payments
          tag: 1.4.1
        env: {}
        service:
          type: ClusterIP
        resources:
          requests:
            cpu: 10m
            memory: 24Mi
          limits:
            memory: 96Mi
        """, service_template=text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
        spec:
          type: {{ .Values.service.type }}
          selector:
            app: {{ .Release.Name }}
          ports:
            - name: http
              port: 80
              targetPort: http
        """)),
    "releases/prod/gate.yaml": dump(release("gate", "gate", values={"replicas": 2, "image": {"tag": "1.4.1"}, "env": {"LOG_FORMAT": "logfmt"}})),
}, ["gate: metrics on the Service",
    ["charts/gate/templates/service.yaml", "      targetPort: http\n", "      targetPort: http\n    - name: metrics\n      port: {{ required \"service.metricsPort: the port that Prometheus scrapes\" .Values.service.metricsPort }}\n      targetPort: http\n"],
    ["charts/gate/Chart.yaml", "0.6.2", "0.7.0"],
    ["releases/prod/gate.yaml", "    env:\n      LOG_FORMAT: logfmt\n", "    metricsPort: 9102\n    env:\n      LOG_FORMAT: json\n"]],
    "the release sets metricsPort at the top of the values; the chart requires service.metricsPort",
    path="releases/prod",
    expected=expect("helm-failed render-failed", [], keep=[("Service/gate spec.ports[name=metrics]", value({"name": "metrics", "port": 9102, "targetPort": "http"})), (c("Deployment", "gate", "app", "env[name=LOG_FORMAT].value"), value("json"))]))

# 1736: a Service selects a label that only the Deployment itself has, not its pods; another workload's init container notices
WAIT = """\
n=0
until wget -q -O /dev/null "http://$STOCK_SERVICE_HOST:$STOCK_SERVICE_PORT/readyz"; do
  n=$((n+1))
  if [ $n -ge 8 ]; then echo "stock ($STOCK_SERVICE_HOST:$STOCK_SERVICE_PORT) does not answer, giving up"; exit 1; fi
  echo "waiting for stock ($STOCK_SERVICE_HOST:$STOCK_SERVICE_PORT)"
  sleep 3
done
echo "stock answers"
"""
scenario("selector-of-recommended-labels", "argocd", {
    "base/stock/deployment.yaml": dump(workload("Deployment", "stock", shop("stock", "acme/catalog"))),
    "base/stock/service.yaml": dump(service("stock")),
    "base/stock/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/basket/deployment.yaml": dump(workload("Deployment", "basket", shop("basket", "acme/checkout"), deadline=80, pod={"initContainers": [
        {"name": "wait-for-stock", "image": "busybox:1.36", "command": ["sh", "-c", Text(WAIT)], "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}}]})),
    "base/basket/service.yaml": dump(service("basket")),
    "base/basket/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base/stock", "../../base/basket", images=[{"name": "acme/catalog", "newTag": "1.4.1"}, {"name": "acme/checkout", "newTag": "1.4.1"}]),
}, ["Basket 1.4.2, recommended labels",
    ["overlays/prod/kustomization.yaml", "name: acme/checkout\n    newTag: 1.4.1", "name: acme/checkout\n    newTag: 1.4.2"],
    ["base/stock/service.yaml", "  selector:\n    app: stock\n", "  selector:\n    app.kubernetes.io/name: stock\n"],
    ["base/stock/service.yaml", "  name: stock\nspec", "  name: stock\n  labels:\n    app.kubernetes.io/name: stock\nspec"],
    ["base/basket/service.yaml", "  name: basket\nspec", "  name: basket\n  labels:\n    app.kubernetes.io/name: basket\nspec"]],
    "Service stock selects app.kubernetes.io/name, which stock's pods do not carry: no endpoints, basket's init container gets no answer",
    path="overlays/prod",
    expected=expect("service-no-endpoints", [("Service/stock spec.selector.app", BEFORE), ('Service/stock spec.selector["app.kubernetes.io/name"]', GONE)],
        [('Deployment/stock spec.template.metadata.labels["app.kubernetes.io/name"]', value("stock"))]))

# 1737: the migration takes 25 seconds, the hook may now take 15
scenario("hook-deadline-too-short", "argocd", {
    "deploy/migrate.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: ledger-migrate
          annotations:
            argocd.argoproj.io/hook: PreSync
            argocd.argoproj.io/hook-delete-policy: BeforeHookCreation
        spec:
          backoffLimit: 3
          activeDeadlineSeconds: 180
          template:
            metadata:
              labels: {job: ledger-migrate}
            spec:
              restartPolicy: Never
              containers:
                - name: migrate
                  image: acme/worker:1.4.1
                  command:
                    - sh
                    - -c
                    - |
                      for table in accounts entries balances periods audit; do
                        echo "copying $table"
                        sleep 5
                      done
                      exec /bin/shop migrate
                  env:
                    - {name: DATABASE_URL, value: "postgres://ledger@10.20.0.9/ledger"}
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 64Mi}
        """),
    "deploy/ledger.yaml": dump(workload("Deployment", "ledger", shop("ledger", "acme/worker:1.4.1", {"LOG_LEVEL": "info"}), replicas=2), service("ledger")),
}, ["ledger 1.4.2; a stuck migration should not hold a release for minutes",
    ["deploy/migrate.yaml", "image: acme/worker:1.4.1", "image: acme/worker:1.4.2"],
    ["deploy/migrate.yaml", "activeDeadlineSeconds: 180", "activeDeadlineSeconds: 15"],
    ["deploy/migrate.yaml", "backoffLimit: 3", "backoffLimit: 1"],
    ["deploy/ledger.yaml", "image: acme/worker:1.4.1", "image: acme/worker:1.4.2"]],
    "the hook's activeDeadlineSeconds is 15, the migration takes 25 seconds: DeadlineExceeded, the sync never begins",
    expected=expect("job-failed", [("Job/ledger-migrate spec.activeDeadlineSeconds", at_least("35"))]))

# 1738: a new patch names a Deployment that the base does not have
scenario("patch-target-name", "argocd", {
    "base/web.yaml": dump(workload("Deployment", "dispatch", shop("web", "acme/checkout"), replicas=2), service("dispatch")),
    "base/queue.yaml": dump(workload("Deployment", "dispatch-queue", shop("queue", "acme/worker", {"CACHE_MB": "16"}))),
    "base/kustomization.yaml": kustomization("web.yaml", "queue.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/checkout", "newTag": "1.4.1"}, {"name": "acme/worker", "newTag": "1.4.1"}], patches=[{"path": "web-replicas.yaml"}]),
    "overlays/prod/web-replicas.yaml": dump({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "dispatch"}, "spec": {"replicas": 2, "revisionHistoryLimit": 3}}),
}, ["Room for the Christmas backlog",
    ["overlays/prod/kustomization.yaml", "  - path: web-replicas.yaml\n", "  - path: web-replicas.yaml\n  - path: queue-size.yaml\n"],
    ["overlays/prod/kustomization.yaml", "name: acme/worker\n    newTag: 1.4.1", "name: acme/worker\n    newTag: 1.4.2"],
    ["overlays/prod/queue-size.yaml", None, text("""
        # until the middle of January
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: dispatch-worker
        spec:
          replicas: 3
          template:
            spec:
              containers:
                - name: queue
                  resources:
                    limits:
                      memory: 192Mi
        """)]],
    "the patch is for Deployment dispatch-worker; the one with container queue is dispatch-queue",
    path="overlays/prod",
    expected=expect("render-failed", [], keep=[("Deployment/dispatch-queue spec.replicas", value(3)), (c("Deployment", "dispatch-queue", "queue", "resources.limits.memory"), value("192Mi")), (c("Deployment", "dispatch-queue", "queue", "image"), value("acme/worker:1.4.2"))]))

# 1739: a sidecar was put first; the overlay's patch of containers/0 hits it, and the cache no longer fits the program's own limit
SHIPPER = """\
      - name: log-shipper
        image: busybox:1.37
        command: ["sh", "-c", "while true; do echo shipped $(ls /var/log/shop | wc -l) files; sleep 15; done"]
        resources:
          requests:
            cpu: 5m
            memory: 8Mi
          limits:
            memory: 32Mi
        volumeMounts:
        - name: logs
          mountPath: /var/log/shop
"""
scenario("json-patch-hits-sidecar", "flux", {
    "base/deployment.yaml": dump(workload("Deployment", "finder", shop("finder", "acme/catalog", {"CACHE_MB": "12"}, volumeMounts=[{"name": "logs", "mountPath": "/var/log/shop"}]), pod={"volumes": [{"name": "logs", "emptyDir": {}}]}, deadline=80)),
    "base/service.yaml": dump(service("finder")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.1"}], patches=[{"path": "memory.yaml", "target": {"kind": "Deployment", "name": "finder"}}, {"path": "cache.yaml"}]),
    "overlays/prod/cache.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: finder
        spec:
          template:
            spec:
              containers:
                - name: finder
                  env:
                    - name: CACHE_MB
                      value: "150"
        """),
    "overlays/prod/memory.yaml": text("""
        - op: replace
          path: /spec/template/spec/containers/0/resources/limits/memory
          value: 320Mi
        """),
}, ["Ship the search logs",
    ["base/deployment.yaml", "      containers:\n", "      containers:\n" + SHIPPER],
    ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "overlays/prod/memory.yaml patches containers/0, which is the new sidecar now: finder has the base's 96Mi with a cache of 150 MB and is OOM-killed",
    path="overlays/prod",
    expected=expect("out-of-memory",
        [(c("Deployment", "finder", "finder", "resources.limits.memory"), at_least("192Mi")), (c("Deployment", "finder", "log-shipper", "resources.limits.memory"), value("32Mi"))],
        [(c("Deployment", "finder", "finder", "resources.limits.memory"), at_least("192Mi"))]))

# 1740: 25 processors instead of 25m, in values that a ConfigMap holds
CPU = c("Deployment", "invoices", "app", "resources.requests.cpu")
VALUES = 'ConfigMap/invoices-values data["values.yaml"]'
scenario("values-from-cpu-unit", "flux", {
    **chart("web", WEB.replace("@ENV@", MAP_ENV), """
        replicas: 1
        image:
          repository: acme/payments
          tag: 1.4.1
        env: {}
        resources:
          requests:
            cpu: 10m
            memory: 24Mi
          limits:
            memory: 96Mi
        """),
    "releases/values.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: invoices-values
        data:
          values.yaml: |
            image:
              tag: 1.4.1
            env:
              CACHE_MB: "8"
            resources:
              requests:
                cpu: 15m
                memory: 24Mi
              limits:
                memory: 96Mi
        """),
    "releases/invoices.yaml": dump(release("invoices", "web", valuesFrom=[{"kind": "ConfigMap", "name": "invoices-values"}], values={"replicas": 1})),
}, ["invoices: requests after the load test",
    ["releases/values.yaml", "cpu: 15m\n        memory: 24Mi", "cpu: 25\n        memory: 48Mi"],
    ["releases/values.yaml", "memory: 96Mi", "memory: 128Mi"],
    ["releases/values.yaml", 'CACHE_MB: "8"', 'CACHE_MB: "24"']],
    "the processor request is 25 whole processors (25m was meant): no node has so many",
    path="releases",
    expected=expect("unschedulable-resources", *[[(CPU, to), *more] for to in (BEFORE, value("25m"), value("250m")) for more in ((), [(VALUES, ANY)])]))

# 1741: Helm writes the large number as 1.2e+06
scenario("large-number-in-values", "argocd", {
    **chart("quotes", WEB.replace("@ENV@", MAP_ENV), """
        replicas: 1
        image:
          repository: acme/worker
          tag: 1.4.1
        env:
          CACHE_MB: 8
          FAIL_AFTER_SECONDS: 600000
        resources:
          requests:
            cpu: 10m
            memory: 24Mi
          limits:
            memory: 96Mi
        """),
    "env/prod.yaml": text("""
        replicas: 2
        env:
          # the process ends itself after a week, before its memory is fragmented
          FAIL_AFTER_SECONDS: 604800
        """),
}, ["quotes: recycle every two weeks",
    ["env/prod.yaml", "after a week,", "after two weeks,"],
    ["env/prod.yaml", "FAIL_AFTER_SECONDS: 604800\n", "FAIL_AFTER_SECONDS: 1209600\n  CACHE_MB: 16\n"]],
    "helm renders the number 1209600 as 1.2096e+06, which the program cannot parse: it has to be a string in the values (or converted in the template)",
    path="charts/quotes", source={"helm": {"releaseName": "quotes", "valueFiles": ["values.yaml", "../../env/prod.yaml"]}},
    expected=expect("crash-on-start", [(c("Deployment", "quotes", "app", "env[name=FAIL_AFTER_SECONDS].value"), value("1209600"))], [(c("Deployment", "quotes", "app", "env[name=FAIL_AFTER_SECONDS].value"), BEFORE)]))

# 1742: the file was renamed everywhere but in the mount's subPath
scenario("subpath-of-old-key", "flux", {
    "deploy/daemonset.yaml": dump(workload("DaemonSet", "shelf-agent", shop("agent", "acme/catalog:1.4.1", {"CONFIG_FILE": "/etc/shelf/agent.conf"}, volumeMounts=[{"name": "config", "mountPath": "/etc/shelf/agent.conf", "subPath": "agent.conf", "readOnly": True}]),
        pod={"volumes": [{"name": "config", "configMap": {"name": "shelf-agent"}}]})),
    "deploy/config.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: shelf-agent
        data:
          agent.conf: |
            SCAN_INTERVAL=30
            SHELVES=all
        """),
    "deploy/service.yaml": dump(service("shelf-agent")),
}, ["shelf-agent: properties format, version 1.4.2",
    ["deploy/config.yaml", "  agent.conf: |\n    SCAN_INTERVAL=30\n", "  agent.properties: |\n    SCAN_INTERVAL=20\n"],
    ["deploy/daemonset.yaml", "/etc/shelf/agent.conf", "/etc/shelf/agent.properties"],
    ["deploy/daemonset.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"]],
    "the mount's subPath is still agent.conf, a key that the ConfigMap no longer has: an empty directory is mounted where the program reads its file",
    expected=expect("volume-mount config-key-missing crash-on-start", [(c("DaemonSet", "shelf-agent", "agent", "volumeMounts[name=config].subPath"), value("agent.properties"))]))

# 1743: first release; the readiness probe asks for the default path, the service answers elsewhere
scenario("first-release-ready-path", "flux", {
    "deploy/returns.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: returns
          labels: {app.kubernetes.io/name: returns}
        spec:
          replicas: 2
          progressDeadlineSeconds: 80
          selector:
            matchLabels: {app: returns}
          template:
            metadata:
              labels: {app: returns}
            spec:
              containers:
                - name: returns
                  image: acme/checkout:1.4.2
                  envFrom:
                    - configMapRef: {name: returns-settings}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  livenessProbe:
                    httpGet: {path: /internal/live, port: http}
                    initialDelaySeconds: 5
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
        """),
    "deploy/settings.yaml": text("""
        # everything that is not for customers is below /internal: the edge proxy blocks it
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: returns-settings
        data:
          HEALTH_PATH: /internal/live
          READY_PATH: /internal/ready
          RETURN_DAYS: "30"
        """),
    "deploy/service.yaml": dump(service("returns")),
}, [], "the readiness probe asks for /readyz, READY_PATH says /internal/ready: 404, never ready",
    never_worked=True,
    expected=expect("readiness-probe readiness probe", [(c("Deployment", "returns", "returns", "readinessProbe.httpGet.path"), value("/internal/ready"))]))

# 1744: the Secret was deleted by hand; the commit is innocent
scenario("secret-deleted-by-hand", "argocd", {
    "base/deployment.yaml": dump(workload("Deployment", "parcels", shop("parcels", "acme/payments", {"REQUIRED_ENV": "CARRIER_TOKEN", "CARRIER_TOKEN": {"secretKeyRef": {"name": "carrier-credentials", "key": "token"}}}), replicas=2, deadline=80)),
    "base/service.yaml": dump(service("parcels")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/payments", "newTag": "1.4.1"}]),
}, ["parcels 1.4.2", ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "Secret carrier-credentials, which is made by hand, was deleted; pods of before still run with it, new ones cannot start: somebody has to put the token back",
    answer=HUMAN, path="overlays/prod",
    given=dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "carrier-credentials"}, "stringData": {"token": "only-for-tests"}}),
    then=[[-5, "kubectl -n $NAMESPACE delete secret carrier-credentials"]],
    expected=expect("secret-missing"))

# 1745: the platform team's new quota allows fewer pods than run
scenario("quota-below-what-runs", "flux", {
    "deploy/deployment.yaml": dump(workload("Deployment", "gifts", shop("gifts", "acme/checkout:1.4.1", {"WRAPPING": "paper"}), replicas=3, deadline=70)),
    "deploy/service.yaml": dump(service("gifts")),
}, ["gifts 1.4.2 with ribbons", ["deploy/deployment.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"], ["deploy/deployment.yaml", "value: paper", "value: ribbon"]],
    "a quota of 2 pods, set outside of git, is below the 3 that run: no new pod may be created; whoever owns the quota has to decide",
    answer=HUMAN,
    then=[[-5, "kubectl -n $NAMESPACE create quota team-default --hard=pods=2"]],
    expected=expect("quota"))

# 1746: the team corrected its release itself
scenario("corrected-by-the-team", "argocd", one("coupons",
    workload("Deployment", "coupons", shop("coupons", "acme/checkout:1.4.1", {"CAMPAIGN": "autumn"}), replicas=2), service("coupons")), [
    {"subject": "coupons: winter campaign", "edit": [["deploy/coupons.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.3"], ["deploy/coupons.yaml", "value: autumn", "value: winter"]]},
    {"subject": "coupons: 1.4.3 is not built yet, 1.4.2 it is", "edit": [["deploy/coupons.yaml", "acme/checkout:1.4.3", "acme/checkout:1.4.2"]], "wait": 60}],
    "a tag that does not exist, corrected a minute later: healthy", answer=NONE, expected=expect("healthy recovering"))

# 1747: two replicas, one after the other, each 35 seconds: longer than Flux waits the first time
scenario("slow-but-steady", "flux", {
    "base/statefulset.yaml": dump(workload("StatefulSet", "archive", shop("archive", "acme/worker", {"START_SECONDS": "2"},
        startupProbe={"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 3, "failureThreshold": 40}), replicas=2)),
    "base/service.yaml": dump(service("archive", clusterIP="None")),
    "base/kustomization.yaml": kustomization("statefulset.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/worker", "newTag": "1.4.1"}]),
}, ["archive: read the whole index at start",
    ["base/statefulset.yaml", "value: '2'", "value: '35'"],
    ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "two pods that take 35 seconds each, one after the other: Flux's first wait of 60 s ends too soon, then all is Ready", answer=NONE, path="overlays/prod",
    expected=expect("healthy recovering"))
