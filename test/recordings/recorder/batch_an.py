"""Batch AN, written by somebody who knew neither the playbook nor the batches before: shop-1396 to shop-1411, ordinary failures in noisy surroundings. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1396)
yaml.SafeDumper.ignore_aliases = lambda self, data: True

SMALL = {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}


def chatter(name, *lines, every=7):
    """A sidecar that complains all day and works."""
    said = "\n".join(f"  echo '{line}'" for line in lines)
    return {"name": name, "image": "busybox:1.36", "command": ["sh", "-c", Text(f"trap 'exit 0' TERM\nwhile :; do\n{said}\n  sleep {every} & wait $!\ndone\n")], "resources": SMALL}


def flaky(name="wait-for-broker", line="java.net.ConnectException: Connection refused (broker not elected yet)"):
    """An init container that fails once in every new pod, then passes."""
    return {"name": name, "image": "busybox:1.37", "command": ["sh", "-c", Text(f"[ -f /state/seen ] && {{ echo 'answered, going on'; exit 0; }}\ntouch /state/seen\necho '{line}' >&2\necho '  at com.acme.boot.Wait.once(Wait.java:118)' >&2\nexit 1\n")],
            "volumeMounts": [{"name": "state", "mountPath": "/state"}], "resources": SMALL}


STATE = {"name": "state", "emptyDir": {}}


def shop(name, image, tag="1.4.1", **more):
    return container(name, "shop", image=f"acme/{image}:{tag}", **more)


def release(name, values, values_from="", timeout="60s", chart="./charts/" ):
    return text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 30s
          timeout: {timeout}
          chart:
            spec:
              chart: {chart}{name}
              reconcileStrategy: Revision
              sourceRef: {{kind: GitRepository, name: "@NAME@", namespace: flux-system}}
        """) + values_from + "  values:\n" + textwrap.indent(text(values), "    ")


# 1 two limits are lowered, one is too low; a sidecar talks of OutOfMemoryError elsewhere
web = workload("Deployment", "web", shop("web", "checkout", env={"CACHE_MB": "8"}),
               chatter("cache-agent", "WARN  peer cache-3: java.lang.OutOfMemoryError: Java heap space (reported by remote node, skipped)", "INFO  peer list refreshed: 4 of 5"), replicas=2)
pricing = workload("Deployment", "pricing", shop("pricing", "catalog", env={"CACHE_MB": "96", "START_SECONDS": "3"}), deadline=80)
memory = lambda a, b: text(f"""
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
                limits: {{memory: {a}}}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: pricing
    spec:
      template:
        spec:
          containers:
            - name: pricing
              resources:
                limits: {{memory: {b}}}
    """)
