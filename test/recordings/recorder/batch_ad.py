"""Batch AD, written by somebody who knew neither the playbook nor the batches before: shop-1224 to shop-1239, refactorings and upgrades. No program of this folder is needed.
shop-1232 was recorded with CAP=420, since Argo CD looks late for a commit that it cannot render.
"""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1224)


def ref(kind, name, key):
    return {f"{kind}KeyRef": {"name": name, "key": key}}


def release(name, values="", **more):
    """A Flux HelmRelease of ./chart."""
    return text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 30s
          timeout: 60s
          chart:
            spec:
              chart: ./chart
              reconcileStrategy: Revision
              sourceRef: {{kind: GitRepository, name: "@NAME@", namespace: flux-system}}
          install:
            remediation: {{retries: 1}}
          upgrade:
            remediation: {{retries: 1, strategy: rollback}}
          values:
        """) + textwrap.indent(text(values), "    ")


def chart(name, version="0.3.0"):
    return f"apiVersion: v2\nname: {name}\nversion: {version}\n"


SERVICE = text("""
    apiVersion: v1
    kind: Service
    metadata:
      name: NAME
    spec:
      selector:
        app: NAME
      ports:
        - {name: http, port: 80, targetPort: http}
    """)
HTTP_PROBES = text("""
    livenessProbe:
      httpGet: {path: /healthz, port: http}
      initialDelaySeconds: 5
      periodSeconds: 10
    readinessProbe:
      httpGet: {path: /readyz, port: http}
      periodSeconds: 3
    """)

# 1224 ── one shared ConfigMap cut in two; the DaemonSet's second reference was forgotten; a commit on top
api = dump(workload("Deployment", "api", container("api", "shop", envFrom=[{"configMapRef": {"name": "platform"}}])), service("api"))
edge = dump(workload("DaemonSet", "edge-cache", container("cache", "shop", "acme/catalog:1.4.1", env={"READY_PATH": ref("configMap", "platform", "READY_PATH"), "CACHE_MB": ref("configMap", "platform", "CACHE_MB")})))
scenario("shared-settings-cut", "argocd",
         {"deploy/api.yaml": api, "deploy/edge-cache.yaml": edge,
          "deploy/platform.yaml": dump(configmap("platform", LOG_LEVEL="info", READY_PATH="/readyz", CACHE_MB="12", CACHE_TTL="300s"))},
         [{"subject": "Cut the platform settings by concern, catalog 1.4.2", "edit": [
             ["deploy/platform.yaml", configmap("platform")["kind"], DELETE],
             ["deploy/platform-http.yaml", None, dump(configmap("platform-http", LOG_LEVEL="info", READY_PATH="/readyz"))],
             ["deploy/platform-cache.yaml", None, dump(configmap("platform-cache", CACHE_MB="12", CACHE_TTL="300s"))],
             ["deploy/api.yaml", "        - configMapRef:\n            name: platform\n", "        - configMapRef:\n            name: platform-http\n        - configMapRef:\n            name: platform-cache\n"],
             ["deploy/edge-cache.yaml", "              name: platform\n              key: READY_PATH\n", "              name: platform-http\n              key: READY_PATH\n"],
             ["deploy/edge-cache.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"]]},
          {"subject": "Two replicas of api", "wait": 40, "edit": [["deploy/api.yaml", "replicas: 1", "replicas: 2"]]}],
         "DaemonSet edge-cache still reads CACHE_MB from ConfigMap platform, which was cut into platform-http and platform-cache",
         expected=expect("config-missing", [(c("DaemonSet", "edge-cache", "cache", "env[name=CACHE_MB].valueFrom.configMapKeyRef.name"), value("platform-cache"))]))

# 1225 ── generated file renamed, the subPath in the base was forgotten: the mount becomes an empty directory
catalog = dump(workload("Deployment", "catalog",
                        container("catalog", "shop", "acme/catalog:1.4.1", env={"CONFIG_FILE": "/etc/catalog/app.conf"}, volumeMounts=[{"name": "settings", "mountPath": "/etc/catalog/app.conf", "subPath": "app.conf"}]),
                        {"name": "settings-check", "image": "busybox:1.36", "command": ["sh", "-c", "while test -s /settings/app.conf; do sleep 3; done; echo settings are gone >&2; exit 1"],
                         "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}, "volumeMounts": [{"name": "settings", "mountPath": "/settings"}]},
                        pod={"volumes": [{"name": "settings", "configMap": {"name": "catalog-settings"}}]}), service("catalog"))
scenario("generated-file-renamed", "flux",
         {"base/catalog.yaml": catalog, "base/kustomization.yaml": kustomization("catalog.yaml"),
          "overlays/prod/files/app.conf": "CURRENCY=EUR\nPAGE_SIZE=50\n",
          "overlays/prod/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "catalog-settings", "files": ["files/app.conf"]}], images=[{"name": "acme/catalog", "newTag": "1.4.1"}])},
         ["Name the settings file after the service",
          ["overlays/prod/files/app.conf", "CURRENCY", DELETE],
          ["overlays/prod/files/catalog.conf", None, "CURRENCY=EUR\nPAGE_SIZE=60\n"],
          ["overlays/prod/kustomization.yaml", "files/app.conf", "files/catalog.conf"],
          ["base/catalog.yaml", "/etc/catalog/app.conf", "/etc/catalog/catalog.conf"],
          ["base/catalog.yaml", "/settings/app.conf", "/settings/catalog.conf"]],
         "subPath app.conf is no file of the generated ConfigMap any more (catalog.conf now), so a directory is mounted where the configuration should be",
         path="overlays/prod",
         expected=expect("volume-mount config-key-missing crash-on-start",
                         [(c("Deployment", "catalog", "catalog", "volumeMounts[name=settings].subPath"), value("catalog.conf"))],
                         [(c("Deployment", "catalog", "catalog", "volumeMounts[name=settings].subPath"), GONE), (c("Deployment", "catalog", "catalog", "volumeMounts[name=settings].mountPath"), value("/etc/catalog"))]))

# 1226 ── chart values restructured; production's resources stayed where nobody reads them
basket = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: basket
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 90
      selector:
        matchLabels:
          app: basket
      template:
        metadata:
          labels:
            app: basket
        spec:
          containers:
            - name: basket
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              ports:
                - name: http
                  containerPort: 8080
              env:
                {{- range $name, $value := .Values.env }}
                - name: {{ $name }}
                  value: {{ $value | quote }}
                {{- end }}
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
    """) + textwrap.indent(HTTP_PROBES, " " * 10)
