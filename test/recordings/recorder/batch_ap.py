"""Batch AP, written by somebody who knew neither the playbook nor the batches before: shop-1428 to shop-1443, repositories of several files where the place to edit is not obvious. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1428)

LIMITS = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "96Mi"}}


def shop(name, image, **more):
    return container(name, "shop", image=image, **more)


def component(**more):
    return dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", **more}, indented=True)


def busy(name, script, image="busybox:1.36", **more):
    return {"name": name, "image": image, "command": ["sh", "-c", Text(script) if "\n" in script else script], "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}, **more}


# A library-like service chart with helpers; an umbrella may hold it as a subchart under several aliases.
HELPERS = """
{{- define "service.name" -}}
{{- default .Chart.Name .Values.name -}}
{{- end -}}
{{- define "service.image" -}}
{{- $global := .Values.global | default dict -}}
{{- $shared := $global.image | default dict -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default $shared.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- define "service.selector" -}}
app.kubernetes.io/name: {{ include "service.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}
"""
DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "service.name" . }}
  labels: {{- include "service.selector" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  progressDeadlineSeconds: 80
  selector:
    matchLabels: {{- include "service.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "service.selector" . | nindent 8 }}
        {{- with .Values.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      containers:
        - name: app
          image: {{ include "service.image" . }}
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
          resources: {{- toYaml .Values.resources | nindent 12 }}
          readinessProbe:
            httpGet: {path: {{ .Values.probes.readiness }}, port: http}
            periodSeconds: 4
          {{- with .Values.probes.startup }}
          startupProbe: {{- toYaml . | nindent 12 }}
          {{- end }}
          livenessProbe:
            httpGet: {path: {{ .Values.probes.liveness }}, port: http}
            periodSeconds: 8
"""
SERVICE = """
apiVersion: v1
kind: Service
metadata:
  name: {{ include "service.name" . }}
spec:
  selector:
    {{- include "service.selector" . | nindent 4 }}
    {{- with .Values.service.selector }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  ports:
    - {name: http, port: {{ .Values.service.port }}, targetPort: http}
"""
VALUES = """
image:
  repository: acme/catalog
  tag: ""
replicas: 1
port: 8080
env: {}
podLabels: {}
service:
  port: 80
  selector: {}
probes:
  readiness: /readyz
  liveness: /healthz
  startup: null
resources:
  requests: {cpu: 10m, memory: 24Mi}
  limits: {memory: 96Mi}
"""


def chart(folder, app="1.4.1", values=VALUES, deployment=DEPLOYMENT):
    return {f"{folder}/Chart.yaml": f'apiVersion: v2\nname: service\ndescription: One HTTP service of the shop\nversion: 0.6.0\nappVersion: "{app}"\n',
            f"{folder}/values.yaml": values.lstrip("\n"), f"{folder}/templates/_helpers.tpl": HELPERS.lstrip("\n"),
            f"{folder}/templates/deployment.yaml": deployment.lstrip("\n"), f"{folder}/templates/service.yaml": SERVICE.lstrip("\n")}


def umbrella(folder, *aliases, app="1.4.1"):
    dependencies = "".join(f'  - name: service\n    alias: {a}\n    version: 0.6.0\n    repository: ""\n' for a in aliases)
    return {f"{folder}/Chart.yaml": f"apiVersion: v2\nname: platform\nversion: 1.12.0\ndependencies:\n{dependencies}", **chart(f"{folder}/charts/service", app)}


def release(name, path, values="", more=""):
    return text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 30s
          timeout: 75s
          releaseName: {name}
          chart:
            spec:
              chart: {path}
              reconcileStrategy: Revision
              sourceRef: {{kind: GitRepository, name: "@NAME@", namespace: flux-system}}
          install:
            remediation: {{retries: 1}}
          upgrade:
            remediation: {{retries: 1, strategy: rollback}}
        """) + (textwrap.indent(text(more), "  ") if more else "") + ("  values:\n" + textwrap.indent(text(values), "    ") if values else "")


# 1428: never worked; the component's sidecar listens on the port of the main container
scenario("component-port-taken", "argocd", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(workload("Deployment", "checkout", shop("checkout", "acme/checkout"), deadline=80)),
    "base/service.yaml": dump(service("checkout")),
    "components/metrics/kustomization.yaml": component(patches=[{"path": "sidecar.yaml", "target": {"kind": "Deployment"}}]),
    "components/metrics/sidecar.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: any
        spec:
          template:
            metadata:
              annotations:
                prometheus.io/scrape: "true"
                prometheus.io/port: "9102"
            spec:
              containers:
                - name: exporter
                  image: acme/worker:1.4.1
                  env:
                    - name: START_SECONDS
                      value: "6"   # the numbers are there only after the service
                    - name: PORT
                      value: "8080"
                  ports:
                    - name: metrics
                      containerPort: 9102
                  resources:
                    requests: {cpu: 5m, memory: 16Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /healthz, port: metrics}
                    periodSeconds: 5
        """),
    "components/spread/kustomization.yaml": component(patches=[{"target": {"kind": "Deployment"}, "patch": Text("- op: add\n  path: /spec/template/spec/topologySpreadConstraints\n  value:\n    - {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: checkout}}}\n")}]),
    "overlays/stage/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/checkout", "newTag": "1.4.2"}]),
    "overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../components/spread", "../../components/metrics"], images=[{"name": "acme/checkout", "newTag": "1.4.1"}], replicas=[{"name": "checkout", "count": 2}]),
}, [], "the sidecar of components/metrics is told to listen on 8080, where the service of the same pod listens; its declared and scraped port is 9102",
    expected=expect("port-conflict", [(c("Deployment", "checkout", "exporter", "env[name=PORT].value"), value("9102"))]), path="overlays/prod", never_worked=True)