scenario("an-limits", "argocd", {
    "base/web.yaml": dump(web, service("web")), "base/pricing.yaml": dump(pricing, service("pricing")), "base/kustomization.yaml": kustomization("web.yaml", "pricing.yaml"),
    "overlays/production/memory.yaml": memory("160Mi", "192Mi"),
    "overlays/production/kustomization.yaml": kustomization("../../base", patches=[{"path": "memory.yaml"}], images=[{"name": "acme/checkout", "newTag": "1.4.1"}])},
    ["Right-size production after the March review", ["overlays/production/memory.yaml", "limits: {memory: 160Mi}", "limits: {memory: 64Mi}"], ["overlays/production/memory.yaml", "limits: {memory: 192Mi}", "limits: {memory: 72Mi}"],
     ["overlays/production/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "two limits are lowered: web's 64Mi is enough, pricing warms 96 MB and is OOMKilled at 72Mi", path="overlays/production",
    expected=expect("out-of-memory", [(c("Deployment", "pricing", "pricing", "resources.limits.memory"), BEFORE)], [(c("Deployment", "pricing", "pricing", "resources.limits.memory"), at_least("112Mi"))]))

# 2 two tags are bumped, one exists
COMPONENTS = text("""
    {{- range $name, $c := .Values.components }}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ $name }}
      labels: {app.kubernetes.io/part-of: {{ $.Release.Name }}}
    spec:
      replicas: {{ $c.replicas | default 1 }}
      progressDeadlineSeconds: 75
      selector:
        matchLabels: {app: {{ $name }}}
      template:
        metadata:
          labels: {app: {{ $name }}}
        spec:
          containers:
            - name: {{ $name }}
              image: "{{ $c.image.repository }}:{{ $c.image.tag }}"
              ports:
                - {name: http, containerPort: 8080}
              env:
                - {name: LOG_LEVEL, value: {{ $.Values.logLevel | quote }}}
                - {name: START_SECONDS, value: {{ $c.warmup | default 0 | quote }}}
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 96Mi}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 4
            {{- if $c.shipper }}
            - name: log-shipper
              image: busybox:1.36
              command:
                - sh
                - -c
                - |
                  trap 'exit 0' TERM
                  while :; do
                    echo 'level=error msg="failed to push batch: 429 Too Many Requests" retry=in-5s'
                    echo 'level=warn msg="image acme/shipper:0.9 is outdated, 1.0 is out"'
                    sleep 6 & wait $!
                  done
              resources:
                requests: {cpu: 5m, memory: 8Mi}
                limits: {memory: 32Mi}
            {{- end }}
    {{- end }}
    """)
scenario("an-tags", "flux", {
    "charts/fulfilment/Chart.yaml": "apiVersion: v2\nname: fulfilment\nversion: 1.7.0\n", "charts/fulfilment/templates/components.yaml": COMPONENTS, "charts/fulfilment/values.yaml": "logLevel: info\ncomponents: {}\n",
    "releases/fulfilment.yaml": release("fulfilment", """
        logLevel: info
        components:
          intake:
            replicas: 2
            image: {repository: acme/checkout, tag: 1.4.1}
            warmup: 8
            shipper: true
          packing:
            image: {repository: acme/worker, tag: 1.4.1}
            shipper: true
        """)},
    ["Pick up the fixes of week 14", ["releases/fulfilment.yaml", "acme/checkout, tag: 1.4.1", "acme/checkout, tag: 1.4.2"], ["releases/fulfilment.yaml", "acme/worker, tag: 1.4.1", "acme/worker, tag: 1.4.3"],
     ["releases/fulfilment.yaml", "    logLevel: info", "    logLevel: warn"]],
    "two tags are bumped: checkout 1.4.2 exists, worker 1.4.3 does not", path="releases",
    expected=expect("image-not-found", [(c("Deployment", "packing", "packing", "image"), BEFORE)], [(c("Deployment", "packing", "packing", "image"), value("acme/worker:1.4.2"))]))

# 3 a port moves, the liveness probe is left behind; another workload fails once and recovers
probes = lambda live, ready: {"live": {"httpGet": {"path": "/healthz", "port": live}, "initialDelaySeconds": 5, "periodSeconds": 5, "failureThreshold": 2}, "ready": {"httpGet": {"path": "/readyz", "port": ready}, "periodSeconds": 4}}
def catalog(port, live):
    return workload("Deployment", "catalog", shop("catalog", "catalog", env={"PORT": str(port), "CACHE_MB": "6"}, port=port, **probes(live, port)), spec={"minReadySeconds": 25}, deadline=90)
def recommend(tag):
    return workload("Deployment", "recommend", shop("recommend", "payments", tag), pod={"initContainers": [flaky()], "volumes": [STATE]}, deadline=90)
scenario("an-moved", "flux", {"deploy/catalog.yaml": dump(catalog(8080, 8080)), "deploy/catalog-service.yaml": dump(service("catalog", target=8080)), "deploy/recommend.yaml": dump(recommend("1.4.1"), service("recommend"))},
    ["Free 8080 for the mesh", ["deploy/catalog.yaml", None, dump(catalog(8090, 8080))], ["deploy/catalog-service.yaml", "targetPort: 8080", "targetPort: 8090"], ["deploy/recommend.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"]],
    "catalog listens on 8090 now; its liveness probe still asks 8080 and kills it",
    expected=expect("liveness-probe liveness probe", [(c("Deployment", "catalog", "catalog", "livenessProbe.httpGet.port"), value(8090))], [(c("Deployment", "catalog", "catalog", "livenessProbe.httpGet.port"), value("http"))]))

# 4 a key of a generated ConfigMap is renamed, one of two consumers follows
def ref(key, **more):
    return {"configMapKeyRef": {"name": "telemetry", "key": key, **more}}
agent = workload("DaemonSet", "node-agent", shop("agent", "worker", env={"SAMPLE_RATE": ref("sample.rate"), "REGION": ref("region")}),
                 chatter("tail", "E1129 reflector.go:227] Failed to watch *v1.Node: an error on the server has prevented the request from succeeding", "panic recovered: runtime error: index out of range [3] with length 3"))
collector = lambda key: workload("Deployment", "collector", shop("collector", "catalog", env={"SAMPLE_RATE": ref(key), "DEBUG_FILTER": ref("debug.filter", optional=True), "START_SECONDS": "5"}), deadline=80)
telemetry = lambda *literals: kustomization("agent.yaml", "collector.yaml", configMapGenerator=[{"name": "telemetry", "literals": list(literals)}])
scenario("an-sampling", "argocd", {
    "base/agent.yaml": dump(agent), "base/collector.yaml": dump(collector("sample.rate"), service("collector")), "base/kustomization.yaml": telemetry("sample.rate=0.10", "region=eu-1"),
    "overlays/live/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "telemetry", "behavior": "merge", "literals": ["region=eu-2"]}])},
    ["Follow the names of the telemetry spec 1.3", ["base/kustomization.yaml", "sample.rate=0.10", "sampling.ratio=0.25"], ["base/collector.yaml", "key: sample.rate", "key: sampling.ratio"]],
    "key sample.rate of the generated ConfigMap is sampling.ratio now: the collector was changed, the DaemonSet was not", path="overlays/live",
    expected=expect("config-key-missing", [(c("DaemonSet", "node-agent", "agent", "env[name=SAMPLE_RATE].valueFrom.configMapKeyRef.key"), value("sampling.ratio"))]))

# 5 the chart's key is renamed, the environment file that production uses is not
SETTLE = lambda key: text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: settlement
    spec:
      replicas: {{ .Values.settlement.replicas }}
      progressDeadlineSeconds: 75
      selector:
        matchLabels: {app: settlement}
      template:
        metadata:
          labels: {app: settlement}
        spec:
          containers:
            - name: settlement
              image: "acme/payments:{{ .Values.settlement.tag }}"
              ports:
                - {name: http, containerPort: 8080}
              env:
                - {name: LOG_LEVEL, value: {{ .Values.logLevel }}}
                {{- range $k, $v := .Values.settlement.KEY }}
                - {name: {{ $k }}, value: {{ $v | quote }}}
                {{- end }}
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 96Mi}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 4
            - name: audit
              image: busybox:1.37
              command:
                - sh
                - -c
                - |
                  trap 'exit 0' TERM
                  while :; do
                    echo 'Traceback (most recent call last):'
                    echo '  File "/app/audit.py", line 71, in flush'
                    echo 'KeyError: DATABASE_URL (optional sink disabled)'
                    sleep 9 & wait $!
                  done
              resources:
                requests: {cpu: 5m, memory: 8Mi}
                limits: {memory: 32Mi}
    """).replace("KEY", key)
env5 = lambda key, bank, tag: f"settlement:\n  replicas: 2\n  tag: {tag}\n  {key}:\n    SETTLEMENT_BANK: {bank}\n    SETTLEMENT_CUTOFF: \"16:30\"\n"
scenario("an-extra", "argocd", {
    "chart/Chart.yaml": "apiVersion: v2\nname: settlement\nversion: 2.2.0\n", "chart/templates/settlement.yaml": SETTLE("extraEnv"),
    "chart/values.yaml": "logLevel: info\nsettlement:\n  replicas: 1\n  tag: 1.4.1\n  extraEnv:\n    REQUIRED_ENV: SETTLEMENT_BANK\n    CACHE_MB: \"6\"\n",
    "environments/staging.yaml": env5("extraEnv", "sandbox", "1.4.2"), "environments/production.yaml": env5("extraEnv", "nordic-clearing", "1.4.1")},
    ["Chart: one name for environment settings", ["chart/templates/settlement.yaml", "settlement.extraEnv", "settlement.env"], ["chart/values.yaml", "extraEnv:", "env:"], ["chart/values.yaml", "logLevel: info", "logLevel: warn"],
     ["chart/Chart.yaml", "2.2.0", "2.3.0"], ["environments/staging.yaml", "extraEnv:", "env:"]],
    "the chart reads settlement.env now; environments/production.yaml still says extraEnv, so SETTLEMENT_BANK (required) and SETTLEMENT_CUTOFF are gone", path="chart",
    source={"helm": {"releaseName": "settlement", "valueFiles": ["values.yaml", "../environments/production.yaml"]}},
    expected=expect("crash-on-start helm-failed", [(c("Deployment", "settlement", "settlement", "env[name=SETTLEMENT_BANK]"), BEFORE), (c("Deployment", "settlement", "settlement", "env[name=SETTLEMENT_CUTOFF]"), BEFORE)]))

# 6 single files are mounted: one path names the file, one does not
def orders(first, second):
    return workload("StatefulSet", "orders",
        shop("orders", "checkout", env={"CONFIG_FILE": "/etc/orders/orders.conf"}, volumeMounts=[{"name": "settings", **first}]),
        shop("relay", "worker", env={"CONFIG_FILE": "/etc/relay/relay.conf", "PORT": "8081"}, probes=False, port=8081, ) | {"ports": [{"name": "relay", "containerPort": 8081}], "volumeMounts": [{"name": "settings", **second}]},
        pod={"terminationGracePeriodSeconds": 10, "volumes": [{"name": "settings", "configMap": {"name": "orders-settings"}}]})
digest = lambda tag: workload("Deployment", "digest", shop("digest", "catalog", tag, env={"START_SECONDS": "9"}), pod={"initContainers": [flaky("fetch-templates", "open /etc/digest/templates.conf: no such file or directory (will retry)")], "volumes": [STATE]})
whole = orders({"mountPath": "/etc/orders"}, {"mountPath": "/etc/relay"})
single = orders({"mountPath": "/etc/orders/orders.conf", "subPath": "orders.conf"}, {"mountPath": "/etc/relay", "subPath": "relay.conf"})
mount = c("StatefulSet", "orders", "relay", "volumeMounts[name=settings].")
scenario("an-single", "flux", {"deploy/orders.yaml": dump(whole), "deploy/orders-service.yaml": dump(service("orders", clusterIP="None")),
    "deploy/settings.yaml": dump(configmap("orders-settings", orders__conf="QUEUE=orders\nLANES=4\n", relay__conf="TARGET=ledger\nBATCH=50\n")), "deploy/digest.yaml": dump(digest("1.4.0"))},
    ["Each container sees its own settings only", ["deploy/orders.yaml", None, dump(single)], ["deploy/digest.yaml", "acme/catalog:1.4.0", "acme/catalog:1.4.1"]],
    "relay's mount has a subPath but its mountPath is the directory: /etc/relay is a file, /etc/relay/relay.conf not a directory",
    expected=expect("volume-mount crash-on-start", [(mount + "mountPath", value("/etc/relay/relay.conf"))], [(mount + "subPath", BEFORE)]))

# 7 labels are renamed, one of two Services follows
def tiered(name, image, tier, *more, **rest):
    return workload("Deployment", name, shop(name, image, env={"START_SECONDS": "4"}), *more, labels={"tier": tier}, **rest)
noisy = chatter("edge-log", "upstream timed out (110: Connection timed out) while reading response header, client: 10.0.0.7", "no live upstreams while connecting to upstream (legacy pool, disabled)")
web7, adm7 = lambda t: dump(tiered("web", "checkout", t, noisy, replicas=2)), lambda t: dump(tiered("admin", "payments", t))
svc7 = lambda name, t: dump(service(name, selector={"app": name, "tier": t}))
scenario("an-tiers", "argocd", {"deploy/web.yaml": web7("web"), "deploy/web-service.yaml": svc7("web", "web"), "deploy/admin.yaml": adm7("backoffice"), "deploy/admin-service.yaml": svc7("admin", "backoffice"),
    "deploy/batch.yaml": dump(workload("CronJob", "reindex", {"name": "reindex", "image": "busybox:1.36", "command": ["sh", "-c", "echo 'ERROR shard 7 stale, rebuilt'; echo 'reindex finished with 1 warning'"], "resources": SMALL}, spec={"schedule": "*/2 * * * *"}))},
    ["Adopt the platform's tier names", ["deploy/web.yaml", "tier: web", "tier: frontend"], ["deploy/admin.yaml", "tier: backoffice", "tier: internal"], ["deploy/web-service.yaml", "tier: web", "tier: frontend"]],
    "the pods of admin carry tier=internal now, Service admin still selects tier=backoffice: no endpoints",
    expected=expect("service-no-endpoints", [("Service/admin spec.selector.tier", value("internal"))]))

# 8 a component's folder is renamed, one overlay follows
ship = workload("Deployment", "shipping", shop("shipping", "worker", env={"START_SECONDS": "3"}), chatter("tracer", "ERROR OTLP export failed: context deadline exceeded", "error: unable to find patch target for span 4c1f (dropped)"))
comp = text("""
    apiVersion: kustomize.config.k8s.io/v1alpha1
    kind: Component
    patches:
      - target: {kind: Deployment}
        patch: |
          - op: add
            path: /spec/template/metadata/annotations
            value: {observability: enabled}
    """)
over = lambda folder, replicas: kustomization("../../base", components=[f"../../components/{folder}"], replicas=[{"name": "shipping", "count": replicas}])
scenario("an-component", "flux", {"base/shipping.yaml": dump(ship, service("shipping")), "base/kustomization.yaml": kustomization("shipping.yaml"), "components/tracing/kustomization.yaml": comp,
    "overlays/staging/kustomization.yaml": over("tracing", 1), "overlays/production/kustomization.yaml": over("tracing", 2)},
    ["Group what belongs to observability", ["components/tracing/kustomization.yaml", comp, DELETE], ["components/observability/kustomization.yaml", None, comp], ["overlays/staging/kustomization.yaml", "components/tracing", "components/observability"],
     ["base/shipping.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"]],
    "components/tracing is components/observability now; the production overlay still lists the old folder", path="overlays/production",
    expected=expect("render-failed", [], keep=[(c("Deployment", "shipping", "shipping", "image"), value("acme/worker:1.4.2"))]))

# 9 two CronJobs get a time zone, one does not exist
def nightly(name, schedule, line, **spec):
    return workload("CronJob", name, {"name": name, "image": "busybox:1.36", "command": ["sh", "-c", f"echo 'WARN  {line}'; echo 'done'"], "resources": SMALL}, spec={"schedule": schedule, **spec})
api9 = workload("Deployment", "api", shop("api", "checkout"), chatter("clock", "WARN  clock drift 410ms against pool.ntp.example", "Exception in thread tz-refresh java.time.zone.ZoneRulesException: bundled rules are from 2023c"))
backfill = workload("Job", "backfill", {"name": "backfill", "image": "busybox:1.36", "command": ["sh", "-c", "echo 'ERROR 4 rows rejected: date 2024-02-30 in time zone CET does not exist'; echo 'backfill complete'"], "resources": SMALL},
                    pod={"restartPolicy": "OnFailure", "initContainers": [flaky("wait-for-db", "FATAL: the database system is starting up")], "volumes": [STATE]}, spec={"backoffLimit": 4})
n1, n2 = ("invoice-run", "15 2 * * *", "3 invoices skipped: java.lang.IllegalStateException: customer is closed"), ("stock-sync", "*/20 * * * *", "feed of supplier 12 is empty")
scenario("an-zone", "flux", {"deploy/invoice-run.yaml": dump(nightly(*n1)), "deploy/stock-sync.yaml": dump(nightly(*n2)), "deploy/api.yaml": dump(api9, service("api")), "deploy/backfill.yaml": dump(backfill)},
    ["Run the jobs in the time of the countries they serve", ["deploy/invoice-run.yaml", None, dump(nightly(*n1, timeZone="Europe/Berlin"))], ["deploy/stock-sync.yaml", None, dump(nightly(*n2, timeZone="Europe/Zuerich"))],
     ["deploy/api.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"]],
    "timeZone Europe/Zuerich does not exist (Europe/Zurich): the API server refuses the CronJob, nothing is applied",
    expected=expect("cron-invalid invalid-manifest job-failed", [("CronJob/stock-sync spec.timeZone", value("Europe/Zurich"))], [("CronJob/stock-sync spec.timeZone", BEFORE)]))

# 10 a Service gets a new name, one of its two clients follows
def client(name, image, host, tag="1.4.1"):
    check = {"name": "check-rates", "image": "busybox:1.36", "command": ["sh", "-c", Text("for i in 1 2 3 4 5 6 7 8; do\n  wget -q -O /dev/null \"$RATES_URL/readyz\" && { echo \"rates answer at $RATES_URL\"; exit 0; }\n  echo \"rates do not answer at $RATES_URL, try $i\"; sleep 3\ndone\nexit 1\n")],
             "env": [{"name": "RATES_URL", "value": f"http://$({host}_SERVICE_HOST):80"}], "resources": SMALL}
    return dump(workload("Deployment", name, shop(name, image, tag), chatter("statsd", "Error: getaddrinfo ENOTFOUND statsd.monitoring (metrics are optional)"), pod={"initContainers": [check]}), service(name))
rates = workload("Deployment", "rates", shop("rates", "catalog"))
scenario("an-rename", "argocd", {"deploy/rates.yaml": dump(rates), "deploy/rates-service.yaml": dump(service("rates")), "deploy/cart.yaml": client("cart", "checkout", "RATES"), "deploy/quotes.yaml": client("quotes", "payments", "RATES")},
    ["rates becomes exchange-rates", ["deploy/rates-service.yaml", "  name: rates\n", "  name: exchange-rates\n"], ["deploy/quotes.yaml", "$(RATES_SERVICE_HOST)", "$(EXCHANGE_RATES_SERVICE_HOST)"], ["deploy/cart.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"]],
    "Service rates is exchange-rates now; cart's init container still asks $(RATES_SERVICE_HOST), which no Service gives any more",
    expected=expect("dependency-address", [(c("Deployment", "cart", "check-rates", "env[name=RATES_URL].value", init=True), value("http://$(EXCHANGE_RATES_SERVICE_HOST):80"))],
                    [(c("Deployment", "cart", "check-rates", "env[name=RATES_URL].value", init=True), value("http://$(EXCHANGE_RATES_SERVICE_HOST)"))],
                    [(c("Deployment", "cart", "check-rates", "env[name=RATES_URL].value", init=True), value("http://$(EXCHANGE_RATES_SERVICE_HOST):$(EXCHANGE_RATES_SERVICE_PORT)"))]))

# 11 two faults: an architecture that no node has, a shell that is not in the image
LEDGER = text("""
    apiVersion: apps/v1
    kind: StatefulSet
    metadata:
      name: ledger
    spec:
      serviceName: ledger
      replicas: 1
      selector:
        matchLabels: {app: ledger}
      template:
        metadata:
          labels: {app: ledger}
        spec:
          terminationGracePeriodSeconds: 10
          nodeSelector:
            {{- toYaml .Values.ledger.nodeSelector | nindent 12 }}
          containers:
            - name: ledger
              image: "acme/payments:{{ .Values.tag }}"
              ports:
                - {name: http, containerPort: 8080}
              resources:
                {{- toYaml .Values.resources | nindent 16 }}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 4
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: ledger-api
    spec:
      progressDeadlineSeconds: 75
      selector:
        matchLabels: {app: ledger-api}
      template:
        metadata:
          labels: {app: ledger-api}
        spec:
          nodeSelector:
            {{- toYaml .Values.api.nodeSelector | nindent 12 }}
          containers:
            - name: api
              image: "acme/checkout:{{ .Values.tag }}"
              ports:
                - {name: http, containerPort: 8080}
              env:
                - {name: START_SECONDS, value: "7"}
              resources:
                {{- toYaml .Values.resources | nindent 16 }}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 2
    ---
    apiVersion: batch/v1
    kind: CronJob
    metadata:
      name: ledger-purge
    spec:
      schedule: "* * * * *"
      concurrencyPolicy: Forbid
      jobTemplate:
        spec:
          backoffLimit: 1
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: purge
                  image: busybox:1.36
                  command:
                    - {{ .Values.purge.shell }}
                    - -euc
                    - {{ .Values.purge.script | quote }}
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
    """)
arch = 'StatefulSet/ledger spec.template.spec.nodeSelector["kubernetes.io/arch"]'
shell = c("CronJob", "ledger-purge", "purge", "command[0]")
scenario("an-pools", "flux", {
    "charts/ledger/Chart.yaml": "apiVersion: v2\nname: ledger\nversion: 0.8.1\n", "charts/ledger/templates/ledger.yaml": LEDGER,
    "charts/ledger/values.yaml": "tag: 1.4.1\nledger:\n  nodeSelector: {kubernetes.io/os: linux}\napi:\n  nodeSelector: {kubernetes.io/os: linux}\npurge:\n  shell: /bin/sh\n  script: echo nothing to purge\nresources:\n  requests: {cpu: 10m, memory: 24Mi}\n  limits: {memory: 96Mi}\n",
    "releases/ledger.yaml": release("ledger", """
        tag: 1.4.1
        """, "  valuesFrom:\n    - kind: ConfigMap\n      name: ledger-values\n"),
    "releases/ledger-values.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: ledger-values
        data:
          values.yaml: |
            ledger:
              nodeSelector:
                kubernetes.io/os: linux
            api:
              nodeSelector:
                kubernetes.io/os: linux
            purge:
              shell: /bin/sh
              script: echo "ERROR 2 rows locked, left for tomorrow"; echo purged 118 rows
        """)},
    ["Prepare for the mixed node pools", ["releases/ledger-values.yaml", "ledger:\n      nodeSelector:\n        kubernetes.io/os: linux", "ledger:\n      nodeSelector:\n        kubernetes.io/os: linux\n        kubernetes.io/arch: x86_64"],
     ["releases/ledger-values.yaml", "api:\n      nodeSelector:\n        kubernetes.io/os: linux", "api:\n      nodeSelector:\n        kubernetes.io/os: linux\n        kubernetes.io/arch: amd64"],
     ["releases/ledger-values.yaml", "shell: /bin/sh", "shell: /bin/bash"], ["releases/ledger-values.yaml", "118 rows", "rows older than 90 days"]],
    "two faults: StatefulSet ledger wants kubernetes.io/arch=x86_64 (the label says amd64), CronJob ledger-purge runs /bin/bash, which busybox does not have", path="releases",
    expected=expect("unschedulable-placement command-not-found", *[[(arch, a)] for a in (value("amd64"), BEFORE)], *[[(shell, b)] for b in (BEFORE, value("sh"), value("/bin/ash"))]))

