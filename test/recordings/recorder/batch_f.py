"""The sixth batch, written by somebody who knew neither the playbook nor the batches before: shop-600 and on. The same kind of repositories and the same `acme`
program as in the first recordings, other variants of each class.

Before it is played: `python3 -m http.server 16381 --bind 10.99.0.1` with its process id in /tmp/batch-f-http.pid (the service outside of the cluster that goes away).
No program of this folder is needed. A fix of a chart's or a HelmRelease's values is expected as what is rendered of it.
"""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))

SCENARIOS, scenario = batch(600)
D, S, K = "deploy/deployment.yaml", "deploy/service.yaml", "overlays/prod/kustomization.yaml"


def here():
    """The name of the scenario that comes next: what Argo CD calls a chart's release."""
    return f"shop-{600 + len(SCENARIOS)}"


def block(text, indent):
    return textwrap.indent(textwrap.dedent(text).strip("\n"), " " * indent) + "\n" if text else ""


PROBES = """\
readinessProbe:
  httpGet: {path: /readyz, port: http}
  periodSeconds: 3
livenessProbe:
  httpGet: {path: /healthz, port: http}
  periodSeconds: 5
  failureThreshold: 2
"""


def deployment(name, image, port=8080, memory="128Mi", env="", container="", sidecars="", pod="", replicas=2, deadline=60, probes=PROBES, kind="Deployment", team="storefront"):
    scale = {"Deployment": f"  replicas: {replicas}\n  progressDeadlineSeconds: {deadline}\n", "StatefulSet": f"  replicas: {replicas}\n  serviceName: {name}\n", "DaemonSet": ""}[kind]
    return f"""\
# {name}: owned by team {team}
apiVersion: apps/v1
kind: {kind}
metadata:
  name: {name}
  labels:
    app.kubernetes.io/name: {name}
spec:
{scale}  selector:
    matchLabels:
      app: {name}
  template:
    metadata:
      labels:
        app: {name}
    spec:
      containers:
        - name: {name}
          image: {image}   # keep in step with the changelog
          ports:
            - name: http
              containerPort: {port}
          resources:
            requests: {{cpu: 10m, memory: 24Mi}}
            limits: {{memory: {memory}}}
""" + block(probes, 10) + block(container, 10) + block(env, 10) + block(sidecars, 8) + block(pod, 6)


def service(name, port=80, target="http", selector=None):
    return f"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n  selector:\n    app: {selector or name}\n  ports:\n    - name: http\n      port: {port}\n      targetPort: {target}\n"


def configmap(name, **data):
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n" + "".join(f'  {key}: "{value}"\n' for key, value in data.items())


def kustomization(*resources, more=""):
    return "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n" + "".join(f"  - {r}\n" for r in resources) + textwrap.dedent(more)


def plain(name, image="acme/checkout:1.4.1", **options):
    return {D: deployment(name, image, **options), S: service(name)}


def overlay(name, image="acme/catalog", patch="", more="", tag="1.4.1", **options):
    return {
        "base/deployment.yaml": deployment(name, image, **options), "base/service.yaml": service(name), "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
        K: kustomization("../../base", more=f"images:\n  - name: {image}\n    newTag: {tag}\n" + more), **({"overlays/prod/patch.yaml": textwrap.dedent(patch)} if patch else {}),
    }


CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.3.0\n",
    "chart/values.yaml": "image:\n  repository: acme/payments\n  tag: 1.4.1\nreplicas: 2\nport: 8080\nprobes:\n  liveness: /healthz\n  readiness: /readyz\nresources:\n  requests:\n    cpu: 10m\n    memory: 24Mi\n  limits:\n    memory: 128Mi\nenv: {}\n",
    "chart/templates/deployment.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
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
        - name: shop
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          ports:
            - name: http
              containerPort: {{ .Values.port }}
          {{- with .Values.env }}
          env:
            {{- range $name, $value := . }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
          {{- end }}
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
          livenessProbe:
            httpGet: {path: {{ .Values.probes.liveness }}, port: http}
            periodSeconds: 5
            failureThreshold: 2
          readinessProbe:
            httpGet: {path: {{ .Values.probes.readiness }}, port: http}
            periodSeconds: 3
""",
    "chart/templates/service.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  selector:\n    app: {{ .Release.Name }}\n  ports:\n    - {name: http, port: 80, targetPort: http}\n",
}
PROD = {"path": "chart", "source": {"helm": {"valueFiles": ["../env/prod-values.yaml"]}}}


def helm(more=""):
    return {**CHART, "env/prod-values.yaml": "# production overrides\nimage:\n  tag: 1.4.1\nreplicas: 2\n" + more}


def release(name, values):
    text = f"""\
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
"""
    return {**CHART, f"releases/{name}.yaml": text + block(values, 4)}


def main(name, rest, kind="Deployment"):
    return c(kind, name, name, rest)


CONFIG_VOLUME = "volumes:\n  - name: config\n    configMap:\n      name: {}\n"
SIDE = 'resources:\n    requests: {cpu: 5m, memory: 8Mi}\n    limits: {memory: 32Mi}\n'
# ---- images

scenario("listing-registry", "argocd", overlay("listing"), ["Pull from our own registry, catalog 1.4.2", [K, "    newTag: 1.4.1\n", "    newName: registry.acme.dev/acme/catalogs\n    newTag: 1.4.2\n"]],
    "the repository is acme/catalog, not acme/catalogs; 1.4.2 is wanted, and the registry may stay", path="overlays/prod",
    expected=expect("image-not-found", *[[(main("listing", "image"), value(f"{registry}acme/catalog:1.4.2"))] for registry in ("registry.acme.dev/", "")], [(main("listing", "image"), BEFORE)]))

scenario("teaser-variables", "flux", overlay("teaser", tag="${release}", env='env:\n  - name: REGION\n    value: "${region}"\n'),
    ["One variable per service, bigger cache", [K, "${release}", "${catalog_release}"], ["base/deployment.yaml", 'value: "${region}"\n', 'value: "${region}"\n            - name: CACHE_MB\n              value: "12"\n']],
    "nothing sets catalog_release, and Flux substitutes strictly: the build fails; CACHE_MB is wanted", path="overlays/prod", spec={"postBuild": {"substitute": {"region": "eu-west-1", "release": "1.4.1"}}},
    expected=expect("render-failed", [], keep=[(main("teaser", "env[name=CACHE_MB]"), value({"name": "CACHE_MB", "value": "12"}))]))

scenario("queue-migrate", "flux",
    {"deploy/queue.yaml": deployment("queue", "acme/worker:1.4.1", kind="StatefulSet", replicas=1, container="volumeMounts:\n  - {name: config, mountPath: /etc/shop}\n", env="env:\n  - {name: CONFIG_FILE, value: /etc/shop/queue.conf}\n",
        pod=CONFIG_VOLUME.format("queue-config") + "initContainers:\n  - name: migrate\n    image: acme/worker:1.4.1\n    args: [migrate]\n    env:\n      - name: DATABASE_URL\n        value: postgres://queue@db.internal/queue\n"),
     S: service("queue"), "deploy/config.yaml": configmap("queue-config", **{"queue.conf": "DEPTH=100", "rules.conf": "RETRY=3"})},
    ["Worker 1.4.2 (#88)", ["deploy/queue.yaml", "worker:1.4.1   #", "worker:1.4.2   #"], ["deploy/queue.yaml", "image: acme/worker:1.4.1\n", "image: acme/workers:1.4.2\n"], ["deploy/queue.yaml", "      name: queue-config\n", "      name: queue-conf\n"],
        ["deploy/config.yaml", "DEPTH=100", "DEPTH=250"]],
    "two faults: the init container's image is acme/workers, which does not exist, and the volume names ConfigMap queue-conf; 1.4.2 and DEPTH are wanted",
    expected=expect("image-not-found config-missing volume-mount", *[[(c("StatefulSet", "queue", "migrate", "image", init=True), value(f"acme/worker:{v}")), (pod("StatefulSet", "queue", "volumes[name=config].configMap.name"), BEFORE)] for v in ("1.4.2", "1.4.1")], [(pod("StatefulSet", "queue", "volumes[name=config].configMap.name"), BEFORE)]))
# ---- commands, settings

scenario("drain-hooks", "argocd", plain("dispatch", container="lifecycle:\n  preStop:\n    sleep: {seconds: 2}\n"),
    ["Announce instances, three of them", [D, "              sleep: {seconds: 2}\n", "              sleep: {seconds: 2}\n            postStart:\n              exec:\n                command: [/bin/bash, -c, \"echo up > /dev/termination-log\"]\n"], [D, "replicas: 2", "replicas: 3"]],
    "the image has no bash: the postStart hook fails; three replicas are wanted",
    expected=expect("command-not-found crash-on-start", [(main("dispatch", "lifecycle.postStart"), BEFORE)], *[[(main("dispatch", "lifecycle.postStart.exec.command"), value([shell, "-c", "echo up > /dev/termination-log"]))] for shell in ("/bin/sh", "sh")]))

scenario("stock-generator", "flux", overlay("stock", env="envFrom:\n  - configMapRef:\n      name: stock-settings\n", more="configMapGenerator:\n  - name: stock-settings\n    literals:\n      - CACHE_MB=16\n      - THEME=dark\n      - LIMIT=20\ngeneratorOptions:\n  disableNameSuffixHash: true\n"),
    ["Autumn theme, cache 24 MB, 1.4.2", [K, "CACHE_MB=16", "CACHE_MB=24MB"], [K, "THEME=dark", "THEME=autumn"], [K, "newTag: 1.4.1", "newTag: 1.4.2"]],
    "CACHE_MB must be a number; theme and release are wanted; somebody's scratchpad, not in git, is broken too", path="overlays/prod",
    given="apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: scratchpad\nspec:\n  selector:\n    matchLabels: {app: scratchpad}\n  template:\n    metadata:\n      labels: {app: scratchpad}\n    spec:\n      containers:\n        - name: tools\n          image: acme/tools:dev\n",
    expected=expect("crash-on-start", *[[("ConfigMap/stock-settings data.CACHE_MB", to)] for to in (value("24"), BEFORE)]))

scenario("quoter-config", "argocd",
    {**plain("quoter", env="env:\n  - {name: CONFIG_FILE, value: /etc/shop/app.conf}\n  - {name: REGION, value: eu-west-1}\n", container="volumeMounts:\n  - {name: config, mountPath: /etc/shop}\n",
        sidecars="- name: chatter\n  image: busybox:1.36\n  command: [sh, -c, \"while true; do echo 'level=ERROR msg=\\\"push to statsd failed: connection refused, will retry\\\"'; sleep 5; done\"]\n  " + SIDE, pod=CONFIG_VOLUME.format("quoter-config")),
     "deploy/config.yaml": configmap("quoter-config", **{"app.conf": "MARGIN=12"})},
    ["Directories as in the handbook", [D, "mountPath: /etc/shop}", "mountPath: /etc/quoter}"], [D, "value: eu-west-1", "value: eu-west-2"]],
    "CONFIG_FILE still names /etc/shop where nothing is mounted any more; REGION is wanted; the sidecar's errors are noise",
    expected=expect("crash-on-start volume-mount", [(main("quoter", "env[name=CONFIG_FILE].value"), value("/etc/quoter/app.conf"))], [(main("quoter", "volumeMounts"), BEFORE)]))

scenario("ledger-keys", "flux",
    {**plain("ledger", "acme/payments:1.4.1", pod="initContainers:\n  - name: migrate\n    image: acme/payments:1.4.1\n    args: [migrate]\n    env:\n      - name: DATABASE_URL\n        valueFrom:\n          secretKeyRef:\n            name: ledger-db\n            key: url\n"),
     "deploy/secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata:\n  name: ledger-db\nstringData:\n  url: postgres://ledger@db.internal/ledger\n  user: ledger\n"},
    ["Payments 1.4.2", [D, "acme/payments:1.4.1", "acme/payments:1.4.2"], [D, "                key: url\n", "                key: uri\n"]],
    "Secret ledger-db has no key uri, it has url; the release is wanted in both containers",
    expected=expect("secret-missing", [(c("Deployment", "ledger", "migrate", "env[name=DATABASE_URL].valueFrom.secretKeyRef.key", init=True), BEFORE)]))

scenario("booking-first", "flux", plain("booking", env='env:\n  - name: PORT\n    value: "9000"\n  - name: THEME\n    value: light\n', team="travel"), [],
    "the first release never worked: the program listens on PORT 9000, the port called http is 8080", never_worked=True,
    expected=expect("readiness-probe liveness-probe", [(main("booking", "env[name=PORT].value"), value("8080"))], [(main("booking", "env[name=PORT]"), GONE)], [(main("booking", "ports[name=http].containerPort"), value(9000))]))

scenario("exporter-defaults", "flux", plain("points", sidecars="- name: exporter\n  image: acme/worker:1.4.1\n  env:\n    - {name: PORT, value: \"8081\"}\n    - {name: CACHE_MB, value: \"4\"}\n    - {name: INTERVAL, value: 15s}\n  " + SIDE),
    ["Leave out what is the default anyway", [D, '            - {name: PORT, value: "8081"}\n            - {name: CACHE_MB, value: "4"}\n', ""], [D, "value: 15s", "value: 30s"]],
    "without PORT the exporter listens on 8080, which the main container has; the interval is wanted, and CACHE_MB is the default",
    expected=expect("port-conflict crash-on-start", [(c("Deployment", "points", "exporter", "env[name=PORT]"), ANY)],
                    [(c("Deployment", "points", "exporter", "env[name=PORT]"), BEFORE), (c("Deployment", "points", "exporter", "env[name=CACHE_MB]"), BEFORE)]))
# ---- memory

scenario("finder-index", "argocd", plain("finder", "acme/catalog:1.4.1", sidecars="- name: indexer\n  image: acme/worker:1.4.1\n  env:\n    - {name: PORT, value: \"8081\"}\n    - {name: CACHE_MB, value: \"40\"}\n  resources:\n    requests: {cpu: 10m, memory: 32Mi}\n    limits: {memory: 96Mi}\n"),
    ["Whole index in memory, catalog 1.4.2", [D, 'value: "40"', 'value: "150"'], [D, "acme/catalog:1.4.1", "acme/catalog:1.4.2"]],
    "the indexer's limit of 96Mi is too low for 150 MB of cache; the release is wanted",
    expected=expect("out-of-memory", [(c("Deployment", "finder", "indexer", "resources.limits.memory"), at_least("160Mi"))], [(c("Deployment", "finder", "indexer", "resources.limits.memory"), at_least("160Mi")), (c("Deployment", "finder", "indexer", "resources.requests.memory"), ANY)],
                    [(c("Deployment", "finder", "indexer", "env[name=CACHE_MB].value"), BEFORE)]))

n = here()
scenario("chart-defaults", "argocd", helm('env:\n  CACHE_MB: "90"\n'),
    [{"subject": "Chart 0.3.1", "edit": [["chart/Chart.yaml", "0.3.0", "0.3.1"], ["chart/values.yaml", "    memory: 128Mi", "    memory: 64Mi"], ["chart/templates/deployment.yaml", "            periodSeconds: 3\n", "            periodSeconds: 4\n"]]},
     {"subject": "payments: where the runbook is", "edit": [["README.md", "# Delivery\n", "# Delivery\n\nRunbook: wiki/payments\n"]], "wait": 15}],
    "the chart's default memory limit is too low for production's cache of 90 MB; the probe period is wanted; another commit on top", **PROD,
    expected=expect("out-of-memory", [(c("Deployment", n, "shop", "resources.limits.memory"), at_least("100Mi"))], [(c("Deployment", n, "shop", "resources.limits.memory"), at_least("100Mi")), (c("Deployment", n, "shop", "resources.requests.memory"), ANY)]))
# ---- probes

scenario("pricing-health", "flux", overlay("pricing", patch="apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: pricing\nspec:\n  template:\n    spec:\n      containers:\n        - name: pricing\n          env:\n            - name: HEALTH_PATH\n              value: /healthz\n", more="patches:\n  - path: patch.yaml\n"),
    ["Paths as the platform wants them, 1.4.2", ["overlays/prod/patch.yaml", "value: /healthz", "value: /livez"], [K, "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the program answers on /livez now, the liveness probe still asks /healthz; the release is wanted", path="overlays/prod",
    expected=expect("liveness-probe", [(main("pricing", "livenessProbe.httpGet.path"), value("/livez"))], [(main("pricing", "env[name=HEALTH_PATH].value"), BEFORE)]))

scenario("edge-tls", "argocd", {D: deployment("edge", "acme/worker:1.4.1", kind="DaemonSet"), S: service("edge")},
    ["TLS between services, worker 1.4.2", [D, "httpGet: {path: /readyz, port: http}", "httpGet: {path: /readyz, port: http, scheme: HTTPS}"], [D, "worker:1.4.1", "worker:1.4.2"], [S, "  name: edge\n", "  name: edge\n  annotations:\n    mesh.acme.dev/mtls: \"true\"\n"]],
    "the readiness probe speaks HTTPS to a program that speaks HTTP; release and annotation are wanted",
    expected=expect("readiness-probe", *[[(c("DaemonSet", "edge", "edge", "readinessProbe.httpGet.scheme"), to)] for to in (BEFORE, value("HTTP"))]))

scenario("reports-faster", "flux", plain("reports", container="startupProbe:\n  httpGet: {path: /healthz, port: http}\n  periodSeconds: 2\n  failureThreshold: 15\n", env='env:\n  - name: START_SECONDS\n    value: "14"\n  - name: PAGES\n    value: "20"\n'),
    ["Notice dead instances sooner (#301)", [D, "failureThreshold: 15", "failureThreshold: 3"], [D, 'value: "20"', 'value: "40"'], [D, "periodSeconds: 3", "periodSeconds: 2"]],
    "the startup probe gives up after 6 seconds, the program needs 14; PAGES and the readiness period are wanted",
    expected=expect("startup-probe", [(main("reports", "startupProbe.failureThreshold"), at_least("8"))], [(main("reports", "startupProbe.periodSeconds"), at_least("6"))], [(main("reports", "startupProbe.initialDelaySeconds"), at_least("12"))],
                    [(main("reports", "startupProbe"), BEFORE)]))

scenario("planner-delay", "argocd", plain("planner", probes="readinessProbe:\n  httpGet: {path: /readyz, port: http}\n  periodSeconds: 3\nlivenessProbe:\n  tcpSocket: {port: http}\n  initialDelaySeconds: 25\n  periodSeconds: 5\n  failureThreshold: 2\n", env='env:\n  - name: START_SECONDS\n    value: "18"\n'),
    [{"subject": "Probes without magic numbers", "edit": [[D, "            initialDelaySeconds: 25\n", ""], [D, "memory: 128Mi", "memory: 160Mi"]]},
     {"subject": "Checkout 1.4.2", "edit": [[D, "checkout:1.4.1", "checkout:1.4.2"]], "wait": 30},
     {"subject": "Who to call", "edit": [["README.md", "# Delivery\n", "# Delivery\n\nOn call: team planning\n"]], "wait": 15}],
    "liveness starts at once and kills the program before its 18 seconds are over; memory and the release after it are wanted",
    expected=expect("liveness-probe", [(main("planner", "livenessProbe.initialDelaySeconds"), at_least("12"))], [(main("planner", "livenessProbe.failureThreshold"), at_least("5"))], [(main("planner", "livenessProbe.periodSeconds"), at_least("12"))],
                    [(main("planner", "startupProbe"), ANY)]))
# ---- placement, volumes

scenario("release-sizing", "flux", release("depot", "image:\n  tag: 1.4.1\nreplicas: 1\nresources:\n  requests:\n    cpu: 50m\n    memory: 32Mi\n  limits:\n    memory: 128Mi\n"),
    ["Sizing after the load test", ["releases/depot.yaml", "cpu: 50m", "cpu: 5000m"], ["releases/depot.yaml", "memory: 32Mi", "memory: 48Mi"], ["releases/depot.yaml", "replicas: 1", "replicas: 2"]],
    "5000m are five CPUs, the node has two; memory and replicas are wanted", path="releases",
    expected=expect("unschedulable-resources", *[[(c("Deployment", "depot", "shop", "resources.requests.cpu"), to)] for to in (BEFORE, value("500m"))]))

SPREAD = "topologySpreadConstraints:\n  - maxSkew: 1\n    topologyKey: kubernetes.io/hostname\n    whenUnsatisfiable: ScheduleAnyway\n    labelSelector:\n      matchLabels: {app: gallery}\n"
WHERE = pod("Deployment", "gallery", "topologySpreadConstraints")


def spread(key, when):
    return [{"maxSkew": 1, "topologyKey": key, "whenUnsatisfiable": when, "labelSelector": {"matchLabels": {"app": "gallery"}}}]


scenario("gallery-zones", "argocd", overlay("gallery", pod=SPREAD), ["Spread over zones, 1.4.2", ["base/deployment.yaml", "topologyKey: kubernetes.io/hostname", "topologyKey: topology.kubernetes.io/zone"], ["base/deployment.yaml", "ScheduleAnyway", "DoNotSchedule"], [K, "newTag: 1.4.1", "newTag: 1.4.2"]],
    "no node has a zone, and the constraint is strict now; the release is wanted", path="overlays/prod",
    expected=expect("unschedulable-placement", [(WHERE, BEFORE)], [(WHERE, value(spread("topology.kubernetes.io/zone", "ScheduleAnyway")))], [(WHERE, value(spread("kubernetes.io/hostname", "DoNotSchedule")))]))

scenario("terms-items", "argocd",
    {**plain("terms", env="env:\n  - {name: CONFIG_FILE, value: /etc/shop/app.conf}\n", container="volumeMounts:\n  - {name: config, mountPath: /etc/shop}\n", pod=CONFIG_VOLUME.format("terms-config") + "      items:\n        - {key: app.conf, path: app.conf}\n"),
     "deploy/config.yaml": configmap("terms-config", **{"app.conf": "YEAR=2026"})},
    ["Checkout 1.4.2, one naming scheme", ["deploy/config.yaml", "app.conf:", "terms.conf:"], ["deploy/config.yaml", "YEAR=2026", "YEAR=2027"], [D, "checkout:1.4.1", "checkout:1.4.2"]],
    "the ConfigMap's key is terms.conf now, the volume's items still ask for app.conf; YEAR and release are wanted",
    expected=expect("config-key-missing volume-mount", [(pod("Deployment", "terms", "volumes[name=config].configMap.items[0].key"), value("terms.conf"))],
                    [('ConfigMap/terms-config data["app.conf"]', value("YEAR=2027")), ('ConfigMap/terms-config data["terms.conf"]', GONE)],
                    [(pod("Deployment", "terms", "volumes[name=config].configMap.items"), value([{"key": "terms.conf", "path": "terms.conf"}])), (main("terms", "env[name=CONFIG_FILE].value"), value("/etc/shop/terms.conf"))]))
# ---- Services and accounts

n = here()
scenario("chart-labels", "argocd", helm(), ["Chart 0.4.0: labels as in the other charts", ["chart/Chart.yaml", "0.3.0", "0.4.0"], ["chart/templates/service.yaml", "    app: {{ .Release.Name }}\n", "    app: {{ .Chart.Name }}\n"], ["chart/templates/service.yaml", "  name: {{ .Release.Name }}\n", "  name: {{ .Release.Name }}\n  labels:\n    team: payments\n"], ["env/prod-values.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "the Service selects app=shop, pods carry the release's name: no endpoints; label and release are wanted", **PROD, expected=expect("service-no-endpoints", [(f"Service/{n} spec.selector.app", BEFORE)]))

scenario("wallet-port", "flux", {**plain("wallet", "acme/payments:1.4.1", env='env:\n  - name: PORT\n    value: "8080"\n'), S: service("wallet", target="8080"), "deploy/worker.yaml": deployment("wallet-batch", "acme/worker:1.4.1", replicas=0)},
    ["Port 9090 like the other money services", [D, 'value: "8080"', 'value: "9090"'], [D, "containerPort: 8080", "containerPort: 9090"]],
    "the Service still sends to 8080 where nothing listens; the move to 9090 is wanted; wallet-batch has no replicas on purpose",
    expected=expect("service-port", *[[("Service/wallet spec.ports[name=http].targetPort", value(to))] for to in (9090, "http")]))

scenario("courier-account", "argocd", {**plain("courier", pod="serviceAccountName: courier\n"), "deploy/account.yaml": "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: courier\nautomountServiceAccountToken: false\n"},
    ["Accounts end in -app, checkout 1.4.2", ["deploy/account.yaml", "name: courier", "name: courier-app"], [D, "checkout:1.4.1", "checkout:1.4.2"]],
    "the ServiceAccount is courier-app now, the Deployment still wants courier; the release is wanted",
    expected=expect("service-account-missing", [(pod("Deployment", "courier", "serviceAccountName"), value("courier-app"))],
                    [("ServiceAccount/courier metadata.name", BEFORE), ("ServiceAccount/courier-app metadata.name", GONE)]))
# ---- policies

tail = c("Deployment", "receipts", "tail", "resources")
scenario("receipts-tail", "flux", {**plain("receipts", "acme/payments:1.4.1", replicas=1), "deploy/quota.yaml": "apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: team\nspec:\n  hard:\n    requests.cpu: \"1\"\n    limits.memory: 1Gi\n"},
    ["Show the audit trail in the logs", [D, "          readinessProbe:", "          env:\n            - {name: AUDIT, value: \"on\"}\n          readinessProbe:"],
        [D, "            failureThreshold: 2\n", "            failureThreshold: 2\n        - name: tail\n          image: busybox:1.36\n          command: [sh, -c, \"touch /tmp/audit; tail -f /tmp/audit\"]\n"]],
    "the quota wants a memory limit and a CPU request of every container, tail has none; tail and AUDIT are wanted",
    expected=expect("quota", [(tail + ".limits.memory", at_least("4Mi")), (tail + ".requests.cpu", ANY)], [(tail + ".limits.memory", at_least("4Mi")), (tail + ".requests", ANY)], [(tail + ".limits", ANY), (tail + ".requests", ANY)], [(tail, ANY)]))

SECURE = "securityContext:\n  runAsNonRoot: true\n  runAsUser: 1000\n  allowPrivilegeEscalation: false\n  capabilities: {drop: [ALL]}\n  seccompProfile: {type: RuntimeDefault}\n"
context = main("signer", "securityContext")
scenario("signer-context", "argocd", plain("signer", "acme/payments:1.4.1", container=SECURE),
    ["Security context once, for the whole pod", [D, block(SECURE, 10), block("securityContext:\n  runAsNonRoot: true\n  runAsUser: 1000\n  seccompProfile: {type: RuntimeDefault}\n", 6)], [D, "payments:1.4.1", "payments:1.4.2"]],
    "allowPrivilegeEscalation and capabilities exist for containers only and got lost: the namespace enforces restricted; the rest for the pod and the release are wanted", labels={"pod-security.kubernetes.io/enforce": "restricted"},
    expected=expect("pod-security", [(context + ".allowPrivilegeEscalation", value(False)), (context + ".capabilities.drop", value(["ALL"]))], [(context, BEFORE)]))

scenario("album-patches", "flux", overlay("album", patch="apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: album\nspec:\n  template:\n    spec:\n      securityContext:\n        runAsUser: 10001\n        runAsGroup: 10001\n", more="patches:\n  - path: patch.yaml\n", env='env:\n  - {name: MUST_NOT_RUN_AS_ROOT, value: "yes"}\n'),
    ["Fewer patches, catalog 1.4.2", [K, "patches:\n  - path: patch.yaml\n", "replicas:\n  - name: album\n    count: 3\n"], [K, "newTag: 1.4.1", "newTag: 1.4.2"], ["overlays/prod/patch.yaml", "", DELETE]],
    "the user came from the patch: the program refuses to run as root; replicas and release are wanted", path="overlays/prod",
    expected=expect("crash-on-start run-as-root-image", [(pod("Deployment", "album", "securityContext"), BEFORE)], [(pod("Deployment", "album", "securityContext.runAsUser"), value(10001))], [(main("album", "securityContext.runAsUser"), value(10001))],
                    [(main("album", "securityContext.runAsUser"), value(10001)), (main("album", "securityContext.runAsGroup"), value(10001))]))
# ---- jobs, manifests, rendering

HOOK = "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n  annotations:\n    argocd.argoproj.io/hook: PreSync\n    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation\nspec:\n  backoffLimit: 1\n  template:\n    spec:\n      restartPolicy: Never\n      containers:\n        - name: migrate\n          image: acme/payments:1.4.1\n          args: [migrate]\n          env:\n            - name: DATABASE_URL\n              value: postgres://refund@db.internal/refund\n"
scenario("refund-names", "argocd", {**plain("refund", "acme/payments:1.4.1", env="env:\n  - name: DATABASE_URL\n    value: postgres://refund@db.internal/refund\n"), "deploy/migrate.yaml": HOOK},
    ["Variable names of the style guide, payments 1.4.2", ["deploy/migrate.yaml", "name: DATABASE_URL", "name: DB_URL"], ["deploy/migrate.yaml", "payments:1.4.1", "payments:1.4.2"], [D, "payments:1.4.1", "payments:1.4.2"], [D, "name: DATABASE_URL", "name: DB_URL"]],
    "the migration, a PreSync hook, reads DATABASE_URL; the release is wanted, the Deployment does not read the variable",
    expected=expect("job-failed crash-on-start", [(c("Job", "migrate", "migrate", "env"), BEFORE)], [(c("Job", "migrate", "migrate", "env"), BEFORE), (main("refund", "env"), BEFORE)], [(c("Job", "migrate", "migrate", "env[name=DATABASE_URL]"), BEFORE)]))

CRON = "apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: export\nspec:\n  schedule: \"30 3 * * *\"\n  concurrencyPolicy: Forbid\n  jobTemplate:\n    spec:\n      backoffLimit: 1\n      template:\n        spec:\n          restartPolicy: Never\n          containers:\n            - name: export\n              image: acme/worker:1.4.1\n              args: [migrate]\n              env:\n                - {name: DATABASE_URL, value: postgres://export@db.internal/export}\n"
scenario("export-midnight", "flux", {"deploy/cronjob.yaml": CRON, **plain("export-api", "acme/worker:1.4.1")},
    ["Export right after midnight, worker 1.4.2", ["deploy/cronjob.yaml", "30 3 * * *", "30 24 * * *"], ["deploy/cronjob.yaml", "worker:1.4.1", "worker:1.4.2"], [D, "worker:1.4.1", "worker:1.4.2"]],
    "hours go from 0 to 23; the releases are wanted", expected=expect("cron-invalid invalid-manifest", *[[("CronJob/export spec.schedule", to)] for to in (BEFORE, value("30 0 * * *"))]))

scenario("cinema-budget", "argocd", plain("cinema", "acme/catalog:1.4.1"),
    ["Keep one instance during node upgrades", ["deploy/budget.yaml", None, "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata:\n  name: cinema\nspec:\n  minAvailable: 1\n  selector:\n    matchLabels:\n      app: cinema\n"], [D, "replicas: 2", "replicas: 3"], [D, "catalog:1.4.1", "catalog:1.4.2"]],
    "policy/v1beta1 is gone from Kubernetes; budget, replicas and release are wanted", expected=expect("invalid-manifest", [("PodDisruptionBudget/cinema apiVersion", value("policy/v1"))]))

scenario("release-units", "flux", release("ferry", "image:\n  tag: 1.4.1\nreplicas: 1\nresources:\n  limits:\n    memory: 128Mi\nenv:\n  HARBOUR: north\n"),
    ["More room for the timetable", ["releases/ferry.yaml", "memory: 128Mi", "memory: 192MB"], ["releases/ferry.yaml", "HARBOUR: north", "HARBOUR: south"], ["releases/ferry.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "192MB is no quantity; harbour and release are wanted", path="releases",
    expected=expect("helm-failed invalid-manifest", *[[(c("Deployment", "ferry", "shop", "resources.limits.memory"), to)] for to in (value("192Mi"), value("192M"), BEFORE)]))

scenario("relay-patch", "argocd", overlay("relay", patch="apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: relay\nspec:\n  template:\n    spec:\n      containers:\n        - name: relay\n          resources:\n            limits:\n              memory: 160Mi\n", more="patches:\n  - path: patch.yaml\n"),
    ["Prod has its own size", ["overlays/prod/patch.yaml", "metadata:\n  name: relay\n", "metadata:\n  name: relay-prod\n"], ["overlays/prod/patch.yaml", "160Mi", "192Mi"], [K, "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the patch names Deployment relay-prod, the base's is relay; memory and release are wanted", path="overlays/prod",
    expected=expect("render-failed", [], keep=[(main("relay", "resources.limits.memory"), value("192Mi")), (main("relay", "image"), value("acme/catalog:1.4.2"))]))

n = here()
scenario("chart-motd", "argocd", helm("env:\n  THEME: dark\n"), ["Announce the sale", ["env/prod-values.yaml", "  THEME: dark\n", "  THEME: red\n  MOTD: Sale: everything must go\n"], ["env/prod-values.yaml", "replicas: 2", "replicas: 3"]],
    "a colon in a value without quotes: the values file is no YAML; theme, message and replicas are wanted", **PROD,
    expected=expect("helm-failed render-failed", [], keep=[(c("Deployment", n, "shop", "env[name=THEME].value"), value("red")), (c("Deployment", n, "shop", "env[name=MOTD]"), value({"name": "MOTD", "value": "Sale: everything must go"})), (f"Deployment/{n} spec.replicas", value(3))]))

WAIT = "initContainers:\n  - name: wait-for-catalog\n    image: busybox:1.36\n    env:\n      - name: CATALOG_ADDRESS\n        value: $(CATALOG_SERVICE_HOST):80\n    command:\n      - sh\n      - -c\n      - |\n        host=${CATALOG_ADDRESS%:*} port=${CATALOG_ADDRESS#*:}\n        for i in 1 2 3 4; do\n          printf 'GET / HTTP/1.0\\r\\n\\r\\n' | timeout 4 nc -w 3 $host $port | grep -q cached && exit 0\n          echo \"catalog at $CATALOG_ADDRESS: no answer within 4s, trying again\"; sleep 1\n        done\n        echo \"catalog does not answer at $CATALOG_ADDRESS\"; exit 1\n"
ADDRESS = c("Deployment", "front", "wait-for-catalog", "env[name=CATALOG_ADDRESS].value", init=True)
scenario("front-waits", "argocd", {"catalog/deployment.yaml": deployment("catalog", "acme/catalog:1.4.1", replicas=1), "catalog/service.yaml": service("catalog"), "front/deployment.yaml": deployment("front", "acme/checkout:1.4.1", replicas=1, deadline=90, pod=WAIT), "front/service.yaml": service("front")},
    ["Catalog on 8000, checkout 1.4.2", ["catalog/service.yaml", "port: 80\n", "port: 8000\n"], ["front/deployment.yaml", "checkout:1.4.1", "checkout:1.4.2"]],
    "front still waits for port 80 of the catalog's Service; port and release are wanted", path=".", source={"directory": {"recurse": True}},
    expected=expect("dependency-address crash-on-start", *[[(ADDRESS, value(to))] for to in ("$(CATALOG_SERVICE_HOST):8000", "$(CATALOG_SERVICE_HOST):$(CATALOG_SERVICE_PORT)", "catalog:8000")], [("Service/catalog spec.ports[name=http].port", BEFORE)]))
# ---- for people

scenario("thumbs-gpu", "argocd", plain("thumbs", "acme/catalog:1.4.1"), ["Faster thumbnails", [D, "limits: {memory: 128Mi}", "limits: {memory: 192Mi, acme.dev/gpu: 1}"]],
    "no node has the extended resource: somebody must add such nodes, or decide against them", HUMAN, expected=expect("unschedulable-resources"))

scenario("parcel-token", "flux", plain("parcel", env="env:\n  - name: CARRIER_USER\n    valueFrom:\n      secretKeyRef: {name: parcel-credentials, key: user}\n"),
    ["Carrier API v2, checkout 1.4.2", [D, "          env:\n", "          env:\n            - name: CARRIER_TOKEN\n              valueFrom:\n                secretKeyRef: {name: parcel-credentials, key: api-token}\n"], [D, "checkout:1.4.1", "checkout:1.4.2"]],
    "the Secret, which people keep, has no key api-token yet: somebody must put the token there", HUMAN, given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: parcel-credentials\nstringData:\n  user: parcel\n  password: only-for-tests\n", expected=expect("secret-missing"))

scenario("journal-disk", "flux", plain("journal", "acme/worker:1.4.1"),
    ["Journal keeps its own store", ["deploy/store.yaml", None, deployment("journal-store", "acme/worker:1.4.1", kind="StatefulSet", replicas=1, env="env:\n  - {name: WRITE_FILE, value: /data/journal}\n", container="volumeMounts:\n  - {name: data, mountPath: /data}\n")
        + "  volumeClaimTemplates:\n    - metadata:\n        name: data\n      spec:\n        accessModes: [ReadWriteOnce]\n        resources:\n          requests:\n            storage: 2Gi\n"], [D, "replicas: 2", "replicas: 1"]],
    "the cluster has no storage class and no volume: somebody must provide one", HUMAN, expected=expect("volume-unbound"))

HOOKED = """kubectl apply -f - <<END
{"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration", "metadata": {"name": "policy-$NAMESPACE"}, "webhooks": [{"name": "validate.policy.acme.dev", "failurePolicy": "Fail", "sideEffects": "None", "admissionReviewVersions": ["v1"], "timeoutSeconds": 3,
 "clientConfig": {"service": {"namespace": "policy-system", "name": "policy-server", "path": "/validate"}}, "rules": [{"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["UPDATE"], "resources": ["deployments"]}], "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "$NAMESPACE"}}}]}
END"""
scenario("tickets-policy", "argocd", plain("tickets"), ["Checkout 1.4.2", [D, "checkout:1.4.1", "checkout:1.4.2"], [D, "memory: 128Mi", "memory: 160Mi"]], "the cluster's policy webhook has no server: every change of a Deployment is refused", HUMAN, then=[[-3, HOOKED]],
    expected=expect("node"))

OUTSIDE = "initContainers:\n  - name: wait-for-tax\n    image: busybox:1.36\n    env:\n      - name: TAX_SERVICE\n        value: 10.99.0.1:16381\n    command: [sh, -c, \"nc -w 3 ${TAX_SERVICE%:*} ${TAX_SERVICE#*:} -e /bin/true || { echo \\\"tax service $TAX_SERVICE does not answer\\\"; exit 1; }\"]\n"
scenario("vat-upgrade", "flux", overlay("vat", "acme/payments", pod=OUTSIDE, replicas=1), ["Payments 1.4.2", [K, "newTag: 1.4.1", "newTag: 1.4.2"]], "the tax service, which is outside of the cluster, went away at the same time: its people must bring it back; the release is innocent", HUMAN, path="overlays/prod",
    then=[[-4, "kill $(cat /tmp/batch-f-http.pid)"]], expected=expect("dependency-address crash-on-start"))

scenario("raffle-second", "argocd", {**plain("raffle"), "deploy/quota.yaml": "apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: team\nspec:\n  hard:\n    count/deployments.apps: \"1\"\n    pods: \"10\"\n"},
    ["Draw the winners in a worker of its own", ["deploy/draw.yaml", None, deployment("raffle-draw", "acme/worker:1.4.1", replicas=1)], [D, "checkout:1.4.1", "checkout:1.4.2"]], "the quota allows one Deployment: a human decides", HUMAN, expected=expect("quota"))
# ---- nothing to do

scenario("archive-slow", "flux", {D: deployment("archive", "acme/worker:1.4.1", kind="StatefulSet", replicas=3, container="startupProbe:\n  httpGet: {path: /healthz, port: http}\n  periodSeconds: 3\n  failureThreshold: 20\n", env='env:\n  - {name: START_SECONDS, value: "2"}\n'), S: service("archive")},
    ["Worker 1.4.2, read the archive at start", [D, 'value: "2"', 'value: "22"'], [D, "worker:1.4.1", "worker:1.4.2"]], "three instances one after the other take longer than Flux waits: it says so once, and heals by itself", NONE, expected=expect("healthy recovering"))

scenario("lounge-noise", "argocd", {**plain("lounge", "acme/catalog:1.4.1"), "deploy/settings.yaml": configmap("lounge-settings", THEME="dark")},
    ["Ship metrics, catalog 1.4.2", [D, "catalog:1.4.1", "catalog:1.4.2"], [D, "            failureThreshold: 2\n", "            failureThreshold: 2\n        - name: shipper\n          image: busybox:1.36\n          command: [sh, -c, \"sleep 1; [ -e /spool/ready ] || { touch /spool/ready; echo 'FATAL spool is empty, initialising'; exit 1; }; while true; do echo 'ERROR cannot reach collector: connection refused, buffering'; sleep 4; done\"]\n          volumeMounts:\n            - {name: spool, mountPath: /spool}\n      volumes:\n        - name: spool\n          emptyDir: {}\n"]],
    "the shipper ends once, by design, and then only warns: the delivery is healthy", NONE, expected=expect("healthy recovering"))

scenario("voucher-twice", "argocd", plain("voucher"),
    [{"subject": "Checkout 1.4.3", "edit": [[D, "checkout:1.4.1", "checkout:1.4.3"], [D, "replicas: 2", "replicas: 3"]]}, {"subject": "Checkout 1.4.2, 1.4.3 comes next week", "edit": [[D, "checkout:1.4.3", "checkout:1.4.2"]], "wait": 75}],
    "the team mended its tag itself: healthy at the end", NONE, expected=expect("healthy recovering"))