scenario("values-regrouped", "argocd",
         {"chart/Chart.yaml": chart("basket"), "chart/templates/deployment.yaml": basket, "chart/templates/service.yaml": SERVICE.replace("NAME", "basket"),
          "chart/values.yaml": "image:\n  repository: acme/checkout\n  tag: 1.4.1\nreplicas: 1\nenv: {}\nresources:\n  requests:\n    cpu: 10m\n    memory: 32Mi\n  limits:\n    memory: 64Mi\n",
          "env/prod.yaml": "# production\nreplicas: 2\nenv:\n  CACHE_MB: 150\nresources:\n  limits:\n    memory: 256Mi\n",
          "env/staging.yaml": "# staging\nreplicas: 1\n"},
         ["Chart 0.4: group the workload's values",
          ["chart/Chart.yaml", "0.3.0", "0.4.0"],
          ["chart/templates/deployment.yaml", ".Values.replicas", ".Values.workload.replicas"],
          ["chart/templates/deployment.yaml", ".Values.env", ".Values.workload.env"],
          ["chart/templates/deployment.yaml", ".Values.resources", ".Values.workload.resources"],
          ["chart/values.yaml", "1.4.1\nreplicas: 1\nenv: {}\nresources:\n  requests:\n    cpu: 10m\n    memory: 32Mi\n  limits:\n    memory: 64Mi\n",
           "1.4.2\nworkload:\n  replicas: 1\n  env: {}\n  resources:\n    requests:\n      cpu: 10m\n      memory: 32Mi\n    limits:\n      memory: 64Mi\n"],
          ["env/prod.yaml", "replicas: 2\nenv:\n  CACHE_MB: 150\n", "workload:\n  replicas: 2\n  env:\n    CACHE_MB: 150\n    LOG_FORMAT: json\n"],
          ["env/staging.yaml", "replicas: 1\n", "workload:\n  replicas: 1\n"]],
         "env/prod.yaml still has resources at the top level, so the chart's default of 64Mi counts: OOM with a cache of 150 MB",
         path="chart", source={"helm": {"valueFiles": ["../env/prod.yaml"]}},
         expected=expect("out-of-memory", [(c("Deployment", "basket", "basket", "resources.limits.memory"), BEFORE)], [(c("Deployment", "basket", "basket", "resources.limits.memory"), at_least("192Mi"))]))