# 12 the first release has two faults: a ServiceAccount misspelt, two containers on one port
WEB = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: {{ .Values.web.replicas }}
      progressDeadlineSeconds: 75
      selector:
        matchLabels: {app: web}
      template:
        metadata:
          labels: {app: web}
        spec:
          serviceAccountName: storefront-web
          containers:
            - name: web
              image: "acme/checkout:{{ .Values.tag }}"
              ports:
                - {name: http, containerPort: 8080}
              env:
                - {name: PORT, value: "8080"}
              resources:
                {{- toYaml .Values.resources | nindent 16 }}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 4
            - name: metrics
              image: "acme/worker:{{ .Values.tag }}"
              ports:
                - {name: metrics, containerPort: 9100}
              env:
                - {name: PORT, value: {{ .Values.metrics.port | quote }}}
                - {name: HEALTH_PATH, value: /metrics}
                - {name: START_SECONDS, value: "2"}
              resources:
                {{- toYaml .Values.resources | nindent 16 }}
              readinessProbe:
                httpGet: {path: /metrics, port: metrics}
                periodSeconds: 4
    """)
SESSIONS = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: sessions
    spec:
      progressDeadlineSeconds: 75
      selector:
        matchLabels: {app: sessions}
      template:
        metadata:
          labels: {app: sessions}
        spec:
          serviceAccountName: {{ .Values.sessions.serviceAccountName }}
          containers:
            - name: sessions
              image: "acme/payments:{{ .Values.tag }}"
              ports:
                - {name: http, containerPort: 8080}
              resources:
                {{- toYaml .Values.resources | nindent 16 }}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 4
    """)