# 1429: base drops an env item; the overlay's JSON patch addresses by index and now hits PORT
scenario("index-moves-on", "flux", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog:1.4.1", env={"LOG_FORMAT": "text", "LEGACY_SEARCH": "off", "CACHE_MB": "8", "PORT": "8080"}), deadline=75)),
    "base/service.yaml": dump(service("catalog")),
    "overlays/stage/kustomization.yaml": kustomization("../../base", replicas=[{"name": "catalog", "count": 1}]),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "cache.yaml", "target": {"kind": "Deployment", "name": "catalog"}}], replicas=[{"name": "catalog", "count": 2}]),
    "overlays/prod/cache.yaml": "# prod has the whole assortment\n- op: replace\n  path: /spec/template/spec/containers/0/env/2/value\n  value: \"40\"\n",
}, ["Remove the old search switch", ["base/deployment.yaml", "        - name: LEGACY_SEARCH\n          value: 'off'\n", ""], ["base/deployment.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"]],
    "without LEGACY_SEARCH the overlay's JSON patch of env/2 writes the cache size into PORT: the service listens on 40",
    expected=expect("readiness readiness-probe liveness liveness-probe probe crash-on-start", [(c("Deployment", "catalog", "catalog", "env[name=PORT].value"), BEFORE), (c("Deployment", "catalog", "catalog", "env[name=CACHE_MB].value"), BEFORE)]), path="overlays/prod")

