"""A batch written by somebody who knew neither the playbook nor the batches before: shop-860 and on. The `acme` program of the first recordings, ordinary repositories.
Nothing has to run outside of the cluster. Cluster-scoped: IngressClass internal-@NAME@ (shop-873), to delete afterwards.
"""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))

SCENARIOS, scenario = batch(860)


def here():
    return f"shop-{860 + len(SCENARIOS)}"


def block(text, indent):
    return textwrap.indent(textwrap.dedent(text).strip("\n"), " " * indent) + "\n" if text else ""


READY = "readinessProbe:\n  httpGet:\n    path: /readyz\n    port: http\n  periodSeconds: 3\n"
LIVE = "livenessProbe:\n  httpGet:\n    path: /healthz\n    port: http\n  periodSeconds: 5\n  failureThreshold: 3\n"


def deployment(name, image, port=8080, request="24Mi", memory="128Mi", container="", sidecars="", pod="", replicas=2, ready=READY, live=LIVE, kind="Deployment", labels="", spec=""):
    scale = {"Deployment": f"  replicas: {replicas}\n  progressDeadlineSeconds: 60\n", "StatefulSet": f"  replicas: {replicas}\n  serviceName: {name}\n", "DaemonSet": ""}[kind]
    return f"""\
apiVersion: apps/v1
kind: {kind}
metadata:
  name: {name}
  labels:
    app.kubernetes.io/name: {name}
    app.kubernetes.io/part-of: store
spec:
{scale}""" + block(spec, 2) + f"""\
  selector:
    matchLabels:
      app.kubernetes.io/name: {name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {name}
""" + block(labels, 8) + "    spec:\n" + block(pod, 6) + f"""\
      containers:
        - name: {name}
          image: {image}
          ports:
            - name: http
              containerPort: {port}
""" + block(container, 10) + f"""\
          resources:
            requests:
              cpu: 10m
              memory: {request}
            limits:
              memory: {memory}
""" + block(ready, 10) + block(live, 10) + block(sidecars, 8)


def service(name, port=80, target="http", selector=None):
    return f"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n  selector:\n    app.kubernetes.io/name: {selector or name}\n  ports:\n    - name: web\n      port: {port}\n      targetPort: {target}\n"


def configmap(name, **data):
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n" + "".join(f'  {key}: "{value}"\n' for key, value in data.items())


def kustomization(*resources, more="", component=False):
    head = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n" if component else "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
    return head + ("resources:\n" + "".join(f"  - {r}\n" for r in resources) if resources else "") + textwrap.dedent(more)


def app(folder, name, image, **options):
    return {f"{folder}/workload.yaml": deployment(name, image, **options), f"{folder}/service.yaml": service(name), f"{folder}/kustomization.yaml": kustomization("workload.yaml", "service.yaml")}


def many(*documents):
    return "---\n".join(documents)


def main(name, rest, kind="Deployment"):
    return c(kind, name, name, rest)


CHART = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\ndescription: What every web service of ours needs\nversion: 2.1.0\n",
    "charts/web/values.yaml": "image:\n  repository: acme/payments\n  tag: 1.4.1\nreplicaCount: 1\nlogLevel: info\nnodeSelector: {}\nsettings: {}\nresources:\n  requests:\n    cpu: 10m\n    memory: 24Mi\n  limits:\n    memory: 128Mi\n",
    "charts/web/templates/deployment.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels:
    app.kubernetes.io/instance: {{ .Release.Name }}
    helm.sh/chart: {{ .Chart.Name }}