ACCOUNTS = text("""
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: storefront-web
    automountServiceAccountToken: false
    ---
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: storefront-sessions
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata:
      name: storefront-sessions
    rules:
      - {apiGroups: [""], resources: [configmaps], verbs: [get, list]}
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata:
      name: storefront-sessions
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: storefront-sessions}
    subjects:
      - {kind: ServiceAccount, name: storefront-sessions, namespace: {{ .Release.Namespace }}}
    """)
scenario("an-first", "argocd", {
    "charts/storefront/Chart.yaml": "apiVersion: v2\nname: storefront\nversion: 0.1.0\n", "charts/storefront/templates/web.yaml": WEB, "charts/storefront/templates/sessions.yaml": SESSIONS, "charts/storefront/templates/accounts.yaml": ACCOUNTS,
    "charts/storefront/templates/import.yaml": dump(workload("Deployment", "importer", shop("importer", "catalog"), pod={"initContainers": [flaky("wait-for-feed", "bind: address already in use (feed lock held by a previous run)")], "volumes": [STATE]})),
    "charts/storefront/values.yaml": "tag: 1.4.1\nweb:\n  replicas: 1\nmetrics:\n  port: 8080\nsessions:\n  serviceAccountName: default\nresources:\n  requests: {cpu: 10m, memory: 24Mi}\n  limits: {memory: 96Mi}\n",
    "charts/storefront/values-production.yaml": "tag: 1.4.2\nweb:\n  replicas: 2\nsessions:\n  serviceAccountName: storefront-session\n"},
    [], "two faults in the first release: Deployment sessions uses the ServiceAccount storefront-session (rendered: storefront-sessions), and web's sidecar metrics listens on 8080 like its neighbour instead of its port 9100",
    path="charts/storefront", source={"helm": {"releaseName": "storefront", "valueFiles": ["values.yaml", "values-production.yaml"]}}, never_worked=True,
    expected=expect("service-account-missing port-conflict", [("Deployment/sessions spec.template.spec.serviceAccountName", value("storefront-sessions"))], [(c("Deployment", "web", "metrics", "env[name=PORT].value"), value("9100"))]))