# 1430: umbrella chart by a HelmRelease, values from two generated ConfigMaps; cache above the subchart's limit
scenario("umbrella-cache", "flux", {
    **umbrella("charts/platform", "web", "search"),
    "charts/platform/values.yaml": "web:\n  name: web\n  image:\n    repository: acme/checkout\nsearch:\n  name: search\n  image:\n    repository: acme/catalog\n",
    "releases/prod/kustomization.yaml": kustomization("release.yaml", configMapGenerator=[{"name": "platform-common", "files": ["values.yaml=common.yaml"]}, {"name": "platform-prod", "files": ["values.yaml=prod.yaml"]}], generatorOptions={"disableNameSuffixHash": True}),
    "releases/prod/release.yaml": release("platform", "./charts/platform", more="valuesFrom:\n  - {kind: ConfigMap, name: platform-common}\n  - {kind: ConfigMap, name: platform-prod}\n"),
    "releases/prod/common.yaml": "global:\n  image:\n    tag: 1.4.1\nsearch:\n  env:\n    CACHE_MB: \"24\"\n",
    "releases/prod/prod.yaml": "web:\n  replicas: 2\nsearch:\n  replicas: 1\n  env:\n    CACHE_MB: \"48\"\n",
}, ["Search: keep the whole index warm in prod", ["releases/prod/prod.yaml", 'CACHE_MB: "48"', 'CACHE_MB: "160"'], ["releases/prod/prod.yaml", "web:\n  replicas: 2", "web:\n  replicas: 3"]],
    "CACHE_MB 160 in the prod values of search does not fit the subchart's default limit of 96Mi: OOMKilled, rolled back",
    expected=expect("out-of-memory", *[[fix, *text_of] for fix in ((c("Deployment", "search", "app", "resources.limits.memory"), at_least("192Mi")), (c("Deployment", "search", "app", "env[name=CACHE_MB].value"), BEFORE))
      for text_of in ([], [('ConfigMap/platform-prod data["values.yaml"]', ANY)], [('ConfigMap/platform-common data["values.yaml"]', ANY)])]), path="releases/prod")

# 1431: tag moved to `globals`, which no chart reads: the subchart's appVersion is taken
scenario("global-misspelt", "argocd", {
    **umbrella("charts/platform", "api", "jobs", app="1.3.7"),
    "charts/platform/values.yaml": "api:\n  name: api\n  image:\n    repository: acme/payments\njobs:\n  name: jobs\n  image:\n    repository: acme/worker\n",
    "env/common.yaml": "api:\n  env:\n    CACHE_MB: \"8\"\njobs:\n  env:\n    CACHE_MB: \"4\"\n",
    "env/stage.yaml": "global:\n  image:\n    tag: 1.4.2\n",
    "env/prod.yaml": "api:\n  replicas: 2\n  image:\n    tag: 1.4.1\njobs:\n  image:\n    tag: 1.4.1\n",
}, ["One tag for the whole platform, as in stage", ["env/prod.yaml", "api:\n  replicas: 2\n  image:\n    tag: 1.4.1\njobs:\n  image:\n    tag: 1.4.1\n", "globals:\n  image:\n    tag: 1.4.2\napi:\n  replicas: 2\n"],
    ["env/common.yaml", 'CACHE_MB: "8"', 'CACHE_MB: "12"']],
    "prod.yaml says globals instead of global: both subcharts fall back to appVersion 1.3.7, which was never pushed",
    expected=expect("image-not-found", *[[(c("Deployment", n, "app", "image"), to(r)) for n, r in (("api", "payments"), ("jobs", "worker"))] for to in (lambda r: value(f"acme/{r}:1.4.2"), lambda r: BEFORE)]),
    path="charts/platform", source={"helm": {"releaseName": "platform", "valueFiles": ["../../env/common.yaml", "../../env/prod.yaml"]}})

# 1432: Flux with three Kustomizations; infra renames the ConfigMap that both apps read
def child(part, **more):
    return dump({"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": {"name": f"@NAME@-{part}", "namespace": "flux-system"},
                 "spec": {"interval": "30s", "retryInterval": "20s", "timeout": "60s", "path": f"./{part}/prod", "prune": True, "wait": True, "targetNamespace": "@NAME@", "sourceRef": {"kind": "GitRepository", "name": "@NAME@"}, **more}})


def reads(key):
    return {"STOCK_URL": {"configMapKeyRef": {"name": "shared-endpoints", "key": key}}, "REQUIRED_ENV": "STOCK_URL"}