spec:
  replicas: {{ .Values.replicaCount }}
  progressDeadlineSeconds: 60
  selector:
    matchLabels:
      app.kubernetes.io/instance: {{ .Release.Name }}
  template:
    metadata:
      labels:
        app.kubernetes.io/instance: {{ .Release.Name }}
    spec:
      {{- with .Values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: web
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          ports:
            - name: http
              containerPort: 8080
          env:
            - name: LOG_LEVEL
              value: {{ .Values.logLevel | quote }}
            {{- range $key, $value := .Values.settings }}
            - name: {{ $key | upper }}
              value: {{ $value | quote }}
            {{- end }}
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
          readinessProbe:
            httpGet:
              path: /readyz
              port: http
            periodSeconds: 3
          livenessProbe:
            httpGet:
              path: /healthz
              port: http
            periodSeconds: 5
""",
    "charts/web/templates/service.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  selector:\n    app.kubernetes.io/instance: {{ .Release.Name }}\n  ports:\n    - name: web\n      port: 80\n      targetPort: http\n",
}


def release(name, values, more=""):
    head = f"""\
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
      chart: ./charts/web
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
"""
    return {**CHART, f"clusters/prod/{name}.yaml": head + more + "  values:\n" + block(values, 4)}


# ---- 860: images, commands, settings

scenario("poster-registry", "argocd",
    {**app("base", "poster", "acme/catalog", container="env:\n  - name: THEME\n    value: light\n"), "overlays/common/kustomization.yaml": kustomization("../../base", more="commonAnnotations:\n  team: storefront\n"),
     "overlays/prod/kustomization.yaml": kustomization("../common", more="images:\n  - name: acme/catalog\n    newTag: 1.4.1\nreplicas:\n  - name: poster\n    count: 2\n")},
    ["Pull through the company registry; dark theme", ["base/workload.yaml", "image: acme/catalog\n", "image: registry.acme.dev/acme/catalog\n"], ["base/workload.yaml", "value: light", "value: dark"]],
    "the overlay's images entry still names acme/catalog, so the new name gets no tag: latest does not exist; theme is wanted", path="overlays/prod",
    expected=expect("image-not-found", [(main("poster", "image"), value("registry.acme.dev/acme/catalog:1.4.1"))], [(main("poster", "image"), BEFORE)]))

scenario("shipper-line", "flux",
    {**app("base", "shipper", "acme/worker:1.4.1", kind="DaemonSet", container="env:\n  - name: INTERVAL\n    value: 30s\n"),
     "overlays/prod/kustomization.yaml": kustomization("../../base", more="patches:\n  - target:\n      kind: DaemonSet\n      name: shipper\n    patch: |-\n      - op: add\n        path: /spec/template/spec/containers/0/command\n        value: [/bin/shop, serve]\n")},
    ["Command as in the manual", ["overlays/prod/kustomization.yaml", "value: [/bin/shop, serve]", 'value: ["/bin/shop serve"]']],
    "the command is one word now, and no file is called that", path="overlays/prod",
    expected=expect("command-not-found", [(main("shipper", "command", "DaemonSet"), BEFORE)], [(main("shipper", "command", "DaemonSet"), value(["/bin/shop", "serve"]))]))

scenario("duty-components", "flux",
    {**app("base", "duty", "acme/checkout:1.4.1", container="env:\n  - name: REQUIRED_ENV\n    value: TAX_REGION\n"),
     "components/tax/kustomization.yaml": kustomization(component=True, more="patches:\n  - target:\n      kind: Deployment\n      name: duty\n    path: env.yaml\n"),
     "components/tax/env.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: duty\nspec:\n  template:\n    spec:\n      containers:\n        - name: duty\n          env:\n            - name: TAX_REGION\n              value: eu-south\n",
     "components/metrics/kustomization.yaml": kustomization(component=True, more="patches:\n  - target:\n      kind: Deployment\n    path: scrape.yaml\n"),
     "components/metrics/scrape.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: any\nspec:\n  template:\n    metadata:\n      annotations:\n        prometheus.io/scrape: \"true\"\n",
     "overlays/prod/kustomization.yaml": kustomization("../../base", more="components:\n  - ../../components/tax\n  - ../../components/metrics\n")},
    ["The mesh scrapes for us: drop the metrics component", ["overlays/prod/kustomization.yaml", "components:\n  - ../../components/tax\n  - ../../components/metrics\n", ""]],
    "the tax component went along, and with it TAX_REGION, which the program demands; that metrics go is wanted", path="overlays/prod",
    expected=expect("crash-on-start", [(main("duty", "env[name=TAX_REGION]"), BEFORE)], [(main("duty", "env[name=TAX_REGION]"), value({"name": "TAX_REGION", "value": "eu-south"}))]))

scenario("coupon-first", "argocd", {"deploy/all.yaml": many(deployment("coupon", "acme/checkout:1.4.1", container="args:\n  - server\nenv:\n  - name: THEME\n    value: light\n"), service("coupon"))}, [],
    "the first release never worked: the program's command is serve, not server", never_worked=True,
    expected=expect("crash-on-start command-not-found", [(main("coupon", "args[0]"), value("serve"))], [(main("coupon", "args"), value(["serve"]))], [(main("coupon", "args"), GONE)]))

ENV_FROM = "envFrom:\n  - configMapRef:\n      name: feed-settings\n"
scenario("feed-rename", "flux",
    {"deploy/web.yaml": many(deployment("feed", "acme/catalog:1.4.1", container=ENV_FROM), service("feed")), "deploy/store.yaml": many(deployment("feed-store", "acme/worker:1.4.1", kind="StatefulSet", replicas=1, container=ENV_FROM), service("feed-store")),
     "deploy/settings.yaml": configmap("feed-settings", CACHE_MB="8", LANGUAGE="en")},
    ["Settings are called config everywhere; worker 1.4.2", ["deploy/settings.yaml", "feed-settings", "feed-config"], ["deploy/web.yaml", "feed-settings", "feed-config"], ["deploy/store.yaml", "worker:1.4.1", "worker:1.4.2"], ["deploy/settings.yaml", 'LANGUAGE: "en"', 'LANGUAGE: "de"']],
    "feed-store still reads ConfigMap feed-settings, which is feed-config now; the release and the language are wanted",
    expected=expect("config-missing", [(main("feed-store", "envFrom[0].configMapRef.name", "StatefulSet"), value("feed-config"))], [(main("feed-store", "envFrom", "StatefulSet"), value([{"configMapRef": {"name": "feed-config"}}]))]))

def key(variable, name):
    return f"  - name: {variable}\n    valueFrom:\n      configMapKeyRef:\n        name: grid-tuning\n        key: {name}\n"


scenario("grid-keys", "argocd",
    {"deploy/grid.yaml": many(deployment("grid", "acme/catalog:1.4.1", container="env:\n" + key("CACHE_MB", "cache-mb") + key("PAGE_SIZE", "page-size")), service("grid")), "deploy/tuning.yaml": configmap("grid-tuning", **{"cache-mb": "8", "page-size": "40"})},
    ["Keys with underscores, as in the other services", ["deploy/tuning.yaml", "cache-mb", "cache_mb"], ["deploy/tuning.yaml", "page-size", "page_size"], ["deploy/grid.yaml", "key: cache-mb", "key: cache_mb"]],
    "PAGE_SIZE still asks for page-size, the ConfigMap has page_size; the other key is wanted as it is now",
    expected=expect("config-key-missing", [(main("grid", "env[name=PAGE_SIZE].valueFrom.configMapKeyRef.key"), value("page_size"))],
                    [("ConfigMap/grid-tuning data.page-size", BEFORE), ("ConfigMap/grid-tuning data.page_size", GONE)], [("ConfigMap/grid-tuning data.page-size", BEFORE)]))

# ---- memory and probes

def limit(name, memory):
    return f"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  template:\n    spec:\n      containers:\n        - name: {name}\n          resources:\n            limits:\n              memory: {memory}\n"


LIMIT = main("search", "resources.limits.memory")
scenario("search-dashboards", "flux",
    {**app("apps/search", "search", "acme/catalog:1.4.1", replicas=1, container='env:\n  - name: CACHE_MB\n    value: "110"\n'), **app("apps/suggest", "suggest", "acme/catalog:1.4.1", replicas=1),
     "env/prod/kustomization.yaml": kustomization("../../apps/search", "../../apps/suggest", more="patches:\n  - path: limits/search.yaml\n  - path: limits/suggest.yaml\n"),
     "env/prod/limits/search.yaml": limit("search", "256Mi"), "env/prod/limits/suggest.yaml": limit("suggest", "192Mi")},
    ["Limits as last month's dashboards suggest", ["env/prod/limits/search.yaml", "256Mi", "96Mi"], ["env/prod/limits/suggest.yaml", "192Mi", "64Mi"]],
    "search holds 110 MB and gets killed at 96Mi; suggest is well with its new limit", path="env/prod",
    expected=expect("out-of-memory", [(LIMIT, BEFORE)], [(LIMIT, at_least("125Mi"))], [(LIMIT, at_least("125Mi")), (main("search", "resources.requests.memory"), ANY)]))

LIVE_PORT = main("till", "livenessProbe.httpGet.port")
scenario("till-port", "argocd",
    {"deploy/till.yaml": many(deployment("till", "acme/payments:1.4.1", container='env:\n  - name: PORT\n    value: "8080"\n', live=LIVE.replace("port: http", "port: 8080")), service("till"))},
    ["Move till to 9090, where payments live", ["deploy/till.yaml", 'value: "8080"', 'value: "9090"'], ["deploy/till.yaml", "containerPort: 8080", "containerPort: 9090"]],
    "the liveness probe still asks port 8080; the move is wanted",
    expected=expect("liveness-probe", [(LIVE_PORT, value(9090))], [(LIVE_PORT, value("http"))], [(main("till", "env[name=PORT].value"), BEFORE), (main("till", "ports[name=http].containerPort"), BEFORE)]))

READY_PATCH = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: gallery\nspec:\n  template:\n    spec:\n      containers:\n        - name: gallery\n          readinessProbe:\n            periodSeconds: 5\n"
HOST = main("gallery", "readinessProbe.httpGet.host")
HEADERS = main("gallery", "readinessProbe.httpGet.httpHeaders")
scenario("gallery-host", "flux",
    {**app("base", "gallery", "acme/catalog:1.4.1"), "overlays/prod/probes.yaml": READY_PATCH, "overlays/prod/kustomization.yaml": kustomization("../../base", more="patches:\n  - path: probes.yaml\n")},
    ["Probe with the public host name", ["overlays/prod/probes.yaml", "            periodSeconds: 5\n", "            periodSeconds: 5\n            httpGet:\n              host: gallery.acme.example\n"]],
    "host is where the kubelet connects to, and the name does not resolve; a Host header would be httpHeaders", path="overlays/prod",
    expected=expect("readiness-probe", [(HOST, BEFORE)], [(HOST, GONE)], [(HOST, GONE), (HEADERS, value([{"name": "Host", "value": "gallery.acme.example"}]))]))

STARTUP = main("ledger", "startupProbe", "StatefulSet")
scenario("ledger-first", "argocd",
    {"deploy/statefulset.yaml": deployment("ledger", "acme/payments:1.4.1", kind="StatefulSet", replicas=1, container="startupProbe:\n  exec:\n    command: [curl, -fsS, \"http://localhost:8080/healthz\"]\n  periodSeconds: 3\n  failureThreshold: 8\n"), "deploy/service.yaml": service("ledger")}, [],
    "the first release never worked: the startup probe calls curl, which the image has not", never_worked=True,
    expected=expect("startup-probe command-not-found", [(STARTUP + ".exec", GONE), (STARTUP + ".httpGet", ANY)], *[[(STARTUP, value({"httpGet": {"path": "/healthz", "port": port}, "periodSeconds": 3, "failureThreshold": 8}))] for port in ("http", 8080)],
                    [(STARTUP + ".exec.command", ANY)]))

# ---- placement, volumes, network

n = here()
REQUEST, CEILING = c("Deployment", n, "web", "resources.requests.memory"), c("Deployment", n, "web", "resources.limits.memory")
scenario("chart-units", "argocd",
    {**CHART, "values/prod/web.yaml": "replicaCount: 2\nsettings:\n  region: eu-west-1\n", "values/prod/sizing.yaml": "# sizes, reviewed each quarter\nresources:\n  requests:\n    cpu: 20m\n    memory: 48Mi\n  limits:\n    memory: 96Mi\n"},
    ["Quarterly sizing", ["values/prod/sizing.yaml", "memory: 48Mi", "memory: 64Gi"], ["values/prod/sizing.yaml", "memory: 96Mi", "memory: 128Gi"]],
    "Gi instead of Mi: no node has 64Gi", path="charts/web", source={"helm": {"valueFiles": ["../../values/prod/web.yaml", "../../values/prod/sizing.yaml"]}},
    expected=expect("unschedulable-resources", [(REQUEST, value("64Mi")), (CEILING, value("128Mi"))], [(REQUEST, BEFORE), (CEILING, BEFORE)], [(REQUEST, BEFORE)], [(REQUEST, value("64Mi"))]))

SELECTOR = pod("Deployment", "invoice", "nodeSelector")
scenario("release-windows", "flux", release("invoice", "image:\n  tag: 1.4.1\nsettings:\n  currency: EUR\n"),
    ["Windows nodes arrive next week: stay on Linux; invoices in CHF", ["clusters/prod/invoice.yaml", "  tag: 1.4.1\n", "  tag: 1.4.1\n    nodeSelector:\n      kubernetes.io/os: Linux\n"], ["clusters/prod/invoice.yaml", "currency: EUR", "currency: CHF"]],
    "the label's value is linux; currency is wanted", path="clusters/prod",
    expected=expect("unschedulable-placement", [(SELECTOR + '["kubernetes.io/os"]', value("linux"))], [(SELECTOR, value({"kubernetes.io/os": "linux"}))], [(SELECTOR, BEFORE)], [(SELECTOR + '["kubernetes.io/os"]', GONE)]))

MOUNTS = main("press", "volumeMounts")
scenario("press-file", "argocd",
    {"deploy/press.yaml": many(deployment("press", "acme/catalog:1.4.1", container="env:\n  - name: CONFIG_FILE\n    value: /etc/shop/app.conf\nvolumeMounts:\n  - name: config\n    mountPath: /etc/shop/app.conf\n    subPath: app.conf\n", pod="volumes:\n  - name: config\n    configMap:\n      name: press-config\n"), service("press")),
     "deploy/config.yaml": configmap("press-config", **{"app.conf": "EDITION=spring"})},
    ["Catalog 1.4.2, configuration named after the service", ["deploy/config.yaml", "app.conf:", "press.conf:"], ["deploy/config.yaml", "EDITION=spring", "EDITION=summer"], ["deploy/press.yaml", "catalog:1.4.1", "catalog:1.4.2"]],
    "subPath still names app.conf, which the ConfigMap has no more: an empty directory is mounted where the file was; edition and release are wanted",
    expected=expect("volume-mount crash-on-start config-key-missing", [(MOUNTS + "[0].subPath", value("press.conf"))], [(MOUNTS + "[name=config].subPath", value("press.conf"))], [(MOUNTS, value([{"name": "config", "mountPath": "/etc/shop/app.conf", "subPath": "press.conf"}]))],
                    [('ConfigMap/press-config data["app.conf"]', ANY), ('ConfigMap/press-config data["press.conf"]', GONE)], [('ConfigMap/press-config data["app.conf"]', value("EDITION=summer"))]))

scenario("manual-ingress", "flux",
    {"deploy/manual.yaml": deployment("manual", "acme/catalog:1.4.1"), "deploy/service.yaml": service("manual"),
     "deploy/ingress.yaml": "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: manual\nspec:\n  ingressClassName: internal-@NAME@\n  rules:\n    - host: manual.acme.example\n      http:\n        paths:\n          - path: /\n            pathType: Prefix\n            backend:\n              service:\n                name: manual\n                port:\n                  name: web\n"},
    ["Services of web pages end in -web", ["deploy/service.yaml", "metadata:\n  name: manual\n", "metadata:\n  name: manual-web\n"]],
    "the Ingress still sends to Service manual, which is manual-web now", given="apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata:\n  name: internal-@NAME@\nspec:\n  controller: acme.dev/internal\n",
    expected=expect("ingress-backend", [("Ingress/manual spec.rules[0].http.paths[0].backend.service.name", value("manual-web"))], [("Service/manual metadata.name", BEFORE), ("Service/manual-web metadata.name", GONE)]))

# ---- policies, jobs, manifests

SMALL, LARGE = main("teaser", "resources.requests.memory"), main("teaser", "resources.limits.memory")
scenario("teaser-ratio", "argocd",
    {**app("base", "teaser", "acme/checkout:1.4.1", request="32Mi", container="env:\n  - name: REGION\n    value: eu-west-1\n"), "overlays/prod/kustomization.yaml": kustomization("../../base", more="patches:\n  - path: size.yaml\n"), "overlays/prod/size.yaml": limit("teaser", "96Mi")},
    ["More headroom for the campaign", ["overlays/prod/size.yaml", "96Mi", "256Mi"]],
    "the namespace's LimitRange allows a limit of four times the request, 256Mi is eight times", path="overlays/prod",
    given="apiVersion: v1\nkind: LimitRange\nmetadata:\n  name: honest-requests\nspec:\n  limits:\n    - type: Container\n      maxLimitRequestRatio:\n        memory: \"4\"\n",
    expected=expect("limit-range quota", [(SMALL, at_least("64Mi"))], [(LARGE, BEFORE)], [(LARGE, value("128Mi"))]))

CRON = "apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: statement\nspec:\n  schedule: \"0 6 * * *\"\n  concurrencyPolicy: Forbid\n  jobTemplate:\n    spec:\n      backoffLimit: 1\n      template:\n        spec:\n          restartPolicy: Never\n          containers:\n            - name: statement\n              image: acme/worker:1.4.1\n              args: [migrate]\n              env:\n                - name: DATABASE_URL\n                  value: postgres://statement@db.internal/statement\n"
scenario("statement-zone", "flux", {"deploy/cronjob.yaml": CRON, "deploy/web.yaml": many(deployment("statement-web", "acme/payments:1.4.1", replicas=1), service("statement-web"))},
    ["Statements at seven, Berlin time; payments 1.4.2", ["deploy/cronjob.yaml", '  schedule: "0 6 * * *"\n', '  schedule: "0 7 * * *"\n  timeZone: Europe/Belin\n'], ["deploy/web.yaml", "payments:1.4.1", "payments:1.4.2"]],
    "there is no time zone Europe/Belin; schedule and release are wanted",
    expected=expect("cron-invalid invalid-manifest", [("CronJob/statement spec.timeZone", value("Europe/Berlin"))], [("CronJob/statement spec.timeZone", BEFORE)], [("CronJob/statement spec.timeZone", BEFORE), ("CronJob/statement spec.schedule", BEFORE)]))

HOOK = "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: reindex\n  annotations:\n    argocd.argoproj.io/hook: PostSync\n    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation\nspec:\n  backoffLimit: 0\n  activeDeadlineSeconds: 90\n  template:\n    spec:\n      restartPolicy: Never\n      containers:\n        - name: reindex\n          image: busybox:1.36\n          command:\n            - sh\n            - -c\n            - |\n              for part in 1 2 3 4 5 6; do echo \"reindexing part $part of 6\"; sleep 3; done\n              echo done\n          resources:\n            requests:\n              cpu: 5m\n              memory: 8Mi\n            limits:\n              memory: 32Mi\n"
scenario("shelf-reindex", "argocd", {"deploy/shelf.yaml": many(deployment("shelf", "acme/catalog:1.4.1", replicas=1), service("shelf")), "deploy/reindex.yaml": HOOK},
    ["Catalog 1.4.2; a stuck reindex must not block releases", ["deploy/shelf.yaml", "catalog:1.4.1", "catalog:1.4.2"], ["deploy/reindex.yaml", "activeDeadlineSeconds: 90", "activeDeadlineSeconds: 9"]],
    "the reindex takes 18 seconds and is ended after 9; the release is wanted",
    expected=expect("job-failed", [("Job/reindex spec.activeDeadlineSeconds", BEFORE)], [("Job/reindex spec.activeDeadlineSeconds", at_least("19"))]))

PROXY = "- name: proxy\n  image: busybox:1.36\n  command: [sh, -c, \"mkdir -p /tmp/www && exec httpd -f -p 8090 -h /tmp/www\"]\n  resources:\n    requests:\n      cpu: 5m\n      memory: 8Mi\n    limits:\n      memory: 24Mi\n"
scenario("lookup-proxy", "argocd",
    {**app("base", "lookup", "acme/catalog", sidecars=PROXY), "overlays/prod/kustomization.yaml": kustomization("../../base", more="images:\n  - name: acme/catalog\n    newTag: 1.4.1\npatches:\n  - target:\n      kind: Deployment\n      name: lookup\n    path: proxy-memory.yaml\n"),
     "overlays/prod/proxy-memory.yaml": "- op: replace\n  path: /spec/template/spec/containers/1/resources/limits/memory\n  value: 48Mi\n"},
    ["The mesh replaces our proxy; catalog 1.4.2", ["base/workload.yaml", block(PROXY, 8), ""], ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the overlay's JSON patch still changes the second container, which is gone; the removal and the release are wanted", path="overlays/prod",
    expected=expect("render-failed", [], keep=[(pod("Deployment", "lookup", "containers[name=proxy]"), GONE), (main("lookup", "image"), value("acme/catalog:1.4.2"))]))

LEVEL = c("Deployment", "portal", "web", "env[name=LOG_LEVEL].value")
files = release("portal", "image:\n  tag: 1.4.1\nlogLevel: info\nsettings:\n  theme: light\n")
files["charts/web/values.schema.json"] = '{\n  "$schema": "http://json-schema.org/draft-07/schema#",\n  "type": "object",\n  "properties": {\n    "logLevel": {"type": "string", "enum": ["error", "warn", "info", "debug"]},\n    "replicaCount": {"type": "integer", "minimum": 0}\n  }\n}\n'
scenario("release-schema", "flux", files, ["Say more while we look for the slow page; dark theme", ["clusters/prod/portal.yaml", "logLevel: info", "logLevel: verbose"], ["clusters/prod/portal.yaml", "theme: light", "theme: dark"]],
    "the chart's schema knows error, warn, info and debug; the theme is wanted", path="clusters/prod", expected=expect("helm-failed invalid-manifest", keep=[(LEVEL.replace("LOG_LEVEL", "THEME"), value("dark"))]))

OPTIONS = "      dnsPolicy: None\n      dnsConfig:\n        options:\n          - name: ndots\n            value: \"1\"\n"
scenario("lens-resolver", "flux", {"deploy/lens.yaml": many(deployment("lens", "acme/checkout:1.4.1"), service("lens"))},
    ["Fewer DNS lookups (#412)", ["deploy/lens.yaml", "    spec:\n      containers:\n", "    spec:\n" + OPTIONS + "      containers:\n"]],
    "dnsPolicy None wants nameservers of one's own; ndots alone works with the default policy",
    expected=expect("dns-policy invalid-manifest", [(pod("Deployment", "lens", "dnsPolicy"), BEFORE)], [(pod("Deployment", "lens", "dnsPolicy"), GONE)], [(pod("Deployment", "lens", "dnsPolicy"), value("ClusterFirst"))],
                    [(pod("Deployment", "lens", "dnsPolicy"), BEFORE), (pod("Deployment", "lens", "dnsConfig"), BEFORE)]))

# ---- for people

scenario("letter-first", "flux", release("letter", "image:\n  tag: 1.4.1\nreplicaCount: 1\n", more="  valuesFrom:\n    - kind: Secret\n      name: letter-smtp\n      valuesKey: values.yaml\n"), [],
    "the first release never worked: nobody has made Secret letter-smtp, which holds the mail server's password", HUMAN, path="clusters/prod", never_worked=True, expected=expect("secret-missing helm-failed"))

LICENSE = """\
apiVersion: v1
kind: Secret
metadata:
  name: license-account
stringData:
  password: only-for-tests
---
apiVersion: v1
kind: Service
metadata:
  name: license
spec:
  selector:
    app: license
  ports:
    - port: 80
      targetPort: 8080
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: license
spec:
  selector:
    matchLabels:
      app: license
  template:
    metadata:
      labels:
        app: license
    spec:
      containers:
        - name: license
          image: busybox:1.36
          env:
            - name: PASSWORD
              value: only-for-tests
          command: [sh, -c, "mkdir -p /tmp/www; echo valid >/tmp/www/index.html; echo \\"/:studio:$PASSWORD\\" >/tmp/httpd.conf; exec busybox httpd -f -p 8080 -h /tmp/www -c /tmp/httpd.conf"]
          readinessProbe:
            tcpSocket:
              port: 8080
            periodSeconds: 2
"""
CHECK = "initContainers:\n  - name: license\n    image: busybox:1.36\n    env:\n      - name: LICENSE_PASSWORD\n        valueFrom:\n          secretKeyRef:\n            name: license-account\n            key: password\n    command:\n      - sh\n      - -c\n      - |\n        busybox wget -q -O - \"http://studio:$LICENSE_PASSWORD@$LICENSE_SERVICE_HOST/\" && exit 0\n        echo \"license server refused or did not answer, account studio\"; exit 1\n"
scenario("studio-license", "argocd", {"base/workload.yaml": deployment("studio", "acme/catalog", replicas=1, pod=CHECK), "base/service.yaml": service("studio"), "base/kustomization.yaml": kustomization("workload.yaml", "service.yaml"),
     "overlays/prod/kustomization.yaml": kustomization("../../base", more="images:\n  - name: acme/catalog\n    newTag: 1.4.1\n")},
    ["Catalog 1.4.2", ["overlays/prod/kustomization.yaml", "1.4.1", "1.4.2"]], "the license server's password was changed on its side, the Secret that people keep has the old one: 401; the release is innocent", HUMAN, path="overlays/prod", given=LICENSE,
    then=[[-4, "kubectl -n $NAMESPACE set env deployment/license PASSWORD=rotated-for-tests && kubectl -n $NAMESPACE rollout status deployment/license --timeout=90s"]], expected=expect("crash-on-start secret-missing"))

scenario("draft-flags", "flux", {"deploy/draft.yaml": many(deployment("draft", "acme/checkout:${release}", container="envFrom:\n  - configMapRef:\n      name: operations-flags\n"), service("draft")), "deploy/settings.yaml": configmap("release-notes", summary="steady")},
    ["Four instances for the launch", ["deploy/draft.yaml", "replicas: 2", "replicas: 4"]], "somebody edited ConfigMap operations-flags, which is not in git: CACHE_MB is no number; the new instances read it, the old ones run on; git is innocent", HUMAN,
    spec={"postBuild": {"substitute": {"release": "1.4.1"}}}, given=configmap("operations-flags", CACHE_MB="8", BANNER="off"),
    then=[[-3, "kubectl -n $NAMESPACE patch configmap operations-flags --type merge -p '{\"data\": {\"CACHE_MB\": \"12 MB\", \"BANNER\": \"on\"}}'"]], expected=expect("crash-on-start"))

OTHERS = "apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: team\nspec:\n  hard:\n    pods: \"4\"\n---\n" + deployment("load-test", "acme/worker:1.4.1", replicas=2)
scenario("seats-crowded", "argocd", {"deploy/seats.yaml": many(deployment("seats", "acme/checkout:1.4.1"), service("seats"))}, ["Checkout 1.4.2", ["deploy/seats.yaml", "1.4.1", "1.4.2"]],
    "a load test that somebody left running by hand uses up the quota of pods, so the rollout gets no pod more: a human ends it or asks for more", HUMAN, given=OTHERS, expected=expect("quota"))

# ---- nothing to do

scenario("preview-night", "argocd",
    {**app("base", "preview", "acme/catalog"), **{f"overlays/{e}/kustomization.yaml": kustomization("../../base", more=f"images:\n  - name: acme/catalog\n    newTag: 1.4.1\nreplicas:\n  - name: preview\n    count: {count}\n") for e, count in (("prod", 3), ("staging", 2))}},
    ["Staging sleeps over the holidays", ["overlays/staging/kustomization.yaml", "count: 2", "count: 0"]], "scaled to zero on purpose", NONE, path="overlays/staging", expected=expect("replicas-zero suspended healthy"))

scenario("stream-careful", "flux", {"deploy/stream.yaml": many(deployment("stream", "acme/worker:1.4.1", replicas=4, spec="minReadySeconds: 22\nstrategy:\n  rollingUpdate:\n    maxSurge: 1\n    maxUnavailable: 0\n"), service("stream"))},
    ["Worker 1.4.2", ["deploy/stream.yaml", "1.4.1", "1.4.2"]], "four instances one after the other, each watched for 22 seconds, take longer than Flux waits: it says so, and heals by itself", NONE, expected=expect("healthy recovering"))