# 13 people: a key that the Secret (made by hand) does not have
def psp(*more):
    return {"API_KEY": {"secretKeyRef": {"name": "psp", "key": "api-key"}}, **dict(more)}
pay = lambda tag, *more: dump(workload("Deployment", "payments", shop("payments", "payments", tag, env=psp(*more)), chatter("fraud-rules", "ERROR secret rotation overdue by 12 days (rule pack 7)", "401 Unauthorized from rules.example, using bundled rules"), deadline=75), service("payments"))
opt = workload("Deployment", "receipts", shop("receipts", "worker", env={"FONT_LICENCE": {"secretKeyRef": {"name": "fonts", "key": "licence", "optional": True}}}))
scenario("an-webhook", "flux", {"base/payments.yaml": pay("1.4.1"), "base/receipts.yaml": dump(opt), "base/kustomization.yaml": kustomization("payments.yaml", "receipts.yaml"),
    "overlays/production/kustomization.yaml": kustomization("../../base", labels=[{"pairs": {"env": "production"}}])},
    ["Verify the provider's webhooks", ["base/payments.yaml", None, pay("1.4.2", ("WEBHOOK_SIGNING_KEY", {"secretKeyRef": {"name": "psp", "key": "webhook-signing-key"}}))], ["base/receipts.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"]],
    "Secret psp, made by hand, has no key webhook-signing-key: somebody must add the value (api-key is another credential)", HUMAN, path="overlays/production",
    given=dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "psp"}, "stringData": {"api-key": "only-for-tests"}}), expected=expect("secret-missing"))