scenario("infra-renames", "flux", {
    "clusters/prod/infra.yaml": child("infra"), "clusters/prod/apps.yaml": child("apps", dependsOn=[{"name": "@NAME@-infra"}]),
    "infra/prod/kustomization.yaml": kustomization("endpoints.yaml", "quota.yaml"),
    "infra/prod/endpoints.yaml": dump(configmap("shared-endpoints", STOCK_URL="http://10.20.0.7:8080", PRICE_URL="http://10.20.0.8:8080")),
    "infra/prod/quota.yaml": dump({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "pods"}, "spec": {"hard": {"pods": "20"}}}),
    "apps/base/kustomization.yaml": kustomization("orders.yaml", "returns.yaml"),
    "apps/base/orders.yaml": dump(workload("Deployment", "orders", shop("orders", "acme/checkout", env=reads("STOCK_URL")), deadline=75), service("orders")),
    "apps/base/returns.yaml": dump(workload("Deployment", "returns", shop("returns", "acme/worker", env=reads("STOCK_URL")), deadline=75)),
    "apps/prod/kustomization.yaml": kustomization("../base", images=[{"name": "acme/checkout", "newTag": "1.4.1"}, {"name": "acme/worker", "newTag": "1.4.1"}]),
}, ["Release 1.4.2 and house rules for names", ["apps/prod/kustomization.yaml", "1.4.1", "1.4.2"], ["infra/prod/endpoints.yaml", "name: shared-endpoints", "name: platform-endpoints"], ["infra/prod/quota.yaml", "name: pods", "name: platform-pods"]],
    "infra's ConfigMap is now platform-endpoints; both apps, in another Kustomization, still read shared-endpoints",
    expected=expect("config-missing", [(c("Deployment", n, n, "env[name=STOCK_URL].valueFrom.configMapKeyRef.name"), value("platform-endpoints")) for n in ("orders", "returns")],
                    [("ConfigMap/shared-endpoints data", BEFORE), ("ConfigMap/platform-endpoints", GONE)], [("ConfigMap/shared-endpoints data", BEFORE)]), path="clusters/prod", spec={"targetNamespace": None, "timeout": "120s"})

# 1433: ServiceAccount renamed in another folder; the DaemonSet keeps the old name
RBAC = dump({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "agent"}},
            {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "agent"}, "rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list"]}]},
            {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "agent"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "agent"}, "subjects": [{"kind": "ServiceAccount", "name": "agent", "namespace": "@NAME@"}]})
scenario("account-renamed", "argocd", {
    "deploy/access/agent.yaml": RBAC,
    "deploy/workloads/agent.yaml": dump(workload("DaemonSet", "agent", shop("agent", "acme/worker:1.4.0", env={"CACHE_MB": "6"}), pod={"serviceAccountName": "agent"})),
    "deploy/workloads/console.yaml": dump(workload("Deployment", "console", shop("console", "acme/catalog:1.4.1")), service("console")),
    "deploy/settings/agent.yaml": dump(configmap("agent-targets", targets__txt="10.20.0.4\n10.20.0.5\n")),
}, ["Agent 1.4.1 under an account of its own name", ["deploy/access/agent.yaml", "kind: ServiceAccount\nmetadata:\n  name: agent", "kind: ServiceAccount\nmetadata:\n  name: node-agent"],
    ["deploy/access/agent.yaml", "- kind: ServiceAccount\n  name: agent", "- kind: ServiceAccount\n  name: node-agent"], ["deploy/workloads/agent.yaml", "acme/worker:1.4.0", "acme/worker:1.4.1"]],
    "the ServiceAccount is called node-agent now, the DaemonSet still runs as agent: no pod can be created",
    expected=expect("service-account-missing", [("DaemonSet/agent spec.template.spec.serviceAccountName", value("node-agent"))],
                    [("ServiceAccount/agent", BEFORE), ("ServiceAccount/node-agent", GONE), ("RoleBinding/agent subjects[name=node-agent]", GONE), ("RoleBinding/agent subjects[name=agent]", BEFORE)]),
    source={"directory": {"recurse": True}})