# 1227 ── Secret of a chart renamed, the StatefulSet's template was forgotten (HelmRelease rolls back)
ledger = text("""
    apiVersion: apps/v1
    kind: KIND
    metadata:
      name: {{ .Release.Name }}-PART
    spec:
      replicas: {{ .Values.PART.replicas }}
      EXTRA
      selector:
        matchLabels:
          app: {{ .Release.Name }}-PART
      template:
        metadata:
          labels:
            app: {{ .Release.Name }}-PART
        spec:
          containers:
            - name: PART
              image: "acme/payments:{{ .Values.tag }}"
              ports:
                - name: http
                  containerPort: 8080
              env:
                - name: REQUIRED_ENV
                  value: DATABASE_URL
                - name: DATABASE_URL
                  valueFrom:
                    secretKeyRef:
                      name: {{ .Release.Name }}-secret
                      key: database-url
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 96Mi}
    """) + textwrap.indent(HTTP_PROBES, " " * 10)
def part(kind, name, extra):
    return ledger.replace("KIND", kind).replace("PART", name).replace("EXTRA", extra)
scenario("chart-secret-renamed", "flux",
         {"chart/Chart.yaml": chart("ledger"), "chart/values.yaml": "tag: 1.4.1\napi:\n  replicas: 1\ningest:\n  replicas: 1\ndatabase:\n  url: postgres://ledger@10.20.0.5/ledger\n",
          "chart/templates/secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {{ .Release.Name }}-secret\nstringData:\n  database-url: {{ .Values.database.url | quote }}\n",
          "chart/templates/api.yaml": part("Deployment", "api", "progressDeadlineSeconds: 80"),
          "chart/templates/ingest.yaml": part("StatefulSet", "ingest", "serviceName: {{ .Release.Name }}-ingest\n  podManagementPolicy: Parallel"),
          "chart/templates/service.yaml": SERVICE.replace("NAME", "{{ .Release.Name }}-ingest"),
          "releases/ledger.yaml": release("ledger", "tag: 1.4.1\napi:\n  replicas: 2\n")},
         ["Naming convention for secrets, payments 1.4.2",
          ["chart/Chart.yaml", "0.3.0", "0.3.1"],
          ["chart/templates/secret.yaml", "Name }}-secret", "Name }}-credentials"],
          ["chart/templates/api.yaml", "Name }}-secret", "Name }}-credentials"],
          ["releases/ledger.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
         "the StatefulSet's template still refers to Secret ledger-secret, which is now ledger-credentials",
         path="releases",
         expected=expect("secret-missing", [(c("StatefulSet", "ledger-ingest", "ingest", "env[name=DATABASE_URL].valueFrom.secretKeyRef.name"), value("ledger-credentials"))]))

# 1228 ── label normalised with includeSelectors: immutable selectors
store = {"base/web.yaml": dump(workload("Deployment", "web", container("web", "shop", "acme/catalog:1.4.1")), service("web")),
         "base/api.yaml": dump(workload("Deployment", "api", container("api", "shop", "acme/checkout:1.4.1")), service("api")),
         "base/kustomization.yaml": kustomization("web.yaml", "api.yaml")}
team = [(f"Deployment/{n} spec.selector.matchLabels.team", GONE) for n in ("web", "api")] + [(f"Service/{n} spec.selector.team", GONE) for n in ("web", "api")]
scenario("owner-label-everywhere", "argocd",
         {**store, "overlays/prod/replicas.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 2\n",
          "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "replicas.yaml"}], images=[{"name": "acme/catalog", "newTag": "1.4.1"}, {"name": "acme/checkout", "newTag": "1.4.1"}])},
         ["Owner labels for the cost report, catalog 1.4.2",
          ["overlays/prod/kustomization.yaml", "patches:\n", "labels:\n  - pairs:\n      team: storefront\n    includeSelectors: true\npatches:\n"],
          ["overlays/prod/kustomization.yaml", "name: acme/catalog\n    newTag: 1.4.1", "name: acme/catalog\n    newTag: 1.4.2"],
          ["overlays/prod/replicas.yaml", "replicas: 2", "replicas: 3"]],
         "includeSelectors: true puts the new label into the immutable selectors of the Deployments (and into those of the Services)",
         path="overlays/prod",
         expected=expect("invalid-manifest", team, team + [(f"Deployment/{n} spec.template.metadata.labels.team", GONE) for n in ("web", "api")]))

# 1229 ── port names unified; the startup probe still asks for the old name (probe errors, no restart)
queue = workload("StatefulSet", "queue", container("queue", "shop", "acme/worker:1.4.1", env={"START_SECONDS": "3"}, startupProbe={"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 3, "failureThreshold": 15}), spec={"podManagementPolicy": "Parallel"})
queue = dump(queue, service("queue")).replace("port: http", "port: web").replace("targetPort: http", "targetPort: web").replace("- name: http\n          containerPort", "- name: web\n          containerPort")
gate = dump(workload("Deployment", "gate", container("gate", "shop", "acme/checkout:1.4.1")), service("gate")).replace("port: http", "port: web").replace("targetPort: http", "targetPort: web").replace("- name: http\n          containerPort", "- name: web\n          containerPort")
moves = [["- name: web\n          containerPort", "- name: http\n          containerPort"], ["targetPort: web", "targetPort: http"],
         ["            port: web\n          initialDelaySeconds: 8", "            port: http\n          initialDelaySeconds: 8"],
         ["            port: web\n          periodSeconds: 5", "            port: http\n          periodSeconds: 5"]]
scenario("port-names-unified", "flux", {"deploy/queue.yaml": queue, "deploy/gate.yaml": gate},
         ["Call the port http everywhere, as the mesh wants", *[[f"deploy/{f}.yaml", old, new] for f in ("queue", "gate") for old, new in moves]],
         "the startup probe of StatefulSet queue names port web, which is now http",
         expected=expect("startup-probe", *[[(c("StatefulSet", "queue", "queue", "startupProbe.httpGet.port"), value(v))] for v in ("http", 8080)]))

# 1230 ── two Services merged; one client still builds its URL from the old Service's variables
def client(name, host="STOCK_ADMIN_SERVICE_HOST", port="STOCK_ADMIN_SERVICE_PORT"):
    return dump(workload("Deployment", name, {"name": "loop", "image": "busybox:1.36", "command": ["sh", "-c", f"echo {name} uses $ADMIN_URL\nwhile wget -q -O /dev/null $ADMIN_URL/healthz; do sleep 4; done\necho cannot reach $ADMIN_URL >&2\nexit 1\n"],
                                              "env": [{"name": "ADMIN_URL", "value": f"http://$({host}):$({port})"}], "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}}, spec={"minReadySeconds": 15}))
admin = container("admin", "shop", "acme/catalog:1.4.1", port=8081, env={"PORT": "8081"}, live={"httpGet": {"path": "/healthz", "port": "admin"}, "initialDelaySeconds": 8}, ready={"httpGet": {"path": "/readyz", "port": "admin"}, "periodSeconds": 5})
admin["ports"][0]["name"] = "admin"
stock_services = dump(service("stock"), service("stock-admin", target="admin", selector={"app": "stock"}))
merged = service("stock"); merged["spec"]["ports"].append({"name": "admin", "port": 8081, "targetPort": "admin"})
scenario("services-merged", "argocd",
         {"deploy/stock.yaml": dump(workload("Deployment", "stock", container("stock", "shop", "acme/catalog:1.4.1"), admin)), "deploy/services.yaml": stock_services,
          "deploy/price-sync.yaml": client("price-sync"), "deploy/audit.yaml": client("audit")},
         ["One Service for stock; busybox 1.37",
          ["deploy/services.yaml", stock_services, dump(merged)],
          ["deploy/audit.yaml", "http://$(STOCK_ADMIN_SERVICE_HOST):$(STOCK_ADMIN_SERVICE_PORT)", "http://$(STOCK_SERVICE_HOST):$(STOCK_SERVICE_PORT_ADMIN)"],
          ["deploy/audit.yaml", "busybox:1.36", "busybox:1.37"], ["deploy/price-sync.yaml", "busybox:1.36", "busybox:1.37"]],
         "price-sync builds ADMIN_URL from the variables of Service stock-admin, which was merged into stock (port admin)",
         expected=expect("dependency-address crash-on-start", *[[(c("Deployment", "price-sync", "loop", "env[name=ADMIN_URL].value"), value(f"http://$(STOCK_SERVICE_HOST):{p}"))] for p in ("$(STOCK_SERVICE_PORT_ADMIN)", "8081")]))

# 1231 ── hardening component drops all capabilities, also of the DaemonSet that listens on port 80; a commit on top
hardening = text("""
    apiVersion: kustomize.config.k8s.io/v1alpha1
    kind: Component
    patches:
      - target:
          kind: Deployment|DaemonSet
        patch: |-
          - op: add
            path: /spec/template/spec/containers/0/securityContext
            value:
              allowPrivilegeEscalation: false
              capabilities:
                drop: [ALL]
    """)
edge80 = "spec.template.spec.containers[name=edge]."
scenario("hardening-component", "flux",
         {"base/edge.yaml": dump(workload("DaemonSet", "edge", container("edge", "shop", "acme/catalog:1.4.1", port=80, env={"PORT": "80"})), service("edge")),
          "base/api.yaml": dump(workload("Deployment", "api", container("api", "shop", "acme/checkout:1.4.1")), service("api")),
          "base/kustomization.yaml": kustomization("edge.yaml", "api.yaml"),
          "clusters/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.1"}], replicas=[{"name": "api", "count": 2}])},
         [{"subject": "Security baseline as a component", "edit": [
             ["components/hardening/kustomization.yaml", None, hardening],
             ["clusters/prod/kustomization.yaml", "images:\n", "components:\n  - ../../components/hardening\nimages:\n"],
             ["clusters/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]]},
          {"subject": "api: three replicas for the sale", "wait": 50, "edit": [["clusters/prod/kustomization.yaml", "count: 2", "count: 3"]]}],
         "without NET_BIND_SERVICE the DaemonSet edge cannot listen on port 80",
         path="clusters/prod",
         expected=expect("crash-on-start pod-security", [(f"DaemonSet/edge {edge80}securityContext.capabilities.add", value(["NET_BIND_SERVICE"]))],
                         [(f"DaemonSet/edge {edge80}securityContext.capabilities", GONE)],
                         [(f"DaemonSet/edge {edge80}env[name=PORT].value", value("8080")), (f"DaemonSet/edge {edge80}ports[name=http].containerPort", value(8080))]))

# 1232 ── values moved below global; the CronJob's template reads the old place
front = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: storefront
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 90
      selector:
        matchLabels: {app: storefront}
      template:
        metadata:
          labels: {app: storefront}
        spec:
          containers:
            - name: web
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              ports:
                - name: http
                  containerPort: 8080
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 96Mi}
    """) + textwrap.indent(HTTP_PROBES, " " * 10)
cleanup = text("""
    apiVersion: batch/v1
    kind: CronJob
    metadata:
      name: storefront-cleanup
    spec:
      schedule: {{ .Values.cleanup.schedule | quote }}
      concurrencyPolicy: Forbid
      jobTemplate:
        spec:
          backoffLimit: 1
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: cleanup
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  args: [migrate]
                  env:
                    - name: DATABASE_URL
                      value: {{ .Values.cleanup.database }}
    """)
scenario("values-below-global", "argocd",
         {"chart/Chart.yaml": chart("storefront", "1.8.0"), "chart/templates/web.yaml": front, "chart/templates/cleanup.yaml": cleanup, "chart/templates/service.yaml": SERVICE.replace("NAME", "storefront"),
          "chart/values.yaml": "image:\n  repository: acme/checkout\n  tag: 1.4.1\nreplicas: 1\ncleanup:\n  schedule: \"20 3 * * *\"\n  database: postgres://storefront@10.20.0.5/storefront\n"},
         ["Prepare the chart to be a subchart",
          ["chart/Chart.yaml", "1.8.0", "1.9.0"],
          ["chart/values.yaml", "image:\n  repository: acme/checkout\n  tag: 1.4.1\nreplicas: 1\n", "global:\n  image:\n    repository: acme/checkout\n    tag: 1.4.1\nreplicas: 2\n"],
          ["chart/templates/web.yaml", ".Values.image.", ".Values.global.image."], ["chart/templates/web.yaml", "periodSeconds: 3", "periodSeconds: 5"]],
         "the template of the CronJob still reads .Values.image, which moved to .Values.global.image",
         path="chart",
         expected=expect("render-failed helm-failed", [], keep=[("Deployment/storefront spec.replicas", value(2)), (c("Deployment", "storefront", "web", "readinessProbe.periodSeconds"), value(5))]))

# 1233 ── requests tuned down; for one workload the LimitRange's maximal ratio of limit to request is exceeded
def sized(name, request):
    return text(f"""
        apiVersion: apps/v1
        kind: {'StatefulSet' if name == 'indexer' else 'Deployment'}
        metadata:
          name: {name}
        spec:
          template:
            spec:
              containers:
                - name: {name}
                  resources:
                    requests:
                      memory: {request}
                    limits:
                      memory: 256Mi
        """)
scenario("requests-right-sized", "flux",
         {"base/search.yaml": dump(workload("StatefulSet", "indexer", container("indexer", "shop", "acme/worker:1.4.1", env={"CACHE_MB": "130"})), service("indexer"),
                                   workload("Deployment", "search", container("search", "shop", "acme/catalog:1.4.1")), service("search")),
          "base/kustomization.yaml": kustomization("search.yaml"),
          "overlays/prod/indexer-resources.yaml": sized("indexer", "96Mi"), "overlays/prod/search-resources.yaml": sized("search", "128Mi"),
          "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "indexer-resources.yaml"}, {"path": "search-resources.yaml"}])},
         ["Requests by last month's usage",
          ["overlays/prod/indexer-resources.yaml", "memory: 96Mi", "memory: 48Mi"], ["overlays/prod/search-resources.yaml", "memory: 128Mi", "memory: 64Mi"]],
         "the namespace's LimitRange allows a memory limit of at most four times the request: 256Mi to 48Mi is more",
         path="overlays/prod",
         given="apiVersion: v1\nkind: LimitRange\nmetadata:\n  name: overcommit\nspec:\n  limits:\n    - type: Container\n      maxLimitRequestRatio:\n        memory: \"4\"\n",
         expected=expect("limit-range", [(c("StatefulSet", "indexer", "indexer", "resources.requests.memory"), BEFORE)], [(c("StatefulSet", "indexer", "indexer", "resources.requests.memory"), at_least("64Mi"))]))

# 1234 ── cron times moved to local time; one time zone mistyped
def nightly(name, schedule):
    return dump(workload("CronJob", name, container(name, "shop", "acme/worker:1.4.1", probes=False, args=["migrate"], env={"DATABASE_URL": f"postgres://{name}@10.20.0.5/shop"}), spec={"schedule": schedule}))
times = {"invoices": ("0 2 * * *", "15 3 * * *", "Europe/Berlin"), "stock-count": ("30 2 * * *", "45 3 * * *", "Europe/Berlin"), "statements": ("0 3 1 * *", "15 4 1 * *", "Europe/Berln"), "sitemap": ("0 4 * * 0", "0 5 * * 0", "Europe/Berlin")}
scenario("cron-local-time", "argocd",
         {**{f"deploy/{n}.yaml": nightly(n, t[0]) for n, t in times.items()}, **one("back-office", workload("Deployment", "back-office", container("web", "shop")), service("back-office"))},
         ["Nightly jobs in local time, after the backup",
          *[[f"deploy/{n}.yaml", f"schedule: {old}\n", f"schedule: {new}\n  timeZone: {zone}\n"] for n, (old, new, zone) in times.items()],
          ["deploy/back-office.yaml", "checkout:1.4.1", "checkout:1.4.2"]],
         "timeZone Europe/Berln of CronJob statements does not exist",
         expected=expect("cron-invalid invalid-manifest", [("CronJob/statements spec.timeZone", value("Europe/Berlin"))]))

# 1235 ── registry of the chart in one place; the hook Job's image in the HelmRelease still carries a registry of its own
till = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 80
      selector:
        matchLabels: {app: "{{ .Release.Name }}"}
      template:
        metadata:
          labels: {app: "{{ .Release.Name }}"}
        spec:
          containers:
            - name: till
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              ports:
                - name: http
                  containerPort: 8080
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 96Mi}
    """) + textwrap.indent(HTTP_PROBES, " " * 10)
hook = text("""
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
        spec:
          restartPolicy: Never
          containers:
            - name: migrate
              image: {{ .Values.migrate.image | quote }}
              args: [migrate]
              env:
                - name: DATABASE_URL
                  value: {{ .Values.migrate.database | quote }}
    """)
scenario("mirror-in-one-place", "flux",
         {"chart/Chart.yaml": chart("till", "2.1.0"), "chart/templates/deployment.yaml": till, "chart/templates/migrate.yaml": hook, "chart/templates/service.yaml": SERVICE.replace("NAME", "{{ .Release.Name }}"),
          "chart/values.yaml": "replicas: 1\nimage:\n  repository: registry.example/acme/payments\n  tag: 1.4.1\nmigrate:\n  image: registry.example/acme/worker:1.4.0\n  database: postgres://till@10.20.0.5/till\n",
          "releases/till.yaml": release("till", "image:\n  repository: registry.example/acme/payments\n  tag: 1.4.1\nmigrate:\n  image: registry.example/acme/worker:1.4.1\n")},
         ["Pull through the mirror, registry in one place",
          ["chart/Chart.yaml", "2.1.0", "2.2.0"],
          ["chart/values.yaml", "replicas: 1\n", "registry: mirror.example\nreplicas: 1\n"], ["chart/values.yaml", "registry.example/", ""],
          ["chart/templates/deployment.yaml", "{{ .Values.image.repository }}", "{{ .Values.registry }}/{{ .Values.image.repository }}"],
          ["chart/templates/migrate.yaml", "{{ .Values.migrate.image | quote }}", "\"{{ .Values.registry }}/{{ .Values.migrate.image }}\""],
          ["releases/till.yaml", "repository: registry.example/acme", "repository: acme"], ["releases/till.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
         "the HelmRelease's migrate.image still begins with registry.example, and the chart now puts the mirror before it",
         path="releases",
         expected=expect("image-not-found helm-failed", [("Job/till-migrate spec.template.spec.containers[name=migrate].image", value("mirror.example/acme/worker:1.4.1"))],
                         [("Job/till-migrate spec.template.spec.containers[name=migrate].image", BEFORE)]))

# 1236 ── HUMAN: one Deployment split in three, the namespace's quota allows three pods
scenario("monolith-split", "flux",
         {**one("store", workload("Deployment", "store", container("store", "shop"), replicas=2), service("store")), **one("settings", configmap("store-settings", MODE="all"))},
         ["Admin and worker out of the store", 
          ["deploy/store-admin.yaml", None, dump(workload("Deployment", "store-admin", container("admin", "shop")), service("store-admin"))],
          ["deploy/store-worker.yaml", None, dump(workload("Deployment", "store-worker", container("worker", "shop", "acme/worker:1.4.1")))],
          ["deploy/settings.yaml", "MODE: all", "MODE: split"]],
         "ResourceQuota team allows 3 pods, the split needs 4: a human decides", HUMAN,
         given="apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: team\nspec:\n  hard:\n    pods: \"3\"\n", expected=expect("quota"))

# 1237 ── HUMAN: the new release wants a key that the Secret made by hand does not hold
mailer = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: notify
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 75
      selector:
        matchLabels: {app: notify}
      template:
        metadata:
          labels: {app: notify}
        spec:
          containers:
            - name: notify
              image: "acme/worker:{{ .Values.tag }}"
              ports:
                - name: http
                  containerPort: 8080
              env:
                - name: REQUIRED_ENV
                  value: {{ keys .Values.secrets.variables | sortAlpha | join "," }}
                {{- range $name, $key := .Values.secrets.variables }}
                - name: {{ $name }}
                  valueFrom:
                    secretKeyRef:
                      name: {{ $.Values.secrets.name }}
                      key: {{ $key }}
                {{- end }}
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 96Mi}
    """) + textwrap.indent(HTTP_PROBES, " " * 10)
scenario("signed-webhooks", "argocd",
         {"chart/Chart.yaml": chart("notify"), "chart/templates/deployment.yaml": mailer, "chart/templates/service.yaml": SERVICE.replace("NAME", "notify"),
          "chart/values.yaml": "replicas: 1\ntag: 1.4.1\nsecrets:\n  name: notify\n  variables: {}\n",
          "env/prod.yaml": "replicas: 2\nsecrets:\n  name: notify-credentials\n  variables:\n    SMTP_PASSWORD: smtp-password\n"},
         ["Worker 1.4.2 signs its webhooks",
          ["chart/values.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["chart/Chart.yaml", "0.3.0", "0.4.0"],
          ["env/prod.yaml", "    SMTP_PASSWORD: smtp-password\n", "    SMTP_PASSWORD: smtp-password\n    WEBHOOK_SIGNING_KEY: webhook-signing-key\n"]],
         "Secret notify-credentials (made by hand) has no key webhook-signing-key: a human must add it", HUMAN,
         path="chart", source={"helm": {"valueFiles": ["../env/prod.yaml"]}},
         given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: notify-credentials\nstringData:\n  smtp-password: only-for-tests\n", expected=expect("secret-missing"))

# 1238 ── NONE: the base moves, the ConfigMap's name changes, the new pods start slowly but well
offers = dump(workload("Deployment", "offers", container("offers", "shop", "acme/catalog:1.4.1", env={"START_SECONDS": "5"}, envFrom=[{"configMapRef": {"name": "offers-settings"}}],
                                                         startupProbe={"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 3, "failureThreshold": 25})), service("offers"))
settings = [{"name": "offers-settings", "literals": ["PAGE_SIZE=50", "LOG_LEVEL=info"]}]
scenario("base-moved", "argocd",
         {"base/offers.yaml": offers, "base/kustomization.yaml": kustomization("offers.yaml"),
          "overlays/prod/kustomization.yaml": kustomization("../../base", configMapGenerator=settings, images=[{"name": "acme/catalog", "newTag": "1.4.1"}])},
         ["One base per service, catalog 1.4.2",
          ["base/offers.yaml", "kind", DELETE], ["base/kustomization.yaml", "kind", DELETE],
          ["bases/offers/workload.yaml", None, offers.replace("offers-settings", "offers-env").replace("value: '5'", "value: '35'")],
          ["bases/offers/kustomization.yaml", None, kustomization("workload.yaml")],
          ["overlays/prod/kustomization.yaml", "../../base", "../../bases/offers"],
          ["overlays/prod/kustomization.yaml", "offers-settings", "offers-env"], ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
         "nothing: everything followed the move, the new pod only takes 35 seconds to start", NONE, path="overlays/prod", expected=expect("healthy recovering"))

# 1239 ── NONE: a mistyped readiness path, put right by the team a minute later
probe = dump(workload("Deployment", "returns", container("returns", "shop"), deadline=60), service("returns"))
labels = dump(workload("DaemonSet", "labels", container("labels", "shop", "acme/worker:1.4.1")))
scenario("corrected-by-the-team", "flux", {"deploy/returns.yaml": probe, "deploy/labels.yaml": labels},
         [{"subject": "Standard probe timings", "edit": [["deploy/returns.yaml", "path: /readyz\n            port: http\n          periodSeconds: 5", "path: /ready\n            port: http\n          periodSeconds: 4"],
                                                        ["deploy/labels.yaml", "periodSeconds: 5", "periodSeconds: 4"]]},
          {"subject": "returns: readiness path", "wait": 75, "edit": [["deploy/returns.yaml", "path: /ready\n", "path: /readyz\n"]]}],
         "nothing any more: the mistyped readiness path was corrected by the next commit", NONE, expected=expect("healthy recovering"))