# 14 people: the first release asks for a GPU
RANK = text("""
    {{- range $name, $c := .Values.services }}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ $name }}
    spec:
      replicas: 1
      progressDeadlineSeconds: 75
      selector:
        matchLabels: {app: {{ $name }}}
      template:
        metadata:
          labels: {app: {{ $name }}}
        spec:
          containers:
            - name: {{ $name }}
              image: "acme/{{ $c.image }}:{{ $.Values.tag }}"
              ports:
                - {name: http, containerPort: 8080}
              env:
                - {name: START_SECONDS, value: {{ $c.warmup | default 1 | quote }}}
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits:
                  memory: 96Mi
                  {{- with $c.gpus }}
                  nvidia.com/gpu: {{ . }}
                  {{- end }}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 3
            - name: profiler
              image: busybox:1.37
              command:
                - sh
                - -c
                - |
                  trap 'exit 0' TERM
                  while :; do
                    echo 'RuntimeWarning: memory pressure on host, 81 percent used'
                    echo 'RuntimeError: cannot attach to pid 7 (perf_event_paranoid=3)'
                    sleep 8 & wait $!
                  done
              resources:
                requests: {cpu: 5m, memory: 8Mi}
                limits: {memory: 32Mi}
    {{- end }}
    """)
scenario("an-ranking", "argocd", {"chart/Chart.yaml": "apiVersion: v2\nname: search\nversion: 1.0.0\n", "chart/templates/services.yaml": RANK, "chart/values.yaml": "tag: 1.4.1\nservices: {}\n",
    "chart/values-live.yaml": "tag: 1.4.2\nservices:\n  query:\n    image: catalog\n    warmup: 6\n  ranking:\n    # the model needs an accelerator, see ADR 31\n    image: worker\n    gpus: 1\n"},
    [], "ranking asks for an nvidia.com/gpu and no node has one: people have to provide the node (or decide to do without)", HUMAN, path="chart", never_worked=True,
    source={"helm": {"releaseName": "search", "valueFiles": ["values.yaml", "values-live.yaml"]}}, expected=expect("unschedulable-resources"))