# 1434: never worked; a policy component brings a quota on limits.memory, the StatefulSet of the base has none
scenario("quota-wants-limits", "flux", {
    "base/kustomization.yaml": kustomization("ledger.yaml", "web.yaml"),
    "base/ledger.yaml": dump({**service("ledger"), "spec": {"clusterIP": "None", "selector": {"app": "ledger"}, "ports": [{"name": "http", "port": 8080, "targetPort": "http"}]}},
                             workload("StatefulSet", "ledger", shop("ledger", "acme/payments:1.4.1", resources={"requests": {"cpu": "10m", "memory": "24Mi"}}))),
    "base/web.yaml": dump(workload("Deployment", "web", shop("web", "acme/checkout:1.4.1", resources={"requests": {"cpu": "10m"}}), deadline=80), service("web")),
    "components/policy/kustomization.yaml": component(resources=["quota.yaml"]),
    "components/policy/quota.yaml": dump({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "memory"}, "spec": {"hard": {"limits.memory": "1Gi", "requests.memory": "512Mi"}}}),
    "components/ha/kustomization.yaml": component(replicas=[{"name": "web", "count": 2}]),
    "overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../components/policy", "../../components/ha"], patches=[{"path": "sizes.yaml"}]),
    "overlays/prod/sizes.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
        spec:
          template:
            spec:
              containers:
                - name: web
                  resources:
                    requests: {memory: 24Mi}
                    limits: {memory: 96Mi}
        """),
}, [], "the quota of components/policy demands limits.memory of every container; web has it from sizes.yaml, the StatefulSet ledger has none",
    expected=expect("quota limit-range", [(c("StatefulSet", "ledger", "ledger", "resources.limits"), ANY)]), path="overlays/prod", never_worked=True)

# 1435: selector in prod.yaml asks for a label whose value comes from common.yaml
scenario("track-differs", "argocd", {
    **chart("charts/service"),
    "env/common.yaml": "name: storefront\nimage:\n  repository: acme/checkout\npodLabels:\n  track: primary\n  team: storefront\n",
    "env/stage.yaml": "image:\n  tag: 1.4.2\n",
    "env/prod.yaml": "image:\n  tag: 1.4.1\nreplicas: 2\n",
}, ["Prepare canaries: traffic only to the regular pods", ["env/prod.yaml", "replicas: 2\n", "replicas: 3\nservice:\n  selector:\n    track: stable\n"]],
    "the Service selects track=stable, the pods carry track=primary (common.yaml): no endpoints",
    expected=expect("service-no-endpoints", [("Service/storefront spec.selector.track", value("primary"))], [("Service/storefront spec.selector.track", GONE)], [("Deployment/storefront spec.template.metadata.labels.track", value("stable"))]),
    path="charts/service", source={"helm": {"releaseName": "storefront", "valueFiles": ["../../env/common.yaml", "../../env/prod.yaml"]}})

# 1436: the chart's probes become maps; only one of two releases follows
scenario("chart-wants-maps", "flux", {
    **chart("charts/service"),
    "releases/kustomization.yaml": kustomization("catalog.yaml", "payments.yaml"),
    "releases/catalog.yaml": release("catalog", "./charts/service", "name: catalog\nimage:\n  tag: 1.4.1\nreplicas: 2\nprobes:\n  readiness: /readyz\n"),
    "releases/payments.yaml": release("payments", "./charts/service", 'name: payments\nimage:\n  repository: acme/payments\n  tag: 1.4.1\nenv:\n  READY_PATH: /internal/ready\nprobes:\n  readiness: /internal/ready\n'),
}, ["Chart 0.7.0: probes with their own timing; catalog 1.4.2", ["charts/service/Chart.yaml", "version: 0.6.0", "version: 0.7.0"],
    ["charts/service/values.yaml", "readiness: /readyz\n", "readiness:\n    path: /readyz\n    period: 4\n"],
    ["charts/service/templates/deployment.yaml", "{path: {{ .Values.probes.readiness }}, port: http}\n            periodSeconds: 4", "{path: {{ .Values.probes.readiness.path }}, port: http}\n            periodSeconds: {{ .Values.probes.readiness.period }}"],
    ["releases/catalog.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["releases/catalog.yaml", "readiness: /readyz\n", "readiness:\n        path: /readyz\n        period: 3\n"]],
    "the chart reads probes.readiness.path now, the release payments still gives a string: its upgrade cannot be rendered",
    expected=expect("helm-failed render-failed", []), path="releases")

# 1437: a Service renamed in one app's base; another app's generated settings name the old one
WAIT = text("""
    variable=$(echo "$BACKEND" | tr 'a-z-' 'A-Z_')_SERVICE_HOST
    address=$(printenv "$variable")
    if [ -z "$address" ]; then
      echo "wait-for-backend: lookup $BACKEND: no such host ($variable is not set)" >&2
      exit 1
    fi
    echo "wait-for-backend: $BACKEND is $address"
    """)
scenario("service-renamed", "argocd", {
    "apps/stock/kustomization.yaml": kustomization("stock.yaml"),
    "apps/stock/stock.yaml": dump(workload("Deployment", "stock", shop("stock", "acme/catalog"), deadline=80), service("stock")),
    "apps/storefront/kustomization.yaml": kustomization("storefront.yaml", configMapGenerator=[{"name": "storefront-settings", "envs": ["settings.env"]}]),
    "apps/storefront/settings.env": "BACKEND=stock\nPAGE_SIZE=24\n",
    "apps/storefront/storefront.yaml": dump(workload("Deployment", "storefront", shop("storefront", "acme/checkout", envFrom=[{"configMapRef": {"name": "storefront-settings"}}]), deadline=80,
        pod={"initContainers": [busy("wait-for-backend", WAIT, envFrom=[{"configMapRef": {"name": "storefront-settings"}}])]}), service("storefront")),
    "env/prod/kustomization.yaml": kustomization("../../apps/stock", "../../apps/storefront", images=[{"name": "acme/catalog", "newTag": "1.4.1"}, {"name": "acme/checkout", "newTag": "1.4.1"}],
        configMapGenerator=[{"name": "storefront-settings", "behavior": "merge", "literals": ["PAGE_SIZE=48"]}]),
    "env/stage/kustomization.yaml": kustomization("../../apps/stock", "../../apps/storefront", images=[{"name": "acme/catalog", "newTag": "1.4.2"}, {"name": "acme/checkout", "newTag": "1.4.2"}]),
}, ["Stock is inventory; larger pages", ["apps/stock/stock.yaml", "kind: Service\nmetadata:\n  name: stock", "kind: Service\nmetadata:\n  name: inventory"], ["env/prod/kustomization.yaml", "PAGE_SIZE=48", "PAGE_SIZE=96"]],
    "the Service stock is called inventory now, the settings of storefront still name stock: its init container finds no address",
    expected=expect("dependency-address crash-on-start", [("ConfigMap/storefront-settings-# data.BACKEND", value("inventory"))], [("Service/stock", BEFORE), ("Service/inventory", GONE)], [("Service/stock", BEFORE)]), path="env/prod")

# 1438: `$patch: replace` in the overlay empties the CronJob's environment
scenario("patch-replaces-env", "flux", {
    "base/kustomization.yaml": kustomization("sync.yaml", "api.yaml"),
    "base/sync.yaml": dump(workload("CronJob", "sync", {"name": "sync", "image": "acme/payments:1.4.1", "args": ["migrate"], "env": [{"name": "DATABASE_URL", "value": "postgresql://sync@10.20.0.5/payments"}, {"name": "BATCH_SIZE", "value": "100"}], "resources": LIMITS}, spec={"successfulJobsHistoryLimit": 2, "failedJobsHistoryLimit": 2})),
    "base/api.yaml": dump(workload("Deployment", "api", shop("api", "acme/payments:1.4.1")), service("api")),
    "components/small/kustomization.yaml": component(replicas=[{"name": "api", "count": 1}]),
    "overlays/stage/kustomization.yaml": kustomization("../../base", components=["../../components/small"]),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "sync.yaml"}], replicas=[{"name": "api", "count": 2}]),
    "overlays/prod/sync.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: sync
        spec:
          jobTemplate:
            spec:
              template:
                spec:
                  containers:
                    - name: sync
                      env:
                        - name: BATCH_SIZE
                          value: "250"
        """),
}, ["Sync in prod: larger batches, nothing of the base's tuning", ["overlays/prod/sync.yaml", "              env:\n", "              env:\n                - $patch: replace\n"], ["overlays/prod/sync.yaml", '"250"', '"1000"']],
    "$patch: replace drops the whole env list of the base, with DATABASE_URL: every run aborts",
    expected=expect("crash-on-start job-failed", [(c("CronJob", "sync", "sync", "env[name=DATABASE_URL]"), BEFORE)]), path="overlays/prod")

# 1439: a key renamed in the shared ConfigMap; one of its two readers follows
def reader(kind, name, image, **more):
    return workload(kind, name, shop(name, image, env={"CONFIG_FILE": "/etc/shop/app.properties"}, volumeMounts=[{"name": "config", "mountPath": "/etc/shop"}]),
                    pod={"volumes": [{"name": "config", "configMap": {"name": "shop-config", "items": [{"key": "app.properties", "path": "app.properties"}]}}]}, **more)


scenario("key-of-shared-config", "argocd", {
    "deploy/shared/config.yaml": dump(configmap("shop-config", app__properties="currency=EUR\nround=2\n", log__properties="level=info\n")),
    "deploy/ledger/statefulset.yaml": dump(reader("StatefulSet", "ledger", "acme/payments:1.4.1", spec={"podManagementPolicy": "Parallel"})),
    "deploy/ledger/service.yaml": dump(service("ledger")),
    "deploy/prices/deployment.yaml": dump(reader("Deployment", "prices", "acme/catalog:1.4.1")),
    "deploy/prices/service.yaml": dump(service("prices")),
}, ["Split settings by topic, release 1.4.2", ["deploy/shared/config.yaml", "  app.properties: |", "  money.properties: |"], ["deploy/prices/deployment.yaml", "- key: app.properties", "- key: money.properties"],
    ["deploy/prices/deployment.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"], ["deploy/ledger/statefulset.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"]],
    "shop-config's key is money.properties now; prices follows, the StatefulSet ledger still mounts app.properties",
    expected=expect("config-key-missing volume-mount", [("StatefulSet/ledger spec.template.spec.volumes[name=config].configMap.items[0].key", value("money.properties"))], [('ConfigMap/shop-config data["app.properties"]', BEFORE)]),
    source={"directory": {"recurse": True}})