# 15 nothing to do: slow, but inside its startup probe
SLOW = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: assortment
    spec:
      replicas: 1
      progressDeadlineSeconds: 200
      selector:
        matchLabels: {app: assortment}
      template:
        metadata:
          labels: {app: assortment}
        spec:
          containers:
            - name: assortment
              image: "acme/catalog:{{ .Values.tag }}"
              ports:
                - {name: http, containerPort: 8080}
              env:
                - {name: START_SECONDS, value: {{ .Values.preload.seconds | quote }}}
                - {name: CACHE_MB, value: {{ .Values.preload.mb | quote }}}
              resources:
                requests: {cpu: 10m, memory: 48Mi}
                limits: {memory: 160Mi}
              startupProbe:
                httpGet: {path: /healthz, port: http}
                periodSeconds: 4
                failureThreshold: 35
              livenessProbe:
                httpGet: {path: /healthz, port: http}
                periodSeconds: 10
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 4
    """)
scenario("an-preload", "flux", {"charts/assortment/Chart.yaml": "apiVersion: v2\nname: assortment\nversion: 3.1.0\n", "charts/assortment/templates/deployment.yaml": SLOW, "charts/assortment/values.yaml": "tag: 1.4.1\npreload: {seconds: 2, mb: 8}\n",
    "charts/assortment/templates/feed.yaml": dump(workload("Deployment", "feed", shop("feed", "worker"), chatter("puller", "ERROR feed 9: java.net.SocketTimeoutException: Read timed out", "  at com.acme.feed.Puller.read(Puller.java:61)"))),
    "releases/assortment.yaml": release("assortment", """
        tag: 1.4.1
        preload:
          seconds: 5
          mb: 16
        """, timeout="5m")},
    ["Preload the whole assortment", ["releases/assortment.yaml", "seconds: 5", "seconds: 75"], ["releases/assortment.yaml", "mb: 16", "mb: 64"], ["releases/assortment.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "the new version needs 75 s, its startup probe allows 140 s: Flux's wait of 60 s runs out once, then all is well", NONE, path="releases", expected=expect("healthy recovering"))

# 16 nothing to do: paused on purpose, while a neighbour starts with trouble
exporter = workload("Deployment", "exporter", shop("exporter", "worker"))
nightjob = workload("CronJob", "archive", {"name": "archive", "image": "busybox:1.37", "command": ["sh", "-c", "echo 'ERROR 1 of 40 files unreadable, skipped'; echo archived 39 files"], "resources": SMALL}, spec={"suspend": False, "schedule": "*/2 * * * *"})
front = lambda tag: workload("Deployment", "front", shop("front", "checkout", tag, env={"START_SECONDS": "8"}), chatter("banner", "TypeError: Cannot read properties of undefined (reading stock)", "    at render (/app/banner.js:14:22)"),
                             pod={"initContainers": [flaky("warm-cdn", "Error: connect ETIMEDOUT cdn.example:443")], "volumes": [STATE]})
pause = lambda count, suspended: kustomization("../../base", replicas=[{"name": "exporter", "count": count}], patches=[{"target": {"kind": "CronJob", "name": "archive"}, "patch": Text(f"- op: replace\n  path: /spec/suspend\n  value: {suspended}\n")}])
scenario("an-stocktake", "argocd", {"base/exporter.yaml": dump(exporter), "base/archive.yaml": dump(nightjob), "base/front.yaml": dump(front("1.4.1"), service("front")), "base/kustomization.yaml": kustomization("exporter.yaml", "archive.yaml", "front.yaml"),
    "overlays/main/kustomization.yaml": pause(1, "false")},
    ["No exports during stocktake", ["overlays/main/kustomization.yaml", None, pause(0, "true")], ["base/front.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"]],
    "exports are paused on purpose (replicas 0, CronJob suspended); front fails once in its init container and recovers", NONE, path="overlays/main", expected=expect("replicas-zero suspended healthy recovering"))