# 1440: HUMAN, the namespace's quota, which is not in git, was cut by hand; the commit is innocent
scenario("quota-cut-by-hand", "argocd", {
    "base/kustomization.yaml": kustomization("queue.yaml", "worker.yaml"),
    "base/queue.yaml": dump(service("queue"), workload("StatefulSet", "queue", shop("queue", "acme/catalog"), replicas=2)),
    "base/worker.yaml": dump(workload("Deployment", "worker", shop("worker", "acme/worker"), deadline=75)),
    "components/fast/kustomization.yaml": component(patches=[{"target": {"kind": "Deployment"}, "patch": Text("- op: add\n  path: /spec/strategy\n  value: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}\n")}]),
    "overlays/stage/kustomization.yaml": kustomization("../../base", images=[{"name": n, "newTag": "1.4.2"} for n in ("acme/catalog", "acme/worker")]),
    "overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../components/fast"], images=[{"name": n, "newTag": "1.4.1"} for n in ("acme/catalog", "acme/worker")]),
}, ["1.4.2 to prod", ["overlays/prod/kustomization.yaml", "1.4.1", "1.4.2"]],
    "the platform's ResourceQuota, which is not in this repository, was cut by hand to less than what already ran: no pod can be created whatever the manifests say", answer=HUMAN, path="overlays/prod",
    given="apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: platform\nspec:\n  hard:\n    limits.memory: 1Gi\n",
    then=[[-5, """kubectl -n $NAMESPACE patch resourcequota platform --type merge -p '{"spec":{"hard":{"limits.memory":"64Mi"}}}'"""]])

# 1441: HUMAN, a Secret that is not in git was deleted; the commit is innocent
scenario("secret-deleted", "flux", {
    "deploy/kustomization.yaml": kustomization("common", "payments"),
    "deploy/common/kustomization.yaml": kustomization("limits.yaml"),
    "deploy/common/limits.yaml": dump({"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "defaults"}, "spec": {"limits": [{"type": "Container", "default": {"memory": "96Mi"}, "defaultRequest": {"memory": "24Mi"}}]}}),
    "deploy/payments/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "deploy/payments/deployment.yaml": dump(workload("Deployment", "payments", shop("payments", "acme/payments:1.4.1", env={"REQUIRED_ENV": "GATEWAY_TOKEN", "GATEWAY_TOKEN": {"secretKeyRef": {"name": "payments-gateway", "key": "token"}}}), deadline=75, replicas=2)),
    "deploy/payments/service.yaml": dump(service("payments")),
}, ["Payments 1.4.2", ["deploy/payments/deployment.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"]],
    "the Secret payments-gateway, which is kept outside git, was deleted by hand; the new pods are the first that miss it", answer=HUMAN,
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: payments-gateway\nstringData:\n  token: only-for-tests\n", then=[[-3, "kubectl -n $NAMESPACE delete secret payments-gateway"]])

# 1442: NONE, what the release needs is delivered a minute later by somebody else
scenario("settings-arrive-later", "flux", {
    **chart("charts/service", deployment=DEPLOYMENT.replace("          ports:\n", "          {{- with .Values.envFrom }}\n          envFrom: {{- toYaml . | nindent 12 }}\n          {{- end }}\n          ports:\n", 1), values=VALUES + "envFrom: []\n"),
    "releases/kustomization.yaml": kustomization("catalog.yaml"),
    "releases/catalog.yaml": release("catalog", "./charts/service", "name: catalog\nimage:\n  tag: 1.4.1\nreplicas: 2\n").replace("timeout: 75s", "timeout: 3m"),
}, ["Catalog reads the region's settings", ["releases/catalog.yaml", "replicas: 2\n", "replicas: 2\n    envFrom:\n      - configMapRef:\n          name: region-settings  # from the region controller\n    env:\n      REQUIRED_ENV: REGION\n"]],
    "the ConfigMap of the region controller came 35 seconds after the release: the waiting pods started by themselves", answer=NONE, path="releases", spec={"timeout": "3m"},
    then=[[35, "kubectl -n $NAMESPACE create configmap region-settings --from-literal=REGION=eu-west"]])

# 1443: NONE, a slow start that the startup probe allows
scenario("slow-but-allowed", "argocd", {
    **umbrella("charts/platform", "web", "search"),
    "charts/platform/values.yaml": "web:\n  name: web\n  image:\n    repository: acme/checkout\nsearch:\n  name: search\n  image:\n    repository: acme/catalog\n",
    "env/common.yaml": "global:\n  image:\n    tag: 1.4.1\nsearch:\n  env:\n    START_SECONDS: \"2\"\n  probes:\n    startup:\n      httpGet: {path: /healthz, port: http}\n      periodSeconds: 5\n      failureThreshold: 12\n",
    "env/prod.yaml": "web:\n  replicas: 2\n",
}, ["Search loads both indexes", ["env/common.yaml", 'START_SECONDS: "2"', 'START_SECONDS: "38"'], ["env/prod.yaml", "web:\n  replicas: 2\n", "web:\n  replicas: 2\nsearch:\n  image:\n    tag: 1.4.2\n"]],
    "search starts slower, with failing startup probes meanwhile, and becomes ready within what the probe and the deadline allow", answer=NONE,
    path="charts/platform", source={"helm": {"releaseName": "platform", "valueFiles": ["../../env/common.yaml", "../../env/prod.yaml"]}})
